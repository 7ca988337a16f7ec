/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Keeps what a report is made of.
 */
#include "collect.h"

#include <stdlib.h>
#include <string.h>

#include "keep.h"
#include "util.h"

/* No text that a stage makes is longer; a stranger's stream may be. */
#define TEXT_KEPT (64u << 10)

union any {
	struct nc_host host;
	struct nc_call call;
	struct nc_end end;
	struct nc_order order;
	struct nc_deviation deviation;
	struct nc_connection connection;
	struct nc_flow flow;
	struct nc_clock clock;
	struct nc_count count;
	struct nc_finding finding;
};

void
collect_init(struct collected *c, const struct collect_limits *limits)
{
	memset(c, 0, sizeof(*c));
	c->limits = *limits;
}

static void
list_put(struct list *l, void *rec)
{
	l->v = nc_grow(l->v, l->n, &l->cap, sizeof(*l->v));
	l->v[l->n++] = rec;
}

static void
list_keep(struct list *l, enum nc_kind kind, const void *rec)
{
	list_put(l, keep(kind, rec, TEXT_KEPT));
	l->total++;
}

static void
list_fini(struct list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
}

static void
add_host(struct collected *c, const struct nc_host *h)
{
	struct table_entry *e = table_get(&c->files, h->host, h->trace);

	table_get(&c->names, h->host, 0);
	c->nhosts = c->names.n;
	if (e->value != NULL)
		return;
	list_keep(&c->hosts, NC_KIND_host, h);
	e->value = c->hosts.v[c->hosts.n - 1];
}

static void
count_code(struct collected *c, struct nc_bytes code)
{
	for (size_t i = 0; i < c->ncodes; i++) {
		if (nc_str_eq(code, c->codes[i].code)) {
			c->codes[i].n++;
			return;
		}
	}
	/* The vocabulary is much smaller: strangers' codes stay uncounted. */
	if (code.p == NULL || c->ncodes == 1000)
		return;
	c->codes =
	    nc_grow(c->codes, c->ncodes, &c->codes_cap, sizeof(*c->codes));
	c->codes[c->ncodes++] =
	    (struct code_count){ nc_xstrndup(code.p, code.len), 1 };
}

static void
add_context(
    struct collected *c, struct deviation *v, const struct nc_deviation *d)
{
	const struct nc_call *calls[CONTEXT_CALLS];

	v->ncalls = context_round(&c->context, d, calls, &v->before);
	for (size_t i = 0; i < v->ncalls; i++)
		v->calls[i] = keep(NC_KIND_call, calls[i], TEXT_KEPT);
}

static void
add_deviation(struct collected *c, const struct nc_deviation *d)
{
	bool info = nc_str_eq(d->severity, "info");
	struct deviation *v;

	c->deviations.total++;
	if (info) {
		c->infos++;
		if (c->limits.infos > 0)
			return;
	} else {
		c->warnings++;
		count_code(c, d->code);
		if (c->limits.deviations > 0 &&
		    c->deviations.n >= c->limits.deviations)
			return;
	}
	v = nc_xcalloc(1, sizeof(*v));
	v->d = keep(NC_KIND_deviation, d, TEXT_KEPT);
	if (c->limits.context)
		add_context(c, v, d);
	list_put(&c->deviations, v);
}

static void
add_object(struct collected *c, struct list *l, enum nc_kind kind,
    const void *rec, bool lossy, uint64_t *nlossy)
{
	uint64_t same = lossy ? *nlossy : l->total - *nlossy;

	*nlossy += lossy;
	if (c->limits.objects == 0 || same < c->limits.objects)
		list_put(l, keep(kind, rec, TEXT_KEPT));
	l->total++;
}

void
collect_call(struct collected *c, const struct nc_record *rec,
    const struct nc_call *call)
{
	if (rec->kind != NC_KIND_call)
		return;
	c->calls++;
	if (c->limits.context)
		context_add(&c->context, call, rec->raw);
}

