/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * References to sockets that go, and the releases that the last one begins.
 */
#include "release.h"

#include "../call/emit.h"
#include "../call/fill.h"
#include "../call/op.h"
#include "doubt.h"

/* Ends a release: writes it if nothing is inside the socket any more. */
static void
complete(struct nc_trace *t, struct nc_op *op)
{
	struct nc_sock *s = op->sock;
	struct nc_call rec;

	if (op->dropped_by_other || s->pins > 0)
		return;
	nc_op_unlist(op);
	s->release = NULL;
	/* Relevant or not: a note may have told meanwhile that it is not. */
	nc_emit_forget(s);
	/* Begun in a lane that does not compare with this one. */
	if (op->home->lane != t->lane) {
		op->home = t;
		op->entry = t->line;
		op->time = t->now;
	}
	if (op->relevant && !op->home->ended) {
		nc_fill_begin(t, op, &rec);
		rec.line = nc_trace_exit_line(op);
		if (t->now != NC_NIL && op->time != NC_NIL)
			rec.duration = t->now - op->time;
		if (op->killed || op->missed || s->unfollowed)
			rec.marks = (op->killed ? NC_MARK_KILLED : 0) |
			    (op->crashed ? NC_MARK_CRASHED : 0) |
			    (op->missed ? NC_MARK_MISSED : 0) |
			    (s->unfollowed ? NC_MARK_UNFOLLOWED : 0);
		nc_emit_call(t, op->home, &rec, NULL);
	}
	nc_op_free(t, op);
	if (s->object == NC_OBJECT_UNIX)
		nc_machine_close_queue(t->machine, s->inode);
	nc_sock_free_unused(t->machine, s);
}

void
nc_release_drop(struct nc_trace *t, struct nc_sock *s, const struct nc_op *by,
    const char *cause, struct nc_op **chain)
{
	struct nc_op *op;

	if (--s->refs > 0) {
		if (s->refs == s->doubts && nc_sock_relevant(s) &&
		    (s->parted || nc_doubt_hides_close(t)))
			nc_doubt_left(t, s, by, cause);
		return;
	}
	if (s->release != NULL)
		return;
	op = nc_op_new(t);
	op->call = NC_CALL_RELEASE;
	op->sock = s;
	op->cause = cause;
	op->tid = by->tid;
	op->pid = by->pid;
	op->home = by->home;
	op->entry = by->entry;
	op->from = by->from;
	op->time = by->time;
	op->killed = by->killed;
	op->crashed = by->crashed;
	op->missed = by->missed;
	op->relevant = nc_sock_relevant(s);
	s->release = op;
	if (chain != NULL) {
		op->dropped_by_other = true;
		op->next_release = *chain;
		*chain = op;
	}
	if (op->dropped_by_other || s->pins > 0)
		nc_op_list(op);
	else
		complete(t, op);
}

void
nc_release_done(struct nc_trace *t, struct nc_op **chain)
{
	struct nc_op *op, *prev = NULL, *next;

	/* Oldest first: the chain was built by pushing. */
	for (op = *chain; op != NULL; op = next) {
		next = op->next_release;
		op->next_release = prev;
		prev = op;
	}
	*chain = NULL;
	for (op = prev; op != NULL; op = next) {
		next = op->next_release;
		op->dropped_by_other = false;
		complete(t, op);
	}
}

void
nc_release_unchain(struct nc_op **chain)
{
	struct nc_op *op;

	for (op = *chain; op != NULL; op = op->next_release)
		op->dropped_by_other = false;
	*chain = NULL;
}

void
nc_release_check(struct nc_trace *t, struct nc_sock *s)
{
	if (s->release != NULL)
		complete(t, s->release);
	else
		nc_sock_free_unused(t->machine, s);
}

void
nc_op_settle(struct nc_trace *t, struct nc_op *op)
{
	size_t i;

	nc_release_unchain(&op->releases);
	if (op->sock != NULL && --op->sock->pins == 0)
		nc_release_check(t, op->sock);
	for (i = 0; i < op->nwatched; i++)
		if (op->watched[i].sock != NULL &&
		    --op->watched[i].sock->pins == 0)
			nc_release_check(t, op->watched[i].sock);
}
