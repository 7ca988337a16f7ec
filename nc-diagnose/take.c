/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the rules look at: taking it from the records as they pass.
 */
#include "facts.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

/* Processes and ports whose successes are kept apart. */
#define TRIED_MAX 65536
/* Past these a hostile input leaves no more; no finding comes of less. */
#define SUMS_MAX 65536
#define DEVS_MAX 20000
#define CONNS_MAX 65536
#define FLOWS_MAX 65536

static char wanted; /* what wanted_conns and wanted_flows map to */

/* A copy of the record to decode from, so that its fields can be kept. */
static char *
copy(const struct nc_record *rec, void *out)
{
	struct nc_record own = *rec;
	char *raw = nc_xmalloc(rec->raw.len);

	memcpy(raw, rec->raw.p, rec->raw.len);
	own.raw.p = raw;
	if (nc_record_decode(&own, out) == 0)
		return raw;
	free(raw);
	return NULL;
}

/* True if one more of that kind is kept; else it is only counted. */
static struct group *
group_take(struct nc_map *groups, uint64_t key, bool *keep)
{
	struct group *g = nc_map_get(groups, key);

	if (!g) {
		g = nc_xcalloc(1, sizeof(*g));
		nc_map_put(groups, key, g);
	}
	*keep = g->kept < GROUP_MAX;
	if (*keep)
		g->kept++;
	else
		g->more++;
	return g;
}

static uint64_t
mix(uint64_t k, uint64_t v)
{
	return nc_hash_int(k ^ nc_hash_int(v));
}

static uint64_t
mix_bytes(uint64_t k, struct nc_bytes b)
{
	return nc_hash(b.p ? b.p : "", b.len, k);
}

static struct nc_addr
parse(struct nc_bytes b)
{
	struct nc_addr a;

	if (!b.p || nc_addr_parse(b.p, b.len, &a) != 0)
		memset(&a, 0, sizeof(a));
	return a;
}

/* Hosts, traces, addresses, clocks */

static int
host_make(struct facts *f, struct nc_bytes name)
{
	int i = facts_host(f, name);

	if (i >= 0 || !name.p)
		return i;
	f->hosts =
	    nc_grow(f->hosts, f->nhosts, &f->hosts_cap, sizeof(*f->hosts));
	memset(&f->hosts[f->nhosts], 0, sizeof(*f->hosts));
	f->hosts[f->nhosts].name = nc_xstrndup(name.p, name.len);
	nc_map_put(&f->host_by_name, nc_hash(name.p, name.len, 0),
	    (void *)(uintptr_t)++f->nhosts);
	return (int)f->nhosts - 1;
}

static struct trace *
trace_make(struct facts *f, struct nc_bytes host, int64_t trace)
{
	uint64_t key = facts_trace_key(host, trace);
	size_t i = (size_t)(uintptr_t)nc_map_get(&f->trace_by_key, key);
	struct trace *t;

	if (i)
		return &f->traces[i - 1];
	f->traces =
	    nc_grow(f->traces, f->ntraces, &f->traces_cap, sizeof(*f->traces));
	t = &f->traces[f->ntraces++];
	memset(t, 0, sizeof(*t));
	t->host = host_make(f, host);
	t->trace = trace;
	t->thread = NC_NIL;
	nc_map_put(&f->trace_by_key, key, (void *)(uintptr_t)f->ntraces);
	return t;
}

static void
take_host(struct facts *f, const struct nc_record *rec)
{
	struct nc_host h;
	struct trace *t;

	if (nc_record_decode(rec, &h) != 0 || !h.host.p)
		return;
	t = trace_make(f, h.host, h.trace);
	if (t->file || !h.file.p)
		return;
	t->file = nc_xstrndup(h.file.p, h.file.len);
	t->len = h.file.len;
	if (h.redacted.p)
		t->key = nc_xstrndup(h.redacted.p, h.redacted.len);
	t->thread = h.thread;
}

/* What the trace shows of it; reads, writes, closes are one: transfers. */
static void
count_calls(struct host *h, struct nc_bytes classes)
{
	h->network += map_count(classes, "network");
	h->transfers +=
	    map_count(classes, "io") + map_count(classes, "descriptor");
	h->waits += map_count(classes, "readiness");
}

