/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The host's threads by their ids, and the traces that their lines are in.
 */
#include "threads.h"

#include "util.h"

#include <stdlib.h>

uint64_t
nc_thread_key(int64_t tid)
{
	return (uint64_t)tid;
}

uint64_t
nc_thread_own_key(const struct nc_trace *t, int64_t tid)
{
	return (uint64_t)tid ^ ((uint64_t)(t->number + 1) << 32);
}

static void
link_home(struct nc_thread *th, struct nc_trace *t)
{
	th->home = t;
	th->prev = NULL;
	th->next = t->threads;
	if (t->threads != NULL)
		t->threads->prev = th;
	t->threads = th;
}

static void
unlink_home(struct nc_thread *th)
{
	if (th->prev != NULL)
		th->prev->next = th->next;
	else
		th->home->threads = th->next;
	if (th->next != NULL)
		th->next->prev = th->prev;
	if (th->home->inside == th)
		th->home->inside = NULL;
	if (th->home->lane->last == th)
		th->home->lane->last = NULL;
}

struct nc_thread *
nc_thread_new(
    struct nc_trace *t, uint64_t key, int64_t tid, struct nc_process *p)
{
	struct nc_thread *th = nc_xcalloc(1, sizeof(*th));

	th->key = key;
	th->tid = tid;
	th->process = p;
	th->last_line = t->line;
	th->last_at = t->lane->at;
	th->last_time = t->now;
	p->threads++;
	th->unread = nc_map_get(&t->machine->files, (uint64_t)tid) != NULL;
	p->unread += th->unread;
	link_home(th, t);
	nc_map_put(&t->machine->threads, key, th);
	return th;
}

void
nc_thread_remove(struct nc_trace *t, struct nc_thread *th)
{
	nc_map_del(&t->machine->threads, th->key);
	nc_map_fini(&th->views);
	unlink_home(th);
}

void
nc_process_know(struct nc_trace *t, struct nc_process *p)
{
	if (t->foreign != NULL)
		nc_map_put(&t->processes, nc_thread_key(p->pid), p);
}

void
nc_process_forget(struct nc_trace *t, const struct nc_process *p)
{
	if (nc_map_get(&t->processes, nc_thread_key(p->pid)) == p)
		nc_map_del(&t->processes, nc_thread_key(p->pid));
}

struct nc_process *
nc_process_new(struct nc_trace *t, int64_t pid, struct nc_fdtable *table)
{
	struct nc_process *p = nc_xcalloc(1, sizeof(*p));

	p->pid = pid;
	p->table = table;
	p->first_at = nc_trace_at(t);
	p->counted = t;
	t->ledger.processes++;
	nc_process_know(t, p);
	return p;
}

void
nc_process_free(struct nc_trace *t, struct nc_process *p)
{
	nc_process_forget(t, p);
	free(p);
}

void
nc_thread_seen(struct nc_trace *t, struct nc_thread *th)
{
	struct nc_process *p = th->process;

	th->seen = true;
	if (th->home != t) {
		unlink_home(th);
		link_home(th, t);
	}
	if (p->seen)
		return;
	p->seen = true;
	if (p->counted != t) {
		p->counted->ledger.processes--;
		p->counted = t;
		t->ledger.processes++;
	}
}

struct nc_thread *
nc_thread_find(struct nc_trace *t, int64_t tid, uint64_t *key)
{
	struct nc_thread *th;

	*key = nc_thread_own_key(t, tid);
	if (t->own_ids && (th = nc_map_get(&t->machine->threads, *key)) != NULL)
		return th;
	*key = nc_thread_key(tid);
	th = nc_map_get(&t->machine->threads, *key);
	if (th == NULL || th->home == t || !th->seen)
		return th;
	*key = nc_thread_own_key(t, tid);
	t->own_ids = true;
	return NULL;
}

struct nc_thread *
nc_task_find(const struct nc_trace *t, int64_t tid)
{
	struct nc_thread *th = NULL;

	if (t->own_ids)
		th =
		    nc_map_get(&t->machine->threads, nc_thread_own_key(t, tid));
	if (th == NULL)
		th = nc_map_get(&t->machine->threads, nc_thread_key(tid));
	return th == NULL || th->home == t || !th->seen ? th : NULL;
}

bool
nc_task_is_alone(const struct nc_trace *t)
{
	return t->threads != NULL && t->threads->next == NULL;
}

struct nc_thread *
nc_task_any(const struct nc_trace *t, int64_t pid)
{
	struct nc_thread *th = nc_task_find(t, pid);

	if (th != NULL && th->process->pid == pid)
		return th;
	if (nc_map_get(&t->processes, nc_thread_key(pid)) == NULL)
		return NULL;
	for (th = t->threads; th != NULL; th = th->next)
		if (th->process->pid == pid)
			return th;
	return NULL;
}
