/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A report as one page that needs nothing else: the answer and the findings
 * as plain HTML, the exchange as data for the scripts beside it.
 *
 * html/report.html is the frame; what stands between @@ in it is written
 * here.  Whatever comes from a trace goes through put or json_string.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../answer.h"
#include "../exchange/exchange.h"
#include "../forest.h"
#include "../format.h"
#include "escape.h"
#include "html_data.h"
#include "html_files.h"
#include "util.h"
#include "version.h"

#define EVIDENCE_SHOWN 50
#define CLOCKS_SHOWN 20

struct html {
	FILE *out;
	struct exchange x;
	struct html_marks marks;
	struct nc_buf scratch;
	bool whole;
};

static void *
html_open(const struct format_options *opt)
{
	struct html *h = nc_xcalloc(1, sizeof(*h));

	h->out = opt->out;
	exchange_init(&h->x, true, HTML_PAYLOAD);
	return h;
}

static void
html_record(void *state, const struct nc_record *rec)
{
	struct html *h = state;

	exchange_record(&h->x, rec);
}

/* Text, escaped. */
static void
put(struct html *h, struct nc_bytes s)
{
	h->scratch.len = 0;
	nc_escape_html(&h->scratch, s.p, s.len);
	if (h->scratch.len > 0)
		fwrite(h->scratch.p, 1, h->scratch.len, h->out);
}

static void
put_buf(struct html *h, const struct nc_buf *b)
{
	put(h, (struct nc_bytes){ b->p, b->len });
}

static void
put_paragraph(struct html *h, const char *label, struct nc_bytes s)
{
	if (s.len == 0)
		return;
	fprintf(h->out, "<p>%s", label);
	put(h, s);
	fputs("</p>\n", h->out);
}

static void
put_title(struct html *h)
{
	struct answer a;

	answer_make(&a, &h->x.c, h->whole);
	fputs("NetCheck: ", h->out);
	put_buf(h, &a.sentence);
	answer_fini(&a);
}

static void
put_answer(struct html *h)
{
	static const char *const classes[] = { "error", "warning", "good",
		"info" };
	struct answer a;

	if (!h->whole)
		fprintf(h->out, "<p class=\"notice\">Incomplete: %s</p>\n",
		    answer_incomplete);
	answer_make(&a, &h->x.c, h->whole);
	fprintf(h->out,
	    "<div class=\"answer %s\"><p class=\"verdict\">%s</p>\n<h1>",
	    classes[a.kind], a.verdict);
	put_buf(h, &a.sentence);
	fputs("</h1>\n", h->out);
	put_paragraph(h, "", (struct nc_bytes){ a.advice.p, a.advice.len });
	put_paragraph(h, "", (struct nc_bytes){ a.more.p, a.more.len });
	fputs("</div>", h->out);
	answer_fini(&a);
}

static void
put_place(struct html *h, const struct ref *r, uint32_t call, int64_t finding)
{
	if (call != EXCHANGE_NONE)
		fprintf(h->out,
		    "<a href=\"#exchange\" data-call=\"%" PRIu32
		    "\" data-finding=\"%" PRId64 "\">",
		    call, finding);
	put(h, r->file.p != NULL ? r->file : nc_str("?"));
	if (r->line != NC_NIL)
		fprintf(h->out, ":%" PRId64, r->line);
	if (call != EXCHANGE_NONE)
		fputs("</a>", h->out);
}

static void
put_evidence(struct html *h, size_t i, int64_t number)
{
	const struct nc_finding *f = h->x.c.findings.v[i];
	const struct html_evidence *e = &h->marks.findings[i];
	struct nc_cursor cur = nc_cursor(f->evidence);

	nc_cursor_array(&cur);
	if (e->n == 0)
		return;
	fputs("<ul class=\"evidence\">\n", h->out);
	for (size_t k = 0; k < e->n && k < EVIDENCE_SHOWN; k++) {
		struct ref r = ref_read(&h->x.c, &cur);

		fputs("<li><span>", h->out);
		put(h, r.host);
		fputs("</span> <span class=\"mono\">", h->out);
		put_place(h, &r, h->marks.calls[e->first + k], number);
		fputs("</span> <code>", h->out);
		put(h, r.text);
		fputs("</code></li>\n", h->out);
	}
	fputs("</ul>\n", h->out);
	if (e->n > EVIDENCE_SHOWN)
		fprintf(h->out, "<p class=\"muted\">%zu more</p>\n",
		    e->n - EVIDENCE_SHOWN);
}

