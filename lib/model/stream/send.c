/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Sending on streams.
 */
#include "transfer.h"

#include "../deviate.h"
#include "../dgram/doubt.h"
#include "../offer.h"
#include "../socket/misuse.h"
#include "../socket/socket.h"
#include "../socket/timeout.h"
#include "clear.h"
#include "conn.h"
#include "held.h"
#include "late.h"
#include "leg.h"
#include "oob.h"
#include "pace.h"
#include "quiet.h"
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#define OUTSTANDING_MAX (4u << 20)
/* Sends of which no part can come between those of another, bytes. */
#define ATOMIC 65536
/* What one call can move at most: of one in progress that shows no length. */
#define CALL_MAX 0x7ffff000u

static bool
is_tls(const struct nc_call *call)
{
	char h[3];

	return nc_clear_copy(call->data, call->clear, 0, h, sizeof(h)) ==
	    sizeof(h) &&
	    h[0] == 22 && h[1] == 3;
}

/* The status of an HTTP answer that begins here, or 0. */
static int
http_status(const struct nc_call *call)
{
	static const char begin[] = "HTTP/1.";
	char h[sizeof(begin) - 1 + 5]; /* "HTTP/1.1 404" */
	const char *code = h + sizeof(h) - 3;
	int i, status = 0;

	if (nc_clear_copy(call->data, call->clear, 0, h, sizeof(h)) !=
		sizeof(h) ||
	    memcmp(h, begin, sizeof(begin) - 1) != 0)
		return 0;
	for (i = 0; i < 3; i++) {
		if (code[i] < '0' || code[i] > '9')
			return 0;
		status = 10 * status + (code[i] - '0');
	}
	return status;
}

/* EPIPE: our own shutdown, or the peer's close that an earlier send met. */
static enum nc_answer
epipe(struct offer *o, struct ep *e)
{
	struct conn *c = e->conn;
	struct ep *p = ep_peer(e);
	struct dev d;

	if (e->wr_shut) {
		not_connected(o,
		    e->shut_by == o->call->thread ? "shutdown" : "aborted",
		    "send_epipe");
		return NC_ACCEPT;
	}
	if (!e->rst && !e->rst_seen && c->state != CONN_HALF && p &&
	    !p->released && !p->left && !c->held && !shut_resets(e)) {
		if (o->mode == NC_TRY && !host_done(p->host)) {
			park(o, key_of(KEY_RX, e->id, 0), NC_AT_END,
			    "close of the peer", 2);
			o->wait->by = p->host;
			o->wait->end_of = p->number;
			return NC_PARK;
		}
		if (dev_open(&d, o, DEV_CONN_NOT_CLOSED, "send_epipe")) {
			dev_conn(&d, c, e->side);
			if (p->host->uncertain)
				dev_weak(&d);
			dev_cause(&d, &p->tx.last_ref);
			dev_cause(&d, &p->rx.last_ref);
			dev_close(&d);
		}
		return NC_ACCEPT;
	}
	if (!e->rst_seen) {
		e->sent_late = true;
		held_refute(o->m, c);
	}
	if (dev_open(&d, o, DEV_SEND_AFTER_CLOSE, "send_epipe")) {
		dev_conn(&d, c, e->side);
		dev_int(&d, "first", 0);
		dev_str(&d, "error", "EPIPE");
		dev_int(&d, "bytes", o->call->asked);
		dev_int(&d, "replies", (int64_t)e->rx.rcvd);
		if (e->rx.last_ref.host && o->call->time != NC_NIL &&
		    e->rx.last_ref.time != NC_NIL)
			dev_int(
			    &d, "quiet", o->call->time - e->rx.last_ref.time);
		dev_int(&d, "killed", p && p->killed);
		dev_int(&d, "at_exit", p && p->at_exit);
		/* It had been reading what we sent: nothing that it asked
		 * for last was left without an answer. */
		if (p && p->use.ended && p->use.read && !p->use.sent)
			dev_int(&d, "answered", 1);
		if (p)
			dev_cause(&d, &p->release);
		if (p && p->sock)
			sock_because(&d, p->sock, TOLD_SHUT);
		dev_close(&d);
	}
	e->rst = false;
	e->rst_seen = true;
	return NC_ACCEPT;
}

