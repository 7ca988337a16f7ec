/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What calls do when they begin and when they end.
 */
#include "calls.h"

#include "../lib/util.h"
#include "emit.h"
#include "fill.h"
#include "option.h"
#include "passing.h"
#include "payload.h"
#include "resolve.h"
#include "tasks.h"

#include <stdlib.h>
#include <string.h>

static bool
ignore(struct nc_trace *t, enum nc_ignored why)
{
	t->ledger.ignored[why]++;
	return false;
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
	default:
		return NC_IGNORED_FAMILY;
	}
}

static void
watch(struct nc_op *op, struct nc_sock *s, int fd)
{
	op->watched = nc_grow(
	    op->watched, op->nwatched, &op->watched_cap, sizeof(*op->watched));
	op->watched[op->nwatched].sock = s;
	op->watched[op->nwatched++].fd = fd;
}

/* The number is given up at the entry: the socket goes to op->watched. */
static void
take_number(struct nc_op *op, int fd)
{
	struct nc_descriptor *d;

	d = nc_fdtable_get(op->thread->process->table, fd);
	if (d == NULL || d->sock == NULL || d->gone)
		return;
	watch(op, d->sock, fd);
	d->sock = NULL;
}

/* True if the whole line ends in an error that shows no open descriptor. */
static bool
fails_as_unknown(struct nc_text text)
{
	static const char *const errors[] = { "= -1 EBADF", "= -1 ENOTSOCK" };
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

/* The first argument as a descriptor; *rest is what follows. */
static int
first_fd(struct nc_text text, struct nc_text *note, struct nc_text *rest)
{
	struct nc_text value, name;
	const char *p;
	int64_t v;

	/* -N: "sockfd=3". */
	value = nc_text_field(text, &name);
	*rest = value;
	note->p = note->end = NULL;
	p = nc_text_int(value, &v);
	if (p == NULL || v < 0 || v > 0x7fffffff)
		return -1;
	if (p < value.end && *p == '<') {
		note->p = p;
		note->end = nc_text_skip_note(p, value.end);
		if (note->end == NULL)
			note->p = NULL;
		else
			p = note->end;
	}
	rest->p = p;
	return (int)v;
}

/* Resolves op->fd; the address in the call helps to know an unknown one. */
static struct nc_sock *
resolve_first(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_descriptor *d;
	struct nc_sockaddr sa;
	struct nc_text note, rest;
	struct nc_args a;
	const char *why;
	bool have = false;

	op->fd = first_fd(text, &note, &rest);
	if (op->fd < 0)
		return NULL;
	d = nc_fdtable_get(op->thread->process->table, op->fd);
	if (d == NULL || d->sock == NULL) {
		/* The usual case of a file: no more reading than this. */
		if (note.p == NULL &&
		    nc_call_group(op->call) != NC_GROUP_NETWORK &&
		    op->call != NC_CALL_EPOLL_CTL)
			return NULL;
		if (op->whole && fails_as_unknown(text))
			return NULL;
		if (nc_args_split(text.p, text.end, &a, &why) == 0) {
			have = nc_sockaddr_parse(nc_arg(&a, 1), &sa) == 0;
			if (have && sa.family < 0)
				have = nc_sockaddr_parse(nc_arg(&a, 4), &sa) ==
				    0;
		}
	}
	return nc_resolve(t, op, op->fd, note, have ? &sa : NULL);
}

/* poll and select: the watched sockets are held while the call lasts. */
static bool
enter_poll(struct nc_trace *t, struct nc_op *op, const struct nc_args *a)
{
	bool is_poll = op->call == NC_CALL_POLL || op->call == NC_CALL_PPOLL;
	struct nc_text list, e, note;
	struct nc_sock *s;
	size_t i;
	int fd;

	for (i = is_poll ? 0 : 1; i < (is_poll ? 1u : 4u); i++) {
		list = nc_text_inside(nc_arg(a, i));
		while (nc_text_next(&list, &e)) {
			if (is_poll)
				e = nc_text_member(e, "fd");
			fd = nc_fd_parse(e, &note);
			s = fd < 0 ? NULL : nc_resolve(t, op, fd, note, NULL);
			if (s != NULL && nc_sock_relevant(s))
				watch(op, s, fd);
		}
	}
	op->relevant = op->nwatched > 0;
	return op->relevant || ignore(t, NC_IGNORED_READINESS);
}

static bool
enter_epoll(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_args a;
	struct nc_text note;
	struct nc_sock *s;
	const char *why;
	int fd;

	op->sock = resolve_first(t, op, text);
	if (op->sock == NULL || op->sock->object != NC_OBJECT_EPOLL) {
		op->sock = NULL;
		return ignore(t, NC_IGNORED_READINESS);
	}
	if (op->call != NC_CALL_EPOLL_CTL) {
		op->relevant = op->sock->has_sockets;
		return op->relevant || ignore(t, NC_IGNORED_READINESS);
	}
	if (nc_args_split(text.p, text.end, &a, &why) < 0)
		return true;
	fd = nc_fd_parse(nc_arg(&a, 2), &note);
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
	struct nc_args a;
	const char *why;
	size_t second = op->call == NC_CALL_SPLICE ? 2 : 1;
	int fd, fd2;

	if (nc_args_split(text.p, text.end, &a, &why) < 0)
		return ignore(t, NC_IGNORED_FILE);
	fd = nc_fd_parse(nc_arg(&a, 0), &note);
	if (fd >= 0)
		s = nc_resolve(t, op, fd, note, NULL);
	fd2 = nc_fd_parse(nc_arg(&a, second), &note);
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
	return op->relevant || ignore(t, NC_IGNORED_FILE);
}

/* close, dup2, dup3 and close_range give up numbers at once. */
static bool
enter_close_range(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_table_slot *slot;
	struct nc_descriptor *d;
	struct nc_args a;
	const char *why;
	int64_t low, high;
	size_t pos = 0, i, n = 0;
	int *fds;

	if (nc_args_split(text.p, text.end, &a, &why) < 0)
		return true;
	low = nc_text_number(nc_arg(&a, 0));
	high = nc_text_number(nc_arg(&a, 1));
	if (low == NC_NIL || high == NC_NIL)
		return true;
	if (high < 0 || high > 0x7fffffff)
		high = 0x7fffffff;
	op->cloexec_only = memchr(text.p, 'C', (size_t)(text.end - text.p)) !=
		NULL &&
	    a.n > 2 &&
	    (strstr(nc_text_starts(nc_arg(&a, 2), "CLOSE_RANGE_CLOEXEC") ? "C" :
									   "",
		 "C") != NULL ||
		nc_text_number(nc_arg(&a, 2)) == 4);
	if (nc_text_starts(nc_arg(&a, 2), "CLOSE_RANGE_UNSHARE") ||
	    nc_text_number(nc_arg(&a, 2)) == 2)
		nc_task_unshare(op->thread->process);
	(void)t;
	fds = nc_xcalloc(op->thread->process->table->fds.len + 1, sizeof(*fds));
	while ((slot = nc_table_next(&op->thread->process->table->fds, &pos)) !=
	    NULL) {
		d = slot->value;
		if ((int64_t)slot->key < low || (int64_t)slot->key > high ||
		    d->sock == NULL)
			continue;
		if (op->cloexec_only)
			d->cloexec = true;
		else
			fds[n++] = (int)slot->key;
	}
	for (i = 0; i < n; i++)
		take_number(op, fds[i]);
	free(fds);
	return true;
}

static bool
enter_close(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_descriptor *d;

	op->sock = resolve_first(t, op, text);
	if (op->sock == NULL) {
		/* A second close of what was a socket is worth a record. */
		d = nc_fdtable_get(op->thread->process->table, op->fd);
		if (d == NULL || !op->whole || !fails_as_unknown(text))
			return ignore(t, NC_IGNORED_FILE);
		op->relevant = true;
		return true;
	}
	take_number(op, op->fd);
	op->relevant = nc_sock_relevant(op->sock);
	if (!op->relevant)
		ignore(t, ignored_as(op->sock));
	return true;
}

static bool
enter_dup(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_args a;
	struct nc_text note;
	const char *why;
	int fd = -1;

	op->sock = resolve_first(t, op, text);
	if (op->call != NC_CALL_DUP) {
		if (nc_args_split(text.p, text.end, &a, &why) == 0)
			fd = nc_fd_parse(nc_arg(&a, 1), &note);
		/* dup2(a, a) has no effect. */
		if (fd >= 0 && fd != op->fd)
			take_number(op, fd);
	}
	op->relevant = op->sock != NULL && nc_sock_relevant(op->sock);
	if (op->sock == NULL && op->nwatched == 0)
		return ignore(t, NC_IGNORED_FILE);
	return true;
}

static bool
enter_control(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_args a;
	const char *why;

	op->sock = resolve_first(t, op, text);
	if (op->sock == NULL)
		return ignore(t, NC_IGNORED_FILE);
	if (nc_args_split(text.p, text.end, &a, &why) < 0)
		return true;
	op->relevant = nc_sock_relevant(op->sock) && nc_option_wanted(op, &a);
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
	struct nc_descriptor *d;
	struct nc_args a;
	const char *why;

	op->sock = resolve_first(t, op, text);
	if (op->sock == NULL) {
		d = nc_fdtable_get(op->thread->process->table, op->fd);
		if (d == NULL || !op->whole || !fails_as_unknown(text))
			return ignore(t, NC_IGNORED_FILE);
		op->relevant = true;
		return true;
	}
	op->relevant = nc_sock_relevant(op->sock);
	if (op->relevant)
		return true;
	if (op->sock->object == NC_OBJECT_EPOLL) {
		op->sock = NULL;
		return ignore(t, NC_IGNORED_FILE);
	}
	ignore(t, ignored_as(op->sock));
	switch (op->call) {
	case NC_CALL_SENDMSG:
		if (op->sock->object == NC_OBJECT_UNIX &&
		    nc_args_split(text.p, text.end, &a, &why) == 0)
			nc_passing(t, op, &a);
		return true;
	case NC_CALL_CONNECT:
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
	case NC_CALL_RECVMSG:
	case NC_CALL_RECVFROM:
	case NC_CALL_RECV:
	case NC_CALL_READ:
		return true;
	default:
		op->sock = NULL;
		return false;
	}
}

bool
nc_call_enter(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_args a;
	const char *why;

	switch (op->call) {
	case NC_CALL_SOCKET:
		return enter_socket(op, text);
	case NC_CALL_SOCKETPAIR:
	case NC_CALL_EPOLL_CREATE:
	case NC_CALL_EPOLL_CREATE1:
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
	case NC_CALL_SELECT:
	case NC_CALL_PSELECT6:
		if (nc_args_split(text.p, text.end, &a, &why) < 0)
			return true;
		return enter_poll(t, op, &a);
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
		op->relevant = true;
		return true;
	case NC_CALL_SENDFILE:
	case NC_CALL_SPLICE:
		return enter_splice(t, op, text);
	default:
		return enter_network(t, op, text);
	}
}

/* An accepted socket is of its listener's kind. */
static struct nc_sock *
accepted(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	struct nc_sock *l = op->sock, *s;
	struct nc_sockaddr sa;
	struct nc_note note;

	s = nc_resolve_new(t, l->object, tail->note);
	s->stream = true;
	if (s->domain == NULL)
		s->domain = l->domain;
	memcpy(s->type, l->type, sizeof(s->type));
	memcpy(s->protocol, l->protocol, sizeof(s->protocol));
	if (nc_sockaddr_parse(nc_arg(a, 1), &sa) == 0 && sa.known) {
		s->peer = s->told_peer = sa.addr;
	}
	nc_note_parse(tail->note, &note);
	if (rec->peer.p == NULL && note.peer.family != 0)
		rec->peer = nc_str(nc_addr_print_port(&note.peer, t->s->peer));
	if (note.peer.family != 0)
		s->told_peer = note.peer;
	nc_resolve_learn(t, NULL, s, &note);
	if (note.local.family != 0)
		rec->local =
		    nc_str(nc_addr_print_port(&note.local, t->s->local));
	rec->made = s->id;
	return s;
}

/* Names the family, type and protocol of a socket just made. */
static void
name_socket(struct nc_sock *s, const struct nc_call *rec)
{
	s->domain = nc_str_eq(rec->domain, "AF_INET6") ? "AF_INET6" :
	    nc_str_eq(rec->domain, "AF_INET")          ? "AF_INET" :
							 NULL;
	if (rec->type.p != NULL && rec->type.len < sizeof(s->type))
		memcpy(s->type, rec->type.p, rec->type.len);
	if (rec->protocol.p != NULL && rec->protocol.len < sizeof(s->protocol))
		memcpy(s->protocol, rec->protocol.p, rec->protocol.len);
	s->stream = strcmp(s->type, "SOCK_STREAM") == 0;
}

static bool
has_cloexec(struct nc_text arg)
{
	static const char word[] = "_CLOEXEC";
	const char *p;

	if (arg.p == NULL)
		return false;
	for (p = arg.p; arg.end - p >= 8; p++)
		if (*p == '_' && memcmp(p, word, 8) == 0)
			return true;
	return nc_text_number(arg) != NC_NIL &&
	    (nc_text_flags(arg, NC_SPACE_SOCKFLAG) & NC_SOCK_CLOEXEC) != 0;
}

static void
made_socket(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	enum nc_object object = NC_OBJECT_OTHER;
	struct nc_sock *s;

	if (op->relevant)
		object = NC_OBJECT_INET;
	else if (nc_str_eq(rec->domain, "AF_UNIX"))
		object = NC_OBJECT_UNIX;
	else if (nc_str_eq(rec->domain, "AF_NETLINK"))
		object = NC_OBJECT_NETLINK;
	s = nc_resolve_new(t, object, tail->note);
	name_socket(s, rec);
	nc_resolve_install(
	    t, op->thread, (int)tail->result, s, has_cloexec(nc_arg(a, 1)));
	rec->fd = tail->result;
	if (op->relevant)
		rec->socket = s->id;
}

static void
made_pair(struct nc_trace *t, struct nc_op *op, const struct nc_args *a)
{
	struct nc_text list = nc_text_inside(nc_arg(a, 3)), e, note;
	struct nc_sock *s[2];
	int fd[2];
	size_t n = 0;

	while (n < 2 && nc_text_next(&list, &e)) {
		fd[n] = nc_fd_parse(e, &note);
		if (fd[n] < 0)
			return;
		s[n] = nc_resolve_new(t, NC_OBJECT_UNIX, note);
		nc_resolve_install(
		    t, op->thread, fd[n], s[n], has_cloexec(nc_arg(a, 1)));
		n++;
	}
	if (n < 2)
		return;
	/* Without inodes they are told by numbers no inode has. */
	if (s[0]->inode == 0)
		nc_sock_set_inode(
		    t->machine, s[0], UINT64_MAX - (uint64_t)s[0]->id);
	if (s[1]->inode == 0)
		nc_sock_set_inode(
		    t->machine, s[1], UINT64_MAX - (uint64_t)s[1]->id);
	s[0]->unix_peer = s[1]->inode;
	s[1]->unix_peer = s[0]->inode;
}

static void
made_epoll(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail)
{
	struct nc_sock *s = nc_sock_new(t->machine, NC_OBJECT_EPOLL);

	nc_resolve_install(
	    t, op->thread, (int)tail->result, s, has_cloexec(nc_arg(a, 0)));
}

static void
registered(struct nc_op *op, const struct nc_args *a)
{
	struct nc_text note;
	int fd = nc_fd_parse(nc_arg(a, 2), &note);
	int64_t what = nc_text_symbol(nc_arg(a, 1), NC_SPACE_EPOLLOP);

	if (fd < 0 || op->sock == NULL)
		return;
	if (what == NC_EPOLL_CTL_DEL)
		nc_epoll_del(op->sock, fd);
	else
		nc_epoll_set(op->sock, fd,
		    op->nwatched > 0 ? op->watched[0].sock : NULL,
		    nc_fill_epoll_data(nc_arg(a, 3)));
}

static void
named(struct nc_trace *t, struct nc_op *op, const struct nc_args *a)
{
	struct nc_sockaddr sa;
	bool peer = op->call == NC_CALL_CONNECT ||
	    op->call == NC_CALL_GETPEERNAME;

	if (op->sock == NULL || nc_sockaddr_parse(nc_arg(a, 1), &sa) < 0 ||
	    !sa.known)
		return;
	if (op->sock->object == NC_OBJECT_UNKNOWN)
		op->sock->object = NC_OBJECT_INET;
	if (peer) {
		op->sock->told_peer = sa.addr;
		return;
	}
	nc_emit_local(t, op->sock, &sa.addr,
	    op->call == NC_CALL_BIND ? "bind" : "getsockname");
}

/* What a successful call does to descriptors and to what is known. */
static void
apply(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	struct nc_sock *s;
	struct nc_descriptor *d;
	int fd;

	switch (op->call) {
	case NC_CALL_SOCKET:
		made_socket(t, op, a, tail, rec);
		break;
	case NC_CALL_SOCKETPAIR:
		made_pair(t, op, a);
		break;
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
		if (op->sock == NULL)
			break;
		s = accepted(t, op, a, tail, rec);
		nc_resolve_install(t, op->thread, (int)tail->result, s,
		    op->call == NC_CALL_ACCEPT4 && has_cloexec(nc_arg(a, 3)));
		break;
	case NC_CALL_EPOLL_CREATE:
	case NC_CALL_EPOLL_CREATE1:
		made_epoll(t, op, a, tail);
		break;
	case NC_CALL_EPOLL_CTL:
		registered(op, a);
		break;
	case NC_CALL_FCNTL:
		if (nc_option_dups(a) != 0)
			nc_resolve_install(t, op->thread, (int)tail->result,
			    op->sock, nc_option_dups(a) == 2);
		else if (nc_text_starts(nc_arg(a, 1), "F_SETFD")) {
			d = nc_fdtable_get(op->thread->process->table, op->fd);
			if (d != NULL)
				d->cloexec = nc_text_flags(nc_arg(a, 2),
						 NC_SPACE_FD) == 1;
		}
		break;
	case NC_CALL_IOCTL:
		d = nc_fdtable_get(op->thread->process->table, op->fd);
		if (d != NULL && nc_text_is(nc_arg(a, 1), "FIOCLEX"))
			d->cloexec = true;
		else if (d != NULL && nc_text_is(nc_arg(a, 1), "FIONCLEX"))
			d->cloexec = false;
		else if (nc_text_starts(nc_arg(a, 1), "SIOCGIF"))
			nc_passing_ioctl(t, nc_arg(a, 2));
		break;
	case NC_CALL_DUP:
	case NC_CALL_DUP2:
	case NC_CALL_DUP3:
		fd = (int)tail->result;
		if (op->sock != NULL && fd != op->fd)
			nc_resolve_install(t, op->thread, fd, op->sock,
			    op->call == NC_CALL_DUP3 &&
				has_cloexec(nc_arg(a, 2)));
		break;
	case NC_CALL_PIDFD_GETFD:
		/* Another process's descriptor: its annotation tells. */
		nc_resolve_missed(t, op->thread, (int)tail->result);
		if (tail->note.p != NULL)
			nc_resolve(t, op, (int)tail->result, tail->note, NULL);
		break;
	case NC_CALL_UNSHARE:
		if (nc_text_flags(nc_arg(a, 0), NC_SPACE_CLONE) &
		    NC_CLONE_FILES)
			nc_task_unshare(op->thread->process);
		break;
	case NC_CALL_CLONE:
	case NC_CALL_CLONE3:
	case NC_CALL_FORK:
	case NC_CALL_VFORK:
		nc_task_clone(t, op, tail->result);
		break;
	case NC_CALL_BIND:
	case NC_CALL_CONNECT:
	case NC_CALL_GETSOCKNAME:
	case NC_CALL_GETPEERNAME:
		named(t, op, a);
		break;
	case NC_CALL_SENDMSG:
	case NC_CALL_RECVMSG:
		if (op->sock != NULL && op->sock->object == NC_OBJECT_UNIX &&
		    op->call == NC_CALL_RECVMSG)
			nc_passing(t, op, a);
		else if (op->sock != NULL &&
		    op->sock->object == NC_OBJECT_NETLINK)
			nc_passing_netlink(t, nc_arg(a, 1));
		break;
	case NC_CALL_RECVFROM:
	case NC_CALL_RECV:
	case NC_CALL_READ:
		if (op->sock != NULL && op->sock->object == NC_OBJECT_NETLINK)
			nc_passing_netlink(t, nc_arg(a, 1));
		break;
	default:
		break;
	}
}

void
nc_op_pin(struct nc_op *op)
{
	size_t i;

	if (op->sock != NULL)
		op->sock->pins++;
	for (i = 0; i < op->nwatched; i++)
		op->watched[i].sock->pins++;
}

static bool
gives_up(const struct nc_op *op)
{
	return op->call == NC_CALL_CLOSE || op->call == NC_CALL_DUP2 ||
	    op->call == NC_CALL_DUP3 || op->call == NC_CALL_CLOSE_RANGE;
}

void
nc_op_drop(struct nc_trace *t, struct nc_op *op, bool whole)
{
	size_t i;

	if (!gives_up(op))
		return;
	for (i = 0; i < op->nwatched; i++)
		nc_release_drop(t, op->watched[i].sock, op,
		    nc_call_name(op->call), whole ? NULL : &op->releases);
}

/* The operation is over: its holds go, its releases may complete. */
static void
end_op(struct nc_trace *t, struct nc_op *op)
{
	if (op->thread != NULL && op->thread->op == op)
		op->thread->op = NULL;
	if (op->whole) {
		nc_op_drop(t, op, true);
		nc_op_free(t, op);
		return;
	}
	nc_op_settle(t, op);
	nc_op_free(t, op);
}

static bool
is_exit(enum nc_call_id call)
{
	return call == NC_CALL_EXIT || call == NC_CALL_EXIT_GROUP;
}

/* UNIX: only a failed connect to a name is told. */
static void
wants_unix(struct nc_op *op, const struct nc_tail *tail, struct nc_call *rec)
{
	if (op->call == NC_CALL_CONNECT && op->sock != NULL &&
	    op->sock->object == NC_OBJECT_UNIX && tail->result == -1 &&
	    tail->error.p != NULL) {
		op->relevant = true;
		rec->domain = nc_str("AF_UNIX");
	}
}

static void
fill_tail(struct nc_trace *t, const struct nc_op *op,
    const struct nc_tail *tail, struct nc_call *rec)
{
	size_t n;

	rec->line = t->line;
	rec->result = tail->result;
	rec->duration = tail->duration;
	if (rec->duration == NC_NIL && !op->whole && t->now != NC_NIL &&
	    op->time != NC_NIL && t->now >= op->time)
		rec->duration = t->now - op->time;
	rec->marks = 0;
	if (tail->injected)
		rec->marks |= NC_MARK_INJECTED;
	if (tail->error.p != NULL) {
		n = (size_t)(tail->error.end - tail->error.p);
		if (n >= sizeof(t->s->error))
			n = sizeof(t->s->error) - 1;
		memcpy(t->s->error, tail->error.p, n);
		t->s->error[n] = '\0';
		rec->error = nc_str(t->s->error);
		if (strncmp(t->s->error, "ERESTART", 8) == 0) {
			rec->marks |= NC_MARK_INTERRUPTED;
			rec->result = NC_NIL;
		}
	} else if (tail->unknown && !is_exit(op->call)) {
		rec->marks |= NC_MARK_UNFINISHED;
	}
}

/* The messages of sendmmsg or recvmmsg, a record each. */
static bool
emit_parts(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, const struct nc_call *base)
{
	struct nc_text list = nc_text_inside(nc_arg(a, 1)), e;
	struct nc_call rec;
	int64_t part;

	if (tail->result == NC_NIL || tail->result <= 0 ||
	    tail->result > 100000)
		return false;
	for (part = 0; part < tail->result; part++) {
		rec = *base;
		rec.part = part;
		rec.result = NC_NIL;
		if (nc_text_next(&list, &e) && e.p < e.end && *e.p == '{')
			nc_fill_message(t, op, e, &rec);
		else if (part > 64 && list.p == NULL)
			break;
		if (rec.marks == 0)
			rec.marks = NC_NIL;
		nc_emit_call(t, &rec, NULL);
	}
	return true;
}

static void
emit_call(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	bool hold;

	if (op->call == NC_CALL_EXECVE && tail->result != 0 && !op->announced)
		return;
	if ((op->call == NC_CALL_SENDMMSG || op->call == NC_CALL_RECVMMSG) &&
	    emit_parts(t, op, a, tail, rec))
		return;
	if (rec->marks == 0)
		rec->marks = NC_NIL;
	hold = nc_fill_holds(op, rec->local) &&
	    (tail->result == 0 ||
		(rec->error.p != NULL &&
		    strcmp(t->s->error, "EINPROGRESS") == 0));
	nc_emit_call(t, rec, hold ? op->sock : NULL);
}

void
nc_call_leave(struct nc_trace *t, struct nc_op *op, struct nc_text text)
{
	struct nc_call rec;
	struct nc_args a;
	struct nc_tail tail;
	const char *why = NULL;

	if (nc_args_split(text.p, text.end, &a, &why) < 0 ||
	    (!a.closed && (why = "line is cut") != NULL) ||
	    nc_tail_parse(a.rest, text.end, &tail, &why) < 0) {
		nc_trace_reject(t, why);
		if (!op->whole)
			nc_call_abandon(t, op);
		else
			end_op(t, op);
		return;
	}
	nc_op_unlist(t, op);
	nc_emit_fields(t, op, &rec);
	fill_tail(t, op, &tail, &rec);
	nc_fill_call(t, op, &a, &tail, &rec);
	wants_unix(op, &tail, &rec);
	if (is_exit(op->call)) {
		emit_call(t, op, &a, &tail, &rec);
		nc_task_exiting(t, op);
		end_op(t, op);
		return;
	}
	if (tail.result != NC_NIL && tail.result >= 0 &&
	    tail.result <= 0x7fffffff)
		apply(t, op, &a, &tail, &rec);
	else if (op->call == NC_CALL_CONNECT)
		named(t, op, &a);
	else if (op->passed)
		nc_passing_failed(t, op);
	if (op->relevant)
		emit_call(t, op, &a, &tail, &rec);
	if (op->call == NC_CALL_EXECVE && tail.result == 0)
		nc_task_exec(t, op);
	end_op(t, op);
}

void
nc_call_abandon(struct nc_trace *t, struct nc_op *op)
{
	struct nc_call rec;

	nc_op_unlist(t, op);
	t->ledger.open++;
	if (op->relevant) {
		nc_fill_begin(t, op, &rec);
		rec.line = t->line;
		if (t->now != NC_NIL && op->time != NC_NIL &&
		    t->now >= op->time)
			rec.duration = t->now - op->time;
		if (op->interrupted) {
			rec.error = nc_str("ERESTART_RESTARTBLOCK");
			rec.marks = NC_MARK_INTERRUPTED;
		} else {
			rec.marks = (rec.marks == NC_NIL ? 0 : rec.marks) |
			    NC_MARK_UNFINISHED;
		}
		nc_emit_call(t, &rec, NULL);
	}
	end_op(t, op);
}

void
nc_call_file(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call,
    struct nc_text text)
{
	struct nc_text list, e, note;
	struct nc_args a;
	struct nc_tail tail;
	const char *why;
	int fd;

	if (th->process->table->fds.len == 0)
		return;
	if (nc_args_split(text.p, text.end, &a, &why) < 0 || !a.closed ||
	    nc_tail_parse(a.rest, text.end, &tail, &why) < 0)
		return;
	if (tail.result == NC_NIL || tail.result < 0 ||
	    tail.result > 0x7fffffff)
		return;
	if (call != NC_CALL_PIPE) {
		nc_resolve_missed(t, th, (int)tail.result);
		return;
	}
	/* Its result is 0; it fills in two descriptors. */
	list = nc_text_inside(nc_arg(&a, 0));
	while (nc_text_next(&list, &e)) {
		fd = nc_fd_parse(e, &note);
		if (fd >= 0)
			nc_resolve_missed(t, th, fd);
	}
}
