/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Pools of objects of one size.
 */
#include "pool.h"

#include <stdint.h>
#include <stdlib.h>

#include "tap.h"
#include "util.h"

#define MANY 20000 /* of 100 bytes: more than a slab of 2 MB */

static bool
is_zero(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

int
main(void)
{
	struct nc_pool p = { .size = 100 }, big = { .size = 3u << 20 };
	char **v = nc_xcalloc(MANY, sizeof(*v)), *again;
	bool zero = true, apart = true;
	size_t i;

	for (i = 0; i < MANY; i++) {
		v[i] = nc_pool_get(&p);
		zero = zero && is_zero(v[i], p.size);
		memset(v[i], (int)(i % 255) + 1, p.size);
	}
	for (i = 0; i < MANY; i++)
		apart = apart && v[i][0] == (char)(i % 255 + 1) &&
		    v[i][p.size - 1] == (char)(i % 255 + 1);
	ok(zero, "an object is zeroed");
	ok(apart, "objects do not overlap, in whatever slab they are");
	nc_pool_put(&p, v[7]);
	again = nc_pool_get(&p);
	ok(is_zero(again, p.size), "one that is used again is zeroed");
	nc_pool_put(&p, again);
	for (i = 0; i < MANY; i++)
		if (i != 7)
			nc_pool_put(&p, v[i]);
	nc_pool_fini(&p);
	again = nc_pool_get(&p);
	ok(is_zero(again, p.size), "an emptied pool can be used");
	nc_pool_put(&p, again);
	nc_pool_fini(&p);
	again = nc_pool_get(&big);
	memset(again, 1, big.size);
	ok(again != NULL, "an object may be larger than a slab");
	nc_pool_put(&big, again);
	nc_pool_fini(&big);
	free(v);
	return done();
}
