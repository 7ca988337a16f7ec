/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which connect an accept belongs to.
 */
#include "accept_find.h"

#include "../offer.h"
#include "../socket/port.h"
#include "conn.h"
#include "match.h"

#define CANDIDATES 16 /* looked at in one search */
#define SURE 4        /* the score of the very one */

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

/* One that another accept took although this is its very address, as seen. */
static struct conn *
taken_wrongly(struct nc_model *m, const struct port *p,
    const struct nc_addr *own, const struct nc_addr *seen)
{
	struct conn *c = nc_map_get(
	    &m->by_client, key_of(5, p->id, nc_addr_hash_ip(own) ^ own->port));

	return c && c->ep[1] && c->ep[0] &&
		(c->match == MATCH_INFERRED || c->match == MATCH_NAT) &&
		nc_addr_same(&c->client_local, own) &&
		!nc_addr_same(&c->server_peer, seen) ?
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

/* By its port, of one of the hosts that are declared to come from there. */
static struct conn *
declared_port(
    struct nc_model *m, const struct port *p, const struct nc_addr *peer)
{
	const struct nat *n = nc_map_get(&m->nat_public, nc_addr_hash_ip(peer));
	struct conn *c = NULL;

	for (; n && !c; n = n->next) {
		struct nc_addr inner = n->private_;

		inner.port = n->private_.port ? n->private_.port : peer->port;
		c = conn_from(m, p->id, &inner);
		if (!c)
			c = taken_wrongly(m, p, &inner, peer);
	}
	return c;
}

/*
 * Any of theirs, if the port may have been changed: first one whose own port
 * is not known.
 */
static struct conn *
declared_any(
    struct nc_model *m, const struct port *p, const struct nc_addr *peer)
{
	const struct nat *n = nc_map_get(&m->nat_public, nc_addr_hash_ip(peer));
	struct conn *c, *other = NULL;
	int tried;

	for (; n; n = n->next)
		for (c = p->pending, tried = 0; c && tried < CANDIDATES;
		     c = c->next, tried++) {
			if (c->connect.host != n->host || c->ep[1] || c->error)
				continue;
			if (!c->client_local.port)
				return c;
			if (!other)
				other = c;
		}
	return other;
}

struct found
accept_search(struct nc_model *m, struct nc_host_state *h, struct port *p,
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
	if ((f.conn = taken_wrongly(m, p, peer, peer)))
		return f;
	from = host_owning(m, h, peer);
	if (from && (f.conn = by_port(m, p->id, from, peer->port)))
		return f;
	/* The translator may be a traced host, too. */
	if ((f.conn = declared_port(m, p, peer))) {
		f.match = MATCH_NAT;
		return f;
	}
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
	if ((f.conn = declared_any(m, p, peer))) {
		f.match = MATCH_INFERRED;
		f.unsure = true;
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
bool
accept_may_come(struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *peer, const struct nc_addr *local)
{
	const struct nc_host_state *from;
	size_t i;

	if (!peer->family) {
		for (i = 0; i < m->nhosts; i++)
			if (!host_done(m->hosts[i]))
				return true;
		return false;
	}
	/* Whoever comes from the address that it comes to is at home. */
	from = nc_addr_same_ip(peer, local) ? h : host_owning(m, h, peer);
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
