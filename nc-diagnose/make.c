/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Making findings: hosts, evidence, objects and texts.
 */
#include "rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *
text(struct rules *r, const char *fmt, ...)
{
	va_list ap;

	r->texts = nc_grow(r->texts, r->ntexts, &r->texts_cap, sizeof(char *));
	va_start(ap, fmt);
	r->texts[r->ntexts++] = nc_vformat(fmt, ap);
	va_end(ap);
	return r->texts[r->ntexts - 1];
}

const char *
text_bytes(struct rules *r, struct nc_bytes b)
{
	return text(r, "%.*s", b.p ? (int)(b.len > 512 ? 512 : b.len) : 0,
	    b.p ? b.p : "");
}

const char *
text_addr(struct rules *r, const struct nc_addr *a)
{
	char buf[NC_ADDR_TEXT];

	return text(r, "%s", nc_addr_print(a, buf));
}

const char *
text_host(struct rules *r, int host, const struct nc_addr *a)
{
	char buf[NC_ADDR_TEXT];

	if (host >= 0)
		return facts_host_name(r->facts, host);
	if (!a || !a->family)
		return "an untraced host";
	return text(r, "%s", nc_addr_print_ip(a, buf));
}

const char *
text_at(struct rules *r, int host, const struct nc_addr *a)
{
	char buf[NC_ADDR_TEXT];

	nc_addr_print_port(a, buf);
	if (host < 0)
		return text(r, "%s", buf);
	if (!a->family)
		return facts_host_name(r->facts, host);
	return text(r, "%s at %s", facts_host_name(r->facts, host), buf);
}

const char *
text_time(struct rules *r, int64_t ns)
{
	if (ns == NC_NIL || ns < 0)
		return "an unknown time";
	if (ns < 1000 * MS)
		return text(r, "%" PRId64 " ms", ns / MS);
	return text(r, "%.1f s", (double)ns / (1000.0 * (double)MS));
}

const char *
text_count(struct rules *r, int64_t n, const char *what)
{
	return text(r, "%" PRId64 " %s%s", n, what, n == 1 ? "" : "s");
}

static void
refs_upto(struct rules *r, struct finding *f, struct nc_bytes refs, size_t most)
{
	struct nc_cursor c = nc_cursor(refs);
	size_t n = nc_cursor_array(&c);

	for (n = n < most ? n : most; n; n--) {
		size_t parts = nc_cursor_array(&c);
		struct nc_bytes host, call;
		const struct trace *t;
		int64_t trace, line;
		int h;

		if (parts < 4)
			return;
		host = nc_cursor_str(&c);
		trace = nc_cursor_int(&c);
		line = nc_cursor_int(&c);
		call = nc_cursor_str(&c);
		for (; parts > 4; parts--)
			if (nc_cursor_skip(&c) != 1)
				return;
		h = facts_host(r->facts, host);
		if (h < 0)
			continue;
		t = facts_trace(r->facts, host, trace);
		finding_evidence(f, facts_host_name(r->facts, h), trace,
		    t ? t->file : NULL, t ? t->len : 0, line, call);
	}
}

void
make_refs(struct rules *r, struct finding *f, struct nc_bytes refs)
{
	refs_upto(r, f, refs, SIZE_MAX);
}

void
make_pair(struct rules *r, struct finding *f, int a, int b)
{
	const struct pair *p = facts_pair(r->facts, a, b);

	/* Of a connection these are its connect and its accept. */
	if (p && p->refs)
		refs_upto(r, f, (struct nc_bytes){ p->refs, p->nrefs }, 2);
}

static void
make_call(struct rules *r, struct finding *f, const struct dev *d)
{
	const struct trace *t = facts_trace(r->facts, d->d.host, d->d.trace);

	finding_evidence(f, facts_host_name(r->facts, d->host), d->d.trace,
	    t ? t->file : NULL, t ? t->len : 0, d->d.line, d->d.text);
}

void
make_flow(struct rules *r, struct finding *f, const struct flow *w)
{
	finding_host(f, facts_host_name(r->facts, w->sender));
	finding_host(f, facts_host_name(r->facts, w->receiver));
	finding_pair(f, facts_pair_key(w->sender, w->receiver));
	if (w->f.flow != NC_NIL)
		finding_object(f, OBJECT_FLOW, (uint64_t)w->f.flow);
	if (w->at < f->at)
		f->at = w->at;
	make_refs(r, f, w->f.refs);
}

void
make_add(struct rules *r, struct finding *f, const struct dev *d)
{
	int client = dev_client(d), server = dev_server(d);

	finding_host(f, facts_host_name(r->facts, client));
	finding_host(f, facts_host_name(r->facts, server));
	finding_host(f, facts_host_name(r->facts, d->host));
	finding_pair(f, facts_pair_key(client, server));
	if (d->d.connection != NC_NIL)
		finding_object(f, OBJECT_CONNECTION, (uint64_t)d->d.connection);
	if (d->d.flow != NC_NIL)
		finding_object(f, OBJECT_FLOW, (uint64_t)d->d.flow);
	if (d->at < f->at)
		f->at = d->at;
	make_call(r, f, d);
	make_refs(r, f, d->d.causes);
	if (d->conn)
		make_refs(r, f, d->conn->c.refs);
	else if (d->flow)
		make_refs(r, f, d->flow->f.refs);
}

void
make_target(struct finding *f, const struct dev *d)
{
	struct nc_addr a = dev_service(d);

	finding_object(f, OBJECT_TARGET,
	    facts_reach_key(dev_client(d), dev_server(d), &a));
	make_listener(f, dev_server(d), a.port);
}

void
make_listener(struct finding *f, int host, uint16_t port)
{
	if (host >= 0)
		finding_object(
		    f, OBJECT_LISTENER, ((uint64_t)host << 16) | port);
}

struct finding *
make(struct rules *r, const char *id, int confidence, const struct picked *p)
{
	struct finding *f = finding_new(r->findings, id, confidence);
	size_t i;

	for (i = 0; i < p->n; i++)
		make_add(r, f, p->v[i]);
	f->count = count_conns(p);
	return f;
}
