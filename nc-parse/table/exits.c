/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How tasks end, or go on as another program: what becomes of descriptors.
 */
#include "exits.h"

#include "../call/calls.h"
#include "../call/emit.h"
#include "../join/startup.h"
#include "release.h"
#include "shared.h"
#include "tasks.h"
#include "threads.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

/* Gone threads of a process, but one. */
static void
end_others(struct nc_trace *t, struct nc_thread *keep)
{
	const struct nc_map *all = &t->machine->threads;
	struct nc_thread **list, *th;
	struct nc_slot *slot;
	size_t i, n = 0, pos = 0;

	if (keep->process->threads == 1)
		return;
	list = nc_xcalloc(all->n + 1, sizeof(struct nc_thread *));
	while ((slot = nc_map_next(all, &pos)) != NULL) {
		th = slot->value;
		/* Read apart: its file may come later. */
		if (th != keep && th->process == keep->process &&
		    nc_map_get(&t->machine->files, (uint64_t)th->tid) == NULL)
			list[n++] = th;
	}
	for (i = 0; i < n; i++)
		nc_task_gone(t, list[i], false);
	free(list);
}

static int
compare_fds(const void *a, const void *b)
{
	const struct nc_slot *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* The table's entries in the order of their numbers; the caller frees. */
static struct nc_slot *
sorted(const struct nc_fdtable *table, size_t *n)
{
	struct nc_slot *list, *slot;
	size_t pos = 0;

	list = nc_xcalloc(table->fds.n + 1, sizeof(*list));
	*n = 0;
	while ((slot = nc_map_next(&table->fds, &pos)) != NULL)
		list[(*n)++] = *slot;
	qsort(list, *n, sizeof(*list), compare_fds);
	return list;
}

/* All descriptors of a table go, of which by is the last holder. */
static void
release_all(struct nc_trace *t, struct nc_fdtable *table, struct nc_op *by,
    bool seen, const char *cause)
{
	struct nc_slot *list;
	struct nc_descriptor *d;
	struct nc_sock *s;
	size_t i, n;

	list = sorted(table, &n);
	for (i = 0; i < n && table->apart; i++)
		nc_shared_forget(t, list[i].value, by, "exit");
	for (i = 0; i < n; i++) {
		d = list[i].value;
		s = d->sock;
		if (s == NULL || d->gone)
			continue;
		nc_descriptor_take(d);
		/* A process without lines went some time after others did. */
		if (!seen && s->last_trace != NULL &&
		    s->last_trace->lane == t->lane &&
		    (s->last_trace == by->home ? s->last_line > by->entry :
						 s->last_at > by->from)) {
			by->home = s->last_trace;
			by->entry = s->last_line;
			by->from = s->last_at;
			by->time = s->last_time;
		}
		nc_release_drop(t, s, by, cause, NULL);
	}
	free(list);
	nc_fdtable_free(table);
}

static void
let_go(struct nc_trace *t, struct nc_fdtable *table, struct nc_op *by,
    bool seen, const char *cause)
{
	if (table->refs > 1)
		table->refs--;
	else
		release_all(t, table, by, seen, cause);
}

/* The end of a thread, as what drops its references. */
static struct nc_op
end_of(const struct nc_thread *th, bool killed)
{
	struct nc_op by;

	memset(&by, 0, sizeof(by));
	by.tid = th->tid;
	by.pid = th->process->pid;
	by.home = th->home;
	by.entry = th->last_line;
	by.from = th->last_at;
	by.time = th->last_time;
	by.killed = killed;
	by.crashed = killed && th->process->crashed;
	return by;
}

/* A thread that execs is the process from then on: its table is, too. */
static void
take_own_table(struct nc_trace *t, struct nc_thread *th)
{
	struct nc_op by = end_of(th, false);

	if (th->own == NULL)
		return;
	let_go(t, th->process->table, &by, true, "exec");
	th->process->table = th->own;
	th->own = NULL;
}

static void
unshare_process(struct nc_process *p)
{
	struct nc_fdtable *old;

	/* Who lives on is none of its threads. */
	if (p->guessed)
		nc_task_split(p);
	old = p->table;
	if (old->refs == 1)
		return;
	old->refs--;
	p->table = nc_fdtable_copy(old);
}

void
nc_task_exec(struct nc_trace *t, struct nc_op *op)
{
	struct nc_process *p = op->thread->process;
	struct nc_slot *list;
	struct nc_descriptor *d;
	struct nc_sock *s;
	size_t i, n;

	nc_startup_begin(p);
	/* Begun by the tracer: what it inherited is no socket, mostly. */
	if (p->first_at == (t->lane->traces > 1 ? op->from : op->entry))
		p->table->partial = false;
	end_others(t, op->thread);
	take_own_table(t, op->thread);
	unshare_process(p);
	list = sorted(p->table, &n);
	for (i = 0; i < n; i++) {
		d = list[i].value;
		if (d->sock == NULL || !d->cloexec || d->gone)
			continue;
		s = nc_descriptor_take(d);
		nc_release_drop(t, s, op, "exec", NULL);
	}
	free(list);
}

void
nc_task_exiting(struct nc_trace *t, struct nc_op *op)
{
	struct nc_process *p = op->thread->process;
	struct nc_slot *list;
	struct nc_descriptor *d;
	size_t i, n;

	op->thread->exiting = true;
	if (op->call == NC_CALL_EXIT && p->threads > 1)
		return;
	if (p->exiting)
		return;
	p->exiting = true;
	/* What it got itself is nobody else's, as far as is known. */
	if (p->guessed)
		nc_task_split(p);
	if (p->table->refs > 1)
		return;
	list = sorted(p->table, &n);
	for (i = 0; i < n; i++) {
		d = list[i].value;
		if (d->sock == NULL || d->gone)
			continue;
		/* Other threads may still name it: held until the end. */
		d->gone = true;
		nc_descriptor_sure(d);
		d->sock->pins++;
		nc_release_drop(t, d->sock, op, "exit", &p->releases);
	}
	free(list);
}

void
nc_task_exit_status(
    struct nc_trace *t, const struct nc_thread *th, int64_t status)
{
	struct nc_call rec;

	nc_record_init(NC_KIND_call, &rec);
	rec.host = nc_str(t->machine->name);
	rec.trace = t->number;
	rec.line = rec.entry = t->line;
	if (t->lane->traces > 1)
		rec.from = rec.at = t->lane->at;
	rec.thread = th->tid;
	rec.process = th->process->pid;
	rec.time = t->now;
	rec.name = nc_str("exit_group");
	rec.value = status;
	nc_emit_call(t, t, &rec, NULL);
}

/* The process's last thread is gone. */
static void
end_process(
    struct nc_trace *t, struct nc_process *p, struct nc_thread *th, bool killed)
{
	struct nc_slot *list;
	struct nc_descriptor *d;
	struct nc_op by = end_of(th, killed);
	size_t i, n;

	if (p->guessed)
		nc_task_split(p);
	if (p->table->refs > 1) {
		nc_release_done(t, &p->releases);
	} else {
		list = sorted(p->table, &n);
		for (i = 0; i < n; i++) {
			d = list[i].value;
			if (d->sock != NULL && d->gone)
				d->sock->pins--;
		}
		/* Also of numbers that were used again meanwhile. */
		nc_release_done(t, &p->releases);
		for (i = 0; i < n; i++) {
			d = list[i].value;
			if (d->sock != NULL && d->gone)
				nc_release_check(t, d->sock);
		}
		free(list);
	}
	let_go(t, p->table, &by, p->seen, killed ? "kill" : "exit");
	nc_process_free(t, p);
}

void
nc_task_idle_over(struct nc_thread *th)
{
	th->home->ledger.open += th->idle_call;
	th->idle_call = false;
}

void
nc_task_gone(struct nc_trace *t, struct nc_thread *th, bool killed)
{
	struct nc_process *p = th->process;
	struct nc_op by;

	if (th->op != NULL)
		nc_call_abandon(t, th->op);
	nc_task_idle_over(th);
	nc_thread_read(th);
	nc_thread_remove(t, th);
	if (th->own != NULL) {
		by = end_of(th, killed);
		let_go(t, th->own, &by, true, killed ? "kill" : "exit");
	}
	if (--p->threads == 0)
		end_process(t, p, th, killed);
	free(th);
}

void
nc_task_end(struct nc_trace *t, int64_t pid, bool killed)
{
	struct nc_thread *th = nc_task_any(t, pid);

	if (th == NULL)
		return;
	end_others(t, th);
	nc_task_gone(t, th, killed);
}

void
nc_task_note_unfollowed(struct nc_trace *t, int64_t pid)
{
	struct nc_ledger *l = &t->ledger;

	if (l->unfollowed < NC_UNFOLLOWED_MAX)
		l->unfollowed_pid[l->unfollowed] = pid;
	l->unfollowed++;
}

void
nc_task_unfollowed(struct nc_trace *t)
{
	struct nc_thread *th, *next;

	for (th = t->threads; th != NULL; th = next) {
		next = th->next;
		if (th->process->seen ||
		    nc_map_get(&t->machine->files, (uint64_t)th->tid) != NULL)
			continue;
		nc_task_note_unfollowed(t, th->process->pid);
		nc_fdtable_set_unfollowed(th->process->table, true);
		nc_task_gone(t, th, false);
	}
}

/* Gives back what a table still holds, without records. */
static void
forget_table(struct nc_trace *t, struct nc_fdtable *table)
{
	struct nc_slot *slot;
	struct nc_descriptor *d;
	size_t pos = 0;

	while ((slot = nc_map_next(&table->fds, &pos)) != NULL) {
		d = slot->value;
		nc_shared_abandon(t, d);
		if (d->sock == NULL)
			continue;
		nc_descriptor_sure(d);
		if (d->gone)
			d->sock->pins--;
		else
			d->sock->refs--;
		nc_sock_free_unused(t->machine, d->sock);
	}
	nc_fdtable_free(table);
}

void
nc_task_free_all(struct nc_trace *t)
{
	struct nc_thread *th, *next;
	struct nc_process *p;

	for (th = t->threads; th != NULL; th = next) {
		next = th->next;
		nc_thread_remove(t, th);
		p = th->process;
		if (th->own != NULL && --th->own->refs == 0)
			forget_table(t, th->own);
		if (--p->threads == 0) {
			if (--p->table->refs == 0)
				forget_table(t, p->table);
			free(p);
		}
		free(th);
	}
	nc_map_fini(&t->processes);
	free(t->children);
}
