/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Receiving on streams.
 */
#include "transfer.h"

#include <stdlib.h>

#include "../deviate.h"
#include "../dgram/doubt.h"
#include "../host/clock.h"
#include "../offer.h"
#include "../socket/misuse.h"
#include "../socket/port.h"
#include "../socket/socket.h"
#include "../socket/timeout.h"
#include "../socket/unread.h"
#include "../untraced.h"
#include "../wait.h"
#include "conn.h"
#include "held.h"
#include "late.h"
#include "leg.h"
#include "match.h"
#include "oob.h"
#include "pace.h"
#include "quiet.h"
#include "rematch.h"
#include "stall.h"
#include "stream.h"

#define MISMATCHES_MAX 3

/* Bytes that were sent and not read, in the order found. */
static uint64_t
in_flight(const struct ep *e)
{
	const struct ep *p = ep_peer(e);

	return p && !e->rx.elastic && p->tx.sent > e->rx.rcvd ?
	    p->tx.sent - e->rx.rcvd :
	    0;
}

static enum nc_answer
recv_failed(struct offer *o)
{
	struct sock *s = o->sock;
	struct ep *e = s->ep;
	uint64_t inflight;
	struct dev d;

	switch (o->step->error) {
	case NC_EAGAIN:
		inflight = e ? in_flight(e) : 0;
		if (s->nonblock && inflight &&
		    dev_open(&d, o, DEV_EAGAIN, "recv_eagain")) {
			dev_conn(&d, e->conn, e->side);
			dev_int(&d, "inflight", (int64_t)inflight);
			dev_close(&d);
		}
		if (e && timeout_note(o, false)) {
			wait_note(o, &s->wait);
			return NC_ACCEPT;
		}
		if (sock_connecting(s))
			misuse_connect(o, "recv", "connect_use");
		else
			would_block(o, "recv_eagain");
		unread_none(o, s);
		return NC_ACCEPT;
	case NC_ECONNRESET:
		return e ? reset(o, e, "recv_reset") : NC_ACCEPT;
	case NC_ENOTCONN:
		if (sock_connecting(s) || sock_failed(s))
			misuse_connect(o, sock_failed(s) ? "failed" : "recv",
			    "connect_use");
		else if (!s->late)
			not_connected(o, "unconnected", "recv_notconn");
		return NC_ACCEPT;
	case NC_ETIMEDOUT:
	case NC_EHOSTUNREACH:
	case NC_ENETUNREACH:
	case NC_EPIPE:
		if (e && e->conn->state == CONN_FLOATING)
			conn_fail(o, e->conn, o->step->error);
		else if (e && o->step->error != NC_EPIPE)
			died(o, e, "recv_died");
		return NC_ACCEPT;
	case NC_ECONNREFUSED:
		if (e && e->conn->state == CONN_FLOATING)
			conn_fail(o, e->conn, o->step->error);
		return NC_ACCEPT;
	case NC_EOPNOTSUPP:
		not_supported(o, "recv_ok");
		return NC_ACCEPT;
	default:
		if (!fail_common(o) && o->step->error > 0 &&
		    dev_open(&d, o, DEV_UNEXPECTED_FAILURE, "recv_ok")) {
			dev_str(&d, "error", nc_errno_name(o->step->error));
			dev_close(&d);
		}
		return NC_ACCEPT;
	}
}

/*
 * Another thread is reading the same stream, or was when this call began: the
 * bytes may be split.
 */
static bool
has_sibling(const struct offer *o)
{
	const struct rx *rx = &o->sock->ep->rx;
	const struct inside *in;

	if (rx->taken.lane == o->lane->number + 1 &&
	    rx->taken.at > nc_call_from(o->call) &&
	    rx->last_ref.thread != o->call->thread)
		return true;

	for (in = o->sock->inside; in; in = in->next)
		if (in->thread != o->call->thread &&
		    !nc_call_is_producer(in->id) && in->id != NC_CALL_ACCEPT &&
		    in->id != NC_CALL_ACCEPT4)
			return true;
	return false;
}

