/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One trace file while it is read: from lines to operations.
 */
#include "trace.h"

#include "../lib/util.h"
#include "calls.h"
#include "emit.h"
#include "ledger.h"
#include "tasks.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#define DAY (INT64_C(86400) * 1000000000)

void
nc_trace_init(struct nc_trace *t, struct nc_machine *m, int64_t number,
    const char *file, struct nc_writer *out)
{
	memset(t, 0, sizeof(*t));
	t->machine = m;
	t->number = number;
	t->file = file;
	t->out = out;
	t->now = NC_NIL;
	t->last_clock = NC_NIL;
}

void
nc_trace_fini(struct nc_trace *t)
{
	struct nc_op *op;
	size_t i;

	nc_task_free_all(t);
	while ((op = t->free_ops) != NULL) {
		t->free_ops = op->free_next;
		nc_buf_fini(&op->text);
		free(op->watched);
		free(op);
	}
	for (i = 0; i < NC_HELD_MAX; i++)
		nc_buf_fini(&t->held[i].bytes);
	nc_buf_fini(&t->joined);
	nc_buf_fini(&t->data);
	nc_buf_fini(&t->ready);
	nc_buf_fini(&t->runs);
}

void
nc_trace_reject(struct nc_trace *t, const char *why)
{
	struct nc_ledger *l = &t->ledger;

	if (l->rejected < NC_REJECTED_MAX) {
		l->rejected_line[l->rejected] = t->line;
		if (!t->quiet)
			warnx("%s:%lld: %s", t->file, (long long)t->line, why);
	}
	l->rejected++;
}

/* The time of a line, from its stamp; days are counted, deltas summed. */
static void
set_time(struct nc_trace *t, const struct nc_line *l)
{
	switch (l->stamp) {
	case NC_STAMP_EPOCH:
		t->now = l->time;
		break;
	case NC_STAMP_DAY:
		/* A fall by more than half a day is midnight. */
		if (t->last_clock != NC_NIL && l->time < t->last_clock - DAY / 2)
			t->day++;
		t->last_clock = l->time;
		t->now = t->day * DAY + l->time;
		break;
	case NC_STAMP_DELTA:
		t->now = (t->now == NC_NIL ? 0 : t->now) + l->time;
		break;
	default:
		return;
	}
	t->ledger.timed = true;
}

static struct nc_op *
begin_op(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call)
{
	struct nc_op *op = nc_op_new(t);

	op->call = call;
	op->thread = th;
	op->tid = th->tid;
	op->pid = th->process->pid;
	op->entry = t->line;
	op->time = t->now;
	return op;
}

static void
first_half(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call,
    struct nc_text text, bool final)
{
	struct nc_op *op = begin_op(t, th, call);

	while (text.end > text.p && (text.end[-1] == ' ' ||
	    text.end[-1] == '\t'))
		text.end--;
	nc_buf_add(&op->text, text.p, (size_t)(text.end - text.p));
	if (!nc_call_enter(t, op, text)) {
		th->idle_call = true;
		nc_op_free(t, op);
		return;
	}
	nc_op_pin(op);
	nc_op_list(t, op);
	nc_op_drop(t, op, false);
	th->op = op;
	if (final)
		nc_call_abandon(t, op);
}

static void
whole_call(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call,
    struct nc_text text)
{
	struct nc_op *op = begin_op(t, th, call);

	op->whole = true;
	if (call == NC_CALL_CLONE || call == NC_CALL_CLONE3)
		nc_buf_add(&op->text, text.p, (size_t)(text.end - text.p));
	if (!nc_call_enter(t, op, text)) {
		nc_op_free(t, op);
		return;
	}
	nc_call_leave(t, op, text);
}

/* True if a call that does not matter at least looks complete. */
static bool
looks_whole(struct nc_text text)
{
	const char *p = text.end;

	while (p > text.p && p[-1] != '=')
		p--;
	return p > text.p + 1 && p < text.end;
}

