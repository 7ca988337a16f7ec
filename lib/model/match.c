/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Who talks to whom: which connect an accept belongs to, and what to do when
 * the bytes show that it was another.
 */
#include "match.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "close.h"
#include "conn.h"
#include "deviate.h"
#include "offer.h"
#include "port.h"
#include "socket.h"
#include "stream.h"
#include "wait.h"

#define CANDIDATES 16 /* looked at in one search */
#define SURE 4        /* the score of the very one */
#define CONFIRM 8     /* equal bytes that confirm a match */

/* What an accept found. */
struct found {
	struct conn *conn;
	enum match match;
	bool forwarded; /* through another address or port */
	bool unsure;    /* a better one may turn up */
	bool learn;     /* its target is an address of the host */
};

static struct conn *
by_client(struct nc_model *m, uint64_t at, const struct nc_addr *peer)
{
	struct conn *c = nc_map_get(
	    &m->by_client, key_of(5, at, nc_addr_hash_ip(peer) ^ peer->port));

	if (c &&
	    (c->ep[1] || c->client_local.port != peer->port ||
		(at != FORWARDED && !nc_addr_same(&c->client_local, peer))))
		return NULL;
	return c;
}

/* One that another accept took although this is its very address. */
static struct conn *
taken_wrongly(
    struct nc_model *m, const struct port *p, const struct nc_addr *peer)
{
	struct conn *c = nc_map_get(&m->by_client,
	    key_of(5, p->id, nc_addr_hash_ip(peer) ^ peer->port));

	return c && c->ep[1] && c->ep[0] &&
		(c->match == MATCH_INFERRED || c->match == MATCH_NAT) &&
		nc_addr_same(&c->client_local, peer) &&
		!nc_addr_same(&c->server_peer, peer) ?
	    c :
	    NULL;
}

/* A client that is bound to a port, but whose address is not shown. */
static struct conn *
by_port(struct nc_model *m, uint64_t at, const struct nc_host_state *from,
    uint16_t number)
{
	struct conn *c = nc_map_get(
	    &m->by_client, key_of(5, at, key_of(2, from->index, 0) ^ number));

	return c && !c->ep[1] && c->client_local.port == number ? c : NULL;
}

/* How well a pending connection fits a peer seen as another address. */
static int
score(const struct conn *c, const struct nc_host_state *h,
    const struct nc_addr *peer)
{
	const struct nc_host_state *from;

	if (!c->ep[0] && c->state != CONN_PENDING)
		return 0;
	from = c->connect.host;
	if (c->ep[1] || c->error || from == h)
		return 0;
	/* It is reached under its own addresses: nothing translates it. */
	if (from->seen && c->client_local.family)
		return 0;
	/* NATs keep the port where it is free; a host that has no NAT, always. */
	if (c->client_local.port && c->client_local.port == peer->port)
		return SURE;
	if (c->client_local.port)
		return 1;
	return c->success ? 3 : 2;
}

static struct conn *
pick(const struct port *p, const struct nc_host_state *h,
    const struct nc_addr *peer, bool *sure)
{
	struct conn *c, *best = NULL;
	int n = 0, most = 0;

	for (c = p ? p->pending : NULL; c && n < CANDIDATES; c = c->next, n++) {
		int s = score(c, h, peer);

		if (s > most) {
			most = s;
			best = c;
		}
	}
	*sure = most == SURE;
	return best;
}

/* The accepted socket's address, where it is known, is the one asked for. */
static bool
was_meant(const struct conn *c, const struct nc_addr *local)
{
	return !local->family || nc_addr_is_wildcard(local) ||
	    nc_addr_same_ip(&c->target, local);
}

/* The first pending connection of a host whose own port is not known. */
static struct conn *
first_of(const struct port *p, const struct nc_host_state *from,
    const struct nc_addr *local)
{
	struct conn *c, *floating = NULL;
	int n = 0;

	for (c = p ? p->pending : NULL; c && n < 4 * CANDIDATES;
	     c = c->next, n++) {
		if (c->connect.host != from || c->client_local.port ||
		    c->ep[1] || c->error || !was_meant(c, local))
			continue;
		if (c->success)
			return c;
		if (!floating)
			floating = c;
	}
	return floating;
}

