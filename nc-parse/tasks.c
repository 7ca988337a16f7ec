/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The life of threads and processes in a trace.
 */
#include "tasks.h"

#include "calls.h"
#include "emit.h"
#include "fill.h"
#include "startup.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

/* Keys of the host's table of threads: tids from 0. */
static uint64_t
key_of(int64_t tid)
{
	return (uint64_t)tid;
}

/*
 * A tid that another trace has lines of, too: a trace of its own kind of ids,
 * such as those of a container, has its own thread of that number.
 */
static uint64_t
own_key_of(const struct nc_trace *t, int64_t tid)
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

static struct nc_thread *
new_thread(struct nc_trace *t, uint64_t key, int64_t tid, struct nc_process *p)
{
	struct nc_thread *th = nc_xcalloc(1, sizeof(*th));

	th->key = key;
	th->tid = tid;
	th->process = p;
	th->last_line = t->line;
	th->last_at = t->lane->at;
	th->last_time = t->now;
	p->threads++;
	link_home(th, t);
	nc_map_put(&t->machine->threads, key, th);
	return th;
}

/* Those of other tracers' traces are looked up by their pid. */
static void
know_process(struct nc_trace *t, struct nc_process *p)
{
	if (t->foreign != NULL)
		nc_map_put(&t->processes, key_of(p->pid), p);
}

static void
forget_process(struct nc_trace *t, const struct nc_process *p)
{
	if (nc_map_get(&t->processes, key_of(p->pid)) == p)
		nc_map_del(&t->processes, key_of(p->pid));
}

static struct nc_process *
new_process(struct nc_trace *t, int64_t pid, struct nc_fdtable *table)
{
	struct nc_process *p = nc_xcalloc(1, sizeof(*p));

	p->pid = pid;
	p->table = table;
	p->first_at = nc_trace_at(t);
	p->counted = t;
	t->ledger.processes++;
	know_process(t, p);
	return p;
}

static void
free_process(struct nc_trace *t, struct nc_process *p)
{
	forget_process(t, p);
	free(p);
}

/* The thread's first line: it, and its process, are of this trace. */
static void
first_line(struct nc_trace *t, struct nc_thread *th)
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

void
nc_task_unshare(struct nc_thread *th)
{
	struct nc_process *p = th->process;
	struct nc_fdtable *old = nc_thread_table(th);

	if (th->own == NULL && p->threads > 1) {
		th->own = nc_fdtable_copy(old);
		return;
	}
	if (old->refs == 1)
		return;
	old->refs--;
	if (th->own != NULL)
		th->own = nc_fdtable_copy(old);
	else
		p->table = nc_fdtable_copy(old);
}

void
nc_task_split(struct nc_process *p)
{
	struct nc_fdtable *old = p->table;

	p->guessed = false;
	if (old->refs == 1)
		return;
	p->table = nc_fdtable_part(old, p->pid, p->first_at);
	old->refs--;
}

static int64_t
clone_flags(const struct nc_op *op)
{
	struct nc_args a;
	const char *why;
	int64_t flags = NC_NIL;

	if (op->call == NC_CALL_CLONE || op->call == NC_CALL_CLONE3) {
		if (nc_args_split(
			op->text.p, op->text.p + op->text.len, &a, &why) == 0)
			flags = nc_fill_clone_flags(&a);
	}
	/* clone3 undecoded: it is used for threads most of all. */
	if (flags == NC_NIL && op->call == NC_CALL_CLONE3)
		return NC_CLONE_THREAD | NC_CLONE_FILES;
	return flags == NC_NIL ? 0 : flags;
}

/* The task that a pending or finished clone makes. */
static struct nc_thread *
make_child(struct nc_trace *t, struct nc_thread *parent, int64_t flags,
    uint64_t key, int64_t tid)
{
	struct nc_fdtable *table = nc_thread_table(parent);
	struct nc_thread *th;

	if ((flags & NC_CLONE_FILES) && t->family != NULL && t->family->apart)
		table->apart = true;
	if (flags & NC_CLONE_FILES)
		table->refs++;
	else
		table = nc_fdtable_copy(table);
	if (!(flags & NC_CLONE_THREAD))
		return new_thread(t, key, tid, new_process(t, tid, table));
	th = new_thread(t, key, tid, parent->process);
	if (table != parent->process->table)
		th->own = table;
	else
		table->refs--; /* the process's own, which counts once */
	return th;
}

