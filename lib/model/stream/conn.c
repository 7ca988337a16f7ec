/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Connections: their life, their index, and waiting for the other end.
 */
#include "conn.h"

#include <stdlib.h>

#include "../deviate.h"
#include "../offer.h"
#include "../report.h"
#include "../socket/port.h"
#include "ending.h"
#include "held.h"
#include "match.h"
#include "rematch.h"
#include "stream.h"

#define GONE_MAX 4096 /* connections kept that may yet be accepted */

struct conn *
conn_new(struct nc_model *m)
{
	struct conn *c = nc_pool_get(&m->all_conns);

	c->number = ++m->conns;
	c->pending_then = -1;
	c->seq = m->seq;
	c->opened = "pending";
	c->all_prev = m->open_last;
	if (m->open_last)
		m->open_last->all_next = c;
	else
		m->open = c;
	m->open_last = c;
	return c;
}

struct ep *
ep_new(struct nc_model *m, struct conn *c, int side, struct sock *s)
{
	struct ep *e = nc_pool_get(&m->eps);

	e->sock = s;
	e->host = s->host;
	e->number = s->number;
	e->conn = c;
	e->side = side;
	e->id = ++m->ids;
	e->tx.fin_time = NC_NIL;
	ending_init(&e->use);
	e->heard_sent = e->heard_came = NC_NIL;
	c->ep[side] = e;
	s->ep = e;
	gone_take(&m->gone_conns, &c->gone);
	return e;
}

uint64_t
ep_largest(const struct ep *e)
{
	const struct ep *p = ep_peer(e);

	return p ? tx_largest(&p->tx, e->rx.rcvd, e->rx.largest) :
		   e->rx.largest;
}

bool
conn_is_self(const struct conn *c)
{
	const struct nc_addr *own = &c->client_local;

	if (!own->port || own->port != c->target.port)
		return false;
	/* To an address of its host the kernel goes out from that very one. */
	return nc_addr_same_ip(own, &c->target) ||
	    (nc_addr_is_wildcard(own) && c->port && c->ep[0] &&
		c->port->host == c->ep[0]->host);
}

void
conn_self(struct offer *o, struct conn *c)
{
	struct dev d;

	if (c->self)
		return;
	c->self = true;
	c->success = true;
	c->maybe = false;
	conn_unindex(o->m, c);
	conn_external(o->m, c, false);
	/* What comes in is what went out: nobody else's bytes. */
	c->unseen = false;
	c->match = MATCH_EXACT;
	if (c->ep[0])
		c->ep[0]->rx.elastic = false;
	if (!dev_open(&d, o, DEV_SELF_CONNECT, "connect_self"))
		return;
	dev_conn(&d, c, SIDE_CLIENT);
	dev_int(&d, "by_bind", o->sock && o->sock->own_port);
	dev_cause(&d, &c->connect);
	dev_close(&d);
}

static bool
ends_gone(const struct conn *c)
{
	return !(c->ep[0] && !c->ep[0]->released) &&
	    !(c->ep[1] && !c->ep[1]->released);
}

/* Pending, but no accept has taken it since so many others. */
static void
given_up(struct nc_model *m)
{
	struct gone *oldest = gone_beyond(&m->gone_conns, GONE_MAX);
	struct conn *c;

	if (!oldest)
		return;
	gone_take(&m->gone_conns, oldest);
	c = gone_of(oldest, struct conn);
	if (!ends_gone(c))
		return;
	if (c->in_port)
		port_pending_tell(m, c);
	port_orphan_tell(m, c);
	conn_finish(m, c);
}

void
conn_ended(struct nc_model *m, struct conn *c)
{
	if (conn_over(c)) {
		conn_finish(m, c);
	} else if (ends_gone(c)) {
		gone_put(&m->gone_conns, &c->gone);
		given_up(m);
	}
}

bool
conn_over(const struct conn *c)
{
	return ends_gone(c) &&
	    !(c->state == CONN_PENDING && (c->in_port || c->indexed));
}

static uint64_t
client_key(const struct conn *c, const struct nc_addr *client)
{
	uint64_t at = c->port && c->port->host ? c->port->id : 0;

	if (nc_addr_is_wildcard(client))
		return key_of(
		    5, at, key_of(2, c->connect.host->index, 0) ^ client->port);
	return key_of(5, at, nc_addr_hash_ip(client) ^ client->port);
}