static void
take_end(struct facts *f, const struct nc_record *rec)
{
	struct nc_end end;
	struct trace *t;
	char *raw = copy(rec, &end);

	if (!raw)
		return;
	t = end.host.p ? trace_make(f, end.host, end.trace) : NULL;
	if (!t || t->raw) {
		free(raw);
		return;
	}
	t->end = end;
	t->raw = raw;
	if (t->host >= 0)
		count_calls(&f->hosts[t->host], end.classes);
}

static void
take_address(struct facts *f, const struct nc_record *rec)
{
	struct nc_address r;
	struct nc_addr a;
	struct host *h;
	int i;

	if (nc_record_decode(rec, &r) != 0 || !r.host.p)
		return;
	a = parse(r.address);
	i = host_make(f, r.host);
	if (!a.family || facts_owns(f, i, &a))
		return;
	h = &f->hosts[i];
	h->addresses =
	    nc_grow(h->addresses, h->n, &h->cap, sizeof(*h->addresses));
	h->addresses[h->n++] = a;
	if (nc_str_eq(r.source, "hosts"))
		h->declared = true;
	if (!nc_addr_is_loopback(&a) && !nc_addr_is_wildcard(&a) &&
	    facts_owner(f, &a) < 0)
		nc_map_put(&f->host_by_ip, nc_addr_hash_ip(&a),
		    (void *)(uintptr_t)(i + 1));
}

static void
take_clock(struct facts *f, const struct nc_record *rec)
{
	struct nc_clock r;
	struct clock *c = NULL;
	int a, b;
	size_t i;

	if (nc_record_decode(rec, &r) != 0 || !r.a.p || !r.b.p)
		return;
	a = host_make(f, r.a);
	b = host_make(f, r.b);
	for (i = 0; i < f->nclocks; i++)
		if (f->clocks[i].a == a && f->clocks[i].b == b)
			c = &f->clocks[i];
	if (!c) {
		f->clocks = nc_grow(
		    f->clocks, f->nclocks, &f->clocks_cap, sizeof(*f->clocks));
		c = &f->clocks[f->nclocks++];
	}
	c->a = a;
	c->b = b;
	c->low = r.low;
	c->high = r.high;
	c->pairs = r.pairs;
	c->set = nc_str_eq(r.change, "set");
}

/* Sums */

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
	struct nc_bytes asks = map_str(c->c.facts, "asks_for");
	bool server = c->client < 0;
	int host = server ? c->server : c->client;
	struct nc_addr other = server ? parse(c->c.server_peer) : c->target;
	int64_t up = map_count(c->c.to_server, "received");
	int64_t down = map_count(c->c.to_client, "received");
	struct leg *l;
	uint64_t key;

	if (!other.family || nc_addr_is_loopback(&other) || host < 0 ||
	    facts_owner(f, &other) >= 0 || f->nlegs == LEGS_MAX)
		return;
	key = mix(mix(8, (uint64_t)host * 2 + server), nc_addr_hash_ip(&other));
	key = mix_bytes(mix(key, server ? 0 : other.port), asks);
	key = mix(mix(key, (uint64_t)up), (uint64_t)down);
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
	struct nc_addr local = parse(c->c.client_local);
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

