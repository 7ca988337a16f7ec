/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Accepting: which connect an accept belongs to.
 */
#include "match.h"

#include <assert.h>

#include "clock.h"
#include "close.h"
#include "conn.h"
#include "deviate.h"
#include "ending.h"
#include "guess.h"
#include "misuse.h"
#include "offer.h"
#include "port.h"
#include "socket.h"
#include "timeout.h"
#include "transfer.h"
#include "unread.h"
#include "wait.h"

#define CANDIDATES 16 /* looked at in one search */
#define SURE 4        /* the score of the very one */

/* What an accept found. */
struct found {
	struct conn *conn;
	enum match match;
	bool forwarded; /* through another address or port */
	bool unsure;    /* a better one may turn up */
	bool learn;     /* its target is an address of the host */
};

struct conn *
conn_from(struct nc_model *m, uint64_t at, const struct nc_addr *peer)
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
	/* From the address that it asked for: the listener's own host's. */
	if (nc_addr_same_ip(&c->target, peer))
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

/* The listener's host asked for an address that turns out to be its own. */
static struct conn *
from_itself(const struct port *outside, const struct nc_host_state *h,
    const struct nc_addr *peer)
{
	struct conn *c, *best = NULL;
	int n = 0;

	for (c = outside ? outside->pending : NULL; c && n < CANDIDATES;
	     c = c->next, n++) {
		if (c->connect.host != h || c->ep[1] || c->error ||
		    !nc_addr_same_ip(&c->target, peer))
			continue;
		if (c->client_local.port == peer->port)
			return c;
		if (!best && !c->client_local.port)
			best = c;
	}
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

/*
 * The first pending connection of a host that is seen under its own address,
 * whose own port is another: something on the way changes ports alone.  Not
 * once a connection of its has come with the port that it has.
 */
static struct conn *
port_changed(const struct port *p, const struct nc_host_state *from,
    const struct nc_addr *local)
{
	struct conn *c;
	int n = 0;

	for (c = p && !from->seen ? p->pending : NULL; c && n < CANDIDATES;
	     c = c->next, n++)
		if (c->connect.host == from && c->client_local.port &&
		    c->success && c->ep[0] && !c->ep[1] && !c->error &&
		    was_meant(c, local))
			return c;
	return NULL;
}

/* One that came from that very address, to a port where nothing listens. */
static struct conn *
redirected(struct nc_model *m, const struct nc_addr *peer)
{
	struct conn *c =
	    conn_from(m, FORWARDED, &(struct nc_addr){ .port = peer->port });

	return c && !c->foreign && nc_addr_same(&c->client_local, peer) ? c :
									  NULL;
}

/* The same of a client that shows no ports; the oldest. */
static struct conn *
first_redirected(const struct nc_host_state *from)
{
	struct conn *c = from->redirects;
	int n = 0;

	while (c && n++ < CANDIDATES && (c->ep[1] || c->error || !c->ep[0]))
		c = c->redir_next;
	return n <= CANDIDATES ? c : NULL;
}

static struct conn *
by_declared(struct nc_model *m, const struct port *p,
    const struct nc_addr *peer, bool *by_port)
{
	struct nat *n = nc_map_get(&m->nat_public, nc_addr_hash_ip(peer));
	struct conn *c;
	int tried;

	for (; n; n = n->next) {
		struct nc_addr inner = n->private_;

		inner.port = n->private_.port ? n->private_.port : peer->port;
		c = conn_from(m, p->id, &inner);
		*by_port = c != NULL;
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
	if ((f.conn = conn_from(m, p->id, peer)))
		return f;
	if ((f.conn = taken_wrongly(m, p, peer)))
		return f;
	from = host_owning(m, h, peer);
	if (from && (f.conn = by_port(m, p->id, from, peer->port)))
		return f;
	/* Opened to an address that nobody owned when it was opened. */
	if ((f.conn = conn_from(m, 0, peer)) && f.conn->foreign) {
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
		if ((f.conn = redirected(m, peer))) {
			f.match = MATCH_EXACT;
			f.forwarded = true;
		} else if (from != h &&
		    ((f.conn = port_changed(p, from, local)) ||
			(f.conn = first_redirected(from)))) {
			f.match = MATCH_INFERRED;
			f.forwarded = f.conn->in_redirects;
			f.unsure = !f.forwarded;
		}
		return f;
	}
	if (!h->declared && (f.conn = from_itself(outside, h, peer))) {
		f.match = MATCH_HOST;
		f.learn = true;
		return f;
	}
	if ((f.conn = by_declared(m, p, peer, &sure))) {
		/* Another port: some client of that host, traced or not. */
		f.match = sure ? MATCH_NAT : MATCH_INFERRED;
		f.unsure = !sure;
		return f;
	}
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
	if ((f.conn = conn_from(
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
	    !host_owning(o->m, o->host, &o->step->peer)) {
		host_learn(o->m, client, &o->step->peer, false);
		c->learned = true;
		guess_note(o->m, client, &o->step->peer);
		/* Of several hosts whose addresses nobody tells. */
		if (o->m->nhosts > 2 && l)
			l->port->astray = true;
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
	if (l && (traced_peer || o->m->undeclared))
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
		return f->conn->success ? 0 : 2;
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
	/* What it was reached under is its host's own, as a connect's is. */
	if (local.family)
		host_told(o->m, o->host, &local, false);
	if (!l && local.port == 0)
		local.port = s->local.port;
	p = l          ? l->port :
	    local.port ? port_get(o->m, o->host, false, local.port, true) :
			 NULL;
	port_took(p, &o->step->peer);
	if (p)
		port_catch_up(o->m, p);
	if (p)
		f = search(o->m, o->host, p, &o->step->peer,
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
	    may_come(o->m, o->host, &o->step->peer)) {
		await_connect(o, p->id);
		return defer(
		    o, key_of(KEY_SYN, p->id, 0), "connect", found_cost(o, &f));
	}
	await_connect(o, 0);
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
