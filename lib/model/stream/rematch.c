/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which connect was accepted where, once the first guess has proved wrong.
 */
#include "rematch.h"

#include <stdlib.h>
#include <string.h>

#include "../offer.h"
#include "../socket/port.h"
#include "conn.h"
#include "match.h"
#include "stream.h"
#include "util.h"

#define CANDIDATES 32 /* connections looked at for one end */
#define LONGEST 6     /* connections of a path */
#define TRIED 256     /* pairs compared in one search */

/* Connections exchange their server ends one after the other. */
struct path {
	struct conn *from[LONGEST], *to[LONGEST];
	int n, tried;
	const struct conn *refused; /* is to have no server end; or NULL */
};

void
rematch_forget(struct ep *e)
{
	if (e->seen)
		tx_free(e->seen);
	free(e->seen);
	e->seen = NULL;
}

void
rematch_note(const struct offer *o, struct ep *e, uint64_t n, bool keep)
{
	struct chunk *k;

	if (!keep || (e->rx.rcvd && !e->seen)) {
		rematch_forget(e);
		return;
	}
	if (!e->seen)
		e->seen = nc_xcalloc(1, sizeof(*e->seen));
	for (k = tx_append(e->seen, o, n); k; k = k->next)
		k->optional = false;
}

/* What the end has read so far could as well have come from the other. */
static bool
could_read(const struct ep *e, const struct ep *from)
{
	const struct ep *was = ep_peer(e);

	if (e->rx.rcvd > from->tx.sent)
		return false;
	if (e->rx.eof && !(from->tx.fin && from->tx.sent == e->rx.rcvd))
		return false;
	if (e->rx.rcvd == 0 || was == from)
		return true;
	if (e->seen && e->seen->sent == e->rx.rcvd)
		return tx_same(e->seen, &from->tx, e->rx.rcvd);
	return was && tx_same(&was->tx, &from->tx, e->rx.rcvd);
}

/* A connection that may be part of another match. */
static bool
is_open(const struct conn *c)
{
	const struct ep *client = c->ep[SIDE_CLIENT];
	const struct ep *server = c->ep[SIDE_SERVER];

	return client && !c->error && !c->held && !client->rx.elastic &&
	    !(server && server->rx.elastic);
}

/* Nothing says that the client of one was not accepted as the other. */
static bool
could_be(const struct conn *client, const struct conn *server)
{
	const struct nc_addr *own = &client->client_local;
	const struct nc_addr *seen = &server->server_peer;

	if (client == server || !seen->family)
		return true;
	/* Who is behind a translator, only the payload says. */
	if (client->connect.host != server->connect.host &&
	    (server->match == MATCH_HOST ||
		(client->match == MATCH_HOST && client->server_peer.family)))
		return false;
	/* Nothing translates what stays within a host, or comes as it is. */
	if (server->match != MATCH_HOST)
		return client->connect.host != server->ep[SIDE_SERVER]->host &&
		    !(client->connect.host->seen && own->family);
	/* Both ends state the client's port, and not the same. */
	return !own->port || own->port == seen->port;
}

/* The client of one connection and the server end of another agree. */
static bool
agree(struct path *p, const struct conn *client, const struct conn *server)
{
	const struct ep *c = client->ep[SIDE_CLIENT];
	const struct ep *s = server->ep[SIDE_SERVER];

	p->tried++;
	if (!s) /* it waits to be accepted */
		return c->rx.rcvd == 0 && !c->rx.eof;
	if (client == p->refused)
		return false;
	return could_be(client, server) && could_read(c, s) && could_read(s, c);
}

static bool
suits(const struct ep *reader, const struct ep *other,
    const struct nc_call *call, enum need need, uint64_t n)
{
	struct difference d;
	uint64_t compared, known;

	if (!could_read(reader, other))
		return false;
	switch (need) {
	case NEED_PLACE:
	case NEED_NONE:
		return true;
	case NEED_END:
		return other->tx.fin && other->tx.sent == reader->rx.rcvd;
	case NEED_EITHER:
		return other->tx.fin || other->tx.sent > reader->rx.rcvd;
	default:
		break;
	}
	if (other->tx.sent < reader->rx.rcvd + n ||
	    tx_compare(&other->tx, reader->rx.rcvd, reader->host->key, call, n,
		&compared, &d))
		return false;
	known = call->data.len < MATCH_PROOF ? call->data.len : MATCH_PROOF;
	return need == NEED_BYTES || compared >= known;
}

