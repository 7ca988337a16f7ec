/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What threads wrote to the terminal that their trace was captured from,
 * among the lines of others.
 */
#include "weave.h"

#include "../call/wrote.h"
#include "../text/looks.h"
#include "capture.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

/* Calls that write at a time; of more the oldest are forgotten. */
#define CHUNKS_MAX 32
/* Bytes that one of them writes. */
#define CHUNK_MAX (64u << 10)
/* Lines longer than this, and calls so put together, are read as they are. */
#define TEXT_MAX (16u << 10)
#define LINES_MAX 256
/* Pieces of output in one line. */
#define DEPTH_MAX 5
/* Looks at a byte of a line, for each of its bytes and for short lines. */
#define WORK_EACH 16
#define WORK_LEAST 8192

/* What a call is writing. */
struct chunk {
	int64_t tid, line; /* its thread's last line */
	struct nc_buf known;
	int64_t total;
	bool used; /* in the line, or the lines, that are being read */
	bool seen; /* before: the bytes, or those of an equal one */
};

struct nc_weave {
	struct chunk chunk[CHUNKS_MAX + 1]; /* the last: of the line itself */
	size_t n;
	bool own, replays, told;
	int64_t work;

	struct nc_buf text[DEPTH_MAX + 1]; /* of a line without its output */
	struct nc_buf plain, whole;

	/* A line that goes on behind output with a newline in it. */
	struct nc_buf head;
	struct chunk *open;    /* that output, or NULL: nothing is held */
	int64_t done;          /* bytes of it that were there */
	struct nc_buf partial; /* what a message cut, before the lines held */
	struct nc_buf held;    /* the lines as they stand in the file */
	size_t from[LINES_MAX], nheld;
	int64_t line[LINES_MAX];
};

/* What a line is found to be. */
enum what {
	NOTHING, /* it is no line of a trace */
	READS,   /* it is one, maybe without output in it */
	BREAKS   /* it may be the beginning of one, and of output */
};

static bool
may_come(const struct nc_trace *t, const struct chunk *c)
{
	const struct nc_thread *th =
	    nc_map_get(&t->machine->threads, (uint64_t)c->tid);

	return th != NULL && th->idle_call && th->last_line == c->line;
}

static void
drop(struct nc_weave *w, size_t i)
{
	struct nc_buf b = w->chunk[i].known;

	memmove(
	    &w->chunk[i], &w->chunk[i + 1], (--w->n - i) * sizeof(w->chunk[0]));
	w->chunk[w->n].known = b;
}

/* Its call is over, so its bytes were those that came, and no equal one's. */
static void
give_back(struct nc_weave *w, const struct chunk *over)
{
	struct chunk *c;

	for (c = w->chunk; c < w->chunk + w->n; c++)
		if (c->seen && c->total == over->total &&
		    c->known.len == over->known.len &&
		    memcmp(c->known.p, over->known.p, c->known.len) == 0) {
			c->seen = false;
			return;
		}
}

/* Forgets those of which the call is over. */
static void
sweep(struct nc_trace *t, struct nc_weave *w)
{
	size_t i;

	for (i = w->n; i-- > 0;) {
		if (may_come(t, &w->chunk[i]))
			continue;
		if (!w->chunk[i].seen)
			give_back(w, &w->chunk[i]);
		drop(w, i);
	}
}

/* What strace colours is looked at without. */
static struct nc_text
without_colour(struct nc_weave *w, struct nc_text text)
{
	if (memchr(text.p, '\33', (size_t)(text.end - text.p)) == NULL)
		return text;
	return nc_line_without_colour(text, &w->plain);
}

static bool
looks_right(struct nc_weave *w, struct nc_text text)
{
	return nc_looks_right(without_colour(w, text));
}

/* The count of bytes at p, of which output may follow at once. */
static bool
read_total(struct chunk *c, const char *p, const char *end, bool cut)
{
	int64_t v = 0, n = (int64_t)c->known.len;

	for (c->total = 0; p < end && *p >= '0' && *p <= '9' && v <= CHUNK_MAX;
	     p++) {
		v = v * 10 + (*p - '0');
		if (cut ? v > n : v == n)
			c->total = v;
		/* As many digits as leave its bytes behind them. */
		if (c->total == v && end - p - 1 >= n &&
		    memcmp(p + 1, c->known.p, (size_t)n) == 0)
			break;
	}
	return c->total > 0 && c->total <= CHUNK_MAX;
}

static bool
read_chunk(struct chunk *c, enum nc_call_id call, struct nc_text body)
{
	bool cut;
	const char *p = nc_wrote(body, call, &c->known, &cut);

	if (p == NULL || c->known.len == 0)
		return false;
	c->used = false;
	if (call == NC_CALL_WRITEV) {
		c->total = (int64_t)c->known.len;
		if (c->total > CHUNK_MAX)
			return false;
	} else if (!read_total(c, p, body.end, cut)) {
		return false;
	}
	return true;
}

