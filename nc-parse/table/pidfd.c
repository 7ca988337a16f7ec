/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Descriptors of processes, through which another's descriptor is taken.
 */
#include "pidfd.h"

#include "../call/fill.h"
#include "../text/args.h"
#include "../text/tail.h"
#include "resolve.h"

#include <string.h>

#define SO_PEERPIDFD 77

void
nc_pidfd_install(struct nc_trace *t, struct nc_thread *th, int fd, int64_t pid)
{
	struct nc_sock *s;

	nc_resolve_missed(t, th, fd);
	if (pid <= 0)
		return;
	s = nc_sock_new(t->machine, NC_OBJECT_PIDFD);
	s->pid = pid;
	nc_resolve_install(t, th, fd, s, true);
}

/* The number in "[8]" or "[8<pid:123>]"; -1 if there is none. */
static int
in_brackets(struct nc_text v)
{
	struct nc_text list = nc_text_inside(v), e, note;

	return nc_text_next(&list, &e) ? nc_fd_parse(e, &note) : -1;
}

void
nc_pidfd_cloned(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    int64_t child)
{
	int64_t flags = nc_fill_clone_flags(a);
	struct nc_text v, name, list, e;
	size_t i;
	int fd = -1;

	if (flags == NC_NIL || (flags & NC_CLONE_PIDFD) == 0)
		return;
	for (i = 0; i < a->n && fd < 0; i++) {
		v = nc_text_field(nc_arg(a, i), &name);
		/* clone: "parent_tid=[8]"; -N takes the name off. */
		if (nc_text_starts(v, "[")) {
			fd = in_brackets(v);
			continue;
		}
		/* clone3: "{..} => {pidfd=[8]}". */
		list = nc_arg(a, i);
		if (!nc_text_starts(list, "{"))
			continue;
		list.p = memchr(list.p, '>', (size_t)(list.end - list.p));
		while (list.p != NULL && ++list.p < list.end && *list.p == ' ')
			;
		e = list.p != NULL ? nc_text_member(list, "pidfd") : list;
		fd = e.p != NULL ? in_brackets(e) : -1;
	}
	if (fd >= 0)
		nc_pidfd_install(t, op->thread, fd, child);
}

void
nc_pidfd_peer(struct nc_trace *t, struct nc_op *op, const struct nc_args *a)
{
	struct nc_text option = nc_arg(a, 2);
	int fd;

	if (op->sock == NULL || op->sock->object != NC_OBJECT_UNIX ||
	    (!nc_text_starts(option, "SO_PEERPIDFD") &&
		nc_text_number(option) != SO_PEERPIDFD))
		return;
	fd = in_brackets(nc_arg(a, 3));
	if (fd >= 0)
		nc_pidfd_install(t, op->thread, fd, op->sock->pid);
}

/* The process of a descriptor, from its annotation "<pid:123>" or its maker. */
static int64_t
process_of(const struct nc_op *op, struct nc_text arg)
{
	struct nc_text note;
	struct nc_descriptor *d;
	int fd = nc_fd_parse(arg, &note);
	int64_t pid;

	if (nc_text_starts(note, "<pid:")) {
		note.p += 5;
		if (nc_text_int(note, &pid) != NULL)
			return pid;
	}
	d = nc_fdtable_get(nc_thread_table(op->thread), fd);
	if (d == NULL || d->sock == NULL || d->sock->object != NC_OBJECT_PIDFD)
		return 0;
	return d->sock->pid;
}

void
nc_pidfd_get(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail)
{
	int64_t pid = process_of(op, nc_arg(a, 0));
	struct nc_descriptor *d = NULL;
	struct nc_thread *th;
	struct nc_text note;
	int fd = nc_fd_parse(nc_arg(a, 1), &note), got = (int)tail->result;

	th = pid > 0 ? nc_map_get(&t->machine->threads, (uint64_t)pid) : NULL;
	if (th != NULL)
		d = nc_fdtable_get(nc_thread_table(th), fd);
	nc_resolve_missed(t, op->thread, got);
	if (d != NULL && d->sock != NULL && !d->gone)
		nc_resolve_install(t, op->thread, got, d->sock, true);
	/* The annotation has the last word. */
	if (tail->note.p != NULL)
		nc_resolve(t, op, got, tail->note, NULL);
}