/* A child without lines: counted, the first ones by their ids. */
static void
note_unfollowed(struct nc_trace *t, int64_t pid)
{
	struct nc_ledger *l = &t->ledger;

	if (l->unfollowed < NC_UNFOLLOWED_MAX)
		l->unfollowed_pid[l->unfollowed] = pid;
	l->unfollowed++;
}

/*
 * Lines have pids from now on: children made before are followed after all,
 * as on stderr, where pids begin with the second process.
 */
static void
follow_children(struct nc_trace *t)
{
	struct nc_thread *parent =
	    nc_map_get(&t->machine->threads, key_of(t->made_up));
	struct nc_child *c;

	t->ledger.pids = true;
	if (parent == NULL)
		return;
	while (t->nchildren > 0) {
		c = &t->children[--t->nchildren];
		t->ledger.unfollowed--;
		nc_fdtable_set_unfollowed(nc_thread_table(parent), false);
		if (nc_map_get(&t->machine->threads, key_of(c->tid)) == NULL)
			make_child(t, parent, c->flags, key_of(c->tid), c->tid)
			    ->confirmed = true;
	}
}

/* Traces of one strace, or of none that is known to be another's. */
static bool
same_family(const struct nc_trace *a, const struct nc_trace *b)
{
	return a == b || (a->family != NULL && a->family == b->family);
}

/*
 * The clone in progress that makes a task: the one that is known to, else the
 * oldest one whose child is not known yet.
 */
static struct nc_op *
pending_clone(const struct nc_trace *t, int64_t tid)
{
	struct nc_op *op, *oldest = NULL;

	for (op = t->lane->first_fork; op != NULL; op = op->next_fork) {
		if (op->child == tid)
			return op;
		if (oldest == NULL && op->child == 0 &&
		    same_family(op->home, t))
			oldest = op;
	}
	return oldest;
}

/*
 * Where calls that make tasks are filtered out a new task is taken for a
 * thread of an earlier one, until nc_task_split.  A trace that begins in mid
 * life and has no annotations could not refute that.
 */
static struct nc_process *
sharer(struct nc_trace *t)
{
	const struct nc_thread *last = t->lane->last;

	if (t->lane->clones || (t->ledger.late > 0 && !t->ledger.notes))
		return NULL;
	if (last != NULL && same_family(last->home, t))
		return last->process;
	return t->threads != NULL ? t->threads->process : NULL;
}

/*
 * A task that nothing announced: the trace began after it, or its clone was
 * filtered out.  A first one without pid was this one.
 */
static struct nc_thread *
adopt(struct nc_trace *t, uint64_t key, int64_t tid)
{
	struct nc_thread *th;
	struct nc_process *p, *other;
	struct nc_op *op;
	bool *rooted = t->family != NULL ? &t->family->rooted : &t->rooted;

	th = nc_map_get(&t->machine->threads, key_of(t->made_up));
	/* But where it is in a clone, that call's end tells its own number. */
	if (th != NULL && th->process->pid == t->made_up && tid != t->made_up &&
	    (th->op == NULL || !th->op->forking || t->resuming)) {
		nc_map_del(&t->machine->threads, key_of(t->made_up));
		th->tid = tid;
		th->key = key;
		forget_process(t, th->process);
		th->process->pid = tid;
		know_process(t, th->process);
		nc_map_put(&t->machine->threads, key, th);
		return th;
	}
	op = t->resuming ? NULL : pending_clone(t, tid);
	if (op != NULL) {
		th = make_child(t, op->thread, clone_flags(op), key, tid);
		op->forked = true;
		nc_op_forked(op);
		op->child = tid;
		return th;
	}
	if (*rooted)
		t->ledger.attached = true;
	*rooted = true;
	other = sharer(t);
	if (other != NULL) {
		p = new_process(t, tid, other->table);
		p->guessed = other->guessed = true;
		p->table->refs++;
		p->table->shared_at = nc_trace_at(t);
		return new_thread(t, key, tid, p);
	}
	p = new_process(t, tid, nc_fdtable_new());
	p->table->partial = true;
	return new_thread(t, key, tid, p);
}

/* A line without pid belongs to the only task alive, or to the last seen. */
static struct nc_thread *
without_pid(struct nc_trace *t)
{
	if (t->lane->last == NULL && t->threads != NULL &&
	    t->threads->next == NULL)
		return t->threads;
	return t->lane->last != NULL && t->lane->last->home == t ?
	    t->lane->last :
	    NULL;
}

