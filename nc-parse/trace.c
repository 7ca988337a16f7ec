/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One trace file and its lane: their life, what is told of lines, the end.
 */
#include "trace.h"

#include "call/calls.h"
#include "call/dump.h"
#include "call/emit.h"
#include "call/op.h"
#include "input/progress.h"
#include "join/output.h"
#include "join/weave.h"
#include "ledger.h"
#include "table/passing.h"
#include "table/tasks.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

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
	nc_map_fini(&l->files);
	nc_map_fini(&l->unknown);
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
	nc_weave_free(t);
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

void
nc_trace_pass(struct nc_trace *t, enum nc_ignored why)
{
	t->ledger.ignored[why]++;
	t->fate = NC_FATE_PASSED;
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
		nc_weave_end(traces[i]);
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