static enum nc_answer
send_failed(struct offer *o)
{
	struct sock *s = o->sock;
	struct ep *e = s->ep;
	struct dev d;

	switch (o->step->error) {
	case NC_EAGAIN:
		if (sock_connecting(s))
			misuse_connect(o, "send", "connect_use");
		else if (!timeout_note(o, true))
			would_block(o, "send_eagain");
		return NC_ACCEPT;
	case NC_EPIPE:
		if (sock_connecting(s) || sock_failed(s)) {
			misuse_connect(o, sock_failed(s) ? "failed" : "send",
			    "connect_use");
			return NC_ACCEPT;
		}
		if (e)
			return epipe(o, e);
		if (!s->late)
			not_connected(o, "unconnected", "send_epipe");
		return NC_ACCEPT;
	case NC_ECONNRESET:
		if (e)
			return reset(o, e, "send_reset");
		return NC_ACCEPT;
	case NC_EINPROGRESS:
		/* It connects as it sends: nothing has left yet. */
		return NC_ACCEPT;
	case NC_ENOTCONN:
	case NC_EDESTADDRREQ:
		if (!s->late && o->step->error == NC_ENOTCONN)
			not_connected(o, "unconnected", "send_notconn");
		else if (!s->late)
			dev_simple(o, DEV_EDESTADDRREQ, "send_notconn");
		return NC_ACCEPT;
	case NC_ETIMEDOUT:
	case NC_EHOSTUNREACH:
	case NC_ENETUNREACH:
		if (e && e->conn->state != CONN_FLOATING)
			died(o, e, "send_died");
		else if (e)
			conn_fail(o, e->conn, o->step->error);
		return NC_ACCEPT;
	case NC_ECONNREFUSED:
		if (e && e->conn->state == CONN_FLOATING)
			conn_fail(o, e->conn, o->step->error);
		return NC_ACCEPT;
	case NC_EINVAL:
		/* sendfile and splice: no fit source; programs then copy. */
		if (o->step->id != NC_CALL_SENDFILE &&
		    o->step->id != NC_CALL_SPLICE)
			break;
		if (dev_open(&d, o, DEV_EINVAL, "send_fail")) {
			d.rec.severity = nc_str("info");
			dev_str(&d, "reason", "source");
			dev_close(&d);
		}
		return NC_ACCEPT;
	case NC_EISCONN:
		tell_connected(o, "send_fail");
		return NC_ACCEPT;
	case NC_EMSGSIZE:
		dev_simple(o, DEV_EMSGSIZE, "send_fail");
		return NC_ACCEPT;
	case NC_EOPNOTSUPP:
		not_supported(o, "send_fail");
		return NC_ACCEPT;
	default:
		break;
	}
	if (!fail_common(o) && o->step->error > 0 &&
	    dev_open(&d, o, DEV_UNEXPECTED_FAILURE, "send_fail")) {
		dev_str(&d, "error", nc_errno_name(o->step->error));
		dev_close(&d);
	}
	return NC_ACCEPT;
}

/* The peer is gone: the bytes are lost, and it answers with a reset. */
static void
sent_after_close(struct offer *o, struct ep *e, uint64_t n)
{
	struct ep *p = ep_peer(e);
	struct dev d;

	if (!e->rst_seen && !e->rst) {
		e->rst = true;
		e->rst_cause = "closed";
		fire(o->m, key_of(KEY_RX, e->id, 0), NC_AT_END);
	}
	if (e->sent_after_close || sent_while_waited(o, e, n))
		return;
	e->sent_after_close = true;
	if (!dev_open(&d, o, DEV_SEND_AFTER_CLOSE, "send_ok"))
		return;
	d.rec.severity = nc_str("info");
	dev_conn(&d, e->conn, e->side);
	dev_int(&d, "first", 1);
	dev_int(&d, "bytes", (int64_t)n);
	dev_cause(&d, &p->release);
	dev_close(&d);
}

