/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The connect call and its outcomes.
 */
#include "conn.h"

#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/inherited.h"
#include "../socket/misuse.h"
#include "../socket/port.h"
#include "../socket/share.h"
#include "../socket/socket.h"
#include "../wait.h"
#include "rematch.h"
#include "transfer.h"

/* connect */

struct nc_addr
conn_target(const struct nc_addr *peer)
{
	struct nc_addr a = *peer;

	if (!nc_addr_is_wildcard(&a))
		return a;
	if (nc_addr_is_v4(&a))
		a.ip[12] = 127;
	a.ip[15] = 1;
	return a;
}

/* The program listens there itself, or did until it began to end. */
static bool
is_own_service(const struct offer *o, const struct conn *c)
{
	const struct listener *l = c->listener;

	if (!l && c->port)
		l = c->port->listeners;
	return l && share_own(o, l);
}

static void
tell_wildcard(struct offer *o, const struct conn *c)
{
	struct dev d;

	if (!dev_open(&d, o, DEV_WILDCARD_DEST, "connect_wildcard"))
		return;
	/* Servers wake their own processes so, when they are to end. */
	if (is_own_service(o, c))
		d.rec.severity = nc_str("info");
	dev_conn(&d, c, SIDE_CLIENT);
	dev_peer(&d, o->host, &o->step->peer);
	dev_close(&d);
}

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
	c->target = conn_target(&o->step->peer);
	s->looked_at = s->writable_seen = false;
	/* Its own local address is the host's, whoever else may ask for it. */
	if (o->step->local.family)
		host_told(m, o->host, &o->step->local, false);
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

		listener_take(c, l);
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
	rematch_address(m, c);
	if (nc_addr_is_wildcard(&o->step->peer))
		tell_wildcard(o, c);
	return c;
}

void
conn_succeed(struct offer *o, struct conn *c)
{
	struct listener *l;

	c->told = true;
	if (c->success)
		return;
	c->success = true;
	c->opened = "connected";
	ref_set(&c->outcome, o);
	if (conn_is_self(c)) {
		conn_self(o, c);
		return;
	}
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
			listener_take(c, l);
			c->listener_then = l->local;
		}
		c->port->last_client = o->host;
		c->port->last_reached = c->listener ? c->listener->opened_seq :
						      0;
	}
	if (c->state != CONN_FLOATING)
		return;
	if (!c->port) {
		conn_external(o->m, c, false);
		return;
	}
	c->state = CONN_PENDING;
}

/* A listen that has taken effect, it may be, but not returned. */
static bool
begins_to_listen(const struct nc_host_state *h)
{
	const struct inside *in;
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&h->inside, &at))) {
		in = slot->value;
		if (in->id == NC_CALL_LISTEN && !in->early)
			return true;
	}
	return false;
}

bool
conn_listener_due(const struct offer *o, const struct port *p)
{
	if (p->unseen || host_done(p->host))
		return false;
	/* In the one lane what is to come before has come, or has begun. */
	return p->host != o->host || p->host->nlanes != 1 ||
	    begins_to_listen(p->host);
}

void
conn_unheard(struct offer *o, struct conn *c, const char *rule)
{
	struct dev d;

	if (c->state != CONN_PENDING)
		return;
	if (!c->maybe && !c->port->unseen &&
	    dev_open(&d, o, DEV_NO_LISTENER_SEEN, rule)) {
		dev_conn(&d, c, SIDE_CLIENT);
		dev_weak(&d);
		dev_confidence(&d, 30);
		dev_close(&d);
	}
	/* Something on the way may pass it on to where one listens. */
	if (!c->maybe && conn_may_be_redirected(c)) {
		c->maybe = c->unseen = true;
		conn_redirects(o->m, c, true);
		conn_unindex(o->m, c);
		conn_index(o->m, c);
		if (c->connect.host->awaited)
			fire(o->m, key_of(KEY_SYN, c->connect.host->awaited, 0),
			    0);
		return;
	}
	c->port->unseen = true;
	c->match = MATCH_EXTERNAL;
	conn_external(o->m, c, true);
}

/* A refused connect is better told after the listener's release, if any. */
bool
conn_refusal_waits(struct offer *o, struct conn *c)
{
	struct nc_addr target = c ? c->target : conn_target(&o->step->peer);
	struct nc_host_state *to = host_owning(o->m, o->host, &target);
	struct port *p = to ? port_get(o->m, to, false, target.port, false) :
			      NULL;
	const struct listener *l = p ? port_listener(p, &target, false) : NULL;

	/* One that was opened after the connect did not refuse it. */
	return l && !(c && l->opened_seq > c->seq) && !host_done(to);
}

/* A target that is the connect's own local address is on its own host. */
static struct nc_host_state *
target_host(struct offer *o, const struct nc_addr *target)
{
	if (o->step->local.family && nc_addr_same_ip(&o->step->local, target))
		return o->host;
	return host_owning(o->m, o->host, target);
}

/* The socket is bound to the very address that it connects to. */
static bool
is_own_address(const struct offer *o, const struct nc_addr *target,
    const struct nc_host_state *to)
{
	const struct nc_addr *own = o->step->local.family ? &o->step->local :
							    &o->sock->local;

	return own->port && own->port == target->port &&
	    (nc_addr_same_ip(own, target) ||
		(nc_addr_is_wildcard(own) && to == o->host));
}

