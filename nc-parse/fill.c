/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * From a call's arguments and result to the fields of its record: making
 * sockets, addresses, readiness, processes.  Payload and options have files
 * of their own.
 */
#include "fill.h"

#include "emit.h"
#include "option.h"
#include "payload.h"

#include <stdio.h>
#include <string.h>

/* Text as a C string in a fixed buffer; NULL if it is empty or too long. */
static const char *
keep(struct nc_text t, char *buf, size_t size)
{
	size_t n;

	if (t.p == NULL || t.p == t.end || (n = (size_t)(t.end - t.p)) >= size)
		return NULL;
	memcpy(buf, t.p, n);
	buf[n] = '\0';
	return buf;
}

/* A symbol, or the name of a number (-X raw), without a comment. */
static struct nc_bytes
symbol(struct nc_text t, enum nc_space space, char *buf, size_t size)
{
	const char *name;
	int64_t v;
	const char *p;

	if (t.p == NULL)
		return nc_str(NULL);
	if (nc_text_int(t, &v) != NULL) {
		name = nc_name_of(space, v);
		if (name != NULL)
			return nc_str(name);
	} else if ((v = nc_text_symbol(t, space)) != NC_NIL &&
	    (name = nc_name_of(space, v)) != NULL) {
		return nc_str(name);
	}
	for (p = t.p; p < t.end && *p != ' ' && *p != '|'; p++)
		;
	t.end = p;
	return nc_str(keep(t, buf, size));
}

static void
fill_socket(struct nc_trace *t, const struct nc_args *a, struct nc_call *rec)
{
	struct nc_text type = nc_arg(a, 1), base = type;
	const char *p;
	int64_t v;

	rec->domain = symbol(
	    nc_arg(a, 0), NC_SPACE_DOMAIN, t->s->domain, sizeof(t->s->domain));
	v = nc_text_flags(type, NC_SPACE_SOCKFLAG);
	rec->flags = v == NC_NIL ? NC_NIL : v & NC_SOCK_FLAGS;
	/* The type is the part that is no flag; flags may stand first. */
	while (base.p != NULL && base.p < type.end) {
		p = memchr(base.p, '|', (size_t)(type.end - base.p));
		base.end = p != NULL ? p : type.end;
		if (!nc_text_starts(base, "SOCK_NONBLOCK") &&
		    !nc_text_starts(base, "SOCK_CLOEXEC"))
			break;
		base.p = p != NULL ? p + 1 : type.end;
	}
	if (nc_text_int(base, &v) != NULL) {
		const char *name = nc_name_of(NC_SPACE_TYPE, v & 0xf);

		rec->type = nc_str(name);
	} else {
		rec->type =
		    symbol(base, NC_SPACE_TYPE, t->s->type, sizeof(t->s->type));
	}
	rec->protocol = symbol(nc_arg(a, 2), NC_SPACE_PROTOCOL, t->s->protocol,
	    sizeof(t->s->protocol));
}

/* An address argument as text in buf; a line's impossible one is told. */
static struct nc_bytes
address(struct nc_trace *t, struct nc_text arg, bool tell,
    char buf[NC_SOCKADDR_TEXT])
{
	struct nc_sockaddr sa;

	if (nc_sockaddr_parse(arg, &sa) < 0) {
		if (tell)
			nc_trace_reject(t, "impossible address");
		return nc_str(NULL);
	}
	return nc_str(nc_sockaddr_print(&sa, buf));
}

/* "{tv_sec=1, tv_nsec=5}", "{1, 0}" as ns; NULL is -1. */
static int64_t
timespec(struct nc_text arg, int64_t unit)
{
	struct nc_text list, e, name;
	int64_t v[2] = { NC_NIL, NC_NIL };
	size_t i;

	if (nc_text_is(arg, "NULL"))
		return -1;
	list = nc_text_inside(arg);
	for (i = 0; i < 2 && nc_text_next(&list, &e); i++)
		v[i] = nc_text_number(nc_text_field(e, &name));
	if (v[0] == NC_NIL || v[1] == NC_NIL || v[0] < 0 ||
	    v[0] > INT64_MAX / 1000000000 - 1 || v[1] < 0 || v[1] > 1000000000)
		return NC_NIL;
	return v[0] * 1000000000 + v[1] * unit;
}

