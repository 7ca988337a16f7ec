/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Allocation that cannot fail, hashing, numbers, the end of main.
 */
#include "util.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void
out_of_memory(void)
{
	fputs("netcheck: out of memory\n", stderr);
	exit(2);
}

void *
nc_xmalloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *
nc_xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory();
	return p;
}

void *
nc_xaligned(size_t align, size_t n)
{
	void *p = aligned_alloc(align, n);

	if (!p)
		out_of_memory();
	return p;
}

void
nc_zero(void *p, size_t n)
{
	memset(p, 0, n);
}

void *
nc_xrealloc(void *p, size_t n)
{
	p = realloc(p, n ? n : 1);
	if (!p)
		out_of_memory();
	return p;
}

void *
nc_xreallocarray(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n ? n : 1, size ? size : 1);
	if (!p)
		out_of_memory();
	return p;
}

char *
nc_xstrdup(const char *s)
{
	return nc_xstrndup(s, strlen(s));
}

char *
nc_xstrndup(const char *s, size_t n)
{
	char *p = nc_xmalloc(n + 1);

	if (n)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

void *
nc_grow(void *p, size_t len, size_t *cap, size_t size)
{
	if (len < *cap)
		return p;
	*cap = *cap ? *cap * 2 : 8;
	return nc_xreallocarray(p, *cap, size);
}

uint64_t
nc_hash(const void *p, size_t n, uint64_t seed)
{
	const unsigned char *s = p;
	uint64_t h = seed ^ (n * 0x9e3779b97f4a7c15u);
	uint64_t w;

	for (; n >= 8; s += 8, n -= 8) {
		memcpy(&w, s, 8);
		h = nc_hash_int(h ^ w) * 0x9e3779b97f4a7c15u;
	}
	if (n) {
		w = 0;
		memcpy(&w, s, n);
		h = nc_hash_int(h ^ w) * 0x9e3779b97f4a7c15u;
	}
	return nc_hash_int(h);
}

int
nc_parse_int(const char *s, size_t n, int64_t min, int64_t max, int64_t *out)
{
	size_t i = 0;
	int neg = 0;
	uint64_t v = 0, limit;

	if (n && (s[0] == '-' || s[0] == '+')) {
		neg = s[0] == '-';
		i = 1;
	}
	if (i == n)
		return -1;
	limit = neg ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
	for (; i < n; i++) {
		unsigned d = (unsigned)(unsigned char)s[i] - '0';

		if (d > 9 || v > (limit - d) / 10)
			return -1;
		v = v * 10 + d;
	}
	*out = neg ? (int64_t)(0 - v) : (int64_t)v;
	return *out < min || *out > max ? -1 : 0;
}

size_t
nc_put_int(char *p, int64_t v)
{
	uint64_t rest = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char text[NC_INT_TEXT], *at = text + sizeof(text);
	size_t n;

	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (v < 0)
		*--at = '-';
	n = (size_t)(text + sizeof(text) - at);
	memcpy(p, at, n);
	return n;
}

/*
 * stdio tells that a write failed, not why.  Whoever is asked once more says
 * it again, unless the trouble has passed; what was written is spoilt anyway.
 */
static int
why_it_failed(void)
{
	return write(STDOUT_FILENO, "\n", 1) < 0 ? errno : EIO;
}

int
nc_close_stdout(void)
{
	int error = ferror(stdout) ? why_it_failed() : 0;

	if (fclose(stdout) == EOF && errno != EBADF)
		return -1;
	if (error != 0) {
		errno = error;
		return -1;
	}
	return 0;
}

int
nc_end_stdout(void)
{
	if (nc_close_stdout() == 0)
		return 0;
	warn("standard output");
	return 2;
}
