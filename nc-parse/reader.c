/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * From the lines of a file to what they say: its calls, events and messages.
 */
#include "trace.h"

#include "call/calls.h"
#include "call/dump.h"
#include "call/emit.h"
#include "call/halves.h"
#include "call/whole.h"
#include "input/pages.h"
#include "join/capture.h"
#include "join/output.h"
#include "join/weave.h"
#include "table/passing.h"
#include "table/tasks.h"
#include "table/untraced.h"
#include "text/scan.h"

#include <assert.h>
#include <string.h>

#define DAY (INT64_C(86400) * 1000000000)
#define DAYS_MAX 100000 /* in nanoseconds they still fit */

/* The time of a line, from its stamp; days are counted, deltas summed. */
static void
set_time(struct nc_trace *t, const struct nc_line *l)
{
	if (l->stamp != NC_STAMP_NONE && t->stamp != NC_STAMP_NONE &&
	    l->stamp != t->stamp && !t->mixed) {
		t->mixed = true;
		nc_trace_reject(t, "another form of time than before");
	}
	if (l->stamp != NC_STAMP_NONE)
		t->stamp = l->stamp;
	switch (l->stamp) {
	case NC_STAMP_EPOCH:
		t->now = l->time;
		break;
	case NC_STAMP_DAY:
		/* A fall by more than half a day is midnight. */
		if (t->last_clock != NC_NIL &&
		    l->time < t->last_clock - DAY / 2 && t->day < DAYS_MAX)
			t->day++;
		t->last_clock = l->time;
		t->now = t->day * DAY + l->time;
		break;
	case NC_STAMP_DELTA:
		/* The line before, of strace -ff, is one of any file's. */
		if (t->family != NULL && t->family->apart)
			return;
		if (t->now == NC_NIL)
			t->now = 0;
		t->now = l->time < INT64_MAX - t->now ? t->now + l->time :
							INT64_MAX;
		break;
	default:
		return;
	}
	t->ledger.timed = true;
	if (t->lane->now == NC_NIL || t->now > t->lane->now)
		t->lane->now = t->now;
	if (t->open_ended)
		nc_emit_until(t);
}

/* "Process 5 detached": in old versions all that is said of its end. */
static void
message(struct nc_trace *t, struct nc_text text)
{
	struct nc_thread *th;
	const char *p;
	int64_t pid;

	text.p = nc_scan_skip_tracer(text.p, text.end);
	if (!nc_text_starts(text, "Process "))
		return;
	text.p += 8;
	p = nc_text_int(text, &pid);
	text.p = p;
	if (p == NULL || !nc_text_is(text, " detached"))
		return;
	th = nc_map_get(&t->machine->threads, (uint64_t)pid);
	if (th != NULL && th->home == t &&
	    (th->process->exiting || th->exiting))
		nc_task_gone(t, th, false);
}

/* The thread runs again: it did not wait meanwhile. */
static void
continued(struct nc_trace *t, struct nc_thread *th)
{
	th->stopped = false;
	th->was_stopped = true;
	if (th->op != NULL && th->stopped_at != NC_NIL && t->now != NC_NIL &&
	    t->now > th->stopped_at)
		th->op->stopped += t->now - th->stopped_at;
}

static void
was_here(struct nc_trace *t, struct nc_thread *th)
{
	th->last_line = t->line;
	th->last_at = t->lane->at;
	th->last_time = t->now;
}

/*
 * "<... read resumed> <unfinished ...>) = ?" is written when the thread is
 * dead: it was stopped last where the call began, and what its death closed
 * may have been closed since then.
 */
static bool
tells_death(const struct nc_line *l)
{
	struct nc_text rest;

	if (l->kind != NC_LINE_RESUMED)
		return false;
	rest = nc_text_trim(l->body);
	return rest.end - rest.p >= 3 && memcmp(rest.end - 3, "= ?", 3) == 0;
}

