/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a traced program wrote to the terminal that its trace was captured
 * from.
 */
#include "output.h"

#include "../call/wrote.h"
#include "../input/progress.h"
#include "../text/tail.h"
#include "capture.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

/* More than this, bytes of one call's output, is not joined. */
#define OUTPUT_MAX (64u << 10)
#define LINES_MAX 4096

/* A line that is held. */
struct held {
	size_t from, n; /* its text in nc_output.text */
	int64_t line;
};

struct nc_output {
	enum nc_ignored why; /* what its calls count as */
	bool waits, replays, told;
	enum nc_call_id call;
	int64_t total;       /* bytes that the call wrote */
	int64_t done;        /* of them, seen so far */
	struct nc_buf known; /* the first of them, as the call shows */
	struct nc_buf text;
	struct held *held;
	size_t n, cap;
};

/* What follows the output: the call's result or its unfinished half. */
static bool
is_rest(const struct nc_output *o, struct nc_text text)
{
	struct nc_tail tail;
	const char *why, *cut;
	bool final;

	if (nc_text_starts(text, ")"))
		return nc_tail_parse(text.p + 1, text.end, &tail, &why) == 0 &&
		    tail.result == o->total;
	return nc_line_is_half(text.p, text.end, &cut, &final) &&
	    nc_text_trim((struct nc_text){ text.p, cut }).p == cut;
}

/* Text that would be the output from where it is: false if it cannot be. */
static bool
matches(const struct nc_output *o, const char *p, size_t n)
{
	size_t known =
	    (size_t)o->done < o->known.len ? o->known.len - (size_t)o->done : 0;

	if (known > n)
		known = n;
	return known == 0 || memcmp(o->known.p + o->done, p, known) == 0;
}

enum what {
	NOT_OUTPUT,
	MORE, /* the line was output, and more is to come */
	LAST  /* *text is what follows the output */
};

/* Takes the output that a line holds. */
static enum what
take(struct nc_output *o, struct nc_text *text)
{
	size_t n = (size_t)(text->end - text->p);
	size_t left = (size_t)(o->total - o->done);

	if (n < left) {
		if (!matches(o, text->p, n))
			return NOT_OUTPUT;
		o->done += (int64_t)n;
		if (!matches(o, "\n", 1))
			return NOT_OUTPUT;
		o->done++;
		return MORE;
	}
	if (!matches(o, text->p, left))
		return NOT_OUTPUT;
	text->p += left;
	return is_rest(o, *text) ? LAST : NOT_OUTPUT;
}

static void
hold(struct nc_trace *t, struct nc_text text)
{
	struct nc_output *o = t->output;
	size_t n = (size_t)(text.end - text.p);

	o->held = nc_grow(o->held, o->n, &o->cap, sizeof(*o->held));
	o->held[o->n].from = o->text.len;
	o->held[o->n].n = n;
	o->held[o->n++].line = t->line;
	nc_buf_add(&o->text, text.p, n);
	t->fate = NC_FATE_HELD;
}

static void
forget(struct nc_output *o)
{
	o->waits = false;
	o->n = o->text.len = o->known.len = 0;
}

/* The call is whole: its line is the last one, those held were output. */
static void
join(struct nc_trace *t, struct nc_text rest)
{
	static const char what[] =
	    "output of the program within a call, joined";
	struct nc_output *o = t->output;
	struct nc_ledger *l = &t->ledger;
	struct nc_thread *th = t->lane->last;
	int64_t line = t->line;
	size_t i;

	for (i = 0; i < o->n; i++) {
		l->ignored[NC_IGNORED_OUTPUT]++;
		l->fates[NC_FATE_PASSED]++;
	}
	/* Once is enough: all are of one kind. */
	if (!o->told && o->n > 0) {
		t->line = o->held[0].line;
		nc_trace_tell(t, what);
		t->line = line;
	}
	if (!o->told && (o->n > 0 || t->stray_cr))
		nc_trace_tell(t, what);
	o->told = true;
	l->calls++;
	l->classes[nc_call_group(o->call)]++;
	l->ignored[o->why]++;
	t->fate = *rest.p == ')' ? NC_FATE_WHOLE : NC_FATE_HALF;
	if (t->fate == NC_FATE_WHOLE)
		l->results++;
	else if (th != NULL)
		th->idle_call = true;
	forget(o);
}

