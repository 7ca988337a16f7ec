/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Is each trace good enough, and how would a better one be made?  From the
 * ledgers alone, straight after nc-parse.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "collect.h"
#include "format.h"
#include "print.h"
#include "util.h"

enum weight {
	MINOR, /* some findings are less certain, or less is told */
	GRAVE  /* findings are missed, or can be wrong */
};

/* What a ledger tells of the options, what that means, and what to do. */
static const struct lack {
	const char *told; /* in hidden or options */
	enum weight weight;
	const char *meaning, *option;
} lacks[] = {
	{ "times", MINOR,
	    "no times: no delay, no time-out and no late event is told",
	    "-ttt -T" },
	{ "descriptor details", MINOR,
	    "descriptors are not explained: a socket that was made before "
	    "the trace, or passed on, is not known",
	    "-yy" },
	{ "failed calls", GRAVE,
	    "calls that failed are left out (-z), and they tell the most",
	    NULL },
	{ "successful calls", GRAVE, "calls that succeeded are left out (-Z)",
	    NULL },
	{ "read, write, close", GRAVE,
	    "reads, writes and closes are left out (-e trace=network): no "
	    "data is compared, and ends of connections are guessed",
	    "-e trace=all" },
	{ "missed close", MINOR,
	    "some calls that close descriptors are left out (-e trace)",
	    "-e trace=all" },
	{ "passed descriptors", MINOR,
	    "descriptors that were passed on are cut", "-s 65536" },
	{ "history", MINOR,
	    "the tracer came when the program ran already: what it had done "
	    "is not known",
	    NULL },
	{ "payload redacted", MINOR, "payloads are redacted", NULL },
};

#define N_LACKS (sizeof(lacks) / sizeof(lacks[0]))

struct advice {
	struct print p;
	struct collected c;
	bool *problem;
};

/* One trace's. */
struct verdict {
	struct print *p;
	size_t minor, grave;
};

static void *
advice_open(const struct format_options *opt)
{
	struct collect_limits limits = {
		.deviations = 1, .infos = 1, .objects = 1
	};
	struct advice *a = nc_xcalloc(1, sizeof(*a));

	a->p.out = opt->out;
	a->p.color = opt->color;
	a->p.columns = print_columns();
	a->problem = opt->problem;
	collect_init(&a->c, &limits);
	return a;
}

static void
advice_record(void *state, const struct nc_record *rec)
{
	struct advice *a = state;

	if (rec->kind == NC_KIND_host || rec->kind == NC_KIND_end)
		collect_record(&a->c, rec);
}

static void
say(struct verdict *v, enum weight weight, const char *meaning,
    const char *option)
{
	struct nc_buf text = { 0 };

	if (weight == GRAVE)
		v->grave++;
	else
		v->minor++;
	nc_buf_add(&text, meaning, strlen(meaning));
	if (option != NULL) {
		nc_buf_add(&text, " (", 2);
		nc_buf_add(&text, option, strlen(option));
		nc_buf_add(&text, " shows them)", 12);
	}
	print_style(v->p, weight == GRAVE ? STYLE_ERROR : STYLE_WARNING);
	print_f(v->p, "    %s ", weight == GRAVE ? "-" : "~");
	print_style(v->p, STYLE_NONE);
	print_wrapped(v->p, (struct nc_bytes){ text.p, text.len }, 6, 6);
	nc_buf_fini(&text);
}

static void __attribute__((format(printf, 3, 4)))
say_f(struct verdict *v, enum weight weight, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	say(v, weight, text, NULL);
}

/* What the tracer's options took away: a list of texts. */
static void
judge_options(struct verdict *v, struct nc_bytes list)
{
	struct nc_cursor cur = nc_cursor(list);
	size_t n = nc_cursor_array(&cur), i;
	struct nc_value value;

	for (; n > 0 && nc_cursor_next(&cur, &value) == 1; n--) {
		if (value.type != NC_VALUE_STR && value.type != NC_VALUE_BIN)
			continue;
		for (i = 0; i < N_LACKS; i++)
			if (nc_str_eq(value.bytes, lacks[i].told))
				say(v, lacks[i].weight, lacks[i].meaning,
				    lacks[i].option);
	}
}