static int64_t
milliseconds(struct nc_text arg)
{
	int64_t v = nc_text_number(arg);

	if (v == NC_NIL || v > INT64_C(0x7fffffff))
		return v == NC_NIL ? v : -1;
	return v < 0 ? -1 : v * 1000000;
}

static int64_t
timeout_of(enum nc_call_id call, const struct nc_args *a)
{
	switch (call) {
	case NC_CALL_POLL:
		return milliseconds(nc_arg(a, 2));
	case NC_CALL_PPOLL:
		return timespec(nc_arg(a, 2), 1);
	case NC_CALL_SELECT:
		return timespec(nc_arg(a, 4), 1000);
	case NC_CALL_PSELECT6:
		return timespec(nc_arg(a, 4), 1);
	case NC_CALL_EPOLL_PWAIT2:
		return timespec(nc_arg(a, 3), 1);
	default:
		return milliseconds(nc_arg(a, 3));
	}
}

/* What poll returned: the ready ones of its list, in the list's order. */
struct returned {
	struct nc_text list;
	int fd; /* of the next one; -1 after the last */
	int64_t events;
};

static void
next_returned(struct returned *r)
{
	struct nc_text e, note;

	r->fd = -1;
	if (!nc_text_next(&r->list, &e))
		return;
	r->fd = nc_fd_parse(nc_text_member(e, "fd"), &note);
	r->events = nc_text_flags(nc_text_member(e, "revents"), NC_SPACE_POLL);
}

/* From "[{fd=3, revents=POLLIN}, ...], left {...}". */
static struct returned
returned_of(const struct nc_tail *tail)
{
	struct returned r = { { NULL, NULL }, -1, 0 };
	struct nc_text list, e;

	if (tail == NULL || tail->result == NC_NIL || tail->result <= 0)
		return r;
	list = tail->more;
	if (nc_text_next(&list, &e))
		r.list = nc_text_inside(e);
	next_returned(&r);
	return r;
}

/* The events of the descriptor that is next in poll's list; 0 for none. */
static int64_t
take_returned(struct returned *r, int fd)
{
	int64_t events = r->events;

	if (fd < 0 || r->fd != fd)
		return 0;
	next_returned(r);
	return events == NC_NIL ? 0 : events;
}

struct ready {
	struct nc_buf *b;
	size_t n;
	size_t next; /* of op->watched: asked for in its order */
	int64_t only;
	int only_fd;
	bool others;
};

/* The socket that a number stood for when the call began. */
static struct nc_sock *
watched(const struct nc_op *op, struct ready *r, int fd)
{
	if (fd < 0 || r->next == op->nwatched || op->watched[r->next].fd != fd)
		return NULL;
	return op->watched[r->next++].sock;
}

static void
add_ready(struct ready *r, const struct nc_sock *s, int fd, int64_t events,
    int64_t revents)
{
	nc_pack_int(r->b, s->id);
	nc_pack_int(r->b, fd);
	nc_pack_int(r->b, events);
	nc_pack_int(r->b, revents);
	r->only = r->n == 0 || r->only == s->id ? s->id : NC_NIL;
	r->only_fd = fd;
	r->n += 4;
}

/* Sets ready from the packed numbers, with their array's head before them. */
static void
finish_ready(struct nc_trace *t, struct ready *r, struct nc_call *rec)
{
	struct nc_buf *body = &t->s->ready, *whole = &t->s->runs;

	whole->len = 0;
	nc_pack_array(whole, r->n);
	nc_buf_add(whole, body->p, body->len);
	rec->ready.p = whole->p;
	rec->ready.len = whole->len;
	if (r->n >= 4 && r->only != NC_NIL) {
		rec->socket = r->only;
		rec->fd = r->only_fd;
	}
	if (r->others)
		rec->marks = (rec->marks == NC_NIL ? 0 : rec->marks) |
		    NC_MARK_OTHERS;
}

