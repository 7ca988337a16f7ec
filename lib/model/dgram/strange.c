/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams that came and that nobody seems to have sent.
 */
#include "find.h"

#include "../deviate.h"
#include "../offer.h"
#include "../socket/guess.h"
#include "../socket/port.h"
#include "../untraced.h"
#include "doubt.h"
#include "out.h"
#include "segment.h"

#define TRIED 64 /* candidates looked at */

static size_t
equal_bytes(const struct dgram *d, const struct nc_call *call)
{
	size_t i, n = 0;

	for (i = 0; i < d->known && i < call->data.len; i++)
		n += d->data[i] == call->data.p[i];
	return n;
}

/*
 * A datagram of the same flow and length with other bytes: the only one, or
 * else the one that is most like what came.
 */
static struct dgram *
altered(struct offer *o, const struct port *p, const struct nc_addr *from,
    uint64_t n)
{
	const struct dgram_list *l = p ? list_get(o->m, BY_PORT, p->id) : NULL;
	struct dgram *d, *best = NULL;
	size_t most = 0;
	int tried = 0, n_fit = 0;

	for (d = l ? l->first : NULL; d && tried < TRIED && !o->call->runs.p;
	     d = d->next[BY_PORT], tried++) {
		if (d->len != n || dgram_known(o, d) == 0 || !from->family ||
		    d->flow->source.port != from->port ||
		    host_owning(o->m, o->host, from) != d->flow->host)
			continue;
		n_fit++;
		if (!best || equal_bytes(d, o->call) > most) {
			best = d;
			most = equal_bytes(d, o->call);
		}
	}
	return n_fit > 1 && most * 2 < best->known ? NULL : best;
}

static void
tell_altered(struct offer *o, struct dgram *d, uint64_t n)
{
	const struct nc_call *call = o->call;
	bool in_doubt = guess_confuses(o->m, d->flow);
	const struct port *at = local_port(o);
	const struct port *from = d->flow->source.port ?
	    port_get(o->m, d->flow->host, true, d->flow->source.port, false) :
	    NULL;
	size_t i = 0;
	struct dev dev;

	while (
	    i < d->known && i < call->data.len && call->data.p[i] == d->data[i])
		i++;
	if (!dev_open(&dev, o, DEV_MSG_DONT_MATCH, "dgram_recv"))
		return;
	dev_flow(&dev, d->flow, true);
	/*
	 * One of before its trace began, or another socket's, if no line has
	 * told whose the port is.
	 */
	if (d->flow->late_sender || in_doubt || !guess_is_told(from))
		dev_weak(&dev);
	dev_int(&dev, "offset", (int64_t)i);
	dev_int(&dev, "length", (int64_t)n);
	dev_int(&dev, "known", (int64_t)call->data.len);
	dev_int(&dev, "whole", 1);
	dev_cause(&dev, d->ref);
	doubt_close(o->m, &dev,
	    &(struct doubt){ .from = d->flow->host,
		.to = o->host,
		.from_port = d->flow->source.port,
		.to_port = at ? at->number : 0,
		.length = doubt_length(n),
		.paired = true,
		.counts = true });
}

/* In a sendmmsg from that port, whose messages only its end tells. */
static bool
sends_many(const struct nc_host_state *h, uint16_t port)
{
	const struct sock *s;
	const struct inside *in;
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&h->inside, &at))) {
		in = slot->value;
		if (in->id != NC_CALL_SENDMMSG)
			continue;
		s = nc_map_get(&h->socks, (uint64_t)in->socket);
		if (!s || !s->local.port || s->local.port == port)
			return true;
	}
	return false;
}

/* Enough of what was sent came for it to be the one. */
static bool
is_much_like(const struct dgram *d, const struct nc_call *call)
{
	return equal_bytes(d, call) * 2 >= d->known;
}

/*
 * Nothing that its sender's trace shows has come yet, and more may: the trace
 * began too late for this one.
 */
