/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a call does when it begins.
 */
#include "enter.h"

#include "emit.h"
#include "local.h"
#include "option.h"
#include "passing.h"
#include "ready.h"
#include "resolve.h"
#include "tasks.h"
#include "util.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool
ignore(struct nc_trace *t, enum nc_ignored why)
{
	t->ledger.ignored[why]++;
	t->why = why;
	return false;
}

/* The number stood for something before the trace began, maybe a socket. */
static bool
is_unknown(const struct nc_trace *t, const struct nc_op *op, int fd)
{
	return !t->ledger.notes &&
	    nc_fdtable_is_unknown(nc_thread_table(op->thread), fd);
}

/* Why a call on a number that stands for no socket gives no record. */
static enum nc_ignored
no_socket(const struct nc_trace *t, const struct nc_op *op)
{
	return is_unknown(t, op, op->fd) ? NC_IGNORED_UNKNOWN : NC_IGNORED_FILE;
}

static enum nc_ignored
ignored_as(const struct nc_sock *s)
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

static void
watch(struct nc_op *op, struct nc_sock *s, int fd)
{
	struct nc_watch *w;

	op->watched = nc_grow(
	    op->watched, op->nwatched, &op->watched_cap, sizeof(*op->watched));
	w = &op->watched[op->nwatched++];
	w->sock = s;
	w->fd = fd;
	w->events = 0;
}

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
	watch(op, d->sock, fd);
	if (nc_thread_table(op->thread)->apart)
		nc_resolve_keep(t, op->thread, d, false);
	else
		d->sock = NULL;
}

/* A close, in a lane apart: of what the number was, or is. */
static void
close_apart(struct nc_trace *t, struct nc_op *op)
{
	struct nc_descriptor *d;

	d = nc_fdtable_get(nc_thread_table(op->thread), op->fd);
	if (d != NULL && d->was_open &&
	    (op->sock == d->was ||
		(op->sock == d->unsure && d->tid != op->tid))) {
		d->was_open = false;
		watch(op, d->was, op->fd);
	} else if (d != NULL &&
	    (op->sock == d->sock || op->sock == d->unsure)) {
		take_number(t, op, op->fd);
	}
}

/* True if the whole line ends in one of two errors. */
static bool
fails_with(struct nc_text text, const char *const errors[2])
{
	const char *p = text.end - text.p > 96 ? text.end - 96 : text.p;
	size_t i, n;

	for (; p < text.end; p++)
		for (i = 0; *p == '=' && i < 2; i++) {
			n = strlen(errors[i]);
			if ((size_t)(text.end - p) >= n &&
			    memcmp(p, errors[i], n) == 0)
				return true;
		}
	return false;
}

/* True if the tracer put a result in the place of the call (-e inject). */
static bool
is_injected(struct nc_text text)
{
	static const char word[] = "(INJECTED";
	const char *p = text.end - text.p > 128 ? text.end - 128 : text.p;

	/* "(INJECTED: args)" alone changed memory; the call ran. */
	for (; text.end - p >= (long)sizeof(word); p++)
		if (*p == '(' && memcmp(p, word, sizeof(word) - 1) == 0)
			return p[9] == ')' ||
			    nc_text_starts(
				(struct nc_text){ p + 9, text.end }, ": args,");
	return false;
}

/* True if it ends in any error, or never ran. */
static bool
fails(struct nc_text text)
{
	static const char *const errors[] = { "= -1 E", "= -1 (errno" };

	return fails_with(text, errors) || is_injected(text);
}

/* True if it ends in an error that shows no open descriptor. */
static bool
fails_as_unknown(struct nc_text text)
{
	static const char *const errors[] = { "= -1 EBADF", "= -1 ENOTSOCK" };

	return fails_with(text, errors);
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
	    sa.family != NC_AF_INET6 && !fails_with(text, errors))
		nc_resolve_missed(t, op->thread, op->fd);
}

