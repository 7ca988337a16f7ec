/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Descriptors that are closed under a call of another thread.
 */
#include "blocked.h"

#include <stdlib.h>

#include "../deviate.h"
#include "../offer.h"
#include "util.h"

bool
blocked_in(const struct inside *in)
{
	switch (in->id) {
	case NC_CALL_EPOLL_WAIT: /* does not hold what it watches */
	case NC_CALL_EPOLL_PWAIT:
	case NC_CALL_EPOLL_PWAIT2:
		return false;
	case NC_CALL_CONNECT:
		return true;
	default:
		return nc_call_family(in->id) != NC_FAMILY_NONE;
	}
}

void
blocked_begin(struct offer *o, struct sock *s)
{
	struct inside *in;

	for (in = s->inside; in; in = in->next) {
		/* Another descriptor of the same socket is of no concern. */
		if ((in->fd != NC_NIL && in->fd != o->call->fd) ||
		    in->thread == o->call->thread ||
		    in->process != o->call->process || !blocked_in(in) ||
		    (s->nonblock && nc_call_family(in->id) != NC_FAMILY_READY))
			continue;
		s->blocked = nc_xcalloc(1, sizeof(*s->blocked));
		s->blocked->thread = in->thread;
		s->blocked->id = in->id;
		s->blocked->timeout = in->timeout;
		s->blocked->begin = in->ref;
		ref_set(&s->blocked->close, o);
		if (s->ep)
			s->ep->blocked = true;
		break;
	}
}

void
blocked_decide(struct offer *o, struct sock *s)
{
	struct blocked *b = s->blocked;
	const struct nc_call *call = o->call;
	bool never = call->result == NC_NIL && !o->step->error;
	int64_t end = call->time;
	struct dev d;

	s->blocked = NULL;
	if (end != NC_NIL && call->duration != NC_NIL)
		end += call->duration;
	if (dev_open_ref(
		&d, o->m, &b->close, DEV_CLOSE_WHILE_BLOCKED, "close_ok")) {
		/* One that returned in the end may have waited for more. */
		if (!never)
			dev_confidence(&d, 70);
		if (s->ep)
			dev_conn(&d, s->ep->conn, s->ep->side);
		dev_str(&d, "blocked", nc_call_name(b->id));
		dev_int(&d, "thread", b->thread);
		dev_str(&d, "woken",
		    never                 ? "never" :
			call->result > 0  ? "data" :
			call->result == 0 ? "close" :
					    "other");
		if (end != NC_NIL && b->close.time != NC_NIL)
			dev_int(&d, "after", end - b->close.time);
		if (b->timeout != NC_NIL)
			dev_int(&d, "timeout", b->timeout);
		if (b->begin.trace != b->close.trace)
			dev_int(&d, "apart", 1);
		dev_cause(&d, &b->begin);
		dev_close(&d);
	}
	free(b);
}

void
blocked_in_interval(struct offer *o)
{
	const struct nc_call *c = o->call;
	struct sock *s = o->sock;

	/* A send that was placed before the close, but came back after it. */
	if (!s || !s->closed.host || s->blocked || s->shut || s->nonblock ||
	    !nc_call_is_producer(o->step->id) ||
	    host_lane(o->host, s->closed.trace)->number != o->lane->number ||
	    s->closed.thread == c->thread || s->closed.fd != c->fd ||
	    s->closed.process != c->process || c->line == NC_NIL ||
	    nc_call_from(c) >= s->closed.at || s->closed.at >= nc_call_at(c))
		return;
	if (o->step->id != NC_CALL_CONNECT &&
	    nc_call_family(o->step->id) != NC_FAMILY_SEND)
		return;
	s->blocked = nc_xcalloc(1, sizeof(*s->blocked));
	s->blocked->thread = c->thread;
	s->blocked->id = o->step->id;
	s->blocked->timeout = NC_NIL;
	ref_set(&s->blocked->begin, o);
	s->blocked->close = s->closed;
	s->closed.host = NULL;
	blocked_decide(o, s);
}
