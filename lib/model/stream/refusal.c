/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Refused connects: told at the end, when it is known what the port did later.
 */
#include "refusal.h"

#include <string.h>

#include "../deviate.h"
#include "../host/clock.h"
#include "../host/cope.h"
#include "../offer.h"
#include "../socket/port.h"
#include "../wait.h"
#include "conn.h"

#define REFUSALS_MAX 256     /* kept for each port until the end */
#define NEIGHBOURS 16        /* listeners that are compared with one */
#define CLOCK_SLACK 10000000 /* ns beyond the bounds on two clocks */

void
refusal_keep(struct offer *o, struct port *p, struct conn *c)
{
	struct listener *l = port_listener(p, &c->target, false), *other;
	const struct nc_host_state *h = p->host;
	struct refusal *r;
	const char *why = "none";

	/* It may be told long after it happened: nobody listened yet. */
	if (l && l->opened_seq > c->seq)
		l = NULL;
	other = l ? NULL : port_misfit(p, &c->target, &why);
	if (!o->m->sink || p->nrefusals >= REFUSALS_MAX)
		return;
	p->nrefusals++;
	r = nc_xcalloc(1, sizeof(*r));
	ref_set(&r->call, o);
	r->host = o->host;
	r->local = c->client_local;
	r->target = c->target;
	r->connection = c->number;
	r->seq = o->m->seq;
	r->from = c->seq;
	r->asked = c->connect.time;
	r->successes = p->successes;
	r->reached = p->last_client == o->host ? p->last_reached : 0;
	r->heard = h->index < o->host->nheard ? o->host->heard[h->index] : 0;
	r->covered = l != NULL;
	r->nonblocking = c->nonblocking;
	r->rejected = c->rejected;
	r->took = c->unanswered_for;
	if (o->step->id == NC_CALL_CONNECT && !c->nonblocking &&
	    wait_took(o) != NC_NIL)
		r->took = wait_took(o);
	if (l) {
		r->listener = l->local;
		c->listener_then = l->local;
		r->same_lane = l->listen.host == o->host &&
		    host_lane(o->host, l->listen.trace)->number ==
			o->lane->number &&
		    l->listen.at < nc_call_from(o->call);
	}
	if (other) {
		r->other = other->local;
		c->listener_other = other->local;
	}
	r->reason = p->unseen ? "unseen" : why;
	r->next = p->refusals;
	p->refusals = r;
	if (p->host == o->host)
		cope_refused(o, &c->target);
}

/* Open until its program ended, and its trace with it. */
static bool
stayed(const struct listener *l)
{
	return !l->closed_seq || host_ends_with(l->port->host, &l->release);
}

/*
 * The clocks say that it listened all the while, whatever the order, which
 * sees no more than that a refusal and a listener exclude each other.  That it
 * had opened, an earlier connect of the same host tells, too.
 */
static bool
listened_then(
    struct nc_model *m, const struct listener *l, const struct refusal *r)
{
	const struct nc_host_state *h = l->port->host;
	const struct ref *call = &r->call;
	int64_t from, to, end;
	const char *why;

	if (!h || h == r->host || call->time == NC_NIL || r->asked == NC_NIL ||
	    l->listen.time == NC_NIL || listener_misfit(l, &r->target, &why))
		return false;
	end = call->time + (call->duration == NC_NIL ? 0 : call->duration);
	from = clock_earliest(m, r->host, r->asked, h);
	to = clock_latest(m, r->host, end, h);
	return to != NC_NIL &&
	    (r->reached == l->opened_seq ||
		(from != NC_NIL && from > l->listen.time + CLOCK_SLACK)) &&
	    (!l->closed_seq ||
		(l->release.time != NC_NIL &&
		    to + CLOCK_SLACK < l->release.time));
}

static bool
is_newer(const struct listener *l, const struct listener *than)
{
	return !than || l->opened_seq > than->opened_seq;
}