/* Another of the calls with an unknown socket may have been on this one. */
static bool
is_unsure(const struct offer *o, const struct nc_host_state *peer)
{
	return o->host->unsure || peer->unsure;
}

/*
 * Nothing else can go on, and what the call waits for may have been done by
 * one with an unknown socket: nobody is wrong, and nothing has to be forced.
 */
static bool
is_past_hope(const struct offer *o, const struct nc_host_state *peer)
{
	return o->stuck && is_unsure(o, peer);
}

static enum nc_answer
await(struct offer *o, struct ep *e, uint64_t at, const char *what, int cost)
{
	struct ep *p = ep_peer(e);

	/* It may have been sent, or ended, by a call that is not shown. */
	if (p && p->host->lean) {
		defer(o, key_of(KEY_RX, e->id, 0), what, 2);
		o->wait->at = at;
		o->wait->by = p->host;
		o->wait->end_of = p->number;
		return NC_DEFER;
	}
	/* What was no more than guessed is given up first. */
	if (match_is_open(e->conn))
		cost = 1;
	park(o, key_of(KEY_RX, e->id, 0), at, what, cost);
	o->wait->by = p ? p->host : NULL;
	if (p)
		o->wait->end_of = p->number;
	o->wait->guess = match_is_inferred(e->conn);
	return NC_PARK;
}

/*
 * What came contradicts a match that was as good as another: neither is known
 * to be right, and nothing that was received on them says more.  False: there
 * was no other.
 */
static bool
is_ambiguous(struct offer *o, struct ep *e)
{
	struct ep *p = ep_peer(e);
	struct dev d;

	if (!match_is_ambiguous(e->conn))
		return false;
	if (dev_open(&d, o, DEV_AMBIGUOUS_MATCH, "recv_ok")) {
		dev_conn(&d, e->conn, e->side);
		dev_close(&d);
	}
	e->rx.elastic = true;
	if (p)
		p->rx.elastic = true;
	return true;
}

/* The order does not hold: what was waited for was still to come. */
static void
force(struct offer *o, const struct ep *peer, bool over)
{
	o->m->forced |= !over && !is_unsure(o, peer->host) &&
	    !peer->host->lean && !match_is_open(peer->conn);
}

/*
 * No clock tells which of a host's tasks read first: one of others may still
 * take what does not fit here.
 */
static enum nc_answer
after_others(struct offer *o, struct ep *e)
{
	return defer(o, key_of(KEY_RX, e->id, 1), "bytes that fit", 1);
}

static bool
may_be_later(const struct offer *o)
{
	return o->host->apart && o->mode == NC_TRY && !o->stuck;
}

