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

#include "util.h"

#define HEAP_OUT ((size_t)-1) /* place of what is in no heap */

struct heap {
	void **v;
	size_t n, cap;
};

/* Which of two members comes first, and where a member keeps its place. */
typedef bool heap_before(const void *a, const void *b);
typedef size_t *heap_place(void *member);

/*
 * Inlined where they are called with two functions that the compiler sees, as
 * a heap is moved in several times a call.
 */
#define HEAP_INLINE static inline __attribute__((always_inline)) void

HEAP_INLINE
heap_set(struct heap *h, size_t i, void *member, heap_place place)
{
	h->v[i] = member;
	*place(member) = i;
}

HEAP_INLINE
heap_up(struct heap *h, size_t i, void *member, heap_before before,
    heap_place place)
{
	while (i > 0 && before(member, h->v[(i - 1) / 2])) {
		heap_set(h, i, h->v[(i - 1) / 2], place);
		i = (i - 1) / 2;
	}
	heap_set(h, i, member, place);
}

HEAP_INLINE
heap_down(struct heap *h, size_t i, void *member, heap_before before,
    heap_place place)
{
	size_t child;

	while ((child = 2 * i + 1) < h->n) {
		if (child + 1 < h->n && before(h->v[child + 1], h->v[child]))
			child++;
		if (!before(h->v[child], member))
			break;
		heap_set(h, i, h->v[child], place);
		i = child;
	}
	heap_set(h, i, member, place);
}

HEAP_INLINE
heap_push(struct heap *h, void *member, heap_before before, heap_place place)
{
	h->v = nc_grow(h->v, h->n, &h->cap, sizeof(*h->v));
	h->n++;
	heap_up(h, h->n - 1, member, before, place);
}

/* Nothing happens if it is out. */
HEAP_INLINE
heap_remove(struct heap *h, void *member, heap_before before, heap_place place)
{
	size_t i = *place(member);
	void *last;

	if (i == HEAP_OUT)
		return;
	*place(member) = HEAP_OUT;
	last = h->v[--h->n];
	if (last == member)
		return;
	if (i > 0 && before(last, h->v[(i - 1) / 2]))
		heap_up(h, i, last, before, place);
	else
		heap_down(h, i, last, before, place);
}

/* NULL if it is empty. */
static inline void *
heap_top(const struct heap *h)
{
	return h->n ? h->v[0] : NULL;
}

#endif
