/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Sockets: making, names, options.
 */
#include "socket.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../dgram/cast.h"
#include "../dgram/dgram.h"
#include "../offer.h"
#include "../stream/conn.h"
#include "../stream/match.h"
#include "../stream/rematch.h"
#include "../stream/transfer.h"
#include "misuse.h"
#include "option.h"
#include "port.h"
#include "ready.h"
#include "unmade.h"

bool
sock_is_inet(const struct nc_call *c)
{
	return nc_str_eq(c->domain, "AF_INET") ||
	    nc_str_eq(c->domain, "AF_INET6");
}

static enum sock_type
type_of(const struct nc_call *c)
{
	if (c->domain.p && !sock_is_inet(c))
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
	struct sock *s = nc_pool_get(&m->socks), *old;

	s->host = h;
	s->number = number;
	s->trace = call->trace;
	s->process = call->process;
	s->linger = -1;
	s->empty = s->watched = NC_NIL;
	s->made_seq = m->seq;
	old = nc_map_put(&h->socks, (uint64_t)number, s);
	if (old)
		sock_free(m, old);
	return s;
}

void
sock_tell(struct offer *o, struct sock *s, enum sock_told what)
{
	if (!o->m->sink)
		return;
	if (!s->told[what])
		s->told[what] = nc_xmalloc(sizeof(*s->told[what]));
	ref_set(s->told[what], o);
}

void
sock_tell_of(struct nc_model *m, struct sock *s, const struct sock *listener)
{
	static const enum sock_told inherited[] = { TOLD_LINGER, TOLD_RCVTIMEO,
		TOLD_SNDTIMEO };
	size_t i;

	for (i = 0; m->sink && i < sizeof(inherited) / sizeof(*inherited); i++)
		if (listener->told[inherited[i]]) {
			s->told[inherited[i]] = nc_xmalloc(sizeof(struct ref));
			*s->told[inherited[i]] = *listener->told[inherited[i]];
		}
}

void
sock_because(struct dev *d, const struct sock *s, enum sock_told what)
{
	if (s->told[what])
		dev_cause(d, s->told[what]);
}

void
sock_because_state(struct dev *d, const struct sock *s)
{
	const struct conn *c = s->ep ? s->ep->conn : NULL;

	if (c) {
		dev_cause(
		    d, s->ep->side == SIDE_CLIENT ? &c->connect : &c->accept);
		if (c->outcome.host && c->outcome.line != c->connect.line &&
		    s->ep->side == SIDE_CLIENT)
			dev_cause(d, &c->outcome);
	} else if (s->listener) {
		dev_cause(d, &s->listener->listen);
	} else {
		sock_because(d, s, TOLD_MADE);
	}
}

void
sock_free(struct nc_model *m, struct sock *s)
{
	struct inside *in;
	size_t i;

	for (i = 0; i < SOCK_TOLD; i++)
		free(s->told[i]);
	for (in = s->inside; in; in = in->next) {
		in->socket = NC_NIL;
		in->sock = NULL;
	}
	if (s->ep)
		s->ep->sock = NULL;
	if (s->listener)
		s->listener->sock = NULL;
	if (s->udp) {
		s->udp->sock = NULL;
		s->udp->epoll = NULL;
	}
	epoll_watch(m, s, NULL);
	flow_sender_gone(m, s);
	cast_sock_free(s->cast);
	option_finish(m, s);
	inherited_finish(m, s, false);
	free(s->timeouts);
	free(s->wait.up);
	free(s->blocked);
	free(s->denied);
	nc_pool_put(&m->socks, s);
}

void
sock_learn_local(struct nc_model *m, struct sock *s, const struct nc_addr *a)
{
	bool news = s->local.port != a->port || !nc_addr_same_ip(&s->local, a);

	if (a->family == 0)
		return;
	if (a->port) {
		s->local_inferred = false;
		if (s->udp && !news)
			s->udp->inferred = false;
	}
	if (!news)
		return;
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
		rematch_address(m, s->ep->conn);
	}
}

/* What it was bound to, or what the same connection had before. */
static bool
was_known(const struct sock *s)
{
	const struct conn *c = s->ep ? s->ep->conn : NULL;

	if (s->own_address)
		return true;
	return c && s->ep->side == SIDE_CLIENT && c->local_told &&
	    !nc_addr_is_wildcard(&c->client_local);
}

void
sock_shows_local(struct offer *o)
{
	const struct nc_addr *a = &o->step->local;
	struct sock *s = o->sock;
	struct conn *c;
	bool changed = was_known(s) && s->local.family &&
	    !nc_addr_is_wildcard(&s->local) && !nc_addr_is_wildcard(a) &&
	    !nc_addr_same_ip(a, &s->local);
	struct dev d;

	if (changed &&
	    dev_open(&d, o, DEV_BOUND_ADDR_DIFFERENT, "getsockname_ok")) {
		if (s->ep)
			dev_conn(&d, s->ep->conn, s->ep->side);
		dev_addr(&d, "bound", &s->local);
		dev_addr(&d, "reported", a);
		dev_int(&d, "by_bind", s->own_address);
		/* Which socket a number stood for is a guess there. */
		if (o->host->apart)
			dev_weak(&d);
		dev_close(&d);
	}
	/* Its peer sees the new one. */
	if (changed && s->ep && s->ep->side == SIDE_CLIENT &&
	    !s->ep->conn->ep[1]) {
		conn_unindex(o->m, s->ep->conn);
		s->ep->conn->client_local.port = 0;
	}
	sock_learn_local(o->m, s, a);
	if (!s->ep || nc_addr_is_wildcard(a) || !a->port)
		return;
	c = s->ep->conn;
	c->local_told = true;
	if (c->success && s->ep->side == SIDE_CLIENT && conn_is_self(c))
		conn_self(o, c);
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
		unmade_keep(o);
		return NC_ACCEPT;
	}
	if (c->socket == NC_NIL)
		return NC_ACCEPT;
	s = sock_new(o->m, o->host, c->socket, c);
	s->type = type_of(c);
	s->v6 = nc_str_eq(c->domain, "AF_INET6");
	/* The BSDs' default (sysctl v6only); traffic may disprove it. */
	s->v6only = s->v6only_default = s->v6 && o->host->bsd;
	s->nonblock = c->flags != NC_NIL && (c->flags & NC_SOCK_NONBLOCK);
	sock_tell(o, s, TOLD_MADE);
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
	s->alone = c->marks != NC_NIL && (c->marks & NC_MARK_ALONE);
	s->type = type_of(c);
	o->host->begun_late |= c->marks != NC_NIL &&
	    (c->marks & NC_MARK_LATE) != 0;
	s->v6 = nc_str_eq(c->domain, "AF_INET6");
	s->local = o->step->local;
	s->bound = s->local.port != 0;
	/* A number that was several sockets, in files without a clock. */
	if (o->host->apart && s->type == SOCK_OTHER &&
	    nc_str_eq(c->cause, "unknown"))
		o->host->unsure = o->host->uncertain = true;
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
		if (o->step->id == NC_CALL_GETPEERNAME && s->ep) {
			if (s->ep->conn->state == CONN_FLOATING)
				conn_succeed(o, s->ep->conn);
			s->ep->conn->told = true;
		}
		return NC_ACCEPT;
	}
	/* A probe of getpeername tells whether a connect is through. */
	s->knows_unconnected = o->step->error == NC_ENOTCONN && !s->ep;
	return NC_ACCEPT;
}
