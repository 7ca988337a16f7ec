/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls that are read or in progress.
 */
#include "op.h"

#include "call.h"
#include "util.h"

#include <stddef.h>
#include <string.h>

struct nc_op *
nc_op_new(struct nc_trace *t)
{
	struct nc_op *op = t->lane->free_ops;
	struct nc_buf text = { NULL, 0, 0 };
	struct nc_watch *watched = NULL;
	size_t cap = 0;

	if (op != NULL) {
		t->lane->free_ops = op->free_next;
		text = op->text;
		watched = op->watched;
		cap = op->watched_cap;
	} else {
		op = nc_xmalloc(sizeof(*op));
	}
	nc_zero(op, offsetof(struct nc_op, args));
	if (text.p == NULL) {
		/* Never a null pointer. */
		text = (struct nc_buf){ NULL, 0, 0 };
		nc_buf_add(&text, "", 1);
	}
	op->text = text;
	op->text.len = 0;
	op->watched = watched;
	op->watched_cap = cap;
	op->home = t;
	op->fd = -1;
	return op;
}

const struct nc_args *
nc_op_args(struct nc_op *op, struct nc_text text, const char **why)
{
	const char *known = text.p;

	if (op->args_of.p != NULL && op->args_of.p == text.p &&
	    op->args_of.end == text.end)
		return &op->args;
	op->args_of = (struct nc_text){ NULL, NULL };
	if (op->head.p == text.p && op->head.end <= text.end)
		known = op->head.end;
	if (nc_args_split_behind(text.p, known, text.end, &op->args, why) < 0)
		return NULL;
	op->args_of = text;
	return &op->args;
}

void
nc_op_free(struct nc_trace *t, struct nc_op *op)
{
	nc_buf_trim(&op->text, NC_OP_KEEP);
	op->free_next = t->lane->free_ops;
	t->lane->free_ops = op;
}

static void
list_fork(struct nc_lane *l, struct nc_op *op)
{
	op->forking = true;
	op->next_fork = NULL;
	op->prev_fork = l->last_fork;
	if (l->last_fork != NULL)
		l->last_fork->next_fork = op;
	else
		l->first_fork = op;
	l->last_fork = op;
}

void
nc_op_list(struct nc_op *op)
{
	struct nc_lane *l = op->home->lane;

	op->prev = l->last_op;
	op->next = NULL;
	if (l->last_op != NULL)
		l->last_op->next = op;
	else
		l->first_op = op;
	l->last_op = op;
	op->listed = true;
	if (l->unannounced == NULL)
		l->unannounced = op;
	if (op->call == NC_CALL_EXECVE)
		op->thread->process->exec = op;
	if (nc_call_forks(op->call))
		list_fork(l, op);
}

void
nc_op_forked(struct nc_op *op)
{
	struct nc_lane *l = op->home->lane;

	if (!op->forking)
		return;
	op->forking = false;
	if (op->prev_fork != NULL)
		op->prev_fork->next_fork = op->next_fork;
	else
		l->first_fork = op->next_fork;
	if (op->next_fork != NULL)
		op->next_fork->prev_fork = op->prev_fork;
	else
		l->last_fork = op->prev_fork;
}

void
nc_op_unlist(struct nc_op *op)
{
	struct nc_lane *l = op->home->lane;

	if (!op->listed)
		return;
	nc_op_forked(op);
	if (op->call == NC_CALL_EXECVE && op->thread->process->exec == op)
		op->thread->process->exec = NULL;
	if (l->unannounced == op)
		l->unannounced = op->next;
	if (op->prev != NULL)
		op->prev->next = op->next;
	else
		l->first_op = op->next;
	if (op->next != NULL)
		op->next->prev = op->prev;
	else
		l->last_op = op->prev;
	op->listed = false;
}
