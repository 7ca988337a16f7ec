/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ends of connections that leave the other side without its answer.
 */
#include "ending.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../deviate.h"
#include "../host/clock.h"
#include "../offer.h"
#include "../wait.h"
#include "conn.h"
#include "stream.h"

#define PAUSE INT64_C(1000000000) /* ns that end an exchange */
#define QUIET_MIN INT64_C(100000000)
#define LAST_WORD 32            /* bytes: it is no longer */
#define WORD_MIN 2              /* letters of a word that is compared */
#define SLACK INT64_C(50000000) /* beyond the bounds on two clocks */

void
ending_init(struct use *u)
{
	u->last = u->before = u->quiet = NC_NIL;
}

void
ending_accepted(struct ep *e, struct port *p)
{
	const struct ref *accept = &e->conn->accept;

	e->counted = p;
	p->live++;
	if (accept->time != NC_NIL)
		e->use.last = accept->time +
		    (accept->duration == NC_NIL ? 0 : accept->duration);
}

/* It has waited since it last got something: it was asked for nothing. */
static bool
has_waited(const struct ep *e)
{
	const struct wait *w = e->sock ? wait_last(e->sock) : NULL;
	uint64_t since = e->rx.last_seq; /* as in struct wait */
	const struct ref *accept = &e->conn->accept;

	if (!w)
		return false;
	if (accept->host && (uint64_t)accept->seq >= since)
		since = (uint64_t)accept->seq + 1;
	return w->blocked || w->seq > since;
}

void
ending_begins(struct ep *e, int64_t time)
{
	struct use *u = &e->use;
	int64_t last = u->last;

	u->ended = true;
	u->read = e->rx.rcvd;
	u->answered = e->tx.sent > 0 && u->sent;
	u->waited = has_waited(e);
	u->others = e->counted ? e->counted->live - 1 : 0;
	if (time == NC_NIL || last == NC_NIL)
		return;
	/* A farewell: what came before it was the last exchange. */
	if (u->before != NC_NIL && time - last < PAUSE)
		last = u->before;
	u->quiet = time > last ? time - last : 0;
}

static void
was_used(struct offer *o, struct ep *e, bool send)
{
	const struct nc_call *c = o->call;
	int64_t took = wait_took(o);
	struct use *u = &e->use;

	if (c->time == NC_NIL)
		u->last = u->before = NC_NIL;
	else if (send && u->sent && u->last != NC_NIL &&
	    c->time - u->last >= PAUSE)
		u->before = u->last;
	else if (!send || !u->sent)
		u->before = NC_NIL;
	if (c->time != NC_NIL)
		u->last = c->time + (took == NC_NIL ? 0 : took);
	u->sent = send;
	if (!send && e->side == SIDE_CLIENT && e->rx.reads == 1 && ep_peer(e) &&
	    ep_peer(e)->counted)
		ep_peer(e)->counted->replied++;
}

/* Messages after which a server just closes. */
static bool
is_last_word(const struct tx *t)
{
	static const char *const words[] = { "quit", "exit", "bye", "logout",
		"shutdown", "close", "end" };
	/* PostgreSQL, Message Formats: CancelRequest. */
	static const unsigned char cancel[] = { 0, 0, 0, 16, 4, 210, 22, 46 };
	char text[sizeof(t->opening) + 1] = "";
	const char *p = text;
	size_t i, n;

	if (t->nopening >= sizeof(cancel) &&
	    memcmp(t->opening, cancel, sizeof(cancel)) == 0)
		return true;
	memcpy(text, t->opening, t->nopening);
	/* Redis frames words with numbers: *1 $4 quit. */
	if (*p == '*')
		while (*p && !isalpha((unsigned char)*p))
			p++;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i]);
		if (strncasecmp(p, words[i], n) == 0 &&
		    !isalnum((unsigned char)p[n]))
			return true;
	}
	return false;
}

/* The first word of a message, as far as it is one of letters; its length. */
static size_t
first_word(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && isalpha((unsigned char)p[i]); i++)
		continue;
	return i < n && (p[i] == ' ' || p[i] == '\r' || p[i] == '\n') ? i : 0;
}

/* Whether it can be told that it opened with a last word. */
static bool
is_readable(const struct tx *t)
{
	return t->nopening > 0 &&
	    (!t->opening_cut || first_word(t->opening, t->nopening) > 0);
}

/* The server's end is there, and it was the first that ended. */
static bool
server_left(const struct ep *e, const struct ep *p)
{
	const struct conn *c = e->conn;

	return p && e->side == SIDE_CLIENT && c->state == CONN_OPEN &&
	    c->first_closed == SIDE_SERVER + 1 && p->use.ended &&
	    !c->network_reset && !e->rx.elastic && !p->rx.elastic;
}

