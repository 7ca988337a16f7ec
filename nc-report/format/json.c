/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One JSON object, the contract for programs: its keys stay, keys are added.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "../collect.h"
#include "../format.h"
#include "../later.h"
#include "json_value.h"
#include "util.h"

#define BLOCK (64u << 10)
#define NMANY 3

/* A list of objects that there may be many of, as text. */
struct listing {
	enum nc_kind kind;
	const char *name;
	struct later text;
	uint64_t n;
};

struct json {
	FILE *out;
	struct nc_buf b;
	struct collected c;
	struct listing many[NMANY];
};

static void *
json_open(const struct format_options *opt)
{
	/* What there may be many of is not collected but kept as text. */
	static const struct collect_limits least = {
		.deviations = 1, .infos = 1, .objects = 1
	};
	static const struct listing many[] = {
		{ .kind = NC_KIND_connection, .name = "connections" },
		{ .kind = NC_KIND_flow, .name = "flows" },
		{ .kind = NC_KIND_deviation, .name = "deviations" },
	};
	struct json *j = nc_xcalloc(1, sizeof(*j));

	j->out = opt->out;
	memcpy(j->many, many, sizeof(many));
	collect_init(&j->c, &least);
	return j;
}

/* A list of trace lines as objects; an empty list where the field is nil. */
static void
put_refs(struct json *j, struct nc_buf *b, struct nc_bytes raw)
{
	struct nc_cursor c = nc_cursor(raw);
	size_t n = nc_cursor_array(&c);

	json_raw(b, "[");
	for (size_t i = 0; i < n && c.p < c.end; i++) {
		struct ref r = ref_read(&j->c, &c);

		json_raw(b, i > 0 ? ", {" : "{");
		json_key(b, "host", true);
		json_string(b, r.host);
		json_key(b, "file", false);
		json_string(b, r.file);
		json_key(b, "line", false);
		json_int(b, r.line);
		json_key(b, "call", false);
		json_string(b, r.text);
		json_raw(b, "}");
	}
	json_raw(b, "]");
}

static void
put_packed(struct nc_buf *b, struct nc_bytes raw, const char *nil)
{
	struct nc_cursor c = nc_cursor(raw);

	if (raw.p == NULL)
		json_raw(b, nil);
	else
		json_packed(b, &c);
}

static bool
is_ref_list(const char *name)
{
	return strcmp(name, "refs") == 0 || strcmp(name, "causes") == 0 ||
	    strcmp(name, "circle") == 0 || strcmp(name, "evidence") == 0;
}

/* The members of a kept record, by the names of lib/record.def. */
static void
put_members(struct json *j, struct nc_buf *b, enum nc_kind kind,
    const void *rec, bool first)
{
	const struct nc_schema *s = nc_schema(kind);
	struct nc_bytes v, host = { 0 };
	int64_t i;

	for (size_t k = 0; k < s->nfields; k++) {
		const struct nc_field *f = &s->fields[k];
		const char *at = (const char *)rec + f->offset;

		if (f->type == NC_INT) {
			memcpy(&i, at, sizeof(i));
			if (strcmp(f->name, "trace") == 0 && host.p != NULL) {
				json_key(b, "file", first);
				json_string(b, collect_file(&j->c, host, i));
			} else {
				json_key(b, f->name, first);
				json_int(b, i);
			}
		} else {
			memcpy(&v, at, sizeof(v));
			if (strcmp(f->name, "host") == 0)
				host = v;
			json_key(b, f->name, first);
			if (f->type != NC_RAW)
				json_string(b, v);
			else if (is_ref_list(f->name))
				put_refs(j, b, v);
			else
				put_packed(b, v, "null");
		}
		first = false;
	}
}

