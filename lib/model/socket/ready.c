/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Readiness: poll, select, epoll.
 *
 * Only reported sockets matter, and the whole set on a timeout.  A report is
 * right if its condition held at any moment since the call's entry.
 */
#include "ready.h"

#include <stdlib.h>

#include "../deviate.h"
#include "../dgram/dgram.h"
#include "../offer.h"
#include "../stream/conn.h"
#include "../stream/match.h"
#include "../stream/mutual.h"
#include "../stream/oob.h"
#include "../stream/stall.h"
#include "../stream/transfer.h"
#include "../untraced.h"
#include "../wait.h"
#include "inherited.h"
#include "port.h"
#include "socket.h"
#include "timeout.h"
#include "unread.h"

#define IDLE_MAX 1024       /* epoll instances kept that watch nothing */
#define AT_ONCE_NS 10000000 /* a report as quick found it ready */

static bool
taken_since(const struct offer *o, const struct taken *t)
{
	return t->lane != 0 &&
	    (t->lane != o->lane->number + 1 || t->at > nc_call_from(o->call));
}

static enum nc_answer
in_stream(struct offer *o, struct sock *s, int64_t events)
{
	struct ep *e = s->ep, *p;
	struct conn *c = e->conn;
	enum nc_answer a;

	if (e->rd_shut || e->rst || e->rst_seen || e->died || e->rx.elastic ||
	    e->rx.eof || c->error || taken_since(o, &e->rx.taken))
		return NC_ACCEPT;
	/* An error makes every event come; which one it is is told later. */
	if (c->state == CONN_FLOATING || (events & NC_POLLERR))
		return NC_ACCEPT;
	if ((a = conn_await(o, e, NEED_EITHER, 0)) != NC_ACCEPT)
		return a;
	c = e->conn;
	p = ep_peer(e);
	if (c->state == CONN_HALF || !p)
		return NC_ACCEPT;
	if (p->tx.sent > e->rx.rcvd || p->tx.fin || p->released || p->left)
		return NC_ACCEPT;
	if ((match_is_stuck(o) || host_done(p->host)) &&
	    rematch(o->m, e, o->call, NEED_EITHER, 0))
		return NC_ACCEPT;
	if (match_is_doubted(o) && match_give_up(o->m, c))
		return NC_ACCEPT;
	if (o->mode == NC_TRY && !host_done(p->host)) {
		/* An error that the network made is readable as well. */
		defer(o, key_of(KEY_RX, e->id, 0), "readable bytes", 2);
		o->wait->at = e->rx.rcvd + 1;
		o->wait->by = p->host;
		o->wait->end_of = p->number;
		return NC_DEFER;
	}
	if (p->host->uncertain) {
		untraced_skip(o, c,
		    "readiness for bytes of a peer whose trace is not "
		    "complete",
		    "poll_in_stream");
	} else if (!c->unresolved) {
		struct dev d;

		if (dev_open(&d, o, DEV_POLL_SPURIOUS, "poll_in_stream")) {
			dev_conn(&d, c, e->side);
			dev_weak(&d);
			dev_close(&d);
		}
	}
	return NC_ACCEPT;
}

static enum nc_answer
in_listener(struct offer *o, struct sock *s)
{
	struct listener *l = s->listener;
	struct port *p = l->port;
	size_t i;

	if (p->pending || taken_since(o, &l->taken) || o->mode != NC_TRY)
		return NC_ACCEPT;
	for (i = 0; i < o->m->nhosts; i++)
		if (!host_done(o->m->hosts[i]))
			return defer(
			    o, key_of(KEY_SYN, p->id, 0), "connect", 0);
	return NC_ACCEPT;
}

static enum nc_answer
in_udp(struct offer *o, struct sock *s)
{
	if (o->mode != NC_TRY || taken_since(o, &s->taken) ||
	    dgram_waiting(o->m, s))
		return NC_ACCEPT;
	return defer(o, key_of(KEY_DGRAM_ANY, s->host->index, s->local.port),
	    "datagram", 0);
}

static enum nc_answer
end_of(struct offer *o, struct sock *s, int64_t events)
{
	struct ep *e = s->ep, *p = ep_peer(e);
	struct conn *c = e->conn;

	if (!p || c->state != CONN_OPEN || e->rst || e->rst_seen || e->died ||
	    e->rx.elastic || p->tx.fin || p->released || p->left || e->wr_shut)
		return NC_ACCEPT;
	if (!(events & (NC_POLLHUP | NC_POLLRDHUP)))
		return NC_ACCEPT;
	/* It may have failed, and what was accepted been another's. */
	if ((events & NC_POLLERR) && e->side == SIDE_CLIENT && !e->tx.sent &&
	    match_is_open(c))
		return NC_ACCEPT;
	/* That the peer made the error is not said. */
	if (o->mode == NC_TRY && !host_done(p->host) && (events & NC_POLLERR)) {
		defer(o, key_of(KEY_RX, e->id, 0), "end of the stream", 0);
		o->wait->at = NC_AT_END;
		return NC_DEFER;
	}
	if (o->mode == NC_TRY && !host_done(p->host)) {
		park(o, key_of(KEY_RX, e->id, 0), NC_AT_END,
		    "end of the stream", 2);
		o->wait->by = p->host;
		o->wait->end_of = p->number;
		return NC_PARK;
	}
	return NC_ACCEPT;
}

