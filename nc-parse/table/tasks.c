/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Whose a line is, and how tasks begin.
 */
#define _GNU_SOURCE /* memmem */
#include "tasks.h"

#include <string.h>

#include "../call/calls.h"
#include "../call/emit.h"
#include "../call/fill.h"
#include "../call/op.h"
#include "../input/input.h"
#include "../text/args.h"
#include "../text/scan.h"
#include "doubt.h"
#include "release.h"
#include "resolve.h"
#include "util.h"

#define AHEAD_MAX (64 << 10) /* bytes */

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

/* Of a clone3 whose flags are not shown; a thread's are never these alone. */
#define UNDECODED (NC_CLONE_THREAD | NC_CLONE_FILES)

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
	/* It is used for threads most of all. */
	if (flags == NC_NIL && op->call == NC_CALL_CLONE3)
		return UNDECODED;
	return flags == NC_NIL ? 0 : flags;
}

/* The task that a pending or finished clone makes. */
static struct nc_thread *
make_child(struct nc_trace *t, struct nc_thread *parent, int64_t flags,
    uint64_t key, int64_t tid)
{
	struct nc_fdtable *table = nc_thread_table(parent);
	int64_t born = t->machine->sockets + 1;
	struct nc_thread *th;

	if ((flags & NC_CLONE_FILES) && t->family != NULL && t->family->apart)
		table->apart = true;
	if (flags & NC_CLONE_FILES)
		table->refs++;
	else
		table = nc_fdtable_copy(table);
	if (!(flags & NC_CLONE_FILES) && nc_doubt_hides_close(t))
		nc_fdtable_inherit(table);
	if (!(flags & NC_CLONE_THREAD)) {
		th = nc_thread_new(t, key, tid, nc_process_new(t, tid, table));
		th->born = born;
		return th;
	}
	th = nc_thread_new(t, key, tid, parent->process);
	th->born = born;
	th->guessed = flags == UNDECODED;
	if (table != parent->process->table)
		th->own = table;
	else
		table->refs--; /* the process's own, which counts once */
	return th;
}

/*
 * Lines have pids from now on: children made before are followed after all,
 * as on stderr, where pids begin with the second process.
 */
static void
follow_children(struct nc_trace *t)
{
	struct nc_thread *parent =
	    nc_map_get(&t->machine->threads, nc_thread_key(t->made_up));
	struct nc_child *c;

	t->ledger.pids = true;
	if (parent == NULL)
		return;
	while (t->nchildren > 0) {
		c = &t->children[--t->nchildren];
		t->ledger.unfollowed--;
		nc_fdtable_set_unfollowed(nc_thread_table(parent), false);
		if (nc_map_get(&t->machine->threads, nc_thread_key(c->tid)) ==
		    NULL)
			make_child(
			    t, parent, c->flags, nc_thread_key(c->tid), c->tid)
			    ->confirmed = true;
	}
}

/* Traces of one strace, or of none that is known to be another's. */
static bool
same_family(const struct nc_trace *a, const struct nc_trace *b)
{
	return a == b || (a->family != NULL && a->family == b->family);
}

/* The parent waits until its child has executed another program, or ended. */
static bool
is_vfork(const struct nc_op *op)
{
	return op->call == NC_CALL_VFORK ||
	    (clone_flags(op) & NC_CLONE_VFORK) != 0;
}

/*
 * The task's line is a call on a socket, and one that the maker has: as its
 * annotation says, or its being a listener or not.
 */
