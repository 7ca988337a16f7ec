/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a release left unread, and what that shows: known only once it shows
 * whether its peer had sent it before.
 */
#include "held.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../dgram/doubt.h"
#include "../host/clock.h"
#include "../host/denied.h"
#include "../offer.h"
#include "../wait.h"
#include "conn.h"
#include "match.h"
#include "quiet.h"
#include "stream.h"
#include "transfer.h"
#include "util.h"

#define WAITED INT64_C(1000000000) /* ns that show that nothing came */

/* Its reader waited for them: it is not that it left them unread. */
static bool
waited_for(const struct held *h)
{
	return h->waiting && h->waited != NC_NIL && h->waited >= WAITED;
}

void
held_wait(const struct conn *c, struct ep *e)
{
	const struct held *h = c->held;

	if (!h || !h->waiting)
		return;
	e->waited_for_more = waited_for(h);
	e->may_have_waited = h->waited == NC_NIL;
}

void
held_begin(struct offer *o, struct ep *e, uint64_t bytes)
{
	struct conn *c = e->conn;
	const struct ep *p = ep_peer(e);
	const struct chunk *k;
	struct held *h;

	if (c->held)
		return;
	h = nc_xcalloc(1, sizeof(*h));
	h->side = e->side;
	h->bytes = bytes;
	h->was_half_closed = e->wr_shut;
	h->release = e->release;
	h->tls_close = (c->tls_c || c->tls_s) &&
	    tx_unread_tls(&p->tx, e->rx.rcvd, p->side == SIDE_SERVER);
	h->no_data = tx_unread_http2(&p->tx, e->rx.rcvd);
	h->line_end = tx_unread_line_end(&p->tx, e->rx.rcvd);
	if (p->tx.answer < e->rx.rcvd)
		h->status = p->tx.status;
	h->delivered = ep_largest(e);
	h->file = denied_take(o, e);
	h->waited = NC_NIL;
	/* Part of one write was read: the rest of it was there as well. */
	for (k = p->tx.first; k; k = k->next) {
		if (k->offset < e->rx.rcvd && e->rx.rcvd < k->offset + k->len)
			h->confirmed = "partial";
		if (k->offset + k->len <= e->rx.rcvd)
			continue;
		if (h->waited == NC_NIL)
			h->waited = wait_since(o->m, e, k->time);
		if (k->len > h->largest)
			h->largest = k->len;
	}
	h->waiting = wait_lasts(e);
	/* The rest of what it had read in part was sent before that wait. */
	if (h->waiting && h->confirmed && wait_lasted(e) > 0 &&
	    wait_lasted(e) > h->waited)
		h->waited = wait_lasted(e);
	c->held = h;
}

/* Bytes are missing at one end: if it is the end that they were sent to. */
static void
close_matched(struct dev *d, const struct conn *c)
{
	if (match_is_guess(c))
		dev_weak(d);
	doubt_close_conn(d, c, NULL);
}

static void
tell_undelivered(struct nc_model *m, struct conn *c, const struct held *h)
{
	struct ep *from = c->ep[!h->side];
	struct dev d;

	c->undelivered = true;
	if (!from ||
	    !dev_open_ref(&d, m, &from->tx.last_ref, DEV_DATA_UNDELIVERED,
		"release_unread"))
		return;
	dev_conn(&d, c, from->side);
	dev_int(&d, "bytes", (int64_t)h->bytes);
	dev_int(&d, "largest_lost", (int64_t)h->largest);
	dev_int(&d, "largest_delivered", (int64_t)h->delivered);
	dev_int(&d, "waiting", 1);
	dev_int(&d, "waited", h->waited);
	dev_int(&d, "receiver_open", 0);
	dev_int(&d, "quiet", quiet_before_loss(from));
	dev_cause(&d, &h->release);
	dev_timed(&d);
	close_matched(&d, c);
}

bool
sent_while_waited(struct offer *o, struct ep *e, uint64_t n)
{
	struct ep *p = ep_peer(e);
	struct conn *c = e->conn;
	int64_t began = o->call->time, at, waited;
	struct dev d;

	if (!p || !p->released || p->wait_end == NC_NIL || began == NC_NIL ||
	    p->rx.elastic || e->tx.lossy || p->host->unsure || c->undelivered)
		return false;
	at = clock_latest(o->m, e->host, began, p->host);
	if (at == NC_NIL || p->wait_end - at < WAITED)
		return false;
	waited = p->wait_end - at;
	c->undelivered = true;
	p->waited_for_more = true;
	if (!dev_open(&d, o, DEV_DATA_UNDELIVERED, "release_unread"))
		return true;
	dev_conn(&d, c, e->side);
	dev_int(&d, "bytes", (int64_t)n);
	dev_int(&d, "largest_lost", (int64_t)n);
	dev_int(&d, "largest_delivered", (int64_t)ep_largest(p));
	dev_int(&d, "waiting", 1);
	dev_int(&d, "waited", waited);
	dev_int(&d, "receiver_open", 0);
	dev_int(&d, "quiet", quiet_before_loss(e));
	dev_cause(&d, &p->release);
	dev_timed(&d);
	close_matched(&d, c);
	return true;
}