static void
judge_content(struct verdict *v, const struct nc_end *e)
{
	int64_t network = nc_find_int(e->classes, "network");

	if (e->calls <= 0)
		say(v, GRAVE, "no call at all could be read", NULL);
	else if (network == NC_NIL || network == 0)
		say(v, GRAVE,
		    "no call makes, binds, connects or accepts a socket: is it "
		    "the right process?",
		    NULL);
	if (e->rejected > 0)
		say_f(v, e->rejected * 100 > e->lines ? GRAVE : MINOR,
		    "%" PRId64 " of %" PRId64 " lines could not be read",
		    e->rejected, e->lines);
	if (e->unfollowed > 0)
		say_f(v, GRAVE,
		    "%" PRId64 " %s started and not traced (-f follows them)",
		    e->unfollowed,
		    e->unfollowed == 1 ? "process was" : "processes were");
	if (e->truncated > 0)
		say_f(v, MINOR,
		    "%" PRId64 " %s cut: what was not recorded is not "
		    "compared (-s 65536 keeps it)",
		    e->truncated,
		    e->truncated == 1 ? "payload is" : "payloads are");
	if (e->cut > 0)
		say(v, MINOR,
		    "the trace ends while the program still runs: what comes "
		    "after is not known",
		    NULL);
	if (e->injected > 0)
		say_f(v, GRAVE, "%" PRId64 " %s altered by the tracer",
		    e->injected, e->injected == 1 ? "call was" : "calls were");
}

static void
judge_trace(struct advice *a, const struct nc_end *e)
{
	struct nc_bytes file = collect_file(&a->c, e->host, e->trace);
	struct verdict v = { &a->p, 0, 0 };

	print_text(&a->p, e->host);
	print_f(&a->p, ": ");
	print_text(&a->p, file);
	print_f(&a->p, ": ");
	print_count(&a->p, (uint64_t)(e->calls > 0 ? e->calls : 0), "call");
	print_f(&a->p, " in ");
	print_count(&a->p, (uint64_t)(e->lines > 0 ? e->lines : 0), "line");
	print_f(&a->p, "\n");
	judge_content(&v, e);
	judge_options(&v, e->hidden);
	judge_options(&v, e->options);
	print_style(&a->p, v.grave > 0 ? STYLE_ERROR : STYLE_GOOD);
	print_f(&a->p, "    %s\n",
	    v.grave > 0     ? "Not good enough: findings will be missed." :
		v.minor > 0 ? "Good enough; a better one would tell more." :
			      "Good: nothing to wish for.");
	print_style(&a->p, STYLE_NONE);
	if (v.grave > 0)
		*a->problem = true;
	if (v.grave + v.minor > 0)
		print_f(&a->p,
		    "    Better: netcheck record -- COMMAND, or "
		    "netcheck record -p PID; without netcheck\n"
		    "      strace -f -ttt -T -yy -s 65536 -o FILE COMMAND\n");
}

/* In the order of the operands, not in that in which they were done. */
static void
judge_traces(struct advice *a)
{
	struct table ends = { 0 };
	bool first = true;

	for (size_t i = 0; i < a->c.ends.n; i++) {
		struct nc_end *e = a->c.ends.v[i];

		table_get(&ends, e->host, e->trace)->value = e;
	}
	for (size_t i = 0; i < a->c.hosts.n; i++) {
		const struct nc_host *h = a->c.hosts.v[i];
		struct table_entry *e = table_find(&ends, h->host, h->trace);

		if (e == NULL || e->value == NULL)
			continue;
		print_f(&a->p, first ? "" : "\n");
		judge_trace(a, e->value);
		first = false;
		e->value = NULL;
	}
	table_fini(&ends, NULL);
}

static void
advice_finish(void *state, bool started, bool whole)
{
	struct advice *a = state;

	if (started && whole && a->c.ends.n == 0)
		print_f(&a->p, "No trace was read to its end.\n");
	if (started)
		judge_traces(a);
	collect_fini(&a->c);
	nc_buf_fini(&a->p.scratch);
	free(a);
}

const struct format format_advice = { "advice", advice_open, advice_record,
	advice_finish, NULL };
