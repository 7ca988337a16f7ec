/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How a whole line ends, before its arguments are read.
 */
#include "ending.h"

#include <string.h>

/* True if the whole line ends in one of two errors. */
bool
nc_ending_fails_with(struct nc_text text, const char *const errors[2])
{
	const char *p = text.end - text.p > 96 ? text.end - 96 : text.p;
	size_t i, n;

	for (; p < text.end; p++)
		for (i = 0; *p == '=' && i < 2; i++) {
			n = strlen(errors[i]);
			if ((size_t)(text.end - p) >= n &&
			    memcmp(p, errors[i], n) == 0)
				return true;
		}
	return false;
}

/* True if the tracer put a result in the place of the call (-e inject). */
bool
nc_ending_is_injected(struct nc_text text)
{
	static const char word[] = "(INJECTED";
	const char *p = text.end - text.p > 128 ? text.end - 128 : text.p;

	/* "(INJECTED: args)" alone changed memory; the call ran. */
	for (; text.end - p >= (long)sizeof(word); p++)
		if (*p == '(' && memcmp(p, word, sizeof(word) - 1) == 0)
			return p[9] == ')' ||
			    nc_text_starts(
				(struct nc_text){ p + 9, text.end }, ": args,");
	return false;
}

/* True if it ends in any error, or never ran. */
bool
nc_ending_fails(struct nc_text text)
{
	static const char *const errors[] = { "= -1 E", "= -1 (errno" };

	return nc_ending_fails_with(text, errors) ||
	    nc_ending_is_injected(text);
}

/* True if it ends in an error that shows no open descriptor. */
bool
nc_ending_fails_as_unknown(struct nc_text text)
{
	static const char *const errors[] = { "= -1 EBADF", "= -1 ENOTSOCK" };

	return nc_ending_fails_with(text, errors);
}
