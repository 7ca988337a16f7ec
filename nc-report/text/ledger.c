/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The ledger of the text report: what was read of each trace, and what was
 * not, so that nothing is lost silently.
 */
#include <inttypes.h>

#include "../print.h"

#define LINES_SHOWN 20
#define INDENT 4

static void
print_number(
    struct print *p, bool *first, int64_t n, const char *noun, const char *what)
{
	if (n == NC_NIL)
		return;
	print_f(p, *first ? "    " : ", ");
	print_count(p, (uint64_t)n, noun);
	print_f(p, "%s", what);
	*first = false;
}

static void
print_named(struct print *p, const char *label, struct nc_bytes raw)
{
	struct nc_cursor cur = nc_cursor(raw);

	if (nc_cursor_map(&cur) == 0)
		return;
	print_hold(p);
	print_f(p, "%s: ", label);
	print_map(p, raw);
	print_release(p, INDENT, 0);
}

/* A list of numbers or texts. */
static void
print_items(
    struct print *p, const char *label, struct nc_bytes raw, int64_t total)
{
	struct nc_cursor cur = nc_cursor(raw), peek;
	size_t n = nc_cursor_array(&cur), i;
	struct nc_value v;

	if (n == 0)
		return;
	print_hold(p);
	print_f(p, "%s: ", label);
	for (i = 0; i < n && i < LINES_SHOWN && cur.p < cur.end; i++) {
		print_f(p, i > 0 ? ", " : "");
		peek = cur;
		if (nc_cursor_next(&peek, &v) == 1 && v.type == NC_VALUE_INT)
			print_f(p, "%" PRId64, v.i);
		else if (v.type == NC_VALUE_STR || v.type == NC_VALUE_BIN)
			print_text(p, v.bytes);
		if (nc_cursor_skip(&cur) != 1)
			break;
	}
	if (total > (int64_t)i)
		print_f(p, " and %" PRId64 " more", total - (int64_t)i);
	print_release(p, INDENT, 0);
}

/* What became of the lines; the four numbers make up the first. */
static void
print_lines(struct print *p, const struct nc_end *e)
{
	bool first = true;

	/* A stranger's numbers need not add up. */
	if (e->whole < 0 || e->halves < 0 || e->lost < 0 ||
	    e->whole > e->lines || e->halves > e->lines - e->whole ||
	    e->lost > e->lines - e->whole - e->halves)
		return;
	print_number(p, &first, e->whole, "whole call", "");
	print_number(p, &first, e->halves, "half call", "");
	print_number(p, &first, e->lines - e->whole - e->halves - e->lost,
	    "other line", "");
	print_number(p, &first, e->lost, "line", " of no use");
	print_f(p, "\n");
}

static void
print_end(struct print *p, const struct collected *c, const struct nc_end *e)
{
	const struct table_entry *t = table_find(&c->files, e->host, e->trace);
	const struct nc_host *h = t != NULL ? t->value : NULL;
	bool first = true;

	print_f(p, "\n  ");
	print_text(p, e->host);
	print_f(p, ": ");
	print_text(p, h != NULL ? h->file : nc_str(NULL));
	if (h != NULL && h->dialect.p != NULL) {
		print_f(p, " (");
		print_text(p, h->dialect);
		print_f(p, ")");
	}
	print_f(p, "\n");
	print_number(p, &first, e->lines, "line", "");
	print_number(p, &first, e->bytes, "byte", "");
	print_number(p, &first, e->calls, "call", "");
	print_number(p, &first, e->records, "record", "");
	print_number(p, &first, e->processes, "process id", "");
	print_f(p, first ? "" : "\n");
	print_lines(p, e);
	first = true;
	print_number(p, &first, e->joined, "pair", " joined");
	if (e->unmarked > 0)
		print_number(
		    p, &first, e->unmarked, "pair", " joined without a mark");
	print_number(p, &first, e->open, "call", " without an end");
	print_number(p, &first, e->truncated, "payload", " cut");
	print_number(p, &first, e->rejected, "line", " rejected");
	if (e->injected > 0)
		print_number(p, &first, e->injected, "call", " injected");
	print_f(p, first ? "" : "\n");
	print_items(p, "rejected lines", e->rejected_lines, e->rejected);
	print_named(p, "ignored lines", e->ignored);
	print_named(p, "calls by class", e->classes);
	if (e->unfollowed > 0)
		print_f(p,
		    "    started but not traced (strace -f follows "
		    "them): %" PRId64 " %s\n",
		    e->unfollowed,
		    e->unfollowed == 1 ? "process" : "processes");
	print_items(p, "their ids", e->unfollowed_pids, e->unfollowed);
	if (e->late > 0)
		print_f(p, "    made before the trace began: %" PRId64 " %s\n",
		    e->late, e->late == 1 ? "socket" : "sockets");
	if (e->cut > 0)
		print_f(p, "    the trace ends in mid life\n");
	if (e->timed == 0)
		print_f(p, "    no times (strace -ttt -T writes them)\n");
	print_items(p, "not shown by this trace", e->hidden, 0);
	print_items(p, "how it was traced", e->options, 0);
}

void
print_ledger(struct print *p, const struct collected *c)
{
	print_f(p, "\n");
	print_style(p, STYLE_HEAD);
	print_f(p, "4. Ledger");
	print_style(p, STYLE_NONE);
	print_f(p, "\n");
	for (size_t i = 0; i < c->ends.n; i++)
		print_end(p, c, c->ends.v[i]);
	if (c->ends.n == 0)
		print_f(p, "\n  No trace was read to its end.\n");
}