void
collect_record(struct collected *c, const struct nc_record *rec)
{
	union any u;

	if (rec->kind == NC_KIND_call && !c->limits.context) {
		c->calls++;
		return;
	}
	if (rec->kind == NC_KIND_NONE || rec->kind == NC_KIND_begin ||
	    rec->kind == NC_KIND_address || rec->kind == NC_KIND_nat) {
		return;
	}
	if (nc_record_decode(rec, &u) < 0)
		return;
	switch (rec->kind) {
	case NC_KIND_host:
		add_host(c, &u.host);
		break;
	case NC_KIND_call:
		collect_call(c, rec, &u.call);
		break;
	case NC_KIND_end:
		list_keep(&c->ends, NC_KIND_end, &u.end);
		break;
	case NC_KIND_order:
		if (nc_str_eq(u.order.why, "forced") ||
		    nc_str_eq(u.order.why, "stuck")) {
			if (c->orders.n < 100)
				list_keep(&c->orders, NC_KIND_order, &u.order);
			else
				c->orders.total++;
		}
		break;
	case NC_KIND_deviation:
		add_deviation(c, &u.deviation);
		break;
	case NC_KIND_connection:
		add_object(c, &c->connections, NC_KIND_connection,
		    &u.connection,
		    nc_find_int(u.connection.to_server, "lost") > 0 ||
			nc_find_int(u.connection.to_client, "lost") > 0,
		    &c->lossy_connections);
		break;
	case NC_KIND_flow:
		add_object(c, &c->flows, NC_KIND_flow, &u.flow, u.flow.lost > 0,
		    &c->lossy_flows);
		break;
	case NC_KIND_clock:
		list_keep(&c->clocks, NC_KIND_clock, &u.clock);
		break;
	case NC_KIND_count:
		/* What nc-model -r did not pass on. */
		if (u.count.value > 0 && nc_str_eq(u.count.stage, "nc-model") &&
		    nc_str_eq(u.count.name, "calls_left_out"))
			c->calls += (uint64_t)u.count.value;
		list_keep(&c->counts, NC_KIND_count, &u.count);
		break;
	case NC_KIND_finding:
		list_keep(&c->findings, NC_KIND_finding, &u.finding);
		break;
	default:
		break;
	}
}

void
collect_fini(struct collected *c)
{
	struct list *lists[] = { &c->hosts, &c->ends, &c->orders,
		&c->connections, &c->flows, &c->clocks, &c->counts,
		&c->findings, &c->deviations };

	for (size_t i = 0; i < c->deviations.n; i++) {
		struct deviation *v = c->deviations.v[i];

		for (size_t j = 0; j < v->ncalls; j++)
			free(v->calls[j]);
		free(v->d);
	}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		list_fini(lists[i]);
	for (size_t i = 0; i < c->ncodes; i++)
		free(c->codes[i].code);
	free(c->codes);
	table_fini(&c->files, NULL);
	table_fini(&c->names, NULL);
	context_fini(&c->context);
}

struct nc_bytes
collect_file(const struct collected *c, struct nc_bytes host, int64_t trace)
{
	const struct table_entry *e = table_find(&c->files, host, trace);

	if (e == NULL || e->value == NULL)
		return nc_str(NULL);
	return ((const struct nc_host *)e->value)->file;
}

/* Several streams in one input may each bring the number: they add up. */
int64_t
collect_count(const struct collected *c, const char *stage, const char *name)
{
	uint64_t sum = 0;
	bool found = false;

	for (size_t i = 0; i < c->counts.n; i++) {
		const struct nc_count *k = c->counts.v[i];

		if (k->value == NC_NIL || !nc_str_eq(k->stage, stage) ||
		    !nc_str_eq(k->name, name))
			continue;
		sum += (uint64_t)k->value;
		found = true;
	}
	return found ? (int64_t)sum : NC_NIL;
}

bool
collect_has_stage(const struct collected *c, const char *stage)
{
	for (size_t i = 0; i < c->counts.n; i++)
		if (nc_str_eq(((const struct nc_count *)c->counts.v[i])->stage,
			stage))
			return true;
	return false;
}

bool
finding_is_suppressed(const struct nc_finding *f)
{
	return f->suppressed != NC_NIL && f->suppressed != 0;
}

bool
finding_is_problem(const struct nc_finding *f)
{
	return !finding_is_suppressed(f) &&
	    (nc_str_eq(f->severity, "error") ||
		nc_str_eq(f->severity, "warning"));
}

bool
fact_is_span(struct nc_bytes name)
{
	static const char *const spans[] = { "waited", "quiet", "timeout" };

	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		if (nc_str_eq(name, spans[i]))
			return true;
	return false;
}

struct ref
ref_read(const struct collected *c, struct nc_cursor *cur)
{
	struct ref r = { .line = NC_NIL };
	struct nc_cursor peek;
	struct nc_value v;
	size_t n;

	n = nc_cursor_array(cur);
	if (n > 0)
		r.host = nc_cursor_str(cur);
	if (n > 1) {
		peek = *cur;
		if (nc_cursor_next(&peek, &v) == 1 && v.type == NC_VALUE_INT)
			r.file = collect_file(c, r.host, v.i);
		else if (v.type == NC_VALUE_STR || v.type == NC_VALUE_BIN)
			r.file = v.bytes;
		nc_cursor_skip(cur);
	}
	if (n > 2)
		r.line = nc_cursor_int(cur);
	if (n > 3)
		r.text = nc_cursor_str(cur);
	for (size_t i = 4; i < n && cur->p < cur->end; i++)
		nc_cursor_skip(cur);
	return r;
}
