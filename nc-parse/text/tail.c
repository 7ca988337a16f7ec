/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What follows a call's closing parenthesis.
 */
#include "tail.h"

#include "scan.h"

#include <string.h>

/* "<0.000123>" at the very end: the time of -T. */
static const char *
take_duration(const char *p, const char *end, struct nc_tail *t)
{
	const char *q, *stop;
	int64_t s, ns;

	if (end == p || end[-1] != '>')
		return end;
	if (end - p >= NC_DURATION &&
	    nc_digits_is_duration(end - NC_DURATION)) {
		t->duration = nc_digits_duration(end - NC_DURATION);
		return end - NC_DURATION;
	}
	for (q = end - 1; q > p && *q != '<' && end - q < 32; q--)
		;
	if (*q != '<')
		return end;
	stop = nc_scan_digits(q + 1, end, &s);
	if (stop == NULL || stop == q + 1 || s >= NC_SCAN_SECONDS_MAX)
		return end;
	stop = nc_scan_fraction(stop, end, &ns);
	if (stop != end - 1)
		return end;
	t->duration = s * NC_SCAN_SECOND + ns;
	return q;
}

static bool
is_errno(const char *p, const char *q)
{
	if (q - p < 2 || *p != 'E')
		return false;
	for (; p < q; p++)
		if (!((*p >= 'A' && *p <= 'Z') || nc_scan_is_digit(*p) ||
			*p == '_'))
			return false;
	return true;
}

/* The parentheses and words after the value. */
static void
parse_decor(const char *p, const char *end, struct nc_tail *t)
{
	const char *q;
	size_t depth;

	while ((p = nc_scan_skip_blanks(p, end)) < end) {
		if (*p != '(') {
			for (q = p; q < end && *q != ' '; q++)
				;
			p = q;
			continue;
		}
		for (depth = 0, q = p; q < end; q++) {
			if (*q == '(')
				depth++;
			else if (*q == ')' && --depth == 0)
				break;
		}
		if (nc_scan_starts(p, end, "(INJECTED: args)"))
			t->altered = true;
		else if (nc_scan_starts(p, end, "(INJECTED"))
			t->injected = true;
		else if (nc_scan_starts(p, end, "(DELAYED"))
			t->delayed = true;
		else if (t->more.p == NULL) {
			t->more.p = p + 1;
			t->more.end = q;
		}
		p = q < end ? q + 1 : end;
	}
}

int
nc_tail_parse(
    const char *p, const char *end, struct nc_tail *t, const char **why)
{
	struct nc_text v;
	const char *q;

	memset(t, 0, sizeof(*t));
	t->result = NC_NIL;
	t->duration = NC_NIL;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	p = nc_scan_skip_blanks(p, end);
	if (p == end || *p != '=') {
		*why = p == end ? "no result" : "text after the arguments";
		return -1;
	}
	v.end = end;
	end = take_duration(p, end, t);
	p = nc_scan_skip_blanks(p + 1, end);
	if (p == end) {
		*why = "no result";
		return -1;
	}
	if (*p == '?') {
		t->unknown = true;
		p++;
	} else {
		/* Of more text a number is read at once. */
		v.p = p;
		p = nc_text_int(v, &t->result);
		if (p == NULL) {
			*why = "result is no number";
			return -1;
		}
		if (p < end && *p == '<') {
			q = nc_text_skip_note(p, end);
			if (q != NULL) {
				t->note.p = p;
				t->note.end = q;
				p = q;
			}
		}
		if (p < end && *p != ' ' && *p != '\t') {
			*why = "result is no number";
			return -1;
		}
	}
	p = nc_scan_skip_blanks(p, end);
	if (t->unknown || t->result == -1) {
		for (q = p; q < end && *q != ' '; q++)
			;
		if (is_errno(p, q)) {
			t->error.p = p;
			t->error.end = q;
			/* A cut line may end within a name: no guess. */
			p = q;
		}
	}
	parse_decor(p, end, t);
	return 0;
}