static bool
is_select(enum nc_call_id id)
{
	return id == NC_CALL_SELECT || id == NC_CALL_PSELECT6;
}

/* OUT on a connecting socket: it is through, or it has failed. */
static enum nc_answer
out_connecting(struct offer *o, struct sock *s, int64_t events)
{
	struct conn *c = s->ep->conn;
	struct port *p = c->port;

	if (events & (NC_POLLERR | NC_POLLHUP)) {
		if (p && p->host && port_listener(p, &c->target, false) &&
		    o->mode == NC_TRY && conn_refusal_waits(o, c))
			return defer(o, key_of(KEY_RELEASE, p->id, 0),
			    "release of the listener", 0);
		return NC_ACCEPT;
	}
	if (!p || !p->host || port_listener(p, &c->target, false))
		return NC_ACCEPT;
	/* To select a failed one is writable, too. */
	if (!is_select(o->step->id) && inherited_asked(o, p))
		return NC_ACCEPT;
	if (o->mode == NC_TRY && conn_listener_due(o, p))
		return defer(o, key_of(KEY_LISTEN, p->id, 0), "listener", 0);
	return NC_ACCEPT;
}

static enum nc_answer
reported(struct offer *o, struct sock *s, int64_t events)
{
	enum nc_answer a;

	if (s->type == SOCK_UDP)
		return events & NC_POLLIN && !(events & NC_POLLERR) ?
		    in_udp(o, s) :
		    NC_ACCEPT;
	if (s->listening)
		return s->listener && (events & NC_POLLIN) ? in_listener(o, s) :
							     NC_ACCEPT;
	if (!s->ep)
		return NC_ACCEPT;
	if (s->ep->conn->state == CONN_FLOATING)
		return out_connecting(o, s, events);
	if ((events & NC_POLLIN) && (a = in_stream(o, s, events)) != NC_ACCEPT)
		return a;
	return end_of(o, s, events);
}

/* What a report, once accepted, tells about the socket. */
static void
learn(struct offer *o, struct sock *s, int64_t events)
{
	struct conn *c = s->ep ? s->ep->conn : NULL;

	if (!(events & NC_POLLOUT) || !c)
		return;
	if (c->state != CONN_FLOATING) {
		c->told = c->told || !(events & (NC_POLLERR | NC_POLLHUP));
		return;
	}
	s->writable_seen = true;
	/* select reports a failed connect as writable, and no more. */
	if ((events & (NC_POLLERR | NC_POLLHUP)) || is_select(o->step->id))
		return;
	/* Through, unless SO_ERROR says otherwise; then it is undone. */
	conn_succeed(o, c);
}

static void
timed_out(struct offer *o, struct sock *s)
{
	struct ep *e = s->ep, *p;
	int64_t waited = o->call->timeout;
	struct dev d;

	if (!e || waited <= 0)
		return;
	p = ep_peer(e);
	if (!p || e->conn->state != CONN_OPEN || e->rx.elastic || p->tx.lossy ||
	    p->tx.sent <= e->rx.rcvd || oob_only(e))
		return;
	if (!dev_open(&d, o, DEV_NETWORK_ERROR, "poll_timeout"))
		return;
	dev_conn(&d, e->conn, e->side);
	dev_int(&d, "bytes", (int64_t)(p->tx.sent - e->rx.rcvd));
	dev_int(&d, "waited", waited);
	dev_cause(&d, &p->tx.last_ref);
	/* The order says nothing of how long before they were sent. */
	dev_weak(&d);
	dev_close(&d);
}

/*
 * What a look at a connecting socket shows: for how long nothing had come.  A
 * reset ends the attempt, so that its report has HUP; Linux reports an ICMP
 * error without it while the attempt still stands [v: 660 resets, 120 rejects].
 */
static void
note_unanswered(struct offer *o, struct sock *s, int64_t events)
{
	const struct nc_call *call = o->call;
	struct conn *c = s->ep ? s->ep->conn : NULL;
	int64_t took = wait_took(o);
	bool ready = events != 0;

	if (!c || c->state != CONN_FLOATING)
		return;
	if ((events & NC_POLLERR) && o->host->linux_kernel &&
	    !(events & (NC_POLLHUP | NC_POLLOUT)))
		c->rejected = true;
	if (call->time == NC_NIL || c->connect.time == NC_NIL)
		return;
	if (took == NC_NIL && call->result == 0 && call->timeout > 0)
		took = call->timeout;
	/* One that reports it at once tells when it was asked, and no more. */
	if (took == NC_NIL || (ready && took < AT_ONCE_NS))
		return;
	took += call->time - c->connect.time - (ready ? AT_ONCE_NS : 0);
	if (took > c->unanswered_for)
		c->unanswered_for = took;
}

