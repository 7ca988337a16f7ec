/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the entries of all calls have in common: the first descriptor.
 */
#include "entry.h"

#include "../table/resolve.h"
#include "../text/ending.h"
#include "op.h"
#include "util.h"

bool
nc_entry_ignore(struct nc_trace *t, enum nc_ignored why)
{
	t->ledger.ignored[why]++;
	t->why = why;
	return false;
}

/* The number stood for something before the trace began, maybe a socket. */
bool
nc_entry_is_unknown(const struct nc_trace *t, const struct nc_op *op, int fd)
{
	return !t->ledger.notes &&
	    nc_fdtable_is_unknown(nc_thread_table(op->thread), fd);
}

/* Why a call on a number that stands for no socket gives no record. */
enum nc_ignored
nc_entry_no_socket(const struct nc_trace *t, const struct nc_op *op)
{
	return nc_entry_is_unknown(t, op, op->fd) ? NC_IGNORED_UNKNOWN :
						    NC_IGNORED_FILE;
}

enum nc_ignored
nc_entry_ignored_as(const struct nc_sock *s)
{
	switch (s->object) {
	case NC_OBJECT_UNIX:
		return NC_IGNORED_UNIX;
	case NC_OBJECT_NETLINK:
		return NC_IGNORED_NETLINK;
	case NC_OBJECT_EPOLL:
		return NC_IGNORED_READINESS;
	case NC_OBJECT_PIDFD:
		return NC_IGNORED_FILE;
	default:
		return NC_IGNORED_FAMILY;
	}
}

void
nc_entry_watch(struct nc_op *op, struct nc_sock *s, int fd)
{
	struct nc_watch *w;

	op->watched = nc_grow(
	    op->watched, op->nwatched, &op->watched_cap, sizeof(*op->watched));
	w = &op->watched[op->nwatched++];
	w->sock = s;
	w->fd = fd;
	w->events = 0;
}

/* The first argument as a descriptor; *rest is what follows. */
static int
first_fd(struct nc_op *op, struct nc_text text, struct nc_text *note,
    struct nc_text *rest)
{
	struct nc_text value, name;
	const char *p;
	int64_t v;

	/* -N: "sockfd=3". */
	value = nc_text_field(text, &name);
	*rest = value;
	note->p = note->end = NULL;
	p = nc_text_int(value, &v);
	if (p == NULL && value.p < value.end && *value.p >= '0' &&
	    *value.p <= '9')
		op->bad = "number out of range";
	if (p == NULL || v < 0 || v > 0x7fffffff)
		return -1;
	if (p < value.end && *p == '<') {
		note->p = p;
		note->end = nc_text_skip_note(p, value.end);
		if (note->end == NULL)
			note->p = NULL;
		else
			p = note->end;
		/* Old versions write a path's '>' as it is. */
		if (value.end - p > 1 && p[0] == ' ' && p[1] == '(')
			op->bad = "annotation without end";
	}
	rest->p = p;
	return (int)v;
}

/*
 * A bind or connect to a name of another family: the number stands for
 * another socket by now, the close and the socket call were not traced.
 */
static void
doubt_family(struct nc_trace *t, struct nc_op *op, const struct nc_sock *s,
    struct nc_text text)
{
	static const char *const errors[] = { "= -1 EAFNOSUPPORT",
		"= -1 EINVAL" };
	struct nc_sockaddr sa;
	const struct nc_args *a;
	const char *why;

	if ((op->call != NC_CALL_CONNECT && op->call != NC_CALL_BIND) ||
	    !nc_sock_relevant(s) || s->domain == NULL ||
	    (a = nc_op_args(op, text, &why)) == NULL ||
	    nc_sockaddr_parse(nc_arg(a, 1), &sa) < 0)
		return;
	if (sa.family > 0 && sa.family != NC_AF_INET &&
	    sa.family != NC_AF_INET6 && !nc_ending_fails_with(text, errors))
		nc_resolve_missed(t, op->thread, op->fd);
}

/* Resolves op->fd; the address in the call helps to know an unknown one. */
struct nc_sock *
nc_entry_resolve(struct nc_trace *t, struct nc_op *op, struct nc_text text,
    struct nc_text *past)
{
	struct nc_descriptor *d;
	struct nc_sockaddr sa;
	struct nc_text note, rest;
	const struct nc_args *a;
	const char *why;
	bool have = false;

	op->fd = first_fd(op, text, &note, &rest);
	if (past != NULL)
		*past = rest;
	if (op->fd < 0)
		return NULL;
	op->head.p = text.p;
	op->head.end = note.p != NULL && note.p[1] == '<' ? note.p : rest.p;
	d = nc_fdtable_get(nc_thread_table(op->thread), op->fd);
	if (d != NULL && d->sock != NULL && note.p == NULL)
		doubt_family(t, op, d->sock, text);
	if ((d == NULL || d->sock == NULL) &&
	    nc_trace_returned(t, op->thread, op->fd))
		d = nc_fdtable_get(nc_thread_table(op->thread), op->fd);
	if (d == NULL || d->sock == NULL) {
		/* The usual case of a file: no more reading than this. */
		if (note.p == NULL && (d == NULL || d->npast == 0) &&
		    nc_call_group(op->call) != NC_GROUP_NETWORK &&
		    op->call != NC_CALL_EPOLL_CTL)
			return NULL;
		if (note.p != NULL && note.p[1] == '/') {
			t->ledger.notes = true;
			return NULL;
		}
		if (op->whole && nc_ending_fails_as_unknown(text))
			return NULL;
		if ((a = nc_op_args(op, text, &why)) != NULL) {
			have = nc_sockaddr_parse(nc_arg(a, 1), &sa) == 0;
			if (have && sa.family < 0)
				have = nc_sockaddr_parse(nc_arg(a, 4), &sa) ==
				    0;
		}
	}
	return nc_resolve(t, op, op->fd, note, have ? &sa : NULL);
}