/* The thread of that id, unless it is another trace's. */
static struct nc_thread *
find_thread(struct nc_trace *t, int64_t tid, uint64_t *key)
{
	struct nc_thread *th;

	*key = own_key_of(t, tid);
	if (t->own_ids && (th = nc_map_get(&t->machine->threads, *key)) != NULL)
		return th;
	*key = key_of(tid);
	th = nc_map_get(&t->machine->threads, *key);
	if (th == NULL || th->home == t || !th->seen)
		return th;
	*key = own_key_of(t, tid);
	t->own_ids = true;
	return NULL;
}

struct nc_thread *
nc_task_of(struct nc_trace *t, int64_t tid)
{
	struct nc_thread *th;
	uint64_t key;

	if (tid == NC_NIL)
		tid = t->pid;
	if (tid == NC_NIL) {
		th = without_pid(t);
		if (th == NULL)
			th = nc_map_get(
			    &t->machine->threads, key_of(t->made_up));
		if (th == NULL || th->home != t)
			th = adopt(t, key_of(t->made_up), t->made_up);
	} else {
		if (!t->ledger.pids)
			follow_children(t);
		th = t->lane->last;
		if (th != NULL && th->tid == tid && th->home == t)
			return th;
		th = find_thread(t, tid, &key);
		if (th == NULL)
			th = adopt(t, key, tid);
	}
	if (!th->seen)
		first_line(t, th);
	/* Its end clears what its own lane remembers, and no other's. */
	t->lane->last = th->home->lane == t->lane ? th : NULL;
	return th;
}

/* Forgets what a process inherited from one that is not its parent. */
static void
disinherit(struct nc_trace *t, struct nc_fdtable *table)
{
	struct nc_slot *slot;
	struct nc_descriptor *d;
	size_t pos = 0;

	if (--table->refs > 0)
		return;
	while ((slot = nc_map_next(&table->fds, &pos)) != NULL) {
		d = slot->value;
		if (d->sock == NULL || d->gone)
			continue;
		if (--d->sock->refs == 0)
			nc_emit_forget(d->sock);
		nc_sock_free_unused(t->machine, d->sock);
	}
	nc_fdtable_free(table);
}

/*
 * A task was taken for the child of a call that has another one: it is that
 * of the next call whose child is unknown, or of none that was traced.
 */
static void
reassign(struct nc_trace *t, struct nc_thread *th)
{
	struct nc_op *op;
	struct nc_process *p;
	struct nc_fdtable *old;

	if (th == NULL || th->confirmed || th->own != NULL)
		return;
	op = pending_clone(t, th->tid);
	p = th->process;
	if (op != NULL) {
		op->forked = true;
		op->child = th->tid;
		nc_op_forked(op);
	}
	/* Threads of one process have the same descriptors. */
	if (p->threads > 1 && op != NULL && op->thread->process == p &&
	    (clone_flags(op) & NC_CLONE_THREAD) != 0)
		return;
	if (p->threads > 1 || p->exiting)
		return;
	old = p->table;
	p->table = nc_fdtable_moved(old, th->tid, p->first_at,
	    op != NULL ? nc_thread_table(op->thread) : NULL);
	disinherit(t, old);
}

void
nc_task_clone(struct nc_trace *t, struct nc_op *op, int64_t child)
{
	struct nc_thread *th;
	uint64_t key = key_of(child);
	bool had;

	if (child <= 0)
		return;
	if (!t->ledger.pids) {
		/* Without -f the child has no lines. */
		nc_fdtable_set_unfollowed(nc_thread_table(op->thread), true);
		note_unfollowed(t, child);
		t->children = nc_grow(t->children, t->nchildren,
		    &t->children_cap, sizeof(*t->children));
		t->children[t->nchildren].tid = child;
		t->children[t->nchildren++].flags = clone_flags(op);
		return;
	}
	th = nc_map_get(&t->machine->threads, key);
	if (th != NULL && th->confirmed && !same_family(th->home, t)) {
		/* Another trace's thread of that number. */
		key = own_key_of(t, child);
		t->own_ids = true;
		th = nc_map_get(&t->machine->threads, key);
	}
	if (th != NULL && th->confirmed && th != op->thread) {
		/* The pid is used again; the end of the first was hidden. */
		nc_task_gone(t, th, false);
		th = NULL;
	}
	had = op->forked && op->child == child;
	if (op->forked && !had)
		reassign(
		    t, nc_map_get(&t->machine->threads, key_of(op->child)));
	/* Its child may have come and gone already. */
	if (th == NULL && !had)
		th = make_child(t, op->thread, clone_flags(op), key, child);
	if (th != NULL)
		th->confirmed = true;
	if (nc_map_get(&t->machine->files, key_of(child)) != NULL) {
		struct nc_machine *m = t->machine;

		m->born =
		    nc_grow(m->born, m->nborn, &m->born_cap, sizeof(*m->born));
		m->born[m->nborn++] = child;
	}
}

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

