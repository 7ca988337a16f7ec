/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ending: shutdown, close, release, and what they leave behind.
 */
#include "close.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conn.h"
#include "denied.h"
#include "deviate.h"
#include "dgram.h"
#include "doubt.h"
#include "ending.h"
#include "lookup.h"
#include "match.h"
#include "offer.h"
#include "oob.h"
#include "port.h"
#include "quiet.h"
#include "socket.h"
#include "stream.h"
#include "timeout.h"
#include "transfer.h"
#include "untraced.h"
#include "wait.h"

#define WAITED INT64_C(1000000000) /* ns that show that nothing came */

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

/* The reader waited for them: it is not that it left them unread. */
/* Bytes are missing at one end: if it is the end that they were sent to. */
static void
close_matched(struct dev *d, const struct conn *c)
{
	if (match_is_guess(c))
		dev_weak(d);
	doubt_close_conn(d, c, NULL);
}

static void
tell_undelivered(struct nc_model *m, struct conn *c, const struct held *h)
{
	struct ep *from = c->ep[!h->side];
	struct dev d;

	c->undelivered = true;
	if (!from ||
	    !dev_open_ref(&d, m, &from->tx.last_ref, DEV_DATA_UNDELIVERED,
		"release_unread"))
		return;
	dev_conn(&d, c, from->side);
	dev_int(&d, "bytes", (int64_t)h->bytes);
	dev_int(&d, "largest_lost", (int64_t)h->largest);
	dev_int(&d, "largest_delivered", (int64_t)h->delivered);
	dev_int(&d, "waiting", 1);
	dev_int(&d, "waited", h->waited);
	dev_int(&d, "receiver_open", 0);
	dev_int(&d, "quiet", quiet_before_loss(from));
	dev_cause(&d, &h->release);
	dev_timed(&d);
	close_matched(&d, c);
}

bool
sent_while_waited(struct offer *o, struct ep *e, uint64_t n)
{
	struct ep *p = ep_peer(e);
	struct conn *c = e->conn;
	int64_t began = o->call->time, at, waited;
	struct dev d;

	if (!p || !p->released || p->wait_end == NC_NIL || began == NC_NIL ||
	    p->rx.elastic || e->tx.lossy || p->host->unsure || c->undelivered)
		return false;
	at = clock_latest(o->m, e->host, began, p->host);
	if (at == NC_NIL || p->wait_end - at < WAITED)
		return false;
	waited = p->wait_end - at;
	c->undelivered = true;
	p->waited_for_more = true;
	if (!dev_open(&d, o, DEV_DATA_UNDELIVERED, "release_unread"))
		return true;
	dev_conn(&d, c, e->side);
	dev_int(&d, "bytes", (int64_t)n);
	dev_int(&d, "largest_lost", (int64_t)n);
	dev_int(&d, "largest_delivered", (int64_t)ep_largest(p));
	dev_int(&d, "waiting", 1);
	dev_int(&d, "waited", waited);
	dev_int(&d, "receiver_open", 0);
	dev_int(&d, "quiet", quiet_before_loss(e));
	dev_cause(&d, &p->release);
	dev_timed(&d);
	close_matched(&d, c);
	return true;
}

static bool
was_waited_for(const struct held *h)
{
	return h->waiting && h->waited != NC_NIL && h->waited >= WAITED;
}

void
held_free(struct held *h)
{
	if (h)
		free(h->file);
	free(h);
}

static void
tell_unread(struct nc_model *m, struct conn *c, const struct held *h,
    const char *confirmed, bool reset)
{
	/*
	 * Another task may have read it, by a number nobody resolved, though
	 * then it would not have reset its peer; or it waited for more, and
	 * how long, no times tell.
	 */
	bool weak = !confirmed ||
	    (!reset && h->release.host && h->release.host->apart) ||
	    (h->waiting && h->waited == NC_NIL) || match_is_guess(c);
	const struct ep *e = c->ep[h->side];
	struct dev d;

	if (h->file && e)
		denied_left(m, e, h->file, weak);
	if (!dev_open_ref(
		&d, m, &h->release, DEV_NONEMPTY_BUFFER, "release_unread"))
		return;
	dev_conn(&d, c, h->side);
	dev_int(&d, "bytes", (int64_t)h->bytes);
	dev_str(&d, "confirmed", confirmed ? confirmed : "");
	dev_int(&d, "tls_close", h->tls_close);
	dev_int(&d, "at_exit", e && e->at_exit);
	dev_int(&d, "killed", e && e->killed);
	if (h->status)
		dev_int(&d, "http_status", h->status);
	if (h->no_data)
		dev_int(&d, "no_data", 1);
	if (h->line_end)
		dev_int(&d, "line_end", 1);
	if (c->ep[!h->side])
		dev_cause(&d, &c->ep[!h->side]->tx.last_ref);
	if (weak)
		dev_weak(&d);
	close_matched(&d, c);
}

