/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Who talks to whom.
 * For lib/model only.
 */
#ifndef NC_MODEL_MATCH_H
#define NC_MODEL_MATCH_H

#include "../state.h"

enum nc_answer offer_accept(struct offer *o);
/* The client's address shows: it may be just the one that was accepted. */
void match_learn(struct conn *c);
/* Bytes that compared equal on it so far: they may settle the match. */
void match_confirm(struct conn *c, uint64_t bytes);
/* The end is found by its pair of addresses no more. */
void match_forget(struct nc_model *m, struct ep *e);
/* A connected socket that was made before its trace began. */
void match_attach(struct nc_model *m, struct sock *s);
/* A traced connect whose other end was attached to in use. */
void match_late(struct nc_model *m, struct conn *c);

/* The offered call can only be helped by another match. */
static inline bool
match_is_stuck(const struct offer *o)
{
	return o->stuck || o->mode == NC_TAKE;
}
/* ... and if there is none, by giving up this one. */
static inline bool
match_is_doubted(const struct offer *o)
{
	return o->doubt || o->mode == NC_TAKE;
}

/*
 * An accept whose connect nobody has shown; if it does after all, since it was
 * accepted early in the order, the two are joined.
 */
void match_orphan(struct nc_model *m, struct conn *c, const struct port *p);
void match_forget_orphan(struct nc_model *m, struct conn *c);
void match_found(struct nc_model *m, struct conn *c);

/* Another connection may yet turn out to be the one that was accepted. */
bool match_may_change(const struct nc_model *m, const struct conn *c);
/*
 * Both its ends state who they are: by its addresses, or its port came through
 * a translator that the user declared.
 */
bool match_is_stated(const struct conn *c);
/*
 * It could as well have been another connection that was accepted: what
 * contradicts the match says nothing about the network.
 */
bool match_is_ambiguous(const struct conn *c);
/* No other one could have been meant: when bytes settled it, else by now. */
bool match_is_sole(const struct conn *c);
/* Neither addresses nor bytes have settled that its ends belong together. */
bool match_is_open(const struct conn *c);
/* Nothing but the order of calls says so, and others could be meant. */
bool match_is_guess(const struct conn *c);
/*
 * A match that was inferred is contradicted: the accepted end belongs to
 * somebody outside, and the connect waits for its own accept.  False: the
 * match is better than that.
 */
bool match_undo(struct nc_model *m, struct conn *c);
/*
 * Likewise where nothing else can run: also one that only the order of calls
 * made, as its client shows no port.  The accepted end may be an untraced
 * process's of the same host.
 */
bool match_give_up(struct nc_model *m, struct conn *c);
/*
 * It would be undone, and it was only inferred: from an address that is none
 * of its client's, or that nobody has told.
 */
bool match_is_inferred(const struct conn *c);
/* The translation that a match has shown, if nothing contradicted it. */
void match_tell_nat(struct nc_model *m, struct conn *c);
/* ... and that it was passed on to another port. */
void match_tell_redirect(struct nc_model *m, struct conn *c);

/*
 * The connect that waits at a port (its id, 0 for foreign targets, or
 * FORWARDED) and comes from peer; NULL: none.
 */
struct conn *conn_from(
    struct nc_model *m, uint64_t at, const struct nc_addr *peer);

#endif