void
held_free(struct held *h)
{
	if (h)
		free(h->file);
	free(h);
}

#define ANSWERS 2 /* that were read: a client that asks again and again */

/*
 * A client that had got its answers, had just asked for one more, and then
 * ended as it was to, with nothing of that one read: load generators stop so
 * when their time is over.  What was read in part it had wanted.
 */
static bool
is_leaving(const struct ep *e, const char *confirmed)
{
	return e && e->side == SIDE_CLIENT && e->at_exit && !e->killed &&
	    e->rx.reads >= ANSWERS && e->tx.last_ref.host &&
	    (uint64_t)e->tx.last_ref.seq >= e->rx.last_seq &&
	    !(confirmed && strcmp(confirmed, "partial") == 0) &&
	    !nc_map_get(&e->host->failures, (uint64_t)e->release.process + 1);
}

static void
tell_unread(struct nc_model *m, struct conn *c, const struct held *h,
    const char *confirmed, bool reset)
{
	/*
	 * Another task may have read it, by a number nobody resolved, though
	 * then it would not have reset its peer; or it waited for more, and
	 * how long, no times tell.
	 */
	bool weak = !confirmed ||
	    (!reset && h->release.host && h->release.host->apart) ||
	    (h->waiting && h->waited == NC_NIL) || match_is_guess(c);
	const struct ep *e = c->ep[h->side];
	struct dev d;

	if (h->file && e)
		denied_left(m, e, h->file, weak);
	if (!dev_open_ref(
		&d, m, &h->release, DEV_NONEMPTY_BUFFER, "release_unread"))
		return;
	dev_conn(&d, c, h->side);
	dev_int(&d, "bytes", (int64_t)h->bytes);
	dev_str(&d, "confirmed", confirmed ? confirmed : "");
	dev_int(&d, "tls_close", h->tls_close);
	dev_int(&d, "at_exit", e && e->at_exit);
	dev_int(&d, "killed", e && e->killed);
	if (h->status)
		dev_int(&d, "http_status", h->status);
	if (h->no_data)
		dev_int(&d, "no_data", 1);
	if (h->line_end)
		dev_int(&d, "line_end", 1);
	if (e && e->side == SIDE_CLIENT && e->at_exit)
		dev_int(&d, "leaving", is_leaving(e, confirmed));
	if (c->ep[!h->side])
		dev_cause(&d, &c->ep[!h->side]->tx.last_ref);
	if (weak)
		dev_weak(&d);
	close_matched(&d, c);
}

/* A release with unread bytes turns out to be what it looked like. */
void
held_decide(struct nc_model *m, struct conn *c, const char *confirmed)
{
	struct held *h = c->held;
	bool reset = confirmed && strcmp(confirmed, "reset") == 0;

	if (!h)
		return;
	c->held = NULL;
	if (h->confirmed)
		confirmed = h->confirmed;
	if (c->network_reset) {
		/* It took what was under way with it. */
	} else if (waited_for(h)) {
		tell_undelivered(m, c, h);
	} else {
		tell_unread(m, c, h, confirmed, reset);
	}
	held_free(h);
}

/* ... or the bytes came only after the close. */
void
held_refute(struct nc_model *m, struct conn *c)
{
	struct held *h = c->held;
	struct dev d;

	if (!h || h->was_half_closed || h->confirmed)
		return;
	if (waited_for(h)) {
		held_decide(m, c, NULL);
		return;
	}
	c->held = NULL;
	if (c->ep[!h->side] &&
	    dev_open_ref(&d, m, &c->ep[!h->side]->tx.last_ref,
		DEV_SEND_AFTER_CLOSE, "release_unread")) {
		d.rec.severity = nc_str("info");
		dev_conn(&d, c, !h->side);
		dev_int(&d, "first", 1);
		dev_int(&d, "bytes", (int64_t)h->bytes);
		dev_int(&d, "tls_close", h->tls_close);
		dev_cause(&d, &h->release);
		dev_close(&d);
	}
	held_free(h);
}
