/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Part 3 of the text report: the findings, each root cause followed by its
 * consequences.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../forest.h"
#include "../print.h"

#define EVIDENCE_SHOWN 12

static enum style
severity_style(const struct nc_finding *f)
{
	if (nc_str_eq(f->severity, "error"))
		return STYLE_ERROR;
	return nc_str_eq(f->severity, "warning") ? STYLE_WARNING : STYLE_DIM;
}

static void
print_labelled(
    struct print *p, const char *label, struct nc_bytes s, size_t indent)
{
	size_t at;

	if (s.p == NULL || s.len == 0)
		return;
	at = (size_t)fprintf(p->out, "%*s%s", (int)indent, "", label);
	print_wrapped(p, s, indent, at);
}

static void
print_facts(struct print *p, const struct nc_finding *f, size_t indent)
{
	struct nc_cursor cur = nc_cursor(f->hosts);
	size_t n = nc_cursor_array(&cur);

	print_f(p, "%*s", (int)indent, "");
	print_hold(p);
	print_text(p, f->category);
	for (size_t i = 0; i < n && i < 8 && cur.p < cur.end; i++) {
		print_f(p, i > 0 ? ", " : "; ");
		print_text(p, nc_cursor_str(&cur));
	}
	if (n > 8)
		print_f(p, " and %zu more", n - 8);
	if (f->confidence != NC_NIL)
		print_f(p, "; confidence %" PRId64 " %%", f->confidence);
	if (f->count > 1)
		print_f(p, "; %" PRId64 " times", f->count);
	print_release(p, indent, indent);
}

static void
print_finding(struct print *p, const struct forest *f, size_t i, size_t *shown)
{
	const struct nc_finding *x = forest_at(f, i);
	size_t indent = 2 + 5 * (size_t)f->depth[i], at;
	struct nc_cursor cur;

	at = (size_t)fprintf(p->out, "%*s%zu. ", (int)indent, "", ++*shown);
	print_style(p, severity_style(x));
	if (nc_str_eq(x->severity, "info"))
		print_f(p, "note");
	else
		print_text(p, x->severity);
	print_style(p, STYLE_NONE);
	print_f(p, " ");
	print_style(p, STYLE_HEAD);
	print_text(p, x->id);
	print_style(p, STYLE_NONE);
	print_f(p, ": ");
	at += (nc_str_eq(x->severity, "info") ? 4 : x->severity.len) + 3 +
	    x->id.len;
	indent += 3;
	print_wrapped(p, x->summary, indent, at);
	print_facts(p, x, indent);
	print_labelled(p, "", x->explanation, indent);
	print_labelled(p, "What to do: ", x->remedy, indent);
	cur = nc_cursor(x->evidence);
	if (nc_cursor_array(&cur) > 0) {
		print_f(p, "%*sEvidence:\n", (int)indent, "");
		print_evidence(
		    p, f->c, x->evidence, indent + 2, EVIDENCE_SHOWN);
	}
	if (f->first[i] == 0)
		return;
	print_f(p, "%*sConsequences:\n", (int)indent, "");
	/* No deeper than FOREST_DEPTH_MAX. */
	for (size_t k = f->first[i]; k != 0; k = f->next[k - 1]) {
		print_finding(p, f, k - 1, shown);
		if (f->next[k - 1] != 0)
			print_f(p, "\n");
	}
}

static void
print_suppressed(struct print *p, const struct collected *c)
{
	uint64_t n = 0;

	for (size_t i = 0; i < c->findings.n; i++) {
		const struct nc_finding *f = c->findings.v[i];

		if (!finding_is_suppressed(f))
			continue;
		if (n == 0) {
			print_f(p, "\n  Suppressed: ");
			print_hold(p);
		}
		print_f(p, n++ == 0 ? "" : ", ");
		print_text(p, f->id);
		if (f->count > 1)
			print_f(p, " (%" PRId64 " times)", f->count);
		if (f->suppressed_reason.len > 0) {
			print_f(p, ": ");
			print_text(p, f->suppressed_reason);
		}
	}
	if (n > 0) {
		print_f(p, ".");
		print_release(p, 2, strlen("  Suppressed: "));
	}
}

void
print_problems(struct print *p, const struct collected *c)
{
	struct forest f;
	size_t shown = 0;

	print_f(p, "\n");
	print_style(p, STYLE_HEAD);
	print_f(p, "3. Problems detected");
	print_style(p, STYLE_NONE);
	print_f(p, "\n");
	forest_init(&f, c);
	for (size_t i = 0; i < c->findings.n; i++)
		if (forest_is_root(&f, i)) {
			print_f(p, "\n");
			print_finding(p, &f, i, &shown);
		}
	if (shown == 0)
		print_f(p, "\n  None.\n");
	print_suppressed(p, c);
	forest_fini(&f);
}
