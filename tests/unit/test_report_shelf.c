/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-report/shelf.c: what is put aside comes back, from wherever it is.
 */
#include "shelf.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tap.h"
#include "util.h"

#define SIZE (5u << 20)

static char all[SIZE];
static uint32_t seed = 1;

static uint32_t
number(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static struct shelf *
filled(void)
{
	struct shelf *s = shelf_new();
	bool right = true;

	for (size_t at = 0, n; at < SIZE; at += n) {
		n = number(3) > 0 ? number(200) : number(400000);
		n = n < SIZE - at ? n : SIZE - at;
		right = right && shelf_add(s, all + at, n) == at;
	}
	ok(right, "each place is what was added before it");
	return s;
}

static bool
is_same(struct shelf *s, size_t at, size_t n)
{
	struct nc_bytes got = shelf_get(s, at, n);

	return got.len == n && memcmp(got.p, all + at, n) == 0;
}

static void
check(const char *what)
{
	struct shelf *s = filled();
	bool right = true;

	for (size_t at = 0; at < SIZE; at += 100)
		right = right && is_same(s, at, SIZE - at < 150 ? 50 : 150);
	okf(right, "%s: from the first to the last", what);
	right = true;
	for (int i = 0; i < 2000; i++) {
		size_t n = number(5) > 0 ? number(300) : number(2u << 20);

		right = right && is_same(s, number(SIZE - (2u << 20)), n);
	}
	right = right && is_same(s, 0, SIZE) && is_same(s, SIZE, 0);
	okf(right, "%s: here and there", what);
	shelf_free(s);
}

int
main(void)
{
	struct rlimit limit = { (2u << 20) + 777, RLIM_INFINITY };

	for (size_t i = 0; i < SIZE; i++)
		all[i] = (char)number(256);
	unsetenv("TMPDIR");
	check("in a file");
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	check("in a file that is full, and in memory");
	setenv("TMPDIR", "/nonexistent", 1);
	check("in memory, as no file is to be had");
	shelf_free(NULL);
	return done();
}
