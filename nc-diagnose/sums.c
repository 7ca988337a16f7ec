/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What connections and flows add up to: who reached whom, when, and what they
 * exchanged.
 */
#include <string.h>

#include "take.h"

/* Processes and ports whose successes are kept apart. */
#define TRIED_MAX 65536
/* Past it a hostile input leaves no more; no finding comes of less. */
#define SUMS_MAX 65536

static struct reach *
reach_make(struct facts *f, int client, int server, struct nc_addr target)
{
	uint64_t key = facts_reach_key(client, server, &target);
	struct reach *r = nc_map_get(&f->reach_by_key, key);

	if (r)
		return r;
	if (f->nreaches >= SUMS_MAX) {
		f->reaches_full = true;
		return NULL;
	}
	r = nc_xcalloc(1, sizeof(*r));
	r->client = client;
	r->server = server;
	r->port = target.port;
	r->when.seq_lo = r->when.seq_hi = NC_NIL;
	nc_map_put(&f->reach_by_key, key, r);
	f->reaches = nc_grow(
	    f->reaches, f->nreaches, &f->reaches_cap, sizeof(*f->reaches));
	f->reaches[f->nreaches++] = r;
	return r;
}

static struct pair *
pair_make(struct facts *f, int a, int b)
{
	uint64_t key = facts_pair_key(a, b);
	struct pair *p = nc_map_get(&f->pair_by_key, key);

	if (p || f->npairs >= SUMS_MAX)
		return p;
	p = nc_xcalloc(1, sizeof(*p));
	p->a = a < b ? a : b;
	p->b = a < b ? b : a;
	nc_map_put(&f->pair_by_key, key, p);
	f->pairs =
	    nc_grow(f->pairs, f->npairs, &f->pairs_cap, sizeof(*f->pairs));
	f->pairs[f->npairs++] = p;
	return p;
}

/* Keeps calls that show that they did exchange something. */
static void
pair_shown(struct pair *p, struct nc_bytes refs)
{
	if (p->refs || refs.len == 0)
		return;
	p->refs = nc_xmalloc(refs.len);
	memcpy(p->refs, refs.p, refs.len);
	p->nrefs = refs.len;
}

static void
path_add(struct facts *f, int from, int to, bool v4, struct nc_bytes direction)
{
	int64_t carried = map_count(direction, "largest_delivered");
	uint64_t key = facts_path_key(from, to, v4);
	struct path *p = nc_map_get(&f->path_by_key, key);

	if (carried == 0 || (!p && f->npaths >= SUMS_MAX))
		return;
	if (!p) {
		p = nc_xcalloc(1, sizeof(*p));
		nc_map_put(&f->path_by_key, key, p);
		f->npaths++;
	}
	if (carried > p->carried)
		p->carried = carried;
}

static void
tried_add(struct facts *f, const struct conn *c)
{
	uint64_t key = facts_tried_key(c->client, c->process, c->target.port);
	struct tried *t = nc_map_get(&f->tried_by_key, key);
	int six = !nc_addr_is_v4(&c->target);

	if (!t && f->ntried >= TRIED_MAX) {
		f->tried_full = true;
		return;
	}
	if (!t) {
		t = nc_xcalloc(1, sizeof(*t));
		t->when[0].seq_lo = t->when[0].seq_hi = NC_NIL;
		t->when[1] = t->when[0];
		nc_map_put(&f->tried_by_key, key, t);
		f->ntried++;
	}
	spans_add(&t->when[six], c->c.first, c->seq);
}

/* refs is what shows it. */
static void
leg_add(struct facts *f, const struct conn *c)
{
	struct nc_bytes asks = nc_find_str(c->c.facts, "asks_for");
	bool server = c->client < 0;
	int host = server ? c->server : c->client;
	struct nc_addr other = server ? take_endpoint(c->c.server_peer) :
					c->target;
	int64_t up = map_count(c->c.to_server, "received");
	int64_t down = map_count(c->c.to_client, "received");
	struct leg *l;
	uint64_t key;

	if (!other.family || nc_addr_is_loopback(&other) || host < 0 ||
	    facts_owner(f, &other) >= 0 || f->nlegs == LEGS_MAX)
		return;
	key = take_mix(
	    take_mix(8, (uint64_t)host * 2 + server), nc_addr_hash_ip(&other));
	key = take_mix_bytes(take_mix(key, server ? 0 : other.port), asks);
	key = take_mix(take_mix(key, (uint64_t)up), (uint64_t)down);
	if (nc_map_put(&f->leg_by_key, key, f))
		return;
	f->legs = nc_grow(f->legs, f->nlegs, &f->legs_cap, sizeof(*f->legs));
	l = &f->legs[f->nlegs++];
	memset(l, 0, sizeof(*l));
	l->host = host;
	l->server = server;
	l->other = other;
	l->asks_for = asks.len ? nc_xstrndup(asks.p, asks.len) : NULL;
	l->up = up;
	l->down = down;
	l->connection = c->c.connection;
	l->nrefs = c->c.refs.len;
	l->refs = nc_xmalloc(l->nrefs ? l->nrefs : 1);
	if (l->nrefs)
		memcpy(l->refs, c->c.refs.p, l->nrefs);
}

static void
sum_bytes(struct facts *f, struct nc_bytes direction)
{
	f->received += map_count(direction, "received");
	f->compared += map_count(direction, "compared");
}

