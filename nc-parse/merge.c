/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Several traces into one stream.
 */
#include "merge.h"

#include "util.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of a trace read at a time: a part of its size, within limits. */
#define TURNS 256
#define TURN_MIN 4096
#define TURN_MAX (256 << 10)

struct entry {
	double done; /* fraction read */
	size_t source;
};

static double
fraction(const struct nc_source *s)
{
	int64_t size = s->input.size;

	/* A pipe's end is unknown: it is taken for a long one. */
	if (size <= 0)
		size = INT64_C(1) << 30;
	return (double)s->input.taken / (double)size;
}

static int64_t
turn(const struct nc_source *s)
{
	int64_t n = s->input.size / TURNS;

	return n < TURN_MIN ? TURN_MIN : n > TURN_MAX ? TURN_MAX : n;
}

/* Reads some of a source; false at its end. */
static bool
step(struct nc_source *s)
{
	const char *p, *end;
	bool newline;
	int64_t stop = s->input.taken + turn(s);

	while (s->input.taken < stop) {
		if (!nc_input_line(&s->input, &p, &end, &newline)) {
			if (s->input.error != 0)
				warnx("%s: %s", s->file,
				    strerror(s->input.error));
			return false;
		}
		s->trace.clean = !s->input.odd;
		s->dialect->line(&s->trace, p, end, newline);
	}
	return true;
}

static bool
before(const struct entry *a, const struct entry *b)
{
	return a->done < b->done ||
	    (a->done == b->done && a->source < b->source);
}

/* Restores the heap's order from its root down. */
static void
sift(struct entry *heap, size_t n)
{
	struct entry e;
	size_t i = 0, child;

	if (n == 0)
		return;
	e = heap[0];
	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &e))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = e;
}

void
nc_merge_run(struct nc_source *sources, size_t n)
{
	struct entry *heap = nc_xcalloc(n + 1, sizeof(*heap));
	struct nc_source *s;
	size_t i, len = 0;

	/* All begin at 0, in order: a heap already. */
	for (i = 0; i < n; i++)
		if (sources[i].open)
			heap[len++].source = i;
	while (len > 0) {
		s = &sources[heap[0].source];
		if (step(s)) {
			heap[0].done = fraction(s);
		} else {
			s->dialect->end(&s->trace);
			nc_input_fini(&s->input);
			heap[0] = heap[--len];
		}
		sift(heap, len);
	}
	free(heap);
}