/* Others still listen there: it was one process of a server that goes on. */
static bool
is_served(const struct conn *c)
{
	const struct listener *l = c->port ? c->port->listeners : NULL;

	return l && l->open;
}

static bool
without_reply(int error, const struct ep *e, const struct ep *p)
{
	const struct conn *c = e->conn;
	const struct use *u;
	bool idle, gone;

	if (!server_left(e, p) || e->rx.rcvd || p->tx.sent || e->wr_shut ||
	    c->tls_c || c->tls_s || p->blocked)
		return false;
	u = &p->use;
	idle = u->waited || (u->quiet != NC_NIL && u->quiet >= PAUSE);
	gone = p->at_exit && !is_served(c);
	/* Opened for later, and closed unused. */
	if (e->tx.sent == 0)
		return !idle && !gone && c->accept.host;
	/* ... and used only after that. */
	if (p->rx.rcvd == 0 && idle && error != NC_ECONNRESET)
		return false;
	/* It went with its program before it was looked at. */
	if (p->rx.rcvd == 0)
		return !gone;
	/* What cannot be read, and is as short, may be one. */
	return (is_readable(&e->tx) || e->tx.sent > LAST_WORD) &&
	    !is_last_word(&e->tx);
}

/* The last message begins as the first did, which was answered. */
static bool
asks_again(const struct tx *t)
{
	const struct ref *last = &t->last_ref;
	size_t n = first_word(t->opening, t->nopening);

	return n >= WORD_MIN && last->ndata > n &&
	    first_word(last->data, last->ndata) == n &&
	    memcmp(t->opening, last->data, n) == 0;
}

/*
 * In the middle of a dialogue: what the client had asked before was answered,
 * and now the server read the same kind of question whole, and closed; or any
 * question, and crashed.
 */
static bool
without_next_reply(int error, const struct ep *e, const struct ep *p)
{
	const struct conn *c = e->conn;
	const struct use *u;

	if (!server_left(e, p))
		return false;
	u = &p->use;
	return error == 0 && e->rx.rcvd > 0 && e->use.sent && !u->sent &&
	    e->rx.rcvd == p->tx.sent && p->rx.rcvd == e->tx.sent &&
	    u->read == p->rx.rcvd && !e->wr_shut && !c->tls_c && !c->tls_s &&
	    !p->blocked && !u->waited && (!p->killed || p->crashed) &&
	    (!p->at_exit || is_served(c)) && u->quiet != NC_NIL &&
	    u->quiet < PAUSE && (p->crashed || asks_again(&e->tx)) &&
	    !is_last_word(&e->tx);
}

static void
tell_no_reply(struct nc_model *m, const struct ref *seen, struct ep *e,
    const struct ep *p)
{
	const struct conn *c = e->conn;
	struct dev d;

	if (!dev_open_ref(&d, m, seen, DEV_CLOSED_NO_REPLY, "end_sweep"))
		return;
	dev_conn(&d, c, e->side);
	dev_int(&d, "received", (int64_t)p->rx.rcvd);
	dev_int(&d, "sent", (int64_t)e->tx.sent);
	dev_int(&d, "after", p->use.quiet);
	dev_int(&d, "waited", p->use.waited);
	dev_int(&d, "at_exit", p->at_exit);
	dev_int(&d, "killed", p->killed);
	if (p->crashed)
		dev_int(&d, "crashed", 1);
	dev_int(&d, "served", is_served(c));
	dev_int(&d, "others", (int64_t)p->use.others);
	dev_int(&d, "replied", c->port ? (int64_t)c->port->replied : 0);
	if (e->rx.rcvd)
		dev_int(&d, "answered", (int64_t)e->rx.rcvd);
	if (seen->error > 0)
		dev_str(&d, "error", nc_errno_name(seen->error));
	/* Its replies may be in what is missing. */
	if (p->host->uncertain || p->host->apart)
		dev_weak(&d);
	dev_cause(&d, &p->release);
	dev_cause(&d, p->rx.rcvd ? &p->rx.last_ref : &c->accept);
	dev_close(&d);
}

void
ending_released(struct nc_model *m, struct ep *e)
{
	struct conn *c = e->conn;

	if (c->unanswered && e->side == SIDE_SERVER) {
		if (e->rx.rcvd == e->use.read && c->ep[SIDE_CLIENT])
			tell_no_reply(m, c->unanswered, c->ep[SIDE_CLIENT], e);
		free(c->unanswered);
		c->unanswered = NULL;
	}
	if (e->counted && e->counted->live > 0)
		e->counted->live--;
	e->counted = NULL;
}

