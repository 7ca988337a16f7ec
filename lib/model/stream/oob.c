/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Urgent data on streams (MSG_OOB).
 */
#include "oob.h"

#include <stdlib.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/socket.h"
#include "../wait.h"
#include "conn.h"
#include "stream.h"
#include "transfer.h"

void
oob_sent(struct tx *t)
{
	struct urgent **at = &t->urgent, *u;

	if (t->lossy || t->sent == 0)
		return;
	/* Only an unread stretch of MSG_OOB sends makes this list long. */
	if (t->nurgent == URGENT_MAX)
		return;
	while (*at)
		at = &(*at)->next;
	u = nc_xcalloc(1, sizeof(*u));
	u->at = t->sent - 1;
	*at = u;
	t->nurgent++;
}

void
oob_forget(struct tx *t, uint64_t from)
{
	struct urgent **at = &t->urgent, *u;

	while ((u = *at)) {
		if (u->at < from) {
			at = &u->next;
			continue;
		}
		*at = u->next;
		t->nurgent--;
		free(u);
	}
}

static bool
is_inline(const struct ep *e)
{
	return e->sock && e->sock->oobinline;
}

/* The byte under the mark may be the one that the call got. */
static bool
may_be(const struct ep *e, const struct tx *t, const struct urgent *u,
    const struct nc_call *call)
{
	struct difference diff;
	uint64_t compared;

	/* Urgent bytes are redacted apart from their stream. */
	if (e->host->key)
		return true;
	return !tx_compare(t, u->at, e->host->key, call, 1, &compared, &diff);
}

static void
invalid(struct offer *o, struct ep *e)
{
	const struct ep *p = e ? ep_peer(e) : NULL;
	struct dev d;

	if (!dev_open(&d, o, DEV_INVALID_OOB_FLAG, "recv_oob_inval"))
		return;
	if (e)
		dev_conn(&d, e->conn, e->side);
	dev_str(&d, "reason",
	    o->sock->oobinline      ? "inline" :
		e && e->rx.urgent   ? "read" :
		!p || e->rx.elastic ? "unknown" :
				      "none");
	dev_int(&d, "read", e ? (int64_t)e->rx.urgent : 0);
	if (p)
		dev_cause(&d, &p->tx.last_ref);
	dev_close(&d);
}

/* The newest that fits; one that was read before can be read no more. */
static struct urgent *
find(const struct ep *e, const struct tx *t, const struct nc_call *call)
{
	struct urgent *u, *best = NULL;

	for (u = t->urgent; u; u = u->next)
		if (u->at >= e->rx.rcvd && !u->taken && may_be(e, t, u, call))
			best = u;
	return best;
}

enum nc_answer
oob_recv(struct offer *o)
{
	struct ep *e = o->sock->ep, *p;
	struct urgent *u;
	enum nc_answer a;
	struct dev d;

	if (o->step->error == NC_EINVAL) {
		invalid(o, e);
		return NC_ACCEPT;
	}
	if (!e || o->call->result <= 0)
		return NC_ACCEPT;
	if ((a = conn_await(o, e, NEED_PLACE, 0)) != NC_ACCEPT)
		return a;
	p = ep_peer(e);
	if (!p || e->conn->state != CONN_OPEN || e->rx.elastic || p->tx.lossy) {
		e->rx.urgent++;
		return NC_ACCEPT;
	}
	u = find(e, &p->tx, o->call);
	if (!u && o->mode == NC_TRY && !p->released && !host_done(p->host)) {
		park(o, key_of(KEY_RX, e->id, 0), p->tx.sent + 1, "urgent byte",
		    3);
		o->wait->by = p->host;
		return NC_PARK;
	}
	e->rx.urgent++;
	if (!u) {
		/* Not what the model saw: it no longer tells what is where. */
		e->rx.elastic = true;
		return NC_ACCEPT;
	}
	u->taken = true;
	if (dev_open(&d, o, DEV_OOB_DATA, "recv_oob")) {
		dev_conn(&d, e->conn, e->side);
		dev_int(&d, "offset", (int64_t)u->at);
		dev_cause(&d, &p->tx.last_ref);
		dev_close(&d);
	}
	return NC_ACCEPT;
}

uint64_t
oob_skip(const struct offer *o, const struct ep *e, uint64_t n)
{
	const struct ep *p = ep_peer(e);
	const struct urgent *u = p ? p->tx.urgent : NULL;
	struct difference diff;
	uint64_t from = e->rx.rcvd, had, compared, other;

	if (!u || u->at != from || is_inline(e) || e->rx.elastic)
		return 0;
	/* Overtaken before it was reached, it stays in the stream. */
	if (!u->next)
		return 1;
	had = p->tx.sent - from < n ? p->tx.sent - from : n;
	if (!tx_compare(
		&p->tx, from, e->host->key, o->call, had, &compared, &diff) &&
	    compared &&
	    tx_compare(
		&p->tx, from + 1, e->host->key, o->call, n, &other, &diff))
		return 0;
	return 1;
}

/* The program got it otherwise than as urgent data, or not at all. */
static void
tell_lost(
    struct offer *o, struct ep *e, const struct urgent *u, const char *how)
{
	const struct ep *p = ep_peer(e);
	struct dev d;

	if (!dev_open(&d, o, DEV_OOB_LOST, "send_oob"))
		return;
	dev_conn(&d, e->conn, e->side);
	dev_str(&d, "how", how);
	dev_int(&d, "offset", (int64_t)u->at);
	dev_cause(&d, &p->tx.last_ref);
	dev_close(&d);
}

void
oob_pass(struct offer *o, struct ep *e, uint64_t skip, uint64_t n)
{
	struct ep *p = ep_peer(e);
	struct urgent *u;

	if (!p)
		return;
	while ((u = p->tx.urgent) && u->at < e->rx.rcvd + skip + n) {
		bool over = skip && u->at == e->rx.rcvd;

		if (is_inline(e))
			; /* the program asked for it */
		else if (over && !u->taken)
			tell_lost(o, e, u, "discarded");
		else if (!over && u->at >= e->rx.rcvd)
			tell_lost(o, e, u, u->taken ? "repeated" : "overtaken");
		p->tx.urgent = u->next;
		p->tx.nurgent--;
		free(u);
	}
	e->rx.rcvd += skip;
}

bool
oob_only(const struct ep *e)
{
	const struct ep *p = ep_peer(e);

	return p && p->tx.urgent && p->tx.urgent->at == e->rx.rcvd &&
	    p->tx.sent == e->rx.rcvd + 1 && !is_inline(e);
}

void
oob_unread(struct nc_model *m, const struct ep *e)
{
	const struct ep *p = ep_peer(e);
	struct dev d;

	if (!oob_only(e) || p->tx.urgent->taken || !wait_lasts(e) ||
	    !dev_open_ref(&d, m, &p->tx.last_ref, DEV_OOB_LOST, "send_oob"))
		return;
	dev_conn(&d, e->conn, p->side);
	dev_str(&d, "how", "unread");
	dev_int(&d, "offset", (int64_t)p->tx.urgent->at);
	dev_close(&d);
}
