/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * TLS sessions, as far as their records' headers tell.
 */
#include "tls.h"

#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "clear.h"
#include "conn.h"
#include "netnum.h"

#define HEADER 5
#define RECORD_MAX 16640 /* RFC 8446 5.2 */
#define ALERT_LEN 2
#define READ_MAX 512        /* bytes of a call */
#define HIDDEN_ALERT_LEN 19 /* level, number, type, tag */

enum { CHANGE_CIPHER = 20, ALERT, HANDSHAKE, APPLICATION };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2 };
enum { FATAL = 2 };

/* RFC 8446 6, RFC 5246 7.2, RFC 6066, RFC 7301. */
static const char *
alert_name(int number)
{
	static const struct {
		int number;
		const char *name;
	} names[] = { { 10, "unexpected_message" }, { 20, "bad_record_mac" },
		{ 22, "record_overflow" }, { 40, "handshake_failure" },
		{ 41, "no_certificate" }, { 42, "bad_certificate" },
		{ 43, "unsupported_certificate" },
		{ 44, "certificate_revoked" }, { 45, "certificate_expired" },
		{ 46, "certificate_unknown" }, { 47, "illegal_parameter" },
		{ 48, "unknown_ca" }, { 49, "access_denied" },
		{ 50, "decode_error" }, { 51, "decrypt_error" },
		{ 70, "protocol_version" }, { 71, "insufficient_security" },
		{ 80, "internal_error" }, { 86, "inappropriate_fallback" },
		{ 109, "missing_extension" }, { 110, "unsupported_extension" },
		{ 112, "unrecognized_name" },
		{ 113, "bad_certificate_status_response" },
		{ 115, "unknown_psk_identity" },
		{ 116, "certificate_required" },
		{ 120, "no_application_protocol" } };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == number)
			return names[i].name;
	return NULL;
}

static bool
is_header(const unsigned char *h)
{
	unsigned len = nc_netnum_get16(h + 3);

	return h[0] >= CHANGE_CIPHER && h[0] <= APPLICATION && h[1] == 3 &&
	    h[2] <= 4 && len > 0 && len <= RECORD_MAX;
}

/* What can be read of a call's first bytes: redacted ones, headers only. */
struct bytes {
	unsigned char p[READ_MAX];
	bool known[READ_MAX];
	uint64_t n; /* that the call moved */
};

static void
bytes_read(struct bytes *b, const struct nc_call *call)
{
	struct nc_clear c = nc_clear(call->data, call->clear);
	struct nc_bytes text;
	size_t at, i;

	memset(b, 0, sizeof(*b));
	b->n = (uint64_t)call->result;
	while (nc_clear_next(&c, &at, &text))
		for (i = 0; i < text.len && at + i < READ_MAX; i++) {
			b->p[at + i] = (unsigned char)text.p[i];
			b->known[at + i] = true;
		}
}

static bool
is_known(const struct bytes *b, uint64_t at)
{
	return at < READ_MAX && at < b->n && b->known[at];
}

/* The first n bytes can be read, or all if there are fewer. */
static bool
shows(const struct bytes *b, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < b->n; i++)
		if (!b->known[i])
			return false;
	return true;
}

static bool
shows_header(const struct bytes *b)
{
	return b->n >= HEADER && shows(b, HEADER) && is_header(b->p);
}

/* The call begins a session: with a ClientHello, or the answer to none. */
static bool
begins(const struct bytes *b, bool first)
{
	if (!shows_header(b))
		return false;
	if (b->p[0] == HANDSHAKE)
		return is_known(b, HEADER) ? b->p[HEADER] == CLIENT_HELLO :
					     first;
	return first && b->p[0] == ALERT && b->p[3] == 0 &&
	    b->p[4] == ALERT_LEN;
}

/* Telling */

static void
tell(struct nc_model *m, const struct conn *c, const struct ref *seen, int at,
    int by, const char *how, int number)
{
	struct tls *t = c->tls;
	struct dev d;

	t->told = true;
	if (!dev_open_ref(&d, m, seen, DEV_TLS_FAILED, "stat_connection"))
		return;
	dev_conn(&d, c, at);
	dev_str(&d, "how", how);
	dev_str(&d, "by", by == t->client ? "client" : "server");
	if (number >= 0) {
		dev_int(&d, "alert", number);
		dev_str(&d, "name", alert_name(number));
	}
	if (c->ep[!at])
		dev_cause(&d, &c->ep[!at]->tx.last_ref);
	dev_close(&d);
}

