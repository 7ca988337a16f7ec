/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Unit tests that speak TAP: ok, okf (a name with a format), is_int, is_str,
 * is_bytes, and done as main's result.
 */
#ifndef NC_TAP_H
#define NC_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
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
tap_is_int(
    int64_t got, int64_t want, const char *name, const char *file, int line)
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

static inline bool __attribute__((format(printf, 4, 5)))
tap_okf(bool good, const char *file, int line, const char *fmt, ...)
{
	char name[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	return tap_ok(good, name, file, line);
}

static inline bool
tap_is_bytes(const void *got, size_t n, const void *want, size_t m,
    const char *name, const char *file, int line)
{
	const unsigned char *g = got, *w = want;
	size_t i;

	if (tap_ok(n == m && (n == 0 || memcmp(got, want, n) == 0), name, file,
		line))
		return true;
	for (i = 0; i < n && i < m && g[i] == w[i]; i++)
		continue;
	printf("# got %zu bytes, want %zu; they differ at %zu\n", n, m, i);
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
#define okf(cond, ...) tap_okf((cond), __FILE__, __LINE__, __VA_ARGS__)
#define is_bytes(got, n, want, m, name) \
	tap_is_bytes((got), (n), (want), (m), (name), __FILE__, __LINE__)
#define done() tap_done()

#endif