static struct conn *
by_declared(
    struct nc_model *m, const struct port *p, const struct nc_addr *peer)
{
	struct nat *n = nc_map_get(&m->nat_public, nc_addr_hash_ip(peer));
	struct conn *c;
	int tried;

	for (; n; n = n->next) {
		struct nc_addr inner = n->private_;

		inner.port = n->private_.port ? n->private_.port : peer->port;
		c = by_client(m, p->id, &inner);
		if (c)
			return c;
		tried = 0;
		for (c = p->pending; c && tried < CANDIDATES;
		     c = c->next, tried++)
			if (c->connect.host == n->host && !c->ep[1] &&
			    !c->error)
				return c;
	}
	return NULL;
}

static struct found
search(struct nc_model *m, struct nc_host_state *h, struct port *p,
    const struct nc_addr *peer, const struct nc_addr *local)
{
	struct port *outside = port_get(m, NULL, false, p->number, false);
	struct nc_host_state *from;
	struct found f = { 0 };
	bool sure;

	if (!peer->family) { /* an accept that asked for no address */
		f.conn = p->pending;
		while (f.conn && (f.conn->ep[1] || f.conn->error))
			f.conn = f.conn->next;
		f.match = MATCH_HOST;
		return f;
	}
	f.match = MATCH_EXACT;
	if ((f.conn = by_client(m, p->id, peer)))
		return f;
	if ((f.conn = taken_wrongly(m, p, peer)))
		return f;
	from = host_owning(m, h, peer);
	if (from && (f.conn = by_port(m, p->id, from, peer->port)))
		return f;
	/* Opened to an address that nobody owned when it was opened. */
	if ((f.conn = by_client(m, 0, peer)) && f.conn->foreign) {
		bool same = local->family && f.conn->target.port == p->number &&
		    nc_addr_same_ip(local, &f.conn->target);

		f.learn = same ||
		    (!h->declared && f.conn->target.port == p->number);
		f.forwarded = !f.learn;
		return f;
	}
	if (from) {
		f.match = MATCH_HOST;
		if ((f.conn = first_of(p, from, local)))
			return f;
		if (!h->declared && (f.conn = first_of(outside, from, local))) {
			f.learn = true;
			return f;
		}
		f.conn = NULL;
		return f;
	}
	f.match = MATCH_NAT;
	if ((f.conn = by_declared(m, p, peer)))
		return f;
	f.match = MATCH_INFERRED;
	if ((f.conn = pick(p, h, peer, &sure))) {
		f.unsure = !sure;
		/* An address of its own that no trace has shown yet? */
		if (!f.conn->connect.host->declared &&
		    !f.conn->client_local.family)
			f.match = MATCH_HOST;
		return f;
	}
	if (!h->declared && (f.conn = pick(outside, h, peer, &sure))) {
		f.unsure = !sure;
		f.learn = true;
		if (!f.conn->client_local.family)
			f.match = MATCH_HOST;
		return f;
	}
	/* Forwarded and translated: the client's port may have survived. */
	if ((f.conn = by_client(
		 m, FORWARDED, &(struct nc_addr){ .port = peer->port })) &&
	    f.conn->connect.host != h)
		f.forwarded = true;
	else
		f.conn = NULL;
	return f;
}

/* Could a connect of a traced host still turn up for this peer? */
static bool
may_come(struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *peer)
{
	const struct nc_host_state *from;
	size_t i;

	if (!peer->family) {
		for (i = 0; i < m->nhosts; i++)
			if (!host_done(m->hosts[i]))
				return true;
		return false;
	}
	from = host_owning(m, h, peer);
	if (from)
		return !host_done(from);
	if (nc_map_get(&m->external, nc_addr_hash_ip(peer)))
		return false;
	for (i = 0; i < m->nhosts; i++)
		if (m->hosts[i] != h && !host_done(m->hosts[i]) &&
		    !m->hosts[i]->seen)
			return true;
	return false;
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
	if (o->host->bsd && l->nonblock) {
		s->nonblock = true;
		s->nonblock_inherited = true;
	}
	s->rcvtimeo = l->rcvtimeo;
	s->sndtimeo = l->sndtimeo;
	s->linger = l->linger;
	s->oobinline = l->oobinline;
	s->local = o->step->local.family ? o->step->local : l->local;
	s->bound = true;
	s->peer = o->step->peer;
	ep_new(o->m, c, SIDE_SERVER, s);
	return s;
}

