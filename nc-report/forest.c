/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The findings as a forest.
 */
#include "forest.h"

#include <stdlib.h>

#include "util.h"

const struct nc_finding *
forest_at(const struct forest *f, size_t i)
{
	return f->c->findings.v[i];
}

/* A root stands before its consequences; anything else is taken as a root. */
static bool
is_child(const struct forest *f, size_t i)
{
	const struct nc_finding *x = forest_at(f, i);

	return x->because_of != NC_NIL && x->because_of >= 0 &&
	    (uint64_t)x->because_of < i &&
	    !finding_is_suppressed(forest_at(f, (size_t)x->because_of));
}

void
forest_init(struct forest *f, const struct collected *c)
{
	size_t n = c->findings.n;

	f->c = c;
	f->first = nc_xcalloc(n + 1, sizeof(size_t));
	f->last = nc_xcalloc(n + 1, sizeof(size_t));
	f->next = nc_xcalloc(n + 1, sizeof(size_t));
	f->parent = nc_xcalloc(n + 1, sizeof(size_t));
	f->depth = nc_xcalloc(n + 1, 1);
	for (size_t i = 0; i < n; i++) {
		size_t root;

		if (finding_is_suppressed(forest_at(f, i)) || !is_child(f, i))
			continue;
		root = (size_t)forest_at(f, i)->because_of;
		/* A longer chain goes on at the same depth. */
		if (f->depth[root] == FOREST_DEPTH_MAX)
			root = f->parent[root] - 1;
		f->parent[i] = root + 1;
		f->depth[i] = (unsigned char)(f->depth[root] + 1);
		if (f->first[root] == 0)
			f->first[root] = i + 1;
		else
			f->next[f->last[root] - 1] = i + 1;
		f->last[root] = i + 1;
	}
}

bool
forest_is_root(const struct forest *f, size_t i)
{
	return !finding_is_suppressed(forest_at(f, i)) && !is_child(f, i);
}

void
forest_fini(struct forest *f)
{
	free(f->first);
	free(f->last);
	free(f->next);
	free(f->parent);
	free(f->depth);
}