static void
tell_now(
    struct offer *o, const struct ep *e, int by, const char *how, int number)
{
	struct ref seen = { 0 };

	ref_set(&seen, o);
	tell(o->m, e->conn, &seen, e->side, by, how, number);
}

/* Records */

/* It has sent what only the end of its handshake brings. */
static bool
finished(const struct tls_side *s)
{
	return s->application > 0 || s->finished;
}

static void
alerted(struct offer *o, const struct ep *e, int side)
{
	const struct tls_side *s = &e->conn->tls->side[side];

	/* Longer ones are encrypted. */
	if (s->len != ALERT_LEN)
		return;
	/* A warning, the regular end, or one that cannot be told from it. */
	if (s->nbody < ALERT_LEN || s->body[0] != FATAL || s->body[1] == 0)
		return;
	/* What it could not read as a hello was none. */
	if (e->conn->tls->side[!side].foreign)
		tell_now(o, e, !side, "not_tls", -1);
	else
		tell_now(o, e, side, "alert", s->body[1]);
}

static void
handshaken(struct tls *t, struct tls_side *s)
{
	/* A second hello, after a retry, is no end of it. */
	bool hello = s->nbody ?
	    s->body[0] == CLIENT_HELLO || s->body[0] == SERVER_HELLO :
	    s->records == 1;

	if (hello && s != &t->side[t->client])
		t->hello = true;
	if (s->changed && !hello)
		s->finished = true;
}

/* Encrypted ones: handshake messages, too, from TLS 1.3 on. */
static void
encrypted(struct offer *o, const struct ep *e, int side)
{
	struct tls *t = e->conn->tls;
	struct tls_side *s = &t->side[side];

	s->application++;
	if (side != t->client && t->side[t->client].application)
		s->after++;
	if (s->len != HIDDEN_ALERT_LEN || s->finished)
		return;
	s->alerts++;
	/* The client's Finished is due, and longer. */
	if (side == t->client && s->application == 1 && t->hello &&
	    !t->side[!side].alerts)
		tell_now(o, e, side, "hidden", -1);
}

static void
record(struct offer *o, const struct ep *e, int side)
{
	struct tls *t = e->conn->tls;
	struct tls_side *s = &t->side[side];

	switch (s->header[0]) {
	case CHANGE_CIPHER:
		s->changed = true;
		break;
	case ALERT:
		alerted(o, e, side);
		break;
	case HANDSHAKE:
		handshaken(t, s);
		break;
	default:
		encrypted(o, e, side);
	}
}

/* A byte of a header; false if it cannot be one. */
static bool
take_header(struct tls_side *s, unsigned char c)
{
	s->header[s->nheader++] = c;
	if (s->nheader < HEADER)
		return true;
	s->nheader = 0;
	if (!is_header(s->header))
		return false;
	s->len = s->left = nc_netnum_get16(s->header + 3);
	s->nbody = 0;
	s->records++;
	return true;
}

/* Can what the call moved be followed? */
static bool
in_step(struct tls_side *s, const struct bytes *b)
{
	bool header = shows_header(b);

	if (s->lost && header) {
		s->lost = false;
		s->left = s->nheader = 0;
	} else if (!s->lost && s->left == 0 && s->nheader == 0 && !header) {
		/* Part of a header, read by itself, may be one. */
		s->lost = b->n >= HEADER || !shows(b, HEADER);
		s->foreign = s->records == 0 && b->n >= HEADER &&
		    shows(b, HEADER);
	}
	return !s->lost;
}

static void
walk(struct offer *o, const struct ep *e, int side, const struct bytes *b)
{
	struct tls *t = e->conn->tls;
	struct tls_side *s = &t->side[side];
	uint64_t at = 0, skip;

	if (!in_step(s, b))
		return;
	while (at < b->n && !t->told) {
		if (s->left == 0) {
			s->lost = !is_known(b, at) ||
			    !take_header(s, b->p[at++]);
			if (s->lost)
				return;
			continue;
		}
		if (s->nbody < ALERT_LEN && s->len - s->left == s->nbody &&
		    is_known(b, at)) {
			s->body[s->nbody++] = b->p[at];
			skip = 1;
		} else {
			skip = b->n - at < s->left ? b->n - at : s->left;
		}
		at += skip;
		s->left -= (unsigned)skip;
		if (s->left == 0)
			record(o, e, side);
	}
}

