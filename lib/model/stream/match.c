/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Matches in doubt: late sockets, payload that decides, what to do when the
 * bytes show that it was another.
 */
#include "match.h"

#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/guess.h"
#include "../socket/port.h"
#include "conn.h"
#include "held.h"
#include "rematch.h"
#include "stream.h"

#define CANDIDATES 16 /* looked at in one search */

void
match_tell_nat(struct nc_model *m, struct conn *c)
{
	struct dev d;

	/* It is reached under its own addresses: that was another's. */
	if (c->nat_confirmed && c->connect.host && c->connect.host->seen &&
	    strcmp(c->nat_confirmed, "declared") != 0)
		return;
	if (!c->nat_confirmed || !c->server_peer.family || !c->ep[1] ||
	    c->ep[1]->rx.mismatches || (c->ep[0] && c->ep[0]->rx.mismatches))
		return;
	if (!dev_open_ref(&d, m, &c->accept, DEV_NAT_ADDRESS, "accept_ok"))
		return;
	dev_conn(&d, c, SIDE_SERVER);
	d.base = 90; /* its payload says so, or the user */
	if (c->client_local.family)
		dev_addr(&d, "own", &c->client_local);
	else if (c->connect.host && c->connect.host->naddrs)
		dev_addr(&d, "own", &c->connect.host->addrs[0]);
	dev_addr(&d, "seen", &c->server_peer);
	/* Which of the client's connections it is may be in doubt. */
	dev_str(&d, "confirmed",
	    host_declared_as(m, c->connect.host, &c->server_peer) ?
		"declared" :
		c->nat_confirmed);
	dev_int(&d, "port_equal", c->client_local.port == c->server_peer.port);
	dev_cause(&d, &c->connect);
	dev_close(&d);
}

void
match_tell_redirect(struct nc_model *m, struct conn *c)
{
	struct dev d;

	if (!c->redirected || !c->nat_confirmed || !c->ep[1] ||
	    c->ep[1]->rx.mismatches || (c->ep[0] && c->ep[0]->rx.mismatches) ||
	    !dev_open_ref(&d, m, &c->accept, DEV_PORT_FORWARDED, "accept_ok"))
		return;
	dev_conn(&d, c, SIDE_SERVER);
	d.base = 90; /* its payload says so */
	dev_addr(&d, "target", &c->target);
	dev_addr(&d, "local", &c->server_local);
	dev_str(&d, "confirmed", c->nat_confirmed);
	dev_cause(&d, &c->connect);
	dev_close(&d);
}

static void
pair_put(struct nc_model *m, uint64_t key, struct ep *e)
{
	struct ep *before = nc_map_put(&m->by_pair, key, e);

	if (before)
		before->pair_key = 0;
	e->pair_key = key;
}

void
match_forget(struct nc_model *m, struct ep *e)
{
	if (e->pair_key)
		nc_map_del(&m->by_pair, e->pair_key);
	e->pair_key = 0;
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
		struct conn *from = p ? conn_from(m, p->id, &s->peer) : NULL;

		pair_put(m, mine, e);
		if (from)
			match_late(m, from);
		return;
	}
	/* Take the other's connection; which of them connected is unknown. */
	match_forget(m, other);
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

#define ORPHANS_MAX 65536 /* more are not kept in mind */

static uint64_t
orphan_key(const struct port *p, const struct nc_addr *peer)
{
	return key_of(2, p->id, nc_addr_hash_ip(peer) ^ peer->port);
}

void
match_orphan(struct nc_model *m, struct conn *c, const struct port *p)
{
	if (!c->server_peer.port || m->orphans.n >= ORPHANS_MAX)
		return;
	c->orphan_key = orphan_key(p, &c->server_peer);
	nc_map_put(&m->orphans, c->orphan_key, c);
}

void
match_forget_orphan(struct nc_model *m, struct conn *c)
{
	if (c->orphan_key && nc_map_get(&m->orphans, c->orphan_key) == c)
		nc_map_put(&m->orphans, c->orphan_key, m);
	c->orphan_key = 0;
}

/* The end that was half a connection becomes the server end of c. */
static void
adopt(struct nc_model *m, struct conn *c, struct ep *e)
{
	struct conn *was = e->conn;

	was->ep[e->side] = NULL;
	was->written = true;
	e->conn = c;
	e->side = SIDE_SERVER;
	c->ep[SIDE_SERVER] = e;
	conn_finish(m, was);
	port_remove(c);
	conn_unindex(m, c);
	c->late = true;
	c->success = true;
	c->opened = "connected";
	c->match = MATCH_EXACT;
	c->state = CONN_OPEN;
	c->ep[SIDE_CLIENT]->rx.elastic = true;
	c->ep[SIDE_CLIENT]->tx.lossy = true;
	tx_free(&c->ep[SIDE_CLIENT]->tx);
	fire(m, key_of(KEY_CONN, c->number, 0), 0);
	fire(m, key_of(KEY_RX, c->ep[SIDE_CLIENT]->id, 0), NC_AT_END);
}

