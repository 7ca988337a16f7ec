/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls as they end: their records, and what they held.
 */
#include "calls.h"

#include "../ledger.h"
#include "../table/local.h"
#include "../table/passing.h"
#include "../table/release.h"
#include "../table/resolve.h"
#include "../table/shared.h"
#include "../table/tasks.h"
#include "../text/args.h"
#include "../text/ending.h"
#include "../text/tail.h"
#include "effect.h"
#include "emit.h"
#include "fill.h"
#include "op.h"
#include "payload.h"

#include <string.h>

void
nc_op_pin(struct nc_op *op)
{
	size_t i;

	if (op->sock != NULL)
		op->sock->pins++;
	for (i = 0; i < op->nwatched; i++)
		if (op->watched[i].sock != NULL)
			op->watched[i].sock->pins++;
}

static bool
gives_up(const struct nc_op *op)
{
	return op->call == NC_CALL_CLOSE || op->call == NC_CALL_DUP2 ||
	    op->call == NC_CALL_DUP3 || op->call == NC_CALL_CLOSE_RANGE;
}

void
nc_op_drop(struct nc_trace *t, struct nc_op *op, bool whole)
{
	size_t i;

	if (!gives_up(op))
		return;
	for (i = 0; i < op->nwatched; i++)
		nc_release_drop(t, op->watched[i].sock, op,
		    nc_call_name(op->call), whole ? NULL : &op->releases);
}

/* The operation is over: its holds go, its releases may complete. */
static void
end_op(struct nc_trace *t, struct nc_op *op)
{
	if (op->thread != NULL && op->thread->op == op)
		op->thread->op = NULL;
	if (op->makes != 0 &&
	    nc_map_get(&op->home->lane->making, op->makes) == op)
		nc_map_del(&op->home->lane->making, op->makes);
	/* Without a result they are taken for sent. */
	if (op->messages != NULL)
		nc_passing_sent(t, op, SIZE_MAX);
	nc_wire_leave(op);
	if (op->whole) {
		nc_op_drop(t, op, true);
		nc_op_free(t, op);
		return;
	}
	nc_op_settle(t, op);
	nc_op_free(t, op);
}

static bool
is_exit(enum nc_call_id call)
{
	return call == NC_CALL_EXIT || call == NC_CALL_EXIT_GROUP;
}

/*
 * UNIX: only a connect to a name is told that failed, and one that no longer
 * did.
 */
static void
wants_unix(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	bool failed = tail->result == -1 && tail->error.p != NULL;

	if (op->call != NC_CALL_CONNECT || op->sock == NULL ||
	    op->sock->object != NC_OBJECT_UNIX ||
	    (!failed && tail->result != 0) ||
	    !nc_local_returned(t, nc_arg(a, 1), failed))
		return;
	op->relevant = true;
	rec->domain = nc_str("AF_UNIX");
	if (failed && op->thread != NULL)
		op->thread->process->pleaded = true;
}

/*
 * Of a call that restart_syscall went on with: -T tells that part alone.  Time
 * in which the thread was stopped is not one in which it waited.
 */
static int64_t
whole_duration(const struct nc_trace *t, const struct nc_op *op,
    const struct nc_tail *tail)
{
	int64_t end = t->now;

	if (end == NC_NIL || op->time == NC_NIL)
		return tail->duration;
	if (!t->resuming && !op->split && tail->duration != NC_NIL)
		end += tail->duration;
	end -= op->stopped;
	return end > op->time ? end - op->time : 0;
}

