/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Sockets that the kernel would not make, until it shows what their thread
 * does instead (model.md 3.1, socket_fail).
 * For lib/model only.
 */
#ifndef NC_MODEL_UNMADE_H
#define NC_MODEL_UNMADE_H

#include "../state.h"

/* The offered socket() failed: its family or protocol is not to be had. */
void unmade_keep(struct offer *o);
/* The host's next calls: do they go without? */
void unmade_decide(struct offer *o);
/* Everything has come. */
void unmade_finish(struct nc_model *m, struct nc_host_state *h);
void unmade_free(struct nc_host_state *h);

#endif
