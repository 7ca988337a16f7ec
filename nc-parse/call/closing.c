/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls that give up numbers when they begin: close, dup2, dup3, close_range.
 */
#include "closing.h"

#include "../table/shared.h"
#include "../table/tasks.h"
#include "../text/ending.h"
#include "entry.h"
#include "op.h"
#include "util.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int
by_number(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The number is given up at the entry: the socket goes to op->watched. */
static void
take_number(struct nc_trace *t, struct nc_op *op, int fd)
{
	struct nc_descriptor *d;

	d = nc_fdtable_get(nc_thread_table(op->thread), fd);
	if (d == NULL || d->sock == NULL || d->gone)
		return;
	nc_entry_watch(op, d->sock, fd);
	if (nc_thread_table(op->thread)->apart)
		nc_shared_keep(t, op->thread, d, false);
	else
		nc_descriptor_take(d);
}

/* A close, in a lane apart: of what the number was, or is. */
static void
close_apart(struct nc_trace *t, struct nc_op *op)
{
	struct nc_sock *kept;

	if (!nc_shared_close(op, &kept))
		return;
	if (kept != NULL)
		nc_entry_watch(op, kept, op->fd);
	else
		take_number(t, op, op->fd);
}

/* Bounds of close_range that fit a descriptor; false if they are unknown. */
static bool
range_of(const struct nc_args *a, int64_t *low, int64_t *high)
{
	*low = nc_text_number(nc_arg(a, 0));
	*high = nc_text_number(nc_arg(a, 1));
	if (*low == NC_NIL || *high == NC_NIL)
		return false;
	if (*high < 0 || *high > INT_MAX)
		*high = INT_MAX;
	return *low >= 0 && *low <= *high;
}

/* close, dup2, dup3 and close_range give up numbers at once. */
bool
nc_closing_range(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_fdtable *table;
	struct nc_slot *slot;
	struct nc_descriptor *d;
	const struct nc_args *a;
	const char *why;
	int64_t low, high, flags;
	size_t pos = 0, i, n = 0;
	int *fds;

	t->ledger.ranges = true;
	if ((a = nc_op_args(op, text, &why)) == NULL ||
	    !range_of(a, &low, &high) || (op->whole && nc_ending_fails(text)))
		return true;
	flags = nc_text_flags(nc_arg(a, 2), NC_SPACE_RANGE);
	if (flags != NC_NIL && (flags & NC_CLOSE_RANGE_UNSHARE) != 0)
		nc_task_unshare(op->thread);
	op->cloexec_only = flags != NC_NIL &&
	    (flags & NC_CLOSE_RANGE_CLOEXEC) != 0;
	table = nc_thread_table(op->thread);
	fds = nc_xcalloc(table->fds.n + 1, sizeof(*fds));
	while ((slot = nc_map_next(&table->fds, &pos)) != NULL) {
		d = slot->value;
		if ((int64_t)slot->key < low || (int64_t)slot->key > high ||
		    d->sock == NULL)
			continue;
		if (op->cloexec_only)
			d->cloexec = true;
		else
			fds[n++] = (int)slot->key;
	}
	qsort(fds, n, sizeof(*fds), by_number);
	for (i = 0; i < n; i++)
		take_number(t, op, fds[i]);
	free(fds);
	return true;
}

/* "4)   = 0": one argument and the result. */
static bool
only_argument(struct nc_text text)
{
	const char *p = memchr(text.p, ')', (size_t)(text.end - text.p));

	/* In an annotation or the result, any bracket may follow. */
	return p == NULL || p + 1 >= text.end || strchr(")]}", p[1]) == NULL ||
	    memchr(text.p, '<', (size_t)(p - text.p)) != NULL;
}

/*
 * A task whose making is filtered out closes a listener that was there before
 * it.  Children do so with their copy, and go on with one connection; threads
 * leave it to those that accept.
 */
static bool
closes_copy(const struct nc_op *op)
{
	const struct nc_process *p = op->thread->process;
	const struct nc_descriptor *d;

	if (!p->guessed || op->sock == NULL || !op->sock->listening)
		return false;
	d = nc_fdtable_get(nc_thread_table(op->thread), op->fd);
	return d != NULL && d->sock == op->sock && d->tid != op->thread->tid &&
	    d->at < p->first_at;
}

bool
nc_closing_close(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_fdtable *table;

	op->sock = nc_entry_resolve(t, op, text, NULL);
	if (closes_copy(op))
		nc_task_split(op->thread->process);
	table = nc_thread_table(op->thread);
	if (op->sock == NULL) {
		if (op->whole && !only_argument(text))
			op->bad = "brackets do not fit";
		/* A second close of what was a socket is worth a record. */
		if (nc_fdtable_knew(table, op->fd) && op->whole &&
		    nc_ending_fails_as_unknown(text)) {
			op->relevant = true;
			return true;
		}
		nc_entry_ignore(t, nc_entry_no_socket(t, op));
		nc_trace_hold(t, op->thread, op->fd, false);
		/* It stands for nothing now, and that is known. */
		nc_fdtable_set_plain(table, op->fd);
		if (table->apart)
			nc_shared_close_file(op->thread, op->fd);
		return false;
	}
	if (op->whole && nc_ending_is_injected(text))
		; /* It did not run. */
	else if (nc_thread_table(op->thread)->apart)
		close_apart(t, op);
	else
		take_number(t, op, op->fd);
	op->relevant = nc_sock_relevant(op->sock);
	if (!op->relevant)
		nc_entry_ignore(t, nc_entry_ignored_as(op->sock));
	return true;
}

bool
nc_closing_dup(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	const struct nc_args *a;
	struct nc_text note;
	const char *why;
	int fd = -1;

	op->sock = nc_entry_resolve(t, op, text, NULL);
	if (op->call != NC_CALL_DUP) {
		if ((a = nc_op_args(op, text, &why)) != NULL)
			fd = nc_fd_parse(nc_arg(a, 1), &note);
		/* dup2(a, a) has no effect, and none has one that fails. */
		if (fd >= 0 && fd != op->fd &&
		    !(op->whole && nc_ending_fails(text)))
			take_number(t, op, fd);
	}
	op->relevant = op->sock != NULL && nc_sock_relevant(op->sock);
	if (op->sock == NULL && op->nwatched == 0)
		return nc_entry_ignore(t, nc_entry_no_socket(t, op));
	return true;
}
