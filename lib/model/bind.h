/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Local addresses, and ports that are taken.
 * For lib/model only.
 */
#ifndef NC_MODEL_BIND_H
#define NC_MODEL_BIND_H

#include "state.h"

enum nc_answer offer_bind(struct offer *o);
/* Tells the binds that failed and were not tried elsewhere. */
void bind_finish(struct nc_model *m, struct nc_host_state *h);

#endif
