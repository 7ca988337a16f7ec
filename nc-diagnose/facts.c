/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the rules look at: looking it up.
 */
#include "facts.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

/* Maps */

int64_t
count_of(int64_t v)
{
	return v < 0 ? 0 : v > COUNT_MAX ? COUNT_MAX : v;
}

int64_t
map_count(struct nc_bytes raw, const char *name)
{
	return count_of(nc_find_int(raw, name));
}

bool
map_true(struct nc_bytes raw, const char *name)
{
	int64_t v = nc_find_int(raw, name);

	return v != NC_NIL && v != 0;
}

/* Looking up */

int
facts_host(const struct facts *f, struct nc_bytes name)
{
	const struct host *h;

	if (!name.p)
		return -1;
	h = nc_map_get(&f->host_by_name, nc_hash(name.p, name.len, 0));
	/* The table holds host numbers plus one, as pointers cannot be 0. */
	return (int)(intptr_t)h - 1;
}

const char *
facts_host_name(const struct facts *f, int host)
{
	return host < 0 ? NULL : f->hosts[host].name;
}

int
facts_owner(const struct facts *f, const struct nc_addr *a)
{
	if (!a->family || nc_addr_is_loopback(a) || nc_addr_is_wildcard(a))
		return -1;
	return (int)(intptr_t)nc_map_get(&f->host_by_ip, nc_addr_hash_ip(a)) -
	    1;
}

bool
facts_owns(const struct facts *f, int host, const struct nc_addr *a)
{
	size_t i;

	if (host < 0)
		return false;
	for (i = 0; i < f->hosts[host].n; i++)
		if (nc_addr_same_ip(&f->hosts[host].addresses[i], a))
			return true;
	return false;
}

static uint64_t
trace_key(struct nc_bytes host, int64_t trace)
{
	return nc_hash(host.p, host.len, nc_hash_int((uint64_t)trace));
}

const struct trace *
facts_trace(const struct facts *f, struct nc_bytes host, int64_t trace)
{
	size_t i;

	if (!host.p)
		return NULL;
	i = (size_t)(uintptr_t)nc_map_get(
	    &f->trace_by_key, trace_key(host, trace));
	return i ? &f->traces[i - 1] : NULL;
}

uint64_t
facts_trace_key(struct nc_bytes host, int64_t trace)
{
	return trace_key(host, trace);
}

uint64_t
facts_reach_key(int client, int server, const struct nc_addr *target)
{
	uint64_t k = nc_hash_int((uint64_t)(client + 1));

	k = nc_hash_int(k ^ (uint64_t)(server + 1));
	k = nc_hash_int(k ^ target->port);
	return server < 0 ? nc_hash_int(k ^ nc_addr_hash_ip(target)) : k;
}

const struct reach *
facts_reach(
    const struct facts *f, int client, int server, const struct nc_addr *target)
{
	return nc_map_get(
	    &f->reach_by_key, facts_reach_key(client, server, target));
}

uint64_t
facts_pair_key(int a, int b)
{
	int lo = a < b ? a : b, hi = a < b ? b : a;

	return nc_hash_int(nc_hash_int((uint64_t)lo + 1) ^ (uint64_t)hi);
}

const struct pair *
facts_pair(const struct facts *f, int a, int b)
{
	return nc_map_get(&f->pair_by_key, facts_pair_key(a, b));
}

uint64_t
facts_path_key(int from, int to, bool v4)
{
	uint64_t k = nc_hash_int((uint64_t)from + 1);

	return nc_hash_int(nc_hash_int(k ^ ((uint64_t)to + 1)) ^ v4);
}

int64_t
facts_carried(const struct facts *f, int from, int to, bool v4)
{
	const struct path *p =
	    nc_map_get(&f->path_by_key, facts_path_key(from, to, v4));

	return p ? p->carried : 0;
}

uint64_t
facts_tried_key(int client, int64_t process, uint16_t port)
{
	uint64_t k = nc_hash_int((uint64_t)(client + 1));

	return nc_hash_int(nc_hash_int(k ^ (uint64_t)process) ^ port);
}

uint64_t
facts_source_key(int client, int server)
{
	uint64_t k = nc_hash_int((uint64_t)(client + 1));

	return nc_hash_int(k ^ ((uint64_t)(server + 1) << 32));
}

uint64_t
facts_met_key(int server, const struct nc_addr *peer)
{
	return nc_hash_int(nc_addr_hash_ip(peer) ^ (uint64_t)(server + 1));
}

bool
facts_meets(const struct facts *f, int client, int server)
{
	const struct host *h;
	size_t i;

	if (client < 0 || client == server)
		return false;
	h = &f->hosts[client];
	for (i = 0; i < h->n; i++)
		if (nc_map_get(
			&f->met, facts_met_key(server, &h->addresses[i])))
			return true;
	return false;
}