/*
 * Bytes that an earlier send had seemed to bring were read already: the call
 * less those, and how many bytes it adds.
 */
static uint64_t
pass_over(const struct offer *o, struct ep *e, uint64_t n, struct offer *rest,
    struct nc_call *call)
{
	uint64_t skip = e->tx.ahead < n ? e->tx.ahead : n;

	*rest = *o;
	if (skip == 0)
		return n;
	*call = *o->call;
	rest->call = call;
	call->runs = (struct nc_bytes){ NULL, 0 };
	if (call->data.len > skip && !o->call->runs.p) {
		call->data.p += skip;
		call->data.len -= (size_t)skip;
		/* Its offsets are those of the whole data: nothing readable. */
		if (call->clear.p)
			call->clear.len = 0;
	} else {
		call->data.len = 0;
	}
	e->tx.ahead -= skip;
	return n - skip;
}

/*
 * Sends of several threads that overlap lie inside each other, unless they are
 * small and began in the order in which they ended (model.md 2): of what they
 * sent together only the length is known.
 */
static void
mix(struct offer *o, struct ep *e, uint64_t from, uint64_t n)
{
	struct tx *t = &e->tx;
	const struct nc_call *c = o->call;
	int64_t entry = nc_call_from(c);
	struct dev d;

	if (!t->last_ref.host || c->thread == t->run_thread || o->host->apart ||
	    t->lane != o->lane->number + 1 || entry == NC_NIL ||
	    entry >= t->run_at)
		return;
	if (n + t->run_len <= ATOMIC && (o->early || entry >= t->run_entry))
		return;
	if (t->mixed_to <= t->base || t->run_from < t->mixed_from)
		t->mixed_from = t->run_from;
	t->mixed_to = from + n;
	if (t->concurrent)
		return;
	t->concurrent = true;
	if (!dev_open(&d, o, DEV_CONCURRENT_SEND, "send_ok"))
		return;
	dev_conn(&d, e->conn, e->side);
	dev_cause(&d, &t->last_ref);
	dev_close(&d);
}

/* The send, for the next one: it overlaps what entered before its exit. */
static void
run_on(const struct offer *o, struct tx *t, uint64_t from, uint64_t n)
{
	const struct nc_call *c = o->call;
	int64_t at = o->early ? INT64_MAX : nc_call_at(c);

	if (nc_call_from(c) >= t->run_at || t->run_at == 0) {
		t->run_from = from;
		t->run_at = at;
	} else if (at > t->run_at) {
		t->run_at = at;
	}
	t->run_len = n;
	t->run_entry = nc_call_from(c);
	t->run_thread = c->thread;
}