/* A line that is of no task. */
static void
dispatch_other(struct nc_trace *t, const struct nc_line *l)
{
	switch (l->kind) {
	case NC_LINE_BLANK:
		nc_trace_pass(t, NC_IGNORED_BLANK);
		break;
	case NC_LINE_MESSAGE:
		message(t, l->body);
		nc_trace_pass(t, NC_IGNORED_MESSAGE);
		break;
	case NC_LINE_DUMP:
		nc_dump_line(t, l->body.p, l->body.end);
		nc_trace_pass(t, NC_IGNORED_DUMP);
		break;
	case NC_LINE_SUMMARY:
		t->ledger.summary = true;
		nc_trace_pass(t, NC_IGNORED_SUMMARY);
		break;
	default:
		if (t->ledger.summary)
			nc_trace_pass(t, NC_IGNORED_SUMMARY);
		else if (nc_output_is_session(l->body))
			nc_trace_pass(t, NC_IGNORED_SESSION);
		else if (!nc_half_unmarked(t, l->body))
			nc_trace_reject(t, l->why);
		break;
	}
}

/* What is no call of a task; false if the task is gone with it. */
static bool
dispatch_event(
    struct nc_trace *t, struct nc_thread *th, const struct nc_line *l)
{
	switch (l->kind) {
	case NC_LINE_RESUMED:
		nc_half_resumed(t, th, l);
		break;
	case NC_LINE_SIGNAL:
		th->stopped = l->value == 1;
		th->stopped_at = t->now;
		nc_trace_pass(t, NC_IGNORED_SIGNAL);
		break;
	case NC_LINE_SUPERSEDED:
		/* The process goes on under this id: execve ends under it. */
		nc_trace_pass(t, NC_IGNORED_EXIT);
		if (th->op != NULL)
			nc_call_abandon(t, th->op);
		nc_task_idle_over(th);
		th->superseded_by = l->value;
		break;
	default:
		nc_trace_pass(t, NC_IGNORED_EXIT);
		if (l->kind == NC_LINE_EXITED && !th->exiting &&
		    !th->process->exiting)
			t->ledger.silent_exit = true;
		if (l->kind == NC_LINE_EXITED && th->process->pleaded &&
		    !th->exiting && !th->process->exiting &&
		    th->process->threads == 1)
			nc_task_exit_status(t, th, l->value);
		if (l->kind == NC_LINE_KILLED && l->value)
			th->process->crashed = true;
		nc_task_gone(t, th, l->kind == NC_LINE_KILLED);
		return false;
	}
	return !tells_death(l);
}

static bool
is_of_task(enum nc_line_kind kind)
{
	return kind == NC_LINE_RESUMED || kind == NC_LINE_SIGNAL ||
	    kind == NC_LINE_EXITED || kind == NC_LINE_KILLED ||
	    kind == NC_LINE_SUPERSEDED;
}

/* What a line calls; NC_CALL_NONE if it does not, or nothing that matters. */
static inline enum nc_call_id
call_of(const struct nc_line *l)
{
	return l->kind != NC_LINE_CALL ?
	    NC_CALL_NONE :
	    nc_call_of(l->name.p, (size_t)(l->name.end - l->name.p));
}

/* True if nc_task_of would find the thread of the line before. */
static inline bool
is_of_last(const struct nc_trace *t, int64_t pid)
{
	const struct nc_thread *last = t->lane->last;

	if (last == NULL || last->home != t)
		return false;
	if (pid == NC_NIL)
		pid = t->pid;
	return pid == NC_NIL || (t->ledger.pids && last->tid == pid);
}

/*
 * Most lines of many traces cannot matter, and the thread that they are of was
 * known before: they cost a look at the name and at the end.
 */
static inline bool
passes(struct nc_trace *t, const struct nc_line *l)
{
	struct nc_thread *th = t->lane->last;

	if (!is_of_last(t, l->pid) || th->op != NULL || th->idle_call ||
	    th->stopped || th->process->start != NC_START_OVER ||
	    (l->stamp != t->stamp && l->stamp != NC_STAMP_NONE) ||
	    !nc_whole_passes(t, l))
		return false;
	set_time(t, l);
	nc_untraced_look(t, th, l);
	was_here(t, th);
	return true;
}

