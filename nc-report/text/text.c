/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The report for people: the answer in one sentence, then the parts.
 */
#include <stdlib.h>
#include <string.h>

#include "../answer.h"
#include "../collect.h"
#include "../format.h"
#include "../print.h"
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
	t->p.columns = print_columns();
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

static void
text_call(void *state, const struct nc_record *rec, const struct nc_call *call)
{
	struct text *t = state;

	collect_call(&t->c, rec, call);
}

static void
print_answer(struct print *p, const struct collected *c, bool whole)
{
	static const enum style styles[] = { STYLE_ERROR, STYLE_WARNING,
		STYLE_GOOD, STYLE_NONE };
	struct answer a;

	if (!whole) {
		print_style(p, STYLE_ERROR);
		print_f(p, "Incomplete:");
		print_style(p, STYLE_NONE);
		print_f(p, " %s\n", answer_incomplete);
		if (c->nhosts == 0 && c->calls == 0)
			return;
	}
	answer_make(&a, c, whole);
	print_style(p, styles[a.kind]);
	print_f(p, "%s", a.verdict);
	print_style(p, STYLE_NONE);
	print_f(p, " ");
	if (a.advice.len > 0)
		nc_buf_add(&a.sentence, " ", 1);
	nc_buf_add(&a.sentence, a.advice.p, a.advice.len);
	print_wrapped(p, (struct nc_bytes){ a.sentence.p, a.sentence.len }, 0,
	    strlen(a.verdict) + 1);
	if (a.more.len > 0)
		print_wrapped(
		    p, (struct nc_bytes){ a.more.p, a.more.len }, 0, 0);
	answer_fini(&a);
}

static void
print_report(struct text *t, bool whole)
{
	print_answer(&t->p, &t->c, whole);
	/* A stage that got nothing to read passes on no more than its header. */
	if (!whole && t->c.nhosts == 0 && t->c.calls == 0)
		return;
	/* An early stage's stream has a ledger, and later an order. */
	if ((t->parts & PART_TRACE) != 0 &&
	    (answer_is_modelled(&t->c) || t->c.orders.n > 0))
		print_trace(&t->p, &t->c);
	if ((t->parts & PART_STATS) != 0 && answer_is_modelled(&t->c))
		print_stats(&t->p, &t->c);
	if ((t->parts & PART_PROBLEMS) != 0 && answer_is_modelled(&t->c))
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

const struct format format_text = { "text", text_open, text_record, text_finish,
	text_call };
