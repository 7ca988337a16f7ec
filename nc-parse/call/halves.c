/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls that are two lines of a trace, and such that go on elsewhere.
 */
#include "halves.h"

#include "../input/input.h"
#include "../input/pages.h"
#include "../table/tasks.h"
#include "calls.h"
#include "emit.h"
#include "enter.h"
#include "op.h"
#include "whole.h"

#include <string.h>

void
nc_half_idle(struct nc_thread *th, bool final)
{
	th->idle_call = true;
	if (final)
		nc_task_idle_over(th);
}

void
nc_half_first(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call,
    struct nc_text text, bool final)
{
	struct nc_op *op = nc_op_begin(t, th, call);

	while (
	    text.end > text.p && (text.end[-1] == ' ' || text.end[-1] == '\t'))
		text.end--;
	nc_pages_move(&op->text, text);
	text = (struct nc_text){ op->text.p, op->text.p + op->text.len };
	if (!nc_call_enter(t, op, text)) {
		nc_half_idle(th, final);
		nc_op_free(t, op);
		return;
	}
	nc_op_pin(op);
	nc_op_list(op);
	nc_op_drop(t, op, false);
	th->op = op;
	if (final)
		nc_call_abandon(t, op);
}

/*
 * Puts text behind that of the first half, in place; the operation's own text
 * stays the first half.  False if that is more than a line may be.
 */
static bool
append(struct nc_trace *t, struct nc_op *op, const char *between,
    struct nc_text rest, struct nc_text *whole)
{
	size_t half = op->text.len, n = (size_t)(rest.end - rest.p);

	if (half + n > NC_LINE_MAX) {
		nc_trace_reject(t, "call is longer than 16 MB");
		return false;
	}
	op->args_of.p = NULL;
	nc_buf_add(&op->text, between, strlen(between));
	nc_pages_move(&op->text, rest);
	*whole = (struct nc_text){ op->text.p, op->text.p + op->text.len };
	op->text.len = half;
	return true;
}

/* "read(3" + ", "R", 1) = 1": where versions cut, one blank or comma fits. */
static void
join(struct nc_trace *t, struct nc_op *op, struct nc_text rest)
{
	char last = op->text.len > 0 ? op->text.p[op->text.len - 1] : '(';
	const char *between = "";
	struct nc_text whole;
	char first;

	rest = nc_text_trim(rest);
	first = rest.p < rest.end ? *rest.p : ')';
	if (op->text.len > 0 && memchr(",)=]}", first, 5) == NULL &&
	    memchr("([{,", last, 4) == NULL)
		between = ", ";
	else if (last == ',' || first == '=')
		between = " ";
	if (append(t, op, between, rest, &whole))
		nc_call_leave(t, op, whole);
	else
		nc_call_abandon(t, op);
}

void
nc_half_restart(struct nc_trace *t, struct nc_thread *th, struct nc_text text)
{
	struct nc_op *op = th->op;
	const char *cut;
	bool final;

	th->waits_restart = false;
	t->fate = NC_FATE_WHOLE;
	if (nc_line_is_half(text.p, text.end, &cut, &final)) {
		t->fate = NC_FATE_HALF;
		t->half_line = t->line;
		if (!final)
			return;
	}
	text.p = memchr(text.p, ')', (size_t)(text.end - text.p));
	if (text.p == NULL) {
		nc_trace_refuse(t, "line is cut");
		return;
	}
	op->interrupted = false;
	op->restarted = true;
	if (append(t, op, "", text, &text))
		nc_call_leave(t, op, text);
	else
		nc_call_abandon(t, op);
}

void
nc_half_exec(struct nc_trace *t, struct nc_thread *th)
{
	struct nc_op *op = nc_op_begin(t, th, NC_CALL_EXECVE);
	struct nc_call rec;

	nc_emit_fields(t, op, &rec);
	rec.line = t->line;
	rec.result = 0;
	nc_emit_call(t, t, &rec, NULL);
	nc_op_free(t, op);
	th->moved = true;
}

/* ... and the leader's file: the process has a new program. */
static void
exec_from_elsewhere(struct nc_trace *t, struct nc_thread *th)
{
	struct nc_op *op = nc_op_begin(t, th, NC_CALL_EXECVE);

	nc_task_exec(t, op);
	nc_op_free(t, op);
	th->superseded_by = 0;
	t->ledger.joined++;
	t->fate = NC_FATE_HALF;
}