/* True if the line's call is in progress until nc_trace_leave. */
static bool
dispatch(struct nc_trace *t, const struct nc_line *l, enum nc_call_id call,
    bool split)
{
	struct nc_thread *th, *last;
	int64_t before;
	bool inside;

	t->entry = l->entry != 0 ? l->entry : t->line;
	if (l->kind != NC_LINE_CALL && !is_of_task(l->kind)) {
		dispatch_other(t, l);
		return false;
	}
	before = t->now;
	last = t->lane->last;
	set_time(t, l);
	t->resuming = l->kind == NC_LINE_RESUMED;
	t->executing = call == NC_CALL_EXECVE;
	t->calling = l->kind == NC_LINE_CALL ? call : NC_CALL_NONE;
	t->called_with = l->body;
	th = is_of_last(t, l->pid) ? last : nc_task_of(t, l->pid);
	assert(th != NULL);
	/* Where traces share the lane the clock is what merged them. */
	t->back = before != NC_NIL && t->now < before && last != th &&
	    t->lane->traces == 1;
	if (th->stopped)
		continued(t, th);
	if (l->kind == NC_LINE_CALL) {
		inside = nc_whole_line(t, th, l, call, split);
		was_here(t, th);
		return inside;
	}
	if (dispatch_event(t, th, l))
		was_here(t, th);
	return false;
}

void
nc_trace_dispatch(struct nc_trace *t, const struct nc_line *l)
{
	dispatch(t, l, call_of(l), false);
}

/* What it writes may stand behind its text, on a terminal. */
static inline bool
may_show_output(enum nc_call_id call)
{
	return call == NC_CALL_WRITE || call == NC_CALL_WRITEV;
}

static bool
shows_output(struct nc_text text)
{
	struct nc_prefix none = { .len = 0 };
	struct nc_line l;

	nc_line_parse(text.p, text.end, &none, &l);
	return may_show_output(call_of(&l));
}

/* Takes off what no trace has inside a line; false if the line is rejected. */
static bool
clean_line(struct nc_trace *t, struct nc_text *text)
{
	const char *cr;

	/* The program has written nothing yet. */
	if (t->line <= 2)
		t->crlf = text->end > text->p && text->end[-1] == '\r';
	while (text->end > text->p && text->end[-1] == '\r')
		text->end--;
	if (memchr(text->p, '\0', (size_t)(text->end - text->p)) != NULL) {
		nc_trace_reject(t, "NUL byte");
		return false;
	}
	cr = memchr(text->p, '\r', (size_t)(text->end - text->p));
	t->stray_cr = cr != NULL;
	if (cr != NULL && !shows_output((struct nc_text){ text->p, cr })) {
		nc_trace_reject(t, "carriage return");
		return false;
	}
	if (memchr(text->p, '\33', (size_t)(text->end - text->p)) != NULL)
		*text = nc_line_without_colour(*text, &t->lane->plain);
	return true;
}

/* A line is done: what it left without an owner goes. */
static inline void
settle(struct nc_trace *t)
{
	if (t->machine->orphans.first != NULL)
		nc_passing_orphans(t);
	if (t->machine->unused != NULL)
		nc_machine_sweep(t->machine);
}