static void
append(struct offer *o, struct ep *e, uint64_t n)
{
	struct conn *c = e->conn;
	struct ep *p = ep_peer(e);
	struct chunk *first;
	struct nc_call call;
	struct offer rest;
	int status;
	uint64_t from = e->tx.sent, asked;

	if (e->tx.sent == 0 && !e->tx.nopening) {
		e->tx.nopening = (uint8_t)nc_clear_copy(o->call->data,
		    o->call->clear, 0, e->tx.opening, sizeof(e->tx.opening));
		e->tx.opening_cut = o->call->data.len < n &&
		    o->call->data.len < sizeof(e->tx.opening);
	}
	if (e->tx.sent == 0 && is_tls(o->call)) {
		if (e->side == SIDE_CLIENT)
			c->tls_c = true;
		else
			c->tls_s = true;
	}
	status = http_status(o->call);
	if (status) {
		e->tx.status = status;
		e->tx.answer = e->tx.sent;
	}
	/* The task that made the socket may send on it as well. */
	if (o->host->apart &&
	    (e->tx.lane != o->lane->number + 1 &&
		(e->tx.lane ||
		    host_lane(o->host, o->sock->trace)->number !=
			o->lane->number)))
		e->tx.apart = true;
	quiet_sends(o, e);
	/* A SOCKS client greets first. */
	if (e->side == SIDE_CLIENT && c->foreign && e->tx.writes < 2)
		leg_see(o, c);
	asked = n;
	n = pass_over(o, e, n, &rest, &call);
	first = tx_append(&e->tx, &rest, n);
	late_send(e, first);
	pace_sent(o, e, first, n);
	mix(o, e, from, n);
	run_on(o, &e->tx, from, n);
	e->tx.lane = o->lane->number + 1;
	if (o->call->flags != NC_NIL && (o->call->flags & NC_MSG_OOB))
		oob_sent(&e->tx);
	e->tx.writes++;
	if (n > e->tx.largest && n != CALL_MAX)
		e->tx.largest = n;
	ref_set(&e->tx.last_ref, o);
	if (o->early && o->was) {
		o->was->amount = n;
		o->was->skipped = asked - n;
		if (first) {
			o->was->mark = ++o->m->ids;
			for (; first; first = first->next)
				first->mark = o->was->mark;
		}
		o->was->conn = c;
		e->tx.appending++;
	}
	if (c->maybe && !o->early && e->tx.sent > (256u << 10))
		conn_external(o->m, c, false);
	/* Bytes that may settle which connection another accept took. */
	if (c->port && (c->unresolved || (c->in_port && !c->client_local.port)))
		fire(o->m, key_of(KEY_SYN, c->port->id, 0), 0);
	if (p && !p->released)
		fire(o->m, key_of(KEY_RX, p->id, 0), e->tx.sent);
	else if (p && c->state == CONN_OPEN && !p->at_exit)
		sent_after_close(o, e, n);
}

/* Another send on the socket has begun meanwhile. */
static bool
has_rival(const struct offer *o)
{
	const struct inside *in;

	for (in = o->sock->inside; in; in = in->next)
		if (in->thread != o->call->thread &&
		    nc_call_family(in->id) == NC_FAMILY_SEND)
			return true;
	return false;
}

/* The send is over of which other bytes came: were they another's? */
static void
settle_doubt(struct offer *o, struct ep *e)
{
	struct tx *t = &e->tx;
	struct dev *d = t->doubted;

	if (!t->in_doubt)
		return;
	t->in_doubt = false;
	t->doubted = NULL;
	if (t->concurrent || t->appending || has_rival(o))
		t->mixed = true;
	if (!d)
		return;
	if (!t->mixed)
		doubt_close_conn(d, e->conn, e->host);
	if (d->m)
		dev_free(d);
	else
		free(d); /* its parts are kept */
}

/* What it did not send after all is taken back. */
static void
take_back(struct offer *o)
{
	struct sock *s = o->sock;
	struct ep *e = s ? s->ep : NULL, *p;
	uint64_t n = o->call->result > 0 ? (uint64_t)o->call->result : 0, end;
	struct chunk *c;

	if (!e || (!o->was->amount && !o->was->skipped))
		return;
	p = ep_peer(e);
	e->tx.appending--;
	settle_doubt(o, e);
	if (e->tx.run_at == INT64_MAX)
		e->tx.run_at = nc_call_at(o->call);
	if (o->was->amount == CALL_MAX && n > e->tx.largest)
		e->tx.largest = n;
	for (c = e->tx.first; c && o->was->mark; c = c->next)
		if (c->mark == o->was->mark)
			c->optional = o->call->result == NC_NIL;
	if (o->call->result == NC_NIL)
		return;
	/* What was read before it comes with its first bytes. */
	if (n < o->was->skipped) {
		e->tx.ahead += o->was->skipped - n;
		n = 0;
	} else {
		n -= o->was->skipped;
	}
	if (n >= o->was->amount)
		return;
	/* Only the end can be taken back, and only what was not read. */
	if (!e->tx.last || !o->was->mark || e->tx.lossy ||
	    e->tx.last->mark != o->was->mark) {
		if (p)
			p->rx.elastic = true;
		return;
	}
	end = e->tx.sent - (o->was->amount - n);
	if (p && p->rx.rcvd > end) {
		/* Read ahead of the send that will bring them again. */
		e->tx.ahead += p->rx.rcvd - end;
		end = p->rx.rcvd;
	}
	tx_truncate(&e->tx, end);
}