static enum nc_answer
recv_eof(struct offer *o, struct ep *e)
{
	struct conn *c;
	struct ep *p;
	enum nc_answer a;
	struct dev d;

	if (e->rx.eof || e->rd_shut || e->rst_seen || e->died ||
	    o->call->asked == 0)
		return NC_ACCEPT;
	if (sock_failed(o->sock)) {
		misuse_connect(o, "failed", "connect_use");
		return NC_ACCEPT;
	}
	if ((a = conn_await(o, e, NEED_END, 0)) != NC_ACCEPT)
		return a;
	p = ep_peer(e);
	c = e->conn;
	if (c->state == CONN_HALF || !p) {
		e->rx.eof = true;
		return NC_ACCEPT;
	}
	if (!p->tx.fin && p->left) {
		p->tx.fin = true;
		if (!c->first_closed)
			c->first_closed = p->side + 1;
	} else if (!p->tx.fin && !p->released && !p->wr_shut) {
		if ((match_is_stuck(o) || host_done(p->host)) &&
		    rematch(o->m, e, o->call, NEED_END, 0))
			return recv_eof(o, e);
		if (match_is_doubted(o) && !host_done(p->host) &&
		    match_give_up(o->m, c))
			return recv_eof(o, e);
		if (o->mode == NC_TRY && !host_done(p->host) &&
		    !is_past_hope(o, p->host))
			return await(o, e, NC_AT_END, "end of the stream", 2);
		if (is_ambiguous(o, e)) {
			e->rx.eof = true;
			return NC_ACCEPT;
		}
		force(o, p, host_done(p->host));
		if (p->host->uncertain || o->host->unsure)
			untraced_skip(o, c,
			    "the end of a peer whose trace is not complete",
			    "recv_eof");
		else if (dev_open(&d, o, DEV_EOF_NOT_CLOSED, "recv_eof")) {
			dev_conn(&d, c, e->side);
			dev_weak(&d);
			dev_cause(&d, &p->tx.last_ref);
			dev_cause(&d, &p->rx.last_ref);
			dev_close(&d);
		}
		p->tx.fin = true;
	}
	if (oob_only(e))
		oob_pass(o, e, 1, 0);
	if (may_be_later(o) && p->tx.sent > e->rx.rcvd && !e->rx.elastic)
		return after_others(o, e);
	if (p->tx.sent > e->rx.rcvd && !e->rx.elastic && !p->tx.appending &&
	    !is_unsure(o, p->host)) {
		struct outstanding out = unreceived(p);

		if (rematch(o->m, e, o->call, NEED_END, 0))
			return recv_eof(o, e);
		if (out.bytes && !p->killed &&
		    dev_open(&d, o, DEV_DATA_UNDELIVERED, "recv_eof")) {
			dev_conn(&d, c, e->side);
			dev_int(&d, "bytes", (int64_t)out.bytes);
			dev_int(&d, "receiver_open", 1);
			dev_int(&d, "largest_lost", (int64_t)out.largest);
			dev_cause(&d, &p->tx.last_ref);
			/* A reset on the way destroys what was in flight. */
			dev_weak(&d);
			dev_close(&d);
		}
	}
	if (!p->tx.sent || p->tx.sent == e->rx.rcvd)
		clock_got_on(o, c, p->host, p->tx.fin_time);
	e->rx.eof = true;
	if (c->held && c->held->side != e->side && !e->rst_seen)
		held_refute(o->m, c);
	return NC_ACCEPT;
}

/*
 * Other bytes came than were sent; where a send is still in progress, another
 * may yet turn out to lie inside it: told once it is over (send.c).
 */
static void
mismatch(
    struct offer *o, struct ep *e, uint64_t n, const struct difference *diff)
{
	struct ep *p = ep_peer(e);
	char text[2][16 * 4 + 1];
	struct dev d;
	size_t i, k, at;

	e->rx.mismatches++;
	p->tx.in_doubt = diff->mixed;
	/* Where the match is in doubt, so are the lengths from here on. */
	if (e->rx.mismatches >= MISMATCHES_MAX && e->conn->match != MATCH_EXACT)
		e->rx.elastic = true;
	if (!dev_open(&d, o, DEV_MSG_DONT_MATCH, "recv_ok"))
		return;
	dev_conn(&d, e->conn, e->side);
	for (k = 0; k < 2; k++) {
		const char *s = k ? diff->received : diff->sent;

		for (i = at = 0; i < diff->len; i++) {
			unsigned char ch = (unsigned char)s[i];

			if (ch >= 0x20 && ch < 0x7f && ch != '\\')
				text[k][at++] = (char)ch;
			else {
				text[k][at++] = '\\';
				text[k][at++] = "0123456789"[ch >> 6];
				text[k][at++] = "01234567"[ch >> 3 & 7];
				text[k][at++] = "01234567"[ch & 7];
			}
		}
		text[k][at] = '\0';
	}
	dev_int(&d, "offset", (int64_t)diff->at);
	dev_int(&d, "sole", match_is_sole(e->conn));
	/* What replaces redacted bytes says nothing to a reader. */
	if (!o->call->clear.p) {
		dev_str(&d, "sent", text[0]);
		dev_str(&d, "received", text[1]);
	}
	dev_int(&d, "differing", (int64_t)diff->len);
	dev_int(&d, "length", (int64_t)n);
	dev_int(&d, "whole", p->tx.sent == e->rx.rcvd + n);
	dev_int(&d, "known", (int64_t)o->call->data.len);
	dev_cause(&d, &p->tx.last_ref);
	if (diff->mixed)
		p->tx.doubted = dev_keep(&d);
	else
		doubt_close_conn(&d, e->conn, p->host);
}

