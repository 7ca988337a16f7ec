/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A binary heap whose members know their place, so that any can be removed.
 */
#ifndef NC_HEAP_H
#define NC_HEAP_H

#include <stdbool.h>
#include <stddef.h>

#define HEAP_OUT ((size_t)-1) /* place of what is in no heap */

struct heap {
	void **v;
	size_t n, cap;
	bool (*before)(const void *a, const void *b);
	size_t *(*place)(void *member);
};

void heap_fini(struct heap *h);
void heap_push(struct heap *h, void *member);
void heap_remove(struct heap *h, void *member); /* nothing if it is out */
void *heap_top(const struct heap *h);           /* NULL: empty */

#endif
