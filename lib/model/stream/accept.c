/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Accepting: what becomes of the connect that an accept belongs to.
 */
#include "match.h"

#include <assert.h>

#include "../deviate.h"
#include "../host/clock.h"
#include "../offer.h"
#include "../socket/guess.h"
#include "../socket/inherited.h"
#include "../socket/misuse.h"
#include "../socket/port.h"
#include "../socket/socket.h"
#include "../socket/timeout.h"
#include "../socket/unread.h"
#include "../wait.h"
#include "accept_find.h"
#include "close.h"
#include "conn.h"
#include "ending.h"
#include "transfer.h"

/*
 * Linux makes accepted sockets blocking.  Elsewhere they are as the listener
 * is, but for accept4, whose flags alone decide where a BSD has it.
 */
static bool
inherits_nonblock(const struct offer *o)
{
	return o->call->marks != NC_NIL && (o->call->marks & NC_MARK_BSD) &&
	    o->step->id == NC_CALL_ACCEPT;
}

static struct sock *
make_accepted(struct offer *o, struct conn *c)
{
	const struct nc_call *call = o->call;
	struct sock *l = o->sock, *s;

	if (call->made == NC_NIL || call->made == call->socket)
		return NULL;
	s = sock_new(o->m, o->host, call->made, call);
	s->type = SOCK_TCP;
	s->v6 = l->v6;
	s->nonblock = call->flags != NC_NIL && (call->flags & NC_SOCK_NONBLOCK);
	if (inherits_nonblock(o))
		s->nonblock = s->inherited_nonblock = l->nonblock;
	s->from_nonblock = l->nonblock && !s->nonblock;
	s->rcvtimeo = l->rcvtimeo;
	s->sndtimeo = l->sndtimeo;
	s->linger = l->linger;
	s->nodelay = l->nodelay;
	s->oobinline = l->oobinline;
	sock_tell_of(o->m, s, l);
	s->local = o->step->local.family ? o->step->local : l->local;
	s->bound = true;
	s->peer = o->step->peer;
	ep_new(o->m, c, SIDE_SERVER, s);
	unread_made(o, s);
	return s;
}

static void
note_forwarded(struct offer *o, struct conn *c)
{
	struct dev d;

	if (!dev_open(&d, o, DEV_PORT_FORWARDED, "accept_ok"))
		return;
	dev_conn(&d, c, SIDE_SERVER);
	dev_addr(&d, "target", &c->target);
	dev_addr(&d, "local", &c->server_local);
	dev_str(&d, "confirmed", "port");
	dev_cause(&d, &c->connect);
	dev_close(&d);
}

/* The accept takes the connection. */
static void
join(struct offer *o, struct found *f, struct listener *l)
{
	struct conn *c = f->conn;
	struct nc_host_state *client = o->m->hosts[c->connect.host->index];
	bool was_external = c->state == CONN_HALF;

	c->server_peer = o->step->peer;
	c->server_local = o->step->local.family ? o->step->local :
	    l                                   ? l->local :
						  c->server_local;
	ref_set(&c->accept, o);
	port_remove(c);
	/* An accept of just its address would take an inferred one back. */
	if (f->match != MATCH_INFERRED)
		conn_unindex(o->m, c);
	if (!c->success)
		c->opened = "connected";
	c->success = true;
	c->redirected = f->forwarded && f->match == MATCH_INFERRED &&
	    c->in_redirects;
	c->strangers = f->match == MATCH_INFERRED && o->step->peer.family &&
	    host_owning(o->m, o->host, &o->step->peer) == client;
	if (f->match == MATCH_EXACT)
		c->undone = false;
	conn_redirects(o->m, c, false);
	if (c->maybe)
		c->unseen = false;
	c->maybe = false;
	if (c->listening_reset) {
		c->listening_reset = false;
		c->listener_gone.host = NULL;
		if (c->ep[0])
			c->ep[0]->rst = false;
	}
	c->match = f->match;
	if (f->learn) {
		host_learn(o->m, o->host, &c->target, false);
		port_adopt(o->m, o->host, &c->target);
	}
	if (f->match == MATCH_EXACT && o->host != client &&
	    (!c->foreign || f->learn))
		client->seen = true;
	if (f->match == MATCH_HOST && o->step->peer.family &&
	    !host_owning(o->m, o->host, &o->step->peer) &&
	    !nc_map_get(&o->m->nat_public, nc_addr_hash_ip(&o->step->peer))) {
		host_learn(o->m, client, &o->step->peer, false);
		c->learned = true;
		guess_note(o->m, client, &o->step->peer);
		/* Of several hosts whose addresses nobody tells. */
		if (o->m->nhosts > 2 && l)
			l->port->astray = true;
	}
	if (f->match == MATCH_INFERRED)
		nc_map_put(
		    &o->m->seen_as, nc_addr_hash_ip(&o->step->peer), o->m);
	if (!c->port || !c->port->host)
		c->port = l ? l->port : c->port;
	make_accepted(o, c);
	c->state = CONN_OPEN;
	if (was_external) {
		/* What went before is not kept: lengths and bytes unknown. */
		if (c->ep[0]) {
			c->ep[0]->rx.elastic = true;
			c->ep[0]->tx.lossy = true;
		}
		if (c->ep[1])
			c->ep[1]->rx.elastic = true;
	}
	if (f->match != MATCH_EXACT) {
		if (c->port)
			c->port->guesses++;
		port_unresolved(c, true);
	}
	/* One that is only taken for it, its bytes have to confirm. */
	if ((f->forwarded && !c->redirected) ||
	    (f->match == MATCH_NAT &&
		!nc_addr_same(&c->target, &c->server_local) &&
		c->server_local.port != c->target.port))
		note_forwarded(o, c);
	if (f->match == MATCH_NAT)
		c->nat_confirmed = "declared";
	if (!c->ep[1]) { /* accepted, but its socket is not known */
		conn_external(o->m, c, true);
		return;
	}
	if (c->ep[0] && c->ep[0]->released) {
		if (c->ep[0]->rst_cause)
			ep_reset(o->m, c->ep[1], c->ep[0]->rst_cause, 0);
	}
	clock_got_on(o, c, client, c->connect.time);
	fire(o->m, key_of(KEY_CONN, c->number, 0), 0);
	if (c->ep[0])
		fire(o->m, key_of(KEY_RX, c->ep[0]->id, 0), NC_AT_END);
}

