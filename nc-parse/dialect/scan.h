/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Scanners that the dialects share, over text in place.
 */
#ifndef NC_SCAN_H
#define NC_SCAN_H

#include "../text/text.h"

/* Digits of an id, or of seconds, that are read as one number. */
#define NC_SCAN_DIGITS 10

/* Past all of these characters. */
static inline const char *
nc_scan_past(const char *p, const char *end, const char *these)
{
	const char *q;

	for (; p < end; p++) {
		for (q = these; *q != '\0' && *q != *p; q++)
			;
		if (*q == '\0')
			break;
	}
	return p;
}

/* Past a number, which is 0 where there is none. */
static inline const char *
nc_scan_digits(const char *p, const char *end, int64_t *v)
{
	const char *q = p;

	for (*v = 0;
	     q < end && *q >= '0' && *q <= '9' && q - p < NC_SCAN_DIGITS; q++)
		*v = *v * 10 + (*q - '0');
	return q;
}

/*
 * The name of the call that a text begins with, up to its parenthesis; a NULL
 * text if it does not.  capitals: names may have them.
 */
static inline struct nc_text
nc_scan_name(struct nc_text t, bool capitals)
{
	const char *p;

	for (p = t.p; p < t.end &&
	     ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ||
		 (capitals && *p >= 'A' && *p <= 'Z') || *p == '_');
	     p++)
		;
	if (p == t.p || p == t.end || *p != '(' || (*t.p >= '0' && *t.p <= '9'))
		return (struct nc_text){ NULL, NULL };
	return (struct nc_text){ t.p, p };
}

#endif
