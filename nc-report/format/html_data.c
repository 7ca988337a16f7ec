/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the page's scripts are told of hosts, threads, links, deviations and
 * findings, as JSON.
 */
#include "html_data.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "html_pack.h"
#include "json_value.h"
#include "util.h"

#define BLOCK (256u << 10)

static void
mark(struct html_marks *m, struct exchange *x, size_t i)
{
	const struct nc_finding *f = x->c.findings.v[i];
	struct nc_cursor cur = nc_cursor(f->evidence);
	size_t n = nc_cursor_array(&cur);

	m->findings[i].first = m->ncalls;
	for (size_t k = 0; k < n && cur.p < cur.end; k++) {
		struct ref r = ref_read(&x->c, &cur);
		uint32_t call = exchange_at(x, r.host, r.file, r.line);

		m->calls = nc_grow(
		    m->calls, m->ncalls, &m->calls_cap, sizeof(*m->calls));
		m->calls[m->ncalls++] = call;
		if (call != EXCHANGE_NONE && !finding_is_suppressed(f))
			m->is_evidence[call] = true;
	}
	m->findings[i].n = m->ncalls - m->findings[i].first;
}

void
html_marks_init(struct html_marks *m, struct exchange *x)
{
	memset(m, 0, sizeof(*m));
	m->findings = nc_xcalloc(x->c.findings.n + 1, sizeof(*m->findings));
	m->is_evidence = nc_xcalloc((size_t)x->ncalls + 1, sizeof(bool));
	for (size_t i = 0; i < x->c.findings.n; i++)
		mark(m, x, i);
}

void
html_marks_fini(struct html_marks *m)
{
	free(m->calls);
	free(m->findings);
	free(m->is_evidence);
}

struct meta {
	struct html_pack pack;
	struct nc_buf b;
	struct exchange *x;
};

static void
drain(struct meta *m)
{
	html_pack_add(&m->pack, m->b.p, m->b.len);
	m->b.len = 0;
}

static void
key_text(struct meta *m, const char *name, struct nc_bytes v, bool first)
{
	json_key(&m->b, name, first);
	json_string(&m->b, v);
}

static void
key_int(struct meta *m, const char *name, int64_t v)
{
	json_key(&m->b, name, false);
	json_int(&m->b, v);
}

static void
put_names(struct meta *m)
{
	const struct exchange *x = m->x;
	struct nc_buf *b = &m->b;
	bool *seen = nc_xcalloc((size_t)x->nnames + 1, sizeof(*seen));
	bool first = true;

	json_raw(b, "{\"hosts\": [");
	for (uint32_t i = 0; i < x->nfiles; i++) {
		if (seen[x->files[i].host])
			continue;
		seen[x->files[i].host] = true;
		json_raw(b, first ? "" : ", ");
		json_string(b, nc_str(x->names[x->files[i].host]));
		first = false;
	}
	free(seen);
	json_raw(b, "],\n\"files\": [");
	for (uint32_t i = 0; i < x->nfiles; i++) {
		const struct exchange_file *f = &x->files[i];

		json_raw(b, i > 0 ? ", {" : "{");
		key_text(m, "host", nc_str(x->names[f->host]), true);
		key_text(m, "name",
		    nc_str(f->name != EXCHANGE_NONE ? x->names[f->name] : NULL),
		    false);
		json_raw(b, "}");
	}
	json_raw(b, "],\n\"threads\": [");
}

/* Only calls on the network make a lane. */
static void
put_threads(struct meta *m)
{
	const struct exchange *x = m->x;
	uint32_t *used = nc_xcalloc((size_t)x->nthreads + 1, sizeof(*used));
	struct nc_buf *b = &m->b;

	for (uint32_t i = 0; i < x->ncalls; i++)
		if (x->calls[i].link != EXCHANGE_NONE)
			used[x->calls[i].thread]++;
	for (uint32_t i = 0; i < x->nthreads; i++) {
		const struct exchange_thread *t = &x->threads[i];

		json_raw(b, i > 0 ? ", {" : "{");
		key_text(m, "host", nc_str(x->names[t->host]), true);
		key_int(m, "id", t->thread > 0 ? t->thread : 0);
		key_int(m, "calls", used[i]);
		json_raw(b, "}");
	}
	json_raw(b, "],\n");
	free(used);
}

/* An end whose socket is not known may still be one of a traced host. */
static void
put_end(struct meta *m, const char *name, struct nc_bytes host,
    struct nc_bytes address)
{
	bool traced = table_find(&m->x->c.names, host, 0) != NULL;
	char text[NC_ADDR_TEXT];
	struct nc_addr a;

