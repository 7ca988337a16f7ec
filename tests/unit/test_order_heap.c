/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-order's heap, against a scan of all members.
 */
#include "heap.h"

#include <stdlib.h>

#include "tap.h"

#define MEMBERS 300

struct member {
	int key;
	size_t place;
};

static bool
before(const void *a, const void *b)
{
	return ((const struct member *)a)->key <
	    ((const struct member *)b)->key;
}

static size_t *
place(void *m)
{
	return &((struct member *)m)->place;
}

static struct member *
least(struct member *all)
{
	struct member *best = NULL;
	size_t i;

	for (i = 0; i < MEMBERS; i++)
		if (all[i].place != HEAP_OUT &&
		    (!best || all[i].key < best->key))
			best = &all[i];
	return best;
}

static void
oracle(int keys, unsigned seed)
{
	static struct member all[MEMBERS];
	struct heap h = { 0 };
	struct member *m, *top, *want;
	bool good = true;
	size_t i, n = 0;

	srand(seed);
	for (i = 0; i < MEMBERS; i++)
		all[i] = (struct member){ 0, HEAP_OUT };
	for (i = 0; i < 20000 && good; i++) {
		m = &all[rand() % MEMBERS];
		if (m->place == HEAP_OUT && rand() % 3) {
			m->key = rand() % keys;
			heap_push(&h, m, before, place);
			n++;
		} else {
			n -= m->place != HEAP_OUT;
			heap_remove(&h, m, before, place);
			good = m->place == HEAP_OUT;
		}
		top = heap_top(&h);
		want = least(all);
		good = good && h.n == n && (!top) == (!want) &&
		    (!top || (top->key == want->key && h.v[0] == top));
	}
	okf(good, "20000 pushes and removals, keys of %d values", keys);
	for (i = 0; i < h.n; i++)
		good = good && *place(h.v[i]) == i;
	ok(good, "each member knows its place");
	free(h.v);
}

int
main(void)
{
	struct heap h = { 0 };
	struct member m = { 1, HEAP_OUT };

	ok(heap_top(&h) == NULL, "an empty heap has no top");
	heap_remove(&h, &m, before, place);
	ok(m.place == HEAP_OUT && h.n == 0,
	    "removing what is out does nothing");
	heap_push(&h, &m, before, place);
	ok(heap_top(&h) == &m && m.place == 0, "one member is the top");
	free(h.v);
	oracle(1000000, 1);
	oracle(3, 2);
	oracle(1, 3);
	return done();
}