static bool
has_its_socket(const struct nc_trace *t, const struct nc_op *maker)
{
	enum nc_call_group group = t->calling == NC_CALL_NONE ?
	    NC_GROUP_OTHER :
	    nc_call_group(t->calling);
	const struct nc_descriptor *d;
	const struct nc_sock *s;
	struct nc_text name, text;
	struct nc_note note;
	int fd;

	if (group != NC_GROUP_NETWORK && group != NC_GROUP_IO &&
	    group != NC_GROUP_DESCRIPTOR)
		return false;
	fd = nc_fd_parse(nc_text_field(t->called_with, &name), &text);
	d = nc_fdtable_get(nc_thread_table(maker->thread), fd);
	s = d != NULL ? d->sock : NULL;
	if (s == NULL)
		return false;
	if (text.p == NULL)
		return group != NC_GROUP_DESCRIPTOR &&
		    s->listening ==
		    (t->calling == NC_CALL_ACCEPT ||
			t->calling == NC_CALL_ACCEPT4);
	nc_note_parse(text, &note);
	return !nc_resolve_contradicts(s, &note) &&
	    (!note.local.port || !s->local.port ||
		note.local.port == s->local.port);
}

/*
 * The clone in progress that makes a task: the one that is known to, else the
 * oldest one whose child is not known yet.  But rather that of a maker which
 * has the socket that the task begins with; else that of a vfork, as it is
 * heard of first in any case, while others may end any moment; else, where
 * the task begins with another program, as no thread does, of one that makes a
 * process.
 */
static struct nc_op *
pending_clone(const struct nc_trace *t, int64_t tid)
{
	struct nc_op *op, *oldest = NULL, *process = NULL;
	bool several = false;

	for (op = t->lane->first_fork; op != NULL; op = op->next_fork) {
		if (op->child == tid)
			return op;
		if (op->child != 0 || !same_family(op->home, t))
			continue;
		several = several || oldest != NULL;
		if (oldest == NULL)
			oldest = op;
	}
	for (op = several ? oldest : NULL; op != NULL; op = op->next_fork)
		if (op->child == 0 && same_family(op->home, t) &&
		    has_its_socket(t, op))
			return op;
	for (op = several ? oldest : NULL; op != NULL; op = op->next_fork) {
		if (op->child != 0 || !same_family(op->home, t))
			continue;
		if (is_vfork(op))
			return op;
		if (t->executing && process == NULL &&
		    (clone_flags(op) & NC_CLONE_THREAD) == 0)
			process = op;
	}
	return process != NULL ? process : oldest;
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
		nc_descriptor_sure(d);
		if (--d->sock->refs == 0)
			nc_emit_forget(d->sock);
		nc_sock_free_unused(t->machine, d->sock);
	}
	nc_fdtable_free(table);
}

/* The thread is another process's; its own is gone with its last one. */
static void
join(struct nc_trace *t, struct nc_thread *th, struct nc_process *to)
{
	struct nc_process *from = th->process;

	from->unread -= th->unread;
	to->unread += th->unread;
	to->threads++;
	to->seen = to->seen || th->seen;
	th->process = to;
	if (th->op != NULL)
		th->op->pid = to->pid;
	if (--from->threads > 0)
		return;
	from->counted->ledger.processes--;
	disinherit(t, from->table);
	nc_process_free(t, from);
}

void
nc_task_part(struct nc_trace *t, struct nc_op *op)
{
	struct nc_thread *th = op->thread;
	struct nc_process *from = th->process, *p;
	struct nc_fdtable *table = th->own;

	if (!th->guessed || from->threads < 2 || th->tid == from->pid ||
	    nc_trace_is_apart(t))
		return;
	th->guessed = false;
	th->own = NULL;
	if (table == NULL)
		table = nc_fdtable_copy(from->table);
	p = nc_process_new(t, th->tid, table);
	p->first_at = from->first_at;
	join(t, th, p);
	op->pid = p->pid;
}

/*
 * The thread is inside a call on a number that it turns out to have had of
 * another process: that is another socket.
 */
static void
look_again(struct nc_trace *t, struct nc_thread *th)
{
	struct nc_op *op = th->op;
	const struct nc_descriptor *d;
	struct nc_sock *was;

	if (op == NULL || op->sock == NULL || op->wired ||
	    (nc_call_group(op->call) != NC_GROUP_NETWORK &&
		nc_call_group(op->call) != NC_GROUP_IO))
		return;
	d = nc_fdtable_get(nc_thread_table(th), op->fd);
	if (d == NULL || d->sock == NULL || d->sock == op->sock)
		return;
	was = op->sock;
	op->sock = d->sock;
	op->sock->pins++;
	op->relevant = nc_sock_relevant(op->sock);
	if (--was->pins == 0)
		nc_release_check(t, was);
}

