/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Unit tests in plain C: each check prints a line of TAP.
 *
 *	ok(x > 0, "x of %s is positive", name);
 *	is_int(got, 3, "three");  is_str(got, "a", "text");
 *	is_bytes(got, gotlen, want, wantlen, "bytes");
 *	return tap_done();	at the end of main
 */
#ifndef NC_TESTS_TAP_H
#define NC_TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline bool __attribute__((format(printf, 2, 3)))
ok(bool good, const char *fmt, ...)
{
	va_list ap;

	printf("%s %d - ", good ? "ok" : "not ok", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	tap_failed += !good;
	return good;
}

static inline void
is_int(long long got, long long want, const char *what)
{
	if (!ok(got == want, "%s", what))
		printf("# got %lld, want %lld\n", got, want);
}

static inline void
is_str(const char *got, const char *want, const char *what)
{
	bool same = got && want ? strcmp(got, want) == 0 : got == want;

	if (!ok(same, "%s", what))
		printf("# got  %s\n# want %s\n", got ? got : "(null)",
		    want ? want : "(null)");
}

static inline void
is_bytes(const void *got, size_t n, const void *want, size_t m,
    const char *what)
{
	const unsigned char *g = got, *w = want;
	size_t i;

	if (ok(n == m && (n == 0 || memcmp(got, want, n) == 0), "%s", what))
		return;
	for (i = 0; i < n && i < m && g[i] == w[i]; i++)
		continue;
	printf("# got %zu bytes, want %zu; they differ at %zu\n", n, m, i);
}

static inline int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	fflush(stdout);
	return tap_failed ? 1 : 0;
}

#endif