static enum nc_answer
connect_ok(struct offer *o, struct conn *c)
{
	struct nc_addr target = c ? c->target : conn_target(&o->step->peer);
	struct nc_host_state *to = target_host(o, &target);
	struct port *p = to ? port_get(o->m, to, false, target.port, true) :
			      NULL;
	bool covered, missing;

	port_took(p, &target);
	covered = (p && port_listener(p, &target, false)) ||
	    is_own_address(o, &target, to);
	missing = p && !covered && !(c && c->state != CONN_FLOATING);
	if (missing && inherited_asked(o, p)) {
		covered = true;
		missing = false;
	}
	if (missing && o->mode == NC_TRY && conn_listener_due(o, p))
		return defer(o, key_of(KEY_LISTEN, p->id, 0), "listener", 1);
	if (!c)
		c = conn_make(o);
	conn_succeed(o, c);
	if (!c->nonblocking && wait_took(o) != NC_NIL &&
	    wait_took(o) >= RETRANSMIT_NS)
		conn_tell_backlog(o, c);
	if (to && !covered)
		conn_unheard(o, c, "connect_ok");
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
		listener_take(c, l);
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

/* A second attempt of the process while the first is under way. */
static void
note_overlap(struct offer *o, struct conn *c)
{
	struct conn *other;
	struct dev d;

	c->floating_key = key_of(9,
	    (uint64_t)o->call->process ^ ((uint64_t)o->host->index << 40),
	    nc_addr_hash_ip(&c->target) ^ ((uint64_t)c->target.port << 20));
	other = nc_map_put(&o->m->floating, c->floating_key, c);
	if (!other || other == c || other->state != CONN_FLOATING ||
	    other->error ||
	    !dev_open(&d, o, DEV_OVERLAPPING_CONNECTS, "connect_inprogress"))
		return;
	dev_conn(&d, c, SIDE_CLIENT);
	dev_cause(&d, &other->connect);
	dev_close(&d);
}

/* EINPROGRESS, or a signal has ended the wait: it goes on without us. */
static enum nc_answer
connect_inprogress(struct offer *o, struct conn *c)
{
	struct sock *s = o->sock;
	bool now = o->step->error == NC_EINPROGRESS, first = !c;
	struct dev d;

	c = connect_floating(o, c);
	c->given_up = !now;
	if (first)
		note_overlap(o, c);
	if (!now || s->nonblock)
		return NC_ACCEPT;
	if (s->sndtimeo) {
		c->given_up = true;
		if (!dev_open(&d, o, DEV_RECV_TIMEOUT, "connect_inprogress"))
			return NC_ACCEPT;
		dev_conn(&d, c, SIDE_CLIENT);
		dev_int(&d, "timeout", s->sndtimeo);
		sock_because(&d, s, TOLD_SNDTIMEO);
		dev_close(&d);
		return NC_ACCEPT;
	}
	would_block(o, "connect_inprogress");
	c->nonblocking = true;
	return NC_ACCEPT;
}

/* AF_UNSPEC dissolves what the socket is part of (connect_unspec). */
static void
disconnect(struct offer *o)
{
	struct sock *s = o->sock;

	if (s->ep)
		conn_disconnect(o, s->ep);
	if (s->listener)
		listener_release(o, s);
	s->listening = s->shut = false;
	memset(&s->peer, 0, sizeof(s->peer));
	/* The next call on it gets what became of the connection. */
	if (!s->own_port) {
		memset(&s->local, 0, sizeof(s->local));
		s->bound = false;
	}
}

void
tell_connected(struct offer *o, const char *rule)
{
	struct dev d;

	if (!dev_open(&d, o, DEV_EISCONN, rule))
		return;
	if (o->sock->ep)
		dev_conn(&d, o->sock->ep->conn, o->sock->ep->side);
	sock_because_state(&d, o->sock);
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
	s->knows_unconnected = false;
	if (error && fail_common(o) && error != NC_EINTR)
		return NC_ACCEPT;
	if (error == 0 && nc_str_eq(o->call->peer, "unspec")) {
		disconnect(o);
		return NC_ACCEPT;
	}
	if (!o->step->peer.family && !again)
		return NC_ACCEPT; /* undecoded */
	if (o->call->result == NC_NIL && !error) {
		connect_blocked(o, connect_floating(o, again ? c : NULL));
		return NC_ACCEPT;
	}
	if (error == 0 && s->lazy && !again) {
		connect_floating(o, NULL)->nonblocking = s->nonblock;
		return NC_ACCEPT;
	}
	if (error == 0)
		return connect_ok(o, again ? c : NULL);
	if (error < 0 || error == NC_EINTR || error == NC_EINPROGRESS ||
	    (o->call->marks != NC_NIL &&
		(o->call->marks & NC_MARK_INTERRUPTED)))
		return connect_inprogress(o, again ? c : NULL);
	if (error == NC_EALREADY) {
		if (c && !s->looked_at && !c->given_up)
			misuse_connect(o, "again", "connect_already");
		return NC_ACCEPT;
	}
	if (error == NC_EISCONN) {
		if (c && c->state == CONN_FLOATING)
			return connect_ok(o, c);
		if (!c || !c->nonblocking)
			tell_connected(o, "connect_isconn");
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
