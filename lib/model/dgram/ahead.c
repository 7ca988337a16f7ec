/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams that were received before the call that sent them has told so: a
 * sendmmsg in progress, or a socket whose port no line shows.
 */
#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/guess.h"
#include "../socket/port.h"
#include "dgram.h"
#include "doubt.h"

#define AHEAD_MAX 4096 /* of all hosts */
#define TRIED 64       /* of equal length, looked at for one that fits */
#define KEPT 64        /* bytes of each */
#define ALIKE 8        /* bytes to be like others by more than chance */
#define TELLING 4      /* bytes that tell a sender behind a translator */

struct ahead {
	struct ahead *next;               /* older */
	const struct nc_host_state *from; /* NULL: behind a translator */
	struct nc_host_state *to;
	uint64_t len;
	uint16_t from_port, to_port; /* 0: not known */
	uint8_t known;
	char data[KEPT];
	struct held_dev *told; /* of it; or NULL */
	const struct port *at; /* where it came; NULL: not known */
	struct received received;
	struct ref *unsent; /* told is that nobody sent it: the call; or NULL */
	int64_t shown;      /* bytes that it shows */
};

static uint64_t
key_at(const struct nc_host_state *to, uint64_t len)
{
	return key_of(6, to->index, len);
}

static size_t
shown(const struct offer *o, uint64_t len)
{
	size_t n = dgram_shown(o->call, len);

	return n < KEPT ? n : KEPT;
}

struct ahead *
dgram_ahead(struct offer *o, const struct port *p,
    const struct nc_host_state *from, const struct nc_addr *source,
    uint64_t len)
{
	uint64_t key = key_at(o->host, len);
	struct ahead *a;

	if (o->m->nahead >= AHEAD_MAX) {
		doubt_strange(o, len);
		return NULL;
	}
	o->m->nahead++;
	a = nc_xcalloc(1, sizeof(*a));
	a->from = from;
	a->to = o->host;
	a->len = len;
	/* A translator may have changed the port. */
	if (from && !guess_is_address(o->m, source))
		a->from_port = source->port;
	a->to_port = p ? p->number : 0;
	a->at = p;
	a->received = dgram_received(o, len, source);
	a->known = (uint8_t)shown(o, len);
	if (a->known)
		memcpy(a->data, o->call->data.p, a->known);
	a->next = nc_map_get(&o->m->ahead, key);
	nc_map_put(&o->m->ahead, key, a);
	return a;
}

void
dgram_ahead_told(struct ahead *a, struct held_dev *h)
{
	if (a)
		a->told = h;
}

void
dgram_ahead_unsent(struct offer *o, struct ahead *a, struct held_dev *h)
{
	if (!a || !h)
		return;
	a->told = h;
	a->unsent = nc_xmalloc(sizeof(*a->unsent));
	ref_set(a->unsent, o);
	a->shown = (int64_t)o->call->data.len;
}

/* Where it goes: whose the address is may have shown since the first one. */
static const struct nc_host_state *
target(const struct offer *o, const struct flow *f)
{
	if (f->port->host)
		return f->port->host;
	return f->to_host ? f->to_host :
			    host_owning(o->m, o->host, &f->destination);
}

/* Bytes of it that both the receive and the offered send show. */
static size_t
both(const struct offer *o, const struct ahead *a, uint64_t len)
{
	size_t n = o->host->key == a->to->key ? shown(o, len) : 0;

	return n < a->known ? n : a->known;
}

static bool
could_be(const struct offer *o, const struct ahead *a, const struct flow *f,
    uint64_t len)
{
	size_t n = both(o, a, len);

	if (a->from ?
		a->from != o->host :
		o->host == a->to || (o->host->declared && o->host->seen) ||
		    (n < len && n < TELLING))
		return false;
	return a->len == len && a->to == target(o, f) &&
	    (!a->to_port || a->to_port == f->port->number) &&
	    (!a->from_port || !f->source.port ||
		a->from_port == f->source.port || f->inferred) &&
	    (n == 0 || memcmp(a->data, o->call->data.p, n) == 0);
}

/* It came from the very socket to the very one, and half its bytes are equal. */
static bool
is_altered(const struct offer *o, const struct ahead *a, const struct flow *f,
    uint64_t len)
{
	size_t n = both(o, a, len), i, equal = 0;

	if (!a->unsent || n < ALIKE || a->from != o->host || a->len != len ||
	    a->to != target(o, f) || !a->from_port || f->inferred ||
	    a->from_port != f->source.port || a->to_port != f->port->number)
		return false;
	for (i = 0; i < n; i++)
		equal += a->data[i] == o->call->data.p[i];
	return equal * 2 >= n;
}