static void
put_facts(struct html *h, const struct nc_finding *f)
{
	struct nc_cursor cur = nc_cursor(f->hosts);
	size_t n = nc_cursor_array(&cur);

	fputs("<p class=\"facts\"><code>", h->out);
	put(h, f->id);
	fputs("</code>; ", h->out);
	put(h, f->category);
	for (size_t i = 0; i < n && i < 8 && cur.p < cur.end; i++) {
		fputs(i > 0 ? ", " : "; ", h->out);
		put(h, nc_cursor_str(&cur));
	}
	if (n > 8)
		fprintf(h->out, " and %zu more", n - 8);
	if (f->confidence != NC_NIL)
		fprintf(h->out, "; confidence %" PRId64 " %%", f->confidence);
	if (f->count != NC_NIL && f->count > 1)
		fprintf(h->out, "; %" PRId64 " times", f->count);
	fputs("</p>\n", h->out);
}

static const char *
class_of(const struct nc_finding *f)
{
	return nc_str_eq(f->severity, "error") ? "error" :
	    nc_str_eq(f->severity, "warning")  ? "warning" :
						 "info";
}

static void
put_finding(struct html *h, size_t i, int64_t number)
{
	const struct nc_finding *f = h->x.c.findings.v[i];
	const char *class = class_of(f);

	fprintf(h->out,
	    "<article class=\"finding %s\" id=\"finding-%" PRId64
	    "\">\n<h3><span class=\"tag\">%s</span> <span>%" PRId64 ". ",
	    class, number, strcmp(class, "info") == 0 ? "note" : class, number);
	put(h, f->summary);
	fputs("</span></h3>\n", h->out);
	put_facts(h, f);
	put_paragraph(h, "", f->explanation);
	put_paragraph(h, "<b>What to do:</b> ", f->remedy);
	put_evidence(h, i, number - 1);
}

/* With its consequences, no deeper than FOREST_DEPTH_MAX. */
static void
put_tree(struct html *h, const struct forest *f, size_t i, int64_t *number)
{
	put_finding(h, i, ++*number);
	if (f->first[i] != 0)
		fputs("<div class=\"consequences\"><h4>Consequences</h4>\n",
		    h->out);
	for (size_t k = f->first[i]; k != 0; k = f->next[k - 1])
		put_tree(h, f, k - 1, number);
	fputs(
	    f->first[i] != 0 ? "</div>\n</article>\n" : "</article>\n", h->out);
}

static void
put_suppressed(struct html *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->x.c.findings.n; i++) {
		const struct nc_finding *f = h->x.c.findings.v[i];

		if (!finding_is_suppressed(f))
			continue;
		fputs(n++ == 0 ? "<p class=\"muted\">Suppressed: " : ", ",
		    h->out);
		put(h, f->id);
	}
	if (n > 0)
		fputs(".</p>\n", h->out);
}

static void
put_findings(struct html *h)
{
	struct forest f;
	int64_t number = 0;

	forest_init(&f, &h->x.c);
	for (size_t i = 0; i < h->x.c.findings.n; i++)
		if (forest_is_root(&f, i))
			put_tree(h, &f, i, &number);
	forest_fini(&f);
	if (number == 0)
		fputs("<p class=\"muted\">None.</p>\n", h->out);
	put_suppressed(h);
}

static void
put_count(struct html *h, int64_t n)
{
	if (n == NC_NIL)
		fputs("<td class=\"n\"></td>", h->out);
	else
		fprintf(h->out, "<td class=\"n\">%" PRId64 "</td>", n);
}

static void
put_list(struct html *h, const char *label, struct nc_bytes raw)
{
	struct nc_cursor cur = nc_cursor(raw);
	size_t n = nc_cursor_array(&cur);

	for (size_t i = 0; i < n && cur.p < cur.end; i++) {
		fputs(i > 0 ? ", " : label, h->out);
		put(h, nc_cursor_str(&cur));
	}
	if (n > 0)
		fputs(". ", h->out);
}

static void
put_trace(struct html *h, const struct nc_end *e)
{
	fputs("<tr><td>", h->out);
	put(h, e->host);
	fputs("</td><td class=\"mono\">", h->out);
	put(h, collect_file(&h->x.c, e->host, e->trace));
	fputs("</td>", h->out);
	put_count(h, e->lines);
	put_count(h, e->calls);
	put_count(h, e->records);
	put_count(h, e->processes);
	put_count(h, e->open);
	put_count(h, e->truncated);
	put_count(h, e->rejected);
	fputs("<td class=\"wrap\">", h->out);
	put_list(h, "Not shown: ", e->hidden);
	put_list(h, "Traced with: ", e->options);
	if (e->unfollowed > 0)
		fprintf(h->out, "%" PRId64 " started but not traced. ",
		    e->unfollowed);
	if (e->cut == 1)
		fputs("Ends in mid life. ", h->out);
	if (e->timed == 0)
		fputs("No times. ", h->out);
	fputs("</td></tr>\n", h->out);
}