/* Connections whose match is a guess, then those that were not accepted. */
static struct conn *
next_of(const struct port *p, struct conn *c, bool *pending)
{
	if (c)
		c = *pending ? c->next : c->also_next;
	else
		c = p->unresolved;
	if (!c && !*pending) {
		*pending = true;
		c = p->pending;
	}
	return c;
}

static bool
is_on(const struct path *p, const struct conn *c)
{
	int i;

	for (i = 0; i < p->n; i++)
		if (p->from[i] == c || p->to[i] == c)
			return true;
	return false;
}

/*
 * The client of c has to do with the server end of s, which it may not agree
 * with: if so, exchanges that with one that it agrees with, until all do.
 */
static bool
settle(struct path *p, struct conn *c, struct conn *s)
{
	struct conn *d;
	bool pending = false;
	int n = 0;

	if (agree(p, c, s))
		return true;
	if (p->n == LONGEST)
		return false;
	for (d = next_of(c->port, NULL, &pending);
	     d && n < CANDIDATES && p->tried < TRIED;
	     d = next_of(c->port, d, &pending), n++) {
		if (d == c || is_on(p, d) || !is_open(d) || !agree(p, c, d))
			continue;
		p->from[p->n] = c;
		p->to[p->n++] = d;
		if (settle(p, d, s))
			return true;
		p->n--;
	}
	return false;
}

static void
wake(struct nc_model *m, const struct conn *c)
{
	int i;

	for (i = 0; i < 2; i++)
		if (c->ep[i])
			fire(m, key_of(KEY_RX, c->ep[i]->id, 0), NC_AT_END);
}

/* What was found out about a match does not hold for another. */
static void
unconfirm(struct conn *c)
{
	c->confirmed = false;
	c->exchanged = true;
	if (c->match != MATCH_NAT || !c->nat_confirmed ||
	    strcmp(c->nat_confirmed, "payload") != 0)
		return;
	c->match = MATCH_INFERRED;
	c->nat_confirmed = NULL;
}

/* Nobody has accepted it: it is what its client knows of it. */
static void
unaccept(struct conn *c)
{
	c->success = c->told || c->ep[SIDE_CLIENT]->tx.sent > 0;
	c->opened = c->success ? "connected" : "pending";
	c->state = c->success ? CONN_PENDING : CONN_FLOATING;
}

static void
exchange(struct nc_model *m, struct conn *a, struct conn *b)
{
	struct ep *ea = a->ep[SIDE_SERVER], *eb = b->ep[SIDE_SERVER];
	struct nc_addr peer = a->server_peer, local = a->server_local;
	struct ref accept = a->accept;
	enum conn_state state = a->state;
	struct conn *now, *before;

	a->ep[SIDE_SERVER] = eb;
	b->ep[SIDE_SERVER] = ea;
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
	unconfirm(a);
	unconfirm(b);
	if (!ea == !eb)
		return;
	now = ea ? b : a; /* accepted */
	before = ea ? a : b;
	port_remove(now);
	/* An accept of just its address would take an inferred one back. */
	if (before->match != MATCH_INFERRED)
		conn_unindex(m, now);
	now->match = before->match;
	now->nat_confirmed = before->nat_confirmed;
	now->success = true;
	now->opened = "connected";
	now->maybe = false;
	port_unresolved(before, false);
	port_unresolved(now, true);
	unaccept(before);
	before->match = MATCH_NONE;
	before->nat_confirmed = NULL;
	port_add(m, before);
	conn_index(m, before);
}