static void
tell_altered(struct offer *o, const struct ahead *a, const struct flow *f)
{
	size_t n = both(o, a, a->len), i = 0;
	struct dev d;

	while (i < n && a->data[i] == o->call->data.p[i])
		i++;
	if (!dev_open_ref(
		&d, o->m, a->unsent, DEV_MSG_DONT_MATCH, "dgram_recv"))
		return;
	dev_flow(&d, f, true);
	if (f->late_sender || guess_confuses(o->m, f))
		dev_weak(&d);
	dev_int(&d, "offset", (int64_t)i);
	dev_int(&d, "length", (int64_t)a->len);
	dev_int(&d, "known", a->shown);
	dev_int(&d, "whole", 1);
	dev_cause(&d, &f->last_send);
	doubt_close(o->m, &d,
	    &(struct doubt){ .from = o->m->hosts[o->host->index],
		.to = a->to,
		.from_port = a->from_port,
		.to_port = a->to_port,
		.length = doubt_length(a->len),
		.paired = true,
		.counts = true });
}

static void
forget(struct ahead *a)
{
	free(a->unsent);
	free(a);
}

/* Out of its list; what was told of it is not. */
static struct ahead *
take(struct nc_model *m, struct ahead **at)
{
	struct ahead *a = *at;

	*at = a->next;
	m->nahead--;
	if (a->told)
		doubt_drop(a->told);
	return a;
}

bool
dgram_was_ahead(struct offer *o, struct flow *f, uint64_t len)
{
	struct nc_model *m = o->m;
	struct ahead *first, **at, **oldest = NULL, **like = NULL, *a;
	uint64_t key;
	unsigned n;

	if (m->nahead == 0 || !target(o, f))
		return false;
	key = key_at(target(o, f), len);
	first = nc_map_get(&m->ahead, key);
	for (n = 0, at = &first; *at && n < TRIED; n++, at = &(*at)->next)
		if (could_be(o, *at, f, len))
			oldest = at;
		else if (is_altered(o, *at, f, len))
			like = at;
	if (!oldest && !like)
		return false;
	a = take(m, oldest ? oldest : like);
	if (!a->from)
		doubt_translated(o->host, a->to, len);
	if (oldest) {
		dgram_keep(m, a->at, f, a->from_port, a->received);
	} else {
		tell_altered(o, a, f);
	}
	if (first)
		nc_map_put(&m->ahead, key, first);
	else
		nc_map_del(&m->ahead, key);
	forget(a);
	return true;
}

/*
 * Nobody has sent it, but one with the same content that came to the same port:
 * it came twice, both before the call that sent it had told so.
 */
static void
finish(struct nc_model *m, const struct ahead *a)
{
	const struct received *first =
	    a->unsent ? dgram_kept(m, a->at, a->received.hash) : NULL;
	struct flow *f;
	struct dev d;

	a->to->strange |= doubt_length(a->len);
	if (!first)
		return;
	doubt_drop(a->told);
	f = nc_map_get(&m->flows, first->flow);
	if (f)
		f->dups++;
	if (!dev_open_ref(&d, m, a->unsent, DEV_DGRAM_DUP, "dgram_recv"))
		return;
	if (f)
		dev_flow(&d, f, true);
	dev_peer(&d, first->from, NULL);
	d.rec.flow = (int64_t)first->number;
	if (!f || f->host->omits || guess_confuses(m, f))
		dev_weak(&d);
	dev_int(&d, "length", (int64_t)a->len);
	dev_int(&d, "known", a->shown);
	doubt_close(m, &d,
	    &(struct doubt){ .from = first->from,
		.to = a->to,
		.from_port = a->from_port,
		.to_port = a->to_port,
		.length = doubt_length(a->len) });
}

void
dgram_ahead_finish(struct nc_model *m)
{
	struct nc_slot *slot;
	const struct ahead *a;
	size_t at = 0;

	while ((slot = nc_map_next(&m->ahead, &at)))
		for (a = slot->value; a; a = a->next)
			finish(m, a);
}

void
dgram_ahead_free(struct nc_model *m)
{
	struct nc_slot *slot;
	struct ahead *a, *next;
	size_t at = 0;

	while ((slot = nc_map_next(&m->ahead, &at)))
		for (a = slot->value; a; a = next) {
			next = a->next;
			forget(a);
		}
	nc_map_fini(&m->ahead);
}
