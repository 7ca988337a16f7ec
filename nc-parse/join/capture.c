/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The tracer's messages in the middle of a line, on a terminal.
 */
#include "capture.h"

#include "../input/input.h"
#include "../input/pages.h"
#include "../text/scan.h"

#include <string.h>

/*
 * Where the tracer's name begins that stands before p, or p. Of a path only
 * one from "/", "./" or "../" is told from what the line said before.
 */
static const char *
tracer_before(const char *start, const char *p)
{
	const char *name = NULL, *slash = NULL, *q;

	if (p - start < 8 || p[-1] != ' ' || p[-2] != ':')
		return p;
	for (q = p - 2; q > start && q[-1] > ' ' &&
	     strchr("(){}[]<>\"',;=|", q[-1]) == NULL;) {
		q--;
		if (name == NULL && nc_scan_starts(q, p, "strace"))
			name = q;
		if (*q == '/')
			slash = q;
	}
	if (name == NULL || slash == NULL || slash > name)
		return name != NULL ? name : p;
	for (q = slash; q > start && q[-1] == '.' && slash - q < 2;)
		q--;
	return q;
}

const char *
nc_capture_message(struct nc_text text)
{
	static const char *const ends[] = {
		" attached",
		" detached",
		" suspended",
		" resumed",
		" attached (waiting for parent)",
		" ready)",
		" threads",
	};
	const char *limit = text.end - text.p > 160 ? text.end - 160 : text.p;
	const char *p;
	size_t i, n = 0;

	if (text.end - text.p < 10 || !nc_capture_may(text))
		return NULL;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		n = strlen(ends[i]);
		if ((size_t)(text.end - text.p) > n &&
		    memcmp(text.end - n, ends[i], n) == 0)
			break;
	}
	if (i == sizeof(ends) / sizeof(ends[0]))
		return NULL;
	for (p = text.end - n; p > limit; p--) {
		if ((size_t)(text.end - p) < 9 ||
		    memcmp(p, "Process ", 8) != 0 || p[8] < '0' || p[8] > '9')
			continue;
		p = tracer_before(text.p, p);
		return p > text.p ? p : NULL;
	}
	return NULL;
}

bool
nc_capture_is_message(struct nc_text text)
{
	return nc_scan_starts(nc_scan_skip_tracer(text.p, text.end), text.end,
		   "Process ") &&
	    (text.end[-1] == 'd' || text.end[-1] == ')') &&
	    memchr(text.p, '=', (size_t)(text.end - text.p)) == NULL;
}

void
nc_capture_drop(struct nc_trace *t)
{
	t->partial.len = 0;
	nc_buf_trim(&t->partial, NC_LINE_KEEP);
}

bool
nc_capture_with(struct nc_trace *t, struct nc_text *text)
{
	size_t n = (size_t)(text->end - text->p);

	if (t->partial.len + n > NC_LINE_MAX) {
		nc_capture_drop(t);
		nc_trace_reject(t, "line is longer than 16 MB");
		return false;
	}
	nc_pages_move(&t->partial, *text);
	*text = (struct nc_text){ t->partial.p, t->partial.p + t->partial.len };
	return true;
}
