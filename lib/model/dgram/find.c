/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which datagram came: the search among those under way.
 */
#include "find.h"

#include <string.h>

#include "../offer.h"
#include "../socket/port.h"

#define TRIED 64 /* candidates looked at */

size_t
dgram_known(const struct offer *o, const struct dgram *d)
{
	size_t n = dgram_shown(o->call, d->len);

	if (o->host->key != d->flow->host->key)
		return 0;
	return n < d->known ? n : d->known;
}

/* That it came from the sender's host, but another port was guessed. */
static int
fits_host(struct offer *o, const struct flow *f, const struct nc_addr *from)
{
	const struct port *p;

	if (f->source.port)
		return f->source.port == from->port ? HOSTS :
		    f->inferred                     ? GUESSED :
						      MISFIT;
	p = port_get(o->m, f->host, true, from->port, false);
	/* That port is another socket's. */
	if (p && p->receivers &&
	    (!p->receivers->sock ||
		p->receivers->sock->number != f->sender_number))
		return p->receivers->inferred ? GUESSED : MISFIT;
	return HOSTS;
}

/*
 * An address, of host h if any's, from which its sender sends: where none is
 * bound, one of its host's, so far as those are known.
 */
static bool
is_source(const struct flow *f, const struct nc_host_state *h,
    const struct nc_addr *from)
{
	if (f->source.family && !nc_addr_is_wildcard(&f->source))
		return nc_addr_same_ip(&f->source, from);
	return h == f->host || (!h && !f->host->declared);
}

/*
 * What leaves for an address of its own host comes from that very address, and
 * from the loopback interface only what goes there, unless its sender is bound.
 */
static bool
is_elsewhere(const struct flow *f, const struct nc_addr *from)
{
	const struct nc_addr *to = &f->destination;

	return (!f->source.family || nc_addr_is_wildcard(&f->source)) &&
	    !f->multicast && !nc_addr_is_wildcard(to) &&
	    nc_addr_is_loopback(from) != nc_addr_is_loopback(to);
}

/*
 * It left for the address that it came from, which nobody is known to own:
 * the address is their host's.
 */
static bool
is_own(struct offer *o, const struct flow *f, const struct nc_addr *from)
{
	return f->host == o->host && !f->host->declared &&
	    nc_addr_same_ip(&f->destination, from) &&
	    !(f->source.family && !nc_addr_is_wildcard(&f->source));
}

static int
fits(struct offer *o, const struct dgram *d, const struct nc_addr *from,
    uint64_t n, bool cut)
{
	const struct nc_call *call = o->call;
	const struct flow *f = d->flow;
	struct nc_host_state *h;
	size_t k = dgram_known(o, d);

	if (cut ? d->len <= n : d->len != n)
		return MISFIT;
	/* An echo: who sends to itself is bound to where it sends. */
	if (f->host == o->host && f->sender_number == o->sock->number &&
	    (!o->sock->local.port || o->sock->local_inferred || !f->to_host))
		return MISFIT;
	if (k && memcmp(call->data.p, d->data, k) != 0)
		return MISFIT;
	if (!from->family)
		return UNSHOWN;
	h = host_owning(o->m, o->host, from);
	if (f->source.port && f->source.port == from->port &&
	    is_source(f, h, from))
		return EXACT;
	if (h == f->host && is_elsewhere(f, from))
		return MISFIT;
	if (h == f->host || (!h && is_own(o, f, from)))
		return fits_host(o, f, from);
	if (h)
		return MISFIT;
	/* A translator gives what goes one way one port. */
	if (f->seen_port && f->seen_port != from->port)
		return MISFIT;
	if (host_declared_as(o->m, f->host, from))
		return !f->source.port || f->inferred ? HOSTS :
		    f->source.port == from->port      ? EXACT :
							FOREIGN;
	/* It is reached under its own addresses: nothing translates it. */
	if (f->host->declared && f->host->seen)
		return MISFIT;
	/* Nor anything that stays within a host. */
	if (f->host == o->host || nc_addr_is_loopback(&f->destination))
		return MISFIT;
	/* Seen under a foreign address: translated, if bytes or port say so. */
	if (f->source.port && f->source.port == from->port)
		return k >= 4 || n < 4 || k == 0 ? SAME_PORT : MISFIT;
	/* Another port: not its own address, which nobody has told yet. */
	if (f->source.port && !f->inferred)
		return k >= 4 && f->host->known ? FOREIGN : MISFIT;
	return k >= 4 || n < 4 ? FOREIGN : MISFIT;
}

