/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ports: who listens there, who asks to come in, who was refused.
 */
#include "port.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../host/program.h"
#include "../offer.h"
#include "../stream/close.h"
#include "../stream/conn.h"
#include "../stream/refusal.h"
#include "../stream/transfer.h"
#include "../wait.h"
#include "bind.h"
#include "share.h"
#include "socket.h"

/*
 * Listeners that are kept after their release: a refusal may turn out to have
 * come while one of them was open.
 */
#define GONE_MAX 1024
#define NEEDED_MAX 2048 /* of a port, by its refusals */

struct port *
port_get(struct nc_model *m, struct nc_host_state *h, bool udp, uint16_t number,
    bool make)
{
	uint64_t key = key_of(udp ? 7 : 6, h ? h->index + 1 : 0, number);
	struct port *p = nc_map_get(&m->ports, key);

	if (p || !make)
		return p;
	p = nc_xcalloc(1, sizeof(*p));
	p->host = h;
	p->udp = udp;
	p->number = number;
	p->id = key;
	nc_map_put(&m->ports, key, p);
	return p;
}

bool
listener_covers(const struct listener *l, const struct nc_addr *target)
{
	if (!l->open)
		return false;
	if (nc_addr_is_wildcard(&l->local)) {
		if (nc_addr_is_v4(&l->local))
			return nc_addr_is_v4(target);
		return !(l->v6only && nc_addr_is_v4(target));
	}
	return nc_addr_same_ip(&l->local, target);
}

struct listener *
port_listener(
    const struct port *p, const struct nc_addr *target, bool v6_source)
{
	struct listener *l, *wild = NULL;

	(void)v6_source;
	if (!p)
		return NULL;
	for (l = p->listeners; l && l->open; l = l->next) {
		if (!listener_covers(l, target))
			continue;
		if (!nc_addr_is_wildcard(&l->local))
			return l;
		if (!wild)
			wild = l;
	}
	return wild;
}

void
port_took(struct port *p, const struct nc_addr *target)
{
	struct listener *l;

	if (!p || !nc_addr_is_v4(target) || port_listener(p, target, false))
		return;
	for (l = p->listeners; l && l->open; l = l->next)
		if (l->sock && l->sock->v6only_default) {
			l->sock->v6only_default = false;
			l->v6only = l->sock->v6only = false;
		}
}

bool
listener_misfit(
    const struct listener *l, const struct nc_addr *target, const char **why)
{
	struct listener open = *l;

	open.open = true;
	if (listener_covers(&open, target))
		return false;
	/* [::1] is not reached from outside in either family. */
	if (nc_addr_is_loopback(&l->local) && !nc_addr_is_loopback(target))
		*why = "loopback";
	else if (nc_addr_is_v4(&l->local) != nc_addr_is_v4(target))
		*why = "family";
	else
		*why = "address";
	return true;
}

struct listener *
port_misfit(
    const struct port *p, const struct nc_addr *target, const char **why)
{
	struct listener *l;

	for (l = p ? p->listeners : NULL; l && l->open; l = l->next)
		if (listener_misfit(l, target, why))
			return l;
	return NULL;
}

/* Its place in the port's list: open ones, then closed, newest first. */
static void
link_in(struct listener *l)
{
	struct listener *prev = NULL, **at = &l->port->listeners;

	while (*at && !l->open &&
	    ((*at)->open || (*at)->opened_seq > l->opened_seq)) {
		prev = *at;
		at = &prev->next;
	}
	l->prev = prev;
	l->next = *at;
	if (l->next)
		l->next->prev = l;
	*at = l;
}

static void
link_out(struct listener *l)
{
	*(l->prev ? &l->prev->next : &l->port->listeners) = l->next;
	if (l->next)
		l->next->prev = l->prev;
	l->next = l->prev = NULL;
}

struct listener *
listener_ref(struct listener *l)
{
	if (l)
		l->refs++;
	return l;
}