/* poll & co. interrupted with a restart block go on in restart_syscall. */
static void
restart(struct nc_trace *t, struct nc_thread *th, struct nc_text text)
{
	struct nc_op *op = th->op;
	const char *cut, *p;
	bool final;

	th->waits_restart = false;
	if (nc_line_is_half(text.p, text.end, &cut, &final) && !final)
		return;
	p = memchr(text.p, ')', (size_t)(text.end - text.p));
	if (p == NULL) {
		nc_trace_reject(t, "line is cut");
		return;
	}
	op->interrupted = false;
	t->joined.len = 0;
	nc_buf_add(&t->joined, op->text.p, op->text.len);
	nc_buf_add(&t->joined, p, (size_t)(text.end - p));
	nc_call_leave(t, op, (struct nc_text){t->joined.p,
	    t->joined.p + t->joined.len});
}

static void
call_line(struct nc_trace *t, struct nc_thread *th, const struct nc_line *l)
{
	enum nc_call_id call;
	const char *cut;
	struct nc_text text = l->body;
	bool final, half;

	call = nc_call_of(l->name.p, (size_t)(l->name.end - l->name.p));
	t->ledger.calls++;
	t->ledger.classes[nc_call_group(call)]++;
	if (th->op != NULL) {
		if (th->waits_restart && call == NC_CALL_RESTART_SYSCALL) {
			restart(t, th, text);
			return;
		}
		if (!th->waits_restart)
			nc_trace_reject(t, "the thread is still in a call");
		th->waits_restart = false;
		nc_call_abandon(t, th->op);
	}
	th->idle_call = false;
	half = nc_line_is_half(text.p, text.end, &cut, &final);
	if (call == NC_CALL_NONE || call == NC_CALL_RESTART_SYSCALL ||
	    nc_call_group(call) == NC_GROUP_PSEUDO) {
		if (half)
			th->idle_call = !final;
		else if (!looks_whole(text))
			nc_trace_reject(t, "line is cut");
		t->ledger.ignored[NC_IGNORED_OTHER]++;
		if (nc_text_starts(l->name, "io_uring_enter"))
			t->ledger.io_uring = true;
		return;
	}
	if (nc_call_group(call) == NC_GROUP_FILE) {
		if (half)
			th->idle_call = !final;
		else if (!looks_whole(text))
			nc_trace_reject(t, "line is cut");
		else
			nc_call_file(t, th, text);
		t->ledger.ignored[NC_IGNORED_FILE]++;
		return;
	}
	if (half) {
		text.end = cut;
		first_half(t, th, call, text, final);
	} else {
		whole_call(t, th, call, text);
	}
}

/* "read(3" + ", "R", 1) = 1": where versions cut, one blank or comma fits. */
static struct nc_text
join(struct nc_trace *t, const struct nc_op *op, struct nc_text rest)
{
	const char *a = op->text.p, *end = a + op->text.len;
	char last = op->text.len > 0 ? end[-1] : '(';
	char first;

	rest = nc_text_trim(rest);
	first = rest.p < rest.end ? *rest.p : ')';
	t->joined.len = 0;
	nc_buf_add(&t->joined, a, op->text.len);
	if (op->text.len > 0 && memchr(",)=]}", first, 5) == NULL &&
	    memchr("([{,", last, 4) == NULL)
		nc_buf_add(&t->joined, ", ", 2);
	else if (last == ',' || first == '=')
		nc_buf_add(&t->joined, " ", 1);
	nc_buf_add(&t->joined, rest.p, (size_t)(rest.end - rest.p));
	return (struct nc_text){t->joined.p, t->joined.p + t->joined.len};
}

/* execve by a thread that is not the leader ends under the leader's pid. */
static struct nc_op *
moved_exec(struct nc_trace *t, struct nc_thread *th)
{
	struct nc_op *op;

	for (op = t->first_op; op != NULL; op = op->next)
		if (op->call == NC_CALL_EXECVE && op->thread != NULL &&
		    op->thread != th && op->thread->process == th->process)
			break;
	if (op == NULL)
		return NULL;
	if (th->op != NULL)
		nc_call_abandon(t, th->op);
	op->thread->op = NULL;
	op->thread = th;
	th->op = op;
	return op;
}