static void
fill_poll(struct nc_trace *t, const struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	struct ready r = { &t->s->ready, 0, 0, NC_NIL, -1, false };
	struct nc_text list = nc_text_inside(nc_arg(a, 0)), e, note;
	struct returned back = returned_of(tail);
	struct nc_sock *s;
	int64_t events, revents;
	int fd;

	t->s->ready.len = 0;
	while (nc_text_next(&list, &e)) {
		fd = nc_fd_parse(nc_text_member(e, "fd"), &note);
		s = watched(op, &r, fd);
		revents = take_returned(&back, fd);
		if (s == NULL) {
			if (fd >= 0)
				r.others = true;
			continue;
		}
		events =
		    nc_text_flags(nc_text_member(e, "events"), NC_SPACE_POLL);
		add_ready(&r, s, fd, events == NC_NIL ? 0 : events, revents);
	}
	/* restart_syscall does not show which. */
	if (tail != NULL && tail->result > 0 && tail->more.p == NULL)
		r.others = true;
	finish_ready(t, &r, rec);
	rec->timeout = timeout_of(op->call, a);
}

/* Walks along a set of select, whose numbers rise. */
struct walk {
	struct nc_text list;
	int fd; /* of the element reached; -1 past the last */
};

static void
walk_on(struct walk *w)
{
	struct nc_text e, note;

	w->fd = nc_text_next(&w->list, &e) ? nc_fd_parse(e, &note) : -1;
}

static struct walk
walk(struct nc_text set)
{
	struct walk w = { nc_text_inside(set), -1 };

	walk_on(&w);
	return w;
}

/* True if the set has that number; asked for rising ones. */
static bool
walk_has(struct walk *w, int fd)
{
	while (w->fd >= 0 && w->fd < fd)
		walk_on(w);
	return w->fd == fd;
}

/* "in [3], out [1 3], left {...}": the set of that name. */
static struct nc_text
returned_set(struct nc_text more, const char *name)
{
	struct nc_text t = more, none = { NULL, NULL };
	size_t n = strlen(name);
	const char *p, *q;

	for (p = t.p; p != NULL && p + n + 2 < t.end; p++) {
		if (memcmp(p, name, n) != 0 || p[n] != ' ' || p[n + 1] != '[' ||
		    (p > t.p && p[-1] != ' '))
			continue;
		q = memchr(p, ']', (size_t)(t.end - p));
		if (q == NULL)
			return none;
		t.p = p + n + 1;
		t.end = q + 1;
		return t;
	}
	return none;
}

static void
fill_select(struct nc_trace *t, const struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	static const struct {
		const char *name;
		int bit;
	} sets[] = {
		{ "in", NC_POLLIN },
		{ "out", NC_POLLOUT },
		{ "except", NC_POLLPRI },
	};
	struct ready r = { &t->s->ready, 0, 0, NC_NIL, -1, false };
	struct nc_text list, e, note, more = { NULL, NULL };
	struct walk asked[3], back[3];
	struct nc_sock *s;
	int64_t events, revents;
	size_t i, j;
	bool seen;
	int fd;

	t->s->ready.len = 0;
	if (tail != NULL && tail->result > 0)
		more = tail->more;
	for (i = 0; i < 3; i++) {
		for (j = 0; j < 3; j++) {
			asked[j] = walk(nc_arg(a, j + 1));
			back[j] = walk(returned_set(more, sets[j].name));
		}
		list = nc_text_inside(nc_arg(a, i + 1));
		while (nc_text_next(&list, &e)) {
			fd = nc_fd_parse(e, &note);
			s = watched(op, &r, fd);
			if (s == NULL) {
				r.others = r.others || fd >= 0;
				continue;
			}
			seen = false;
			events = revents = 0;
			for (j = 0; j < 3; j++) {
				if (!walk_has(&asked[j], fd))
					continue;
				seen = seen || j < i;
				events |= sets[j].bit;
				if (walk_has(&back[j], fd))
					revents |= sets[j].bit;
			}
			if (!seen)
				add_ready(&r, s, fd, events, revents);
		}
	}
	finish_ready(t, &r, rec);
	rec->timeout = timeout_of(op->call, a);
}

