/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Waiting: a receiver that waited for bytes has not left them unread.
 */
#include "wait.h"
#include "deviate.h"
#include "host/clock.h"
#include "offer.h"
#include "socket/port.h"
#include "stream/conn.h"
#include "stream/transfer.h"

#define YEAR INT64_C(31536000000000000) /* ns: no trace is that long */
#define COARSE_NS 1000000 /* times of which the difference says too much */

/* A wait with an end that came before anything else did. */
static bool
timed_out(const struct offer *o)
{
	const struct nc_call *c = o->call;

	if (nc_call_family(o->step->id) == NC_FAMILY_READY)
		return c->result == 0 && c->timeout > 0;
	return o->step->error == NC_EAGAIN && o->sock && !o->sock->nonblock &&
	    o->sock->rcvtimeo > 0;
}

int64_t
wait_took(const struct offer *o)
{
	const struct nc_call *c = o->call;

	if (c->duration != NC_NIL)
		return c->duration;
	if (c->time == NC_NIL || c->until == NC_NIL || c->until < c->time ||
	    c->until - c->time > YEAR || o->host->grain >= COARSE_NS)
		return NC_NIL;
	return c->until - c->time;
}

/* How long it took; without strace -T what it was allowed to, if it did. */
static int64_t
took(const struct offer *o)
{
	const struct nc_call *c = o->call;

	if (c->duration != NC_NIL)
		return c->duration;
	if (!timed_out(o))
		return 0;
	if (nc_call_family(o->step->id) == NC_FAMILY_READY)
		return c->timeout < YEAR ? c->timeout : YEAR;
	return o->sock->rcvtimeo < YEAR ? o->sock->rcvtimeo : YEAR;
}

void
wait_note(struct offer *o, struct wait *w)
{
	const struct nc_call *c = o->call;
	bool in_vain = w->seq && w->up_seq == w->seq;

	w->before = w->seq ? w->end : NC_NIL;
	w->seq = o->m->seq + 1;
	w->end = c->time == NC_NIL ? NC_NIL : c->time + took(o);
	w->took = took(o);
	w->blocked = c->result == NC_NIL && c->marks != NC_NIL &&
	    (c->marks & NC_MARK_UNFINISHED);
	/* Of epoll_wait, which is never restarted, strace tells the error. */
	w->cut = (w->blocked || interrupted(c) || o->step->error == NC_EINTR) &&
	    c->duration == NC_NIL;
	/* Only a look, which finds what the wait before it has found. */
	if (in_vain && c->timeout == 0 && c->result == 0)
		w->up_seq = w->seq;
	if (!timed_out(o))
		return;
	w->up_seq = w->seq;
	if (o->m->sink) {
		if (!w->up)
			w->up = nc_xmalloc(sizeof(*w->up));
		ref_set(w->up, o);
	}
	if (w->end == NC_NIL)
		return;
	w->up_begin = c->time;
	w->up_end = w->end;
	w->ups++;
}

bool
wait_is_for_input(const struct nc_step *step)
{
	struct nc_cursor c = nc_cursor(step->call->ready);
	size_t n = nc_cursor_array(&c);

	if (nc_call_family(step->id) != NC_FAMILY_READY)
		return nc_call_family(step->id) == NC_FAMILY_RECV;
	if (n != 4 || nc_cursor_int(&c) != step->call->socket)
		return false;
	nc_cursor_int(&c);
	return (nc_cursor_int(&c) & NC_POLLIN) != 0;
}

void
wait_inside(struct offer *o, struct sock *s)
{
	const struct inside *in;

	for (in = s->inside; in; in = in->next) {
		if (!in->for_input)
			continue;
		s->wait.seq = o->m->seq + 1;
		s->wait.end = in->time;
		s->wait.took = 0;
		s->wait.blocked = s->wait.cut = true;
		s->reported = false;
	}
}

void
wait_blocked(struct offer *o)
{
	const struct nc_call *c = o->call;
	const struct sock *s = o->sock;
	struct dev d;

	if (!s || s->type == SOCK_OTHER || c->result != NC_NIL || c->error.p ||
	    c->marks == NC_NIL || !(c->marks & NC_MARK_UNFINISHED) ||
	    o->step->id == NC_CALL_RELEASE || o->step->id == NC_CALL_CLOSE)
		return;
	if (!dev_open(&d, o, DEV_BLOCKED_AT_END, "end_sweep"))
		return;
	/* A server is ended while it waits: by itself that is no fault. */
	d.rec.severity = nc_str("info");
	if (s->ep)
		dev_conn(&d, s->ep->conn, s->ep->side);
	dev_str(&d, "object",
	    s->listening                       ? "listener" :
		s->type == SOCK_UDP            ? "datagram" :
		o->step->id == NC_CALL_CONNECT ? "connect" :
						 "connection");
	dev_int(&d, "waited", c->duration);
	dev_close(&d);
}

