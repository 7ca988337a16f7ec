/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls that are one line of a trace.
 */
#define _GNU_SOURCE /* memrchr */
#include "whole.h"

#include "../join/output.h"
#include "../join/startup.h"
#include "../table/doubt.h"
#include "../table/shared.h"
#include "../table/tasks.h"
#include "../table/untraced.h"
#include "../text/args.h"
#include "../text/digits.h"
#include "../text/tail.h"
#include "calls.h"
#include "enter.h"
#include "halves.h"
#include "op.h"
#include "util.h"

#include <string.h>

struct nc_op *
nc_op_begin(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call)
{
	struct nc_op *op = nc_op_new(t);

	if (nc_call_forks(call))
		t->lane->clones = true;
	op->call = call;
	op->thread = th;
	op->tid = th->tid;
	op->pid = th->process->pid;
	op->entry = t->entry;
	op->from = t->lane->at;
	op->time = t->now;
	return op;
}

/* After a result comes nothing, an annotation, a name or parentheses. */
static bool
ends_value(const char *p, const char *end)
{
	while (p < end && *p != ' ' && *p != '\t' && *p != '<')
		p++;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p == end || *p == '<' || *p == '(' || *p == 'E' || *p == '[' ||
	    *p == '/';
}

/* After a result: what in parentheses tells of the tracer's hand in it. */
static void
note_injected(struct nc_trace *t, struct nc_text rest)
{
	const char *p = rest.p;

	/* No room for a word: as most results end. */
	if (rest.end - p < (ptrdiff_t)sizeof("0 (DELAYED") - 1)
		return;
	while ((p = memchr(p, '(', (size_t)(rest.end - p))) != NULL) {
		rest.p = p++;
		if (nc_text_starts(rest, "(INJECTED") ||
		    nc_text_starts(rest, "(DELAYED")) {
			t->ledger.injected++;
			return;
		}
	}
}

/* From the end, as that is where a line is cut. */
bool
nc_whole_looks(struct nc_trace *t, struct nc_text text)
{
	const char *p = text.end, *q;

	for (;;) {
		p = memrchr(text.p, '=', (size_t)(p - text.p));
		if (p == NULL)
			return false;
		for (q = p; q > text.p && (q[-1] == ' ' || q[-1] == '\t'); q--)
			;
		if (q == text.p || q[-1] != ')')
			continue;
		for (q = p + 1; q < text.end && (*q == ' ' || *q == '\t'); q++)
			;
		if (q == text.end ||
		    (*q != '?' &&
			((*q != '-' && !(*q >= '0' && *q <= '9')) ||
			    !ends_value(q, text.end))))
			return false;
		t->ledger.results += *q != '?';
		t->ledger.failed += *q == '-';
		note_injected(t, (struct nc_text){ q, text.end });
		return true;
	}
}

/* The line is cut: the program's output may have cut it. */
static void
cut_by_output(struct nc_trace *t, enum nc_call_id call, const struct nc_line *l,
    const char *why)
{
	if (!nc_output_begin(t, call, l)) {
		nc_trace_refuse(t, why);
		return;
	}
	/* It is counted once it is whole. */
	t->ledger.calls--;
	t->ledger.classes[nc_call_group(call)]--;
	t->ledger.ignored[t->why]--;
}

static void
whole_call(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call,
    const struct nc_line *l, const char *cut)
{
	struct nc_text text = l->body;
	struct nc_op *op = nc_op_begin(t, th, call);
	const char *why;

	op->whole = true;
	/* With -z a line is written when the call has ended. */
	if (t->back && th->last_line > 0) {
		op->entry = th->last_line + 1;
		t->ledger.staged++;
	}
	if (call == NC_CALL_CLONE || call == NC_CALL_CLONE3)
		nc_buf_add(&op->text, text.p, (size_t)(text.end - text.p));
	if (!nc_call_enter(t, op, text)) {
		why = op->bad;
		nc_op_free(t, op);
		text.end = cut;
		if (why == NULL && !nc_whole_looks(t, text))
			why = "line is cut";
		if (why != NULL)
			cut_by_output(t, call, l, why);
		return;
	}
	nc_call_leave(t, op, text);
}

