/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * From a descriptor and its annotation to the socket behind it.
 *
 * Annotations are preferred to bookkeeping where both know an inode or both
 * endpoints; where they contradict, a close was not traced.
 */
#include "resolve.h"

#include "../call/emit.h"
#include "../ledger.h"
#include "release.h"
#include "shared.h"
#include "tasks.h"

#include <string.h>

void
nc_resolve_used(struct nc_trace *t, struct nc_sock *s)
{
	s->last_trace = t;
	s->last_line = t->line;
	s->last_at = t->lane->at;
	s->last_time = t->now;
}

void
nc_resolve_missed(struct nc_trace *t, struct nc_thread *th, int fd)
{
	struct nc_descriptor *d = nc_fdtable_get(nc_thread_table(th), fd);
	struct nc_op by;
	struct nc_sock *s;

	if (d == NULL || d->sock == NULL || d->gone)
		return;
	/* The number is free here: it was another process's. */
	if (th->process->guessed && d->tid != th->tid) {
		nc_task_split(th->process);
		nc_resolve_missed(t, th, fd);
		return;
	}
	/* Not missed, but in a part of another trace that is still to come. */
	if (nc_thread_table(th)->apart) {
		nc_shared_keep(t, th, d, true);
		return;
	}
	s = nc_descriptor_take(d);
	t->ledger.missed_close = true;
	memset(&by, 0, sizeof(by));
	by.tid = th->tid;
	by.pid = th->process->pid;
	by.home = t;
	by.entry = t->line;
	by.from = t->lane->at;
	by.time = t->now;
	by.missed = true;
	/* It happened some time after the last use. */
	if (s->last_line > 0 && s->last_trace->lane == t->lane) {
		by.home = s->last_trace;
		by.entry = s->last_line;
		by.from = s->last_at;
		by.time = s->last_time;
	}
	nc_release_drop(t, s, &by, "close", NULL);
}

void
nc_resolve_install(struct nc_trace *t, struct nc_thread *th, int fd,
    struct nc_sock *s, bool cloexec)
{
	struct nc_descriptor *d;

	s->refs++;
	if (nc_thread_table(th)->apart)
		nc_shared_install(t, th, fd, s);
	nc_resolve_missed(t, th, fd);
	d = nc_fdtable_at(nc_thread_table(th), fd);
	if (d->gone && d->sock != NULL) {
		/* Reused while its process exits: the pin goes. */
		d->sock->pins--;
		nc_release_check(t, d->sock);
	}
	d->gone = d->plain = false;
	d->sock = s;
	d->cloexec = cloexec;
	d->tid = th->tid;
	d->at = nc_trace_at(t);
	s->unfollowed = s->unfollowed || nc_thread_table(th)->unfollowed;
	nc_resolve_used(t, s);
}

static enum nc_object
object_of(const struct nc_note *note)
{
	switch (note->kind) {
	case NC_NOTE_TCP:
	case NC_NOTE_UDP:
	case NC_NOTE_RAW:
		return NC_OBJECT_INET;
	case NC_NOTE_UNIX:
		return NC_OBJECT_UNIX;
	case NC_NOTE_OTHER:
		return NC_OBJECT_OTHER;
	case NC_NOTE_EPOLL:
		return NC_OBJECT_EPOLL;
	default:
		return NC_OBJECT_UNKNOWN;
	}
}

static void
set_kind(struct nc_sock *s, const struct nc_note *note)
{
	if (note->kind == NC_NOTE_TCP || note->kind == NC_NOTE_UDP ||
	    note->kind == NC_NOTE_RAW) {
		if (s->object == NC_OBJECT_UNKNOWN)
			s->object = NC_OBJECT_INET;
		if (s->domain == NULL)
			s->domain = note->six ? "AF_INET6" : "AF_INET";
	} else if (s->object == NC_OBJECT_UNKNOWN &&
	    (note->kind == NC_NOTE_UNIX || note->kind == NC_NOTE_OTHER)) {
		s->object = object_of(note);
	}
	if (note->kind == NC_NOTE_TCP) {
		s->stream = true;
		if (s->type[0] == '\0')
			strcpy(s->type, "SOCK_STREAM");
	} else if (note->kind == NC_NOTE_UDP && s->type[0] == '\0') {
		strcpy(s->type, "SOCK_DGRAM");
	}
}