/*
 * When a wait ended: with the socket, if only a signal tells, or nothing does.
 * A thread that was killed inside it has that call's line as its last.
 */
static int64_t
end_of(const struct wait *w, const struct ref *release)
{
	if (w->end == NC_NIL || !w->cut || !release->host ||
	    release->time == NC_NIL)
		return w->end;
	return release->time +
	    (w->blocked && release->duration != NC_NIL ? release->duration : 0);
}

/* The later of a socket's own wait and that of its epoll instance. */
static const struct wait *
later(const struct wait *own, const struct epoll *epoll)
{
	return epoll && epoll->wait.seq > own->seq ? &epoll->wait : own;
}

int64_t
wait_end(const struct ep *e)
{
	const struct wait *w = later(&e->sock->wait, e->sock->epoll);

	/* What killed it ended the wait as well. */
	return e->at_exit ? end_of(w, &e->release) : w->end;
}

int64_t
wait_lasted(const struct ep *e)
{
	const struct wait *w = later(&e->sock->wait, e->sock->epoll);
	int64_t end = wait_end(e);

	return end != NC_NIL && end - w->end > w->took ? end - w->end : w->took;
}

bool
wait_lasts(const struct ep *e)
{
	const struct sock *s = e->sock;

	/* What was reported and not read is there: the wait was for others. */
	return s && !s->reported &&
	    later(&s->wait, s->epoll)->seq > e->rx.last_seq;
}

int64_t
wait_since(struct nc_model *m, const struct ep *e, int64_t sent)
{
	const struct ep *p = ep_peer(e);
	int64_t latest, end;

	if (!p || sent == NC_NIL || !wait_lasts(e))
		return NC_NIL;
	end = wait_end(e);
	latest = clock_about(m, p->host, sent, e->host);
	if (end == NC_NIL || latest == NC_NIL)
		return NC_NIL;
	/* Whole seconds may both be almost one off. */
	if (e->host->grain >= COARSE_NS)
		latest += e->host->grain;
	if (p->host->grain >= COARSE_NS)
		latest += p->host->grain;
	return end - latest;
}

bool
wait_for_end(const struct offer *o, const struct ep *e, int64_t ns)
{
	const struct ep *p = ep_peer(e);
	int64_t end;

	if (o->call->time == NC_NIL || !p || !p->released || !p->release.host)
		return false;
	end = clock_about(o->m, p->host, p->release.time, o->host);
	return end != NC_NIL && end - o->call->time >= ns;
}

bool
wait_strangers(const struct nc_host_state *a, const struct nc_host_state *b)
{
	return a != b && !host_has_heard(a, b) && !host_has_heard(b, a);
}

bool
wait_outlasts(struct nc_model *m, const struct udp *u,
    const struct nc_host_state *from, int64_t sent, int64_t time)
{
	const struct wait *w = later(&u->wait, u->epoll);
	int64_t at, end = end_of(w, &u->release);

	if (w->seq == 0 || end == NC_NIL || sent == NC_NIL)
		return false;
	at = clock_about(m, from, sent, u->host);
	return at != NC_NIL && end - at >= time;
}

bool
wait_after(struct nc_model *m, const struct udp *u, uint64_t seq,
    const struct nc_host_state *from, int64_t sent)
{
	const struct wait *w = later(&u->wait, u->epoll);
	int64_t at;

	if (w->blocked || w->seq > seq)
		return true;
	/* Nothing that passed tells which was first: that it waited at all. */
	if (w->seq != 0 && wait_strangers(from, u->host))
		return true;
	/* A wait that timed out stands early in the order: ask the clocks. */
	if (w->seq == 0 || w->end == NC_NIL || sent == NC_NIL)
		return false;
	at = clock_about(m, from, sent, u->host);
	return at != NC_NIL && w->end >= at;
}

void
wait_keep(struct sock *s)
{
	const struct wait *w = wait_last(s);
	struct ref *up = s->wait.up;

	if (w == &s->wait)
		return;
	s->wait = *w;
	s->wait.up = up;
	if (!w->up)
		return;
	if (!up)
		s->wait.up = nc_xmalloc(sizeof(*up));
	*s->wait.up = *w->up;
}

const struct wait *
wait_last(const struct sock *s)
{
	return later(&s->wait, s->epoll);
}

bool
wait_on_listener(
    struct nc_model *m, const struct listener *l, const struct conn *c)
{
	const struct wait *w = l->sock ? wait_last(l->sock) : &l->last_wait;
	const struct ref *made = c->outcome.host ? &c->outcome : &c->connect;
	int64_t at;

	if (w->seq == 0)
		return false;
	if (w->blocked || w->seq > (uint64_t)made->seq)
		return true;
	if (w->end == NC_NIL || made->time == NC_NIL)
		return false;
	at = clock_about(m, c->connect.host, made->time, l->port->host);
	return at != NC_NIL && w->end >= at;
}