/*
 * A task was taken for the child of a call that has another one, and turns out
 * to be that of op: what it has is its maker's, besides what it got itself.
 */
static void
rehome(struct nc_trace *t, struct nc_thread *th, const struct nc_op *op)
{
	struct nc_process *from = th->process, *to = op->thread->process;
	struct nc_fdtable *table = nc_thread_table(op->thread);
	struct nc_fdtable *old = from->table;
	int64_t flags = clone_flags(op);

	if (th == op->thread || th->own != NULL || from->exiting ||
	    from->guessed)
		return;
	/* Threads of one process have the same descriptors. */
	if (flags & NC_CLONE_THREAD && from == to)
		return;
	if (flags & (NC_CLONE_THREAD | NC_CLONE_FILES)) {
		nc_fdtable_move(old, th->tid, table);
		table->refs++;
	} else {
		table = nc_fdtable_moved(old, th->tid,
		    from->threads == 1 ? from->first_at : INT64_MIN, table);
	}
	if (flags & NC_CLONE_THREAD) {
		table->refs--; /* the process's own, which counts once */
		join(t, th, to);
	} else if (from->threads == 1 && from != to) {
		from->table = table;
		disinherit(t, old);
	} else {
		join(t, th, nc_process_new(t, th->tid, table));
	}
	look_again(t, th);
}

/*
 * The task begins with another program, as no thread does, and op makes one:
 * it is the child of a call that makes a process instead, whose own, as far as
 * is known, is op's then.
 */
static struct nc_op *
exchange(struct nc_trace *t, struct nc_op *op)
{
	struct nc_op *other;
	struct nc_thread *th;

	if (!t->executing || (clone_flags(op) & NC_CLONE_THREAD) == 0)
		return op;
	for (other = t->lane->first_op; other; other = other->next) {
		if (other->child == 0 || !same_family(other->home, t) ||
		    (clone_flags(other) & NC_CLONE_THREAD) != 0)
			continue;
		th = nc_map_get(
		    &t->machine->threads, nc_thread_key(other->child));
		if (th == NULL || th->confirmed)
			continue;
		op->forked = true;
		op->child = other->child;
		nc_op_forked(op);
		rehome(t, th, op);
		return other;
	}
	return op;
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

	th = nc_map_get(&t->machine->threads, nc_thread_key(t->made_up));
	/* But where it is in a clone, that call's end tells its own number. */
	if (th != NULL && th->process->pid == t->made_up && tid != t->made_up &&
	    (th->op == NULL || !th->op->forking || t->resuming)) {
		nc_map_del(&t->machine->threads, nc_thread_key(t->made_up));
		th->tid = tid;
		th->key = key;
		nc_process_forget(t, th->process);
		th->process->pid = tid;
		nc_process_know(t, th->process);
		nc_map_put(&t->machine->threads, key, th);
		return th;
	}
	op = t->resuming ? NULL : pending_clone(t, tid);
	if (op != NULL) {
		op = exchange(t, op);
		th = make_child(t, op->thread, clone_flags(op), key, tid);
		op->forked = true;
		nc_op_forked(op);
		op->child = tid;
		return th;
	}
	/* The next of several runs in one file (strace -A) begins so. */
	if (*rooted &&
	    !(t->executing && t->threads == NULL && t->family == NULL))
		t->ledger.attached = true;
	*rooted = true;
	other = sharer(t);
	if (other != NULL) {
		p = nc_process_new(t, tid, other->table);
		p->guessed = other->guessed = true;
		p->table->refs++;
		p->table->shared_at = nc_trace_at(t);
		return nc_thread_new(t, key, tid, p);
	}
	p = nc_process_new(t, tid, nc_fdtable_new());
	p->table->partial = true;
	return nc_thread_new(t, key, tid, p);
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
			    &t->machine->threads, nc_thread_key(t->made_up));
		if (th == NULL || th->home != t)
			th = adopt(t, nc_thread_key(t->made_up), t->made_up);
	} else {
		if (!t->ledger.pids)
			follow_children(t);
		th = t->lane->last;
		if (th != NULL && th->tid == tid && th->home == t)
			return th;
		th = nc_thread_find(t, tid, &key);
		if (th == NULL)
			th = adopt(t, key, tid);
	}
	if (!th->seen)
		nc_thread_seen(t, th);
	/* Its end clears what its own lane remembers, and no other's. */
	t->lane->last = th->home->lane == t->lane ? th : NULL;
	return th;
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
		rehome(t, th, op);
		return;
	}
	if (p->threads > 1 || p->exiting)
		return;
	old = p->table;
	p->table = nc_fdtable_moved(old, th->tid, p->first_at, NULL);
	disinherit(t, old);
}

