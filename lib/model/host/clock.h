/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Bounds on clock offsets: what was sent on one host arrived later on
 * another, so the difference of the two times is at least their clocks'.
 * For lib/model only.
 */
#ifndef NC_MODEL_CLOCK_H
#define NC_MODEL_CLOCK_H

#include "../state.h"

/* Every call, before it is answered: how fine its host's times are. */
void clock_see(struct offer *o);
/*
 * The offered call got what a call of another host's had sent no earlier than
 * then, ns on that host's clock.  Where the trace does not tell when the call
 * ended, its thread's next one will.
 */
void clock_got(struct offer *o, const struct nc_host_state *from, int64_t sent);
/* The same, on a connection: not if it may be another that was sent to. */
void clock_got_on(struct offer *o, const struct conn *c,
    const struct nc_host_state *from, int64_t sent);
/* Writes a clock record for each pair of hosts that exchanged messages. */
void clock_write(struct nc_model *m);
void clock_free(struct nc_model *m);
/*
 * The time on to's clock when it was t on from's, if traffic in one direction
 * only has told then its fastest packet is taken to have needed 0.1 s at
 * most, if any was read as it came; or NC_NIL.
 */
int64_t clock_about(struct nc_model *m, const struct nc_host_state *from,
    int64_t t, const struct nc_host_state *to);
/* The latest time on one host's clock at which another's was t; or NC_NIL. */
int64_t clock_latest(struct nc_model *m, const struct nc_host_state *from,
    int64_t t, const struct nc_host_state *to);
/* The earliest one, likewise. */
int64_t clock_earliest(struct nc_model *m, const struct nc_host_state *from,
    int64_t t, const struct nc_host_state *to);

#endif
