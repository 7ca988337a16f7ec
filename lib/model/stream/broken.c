/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A connection that breaks: resets, deaths, and use without one.
 */
#include "../wait.h"
#include "transfer.h"

#include <string.h>

#include "../deviate.h"
#include "../host/clock.h"
#include "../offer.h"
#include "../socket/port.h"
#include "../socket/socket.h"
#include "conn.h"
#include "held.h"
#include "quiet.h"

#define SLACK_NS 50000000 /* beyond the bounds on two clocks */

/* The shutdown of either end, and what came after it. */
static void
because_of_shutdown(struct dev *d, const struct ep *e)
{
	const struct ep *p = ep_peer(e);

	if (e->sock)
		sock_because(d, e->sock, TOLD_SHUT);
	if (p && p->sock)
		sock_because(d, p->sock, TOLD_SHUT);
	if (p)
		dev_cause(d, &p->tx.last_ref);
}

static void
tell_reset(struct offer *o, struct ep *e, const char *rule)
{
	struct conn *c = e->conn;
	struct dev d;

	if (!dev_open(&d, o, DEV_CONN_RESET, rule))
		return;
	dev_conn(&d, c, e->side);
	dev_str(&d, "cause",
	    c->state == CONN_HALF ? "external" :
		e->rst_cause      ? e->rst_cause :
				    "unknown");
	dev_int(&d, "unread", (int64_t)e->rst_bytes);
	dev_int(&d, "both_done", e->wr_shut && e->rx.eof);
	if (ep_peer(e) && ep_peer(e)->crashed)
		dev_int(&d, "crashed", 1);
	if (conn_idle(c, e->side))
		dev_weak(&d);
	if (ep_peer(e))
		dev_cause(&d, &ep_peer(e)->release);
	if (e->rst_cause && strcmp(e->rst_cause, "shutdown") == 0)
		because_of_shutdown(&d, e);
	dev_close(&d);
}

/* No end has shown a reason. */
static void
by_network(struct offer *o, struct ep *e, bool timed, const char *rule)
{
	const struct ep *p = ep_peer(e);
	struct dev d;

	e->conn->network_reset = true;
	if (!dev_open(&d, o, DEV_RESET_BY_NETWORK, rule))
		return;
	dev_conn(&d, e->conn, e->side);
	dev_int(&d, "received", (int64_t)e->rx.rcvd);
	dev_int(&d, "sent", (int64_t)e->tx.sent);
	dev_int(&d, "first_data", e->rx.rcvd == 0);
	dev_int(&d, "quiet", quiet_before_loss(e));
	dev_cause(&d, &e->tx.last_ref);
	if (p)
		dev_cause(&d, &p->rx.last_ref);
	if (p && (p->host->uncertain || p->host->begun_late))
		dev_weak(&d);
	if (timed)
		dev_timed(&d);
	dev_close(&d);
}

/*
 * The bounds on the clocks say that the peer had not released its socket yet:
 * what it left unread later did not reset the connection.
 */
static bool
before_release(struct offer *o, const struct ep *p)
{
	const struct nc_call *c = o->call;
	int64_t latest, took = wait_took(o);

	if (!p->release.host || p->release.time == NC_NIL || c->time == NC_NIL)
		return false;
	/* Nobody knows how long it waited for what it got. */
	if (took == NC_NIL && !o->sock->nonblock)
		return false;
	latest = clock_latest(
	    o->m, o->host, c->time + (took == NC_NIL ? 0 : took), p->host);
	return latest != NC_NIL && latest + SLACK_NS < p->release.time;
}

/*
 * A reset may be the network's: taken before what only a peer can bring, but
 * not before an accept that may be this connection's.
 */
static enum nc_answer
await_reset(struct offer *o, const struct ep *e, const struct nc_host_state *by)
{
	defer(o, key_of(KEY_RX, e->id, 0), "reset",
	    e->conn->state == CONN_PENDING && e->host->awaited ? 4 : 2);
	o->wait->at = NC_AT_END;
	o->wait->by = by;
	return NC_DEFER;
}

static bool
unread_by_shut(const struct ep *from, const struct ep *to)
{
	return to->rd_shut && to->wr_shut && from->tx.sent > to->rx.rcvd;
}

bool
shut_resets(const struct ep *e)
{
	const struct ep *p = ep_peer(e);

	return p && (unread_by_shut(e, p) || unread_by_shut(p, e));
}

