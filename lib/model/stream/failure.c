/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Connects that fail, or never have an outcome.
 */
#include "conn.h"

#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/port.h"
#include "../socket/socket.h"
#include "../wait.h"
#include "refusal.h"

#define QUEUE_TRIED 1024       /* connections looked at */
#define GIVEN_UP_NS 1000000000 /* by a timer of the program's own */

/* A queue that was full made the SYN be sent again, or gave up on it. */
void
conn_tell_backlog(struct offer *o, struct conn *c)
{
	struct dev d;

	if (c->pending_then < 0 || !c->listener ||
	    c->pending_then < c->backlog_then + 1 ||
	    !dev_open(&d, o, DEV_BACKLOG_FULL, "connect_ok"))
		return;
	dev_conn(&d, c, SIDE_CLIENT);
	dev_int(&d, "pending", c->pending_then);
	dev_int(&d, "backlog", c->backlog_then);
	dev_int(&d, "waited", o->call->duration);
	dev_cause(&d, &c->listener->listen);
	dev_close(&d);
}

/*
 * Connections to the listener that were established before this attempt and
 * are not accepted now that it has failed: they filled its queue all the while.
 */
static int64_t
still_queued(const struct conn *c, const struct listener *l)
{
	const struct conn *other;
	int64_t n = 0;
	int tried = 0;

	for (other = c->port->pending; other && tried < QUEUE_TRIED;
	     other = other->next, tried++)
		n += other->state == CONN_PENDING && other->seq < c->seq &&
		    other->listener == l;
	return n;
}

/* The connect, where a later call told what came of it. */
static void
because_of_connect(struct dev *d, const struct offer *o, const struct conn *c)
{
	if (o->step->id != NC_CALL_CONNECT)
		dev_cause(d, &c->connect);
	else if (c->listener)
		dev_cause(d, &c->listener->listen);
	else if (o->sock)
		sock_because(d, o->sock, TOLD_MADE);
}

static void
tell_failure(struct offer *o, struct conn *c, int error)
{
	struct nc_host_state *to = c->port ? c->port->host : NULL;
	int64_t waited = NC_NIL, took = wait_took(o);
	struct listener *l = to ? port_listener(c->port, &c->target, false) :
				  NULL;
	const char *why;
	struct dev d;

	if (c->connect.time != NC_NIL && o->call->time != NC_NIL)
		waited = o->call->time - c->connect.time +
		    (took == NC_NIL ? 0 : took);
	switch (error) {
	case NC_ECONNREFUSED:
		if (c->target.port == 0) {
			dev_simple(o, DEV_INVALID_PORT, "connect_port0");
			return;
		}
		if (to) {
			refusal_keep(o, c->port, c);
			return;
		}
		if (dev_open(&d, o, DEV_ECONNREFUSED, "connect_refused")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_str(&d, "reason", "foreign");
			dev_close(&d);
		}
		return;
	case NC_ETIMEDOUT:
		conn_tell_backlog(o, c);
		if (dev_open(&d, o, DEV_CONN_TIMEOUT, "connect_timeout")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_int(&d, "waited", waited);
			if (l)
				dev_addr(&d, "listener", &l->local);
			if (c->pending_then >= 0) {
				dev_int(&d, "pending", c->pending_then);
				dev_int(&d, "backlog", c->backlog_then);
			}
			if (l) {
				dev_int(&d, "queued", still_queued(c, l));
				dev_cause(&d, &l->listen);
			}
			dev_close(&d);
		}
		return;
	case NC_ENETUNREACH:
	case NC_EHOSTUNREACH:
	case NC_ENETDOWN:
	case NC_EHOSTDOWN:
	case NC_ENONET:
		if (dev_open(&d, o, DEV_CONN_UNREACHABLE, "connect_unreach")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_str(&d, "error", nc_errno_name(error));
			/* A nonblocking connect had a route for its SYN. */
			dev_str(&d, "where",
			    o->step->id != NC_CALL_CONNECT ? "remote" :
				waited == NC_NIL           ? "unknown" :
				waited > 200000000         ? "remote" :
				waited < 20000000          ? "local" :
							     "unknown");
			dev_int(&d, "waited", waited);
			if (l)
				dev_addr(&d, "listener", &l->local);
			because_of_connect(&d, o, c);
			dev_close(&d);
		}
		if (to && !l && c->other_why &&
		    strcmp(c->other_why, "family") == 0 &&
		    dev_open(&d, o, DEV_FAMILY_MISMATCH, "connect_unreach")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_addr(&d, "listener", &c->listener_other);
			l = port_misfit(c->port, &c->target, &why);
			if (l)
				dev_cause(&d, &l->listen);
			dev_close(&d);
		}
		return;
	case NC_EADDRNOTAVAIL:
		if (dev_open(&d, o, DEV_EADDRNOTAVAIL, "connect_noaddr")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_int(&d, "unbound", !(o->sock && o->sock->bound));
			dev_close(&d);
		}
		return;
	case NC_EADDRINUSE:
		dev_simple(o, DEV_EADDRINUSE, "connect_noaddr");
		return;
	case NC_EAFNOSUPPORT:
		dev_simple(o, DEV_EAFNOSUPPORT, "connect_fail");
		return;
	case NC_EPROTOTYPE:
		dev_simple(o, DEV_EPROTOTYPE, "connect_fail");
		return;
	case NC_EACCES:
	case NC_EPERM:
		if (dev_open(&d, o, DEV_EACCES, "connect_fail")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_str(&d, "error", nc_errno_name(error));
			dev_close(&d);
		}
		return;
	case NC_ECONNRESET:
		if (dev_open(&d, o, DEV_RESET_BY_NETWORK, "connect_fail")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_int(&d, "connecting", 1);
			because_of_connect(&d, o, c);
			dev_close(&d);
		}
		return;
	case NC_EINVAL:
		/* A blackhole route answers so as well: not this one. */
		if (!o->sock || !nc_addr_is_loopback(&o->sock->local))
			break;
		if (dev_open(
			&d, o, DEV_LOOPBACK_MISMATCH, "connect_loopback")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_addr(&d, "bound", &o->sock->local);
			sock_because(&d, o->sock, TOLD_BIND);
			dev_close(&d);
		}
		return;
	default:
		break;
	}
	if (dev_open(&d, o, DEV_UNEXPECTED_FAILURE, "connect_fail")) {
		dev_conn(&d, c, SIDE_CLIENT);
		dev_str(&d, "error", nc_errno_name(error));
		dev_close(&d);
	}
}