uint64_t
nc_fill_epoll_data(struct nc_text event)
{
	struct nc_text data = nc_text_member(event, "data"), list, v;
	int64_t n;

	if (data.p == NULL) {
		list = nc_text_inside(event);
		if (nc_text_next(&list, &v))
			nc_text_next(&list, &data);
	}
	v = nc_text_member(data, "u64");
	n = nc_text_number(v.p != NULL ? v : data);
	return n == NC_NIL ? 0 : (uint64_t)n;
}

static int64_t
epoll_events(struct nc_text event)
{
	struct nc_text v = nc_text_member(event, "events"), list;
	int64_t n;

	if (v.p == NULL) {
		list = nc_text_inside(event);
		nc_text_next(&list, &v);
	}
	n = nc_text_flags(v, NC_SPACE_EPOLL);
	return n == NC_NIL ? 0 : n;
}

static void
fill_epoll_wait(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec)
{
	struct ready r = { &t->s->ready, 0, 0, NC_NIL, -1, false };
	struct nc_text list, e;
	const struct nc_registration *reg;
	struct nc_sock s;
	int64_t n = 0;

	rec->epoll = op->sock != NULL ? op->sock->id : NC_NIL;
	rec->socket = NC_NIL;
	rec->timeout = timeout_of(op->call, a);
	t->s->ready.len = 0;
	if (tail != NULL && tail->result > 0 && op->sock != NULL) {
		list = nc_text_inside(nc_arg(a, 1));
		while (n < tail->result && nc_text_next(&list, &e)) {
			n++;
			reg = nc_map_get(
			    &op->sock->by_data, nc_fill_epoll_data(e));
			if (reg == NULL || reg->shared || !reg->relevant) {
				r.others = true;
				continue;
			}
			s.id = reg->socket;
			add_ready(&r, &s, reg->fd, 0, epoll_events(e));
		}
		if (n < tail->result)
			r.others = true;
	}
	r.only = NC_NIL;
	finish_ready(t, &r, rec);
}

static void
fill_epoll_ctl(
    const struct nc_op *op, const struct nc_args *a, struct nc_call *rec)
{
	struct nc_text note;
	int fd = nc_fd_parse(nc_arg(a, 2), &note);

	rec->epoll = op->sock != NULL ? op->sock->id : NC_NIL;
	rec->socket = op->nwatched > 0 ? op->watched[0].sock->id : NC_NIL;
	rec->fd = fd;
	rec->value = nc_text_symbol(nc_arg(a, 1), NC_SPACE_EPOLLOP);
	if (a->n > 3 && !nc_text_is(nc_arg(a, 3), "NULL"))
		rec->flags = epoll_events(nc_arg(a, 3));
}

/* "flags=A|B" of clone, {flags=A|B, ...} of clone3. */
int64_t
nc_fill_clone_flags(const struct nc_args *a)
{
	struct nc_text v = { NULL, NULL }, name;
	size_t i;

	for (i = 0; i < a->n && v.p == NULL; i++) {
		if (*nc_arg(a, i).p == '{') {
			v = nc_text_member(nc_arg(a, i), "flags");
			continue;
		}
		v = nc_text_field(nc_arg(a, i), &name);
		if (!nc_text_is(name, "flags"))
			v.p = NULL;
	}
	/* -N takes the names off. */
	if (v.p == NULL && a->named && a->n > 1)
		v = nc_arg(a, 1);
	if (v.p == NULL)
		return NC_NIL;
	/* The signal of the child's end, a number under -X raw, is no flag. */
	return nc_text_flags(v, NC_SPACE_CLONE) & ~INT64_C(0xff);
}

static int64_t
shutdown_how(struct nc_text arg)
{
	return nc_text_symbol(arg, NC_SPACE_SHUT);
}