/* Bytes that no traced peer sent. */
static void
not_sent(struct offer *o, struct ep *e, uint64_t n)
{
	struct ep *p = ep_peer(e);
	uint64_t have = p->tx.sent > e->rx.rcvd ? p->tx.sent - e->rx.rcvd : 0;
	struct dev d;

	e->rx.elastic = true;
	if (p->host->uncertain || p->handed) {
		untraced_skip(o, e->conn,
		    "bytes from a peer whose trace is not complete", "recv_ok");
		return;
	}
	if (!dev_open(&d, o, DEV_MSGNOTSENT, "recv_ok"))
		return;
	/* It stood on a good match; what follows does not. */
	e->rx.elastic = false;
	dev_conn(&d, e->conn, e->side);
	e->rx.elastic = true;
	dev_int(&d, "missing", (int64_t)(n - have));
	dev_int(&d, "offset", (int64_t)e->rx.rcvd);
	dev_int(&d, "length", (int64_t)n);
	dev_int(&d, "unseen", 0);
	dev_cause(&d, &p->tx.last_ref);
	doubt_close_conn(&d, e->conn, p->host);
}

static void
took(struct offer *o, struct ep *e, uint64_t n, uint64_t compared)
{
	struct conn *c = e->conn;
	struct ep *p = ep_peer(e);
	bool keep = c->unresolved && e->rx.rcvd + n <= RETAINED;
	const struct chunk *k;

	if (p && p->host != e->host && o->call->time != NC_NIL &&
	    !e->rx.elastic) {
		for (k = p->tx.first; k; k = k->next)
			if (k->offset + k->len >= e->rx.rcvd + n)
				break;
		if (k)
			clock_got_on(o, c, p->host, k->time);
	}
	if (p) {
		for (k = p->tx.first; k && k->offset <= e->rx.rcvd; k = k->next)
			host_heard(e->host, p->host, k->seq);
	}
	stall_read(o, e);
	quiet_receives(o, e);
	if (e->side == SIDE_SERVER && !p && !e->rx.reads)
		leg_see(o, c);
	late_receive(o, e, n);
	pace_received(o, e);
	rematch_note(o, e, n, keep);
	e->rx.rcvd += n;
	e->rx.reads++;
	e->rx.last_seq = o->m->seq + 1;
	e->rx.compared += compared;
	if (compared < n && !e->rx.split)
		e->rx.split = has_sibling(o);
	o->m->compared += compared;
	o->m->received += p ? n : 0;
	ref_set(&e->rx.last_ref, o);
	if (o->host->apart && e->rx.taken.lane &&
	    e->rx.taken.lane != o->lane->number + 1)
		e->rx.apart = true;
	e->rx.taken = taken_here(o);
	if (o->host->apart)
		fire(o->m, key_of(KEY_RX, e->id, 1), NC_AT_END);
	if (c->unresolved && !keep)
		port_unresolved(c, false);
	if (p && !p->tx.lossy) {
		tx_consume(&p->tx, e->rx.rcvd, keep, &e->rx.largest);
		if (e->rx.elastic) {
			tx_free(&p->tx);
			p->tx.lossy = true;
		}
		if (p->tx.sent < e->rx.rcvd)
			p->tx.sent = p->tx.base = e->rx.rcvd;
	}
	match_confirm(c, e->rx.compared);
}

/*
 * The task that reads has not made the socket, and no clock of the host tells
 * the order of tasks: another one may have read first.
 */
static bool
reads_apart(struct offer *o)
{
	return o->host->apart && o->sock &&
	    host_lane(o->host, o->sock->trace)->number != o->lane->number;
}

/*
 * It fits only because nobody knows what was sent, as of a file: if another
 * connection could be meant, it had better wait for bytes that are known.
 */
static bool
is_unproven(const struct offer *o, const struct conn *c, uint64_t compared)
{
	return c->unresolved && !c->confirmed && compared == 0 &&
	    o->call->data.len >= MATCH_PROOF;
}

