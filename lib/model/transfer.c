/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Sending and receiving on streams.
 */
#include "state.h"

#include <string.h>

#define MISMATCHES_MAX 3
#define RETAINED 4096 /* consumed bytes kept while a match is open */
#define OUTSTANDING_MAX (4u << 20)
#define STALLED 65536

static bool
is_tls(const struct nc_call *call)
{
	return call->data.len >= 3 && call->data.p[0] == 22 &&
	    call->data.p[1] == 3;
}

static int64_t
exit_time(const struct nc_call *call)
{
	if (call->time == NC_NIL)
		return NC_NIL;
	return call->time + (call->duration == NC_NIL ? 0 : call->duration);
}

static bool
interrupted(const struct nc_call *call)
{
	return call->marks != NC_NIL && (call->marks & NC_MARK_INTERRUPTED);
}

/* Errors of a connection that both directions share */

static void
tell_reset(struct offer *o, struct ep *e, const char *rule)
{
	struct conn *c = e->conn;
	struct dev d;

	if (!dev_open(&d, o, DEV_CONN_RESET, rule))
		return;
	dev_conn(&d, c, e->side);
	dev_str(&d, "cause",
	    c->state == CONN_HALF ? "external" :
		e->rst_cause      ? e->rst_cause :
				    "unknown");
	dev_int(&d, "unread", (int64_t)e->rst_bytes);
	dev_int(&d, "both_done", e->wr_shut && e->rx.eof);
	if (ep_peer(e))
		dev_cause(&d, &ep_peer(e)->release);
	dev_close(&d);
}

/* ECONNRESET: with a cause that the model saw, or else the network's. */
static enum nc_answer
reset(struct offer *o, struct ep *e, const char *rule)
{
	struct conn *c = e->conn;
	struct ep *p = ep_peer(e);
	struct dev d;

	if (!e->rst && !e->rst_seen && c->state != CONN_HALF && p &&
	    o->mode == NC_TRY && !host_done(p->host)) {
		park(o, key_of(KEY_RX, e->id, 0), NC_AT_END, "reset", 2);
		o->wait->by = p->host;
		o->wait->end_of = p->host == o->host ? p->number : 0;
		return NC_PARK;
	}
	c->reset = true;
	if (e->rst || c->state == CONN_HALF || c->listening_reset) {
		e->rst = false;
		e->rst_seen = true;
		held_decide(o->m, c, "reset");
		tell_reset(o, e, rule);
		return NC_ACCEPT;
	}
	if (e->rst_seen)
		return NC_ACCEPT;
	e->rst_seen = true;
	if (p && p->released) {
		/* What the peer left unread was sent after its close. */
		e->rst_cause = "closed";
		tell_reset(o, e, rule);
		return NC_ACCEPT;
	}
	if (c->state == CONN_PENDING || c->state == CONN_FLOATING) {
		conn_external(o->m, c, true);
		tell_reset(o, e, rule);
		return NC_ACCEPT;
	}
	if (dev_open(&d, o, DEV_RESET_BY_NETWORK, rule)) {
		dev_conn(&d, c, e->side);
		dev_int(&d, "received", (int64_t)e->rx.rcvd);
		dev_int(&d, "sent", (int64_t)e->tx.sent);
		dev_int(&d, "first_data", e->rx.rcvd == 0);
		if (p && p->host->uncertain)
			dev_weak(&d);
		dev_close(&d);
	}
	return NC_ACCEPT;
}

/* What one end sent that the other never got, and how large its writes. */
struct outstanding {
	uint64_t bytes, writes, largest;
};

static struct outstanding
outstanding(const struct ep *from)
{
	const struct ep *to = ep_peer(from);
	uint64_t read = to ? to->rx.rcvd : 0;
	struct outstanding out = { 0 };
	const struct chunk *c;

	if (from->tx.lossy)
		return out;
	for (c = from->tx.first; c; c = c->next) {
		uint64_t end = c->offset + c->len;

		if (end <= read || c->optional)
			continue;
		out.bytes += end - (c->offset > read ? c->offset : read);
		out.writes++;
		if (c->len > out.largest)
			out.largest = c->len;
	}
	return out;
}

