/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Deviations of datagrams that wait for the end.
 */
#include "doubt.h"

#include <stdlib.h>

#include "../offer.h"
#include "../socket/guess.h"
#include "../socket/port.h"
#include "../stream/match.h"
#include "dgram.h"

#define HELD_MAX 256 /* more are decided by what is known so far */

struct held_dev {
	struct held_dev *next; /* in order */
	struct dev *dev;
	struct doubt about;
	const struct port *port; /* of a connection */
	bool dropped;
};

void
doubt_strange(struct offer *o, uint64_t n)
{
	o->host->strange |= doubt_length(n);
}

void
doubt_foreign(struct offer *o, uint64_t n)
{
	o->host->foreign |= doubt_length(n);
}

void
doubt_translated(
    struct nc_host_state *from, struct nc_host_state *to, uint64_t n)
{
	from->translated = true;
	to->strange |= doubt_length(n);
	to->missing |= doubt_length(n);
}

void
doubt_missing(struct flow *f, uint64_t len)
{
	f->missing |= doubt_length(len);
	if (f->to_host)
		f->to_host->missing |= doubt_length(len);
}

static bool
is_open(struct nc_model *m, struct nc_host_state *h, uint16_t port)
{
	return guess_is_open(
	    m, h, port ? port_get(m, h, true, port, false) : NULL);
}

bool
doubt_covers(struct nc_model *m, const struct flow *f)
{
	const struct nc_host_state *to = f->to_host;

	if (!to)
		return false;
	/* It is not known to be reached under its own addresses. */
	if (f->missing & to->foreign && !(f->host->known && f->host->seen))
		return true;
	/* Nor do clocks tell which of equal ones was sent first. */
	return f->missing & to->strange &&
	    (to->apart || f->host->apart ||
		is_open(m, f->host, f->source.port) ||
		guess_is_open(m, to, f->port));
}

static bool
is_weak(struct nc_model *m, const struct doubt *t, const struct port *port)
{
	/* Two that were guessed may have been exchanged. */
	if (port)
		return port->astray || (t->paired && port->guesses > 1);
	return (is_open(m, t->from, t->from_port) ||
		   is_open(m, t->to, t->to_port)) &&
	    (t->paired || t->from->hides || t->to->missing & t->length);
}

static void
write_now(struct nc_model *m, struct dev *d, const struct doubt *t,
    const struct port *port)
{
	if (is_weak(m, t, port))
		dev_weak(d);
	if (t->counts && !d->weak)
		t->from->rejects++;
	dev_close(d);
}

static struct held_dev *
hold(struct nc_model *m, struct dev *d, const struct doubt *t,
    const struct port *port)
{
	struct held_dev *h;

	if (m->nheld >= HELD_MAX) {
		write_now(m, d, t, port);
		return NULL;
	}
	h = nc_xcalloc(1, sizeof(*h));
	h->dev = dev_keep(d);
	h->about = *t;
	h->port = port;
	if (m->last_held)
		m->last_held->next = h;
	else
		m->held = h;
	m->last_held = h;
	m->nheld++;
	return h;
}

/* Lines have told who holds the port, and nothing is translated. */
static bool
is_settled(struct nc_model *m, struct nc_host_state *h, uint16_t port)
{
	return port && guess_is_told(port_get(m, h, true, port, false)) &&
	    !m->udp_nat.n && !m->nat_public.n && !is_open(m, h, port);
}

struct held_dev *
doubt_close(struct nc_model *m, struct dev *d, const struct doubt *t)
{
	if (d->weak ||
	    (!t->later && is_settled(m, t->from, t->from_port) &&
		is_settled(m, t->to, t->to_port))) {
		write_now(m, d, t, NULL);
		return NULL;
	}
	return hold(m, d, t, NULL);
}

void
doubt_close_conn(
    struct dev *d, const struct conn *c, struct nc_host_state *from)
{
	struct doubt t = { .from = from,
		.paired = !(c->confirmed && c->sole),
		.counts = from != NULL };

	if (!match_is_stated(c) && c->port && !d->weak) {
		hold(d->m, d, &t, c->port);
		return;
	}
	if (from)
		from->rejects += !d->weak;
	dev_close(d);
}

void
doubt_drop(struct held_dev *h)
{
	h->dropped = true;
}

static void
pop(struct nc_model *m, bool write)
{
	struct held_dev *h = m->held;

	m->held = h->next;
	if (!m->held)
		m->last_held = NULL;
	m->nheld--;
	if (write && !h->dropped)
		write_now(m, h->dev, &h->about, h->port);
	dev_free(h->dev);
	free(h);
}

void
doubt_finish(struct nc_model *m)
{
	while (m->held)
		pop(m, true);
}

void
doubt_free(struct nc_model *m)
{
	while (m->held)
		pop(m, false);
}
