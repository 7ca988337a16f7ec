/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the rules look at of hosts, their traces, addresses and clocks.
 */
#include <stdlib.h>
#include <string.h>

#include "take.h"

int
take_host_number(struct facts *f, struct nc_bytes name)
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
	t->host = take_host_number(f, host);
	t->trace = trace;
	t->thread = NC_NIL;
	nc_map_put(&f->trace_by_key, key, (void *)(uintptr_t)f->ntraces);
	return t;
}

void
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
	h->others += map_count(classes, "other");
}

void
take_end(struct facts *f, const struct nc_record *rec)
{
	struct nc_end end;
	struct trace *t;
	char *raw = take_copy(rec, &end);

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

void
take_address(struct facts *f, const struct nc_record *rec)
{
	struct nc_address r;
	struct nc_addr a;
	struct host *h;
	int i;

	if (nc_record_decode(rec, &r) != 0 || !r.host.p)
		return;
	a = take_endpoint(r.address);
	i = take_host_number(f, r.host);
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

void
take_clock(struct facts *f, const struct nc_record *rec)
{
	struct nc_clock r;
	struct clock *c = NULL;
	int a, b;
	size_t i;

	if (nc_record_decode(rec, &r) != 0 || !r.a.p || !r.b.p)
		return;
	a = take_host_number(f, r.a);
	b = take_host_number(f, r.b);
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