static void
died(struct offer *o, struct ep *e, const char *rule)
{
	struct outstanding out = outstanding(e);
	struct ep *p = ep_peer(e);
	struct dev d;

	e->died = true;
	if (!dev_open(&d, o, DEV_CONN_DIED, rule))
		return;
	dev_conn(&d, e->conn, e->side);
	dev_str(&d, "error", nc_errno_name(o->step->error));
	dev_int(&d, "outstanding", (int64_t)out.bytes);
	if (out.bytes)
		dev_int(&d, "largest_lost", (int64_t)out.largest);
	if (p)
		dev_int(&d, "largest_delivered", (int64_t)p->rx.largest);
	if (e->tx.last_ref.host && o->call->time != NC_NIL &&
	    e->tx.last_ref.time != NC_NIL)
		dev_int(&d, "quiet", o->call->time - e->tx.last_ref.time);
	dev_cause(&d, &e->tx.last_ref);
	dev_close(&d);
}

static void
not_connected(struct offer *o, const char *reason, const char *rule)
{
	struct dev d;

	if (!dev_open(&d, o, DEV_ENOTCONN, rule))
		return;
	if (o->sock && o->sock->ep)
		dev_conn(&d, o->sock->ep->conn, o->sock->ep->side);
	dev_str(&d, "reason", reason);
	dev_close(&d);
}

/* Sending */

