/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The timed files of one host into one lane, by their times.
 */
#include "timed.h"

#include "../call/dump.h"
#include "../text/args.h"
#include "turns.h"
#include "util.h"

#include <stdlib.h>

#define DAY (INT64_C(86400) * 1000000000)
#define DAYS_MAX 100000 /* in nanoseconds they still fit */

/* What printing a call's arguments may take, netlink queries of -yy included. */
#define PRINTING (INT64_C(2) * 1000000)

/* Memory for blocks of files that are open at the same time. */
#define BLOCKS_TOTAL (8u << 20)
#define BLOCK_MIN (8u << 10)
#define BLOCK_MAX (512u << 10)

#define NEVER INT64_MAX

enum state {
	STRAND_CLOSED, /* not read yet */
	STRAND_BEFORE, /* its line is to be read */
	STRAND_INSIDE, /* its line's call is in progress */
	STRAND_LEFT    /* and has been let out early */
};

/* One of the files: the line to be read, and the one after it. */
struct strand {
	struct nc_source *source;
	enum state state;
	int64_t key;        /* time of its next event */
	struct nc_buf line; /* being read */
	int64_t entry;      /* its time */
	int64_t overlong;   /* its bytes if it was passed over, or 0 */
	bool newline, odd;
	bool whole;             /* a call from its entry to its exit */
	const char *next, *end; /* the line after it; NULL: none */
	bool next_newline;
	struct nc_prefix prefix;
	struct nc_line ahead; /* that one parsed */
	int64_t after;        /* its time; NEVER: none, or no line */
	int64_t day, last_clock;
};

struct timed {
	struct nc_group *group;
	struct strand *strands;
	void **heap; /* of struct strand */
	size_t n, open;
};

static bool
before(const void *one, const void *other)
{
	const struct strand *a = one, *b = other;
	bool a_out = a->state >= STRAND_INSIDE, b_out;

	if (a->key != b->key)
		return a->key < b->key;
	/* At one time calls begin before others end: they overlap. */
	b_out = b->state >= STRAND_INSIDE;
	if (a_out != b_out)
		return b_out;
	return a->source->number < b->source->number;
}

static struct strand *
at(const struct timed *w, size_t i)
{
	return w->heap[i];
}

/* When another strand has its next event. */
static int64_t
others(const struct timed *w)
{
	int64_t key = NEVER;

	if (w->n > 1)
		key = at(w, 1)->key;
	if (w->n > 2 && at(w, 2)->key < key)
		key = at(w, 2)->key;
	return key;
}

/* The time of a line on the lane's clock; NEVER if it has none. */
static int64_t
time_of(struct strand *s, const struct nc_line *l)
{
	if (l->stamp == NC_STAMP_EPOCH)
		return l->time;
	if (l->stamp != NC_STAMP_DAY)
		return NEVER;
	if (s->last_clock != NC_NIL && l->time < s->last_clock - DAY / 2 &&
	    s->day < DAYS_MAX)
		s->day++;
	s->last_clock = l->time;
	return s->day * DAY + l->time;
}

/* Looks at the line after the one to be read. */
static void
look_ahead(struct timed *w, struct strand *s)
{
	struct nc_text text;

	s->after = NEVER;
	if (!nc_source_line(s->source, &s->next, &s->end, &s->next_newline)) {
		s->next = NULL;
		return;
	}
	w->group->taken +=
	    s->source->input.overlong + (s->end - s->next) + s->next_newline;
	text = (struct nc_text){ s->next, s->end };
	while (text.end > text.p && text.end[-1] == '\r')
		text.end--;
	nc_line_parse(text.p, text.end, &s->prefix, &s->ahead);
	s->after = time_of(s, &s->ahead);
}

/*
 * The file's last line, cut where the arguments of a call end: strace was
 * killed, the call is in progress.  strace -f would have written it so.
 */
static void
mark_unfinished(struct strand *s, const struct nc_text body)
{
	static const char word[] = " <unfinished ...>";
	struct nc_args a;
	const char *why;

	if (s->newline || s->next != NULL || s->source->family == NULL ||
	    nc_args_split(body.p, body.end, &a, &why) < 0 || a.closed)
		return;
	nc_buf_add(&s->line, word, sizeof(word) - 1);
	s->whole = false;
}