/* Arguments that a first half would show: the kernel fills in the others. */
static struct nc_text
shown_at_entry(enum nc_call_id call, struct nc_text text)
{
	const char *p, *note;

	if (nc_call_is_producer(call) || call == NC_CALL_POLL ||
	    call == NC_CALL_PPOLL || call == NC_CALL_SELECT ||
	    call == NC_CALL_PSELECT6)
		return text;
	for (p = text.p; p < text.end && *p != ',' && *p != ')'; p++)
		if (*p == '<') {
			note = nc_text_skip_note(p, text.end);
			if (note == NULL)
				break;
			p = note - 1;
		}
	text.end = p;
	return text;
}

/* The call's result is a descriptor that another thread may use at once. */
static bool
makes_fd(enum nc_call_id call)
{
	switch (call) {
	case NC_CALL_SOCKET:
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
	case NC_CALL_DUP:
	case NC_CALL_DUP2:
	case NC_CALL_DUP3:
	case NC_CALL_FCNTL:
	case NC_CALL_EPOLL_CREATE:
	case NC_CALL_EPOLL_CREATE1:
	case NC_CALL_PIDFD_GETFD:
		return true;
	default:
		return false;
	}
}

static uint64_t
making_key(const struct nc_thread *th, int fd)
{
	return nc_hash_int((uintptr_t)nc_thread_table(th)) + (uint64_t)fd + 1;
}

bool
nc_trace_returned(const struct nc_trace *t, struct nc_thread *th, int fd)
{
	struct nc_op *op;

	if (t->lane->making.n == 0 || fd < 0)
		return false;
	op = nc_map_get(&t->lane->making, making_key(th, fd));
	if (op == NULL || op->thread == th || op->held ||
	    op->home->settle == NULL)
		return false;
	op->home->settle(op->home->strand);
	return true;
}

void
nc_trace_hold(const struct nc_trace *t, struct nc_thread *th, int fd, bool held)
{
	struct nc_op *op;
	uint64_t key;

	/* Nobody else could return it. */
	if (t->settle == NULL || fd < 0 ||
	    (th->process->threads < 2 && nc_thread_table(th)->refs < 2))
		return;
	key = making_key(th, fd);
	if (held)
		nc_map_put(&t->lane->files, key, t->lane);
	else
		nc_map_del(&t->lane->files, key);
	op = nc_map_get(&t->lane->making, key);
	if (op != NULL && op->thread != th)
		op->held = held;
}

/* A whole line whose call is in progress until nc_trace_leave. */
static bool
split_call(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call,
    const struct nc_line *l)
{
	struct nc_text text = l->body;
	struct nc_text shown = shown_at_entry(call, text);
	struct nc_op *op;
	struct nc_tail tail;
	struct nc_args a;
	const char *why;

	if (nc_args_split(text.p, text.end, &a, &why) < 0 || !a.closed ||
	    nc_tail_parse(a.rest, text.end, &tail, &why) < 0) {
		whole_call(t, th, call, l, text.end);
		return false;
	}
	op = nc_op_begin(t, th, call);
	op->whole = true;
	nc_buf_add(&op->text, shown.p, (size_t)(shown.end - shown.p));
	if (!nc_call_enter(t, op, text)) {
		why = op->bad;
		nc_op_free(t, op);
		if (why == NULL && !nc_whole_looks(t, text))
			why = "line is cut";
		if (why != NULL)
			nc_trace_refuse(t, why);
		return false;
	}
	op->whole = false;
	op->split = true;
	/* The child may have lines before its maker's call is over. */
	if (nc_call_forks(call) && tail.result > 0)
		op->child = tail.result;
	if (makes_fd(call) && tail.result >= 0 && tail.result <= 0x7fffffff)
		op->makes = making_key(th, (int)tail.result);
	nc_op_pin(op);
	nc_op_list(op);
	nc_op_drop(t, op, false);
	if (op->makes != 0) {
		nc_map_put(&t->lane->making, op->makes, op);
		op->held = nc_map_get(&t->lane->files, op->makes) != NULL;
	}
	th->op = op;
	return true;
}