/* Calls */

/* What a side had sent. */
static uint64_t
sent_by(const struct conn *c, int side)
{
	return c->ep[side] ? c->ep[side]->tx.sent :
	    c->ep[!side]   ? c->ep[!side]->rx.rcvd :
			     0;
}

/* At first sight; nearly all calls are something else. */
static bool
may_begin(const struct nc_call *call)
{
	const char *p = call->data.p;

	if (call->data.len < HEADER)
		return false;
	return call->clear.p ||
	    ((p[0] == HANDSHAKE || p[0] == ALERT) && p[1] == 3);
}

static bool
starts(struct conn *c, int side, const struct bytes *b)
{
	if (!begins(b, sent_by(c, side) == b->n))
		return false;
	c->tls = nc_xcalloc(1, sizeof(*c->tls));
	c->tls->client = b->p[0] == ALERT ? !side : side;
	c->tls->before = sent_by(c, !side);
	return true;
}

static bool
moves_bytes(const struct offer *o, bool *send)
{
	enum nc_call_family f = nc_call_family(o->step->id);
	int64_t flags = o->call->flags == NC_NIL ? 0 : o->call->flags;

	*send = f == NC_FAMILY_SEND;
	return (*send || f == NC_FAMILY_RECV) && !o->step->error &&
	    o->call->result != NC_NIL && o->call->result > 0 &&
	    o->step->id != NC_CALL_SPLICE &&
	    !(flags & (NC_MSG_PEEK | NC_MSG_ERRQUEUE));
}

void
tls_see(struct offer *o)
{
	const struct ep *e = o->sock ? o->sock->ep : NULL;
	struct bytes b;
	struct conn *c;
	bool send;
	int side;

	if (!e || !moves_bytes(o, &send))
		return;
	c = e->conn;
	side = send ? e->side : !e->side;
	/* What a traced end sends is followed there. */
	if ((!send && c->ep[side]) || (c->tls && c->tls->told))
		return;
	if (!c->tls && !may_begin(o->call))
		return;
	bytes_read(&b, o->call);
	if (c->tls || starts(c, side, &b))
		walk(o, e, side, &b);
}

/* The end */

/* The server ended it, of its own will, and the client got to see that. */
static bool
server_closed(const struct conn *c, const struct ep *e, const struct ep *p)
{
	return (e->rx.eof || e->rst_seen) && !e->wr_shut && !e->rx.elastic &&
	    !c->network_reset && !c->undelivered &&
	    c->first_closed != e->side + 1 && !(p && p->at_exit);
}

static const char *
ended(const struct conn *c, const struct ep *e)
{
	const struct tls *t = c->tls;
	const struct tls_side *mine = &t->side[t->client];
	const struct tls_side *theirs = &t->side[!t->client];
	const struct ep *p = c->ep[!t->client];

	if (mine->lost || mine->alerts || !mine->records)
		return NULL;
	if (theirs->foreign && !mine->application)
		return "not_tls";
	if (sent_by(c, !t->client) == t->before)
		return server_closed(c, e, p) ? "closed" : NULL;
	if (theirs->lost)
		return NULL;
	/* Nothing but an alert after all that the client had to say. */
	if (mine->application > 1 && !mine->finished && theirs->after == 1 &&
	    theirs->alerts == 1)
		return "hidden";
	return t->hello && !finished(mine) && server_closed(c, e, p) ?
	    "closed" :
	    NULL;
}

void
tls_finish(struct nc_model *m, const struct conn *c)
{
	const struct tls *t = c->tls;
	const struct ep *e = t ? c->ep[t->client] : NULL;
	const char *how;

	if (!e || t->told || !m->sink)
		return;
	how = ended(c, e);
	if (how)
		tell(m, c, &e->tx.last_ref, t->client, !t->client, how, -1);
}
