/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls that SO_RCVTIMEO or SO_SNDTIMEO ended, and what came of them.
 */
#include "timeout.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../stream/conn.h"
#include "../stream/late.h"
#include "../wait.h"

/*
 * What only a timeout can explain where setting it does not show: EAGAIN
 * after so long.  Less may be the tracer's.
 */
#define LONG_NS INT64_C(500000000)
/* A program that waits for less may only take a look. */
#define SILENT_NS INT64_C(1000000000)

/* One or more on a socket, and nothing since. */
struct timeouts {
	struct ref first, ask; /* ask: what was sent before, or none */
	struct ref set;        /* that set the timeout, or none */
	uint64_t n;
	int64_t limit, end;  /* ns; when the last one ended, or NC_NIL */
	uint64_t rcvd;       /* of the stream by then */
	uint64_t flow;       /* of datagrams; 0 none */
	struct nc_addr peer; /* its destination */
	const char *waiting; /* static: what for */
	const char *outcome; /* static; NULL: not known yet */
	bool late, by_signal;
	bool ended;  /* its peer's stream was, by then */
	bool polled; /* by a readiness call: told only where it did harm */
};

/* What a receive on a connection waits for, as its last exchange tells. */
static const char *
awaited(const struct ep *e)
{
	bool sent = e->tx.last_ref.host != NULL, got = e->rx.reads > 0;

	if (!sent && !got)
		return "first";
	if (!sent || (got && e->rx.last_seq > (uint64_t)e->tx.last_ref.seq))
		return "more";
	/* A server has answered: it may wait for another request for ever. */
	return e->side == SIDE_CLIENT ? "answer" : "next";
}

static const char *
waiting_for(const struct sock *s, bool sending, struct ref *ask)
{
	if (sending)
		return "room";
	if (s->listening)
		return "connection";
	if (s->type != SOCK_UDP) {
		if (s->ep)
			*ask = s->ep->tx.last_ref;
		return s->ep ? awaited(s->ep) : "first";
	}
	/* One that has answered others waits for the next. */
	if (!s->sent_seq || !s->asks || s->got_seq > s->sent_seq)
		return s->sent_seq ? "next" : "first";
	if (s->flows)
		*ask = s->flows->last_send;
	return "answer";
}

static struct timeouts *
hold(struct offer *o, struct sock *s, bool sending)
{
	struct timeouts *t = s->timeouts = nc_xcalloc(1, sizeof(*t));

	ref_set(&t->first, o);
	t->waiting = waiting_for(s, sending, &t->ask);
	if (s->told[sending ? TOLD_SNDTIMEO : TOLD_RCVTIMEO])
		t->set = *s->told[sending ? TOLD_SNDTIMEO : TOLD_RCVTIMEO];
	t->rcvd = s->ep ? s->ep->rx.rcvd : 0;
	t->late = s->late;
	if (s->flows) {
		t->flow = s->flows->number;
		t->peer = s->flows->destination;
	}
	return t;
}

bool
timeout_note(struct offer *o, bool sending)
{
	struct sock *s = o->sock;
	int64_t limit = sending ? s->sndtimeo : s->rcvtimeo;
	int64_t flags = o->call->flags == NC_NIL ? 0 : o->call->flags;

	if ((flags & NC_MSG_DONTWAIT) || (s->nonblock && limit > 0))
		return false;
	if (limit <= 0 && wait_took(o) != NC_NIL && wait_took(o) >= LONG_NS)
		limit = wait_took(o);
	if (limit <= 0)
		return false;
	if (!o->m->sink)
		return true;
	timeout_looked_at(s);
	if (!s->timeouts)
		hold(o, s, sending)->limit = limit;
	s->timeouts->n++;
	s->timeouts->end = o->call->time == NC_NIL ? NC_NIL :
						     o->call->time +
		(o->call->duration == NC_NIL ? 0 : o->call->duration);
	return true;
}

void
timeout_signal(struct offer *o, struct sock *s)
{
	if (!o->m->sink || s->type == SOCK_OTHER || s->timeouts ||
	    (s->ep && s->ep->conn->state != CONN_OPEN &&
		s->ep->conn->state != CONN_HALF))
		return;
	hold(o, s, nc_call_family(o->step->id) == NC_FAMILY_SEND)->by_signal =
	    true;
	s->timeouts->n = 1;
}

void
timeout_looked_at(struct sock *s)
{
	if (!s->timeouts || !s->timeouts->by_signal)
		return;
	free(s->timeouts);
	s->timeouts = NULL;
}

/* Opens a deviation of the first of these waits; false if none is wanted. */
static bool
open_wait(struct dev *d, struct nc_model *m, const struct timeouts *t,
    const struct ep *e, enum dev_code code, const char *rule)
{
	if (!dev_open_ref(d, m, &t->first, code, rule))
		return false;
	if (e)
		dev_conn(d, e->conn, e->side);
	if (t->flow) {
		d->rec.flow = (int64_t)t->flow;
		dev_peer(d, host_owning(m, t->first.host, &t->peer), &t->peer);
	}
	if (t->late)
		dev_base(d, 40);
	return true;
}

