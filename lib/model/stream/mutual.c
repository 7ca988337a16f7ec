/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ends that wait for each other.
 */
#include "mutual.h"

#include <stdlib.h>

#include "../deviate.h"
#include "../host/clock.h"
#include "../wait.h"
#include "conn.h"
#include "transfer.h"

#define LONG_NS INT64_C(1000000000) /* less may be a peer that thinks */

/* The last call of an end that waited, and what it had done by then. */
struct mutual {
	struct ref call;
	uint64_t sent, received;
	int64_t spoke; /* place in the order of its last send, or NC_NIL */
	enum { BY_SIGNAL, BY_PEER, BY_REPORT } ended;
	bool sends;    /* it waits for room, not for data */
	bool threaded; /* other threads of its process may go on */
};

static bool
endless(const struct offer *o)
{
	const struct nc_call *c = o->call;

	return (c->result == NC_NIL && c->marks != NC_NIL &&
		   (c->marks & NC_MARK_UNFINISHED)) ||
	    interrupted(c) || o->step->error == NC_EINTR;
}

static bool
is_threaded(const struct offer *o)
{
	return nc_map_get(&o->host->threaded, (uint64_t)o->call->process) !=
	    NULL;
}

static void
keep(struct offer *o, struct ep *e, int ended, bool sends)
{
	if (!e->mutual)
		e->mutual = nc_xcalloc(1, sizeof(*e->mutual));
	ref_set(&e->mutual->call, o);
	e->mutual->sent = e->tx.sent;
	e->mutual->received = e->rx.rcvd;
	e->mutual->spoke = e->tx.last_ref.host ? e->tx.last_ref.seq : NC_NIL;
	e->mutual->ended = ended;
	e->mutual->sends = sends;
	e->mutual->threaded = is_threaded(o);
}

static bool
lasts(const struct offer *o)
{
	int64_t took = wait_took(o);

	return took == NC_NIL || took >= LONG_NS;
}

/* The end of a stream that came this long after the call for it had begun. */
static bool
came_late(const struct offer *o, const struct ep *e)
{
	int64_t took = wait_took(o);

	return took != NC_NIL ? took >= LONG_NS : wait_for_end(o, e, LONG_NS);
}

void
mutual_polls(struct offer *o, struct sock *s)
{
	const struct nc_call *c = o->call;

	if (!o->m->sink || !s->ep || c->timeout != -1 || !lasts(o))
		return;
	if (endless(o))
		keep(o, s->ep, BY_SIGNAL, false);
	else if (c->result > 0 && c->time != NC_NIL)
		keep(o, s->ep, BY_REPORT, false);
}

/* A report that came late was of the end, and not of bytes. */
static void
reported_end(struct offer *o, struct ep *e)
{
	struct mutual *w = e->mutual;
	const struct ep *p = ep_peer(e);
	int64_t end;

	if (!w || w->ended != BY_REPORT)
		return;
	if (w->call.duration == NC_NIL) {
		if (!p || !p->released || !p->release.host)
			return;
		end = clock_about(o->m, p->host, p->release.time, o->host);
		if (end == NC_NIL || end - w->call.time < LONG_NS)
			return;
	}
	w->ended = BY_PEER;
}

static void
note_thread(struct offer *o)
{
	const struct nc_call *c = o->call;
	struct nc_host_state *h = o->host;

	if (c->thread == c->process || c->process == h->last_threaded)
		return;
	h->last_threaded = c->process;
	nc_map_put(&h->threaded, (uint64_t)c->process, h);
}