/*
 * Nothing but that both are of one host says that its ends belong together: the
 * first bytes that differ undo it, while nothing is lost by that.
 */
static bool
is_strangers(const struct conn *c)
{
	return c->strangers && !c->confirmed && c->ep[1] &&
	    c->ep[1]->rx.rcvd == 0;
}

static enum nc_answer
recv_data(struct offer *o, struct ep *e, uint64_t n)
{
	struct conn *c;
	struct difference diff;
	enum nc_answer a;
	uint64_t compared = 0, skip, from;
	struct ep *p;
	bool over, blurred; /* threads that nobody can order */

	if ((a = conn_await(o, e, NEED_BYTES, n)) != NC_ACCEPT)
		return a;
	c = e->conn;
	p = ep_peer(e);
	if (c->state == CONN_HALF || !p) {
		took(o, e, n, 0);
		return NC_ACCEPT;
	}
	if (e->rx.elastic) {
		took(o, e, n, 0);
		return NC_ACCEPT;
	}
	skip = oob_skip(o, e, n);
	from = e->rx.rcvd + skip;
	/* Redacted ends no longer agree on places in the stream. */
	if (skip && e->host->key)
		p->tx.mixed = true;
	if (from + n > p->tx.sent) {
		uint64_t have = p->tx.sent - from;

		/* What is there contradicts, or nothing is: another's bytes? */
		if (c->unresolved &&
		    (have == 0 || o->stuck ||
			tx_compare(&p->tx, from, e->host->key, o->call, have,
			    &compared, &diff)) &&
		    rematch(o->m, e, o->call,
			o->stuck ? NEED_BYTES : NEED_PROOF, n))
			return recv_data(o, e, n);
		if (is_strangers(c) &&
		    tx_compare(&p->tx, from, e->host->key, o->call, have,
			&compared, &diff) &&
		    match_undo(o->m, c))
			return recv_data(o, e, n);
		over = p->released || p->wr_shut || host_done(p->host);
		if (o->mode == NC_TRY && over && match_may_change(o->m, c))
			return defer(o, key_of(KEY_SYN, c->port->id, 0),
			    "bytes that fit", 1);
		if (o->doubt && match_give_up(o->m, c))
			return recv_data(o, e, n);
		if (o->mode == NC_TRY && !over && !is_past_hope(o, p->host))
			return await(o, e, from + n, "bytes", 4);
		if (rematch(o->m, e, o->call, NEED_BYTES, n))
			return recv_data(o, e, n);
		if (match_give_up(o->m, c))
			return recv_data(o, e, n);
		if (has_sibling(o) || is_unsure(o, p->host)) {
			e->rx.elastic = true;
			force(o, p, over);
		} else if (!is_ambiguous(o, e)) {
			not_sent(o, e, n);
			force(o, p, over);
		}
		took(o, e, n, 0);
		return NC_ACCEPT;
	}
	if ((o->call->marks == NC_NIL || !(o->call->marks & NC_MARK_DAMAGED)) &&
	    tx_compare(
		&p->tx, from, e->host->key, o->call, n, &compared, &diff)) {
		if (rematch(o->m, e, o->call, NEED_BYTES, n))
			return recv_data(o, e, n);
		if (!is_strangers(c) && o->mode == NC_TRY &&
		    match_may_change(o->m, c))
			return defer(o, key_of(KEY_SYN, c->port->id, 0),
			    "bytes that fit", 1);
		blurred = has_sibling(o) || e->rx.split || p->tx.in_doubt ||
		    p->tx.appending > 1 || p->tx.apart || e->rx.apart ||
		    reads_apart(o);
		if (!(blurred && c->confirmed) && match_undo(o->m, c))
			return recv_data(o, e, n);
		if (may_be_later(o))
			return after_others(o, e);
		compared = 0;
		if (is_unsure(o, p->host))
			e->rx.elastic = true;
		else if (blurred)
			p->tx.mixed = true;
		else if (!is_ambiguous(o, e))
			mismatch(o, e, n, &diff);
	}
	if (is_unproven(o, c, compared)) {
		if (rematch(o->m, e, o->call, NEED_PROOF, n))
			return recv_data(o, e, n);
		if (o->mode == NC_TRY && !o->stuck && match_may_change(o->m, c))
			return defer(o, key_of(KEY_SYN, c->port->id, 0),
			    "bytes that are known", 1);
	}
	if (p->tx.urgent)
		oob_pass(o, e, skip, n);
	took(o, e, n, compared);
	return NC_ACCEPT;
}