static bool
same_place(const struct listener *a, const struct listener *b)
{
	return a->v6only == b->v6only && nc_addr_same_ip(&a->local, &b->local);
}

/* One that was opened later had closed before the refusal as well. */
static bool
is_passed(const struct listener *l, const struct refusal *r)
{
	const struct listener *n = l->prev;
	int i;

	for (i = 0; n && !n->open && i < NEIGHBOURS; i++, n = n->prev)
		if (n->closed_seq <= r->seq && same_place(n, l))
			return true;
	return false;
}

/* One that was opened sooner was opened after the connect as well. */
static bool
is_preceded(const struct listener *l, const struct refusal *r)
{
	const struct listener *n = l->next;
	int i;

	for (i = 0; n && i < NEIGHBOURS; i++, n = n->next)
		if (n->opened_seq > r->from && same_place(n, l))
			return true;
	return false;
}

bool
refusal_needs(struct nc_model *m, const struct listener *l)
{
	const struct refusal *r;

	for (r = l->port->refusals; r; r = r->next)
		if ((l->closed_seq <= r->seq && !is_passed(l, r)) ||
		    (l->opened_seq > r->from && !is_preceded(l, r)) ||
		    (l->opened_seq <= r->seq && l->closed_seq >= r->seq) ||
		    listened_then(m, l, r))
			return true;
	return false;
}

/* The newest of those that were open at a place in the order, or NULL. */
static struct listener *
open_at(const struct port *p, uint64_t seq)
{
	struct listener *l, *newest = NULL;

	for (l = p->listeners; l; l = l->next)
		if (l->opened_seq <= seq &&
		    (!l->closed_seq || l->closed_seq >= seq) &&
		    is_newer(l, newest))
			newest = l;
	return newest;
}

/*
 * A host that has no such port says so at once; what rejects on the way with an
 * ICMP message is heard when the SYN is sent again, a second later.
 */
static void
tell_took(struct dev *d, const struct refusal *r)
{
	if (r->took >= RETRANSMIT_NS)
		dev_int(d, "took", r->took);
	if (r->rejected)
		dev_int(d, "rejected", 1);
}

/*
 * Of a server with a socket for each family, or address, it is the one that
 * fits which tells; in the order the refusal may stand between the two.
 */
static void
reconsider(const struct port *p, struct refusal *r, struct listener **before,
    struct listener **later)
{
	struct listener *l, *closed = NULL, *opened = NULL;
	const char *why;

	if (strcmp(r->reason, "unseen") == 0)
		return;
	for (l = p->listeners; l; l = l->next) {
		if (listener_misfit(l, &r->target, &why))
			continue;
		if (l->opened_seq > r->from && (!opened || is_newer(opened, l)))
			opened = l;
		if (l->closed_seq && l->closed_seq <= r->seq &&
		    is_newer(l, closed))
			closed = l;
	}
	if (!opened && !closed)
		return;
	memset(&r->other, 0, sizeof(r->other));
	r->reason = "none";
	*before = closed;
	*later = opened;
}

/*
 * The order puts a refusal where nothing listened, whether that was so or
 * something on the way refused: this shows that it was, by what the hosts had
 * heard of each other, or by clocks that are known to agree so far.
 */
static bool
is_proven(struct nc_model *m, const struct port *p, const struct refusal *r,
    const struct listener *before, const struct listener *later)
{
	const struct ref *call = &r->call;
	int64_t t;

	if (p->host == r->host)
		return !p->host->apart;
	if (before) {
		t = r->asked == NC_NIL ?
		    NC_NIL :
		    clock_earliest(m, r->host, r->asked, p->host);
		return r->heard > before->closed_seq ||
		    (t != NC_NIL && before->release.host &&
			before->release.time != NC_NIL &&
			t > before->release.time);
	}
	t = call->time == NC_NIL ?
	    NC_NIL :
	    clock_latest(m, r->host, call->time, p->host);
	return t != NC_NIL && later->listen.time != NC_NIL &&
	    t < later->listen.time;
}

