/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ending: shutdown, close, release, and what they leave behind.
 */
#include "close.h"

#include "../deviate.h"
#include "../dgram/dgram.h"
#include "../host/denied.h"
#include "../host/lookup.h"
#include "../offer.h"
#include "../socket/blocked.h"
#include "../socket/local.h"
#include "../socket/port.h"
#include "../socket/socket.h"
#include "../socket/timeout.h"
#include "../untraced.h"
#include "../wait.h"
#include "conn.h"
#include "ending.h"
#include "held.h"
#include "match.h"
#include "oob.h"
#include "stream.h"
#include "transfer.h"

void
ep_reset(
    struct nc_model *m, struct ep *victim, const char *cause, uint64_t bytes)
{
	if (!victim->rst && !victim->rst_seen) {
		victim->rst = true;
		victim->rst_cause = cause;
		victim->rst_bytes = bytes;
	}
	fire(m, key_of(KEY_RX, victim->id, 0), NC_AT_END);
}

/* shutdown */

static void
end_stream(struct nc_model *m, struct ep *e, int64_t time)
{
	struct ep *p = ep_peer(e);

	ending_begins(e, time);
	e->tx.fin = true;
	e->tx.fin_time = time;
	if (!e->conn->first_closed)
		e->conn->first_closed = e->side + 1;
	if (p)
		fire(m, key_of(KEY_RX, p->id, 0), NC_AT_END);
}

/*
 * What a connect in the background came to shows in calls that the client's
 * trace does not hold; only the server's accept tells.
 */
static bool
is_told_elsewhere(const struct offer *o, const struct conn *c)
{
	return o->host->lean && c->nonblocking && c->port->host &&
	    !host_done(c->port->host);
}

/*
 * An attempt that seems to be given up without an outcome, where an accept
 * waits that may have been for it: nothing else showed that it succeeded.
 */
static bool
may_be_accepted(const struct offer *o)
{
	const struct ep *e = o->sock ? o->sock->ep : NULL;

	return o->mode == NC_TRY && e && e->side == SIDE_CLIENT &&
	    e->conn->state == CONN_FLOATING && e->conn->port &&
	    !e->conn->ep[SIDE_SERVER] &&
	    (e->conn->port->wanted || is_told_elsewhere(o, e->conn));
}

static enum nc_answer
let_accept(struct offer *o)
{
	return defer(
	    o, key_of(KEY_CONN, o->sock->ep->conn->number, 0), "accept", 3);
}

enum nc_answer
offer_shutdown(struct offer *o)
{
	struct sock *s = o->sock;
	struct ep *e = s ? s->ep : NULL, *p;
	int64_t how = o->call->value == NC_NIL ? 2 : o->call->value;
	struct dev d;

	if (!s || s->type == SOCK_OTHER)
		return NC_ACCEPT;
	if (!o->early && o->was && o->was->early)
		return NC_ACCEPT;
	if (o->step->error == NC_ENOTCONN) {
		p = e ? ep_peer(e) : NULL;
		/* After both FINs, or an orderly end, that is the answer. */
		if (e &&
		    (e->rx.eof || e->rst || e->rst_seen ||
			(p && (p->released || p->tx.fin)) ||
			e->conn->state == CONN_HALF || e->conn->error ||
			e->conn->state == CONN_FLOATING) &&
		    !e->rst_seen)
			return NC_ACCEPT;
		if (s->late || s->type == SOCK_UDP || s->listening)
			return NC_ACCEPT;
		/* The peer's end, or its reset, may only come later in the order. */
		if (p && !e->rst_seen && o->mode == NC_TRY &&
		    !host_done(p->host)) {
			defer(
			    o, key_of(KEY_RX, e->id, 0), "end of the peer", 1);
			o->wait->at = NC_AT_END;
			o->wait->by = p->host;
			o->wait->end_of = p->number;
			return NC_DEFER;
		}
		if (dev_open(&d, o, DEV_ENOTCONN, "shutdown_notconn")) {
			if (e)
				dev_conn(&d, e->conn, e->side);
			dev_str(&d, "reason",
			    e && e->rst_seen ? "reset" : "unconnected");
			if (p && e->rst_seen && p->release.host)
				dev_cause(&d, &p->release);
			else
				sock_because_state(&d, s);
			if (e && conn_idle(e->conn, e->side))
				dev_weak(&d);
			dev_close(&d);
		}
		return NC_ACCEPT;
	}
	if (o->step->error) {
		fail_common(o);
		return NC_ACCEPT;
	}
	if (how != 0 && may_be_accepted(o))
		return let_accept(o);
	s->shut = true;
	if (!e)
		return NC_ACCEPT;
	if (e->conn->state == CONN_FLOATING && how != 0 && !o->early) {
		/* It ends an attempt that is under way; a reset is due. */
		conn_gone(o, e->conn);
		port_remove(e->conn);
		conn_unindex(o->m, e->conn);
		e->conn->state = CONN_FAILED;
		e->rst_seen = true;
		return NC_ACCEPT;
	}
	if (e->rst_seen && how != 0) {
		if (dev_open(&d, o, DEV_ENOTCONN, "shutdown_reset")) {
			dev_conn(&d, e->conn, e->side);
			dev_str(&d, "reason", "reset");
			if (ep_peer(e))
				dev_cause(&d, &ep_peer(e)->release);
			dev_close(&d);
		}
		return NC_ACCEPT;
	}
	if (how != 1)
		e->rd_shut = true;
	if (how != 0) {
		if (!e->wr_shut)
			e->shut_by = o->call->thread;
		e->wr_shut = true;
		sock_tell(o, s, TOLD_SHUT);
		end_stream(o->m, e, o->call->time);
	}
	return NC_ACCEPT;
}