/* What a socket of unknown origin is, by the call that shows its address. */
static void
set_kind_of(struct nc_sock *s, const struct nc_op *op)
{
	if (s->object != NC_OBJECT_INET || s->type[0] != '\0')
		return;
	switch (op->call) {
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
		s->stream = true;
		strcpy(s->type, "SOCK_STREAM");
		break;
	/* A stream's are without: its peer is one for all. */
	case NC_CALL_RECVFROM:
	case NC_CALL_RECVMSG:
	case NC_CALL_RECVMMSG:
		strcpy(s->type, "SOCK_DGRAM");
		break;
	default:
		break;
	}
}

void
nc_resolve_learn(struct nc_trace *t, struct nc_op *op, struct nc_sock *s,
    const struct nc_note *note)
{
	set_kind(s, note);
	if (note->inode != 0 && s->inode == 0)
		nc_sock_set_inode(t->machine, s, note->inode);
	if (note->peer_inode != 0 && s->object == NC_OBJECT_UNIX)
		s->unix_peer = note->peer_inode;
	if (s->dissolved && nc_addr_same(&note->local, &s->local))
		return;
	if (note->local.family != 0) {
		nc_sock_unset_pair(t->machine, s);
		s->local = note->local;
		if (note->peer.family != 0)
			s->peer = note->peer;
		if (s->stream)
			nc_sock_set_pair(t->machine, s);
		if (nc_emit_local(t, s, &note->local, "annotation") &&
		    op != NULL)
			op->news_local = true;
	}
	if (note->peer.family != 0 && s->stream &&
	    !(s->told_peer.family != 0 &&
		nc_addr_same(&s->told_peer, &note->peer))) {
		s->told_peer = note->peer;
		if (op != NULL)
			op->news_peer = true;
	}
}

bool
nc_resolve_contradicts(const struct nc_sock *s, const struct nc_note *note)
{
	if (s->object == NC_OBJECT_PIDFD)
		return note->kind != NC_NOTE_FILE;
	if (note->kind == NC_NOTE_FILE)
		return true;
	if ((note->kind == NC_NOTE_EPOLL) != (s->object == NC_OBJECT_EPOLL))
		return true;
	if (note->inode != 0 && s->inode != 0 && note->inode != s->inode &&
	    s->inode < NC_INODE_MADE_UP)
		return true;
	if (s->object == NC_OBJECT_INET &&
	    (note->kind == NC_NOTE_UNIX || note->kind == NC_NOTE_OTHER))
		return true;
	if (s->object == NC_OBJECT_UNIX && object_of(note) == NC_OBJECT_INET)
		return true;
	if (s->stream && note->kind == NC_NOTE_UDP)
		return true;
	if (note->local.family != 0 && note->local.port != 0 &&
	    s->bound.family != 0 &&
	    (note->local.port != s->bound.port ||
		(!nc_addr_is_wildcard(&s->bound) &&
		    !nc_addr_same_ip(&note->local, &s->bound))))
		return true;
	if (note->local.family != 0 && s->local.family != 0 &&
	    note->local.port != 0 && s->local.port != 0 &&
	    note->local.port != s->local.port && !s->late)
		return s->stream && note->peer.family != 0 &&
		    s->peer.family != 0;
	return s->stream && note->peer.family != 0 && s->peer.family != 0 &&
	    s->local.family != 0 && !nc_addr_same(&note->peer, &s->peer) &&
	    (s->accepted || !nc_addr_same_ip(&note->local, &s->local));
}

struct nc_sock *
nc_resolve_known(struct nc_trace *t, const struct nc_note *note)
{
	struct nc_sock *s = NULL;

	if (note->inode != 0)
		s = nc_map_get(&t->machine->inodes, note->inode);
	else if (note->local.family != 0 && note->peer.family != 0 &&
	    note->kind == NC_NOTE_TCP)
		s = nc_sock_of_pair(t->machine, &note->local, &note->peer);
	else if (note->local.family != 0 && note->peer.family == 0 &&
	    (note->kind == NC_NOTE_TCP || note->kind == NC_NOTE_UDP))
		s = nc_sock_of_bound(
		    t->machine, &note->local, note->kind == NC_NOTE_TCP);
	return s != NULL && s->refs + s->kept > 0 ? s : NULL;
}

struct nc_sock *
nc_resolve_new(struct nc_trace *t, enum nc_object object, struct nc_text text)
{
	struct nc_note note;
	struct nc_sock *s;

	nc_note_parse(text, &note);
	s = nc_resolve_known(t, &note);
	/* An accepted or made socket is new, whatever bears its number. */
	if (s != NULL && note.inode != 0 &&
	    nc_map_get(&t->machine->inodes, note.inode) == s)
		nc_map_del(&t->machine->inodes, note.inode);
	s = nc_sock_new(t->machine, object);
	if (note.kind != NC_NOTE_NONE)
		set_kind(s, &note);
	if (note.inode != 0)
		nc_sock_set_inode(t->machine, s, note.inode);
	return s;
}