/* Bytes that the other end cannot have answered: sent after its close. */
static uint64_t
late(const struct ep *e, const struct ep *p)
{
	return e->tx.sent > p->use.read ? e->tx.sent - p->use.read : 0;
}

/* The clocks say that its last bytes left before the other end closed. */
static bool
sent_before(const struct offer *o, const struct ep *e, const struct ep *p)
{
	int64_t latest = e->tx.last_ref.time == NC_NIL ?
	    NC_NIL :
	    clock_latest(o->m, e->host, e->tx.last_ref.time, p->host);

	return latest != NC_NIL && p->tx.fin_time != NC_NIL &&
	    latest + SLACK < p->tx.fin_time;
}

static bool
was_idle(const struct offer *o, const struct ep *e, const struct ep *p)
{
	const struct conn *c = e->conn;
	const struct use *u;

	if (!p || c->state != CONN_OPEN || c->first_closed != p->side + 1 ||
	    c->network_reset || e->rx.elastic || p->rx.elastic || p->tx.lossy ||
	    e->tx.lossy)
		return false;
	u = &p->use;
	/* The one that answers had answered, the one that asks had read. */
	if (!u->ended || u->quiet == NC_NIL || u->quiet < QUIET_MIN ||
	    u->read == 0 || e->rx.rcvd == 0 || e->rx.rcvd != p->tx.sent ||
	    u->answered != (p->side == SIDE_SERVER))
		return false;
	if (p->at_exit || e->wr_shut || p->rst_seen || p->rst)
		return false;
	/* It reads on after its FIN: only a server cannot answer any more. */
	if (!p->released && p->side == SIDE_CLIENT)
		return false;
	/* They were there, or under way, before it closed. */
	if (c->held || c->undelivered || o->step->error == NC_ECONNRESET ||
	    sent_before(o, e, p))
		return false;
	return late(e, p) > 0 && !((c->tls_c || c->tls_s) && late(e, p) <= 64);
}

static void
tell_idle(struct offer *o, struct ep *e, const struct ep *p)
{
	struct dev d;

	if (!dev_open(&d, o, DEV_IDLE_CLOSED, "end_sweep"))
		return;
	dev_conn(&d, e->conn, e->side);
	dev_int(&d, "quiet", p->use.quiet);
	dev_int(&d, "replies", (int64_t)e->rx.rcvd);
	dev_int(&d, "bytes", (int64_t)late(e, p));
	if (o->step->error > 0)
		dev_str(&d, "error", nc_errno_name(o->step->error));
	if (p->host->uncertain || p->host->apart)
		dev_weak(&d);
	dev_timed(&d);
	dev_cause(&d, &p->release);
	dev_cause(&d, &e->tx.last_ref);
	dev_cause(&d, &p->tx.last_ref);
	dev_close(&d);
}

/* It got the end of the stream, a reset, or a broken pipe. */
static void
got_end(struct offer *o, struct ep *e)
{
	const struct ep *p = ep_peer(e);
	struct conn *c = e->conn;
	struct ref seen;

	if (c->disappointed)
		return;
	if (without_reply(o->step->error, e, p) ||
	    without_next_reply(o->step->error, e, p)) {
		c->disappointed = true;
		ref_set(&seen, o);
		if (p->released) {
			tell_no_reply(o->m, &seen, e, p);
			return;
		}
		/* It may read on, and want no more than to say nothing. */
		c->unanswered = nc_xmalloc(sizeof(*c->unanswered));
		*c->unanswered = seen;
	} else if (was_idle(o, e, p)) {
		c->disappointed = true;
		tell_idle(o, e, p);
	}
}

void
ending_see(struct offer *o)
{
	struct ep *e = o->sock ? o->sock->ep : NULL;
	enum nc_call_family f = nc_call_family(o->step->id);
	bool recv = f == NC_FAMILY_RECV, send = f == NC_FAMILY_SEND;
	int64_t flags = o->call->flags == NC_NIL ? 0 : o->call->flags;

	if (o->step->id == NC_CALL_SPLICE) {
		recv = nc_str_eq(o->call->option, "in");
		send = !recv;
	}
	if (!e || !(recv || send) || (flags & NC_MSG_ERRQUEUE))
		return;
	if (o->step->error) {
		if (o->step->error == NC_ECONNRESET ||
		    o->step->error == NC_EPIPE)
			got_end(o, e);
		return;
	}
	if (o->call->result == NC_NIL)
		return;
	if (o->call->result > 0 && !(flags & NC_MSG_PEEK))
		was_used(o, e, send);
	else if (recv && o->call->asked != 0 && e->rx.eof)
		got_end(o, e);
}
