/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Readiness: poll, select and epoll.
 */
#include "ready.h"

#include "../text/args.h"
#include "../text/sockaddr.h"
#include "../text/tail.h"

#include <string.h>

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

/* Elements in the form that nearly all have; false, and nothing read, else. */
static bool
usual_pollfd(struct nc_text *list, struct nc_pollfd *e)
{
	static const char first[] = "{fd=", events[] = ", events=",
			  revents[] = ", revents=";
	struct nc_text t = *list;
	const char *p;
	int64_t fd;

	if (!nc_text_starts(t, first))
		return false;
	t.p += sizeof(first) - 1;
	e->fd = nc_fd_parse(t, &e->note);
	t.p = e->note.p != NULL ? e->note.end : nc_text_int(t, &fd);
	if (nc_text_starts(t, events))
		t.p += sizeof(events) - 1;
	else if (nc_text_starts(t, revents))
		t.p += sizeof(revents) - 1;
	else
		return false;
	p = memchr(t.p, '}', (size_t)(t.end - t.p));
	if (p == NULL || (p + 1 < t.end && p[1] != ','))
		return false;
	e->events = (struct nc_text){ t.p, p };
	list->p = p + 1;
	return true;
}

bool
nc_pollfd_next(struct nc_text *list, struct nc_pollfd *e)
{
	struct nc_text t;

	while (list->p < list->end && (*list->p == ' ' || *list->p == ','))
		list->p++;
	if (usual_pollfd(list, e))
		return true;
	if (!nc_text_next(list, &t))
		return false;
	t = nc_text_inside(t);
	e->fd = nc_fd_parse(nc_text_take(&t, "fd"), &e->note);
	e->events = nc_text_take(&t, "events");
	if (e->events.p == NULL)
		e->events = nc_text_take(&t, "revents");
	return true;
}

bool
nc_ready_is_cut(struct nc_text list)
{
	static const char end[] = "...]";
	const size_t n = sizeof(end) - 1;

	return list.p != NULL && (size_t)(list.end - list.p) >= n &&
	    memcmp(list.end - n, end, n) == 0;
}

/* What poll returned: the ready ones of its list, in the list's order. */
struct returned {
	struct nc_text list;
	struct nc_pollfd next; /* its fd is -1 after the last */
};

static void
next_returned(struct returned *r)
{
	if (!nc_pollfd_next(&r->list, &r->next))
		r->next.fd = -1;
}

/* From "[{fd=3, revents=POLLIN}, ...], left {...}". */
static struct returned
returned_of(const struct nc_tail *tail)
{
	struct returned r = { .next.fd = -1 };
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
	int64_t events;

	if (fd < 0 || r->next.fd != fd)
		return 0;
	events = nc_text_flags(r->next.events, NC_SPACE_POLL);
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
	bool hidden;
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
	if (r->others || r->hidden)
		rec->marks = (rec->marks == NC_NIL ? 0 : rec->marks) |
		    (r->others ? NC_MARK_OTHERS : 0) |
		    (r->hidden ? NC_MARK_HIDDEN : 0);
}

/* The call told more than the trace shows. */
static bool
hides(enum nc_call_id call, const struct nc_args *a, const struct nc_tail *tail)
{
	struct nc_text list, e;

	if (tail == NULL || tail->result == NC_NIL || tail->result <= 0)
		return false;
	if (call != NC_CALL_POLL && call != NC_CALL_PPOLL)
		return nc_ready_is_cut(nc_arg(a, 1));
	list = tail->more;
	return nc_ready_is_cut(nc_arg(a, 0)) ||
	    (nc_text_next(&list, &e) && nc_ready_is_cut(e));
}