static const char *
attach_cause(const struct nc_op *op, const struct nc_note *note)
{
	if (note->peer.family != 0)
		return "connected";
	switch (op->call) {
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
		return "listening";
	case NC_CALL_LISTEN:
		return "bound";
	case NC_CALL_GETPEERNAME:
	case NC_CALL_SHUTDOWN:
	case NC_CALL_READ:
	case NC_CALL_WRITE:
	case NC_CALL_READV:
	case NC_CALL_WRITEV:
	case NC_CALL_SEND:
	case NC_CALL_RECV:
	case NC_CALL_SENDTO:
	case NC_CALL_RECVFROM:
		return note->kind == NC_NOTE_UDP ? "bound" :
		    note->kind == NC_NOTE_TCP    ? "connected" :
						   "unknown";
	default:
		break;
	}
	if (note->kind == NC_NOTE_UDP && note->local.family != 0)
		return "bound";
	return "unknown";
}

void
nc_resolve_attached(struct nc_trace *t, const struct nc_op *op,
    struct nc_sock *s, int fd, const struct nc_note *note, int64_t marks)
{
	struct nc_op attach = *op;
	struct nc_call rec;
	char local[NC_ADDR_TEXT], peer[NC_ADDR_TEXT];

	s->late = true;
	t->ledger.late++;
	attach.call = NC_CALL_ATTACH;
	attach.sock = s;
	attach.fd = fd;
	attach.news_local = attach.news_peer = false;
	nc_emit_fields(t, &attach, &rec);
	rec.line = t->line;
	rec.entry = t->line;
	if (rec.at != NC_NIL)
		rec.from = rec.at;
	rec.duration = 0;
	rec.cause = nc_str(attach_cause(op, note));
	rec.domain = nc_str(s->domain);
	if (s->type[0] != '\0')
		rec.type = nc_str(s->type);
	if (note->local.family != 0)
		rec.local = nc_str(nc_addr_print_port(&note->local, local));
	if (note->peer.family != 0)
		rec.peer = nc_str(nc_addr_print_port(&note->peer, peer));
	rec.marks = NC_MARK_LATE | marks;
	if (nc_ledger_is_lean(t))
		rec.marks |= NC_MARK_LEAN;
	nc_emit_call(t, op->home, &rec, NULL);
}

/* True for calls that only sockets have. */
static bool
socket_only(enum nc_call_id call)
{
	return nc_call_group(call) == NC_GROUP_NETWORK;
}

/*
 * What the first lines tell of it; NULL where other tasks, which may share its
 * numbers, have files of their own.
 */
static const struct nc_inherited *
from_before(const struct nc_trace *t)
{
	return t->family != NULL && t->family->files > 1 ? NULL : t->inherited;
}

/* What is known of a listener that no annotation shows. */
static struct nc_note
inherited(const struct nc_trace *t, const struct nc_op *op, int fd,
    const struct nc_note *note)
{
	struct nc_note told = *note;
	const struct nc_inherited *h = from_before(t);
	const struct nc_addr *local;

	if (op->fd == fd &&
	    (op->call == NC_CALL_ACCEPT || op->call == NC_CALL_ACCEPT4) &&
	    note->local.family == 0 && h != NULL) {
		local = nc_inherited_local(h, fd);
		if (local != NULL)
			told.local = *local;
	}
	return told;
}

