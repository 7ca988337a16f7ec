/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The findings as a forest: each root cause with its consequences, in the
 * stream's order.
 */
#ifndef NC_REPORT_FOREST_H
#define NC_REPORT_FOREST_H

#include "collect.h"

/* A consequence of a consequence goes no deeper than that. */
#define FOREST_DEPTH_MAX 4

struct forest {
	const struct collected *c;
	size_t *first, *last, *next; /* positions plus 1; 0 is none */
	size_t *parent;              /* likewise */
	unsigned char *depth;
};

/* What was collected must outlive it. */
void forest_init(struct forest *f, const struct collected *c);
void forest_fini(struct forest *f);

/* True for root causes that the user wants to be told of. */
bool forest_is_root(const struct forest *f, size_t i);

const struct nc_finding *forest_at(const struct forest *f, size_t i);

#endif