static void
put_clock(struct html *h, const struct nc_clock *k)
{
	if (k->low == NC_NIL && k->high == NC_NIL)
		return;
	fputs("<p>The clock of ", h->out);
	put(h, k->b);
	fputs(" less that of ", h->out);
	put(h, k->a);
	if (k->low != NC_NIL && k->high != NC_NIL)
		fprintf(h->out, " is between %+.6f s and %+.6f s.</p>\n",
		    (double)k->low / 1e9, (double)k->high / 1e9);
	else if (k->low != NC_NIL)
		fprintf(h->out, " is at least %+.6f s.</p>\n",
		    (double)k->low / 1e9);
	else
		fprintf(h->out, " is at most %+.6f s.</p>\n",
		    (double)k->high / 1e9);
}

static void
put_ledger(struct html *h)
{
	const struct list *ends = &h->x.c.ends, *clocks = &h->x.c.clocks;

	fputs("<div class=\"scroll\"><table>\n<thead><tr>"
	      "<th scope=\"col\">Host</th><th scope=\"col\">Trace</th>"
	      "<th scope=\"col\" class=\"n\">Lines</th>"
	      "<th scope=\"col\" class=\"n\">Calls</th>"
	      "<th scope=\"col\" class=\"n\">Records</th>"
	      "<th scope=\"col\" class=\"n\">Processes</th>"
	      "<th scope=\"col\" class=\"n\">Without an end</th>"
	      "<th scope=\"col\" class=\"n\">Payloads cut</th>"
	      "<th scope=\"col\" class=\"n\">Rejected</th>"
	      "<th scope=\"col\">Remarks</th></tr></thead>\n<tbody>\n",
	    h->out);
	for (size_t i = 0; i < ends->n; i++)
		put_trace(h, ends->v[i]);
	fputs("</tbody></table></div>\n", h->out);
	for (size_t i = 0; i < clocks->n && i < CLOCKS_SHOWN; i++)
		put_clock(h, clocks->v[i]);
	if (clocks->n > CLOCKS_SHOWN)
		fprintf(h->out,
		    "<p class=\"muted\">%zu more pairs of clocks.</p>\n",
		    clocks->n - CLOCKS_SHOWN);
}

static void
put_file(struct html *h, const struct html_file *f)
{
	fwrite(f->data, 1, f->len, h->out);
}

static void
put_scripts(struct html *h)
{
	put_file(h, &html_data_js);
	put_file(h, &html_ladder_js);
	put_file(h, &html_table_js);
	put_file(h, &html_main_js);
}

static void
put_part(struct html *h, const char *name, size_t len)
{
	struct nc_bytes n = { name, len };

	if (nc_str_eq(n, "TITLE"))
		put_title(h);
	else if (nc_str_eq(n, "CSS"))
		put_file(h, &html_report_css);
	else if (nc_str_eq(n, "ANSWER"))
		put_answer(h);
	else if (nc_str_eq(n, "FINDINGS"))
		put_findings(h);
	else if (nc_str_eq(n, "LEDGER"))
		put_ledger(h);
	else if (nc_str_eq(n, "VERSION"))
		fputs(NC_VERSION, h->out);
	else if (nc_str_eq(n, "META"))
		html_put_meta(h->out, &h->x, &h->marks);
	else if (nc_str_eq(n, "CALLS"))
		html_put_calls(h->out, &h->x, &h->marks);
	else if (nc_str_eq(n, "SCRIPT"))
		put_scripts(h);
}

/* The frame, with what belongs between each two @@. */
static void
put_page(struct html *h)
{
	const char *at = html_report_html.data;
	const char *end = at + html_report_html.len, *hit;
	bool name = false;

	exchange_resolve(&h->x);
	html_marks_init(&h->marks, &h->x);
	for (; at < end; at = hit + 2, name = !name) {
		hit = at;
		while (
		    hit < end && (end - hit < 2 || memcmp(hit, "@@", 2) != 0))
			hit++;
		if (name)
			put_part(h, at, (size_t)(hit - at));
		else
			fwrite(at, 1, (size_t)(hit - at), h->out);
		if (hit == end)
			break;
	}
	html_marks_fini(&h->marks);
}

static void
html_finish(void *state, bool started, bool whole)
{
	struct html *h = state;

	h->whole = whole;
	if (started)
		put_page(h);
	nc_buf_fini(&h->scratch);
	exchange_fini(&h->x);
	free(h);
}

const struct format format_html = { "html", html_open, html_record, html_finish,
	NULL };