/* A release with unread bytes turns out to be what it looked like. */
void
held_decide(struct nc_model *m, struct conn *c, const char *confirmed)
{
	struct held *h = c->held;
	bool reset = confirmed && strcmp(confirmed, "reset") == 0;

	if (!h)
		return;
	c->held = NULL;
	if (h->confirmed)
		confirmed = h->confirmed;
	if (c->network_reset) {
		/* It took what was under way with it. */
	} else if (was_waited_for(h)) {
		tell_undelivered(m, c, h);
	} else {
		tell_unread(m, c, h, confirmed, reset);
	}
	held_free(h);
}

/* ... or the bytes came only after the close. */
void
held_refute(struct nc_model *m, struct conn *c)
{
	struct held *h = c->held;
	struct dev d;

	if (!h || h->was_half_closed || h->confirmed)
		return;
	if (was_waited_for(h)) {
		held_decide(m, c, NULL);
		return;
	}
	c->held = NULL;
	if (c->ep[!h->side] &&
	    dev_open_ref(&d, m, &c->ep[!h->side]->tx.last_ref,
		DEV_SEND_AFTER_CLOSE, "release_unread")) {
		d.rec.severity = nc_str("info");
		dev_conn(&d, c, !h->side);
		dev_int(&d, "first", 1);
		dev_int(&d, "bytes", (int64_t)h->bytes);
		dev_int(&d, "tls_close", h->tls_close);
		dev_cause(&d, &h->release);
		dev_close(&d);
	}
	held_free(h);
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

static bool
blocks(const struct inside *in)
{
	switch (in->id) {
	case NC_CALL_EPOLL_WAIT: /* does not hold what it watches */
	case NC_CALL_EPOLL_PWAIT:
	case NC_CALL_EPOLL_PWAIT2:
		return false;
	case NC_CALL_CONNECT:
		return true;
	default:
		return nc_call_family(in->id) != NC_FAMILY_NONE;
	}
}

/* The blocked call has returned, or its thread is over. */
void
blocked_decide(struct offer *o, struct sock *s)
{
	struct blocked *b = s->blocked;
	const struct nc_call *call = o->call;
	bool never = call->result == NC_NIL && !o->step->error;
	int64_t end = call->time;
	struct dev d;

	s->blocked = NULL;
	if (end != NC_NIL && call->duration != NC_NIL)
		end += call->duration;
	if (dev_open_ref(
		&d, o->m, &b->close, DEV_CLOSE_WHILE_BLOCKED, "close_ok")) {
		/* One that returned in the end may have waited for more. */
		if (!never)
			dev_confidence(&d, 70);
		if (s->ep)
			dev_conn(&d, s->ep->conn, s->ep->side);
		dev_str(&d, "blocked", nc_call_name(b->id));
		dev_int(&d, "thread", b->thread);
		dev_str(&d, "woken",
		    never                 ? "never" :
			call->result > 0  ? "data" :
			call->result == 0 ? "close" :
					    "other");
		if (end != NC_NIL && b->close.time != NC_NIL)
			dev_int(&d, "after", end - b->close.time);
		if (b->timeout != NC_NIL)
			dev_int(&d, "timeout", b->timeout);
		dev_cause(&d, &b->begin);
		dev_close(&d);
	}
	free(b);
}

enum nc_answer
offer_close(struct offer *o)
{
	struct sock *s = o->sock;
	struct inside *in;

	if (!s || o->step->error || s->shut || s->blocked || o->early)
		return NC_ACCEPT;
	if (o->m->sink)
		ref_set(&s->closed, o);
	for (in = s->inside; in; in = in->next) {
		/* Another descriptor of the same socket is of no concern. */
		if ((in->fd != NC_NIL && in->fd != o->call->fd) ||
		    in->thread == o->call->thread ||
		    in->process != o->call->process || !blocks(in) ||
		    (s->nonblock && nc_call_family(in->id) != NC_FAMILY_READY))
			continue;
		s->blocked = nc_xcalloc(1, sizeof(*s->blocked));
		s->blocked->thread = in->thread;
		s->blocked->id = in->id;
		s->blocked->timeout = in->timeout;
		s->blocked->begin = in->ref;
		ref_set(&s->blocked->close, o);
		if (s->ep)
			s->ep->blocked = true;
		break;
	}
	return NC_ACCEPT;
}

void
blocked_in_interval(struct offer *o)
{
	const struct nc_call *c = o->call;
	struct sock *s = o->sock;

	/* A send that was placed before the close, but came back after it. */
	if (!s || !s->closed.host || s->blocked || s->shut || s->nonblock ||
	    !nc_call_is_producer(o->step->id) ||
	    host_lane(o->host, s->closed.trace)->number != o->lane->number ||
	    s->closed.thread == c->thread || s->closed.fd != c->fd ||
	    s->closed.process != c->process || c->line == NC_NIL ||
	    nc_call_from(c) >= s->closed.at || s->closed.at >= nc_call_at(c))
		return;
	if (o->step->id != NC_CALL_CONNECT &&
	    nc_call_family(o->step->id) != NC_FAMILY_SEND)
		return;
	s->blocked = nc_xcalloc(1, sizeof(*s->blocked));
	s->blocked->thread = c->thread;
	s->blocked->id = o->step->id;
	s->blocked->timeout = NC_NIL;
	ref_set(&s->blocked->begin, o);
	s->blocked->close = s->closed;
	s->closed.host = NULL;
	blocked_decide(o, s);
}

/* release */

static void
hold_unread(struct offer *o, struct ep *e, uint64_t bytes)
{
	struct conn *c = e->conn;
	const struct ep *p = ep_peer(e);
	const struct chunk *k;
	struct held *h;

	if (c->held)
		return;
	h = nc_xcalloc(1, sizeof(*h));
	h->side = e->side;
	h->bytes = bytes;
	h->was_half_closed = e->wr_shut;
	h->release = e->release;
	h->tls_close = (c->tls_c || c->tls_s) &&
	    tx_unread_tls(&p->tx, e->rx.rcvd, p->side == SIDE_SERVER);
	h->no_data = tx_unread_http2(&p->tx, e->rx.rcvd);
	h->line_end = tx_unread_line_end(&p->tx, e->rx.rcvd);
	if (p->tx.answer < e->rx.rcvd)
		h->status = p->tx.status;
	h->delivered = ep_largest(e);
	h->file = denied_take(o, e);
	h->waited = NC_NIL;
	/* Part of one write was read: the rest of it was there as well. */
	for (k = p->tx.first; k; k = k->next) {
		if (k->offset < e->rx.rcvd && e->rx.rcvd < k->offset + k->len)
			h->confirmed = "partial";
		if (k->offset + k->len <= e->rx.rcvd)
			continue;
		if (h->waited == NC_NIL)
			h->waited = wait_since(o->m, e, k->time);
		if (k->len > h->largest)
			h->largest = k->len;
	}
	h->waiting = wait_lasts(e);
	c->held = h;
}

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
		hold_unread(o, e, left);
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
			if (conn_idle(c, !e->side))
				dev_weak(&d);
			dev_close(&d);
		}
	}
	if (!e->tx.fin)
		/* A kill shows only when all is over. */
		end_stream(o->m, e, e->killed ? NC_NIL : o->call->time);
	/* The peer sent to a socket that was gone: its error is due. */
	e->waited_for_more = left && wait_lasts(e) && c->held &&
	    was_waited_for(c->held);
	e->wait_end = wait_lasts(e) ? wait_last(e->sock)->end : NC_NIL;
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
		if (in->thread != o->call->thread && blocks(in))
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
