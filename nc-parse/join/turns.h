/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Whose turn it is among the files that one lane or host reads: a binary heap
 * of pointers, the first in order at its root.
 */
#ifndef NC_TURNS_H
#define NC_TURNS_H

#include <stdbool.h>
#include <stddef.h>

/* True if a has its turn before b. */
typedef bool nc_turns_before(const void *a, const void *b);

/* Restores the order of a heap of n from its root down. */
static inline void
nc_turns_sift(void **heap, size_t n, nc_turns_before *before)
{
	size_t i = 0, child;
	void *e;

	if (n == 0)
		return;
	e = heap[0];
	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && before(heap[child + 1], heap[child]))
			child++;
		if (!before(heap[child], e))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = e;
}

/* Adds e to a heap of n, which has room. */
static inline void
nc_turns_add(void **heap, size_t n, void *e, nc_turns_before *before)
{
	size_t i;

	for (i = n; i > 0 && before(e, heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = e;
}

#endif