void
nc_weave_open(struct nc_trace *t)
{
	/* strace -ff writes files. */
	if (t->weave == NULL && t->lane->traces == 1 && t->family == NULL)
		t->weave = nc_xcalloc(1, sizeof(*t->weave));
}

void
nc_weave_note(struct nc_trace *t, enum nc_call_id call, const struct nc_line *l)
{
	struct nc_thread *th = t->lane->last;
	struct nc_weave *w;
	struct chunk *c;

	if (th == NULL || !th->idle_call || l->pid == NC_NIL)
		return;
	nc_weave_open(t);
	w = t->weave;
	if (w == NULL)
		return;
	if (w->n == CHUNKS_MAX)
		sweep(t, w);
	if (w->n == CHUNKS_MAX)
		drop(w, 0);
	c = &w->chunk[w->n];
	c->tid = th->tid;
	c->line = t->line;
	/* Its own bytes were seen in that very line. */
	c->seen = w->own && w->chunk[CHUNKS_MAX].used;
	w->n += read_chunk(c, call, l->body);
}

/* The line is itself the entry of a call that writes. */
static void
find_own(struct nc_weave *w, struct nc_text text)
{
	struct nc_prefix none = { .len = 0 };
	struct nc_line l;
	enum nc_call_id call;

	if (w->own)
		return;
	text = without_colour(w, text);
	nc_line_parse(text.p, text.end, &none, &l);
	if (l.kind != NC_LINE_CALL)
		return;
	call = nc_call_of(l.name.p, (size_t)(l.name.end - l.name.p));
	w->own = (call == NC_CALL_WRITE || call == NC_CALL_WRITEV) &&
	    read_chunk(&w->chunk[CHUNKS_MAX], call, l.body);
}

/* The i-th of what may stand in a line, the line's own first; or NULL. */
static struct chunk *
candidate(struct nc_weave *w, size_t i)
{
	struct chunk *c = &w->chunk[i > 0 ? i - 1 : CHUNKS_MAX];

	if (i == 0)
		return w->own && !c->used ? c : NULL;
	return c->used || c->seen ? NULL : c;
}

/* Bytes of a chunk, from the done-th on, that are not other ones than these. */
static bool
matches(const struct chunk *c, int64_t done, const char *p, size_t n)
{
	size_t known =
	    (size_t)done < c->known.len ? c->known.len - (size_t)done : 0;

	if (known > n)
		known = n;
	return known == 0 || memcmp(c->known.p + done, p, known) == 0;
}

/* What is not known of it would have a newline only by chance. */
static bool
fits(const struct chunk *c, const char *p, const char *end)
{
	return end - p >= c->total && matches(c, 0, p, (size_t)c->total);
}

/* The line breaks off in output whose newline ends it: where, or NULL. */
static const char *
breaks_at(const struct chunk *c, struct nc_text text)
{
	const char *nl = memchr(c->known.p, '\n', c->known.len);
	const char *p;
	size_t n;

	if (nl != NULL) {
		n = (size_t)(nl - c->known.p);
		p = text.end - n;
		return (size_t)(text.end - text.p) >= n &&
			memcmp(p, c->known.p, n) == 0 ?
		    p :
		    NULL;
	}
	n = c->known.len;
	if ((int64_t)n == c->total)
		return NULL;
	for (p = text.p; (size_t)(text.end - p) >= n; p++)
		if (memcmp(p, c->known.p, n) == 0)
			return text.end - p < c->total ? p : NULL;
	return NULL;
}

static bool
holds(struct nc_weave *w, struct chunk *c, struct nc_text text)
{
	const char *p = breaks_at(c, text);

	if (p == NULL ||
	    (p > text.p &&
		!nc_looks_broken(
		    without_colour(w, (struct nc_text){ text.p, p }))))
		return false;
	w->head.len = 0;
	nc_buf_add(&w->head, text.p, (size_t)(p - text.p));
	w->open = c;
	w->done = text.end - p + 1;
	return true;
}

/* A chunk with a newline in it breaks the text off. */
static bool
breaks(struct nc_weave *w, struct nc_text text)
{
	struct chunk *c;
	size_t i;

	for (i = 0; i <= w->n; i++) {
		c = candidate(w, i);
		w->work -= text.end - text.p;
		if (c != NULL && holds(w, c, text))
			return c->used = true;
	}
	return false;
}

static enum what search(
    struct nc_weave *w, struct nc_text *text, size_t depth, enum what wanted);