/* EPIPE: our own shutdown, or the peer's close that an earlier send met. */
static enum nc_answer
epipe(struct offer *o, struct ep *e)
{
	struct conn *c = e->conn;
	struct ep *p = ep_peer(e);
	struct dev d;

	if (e->wr_shut) {
		not_connected(o, "shutdown", "send_epipe");
		return NC_ACCEPT;
	}
	if (!e->rst && !e->rst_seen && c->state != CONN_HALF && p &&
	    !p->released && !c->held) {
		if (o->mode == NC_TRY && !host_done(p->host)) {
			park(o, key_of(KEY_RX, e->id, 0), NC_AT_END,
			    "close of the peer", 2);
			o->wait->by = p->host;
			o->wait->end_of = p->host == o->host ? p->number : 0;
			return NC_PARK;
		}
		if (dev_open(&d, o, DEV_CONN_NOT_CLOSED, "send_epipe")) {
			dev_conn(&d, c, e->side);
			if (p->host->uncertain)
				dev_weak(&d);
			dev_close(&d);
		}
		return NC_ACCEPT;
	}
	if (!e->rst_seen)
		held_refute(o->m, c);
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
		if (p)
			dev_cause(&d, &p->release);
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
	struct outstanding out;
	struct dev d;

	switch (o->step->error) {
	case NC_EAGAIN:
		if (!e || e->conn->state == CONN_HALF)
			return NC_ACCEPT;
		out = outstanding(e);
		if (out.bytes >= STALLED &&
		    dev_open(&d, o, DEV_SEND_STALLED, "send_eagain")) {
			d.rec.severity = nc_str("info");
			dev_conn(&d, e->conn, e->side);
			dev_int(&d, "outstanding", (int64_t)out.bytes);
			dev_close(&d);
		}
		if (!s->nonblock && s->sndtimeo &&
		    dev_open(&d, o, DEV_RECV_TIMEOUT, "send_eagain")) {
			dev_conn(&d, e->conn, e->side);
			dev_int(&d, "timeout", s->sndtimeo);
			dev_close(&d);
		}
		return NC_ACCEPT;
	case NC_EPIPE:
		if (e)
			return epipe(o, e);
		if (!s->late)
			not_connected(o, "unconnected", "send_epipe");
		return NC_ACCEPT;
	case NC_ECONNRESET:
		if (e)
			return reset(o, e, "send_reset");
		return NC_ACCEPT;
	case NC_ENOTCONN:
	case NC_EDESTADDRREQ:
		if (!s->late)
			dev_simple(o,
			    o->step->error == NC_ENOTCONN ? DEV_ENOTCONN :
							    DEV_EDESTADDRREQ,
			    "send_notconn");
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
	case NC_EISCONN:
		dev_simple(o, DEV_EISCONN, "send_fail");
		return NC_ACCEPT;
	case NC_EMSGSIZE:
		dev_simple(o, DEV_EMSGSIZE, "send_fail");
		return NC_ACCEPT;
	case NC_EOPNOTSUPP:
		dev_simple(o, DEV_EOPNOTSUPP, "send_fail");
		return NC_ACCEPT;
	default:
		if (!fail_common(o) && o->step->error > 0 &&
		    dev_open(&d, o, DEV_UNEXPECTED_FAILURE, "send_fail")) {
			dev_str(&d, "error", nc_errno_name(o->step->error));
			dev_close(&d);
		}
		return NC_ACCEPT;
	}
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
	if (e->sent_after_close)
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

static void
append(struct offer *o, struct ep *e, uint64_t n)
{
	struct conn *c = e->conn;
	struct ep *p = ep_peer(e);
	struct chunk *first;

	if (e->tx.sent == 0 && is_tls(o->call)) {
		if (e->side == SIDE_CLIENT)
			c->tls_c = true;
		else
			c->tls_s = true;
	}
	first = tx_append(&e->tx, o, n);
	e->tx.writes++;
	if (n > e->tx.largest)
		e->tx.largest = n;
	ref_set(&e->tx.last_ref, o);
	if (o->early && o->was) {
		o->was->amount = n;
		o->was->chunk = first;
		o->was->conn = c;
		e->tx.appending++;
	}
	if (c->maybe && e->tx.sent > (256u << 10))
		conn_external(o->m, c, false);
	if (p && !p->released)
		fire(o->m, key_of(KEY_RX, p->id, 0), e->tx.sent);
	else if (p && c->state == CONN_OPEN && !p->at_exit)
		sent_after_close(o, e, n);
}

/* An early send returned: take back what it did not send after all. */
void
settle_send(struct offer *o)
{
	struct sock *s = o->sock;
	struct ep *e = s ? s->ep : NULL, *p;
	uint64_t n = o->call->result > 0 ? (uint64_t)o->call->result : 0;
	struct chunk *c;

	if (!e || !o->was->amount)
		return;
	p = ep_peer(e);
	e->tx.appending--;
	if (o->was->chunk)
		for (c = e->tx.first; c; c = c->next)
			if (c->optional && c->seq == o->was->chunk->seq)
				c->optional = o->call->result == NC_NIL;
	if (n >= o->was->amount || o->call->result == NC_NIL)
		return;
	/* Only the end can be taken back, and only what was not read. */
	if (e->tx.last && o->was->chunk &&
	    e->tx.last->seq == o->was->chunk->seq && !e->tx.lossy &&
	    (!p || p->rx.rcvd <= e->tx.sent - (o->was->amount - n)))
		tx_truncate(&e->tx, e->tx.sent - (o->was->amount - n));
	else if (p)
		p->rx.elastic = true;
}

enum nc_answer
offer_send(struct offer *o)
{
	struct sock *s = o->sock;
	struct ep *e = s->ep;
	struct conn *c;
	int64_t n = o->call->result;

	if (o->was && o->was->early && !o->early) {
		settle_send(o);
		if (!o->step->error)
			return NC_ACCEPT;
	}
	if (o->step->error && !o->early)
		return interrupted(o->call) ? NC_ACCEPT : send_failed(o);
	if (o->early || n == NC_NIL)
		n = o->call->asked == NC_NIL ? 0 : o->call->asked;
	if (!e) {
		if (!s->late && s->type == SOCK_TCP && !o->early &&
		    o->step->peer.family == 0)
			dev_simple(
			    o, DEV_UNEXPECTED_SUCCESS, "send_unconnected");
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

/* Receiving */

static enum nc_answer
recv_failed(struct offer *o)
{
	struct sock *s = o->sock;
	struct ep *e = s->ep;
	struct dev d;

	switch (o->step->error) {
	case NC_EAGAIN:
		if (!s->nonblock && s->rcvtimeo && e) {
			struct ep *p = ep_peer(e);
			uint64_t inflight = p && p->tx.sent > e->rx.rcvd ?
			    p->tx.sent - e->rx.rcvd :
			    0;

			if (dev_open(&d, o, DEV_RECV_TIMEOUT, "recv_eagain")) {
				dev_conn(&d, e->conn, e->side);
				dev_int(&d, "timeout", s->rcvtimeo);
				dev_int(&d, "inflight", (int64_t)inflight);
				dev_close(&d);
			}
			wait_note(o, &s->wait);
		}
		return NC_ACCEPT;
	case NC_ECONNRESET:
		return e ? reset(o, e, "recv_reset") : NC_ACCEPT;
	case NC_ENOTCONN:
		if (!s->late)
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
	default:
		if (!fail_common(o) && o->step->error > 0 &&
		    dev_open(&d, o, DEV_UNEXPECTED_FAILURE, "recv_ok")) {
			dev_str(&d, "error", nc_errno_name(o->step->error));
			dev_close(&d);
		}
		return NC_ACCEPT;
	}
}

/* Another thread is reading the same stream: the bytes may be split. */
static bool
has_sibling(const struct offer *o)
{
	const struct inside *in;

	for (in = o->sock->inside; in; in = in->next)
		if (in->thread != o->call->thread &&
		    !nc_call_is_producer(in->id) && in->id != NC_CALL_ACCEPT &&
		    in->id != NC_CALL_ACCEPT4)
			return true;
	return false;
}

static enum nc_answer
await(struct offer *o, struct ep *e, uint64_t at, const char *what, int cost)
{
	struct ep *p = ep_peer(e);

	park(o, key_of(KEY_RX, e->id, 0), at, what, cost);
	o->wait->by = p ? p->host : NULL;
	if (p && p->host == o->host)
		o->wait->end_of = p->number;
	return NC_PARK;
}

static enum nc_answer
recv_eof(struct offer *o, struct ep *e)
{
	struct conn *c = e->conn;
	struct ep *p = ep_peer(e);
	enum nc_answer a;
	struct dev d;

	if (e->rx.eof || e->rd_shut || e->rst_seen || e->died ||
	    o->call->asked == 0)
		return NC_ACCEPT;
	if ((a = conn_await(o, e)) != NC_ACCEPT)
		return a;
	if (c->state == CONN_HALF || !p) {
		e->rx.eof = true;
		return NC_ACCEPT;
	}
	if (!p->tx.fin && !p->released && !p->wr_shut) {
		if (o->mode == NC_TRY && !host_done(p->host))
			return await(o, e, NC_AT_END, "end of the stream", 2);
		if (match_swap(o->m, c, e, o->call, 0))
			return recv_eof(o, e);
		o->m->forced |= !host_done(p->host);
		if (!p->host->uncertain &&
		    dev_open(&d, o, DEV_EOF_NOT_CLOSED, "recv_eof")) {
			dev_conn(&d, c, e->side);
			dev_weak(&d);
			dev_close(&d);
		}
		p->tx.fin = true;
	}
	if (p->tx.sent > e->rx.rcvd && !e->rx.elastic && !p->tx.appending) {
		struct outstanding out = outstanding(p);

		if (c->unresolved && match_swap(o->m, c, e, o->call, 0))
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
	e->rx.eof = true;
	if (c->held && c->held->side != e->side && !e->rst_seen)
		held_refute(o->m, c);
	return NC_ACCEPT;
}

static void
mismatch(
    struct offer *o, struct ep *e, uint64_t n, const struct difference *diff)
{
	struct ep *p = ep_peer(e);
	char text[2][16 * 4 + 1];
	struct nc_call c;
	struct dev d;
	size_t i, k, at;

	e->rx.mismatches++;
	o->m->rejects++;
	if (e->rx.mismatches >= MISMATCHES_MAX)
		e->rx.elastic = true;
	(void)c;
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
	dev_str(&d, "sent", text[0]);
	dev_str(&d, "received", text[1]);
	dev_int(&d, "differing", (int64_t)diff->len);
	dev_int(&d, "length", (int64_t)n);
	dev_int(&d, "whole", p->tx.sent == e->rx.rcvd + n);
	dev_int(&d, "known", (int64_t)o->call->data.len);
	dev_cause(&d, &p->tx.last_ref);
	dev_close(&d);
}

/* Bytes that no traced peer sent. */
static void
not_sent(struct offer *o, struct ep *e, uint64_t n)
{
	struct ep *p = ep_peer(e);
	uint64_t have = p->tx.sent > e->rx.rcvd ? p->tx.sent - e->rx.rcvd : 0;
	struct dev d;

	e->rx.elastic = true;
	if (p->host->uncertain) {
		if (dev_open(&d, o, DEV_INCOMPLETE_TRACE, "recv_ok")) {
			dev_conn(&d, e->conn, e->side);
			dev_str(&d, "why",
			    "bytes from a peer whose trace is "
			    "not complete");
			dev_close(&d);
		}
		return;
	}
	p->host->rejects++;
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
	dev_close(&d);
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
		if (k && k->time != NC_NIL)
			clock_pair(o->m, p->host, k->time, e->host,
			    exit_time(o->call));
	}
	if (p) {
		for (k = p->tx.first; k && k->offset <= e->rx.rcvd; k = k->next)
			host_heard(e->host, p->host, k->seq);
	}
	e->rx.rcvd += n;
	e->rx.reads++;
	e->rx.last_seq = o->m->seq + 1;
	e->rx.compared += compared;
	o->m->compared += compared;
	o->m->received += p ? n : 0;
	ref_set(&e->rx.last_ref, o);
	e->rx.taken = (struct taken){ o->lane, o->call->line };
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
	match_confirm(o, c, e->rx.compared);
}

static enum nc_answer
recv_data(struct offer *o, struct ep *e, uint64_t n)
{
	struct conn *c = e->conn;
	struct difference diff;
	enum nc_answer a;
	uint64_t compared = 0;
	struct ep *p;

	if ((a = conn_await(o, e)) != NC_ACCEPT)
		return a;
	p = ep_peer(e);
	if (c->state == CONN_HALF || !p) {
		took(o, e, n, 0);
		return NC_ACCEPT;
	}
	if (e->rx.elastic) {
		took(o, e, n, 0);
		return NC_ACCEPT;
	}
	if (e->rx.rcvd + n > p->tx.sent) {
		bool over = p->released || p->wr_shut || host_done(p->host);

		if (o->mode == NC_TRY && !over)
			return await(o, e, e->rx.rcvd + n, "bytes", 4);
		if (match_swap(o->m, c, e, o->call, n))
			return recv_data(o, e, n);
		o->m->forced |= !over;
		if (has_sibling(o))
			e->rx.elastic = true;
		else
			not_sent(o, e, n);
		took(o, e, n, 0);
		return NC_ACCEPT;
	}
	if ((o->call->marks == NC_NIL || !(o->call->marks & NC_MARK_DAMAGED)) &&
	    tx_compare(&p->tx, e->rx.rcvd, o->call, n, &compared, &diff)) {
		if (match_swap(o->m, c, e, o->call, n))
			return recv_data(o, e, n);
		compared = 0;
		if (has_sibling(o) || diff.mixed || p->tx.appending > 1)
			p->tx.mixed = true;
		else
			mismatch(o, e, n, &diff);
	}
	took(o, e, n, compared);
	return NC_ACCEPT;
}

enum nc_answer
offer_recv(struct offer *o)
{
	struct sock *s = o->sock;
	struct ep *e = s->ep;
	int64_t n = o->call->result;
	int64_t flags = o->call->flags == NC_NIL ? 0 : o->call->flags;
	enum nc_answer a;

	if (interrupted(o->call))
		return NC_ACCEPT;
	if (o->step->error)
		return recv_failed(o);
	if (n == NC_NIL)
		wait_note(o, &s->wait);
	if (n == NC_NIL || !e)
		return NC_ACCEPT;
	if (flags & (NC_MSG_OOB | NC_MSG_ERRQUEUE))
		return NC_ACCEPT;
	if (e->conn->state == CONN_FLOATING)
		conn_succeed(o, e->conn);
	if (n == 0)
		return recv_eof(o, e);
	if (flags & NC_MSG_PEEK) {
		struct ep *p;

		if ((a = conn_await(o, e)) != NC_ACCEPT)
			return a;
		p = ep_peer(e);
		if (p && e->conn->state == CONN_OPEN && !e->rx.elastic &&
		    o->mode == NC_TRY && !host_done(p->host) && !p->released &&
		    e->rx.rcvd + (uint64_t)n > p->tx.sent)
			return await(
			    o, e, e->rx.rcvd + (uint64_t)n, "bytes", 4);
		return NC_ACCEPT;
	}
	return recv_data(o, e, (uint64_t)n);
}