static void
conn_sums(struct facts *f, struct conn *c)
{
	bool worked = nc_str_eq(c->c.opened, "connected");
	struct nc_addr local;
	struct reach *r;
	struct pair *p;

	if (c->c.client_socket != NC_NIL && c->c.server_socket != NC_NIL &&
	    c->client >= 0 && c->server >= 0) {
		sum_bytes(f, c->c.to_server);
		sum_bytes(f, c->c.to_client);
		local = parse(c->c.server_local);
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
	if (c->client < 0) {
		struct nc_addr peer = parse(c->c.server_peer);

		local = parse(c->c.server_local);
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

/* Connections */

static void
conn_keep(struct facts *f, struct conn *c)
{
	f->conns =
	    nc_grow(f->conns, f->nconns, &f->conns_cap, sizeof(struct conn *));
	f->conns[f->nconns++] = c;
	if (c->c.connection != NC_NIL)
		nc_map_put(&f->conn_by_number, (uint64_t)c->c.connection, c);
}

static uint64_t
conn_key(const struct conn *c)
{
	uint64_t k = mix(0, (uint64_t)(c->client + 1));

	k = mix(mix(k, nc_addr_hash_ip(&c->target)), c->target.port);
	return mix_bytes(k, c->c.opened);
}

static void
take_connection(struct facts *f, const struct nc_record *rec)
{
	struct conn *c = nc_xcalloc(1, sizeof(*c));
	bool keep = true;

	c->raw = copy(rec, &c->c);
	if (!c->raw) {
		free(c);
		return;
	}
	c->at = f->at;
	c->client = host_make(f, c->c.client_host);
	c->target = parse(c->c.client_target);
	c->server = host_make(f, c->c.server_host);
	if (c->server < 0 && nc_addr_is_loopback(&c->target))
		c->server = c->client;
	if (c->server < 0)
		c->server = facts_owner(f, &c->target);
	c->process = map_int(c->c.facts, "client_process");
	c->seq = map_int(c->c.facts, "seq");
	c->waited = map_int(c->c.facts, "waited");
	conn_sums(f, c);
	if (nc_map_get(&f->wanted_conns, (uint64_t)c->c.connection)) {
		conn_keep(f, c);
		return;
	}
	if (!nc_str_eq(c->c.opened, "connected")) {
		group_take(&f->conn_groups, conn_key(c), &keep);
		if (keep && f->nconns < CONNS_MAX) {
			conn_keep(f, c);
			return;
		}
	}
	facts_conn_free(f->recent[f->recent_at]);
	f->recent[f->recent_at] = c;
	f->recent_at = (f->recent_at + 1) % RECENT;
}

/* A deviation needs a connection, whose record may have passed already. */
static void
conn_want(struct facts *f, int64_t number)
{
	size_t i;

	if (number == NC_NIL ||
	    nc_map_get(&f->conn_by_number, (uint64_t)number))
		return;
	for (i = 0; i < RECENT; i++) {
		struct conn *c = f->recent[i];

		if (!c || c->c.connection != number)
			continue;
		f->recent[i] = NULL;
		conn_keep(f, c);
		return;
	}
	nc_map_put(&f->wanted_conns, (uint64_t)number, &wanted);
}

/* Flows */

static void
flow_sums(struct facts *f, struct flow *w)
{
	struct pair *p;

	if (w->sender < 0 || !w->f.receiver_host.p)
		return;
	p = pair_make(f, w->sender, w->receiver);
	if (p && w->f.received > 0) {
		p->datagrams += count_of(w->f.received);
		pair_shown(p, w->f.refs);
	}
	f->received += count_of(w->f.bytes_received);
	f->compared += map_int(w->f.facts, "compared") == NC_NIL ?
	    count_of(w->f.bytes_received) :
	    map_count(w->f.facts, "compared");
}

static void
take_flow(struct facts *f, const struct nc_record *rec)
{
	struct flow *w = nc_xcalloc(1, sizeof(*w));
	bool keep = true;
	uint64_t key;

	w->raw = copy(rec, &w->f);
	if (!w->raw) {
		free(w);
		return;
	}
	w->at = f->at;
	w->sender = host_make(f, w->f.sender_host);
	w->receiver = host_make(f, w->f.receiver_host);
	w->destination = parse(w->f.destination);
	flow_sums(f, w);
	key = mix(mix(1, (uint64_t)(w->sender + 1)),
	    nc_addr_hash_ip(&w->destination));
	if (w->f.lost > 0)
		key = mix(key, w->destination.port + 1u);
	if (!nc_map_get(&f->wanted_flows, (uint64_t)w->f.flow))
		group_take(&f->flow_groups, key, &keep);
	if (!keep || f->nflows >= FLOWS_MAX) {
		free(w->raw);
		free(w);
		return;
	}
	f->flows =
	    nc_grow(f->flows, f->nflows, &f->flows_cap, sizeof(struct flow *));
	f->flows[f->nflows++] = w;
	if (w->f.flow != NC_NIL)
		nc_map_put(&f->flow_by_number, (uint64_t)w->f.flow, w);
}

/* Deviations */

static enum code
code_of(struct nc_bytes name)
{
	static const char *const names[] = {
#define CODE(c) #c,
#include "code.def"
#undef CODE
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (nc_str_eq(name, names[i]))
			return (enum code)(i + 1);
	return CODE_NONE;
}

/* Codes of a connect: their peer is the target, its port tells services. */
static bool
code_connects(enum code c)
{
	switch (c) {
	case CODE_ECONNREFUSED:
	case CODE_FAMILY_MISMATCH:
	case CODE_CONN_REFUSED_LISTENING:
	case CODE_CONN_TIMEOUT:
	case CODE_CONN_UNREACHABLE:
	case CODE_CONN_NEVER_COMPLETED:
	case CODE_LOOPBACK_MISMATCH:
	case CODE_DGRAM_LOST:
	case CODE_DGRAM_NO_RECEIVER:
	case CODE_DGRAM_REFUSED:
		return true;
	default:
		return false;
	}
}

static uint64_t
dev_key(const struct dev *d)
{
	uint64_t k = mix(2, d->code);

	k = mix_bytes(mix_bytes(k, d->d.host), d->d.peer_host);
	k = mix(k, nc_addr_hash_ip(&d->remote));
	return code_connects(d->code) ? mix(k, d->remote.port + 1u) : k;
}

static void
take_deviation(struct facts *f, const struct nc_record *rec)
{
	struct nc_deviation head;
	struct dev *d;
	enum code code;
	bool keep;

	if (nc_record_decode(rec, &head) != 0)
		return;
	code = code_of(head.code);
	if (code == CODE_NONE || !head.host.p)
		return;
	d = nc_xcalloc(1, sizeof(*d));
	d->d = head;
	d->code = code;
	d->local = parse(head.local);
	d->remote = parse(head.peer);
	d->group = group_take(&f->dev_groups, dev_key(d), &keep);
	keep = keep && f->ndevs < DEVS_MAX;
	d->raw = keep ? copy(rec, &d->d) : NULL;
	if (!d->raw) {
		free(d);
		return;
	}
	d->at = f->at;
	d->host = host_make(f, head.host);
	d->peer = host_make(f, head.peer_host);
	f->devs =
	    nc_grow(f->devs, f->ndevs, &f->devs_cap, sizeof(struct dev *));
	f->devs[f->ndevs++] = d;
	conn_want(f, head.connection);
	if (head.flow != NC_NIL)
		nc_map_put(&f->wanted_flows, (uint64_t)head.flow, &wanted);
}

void
facts_take(struct facts *f, const struct nc_record *rec)
{
	f->at++;
	switch (rec->kind) {
	case NC_KIND_host:
		take_host(f, rec);
		break;
	case NC_KIND_end:
		take_end(f, rec);
		break;
	case NC_KIND_address:
		take_address(f, rec);
		break;
	case NC_KIND_clock:
		take_clock(f, rec);
		break;
	case NC_KIND_connection:
		take_connection(f, rec);
		break;
	case NC_KIND_flow:
		take_flow(f, rec);
		break;
	case NC_KIND_deviation:
		take_deviation(f, rec);
		break;
	case NC_KIND_finding:
		f->findings++;
		break;
	default:
		break;
	}
}

static uint64_t
flow_key(int from, int to, uint16_t port)
{
	return mix(facts_path_key(from, to, true), port);
}

/*
 * Servers answer each client at another port, often one datagram each: what
 * such flows share is the server's socket.
 */
static void
flows_reply(struct facts *f)
{
	struct nc_map firsts = { 0 };
	size_t i;

	for (i = 0; i < f->nflows; i++) {
		struct flow *w = f->flows[i];
		uint64_t key =
		    flow_key(w->sender, w->receiver, w->destination.port);
		struct flow *first = nc_map_get(&firsts, key);

		if (!first ||
		    map_int(w->f.facts, "seq") < map_int(first->f.facts, "seq"))
			nc_map_put(&firsts, key, w);
	}
	for (i = 0; i < f->nflows; i++) {
		struct flow *w = f->flows[i];
		struct nc_addr source = parse(w->f.source);
		struct flow *first = nc_map_get(
		    &firsts, flow_key(w->receiver, w->sender, source.port));

		w->reply = source.port && first && first->f.received > 0 &&
		    map_int(first->f.facts, "seq") < map_int(w->f.facts, "seq");
	}
	nc_map_fini(&firsts);
}

void
facts_finish(struct facts *f)
{
	size_t i;

	for (i = 0; i < f->nflows; i++)
		if (f->flows[i]->receiver < 0)
			f->flows[i]->receiver =
			    facts_owner(f, &f->flows[i]->destination);
	flows_reply(f);
	for (i = 0; i < f->ndevs; i++) {
		struct dev *d = f->devs[i];

		d->conn = d->d.connection == NC_NIL ?
		    NULL :
		    nc_map_get(&f->conn_by_number, (uint64_t)d->d.connection);
		if (d->conn)
			d->conn->codes[d->code / 64] |= UINT64_C(1)
			    << d->code % 64;
		d->flow = d->d.flow == NC_NIL ?
		    NULL :
		    nc_map_get(&f->flow_by_number, (uint64_t)d->d.flow);
		if (d->peer < 0)
			d->peer = facts_owner(f, &d->remote);
	}
}
