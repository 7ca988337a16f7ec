/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The trace formats that are read, and how they are told apart.  A new format
 * is one row of the table.
 */
#include "dialect.h"

#include <string.h>

/* Lines looked at to tell a format. */
#define PROBE_LINES 64

static size_t
probe_strace(const char *p, size_t n, size_t *lines)
{
	const char *end = p + n, *q;
	struct nc_prefix last = { .len = 0 };
	struct nc_buf plain = { NULL, 0, 0 };
	struct nc_text text;
	struct nc_line l;
	size_t good = 0;

	for (*lines = 0; p < end && *lines < PROBE_LINES; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		if (q == NULL)
			q = end;
		text.p = p;
		text.end = q > p && q[-1] == '\r' ? q - 1 : q;
		if (memchr(p, '\33', (size_t)(q - p)) != NULL)
			text = nc_line_without_colour(text, &plain);
		nc_line_parse(text.p, text.end, &last, &l);
		if (l.kind == NC_LINE_BLANK)
			continue;
		++*lines;
		good += l.kind != NC_LINE_BAD;
	}
	nc_buf_fini(&plain);
	return good;
}

static const struct nc_dialect dialects[] = {
	{ "strace", probe_strace, nc_trace_line, nc_trace_end },
};

const struct nc_dialect *
nc_dialect_named(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++)
		if (strcmp(dialects[i].name, name) == 0)
			return &dialects[i];
	return NULL;
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

const struct nc_dialect *
nc_dialect_detect(const char *p, size_t n, const char **why)
{
	const struct nc_dialect *best = NULL;
	size_t i, good, lines, most = 0;

	*why = foreign(p, n);
	if (*why != NULL)
		return NULL;
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	for (i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++) {
		good = dialects[i].probe(p, n, &lines);
		if (good > most) {
			most = good;
			best = &dialects[i];
		}
		/* Too little to refuse it: empty, or one huge line. */
		if (lines < 3 && best == NULL && memchr(p, '<', n) == NULL)
			best = &dialects[i];
	}
	if (best == NULL)
		*why = "not a trace";
	return best;
}