void
nc_fill_call(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec)
{
	bool ok = tail != NULL && tail->result != NC_NIL && tail->result >= 0;
	struct nc_text note;
	int64_t v;

	switch (op->call) {
	case NC_CALL_SOCKET:
		fill_socket(t, a, rec);
		rec->fd = NC_NIL;
		break;
	case NC_CALL_BIND:
		rec->local =
		    address(t, nc_arg(a, 1), tail != NULL, t->s->local);
		break;
	case NC_CALL_CONNECT:
		rec->peer = address(t, nc_arg(a, 1), tail != NULL, t->s->peer);
		/* Bound to one address before: known at once. */
		if (rec->local.p == NULL && op->sock != NULL &&
		    op->sock->told_local.port != 0 &&
		    !nc_addr_is_wildcard(&op->sock->told_local))
			rec->local = nc_str(nc_addr_print_port(
			    &op->sock->told_local, t->s->local));
		break;
	case NC_CALL_LISTEN:
		rec->value = nc_text_number(nc_arg(a, 1));
		break;
	case NC_CALL_ACCEPT4:
		v = nc_text_flags(nc_arg(a, 3), NC_SPACE_SOCKFLAG);
		rec->flags = v == NC_NIL ? NC_NIL : v & NC_SOCK_FLAGS;
		/* fall through */
	case NC_CALL_ACCEPT:
		if (ok)
			rec->peer = address(t, nc_arg(a, 1), true, t->s->peer);
		break;
	case NC_CALL_GETSOCKNAME:
		if (ok)
			rec->local =
			    address(t, nc_arg(a, 1), true, t->s->local);
		break;
	case NC_CALL_GETPEERNAME:
		if (ok)
			rec->peer = address(t, nc_arg(a, 1), true, t->s->peer);
		break;
	case NC_CALL_SHUTDOWN:
		rec->value = shutdown_how(nc_arg(a, 1));
		break;
	case NC_CALL_DUP:
		if (ok)
			rec->value = tail->result;
		break;
	case NC_CALL_DUP2:
	case NC_CALL_DUP3:
		rec->value = nc_fd_parse(nc_arg(a, 1), &note);
		break;
	case NC_CALL_FCNTL:
	case NC_CALL_IOCTL:
	case NC_CALL_SETSOCKOPT:
	case NC_CALL_GETSOCKOPT:
		nc_fill_option(t, op, a, tail, rec);
		break;
	case NC_CALL_POLL:
	case NC_CALL_PPOLL:
		fill_poll(t, op, a, tail, rec);
		break;
	case NC_CALL_SELECT:
	case NC_CALL_PSELECT6:
		fill_select(t, op, a, tail, rec);
		break;
	case NC_CALL_EPOLL_CTL:
		fill_epoll_ctl(op, a, rec);
		break;
	case NC_CALL_EPOLL_WAIT:
	case NC_CALL_EPOLL_PWAIT:
	case NC_CALL_EPOLL_PWAIT2:
		fill_epoll_wait(t, op, a, tail, rec);
		break;
	case NC_CALL_CLONE:
	case NC_CALL_CLONE3:
		rec->flags = nc_fill_clone_flags(a);
		break;
	case NC_CALL_WAIT4:
		rec->fd = NC_NIL;
		break;
	case NC_CALL_EXIT:
	case NC_CALL_EXIT_GROUP:
		rec->value = nc_text_number(nc_arg(a, 0));
		rec->fd = NC_NIL;
		break;
	default:
		nc_fill_payload(t, op, a, tail, rec);
		break;
	}
}

bool
nc_fill_holds(const struct nc_op *op, struct nc_bytes local)
{
	return op->call == NC_CALL_CONNECT && op->sock != NULL &&
	    nc_sock_relevant(op->sock) && local.p == NULL;
}

void
nc_fill_begin(struct nc_trace *t, const struct nc_op *op, struct nc_call *rec)
{
	struct nc_args a;
	const char *why;

	nc_emit_fields(t, op, rec);
	if (op->call == NC_CALL_RELEASE) {
		rec->cause = nc_str(op->cause);
		return;
	}
	if (nc_args_split(op->text.p, op->text.p + op->text.len, &a, &why) < 0)
		return;
	nc_fill_call(t, op, &a, NULL, rec);
}