/*
 * On stderr pids begin with the first line of a child, some lines after the
 * clone that made it: what the parent does meanwhile is not the child's.  True
 * if that line is among what has been read.
 */
static bool
comes_soon(const struct nc_trace *t, int64_t child)
{
	static const char mark[] = "[pid";
	const struct nc_input *in = t->input;
	const char *p, *end;
	int64_t pid;

	if (in == NULL || in->buf == NULL || in->start >= in->len)
		return false;
	p = in->buf + in->start;
	end = in->buf + in->len;
	if (end - p > AHEAD_MAX)
		end = p + AHEAD_MAX;
	while ((p = memmem(p, (size_t)(end - p), mark, strlen(mark))) != NULL) {
		p = nc_scan_skip_blanks(p + strlen(mark), end);
		if (nc_scan_digits(p, end, &pid) != NULL && pid == child)
			return true;
	}
	return false;
}

void
nc_task_clone(struct nc_trace *t, struct nc_op *op, int64_t child)
{
	struct nc_thread *th;
	uint64_t key = nc_thread_key(child);
	bool had;

	if (child <= 0)
		return;
	if (!t->ledger.pids && comes_soon(t, child)) {
		make_child(t, op->thread, clone_flags(op), key, child)
		    ->confirmed = true;
		return;
	}
	if (!t->ledger.pids) {
		/* Without -f the child has no lines. */
		nc_fdtable_set_unfollowed(nc_thread_table(op->thread), true);
		/* What is made from now on is a thread's as well. */
		if ((clone_flags(op) & NC_CLONE_FILES) != 0)
			nc_thread_table(op->thread)->unfollowed = true;
		nc_task_note_unfollowed(t, child);
		t->children = nc_grow(t->children, t->nchildren,
		    &t->children_cap, sizeof(*t->children));
		t->children[t->nchildren].tid = child;
		t->children[t->nchildren++].flags = clone_flags(op);
		return;
	}
	th = nc_map_get(&t->machine->threads, key);
	if (th != NULL && th->confirmed && !same_family(th->home, t)) {
		/* Another trace's thread of that number. */
		key = nc_thread_own_key(t, child);
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
		reassign(t,
		    nc_map_get(&t->machine->threads, nc_thread_key(op->child)));
	/* Its child may have come and gone already. */
	if (th != NULL && !had && !th->confirmed)
		rehome(t, th, op);
	else if (th == NULL && !had)
		th = make_child(t, op->thread, clone_flags(op), key, child);
	if (th != NULL)
		th->confirmed = true;
	if (nc_map_get(&t->machine->files, nc_thread_key(child)) != NULL) {
		struct nc_machine *m = t->machine;

		m->born =
		    nc_grow(m->born, m->nborn, &m->born_cap, sizeof(*m->born));
		m->born[m->nborn++] = child;
	}
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
	nc_thread_find(t, tid, &key);
	th = nc_thread_new(t, key, tid, th->process);
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
	nc_thread_find(t, child, &key);
	make_child(t, th, 0, key, child);
}