/* Only one that the program gave up because of the signal is told. */
static void
tell_signal(struct nc_model *m, const struct timeouts *t, const struct ep *e)
{
	struct dev d;

	if (!nc_str_eq(nc_str(t->outcome), "closed") ||
	    !open_wait(&d, m, t, e, DEV_EINTR, "any_eintr"))
		return;
	dev_str(&d, "waiting", t->waiting);
	dev_str(&d, "outcome", t->outcome);
	dev_int(&d, "client", e && e->side == SIDE_CLIENT);
	dev_cause(&d, &t->ask);
	if (e)
		dev_cause(&d, &e->release);
	dev_close(&d);
}

/* It asks for a page (RFC 9112 3): there is no request without an answer. */
static bool
asks_by_http(const struct ref *ask)
{
	static const char *const methods[] = { "GET /", "POST /", "HEAD /",
		"PUT /", "DELETE /", "OPTIONS ", "PATCH /" };
	size_t i, n;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		n = strlen(methods[i]);
		if (ask->ndata >= n && memcmp(ask->data, methods[i], n) == 0)
			return true;
	}
	return false;
}

/*
 * Nothing ever came for what a readiness call waited for.  Programs also poll
 * connections on which nothing is due: that an answer was is known where the
 * request lies unread to the end, where no protocol leaves it without one, or
 * where the program fails for want of it.  A server that ends first has said
 * so, and is no silent one.
 */
static const char *
unanswered(const struct timeouts *t, const struct ep *e)
{
	const struct ep *p = ep_peer(e);
	const struct nc_host_state *h = e->host;

	if (e->side != SIDE_CLIENT || h->uncertain || h->apart ||
	    t->limit < SILENT_NS || t->ended || e->rx.elastic ||
	    e->rx.rcvd != t->rcvd)
		return NULL;
	if (p &&
	    (p->host->uncertain || p->host->apart || p->tx.sent != t->rcvd ||
		p->rx.elastic || p->tx.lossy))
		return NULL;
	/* That its peer waited for it in vain is another matter: it was lost. */
	if (p && e->tx.sent > p->rx.rcvd && !e->tx.lossy)
		return wait_lasts(p) || p->waited_for_more ||
			p->may_have_waited ?
		    NULL :
		    "unread";
	if (asks_by_http(&t->ask))
		return "request";
	return nc_map_get(&h->failures, (uint64_t)t->first.process + 1) ?
	    "failed" :
	    NULL;
}

/*
 * What its peer sent in the end found the connection closed, as the kernel's
 * answer tells, and no clock says that it had been on its way before.
 */
static bool
missed(struct nc_model *m, const struct timeouts *t, const struct ep *e)
{
	const struct ep *p = ep_peer(e);

	return p && p->sent_late && p->tx.sent > t->rcvd &&
	    e->rx.rcvd == t->rcvd && t->limit >= SILENT_NS && !t->ended &&
	    !late_sent_before(m, e, t->rcvd, t->end);
}

static void
tell(struct nc_model *m, const struct timeouts *t, const struct ep *e)
{
	const struct ep *p = e ? ep_peer(e) : NULL;
	const char *silent = NULL;
	struct dev d;

	/* Bytes that were on the way by then say that the network was slow. */
	if (t->polled && e && !late_sent_after(m, e, t->rcvd, t->end) &&
	    !missed(m, t, e) && !(silent = unanswered(t, e)))
		return;
	if (!open_wait(&d, m, t, e, DEV_RECV_TIMEOUT,
		t->polled ? "poll_timeout" : "recv_eagain"))
		return;
	if (nc_str_eq(nc_str(t->outcome), "progress"))
		d.rec.severity = nc_str("info");
	dev_int(&d, "timeout", t->limit);
	dev_int(&d, "count", (int64_t)t->n);
	dev_str(&d, "waiting", t->waiting);
	dev_str(&d, "outcome", t->outcome);
	if (t->polled)
		dev_str(&d, "polled", nc_call_name(t->first.id));
	if (silent) {
		dev_str(&d, "silent", silent);
		if (p && e->tx.sent > p->rx.rcvd)
			dev_int(
			    &d, "unread", (int64_t)(e->tx.sent - p->rx.rcvd));
	}
	dev_int(&d, "client", e && e->side == SIDE_CLIENT);
	if (p && !e->rx.elastic && p->tx.sent > t->rcvd) {
		dev_int(&d, "late", (int64_t)(p->tx.sent - t->rcvd));
		dev_cause(&d, &p->tx.last_ref);
	}
	dev_cause(&d, &t->ask);
	dev_cause(&d, &t->set);
	dev_close(&d);
	if (p && nc_str_eq(nc_str(t->waiting), "answer") &&
	    nc_str_eq(nc_str(t->outcome), "closed"))
		late_given_up(m, e, &t->first, t->rcvd, t->end, t->n);
}