static void
fill_tail(struct nc_trace *t, const struct nc_op *op,
    const struct nc_tail *tail, struct nc_call *rec)
{
	size_t n;

	rec->line = nc_trace_exit_line(op);
	rec->result = tail->result;
	rec->duration = tail->duration;
	if (op->restarted)
		rec->duration = whole_duration(t, op, tail);
	/* Of one line only a call that never returned has lasted till now. */
	if (rec->duration == NC_NIL && !op->whole &&
	    (!op->split || tail->unknown) && t->now != NC_NIL &&
	    op->time != NC_NIL && t->now >= op->time)
		rec->duration = t->now - op->time;
	rec->marks = t->bsd ? NC_MARK_BSD : 0;
	if (op->thread != NULL && op->thread->was_stopped && op->relevant) {
		op->thread->was_stopped = false;
		rec->marks |= NC_MARK_STOPPED;
	}
	if ((op->call == NC_CALL_SOCKET || op->call == NC_CALL_ACCEPT ||
		op->call == NC_CALL_ACCEPT4) &&
	    nc_ledger_is_lean(t))
		rec->marks |= NC_MARK_LEAN;
	t->ledger.results += !tail->unknown;
	t->ledger.failed += tail->error.p != NULL;
	if (tail->duration != NC_NIL)
		t->ledger.durations = true;
	if (op->call == NC_CALL_EXECVE && tail->result == 0)
		t->ledger.execs = true;
	if (tail->injected || tail->delayed || tail->altered) {
		rec->marks |= NC_MARK_INJECTED;
		t->ledger.injected++;
	}
	if (tail->injected)
		rec->marks |= NC_MARK_NOT_RUN;
	if (tail->error.p != NULL) {
		n = (size_t)(tail->error.end - tail->error.p);
		if (n >= sizeof(t->s->error))
			n = sizeof(t->s->error) - 1;
		memcpy(t->s->error, tail->error.p, n);
		t->s->error[n] = '\0';
		rec->error = nc_str(t->s->error);
		if (strncmp(t->s->error, "ERESTART", 8) == 0) {
			rec->marks |= NC_MARK_INTERRUPTED;
			rec->result = NC_NIL;
		}
	} else if (tail->unknown && !is_exit(op->call)) {
		rec->marks |= NC_MARK_UNFINISHED;
	}
}

/* Its payload was cut: a dump may follow.  What sendfile moves is in none. */
static bool
may_dump(
    const struct nc_trace *t, const struct nc_op *op, const struct nc_call *rec)
{
	return !t->no_dump && rec->marks != NC_NIL &&
	    (rec->marks & NC_MARK_CUT) != 0 && op->call != NC_CALL_SENDFILE &&
	    op->call != NC_CALL_SPLICE;
}

/* The messages of sendmmsg or recvmmsg, a record each. */
static bool
emit_parts(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, const struct nc_call *base)
{
	struct nc_text list = nc_text_inside(nc_arg(a, 1)), e;
	struct nc_call rec;
	int64_t part;

	if (tail->result == NC_NIL || tail->result <= 0 ||
	    tail->result > 100000)
		return false;
	for (part = 0; part < tail->result; part++) {
		rec = *base;
		rec.part = part;
		rec.result = NC_NIL;
		if (nc_text_next(&list, &e) && e.p < e.end && *e.p == '{')
			nc_fill_message(t, op, e, &rec);
		else if (part > 64 && list.p == NULL)
			break;
		if (rec.marks == 0)
			rec.marks = NC_NIL;
		if (may_dump(t, op, &rec))
			nc_emit_cut(t, &rec, false);
		else
			nc_emit_call(t, op->home, &rec, NULL);
	}
	return true;
}

/*
 * Without strace -T the next line bounds when a call that may wait was over.
 * The line of one without a second half stands alone: nothing else was printed
 * between.
 */
static bool
is_open_ended(
    const struct nc_trace *t, const struct nc_op *op, const struct nc_call *rec)
{
	return t->shows_all && !t->ledger.durations &&
	    rec->duration == NC_NIL && rec->time != NC_NIL &&
	    rec->line != NC_NIL &&
	    !(rec->marks != NC_NIL && (rec->marks & NC_MARK_UNFINISHED)) &&
	    (op->call == NC_CALL_CONNECT ||
		nc_call_family(op->call) != NC_FAMILY_NONE);
}

