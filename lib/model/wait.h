/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Who waited for what, and for how long.
 * For lib/model only.
 */
#ifndef NC_MODEL_WAIT_H
#define NC_MODEL_WAIT_H

#include "state.h"

/*
 * How long the offered call took, ns; where its trace tells no more, at most:
 * what its thread computed before its next call counts as well.  NC_NIL: not
 * known, or in whole seconds only.
 */
int64_t wait_took(const struct offer *o);
/* The same is a bound only. */
static inline bool
wait_is_bound(const struct offer *o)
{
	return o->call->duration == NC_NIL;
}
void wait_note(struct offer *o, struct wait *w);
/* The clocks say that its peer released e that long after the call began. */
bool wait_for_end(const struct offer *o, const struct ep *e, int64_t ns);
/* Whether a call of one socket waits until there is something to read. */
bool wait_is_for_input(const struct nc_step *step);
/* Its program ends while a receive on s is in progress: that is a wait. */
void wait_inside(struct offer *o, struct sock *s);
/* BLOCKED_AT_END, for a call without an exit. */
void wait_blocked(struct offer *o);
/* True if the endpoint's last act was to wait for more. */
bool wait_lasts(const struct ep *e);
/* When the last one of an endpoint that has its socket did; or NC_NIL. */
int64_t wait_end(const struct ep *e);
/* How long it was, at least. */
int64_t wait_lasted(const struct ep *e);
/* How long e has waited for what its peer sent at that time; or NC_NIL. */
int64_t wait_since(struct nc_model *m, const struct ep *e, int64_t sent);
/* True if the receiver waited after that place, or that time on from. */
bool wait_after(struct nc_model *m, const struct udp *u, uint64_t seq,
    const struct nc_host_state *from, int64_t sent);

/* True if the receiver still waited so long after that time on from. */
bool wait_outlasts(struct nc_model *m, const struct udp *u,
    const struct nc_host_state *from, int64_t sent, int64_t time);
/* Nothing has passed between the two: neither order nor clocks tell more. */
bool wait_strangers(
    const struct nc_host_state *a, const struct nc_host_state *b);
/* True if the listener was waited on, in vain, after the connect was made. */
bool wait_on_listener(
    struct nc_model *m, const struct listener *l, const struct conn *c);
/* What its epoll instance has waited is the socket's own from now on. */
void wait_keep(struct sock *s);
/* The last wait for something on a socket. */
const struct wait *wait_last(const struct sock *s);

#endif