/* The line after becomes the one to be read; false at the end. */
static bool
advance(struct timed *w, struct strand *s)
{
	struct nc_line *l = &s->ahead;
	struct nc_text body;
	const char *cut;
	size_t at;
	bool final;

	if (s->next == NULL)
		return false;
	s->line.len = 0;
	nc_buf_trim(&s->line, NC_LINE_KEEP);
	nc_buf_add(&s->line, s->next, (size_t)(s->end - s->next));
	s->newline = s->next_newline;
	s->odd = s->source->input.odd;
	s->overlong = s->source->input.overlong;
	/* A line without a time belongs to the one before. */
	s->entry = s->after == NEVER || s->after < s->key ? s->key : s->after;
	s->key = s->entry;
	s->state = STRAND_BEFORE;
	s->whole = l->kind == NC_LINE_CALL &&
	    !nc_line_is_half(l->body.p, l->body.end, &cut, &final);
	at = l->kind == NC_LINE_CALL ? (size_t)(l->body.p - s->next) : 0;
	look_ahead(w, s);
	if (s->whole && at <= s->line.len) {
		body.p = s->line.p + at;
		body.end = s->line.p + s->line.len;
		mark_unfinished(s, body);
	}
	return true;
}

/* "<0.000123>" at the end, as ns; NC_NIL if there is none. */
static int64_t
duration_of(const struct nc_buf *line)
{
	const char *p = line->p + line->len, *start;
	struct nc_text text;
	int64_t ns = 0, scale = 1, s = 0;

	while (p > line->p && (p[-1] == ' ' || p[-1] == '\r'))
		p--;
	if (p == line->p || *--p != '>')
		return NC_NIL;
	for (text.end = p; p > line->p && p[-1] >= '0' && p[-1] <= '9'; p--) {
		ns += (p[-1] - '0') * scale;
		scale *= 10;
		if (scale > 1000000000)
			return NC_NIL;
	}
	if (p == line->p || p[-1] != '.')
		return NC_NIL;
	while (scale < 1000000000) {
		ns *= 10;
		scale *= 10;
	}
	for (start = --p; start > line->p && start[-1] >= '0' &&
	     start[-1] <= '9' && p - start < 9;
	     start--)
		;
	for (text.p = start; text.p < p; text.p++)
		s = s * 10 + (*text.p - '0');
	if (start == p || start == line->p || start[-1] != '<')
		return NC_NIL;
	return s * 1000000000 + ns;
}

/* When the strand's call is over at the latest; earlier than next: whole. */
static int64_t
exit_of(const struct strand *s, int64_t next)
{
	int64_t duration, last;

	if (s->after < next)
		return s->after;
	duration = duration_of(&s->line);
	/* Of a line without a time nobody knows when it comes. */
	if (duration == NC_NIL)
		return s->next != NULL && s->after == NEVER ? s->entry :
							      s->after;
	last = s->entry + duration + PRINTING;
	return last < s->after ? last : s->after;
}

/* The call returns: what it did to descriptors, and its record. */
static void
leave(struct strand *s)
{
	struct nc_trace *t = &s->source->trace;
	int64_t duration = duration_of(&s->line), now = s->key;

	if (duration != NC_NIL)
		now = s->entry + duration;
	else if (now == NEVER)
		now = t->lane->now;
	t->at_next = duration == NC_NIL && s->key != NEVER;
	s->source->dialect->leave(t, s->line.p, s->line.p + s->line.len, now);
}

/* A record waits for a dump below its line only if one follows. */
static void
no_dump(const struct strand *s)
{
	struct nc_trace *t = &s->source->trace;

	if (t->dump.waits && (s->next == NULL || s->ahead.kind != NC_LINE_DUMP))
		nc_dump_end(t);
}

/* Another call uses what this one returns, so it has. */
static void
settle(void *arg)
{
	struct strand *s = arg;
	int64_t duration = duration_of(&s->line);

	if (s->state != STRAND_INSIDE ||
	    s->entry + (duration == NC_NIL ? 0 : duration) >
		s->source->trace.lane->now)
		return;
	leave(s);
	s->state = STRAND_LEFT;
}

/* Opens a strand: its first line is the next to be read. */
static bool
begin(struct timed *w, struct strand *s)
{
	size_t block = BLOCKS_TOTAL / ++w->open;

	block = block < BLOCK_MIN ? BLOCK_MIN :
	    block > BLOCK_MAX     ? BLOCK_MAX :
				    block;
	nc_source_open(s->source, block);
	nc_buf_add(&s->line, "", 1); /* never a null pointer */
	look_ahead(w, s);
	return advance(w, s);
}

