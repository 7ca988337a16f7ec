/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The trace formats that are read, and how they are told apart: each line at
 * the beginning counts for the formats it fits.  A new format is one row of the
 * table.
 */
#include "dialect.h"

#include "foreign.h"

#include <string.h>

/* Lines looked at to tell a format. */
#define PROBE_LINES 64

int
nc_strace_probe(struct nc_text text)
{
	struct nc_prefix none = { .len = 0 };
	struct nc_buf plain = { NULL, 0, 0 };
	struct nc_line l;
	int score = 2;

	if (memchr(text.p, '\33', (size_t)(text.end - text.p)) != NULL)
		text = nc_line_without_colour(text, &plain);
	nc_line_parse(text.p, text.end, &none, &l);
	if (l.kind == NC_LINE_BAD || l.kind == NC_LINE_BLANK)
		score = 0;
	else if (l.kind == NC_LINE_CALL || l.kind == NC_LINE_DUMP ||
	    l.kind == NC_LINE_MESSAGE)
		score = 1;
	nc_buf_fini(&plain);
	return score;
}

static const struct nc_dialect dialects[] = {
	/* Where lines fit several, the first row wins. */
	{ .name = "strace",
	    .probe = nc_strace_probe,
	    .line = nc_trace_line,
	    .end = nc_trace_end,
	    .enter = nc_trace_enter,
	    .leave = nc_trace_leave,
	    .end_all = nc_trace_end_all },
	{ .name = "strace-freebsd",
	    .probe = nc_bsd_strace_probe,
	    .begin = nc_bsd_strace_begin,
	    .line = nc_bsd_strace_line,
	    .end = nc_trace_end },
	{ .name = "truss-freebsd",
	    .family = "truss",
	    .probe = nc_truss_probe,
	    .begin = nc_truss_begin,
	    .line = nc_foreign_line,
	    .end = nc_truss_end },
	{ .name = "truss-solaris",
	    .family = "truss",
	    .probe = nc_solaris_probe,
	    .begin = nc_solaris_begin,
	    .line = nc_foreign_line,
	    .end = nc_solaris_end },
	{ .name = "kdump",
	    .family = "ktrace",
	    .probe = nc_kdump_probe,
	    .begin = nc_kdump_begin,
	    .line = nc_foreign_line,
	    .end = nc_kdump_end },
	{ .name = "perf",
	    .probe = nc_probe_perf,
	    .why = "perf trace shows no addresses and no payload: it cannot be "
		   "used (strace can)" },
	{ .name = "dtruss",
	    .probe = nc_probe_dtruss,
	    .why = "dtruss shows no addresses: it cannot be used (ktrace and "
		   "kdump can)" },
	{ .name = "sysdig",
	    .probe = nc_probe_sysdig,
	    .why = "sysdig shows no payload that can be read back: it cannot "
		   "be used (strace can)" },
};

#define NDIALECTS (sizeof(dialects) / sizeof(dialects[0]))

/* Names for several of them. */
static const struct nc_dialect families[] = {
	{ .name = "truss", .family = "truss" },
	{ .name = "ktrace", .family = "ktrace" },
};

const struct nc_dialect *
nc_dialect_named(const char *name)
{
	size_t i;

	for (i = 0; i < NDIALECTS; i++)
		if (dialects[i].line != NULL &&
		    strcmp(dialects[i].name, name) == 0)
			return &dialects[i];
	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (strcmp(families[i].name, name) == 0)
			return &families[i];
	return NULL;
}

bool
nc_dialect_is_family(const struct nc_dialect *d)
{
	return d->probe == NULL;
}

/* Formats that are known well enough to be refused by name. */
static const char *
foreign(const char *p, size_t n)
{
	static const struct {
		const char *magic;
		size_t len;
		const char *why;
	} table[] = {
		{ "BZh", 3, "compressed with bzip2: unpack it first" },
		{ "\x04\x22\x4d\x18", 4,
		    "compressed with lz4: unpack it first" },
		{ "PK\3\4", 4, "a zip archive: unpack it first" },
		{ "\xff\xfe", 2, "UTF-16 text: convert it to UTF-8 first" },
		{ "\xfe\xff", 2, "UTF-16 text: convert it to UTF-8 first" },
		{ "\x93\xa8netcheck", 10, "a record stream, not a trace" },
		{ "\x94\xa8netcheck", 10, "a record stream, not a trace" },
		{ "\x7f"
		  "ELF",
		    4, "a program, not a trace" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (n >= table[i].len &&
		    memcmp(p, table[i].magic, table[i].len) == 0)
			return table[i].why;
	return NULL;
}

static bool
is_candidate(const struct nc_dialect *d, const struct nc_dialect *family)
{
	return family == NULL ||
	    (d->family != NULL && strcmp(d->family, family->family) == 0);
}

/* Adds up what the first lines count for each; returns how many there were. */
static size_t
count(const char *p, const char *end, int score[NDIALECTS])
{
	struct nc_text line;
	const char *q;
	size_t i, lines = 0;
	int one, any;

	for (; p < end && lines < PROBE_LINES; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		if (q == NULL)
			q = end;
		line.p = p;
		line.end = q > p && q[-1] == '\r' ? q - 1 : q;
		if (nc_text_trim(line).p == line.end)
			continue;
		for (any = 0, i = 0; i < NDIALECTS; i++) {
			one = dialects[i].probe(line);
			score[i] += one;
			any |= one;
		}
		/* Payload and other details tell nothing. */
		lines += any != 0 || (*p != ' ' && *p != '\t');
	}
	return lines;
}

const struct nc_dialect *
nc_dialect_detect(
    const char *p, size_t n, const struct nc_dialect *family, const char **why)
{
	const struct nc_dialect *best = NULL;
	int score[NDIALECTS] = { 0 }, most = 0;
	size_t i, lines;

	*why = foreign(p, n);
	if (*why != NULL)
		return NULL;
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	lines = count(p, p + n, score);
	for (i = 0; i < NDIALECTS; i++) {
		if (score[i] <= most || !is_candidate(&dialects[i], family))
			continue;
		most = score[i];
		best = &dialects[i];
	}
	/* Too little to refuse it: empty, or one huge line. */
	if (best == NULL && lines < 3 && memchr(p, '<', n) == NULL)
		for (i = 0; i < NDIALECTS && best == NULL; i++)
			if (is_candidate(&dialects[i], family))
				best = &dialects[i];
	*why = best == NULL ? "not a trace" : best->why;
	return best != NULL && best->line != NULL ? best : NULL;
}
