/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The connect call and its outcomes.
 */
#include "conn.h"

#include <string.h>

#include "deviate.h"
#include "offer.h"
#include "port.h"
#include "socket.h"

#define BLOCKED_NS INT64_C(3000000000) /* a SYN was sent three times */
#define RETRANSMIT_NS 900000000        /* after which a SYN is sent again */
#define GIVEN_UP_NS 1000000000         /* by a timer of the program's own */

/* connect */

static struct conn *
conn_make(struct offer *o)
{
	struct nc_model *m = o->m;
	struct sock *s = o->sock;
	struct conn *c;
	struct nc_host_state *to;

	if (s->ep) { /* an earlier attempt of the same socket */
		struct conn *old = s->ep->conn;

		s->ep->released = true;
		s->ep->sock = NULL;
		s->ep = NULL;
		conn_finish(m, old);
	}
	c = conn_new(m);
	ep_new(m, c, SIDE_CLIENT, s);
	c->late = s->late;
	c->target = o->step->peer;
	if (nc_addr_is_wildcard(&c->target)) {
		if (nc_addr_is_v4(&c->target))
			c->target.ip[12] = 127, c->target.ip[15] = 1;
		else
			c->target.ip[15] = 1;
	}
	/* Its own local address is the host's, whoever else may ask for it. */
	if (o->step->local.family)
		host_learn(m, o->host, &o->step->local, false);
	to = host_owning(m, o->host, &c->target);
	c->foreign = !to;
	c->maybe = !to && conn_may_be_traced(m, o->host, &c->target);
	c->nonblocking = s->nonblock;
	if (s->local.family && s->local.port)
		c->client_local = s->local;
	if (o->step->local.family)
		c->client_local = o->step->local;
	ref_set(&c->connect, o);
	s->peer = c->target;
	if (to || c->maybe)
		c->port = port_get(m, to, false, c->target.port, true);
	if (to) {
		struct listener *l = port_listener(c->port, &c->target, false);

		c->listener = l;
		c->pending_then = (int64_t)c->port->npending;
		c->accepted_then = c->port->accepted;
		if (l) {
			c->backlog_then = l->backlog;
			c->listener_then = l->local;
		} else {
			const char *why;
			struct listener *other =
			    port_misfit(c->port, &c->target, &why);

			if (other) {
				c->listener_other = other->local;
				c->other_why = why;
			}
		}
	}
	if (c->port)
		port_add(m, c);
	else
		c->state = CONN_FLOATING;
	conn_index(m, c);
	return c;
}

void
conn_succeed(struct offer *o, struct conn *c)
{
	struct listener *l;

	if (c->success)
		return;
	c->success = true;
	c->opened = "connected";
	ref_set(&c->outcome, o);
	if (c->port && !c->client_local.port)
		fire(o->m,
		    key_of(KEY_SYN,
			c->port->host ? c->port->id : c->target.port, 0),
		    0);
	if (c->port && c->port->host) {
		c->port->successes++;
		c->port->last_success = o->m->seq;
		l = port_listener(c->port, &c->target, false);
		if (l && !c->listener) {
			c->listener = l;
			c->listener_then = l->local;
		}
	}
	if (c->state != CONN_FLOATING)
		return;
	if (!c->port) {
		conn_external(o->m, c, false);
		return;
	}
	c->state = CONN_PENDING;
}

/* A refused connect is better told after the listener's release, if any. */
bool
conn_refusal_waits(struct offer *o, struct conn *c)
{
	const struct nc_addr *target = c ? &c->target : &o->step->peer;
	struct nc_host_state *to = host_owning(o->m, o->host, target);
	struct port *p = to ? port_get(o->m, to, false, target->port, false) :
			      NULL;

	return p && port_listener(p, target, false) && !host_done(to);
}

/* A queue that was full made the SYN be sent again, or gave up on it. */
static void
tell_backlog(struct offer *o, struct conn *c)
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

static void
tell_failure(struct offer *o, struct conn *c, int error)
{
	struct nc_host_state *to = c->port ? c->port->host : NULL;
	int64_t waited = NC_NIL, took = o->call->duration;
	struct listener *l = to ? port_listener(c->port, &c->target, false) :
				  NULL;
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
		tell_backlog(o, c);
		if (dev_open(&d, o, DEV_CONN_TIMEOUT, "connect_timeout")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_int(&d, "waited", waited);
			if (l)
				dev_addr(&d, "listener", &l->local);
			if (c->pending_then >= 0) {
				dev_int(&d, "pending", c->pending_then);
				dev_int(&d, "backlog", c->backlog_then);
			}
			if (l)
				dev_cause(&d, &l->listen);
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
			dev_close(&d);
		}
		if (to && !l && c->other_why &&
		    strcmp(c->other_why, "family") == 0 &&
		    dev_open(&d, o, DEV_FAMILY_MISMATCH, "connect_unreach")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_addr(&d, "listener", &c->listener_other);
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
	    !(waited != NC_NIL &&
		waited >= (c->given_up ? GIVEN_UP_NS : BLOCKED_NS))) {
		c->error = -1;
		return;
	}
	if (dev_open_ref(&d, o->m, &c->connect,
		c->nonblocking ? DEV_CONN_NEVER_COMPLETED : DEV_CONN_TIMEOUT,
		c->nonblocking ? "end_sweep" : "connect_timeout")) {
		dev_conn(&d, c, SIDE_CLIENT);
		dev_int(&d, "waited", waited);
		if (!c->nonblocking)
			dev_int(&d, "blocked", 1);
		if (l) {
			dev_addr(&d, "listener", &l->local);
			dev_int(&d, "backlog", l->backlog);
			dev_int(&d, "pending", c->pending_then);
			dev_cause(&d, &l->listen);
		}
		dev_close(&d);
	}
	c->opened = c->nonblocking ? "pending" : "timeout";
	c->error = -1;
	/* An accept may still show that it had come through. */
}