/* Makes the socket of a descriptor of unknown origin, if it is one. */
static struct nc_sock *
attach(struct nc_trace *t, struct nc_op *op, int fd,
    const struct nc_note *shown, const struct nc_sockaddr *sa)
{
	struct nc_note told = inherited(t, op, fd, shown);
	const struct nc_note *note = &told;
	enum nc_object object = object_of(note);
	const struct nc_inherited *h;
	struct nc_sock *s;

	if (op->fd == fd && note->kind == NC_NOTE_NONE &&
	    nc_call_is_epoll(op->call)) {
		object = NC_OBJECT_EPOLL;
	} else if (note->kind == NC_NOTE_NONE || note->kind == NC_NOTE_SOCKET) {
		if (op->fd != fd ||
		    (note->kind == NC_NOTE_NONE && !socket_only(op->call)))
			return NULL;
		if (sa != NULL && sa->known)
			object = NC_OBJECT_INET;
		else if (sa != NULL && sa->family == NC_AF_UNIX)
			object = NC_OBJECT_UNIX;
		else if (sa != NULL && sa->family > 0)
			object = sa->family == NC_AF_NETLINK ?
			    NC_OBJECT_NETLINK :
			    NC_OBJECT_OTHER;
		else if (note->kind == NC_NOTE_NONE && t->lane->lost_pair)
			object = NC_OBJECT_UNIX;
		else if (note->kind == NC_NOTE_SOCKET &&
		    !socket_only(op->call) && op->call != NC_CALL_READ &&
		    op->call != NC_CALL_WRITE)
			return NULL;
	}
	s = nc_sock_new(t->machine, object);
	set_kind(s, note);
	if (s->domain == NULL && sa != NULL && sa->known)
		s->domain = sa->family == NC_AF_INET6 ? "AF_INET6" : "AF_INET";
	if (op->fd == fd && sa != NULL && sa->known)
		set_kind_of(s, op);
	nc_resolve_install(t, op->thread, fd, s, false);
	/* What it watches since before the trace, nobody can tell. */
	s->late = object == NC_OBJECT_EPOLL;
	h = from_before(t);
	if (nc_sock_relevant(s))
		nc_resolve_attached(t, op, s, fd, note,
		    h != NULL && h->alone ? NC_MARK_ALONE : 0);
	s->told_local = note->local;
	s->told_peer = note->peer;
	nc_resolve_learn(t, NULL, s, note);
	if (nc_sock_relevant(s) && note->local.family != 0)
		nc_emit_address(t, &note->local, "annotation");
	return s;
}

struct nc_sock *
nc_resolve(struct nc_trace *t, struct nc_op *op, int fd, struct nc_text text,
    const struct nc_sockaddr *sa)
{
	struct nc_thread *th = op->thread;
	struct nc_descriptor *d = nc_fdtable_get(nc_thread_table(th), fd);
	struct nc_sock *s = d != NULL ? d->sock : NULL;
	struct nc_note note;
	struct nc_op other;
	size_t n;

	if (fd < 0)
		return NULL;
	if (s == NULL && nc_trace_returned(t, th, fd)) {
		d = nc_fdtable_get(nc_thread_table(th), fd);
		s = d != NULL ? d->sock : NULL;
	}
	if (nc_thread_table(th)->apart &&
	    nc_shared_resolve(t, op, fd, text, d, &s)) {
		if (s == NULL)
			return NULL;
		goto out;
	}
	if (text.p == NULL) {
		note.kind = NC_NOTE_NONE;
		if (s == NULL) {
			memset(&note, 0, sizeof(note));
			s = attach(t, op, fd, &note, sa);
		}
		goto out;
	}
	t->ledger.notes = true;
	n = (size_t)(text.end - text.p);
	if (s != NULL && n == s->note_len && memcmp(text.p, s->note, n) == 0)
		goto out;
	nc_note_parse(text, &note);
	if (s != NULL && nc_resolve_contradicts(s, &note)) {
		if (d != NULL && th->process->guessed && d->tid != th->tid)
			nc_task_split(th->process);
		nc_resolve_missed(t, th, fd);
		s = NULL;
	}
	if (note.kind == NC_NOTE_FILE)
		return NULL;
	if (s == NULL) {
		s = nc_resolve_known(t, &note);
		if (s != NULL)
			nc_resolve_install(t, th, fd, s, false);
		else
			s = attach(t, op, fd, &note, sa);
		if (s == NULL)
			return NULL;
	}
	/* A set's call cannot tell it: the socket's next one does. */
	other.news_local = other.news_peer = false;
	nc_resolve_learn(t, op->fd == fd ? op : &other, s, &note);
	s->untold_local = s->untold_local || other.news_local;
	s->untold_peer = s->untold_peer || other.news_peer;
	if (n <= sizeof(s->note)) {
		memcpy(s->note, text.p, n);
		s->note_len = n;
	} else {
		s->note_len = 0;
	}
out:
	if (s != NULL &&
	    (d = nc_fdtable_get(nc_thread_table(th), fd)) != NULL &&
	    d->sock == s)
		nc_descriptor_sure(d);
	if (s != NULL && op->fd == fd) {
		op->news_local = op->news_local || s->untold_local;
		op->news_peer = op->news_peer || s->untold_peer;
		s->untold_local = s->untold_peer = false;
	}
	if (s != NULL)
		nc_resolve_used(t, s);
	return s;
}
