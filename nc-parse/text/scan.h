/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The smallest parts of strace's grammar, which its scanners share.
 */
#ifndef NC_SCAN_H
#define NC_SCAN_H

#include "digits.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define NC_SCAN_SECOND INT64_C(1000000000)
#define NC_SCAN_SECONDS_MAX 9000000000 /* in nanoseconds it still fits */

static inline bool
nc_scan_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
nc_scan_starts(const char *p, const char *end, const char *s)
{
	size_t n = strlen(s);

	return (size_t)(end - p) >= n && memcmp(p, s, n) == 0;
}

/*
 * Behind "strace: ", with which the tracer's messages begin, or p: the name is
 * the one that it was called by, so it may be a path.
 */
static inline const char *
nc_scan_skip_tracer(const char *p, const char *end)
{
	const char *q = p, *name = p;

	for (; q<end && * q> ' ' && *q != ':'; q++)
		if (*q == '/')
			name = q + 1;
	return nc_scan_starts(name, end, "strace") &&
		nc_scan_starts(q, end, ": ") ?
	    q + 2 :
	    p;
}

static inline bool
nc_scan_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline const char *
nc_scan_skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

/* True if the '<' at p opens an annotation: it follows a descriptor. */
static inline bool
nc_scan_opens_note(const char *start, const char *p, const char *end)
{
	char before = p > start ? p[-1] : ' ';

	if (p + 1 < end && p[1] == '<')
		return false;
	return (before >= '0' && before <= '9') || before == 'D';
}

static inline const char *
nc_scan_skip_comment(const char *p, const char *end)
{
	for (p += 2; p + 1 < end; p++)
		if (p[0] == '*' && p[1] == '/')
			return p + 2;
	return end;
}

/* So many digits always fit. */
#define NC_SCAN_SAFE_DIGITS 18

/* Digits at p as a number; returns past them, p if none, NULL if too big. */
static inline const char *
nc_scan_digits(const char *p, const char *end, int64_t *v)
{
	const char *safe =
	    end - p > NC_SCAN_SAFE_DIGITS ? p + NC_SCAN_SAFE_DIGITS : end;
	int64_t n = 0;

	for (; p < safe && nc_scan_is_digit(*p); p++)
		n = n * 10 + (*p - '0');
	for (; p < end && nc_scan_is_digit(*p); p++) {
		if (n > (INT64_MAX - 9) / 10)
			return NULL;
		n = n * 10 + (*p - '0');
	}
	*v = n;
	return p;
}

/* ".123456" as nanoseconds; p itself if there is no fraction. */
static inline const char *
nc_scan_fraction(const char *p, const char *end, int64_t *ns)
{
	static const int64_t scale[] = { 1000000000, 100000000, 10000000,
		1000000, 100000, 10000, 1000, 100, 10, 1 };
	int64_t v = 0;
	unsigned n = 0;

	*ns = 0;
	if (p == end || *p != '.' || p + 1 == end || !nc_scan_is_digit(p[1]))
		return p;
	p++;
	if (end - p >= NC_DIGITS)
		n = nc_digits_take(p, &v);
	p += n;
	if (n == 0 || n == NC_DIGITS)
		for (; n < 9 && p < end && nc_scan_is_digit(*p); n++, p++)
			v = v * 10 + (*p - '0');
	*ns = v * scale[n < 9 ? n : 9];
	while (p < end && nc_scan_is_digit(*p))
		p++;
	return p;
}

#endif
