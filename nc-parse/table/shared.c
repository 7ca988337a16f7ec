/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Descriptors of a table that lanes apart share.
 *
 * A kernel gives out no number that is open: a lane that is to make one waits
 * until the lane that closes it has come so far (nc_shared_is_early).  So the
 * sockets of a number follow each other as they did, but for what a thread
 * that lags behind still does to one that another one has closed.  What a
 * thread has itself made, closed or opened as a file, it knows better than
 * the table.
 */
#include "shared.h"

#include "../call/emit.h"
#include "../call/option.h"
#include "../text/args.h"
#include "../text/tail.h"
#include "passing.h"
#include "release.h"
#include "resolve.h"
#include "util.h"

#include <limits.h>
#include <string.h>

/* What a number is to a thread that did something to it last. */
enum view {
	VIEW_NONE,   /* the table's word */
	VIEW_MADE,   /* a socket that the thread made or met first */
	VIEW_CLOSED, /* a socket no longer */
	VIEW_FILE
};

#define VIEW_BITS 2

void
nc_shared_count(struct nc_family *f, int64_t fd)
{
	uintptr_t n = (uintptr_t)nc_map_get(&f->handed, (uint64_t)fd);

	nc_map_put(&f->handed, (uint64_t)fd, (void *)(n < 2 ? n + 1 : n));
}

#define KIND_SOCKET 1u
#define KIND_FILE 2u

void
nc_shared_note(struct nc_family *f, int64_t fd, bool file)
{
	uintptr_t kinds = (uintptr_t)nc_map_get(&f->kinds, (uint64_t)fd);

	kinds |= file ? KIND_FILE : KIND_SOCKET;
	nc_map_put(&f->kinds, (uint64_t)fd, (void *)kinds);
}

/* What another thread has made of that number is a socket. */
static bool
is_sockets(const struct nc_trace *t, int fd)
{
	return (uintptr_t)nc_map_get(&t->family->kinds, (uint64_t)fd) ==
	    KIND_SOCKET;
}

/* Several sockets that are handed on have that number. */
static bool
is_several(const struct nc_trace *t, int fd)
{
	return (uintptr_t)nc_map_get(&t->family->handed, (uint64_t)fd) > 1;
}

/* The view, and the id of the socket that it is about. */
static enum view
view_of(const struct nc_thread *th, int fd, int64_t *id)
{
	uintptr_t v = (uintptr_t)nc_map_get(&th->views, (uint64_t)fd);

	*id = (int64_t)(v >> VIEW_BITS);
	return (enum view)(v & ((1u << VIEW_BITS) - 1));
}

static void
set_view(struct nc_thread *th, int fd, enum view view, int64_t id)
{
	uintptr_t v = (uintptr_t)id << VIEW_BITS | (uintptr_t)view;

	nc_map_put(&th->views, (uint64_t)fd, (void *)v);
}

/* Most sockets of one number that are kept in mind: more are never in use. */
#define PAST_MAX 16

/* The socket at that position is kept no longer. */
static void
drop_past(struct nc_trace *t, struct nc_descriptor *d, size_t at,
    const struct nc_op *by, const char *cause)
{
	struct nc_past past = d->past[at];

	d->npast--;
	memmove(d->past + at, d->past + at + 1,
	    (d->npast - at) * sizeof(d->past[0]));
	if (past.open)
		nc_release_drop(t, past.sock, by, cause, NULL);
	past.sock->kept--;
	nc_sock_free_unused(t->machine, past.sock);
}

/* Position of the oldest one that is open, or that is not; npast: none. */
static size_t
oldest_past(const struct nc_descriptor *d, bool open)
{
	size_t i;

	for (i = 0; i < d->npast; i++)
		if (d->past[i].open == open)
			break;
	return i;
}

static struct nc_sock *
last_past(const struct nc_descriptor *d)
{
	return d->npast > 0 ? d->past[d->npast - 1].sock : NULL;
}