void
nc_ready_poll(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec)
{
	struct ready r = { &t->s->ready, 0, 0, NC_NIL, -1, false, false };
	struct returned back = returned_of(tail);
	const struct nc_watch *w;
	int64_t revents;
	size_t i;

	t->s->ready.len = 0;
	for (i = 0; i < op->nwatched; i++) {
		w = &op->watched[i];
		revents = take_returned(&back, w->fd);
		if (w->sock != NULL)
			add_ready(&r, w->sock, w->fd, w->events, revents);
		else
			r.others = true;
	}
	/* restart_syscall does not show which. */
	if (tail != NULL && tail->result > 0 && tail->more.p == NULL)
		r.others = true;
	r.hidden = hides(op->call, a, tail);
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

/* "in [3], out [1 3<TCP:[7]>], left {...}": the set of that name. */
static struct nc_text
returned_set(struct nc_text more, const char *name)
{
	struct nc_text e, none = { NULL, NULL };

	while (nc_text_next(&more, &e))
		if (nc_text_is(e, name))
			return nc_text_next(&more, &e) ? e : none;
	return none;
}

void
nc_ready_select(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec)
{
	static const struct {
		const char *name;
		int bit;
	} sets[] = {
		{ "in", NC_POLLIN },
		{ "out", NC_POLLOUT },
		{ "except", NC_POLLPRI },
	};
	struct ready r = { &t->s->ready, 0, 0, NC_NIL, -1, false, false };
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

/* As usual_pollfd: "{events=A|B, data={u32=1, u64=1}}". */
static bool
usual_event(struct nc_text *list, struct nc_epoll_event *e)
{
	static const char first[] = "{events=", data[] = ", data={u32=",
			  u64[] = ", u64=", last[] = "}}";
	struct nc_text t = *list, events;
	const char *p;
	int64_t v;

	if (!nc_text_starts(t, first))
		return false;
	events.p = t.p += sizeof(first) - 1;
	while (t.p < t.end &&
	    ((*t.p >= 'A' && *t.p <= 'Z') || *t.p == '|' || *t.p == '_'))
		t.p++;
	events.end = t.p;
	if (!nc_text_starts(t, data))
		return false;
	t.p += sizeof(data) - 1;
	p = nc_text_int(t, &v);
	t.p = p;
	if (!nc_text_starts(t, u64))
		return false;
	t.p += sizeof(u64) - 1;
	p = nc_text_int(t, &v);
	t.p = p;
	if (!nc_text_starts(t, last))
		return false;
	t.p += sizeof(last) - 1;
	if (t.p < t.end && *t.p != ',')
		return false;
	e->events = nc_text_flags(events, NC_SPACE_EPOLL);
	if (e->events == NC_NIL)
		e->events = 0;
	e->data = v == NC_NIL ? 0 : (uint64_t)v;
	list->p = t.p;
	return true;
}

/* The next event of a list's inside; false at the end. */
static bool
next_event(struct nc_text *list, struct nc_epoll_event *event)
{
	struct nc_text e;

	while (list->p < list->end && (*list->p == ' ' || *list->p == ','))
		list->p++;
	if (usual_event(list, event))
		return true;
	if (!nc_text_next(list, &e))
		return false;
	*event = nc_epoll_event_of(e);
	return true;
}

struct nc_epoll_event
nc_epoll_event_of(struct nc_text event)
{
	struct nc_text inside, list = event, events, data, u64;
	struct nc_epoll_event usual;
	int64_t n;

	if (usual_event(&list, &usual) && list.p == list.end)
		return usual;
	inside = list = nc_text_inside(event);
	events = nc_text_take(&list, "events");
	if (events.p != NULL) {
		data = nc_text_take(&list, "data");
	} else if (nc_text_next(&inside, &events)) {
		if (!nc_text_next(&inside, &data))
			data = (struct nc_text){ NULL, NULL };
	} else {
		return (struct nc_epoll_event){ 0, 0 };
	}
	u64 = nc_text_member(data, "u64");
	n = nc_text_flags(events, NC_SPACE_EPOLL);
	if (u64.p == NULL)
		u64 = data;
	return (struct nc_epoll_event){ n == NC_NIL ? 0 : n,
		nc_text_number(u64) == NC_NIL ? 0 :
						(uint64_t)nc_text_number(u64) };
}

void
nc_ready_epoll_wait(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec)
{
	struct ready r = { &t->s->ready, 0, 0, NC_NIL, -1, false, false };
	struct nc_text list;
	struct nc_epoll_event event;
	const struct nc_registration *reg;
	struct nc_sock s;
	int64_t n = 0;

	rec->epoll = op->sock != NULL ? op->sock->id : NC_NIL;
	rec->socket = NC_NIL;
	rec->timeout = timeout_of(op->call, a);
	t->s->ready.len = 0;
	if (tail != NULL && tail->result > 0 && op->sock != NULL) {
		list = nc_text_inside(nc_arg(a, 1));
		while (n < tail->result && next_event(&list, &event)) {
			n++;
			reg = nc_map_get(&op->sock->by_data, event.data);
			if (reg == NULL || reg->shared || !reg->relevant) {
				r.others = true;
				continue;
			}
			s.id = reg->socket;
			add_ready(&r, &s, reg->fd, 0, event.events);
		}
		if (n < tail->result)
			r.others = true;
		r.hidden = hides(op->call, a, tail);
	}
	r.only = NC_NIL;
	finish_ready(t, &r, rec);
}

void
nc_ready_epoll_ctl(
    const struct nc_op *op, const struct nc_args *a, struct nc_call *rec)
{
	struct nc_text note;
	int fd = nc_fd_parse(nc_arg(a, 2), &note);

	rec->epoll = op->sock != NULL ? op->sock->id : NC_NIL;
	rec->socket = op->nwatched > 0 ? op->watched[0].sock->id : NC_NIL;
	rec->fd = fd;
	rec->value = nc_text_symbol(nc_arg(a, 1), NC_SPACE_EPOLLOP);
	if (a->n > 3 && !nc_text_is(nc_arg(a, 3), "NULL"))
		rec->flags = nc_epoll_event_of(nc_arg(a, 3)).events;
}