/* It watches nothing: of those that do not, the last ones are kept. */
static void
epoll_idle(struct nc_model *m, struct epoll *e)
{
	struct gone *oldest;

	gone_put(&m->gone_epolls, &e->gone);
	oldest = gone_beyond(&m->gone_epolls, IDLE_MAX);
	if (!oldest)
		return;
	gone_take(&m->gone_epolls, oldest);
	e = gone_of(oldest, struct epoll);
	nc_map_del(&e->host->epolls, (uint64_t)e->number);
	free(e->wait.up);
	free(e);
}

static struct epoll *
epoll_get(struct offer *o)
{
	struct nc_map *all = &o->host->epolls;
	struct epoll *e = nc_map_get(all, (uint64_t)o->call->epoll);

	if (!e) {
		e = nc_xcalloc(1, sizeof(*e));
		e->host = o->host;
		e->number = o->call->epoll;
		nc_map_put(all, (uint64_t)e->number, e);
		epoll_idle(o->m, e);
	}
	return e;
}

void
epoll_watch(struct nc_model *m, struct sock *s, struct epoll *e)
{
	struct epoll *before = s->epoll;

	if (e && e->watched++ == 0)
		gone_take(&m->gone_epolls, &e->gone);
	s->epoll = e;
	if (before && --before->watched == 0)
		epoll_idle(m, before);
}

enum nc_answer
offer_epoll(struct offer *o)
{
	struct sock *s = o->sock;
	struct epoll *now;

	if (!s || o->step->error || o->call->epoll == NC_NIL)
		return NC_ACCEPT;
	s->touched = true;
	s->looked_at = true;
	now = o->call->value != NC_EPOLL_CTL_DEL &&
		(o->call->flags == NC_NIL || (o->call->flags & NC_POLLIN)) ?
	    epoll_get(o) :
	    NULL;
	if (s->udp) {
		/* It has waited all the same, as those who sent want to know. */
		if (now != s->epoll) {
			wait_keep(s);
			s->udp->wait = s->wait;
		}
		s->udp->epoll = now;
	}
	epoll_watch(o->m, s, now);
	unread_watched(o, s);
	return NC_ACCEPT;
}

enum nc_answer
offer_ready(struct offer *o)
{
	struct nc_cursor c = nc_cursor(o->call->ready), again;
	size_t n = nc_cursor_array(&c), i;
	struct sock *only = NULL; /* that a signal ended the wait for */
	enum nc_answer a;

	if (o->call->epoll != NC_NIL)
		wait_note(o, &epoll_get(o)->wait);
	if (o->step->error > 0 && o->call->result != NC_NIL)
		fail_common(o);
	if (o->call->marks != NC_NIL && (o->call->marks & NC_MARK_HIDDEN)) {
		o->host->hides_reports = true;
		o->host->reports = false;
	}
	again = c;
	if (n == 4 &&
	    !(o->call->marks != NC_NIL && (o->call->marks & NC_MARK_OTHERS))) {
		struct nc_cursor one = c;
		struct sock *s = sock_get(o->host, nc_cursor_int(&one));

		if (s)
			mutual_polls(o, s);
		if (s && (interrupted(o->call) || o->step->error == NC_EINTR))
			only = s;
	}
	for (i = 0;
	     i + 3 < n && o->call->timeout != 0 && o->call->result != NC_NIL;
	     i += 4) {
		int64_t number = nc_cursor_int(&c), events;
		struct sock *s = sock_get(o->host, number);

		nc_cursor_int(&c);
		nc_cursor_int(&c);
		events = nc_cursor_int(&c);
		if (!s || events == NC_NIL || events == 0 ||
		    s->type == SOCK_OTHER)
			continue;
		if ((a = reported(o, s, events)) != NC_ACCEPT)
			return a;
	}
	for (i = 0; i + 3 < n; i += 4) {
		int64_t number = nc_cursor_int(&again), asked, events;
		struct sock *s = sock_get(o->host, number);

		nc_cursor_int(&again);
		asked = nc_cursor_int(&again);
		events = nc_cursor_int(&again);
		if (!s)
			continue;
		o->host->reports = !o->host->hides_reports;
		s->touched = true;
		s->looked_at = true;
		timeout_looked_at(s);
		if (s == only)
			timeout_signal(o, s);
		if (events != NC_NIL && (events & NC_POLLIN)) {
			s->reported = true;
			unread_reported(o, s);
		}
		if ((asked & NC_POLLOUT) || (events != NC_NIL && events))
			note_unanswered(o, s, events == NC_NIL ? 0 : events);
		if ((asked & NC_POLLOUT) &&
		    (events == NC_NIL || !(events & NC_POLLOUT)))
			stall_asked(o, s);
		if (events != NC_NIL && events) {
			learn(o, s, events);
			s->ready_after = wait_took(o);
		} else if (asked & NC_POLLIN) {
			wait_note(o, &s->wait);
			unread_none(o, s);
			if (s->udp)
				s->udp->wait = s->wait;
			if (o->call->result == 0)
				timed_out(o, s);
		}
	}
	return NC_ACCEPT;
}