/* None of it was output: what was held is read again, and rejected. */
static void
give_up(struct nc_trace *t)
{
	struct nc_output *o = t->output;
	enum nc_fate fate = t->fate;
	int64_t line = t->line;
	size_t i, n = o->n;
	const char *p;

	o->waits = false;
	o->replays = true;
	for (i = 0; i < n; i++) {
		t->line = o->held[i].line;
		t->fate = NC_FATE_LOST;
		p = o->text.p + o->held[i].from;
		nc_trace_reread(t, (struct nc_text){ p, p + o->held[i].n });
		t->ledger.fates[t->fate]++;
	}
	o->replays = false;
	t->line = line;
	t->fate = fate;
	forget(o);
}

/* The call's text before colours were taken out of it, the output's too. */
static struct nc_text
raw_body(const struct nc_trace *t, const struct nc_line *l)
{
	struct nc_text body = { NULL, t->text.end };
	size_t n = (size_t)(l->body.p - t->shown);

	if (n <= (size_t)(body.end - t->text.p) &&
	    memcmp(t->text.p, t->shown, n) == 0)
		body.p = t->text.p + n;
	return body.p != NULL ? nc_capture_line(t, body) : body;
}

bool
nc_output_begin(
    struct nc_trace *t, enum nc_call_id call, const struct nc_line *l)
{
	struct nc_output *o = t->output;
	struct nc_text text, body = raw_body(t, l);
	const char *p, *end = body.end;
	int64_t count = 0;
	bool cut = false;

	if ((call != NC_CALL_WRITE && call != NC_CALL_WRITEV) ||
	    t->lane->traces > 1 || t->family != NULL || t->partial.len > 0 ||
	    body.p == NULL || end - t->text.p > OUTPUT_MAX ||
	    (o != NULL && o->replays))
		return false;
	if (o == NULL)
		o = t->output = nc_xcalloc(1, sizeof(*o));
	forget(o);
	o->why = t->why;
	p = nc_wrote(body, call, &o->known, &cut);
	/* Where the count ends and the output begins, only the bytes tell. */
	while (p != NULL && p < end && *p >= '0' && *p <= '9' &&
	    count < OUTPUT_MAX) {
		count = count * 10 + (*p++ - '0');
		o->total = call == NC_CALL_WRITE ? count :
						   (int64_t)o->known.len;
		o->done = 0;
		if (cut ? o->total <= (int64_t)o->known.len :
			  o->total != (int64_t)o->known.len)
			continue;
		text = (struct nc_text){ p, end };
		switch (take(o, &text)) {
		case MORE:
			o->call = call;
			o->waits = true;
			hold(t, (struct nc_text){ t->text.p, end });
			return true;
		case LAST:
			o->call = call;
			join(t, text);
			return true;
		default:
			break;
		}
	}
	return false;
}

bool
nc_output_waits(const struct nc_trace *t)
{
	return t->output->waits;
}

bool
nc_output_line(struct nc_trace *t, struct nc_text text)
{
	struct nc_output *o = t->output;
	struct nc_prefix none = { .len = 0 };
	struct nc_text rest;
	struct nc_line l;
	enum what what = NOT_OUTPUT;

	rest = text = nc_capture_line(t, text);
	/* Past what the call shows, a line of a trace is taken for one. */
	nc_line_parse(text.p, text.end, &none, &l);
	if (o->n < LINES_MAX &&
	    ((size_t)o->done < o->known.len || l.kind == NC_LINE_BAD ||
		l.kind == NC_LINE_BLANK || o->done == o->total))
		what = take(o, &rest);
	if (what == NOT_OUTPUT && nc_capture_is_message(text)) {
		nc_trace_pass(t, NC_IGNORED_MESSAGE);
		return true;
	}
	if (what == MORE)
		hold(t, text);
	else if (what == LAST)
		join(t, rest);
	else
		give_up(t);
	return what != NOT_OUTPUT;
}

void
nc_output_end(struct nc_trace *t)
{
	if (t->output != NULL && t->output->waits)
		give_up(t);
}

bool
nc_output_is_session(struct nc_text text)
{
	return nc_text_starts(text, "Script started on ") ||
	    nc_text_starts(text, "Script done on ");
}

void
nc_output_free(struct nc_trace *t)
{
	struct nc_output *o = t->output;

	if (o == NULL)
		return;
	nc_buf_fini(&o->known);
	nc_buf_fini(&o->text);
	free(o->held);
	free(o);
}