static void
resumed_line(struct nc_trace *t, struct nc_thread *th, const struct nc_line *l)
{
	static const char word[] = "<unfinished ...>)";
	struct nc_op *op = th->op;
	enum nc_call_id call;
	struct nc_text rest = nc_text_trim(l->body);
	const char *cut;
	bool final;

	call = nc_call_of(l->name.p, (size_t)(l->name.end - l->name.p));
	if (call == NC_CALL_EXECVE && (op == NULL || op->call != call))
		op = moved_exec(t, th);
	if (op != NULL && op->interrupted && call == NC_CALL_RESTART_SYSCALL)
		call = op->call;
	if (op == NULL) {
		if (!th->idle_call)
			nc_trace_reject(t, "resumed call that never began");
		else
			t->ledger.joined++;
		th->idle_call = false;
		return;
	}
	if (op->call != call && l->name.p[0] != '?') {
		nc_trace_reject(t, "resumed call is another one");
		return;
	}
	t->ledger.joined++;
	/* Killed inside: "<unfinished ...>) = ?". */
	if (rest.end - rest.p >= 17 && memcmp(rest.p, word, 17) == 0)
		rest.p += 16;
	if (nc_line_is_half(rest.p, rest.end, &cut, &final)) {
		nc_call_abandon(t, op);
		return;
	}
	if (op->interrupted) {
		struct nc_text tail = rest;

		op->interrupted = false;
		th->waits_restart = false;
		tail.p = memchr(rest.p, ')', (size_t)(rest.end - rest.p));
		if (tail.p == NULL)
			tail = rest;
		nc_call_leave(t, op, join(t, op, tail));
		return;
	}
	nc_call_leave(t, op, join(t, op, rest));
}

static void
ignore(struct nc_trace *t, enum nc_ignored why)
{
	t->ledger.ignored[why]++;
}

static void
dispatch(struct nc_trace *t, const struct nc_line *l)
{
	struct nc_thread *th;

	switch (l->kind) {
	case NC_LINE_BLANK:
		ignore(t, NC_IGNORED_BLANK);
		return;
	case NC_LINE_MESSAGE:
		ignore(t, NC_IGNORED_MESSAGE);
		return;
	case NC_LINE_DUMP:
		ignore(t, NC_IGNORED_DUMP);
		return;
	case NC_LINE_SUMMARY:
		t->ledger.summary = true;
		ignore(t, NC_IGNORED_SUMMARY);
		return;
	case NC_LINE_BAD:
		if (t->ledger.summary)
			ignore(t, NC_IGNORED_SUMMARY);
		else
			nc_trace_reject(t, l->why);
		return;
	default:
		break;
	}
	set_time(t, l);
	th = nc_task_of(t, l->pid);
	switch (l->kind) {
	case NC_LINE_CALL:
		call_line(t, th, l);
		break;
	case NC_LINE_RESUMED:
		resumed_line(t, th, l);
		break;
	case NC_LINE_SIGNAL:
		ignore(t, NC_IGNORED_SIGNAL);
		break;
	default:
		ignore(t, NC_IGNORED_EXIT);
		nc_task_gone(t, th, l->kind == NC_LINE_KILLED);
		return;
	}
	th->last_line = t->line;
	th->last_time = t->now;
}

void
nc_trace_line(struct nc_trace *t, const char *p, const char *end,
    bool newline)
{
	struct nc_line l;

	t->line++;
	t->ledger.lines++;
	t->ledger.bytes += end - p + newline;
	if (t->line == 1 && end - p >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	while (end > p && end[-1] == '\r')
		end--;
	if (memchr(p, '\0', (size_t)(end - p)) != NULL) {
		nc_trace_reject(t, "NUL byte");
		return;
	}
	nc_line_parse(p, end, &l);
	dispatch(t, &l);
}

void
nc_trace_end(struct nc_trace *t)
{
	struct nc_op *op;

	t->ledger.cut = t->threads.len > 0;
	/* Calls in progress first; releases wait for them. */
	while ((op = t->first_op) != NULL) {
		while (op != NULL && op->call == NC_CALL_RELEASE)
			op = op->next;
		if (op == NULL)
			break;
		nc_call_abandon(t, op);
	}
	nc_ledger_exits(t);
	nc_emit_flush(t);
	nc_ledger_write(t);
}
