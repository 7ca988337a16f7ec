/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Answers on streams that are late.
 */
#include "late.h"

#include "../deviate.h"
#include "../host/clock.h"
#include "../offer.h"
#include "../socket/unread.h"
#include "../wait.h"
#include "conn.h"

/* What drift and coarse times may make of the bounds on two clocks. */
#define SURELY_NS 200000000

/* More than that may wait in its write for its reader to make room, bytes. */
#define AT_ONCE 8192

/* The chunk that a byte of a stream is in, or NULL. */
static const struct chunk *
chunk_at(const struct tx *t, uint64_t offset)
{
	const struct chunk *k;

	for (k = t->lossy ? NULL : t->first; k; k = k->next)
		if (k->offset + k->len > offset)
			return k->offset <= offset ? k : NULL;
	return NULL;
}

/* ns on the way, there and back, by that time; NC_NIL: not for certain. */
static int64_t
underway(const struct chunk *k, int64_t end)
{
	int64_t passed, answering;

	if (!k || k->time == NC_NIL || k->asked == NC_NIL ||
	    k->answered == NC_NIL || end == NC_NIL)
		return NC_NIL;
	passed = end - k->asked;
	answering = k->time - k->answered;
	return answering < 0 || answering > passed / 4 ? NC_NIL :
							 passed - answering;
}

static void
tell(struct dev *d, const struct ep *e, const struct chunk *k, int64_t waited,
    uint64_t waits, int64_t spent)
{
	dev_conn(d, e->conn, e->side);
	dev_int(d, "bytes", (int64_t)k->len);
	dev_int(d, "waited", waited);
	dev_int(d, "waits", (int64_t)waits);
	dev_int(d, "underway", spent);
	dev_int(d, "answering", k->time - k->answered);
	dev_cause(d, &ep_peer(e)->tx.last_ref);
	dev_close(d);
}

void
late_receive(struct offer *o, struct ep *e, uint64_t n)
{
	const struct ep *p = ep_peer(e);
	const struct chunk *k = NULL, *last;
	const struct wait *w;
	int64_t spent, lay;
	struct dev d;

	if (!o->m->sink || !p || e->rx.elastic || o->call->time == NC_NIL)
		return;
	last = chunk_at(&p->tx, e->rx.rcvd + n - 1);
	w = wait_last(o->sock);
	if (w->ups)
		k = chunk_at(&p->tx, e->rx.rcvd);
	/* The rest of a write may have waited for its reader to make room. */
	if (k && k->offset != e->rx.rcvd)
		k = NULL;
	spent = k && k->asked <= w->up_begin ? underway(k, w->up_end) : NC_NIL;
	o->sock->wait.ups = 0;
	if (spent != NC_NIL &&
	    dev_open(&d, o, DEV_NETWORK_ERROR, "poll_timeout"))
		/* Many waits for one answer may be the ticks of a clock. */
		tell(&d, e, k, w->up_end - w->up_begin, 1, spent);
	e->heard_sent = last && last->len <= AT_ONCE ? last->time : NC_NIL;
	lay = unread_for(o);
	e->heard_came = lay == NC_NIL ? NC_NIL : call_end(o->call) - lay;
	unread_taken(o, n);
}

void
late_send(const struct ep *e, struct chunk *first)
{
	for (; first; first = first->next) {
		first->asked = e->heard_sent;
		first->answered = e->heard_came;
	}
}

void
late_given_up(struct nc_model *m, const struct ep *e, const struct ref *r,
    uint64_t rcvd, int64_t end, uint64_t n)
{
	const struct ep *p = ep_peer(e);
	const struct chunk *k = p ? chunk_at(&p->tx, rcvd) : NULL;
	int64_t spent = e->rx.elastic ? NC_NIL : underway(k, end);
	struct dev d;

	if (spent != NC_NIL &&
	    dev_open_ref(&d, m, r, DEV_NETWORK_ERROR, "poll_timeout"))
		tell(&d, e, k, r->duration, n, spent);
}

bool
late_sent_after(
    struct nc_model *m, const struct ep *e, uint64_t rcvd, int64_t end)
{
	const struct ep *p = ep_peer(e);
	const struct chunk *k = p && !e->rx.elastic ? chunk_at(&p->tx, rcvd) :
						      NULL;
	int64_t at = k && k->time != NC_NIL ?
	    clock_earliest(m, p->host, k->time, e->host) :
	    NC_NIL;

	return at != NC_NIL && end != NC_NIL && at - end >= SURELY_NS;
}

bool
late_sent_before(
    struct nc_model *m, const struct ep *e, uint64_t rcvd, int64_t end)
{
	const struct ep *p = ep_peer(e);
	const struct chunk *k = p && !e->rx.elastic ? chunk_at(&p->tx, rcvd) :
						      NULL;
	int64_t at = k && k->time != NC_NIL ?
	    clock_latest(m, p->host, k->time, e->host) :
	    NC_NIL;

	return at != NC_NIL && end != NC_NIL && at < end;
}