void
listener_unref(struct listener *l)
{
	if (!l || --l->refs > 0)
		return;
	free(l->heard);
	program_unref(l->program);
	free(l);
}

void
listener_take(struct conn *c, struct listener *l)
{
	listener_ref(l);
	listener_unref(c->listener);
	c->listener = l;
}

/* A refusal is explained by it. */
static bool
is_needed(struct nc_model *m, struct listener *l)
{
	if (!l->needed && l->port->nneeded < NEEDED_MAX &&
	    refusal_needs(m, l)) {
		l->needed = true;
		l->port->nneeded++;
	}
	return l->needed;
}

static void
listener_forget(struct nc_model *m, struct listener *l)
{
	if (is_needed(m, l))
		return;
	share_tell_listener(m, l);
	link_out(l);
	listener_unref(l);
}

/* Of each port the last one stays: it shows that somebody listened there. */
static void
listeners_trim(struct nc_model *m)
{
	struct listener *l, *older;
	struct gone *oldest;

	while ((oldest = gone_beyond(&m->gone_listeners, GONE_MAX))) {
		l = gone_of(oldest, struct listener);
		gone_take(&m->gone_listeners, &l->gone);
		if (l->prev && !l->prev->open) {
			listener_forget(m, l);
			continue;
		}
		older = l->next;
		while (older) {
			struct listener *next = older->next;

			if (!older->gone.queued)
				listener_forget(m, older);
			older = next;
		}
	}
}

void
listener_open(struct nc_model *m, struct sock *s)
{
	struct port *p = port_get(m, s->host, false, s->local.port, true);
	struct listener *l = nc_xcalloc(1, sizeof(*l));

	l->port = p;
	l->sock = s;
	l->local = s->local;
	l->v6only = s->v6only;
	l->v6 = s->v6;
	l->open = true;
	l->opened_seq = m->seq;
	l->listen_after = NC_NIL;
	l->refs = 1;
	link_in(l);
	p->unseen = false;
	s->listener = l;
	fire(m, key_of(KEY_LISTEN, p->id, 0), 0);
}

enum nc_answer
offer_listen(struct offer *o)
{
	struct sock *s = o->sock;
	struct listener *l;
	bool news;
	struct dev d;

	if (s && s->type == SOCK_UDP && o->step->error == NC_EOPNOTSUPP)
		not_supported(o, "listen_fail");
	if (!s || s->type != SOCK_TCP)
		return NC_ACCEPT;
	if (o->was && o->was->early && !o->early)
		return NC_ACCEPT;
	if (o->step->error == NC_EADDRINUSE) {
		bind_in_use(o, &s->local, "listen_fail");
		return NC_ACCEPT;
	}
	if (o->step->error) {
		if (!fail_common(o) &&
		    dev_open(&d, o, DEV_EINVAL, "listen_fail")) {
			dev_str(&d, "reason", "listen");
			dev_str(&d, "error", nc_errno_name(o->step->error));
			sock_because_state(&d, s);
			dev_close(&d);
		}
		return NC_ACCEPT;
	}
	if (!o->early && o->call->result == NC_NIL)
		return NC_ACCEPT;
	s->listening = true;
	/* Its port may be told only later, by getsockname or an accept. */
	news = !s->listener && s->local.port;
	if (news)
		listener_open(o->m, s);
	l = s->listener;
	if (l) {
		l->backlog = o->call->value == NC_NIL ? 0 : o->call->value;
		ref_set(&l->listen, o);
		if (o->call->time != NC_NIL && o->host->first_time != NC_NIL)
			l->listen_after = o->call->time - o->host->first_time;
	}
	if (news)
		share_listen(o, l);
	return NC_ACCEPT;
}