/* close */

enum nc_answer
offer_close(struct offer *o)
{
	struct sock *s = o->sock;

	if (!s || o->step->error || s->shut || s->blocked || o->early)
		return NC_ACCEPT;
	if (o->m->sink)
		ref_set(&s->closed, o);
	blocked_begin(o, s);
	return NC_ACCEPT;
}

/* release */

static uint64_t
unread(const struct ep *e)
{
	const struct ep *p = ep_peer(e);
	uint64_t certain;
	const struct chunk *k;

	if (!p || e->conn->state != CONN_OPEN || e->rx.elastic || p->tx.lossy ||
	    e->host->unsure || e->rst || e->rst_seen || e->rx.mismatches ||
	    oob_only(e) || p->tx.sent <= e->rx.rcvd)
		return 0;
	certain = p->tx.sent;
	for (k = p->tx.first; k; k = k->next)
		if (k->optional && k->offset < certain)
			certain = k->offset;
	return certain > e->rx.rcvd ? certain - e->rx.rcvd : 0;
}

static void
release_conn(struct offer *o, struct ep *e)
{
	struct conn *c = e->conn;
	struct ep *p = ep_peer(e);
	uint64_t left;
	struct dev d;

	ref_set(&e->release, o);
	/* Files without a clock: a thread may have, which has lines. */
	e->handed = o->call->marks != NC_NIL && !o->host->apart &&
	    (o->call->marks & NC_MARK_UNFOLLOWED);
	e->killed = nc_str_eq(o->call->cause, "kill");
	e->crashed = e->killed && o->call->marks != NC_NIL &&
	    (o->call->marks & NC_MARK_CRASHED);
	e->at_exit = e->killed || nc_str_eq(o->call->cause, "exit");
	if (e->at_exit)
		wait_inside(o, o->sock);
	if (c->state == CONN_FLOATING && e->side == SIDE_CLIENT) {
		conn_gone(o, c);
		port_remove(c);
		conn_unindex(o->m, c);
		c->state = CONN_FAILED;
	}
	/* Nobody has taken it by now: it waits for no other listener. */
	if (c->maybe && !c->foreign && e->side == SIDE_CLIENT)
		conn_unheard(o, c, "connect_ok");
	left = e->handed ? 0 : unread(e);
	if (left) {
		held_begin(o, e, left);
		if (p && !p->released)
			ep_reset(
			    o->m, p, e->killed ? "killed" : "unread", left);
	}
	if (o->sock->linger == 0 &&
	    (c->state == CONN_OPEN || c->state == CONN_HALF ||
		c->state == CONN_PENDING) &&
	    !e->rst_seen) {
		bool open = !p || (!p->released && !p->wr_shut);

		if (!left && p && !p->released)
			ep_reset(o->m, p, "linger", 0);
		if (!c->ep[1])
			e->rst_cause = "linger";
		if (dev_open(&d, o, DEV_LINGER_RESET, "release_conn")) {
			dev_conn(&d, c, e->side);
			dev_int(&d, "outstanding",
			    p && !p->rx.elastic && !e->tx.lossy &&
				    e->tx.sent > p->rx.rcvd ?
				(int64_t)(e->tx.sent - p->rx.rcvd) :
				0);
			dev_int(&d, "peer_open", open);
			sock_because(&d, o->sock, TOLD_LINGER);
			if (p)
				dev_cause(&d, &p->rx.last_ref);
			if (conn_idle(c, !e->side) || match_is_guess(c))
				dev_weak(&d);
			dev_close(&d);
		}
	}
	if (!e->tx.fin)
		/* A kill shows only when all is over. */
		end_stream(o->m, e, e->killed ? NC_NIL : o->call->time);
	/* The peer sent to a socket that was gone: its error is due. */
	if (left)
		held_wait(c, e);
	e->wait_end = wait_lasts(e) ? wait_end(e) : NC_NIL;
	e->released = true;
	ending_released(o->m, e);
	e->sock = NULL;
	o->sock->ep = NULL;
	e->rx.largest = ep_largest(e);
	if (!e->rx.elastic && p && !p->tx.appending && p->released)
		tx_free(&p->tx);
	conn_ended(o->m, c);
}

