/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Whether text looks like a line of a terminal capture.
 */
#include "looks.h"

#include "args.h"
#include "line.h"
#include "scan.h"
#include "tail.h"

#include <string.h>

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_word(char c)
{
	return is_lower(c) || is_upper(c) || nc_scan_is_digit(c) || c == '_';
}

/* Past the last of a kind of bracket in the text; NULL if there is none. */
static const char *
past_last(const char *p, const char *end, char close)
{
	while (end > p && end[-1] != close)
		end--;
	return end > p ? end : NULL;
}

/* A number, a symbol, or the name before a value; NULL if it is none. */
static const char *
skip_word(const char *p, const char *end)
{
	const char *q = p;
	bool hex = end - p > 2 && p[0] == '0' && p[1] == 'x';

	while (q < end && is_word(*q))
		q++;
	if (nc_scan_is_digit(*p)) {
		for (p += hex ? 2 : 0; p < q; p++)
			if (!nc_scan_is_digit(*p) &&
			    !(hex && *p >= 'a' && *p <= 'f'))
				return NULL;
		return q;
	}
	if (q < end && *q == '(')
		return past_last(q, end, ')');
	if (is_lower(*p))
		return q < end && *q == '=' ? q + 1 : NULL;
	if (q - p > 4 && memcmp(p, "NULL", 4) == 0)
		return NULL;
	for (; p < q; p++)
		if (is_lower(*p))
			return NULL;
	return q;
}

/* An argument of strace's making. */
static bool
is_value(struct nc_text v)
{
	const char *p = v.p, *end = v.end, *q;

	while (p != NULL && p < end) {
		if (*p == '"') {
			p = nc_text_skip_string(p, end);
		} else if (*p == '<') {
			p = nc_text_skip_note(p, end);
		} else if (*p == '[' || *p == '{') {
			p = past_last(p, end, *p == '[' ? ']' : '}');
		} else if (end - p > 3 && p[0] == '/' && p[1] == '*') {
			p = past_last(p, end, '/');
		} else if (is_word(*p)) {
			p = skip_word(p, end);
		} else if (*p == ' ') {
			q = nc_scan_skip_blanks(p, end);
			p = q == end || strchr("/=|&*", *q) != NULL ? q : NULL;
		} else {
			p = strchr("|*=>~@?&-.", *p) != NULL ? p + 1 : NULL;
		}
	}
	return p != NULL;
}

static bool
are_values(const struct nc_args *a)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (!is_value(a->arg[i]))
			return false;
	return true;
}

/* Of a process that is named as in a capture, or of none. */
static bool
parse(struct nc_text text, struct nc_line *l)
{
	struct nc_prefix none = { .len = 0 };

	nc_line_parse(text.p, text.end, &none, l);
	return l->kind != NC_LINE_BAD &&
	    (l->pid == NC_NIL || nc_text_starts(text, "[pid"));
}

bool
nc_looks_right(struct nc_text text)
{
	struct nc_line l;
	struct nc_args a;
	struct nc_tail tail;
	const char *cut, *why;
	bool final;

	if (!parse(text, &l))
		return false;
	if (l.kind != NC_LINE_CALL)
		return true;
	if (nc_line_is_half(l.body.p, l.body.end, &cut, &final))
		return nc_args_split(l.body.p, cut, &a, &why) == 0 &&
		    are_values(&a);
	return nc_args_split(l.body.p, l.body.end, &a, &why) == 0 && a.closed &&
	    are_values(&a) &&
	    nc_tail_parse(a.rest, l.body.end, &tail, &why) == 0;
}

bool
nc_looks_broken(struct nc_text text)
{
	struct nc_line l;
	struct nc_args a;
	const char *cut, *why;
	bool final;

	return parse(text, &l) && l.kind == NC_LINE_CALL &&
	    !nc_line_is_half(l.body.p, l.body.end, &cut, &final) &&
	    nc_args_split(l.body.p, l.body.end, &a, &why) == 0 && !a.closed &&
	    are_values(&a);
}
