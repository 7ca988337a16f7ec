/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One trace file while it is read: from lines to operations.
 */
#include "trace.h"

#include "calls.h"
#include "dump.h"
#include "emit.h"
#include "enter.h"
#include "input/input.h"
#include "input/pages.h"
#include "input/progress.h"
#include "ledger.h"
#include "output.h"
#include "passing.h"
#include "startup.h"
#include "tasks.h"
#include "untraced.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

#define DAY (INT64_C(86400) * 1000000000)
#define DAYS_MAX 100000 /* in nanoseconds they still fit */

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
	t->pid = NC_NIL;
	t->lane = nc_xcalloc(1, sizeof(*t->lane));
	t->lane->traces = 1;
	t->lane->now = NC_NIL;
	t->s = &t->lane->scratch[0];
}

static void
lane_free(struct nc_lane *l)
{
	struct nc_op *op;
	size_t i;

	while ((op = l->free_ops) != NULL) {
		l->free_ops = op->free_next;
		nc_buf_fini(&op->text);
		free(op->watched);
		free(op);
	}
	for (i = 0; l->held != NULL && i < NC_HELD_MAX; i++) {
		nc_buf_fini(&l->held[i].bytes);
		nc_buf_fini(&l->held[i].payload);
		nc_buf_fini(&l->held[i].clear);
	}
	free(l->held);
	nc_map_fini(&l->making);
	nc_buf_fini(&l->plain);
	for (i = 0; i < 2; i++) {
		nc_buf_fini(&l->scratch[i].data);
		nc_buf_fini(&l->scratch[i].ready);
		nc_buf_fini(&l->scratch[i].runs);
		nc_buf_fini(&l->scratch[i].clear);
	}
	free(l);
}

void
nc_trace_share(struct nc_trace *t, struct nc_trace *other)
{
	lane_free(t->lane);
	t->lane = other->lane;
	t->lane->traces++;
	t->s = &t->lane->scratch[0];
}

void
nc_trace_fini(struct nc_trace *t)
{
	struct nc_lane *l = t->lane;
	struct nc_op *op;

	/* Releases that nothing ended: their sockets go with the tables. */
	while (l->traces == 1 && (op = l->first_op) != NULL) {
		nc_op_unlist(op);
		if (op->call == NC_CALL_RELEASE) {
			op->sock->release = NULL;
			nc_sock_free_unused(t->machine, op->sock);
		}
		nc_op_free(t, op);
	}
	nc_task_free_all(t);
	nc_buf_fini(&t->dump.bytes);
	nc_buf_fini(&t->dump.messages);
	if (t->foreign != NULL)
		t->foreign_free(t->foreign);
	nc_buf_fini(&t->partial);
	nc_output_free(t);
	if (--l->traces == 0)
		lane_free(l);
}

bool
nc_trace_tell(struct nc_trace *t, const char *what)
{
	if (t->ledger.told >= NC_REJECTED_MAX)
		return false;
	t->ledger.told++;
	if (!t->quiet)
		nc_message("%s:%lld: %s", t->file, (long long)t->line, what);
	return true;
}

void
nc_trace_reject(struct nc_trace *t, const char *why)
{
	struct nc_ledger *l = &t->ledger;

	if (l->rejected < NC_REJECTED_MAX)
		l->rejected_line[l->rejected] = t->line;
	l->rejected++;
	l->rejected_told += nc_trace_tell(t, why);
}

void
nc_trace_refuse(struct nc_trace *t, const char *why)
{
	nc_trace_reject(t, why);
	t->ledger.calls--;
	t->fate = NC_FATE_LOST;
}

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
}

static struct nc_op *
begin_op(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call)
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

/* The first half of a call that does not matter; final: all there is. */
static void
idle_half(struct nc_thread *th, bool final)
{
	th->idle_call = true;
	if (final)
		nc_task_idle_over(th);
}

static void
first_half(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call,
    struct nc_text text, bool final)
{
	struct nc_op *op = begin_op(t, th, call);