static void
json_record(void *state, const struct nc_record *rec)
{
	struct json *j = state;
	union {
		struct nc_connection connection;
		struct nc_flow flow;
		struct nc_deviation deviation;
	} u;

	/* Of these two nothing is summed here: nc-model has counted them. */
	if (rec->kind != NC_KIND_connection && rec->kind != NC_KIND_flow)
		collect_record(&j->c, rec);
	for (size_t i = 0; i < NMANY; i++) {
		struct listing *l = &j->many[i];

		if (rec->kind != l->kind || nc_record_decode(rec, &u) < 0)
			continue;
		json_raw(&l->text.b, l->n++ > 0 ? ",\n  {" : "\n  {");
		put_members(j, &l->text.b, l->kind, &u, true);
		json_raw(&l->text.b, "}");
		later_settle(&l->text);
	}
}

static void
put_number(struct nc_buf *b, const char *name, uint64_t n)
{
	json_key(b, name, false);
	json_int(b, (int64_t)n);
}

/* A stage that counts leaves a number out that is 0; one that was not run
   gives null. */
static void
put_count(struct json *j, const char *key, const char *stage, const char *name,
    bool first)
{
	int64_t n = collect_count(&j->c, stage, name);

	if (n == NC_NIL && collect_has_stage(&j->c, stage))
		n = 0;
	json_key(&j->b, key, first);
	json_int(&j->b, n);
}

static uint64_t
rejected_lines(const struct collected *c)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->ends.n; i++) {
		const struct nc_end *e = c->ends.v[i];

		if (e->rejected != NC_NIL)
			sum += (uint64_t)e->rejected;
	}
	return sum;
}

static void
put_connection_counts(struct json *j)
{
	static const char *const kinds[] = { "exact", "host", "nat", "inferred",
		"external", "elastic" };
	char name[32];

	json_key(&j->b, "connections", false);
	json_raw(&j->b, "{");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(name, sizeof(name), "connections_%s", kinds[i]);
		put_count(j, kinds[i], "nc-model", name, i == 0);
	}
	json_raw(&j->b, "}");
}

static void
put_summary(struct json *j, bool whole)
{
	uint64_t suppressed = 0, problems = 0;

	for (size_t i = 0; i < j->c.findings.n; i++) {
		suppressed += finding_is_suppressed(j->c.findings.v[i]);
		problems += finding_is_problem(j->c.findings.v[i]);
	}
	json_raw(&j->b, "{");
	json_key(&j->b, "hosts", true);
	json_int(&j->b, (int64_t)j->c.nhosts);
	put_number(&j->b, "records", j->c.calls);
	put_count(j, "ordered", "nc-model", "ordered", false);
	put_number(&j->b, "parse_errors", rejected_lines(&j->c));
	put_count(j, "order_errors", "nc-order", "order_errors", false);
	put_count(
	    j, "permanent_rejects", "nc-model", "permanent_rejects", false);
	put_number(&j->b, "deviations", j->c.warnings);
	put_number(&j->b, "deviations_info", j->c.infos);
	put_number(&j->b, "findings", j->c.findings.n - suppressed);
	put_number(&j->b, "problems", problems);
	put_number(&j->b, "suppressed", suppressed);
	put_count(j, "offers", "nc-order", "offers", false);
	put_count(j, "forced", "nc-order", "forced", false);
	put_count(j, "deferred", "nc-order", "deferred", false);
	put_count(j, "bytes_received", "nc-model", "bytes_received", false);
	put_count(j, "bytes_compared", "nc-model", "bytes_compared", false);
	put_connection_counts(j);
	json_key(&j->b, "complete", false);
	json_raw(&j->b, whole ? "true}" : "false}");
}