/* Another open listener that still takes the port's connections. */
static bool
has_sibling(const struct listener *gone)
{
	struct listener *l;

	for (l = gone->port->listeners; l && l->open; l = l->next)
		if (l != gone && l->sock &&
		    nc_addr_same_ip(&l->local, &gone->local))
			return true;
	return false;
}

static void
unaccepted(struct nc_model *m, struct listener *l, struct conn *c,
    const struct ref *release)
{
	int64_t until;
	struct dev d;

	if (!c->success || c->untraced)
		return;
	if (!dev_open_ref(
		&d, m, &c->connect, DEV_UNACCEPTED_CONN, "release_listener"))
		return;
	dev_conn(&d, c, SIDE_CLIENT);
	/* The guess may have been right, and the bytes changed. */
	if (c->undone)
		dev_weak(&d);
	/* Nor is it known by which number it was accepted. */
	if (l->port->host->lean)
		dev_weak(&d);
	d.rec.peer_host = nc_str(l->port->host->name);
	dev_int(&d, "accepted_later",
	    (int64_t)(l->port->accepted - c->accepted_then));
	dev_int(&d, "sent", c->ep[0] ? (int64_t)c->ep[0]->tx.sent : 0);
	dev_int(&d, "released", release != NULL);
	dev_int(&d, "acceptor_waited", wait_on_listener(m, l, c));
	if (l->port->host->waits_hidden)
		dev_int(&d, "waits_hidden", 1);
	dev_addr(&d, "listener", &l->local);
	until = c->ep[0] && c->ep[0]->release.host ? c->ep[0]->release.time :
						     c->connect.host->last_time;
	if (c->connect.time != NC_NIL && until != NC_NIL)
		dev_int(&d, "waited", until - c->connect.time);
	dev_cause(&d, &l->listen);
	if (release)
		dev_cause(&d, release);
	/* It may be one that an accept took for somebody else's. */
	if (l->port->nameless ||
	    ((l->port->astray || l->port->host->apart) &&
		!c->client_local.port))
		dev_weak(&d);
	dev_close(&d);
}

void
port_pending_tell(struct nc_model *m, struct conn *c)
{
	struct listener *l = c->state == CONN_PENDING && c->port->host ?
	    port_listener(c->port, &c->target, false) :
	    NULL;

	if (l)
		unaccepted(m, l, c, NULL);
}

void
port_orphan_tell(struct nc_model *m, struct conn *c)
{
	if (c->listener_gone.host && !c->ep[1])
		unaccepted(m, c->listener, c, &c->listener_gone);
	c->listener_gone.host = NULL;
}

/* It goes behind those that are open, which all look-ups are for. */
static void
close_listener(struct nc_model *m, struct listener *l)
{
	link_out(l);
	l->open = false;
	l->closed_seq = m->seq;
	link_in(l);
	gone_put(&m->gone_listeners, &l->gone);
	listeners_trim(m);
}

void
listener_release(struct offer *o, struct sock *s)
{
	struct listener *l = s->listener;
	struct conn *c, *next;
	struct ref r = { 0 };

	if (!l)
		return;
	ref_set(&r, o);
	l->last_wait = *wait_last(s);
	l->sock = NULL;
	s->listener = NULL;
	/* The other holders of a REUSEPORT group or of its copies go on. */
	if (has_sibling(l)) {
		close_listener(o->m, l);
		return;
	}
	for (c = l->port->pending; c; c = next) {
		next = c->next;
		if (c->state == CONN_FAILED || !listener_covers(l, &c->target))
			continue;
		if (o->call->marks != NC_NIL &&
		    (o->call->marks & NC_MARK_UNFOLLOWED))
			c->untraced = true;
		if (c->state != CONN_PENDING)
			continue;
		/*
		 * It may have been made after this release, to a listener
		 * that opens later: an accept of just this peer will tell.
		 */
		c->listening_reset = true;
		c->listener_gone = r;
		listener_take(c, l);
		if (c->ep[0])
			ep_reset(o->m, c->ep[0], "listener", 0);
		if (c->indexed) {
			port_remove(c);
			continue;
		}
		port_orphan_tell(o->m, c);
		port_remove(c);
		if (conn_over(c))
			conn_finish(o->m, c);
	}
	l->release = r;
	if (o->m->sink && o->host->nheard) {
		l->nheard = o->host->nheard;
		l->heard = nc_xreallocarray(NULL, l->nheard, sizeof(*l->heard));
		memcpy(l->heard, o->host->heard, l->nheard * sizeof(*l->heard));
	}
	close_listener(o->m, l);
	fire(o->m, key_of(KEY_RELEASE, l->port->id, 0), NC_AT_END);
}