/* The same without the chunk, which is whole, at p. */
static enum what
search_without(struct nc_weave *w, struct nc_text *text, size_t depth,
    enum what wanted, struct chunk *c, const char *p)
{
	struct nc_buf *b = &w->text[depth];
	struct nc_text rest;
	enum what what;

	b->len = 0;
	nc_buf_add(b, text->p, (size_t)(p - text->p));
	nc_buf_add(b, p + c->total, (size_t)(text->end - p - c->total));
	rest = (struct nc_text){ b->p, b->p + b->len };
	if (b->len == 0)
		rest.p = rest.end = text->end;
	c->used = true;
	what = search(w, &rest, depth + 1, wanted);
	if (what == NOTHING)
		c->used = false;
	else
		*text = rest;
	return what;
}

/*
 * Takes chunks out of the text until it is what is wanted: it reads, or it
 * would be broken off, which only the next line can prove.
 */
static enum what
search(struct nc_weave *w, struct nc_text *text, size_t depth, enum what wanted)
{
	enum what what;
	struct chunk *c;
	const char *p, *q;
	size_t i;

	w->work -= text->end - text->p;
	if (wanted == READS && looks_right(w, *text))
		return READS;
	find_own(w, *text);
	if (wanted == BREAKS && breaks(w, *text))
		return BREAKS;
	if (depth == DEPTH_MAX)
		return NOTHING;
	for (p = text->p; p < text->end; p = q) {
		for (i = 0; i <= w->n; i++) {
			if (w->work-- < 0)
				return NOTHING;
			c = candidate(w, i);
			if (c == NULL || *p != *c->known.p ||
			    !fits(c, p, text->end))
				continue;
			what = search_without(w, text, depth, wanted, c, p);
			if (what != NOTHING)
				return what;
		}
		/* strace writes a string in one piece. */
		q = *p == '"' ? nc_text_skip_string(p, text->end) : NULL;
		if (q == NULL)
			q = p + 1;
	}
	return NOTHING;
}

static void
hold(struct nc_trace *t, struct nc_text text)
{
	struct nc_weave *w = t->weave;

	if (w->nheld == 0) {
		nc_buf_add(&w->partial, t->partial.p, t->partial.len);
		nc_capture_drop(t);
	}
	w->from[w->nheld] = w->held.len;
	w->line[w->nheld++] = t->line;
	nc_buf_add(&w->held, text.p, (size_t)(text.end - text.p));
	t->fate = NC_FATE_HELD;
}

static void
forget(struct nc_weave *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		w->chunk[i].used = false;
	w->own = false;
	w->open = NULL;
	w->nheld = w->held.len = w->head.len = w->partial.len = 0;
}

/* It was output: what was held, and what was in this line. */
static void
commit(struct nc_trace *t)
{
	struct nc_weave *w = t->weave;
	struct nc_ledger *l = &t->ledger;
	size_t i;

	/* Once is enough: all are of one kind. */
	if (!w->told)
		nc_trace_tell(
		    t, "output of the program within other lines, taken out");
	w->told = true;
	l->ignored[NC_IGNORED_OUTPUT] += (int64_t)w->nheld;
	l->fates[NC_FATE_PASSED] += (int64_t)w->nheld;
	for (i = 0; i < w->n; i++) {
		w->chunk[i].seen |= w->chunk[i].used;
		w->chunk[i].used = false;
	}
	w->open = NULL;
	w->nheld = w->held.len = w->head.len = w->partial.len = 0;
}

/* It was not: the lines held are read as they stand. */
static void
give_up(struct nc_trace *t)
{
	struct nc_weave *w = t->weave;
	enum nc_fate fate = t->fate;
	int64_t line = t->line;
	size_t i, n = w->nheld, end = w->held.len;
	const char *p;

	w->replays = true;
	nc_buf_add(&t->partial, w->partial.p, w->partial.len);
	for (i = 0; i < n; i++) {
		t->line = w->line[i];
		t->fate = NC_FATE_LOST;
		p = w->held.p + w->from[i];
		nc_trace_reread(t,
		    (struct nc_text){
			p, w->held.p + (i + 1 < n ? w->from[i + 1] : end) });
		t->ledger.fates[t->fate]++;
	}
	w->replays = false;
	t->line = line;
	t->fate = fate;
	forget(w);
}

/* Output alone, to its last newline. */
static void
pass(struct nc_trace *t)
{
	commit(t);
	nc_trace_pass(t, NC_IGNORED_OUTPUT);
}

/*
 * Looks at a line, or at what is put together.  NOTHING: it is none, even
 * without output; READS: *text is; BREAKS: the line as it stands is dealt with.
 */
