/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Unit tests that speak TAP: ok, is_int, is_str, and done as main's result.
 */
#ifndef NC_TAP_H
#define NC_TAP_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int tap_tests, tap_failures;

static inline bool
tap_ok(bool good, const char *name, const char *file, int line)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tap_tests, name);
	if (!good) {
		tap_failures++;
		printf("# failed at %s:%d\n", file, line);
	}
	return good;
}

static inline bool
tap_is_int(int64_t got, int64_t want, const char *name, const char *file,
    int line)
{
	if (tap_ok(got == want, name, file, line))
		return true;
	printf("# got  %" PRId64 "\n# want %" PRId64 "\n", got, want);
	return false;
}

static inline bool
tap_is_str(const char *got, const char *want, const char *name,
    const char *file, int line)
{
	bool same = got == want ||
	    (got != NULL && want != NULL && strcmp(got, want) == 0);

	if (tap_ok(same, name, file, line))
		return true;
	printf("# got  %s\n# want %s\n", got ? got : "(null)",
	    want ? want : "(null)");
	return false;
}

/* The plan, at the end; main returns it. */
static inline int
tap_done(void)
{
	printf("1..%d\n", tap_tests);
	return tap_failures > 0;
}

#define ok(cond, name) tap_ok((cond), (name), __FILE__, __LINE__)
#define is_int(got, want, name) \
	tap_is_int((got), (want), (name), __FILE__, __LINE__)
#define is_str(got, want, name) \
	tap_is_str((got), (want), (name), __FILE__, __LINE__)
#define done() tap_done()

#endif