static void
walk(struct nc_model *m, const struct path *p)
{
	int i;

	for (i = 0; i < p->n; i++)
		exchange(m, p->from[i], p->to[i]);
	for (i = 0; i < p->n; i++) {
		match_learn(p->from[i]);
		match_learn(p->to[i]);
		wake(m, p->from[i]);
		wake(m, p->to[i]);
	}
}

/*
 * A server end that has read what its client did not send may be an untraced
 * process's: the guess is given up where its client, or its place, would do.
 */
static bool
gives_way(struct nc_model *m, struct ep *reader, const struct nc_call *call,
    enum need need, uint64_t n)
{
	struct conn *c = reader->conn, *b, *bad;
	const struct ep *with;
	int tried = 0;

	if (need == NEED_NONE || need == NEED_PLACE)
		return false;
	for (b = c->port->unresolved; b && tried < CANDIDATES;
	     b = b->also_next, tried++) {
		with = b->ep[!reader->side];
		bad = reader->side == SIDE_SERVER ? b : c;
		if (b != c && with && is_open(b) && bad->ep[SIDE_SERVER] &&
		    bad->ep[SIDE_SERVER]->rx.mismatches &&
		    suits(reader, with, call, need, n) &&
		    could_read(with, reader) &&
		    (reader->side == SIDE_SERVER ? could_be(b, c) :
						   could_be(c, b)))
			return match_give_up(m, bad);
	}
	return false;
}

bool
rematch(struct nc_model *m, struct ep *reader, const struct nc_call *call,
    enum need need, uint64_t n)
{
	struct conn *c = reader->conn, *b, *client, *server;
	struct path p = { .n = 0 };
	bool pending = false, found = false;
	int tried = 0;

	p.refused = need == NEED_NONE ? c : NULL;
	if (!c->port || !(c->unresolved || c->in_port) || !is_open(c))
		return false;
	for (b = next_of(c->port, NULL, &pending);
	     b && tried < CANDIDATES && p.tried < TRIED && !found;
	     b = next_of(c->port, b, &pending), tried++) {
		struct ep *with = b == c ? NULL : b->ep[!reader->side];

		if (!with || !is_open(b) || !suits(reader, with, call, need, n))
			continue;
		/* The client that the reader had, or the one of its new end. */
		client = reader->side == SIDE_SERVER ? c : b;
		server = reader->side == SIDE_SERVER ? b : c;
		if (!agree(&p, reader->side == SIDE_SERVER ? b : c,
			reader->side == SIDE_SERVER ? c : b))
			continue;
		p.n = 1;
		p.from[0] = c;
		p.to[0] = b;
		found = settle(&p, client, server);
	}
	if (found)
		walk(m, &p);
	return found ||
	    (gives_way(m, reader, call, need, n) &&
		rematch(m, reader, call, need, n));
}

/* The connection whose accept saw the very address, as its client shows none. */
static struct conn *
seen_as(const struct port *p, const struct nc_addr *own)
{
	struct conn *c;
	int n = 0;

	for (c = p->unresolved; c && n < CANDIDATES; c = c->also_next, n++)
		if (c->ep[SIDE_SERVER] && nc_addr_same(&c->server_peer, own) &&
		    !nc_addr_same(&c->client_local, own))
			return c;
	return NULL;
}

void
rematch_address(struct nc_model *m, struct conn *c)
{
	const struct nc_addr *own = &c->client_local;
	struct path p = { .n = 0 };
	struct conn *d;

	if (!c->port || !c->port->host || !own->port || !is_open(c) ||
	    (c->ep[SIDE_SERVER] &&
		(!c->unresolved || c->match != MATCH_HOST ||
		    nc_addr_same(own, &c->server_peer))))
		return;
	d = seen_as(c->port, own);
	if (!d && c->ep[SIDE_SERVER] && c->server_peer.family)
		d = conn_from(m, c->port->id, &c->server_peer);
	if (!d || d == c || !is_open(d) || !agree(&p, c, d))
		return;
	p.n = 1;
	p.from[0] = c;
	p.to[0] = d;
	if (settle(&p, d, c))
		walk(m, &p);
}