static enum what
look(struct nc_trace *t, struct nc_text raw, struct nc_text *text)
{
	struct nc_weave *w = t->weave;
	const char *was = text->p;
	enum what what;

	w->work = WORK_LEAST + (text->end - was) * WORK_EACH;
	what = search(w, text, 0, READS);
	if (what == NOTHING)
		what = search(w, text, 0, BREAKS);
	if (what == READS && (w->nheld > 0 || text->p != was))
		commit(t);
	if (what == BREAKS && w->head.len == 0 && w->done == w->open->total)
		pass(t);
	else if (what == BREAKS)
		hold(t, raw);
	return what;
}

/* The next line while output is open; as look. */
static enum what
go_on(struct nc_trace *t, struct nc_text raw, struct nc_text *text)
{
	struct nc_weave *w = t->weave;
	struct chunk *c = w->open;
	size_t n = (size_t)(text->end - text->p);
	size_t left = (size_t)(c->total - w->done);

	/* Past what the call shows, a line of a trace is taken for one. */
	if (w->nheld == LINES_MAX || w->head.len + n > TEXT_MAX ||
	    !matches(c, w->done, text->p, n < left ? n : left) ||
	    ((size_t)w->done >= c->known.len && left > 0 &&
		looks_right(w, *text)))
		return NOTHING;
	if (n < left) {
		if (!matches(c, w->done + (int64_t)n, "\n", 1))
			return NOTHING;
		w->done += (int64_t)n + 1;
		if (w->done == c->total && w->head.len == 0)
			pass(t);
		else
			hold(t, raw);
		return BREAKS;
	}
	w->whole.len = 0;
	nc_buf_add(&w->whole, w->head.p, w->head.len);
	nc_buf_add(&w->whole, text->p + left, n - left);
	if (w->whole.len == 0)
		return NOTHING;
	*text = (struct nc_text){ w->whole.p, w->whole.p + w->whole.len };
	w->open = NULL;
	return look(t, raw, text);
}

/* A line that nothing is open before; as look. */
static enum what
begin(struct nc_trace *t, struct nc_text raw, struct nc_text *text)
{
	struct nc_weave *w = t->weave;
	enum what what;

	w->own = false;
	sweep(t, w);
	if (w->n == 0 && t->partial.len == 0)
		return NOTHING;
	if (t->partial.len > 0) {
		if (t->partial.len > TEXT_MAX || nc_capture_is_message(*text))
			return NOTHING;
		w->whole.len = 0;
		nc_buf_add(&w->whole, t->partial.p, t->partial.len);
		nc_buf_add(&w->whole, text->p, (size_t)(text->end - text->p));
		*text =
		    (struct nc_text){ w->whole.p, w->whole.p + w->whole.len };
		/* It is the ordinary case, which is the reader's. */
		if (looks_right(w, *text))
			return NOTHING;
	}
	what = look(t, raw, text);
	if (what == NOTHING)
		forget(w);
	else
		nc_capture_drop(t);
	return what;
}

/* The tracer's, between output and the rest of its call. */
static bool
is_message(const struct nc_weave *w, struct nc_text text)
{
	return text.end > text.p && nc_capture_is_message(text) &&
	    ((size_t)w->done >= w->open->known.len ||
		!matches(w->open, w->done, text.p, 1));
}

bool
nc_weave_line(struct nc_trace *t, struct nc_text *text)
{
	struct nc_weave *w = t->weave;
	struct nc_text plain, found;
	enum what what = NOTHING;

	if (w->replays)
		return false;
	if (text->end - text->p > TEXT_MAX) {
		nc_weave_end(t);
		return false;
	}
	found = plain = nc_capture_line(t, *text);
	if (w->open != NULL) {
		if (is_message(w, plain)) {
			nc_trace_pass(t, NC_IGNORED_MESSAGE);
			return true;
		}
		what = go_on(t, *text, &found);
		if (what == NOTHING)
			give_up(t);
	}
	if (what == NOTHING) {
		found = plain;
		what = begin(t, *text, &found);
	}
	if (what == READS && found.p != plain.p)
		*text = found;
	return what == BREAKS;
}

void
nc_weave_end(struct nc_trace *t)
{
	if (t->weave != NULL && t->weave->open != NULL)
		give_up(t);
}

void
nc_weave_free(struct nc_trace *t)
{
	struct nc_weave *w = t->weave;
	size_t i;

	if (w == NULL)
		return;
	for (i = 0; i <= CHUNKS_MAX; i++)
		nc_buf_fini(&w->chunk[i].known);
	for (i = 0; i <= DEPTH_MAX; i++)
		nc_buf_fini(&w->text[i]);
	nc_buf_fini(&w->plain);
	nc_buf_fini(&w->whole);
	nc_buf_fini(&w->head);
	nc_buf_fini(&w->partial);
	nc_buf_fini(&w->held);
	free(w);
}