/* Who asks to come in */

/* before: the one that it is put before, or NULL. */
static void
add_before(struct nc_model *m, struct conn *c, struct conn *before)
{
	struct port *p = c->port;

	c->in_port = true;
	c->next = before;
	c->prev = before ? before->prev : p->pending_last;
	if (c->prev)
		c->prev->next = c;
	else
		p->pending = c;
	if (before)
		before->prev = c;
	else
		p->pending_last = c;
	p->npending++;
	fire(m, key_of(KEY_SYN, p->host ? p->id : p->number, 0), 0);
}

void
port_add(struct nc_model *m, struct conn *c)
{
	add_before(m, c, NULL);
}

void
port_remove(struct conn *c)
{
	struct port *p = c->port;

	if (!c->in_port)
		return;
	c->in_port = false;
	if (c->prev)
		c->prev->next = c->next;
	else
		p->pending = c->next;
	if (c->next)
		c->next->prev = c->prev;
	else
		p->pending_last = c->prev;
	c->next = c->prev = NULL;
	p->npending--;
}

void
port_adopt(
    struct nc_model *m, struct nc_host_state *h, const struct nc_addr *target)
{
	struct port *outside = port_get(m, NULL, false, target->port, false);
	struct port *p = port_get(m, h, false, target->port, true);
	struct conn *c, *next, *at = p->pending;

	for (c = outside ? outside->pending : NULL; c; c = next) {
		next = c->next;
		if (!nc_addr_same_ip(&c->target, target))
			continue;
		/* Oldest first, whenever it is that they are found. */
		while (at && at->number < c->number)
			at = at->next;
		port_remove(c);
		conn_unindex(m, c);
		c->port = p;
		c->foreign = c->maybe = false;
		add_before(m, c, at);
		conn_index(m, c);
	}
}

void
port_catch_up(struct nc_model *m, struct port *p)
{
	struct nc_host_state *h = p->host;

	/* Known from the start, nobody asked for them as foreign ones. */
	for (; h && p->adopted < h->naddrs; p->adopted++)
		if (!h->declared) {
			struct nc_addr a = h->addrs[p->adopted];

			a.port = p->number;
			port_adopt(m, h, &a);
		}
}

void
port_unresolved(struct conn *c, bool is)
{
	struct port *p = c->port;

	if (!p || c->unresolved == is)
		return;
	c->unresolved = is;
	if (is) {
		c->also_prev = NULL;
		c->also_next = p->unresolved;
		if (p->unresolved)
			p->unresolved->also_prev = c;
		p->unresolved = c;
		return;
	}
	if (c->also_prev)
		c->also_prev->also_next = c->also_next;
	else
		p->unresolved = c->also_next;
	if (c->also_next)
		c->also_next->also_prev = c->also_prev;
}

void
port_finish(struct nc_model *m, struct port *p)
{
	struct conn *c, *next;
	struct listener *l;
	struct udp *u;

	for (l = p->listeners; l; l = l->next)
		share_tell_listener(m, l);
	for (u = p->receivers; u; u = u->next)
		share_tell_udp(m, u);
	for (c = p->pending; c; c = next) {
		next = c->next;
		port_pending_tell(m, c);
	}
	refusals_tell(m, p);
}
