/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Numbers, hashes and growing arrays.
 */
#include "util.h"

#include <stdlib.h>

#include "tap.h"

static void
numbers(void)
{
	static const struct {
		const char *text;
		int64_t min, max, want;
		bool good;
	} cases[] = {
		{ "0", 0, 10, 0, true },
		{ "10", 0, 10, 10, true },
		{ "11", 0, 10, 0, false },
		{ "-1", 0, 10, 0, false },
		{ "-1", -1, 10, -1, true },
		{ "+7", 0, 10, 7, true },
		{ "007", 0, 10, 7, true },
		{ "", 0, 10, 0, false },
		{ "-", -9, 9, 0, false },
		{ "+", -9, 9, 0, false },
		{ " 1", 0, 9, 0, false },
		{ "1 ", 0, 9, 0, false },
		{ "0x1", 0, 9, 0, false },
		{ "1.0", 0, 9, 0, false },
		{ "9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX,
		    true },
		{ "9223372036854775808", INT64_MIN, INT64_MAX, 0, false },
		{ "-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN,
		    true },
		{ "-9223372036854775809", INT64_MIN, INT64_MAX, 0, false },
		{ "99999999999999999999999", INT64_MIN, INT64_MAX, 0, false },
	};
	int64_t v;
	size_t i;
	int r;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		v = 0;
		r = nc_parse_int(cases[i].text, strlen(cases[i].text),
		    cases[i].min, cases[i].max, &v);
		okf(cases[i].good ? r == 0 && v == cases[i].want : r == -1,
		    "number \"%s\" in %lld..%lld", cases[i].text,
		    (long long)cases[i].min, (long long)cases[i].max);
	}
	ok(nc_parse_int("123", 2, 0, 99, &v) == 0 && v == 12,
	    "only the first n bytes of a number count");
}

static void
decimals(void)
{
	static const int64_t cases[] = { 0, 7, 10, 99, 100, -1, -10,
		1234567890123456789, INT64_MAX, INT64_MIN };
	char got[NC_INT_TEXT + 1], want[32];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		got[nc_put_int(got, cases[i])] = '\0';
		snprintf(want, sizeof(want), "%lld", (long long)cases[i]);
		okf(strcmp(got, want) == 0, "%s in decimal: %s", want, got);
	}
}

static void
hashes(void)
{
	char a[64], b[64];
	size_t n;
	bool same = true, seed = true, differ = true;

	for (n = 0; n < sizeof(a); n++) {
		memset(a, 'x', sizeof(a));
		memset(b, 'x', sizeof(b));
		memset(b + n, 'y', sizeof(b) - n);
		same = same && nc_hash(a, n, 7) == nc_hash(b, n, 7);
		seed = seed && nc_hash(a, n, 7) != nc_hash(a, n, 8);
		differ = differ && nc_hash(a, n + 1, 7) != nc_hash(b, n + 1, 7);
	}
	ok(same, "equal bytes hash equally, whatever follows them");
	ok(seed, "the seed changes the hash");
	ok(differ, "a changed last byte changes the hash");
	ok(nc_hash("\0", 1, 0) != nc_hash("\0\0", 2, 0),
	    "the length is part of the hash");
	ok(nc_hash_int(1) != nc_hash_int(2), "integers hash apart");
}

static void
growing(void)
{
	size_t cap = 0, n, grown = 0, was;
	int *v = NULL;
	bool kept = true;

	for (n = 0; n < 10000; n++) {
		was = cap;
		v = nc_grow(v, n, &cap, sizeof(*v));
		grown += cap != was;
		v[n] = (int)n;
	}
	for (n = 0; n < 10000; n++)
		kept = kept && v[n] == (int)n;
	ok(kept, "an array keeps its elements while it grows");
	ok(grown < 20, "it grows by doubling");
	free(v);
}

int
main(void)
{
	char *s;

	numbers();
	decimals();
	hashes();
	growing();
	s = nc_xstrndup("abcdef", 3);
	is_str(s, "abc", "nc_xstrndup takes n bytes and ends them");
	free(s);
	s = nc_xstrdup("");
	is_str(s, "", "nc_xstrdup of nothing is an empty string");
	free(s);
	s = nc_xmalloc(0);
	ok(s != NULL, "no bytes are still a pointer");
	free(s);
	return tap_done();
}