/* It goes to a port that another socket is known to hold. */
static bool
is_others(const struct offer *o, const struct dgram *d)
{
	const struct udp *u = d->flow->port->receivers;

	return u && u->number != o->sock->number && !u->inferred;
}

/*
 * A socket whose trace does not show its port may be another one of those that
 * equal datagrams came from or went to.
 */
static bool
is_rival(const struct offer *o, const struct dgram *a, const struct dgram *b)
{
	if (a->flow == b->flow)
		return false;
	return a->flow->host != b->flow->host || !a->flow->source.port ||
	    !b->flow->source.port || a->flow->inferred || b->flow->inferred ||
	    (a->flow->port != b->flow->port &&
		(!o->sock->local.port || o->sock->local_inferred));
}

static struct hit
search_list(struct offer *o, int which, uint64_t key,
    const struct nc_addr *from, uint64_t n, bool cut)
{
	const struct dgram_list *l = list_get(o->m, which, key);
	struct hit hit = { .cut = cut };
	struct dgram *d;
	int tried = 0;
	bool ahead = false, taken = false;

	for (d = l ? l->first : NULL; d && tried < TRIED;
	     d = d->next[which], tried++) {
		int fit = fits(o, d, from, n, cut);

		if (fit < hit.fit || fit == MISFIT ||
		    (which == BY_HOST && is_others(o, d)))
			continue;
		/* Of equal ones that which none has overtaken is likelier. */
		ahead = fit >= HOSTS && d->fifo > d->flow->last_fifo;
		if (fit > hit.fit) {
			hit.rival = false;
		} else {
			hit.rival = hit.rival || is_rival(o, d, hit.d);
			if (!ahead || taken)
				continue;
		}
		hit.d = d;
		hit.fit = fit;
		taken = ahead;
		if (ahead && fit == EXACT && !d->flow->inferred &&
		    which != BY_HOST)
			break;
	}
	return hit;
}

static struct hit
search_translated(struct offer *o, const struct nc_addr *from, uint64_t n)
{
	struct hit hit =
	    search_list(o, BY_HOST, host_key(o->host), from, n, false);

	if (hit.d && hit.d->flow->match != MATCH_NAT)
		hit.d = NULL;
	return hit;
}

static struct hit
search_any_port(
    struct offer *o, const struct nc_addr *from, uint64_t n, bool full)
{
	struct hit hit =
	    search_list(o, BY_HOST, host_key(o->host), from, n, false);

	if (!hit.d && full)
		hit = search_list(o, BY_HOST, host_key(o->host), from, n, true);
	return hit;
}

bool
dgram_may_be_cut(const struct nc_call *call, uint64_t n)
{
	return call->asked != NC_NIL && n == (uint64_t)call->asked &&
	    (call->value == NC_NIL || (call->value & NC_MSG_TRUNC));
}

struct hit
dgram_search(
    struct offer *o, struct port *p, const struct nc_addr *from, uint64_t n)
{
	const struct nc_call *call = o->call;
	size_t known = dgram_shown(call, n);
	bool full = dgram_may_be_cut(call, n);
	struct port *outside;
	struct hit hit;

	if (p) {
		hit = search_list(o, BY_CONTENT,
		    content_key(p, n, call->data.p, known), from, n, false);
		if (!hit.d)
			hit = search_list(o, BY_PORT, p->id, from, n, false);
		if (!hit.d && full)
			hit = search_list(o, BY_PORT, p->id, from, n, true);
	} else {
		hit = search_any_port(o, from, n, full);
	}
	if (!hit.d && p && !o->host->declared &&
	    (outside = port_get(o->m, NULL, true, p->number, false)))
		hit = search_list(o, BY_PORT, outside->id, from, n, false);
	/* An answer through a translator, to a port that was not shown. */
	if (!hit.d && p && o->m->udp_nat.n > 0)
		hit = search_translated(o, from, n);
	/* Not the port that was guessed. */
	if (!hit.d && p && o->sock->local_inferred) {
		hit = search_any_port(o, from, n, full);
		hit.fit = hit.fit < GUESSED ? hit.fit : GUESSED;
	}
	return hit;
}

int
dgram_fits(struct offer *o, const struct dgram *d, const struct nc_addr *from,
    uint64_t n)
{
	return fits(o, d, from, n, false);
}