/* The line is read, or begins; true if its strand goes on to the next one. */
static bool
enter(struct timed *w, struct strand *s)
{
	const struct nc_dialect *d = s->source->dialect;
	struct nc_trace *t = &s->source->trace;
	const char *end = s->line.p + s->line.len;
	int64_t next, over;

	t->clean = !s->odd;
	if (s->overlong > 0) {
		nc_trace_overlong(t, s->overlong, s->newline);
		return true;
	}
	if (!s->whole) {
		d->line(t, s->line.p, end, s->newline);
		return true;
	}
	next = others(w);
	over = exit_of(s, next);
	/* Alone to the end of all: nothing comes that it could overlap. */
	if (over < next || w->n == 1) {
		d->line(t, s->line.p, end, s->newline);
		return true;
	}
	if (!d->enter(t, s->line.p, end, s->newline))
		return true;
	s->state = STRAND_INSIDE;
	s->key = over;
	return false;
}

/* The next event of the strand that is first; false at its end. */
static bool
event(struct timed *w, struct strand *s)
{
	switch (s->state) {
	case STRAND_CLOSED:
		return begin(w, s);
	case STRAND_BEFORE:
		if (!enter(w, s))
			return true;
		no_dump(s);
		return advance(w, s);
	case STRAND_INSIDE:
		leave(s);
		break;
	default:
		break;
	}
	no_dump(s);
	/* Its time is that of its exit, which the next line may not precede. */
	if (s->key == NEVER)
		s->key = s->entry;
	return advance(w, s);
}

bool
nc_timed_step(struct nc_group *g, int64_t stop)
{
	struct timed *w = g->state;
	struct nc_trace **traces;
	struct strand *s;
	size_t i;

	while (w->n > 0 && g->taken < stop) {
		s = w->heap[0];
		if (!event(w, s)) {
			nc_source_close(s->source);
			nc_buf_fini(&s->line);
			w->open--;
			w->heap[0] = w->heap[--w->n];
		}
		nc_turns_sift(w->heap, w->n, before);
	}
	if (w->n > 0)
		return true;
	traces = nc_xcalloc(g->n, sizeof(struct nc_trace *));
	for (i = 0; i < g->n; i++)
		traces[i] = &g->sources[i]->trace;
	g->sources[0]->dialect->end_all(traces, g->n);
	free(traces);
	return false;
}

static int
compare_first(const void *va, const void *vb)
{
	const struct strand *const *a = va, *const *b = vb;

	if ((*a)->key != (*b)->key)
		return (*a)->key < (*b)->key ? -1 : 1;
	return (*a)->source->number < (*b)->source->number ? -1 : 1;
}

/*
 * Times without a date: the first times of all files lie on a circle of a day,
 * whose largest gap is where the recording began; what stands before it there
 * is of the next day.
 */
static void
set_days(struct timed *w)
{
	int64_t gap, largest, start = 0;
	size_t i;

	qsort(w->heap, w->n, sizeof(*w->heap), compare_first);
	if (w->n == 0 || at(w, 0)->source->clue.stamp != NC_STAMP_DAY)
		return;
	largest = at(w, 0)->key + DAY - at(w, w->n - 1)->key;
	for (i = 1; i < w->n; i++) {
		gap = at(w, i)->key - at(w, i - 1)->key;
		if (gap > largest && gap > DAY / 2) {
			largest = gap;
			start = at(w, i)->key;
		}
	}
	for (i = 0; i < w->n; i++)
		if (at(w, i)->key < start) {
			at(w, i)->day = 1;
			at(w, i)->source->trace.day = 1;
			at(w, i)->key += DAY;
		}
	qsort(w->heap, w->n, sizeof(*w->heap), compare_first);
}

void
nc_timed_open(struct nc_group *g)
{
	struct timed *w = nc_xcalloc(1, sizeof(*w));
	struct strand *s;
	size_t i;

	w->group = g;
	w->strands = nc_xcalloc(g->n, sizeof(*w->strands));
	w->heap = nc_xcalloc(g->n, sizeof(*w->heap));
	w->n = g->n;
	for (i = 0; i < g->n; i++) {
		s = &w->strands[i];
		s->source = g->sources[i];
		s->last_clock = NC_NIL;
		/* A file without a line of its own time comes first. */
		s->key = s->source->clue.first;
		w->heap[i] = s;
		if (i > 0)
			nc_trace_share(
			    &s->source->trace, &g->sources[0]->trace);
		s->source->trace.settle = settle;
		s->source->trace.strand = s;
	}
	set_days(w);
	g->state = w;
}

void
nc_timed_free(struct nc_group *g)
{
	struct timed *w = g->state;
	size_t i;

	if (w == NULL)
		return;
	for (i = 0; i < g->n; i++)
		nc_buf_fini(&w->strands[i].line);
	free(w->strands);
	free(w->heap);
	free(w);
}
