/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Binding: local addresses, and ports that are taken.
 */
#include "bind.h"

#include <stdlib.h>

#include "../deviate.h"
#include "../dgram/dgram.h"
#include "../host/denied.h"
#include "../offer.h"
#include "port.h"
#include "share.h"
#include "socket.h"

#define RETRY_NS 100000000 /* a program that tries the next port is as fast */
#define RETRY_LINES 16     /* or makes so few calls between, without times */
#define TAKEN_MAX 1024     /* kept for each host */
#define RESERVED_MIN 512   /* ports that bindresvport(3) tries */
#define RESERVED_MAX 1023

static void
unexpected(struct offer *o)
{
	struct dev d;

	if (o->step->error == NC_EAGAIN || o->step->error < 0)
		return;
	if (!dev_open(&d, o, DEV_UNEXPECTED_FAILURE, "any_unlisted"))
		return;
	dev_str(&d, "error", nc_errno_name(o->step->error));
	dev_close(&d);
}

bool
bind_overlaps(const struct sock *a, const struct nc_addr *addr, bool v6only)
{
	bool wa = nc_addr_is_wildcard(&a->local);
	bool wb = nc_addr_is_wildcard(addr);

	if (wa && a->v6only && nc_addr_is_v4(addr))
		return false;
	if (wb && v6only && nc_addr_is_v4(&a->local))
		return false;
	return wa || wb || nc_addr_same_ip(&a->local, addr);
}

/* The socket that holds an address which another asks for. */
static struct sock *
holder(struct offer *o, const struct nc_addr *a)
{
	struct port *p =
	    port_get(o->m, o->host, o->sock->type == SOCK_UDP, a->port, false);
	struct listener *l;
	struct udp *u;

	if (!p)
		return NULL;
	for (l = p->listeners; l && l->open; l = l->next)
		if (l->sock && l->sock != o->sock &&
		    bind_overlaps(l->sock, a, o->sock->v6only))
			return l->sock;
	for (u = p->receivers; u; u = u->next)
		if (!u->released && u->sock && u->sock != o->sock &&
		    bind_overlaps(u->sock, a, o->sock->v6only))
			return u->sock;
	return NULL;
}

static bool
is_reserved(uint16_t port)
{
	return port >= RESERVED_MIN && port <= RESERVED_MAX;
}

/*
 * next: the bind that worked then, or NULL.  A socket whose port matters to
 * nobody is bound to the first one that is free: of datagrams, or a client's
 * that shows by its port that it is root's (bindresvport(3)).
 */
static void
tell(struct nc_model *m, const struct taken_port *t, const struct offer *next)
{
	struct dev d;

	if (!dev_open_ref(&d, m, &t->call, DEV_EADDRINUSE, t->rule))
		return;
	d.rec.local = nc_str(nc_addr_print_port(&t->call.peer, d.local));
	d.rec.peer = (struct nc_bytes){ NULL, 0 };
	d.rec.peer_host = d.rec.peer;
	dev_str(&d, "holder", t->holder.host ? "traced" : "unseen");
	dev_int(&d, "retried", next != NULL);
	if (next) {
		d.rec.severity = nc_str("info");
		if (next->sock->type == SOCK_UDP ||
		    (t->call.trace == next->call->trace &&
			t->call.socket == next->call->socket &&
			is_reserved(t->call.peer.port) &&
			is_reserved(next->step->local.port)))
			dev_int(&d, "searched", 1);
	}
	/* Its own socket of the other family takes what comes there. */
	if (t->served) {
		dev_int(&d, "served", 1);
		d.rec.severity = nc_str("info");
	}
	dev_cause(&d, &t->holder);
	dev_close(&d);
}

void
bind_in_use(struct offer *o, const struct nc_addr *a, const char *rule)
{
	struct sock *h = a->port ? holder(o, a) : NULL;
	struct taken_port *t;

	if (!o->m->sink)
		return;
	t = nc_xcalloc(1, sizeof(*t));
	ref_set(&t->call, o);
	t->call.peer = *a;
	t->rule = rule;
	if (h && h->listener)
		t->holder = h->listener->listen;
	else if (h && h->udp)
		t->holder = h->udp->bind;
	t->served = t->holder.host && t->holder.process == o->call->process &&
	    nc_addr_is_v4(&h->local) != nc_addr_is_v4(a) &&
	    nc_addr_is_wildcard(&h->local) && nc_addr_is_wildcard(a);
	t->next = o->host->taken_ports;
	o->host->taken_ports = t;
	if (++o->host->ntaken > TAKEN_MAX)
		bind_finish(o->m, o->host);
}