static bool
read_line(struct nc_trace *t, struct nc_text text, bool split)
{
	enum nc_call_id call;
	struct nc_line l;
	const char *cut;
	bool inside;

	if (t->output != NULL && nc_output_waits(t) && nc_output_line(t, text))
		return false;
	if (t->weave != NULL && nc_weave_line(t, &text))
		return false;
	if (t->line == 1 && nc_text_starts(text, "\xef\xbb\xbf"))
		text.p += 3;
	t->text = text;
	if (!t->clean && !clean_line(t, &text))
		return false;
	t->shown = text.p;
	/* Most lines end in a duration or a number. */
	cut = nc_capture_may(text) ? nc_capture_message(text) : NULL;
	if (cut != NULL && memchr(text.p, '(', (size_t)(cut - text.p))) {
		nc_trace_pass(t, NC_IGNORED_MESSAGE);
		text.end = cut;
		nc_capture_with(t, &text);
		nc_weave_open(t);
		return false;
	}
	if (t->partial.len > 0) {
		if (nc_capture_is_message(text)) {
			nc_trace_pass(t, NC_IGNORED_MESSAGE);
			return false;
		}
		if (!nc_capture_with(t, &text))
			return false;
		split = false;
	}
	nc_line_parse(text.p, text.end, &t->prefix, &l);
	if (t->dump.waits && l.kind != NC_LINE_DUMP)
		nc_dump_end(t);
	call = call_of(&l);
	if (call == NC_CALL_NONE && !t->shows_all && l.kind == NC_LINE_CALL)
		t->shows_all = nc_untraced_shows_all(l.name);
	inside = (call != NC_CALL_NONE || l.kind != NC_LINE_CALL ||
		     !passes(t, &l)) &&
	    dispatch(t, &l, call, split);
	t->inside = inside ? t->lane->last : NULL;
	if (may_show_output(call) && t->fate == NC_FATE_HALF && *text.p == '[')
		nc_weave_note(t, call, &l);
	settle(t);
	if (t->partial.len > 0)
		nc_capture_drop(t);
	return inside;
}

void
nc_trace_reread(struct nc_trace *t, struct nc_text text)
{
	read_line(t, text, false);
}

void
nc_trace_count(struct nc_trace *t, int64_t bytes, bool newline)
{
	t->line++;
	t->lane->at++;
	t->fate = NC_FATE_LOST;
	t->last_line = !newline;
	t->ledger.lines++;
	t->ledger.bytes += bytes + newline;
}

static bool
take_line(struct nc_trace *t, const char *p, const char *end, bool newline,
    bool split)
{
	bool inside;

	nc_trace_count(t, end - p, newline);
	inside = read_line(t, (struct nc_text){ p, end }, split);
	t->ledger.fates[t->fate]++;
	return inside;
}

void
nc_trace_overlong(struct nc_trace *t, int64_t bytes, bool newline)
{
	nc_output_end(t);
	nc_weave_end(t);
	nc_trace_count(t, bytes, newline);
	nc_capture_drop(t);
	nc_trace_reject(t, "line is longer than 16 MB");
	t->ledger.fates[t->fate]++;
}

void
nc_trace_settle(struct nc_trace *t)
{
	settle(t);
	t->ledger.fates[t->fate]++;
}

void
nc_trace_line(struct nc_trace *t, const char *p, const char *end, bool newline)
{
	take_line(t, p, end, newline, false);
}

bool
nc_trace_enter(struct nc_trace *t, const char *p, const char *end, bool newline)
{
	/* Taking colour out of a long line spoils it: it is read once. */
	return take_line(
	    t, p, end, newline, t->clean || end - p <= NC_PAGES_SLICE);
}

void
nc_trace_leave(struct nc_trace *t, const char *p, const char *end, int64_t now)
{
	struct nc_text text = { p, end };
	struct nc_thread *th = t->inside;
	struct nc_op *op;
	struct nc_line l;

	/* Its process may have ended, or another thread's execve ended it. */
	if (th == NULL)
		return;
	t->inside = NULL;
	t->lane->at++;
	t->now = now;
	if (!t->clean && !clean_line(t, &text))
		return;
	nc_line_parse(text.p, text.end, &t->prefix, &l);
	op = th->op;
	if (op == NULL)
		nc_call_file(t, th,
		    nc_call_of(l.name.p, (size_t)(l.name.end - l.name.p)),
		    l.body);
	else if (op->interrupted)
		nc_half_restart(t, th, l.body);
	else if (op->split && op->home == t && op->entry == t->line)
		nc_call_leave(t, op, l.body);
	was_here(t, th);
	settle(t);
}