static void
looks_add(struct facts *f, const struct conn *c)
{
	uint64_t key;

	if (c->server < 0 || c->process == NC_NIL)
		return;
	key = facts_sweep_key(c->client, c->process, c->server);
	if (nc_str_eq(c->c.opened, "refused"))
		sweep_refused(&f->sweeps, key, c->target.port);
	else if (nc_str_eq(c->c.opened, "connected"))
		sweep_accepted(
		    &f->sweeps, key, map_count(c->c.to_server, "sent"));
}

/* Few hosts have more; of those the first ones are enough. */
#define SOURCES_MAX 8

static void
source_add(struct facts *f, const struct conn *c)
{
	uint64_t key = facts_source_key(c->client, c->server);
	struct nc_addr local = take_endpoint(c->c.client_local);
	struct source *head = nc_map_get(&f->sources, key), *s;
	size_t n = 0;

	if (c->server < 0 || c->client == c->server || !local.family ||
	    nc_addr_is_wildcard(&local) || c->seq == NC_NIL)
		return;
	for (s = head; s && !nc_addr_same_ip(&s->address, &local); s = s->next)
		n++;
	if (!s) {
		if (n >= SOURCES_MAX || f->sources.n >= SUMS_MAX)
			return;
		s = nc_xcalloc(1, sizeof(*s));
		s->address = local;
		s->first = c->seq;
		s->next = head;
		nc_map_put(&f->sources, key, s);
	}
	s->first = c->seq < s->first ? c->seq : s->first;
	s->last = c->seq > s->last ? c->seq : s->last;
}

/* A host saw that address as another end's, and it was. */
static void
met_add(struct facts *f, int host, const struct nc_addr *peer)
{
	if (host < 0 || !peer->family || nc_addr_is_loopback(peer) ||
	    nc_addr_is_wildcard(peer) || f->met.n >= SUMS_MAX)
		return;
	nc_map_put(&f->met, facts_met_key(host, peer), f);
}

void
sums_connection(struct facts *f, struct conn *c)
{
	bool worked = nc_str_eq(c->c.opened, "connected");
	struct nc_addr local, peer;
	struct reach *r;
	struct pair *p;

	if (c->c.client_socket != NC_NIL && c->c.server_socket != NC_NIL &&
	    c->client >= 0 && c->server >= 0) {
		sum_bytes(f, c->c.to_server);
		sum_bytes(f, c->c.to_client);
		local = take_endpoint(c->c.server_local);
		/* [::] takes both families: which one it was, its client says. */
		if (nc_addr_is_wildcard(&local) && c->target.family)
			local = c->target;
		path_add(f, c->client, c->server, nc_addr_is_v4(&local),
		    c->c.to_server);
		path_add(f, c->server, c->client, nc_addr_is_v4(&local),
		    c->c.to_client);
		p = pair_make(f, c->client, c->server);
		if (p && worked) {
			p->connections++;
			pair_shown(p, c->c.refs);
		}
	}
	peer = take_endpoint(c->c.server_peer);
	if (!nc_str_eq(c->c.match, "nat"))
		met_add(f, c->server, &peer);
	if (c->client < 0) {
		local = take_endpoint(c->c.server_local);
		r = reach_make(f, -1, c->server, local);
		if (r && peer.family && facts_owner(f, &peer) < 0 &&
		    !nc_addr_is_loopback(&peer))
			r->foreign++;
		else if (r)
			r->unseen++;
		leg_add(f, c);
		return;
	}
	looks_add(f, c);
	r = reach_make(f, c->client, c->server, c->target);
	if (!r)
		return;
	if (!worked) {
		r->failed++;
		return;
	}
	if (c->server < 0)
		leg_add(f, c);
	r->worked++;
	source_add(f, c);
	spans_add(&r->when, c->c.first, c->seq);
	tried_add(f, c);
}

void
sums_flow(struct facts *f, struct flow *w)
{
	struct pair *p;

	if (w->sender < 0 || !w->f.receiver_host.p)
		return;
	/* What is sent to a host's own address arrives there. */
	if (w->f.received > 0)
		met_add(f, w->sender, &w->destination);
	p = pair_make(f, w->sender, w->receiver);
	if (p && w->f.received > 0) {
		p->datagrams += count_of(w->f.received);
		pair_shown(p, w->f.refs);
	}
	f->received += count_of(w->f.bytes_received);
	f->compared += nc_find_int(w->f.facts, "compared") == NC_NIL ?
	    count_of(w->f.bytes_received) :
	    map_count(w->f.facts, "compared");
}

static uint64_t
flow_key(int from, int to, uint16_t port)
{
	return take_mix(facts_path_key(from, to, true), port);
}

/*
 * Servers answer each client at another port, often one datagram each: what
 * such flows share is the server's socket.
 */
void
sums_replies(struct facts *f)
{
	struct nc_map firsts = { 0 };
	size_t i;

	for (i = 0; i < f->nflows; i++) {
		struct flow *w = f->flows[i];
		uint64_t key =
		    flow_key(w->sender, w->receiver, w->destination.port);
		struct flow *first = nc_map_get(&firsts, key);

		if (!first ||
		    nc_find_int(w->f.facts, "seq") <
			nc_find_int(first->f.facts, "seq"))
			nc_map_put(&firsts, key, w);
	}
	for (i = 0; i < f->nflows; i++) {
		struct flow *w = f->flows[i];
		struct nc_addr source = take_endpoint(w->f.source);
		struct flow *first = nc_map_get(
		    &firsts, flow_key(w->receiver, w->sender, source.port));

		w->reply = source.port && first && first->f.received > 0 &&
		    nc_find_int(first->f.facts, "seq") <
			nc_find_int(w->f.facts, "seq");
	}
	nc_map_fini(&firsts);
}
