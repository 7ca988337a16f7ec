/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a call does when it begins.
 */
#include "enter.h"

#include "../table/local.h"
#include "../table/passing.h"
#include "../table/resolve.h"
#include "../table/untraced.h"
#include "../text/args.h"
#include "../text/ending.h"
#include "closing.h"
#include "entry.h"
#include "op.h"
#include "option.h"
#include "ready.h"

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
		unknown = unknown ||
		    (s == NULL && nc_entry_is_unknown(t, op, e.fd));
		if (s == NULL || !nc_sock_relevant(s)) {
			nc_entry_watch(op, NULL, e.fd);
			continue;
		}
		nc_entry_watch(op, s, e.fd);
		events = nc_text_flags(e.events, NC_SPACE_POLL);
		if (events != NC_NIL)
			op->watched[op->nwatched - 1].events = events;
		op->relevant = true;
	}
	/* Any socket may be in what is left out. */
	if (nc_ready_is_cut(nc_arg(a, 0)) && t->machine->sockets > 0)
		op->relevant = true;
	return op->relevant ||
	    nc_entry_ignore(
		t, unknown ? NC_IGNORED_UNKNOWN : NC_IGNORED_READINESS);
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
				nc_entry_watch(op, s, fd);
			unknown = unknown ||
			    (s == NULL && nc_entry_is_unknown(t, op, fd));
		}
	}
	op->relevant = op->nwatched > 0;
	return op->relevant ||
	    nc_entry_ignore(
		t, unknown ? NC_IGNORED_UNKNOWN : NC_IGNORED_READINESS);
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

	op->sock = nc_entry_resolve(t, op, text, NULL);
	if (op->sock == NULL || op->sock->object != NC_OBJECT_EPOLL) {
		unknown = nc_entry_is_unknown(t, op, op->fd);
		op->sock = NULL;
		return nc_entry_ignore(
		    t, unknown ? NC_IGNORED_UNKNOWN : NC_IGNORED_READINESS);
	}
	if (op->call != NC_CALL_EPOLL_CTL) {
		op->relevant = op->sock->has_sockets;
		return op->relevant ||
		    nc_entry_ignore(t,
			op->sock->late ? NC_IGNORED_UNKNOWN :
					 NC_IGNORED_READINESS);
	}
	if ((a = nc_op_args(op, text, &why)) == NULL)
		return true;
	fd = nc_fd_parse(nc_arg(a, 2), &note);
	s = fd < 0 ? NULL : nc_resolve(t, op, fd, note, NULL);
	if (s != NULL) {
		nc_entry_watch(op, s, fd);
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
		return nc_entry_ignore(t, NC_IGNORED_FILE);
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
	/* What it moves may come from a socket, or go to one. */
	if (!op->relevant && op->call == NC_CALL_SPLICE &&
	    (nc_entry_is_unknown(t, op, fd) || nc_entry_is_unknown(t, op, fd2)))
		nc_untraced_note(t, op->thread, op->call, text);
	if (!op->relevant)
		op->sock = NULL;
	else if (t->redact != NULL)
		nc_wire_enter(t, op);
	return op->relevant || nc_entry_ignore(t, NC_IGNORED_FILE);
}

static bool
enter_control(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	const struct nc_args *a;
	const char *why;

	op->sock = nc_entry_resolve(t, op, text, NULL);
	if (op->sock == NULL)
		return nc_entry_ignore(t, nc_entry_no_socket(t, op));
	if ((a = nc_op_args(op, text, &why)) == NULL)
		return true;
	op->relevant = nc_sock_relevant(op->sock) && nc_option_wanted(op, a);
	/* What its annotation told waits for a call with a record. */
	if (!op->relevant) {
		op->sock->untold_local = op->news_local;
		op->sock->untold_peer = op->news_peer;
	}
	if (!op->relevant && !nc_sock_relevant(op->sock))
		nc_entry_ignore(t, nc_entry_ignored_as(op->sock));
	else if (!op->relevant)
		nc_entry_ignore(t, NC_IGNORED_OTHER);
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

/* ", ".."..., 36)": what is left of a call that writes one string. */
static bool
is_one_string(struct nc_text t)
{
	if (!nc_text_starts(t, ", \"") ||
	    (t.p = nc_text_skip_string(t.p + 2, t.end)) == NULL)
		return false;
	if (nc_text_starts(t, "..."))
		t.p += 3;
	if (!nc_text_starts(t, ", "))
		return false;
	for (t.p += 2; t.p < t.end && *t.p >= '0' && *t.p <= '9'; t.p++)
		;
	return t.p < t.end && *t.p == ')';
}

static bool
enter_network(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	const struct nc_args *a;
	struct nc_text rest;
	const char *why;

	op->sock = nc_entry_resolve(t, op, text, &rest);
	if (op->sock == NULL) {
		/* Where output of the traced program mixes in. */
		if (op->call == NC_CALL_WRITE && op->whole && op->fd <= 2 &&
		    !is_one_string(rest) &&
		    ((a = nc_op_args(op, text, &why)) == NULL || !a->closed))
			op->bad = "line is cut";
		if (!nc_fdtable_knew(nc_thread_table(op->thread), op->fd) ||
		    !op->whole || !nc_ending_fails_as_unknown(text))
			return nc_entry_ignore(t, nc_entry_no_socket(t, op));
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
		return nc_entry_ignore(t, NC_IGNORED_FILE);
	}
	nc_entry_ignore(t, nc_entry_ignored_as(op->sock));
	switch (op->call) {
	case NC_CALL_SENDMSG:
	case NC_CALL_SENDMMSG:
		if (op->sock->object == NC_OBJECT_UNIX &&
		    (a = nc_op_args(op, text, &why)) != NULL)
			nc_passing(t, op, a);
		return true;
	case NC_CALL_CONNECT:
		if (op->sock->object == NC_OBJECT_UNIX &&
		    !(op->whole && nc_ending_fails(text)) &&
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
		return nc_closing_close(t, op, text);
	case NC_CALL_CLOSE_RANGE:
		return nc_closing_range(t, op, text);
	case NC_CALL_DUP:
	case NC_CALL_DUP2:
	case NC_CALL_DUP3:
		return nc_closing_dup(t, op, text);
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
	case NC_CALL_OPEN: /* only where permission was denied */
	case NC_CALL_OPENAT:
	case NC_CALL_OPENAT2:
	case NC_CALL_CREAT:
		op->relevant = true;
		return true;
	case NC_CALL_SENDFILE:
	case NC_CALL_SPLICE:
		return enter_splice(t, op, text);
	default:
		return enter_network(t, op, text);
	}
}