	json_key(&m->b, name, false);
	json_raw(&m->b, "{");
	key_text(m, "host", host, true);
	key_text(m, "address", address, false);
	json_key(&m->b, "traced", false);
	json_raw(&m->b, traced ? "true" : "false");
	if (!traced) {
		if (host.p != NULL)
			address = host;
		else if (address.p != NULL &&
		    nc_addr_parse(address.p, address.len, &a) == 0)
			address = nc_str(nc_addr_print_ip(&a, text));
		key_text(
		    m, "ip", address.p != NULL ? address : nc_str("?"), false);
	}
	json_raw(&m->b, "}");
}

static void
put_direction(struct meta *m, const char *name, int64_t sent, int64_t received,
    int64_t lost)
{
	json_key(&m->b, name, false);
	json_raw(&m->b, "{");
	json_key(&m->b, "sent", true);
	json_int(&m->b, sent);
	key_int(m, "received", received);
	key_int(m, "lost", lost);
	json_raw(&m->b, "}");
}

static void
put_connection(struct meta *m, const struct exchange_link *l)
{
	const struct nc_connection *k = l->connection;
	struct nc_bytes cause = nc_find_str(k->to_server, "loss_cause");

	json_key(&m->b, "number", true);
	json_int(&m->b, k->connection);
	put_end(m, "a", k->client_host,
	    k->client_local.p != NULL ? k->client_local : k->server_peer);
	put_end(m, "b", k->server_host,
	    k->client_target.p != NULL ? k->client_target : k->server_local);
	key_text(m, "opened", k->opened, false);
	key_text(m, "closed", k->closed, false);
	key_text(m, "match", k->match, false);
	put_direction(m, "toB", nc_find_int(k->to_server, "sent"),
	    nc_find_int(k->to_server, "received"),
	    nc_find_int(k->to_server, "lost"));
	put_direction(m, "toA", nc_find_int(k->to_client, "sent"),
	    nc_find_int(k->to_client, "received"),
	    nc_find_int(k->to_client, "lost"));
	key_text(m, "cause",
	    cause.p != NULL ? cause : nc_find_str(k->to_client, "loss_cause"),
	    false);
}

static void
put_flow(struct meta *m, const struct exchange_link *l)
{
	const struct nc_flow *f = l->flow;

	json_key(&m->b, "number", true);
	json_int(&m->b, f->flow);
	json_key(&m->b, "flow", false);
	json_raw(&m->b, "true");
	put_end(m, "a", f->sender_host, f->source);
	put_end(m, "b", f->receiver_host, f->destination);
	put_direction(m, "toB", f->sent, f->received, f->lost);
	key_int(m, "bytes", f->bytes_sent);
	key_int(m, "duplicated", f->duplicated);
	key_int(m, "reordered", f->reordered);
	key_text(m, "cause", f->loss_cause, false);
}

static void
put_links(struct meta *m)
{
	json_raw(&m->b, "\"links\": [");
	for (uint32_t i = 0; i < m->x->nlinks; i++) {
		const struct exchange_link *l = &m->x->links[i];

		json_raw(&m->b, i > 0 ? ",\n{" : "\n{");
		if (l->flow != NULL)
			put_flow(m, l);
		else
			put_connection(m, l);
		json_raw(&m->b, "}");
		if (m->b.len > BLOCK)
			drain(m);
	}
	json_raw(&m->b, "],\n");
}

static int
by_value(const void *a, const void *b)
{
	const uint32_t *p = a, *q = b;

	return *p < *q ? -1 : *p > *q;
}

/* Numbers in order, each once. */
static void
put_set(struct meta *m, const char *name, uint32_t *v, size_t n)
{
	bool first = true;

	if (n > 1)
		qsort(v, n, sizeof(*v), by_value);
	json_key(&m->b, name, false);
	json_raw(&m->b, "[");
	for (size_t i = 0; i < n; i++) {
		if (v[i] == EXCHANGE_NONE || (i > 0 && v[i] == v[i - 1]))
			continue;
		json_raw(&m->b, first ? "" : ", ");
		json_int(&m->b, v[i]);
		first = false;
	}
	json_raw(&m->b, "]");
}

static void
put_finding(
    struct meta *m, const struct html_marks *marks, size_t i, int64_t number)
{
	const struct nc_finding *f = m->x->c.findings.v[i];
	const struct html_evidence *e = &marks->findings[i];
	uint32_t *links = nc_xcalloc(e->n + 1, sizeof(*links));
	uint32_t *calls = nc_xcalloc(e->n + 1, sizeof(*calls));

