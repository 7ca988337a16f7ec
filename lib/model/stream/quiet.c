/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Connections that were quiet for a time.
 */
#include "quiet.h"

#include "conn.h"

#define WORTH_NS INT64_C(1000000000) /* less is no pause */

static void
passes(const struct offer *o, struct quiet *q)
{
	const struct nc_call *c = o->call;

	if (c->time == NC_NIL)
		return;
	q->timed = true;
	q->last = c->time + (c->duration == NC_NIL ? 0 : c->duration);
}

void
quiet_sends(const struct offer *o, struct ep *e)
{
	struct quiet *q = &e->quiet;
	const struct ep *p = ep_peer(e);
	int64_t now = o->call->time;

	/* Nothing has come of what followed the last pause: it still counts. */
	if (q->time > 0 && e->tx.sent > q->at && e->rx.rcvd == q->received &&
	    p && p->rx.rcvd <= q->at)
		return;
	if (q->timed && now != NC_NIL && now - q->last >= WORTH_NS) {
		q->time = now - q->last;
		q->at = e->tx.sent;
		q->received = e->rx.rcvd;
	}
	passes(o, q);
}

void
quiet_receives(const struct offer *o, struct ep *e)
{
	passes(o, &e->quiet);
}

int64_t
quiet_before_loss(const struct ep *e)
{
	const struct quiet *q = &e->quiet;
	const struct ep *p = ep_peer(e);

	return p && q->time > 0 && q->at > 0 && q->received > 0 &&
		p->rx.rcvd == q->at && e->rx.rcvd == q->received ?
	    q->time :
	    NC_NIL;
}
