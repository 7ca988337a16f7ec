/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Several traces into one stream.
 */
#include "merge.h"

#include "progress.h"
#include "util.h"

#include <stdlib.h>

/* Bytes of a trace read at a time: a part of its size, within limits. */
#define TURNS 256
#define TURN_MIN 4096
#define TURN_MAX (256 << 10)

/* Records go out at least each time that much text has been read, bytes. */
#define FLUSH_EVERY (512 << 10)

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
	return (double)nc_input_done(&s->input) / (double)size;
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
			if (s->input.error != NULL)
				nc_message("%s: %s", s->file, s->input.error);
			return false;
		}
		s->trace.clean = !s->input.odd;
		if (s->input.overlong > 0)
			nc_trace_overlong(
			    &s->trace, s->input.overlong, newline);
		else
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
total(const struct nc_source *sources, size_t n)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (sources[i].input.size < 0)
			return -1;
		sum += sources[i].input.size;
	}
	return sum;
}

/* A turn of a source, and what it adds to the work done; false at its end. */
static bool
take_turn(struct nc_source *s, struct nc_writer *w, struct work *work)
{
	int64_t done = nc_input_done(&s->input), text = s->input.taken;
	bool more = step(s);

	if (!more)
		s->dialect->end(&s->trace);
	work->done += nc_input_done(&s->input) - done;
	work->text += s->input.taken - text;
	work->unflushed += s->input.taken - text;
	if (work->unflushed >= FLUSH_EVERY) {
		nc_writer_flush(w);
		work->unflushed = 0;
	}
	nc_progress_set(work->done, work->text);
	return more;
}

void
nc_merge_run(struct nc_source *sources, size_t n, struct nc_writer *w,
    enum nc_progress progress)
{
	struct entry *heap = nc_xcalloc(n + 1, sizeof(*heap));
	struct work work = { 0, 0, 0 };
	struct nc_source *s;
	size_t i, len = 0;

	nc_progress_begin(progress, total(sources, n));
	/* All begin at 0, in order: a heap already. */
	for (i = 0; i < n; i++) {
		sources[i].input.idle = flush;
		sources[i].input.idle_arg = w;
		if (sources[i].open)
			heap[len++].source = i;
	}
	while (len > 0) {
		s = &sources[heap[0].source];
		if (take_turn(s, w, &work)) {
			heap[0].done = fraction(s);
		} else {
			nc_input_fini(&s->input);
			heap[0] = heap[--len];
		}
		sift(heap, len);
	}
	nc_progress_end();
	free(heap);
}