static void
emit_call(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	bool hold, open_ended;

	if (op->call == NC_CALL_EXECVE && tail->result != 0 && !op->announced)
		return;
	/* A child with a lane of its own was over. */
	if (op->call == NC_CALL_WAIT4 &&
	    (tail->result <= 0 ||
		nc_map_get(&t->machine->files, (uint64_t)tail->result) ==
		    NULL) &&
	    !op->announced)
		return;
	if ((op->call == NC_CALL_SENDMMSG || op->call == NC_CALL_RECVMMSG) &&
	    emit_parts(t, op, a, tail, rec))
		return;
	if (rec->marks == 0)
		rec->marks = NC_NIL;
	hold = nc_fill_holds(op, rec->local) &&
	    ((rec->result != NC_NIL && rec->result >= 0) ||
		(op->call == NC_CALL_CONNECT && rec->error.p != NULL &&
		    strcmp(t->s->error, "EINPROGRESS") == 0));
	open_ended = is_open_ended(t, op, rec);
	/* In files with a clock it is read when the next line comes. */
	if (open_ended && (op->split || op->home != t)) {
		open_ended = false;
		if (t->at_next && t->now != NC_NIL && t->now >= rec->time)
			rec->until = t->now;
	}
	if (may_dump(t, op, rec))
		nc_emit_cut(t, rec, open_ended);
	else if (open_ended)
		nc_emit_open(t, rec, hold ? op->sock : NULL);
	else
		nc_emit_call(t, op->home, rec, hold ? op->sock : NULL);
}

/* The file ends within an errno's name or before its text: no guess. */
static bool
is_cut(const struct nc_trace *t, const struct nc_tail *tail)
{
	return t->last_line && tail->error.p != NULL && tail->more.p == NULL &&
	    !tail->injected && !tail->delayed && tail->duration == NC_NIL;
}

/*
 * An error shows that the number stands for no socket: its close was missed.
 * Of calls with one descriptor only.
 */
static void
doubt_open(struct nc_trace *t, struct nc_op *op, const struct nc_tail *tail)
{
	struct nc_descriptor *d;

	if (!nc_text_is(tail->error, "EBADF") &&
	    !nc_text_is(tail->error, "ENOTSOCK"))
		return;
	if ((!op->whole && !op->split) || !nc_sock_relevant(op->sock) ||
	    nc_call_family(op->call) == NC_FAMILY_READY ||
	    op->call == NC_CALL_EPOLL_CTL || op->call == NC_CALL_DUP2 ||
	    op->call == NC_CALL_DUP3 || op->call == NC_CALL_SENDFILE ||
	    op->call == NC_CALL_SPLICE)
		return;
	d = nc_fdtable_get(nc_thread_table(op->thread), op->fd);
	if (d == NULL || d->sock != op->sock)
		return;
	nc_resolve_missed(t, op->thread, op->fd);
	if (op->split && --op->sock->pins == 0)
		nc_release_check(t, op->sock);
	/* Nothing was sent through it, and nothing will be. */
	op->returned = true;
	nc_wire_leave(op);
	op->sock = NULL;
	op->news_local = op->news_peer = false;
}

/*
 * poll and its like, interrupted: restart_syscall may go on with them.  Until
 * the thread's next call tells, the call stays in progress.
 */
static bool
suspend(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_text text)
{
	static const char word[] = "ERESTART_RESTARTBLOCK";
	struct nc_text args = { text.p, a->rest - 1 };

	if (!tail->unknown || !nc_text_is(tail->error, word) || !op->relevant ||
	    op->thread == NULL)
		return false;
	t->ledger.failed++;
	op->args_of.p = NULL;
	op->text.len = 0;
	nc_buf_add(&op->text, args.p, (size_t)(args.end - args.p));
	if (op->whole) {
		op->whole = false;
		nc_op_pin(op);
		nc_op_list(op);
	}
	op->interrupted = true;
	op->thread->op = op;
	op->thread->waits_restart = true;
	return true;
}