	while (
	    text.end > text.p && (text.end[-1] == ' ' || text.end[-1] == '\t'))
		text.end--;
	nc_pages_move(&op->text, text);
	text = (struct nc_text){ op->text.p, op->text.p + op->text.len };
	if (!nc_call_enter(t, op, text)) {
		idle_half(th, final);
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

	while ((p = memchr(p, '(', (size_t)(rest.end - p))) != NULL) {
		rest.p = p++;
		if (nc_text_starts(rest, "(INJECTED") ||
		    nc_text_starts(rest, "(DELAYED")) {
			t->ledger.injected++;
			return;
		}
	}
}

/*
 * True if a call that does not matter at least looks complete: ") = value".
 * From the end, as that is where a line is cut.
 */
static bool
looks_whole(struct nc_trace *t, struct nc_text text)
{
	const char *p = text.end, *q;

	for (;;) {
		do
			if (p == text.p)
				return false;
		while (*--p != '=');
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
    const struct nc_line *l)
{
	struct nc_text text = l->body;
	struct nc_op *op = begin_op(t, th, call);
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
		if (why == NULL && !looks_whole(t, text))
			why = "line is cut";
		if (why != NULL)
			cut_by_output(t, call, l, why);
		return;
	}
	nc_call_leave(t, op, text);
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
	if (op == NULL || op->thread == th || op->home->settle == NULL)
		return false;
	op->home->settle(op->home->strand);
	return true;
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
		whole_call(t, th, call, l);
		return false;
	}
	op = begin_op(t, th, call);
	op->whole = true;
	nc_buf_add(&op->text, shown.p, (size_t)(shown.end - shown.p));
	if (!nc_call_enter(t, op, text)) {
		why = op->bad;
		nc_op_free(t, op);
		if (why == NULL && !looks_whole(t, text))
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
	if (op->makes != 0)
		nc_map_put(&t->lane->making, op->makes, op);
	th->op = op;
	return true;
}

/* poll & co. interrupted with a restart block go on in restart_syscall. */
static void
restart(struct nc_trace *t, struct nc_thread *th, struct nc_text text)
{
	struct nc_op *op = th->op;
	const char *cut;
	bool final;

	th->waits_restart = false;
	t->fate = NC_FATE_WHOLE;
	if (nc_line_is_half(text.p, text.end, &cut, &final)) {
		t->fate = NC_FATE_HALF;
		if (!final)
			return;
	}
	text.p = memchr(text.p, ')', (size_t)(text.end - text.p));
	if (text.p == NULL) {
		nc_trace_refuse(t, "line is cut");
		return;
	}
	op->interrupted = false;
	if (append(t, op, "", text, &text))
		nc_call_leave(t, op, text);
	else
		nc_call_abandon(t, op);
}

/*
 * execve by a thread goes on under its leader's pid, in another file: that one
 * says what became of descriptors, this one that the call succeeded.
 */
static void
exec_elsewhere(struct nc_trace *t, struct nc_thread *th)
{
	struct nc_op *op = begin_op(t, th, NC_CALL_EXECVE);
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
	struct nc_op *op = begin_op(t, th, NC_CALL_EXECVE);

	nc_task_exec(t, op);
	nc_op_free(t, op);
	th->superseded_by = 0;
	t->ledger.joined++;
}

static bool
is_apart(const struct nc_trace *t)
{
	return t->family != NULL && t->family->apart;
}

/* split: another trace has an event before the call returns. */
static bool
call_line(struct nc_trace *t, struct nc_thread *th, const struct nc_line *l,
    bool split)
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
			t->fate = NC_FATE_WHOLE;
			if (!split)
				restart(t, th, text);
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
	if (call == NC_CALL_WAIT4 && !is_apart(t))
		call = NC_CALL_NONE;
	if (call == NC_CALL_NONE || call == NC_CALL_RESTART_SYSCALL ||
	    nc_untraced_call(call) || nc_call_group(call) == NC_GROUP_PSEUDO) {
		if (half)
			idle_half(th, final);
		else if (!looks_whole(t, (struct nc_text){ text.p, cut }))
			nc_trace_refuse(t, "line is cut");
		t->ledger.ignored[NC_IGNORED_OTHER]++;
		if (nc_untraced_call(call))
			nc_untraced_note(t, th, call, text);
		return false;
	}
	if (nc_call_group(call) == NC_GROUP_FILE) {
		if (half)
			idle_half(th, final);
		else if (!looks_whole(t, (struct nc_text){ text.p, cut }))
			nc_trace_refuse(t, "line is cut");
		else if (!split)
			nc_call_file(t, th, call, text);
		t->ledger.ignored[NC_IGNORED_FILE]++;
		return split && !half;
	}
	if (half && call == NC_CALL_EXECVE && is_apart(t) &&
	    nc_text_starts(nc_text_trim((struct nc_text){ cut, text.end }),
		"<pid changed")) {
		exec_elsewhere(t, th);
	} else if (half) {
		text.end = cut;
		first_half(t, th, call, text, final);
	} else if (split) {
		return split_call(t, th, call, l);
	} else {
		whole_call(t, th, call, l);
	}
	if (call == NC_CALL_SETSOCKOPT)
		nc_untraced_note(t, th, call, l->body);
	return false;
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

/* execve by a thread that is not the leader ends under the leader's pid. */
static struct nc_op *
moved_exec(struct nc_trace *t, struct nc_thread *th)
{
	struct nc_thread *from = NULL;
	struct nc_op *op = NULL;

	if (is_apart(t))
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
	op = begin_op(t, th, NC_CALL_EXECVE);
	op->tid = by;
	op->relevant = true;
	nc_op_list(op);
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
	int64_t by;
	bool final, hidden = false;

	call = nc_call_of(l->name.p, (size_t)(l->name.end - l->name.p));
	if (call == NC_CALL_EXECVE && (op == NULL || op->call != call)) {
		by = th->superseded_by;
		op = moved_exec(t, th);
		if (op == NULL && by != 0 && is_apart(t)) {
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
			looks_whole(t, rest);
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
	if (op->interrupted) {
		struct nc_text tail = rest;

		op->interrupted = false;
		th->waits_restart = false;
		tail.p = memchr(rest.p, ')', (size_t)(rest.end - rest.p));
		if (tail.p == NULL)
			tail = rest;
		join(t, op, tail);
		return;
	}
	join(t, op, rest);
}

void
nc_trace_pass(struct nc_trace *t, enum nc_ignored why)
{
	t->ledger.ignored[why]++;
	t->fate = NC_FATE_PASSED;
}

/* "Process 5 detached": in old versions all that is said of its end. */
static void
message(struct nc_trace *t, struct nc_text text)
{
	struct nc_thread *th;
	const char *p;
	int64_t pid;

	if (nc_text_starts(text, "strace: "))
		text.p += 8;
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

/*
 * With -z and its like 6.1 writes a second half without pid and mark.  It
 * comes right after its first half; but it is the line's word alone.
 */
static bool
unmarked_half(struct nc_trace *t, struct nc_text text)
{
	struct nc_thread *th = t->lane->last;
	struct nc_op *op;

	if (th == NULL || th->home != t || t->half_line != t->line - 1 ||
	    !looks_whole(t, text))
		return false;
	op = th->op;
	if (op == NULL ? !th->idle_call : op->interrupted)
		return false;
	t->ledger.unmarked++;
	t->ledger.unmarked_told +=
	    nc_trace_tell(t, "second half without a mark, joined");
	if (op != NULL)
		join(t, op, text);
	th->idle_call = false;
	t->ledger.joined++;
	t->fate = NC_FATE_HALF;
	return true;
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
	struct nc_text rest = nc_text_trim(l->body);

	return l->kind == NC_LINE_RESUMED && rest.end - rest.p >= 3 &&
	    memcmp(rest.end - 3, "= ?", 3) == 0;
}

/* True if the line's call is in progress until nc_trace_leave. */
static bool
dispatch(struct nc_trace *t, const struct nc_line *l, bool split)
{
	struct nc_thread *th, *last;
	int64_t before;
	bool inside = false;

	t->entry = l->entry != 0 ? l->entry : t->line;
	switch (l->kind) {
	case NC_LINE_BLANK:
		nc_trace_pass(t, NC_IGNORED_BLANK);
		return false;
	case NC_LINE_MESSAGE:
		message(t, l->body);
		nc_trace_pass(t, NC_IGNORED_MESSAGE);
		return false;
	case NC_LINE_DUMP:
		nc_dump_line(t, l->body.p, l->body.end);
		nc_trace_pass(t, NC_IGNORED_DUMP);
		return false;
	case NC_LINE_SUMMARY:
		t->ledger.summary = true;
		nc_trace_pass(t, NC_IGNORED_SUMMARY);
		return false;
	case NC_LINE_BAD:
		if (t->ledger.summary)
			nc_trace_pass(t, NC_IGNORED_SUMMARY);
		else if (nc_output_is_session(l->body))
			nc_trace_pass(t, NC_IGNORED_SESSION);
		else if (!unmarked_half(t, l->body))
			nc_trace_reject(t, l->why);
		return false;
	default:
		break;
	}
	before = t->now;
	last = t->lane->last;
	set_time(t, l);
	t->resuming = l->kind == NC_LINE_RESUMED;
	th = nc_task_of(t, l->pid);
	/* Where traces share the lane the clock is what merged them. */
	t->back = before != NC_NIL && t->now < before && last != th &&
	    t->lane->traces == 1;
	switch (l->kind) {
	case NC_LINE_CALL:
		inside = call_line(t, th, l, split);
		break;
	case NC_LINE_RESUMED:
		resumed_line(t, th, l);
		break;
	case NC_LINE_SIGNAL:
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
		nc_task_gone(t, th, l->kind == NC_LINE_KILLED);
		return false;
	}
	if (!tells_death(l))
		was_here(t, th);
	return inside;
}

void
nc_trace_dispatch(struct nc_trace *t, const struct nc_line *l)
{
	dispatch(t, l, false);
}

/*
 * On stderr messages of the tracer land in the middle of a line, which goes
 * on in the next one: where the message begins, or NULL.
 */
static const char *
message_at_end(struct nc_text text)
{
	static const char *const ends[] = {
		" attached",
		" detached",
		" suspended",
		" resumed",
		" attached (waiting for parent)",
		" ready)",
		" threads",
	};
	const char *limit = text.end - text.p > 160 ? text.end - 160 : text.p;
	const char *p;
	size_t i, n = 0;

	if (text.end - text.p < 10 ||
	    !(text.end[-1] == 'd' || text.end[-1] == ')' ||
		text.end[-1] == 's'))
		return NULL;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		n = strlen(ends[i]);
		if ((size_t)(text.end - text.p) > n &&
		    memcmp(text.end - n, ends[i], n) == 0)
			break;
	}
	if (i == sizeof(ends) / sizeof(ends[0]))
		return NULL;
	for (p = text.end - n; p > limit; p--) {
		if ((size_t)(text.end - p) < 9 ||
		    memcmp(p, "Process ", 8) != 0 || p[8] < '0' || p[8] > '9')
			continue;
		if (p - text.p >= 8 && memcmp(p - 8, "strace: ", 8) == 0)
			p -= 8;
		return p > text.p ? p : NULL;
	}
	return NULL;
}

/* A second message, before the cut line goes on. */
static bool
is_message(struct nc_text text)
{
	return (nc_text_starts(text, "Process ") ||
		   nc_text_starts(text, "strace: Process ")) &&
	    (text.end[-1] == 'd' || text.end[-1] == ')') &&
	    memchr(text.p, '=', (size_t)(text.end - text.p)) == NULL;
}

static void
drop_partial(struct nc_trace *t)
{
	t->partial.len = 0;
	nc_buf_trim(&t->partial, NC_LINE_KEEP);
}

/*
 * Puts what came before a message in front of the line; false, and neither is
 * kept, if that is more than a line may be.
 */
static bool
with_partial(struct nc_trace *t, struct nc_text *text)
{
	size_t n = (size_t)(text->end - text->p);

	if (t->partial.len + n > NC_LINE_MAX) {
		drop_partial(t);
		nc_trace_reject(t, "line is longer than 16 MB");
		return false;
	}
	nc_pages_move(&t->partial, *text);
	*text = (struct nc_text){ t->partial.p, t->partial.p + t->partial.len };
	return true;
}

/* Takes off what no trace has inside a line; false if the line is rejected. */
static bool
clean_line(struct nc_trace *t, struct nc_text *text)
{
	while (text->end > text->p && text->end[-1] == '\r')
		text->end--;
	if (memchr(text->p, '\0', (size_t)(text->end - text->p)) != NULL) {
		nc_trace_reject(t, "NUL byte");
		return false;
	}
	if (memchr(text->p, '\r', (size_t)(text->end - text->p)) != NULL) {
		nc_trace_reject(t, "carriage return");
		return false;
	}
	if (memchr(text->p, '\33', (size_t)(text->end - text->p)) != NULL)
		*text = nc_line_without_colour(*text, &t->lane->plain);
	return true;
}

static bool
read_line(struct nc_trace *t, struct nc_text text, bool split)
{
	struct nc_line l;
	const char *cut;
	bool inside;

	if (t->output != NULL && nc_output_waits(t) && nc_output_line(t, text))
		return false;
	if (t->line == 1 && nc_text_starts(text, "\xef\xbb\xbf"))
		text.p += 3;
	t->text = text;
	if (!t->clean && !clean_line(t, &text))
		return false;
	t->shown = text.p;
	cut = message_at_end(text);
	if (cut != NULL && memchr(text.p, '(', (size_t)(cut - text.p))) {
		nc_trace_pass(t, NC_IGNORED_MESSAGE);
		text.end = cut;
		with_partial(t, &text);
		return false;
	}
	if (t->partial.len > 0) {
		if (is_message(text)) {
			nc_trace_pass(t, NC_IGNORED_MESSAGE);
			return false;
		}
		if (!with_partial(t, &text))
			return false;
		split = false;
	}
	nc_line_parse(text.p, text.end, &t->prefix, &l);
	if (t->dump.waits && l.kind != NC_LINE_DUMP)
		nc_dump_end(t);
	inside = dispatch(t, &l, split);
	t->inside = inside ? t->lane->last : NULL;
	if (t->machine->orphans.first != NULL)
		nc_passing_orphans(t);
	nc_machine_sweep(t->machine);
	if (t->partial.len > 0)
		drop_partial(t);
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
	nc_trace_count(t, bytes, newline);
	drop_partial(t);
	nc_trace_reject(t, "line is longer than 16 MB");
	t->ledger.fates[t->fate]++;
}

void
nc_trace_settle(struct nc_trace *t)
{
	if (t->machine->orphans.first != NULL)
		nc_passing_orphans(t);
	nc_machine_sweep(t->machine);
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
		restart(t, th, l.body);
	else if (op->split && op->home == t && op->entry == t->line)
		nc_call_leave(t, op, l.body);
	was_here(t, th);
	if (t->machine->orphans.first != NULL)
		nc_passing_orphans(t);
	nc_machine_sweep(t->machine);
}

/* Calls in progress first; releases wait for them. */
static void
abandon_all(struct nc_trace *t)
{
	struct nc_op *op;

	while ((op = t->lane->first_op) != NULL) {
		while (op != NULL && op->call == NC_CALL_RELEASE)
			op = op->next;
		if (op == NULL)
			break;
		nc_call_abandon(t, op);
	}
}

/* A task of the trace, not one whose file is read apart, is still alive. */
static bool
ends_cut(const struct nc_trace *t)
{
	const struct nc_thread *th;

	for (th = t->threads; th != NULL; th = th->next)
		if (th->seen)
			return true;
	return false;
}

void
nc_trace_end(struct nc_trace *t)
{
	nc_trace_end_all(&t, 1);
}

void
nc_trace_end_all(struct nc_trace *const *traces, size_t n)
{
	struct nc_trace *t = traces[0];
	size_t i;

	for (i = 0; i < n; i++) {
		nc_output_end(traces[i]);
		nc_dump_end(traces[i]);
	}
	if (n > 1) {
		t->lane->at++;
		t->now = t->lane->now;
	}
	abandon_all(t);
	for (i = 0; i < n; i++)
		nc_task_unfollowed(traces[i]);
	for (i = 0; i < n; i++)
		nc_ledger_exits(traces[i]);
	for (i = 0; i < n; i++)
		nc_ledger_idle(traces[i]);
	nc_passing_orphans(t);
	nc_emit_flush(t);
	for (i = 0; i < n; i++)
		traces[i]->ended = true;
	for (i = 0; i < n; i++)
		nc_ledger_share(traces[i]);
	for (i = 0; i < n; i++) {
		traces[i]->ledger.cut = ends_cut(traces[i]);
		nc_ledger_write(traces[i]);
	}
}