static void
decide(struct nc_model *m, struct timeouts **held, const char *outcome,
    const struct ep *e)
{
	struct timeouts *t = *held;

	if (!t)
		return;
	*held = NULL;
	if (!t->outcome)
		t->outcome = outcome;
	if (t->by_signal)
		tell_signal(m, t, e);
	else
		tell(m, t, e);
	free(t);
}

/* It got what such a call gets; a timeout of a send is not over by a receive. */
static bool
moves(const struct offer *o)
{
	bool sends = nc_call_family(o->step->id) == NC_FAMILY_SEND;
	bool room = nc_str_eq(nc_str(o->sock->timeouts->waiting), "room");

	if (o->step->error || o->call->result == NC_NIL)
		return false;
	switch (nc_call_family(o->step->id)) {
	case NC_FAMILY_ACCEPT:
		return true;
	case NC_FAMILY_RECV:
		return !room && o->call->result > 0;
	case NC_FAMILY_SEND:
		/* A question repeated over UDP is no progress. */
		return sends && o->call->result > 0 &&
		    (room || o->sock->type != SOCK_UDP);
	default:
		return false;
	}
}

void
timeout_next(struct offer *o)
{
	struct sock *s = o->sock;
	enum nc_call_family f = nc_call_family(o->step->id);

	if (s->timeouts->by_signal) {
		if (f == NC_FAMILY_RECV || f == NC_FAMILY_SEND ||
		    f == NC_FAMILY_ACCEPT)
			timeout_looked_at(s);
		return;
	}
	if (moves(o))
		decide(o->m, &s->timeouts, "progress", s->ep);
	else if (f == NC_FAMILY_RECV && !o->step->error && o->call->result == 0)
		s->timeouts->outcome = "end";
}

/* Its process ends with a status that says neither well nor by a signal. */
static bool
fails(const struct offer *o)
{
	const struct nc_host_state *h = o->host;

	return h->exit_process == o->call->process && h->exit_status > 0 &&
	    h->exit_status < 128;
}

/*
 * A readiness call that its time limit ended was the last that waited for the
 * answer.  Whether there would have been one, its peer will tell.
 */
static struct timeouts *
polled_in_vain(const struct offer *o, const struct sock *s, const struct ep *e)
{
	const struct wait *w = wait_last(s);
	const struct ep *p = e ? ep_peer(e) : NULL;
	struct timeouts *t;
	int64_t asked;

	if (!o->m->sink || !e || !w->up || w->up_seq != w->seq || s->late ||
	    (e->conn->state != CONN_OPEN && e->conn->state != CONN_PENDING) ||
	    !nc_str_eq(nc_str(awaited(e)), "answer") ||
	    w->up->seq < e->tx.last_ref.seq)
		return NULL;
	t = nc_xcalloc(1, sizeof(*t));
	t->first = *w->up;
	t->ask = e->tx.last_ref;
	t->polled = true;
	t->waiting = "answer";
	t->n = 1;
	t->rcvd = e->rx.rcvd;
	t->ended = p && (p->wr_shut || p->released);
	t->end = t->first.time == NC_NIL ? NC_NIL : w->up_end;
	/* Of an event loop, many may have passed for one answer. */
	asked = t->ask.time;
	t->limit = t->end == NC_NIL || asked == NC_NIL || t->end < asked ?
	    t->first.timeout :
	    t->end - asked;
	return t;
}

void
timeout_released(struct offer *o, struct sock *s, struct ep *e)
{
	struct timeouts *t = s->timeouts;

	if (!t)
		t = s->timeouts = polled_in_vain(o, s, e);
	if (!t)
		return;
	/* A signal that the program was to end by. */
	if (t->by_signal && nc_str_eq(o->call->cause, "exit") && !fails(o))
		t->outcome = "exit";
	if (!t->outcome)
		t->outcome = nc_str_eq(o->call->cause, "kill") ? "killed" :
								 "closed";
	if (!e) {
		decide(o->m, &s->timeouts, NULL, NULL);
		return;
	}
	/* What its peer sends yet, the connection's end will show. */
	free(e->timeouts);
	e->timeouts = t;
	s->timeouts = NULL;
}

void
timeout_end(struct nc_model *m, struct ep *e)
{
	if (!e)
		return;
	if (e->sock && e->sock->timeouts)
		decide(m, &e->sock->timeouts, "open", e);
	decide(m, &e->timeouts, "closed", e);
}

void
timeout_finish(struct nc_model *m, struct sock *s)
{
	/* A connection's own end tells more. */
	if (!s->ep)
		decide(m, &s->timeouts, "open", NULL);
}
