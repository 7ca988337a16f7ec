/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Bounds on clock offsets.
 * For lib/model only.
 */
#ifndef NC_MODEL_CLOCK_H
#define NC_MODEL_CLOCK_H

#include "state.h"

/* A message: sent and received on their hosts' own clocks, ns. */
void clock_pair(struct nc_model *m, const struct nc_host_state *from,
    int64_t sent, const struct nc_host_state *to, int64_t received);
/* Writes a clock record for each pair of hosts that exchanged messages. */
void clock_write(struct nc_model *m);
/*
 * The same where traffic in one direction only has arrived: then its fastest
 * packet is taken to have needed 0.1 s at most.
 */
int64_t clock_about(struct nc_model *m, const struct nc_host_state *from,
    int64_t t, const struct nc_host_state *to);
/* The latest time on one host's clock at which another's was t; or NC_NIL. */
int64_t clock_latest(struct nc_model *m, const struct nc_host_state *from,
    int64_t t, const struct nc_host_state *to);

#endif