void
conn_disconnect(struct offer *o, struct ep *e)
{
	struct conn *c = e->conn;
	struct ep *p = ep_peer(e);

	ref_set(&e->release, o);
	if (c->state == CONN_FLOATING && e->side == SIDE_CLIENT) {
		conn_gone(o, c);
		port_remove(c);
		conn_unindex(o->m, c);
		c->state = CONN_FAILED;
	}
	if (p && !p->released && !e->rst_seen)
		ep_reset(o->m, p, "disconnect", 0);
	if (!c->ep[1])
		e->rst_cause = "disconnect";
	if (!c->first_closed)
		c->first_closed = e->side + 1;
	e->tx.fin = true;
	e->released = true;
	e->sock = NULL;
	o->sock->ep = NULL;
	conn_ended(o->m, c);
}

enum nc_answer
offer_leave(struct offer *o)
{
	struct ep *e = o->sock ? o->sock->ep : NULL, *p = e ? ep_peer(e) : NULL;

	if (e)
		e->left = true;
	if (p)
		fire(o->m, key_of(KEY_RX, p->id, 0), NC_AT_END);
	return NC_ACCEPT;
}

/* Linux keeps a file while another thread is in a call on it. */
static bool
is_held(const struct offer *o)
{
	const struct inside *in;

	for (in = o->sock->inside; in; in = in->next)
		if (in->thread != o->call->thread && blocked_in(in))
			return true;
	return false;
}

enum nc_answer
offer_release(struct offer *o)
{
	struct sock *s = o->sock;

	if (!s)
		return NC_ACCEPT;
	/* Its lane's next head makes it eligible again. */
	if (o->early && o->mode == NC_TRY && is_held(o))
		return park(o, 0, 0, "return of a call on the socket", 0);
	if (may_be_accepted(o))
		return let_accept(o);
	untraced_decide(o->m, s, o);
	lookup_released(o);
	local_released(o);
	denied_gone(o->m, s);
	timeout_released(o, s, s->ep);
	if (s->ep)
		release_conn(o, s->ep);
	if (s->listener)
		listener_release(o, s);
	if (s->flows) {
		flow_keep_past(o, s);
		flow_sender_gone(o->m, s);
	}
	if (s->udp)
		dgram_released(o, s);
	nc_map_del(&o->host->socks, (uint64_t)s->number);
	sock_free(o->m, s);
	o->sock = NULL;
	return NC_ACCEPT;
}