/* An early send returned. */
void
settle_send(struct offer *o)
{
	struct ep *e = o->sock ? o->sock->ep : NULL;
	const struct ep *p = e ? ep_peer(e) : NULL;

	take_back(o);
	if (p && p->released && e->conn->state == CONN_OPEN &&
	    o->call->result > 0 && e->tx.sent > p->rx.rcvd)
		sent_while_waited(o, e, e->tx.sent - p->rx.rcvd);
}

/* MSG_FASTOPEN: connect and send in one (connect_fastopen). */
static bool
connects(const struct offer *o)
{
	return o->sock->type == SOCK_TCP && o->step->peer.family &&
	    o->call->flags != NC_NIL && (o->call->flags & NC_MSG_FASTOPEN);
}

static void
no_fastopen(struct offer *o)
{
	struct dev d;

	if (!dev_open(&d, o, DEV_EOPNOTSUPP, "connect_fastopen"))
		return;
	d.rec.severity = nc_str("info");
	dev_int(&d, "urgent", 0);
	dev_close(&d);
}

/*
 * Nothing is sent on a socket without a connection: its connect is not in the
 * trace, as of one that goes on in the background under strace -z.
 */
static void
connected_unseen(struct offer *o)
{
	struct dev d;

	o->sock->late = true;
	if (!dev_open(&d, o, DEV_UNEXPECTED_SUCCESS, "send_unconnected"))
		return;
	dev_weak(&d);
	dev_close(&d);
}

enum nc_answer
offer_send(struct offer *o)
{
	struct sock *s = o->sock;
	struct ep *e = s->ep;
	struct conn *c;
	int64_t n = o->call->result;
	enum nc_answer a;

	if (o->was && o->was->early && !o->early) {
		settle_send(o);
		if (!o->step->error)
			return NC_ACCEPT;
	}
	if (o->step->error == NC_EOPNOTSUPP && !o->early && !e && connects(o)) {
		/* The host does not allow it; programs then connect plainly. */
		no_fastopen(o);
		return NC_ACCEPT;
	}
	if (o->step->error && !o->early && !e && connects(o))
		return offer_connect(o);
	if (o->step->error && !o->early)
		return interrupted(o->call) ? NC_ACCEPT : send_failed(o);
	/* The begin of a sendfile does not tell how much. */
	if (o->early && o->call->asked == NC_NIL)
		n = CALL_MAX;
	else if (o->early || n == NC_NIL)
		n = o->call->asked == NC_NIL ? 0 : o->call->asked;
	if (!e && connects(o)) {
		a = offer_connect(o);
		e = s->ep;
		if (a != NC_ACCEPT || !e)
			return a;
	}
	if (!e) {
		if (!s->late && s->type == SOCK_TCP && !o->early &&
		    o->step->peer.family == 0)
			connected_unseen(o);
		return NC_ACCEPT;
	}
	c = e->conn;
	if (c->state == CONN_FLOATING && !o->early && o->call->result != NC_NIL)
		conn_succeed(o, c);
	if (interrupted(o->call) || n <= 0)
		return NC_ACCEPT;
	if (o->mode == NC_TRY && c->state == CONN_OPEN && ep_peer(e) &&
	    !ep_peer(e)->released && !e->tx.lossy &&
	    e->tx.sent - e->tx.base > OUTSTANDING_MAX) {
		struct ep *p = ep_peer(e);

		if (!p->rx.elastic && !host_done(p->host))
			return defer(o, 0, "room in the stream", 1);
	}
	append(o, e, (uint64_t)n);
	return NC_ACCEPT;
}
