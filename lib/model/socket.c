/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Sockets: making, names, options.
 */
#include "socket.h"

#include <stdlib.h>
#include <string.h>

#include "close.h"
#include "conn.h"
#include "deviate.h"
#include "dgram.h"
#include "match.h"
#include "offer.h"
#include "port.h"
#include "transfer.h"

struct sock *
sock_get(struct nc_host_state *h, int64_t number)
{
	return number == NC_NIL ? NULL :
				  nc_map_get(&h->socks, (uint64_t)number);
}

static enum sock_type
type_of(const struct nc_call *c)
{
	bool inet = nc_str_eq(c->domain, "AF_INET") ||
	    nc_str_eq(c->domain, "AF_INET6");

	if (c->domain.p && !inet)
		return SOCK_OTHER;
	if (nc_str_eq(c->type, "SOCK_STREAM"))
		return nc_str_eq(c->protocol, "IPPROTO_SCTP") ? SOCK_OTHER :
								SOCK_TCP;
	if (nc_str_eq(c->type, "SOCK_DGRAM") &&
	    (!c->protocol.p || nc_str_eq(c->protocol, "IPPROTO_IP") ||
		nc_str_eq(c->protocol, "IPPROTO_UDP") ||
		nc_str_eq(c->protocol, "IPPROTO_UDPLITE")))
		return SOCK_UDP;
	return SOCK_OTHER;
}

struct sock *
sock_new(struct nc_model *m, struct nc_host_state *h, int64_t number,
    const struct nc_call *call)
{
	struct sock *s = nc_xcalloc(1, sizeof(*s)), *old;

	s->host = h;
	s->number = number;
	s->trace = call->trace;
	s->process = call->process;
	s->linger = -1;
	s->made_seq = m->seq;
	old = nc_map_put(&h->socks, (uint64_t)number, s);
	if (old)
		sock_free(m, old);
	return s;
}

void
sock_free(struct nc_model *m, struct sock *s)
{
	struct inside *in;

	(void)m;
	for (in = s->inside; in; in = in->next)
		in->socket = NC_NIL;
	if (s->ep)
		s->ep->sock = NULL;
	if (s->listener)
		s->listener->sock = NULL;
	if (s->udp) {
		s->udp->sock = NULL;
		s->udp->epoll = NULL;
	}
	flow_sender_gone(m, s);
	free(s->blocked);
	free(s);
}

void
sock_learn_local(struct nc_model *m, struct sock *s, const struct nc_addr *a)
{
	bool news = s->local.port != a->port || !nc_addr_same_ip(&s->local, a);

	if (a->family == 0 || !news)
		return;
	s->local_inferred = false;
	s->local = *a;
	s->bound = a->port != 0;
	if (s->type == SOCK_UDP && a->port)
		dgram_bound(m, s);
	if (s->listening && !s->listener && a->port)
		listener_open(m, s);
	if (s->ep && s->ep->side == SIDE_CLIENT && !nc_addr_is_wildcard(a) &&
	    s->ep->conn->client_local.port == 0) {
		s->ep->conn->client_local = *a;
		match_learn(s->ep->conn);
		conn_index(m, s->ep->conn);
	}
}

bool
fail_common(struct offer *o)
{
	const char *name = o->call->error.p ? nc_errno_name(o->step->error) :
					      NULL;
	struct dev d;
	enum dev_code code;

	switch (o->step->error) {
	case NC_EBADF:
	case NC_EFAULT:
	case NC_ENOTSOCK:
		code = DEV_EINVAL;
		break;
	case NC_EMFILE:
	case NC_ENFILE:
	case NC_ENOBUFS:
	case NC_ENOMEM:
		code = DEV_FD_EXHAUSTED;
		break;
	case NC_EINTR:
		code = DEV_EINTR;
		break;
	default:
		return false;
	}
	if (dev_open(&d, o, code,
		code == DEV_EINVAL    ? "any_misuse" :
		    code == DEV_EINTR ? "any_eintr" :
					"any_exhausted")) {
		dev_str(&d, "error", name);
		dev_close(&d);
	}
	return true;
}

enum nc_answer
offer_socket(struct offer *o)
{
	const struct nc_call *c = o->call;
	struct sock *s;

	if (o->step->error) {
		if (fail_common(o))
			return NC_ACCEPT;
		if (o->step->error == NC_EACCES || o->step->error == NC_EPERM)
			dev_simple(o, DEV_EACCES, "socket_fail");
		else if (o->step->error == NC_EPROTOTYPE)
			dev_simple(o, DEV_EPROTOTYPE, "socket_fail");
		else
			dev_simple(o, DEV_EAFNOSUPPORT, "socket_fail");
		return NC_ACCEPT;
	}
	if (c->socket == NC_NIL)
		return NC_ACCEPT;
	s = sock_new(o->m, o->host, c->socket, c);
	s->type = type_of(c);
	s->v6 = nc_str_eq(c->domain, "AF_INET6");
	s->nonblock = c->flags != NC_NIL && (c->flags & NC_SOCK_NONBLOCK);
	return NC_ACCEPT;
}

