/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the rules share: picking deviations, and who is who in them.
 */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

void
rules_run(struct rules *r)
{
	static void (*const table[])(struct rules *) = {
#define RULE(name) rule_##name,
#include "rules.def"
#undef RULE
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		table[i](r);
}

void
rules_fini(struct rules *r)
{
	size_t i;

	for (i = 0; i < r->ntexts; i++)
		free(r->texts[i]);
	free(r->texts);
	r->texts = NULL;
	r->ntexts = r->texts_cap = 0;
}

/* Picking */

struct pick {
	struct picked p;
	size_t cap;
};

static void
pick_add(struct pick *pick, const struct dev *d)
{
	pick->p.v =
	    nc_grow(pick->p.v, pick->p.n, &pick->cap, sizeof(*pick->p.v));
	pick->p.v[pick->p.n++] = d;
}

static struct pick *
pick_of(struct pick **picks, size_t *n, size_t *cap, struct nc_map *by_key,
    uint64_t key)
{
	size_t i = (size_t)(uintptr_t)nc_map_get(by_key, key);

	if (i)
		return &(*picks)[i - 1];
	*picks = nc_grow(*picks, *n, cap, sizeof(**picks));
	memset(&(*picks)[*n], 0, sizeof(**picks));
	nc_map_put(by_key, key, (void *)(uintptr_t)++ * n);
	return &(*picks)[*n - 1];
}

static bool
code_in(enum code code, const enum code *codes)
{
	for (; *codes != CODE_NONE; codes++)
		if (*codes == code)
			return true;
	return false;
}

/*
 * Those that were only counted are like the kept ones of their group, if
 * the rule wanted all of these.  They go with the group's first.
 */
static void
pick_more(struct picked *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		struct group *g = p->v[i]->group;

		if (g && g->more && g->wanted == g->kept) {
			p->more += (int64_t)g->more;
			g->wanted = 0;
		}
	}
}

void
rules_each(struct rules *r, const enum code *codes, nc_want *want, nc_key *key,
    nc_emit *emit)
{
	const struct facts *f = r->facts;
	struct pick *picks = NULL;
	struct nc_map by_key = { 0 };
	size_t i, n = 0, cap = 0;

	for (i = 0; i < f->ndevs; i++)
		if (f->devs[i]->group)
			f->devs[i]->group->wanted = 0;
	for (i = 0; i < f->ndevs; i++) {
		const struct dev *d = f->devs[i];

		if (!code_in(d->code, codes) || !want(r, d))
			continue;
		if (d->group)
			d->group->wanted++;
		pick_add(pick_of(&picks, &n, &cap, &by_key, key(d)), d);
	}
	for (i = 0; i < n; i++) {
		pick_more(&picks[i].p);
		emit(r, &picks[i].p);
		free(picks[i].p.v);
	}
	free(picks);
	nc_map_fini(&by_key);
}

/* Who is who */

bool
dev_at_server(const struct dev *d)
{
	const struct conn *c = d->conn;

	if (!c)
		return d->code == CODE_NO_PENDING_CONN;
	if (c->client < 0)
		return true;
	return nc_bytes_eq(d->d.host, c->c.server_host) &&
	    d->d.socket == c->c.server_socket &&
	    !(nc_bytes_eq(d->d.host, c->c.client_host) &&
		d->d.socket == c->c.client_socket);
}

int
dev_client(const struct dev *d)
{
	if (d->conn && d->conn->client >= 0)
		return d->conn->client;
	if (d->flow)
		return d->flow->sender;
	return dev_at_server(d) ? d->peer : d->host;
}

int
dev_server(const struct dev *d)
{
	if (d->conn && d->conn->server >= 0)
		return d->conn->server;
	if (d->flow)
		return d->flow->receiver;
	return dev_at_server(d) ? d->host : d->peer;
}

struct nc_addr
dev_service(const struct dev *d)
{
	struct nc_addr a;

	if (d->conn && d->conn->client >= 0 && d->conn->target.family)
		return d->conn->target;
	if (d->conn && d->conn->c.server_local.p &&
	    nc_addr_parse(d->conn->c.server_local.p,
		d->conn->c.server_local.len, &a) == 0)
		return a;
	if (d->flow)
		return d->flow->destination;
	return dev_at_server(d) ? d->local : d->remote;
}

/* Keys */

static uint64_t
mix(uint64_t k, uint64_t v)
{
	return nc_hash_int(k ^ nc_hash_int(v));
}

uint64_t
key_service(const struct dev *d)
{
	struct nc_addr a = dev_service(d);

	return mix(
	    mix(mix(3, (uint64_t)(dev_server(d) + 1)), nc_addr_hash_ip(&a)),
	    a.port);
}

uint64_t
key_target(const struct dev *d)
{
	return mix(key_service(d), (uint64_t)(dev_client(d) + 1));
}

uint64_t
key_own(const struct dev *d)
{
	return mix(
	    mix(mix(4, (uint64_t)(d->host + 1)), nc_addr_hash_ip(&d->local)),
	    d->local.port);
}

uint64_t
key_ends(const struct dev *d)
{
	struct nc_addr a = dev_service(d);
	uint64_t k = mix(
	    mix(mix(5, (uint64_t)(d->host + 1)), (uint64_t)(dev_client(d) + 1)),
	    (uint64_t)(dev_server(d) + 1));

	return mix(k, a.port);
}

uint64_t
key_flow(const struct dev *d)
{
	const struct flow *w = d->flow;

	if (!w || !w->reply)
		return key_target(d);
	return mix(mix(mix(6, (uint64_t)(w->sender + 1)),
		       (uint64_t)w->f.sender_socket),
	    (uint64_t)(w->receiver + 1));
}

bool
same_path(const struct flow *a, const struct flow *b)
{
	if (a->sender != b->sender || a->receiver != b->receiver)
		return false;
	if (a->reply && b->reply)
		return a->f.sender_socket == b->f.sender_socket;
	return nc_addr_same(&a->destination, &b->destination);
}

int64_t
count_conns(const struct picked *p)
{
	struct nc_map seen = { 0 };
	int64_t n = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		const struct dev *d = p->v[i];

		if (d->d.connection == NC_NIL)
			n++;
		else if (!nc_map_put(&seen, (uint64_t)d->d.connection, &seen))
			n++;
	}
	nc_map_fini(&seen);
	return n + p->more;
}

int
least(const struct picked *p)
{
	int64_t c = 100;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i]->d.confidence < c)
			c = p->v[i]->d.confidence;
	return (int)c;
}
