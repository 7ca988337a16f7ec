/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The report for people: the answer in one sentence, then the parts.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "collect.h"
#include "format.h"
#include "print.h"
#include "util.h"

struct text {
	struct print p;
	unsigned int parts;
	struct collected c;
};

static void *
text_open(const struct format_options *opt)
{
	struct collect_limits limits = { .deviations = 200,
		.infos = 1,
		.objects = 100,
		.context = (opt->parts & PART_TRACE) != 0 };
	struct text *t = nc_xcalloc(1, sizeof(*t));

	t->p.out = opt->out;
	t->p.color = opt->color;
	t->parts = opt->parts;
	collect_init(&t->c, &limits);
	return t;
}

static void
text_record(void *state, const struct nc_record *rec)
{
	struct text *t = state;

	collect_record(&t->c, rec);
}

/* The first problem is the root of the most important one. */
static void
problem_found(
    struct print *p, const struct collected *c, const struct nc_finding *first)
{
	uint64_t errors = 0, warnings = 0;

	for (size_t i = 0; i < c->findings.n; i++) {
		const struct nc_finding *f = c->findings.v[i];

		if (!finding_is_problem(f))
			continue;
		if (nc_str_eq(f->severity, "error"))
			errors++;
		else
			warnings++;
	}
	print_style(p,
	    nc_str_eq(first->severity, "error") ? STYLE_ERROR : STYLE_WARNING);
	print_f(p, "Problem found:");
	print_style(p, STYLE_NONE);
	print_f(p, " ");
	print_wrapped(p, first->summary, 0, 15);
	if (errors + warnings > 1) {
		print_f(p, "In all ");
		if (errors > 0)
			print_count(p, errors, "error");
		if (errors > 0 && warnings > 0)
			print_f(p, " and ");
		if (warnings > 0)
			print_count(p, warnings, "warning");
		print_f(p, "; the first is the most likely cause.\n");
	}
}

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void
nothing_found(struct print *p, const struct collected *c)
{
	int64_t received = collect_count(c, "nc-model", "bytes_received");
	int64_t compared = collect_count(c, "nc-model", "bytes_compared");
	char text[512];
	int n;

	n = snprintf(text, sizeof(text),
	    "%" PRIu64 " connection%s and %" PRIu64
	    " datagram flow%s of %" PRIu64 " host%s were checked",
	    c->connections.total, plural(c->connections.total), c->flows.total,
	    plural(c->flows.total), c->nhosts, plural(c->nhosts));
	if (c->warnings > 0)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
		    "; %" PRIu64 " deviation%s from the model amount%s to "
		    "none",
		    c->warnings, plural(c->warnings),
		    c->warnings == 1 ? "s" : "");
	if (compared == NC_NIL)
		compared = 0;
	if (received > 0)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
		    "; %" PRId64 " of %" PRId64
		    " byte%s received (%.2f %%) %s compared "
		    "with what was sent",
		    compared, received, plural((uint64_t)received),
		    100.0 * (double)compared / (double)received,
		    received == 1 ? "was" : "were");
	snprintf(text + n, sizeof(text) - (size_t)n, ".");
	print_style(p, STYLE_GOOD);
	print_f(p, "No problem found:");
	print_style(p, STYLE_NONE);
	print_f(p, " ");
	print_wrapped(p, nc_str(text), 0, 18);
}

/* True if the records have been through nc-model at least. */
static bool
is_modelled(const struct collected *c)
{
	return c->findings.n > 0 || c->deviations.total > 0 ||
	    c->connections.total > 0 || c->flows.total > 0 ||
	    collect_has_stage(c, "nc-model");
}

static void
answer(struct print *p, const struct collected *c, bool whole)
{
	size_t first = 0;

	if (!whole) {
		print_style(p, STYLE_ERROR);
		print_f(p, "Incomplete:");
		print_style(p, STYLE_NONE);
		print_f(p,
		    " the records were cut short, or an earlier stage "
		    "failed: there may be\nmore than this report shows.\n");
		if (c->nhosts == 0 && c->calls == 0)
			return;
	}
	while (
	    first < c->findings.n && !finding_is_problem(c->findings.v[first]))
		first++;
	if (first < c->findings.n) {
		problem_found(p, c, c->findings.v[first]);
	} else if (is_modelled(c)) {
		nothing_found(p, c);
	} else {
		print_f(p, "Not diagnosed: ");
		print_count(p, c->calls, "call record");
		print_f(p, " of ");
		print_count(p, c->nhosts, "host");
		print_f(p, " that %s not been through nc-model.\n",
		    c->calls == 1 ? "has" : "have");
	}
}

static void
print_report(struct text *t, bool whole)
{
	answer(&t->p, &t->c, whole);
	/* A stage that got nothing to read passes on no more than its header. */
	if (!whole && t->c.nhosts == 0 && t->c.calls == 0)
		return;
	/* An early stage's stream has a ledger, and later an order. */
	if ((t->parts & PART_TRACE) != 0 &&
	    (is_modelled(&t->c) || t->c.orders.n > 0))
		print_trace(&t->p, &t->c);
	if ((t->parts & PART_STATS) != 0 && is_modelled(&t->c))
		print_stats(&t->p, &t->c);
	if ((t->parts & PART_PROBLEMS) != 0 && is_modelled(&t->c))
		print_problems(&t->p, &t->c);
	if ((t->parts & PART_LEDGER) != 0)
		print_ledger(&t->p, &t->c);
}

static void
text_finish(void *state, bool started, bool whole)
{
	struct text *t = state;

	if (started)
		print_report(t, whole);
	collect_fini(&t->c);
	nc_buf_fini(&t->p.scratch);
	free(t);
}

const struct format format_text = { "text", text_open, text_record,
	text_finish };
