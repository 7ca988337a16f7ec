/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Several lanes into one stream.
 */
#include "merge.h"

#include "../input/progress.h"
#include "apart.h"
#include "timed.h"
#include "util.h"

#include <stdlib.h>

/* Bytes of a group read at a time: a part of its size, within limits. */
#define TURNS 256
#define TURN_MIN 4096
#define TURN_MAX (256 << 10)

/* Records go out at least each time that much text has been read, bytes. */
#define FLUSH_EVERY (512 << 10)

struct entry {
	double done; /* fraction read */
	size_t group;
};

static double
fraction(const struct nc_group *g)
{
	int64_t size = g->size;

	/* A pipe's end is unknown: it is taken for a long one. */
	if (size <= 0)
		size = INT64_C(1) << 30;
	return (double)g->done / (double)size;
}

static int64_t
turn(const struct nc_group *g)
{
	int64_t n = g->size / TURNS;

	return n < TURN_MIN ? TURN_MIN : n > TURN_MAX ? TURN_MAX : n;
}

static bool
step_alone(struct nc_group *g, int64_t stop)
{
	struct nc_source *s = g->sources[0];
	const char *p, *end;
	bool newline;

	while (g->taken < stop) {
		if (!nc_source_line(s, &p, &end, &newline)) {
			s->dialect->end(&s->trace);
			nc_source_close(s);
			return false;
		}
		g->taken += nc_source_take(s, p, end, newline);
	}
	return true;
}

/* Reads some of a group; false at its end, when its ledgers are written. */
static bool
step(struct nc_group *g)
{
	int64_t stop = g->taken + turn(g);

	switch (g->reading) {
	case NC_READ_TIMED:
		return nc_timed_step(g, stop);
	case NC_READ_APART:
		return nc_apart_step(g, stop);
	default:
		return step_alone(g, stop);
	}
}

static bool
before(const struct entry *a, const struct entry *b)
{
	return a->done < b->done || (a->done == b->done && a->group < b->group);
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

/* Bytes of the files done, of text read, of text since the last flush. */
struct work {
	int64_t done, text, unflushed;
};

static void
flush(void *w)
{
	nc_writer_flush(w);
}

/* Everything to read, -1 if that is not known. */
static int64_t
total(const struct nc_group *groups, size_t n)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (groups[i].size < 0)
			return -1;
		sum += groups[i].size;
	}
	return sum;
}

/* Its sources count what is read; records go out before a wait for a pipe. */
static void
begin(struct nc_group *g, struct nc_writer *w)
{
	struct nc_source *s;
	size_t i;

	for (i = 0; i < g->n; i++) {
		s = g->sources[i];
		s->done = &g->done;
		s->input.idle = flush;
		s->input.idle_arg = w;
	}
}

/* A turn of a group, and what it adds to the work done; false at its end. */
static bool
take_turn(struct nc_group *g, struct nc_writer *w, struct work *work)
{
	int64_t done = g->done, text = g->taken;
	bool more = step(g);

	work->done += g->done - done;
	work->text += g->taken - text;
	work->unflushed += g->taken - text;
	if (work->unflushed >= FLUSH_EVERY) {
		nc_writer_flush(w);
		work->unflushed = 0;
	}
	nc_progress_set(work->done, work->text);
	return more;
}

void
nc_merge_run(struct nc_group *groups, size_t n, struct nc_writer *w,
    enum nc_progress progress)
{
	struct entry *heap = nc_xcalloc(n + 1, sizeof(*heap));
	struct work work = { 0, 0, 0 };
	struct nc_group *g;
	size_t i, len = n;

	nc_progress_begin(progress, total(groups, n));
	/* All begin at 0, in order: a heap already. */
	for (i = 0; i < n; i++) {
		begin(&groups[i], w);
		heap[i].group = i;
	}
	while (len > 0) {
		g = &groups[heap[0].group];
		if (take_turn(g, w, &work))
			heap[0].done = fraction(g);
		else
			heap[0] = heap[--len];
		sift(heap, len);
	}
	nc_progress_end();
	free(heap);
}