/* execve by a thread that is not the leader ends under the leader's pid. */
static struct nc_op *
moved_exec(struct nc_trace *t, struct nc_thread *th)
{
	struct nc_thread *from = NULL;
	struct nc_op *op = NULL;

	if (nc_trace_is_apart(t))
		return NULL;
	if (th->superseded_by != 0)
		from = nc_map_get(
		    &t->machine->threads, (uint64_t)th->superseded_by);
	th->superseded_by = 0;
	if (from != NULL && from != th)
		op = from->op;
	if (from == NULL)
		op = th->process->exec;
	if (op == NULL || op->thread == th || op->call != NC_CALL_EXECVE)
		return NULL;
	if (th->op != NULL)
		nc_call_abandon(t, th->op);
	from = op->thread;
	from->op = NULL;
	op->thread = th;
	th->op = op;
	if (from->process != th->process)
		nc_task_gone(t, from, false);
	return op;
}

/* The first half of an execve that superseded this thread was hidden (-z). */
static struct nc_op *
hidden_exec(struct nc_trace *t, struct nc_thread *th, int64_t by)
{
	struct nc_op *op;

	if (th->op != NULL)
		nc_call_abandon(t, th->op);
	t->ledger.calls++;
	t->ledger.classes[NC_GROUP_PROCESS]++;
	op = nc_op_begin(t, th, NC_CALL_EXECVE);
	op->tid = by;
	op->relevant = true;
	nc_op_list(op);
	th->op = op;
	return op;
}

/* The second half of restart_syscall: it ends what it went on with. */
static void
join_restarted(struct nc_trace *t, struct nc_thread *th, struct nc_op *op,
    struct nc_text rest)
{
	const char *tail = memchr(rest.p, ')', (size_t)(rest.end - rest.p));

	op->interrupted = false;
	op->restarted = true;
	th->waits_restart = false;
	if (tail != NULL)
		rest.p = tail;
	join(t, op, rest);
}

void
nc_half_resumed(
    struct nc_trace *t, struct nc_thread *th, const struct nc_line *l)
{
	static const char word[] = "<unfinished ...>)";
	struct nc_op *op = th->op;
	enum nc_call_id call;
	struct nc_text rest = nc_text_trim(l->body);
	const char *cut;
	int64_t by;
	bool final, hidden = false;

	call = nc_call_of(l->name.p, (size_t)(l->name.end - l->name.p));
	if (call == NC_CALL_EXECVE && (op == NULL || op->call != call)) {
		by = th->superseded_by;
		op = moved_exec(t, th);
		if (op == NULL && by != 0 && nc_trace_is_apart(t)) {
			exec_from_elsewhere(t, th);
			return;
		}
		hidden = op == NULL && by != 0;
		if (hidden)
			op = hidden_exec(t, th, by);
	}
	if (op != NULL && op->interrupted && call == NC_CALL_RESTART_SYSCALL)
		call = op->call;
	if (op == NULL) {
		if (!th->idle_call) {
			nc_trace_reject(t, "resumed call that never began");
		} else {
			nc_whole_looks(t, rest);
			t->ledger.joined++;
			t->fate = NC_FATE_HALF;
		}
		th->idle_call = false;
		return;
	}
	if (op->call != call && l->name.p[0] != '?') {
		nc_trace_reject(t, "resumed call is another one");
		nc_call_abandon(t, op);
		return;
	}
	t->ledger.joined += !hidden;
	t->fate = NC_FATE_HALF;
	/* Killed inside: "<unfinished ...>) = ?". */
	if (rest.end - rest.p >= 17 && memcmp(rest.p, word, 17) == 0)
		rest.p += 16;
	if (l->again)
		op->text.len = 0;
	if (nc_line_is_half(rest.p, rest.end, &cut, &final)) {
		nc_call_abandon(t, op);
		return;
	}
	if (op->interrupted)
		join_restarted(t, th, op, rest);
	else
		join(t, op, rest);
}

bool
nc_half_unmarked(struct nc_trace *t, struct nc_text text)
{
	struct nc_thread *th = t->lane->last;
	struct nc_op *op;

	if (th == NULL || th->home != t || t->half_line != t->line - 1 ||
	    !nc_whole_looks(t, text))
		return false;
	op = th->op;
	if (op == NULL ? !th->idle_call : th->waits_restart)
		return false;
	t->ledger.unmarked++;
	t->ledger.unmarked_told +=
	    nc_trace_tell(t, "second half without a mark, joined");
	if (op != NULL && op->interrupted)
		join_restarted(t, th, op, text);
	else if (op != NULL)
		join(t, op, text);
	th->idle_call = false;
	t->ledger.joined++;
	t->fate = NC_FATE_HALF;
	return true;
}
