/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a call that succeeded does to descriptors and to what is known.
 */
#include "effect.h"

#include "../redact/wire.h"
#include "../table/local.h"
#include "../table/passing.h"
#include "../table/pidfd.h"
#include "../table/resolve.h"
#include "../table/tasks.h"
#include "../text/args.h"
#include "../text/tail.h"
#include "emit.h"
#include "option.h"
#include "ready.h"

#include <string.h>

/* An accepted socket is of its listener's kind. */
static struct nc_sock *
accepted(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	struct nc_sock *l = op->sock, *s;
	struct nc_sockaddr sa;
	struct nc_note note;

	s = nc_resolve_new(t, l->object, tail->note);
	s->stream = s->accepted = true;
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
			break;
		s[n] = nc_resolve_new(t, NC_OBJECT_UNIX, note);
		nc_resolve_install(
		    t, op->thread, fd[n], s[n], has_cloexec(nc_arg(a, 1)));
		n++;
	}
	if (n < 2) {
		t->lane->lost_pair = true;
		return;
	}
	/* Without inodes they are told by numbers no inode has. */
	nc_local_inode(t, s[0]);
	nc_local_inode(t, s[1]);
	s[0]->pid = s[1]->pid = op->pid;
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
		    nc_epoll_event_of(nc_arg(a, 3)).data);
}

/*
 * The kernel forgets the peer, and the port unless bind named it.  strace
 * keeps the addresses that it once found for an inode: what it shows of this
 * one from here on is over.
 */
static void
dissolve(struct nc_sock *s)
{
	s->dissolved = true;
	s->told_local = s->bound;
	memset(&s->told_peer, 0, sizeof(s->told_peer));
	nc_wire_restart(s);
}

void
nc_call_named(struct nc_trace *t, struct nc_op *op, const struct nc_args *a)
{
	struct nc_sockaddr sa;
	bool peer = op->call == NC_CALL_CONNECT ||
	    op->call == NC_CALL_GETPEERNAME;

	if (op->sock == NULL || nc_sockaddr_parse(nc_arg(a, 1), &sa) < 0)
		return;
	if (op->call == NC_CALL_CONNECT && sa.family == NC_AF_UNSPEC) {
		dissolve(op->sock);
		return;
	}
	if (!sa.known)
		return;
	if (op->sock->object == NC_OBJECT_UNKNOWN)
		op->sock->object = NC_OBJECT_INET;
	if (peer) {
		op->sock->connected = true;
		op->sock->told_peer = sa.addr;
		return;
	}
	if (op->call == NC_CALL_BIND)
		nc_sock_set_bound(t->machine, op->sock, &sa.addr);
	nc_emit_local(t, op->sock, &sa.addr,
	    op->call == NC_CALL_BIND ? "bind" : "getsockname");
}

static void
set_cloexec(struct nc_op *op, const struct nc_args *a)
{
	struct nc_descriptor *d;
	int on = nc_option_cloexec(op->call, a);

	if (on < 0)
		return;
	d = nc_fdtable_get(nc_thread_table(op->thread), op->fd);
	if (d != NULL)
		d->cloexec = on == 1;
}

void
nc_call_apply(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	struct nc_sock *s;
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
		op->sock->listening = true;
		s = accepted(t, op, a, tail, rec);
		if (s->object == NC_OBJECT_UNIX)
			nc_local_accepted(t, op->sock, s);
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
		else
			set_cloexec(op, a);
		break;
	case NC_CALL_IOCTL:
		set_cloexec(op, a);
		if (nc_text_starts(nc_arg(a, 1), "SIOCGIF"))
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
	case NC_CALL_PIDFD_OPEN:
		nc_pidfd_install(t, op->thread, (int)tail->result,
		    nc_text_number(nc_arg(a, 0)));
		break;
	case NC_CALL_PIDFD_GETFD:
		nc_pidfd_get(t, op, a, tail);
		break;
	case NC_CALL_GETSOCKOPT:
		nc_pidfd_peer(t, op, a);
		break;
	case NC_CALL_UNSHARE:
		if (nc_text_flags(nc_arg(a, 0), NC_SPACE_CLONE) &
		    NC_CLONE_FILES)
			nc_task_unshare(op->thread);
		break;
	case NC_CALL_CLONE:
	case NC_CALL_CLONE3:
	case NC_CALL_FORK:
	case NC_CALL_VFORK:
		nc_task_clone(t, op, tail->result);
		nc_pidfd_cloned(t, op, a, tail->result);
		break;
	case NC_CALL_BIND:
		if (op->sock != NULL && op->sock->object == NC_OBJECT_UNIX)
			nc_local_bound(t, op->sock, nc_arg(a, 1));
		nc_call_named(t, op, a);
		break;
	case NC_CALL_LISTEN:
		if (op->sock != NULL)
			op->sock->listening = true;
		break;
	case NC_CALL_CONNECT:
	case NC_CALL_GETSOCKNAME:
	case NC_CALL_GETPEERNAME:
		nc_call_named(t, op, a);
		break;
	case NC_CALL_SENDMSG:
	case NC_CALL_RECVMSG:
	case NC_CALL_RECVMMSG:
		if (op->sock != NULL && op->sock->object == NC_OBJECT_UNIX &&
		    op->call != NC_CALL_SENDMSG)
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
