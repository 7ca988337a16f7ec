/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Connections: the connect side, their life and end.
 * For lib/model only.
 */
#ifndef NC_MODEL_CONN_H
#define NC_MODEL_CONN_H

#include "rematch.h"

#define RETRANSMIT_NS 900000000 /* after which a SYN is sent again */

enum nc_answer offer_connect(struct offer *o);
/* Nothing listens on its target; an accept that waits may yet be its. */
bool conn_may_be_redirected(const struct conn *c);
/* Takes it from, or puts it on, its client's list of those without a port. */
void conn_redirects(struct nc_model *m, struct conn *c, bool on);
/* The client knows that its connect came through. */
void conn_succeed(struct offer *o, struct conn *c);
/*
 * A port without a listener may still get one before this call: not where a
 * process in no trace holds it, nor on the own host from the call's own lane.
 */
bool conn_listener_due(const struct offer *o, const struct port *p);
/* And the port that it came through to has no listener in any trace. */
void conn_unheard(struct offer *o, struct conn *c, const char *rule);
/* It failed with a Linux errno number: told, and taken from the port. */
void conn_fail(struct offer *o, struct conn *c, int error);
#define BLOCKED_NS INT64_C(3000000000) /* a SYN was sent three times */
/* A full queue made the connect wait, or fail. */
void conn_tell_backlog(struct offer *o, struct conn *c);
/* A refusal by an open port is better taken after its listener went. */
bool conn_refusal_waits(struct offer *o, struct conn *c);
/* The client's socket goes without an outcome. */
void conn_gone(struct offer *o, struct conn *c);
/* The client's own address is the one it connects to. */
bool conn_is_self(const struct conn *c);
/* A socket that connected to itself: told, and left alone from here on. */
void conn_self(struct offer *o, struct conn *c);
/* connect to AF_UNSPEC: the connection is aborted, the socket stays. */
void conn_disconnect(struct offer *o, struct ep *e);
/* An address to connect to: the unspecified one is the host itself. */
struct nc_addr conn_target(const struct nc_addr *peer);
/* A connection without ends; the model owns it until conn_finish. */
struct conn *conn_new(struct nc_model *m);
/* The end that a socket becomes. */
struct ep *ep_new(struct nc_model *m, struct conn *c, int side, struct sock *s);
/* Writes the connection's record and frees it and its ends. */
void conn_finish(struct nc_model *m, struct conn *c);
/* An end is released: finished, or kept for an accept that may come yet. */
void conn_ended(struct nc_model *m, struct conn *c);
/* Both ends are gone and nobody can take it up any more. */
bool conn_over(const struct conn *c);
/* The other end, or NULL. */
static inline struct ep *
ep_peer(const struct ep *e)
{
	return e->conn->ep[!e->side];
}
/* The largest write of the other end that it has read whole. */
uint64_t ep_largest(const struct ep *e);
/* Its other end is outside of all traces; unseen: on a traced host. */
void conn_external(struct nc_model *m, struct conn *c, bool unseen);
/*
 * For a receive: NC_ACCEPT if the other end is known, or known to be
 * outside.  need and n: what it needs of that.
 */
enum nc_answer conn_await(
    struct offer *o, struct ep *e, enum need need, uint64_t n);
/* Makes it findable by its client's address, or not any more. */
void conn_index(struct nc_model *m, struct conn *c);
void conn_unindex(struct nc_model *m, struct conn *c);
/* Percent, of what is decided on this connection (model.md 6). */
int conn_confidence(const struct conn *c);
/*
 * Nothing is lost if it is reset: not a byte went over it, as when a port is
 * probed, or it is kept open after an exchange in which the side that sees
 * the reset had the last word.
 */
bool conn_idle(const struct conn *c, int side);
/* In place of a port's id: foreign connects by their own port alone. */
#define FORWARDED 1

/* May a foreign target turn out to be a traced host's unknown address? */
bool conn_may_be_traced(struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *target);

#endif