/* The ledger's "trace" is the file's name, as everywhere outside streams. */
static void
put_end(struct json *j, const struct nc_end *e)
{
	const struct nc_schema *s = nc_schema(NC_KIND_end);
	struct nc_bytes v;
	int64_t i;

	json_key(&j->b, "host", true);
	json_string(&j->b, e->host);
	json_key(&j->b, "trace", false);
	json_string(&j->b, collect_file(&j->c, e->host, e->trace));
	for (size_t k = 2; k < s->nfields; k++) {
		const char *at = (const char *)e + s->fields[k].offset;

		json_key(&j->b, s->fields[k].name, false);
		if (s->fields[k].type == NC_INT) {
			memcpy(&i, at, sizeof(i));
			json_int(&j->b, i);
		} else {
			memcpy(&v, at, sizeof(v));
			put_packed(&j->b, v, "null");
		}
	}
}

static void
put_finding(struct json *j, const struct nc_finding *f)
{
	struct nc_buf *b = &j->b;

	json_key(b, "id", true);
	json_string(b, f->id);
	json_key(b, "category", false);
	json_string(b, f->category);
	json_key(b, "severity", false);
	json_string(b, f->severity);
	json_key(b, "confidence", false);
	json_int(b, f->confidence);
	json_key(b, "hosts", false);
	put_packed(b, f->hosts, "[]");
	json_key(b, "endpoints", false);
	put_packed(b, f->endpoints, "[]");
	json_key(b, "summary", false);
	json_string(b, f->summary);
	json_key(b, "explanation", false);
	json_string(b, f->explanation);
	json_key(b, "remedy", false);
	json_string(b, f->remedy);
	json_key(b, "count", false);
	json_int(b, f->count);
	json_key(b, "because_of", false);
	json_int(b, f->because_of);
	json_key(b, "suppressed", false);
	json_raw(b, finding_is_suppressed(f) ? "true" : "false");
	json_key(b, "suppressed_reason", false);
	json_string(b, f->suppressed_reason);
	json_key(b, "evidence", false);
	put_refs(j, b, f->evidence);
}

static void
put_many(struct json *j, struct listing *l)
{
	json_raw(&j->b, ",\n");
	json_key(&j->b, l->name, true);
	json_raw(&j->b, "[");
	json_drain(&j->b, j->out, 0);
	if (later_write(&l->text, j->out) < 0)
		err(2, "temporary file");
	json_raw(&j->b, l->n > 0 ? "\n]" : "]");
}

static void
put_list(
    struct json *j, const char *name, const struct list *l, enum nc_kind kind)
{
	json_raw(&j->b, ",\n");
	json_string(&j->b, nc_str(name));
	json_raw(&j->b, ": [");
	for (size_t i = 0; i < l->n; i++) {
		json_raw(&j->b, i > 0 ? ",\n  {" : "\n  {");
		if (kind == NC_KIND_end)
			put_end(j, l->v[i]);
		else if (kind == NC_KIND_finding)
			put_finding(j, l->v[i]);
		else
			put_members(j, &j->b, kind, l->v[i], true);
		json_raw(&j->b, "}");
		json_drain(&j->b, j->out, BLOCK);
	}
	json_raw(&j->b, l->n > 0 ? "\n]" : "]");
}

static void
put_report(struct json *j, bool whole)
{
	json_raw(&j->b, "{\"version\": 1,\n\"summary\": ");
	put_summary(j, whole);
	put_list(j, "ledger", &j->c.ends, NC_KIND_end);
	put_list(j, "findings", &j->c.findings, NC_KIND_finding);
	for (size_t i = 0; i < NMANY; i++)
		put_many(j, &j->many[i]);
	put_list(j, "clocks", &j->c.clocks, NC_KIND_clock);
	put_list(j, "orders", &j->c.orders, NC_KIND_order);
	json_raw(&j->b, "}\n");
	json_drain(&j->b, j->out, 0);
}

static void
json_finish(void *state, bool started, bool whole)
{
	struct json *j = state;

	if (started)
		put_report(j, whole);
	for (size_t i = 0; i < NMANY; i++)
		later_fini(&j->many[i].text);
	nc_buf_fini(&j->b);
	collect_fini(&j->c);
	free(j);
}

const struct format format_json = { "json", json_open, json_record, json_finish,
	NULL };