	for (size_t k = 0; k < e->n; k++) {
		calls[k] = marks->calls[e->first + k];
		links[k] = calls[k] != EXCHANGE_NONE ?
		    m->x->calls[calls[k]].link :
		    EXCHANGE_NONE;
	}
	json_raw(&m->b, number > 1 ? ",\n{" : "\n{");
	key_text(m, "id", f->id, true);
	key_text(m, "severity", f->severity, false);
	key_int(m, "number", number);
	if (e->n > 0 && calls[0] != EXCHANGE_NONE)
		key_int(m, "first", calls[0]);
	put_set(m, "calls", calls, e->n);
	put_set(m, "links", links, e->n);
	json_raw(&m->b, "}");
	free(links);
	free(calls);
}

/* A map as "name value, name value". */
static void
put_args(struct meta *m, struct nc_bytes raw)
{
	struct nc_cursor cur = nc_cursor(raw);
	size_t n = nc_cursor_map(&cur);
	struct nc_buf text = { 0 };
	char number[32];
	struct nc_value v;

	for (size_t i = 0; i < n && cur.p < cur.end; i++) {
		struct nc_bytes name = nc_cursor_str(&cur);
		struct nc_cursor peek = cur;

		nc_buf_add(&text, ", ", i > 0 ? 2 : 0);
		nc_buf_add(&text, name.p, name.len);
		nc_buf_add(&text, " ", 1);
		if (nc_cursor_next(&peek, &v) == 1 && v.type == NC_VALUE_INT) {
			if (fact_is_span(name) && v.i >= 0)
				snprintf(number, sizeof(number), "%.3f s",
				    (double)v.i / 1e9);
			else
				snprintf(
				    number, sizeof(number), "%" PRId64, v.i);
			nc_buf_add(&text, number, strlen(number));
		} else if (v.type == NC_VALUE_STR || v.type == NC_VALUE_BIN) {
			nc_buf_add(&text, v.bytes.p, v.bytes.len);
		}
		nc_cursor_skip(&cur);
	}
	key_text(m, "args",
	    text.len > 0 ? (struct nc_bytes){ text.p, text.len } : nc_str(NULL),
	    false);
	nc_buf_fini(&text);
}

static void
put_deviation(struct meta *m, const struct nc_deviation *d)
{
	struct nc_bytes file = collect_file(&m->x->c, d->host, d->trace);
	uint32_t call = exchange_at(m->x, d->host, file, d->line);
	struct nc_buf place = { 0 };
	char line[24];

	key_text(m, "code", d->code, true);
	key_text(m, "severity", d->severity, false);
	key_text(m, "host", d->host, false);
	nc_buf_add(&place, file.p, file.len);
	if (d->line != NC_NIL) {
		snprintf(line, sizeof(line), ":%" PRId64, d->line);
		nc_buf_add(&place, line, strlen(line));
	}
	key_text(m, "place", (struct nc_bytes){ place.p, place.len }, false);
	key_text(m, "text", d->text, false);
	put_args(m, d->args);
	key_int(m, "call", call != EXCHANGE_NONE ? (int64_t)call : NC_NIL);
	nc_buf_fini(&place);
}

bool
html_is_told(const struct nc_deviation *d)
{
	return !nc_str_eq(d->severity, "info");
}

static void
put_deviations(struct meta *m)
{
	bool first = true;

	json_raw(&m->b, "\"deviations\": [");
	for (size_t i = 0; i < m->x->c.deviations.n; i++) {
		const struct deviation *v = m->x->c.deviations.v[i];

		if (!html_is_told(v->d))
			continue;
		json_raw(&m->b, first ? "\n{" : ",\n{");
		put_deviation(m, v->d);
		json_raw(&m->b, "}");
		if (m->b.len > BLOCK)
			drain(m);
		first = false;
	}
	json_raw(&m->b, "],\n");
}

static bool
is_timed(const struct exchange *x)
{
	for (uint32_t i = 0; i < x->ncalls; i++)
		if (x->calls[i].time != NC_NIL)
			return true;
	return false;
}

void
html_put_meta(FILE *out, struct exchange *x, const struct html_marks *marks)
{
	struct meta m = { .x = x };
	int64_t number = 0;

	html_pack_open(&m.pack, out);
	put_names(&m);
	put_threads(&m);
	put_links(&m);
	put_deviations(&m);
	json_raw(&m.b, "\"findings\": [");
	for (size_t i = 0; i < x->c.findings.n; i++)
		if (!finding_is_suppressed(x->c.findings.v[i]))
			put_finding(&m, marks, i, ++number);
	json_raw(&m.b, "]");
	key_int(&m, "calls", x->ncalls);
	key_int(&m, "messages", x->nmessages);
	json_key(&m.b, "timed", false);
	json_raw(&m.b, is_timed(x) ? "true}" : "false}");
	drain(&m);
	html_pack_close(&m.pack);
	nc_buf_fini(&m.b);
}