void
mutual_see(struct offer *o)
{
	const struct sock *s = o->sock;
	const struct nc_call *c = o->call;
	struct ep *e = s ? s->ep : NULL;
	int64_t flags = c->flags == NC_NIL ? 0 : c->flags;

	if (!o->m->sink)
		return;
	note_thread(o);
	if (!e || e->conn->state != CONN_OPEN)
		return;
	if (s->nonblock || (flags & NC_MSG_DONTWAIT)) {
		if (nc_call_family(o->step->id) == NC_FAMILY_RECV &&
		    (c->result == 0 || o->step->error == NC_ECONNRESET))
			reported_end(o, e);
		return;
	}
	switch (nc_call_family(o->step->id)) {
	case NC_FAMILY_SEND:
		/* Less than asked: a signal, or the end of the peer. */
		if (s->sndtimeo == 0 && lasts(o) &&
		    (endless(o) ||
			(wait_took(o) != NC_NIL && c->result > 0 &&
			    c->result < c->asked)))
			keep(o, e, BY_SIGNAL, true);
		break;
	case NC_FAMILY_RECV:
		if (s->rcvtimeo != 0)
			break;
		if (endless(o) && lasts(o))
			keep(o, e, BY_SIGNAL, false);
		else if (c->result != 0 && o->step->error != NC_ECONNRESET)
			break;
		else if (came_late(o, e))
			keep(o, e, BY_PEER, false);
		else
			reported_end(o, e);
		break;
	default:
		break;
	}
}

/*
 * It has done nothing since, but what its peer's end made it do; and nobody
 * else sends for it.
 */
static bool
still(const struct ep *e)
{
	const struct mutual *w = e->mutual;

	if (!w || w->ended == BY_REPORT || e->rx.elastic ||
	    (e->tx.last_ref.host && e->tx.last_ref.process != w->call.process))
		return false;
	if (w->sends)
		return w->sent == e->tx.sent;
	return w->received == e->rx.rcvd &&
	    (w->ended == BY_PEER || w->sent == e->tx.sent);
}

static bool
is_mutual(const struct ep *a, const struct ep *b)
{
	const struct mutual *v = a->mutual, *w = b->mutual;

	if (!still(a) || !still(b) || v->sends != w->sends ||
	    (v->ended == BY_PEER && w->ended == BY_PEER))
		return false;
	if (v->sends)
		return v->sent > w->received && w->sent > v->received;
	return v->sent == w->received && w->sent == v->received;
}

/* How long it waited: a call that was killed does not tell. */
static int64_t
waited(const struct ep *e)
{
	const struct ref *r = &e->mutual->call;
	int64_t end = e->release.host ? e->release.time : e->host->last_time;

	if (r->duration != NC_NIL || r->time == NC_NIL || end == NC_NIL)
		return r->duration;
	return end > r->time ? end - r->time : NC_NIL;
}

void
mutual_end(struct nc_model *m, struct conn *c)
{
	const struct ep *client = c->ep[SIDE_CLIENT];
	const struct ep *server = c->ep[SIDE_SERVER];
	int64_t asked, answered;
	struct dev d;

	if (c->state != CONN_OPEN || !client || !server ||
	    !is_mutual(client, server) ||
	    !dev_open_ref(
		&d, m, &client->mutual->call, DEV_BLOCKED_AT_END, "end_sweep"))
		return;
	asked = client->mutual->spoke;
	answered = server->mutual->spoke;
	dev_conn(&d, c, SIDE_CLIENT);
	dev_str(&d, "object", "connection");
	dev_int(&d, "waited", waited(client));
	dev_int(&d, "mutual", 1);
	dev_int(&d, "peer_waited", waited(server));
	dev_int(&d, "sending", client->mutual->sends);
	dev_int(&d, "threads",
	    client->mutual->threaded || server->mutual->threaded);
	/* NC_NIL is less than any place. */
	dev_str(&d, "last",
	    asked == NC_NIL && answered == NC_NIL ? "none" :
		asked > answered                  ? "client" :
						    "server");
	dev_cause(&d, &server->mutual->call);
	if (asked != NC_NIL && asked == client->tx.last_ref.seq)
		dev_cause(&d, &client->tx.last_ref);
	if (answered != NC_NIL && answered == server->tx.last_ref.seq)
		dev_cause(&d, &server->tx.last_ref);
	dev_close(&d);
}
