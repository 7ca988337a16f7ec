/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How long what was received had lain there.
 */
#include "unread.h"

#include "../offer.h"

/*
 * A call that takes so long has waited, unless the machine was busy: where
 * nothing tells since when it might have, the second limit holds, and where
 * that was long ago a share of it.
 */
#define AWAKE_NS 1000000
#define SURELY_NS 20000000
#define SHARE 8

/* The offered call waited until something came to the socket. */
static bool
lasted(const struct offer *o, const struct sock *s)
{
	const struct nc_call *c = o->call;

	if (c->time == NC_NIL || c->duration == NC_NIL ||
	    c->duration < AWAKE_NS)
		return false;
	return s->empty == NC_NIL ? c->duration >= SURELY_NS :
				    c->duration >= (c->time - s->empty) / SHARE;
}

static void
empty_at(struct sock *s, int64_t time)
{
	if (time != NC_NIL && (s->empty == NC_NIL || time > s->empty))
		s->empty = time;
}

void
unread_reported(const struct offer *o, struct sock *s)
{
	int64_t end = call_end(o->call);
	/* An instance tells nothing of before it was asked to watch. */
	bool armed = !s->epoll || s->watched == NC_NIL;

	if (s->epoll && (armed || s->epoll->wait.before >= s->watched))
		empty_at(s, s->epoll->wait.before);
	/* Of several nobody knows for which it had waited. */
	if (o->call->result == 1 && lasted(o, s) &&
	    (armed || end - s->watched >= AWAKE_NS))
		empty_at(s, end);
}

void
unread_watched(const struct offer *o, struct sock *s)
{
	s->watched = call_end(o->call);
}

void
unread_none(const struct offer *o, struct sock *s)
{
	empty_at(s, call_end(o->call));
}

/* A receive that may block did until something came. */
static bool
blocked(const struct offer *o)
{
	return lasted(o, o->sock) && !o->sock->nonblock &&
	    !(o->call->flags != NC_NIL && (o->call->flags & NC_MSG_DONTWAIT)) &&
	    !o->sock->reported;
}

int64_t
unread_for(const struct offer *o)
{
	const struct sock *s = o->sock;
	int64_t empty = s->empty, end = call_end(o->call);

	if (end == NC_NIL)
		return NC_NIL;
	if (blocked(o))
		return 0;
	if (empty == NC_NIL || empty > end)
		return NC_NIL;
	return end - empty;
}

void
unread_taken(const struct offer *o, uint64_t n)
{
	/* Of a stream more had come, had there been more. */
	if (o->sock->type == SOCK_TCP ?
		o->call->asked != NC_NIL && n < (uint64_t)o->call->asked :
		blocked(o))
		unread_none(o, o->sock);
	if (o->sock->type == SOCK_UDP)
		o->sock->reported = false;
}

void
unread_made(const struct offer *o, struct sock *made)
{
	int64_t lay = unread_for(o);

	if (lay != NC_NIL)
		made->empty = call_end(o->call) - lay;
	if (blocked(o))
		unread_none(o, o->sock);
}
