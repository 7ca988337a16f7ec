/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * lib/map: a table that is checked against a plain array.
 */
#include "map.h"

#include <stdlib.h>

#include "tap.h"

#define KEYS 2000

static void
empty(void)
{
	struct nc_map m = { 0 };
	size_t at = 0;

	ok(nc_map_get(&m, 7) == NULL, "an empty table has no key");
	ok(nc_map_del(&m, 7) == NULL, "nothing to delete in it");
	ok(nc_map_next(&m, &at) == NULL, "nothing to walk over");
	nc_map_fini(&m);
}

static void
extremes(void)
{
	static const uint64_t keys[] = { 0, 1, UINT64_MAX, UINT64_MAX - 1,
		UINT64_C(1) << 63, UINT64_C(1) << 32 };
	size_t n = sizeof(keys) / sizeof(keys[0]), i;
	struct nc_map m = { 0 };
	char v[6], other;
	bool good = true;

	for (i = 0; i < n; i++)
		good = good && nc_map_put(&m, keys[i], &v[i]) == NULL;
	for (i = 0; i < n; i++)
		good = good && nc_map_get(&m, keys[i]) == &v[i];
	ok(good, "every number is a key, 0 too");
	ok(nc_map_put(&m, 0, &other) == &v[0], "put returns what it replaces");
	ok(nc_map_get(&m, 0) == &other && m.n == n, "and replaces it");
	ok(nc_map_del(&m, 0) == &other && nc_map_get(&m, 0) == NULL,
	    "a deleted key is gone");
	ok(nc_map_get(&m, UINT64_MAX) == &v[2], "the others stay");
	nc_map_fini(&m);
	ok(m.n == 0 && m.slots == NULL, "fini leaves it empty");
}

/* spread: distance of the keys; small multiples meet in the same places. */
static void
oracle(uint64_t spread, unsigned seed)
{
	static char values[KEYS];
	void *have[KEYS] = { 0 };
	struct nc_map m = { 0 };
	struct nc_slot *slot;
	size_t n = 0, i, at, walked;
	bool good = true;

	srand(seed);
	for (i = 0; i < 50000 && good; i++) {
		size_t k = (size_t)rand() % KEYS;
		uint64_t key = k * spread;
		void *old;

		switch (rand() % 3) {
		case 0:
			old = nc_map_put(&m, key, &values[i % KEYS]);
			good = old == have[k];
			n += !old;
			have[k] = &values[i % KEYS];
			break;
		case 1:
			old = nc_map_del(&m, key);
			good = old == have[k];
			n -= old != NULL;
			have[k] = NULL;
			break;
		default:
			good = nc_map_get(&m, key) == have[k];
		}
		good = good && m.n == n;
	}
	okf(good, "50000 operations on keys %llu apart, like an array",
	    (unsigned long long)spread);
	for (at = walked = 0; (slot = nc_map_next(&m, &at)); walked++)
		good = good && have[slot->key / spread] == slot->value;
	okf(good && walked == n, "and a walk over them meets each once");
	nc_map_fini(&m);
}

int
main(void)
{
	empty();
	extremes();
	oracle(1, 1);
	oracle(8, 2);
	oracle(UINT64_C(1) << 32, 3);
	oracle(UINT64_C(1) << 52, 4);
	return done();
}
