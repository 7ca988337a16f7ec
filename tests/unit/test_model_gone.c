/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Queues of what is over.
 */
#include "model/gone.h"
#include "tap.h"

struct thing {
	int name;
	struct gone gone;
};

/* The names in a queue, oldest first, as digits; checked both ways. */
static int
order(const struct gone_queue *q)
{
	int forth = 0, back = 0, digit = 1;
	struct gone *g;

	for (g = q->first; g; g = g->next)
		forth = 10 * forth + gone_of(g, struct thing)->name;
	for (g = q->last; g; g = g->prev, digit *= 10)
		back += digit * gone_of(g, struct thing)->name;
	return forth == back ? forth : -1;
}

int
main(void)
{
	struct thing t[4] = { { .name = 1 }, { .name = 2 }, { .name = 3 },
		{ .name = 4 } };
	struct gone_queue q = { 0 };
	int i;

	ok(!gone_beyond(&q, 0), "an empty queue is never too long");
	for (i = 0; i < 4; i++)
		gone_put(&q, &t[i].gone);
	ok(order(&q) == 1234 && q.n == 4, "the oldest stands first");
	ok(gone_beyond(&q, 4) == NULL && gone_beyond(&q, 3) == &t[0].gone,
	    "the oldest goes when there are too many");
	gone_put(&q, &t[1].gone);
	ok(order(&q) == 1342 && q.n == 4, "put again it is the newest");
	gone_take(&q, &t[3].gone);
	ok(order(&q) == 132 && q.n == 3, "one leaves from the middle");
	gone_take(&q, &t[3].gone);
	ok(order(&q) == 132 && q.n == 3, "and cannot leave twice");
	gone_take(&q, &t[0].gone);
	gone_take(&q, &t[1].gone);
	ok(order(&q) == 3 && q.n == 1, "from both ends");
	gone_take(&q, &t[2].gone);
	ok(order(&q) == 0 && q.n == 0 && !q.first && !q.last, "and the last");
	return done();
}