/*
 * The bind of a that works is the next try after that one: of the same socket,
 * or so soon that it can be nothing else.
 */
static bool
is_next_try(
    const struct offer *o, const struct taken_port *t, const struct nc_addr *a)
{
	const struct nc_call *c = o->call;

	if (t->call.process != c->process || nc_addr_same(a, &t->call.peer))
		return false;
	if (t->call.trace == c->trace && t->call.socket == c->socket)
		return true;
	if (c->time != NC_NIL && t->call.time != NC_NIL)
		return c->time - t->call.time <= RETRY_NS;
	return t->call.trace == c->trace && t->call.thread == c->thread &&
	    c->entry - t->call.line <= RETRY_LINES &&
	    nc_addr_same_ip(a, &t->call.peer);
}

/* A bind that works: it may be the next try after a failed one. */
static void
found_another(struct offer *o, const struct nc_addr *a)
{
	struct taken_port **at = &o->host->taken_ports, *t;

	while ((t = *at)) {
		if (!is_next_try(o, t, a)) {
			at = &t->next;
			continue;
		}
		tell(o->m, t, o);
		*at = t->next;
		o->host->ntaken--;
		free(t);
	}
}

void
bind_finish(struct nc_model *m, struct nc_host_state *h)
{
	struct taken_port *t, *next, *order = NULL;

	for (t = h->taken_ports; t; t = next) {
		next = t->next;
		t->next = order;
		order = t;
	}
	for (t = order; t; t = next) {
		next = t->next;
		tell(m, t, NULL);
		free(t);
	}
	h->taken_ports = NULL;
	h->ntaken = 0;
}

/* An address that the hosts file or a trace gives to another host. */
static void
check_owner(struct offer *o, const struct nc_addr *a)
{
	struct nc_host_state *h = host_owning(o->m, o->host, a);
	struct dev d;

	if (!h || h == o->host || nc_addr_is_multicast(a) ||
	    nc_addr_is_broadcast(a) ||
	    !dev_open(&d, o, DEV_BOUND_ADDR_DIFFERENT, "bind_ok"))
		return;
	dev_peer(&d, h, NULL);
	dev_addr(&d, "bound", a);
	dev_int(&d, "not_owned", 1);
	dev_weak(&d);
	dev_close(&d);
}

enum nc_answer
offer_bind(struct offer *o)
{
	const struct nc_addr *a = &o->step->local;
	struct sock *s = o->sock;
	struct dev d;

	if (!s || s->type == SOCK_OTHER || !o->call->local.p)
		return NC_ACCEPT;
	switch (o->step->error) {
	case 0:
		break;
	case NC_EADDRINUSE:
		bind_in_use(o, a, "bind_inuse");
		return NC_ACCEPT;
	case NC_EADDRNOTAVAIL:
		if (dev_open(&d, o, DEV_EADDRNOTAVAIL, "bind_fail")) {
			d.rec.local = nc_str(nc_addr_print_port(a, d.local));
			dev_close(&d);
		}
		return NC_ACCEPT;
	case NC_EACCES:
	case NC_EPERM:
		denied_bind(o);
		return NC_ACCEPT;
	case NC_EINVAL:
		if (dev_open(&d, o, DEV_EINVAL, "bind_fail")) {
			dev_str(&d, "reason",
			    s->bound ? "already bound" : "bad address");
			dev_close(&d);
		}
		return NC_ACCEPT;
	default:
		if (!fail_common(o))
			unexpected(o);
		return NC_ACCEPT;
	}
	if (o->call->result == NC_NIL)
		return NC_ACCEPT;
	check_owner(o, a);
	s->local = *a;
	sock_tell(o, s, TOLD_BIND);
	s->bound = a->port != 0;
	s->own_port = a->port != 0;
	s->own_address = !nc_addr_is_wildcard(a);
	found_another(o, a);
	if (s->bound) {
		struct port *p =
		    port_get(o->m, o->host, s->type == SOCK_UDP, a->port, true);

		p->unseen = false;
	}
	if (s->type == SOCK_UDP && s->bound) {
		dgram_bound(o->m, s);
		if (s->udp) {
			ref_set(&s->udp->bind, o);
			s->udp->bound_seq = o->m->seq;
			share_bind(o, s->udp);
		}
	}
	return NC_ACCEPT;
}
