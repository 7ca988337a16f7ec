/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A binary heap whose members know their place.
 */
#include "heap.h"

#include <stdlib.h>

#include "util.h"

void
heap_fini(struct heap *h)
{
	free(h->v);
	h->v = NULL;
	h->n = h->cap = 0;
}

static void
set(struct heap *h, size_t i, void *member)
{
	h->v[i] = member;
	*h->place(member) = i;
}

static void
up(struct heap *h, size_t i, void *member)
{
	while (i > 0 && h->before(member, h->v[(i - 1) / 2])) {
		set(h, i, h->v[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	set(h, i, member);
}

static void
down(struct heap *h, size_t i, void *member)
{
	size_t child;

	while ((child = 2 * i + 1) < h->n) {
		if (child + 1 < h->n && h->before(h->v[child + 1], h->v[child]))
			child++;
		if (!h->before(h->v[child], member))
			break;
		set(h, i, h->v[child]);
		i = child;
	}
	set(h, i, member);
}

void
heap_push(struct heap *h, void *member)
{
	h->v = nc_grow(h->v, h->n, &h->cap, sizeof(*h->v));
	h->n++;
	up(h, h->n - 1, member);
}

void
heap_remove(struct heap *h, void *member)
{
	size_t i = *h->place(member);
	void *last;

	if (i == HEAP_OUT)
		return;
	*h->place(member) = HEAP_OUT;
	last = h->v[--h->n];
	if (last == member)
		return;
	if (i > 0 && h->before(last, h->v[(i - 1) / 2]))
		up(h, i, last);
	else
		down(h, i, last);
}

void *
heap_top(const struct heap *h)
{
	return h->n ? h->v[0] : NULL;
}