void
conn_unindex(struct nc_model *m, struct conn *c)
{
	struct nc_addr port = { .port = c->client_local.port };
	uint64_t forwarded =
	    key_of(5, FORWARDED, nc_addr_hash_ip(&port) ^ port.port);

	if (c->indexed && nc_map_get(&m->by_client, c->index_key) == c)
		nc_map_del(&m->by_client, c->index_key);
	if (c->index_forwarded && nc_map_get(&m->by_client, forwarded) == c)
		nc_map_del(&m->by_client, forwarded);
	c->indexed = false;
	c->index_forwarded = false;
}

void
conn_index(struct nc_model *m, struct conn *c)
{
	if (c->client_local.port == 0 || c->indexed || c->state == CONN_OPEN ||
	    c->state == CONN_FAILED)
		return;
	c->index_key = client_key(c, &c->client_local);
	nc_map_put(&m->by_client, c->index_key, c);
	c->indexed = true;
	if (c->maybe) {
		struct nc_addr port = { .port = c->client_local.port };

		nc_map_put(&m->by_client,
		    key_of(5, FORWARDED, nc_addr_hash_ip(&port) ^ port.port),
		    c);
		c->index_forwarded = true;
	}
	if (!c->ep[1] && m->by_pair.n)
		match_late(m, c);
	if (!c->ep[1] && m->orphans.n)
		match_found(m, c);
	fire(m,
	    key_of(KEY_SYN,
		c->port && c->port->host ? c->port->id : c->target.port, 0),
	    0);
}

static void
ep_free(struct nc_model *m, struct ep *e)
{
	if (!e)
		return;
	if (e->sock && e->sock->ep == e)
		e->sock->ep = NULL;
	match_forget(m, e);
	tx_free(&e->tx);
	if (e->tx.doubted)
		dev_free(e->tx.doubted);
	free(e->timeouts);
	free(e->stall);
	free(e->mutual);
	free(e->cut_short);
	rematch_forget(e);
	nc_pool_put(&m->eps, e);
}

void
conn_finish(struct nc_model *m, struct conn *c)
{
	conn_write(m, c);
	conn_unindex(m, c);
	conn_redirects(m, c, false);
	match_forget_orphan(m, c);
	if (c->floating_key && nc_map_get(&m->floating, c->floating_key) == c)
		nc_map_del(&m->floating, c->floating_key);
	port_remove(c);
	port_unresolved(c, false);
	if (c->all_prev)
		c->all_prev->all_next = c->all_next;
	else
		m->open = c->all_next;
	if (c->all_next)
		c->all_next->all_prev = c->all_prev;
	else
		m->open_last = c->all_prev;
	ep_free(m, c->ep[0]);
	ep_free(m, c->ep[1]);
	held_free(c->held);
	free(c->unanswered);
	free(c->tls);
	free(c->asks_for);
	free(c->pace);
	listener_unref(c->listener);
	gone_take(&m->gone_conns, &c->gone);
	nc_pool_put(&m->all_conns, c);
}

bool
conn_idle(const struct conn *c, int side)
{
	const struct ep *e = c->ep[side], *p = c->ep[!side];

	if (!e || !p)
		return false;
	if (!e->tx.sent && !e->rx.rcvd && !p->tx.sent && !p->rx.rcvd)
		return true;
	return e->tx.sent && p->tx.sent && p->rx.rcvd == e->tx.sent &&
	    e->rx.rcvd == p->tx.sent && e->tx.last_ref.seq > p->tx.last_ref.seq;
}

int
conn_confidence(const struct conn *c)
{
	if (c->late || c->unseen || (c->ep[0] && c->ep[0]->rx.elastic) ||
	    (c->ep[1] && c->ep[1]->rx.elastic))
		return 40;
	switch (c->match) {
	case MATCH_HOST:
	case MATCH_NAT:
		return 80;
	case MATCH_INFERRED:
		return 60;
	default:
		return 90;
	}
}