void
conn_fail(struct offer *o, struct conn *c, int error)
{
	c->error = error;
	ref_set(&c->outcome, o);
	switch (error) {
	case NC_ECONNREFUSED:
		c->opened = "refused";
		break;
	case NC_ETIMEDOUT:
		c->opened = "timeout";
		break;
	case NC_ENETUNREACH:
	case NC_EHOSTUNREACH:
	case NC_ENETDOWN:
	case NC_EHOSTDOWN:
	case NC_ENONET:
		c->opened = "unreachable";
		break;
	default:
		c->opened = "failed";
	}
	tell_failure(o, c, error);
	port_remove(c);
	conn_unindex(o->m, c);
	c->state = CONN_FAILED;
}

/*
 * The program closed it without a look at what came of the connect: it took
 * EINPROGRESS for a failure.
 */
static bool
is_hasty(const struct offer *o, const struct conn *c)
{
	return c->nonblocking && o->sock && !o->sock->looked_at &&
	    !o->sock->epoll && o->step->id == NC_CALL_RELEASE &&
	    nc_str_eq(o->call->cause, "close");
}

/* The client's socket goes while its connect had no outcome. */
void
conn_gone(struct offer *o, struct conn *c)
{
	const struct nc_call *call = o->call;
	int64_t waited = NC_NIL;
	struct listener *l;
	struct dev d;

	if (c->state != CONN_FLOATING || c->success || c->error)
		return;
	if (c->outcome_hidden) {
		c->error = -1;
		return;
	}
	l = c->port && c->port->host ?
	    port_listener(c->port, &c->target, false) :
	    NULL;
	if (call->time != NC_NIL && c->connect.time != NC_NIL)
		waited = call->time - c->connect.time;
	/* A blocking connect that was given up: by a signal, or with its end. */
	if (!c->nonblocking &&
	    !(waited == NC_NIL && l && still_queued(c, l) > l->backlog) &&
	    !(waited != NC_NIL &&
		waited >= (c->given_up ? GIVEN_UP_NS : BLOCKED_NS))) {
		c->error = -1;
		return;
	}
	if (dev_open_ref(&d, o->m, &c->connect,
		c->nonblocking ? DEV_CONN_NEVER_COMPLETED : DEV_CONN_TIMEOUT,
		c->nonblocking ? "end_sweep" : "connect_timeout")) {
		dev_conn(&d, c, SIDE_CLIENT);
		/* What the program then did on it may be what is not shown. */
		if (c->nonblocking && c->connect.host->lean)
			dev_weak(&d);
		dev_int(&d, "waited", waited);
		if (!c->nonblocking)
			dev_int(&d, "blocked", 1);
		if (is_hasty(o, c)) {
			dev_int(&d, "hasty", 1);
			/* Or the trace leaves such looks out. */
			if (!o->host->reports)
				dev_int(&d, "blind", 1);
			/* Unless another task did. */
			if (o->host->apart)
				dev_int(&d, "apart", 1);
		}
		if (l) {
			dev_addr(&d, "listener", &l->local);
			dev_int(&d, "backlog", l->backlog);
			dev_int(&d, "pending", c->pending_then);
			dev_int(&d, "queued", still_queued(c, l));
			dev_cause(&d, &l->listen);
		}
		dev_close(&d);
	}
	c->opened = c->nonblocking ? "pending" : "timeout";
	c->error = -1;
	/* An accept may still show that it had come through. */
}