bool
nc_whole_passes(struct nc_trace *t, const struct nc_line *l)
{
	struct nc_text text = l->body;

	if (text.end - text.p > NC_DURATION &&
	    nc_digits_is_duration(text.end - NC_DURATION))
		text.end -= NC_DURATION;
	else if (text.end[-1] == '>')
		return false;
	if (!nc_whole_looks(t, text))
		return false;
	t->ledger.calls++;
	t->ledger.classes[NC_GROUP_OTHER]++;
	t->ledger.ignored[NC_IGNORED_OTHER]++;
	nc_doubt_note(t, l->name);
	t->fate = NC_FATE_WHOLE;
	return true;
}

bool
nc_whole_line(struct nc_trace *t, struct nc_thread *th, const struct nc_line *l,
    enum nc_call_id call, bool split)
{
	const char *cut;
	struct nc_text text = l->body;
	bool final, half;

	t->ledger.calls++;
	t->ledger.classes[nc_call_group(call)]++;
	if (th->op != NULL) {
		if (th->waits_restart && call == NC_CALL_RESTART_SYSCALL) {
			t->fate = NC_FATE_WHOLE;
			if (!split)
				nc_half_restart(t, th, text);
			return split;
		}
		if (!th->waits_restart)
			nc_trace_reject(t, "the thread is still in a call");
		th->waits_restart = false;
		nc_call_abandon(t, th->op);
	}
	nc_task_idle_over(th);
	half = nc_line_is_half(text.p, text.end, &cut, &final);
	if (th->process->start != NC_START_OVER)
		nc_startup_call(t, th->process, l, half);
	t->fate = half ? NC_FATE_HALF : NC_FATE_WHOLE;
	if (half)
		t->half_line = t->line;
	if (!t->clean && t->stray_cr && !half) {
		t->ledger.ignored[t->why = NC_IGNORED_FILE]++;
		cut_by_output(t, call, l, "carriage return");
		return false;
	}
	if (call == NC_CALL_WAIT4 && !nc_trace_is_apart(t))
		call = NC_CALL_NONE;
	if (call == NC_CALL_NONE || call == NC_CALL_RESTART_SYSCALL ||
	    nc_untraced_call(call) || nc_call_group(call) == NC_GROUP_PSEUDO) {
		if (half)
			nc_half_idle(th, final);
		else if (!nc_whole_looks(t, (struct nc_text){ text.p, cut }))
			nc_trace_refuse(t, "line is cut");
		t->ledger.ignored[NC_IGNORED_OTHER]++;
		if (call == NC_CALL_NONE)
			nc_doubt_note(t, l->name);
		if (nc_untraced_call(call))
			nc_untraced_note(t, th, call, text);
		else if (call == NC_CALL_NONE)
			nc_untraced_look(t, th, l);
		return false;
	}
	if (nc_call_group(call) == NC_GROUP_FILE) {
		if (half)
			nc_half_idle(th, final);
		else if (!nc_whole_looks(t, (struct nc_text){ text.p, cut }))
			nc_trace_refuse(t, "line is cut");
		else if (!split && nc_call_is_denied(th, call, text)) {
			whole_call(t, th, call, l, cut);
			return false;
		} else if (!split)
			nc_call_file(t, th, call, text);
		t->ledger.ignored[NC_IGNORED_FILE]++;
		return split && !half;
	}
	if (half && call == NC_CALL_EXECVE && nc_trace_is_apart(t) &&
	    nc_text_starts(nc_text_trim((struct nc_text){ cut, text.end }),
		"<pid changed")) {
		nc_half_exec(t, th);
	} else if (half) {
		text.end = cut;
		nc_half_first(t, th, call, text, final);
	} else if (split) {
		return split_call(t, th, call, l);
	} else {
		whole_call(t, th, call, l, cut);
		if (nc_shared_copies_file(th, call, text))
			nc_call_file(t, th, call, text);
	}
	if (call == NC_CALL_SETSOCKOPT)
		nc_untraced_note(t, th, call, l->body);
	return false;
}