static bool
is_before(const struct dgram *d)
{
	return d->flow->late_sender && !d->flow->received &&
	    !host_done(d->flow->host);
}

static void
take_altered(struct offer *o, struct dgram *d, uint64_t n)
{
	struct flow *f = d->flow;

	tell_altered(o, d, n);
	f->received++;
	f->bytes_received += n;
	if (f->match == MATCH_NONE)
		f->match = MATCH_EXACT;
	dgram_del(o->m, d);
	flow_settle(o->m, f);
}

/* A stranger's; whether it is one may show later. */
static void
take_foreign(struct offer *o, const struct nc_addr *from)
{
	if (!from->family)
		return;
	nc_map_put(&o->m->external, nc_addr_hash_ip(from), o->m);
	nc_map_put(&o->m->strangers,
	    key_of(3, nc_addr_hash_ip(from), from->port), o->m);
}

/*
 * Of a host whose trace is not whole.  Where it lacks no more than reads and
 * writes, these are none of a socket's that has no peer.
 */
static bool
may_be_hidden(struct offer *o, struct nc_host_state *h,
    const struct port *source, uint64_t n)
{
	const struct udp *u = source->receivers;
	struct flow *f;

	if (!(u && u->late) &&
	    (!h->uncertain || (!h->omits && u && !u->next && !u->had_peer)))
		return false;
	for (f = o->sock->flows; f; f = f->of_next)
		if (f->port == source)
			f->unshown++;
	doubt_strange(o, n);
	untraced_skip(o, NULL,
	    "a datagram from a host whose trace is not complete", "dgram_recv");
	return true;
}

/*
 * The socket has asked that host several times the same, whose tasks no clock
 * orders: which of them got which question, and answered it how, is a guess.
 */
static bool
asked_alike(const struct offer *o, const struct nc_host_state *h)
{
	const struct flow *f = o->sock->flows;
	int tried;

	for (tried = 0; f && tried < TRIED; f = f->of_next, tried++)
		if (f->to_host == h && guess_blurs(f))
			return true;
	return false;
}

static void
tell_unsent(struct offer *o, struct nc_host_state *h, struct port *source,
    const struct port *p, const struct nc_addr *from, uint64_t n)
{
	struct ahead *a = dgram_ahead(o, p, h, from, n);
	struct dev dev;

	/* It could be a socket's that sends later in this order. */
	if (guess_is_open(o->m, h, source) || guess_is_open(o->m, o->host, p)) {
		guess_doubt(guess_is_open(o->m, h, source) ? h : o->host);
		return;
	}
	/* It may only be told at the end of a call in progress. */
	if (!sends_many(h, from->port)) {
		source->confused = true;
		h->confused = true;
		source->unseen = !source->receivers;
		/* That port could be any other of its sockets' as well. */
		if (source->unseen) {
			h->hides = true;
			if (h->nameless)
				guess_doubt(h);
		}
	}
	if (!dev_open(&dev, o, DEV_MSGNOTSENT, "dgram_recv"))
		return;
	dev_peer(&dev, h, from);
	dev_int(&dev, "missing", (int64_t)n);
	dev_int(&dev, "length", (int64_t)n);
	dev_int(&dev, "unseen", source->unseen);
	if (source->unseen) {
		dev_weak(&dev);
		dev_confidence(&dev, 30);
	} else if (!p || o->sock->local_inferred || !guess_is_told(source) ||
	    source->blurred || asked_alike(o, h)) {
		/* Where one of the sockets is bound, no line has told. */
		dev_weak(&dev);
	}
	dgram_ahead_unsent(o, a,
	    doubt_close(o->m, &dev,
		&(struct doubt){ .from = h,
		    .to = o->host,
		    .from_port = from->port,
		    .to_port = p ? p->number : 0,
		    .length = doubt_length(n),
		    .counts = true,
		    .later = !host_done(h) }));
}