static void
refusal_tell(struct nc_model *m, struct port *p, struct refusal *r)
{
	struct listener *l, *later = NULL, *before = NULL, *then = NULL;
	bool open_before, open_after;
	struct dev d;

	for (l = p->listeners; l; l = l->next) {
		if (is_newer(l, then) && listened_then(m, l, r))
			then = l;
		if (l->opened_seq > r->from && (!later || is_newer(later, l)))
			later = l;
		if (l->closed_seq && l->closed_seq <= r->seq &&
		    is_newer(l, before))
			before = l;
	}
	if (!r->covered && !then) {
		reconsider(p, r, &before, &later);
		/*
		 * What was open at another time did not fit either: that is
		 * the reason, whatever the order.
		 */
		if (strcmp(r->reason, "none") == 0 && before &&
		    listener_misfit(before, &r->target, &r->reason))
			r->other = before->local;
		else if (strcmp(r->reason, "none") == 0 && !before && later &&
		    listener_misfit(later, &r->target, &r->reason))
			r->other = later->local;
		if (strcmp(r->reason, "none") == 0)
			r->reason = before ? "closed_before" :
			    later          ? "opened_later" :
					     "none";
		if (!dev_open_ref(
			&d, m, &r->call, DEV_ECONNREFUSED, "connect_refused"))
			return;
		d.rec.connection = (int64_t)r->connection;
		if (r->target.family)
			dev_peer(&d, p->host, &r->target);
		dev_str(&d, "reason", r->reason);
		dev_addr(&d, "listener", &r->other);
		tell_took(&d, r);
		if (p->host == r->host)
			dev_int(&d, "coped", cope_did(r->host, &r->call));
		l = before ? before : later;
		if (l && !r->other.family) {
			dev_addr(&d, "listener", &l->local);
			dev_int(&d, "after", l->listen_after);
			dev_int(&d, "open_to_end", stayed(l));
			if (!is_proven(m, p, r, before, later))
				dev_int(&d, "unsure", 1);
		}
		if (before)
			dev_cause(&d, &before->release);
		else if (later)
			dev_cause(&d, &later->listen);
		/* Before or after: no clock of the host tells. */
		if (l && !r->other.family && p->host && p->host->apart)
			dev_weak(&d);
		dev_close(&d);
		return;
	}
	l = then ? then : open_at(p, r->seq);
	open_before = then || r->same_lane || r->successes > 0 ||
	    (l && r->heard > l->opened_seq);
	/* Something that the client sent later was heard before it closed. */
	open_after = then || !l || !l->closed_seq || p->last_success > r->seq ||
	    (r->host->index < l->nheard && l->heard[r->host->index] > r->seq);
	if (!dev_open_ref(
		&d, m, &r->call, DEV_CONN_REFUSED_LISTENING, "connect_refused"))
		return;
	d.rec.connection = (int64_t)r->connection;
	dev_peer(&d, p->host, &r->target);
	dev_addr(&d, "listener", then ? &then->local : &r->listener);
	tell_took(&d, r);
	dev_int(&d, "open_before", open_before);
	dev_int(&d, "open_after", open_after);
	dev_int(&d, "open_to_end", l && stayed(l));
	if (l)
		dev_int(&d, "listen_after", l->listen_after);
	if (l)
		dev_cause(&d, &l->listen);
	if (!(open_before && open_after))
		dev_weak(&d);
	if (then && !r->covered)
		dev_timed(&d);
	dev_close(&d);
}

static struct refusal *
reversed(struct refusal *r)
{
	struct refusal *out = NULL, *next;

	for (; r; r = next) {
		next = r->next;
		r->next = out;
		out = r;
	}
	return out;
}

void
refusals_tell(struct nc_model *m, struct port *p)
{
	struct refusal *r;

	p->refusals = reversed(p->refusals);
	for (r = p->refusals; r; r = r->next)
		refusal_tell(m, p, r);
}
