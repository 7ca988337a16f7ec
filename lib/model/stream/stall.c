/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Senders whose buffer is full, and what their readers do meanwhile.
 */
#include "stall.h"

#include <stdlib.h>

#include "../deviate.h"
#include "../wait.h"
#include "conn.h"
#include "transfer.h"

#define FULL 65536                  /* bytes that no path holds by itself */
#define LONG_NS INT64_C(1000000000) /* a wait that is worth an info */

struct stall {
	struct ref first;
	uint64_t outstanding;
	int64_t pause; /* ns, of its reader: the longest since */
	bool blocked;  /* a send in progress, not one that returned */
};

static uint64_t
outstanding(const struct ep *e)
{
	const struct ep *p = ep_peer(e);

	return p && !p->rx.elastic && e->tx.sent > p->rx.rcvd ?
	    e->tx.sent - p->rx.rcvd :
	    0;
}

/* What the program takes for its buffer. */
static uint64_t
full(const struct sock *s)
{
	return s->sndbuf > 0 && s->sndbuf < FULL ? (uint64_t)s->sndbuf : FULL;
}

/* A call that never returned, or that a signal ended after a long time. */
static bool
blocked(const struct offer *o)
{
	const struct nc_call *c = o->call;

	/* Less than asked, after a long time: a signal, or the peer's end. */
	if (c->result > 0 && c->asked != NC_NIL && c->result < c->asked &&
	    o->sock && !o->sock->nonblock)
		return wait_took(o) != NC_NIL && wait_took(o) >= LONG_NS;
	if (c->result != NC_NIL || o->step->error > 0 || c->marks == NC_NIL)
		return false;
	if (c->marks & NC_MARK_UNFINISHED)
		return true;
	if (!(c->marks & NC_MARK_INTERRUPTED))
		return false;
	/* How long it took, what it leaves at its end will show. */
	if (c->duration == NC_NIL)
		return c->time != NC_NIL && o->sock && o->sock->ep &&
		    outstanding(o->sock->ep) >= full(o->sock);
	return c->duration >= LONG_NS;
}

/*
 * When an end last took something, or could, or looked in vain; NC_NIL without
 * times.
 */
static int64_t
last_read(const struct ep *p)
{
	int64_t looked = p->released ? p->wait_end :
	    wait_lasts(p)            ? wait_last(p->sock)->end :
				       NC_NIL;
	int64_t end;
	const struct conn *c = p->conn;
	const struct ref *r = p->rx.last_ref.host ? &p->rx.last_ref :
	    p->side == SIDE_SERVER                ? &c->accept :
	    c->outcome.host                       ? &c->outcome :
						    &c->connect;

	if (!r->host || r->time == NC_NIL)
		return NC_NIL;
	end = r->time + (r->duration == NC_NIL ? 0 : r->duration);
	return looked != NC_NIL && looked > end ? looked : end;
}

static void
tell(struct nc_model *m, const struct stall *h, const struct ep *e,
    const char *outcome, int64_t waited)
{
	const struct ep *p = ep_peer(e);
	int64_t quiet = NC_NIL, start, end;
	struct dev d;

	if (!dev_open_ref(&d, m, &h->first, DEV_SEND_STALLED, "send_eagain"))
		return;
	dev_conn(&d, e->conn, e->side);
	if (!outcome)
		d.rec.severity = nc_str("info");
	end = p->release.host ? p->release.time : p->host->last_time;
	start = last_read(p);
	if (start != NC_NIL && end != NC_NIL)
		quiet = end - start > h->pause ? end - start : h->pause;
	dev_int(&d, "outstanding",
	    (int64_t)(outcome ? outstanding(e) : h->outstanding));
	dev_int(&d, "waited", waited);
	dev_int(&d, "blocked", h->blocked);
	dev_str(&d, "outcome", outcome ? outcome : "progress");
	if (outcome) {
		dev_int(&d, "unread_for", quiet);
		dev_int(&d, "never_read", p->rx.reads == 0);
		dev_int(&d, "waiting",
		    p->waited_for_more || p->may_have_waited || wait_lasts(p));
		dev_cause(&d, &p->rx.last_ref);
		dev_cause(&d, &p->release);
	}
	dev_close(&d);
}

/* How long it lasted by the time of a call of the same host. */
static int64_t
lasted(const struct stall *h, int64_t end)
{
	if (h->blocked && h->first.duration != NC_NIL)
		return h->first.duration;
	return h->first.time == NC_NIL || end == NC_NIL ? NC_NIL :
							  end - h->first.time;
}

static void
begin(struct offer *o, struct ep *e, bool is_blocked)
{
	struct stall *h = nc_xcalloc(1, sizeof(*h));

	ref_set(&h->first, o);
	h->outstanding = outstanding(e);
	h->blocked = is_blocked;
	e->stall = h;
}

void
stall_read(struct offer *o, const struct ep *e)
{
	struct ep *from = ep_peer(e);
	int64_t last;

	if (!from || !from->stall || o->call->time == NC_NIL)
		return;
	last = last_read(e);
	if (last != NC_NIL && o->call->time - last > from->stall->pause)
		from->stall->pause = o->call->time - last;
}

void
stall_asked(struct offer *o, struct sock *s)
{
	const struct nc_call *c = o->call;
	struct ep *e = s->ep;

	if (!o->m->sink || !e || e->stall || e->conn->state != CONN_OPEN ||
	    outstanding(e) < full(s))
		return;
	if (blocked(o) || (wait_took(o) != NC_NIL && wait_took(o) >= LONG_NS) ||
	    (c->duration == NC_NIL && c->timeout != NC_NIL &&
		c->timeout >= LONG_NS && c->result == 0))
		begin(o, e, false);
}

/* A nonblocking send that took a part: the buffer had no room for the rest. */
static bool
partial(const struct offer *o)
{
	const struct nc_call *c = o->call;

	return o->sock->nonblock && c->result > 0 && c->asked != NC_NIL &&
	    c->result < c->asked;
}

void
stall_see(struct offer *o)
{
	struct ep *e = o->sock->ep;
	bool is_blocked;
	int64_t waited;

	if (!o->m->sink || !e || e->conn->state != CONN_OPEN || !ep_peer(e) ||
	    nc_call_family(o->step->id) != NC_FAMILY_SEND)
		return;
	if (o->call->result > 0 && e->stall) {
		waited = lasted(e->stall, o->call->time);
		if (waited != NC_NIL && waited >= LONG_NS)
			tell(o->m, e->stall, e, NULL, waited);
		free(e->stall);
		e->stall = NULL;
	}
	if (e->stall)
		return;
	is_blocked = blocked(o);
	if (is_blocked ||
	    ((o->step->error == NC_EAGAIN || partial(o)) &&
		outstanding(e) >= full(o->sock)))
		begin(o, e, is_blocked);
}

void
stall_end(struct nc_model *m, struct ep *e)
{
	struct stall *h = e ? e->stall : NULL;
	const struct ep *p = h ? ep_peer(e) : NULL;
	int64_t end;

	if (!h)
		return;
	e->stall = NULL;
	/* Its reader has caught up since. */
	if (p && e->conn->state == CONN_OPEN && !p->rx.elastic &&
	    outstanding(e) * 2 >= h->outstanding && outstanding(e) > 0) {
		end = e->release.host ? e->release.time : e->host->last_time;
		tell(m, h, e,
		    e->killed           ? "killed" :
			e->release.host ? "closed" :
					  "open",
		    lasted(h, end));
	}
	free(h);
}