/* What descriptors of lanes apart may still have been. */
static void
forget_shared(
    struct nc_trace *t, struct nc_slot *list, size_t n, const struct nc_op *by)
{
	struct nc_descriptor *d;
	size_t i;

	for (i = 0; i < n; i++) {
		d = list[i].value;
		if (d->unsure != NULL)
			nc_release_drop(t, d->unsure, by, "exit", NULL);
		if (d->was == NULL)
			continue;
		if (d->was_open)
			nc_release_drop(t, d->was, by, "exit", NULL);
		d->was->kept--;
		nc_sock_free_unused(t->machine, d->was);
	}
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
	if (table->apart)
		forget_shared(t, list, n, by);
	for (i = 0; i < n; i++) {
		d = list[i].value;
		s = d->sock;
		if (s == NULL || d->gone)
			continue;
		d->sock = NULL;
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
	struct nc_fdtable *old = p->table;

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
		s = d->sock;
		d->sock = NULL;
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
	if (p->table->refs > 1)
		return;
	list = sorted(p->table, &n);
	for (i = 0; i < n; i++) {
		d = list[i].value;
		if (d->sock == NULL || d->gone)
			continue;
		/* Other threads may still name it: held until the end. */
		d->gone = true;
		d->sock->pins++;
		nc_release_drop(t, d->sock, op, "exit", &p->releases);
	}
	free(list);
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
	free_process(t, p);
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
	nc_map_del(&t->machine->threads, th->key);
	unlink_home(th);
	if (th->own != NULL) {
		by = end_of(th, killed);
		let_go(t, th->own, &by, true, killed ? "kill" : "exit");
	}
	if (--p->threads == 0)
		end_process(t, p, th, killed);
	free(th);
}

struct nc_thread *
nc_task_find(const struct nc_trace *t, int64_t tid)
{
	struct nc_thread *th = NULL;

	if (t->own_ids)
		th = nc_map_get(&t->machine->threads, own_key_of(t, tid));
	if (th == NULL)
		th = nc_map_get(&t->machine->threads, key_of(tid));
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
	if (nc_map_get(&t->processes, key_of(pid)) == NULL)
		return NULL;
	for (th = t->threads; th != NULL; th = th->next)
		if (th->process->pid == pid)
			return th;
	return NULL;
}

void
nc_task_join(struct nc_trace *t, int64_t tid, int64_t pid)
{
	struct nc_thread *th;
	uint64_t key;

	if (nc_task_find(t, tid) != NULL)
		return;
	th = nc_task_any(t, pid);
	if (th == NULL)
		th = nc_task_of(t, pid);
	if (tid == pid)
		return;
	find_thread(t, tid, &key);
	th = new_thread(t, key, tid, th->process);
	th->confirmed = true;
}

void
nc_task_born(struct nc_trace *t, int64_t child, int64_t parent)
{
	struct nc_thread *th;
	uint64_t key;

	if (nc_task_find(t, child) != NULL)
		return;
	th = nc_task_any(t, parent);
	if (th == NULL)
		return;
	find_thread(t, child, &key);
	make_child(t, th, 0, key, child);
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
nc_task_unfollowed(struct nc_trace *t)
{
	struct nc_thread *th, *next;

	for (th = t->threads; th != NULL; th = next) {
		next = th->next;
		if (th->process->seen ||
		    nc_map_get(&t->machine->files, (uint64_t)th->tid) != NULL)
			continue;
		note_unfollowed(t, th->process->pid);
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
		if (d->unsure != NULL) {
			d->unsure->refs--;
			nc_sock_free_unused(t->machine, d->unsure);
		}
		if (d->was != NULL) {
			d->was->refs -= d->was_open;
			d->was->kept--;
			nc_sock_free_unused(t->machine, d->was);
		}
		if (d->sock == NULL)
			continue;
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
		unlink_home(th);
		nc_map_del(&t->machine->threads, th->key);
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