void
match_found(struct nc_model *m, struct conn *c)
{
	uint64_t key = c->port && c->port->host ?
	    orphan_key(c->port, &c->client_local) :
	    0;
	void *found = key ? nc_map_get(&m->orphans, key) : NULL;
	struct conn *was = found == m ? NULL : found;

	if (!found || !c->ep[SIDE_CLIENT] ||
	    (was && !nc_addr_same(&was->server_peer, &c->client_local)))
		return;
	nc_map_del(&m->orphans, key);
	if (!was) {
		c->success = true;
		c->opened = "connected";
		conn_external(m, c, true);
		return;
	}
	was->orphan_key = 0;
	if (!was->ep[SIDE_SERVER] || was->ep[SIDE_CLIENT])
		return;
	c->server_local = was->server_local;
	c->server_peer = was->server_peer;
	c->accept = was->accept;
	was->ep[SIDE_SERVER]->rx.elastic = true;
	adopt(m, c, was->ep[SIDE_SERVER]);
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
	match_forget(m, e);
	c->server_local = was->client_local;
	c->server_peer = was->target;
	adopt(m, c, e);
}

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

bool
match_is_stated(const struct conn *c)
{
	return c->match == MATCH_EXACT ||
	    (c->match == MATCH_NAT && c->nat_confirmed &&
		strcmp(c->nat_confirmed, "declared") == 0 &&
		c->client_local.port &&
		c->client_local.port == c->server_peer.port);
}

bool
match_is_ambiguous(const struct conn *c)
{
	if (match_is_stated(c) || !c->port)
		return false;
	return c->port->astray ||
	    (c->unresolved && !(c->confirmed && c->sole) && !is_sole(c));
}

bool
match_is_sole(const struct conn *c)
{
	return c->confirmed ? c->sole : is_sole(c);
}

bool
match_is_open(const struct conn *c)
{
	return !match_is_stated(c) &&
	    (!(c->confirmed && c->sole) || (c->port && c->port->astray));
}

bool
match_is_guess(const struct conn *c)
{
	return c->match != MATCH_EXACT && c->ep[0] && c->ep[1] &&
	    !(c->confirmed && c->sole) && !is_sole(c);
}

void
match_learn(struct conn *c)
{
	if ((c->match != MATCH_HOST && c->match != MATCH_INFERRED) ||
	    !c->ep[1] || !c->server_peer.family ||
	    !nc_addr_same(&c->client_local, &c->server_peer))
		return;
	c->match = MATCH_EXACT;
	port_unresolved(c, false);
}

/* Which connects there were by then, no clock tells, or it was wrong before. */
static bool
is_blurred(const struct conn *c)
{
	if (c->match == MATCH_EXACT)
		return false;
	return c->exchanged || (c->ep[0] && c->ep[0]->host->apart) ||
	    (c->ep[1] && c->ep[1]->host->apart);
}

void
match_confirm(struct conn *c, uint64_t bytes)
{
	if (c->confirmed || bytes < MATCH_PROOF)
		return;
	/* What is alike after bytes that differ proves no guess. */
	if (c->match != MATCH_EXACT &&
	    ((c->ep[0] && c->ep[0]->rx.mismatches) ||
		(c->ep[1] && c->ep[1]->rx.mismatches)))
		return;
	c->confirmed = true;
	c->sole = is_sole(c) && !is_blurred(c);
	if (c->match == MATCH_INFERRED) {
		c->match = MATCH_NAT;
		c->nat_confirmed = "payload";
	}
}

static bool
may_undo(const struct conn *c)
{
	if (!c->ep[0] || !c->ep[1] || c->match == MATCH_EXACT)
		return false;
	/* Who connected before its host's trace began is in none. */
	if (c->match == MATCH_HOST && !c->learned && c->server_peer.family &&
	    (c->confirmed || c->client_local.port ||
		!c->ep[0]->host->begun_late))
		return false;
	return !c->nat_confirmed || strcmp(c->nat_confirmed, "declared") != 0;
}

bool
match_is_inferred(const struct conn *c)
{
	return may_undo(c) && !c->confirmed &&
	    (c->match != MATCH_HOST || c->learned);
}

static bool
undo(struct nc_model *m, struct conn *c)
{
	struct ep *e = c->ep[1], *client = c->ep[0];
	struct conn *n;

	if (c->learned && guess_is_address(m, &c->server_peer))
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
	c->undone = true;
	/* What was left unread was left by others. */
	held_free(c->held);
	c->held = NULL;
	if (c->port) {
		c->port->astray = true;
		if (!n->server_peer.family)
			c->port->nameless = true;
	}
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
match_undo(struct nc_model *m, struct conn *c)
{
	return may_undo(c) && undo(m, c);
}

bool
match_give_up(struct nc_model *m, struct conn *c)
{
	return (may_undo(c) ||
		   (match_is_guess(c) && c->match == MATCH_HOST &&
		       !c->client_local.port)) &&
	    undo(m, c);
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