enum nc_answer
offer_attach(struct offer *o)
{
	const struct nc_call *c = o->call;
	struct sock *s;

	if (c->socket == NC_NIL)
		return NC_ACCEPT;
	s = sock_new(o->m, o->host, c->socket, c);
	s->late = true;
	s->type = type_of(c);
	s->v6 = nc_str_eq(c->domain, "AF_INET6");
	s->local = o->step->local;
	s->bound = s->local.port != 0;
	if (s->type == SOCK_UDP) {
		s->peer = o->step->peer;
		if (s->bound)
			dgram_bound(o->m, s);
	} else if (s->type == SOCK_TCP &&
	    (nc_str_eq(c->cause, "listening") ||
		(!o->step->peer.family && s->bound &&
		    nc_addr_is_wildcard(&s->local)))) {
		/* One that is bound to a wildcard for long listens. */
		s->listening = true;
		if (s->bound)
			listener_open(o->m, s);
	} else if (s->type == SOCK_TCP && nc_str_eq(c->cause, "connected")) {
		s->peer = o->step->peer;
		match_attach(o->m, s);
	}
	return NC_ACCEPT;
}

enum nc_answer
offer_names(struct offer *o)
{
	struct sock *s = o->sock;

	if (!s || s->type == SOCK_OTHER || o->early)
		return NC_ACCEPT;
	if (o->step->id == NC_CALL_GETSOCKNAME || o->step->error == 0) {
		if (o->step->id == NC_CALL_GETPEERNAME && s->ep &&
		    s->ep->conn->state == CONN_FLOATING)
			conn_succeed(o, s->ep->conn);
		return NC_ACCEPT;
	}
	/* A probe of getpeername tells whether a connect is through. */
	return NC_ACCEPT;
}

/* SO_ERROR reads and clears the pending error; it decides a connect. */
static enum nc_answer
so_error(struct offer *o)
{
	struct sock *s = o->sock;
	struct conn *c = s->ep ? s->ep->conn : NULL;
	int64_t e = o->call->value;

	if (e == NC_NIL) {
		/* Asked, and the trace does not show the answer. */
		if (c)
			c->outcome_hidden = true;
		return NC_ACCEPT;
	}
	if (s->type == SOCK_UDP) {
		if (e == NC_ECONNREFUSED)
			dgram_refused(o);
		return NC_ACCEPT;
	}
	if (!c)
		return NC_ACCEPT;
	if (e == 0) {
		/* Also 0 while the outcome is open: OUT must have come. */
		if (c->state == CONN_FLOATING && s->writable_seen)
			conn_succeed(o, c);
		return NC_ACCEPT;
	}
	if (c->state == CONN_FLOATING) {
		if (e == NC_ECONNREFUSED && o->mode == NC_TRY &&
		    conn_refusal_waits(o, c))
			return defer(o, key_of(KEY_RELEASE, c->port->id, 0),
			    "release of the listener", 0);
		conn_fail(o, c, (int)e);
		return NC_ACCEPT;
	}
	if (s->ep->rst && (e == NC_ECONNRESET || e == NC_EPIPE)) {
		s->ep->rst = false;
		s->ep->rst_seen = true;
		held_decide(o->m, c, "reset");
	} else if (e == NC_ETIMEDOUT || e == NC_EHOSTUNREACH ||
	    e == NC_ENETUNREACH) {
		s->ep->died = true;
		dev_simple(o, DEV_CONN_DIED, "recv_died");
	}
	return NC_ACCEPT;
}

static void
set_option(struct sock *s, const struct nc_call *c)
{
	struct nc_bytes name = c->option;
	int64_t v = c->value;

	if (nc_str_eq(name, "IP_ADD_MEMBERSHIP") ||
	    nc_str_eq(name, "MCAST_JOIN_GROUP") ||
	    nc_str_eq(name, "IPV6_JOIN_GROUP") ||
	    nc_str_eq(name, "IPV6_ADD_MEMBERSHIP"))
		s->joined = true;
	if (v == NC_NIL)
		return;
	if (nc_str_eq(name, "IPV6_V6ONLY"))
		s->v6only = v != 0;
	else if (nc_str_eq(name, "SO_BROADCAST"))
		s->broadcast = v != 0;
	else if (nc_str_eq(name, "SO_OOBINLINE"))
		s->oobinline = v != 0;
	else if (nc_str_eq(name, "SO_RCVBUF"))
		s->rcvbuf = v;
	else if (nc_str_eq(name, "SO_LINGER"))
		s->linger = v;
	else if (name.len >= 11 && memcmp(name.p, "SO_RCVTIMEO", 11) == 0)
		s->rcvtimeo = v;
	else if (name.len >= 11 && memcmp(name.p, "SO_SNDTIMEO", 11) == 0)
		s->sndtimeo = v;
}

enum nc_answer
offer_option(struct offer *o)
{
	struct sock *s = o->sock;
	bool set = o->step->id == NC_CALL_SETSOCKOPT;
	struct dev d;

	if (!s || s->type == SOCK_OTHER || o->early)
		return NC_ACCEPT;
	if (o->step->error) {
		if (fail_common(o))
			return NC_ACCEPT;
		if (dev_open(&d, o, DEV_ENOPROTOOPT, "option_fail")) {
			dev_str(&d, "error", nc_errno_name(o->step->error));
			dev_close(&d);
		}
		return NC_ACCEPT;
	}
	if (set)
		set_option(s, o->call);
	else if (nc_str_eq(o->call->option, "SO_ERROR"))
		return so_error(o);
	return NC_ACCEPT;
}

enum nc_answer
offer_fcntl(struct offer *o)
{
	struct sock *s = o->sock;

	if (!s || o->step->error || o->early)
		return NC_ACCEPT;
	if ((nc_str_eq(o->call->option, "F_SETFL") ||
		nc_str_eq(o->call->option, "FIONBIO")) &&
	    o->call->value != NC_NIL) {
		s->nonblock = o->call->value != 0;
	}
	return NC_ACCEPT;
}