/* Resolves op->fd; the address in the call helps to know an unknown one. */
static struct nc_sock *
resolve_first(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_descriptor *d;
	struct nc_sockaddr sa;
	struct nc_text note, rest;
	const struct nc_args *a;
	const char *why;
	bool have = false;

	op->fd = first_fd(op, text, &note, &rest);
	if (op->fd < 0)
		return NULL;
	d = nc_fdtable_get(nc_thread_table(op->thread), op->fd);
	if (d != NULL && d->sock != NULL && note.p == NULL)
		doubt_family(t, op, d->sock, text);
	if ((d == NULL || d->sock == NULL) &&
	    nc_trace_returned(t, op->thread, op->fd))
		d = nc_fdtable_get(nc_thread_table(op->thread), op->fd);
	if (d == NULL || d->sock == NULL) {
		/* The usual case of a file: no more reading than this. */
		if (note.p == NULL &&
		    nc_call_group(op->call) != NC_GROUP_NETWORK &&
		    op->call != NC_CALL_EPOLL_CTL)
			return NULL;
		if (note.p != NULL && note.p[1] == '/') {
			t->ledger.notes = true;
			return NULL;
		}
		if (op->whole && fails_as_unknown(text))
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

static bool
enter_poll(struct nc_trace *t, struct nc_op *op, const struct nc_args *a)
{
	struct nc_text list = nc_text_inside(nc_arg(a, 0));
	struct nc_pollfd e;
	struct nc_sock *s;
	int64_t events;
	bool unknown = false;

	while (nc_pollfd_next(&list, &e)) {
		if (e.fd < 0)
			continue;
		s = nc_resolve(t, op, e.fd, e.note, NULL);
		unknown = unknown || (s == NULL && is_unknown(t, op, e.fd));
		if (s == NULL || !nc_sock_relevant(s)) {
			watch(op, NULL, e.fd);
			continue;
		}
		watch(op, s, e.fd);
		events = nc_text_flags(e.events, NC_SPACE_POLL);
		if (events != NC_NIL)
			op->watched[op->nwatched - 1].events = events;
		op->relevant = true;
	}
	return op->relevant ||
	    ignore(t, unknown ? NC_IGNORED_UNKNOWN : NC_IGNORED_READINESS);
}

/* The watched sockets are held while the call lasts. */
static bool
enter_select(struct nc_trace *t, struct nc_op *op, const struct nc_args *a)
{
	struct nc_text list, e, note;
	struct nc_sock *s;
	bool unknown = false;
	size_t i;
	int fd;

	for (i = 1; i < 4; i++) {
		list = nc_text_inside(nc_arg(a, i));
		while (nc_text_next(&list, &e)) {
			fd = nc_fd_parse(e, &note);
			s = fd < 0 ? NULL : nc_resolve(t, op, fd, note, NULL);
			if (s != NULL && nc_sock_relevant(s))
				watch(op, s, fd);
			unknown = unknown ||
			    (s == NULL && is_unknown(t, op, fd));
		}
	}
	op->relevant = op->nwatched > 0;
	return op->relevant ||
	    ignore(t, unknown ? NC_IGNORED_UNKNOWN : NC_IGNORED_READINESS);
}

static bool
enter_epoll(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	const struct nc_args *a;
	struct nc_text note;
	struct nc_sock *s;
	const char *why;
	bool unknown;
	int fd;

	op->sock = resolve_first(t, op, text);
	if (op->sock == NULL || op->sock->object != NC_OBJECT_EPOLL) {
		unknown = is_unknown(t, op, op->fd);
		op->sock = NULL;
		return ignore(
		    t, unknown ? NC_IGNORED_UNKNOWN : NC_IGNORED_READINESS);
	}
	if (op->call != NC_CALL_EPOLL_CTL) {
		op->relevant = op->sock->has_sockets;
		return op->relevant ||
		    ignore(t,
			op->sock->late ? NC_IGNORED_UNKNOWN :
					 NC_IGNORED_READINESS);
	}
	if ((a = nc_op_args(op, text, &why)) == NULL)
		return true;
	fd = nc_fd_parse(nc_arg(a, 2), &note);
	s = fd < 0 ? NULL : nc_resolve(t, op, fd, note, NULL);
	if (s != NULL) {
		watch(op, s, fd);
		op->relevant = nc_sock_relevant(s);
	}
	return true;
}

/* sendfile's source and splice's ends may be the socket. */
static bool
enter_splice(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_sock *s = NULL, *in = NULL;
	struct nc_text note;
	const struct nc_args *a;
	const char *why;
	size_t second = op->call == NC_CALL_SPLICE ? 2 : 1;
	int fd, fd2;

	if ((a = nc_op_args(op, text, &why)) == NULL)
		return ignore(t, NC_IGNORED_FILE);
	fd = nc_fd_parse(nc_arg(a, 0), &note);
	if (fd >= 0)
		s = nc_resolve(t, op, fd, note, NULL);
	fd2 = nc_fd_parse(nc_arg(a, second), &note);
	if (fd2 >= 0)
		in = nc_resolve(t, op, fd2, note, NULL);
	if (op->call == NC_CALL_SPLICE && in != NULL && nc_sock_relevant(in)) {
		s = in;
		fd = fd2;
		op->splice_out = true;
	}
	op->sock = s;
	op->fd = fd;
	op->relevant = s != NULL && nc_sock_relevant(s);
	if (!op->relevant)
		op->sock = NULL;
	else if (t->redact != NULL)
		nc_wire_enter(t, op);
	return op->relevant || ignore(t, NC_IGNORED_FILE);
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
static bool
enter_close_range(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_fdtable *table;
	struct nc_slot *slot;
	struct nc_descriptor *d;
	const struct nc_args *a;
	const char *why;
	int64_t low, high, flags;
	size_t pos = 0, i, n = 0;
	int *fds;

	if ((a = nc_op_args(op, text, &why)) == NULL ||
	    !range_of(a, &low, &high) || (op->whole && fails(text)))
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

static bool
enter_close(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_fdtable *table = nc_thread_table(op->thread);

	op->sock = resolve_first(t, op, text);
	if (op->sock == NULL) {
		if (op->whole && !only_argument(text))
			op->bad = "brackets do not fit";
		/* A second close of what was a socket is worth a record. */
		if (nc_fdtable_knew(table, op->fd) && op->whole &&
		    fails_as_unknown(text)) {
			op->relevant = true;
			return true;
		}
		ignore(t, no_socket(t, op));
		/* It stands for nothing now, and that is known. */
		nc_fdtable_set_plain(table, op->fd);
		return false;
	}
	if (op->whole && is_injected(text))
		; /* It did not run. */
	else if (nc_thread_table(op->thread)->apart)
		close_apart(t, op);
	else
		take_number(t, op, op->fd);
	op->relevant = nc_sock_relevant(op->sock);
	if (!op->relevant)
		ignore(t, ignored_as(op->sock));
	return true;
}

static bool
enter_dup(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	const struct nc_args *a;
	struct nc_text note;
	const char *why;
	int fd = -1;

	op->sock = resolve_first(t, op, text);
	if (op->call != NC_CALL_DUP) {
		if ((a = nc_op_args(op, text, &why)) != NULL)
			fd = nc_fd_parse(nc_arg(a, 1), &note);
		/* dup2(a, a) has no effect, and none has one that fails. */
		if (fd >= 0 && fd != op->fd && !(op->whole && fails(text)))
			take_number(t, op, fd);
	}
	op->relevant = op->sock != NULL && nc_sock_relevant(op->sock);
	if (op->sock == NULL && op->nwatched == 0)
		return ignore(t, no_socket(t, op));
	return true;
}

static bool
enter_control(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	const struct nc_args *a;
	const char *why;

	op->sock = resolve_first(t, op, text);
	if (op->sock == NULL)
		return ignore(t, no_socket(t, op));
	if ((a = nc_op_args(op, text, &why)) == NULL)
		return true;
	op->relevant = nc_sock_relevant(op->sock) && nc_option_wanted(op, a);
	/* What its annotation told waits for a call with a record. */
	if (!op->relevant) {
		op->sock->untold_local = op->news_local;
		op->sock->untold_peer = op->news_peer;
	}
	if (!op->relevant && !nc_sock_relevant(op->sock))
		ignore(t, ignored_as(op->sock));
	else if (!op->relevant)
		ignore(t, NC_IGNORED_OTHER);
	return true;
}

static bool
enter_socket(struct nc_op *op, struct nc_text text)
{
	struct nc_text name, v = nc_text_field(text, &name);
	int64_t family;

	family = nc_text_symbol(v, NC_SPACE_DOMAIN);
	op->relevant = family == NC_AF_INET || family == NC_AF_INET6;
	return true;
}

static bool
enter_network(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	const struct nc_args *a;
	const char *why;

	op->sock = resolve_first(t, op, text);
	if (op->sock == NULL) {
		/* Where output of the traced program mixes in. */
		if (op->call == NC_CALL_WRITE && op->whole && op->fd <= 2 &&
		    ((a = nc_op_args(op, text, &why)) == NULL || !a->closed))
			op->bad = "line is cut";
		if (!nc_fdtable_knew(nc_thread_table(op->thread), op->fd) ||
		    !op->whole || !fails_as_unknown(text))
			return ignore(t, no_socket(t, op));
		op->relevant = true;
		return true;
	}
	op->relevant = nc_sock_relevant(op->sock);
	if (op->relevant) {
		if (t->redact != NULL)
			nc_wire_enter(t, op);
		return true;
	}
	if (op->sock->object == NC_OBJECT_EPOLL) {
		op->sock = NULL;
		return ignore(t, NC_IGNORED_FILE);
	}
	ignore(t, ignored_as(op->sock));
	switch (op->call) {
	case NC_CALL_SENDMSG:
	case NC_CALL_SENDMMSG:
		if (op->sock->object == NC_OBJECT_UNIX &&
		    (a = nc_op_args(op, text, &why)) != NULL)
			nc_passing(t, op, a);
		return true;
	case NC_CALL_CONNECT:
		if (op->sock->object == NC_OBJECT_UNIX &&
		    !(op->whole && fails(text)) &&
		    (a = nc_op_args(op, text, &why)) != NULL)
			nc_local_connecting(t, op, nc_arg(a, 1));
		return true;
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
	case NC_CALL_RECVMSG:
	case NC_CALL_RECVMMSG:
	case NC_CALL_BIND:
		return true;
	case NC_CALL_GETSOCKOPT:
		if (op->sock->object == NC_OBJECT_UNIX)
			return true;
		op->sock = NULL;
		return false;
	case NC_CALL_RECVFROM:
	case NC_CALL_RECV:
	case NC_CALL_READ:
		if (op->sock->object == NC_OBJECT_NETLINK)
			return true;
		op->sock = NULL;
		return false;
	default:
		op->sock = NULL;
		return false;
	}
}

bool
nc_call_enter(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	const struct nc_args *a;
	const char *why;

	switch (op->call) {
	case NC_CALL_SOCKET:
		return enter_socket(op, text);
	case NC_CALL_SOCKETPAIR:
	case NC_CALL_EPOLL_CREATE:
	case NC_CALL_EPOLL_CREATE1:
	case NC_CALL_PIDFD_OPEN:
	case NC_CALL_PIDFD_GETFD:
	case NC_CALL_UNSHARE:
		return true;
	case NC_CALL_CLOSE:
		return enter_close(t, op, text);
	case NC_CALL_CLOSE_RANGE:
		return enter_close_range(t, op, text);
	case NC_CALL_DUP:
	case NC_CALL_DUP2:
	case NC_CALL_DUP3:
		return enter_dup(t, op, text);
	case NC_CALL_FCNTL:
	case NC_CALL_IOCTL:
		return enter_control(t, op, text);
	case NC_CALL_POLL:
	case NC_CALL_PPOLL:
		a = nc_op_args(op, text, &why);
		return a == NULL || enter_poll(t, op, a);
	case NC_CALL_SELECT:
	case NC_CALL_PSELECT6:
		a = nc_op_args(op, text, &why);
		return a == NULL || enter_select(t, op, a);
	case NC_CALL_EPOLL_CTL:
	case NC_CALL_EPOLL_WAIT:
	case NC_CALL_EPOLL_PWAIT:
	case NC_CALL_EPOLL_PWAIT2:
		return enter_epoll(t, op, text);
	case NC_CALL_CLONE:
	case NC_CALL_CLONE3:
	case NC_CALL_FORK:
	case NC_CALL_VFORK:
	case NC_CALL_EXECVE:
	case NC_CALL_EXIT:
	case NC_CALL_EXIT_GROUP:
	case NC_CALL_WAIT4:
		op->relevant = true;
		return true;
	case NC_CALL_SENDFILE:
	case NC_CALL_SPLICE:
		return enter_splice(t, op, text);
	default:
		return enter_network(t, op, text);
	}
}
