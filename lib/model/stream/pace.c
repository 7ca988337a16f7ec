/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Small writes that wait for each other.
 */
#include "pace.h"

#include "../deviate.h"
#include "../offer.h"
#include "../wait.h"
#include "conn.h"

#define MS INT64_C(1000000)
#define AT_ONCE (10 * MS)
#define SHARE 8      /* of its writes one was delayed */
#define SEGMENT 1220 /* bytes: no path of today splits less */
/* A timer's delays are alike; a path's, of the same length by chance, not. */
#define SPREAD (10 * MS)
#define BY_BOUND 60 /* confidence, where no duration tells how long */
#define MANY 10     /* delays that are no chance, whatever their spread */

/* How long kernels delay acknowledgements: Linux 40 ms, others 200 ms. */
static bool
is_delayed(int64_t t)
{
	return (t >= 30 * MS && t <= 60 * MS) ||
	    (t >= 180 * MS && t <= 260 * MS);
}

/* The same where its thread may have computed for a part of that time. */
static bool
is_timer(int64_t t)
{
	return (t >= 38 * MS && t <= 50 * MS) ||
	    (t >= 198 * MS && t <= 215 * MS);
}

void
pace_sent(struct offer *o, const struct ep *e, struct chunk *c, uint64_t n)
{
	const struct sock *s = o->sock;
	int64_t flags = o->call->flags == NC_NIL ? 0 : o->call->flags;
	int64_t before = e->tx.last_ref.result;

	if (!c || s->nodelay || s->cork || (flags & NC_MSG_MORE) ||
	    !e->use.sent || e->use.last == NC_NIL || o->call->time == NC_NIL ||
	    !e->tx.last_ref.host)
		return;
	c->second = n < SEGMENT && before > 0 && before < SEGMENT &&
	    o->call->time - e->use.last < AT_ONCE;
}

void
pace_received(struct offer *o, struct ep *e)
{
	struct conn *c = e->conn;
	const struct ep *p = ep_peer(e);
	const struct nc_call *call = o->call;
	const struct chunk *k = p ? p->tx.first : NULL;
	int64_t end, took, waited = wait_took(o);
	bool bound = wait_is_bound(o);

	while (k && k->offset < e->rx.rcvd)
		k = k->next;
	if (!o->m->sink || !k || k->offset != e->rx.rcvd || !k->second ||
	    e->use.sent || e->use.last == NC_NIL || call->time == NC_NIL ||
	    waited == NC_NIL)
		return;
	end = call->time + waited;
	if (bound && o->sock->ready_after > 0) {
		/* It was reported before: the receive itself did not wait. */
		end = call->time;
		waited = o->sock->ready_after;
		bound = false;
	} else if (o->sock->ready_after != NC_NIL &&
	    o->sock->ready_after > waited) {
		waited = o->sock->ready_after;
	}
	/* It waited that long, and was not busy with something else. */
	if (!(bound ? is_timer(end - e->use.last) :
		      is_delayed(end - e->use.last)) ||
	    waited < (end - e->use.last) * 3 / 4)
		return;
	if (!c->pace) {
		c->pace = nc_xcalloc(1, sizeof(*c->pace));
		c->pace->side = p->side;
		c->pace->write = p->tx.last_ref;
		ref_set(&c->pace->read, o);
	}
	took = end - e->use.last;
	c->pace->bound = c->pace->bound || bound;
	if (c->pace->delays++ == 0 || took < c->pace->least)
		c->pace->least = took;
	if (took > c->pace->most)
		c->pace->most = took;
	c->pace->lost += took;
}

void
pace_tell(struct nc_model *m, const struct conn *c)
{
	const struct pace *p = c->pace;
	struct dev d;

	if (!p || !dev_open_ref(&d, m, &p->write, DEV_NAGLE_DELAY, "send_ok"))
		return;
	/* Once or twice is chance, and so are some of many. */
	if (p->delays < 3 ||
	    (p->delays < MANY && p->most - p->least > SPREAD) ||
	    (c->ep[p->side] &&
		(uint64_t)p->delays * SHARE < c->ep[p->side]->tx.writes))
		d.rec.severity = nc_str("info");
	dev_conn(&d, c, p->side);
	if (p->bound)
		dev_confidence(&d, BY_BOUND);
	dev_int(&d, "delays", p->delays);
	dev_int(&d, "lost", p->lost);
	dev_cause(&d, &p->read);
	dev_close(&d);
}
