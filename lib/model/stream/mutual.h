/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ends that wait for each other.
 * For lib/model only.
 *
 * Each end of a connection keeps the last call that waited on it alone,
 * without a limit, and that only the end of a program ended: its own, or its
 * peer's.  Where both ends have one and nothing has passed since, neither
 * could go on.
 */
#ifndef NC_MODEL_MUTUAL_H
#define NC_MODEL_MUTUAL_H

#include "../state.h"

/* Looks at a call that was accepted. */
void mutual_see(struct offer *o);
/* A readiness call: s is the only one that it watches. */
void mutual_polls(struct offer *o, struct sock *s);
/* A connection is over: BLOCKED_AT_END where its ends waited for each other. */
void mutual_end(struct nc_model *m, struct conn *c);

#endif