void
nc_shared_keep(struct nc_trace *t, const struct nc_thread *th,
    struct nc_descriptor *d, bool open)
{
	struct nc_op by = { .tid = th->tid,
		.pid = th->process->pid,
		.home = t,
		.entry = t->line,
		.time = t->now };
	size_t at;

	if (d->npast == PAST_MAX) {
		at = oldest_past(d, false);
		drop_past(t, d, at < d->npast ? at : 0, &by, "close");
	}
	d->past = nc_grow(d->past, d->npast, &d->past_cap, sizeof(*d->past));
	d->past[d->npast++] = (struct nc_past){ d->sock, open };
	nc_descriptor_take(d)->kept++;
}

void
nc_shared_forget(struct nc_trace *t, struct nc_descriptor *d,
    const struct nc_op *by, const char *cause)
{
	if (d->unsure != NULL)
		nc_release_drop(t, d->unsure, by, cause, NULL);
	d->unsure = NULL;
	while (d->npast > 0)
		drop_past(t, d, 0, by, cause);
}

void
nc_shared_abandon(struct nc_trace *t, struct nc_descriptor *d)
{
	size_t i;

	if (d->unsure != NULL) {
		d->unsure->refs--;
		nc_sock_free_unused(t->machine, d->unsure);
	}
	for (i = 0; i < d->npast; i++) {
		d->past[i].sock->refs -= d->past[i].open;
		d->past[i].sock->kept--;
		nc_sock_free_unused(t->machine, d->past[i].sock);
	}
	d->unsure = NULL;
	d->npast = 0;
}

void
nc_shared_install(
    struct nc_trace *t, struct nc_thread *th, int fd, struct nc_sock *s)
{
	struct nc_descriptor *d = nc_fdtable_get(nc_thread_table(th), fd);

	set_view(th, fd, VIEW_MADE, s->id);
	if (d == NULL || d->gone)
		return;
	d->reused = d->reused || d->sock != NULL || d->npast > 0;
	if (d->sock != NULL)
		nc_shared_keep(t, th, d, true);
	/* Who has read from them, nobody can tell. */
	if (d->reused && !t->ledger.notes) {
		s->unfollowed = true;
		if (d->npast > 0)
			last_past(d)->unfollowed = true;
	}
}

void
nc_shared_file(struct nc_thread *th, int fd)
{
	set_view(th, fd, VIEW_FILE, 0);
}

void
nc_shared_close_file(struct nc_thread *th, int fd)
{
	nc_map_del(&th->views, (uint64_t)fd);
}

bool
nc_shared_close(struct nc_op *op, struct nc_sock **kept)
{
	struct nc_thread *th = op->thread;
	struct nc_descriptor *d = nc_fdtable_get(nc_thread_table(th), op->fd);
	size_t i;

	*kept = NULL;
	set_view(th, op->fd, VIEW_CLOSED, op->sock->id);
	if (d == NULL)
		return false;
	for (i = 0; i < d->npast && d->past[i].sock != op->sock; i++)
		;
	if (i == d->npast && op->sock == d->unsure && d->tid != op->tid)
		i = oldest_past(d, true);
	if (i < d->npast && d->past[i].open && op->sock != d->sock) {
		d->past[i].open = false;
		*kept = d->past[i].sock;
		return true;
	}
	return op->sock == d->sock || op->sock == d->unsure;
}

/* A socket of which only the number is known, and that was several. */
static struct nc_sock *
unsure(struct nc_trace *t, struct nc_op *op, struct nc_descriptor *d, int fd)
{
	struct nc_note none;

	t->ledger.unsure_numbers = true;
	if (d->unsure == NULL) {
		memset(&none, 0, sizeof(none));
		d->unsure = nc_sock_new(t->machine, NC_OBJECT_UNKNOWN);
		d->unsure->refs++;
		nc_resolve_attached(
		    t, op, d->unsure, fd, &none, NC_MARK_UNSURE);
	}
	return d->unsure;
}