/*
 * An accept without a client whose address is a traced client's as well: it is
 * another's behind the same translator, and either may have been taken for the
 * other.
 */
static bool
is_neighbour(const struct nc_model *m, const struct nc_addr *peer)
{
	uint64_t key = nc_addr_hash_ip(peer);

	return peer->family &&
	    (nc_map_get(&m->nat_public, key) || nc_map_get(&m->seen_as, key));
}

/* An accept whose client is outside of all traces. */
static void
join_nobody(struct offer *o, struct listener *l, bool traced_peer)
{
	struct conn *c = conn_new(o->m);
	struct dev d;

	c->state = CONN_HALF;
	c->match = MATCH_EXTERNAL;
	c->success = true;
	c->opened = "connected";
	c->server_peer = o->step->peer;
	c->server_local = o->step->local.family ? o->step->local :
	    l                                   ? l->local :
						  c->server_local;
	c->unseen = traced_peer;
	if (l &&
	    (traced_peer || o->m->undeclared ||
		is_neighbour(o->m, &o->step->peer)))
		l->port->astray = true;
	if (l && !o->step->peer.family)
		l->port->nameless = true;
	ref_set(&c->accept, o);
	if (!make_accepted(o, c)) {
		conn_finish(o->m, c);
		return;
	}
	c->ep[1]->tx.lossy = true;
	if (l)
		match_orphan(o->m, c, l->port);
	if (!traced_peer) {
		if (o->step->peer.family)
			nc_map_put(&o->m->external,
			    nc_addr_hash_ip(&o->step->peer), o->m);
		return;
	}
	if (!dev_open(&d, o, DEV_NO_PENDING_CONN, "accept_ok"))
		return;
	dev_conn(&d, c, SIDE_SERVER);
	dev_peer(
	    &d, host_owning(o->m, o->host, &o->step->peer), &o->step->peer);
	dev_int(&d, "unseen", 1);
	dev_weak(&d);
	dev_confidence(&d, 30);
	dev_close(&d);
}

static enum nc_answer
accept_failed(struct offer *o)
{
	struct sock *s = o->sock;
	struct dev d;

	if (o->call->marks != NC_NIL && (o->call->marks & NC_MARK_INTERRUPTED))
		return NC_ACCEPT;

	switch (o->step->error) {
	case NC_EAGAIN:
		if (!timeout_note(o, false))
			would_block(o, "accept_eagain");
		unread_none(o, s);
		break;
	case NC_EINVAL:
		if (!s->shut && dev_open(&d, o, DEV_EINVAL, "accept_einval")) {
			dev_str(&d, "reason", "not listening");
			sock_because_state(&d, s);
			dev_close(&d);
		}
		break;
	case NC_EPERM:
		dev_simple(o, DEV_EACCES, "accept_fail");
		break;
	default:
		if (!fail_common(o) && o->step->error > 0 &&
		    dev_open(&d, o, DEV_UNEXPECTED_FAILURE, "accept_fail")) {
			dev_str(&d, "error", nc_errno_name(o->step->error));
			dev_close(&d);
		}
	}
	return NC_ACCEPT;
}