const struct source *
facts_moved(const struct facts *f, int client, int server,
    const struct nc_addr *old, int64_t seq)
{
	const struct source *s, *from = NULL, *to = NULL;

	if (seq == NC_NIL)
		return NULL;
	for (s = nc_map_get(&f->sources, facts_source_key(client, server)); s;
	     s = s->next) {
		if (nc_addr_is_v4(&s->address) != nc_addr_is_v4(old))
			continue;
		if (nc_addr_same_ip(&s->address, old))
			from = s;
		else if (s->last > seq && (to || s->first <= seq))
			return NULL; /* the host has several at a time */
		else if (s->last > seq)
			to = s;
	}
	if (!to || (from && from->last > to->first))
		return NULL;
	return to;
}

uint64_t
facts_sweep_key(int client, int64_t process, int server)
{
	uint64_t k = nc_hash_int((uint64_t)(client + 1));

	k = nc_hash_int(k ^ (uint64_t)process);
	return nc_hash_int(k ^ (uint64_t)(server + 1));
}

bool
facts_tried(const struct facts *f, int client, int64_t process, uint16_t port,
    int family, int64_t lo, int64_t hi, int64_t seq)
{
	const struct tried *t = nc_map_get(
	    &f->tried_by_key, facts_tried_key(client, process, port));

	if (!t)
		return false;
	return (family != 6 && spans_within(&t->when[0], lo, hi, seq)) ||
	    (family != 4 && spans_within(&t->when[1], lo, hi, seq));
}

bool
conn_has(const struct conn *c, enum code code)
{
	return c->codes[code / 64] >> code % 64 & 1;
}

/* Memory */

void
facts_init(struct facts *f)
{
	memset(f, 0, sizeof(*f));
	f->recent = nc_xcalloc(RECENT, sizeof(struct conn *));
}

void
facts_conn_free(struct conn *c)
{
	if (c)
		free(c->raw);
	free(c);
}

static void
sources_free(struct nc_map *m)
{
	struct nc_slot *slot;
	struct source *s, *next;
	size_t at = 0;

	while ((slot = nc_map_next(m, &at)))
		for (s = slot->value; s; s = next) {
			next = s->next;
			free(s);
		}
	nc_map_fini(m);
}

static void
tried_free(struct nc_map *m)
{
	struct nc_slot *s;
	size_t at = 0;

	while ((s = nc_map_next(m, &at))) {
		struct tried *t = s->value;

		free(t->when[0].v);
		free(t->when[1].v);
	}
	nc_map_free(m);
}

static void
hosts_free(struct facts *f)
{
	size_t i;

	for (i = 0; i < f->nhosts; i++) {
		free(f->hosts[i].name);
		free(f->hosts[i].addresses);
	}
	free(f->hosts);
	for (i = 0; i < f->ntraces; i++) {
		free(f->traces[i].file);
		free(f->traces[i].key);
		free(f->traces[i].raw);
	}
	free(f->traces);
	nc_map_fini(&f->host_by_name);
	nc_map_fini(&f->host_by_ip);
	nc_map_fini(&f->trace_by_key);
}

void
facts_fini(struct facts *f)
{
	size_t i;

	hosts_free(f);
	for (i = 0; i < f->ndevs; i++) {
		free(f->devs[i]->raw);
		free(f->devs[i]);
	}
	free(f->devs);
	for (i = 0; i < f->nconns; i++)
		facts_conn_free(f->conns[i]);
	free(f->conns);
	for (i = 0; i < RECENT; i++)
		facts_conn_free(f->recent[i]);
	free(f->recent);
	for (i = 0; i < f->nflows; i++) {
		free(f->flows[i]->raw);
		free(f->flows[i]);
	}
	free(f->flows);
	for (i = 0; i < f->nreaches; i++)
		free(f->reaches[i]->when.v);
	for (i = 0; i < f->nlegs; i++) {
		free(f->legs[i].asks_for);
		free(f->legs[i].refs);
	}
	free(f->legs);
	nc_map_fini(&f->leg_by_key);
	for (i = 0; i < f->npairs; i++)
		free(f->pairs[i]->refs);
	nc_map_free(&f->reach_by_key);
	nc_map_free(&f->pair_by_key);
	nc_map_free(&f->path_by_key);
	tried_free(&f->tried_by_key);
	sweeps_fini(&f->sweeps);
	sources_free(&f->sources);
	nc_map_fini(&f->met);
	nc_map_free(&f->dev_groups);
	nc_map_free(&f->conn_groups);
	nc_map_free(&f->flow_groups);
	free(f->reaches);
	free(f->pairs);
	free(f->clocks);
	nc_map_fini(&f->conn_by_number);
	nc_map_fini(&f->flow_by_number);
	nc_map_fini(&f->wanted_conns);
	nc_map_fini(&f->wanted_flows);
}
