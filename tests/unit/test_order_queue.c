/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-order's queues, in memory and in the file, against a plain list.
 */
#include "queue.h"

#include <stdlib.h>

#include "tap.h"
#include "util.h"

#define QUEUES 3
#define MOST 4000

static const char here; /* stands for a layout */

static size_t
length_of(unsigned number)
{
	return number % 97 == 0 ? 40000 : 16 + number * 7919u % 3000;
}

static void
fill(char *p, size_t len, unsigned number)
{
	size_t i;

	memcpy(p, &number, sizeof(number));
	for (i = sizeof(number); i < len; i++)
		p[i] = (char)(number + i * 31);
}

static void
push(struct queue *q, unsigned number)
{
	size_t len = length_of(number);
	char *raw = nc_xmalloc(len);
	struct nc_record r = { .kind = NC_KIND_call };

	fill(raw, len, number);
	r.raw = (struct nc_bytes){ raw, len };
	r.name = (struct nc_bytes){ raw + 4, 4 };
	r.layouts = (const void *)&here;
	queue_push(q, &r);
	free(raw);
}

static bool
is(const struct nc_record *r, unsigned number)
{
	size_t len = length_of(number);
	char *want = nc_xmalloc(len);
	bool good;

	fill(want, len, number);
	good = r->kind == NC_KIND_call && r->raw.len == len &&
	    memcmp(r->raw.p, want, len) == 0 && r->name.p == r->raw.p + 4 &&
	    r->name.len == 4 && r->layouts == (const void *)&here;
	free(want);
	return good;
}

/* Where a number was seen. */
struct seen {
	struct queue_spot spot[6001];
	unsigned last; /* each is seen once, in order */
	bool twice;
};

static void
see(void *ctx, const struct nc_record *r, struct queue_spot spot)
{
	struct seen *seen = ctx;
	unsigned number;

	memcpy(&number, r->raw.p, sizeof(number));
	seen->twice |= number <= seen->last;
	seen->last = number;
	seen->spot[number] = spot;
}

/* Random pushes, pops and extractions; true if all came as listed. */
static bool
oracle(struct spill *s, unsigned seed, bool extract)
{
	static unsigned list[QUEUES][MOST];
	static bool taken[QUEUES][MOST];
	static struct seen seen[QUEUES];
	struct queue_place place[QUEUES] = { 0 };
	size_t from[QUEUES] = { 0 }, to[QUEUES] = { 0 };
	struct queue *q[QUEUES];
	struct nc_record r;
	struct nc_buf buf = { 0 };
	bool good = true;
	unsigned number = 0;
	int i, k, j;

	srand(seed);
	memset(taken, 0, sizeof(taken));
	memset(seen, 0, sizeof(seen));
	for (k = 0; k < QUEUES; k++)
		q[k] = queue_new(s);
	for (i = 0; i < 6000 && good; i++) {
		k = rand() % QUEUES;
		/* First more comes than goes, then the reverse. */
		if (rand() % 10 < (i < 3000 ? 7 : 3) && to[k] < MOST) {
			list[k][to[k]++] = ++number;
			push(q[k], number);
			continue;
		}
		if (extract && rand() % 8 == 0 && from[k] + 2 < to[k]) {
			unsigned want = list[k][from[k] + 2];

			if (!taken[k][from[k] + 2]) {
				good = queue_look(q[k], &place[k], SIZE_MAX,
					   see, &seen[k]) &&
				    !seen[k].twice;
				queue_take(q[k], seen[k].spot[want], &r, &buf);
				good = good && is(&r, want);
				taken[k][from[k] + 2] = true;
			}
			continue;
		}
		for (j = 0; j == 0 || rand() % 2; j++) {
			while (from[k] < to[k] && taken[k][from[k]])
				from[k]++;
			if (from[k] == to[k]) {
				good = good && !queue_pop(q[k], &r);
				break;
			}
			good = good && queue_pop(q[k], &r) &&
			    is(&r, list[k][from[k]++]);
		}
	}
	for (k = 0; k < QUEUES; k++)
		queue_free(q[k]);
	nc_buf_fini(&buf);
	return good;
}

int
main(void)
{
	static const size_t limits[] = { (size_t)1 << 30, 100000, 1, 0 };
	struct spill *s;
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		s = spill_new(limits[i]);
		okf(oracle(s, (unsigned)i + 1, false) && spill_error(s) == 0,
		    "queues with a limit of %zu bytes, like lists", limits[i]);
		okf(oracle(s, (unsigned)i + 9, true) && spill_error(s) == 0,
		    "and with records taken out of their middle");
		spill_free(s);
	}
	setenv("TMPDIR", "/nonexistent", 1);
	s = spill_new(1);
	ok(oracle(s, 1, false), "without a place for the file all stays");
	ok(spill_error(s) != 0, "and the error is told");
	spill_free(s);
	s = spill_new((size_t)1 << 30);
	ok(oracle(s, 1, false) && spill_error(s) == 0,
	    "a file that is not needed is not missed");
	spill_free(s);
	return done();
}