/* A target that is the connect's own local address is on its own host. */
static struct nc_host_state *
target_host(struct offer *o, const struct nc_addr *target)
{
	if (o->step->local.family && nc_addr_same_ip(&o->step->local, target))
		return o->host;
	return host_owning(o->m, o->host, target);
}

static enum nc_answer
connect_ok(struct offer *o, struct conn *c)
{
	const struct nc_addr *target = c ? &c->target : &o->step->peer;
	struct nc_host_state *to = target_host(o, target);
	struct port *p = to ? port_get(o->m, to, false, target->port, true) :
			      NULL;
	bool covered = p && port_listener(p, target, false);
	bool missing;

	missing = p && !covered && !p->unseen &&
	    !(c && c->state != CONN_FLOATING);
	if (missing && o->mode == NC_TRY && !host_done(to))
		return defer(o, key_of(KEY_LISTEN, p->id, 0), "listener", 1);
	if (!c)
		c = conn_make(o);
	conn_succeed(o, c);
	if (!c->nonblocking && o->call->duration != NC_NIL &&
	    o->call->duration >= RETRANSMIT_NS)
		tell_backlog(o, c);
	if (!to || covered || c->state != CONN_PENDING)
		return NC_ACCEPT;
	if (missing) {
		struct dev d;

		if (dev_open(&d, o, DEV_NO_LISTENER_SEEN, "connect_ok")) {
			dev_conn(&d, c, SIDE_CLIENT);
			dev_weak(&d);
			dev_confidence(&d, 30);
			dev_close(&d);
		}
		p->unseen = true;
	}
	c->match = MATCH_EXTERNAL;
	conn_external(o->m, c, true);
	return NC_ACCEPT;
}

static struct conn *
connect_floating(struct offer *o, struct conn *c)
{
	struct listener *l;
	struct port *p;

	if (!c)
		c = conn_make(o);
	p = c->port;
	if (!p || !p->host)
		return c;
	l = port_listener(p, &c->target, false);
	if (l)
		c->listener = l;
	return c;
}

/* The blocking connect without an exit: what became of it is not known. */
static void
connect_blocked(struct offer *o, struct conn *c)
{
	struct listener *l = c->port && c->port->host ?
	    port_listener(c->port, &c->target, false) :
	    NULL;
	int64_t waited = o->call->duration;
	struct dev d;

	if (waited == NC_NIL || waited < BLOCKED_NS || c->nonblocking)
		return;
	c->opened = "timeout";
	c->error = NC_ETIMEDOUT;
	if (!dev_open(&d, o, DEV_CONN_TIMEOUT, "connect_timeout"))
		return;
	dev_conn(&d, c, SIDE_CLIENT);
	dev_int(&d, "waited", waited);
	dev_int(&d, "blocked", 1);
	if (l)
		dev_addr(&d, "listener", &l->local);
	dev_close(&d);
}

enum nc_answer
offer_connect(struct offer *o)
{
	struct sock *s = o->sock;
	struct conn *c = s->ep ? s->ep->conn : NULL;
	int error = o->step->error;
	bool again = s->ep &&
	    (c->state == CONN_FLOATING ||
		(c->success && s->ep->side == SIDE_CLIENT));

	if (o->early) {
		if (!again)
			connect_floating(o, NULL);
		return NC_ACCEPT;
	}
	if (error && fail_common(o) && error != NC_EINTR)
		return NC_ACCEPT;
	if (!o->step->peer.family && !again)
		return NC_ACCEPT; /* undecoded or AF_UNSPEC */
	if (o->call->result == NC_NIL && !error) {
		connect_blocked(o, connect_floating(o, again ? c : NULL));
		return NC_ACCEPT;
	}
	if (error == 0)
		return connect_ok(o, again ? c : NULL);
	if (error < 0 || error == NC_EINTR || error == NC_EINPROGRESS ||
	    (o->call->marks != NC_NIL &&
		(o->call->marks & NC_MARK_INTERRUPTED))) {
		c = connect_floating(o, again ? c : NULL);
		c->given_up = error != NC_EINPROGRESS;
		return NC_ACCEPT;
	}
	if (error == NC_EALREADY)
		return NC_ACCEPT;
	if (error == NC_EISCONN) {
		if (c && c->state == CONN_FLOATING)
			return connect_ok(o, c);
		if (!c || !c->nonblocking)
			dev_simple(o, DEV_EISCONN, "connect_isconn");
		return NC_ACCEPT;
	}
	if (error == NC_ECONNREFUSED && o->mode == NC_TRY &&
	    conn_refusal_waits(o, again ? c : NULL)) {
		struct port *p = port_get(o->m,
		    host_owning(
			o->m, o->host, again ? &c->target : &o->step->peer),
		    false, again ? c->target.port : o->step->peer.port, true);

		return defer(o, key_of(KEY_RELEASE, p->id, 0),
		    "release of the listener", 0);
	}
	if (again && c->success && error != NC_ECONNREFUSED) {
		dev_simple(o, DEV_EINVAL, "connect_isconn");
		return NC_ACCEPT;
	}
	if (!again)
		c = conn_make(o);
	conn_fail(o, c, error);
	return NC_ACCEPT;
}