/* True if a descriptor with that annotation is another socket for certain. */
static bool
is_other(const struct nc_sock *s, const struct nc_note *note)
{
	if (nc_resolve_contradicts(s, note))
		return true;
	/* A port that is known does not change. */
	if (note->local.port != 0 && s->local.port != 0 &&
	    note->local.port != s->local.port)
		return true;
	return note->kind == NC_NOTE_TCP && s->stream &&
	    note->peer.family != 0 && s->peer.family != 0 &&
	    note->local.family != 0 && s->local.family != 0 &&
	    (!nc_addr_same(&note->peer, &s->peer) ||
		!nc_addr_same(&note->local, &s->local));
}

/*
 * Without annotation: what the thread knows; else what the number stands for,
 * or has stood for if another thread, ahead of this one, has closed it.  False
 * if it is not known at all.
 */
static bool
resolve_bare(struct nc_trace *t, struct nc_op *op, int fd,
    struct nc_descriptor *d, struct nc_sock **s)
{
	struct nc_thread *th = op->thread;
	int64_t id, own;
	enum view view = view_of(th, fd, &id);
	size_t i;

	if (view == VIEW_FILE) {
		*s = NULL;
		return true;
	}
	if (d == NULL)
		return false;
	own = view == VIEW_MADE ? id : -1;
	for (i = d->npast; i-- > 0 && view == VIEW_MADE;) {
		if (d->past[i].sock->id != own ||
		    (d->sock != NULL && d->tid == th->tid))
			continue;
		*s = d->past[i].sock;
		return true;
	}
	*s = d->sock != NULL ? d->sock : last_past(d);
	/* What the thread has closed is not what it means by the number now. */
	if (*s != NULL && view == VIEW_CLOSED && (*s)->id == id)
		*s = NULL;
	if (*s == NULL)
		return false;
	if ((*s)->id == own)
		return true;
	/*
	 * A thread ahead of the others, or behind them, may mean another; as it
	 * may one of before it was made, if there is one since.
	 */
	if ((is_several(t, fd) ||
		(d->reused && th->born > 0 && (*s)->id >= th->born)) &&
	    nc_sock_relevant(*s))
		*s = unsure(t, op, d, fd);
	return true;
}

/*
 * The socket of an annotation, among those that the number has stood for, or
 * any other; or NULL.
 */
static struct nc_sock *
match(struct nc_trace *t, const struct nc_descriptor *d,
    const struct nc_note *note)
{
	struct nc_sock *s = nc_resolve_known(t, note);
	size_t i;

	if (s != NULL || d == NULL)
		return s;
	if (d->sock != NULL && !is_other(d->sock, note))
		return d->sock;
	for (i = d->npast; i-- > 0;)
		if (!is_other(d->past[i].sock, note))
			return d->past[i].sock;
	return NULL;
}

bool
nc_shared_resolve(struct nc_trace *t, struct nc_op *op, int fd,
    struct nc_text text, struct nc_descriptor *d, struct nc_sock **s)
{
	struct nc_sock *found;
	struct nc_note note;

	if (text.p == NULL)
		return resolve_bare(t, op, fd, d, s);
	t->ledger.notes = true;
	nc_note_parse(text, &note);
	if (note.kind == NC_NOTE_FILE) {
		*s = NULL;
		return true;
	}
	found = match(t, d, &note);
	if (d != NULL && found == d->sock)
		return false;
	if (found == NULL)
		return false;
	nc_resolve_learn(t, op->fd == fd ? op : NULL, found, &note);
	*s = found;
	return true;
}

/* The number that a call names first, with its annotation; -1 none. */
static int
first_number(struct nc_text body, struct nc_text *note)
{
	struct nc_text name;

	return nc_fd_parse(nc_text_field(body, &name), note);
}

