/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Part 1 of the text report: where the traces deviate from the model, each
 * deviation with the calls around it.
 */
#include <inttypes.h>

#include "../print.h"
#include "render.h"

static void
print_title(struct print *p, const struct nc_deviation *d)
{
	print_f(p, "\n  ");
	print_style(p, STYLE_WARNING);
	print_text(p, d->code);
	print_style(p, STYLE_NONE);
	if (d->connection != NC_NIL)
		print_f(p, "  connection %" PRId64, d->connection);
	else if (d->flow != NC_NIL)
		print_f(p, "  flow %" PRId64, d->flow);
	if (d->local.p != NULL) {
		print_f(p, "  ");
		print_text(p, d->local);
	}
	if (d->peer.p != NULL) {
		print_f(p, d->local.p != NULL ? " - " : "  ");
		print_text(p, d->peer);
	}
	print_f(p, "\n");
}

/* The deviating call, marked, among the calls round it. */
static void
print_calls(
    struct print *p, const struct collected *c, const struct deviation *v)
{
	struct ref refs[CONTEXT_CALLS + 1];
	char lines[CONTEXT_CALLS][NC_RENDER_MAX + 1];
	const struct nc_deviation *d = v->d;
	struct ref_width w = { 0 };
	size_t n = 0;

	for (size_t i = 0; i <= v->ncalls; i++) {
		const struct nc_call *k;

		if (i == v->before)
			refs[n++] = (struct ref){ d->host,
				collect_file(c, d->host, d->trace), d->text,
				d->line };
		if (i == v->ncalls)
			break;
		k = v->calls[i];
		nc_call_render(k, lines[i], sizeof(lines[i]));
		refs[n++] = (struct ref){ k->host,
			collect_file(c, k->host, k->trace), nc_str(lines[i]),
			k->line };
	}
	for (size_t i = 0; i < n; i++)
		ref_measure(p, &refs[i], &w);
	for (size_t i = 0; i < n; i++) {
		print_f(p, i == v->before ? "    > " : "      ");
		print_ref(p, &refs[i], &w);
	}
}

static void
print_deviation(
    struct print *p, const struct collected *c, const struct deviation *v)
{
	const struct nc_deviation *d = v->d;

	print_title(p, d);
	print_calls(p, c, v);
	if (d->args.p != NULL) {
		struct nc_cursor cur = nc_cursor(d->args);

		if (nc_cursor_map(&cur) > 0) {
			print_f(p, "      ");
			print_map(p, d->args);
			print_f(p, "\n");
		}
	}
	if (d->causes.p != NULL) {
		struct nc_cursor cur = nc_cursor(d->causes);

		if (nc_cursor_array(&cur) > 0) {
			print_f(p, "      caused by\n");
			print_refs(p, c, d->causes, "        ", 4);
		}
	}
}

/* Where no order was possible, or none without a call that should wait. */
static void
print_order(
    struct print *p, const struct collected *c, const struct nc_order *o)
{
	struct ref r = { o->host, collect_file(c, o->host, o->trace),
		{ NULL, 0 }, o->line };
	struct ref_width w = { 0 };

	print_f(p, "\n  ");
	print_style(p, STYLE_WARNING);
	print_f(p, nc_str_eq(o->why, "stuck") ? "STUCK" : "FORCED");
	print_style(p, STYLE_NONE);
	if (o->key.p != NULL) {
		print_f(p, "  waiting for ");
		print_text(p, o->key);
	}
	print_f(p, "\n    > ");
	print_ref(p, &r, &w);
	print_refs(p, c, o->circle, "      ", 16);
}

static void
print_codes(struct print *p, const struct collected *c)
{
	print_f(p, "\n  In all");
	for (size_t i = 0; i < c->ncodes; i++) {
		print_f(p, i > 0 ? ", " : " ");
		print_text(p, nc_str(c->codes[i].code));
		print_f(p, " %" PRIu64, c->codes[i].n);
	}
	print_f(p, ".\n");
}

void
print_trace(struct print *p, const struct collected *c)
{
	print_f(p, "\n");
	print_style(p, STYLE_HEAD);
	print_f(p, "1. Verified trace");
	print_style(p, STYLE_NONE);
	print_f(p, "\n\n  ");
	print_count(p, c->calls, "call");
	print_f(p, " of ");
	print_count(p, c->nhosts, "host");
	print_f(p, "; ");
	print_count(p, c->warnings, "deviation");
	if (c->infos > 0) {
		print_f(p, ", and ");
		print_count(p, c->infos, "remark");
		print_f(p, " not shown");
	}
	print_f(p, ".\n");
	for (size_t i = 0; i < c->deviations.n; i++)
		print_deviation(p, c, c->deviations.v[i]);
	if (c->warnings > c->deviations.n) {
		print_f(p, "\n  ");
		print_count(p, c->warnings - c->deviations.n, "more deviation");
		print_f(p, " not shown.\n");
	}
	if (c->warnings > 10)
		print_codes(p, c);
	for (size_t i = 0; i < c->orders.n; i++)
		print_order(p, c, c->orders.v[i]);
	if (c->orders.total > c->orders.n) {
		print_f(p, "\n  ");
		print_count(
		    p, c->orders.total - c->orders.n, "more forced call");
		print_f(p, " not shown.\n");
	}
}