/* The other end is outside of all traces: from here on anything goes. */
void
conn_external(struct nc_model *m, struct conn *c, bool unseen)
{
	struct ep *e = c->ep[0] ? c->ep[0] : c->ep[1];

	if (unseen) {
		c->unseen = true;
		if (c->port && c->port->host && !c->port->listeners)
			c->port->unseen = true;
	}
	conn_redirects(m, c, false);
	if (c->maybe && c->foreign)
		nc_map_put(&m->external, nc_addr_hash_ip(&c->target), c);
	c->maybe = false;
	c->state = CONN_HALF;
	if (c->match == MATCH_NONE)
		c->match = MATCH_EXTERNAL;
	port_remove(c);
	if (e) {
		tx_free(&e->tx);
		e->tx.lossy = true;
		e->rx.elastic = c->port && c->port->host;
	}
}

/*
 * The host, whose own addresses nobody has told, serves that port itself: the
 * target may be one of them.
 */
static bool
is_served_here(struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *target)
{
	const struct port *p;

	if (h->declared || host_done(h))
		return false;
	p = port_get(m, m->hosts[h->index], false, target->port, false);
	return p && p->listeners;
}

/* May a foreign target turn out to be a traced host's unknown address? */
bool
conn_may_be_traced(struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *target)
{
	size_t i;

	if (nc_map_get(&m->external, nc_addr_hash_ip(target)))
		return false;
	for (i = 0; i < m->nhosts; i++)
		if (m->hosts[i] != h && !host_done(m->hosts[i]))
			return true;
	return is_served_here(m, h, target);
}

/* An accept may have been taken for another's, and was its own. */
static bool
was_given_away(const struct conn *c)
{
	return !c->client_local.port && (c->port->guesses || c->port->astray);
}

void
conn_redirects(struct nc_model *m, struct conn *c, bool on)
{
	struct nc_host_state *h =
	    c->connect.host ? m->hosts[c->connect.host->index] : NULL;

	if (!h || c->in_redirects == on || (on && c->client_local.port))
		return;
	c->in_redirects = on;
	if (on) {
		c->redir_next = NULL;
		c->redir_prev = h->redirects_last;
		if (c->redir_prev)
			c->redir_prev->redir_next = c;
		else
			h->redirects = c;
		h->redirects_last = c;
		return;
	}
	if (c->redir_prev)
		c->redir_prev->redir_next = c->redir_next;
	else
		h->redirects = c->redir_next;
	if (c->redir_next)
		c->redir_next->redir_prev = c->redir_prev;
	else
		h->redirects_last = c->redir_prev;
	c->redir_next = c->redir_prev = NULL;
}

bool
conn_may_be_redirected(const struct conn *c)
{
	const struct nc_host_state *h = c->connect.host;

	return h && c->port && c->port->host && !c->port->unseen &&
	    c->port->host != h;
}

enum nc_answer
conn_await(struct offer *o, struct ep *e, enum need need, uint64_t n)
{
	struct conn *c = e->conn;
	const struct nc_host_state *to = c->port ? c->port->host : NULL;

	if (c->state == CONN_OPEN || c->state == CONN_HALF)
		return NC_ACCEPT;
	if (o->stuck && rematch(o->m, e, o->call, need, n))
		return NC_ACCEPT;
	if (!to) {
		if (o->mode == NC_TRY && c->maybe &&
		    conn_may_be_traced(o->m, e->host, &c->target))
			return defer(o, key_of(KEY_CONN, c->number, 0),
			    "accept of the connection", 2);
		if (!rematch(o->m, e, o->call, need, n))
			conn_external(o->m, c, false);
		return NC_ACCEPT;
	}
	if (o->mode == NC_TRY && !host_done(to)) {
		uint64_t key = key_of(KEY_RX, e->id, 0);
		const char *what = "bytes on an accepted connection";
		enum nc_answer a = NC_DEFER;

		/* Nobody who could accept it has shown so far. */
		if (port_listener(c->port, &c->target, false))
			a = park(o, key, e->rx.rcvd + 1, what,
			    was_given_away(c) ? 1 : 3);
		else
			defer(o, key, what, 1);
		o->wait->at = e->rx.rcvd + 1;
		o->wait->by = to;
		return a;
	}
	/* Served by a process that is in no trace. */
	if (c->maybe && c->state == CONN_PENDING)
		conn_unheard(o, c, "connect_ok");
	else if (!rematch(o->m, e, o->call, need, n))
		conn_external(o->m, c, true);
	return NC_ACCEPT;
}