void
nc_call_leave(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_call rec;
	const struct nc_args *a;
	struct nc_tail tail;
	const char *why = NULL;

	if ((a = nc_op_args(op, text, &why)) == NULL ||
	    (!a->closed && (why = "line is cut") != NULL) ||
	    nc_tail_parse(a->rest, text.end, &tail, &why) < 0 ||
	    (is_cut(t, &tail) && (why = "line is cut") != NULL)) {
		if (op->whole) {
			nc_trace_refuse(t, why);
			end_op(t, op);
		} else {
			nc_trace_reject(t, why);
			nc_call_abandon(t, op);
		}
		return;
	}
	if (suspend(t, op, a, &tail, text))
		return;
	if (tail.error.p != NULL && op->sock != NULL && op->fd >= 0)
		doubt_open(t, op, &tail);
	nc_op_unlist(op);
	if (op->call == NC_CALL_EXECVE && tail.result == 0 && !tail.injected)
		nc_task_part(t, op);
	nc_emit_fields(t, op, &rec);
	fill_tail(t, op, &tail, &rec);
	nc_fill_call(t, op, a, &tail, &rec);
	op->returned = true;
	wants_unix(t, op, a, &tail, &rec);
	if (is_exit(op->call)) {
		emit_call(t, op, a, &tail, &rec);
		nc_task_exiting(t, op);
		end_op(t, op);
		return;
	}
	/* What the tracer made up happened to nobody. */
	if (tail.injected)
		rec.data = rec.runs = nc_str(NULL);
	else if (tail.result != NC_NIL && tail.result >= 0 &&
	    tail.result <= 0x7fffffff)
		nc_call_apply(t, op, a, &tail, &rec);
	else if (op->call == NC_CALL_CONNECT)
		nc_call_named(t, op, a);
	if (op->messages != NULL)
		nc_passing_sent(t, op,
		    tail.result == NC_NIL || tail.result < 0 || tail.injected ?
			0 :
			op->call == NC_CALL_SENDMMSG ? (size_t)tail.result :
						       1);
	if (op->relevant)
		emit_call(t, op, a, &tail, &rec);
	if (op->call == NC_CALL_EXECVE && tail.result == 0 && !tail.injected)
		nc_task_exec(t, op);
	end_op(t, op);
}

void
nc_call_abandon(struct nc_trace *t, struct nc_op *op)
{
	struct nc_call rec;

	nc_op_unlist(op);
	op->home->ledger.open += !op->interrupted;
	if (op->relevant) {
		nc_fill_begin(t, op, &rec);
		rec.line = nc_trace_exit_line(op);
		if (t->now != NC_NIL && op->time != NC_NIL &&
		    t->now >= op->time)
			rec.duration = t->now - op->time;
		if (op->interrupted) {
			rec.error = nc_str("ERESTART_RESTARTBLOCK");
			rec.marks = NC_MARK_INTERRUPTED;
		} else {
			rec.marks = (rec.marks == NC_NIL ? 0 : rec.marks) |
			    NC_MARK_UNFINISHED | (t->bsd ? NC_MARK_BSD : 0);
		}
		nc_emit_call(t, op->home, &rec, NULL);
	}
	end_op(t, op);
}

/* The number stands for a file from now on. */
static void
is_file(struct nc_trace *t, struct nc_thread *th, int fd)
{
	nc_resolve_missed(t, th, fd);
	nc_trace_hold(t, th, fd, true);
	nc_fdtable_set_plain(nc_thread_table(th), fd);
	if (nc_thread_table(th)->apart)
		nc_shared_file(th, fd);
}

bool
nc_call_is_denied(
    struct nc_thread *th, enum nc_call_id call, struct nc_text text)
{
	static const char *const errors[2] = { "= -1 EACCES", "= -1 EPERM" };

	return nc_call_is_open(call) && nc_thread_table(th)->fds.n > 0 &&
	    nc_ending_fails_with(text, errors);
}

void
nc_call_file(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call,
    struct nc_text text)
{
	struct nc_text list, e, note;
	struct nc_args a;
	struct nc_tail tail;
	const char *why;
	int64_t what;
	int fd;

	if (nc_thread_table(th)->fds.n == 0 && !nc_thread_table(th)->partial)
		return;
	if (nc_args_split(text.p, text.end, &a, &why) < 0 || !a.closed ||
	    nc_tail_parse(a.rest, text.end, &tail, &why) < 0)
		return;
	if (tail.result == NC_NIL || tail.result < 0 ||
	    tail.result > 0x7fffffff)
		return;
	/* 1, 5 and 18 are socket, accept and accept4: where from, is unknown. */
	if (call == NC_CALL_SOCKETCALL) {
		what = nc_text_number(nc_arg(&a, 0));
		if (what != 1 && what != 5 && what != 18)
			return;
	}
	if (call != NC_CALL_PIPE) {
		is_file(t, th, (int)tail.result);
		return;
	}
	/* Its result is 0; it fills in two descriptors. */
	list = nc_text_inside(nc_arg(&a, 0));
	while (nc_text_next(&list, &e)) {
		fd = nc_fd_parse(e, &note);
		if (fd >= 0)
			is_file(t, th, fd);
	}
}