/*
 * What it costs to take it now: least with a connect that succeeded, more with
 * one that may yet fail, most for a traced client without any.
 */
static int
found_cost(struct offer *o, const struct found *f)
{
	const struct nc_addr *peer = &o->step->peer;

	/* Of another port: a stranger's of that host is as likely. */
	if (f->conn &&
	    !(f->match == MATCH_INFERRED && peer->family &&
		host_owning(o->m, o->host, peer)))
		return !f->conn->success ? 2 : f->unsure;
	return peer->family && host_owning(o->m, o->host, peer) ? 3 : 1;
}

/* An accept from a traced host that waits at a port, or (0) does no longer. */
static void
await_connect(struct offer *o, uint64_t port)
{
	const struct nc_host_state *owner = o->step->peer.family ?
	    host_owning(o->m, o->host, &o->step->peer) :
	    NULL;
	struct nc_host_state *h = owner ? o->m->hosts[owner->index] : NULL;

	if (!h || (!port && !nc_addr_same(&h->awaited_peer, &o->step->peer)))
		return;
	h->awaited = port;
	h->awaited_peer = o->step->peer;
	if (port)
		host_await(h, key_of(KEY_SYN, port, 0));
}

enum nc_answer
offer_accept(struct offer *o)
{
	struct sock *s = o->sock;
	struct listener *l = s ? s->listener : NULL;
	struct nc_addr local = o->step->local;
	struct found f = { 0 };
	const struct sock *made;
	struct port *p;
	uint64_t wait;

	if (s && s->type == SOCK_UDP && o->step->error == NC_EOPNOTSUPP)
		not_supported(o, "accept_fail");
	if (!s || s->type != SOCK_TCP)
		return NC_ACCEPT;
	if (o->step->error || o->call->result == NC_NIL)
		wait_note(o, &s->wait);
	if (o->step->error)
		return accept_failed(o);
	if (o->call->result == NC_NIL)
		return NC_ACCEPT;
	if (!l && local.port == 0) {
		if (!inherited_listen(o, &wait))
			return defer(o, wait, "connect", 3);
		l = s->listener;
		local.port = s->local.port;
	}
	p = l          ? l->port :
	    local.port ? port_get(o->m, o->host, false, local.port, true) :
			 NULL;
	if (p)
		port_catch_up(o->m, p);
	if (p)
		f = accept_search(o->m, o->host, p, &o->step->peer,
		    o->step->local.family ? &o->step->local :
			l                 ? &l->local :
					    &s->local);
	/* A floating connect may yet fail, and another be the one. */
	if (f.conn && f.match != MATCH_EXACT && !f.conn->success) {
		f.unsure = true;
		if (p)
			p->wanted = true;
	}
	if ((!f.conn || f.unsure) && o->mode == NC_TRY && p &&
	    accept_may_come(o->m, o->host, &o->step->peer, &o->step->local)) {
		await_connect(o, p->id);
		return defer(
		    o, key_of(KEY_SYN, p->id, 0), "connect", found_cost(o, &f));
	}
	await_connect(o, 0);
	/* What it was reached under is its host's own, as a connect's is. */
	if (o->step->local.family)
		host_told(o->m, o->host, &o->step->local, false);
	port_took(p, &o->step->peer);
	if (!l && local.port) {
		s->listening = true;
		s->local.port = local.port;
		if (!s->local.family)
			s->local = local;
		listener_open(o->m, s);
		l = s->listener;
	}
	if (l) {
		assert(l->port != NULL); /* all listeners are at one */
		l->accepted++;
		l->port->accepted++;
		l->taken = taken_here(o);
		if (o->host->apart && o->step->peer.family == 0)
			l->port->nameless = true;
	}
	s->taken = taken_here(o);
	if (p)
		p->wanted = false;
	if (f.conn && f.conn->ep[1] && !match_undo(o->m, f.conn))
		f.conn = NULL;
	if (f.conn)
		join(o, &f, l);
	else
		join_nobody(o, l,
		    o->step->peer.family &&
			host_owning(o->m, o->host, &o->step->peer));
	made = o->call->made == NC_NIL ?
	    NULL :
	    nc_map_get(&o->host->socks, (uint64_t)o->call->made);
	if (made && made->ep && p)
		ending_accepted(made->ep, p);
	return NC_ACCEPT;
}