void
match_tell_nat(struct nc_model *m, struct conn *c)
{
	struct dev d;

	if (!c->nat_confirmed || !c->server_peer.family || !c->ep[1] ||
	    c->ep[1]->rx.mismatches || (c->ep[0] && c->ep[0]->rx.mismatches))
		return;
	if (!dev_open_ref(&d, m, &c->accept, DEV_NAT_ADDRESS, "accept_ok"))
		return;
	dev_conn(&d, c, SIDE_SERVER);
	d.rec.confidence = 90;
	if (c->client_local.family)
		dev_addr(&d, "own", &c->client_local);
	else if (c->connect.host && c->connect.host->naddrs)
		dev_addr(&d, "own", &c->connect.host->addrs[0]);
	dev_addr(&d, "seen", &c->server_peer);
	dev_str(&d, "confirmed", c->nat_confirmed);
	dev_int(&d, "port_equal", c->client_local.port == c->server_peer.port);
	dev_cause(&d, &c->connect);
	dev_close(&d);
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
	c->maybe = false;
	if (c->listening_reset) {
		c->listening_reset = false;
		c->listener_gone.host = NULL;
		if (c->ep[0])
			c->ep[0]->rst = false;
	}
	c->match = f->match;
	if (f->learn)
		host_learn(o->m, o->host, &c->target, false);
	if (f->match == MATCH_EXACT && o->host != client && !c->foreign)
		client->seen = true;
	if (f->match == MATCH_HOST && o->step->peer.family &&
	    !host_owning(o->m, o->host, &o->step->peer)) {
		host_learn(o->m, client, &o->step->peer, false);
		c->learned = true;
	}
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
	if (f->match != MATCH_EXACT)
		port_unresolved(c, true);
	if (f->forwarded ||
	    (f->match == MATCH_NAT &&
		!nc_addr_same(&c->target, &c->server_local) &&
		c->server_local.port != c->target.port))
		note_forwarded(o, c);
	if (f->match == MATCH_NAT)
		c->nat_confirmed = "declared";
	c->port_equal = c->client_local.port &&
	    c->client_local.port == c->server_peer.port;
	if (!c->ep[1]) { /* accepted, but its socket is not known */
		conn_external(o->m, c, true);
		return;
	}
	if (c->ep[0] && c->ep[0]->released) {
		if (c->ep[0]->rst_cause)
			ep_reset(o->m, c->ep[1], c->ep[0]->rst_cause, 0);
	}
	fire(o->m, key_of(KEY_CONN, c->number, 0), 0);
	if (c->ep[0])
		fire(o->m, key_of(KEY_RX, c->ep[0]->id, 0), NC_AT_END);
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
	ref_set(&c->accept, o);
	if (!make_accepted(o, c)) {
		conn_finish(o->m, c);
		return;
	}
	c->ep[1]->tx.lossy = true;
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
		if (!s->nonblock && s->rcvtimeo &&
		    dev_open(&d, o, DEV_RECV_TIMEOUT, "accept_eagain")) {
			dev_int(&d, "timeout", s->rcvtimeo);
			dev_close(&d);
		}
		break;
	case NC_EINVAL:
		if (!s->shut && dev_open(&d, o, DEV_EINVAL, "accept_einval")) {
			dev_str(&d, "reason", "not listening");
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

enum nc_answer
offer_accept(struct offer *o)
{
	struct sock *s = o->sock;
	struct listener *l = s ? s->listener : NULL;
	struct nc_addr local = o->step->local;
	struct found f = { 0 };
	struct port *p;

	if (!s || s->type != SOCK_TCP)
		return NC_ACCEPT;
	if (o->step->error || o->call->result == NC_NIL)
		wait_note(o, &s->wait);
	if (o->step->error)
		return accept_failed(o);
	if (o->call->result == NC_NIL)
		return NC_ACCEPT;
	if (!l && local.port == 0)
		local.port = s->local.port;
	p = l          ? l->port :
	    local.port ? port_get(o->m, o->host, false, local.port, true) :
			 NULL;
	if (p)
		f = search(o->m, o->host, p, &o->step->peer,
		    o->step->local.family ? &o->step->local :
			l                 ? &l->local :
					    &s->local);
	/* A floating connect may yet fail, and another be the one. */
	if (f.conn && f.match != MATCH_EXACT && !f.conn->success)
		f.unsure = true;
	if ((!f.conn || f.unsure) && o->mode == NC_TRY && p &&
	    may_come(o->m, o->host, &o->step->peer))
		return defer(o, key_of(KEY_SYN, p->id, 0), "connect",
		    !f.conn && o->step->peer.family &&
			    host_owning(o->m, o->host, &o->step->peer) ?
			3 :
			1);
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
		l->taken = (struct taken){ o->lane, o->call->line };
	}
	s->taken = (struct taken){ o->lane, o->call->line };
	if (f.conn && f.conn->ep[1] && !match_undo(o->m, f.conn))
		f.conn = NULL;
	if (f.conn)
		join(o, &f, l);
	else
		join_nobody(o, l,
		    o->step->peer.family &&
			host_owning(o->m, o->host, &o->step->peer));
	return NC_ACCEPT;
}

/* Late sockets: both ends state both addresses. */
void
match_attach(struct nc_model *m, struct sock *s)
{
	uint64_t mine, theirs;
	struct conn *c;
	struct ep *e, *other;

	c = conn_new(m);
	c->late = true;
	c->success = true;
	c->opened = "connected";
	c->state = CONN_HALF;
	c->match = MATCH_EXTERNAL;
	c->client_local = s->local;
	c->target = s->peer;
	e = ep_new(m, c, SIDE_CLIENT, s);
	e->rx.elastic = true;
	e->tx.lossy = true;
	if (!s->local.family || !s->peer.family)
		return;
	mine = key_of(1, nc_addr_hash_ip(&s->local) ^ s->local.port,
	    nc_addr_hash_ip(&s->peer) ^ ((uint64_t)s->peer.port << 20));
	theirs = key_of(1, nc_addr_hash_ip(&s->peer) ^ s->peer.port,
	    nc_addr_hash_ip(&s->local) ^ ((uint64_t)s->local.port << 20));
	other = nc_map_get(&m->by_pair, theirs);
	if (!other || other->conn->ep[1] || other->released) {
		struct port *p =
		    port_get(m, s->host, false, s->local.port, false);
		struct conn *from = p ? by_client(m, p->id, &s->peer) : NULL;

		nc_map_put(&m->by_pair, mine, e);
		if (from)
			match_late(m, from);
		return;
	}
	/* Take the other's connection; which of them connected is unknown. */
	nc_map_del(&m->by_pair, theirs);
	c->ep[0] = NULL;
	e->conn = other->conn;
	e->side = SIDE_SERVER;
	e->conn->ep[1] = e;
	e->conn->server_local = s->local;
	e->conn->server_peer = s->peer;
	e->conn->state = CONN_OPEN;
	e->conn->match = MATCH_EXACT;
	c->written = true;
	conn_finish(m, c);
}

/* A traced connect whose other end was attached to while it was in use. */
void
match_late(struct nc_model *m, struct conn *c)
{
	uint64_t key = key_of(1, nc_addr_hash_ip(&c->target) ^ c->target.port,
	    nc_addr_hash_ip(&c->client_local) ^
		((uint64_t)c->client_local.port << 20));
	struct ep *e = nc_map_get(&m->by_pair, key);
	struct conn *was = e ? e->conn : NULL;

	if (!e || e->released || was->ep[1] || c->ep[1] || was == c)
		return;
	nc_map_del(&m->by_pair, key);
	was->ep[0] = NULL;
	was->written = true;
	e->conn = c;
	e->side = SIDE_SERVER;
	c->ep[1] = e;
	c->server_local = was->client_local;
	c->server_peer = was->target;
	conn_finish(m, was);
	port_remove(c);
	conn_unindex(m, c);
	c->late = true;
	c->success = true;
	c->opened = "connected";
	c->match = MATCH_EXACT;
	c->state = CONN_OPEN;
	c->ep[0]->rx.elastic = true;
	c->ep[0]->tx.lossy = true;
	tx_free(&c->ep[0]->tx);
	fire(m, key_of(KEY_CONN, c->number, 0), 0);
	fire(m, key_of(KEY_RX, c->ep[0]->id, 0), NC_AT_END);
}

/* Payload that decides */

/* No other connection of its client's host could have been meant. */
static bool
is_sole(const struct conn *c)
{
	const struct conn *other;
	int n = 0;

	if (c->match == MATCH_EXACT || !c->port)
		return true;
	for (other = c->port->unresolved; other; other = other->also_next)
		if (other != c && other->connect.host == c->connect.host)
			return false;
	for (other = c->port->pending; other && n < CANDIDATES;
	     other = other->next, n++)
		if (other->connect.host == c->connect.host && !other->error)
			return false;
	return n < CANDIDATES;
}

void
match_confirm(struct conn *c, uint64_t bytes)
{
	if (c->confirmed || bytes < CONFIRM)
		return;
	c->confirmed = true;
	c->sole = is_sole(c);
	if (c->match == MATCH_INFERRED) {
		c->match = MATCH_NAT;
		c->nat_confirmed = "payload";
	}
}

bool
match_undo(struct nc_model *m, struct conn *c)
{
	struct ep *e = c->ep[1], *client = c->ep[0];
	struct conn *n;

	if (!e || !client || c->match == MATCH_EXACT ||
	    (c->match == MATCH_HOST && !c->learned && c->server_peer.family) ||
	    (c->nat_confirmed && strcmp(c->nat_confirmed, "declared") == 0))
		return false;
	if (c->learned)
		host_forget(m, client->host, &c->server_peer);
	c->learned = false;
	n = conn_new(m);
	n->state = CONN_HALF;
	n->match = MATCH_EXTERNAL;
	n->success = true;
	n->opened = "connected";
	n->accept = c->accept;
	n->server_local = c->server_local;
	n->server_peer = c->server_peer;
	n->ep[1] = e;
	e->conn = n;
	tx_free(&e->tx);
	e->tx.lossy = true;
	e->rx.elastic = true;
	port_unresolved(c, false);
	c->ep[1] = NULL;
	c->match = MATCH_NONE;
	c->nat_confirmed = NULL;
	c->confirmed = false;
	c->accept.host = NULL;
	c->server_peer.family = c->server_local.family = 0;
	c->state = CONN_PENDING;
	/* What the other has read of its bytes is gone. */
	if (e->rx.rcvd && client->tx.base) {
		client->tx.lossy = true;
		tx_free(&client->tx);
	}
	if (client->rx.rcvd)
		client->rx.elastic = true;
	if (c->port)
		port_add(m, c);
	conn_unindex(m, c);
	conn_index(m, c);
	fire(m, key_of(KEY_RX, e->id, 0), NC_AT_END);
	fire(m, key_of(KEY_RX, client->id, 0), NC_AT_END);
	return true;
}

bool
match_may_change(const struct nc_model *m, const struct conn *c)
{
	const struct conn *other;
	size_t i;

	if (!c->unresolved || !c->port || !c->port->host)
		return false;
	for (other = c->port->unresolved; other; other = other->also_next)
		if (other != c)
			break;
	if (!other && !c->port->pending)
		return false;
	for (i = 0; i < m->nhosts; i++)
		if (!host_done(m->hosts[i]))
			return true;
	return false;
}

/* True if what e has read so far could as well have come from tx. */
static bool
could_read(const struct ep *e, const struct tx *from, const struct tx *tx)
{
	return !e || e->rx.rcvd == 0 ||
	    (tx->sent >= e->rx.rcvd && tx_same(from, tx, e->rx.rcvd));
}

static void
exchange(struct nc_model *m, struct conn *a, struct conn *b)
{
	struct ep *ea = a->ep[1], *eb = b->ep[1];
	struct nc_addr peer = a->server_peer, local = a->server_local;
	struct ref accept = a->accept;
	enum conn_state state = a->state;

	a->ep[1] = eb;
	b->ep[1] = ea;
	if (ea)
		ea->conn = b;
	if (eb)
		eb->conn = a;
	a->server_peer = b->server_peer;
	a->server_local = b->server_local;
	a->accept = b->accept;
	b->server_peer = peer;
	b->server_local = local;
	b->accept = accept;
	a->state = b->state;
	b->state = state;
	if (a->in_port != b->in_port) {
		if (a->in_port) {
			port_remove(a);
			port_add(m, b);
		} else {
			port_remove(b);
			port_add(m, a);
		}
	}
	if (ea)
		fire(m, key_of(KEY_RX, ea->id, 0), NC_AT_END);
	if (eb)
		fire(m, key_of(KEY_RX, eb->id, 0), NC_AT_END);
	if (a->ep[0])
		fire(m, key_of(KEY_RX, a->ep[0]->id, 0), NC_AT_END);
	if (b->ep[0])
		fire(m, key_of(KEY_RX, b->ep[0]->id, 0), NC_AT_END);
}

/* Would the two be as consistent with their server ends exchanged? */
static bool
exchangeable(const struct conn *a, const struct conn *b)
{
	const struct ep *ca = a->ep[0], *cb = b->ep[0];
	const struct ep *sa = a->ep[1], *sb = b->ep[1];

	if (!ca || !cb || a->held || b->held || ca->rx.elastic ||
	    cb->rx.elastic)
		return false;
	/* Who is behind a translator, only the payload says. */
	/* Who is behind a translator, only the payload says. */
	if (a->connect.host != b->connect.host &&
	    (a->match == MATCH_HOST || b->match == MATCH_HOST))
		return false;
	if ((sa && sa->rx.elastic) || (sb && sb->rx.elastic))
		return false;
	if (!could_read(sa, &ca->tx, &cb->tx) ||
	    !could_read(sb, &cb->tx, &ca->tx))
		return false;
	if (!sa || !sb)
		return ca->rx.rcvd == 0 || sa ? cb->rx.rcvd == 0 || sb != NULL :
						false;
	return could_read(ca, &sa->tx, &sb->tx) &&
	    could_read(cb, &sb->tx, &sa->tx);
}

/* After an exchange, would the reader find what this call returned? */
static bool
would_fit(const struct ep *reader, const struct tx *tx,
    const struct nc_call *call, uint64_t n)
{
	struct difference d;
	uint64_t compared;

	if (tx->sent < reader->rx.rcvd + n)
		return false;
	return n == 0 ?
	    tx->fin && tx->sent == reader->rx.rcvd :
	    !tx_compare(tx, reader->rx.rcvd, call, n, &compared, &d);
}

/* Both ends state the client's port, and not the same. */
static bool
contradicts(const struct conn *b, const struct conn *c)
{
	return c->match == MATCH_HOST && c->server_peer.family &&
	    b->client_local.port && b->client_local.port != c->server_peer.port;
}

bool
match_swap(struct nc_model *m, struct conn *c, struct ep *reader,
    const struct nc_call *call, uint64_t n)
{
	struct conn *b;
	int tried = 0;

	if (!c->unresolved || !c->port)
		return false;
	for (b = c->port->unresolved; b && tried < CANDIDATES;
	     b = b->also_next, tried++) {
		/* The reader's new partner: b's end of the other side. */
		struct ep *with = b == c ? NULL : b->ep[!reader->side];

		if (!with || !would_fit(reader, &with->tx, call, n) ||
		    !exchangeable(c, b))
			continue;
		exchange(m, c, b);
		return true;
	}
	for (b = c->port->pending;
	     b && reader->side == SIDE_SERVER && tried < 2 * CANDIDATES;
	     b = b->next, tried++) {
		if (contradicts(b, c) || !b->ep[0] || b->error ||
		    !would_fit(reader, &b->ep[0]->tx, call, n) ||
		    !exchangeable(c, b))
			continue;
		exchange(m, c, b);
		b->match = c->match;
		b->success = true;
		port_unresolved(b, true);
		port_unresolved(c, false);
		c->match = MATCH_NONE;
		return true;
	}
	return false;
}
