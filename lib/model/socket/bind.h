/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Local addresses, and ports that are taken.
 * For lib/model only.
 */
#ifndef NC_MODEL_BIND_H
#define NC_MODEL_BIND_H

#include "../state.h"

enum nc_answer offer_bind(struct offer *o);
/* EADDRINUSE of a bind or listen; told when it shows what comes next. */
void bind_in_use(struct offer *o, const struct nc_addr *a, const char *rule);
/* Tells the binds that failed and were not tried elsewhere. */
void bind_finish(struct nc_model *m, struct nc_host_state *h);
/* A bound socket's address is also that one's, or contains it. */
bool bind_overlaps(
    const struct sock *a, const struct nc_addr *addr, bool v6only);

#endif