/* More came back than there was room for: the trace is damaged. */
static void
check_length(struct offer *o, const struct ep *e)
{
	struct dev d;

	if (o->call->asked == NC_NIL || o->call->result <= o->call->asked ||
	    !dev_open(&d, o, DEV_MSG_BIGGER_THAN_BUFFER, "any_toolong"))
		return;
	dev_conn(&d, e->conn, e->side);
	dev_close(&d);
}

/*
 * MSG_WAITALL got less than it asked for.  An end, an error or a signal may
 * have been in the way; if more was there, only the last is left.
 */
static void
check_whole(struct offer *o, struct ep *e)
{
	const struct nc_call *c = o->call;
	const struct sock *s = o->sock;
	struct dev d;

	if (e->cut_short) {
		if (dev_open_ref(&d, o->m, e->cut_short,
			DEV_UNEXPECTED_RETURN_VALUE, "recv_flags")) {
			dev_conn(&d, e->conn, e->side);
			dev_weak(&d);
			dev_close(&d);
		}
		free(e->cut_short);
		e->cut_short = NULL;
	}
	if (!o->m->sink || c->flags == NC_NIL || !(c->flags & NC_MSG_WAITALL) ||
	    (c->flags & (NC_MSG_DONTWAIT | NC_MSG_PEEK | NC_MSG_OOB)) ||
	    c->asked == NC_NIL || c->result >= c->asked || s->nonblock ||
	    s->rcvtimeo || s->late || e->rd_shut ||
	    (ep_peer(e) && ep_peer(e)->tx.urgent))
		return;
	e->cut_short = nc_xmalloc(sizeof(*e->cut_short));
	ref_set(e->cut_short, o);
}

enum nc_answer
offer_recv(struct offer *o)
{
	struct sock *s = o->sock;
	struct ep *e = s->ep;
	int64_t n = o->call->result;
	int64_t flags = o->call->flags == NC_NIL ? 0 : o->call->flags;
	enum nc_answer a;

	if (n == NC_NIL || o->step->error == NC_EINTR)
		wait_note(o, &s->wait);
	if (interrupted(o->call))
		return NC_ACCEPT;
	if ((flags & NC_MSG_OOB) &&
	    (!o->step->error || o->step->error == NC_EINVAL))
		return oob_recv(o);
	if (o->step->error)
		return recv_failed(o);
	if (n == NC_NIL || !e)
		return NC_ACCEPT;
	if (flags & NC_MSG_ERRQUEUE)
		return NC_ACCEPT;
	if (e->conn->state == CONN_FLOATING)
		conn_succeed(o, e->conn);
	if (n == 0)
		return recv_eof(o, e);
	if (flags & NC_MSG_PEEK) {
		struct ep *p;

		if ((a = conn_await(o, e, NEED_BYTES, (uint64_t)n)) !=
		    NC_ACCEPT)
			return a;
		p = ep_peer(e);
		if (p && e->conn->state == CONN_OPEN && !e->rx.elastic &&
		    o->mode == NC_TRY && !host_done(p->host) && !p->released &&
		    e->rx.rcvd + oob_skip(o, e, (uint64_t)n) + (uint64_t)n >
			p->tx.sent)
			return await(o, e,
			    e->rx.rcvd + oob_skip(o, e, (uint64_t)n) +
				(uint64_t)n,
			    "bytes", 4);
		return NC_ACCEPT;
	}
	a = recv_data(o, e, (uint64_t)n);
	if (a == NC_ACCEPT) {
		check_length(o, e);
		check_whole(o, e);
	}
	return a;
}