/* The socket that a number stands for, as far as has been read. */
static const struct nc_descriptor *
open_at(const struct nc_thread *th, int64_t fd)
{
	const struct nc_descriptor *d;

	if (fd < 0 || fd > INT_MAX)
		return NULL;
	d = nc_fdtable_get(nc_thread_table(th), (int)fd);
	return d != NULL && d->sock != NULL && !d->gone ? d : NULL;
}

/*
 * The line returns a number that has not been closed yet.  Where annotations
 * tell what it stands for, that does no harm.
 */
static bool
returns_open(
    const struct nc_thread *th, enum nc_call_id call, struct nc_text body)
{
	struct nc_text list, e, note;
	struct nc_args a;
	struct nc_tail tail;
	const char *why;

	if (nc_args_split(body.p, body.end, &a, &why) < 0 || !a.closed ||
	    nc_tail_parse(a.rest, body.end, &tail, &why) < 0 ||
	    tail.result == NC_NIL || tail.result < 0 || tail.injected)
		return false;
	if (call != NC_CALL_PIPE && call != NC_CALL_SOCKETPAIR)
		return tail.note.p == NULL && open_at(th, tail.result) != NULL;
	list = nc_text_inside(nc_arg(&a, call == NC_CALL_PIPE ? 0 : 3));
	while (nc_text_next(&list, &e))
		if (open_at(th, nc_fd_parse(e, &note)) != NULL &&
		    note.p == NULL)
			return true;
	return false;
}

/*
 * The call ends all threads of the process but its own: exit_group, or another
 * program.  One that is not the first goes on in the first one's file.
 */
static bool
ends_threads(
    const struct nc_thread *th, enum nc_call_id call, struct nc_text body)
{
	struct nc_args a;
	struct nc_tail tail;
	const char *why;

	if (call != NC_CALL_EXECVE)
		return call == NC_CALL_EXIT_GROUP;
	return th->tid == th->process->pid &&
	    nc_args_split(body.p, body.end, &a, &why) == 0 && a.closed &&
	    nc_tail_parse(a.rest, body.end, &tail, &why) == 0 &&
	    tail.result == 0;
}

/* True if fcntl's second argument is one of those that copy a descriptor. */
static bool
dups(struct nc_text body)
{
	struct nc_args a;
	const char *why;

	return nc_args_split(body.p, body.end, &a, &why) == 0 &&
	    nc_option_dups(&a) != 0;
}

bool
nc_shared_copies_file(
    const struct nc_thread *th, enum nc_call_id call, struct nc_text body)
{
	struct nc_text note;
	int64_t id;
	int fd;

	if (!nc_thread_table(th)->apart ||
	    (call != NC_CALL_DUP && call != NC_CALL_DUP2 &&
		call != NC_CALL_DUP3 && call != NC_CALL_FCNTL))
		return false;
	fd = first_number(body, &note);
	return fd >= 0 && view_of(th, fd, &id) == VIEW_FILE &&
	    (call != NC_CALL_FCNTL || dups(body));
}

/* Calls that return the lowest number that is free, or two of them. */
static bool
makes_number(enum nc_call_id call, struct nc_text body)
{
	switch (call) {
	case NC_CALL_SOCKET:
	case NC_CALL_SOCKETPAIR:
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
	case NC_CALL_DUP:
	case NC_CALL_EPOLL_CREATE:
	case NC_CALL_EPOLL_CREATE1:
	case NC_CALL_PIDFD_OPEN:
	case NC_CALL_PIDFD_GETFD:
		return true;
	case NC_CALL_FCNTL:
		return dups(body);
	case NC_CALL_SOCKETCALL:
		return false;
	default:
		return nc_call_group(call) == NC_GROUP_FILE;
	}
}

/* The annotation shows a connection that nothing read so far has made. */
static bool
is_unconnected(const struct nc_sock *s, const struct nc_note *note)
{
	return note->kind == NC_NOTE_TCP && note->peer.family != 0 &&
	    s->stream && !s->accepted && !s->late && !s->connected;
}