/* A stranger's address may be that of a traced host's translator. */
static bool
may_be_translated(struct offer *o, const struct nc_addr *from)
{
	const struct nc_model *m = o->m;

	return from->family &&
	    (nc_map_get(&m->nat_public, nc_addr_hash_ip(from)) ||
		m->udp_nat.n > 0 || m->undeclared);
}

void
dgram_strange(
    struct offer *o, struct port *p, const struct nc_addr *from, uint64_t n)
{
	struct nc_host_state *h =
	    from->family ? host_owning(o->m, o->host, from) : NULL;
	struct port *source = h ? port_get(o->m, h, true, from->port, true) :
				  NULL;
	const struct received *copy;
	struct dgram *d;
	bool many;

	/* It is told when it is taken. */
	if (o->call->flags != NC_NIL && (o->call->flags & NC_MSG_PEEK))
		return;
	/* Whose it was, the call does not say; but it had come before. */
	copy = dgram_copy_of(o, p, n, from);
	if (!from->family && copy) {
		dgram_tell_copy(o, copy, n, from, false);
		return;
	}
	if (!h) {
		doubt_foreign(o, n);
		if (may_be_translated(o, from))
			dgram_ahead(o, p, NULL, from, n);
		take_foreign(o, from);
		return;
	}
	/* A call in progress may still tell that it was sent right here. */
	many = sends_many(h, from->port);
	if (!copy && !many && dgram_out_came(o, h, from, n)) {
		doubt_strange(o, n);
		return;
	}
	if (source->unseen || segment_hides(source)) {
		doubt_strange(o, n);
		return;
	}
	if (!many && guess_revoke_address(o->m, h, from)) {
		doubt_foreign(o, n);
		take_foreign(o, from);
		return;
	}
	d = copy ? NULL : altered(o, p, from, n);
	if (d && is_before(d) && may_be_hidden(o, h, source, n))
		return;
	if (d && is_much_like(d, o->call))
		take_altered(o, d, n);
	else if (may_be_hidden(o, h, source, n))
		return;
	else if (copy)
		dgram_tell_copy(o, copy, n, from, many);
	else if (d && !many)
		take_altered(o, d, n);
	else
		tell_unsent(o, h, source, p, from, n);
}

/* Another traced host, whose addresses are not all known, has that port. */
static bool
may_hold(const struct offer *o, uint16_t port)
{
	const struct nc_model *m = o->m;
	const struct port *p;
	size_t i;

	for (i = 0; i < m->nhosts; i++) {
		if (m->hosts[i] == o->host || m->hosts[i]->declared ||
		    host_done(m->hosts[i]))
			continue;
		p = port_get(o->m, m->hosts[i], true, port, false);
		if (p && p->receivers)
			return true;
	}
	return false;
}

int
dgram_unexplained(struct offer *o, const struct port *p,
    const struct nc_addr *from, uint64_t n)
{
	struct nc_host_state *h =
	    from->family ? host_owning(o->m, o->host, from) : NULL;
	const struct port *source =
	    h ? port_get(o->m, h, true, from->port, false) : NULL;
	const struct dgram *d;

	if (!h && nc_map_get(&o->m->nat_public, nc_addr_hash_ip(from)))
		return 3;
	if (!h)
		return may_hold(o, from->port) ? 2 : 1;
	/*
	 * Its sender is in that call: what its own host reads meanwhile, no
	 * more can come before, but elsewhere one may be read later.
	 */
	if (sends_many(h, from->port))
		return h == o->host ? 0 : 1;
	/* Much like one that was sent: that one, altered on the way. */
	d = altered(o, p, from, n);
	if (d && is_before(d))
		return 0;
	if (d && is_much_like(d, o->call))
		return 1;
	/*
	 * A copy is likely, but of a short answer the weakest explanation.
	 * What answers a copy looks like a copy of the answer: one that came
	 * to who answers goes first.
	 */
	if (dgram_copy_of(o, p, n, from))
		return o->call->data.len < 16 ? 6 : o->sock->asks ? 3 : 2;
	return source && source->receivers ? 5 : 4;
}