/* ECONNRESET: with a cause that the model saw, or else the network's. */
enum nc_answer
reset(struct offer *o, struct ep *e, const char *rule)
{
	struct conn *c = e->conn;
	struct ep *p = ep_peer(e);
	const struct nc_host_state *to = c->port ? c->port->host : NULL;

	if (!e->rst && !e->rst_seen && shut_resets(e)) {
		e->rst = true;
		e->rst_cause = "shutdown";
	}
	if (!e->rst && !e->rst_seen && c->state != CONN_HALF && p &&
	    o->mode == NC_TRY && !host_done(p->host)) {
		o->wait->end_of = p->number;
		return await_reset(o, e, p->host);
	}
	if (!p && !e->rst && !e->rst_seen && to &&
	    (c->state == CONN_PENDING || c->state == CONN_FLOATING)) {
		/* Its accept may be on its way. */
		if (o->mode == NC_TRY && !host_done(to)) {
			return await_reset(o, e, to);
		}
		if (port_listener(c->port, &c->target, false)) {
			c->reset = true;
			e->rst_seen = true;
			by_network(o, e, false, rule);
			return NC_ACCEPT;
		}
	}
	c->reset = true;
	/* The other end was reset on the way itself: its close is no cause. */
	if (c->network_reset && p && p->rst_seen && !e->rst_seen) {
		e->rst = false;
		e->rst_seen = true;
		by_network(o, e, false, rule);
		return NC_ACCEPT;
	}
	if (e->rst && p && before_release(o, p)) {
		e->rst = false;
		e->rst_seen = true;
		by_network(o, e, true, rule);
		return NC_ACCEPT;
	}
	if (e->rst || c->state == CONN_HALF || c->listening_reset) {
		e->rst = false;
		e->rst_seen = true;
		held_decide(o->m, c, "reset");
		tell_reset(o, e, rule);
		return NC_ACCEPT;
	}
	if (e->rst_seen)
		return NC_ACCEPT;
	e->rst_seen = true;
	if (p && (p->released || p->left)) {
		/* What the peer left unread was sent after its close. */
		e->rst_cause = "closed";
		tell_reset(o, e, rule);
		return NC_ACCEPT;
	}
	if (c->state == CONN_PENDING || c->state == CONN_FLOATING) {
		conn_external(o->m, c, true);
		tell_reset(o, e, rule);
		return NC_ACCEPT;
	}
	by_network(o, e, false, rule);
	return NC_ACCEPT;
}

struct outstanding
unreceived(const struct ep *from)
{
	const struct ep *to = ep_peer(from);
	uint64_t read = to ? to->rx.rcvd : 0;
	struct outstanding out = { 0 };
	const struct chunk *c;

	if (from->tx.lossy)
		return out;
	for (c = from->tx.first; c; c = c->next) {
		uint64_t end = c->offset + c->len;

		if (end <= read || c->optional)
			continue;
		out.bytes += end - (c->offset > read ? c->offset : read);
		out.writes++;
		if (c->len > out.largest)
			out.largest = c->len;
	}
	return out;
}

void
died(struct offer *o, struct ep *e, const char *rule)
{
	struct outstanding out = unreceived(e);
	struct ep *p = ep_peer(e);
	struct dev d;

	e->died = true;
	if (!dev_open(&d, o, DEV_CONN_DIED, rule))
		return;
	dev_conn(&d, e->conn, e->side);
	dev_str(&d, "error", nc_errno_name(o->step->error));
	dev_int(&d, "outstanding", (int64_t)out.bytes);
	if (out.bytes)
		dev_int(&d, "largest_lost", (int64_t)out.largest);
	if (p)
		dev_int(&d, "largest_delivered", (int64_t)ep_largest(p));
	dev_int(&d, "quiet", quiet_before_loss(e));
	dev_cause(&d, &e->tx.last_ref);
	dev_close(&d);
}

void
not_supported(struct offer *o, const char *rule)
{
	struct dev d;

	if (!dev_open(&d, o, DEV_EOPNOTSUPP, rule))
		return;
	if (o->sock && o->sock->ep)
		dev_conn(&d, o->sock->ep->conn, o->sock->ep->side);
	dev_int(&d, "urgent",
	    o->call->flags != NC_NIL && (o->call->flags & NC_MSG_OOB) != 0);
	if (o->sock)
		sock_because_state(&d, o->sock);
	dev_close(&d);
}

void
not_connected(struct offer *o, const char *reason, const char *rule)
{
	struct dev d;

	if (!dev_open(&d, o, DEV_ENOTCONN, rule))
		return;
	/*
	 * Servers read their listening sockets as they shut down; what wraps
	 * sockets in TLS asks one that is not connected yet, and then reads.
	 */
	if (o->sock && (o->sock->listening || o->sock->knows_unconnected))
		dev_weak(&d);
	if (o->sock && o->sock->ep)
		dev_conn(&d, o->sock->ep->conn, o->sock->ep->side);
	dev_str(&d, "reason", reason);
	if (o->sock && o->sock->told[TOLD_SHUT])
		sock_because(&d, o->sock, TOLD_SHUT);
	else if (o->sock)
		sock_because_state(&d, o->sock);
	dev_close(&d);
}