/*
 * The line uses a socket, or an epoll instance, that no part of a trace read so
 * far has made, by number and annotation.  sockets: its call is of nothing
 * else; so are some numbers.
 */
static bool
uses_unmade(struct nc_trace *t, const struct nc_thread *th, bool sockets,
    int fd, struct nc_text text)
{
	const struct nc_descriptor *d;
	const struct nc_sock *s;
	struct nc_note note;
	enum view view;
	int64_t id;

	if (fd < 0)
		return false;
	d = nc_fdtable_get(nc_thread_table(th), fd);
	/* Not known at all: only what is of sockets alone tells. */
	if (text.p == NULL) {
		sockets = sockets || is_sockets(t, fd);
		view = view_of(th, fd, &id);
		s = d == NULL ? NULL : d->sock != NULL ? d->sock : last_past(d);
		return sockets && view != VIEW_FILE &&
		    (s == NULL || (view == VIEW_CLOSED && s->id == id));
	}
	nc_note_parse(text, &note);
	if (note.kind == NC_NOTE_FILE ||
	    (note.kind != NC_NOTE_EPOLL && note.inode == 0 &&
		note.local.family == 0))
		return false;
	s = match(t, d, &note);
	return s == NULL || is_unconnected(s, &note);
}

/* The line looks like one of recvmsg: to tell without parsing it. */
static bool
receives(const char *p, const char *end)
{
	static const char name[] = "recvmsg";
	const size_t len = sizeof(name) - 1;
	const char *open = memchr(p, '(', (size_t)(end - p));

	return open != NULL && (size_t)(open - p) >= len &&
	    memcmp(open - len, name, len) == 0;
}

enum nc_early
nc_shared_is_early(struct nc_trace *t, const char *p, const char *end)
{
	const struct nc_thread *th =
	    nc_map_get(&t->machine->threads, (uint64_t)t->pid);
	enum nc_call_group group;
	enum nc_call_id call;
	struct nc_prefix prefix = { .len = 0 };
	struct nc_line l;
	struct nc_args a;
	struct nc_text note;
	const char *why;
	bool sockets;
	int fd;

	if (th == NULL || !(nc_thread_table(th)->apart || receives(p, end)))
		return NC_EARLY_NOT;
	nc_line_parse(p, end, &prefix, &l);
	if (l.kind != NC_LINE_CALL)
		return NC_EARLY_NOT;
	call = nc_call_of(l.name.p, (size_t)(l.name.end - l.name.p));
	if (call == NC_CALL_NONE)
		return NC_EARLY_NOT;
	if (call == NC_CALL_RECVMSG && nc_passing_is_early(t, th, l.body))
		return NC_EARLY_USE;
	if (!nc_thread_table(th)->apart)
		return NC_EARLY_NOT;
	/* All threads run until then: what they use is open. */
	if (th->process->unread > 1 && ends_threads(th, call, l.body))
		return NC_EARLY_EXIT;
	if (makes_number(call, l.body) && returns_open(th, call, l.body))
		return NC_EARLY_NUMBER;
	group = nc_call_group(call);
	sockets = group == NC_GROUP_NETWORK || nc_call_is_epoll(call);
	if (!sockets && group != NC_GROUP_IO && group != NC_GROUP_DESCRIPTOR)
		return NC_EARLY_NOT;
	fd = first_number(l.body, &note);
	if (uses_unmade(t, th, sockets, fd, note))
		return nc_call_is_epoll(call) ? NC_EARLY_EPOLL : NC_EARLY_USE;
	/* Numbers alone may be those of files. */
	if (call != NC_CALL_EPOLL_CTL ||
	    nc_args_split(l.body.p, l.body.end, &a, &why) < 0)
		return NC_EARLY_NOT;
	fd = nc_fd_parse(nc_arg(&a, 2), &note);
	return uses_unmade(t, th, false, fd, note) ? NC_EARLY_USE :
						     NC_EARLY_NOT;
}
