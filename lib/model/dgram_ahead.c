/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams that were received before the call that sent them has told so: a
 * sendmmsg in progress, or a socket whose port no line shows.
 */
#include <stdlib.h>
#include <string.h>

#include "dgram.h"
#include "doubt.h"
#include "guess.h"
#include "offer.h"
#include "port.h"

#define AHEAD_MAX 4096 /* of all hosts */
#define TRIED 64       /* of equal length, looked at for one that fits */
#define KEPT 16        /* bytes of each */
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

/* Where it goes: whose the address is may have shown since the first one. */
static const struct nc_host_state *
target(const struct offer *o, const struct flow *f)
{
	if (f->port->host)
		return f->port->host;
	return f->to_host ? f->to_host :
			    host_owning(o->m, o->host, &f->destination);
}

static bool
could_be(const struct offer *o, const struct ahead *a, const struct flow *f,
    uint64_t len)
{
	size_t n = o->host->key == a->to->key ? shown(o, len) : 0;

	if (n > a->known)
		n = a->known;
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

bool
dgram_was_ahead(struct offer *o, const struct flow *f, uint64_t len)
{
	struct nc_model *m = o->m;
	struct ahead *first, **at, **oldest = NULL, *a;
	uint64_t key;
	unsigned n;

	if (m->nahead == 0 || !target(o, f))
		return false;
	key = key_at(target(o, f), len);
	first = nc_map_get(&m->ahead, key);
	for (n = 0, at = &first; *at && n < TRIED; n++, at = &(*at)->next)
		if (could_be(o, *at, f, len))
			oldest = at;
	if (!oldest)
		return false;
	a = *oldest;
	if (!a->from)
		doubt_translated(o->host, a->to, len);
	*oldest = a->next;
	if (first)
		nc_map_put(&m->ahead, key, first);
	else
		nc_map_del(&m->ahead, key);
	if (a->told)
		doubt_drop(a->told);
	free(a);
	m->nahead--;
	return true;
}

void
dgram_ahead_finish(struct nc_model *m)
{
	struct nc_slot *slot;
	const struct ahead *a;
	size_t at = 0;

	while ((slot = nc_map_next(&m->ahead, &at)))
		for (a = slot->value; a; a = a->next)
			a->to->strange |= doubt_length(a->len);
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
			free(a);
		}
	nc_map_fini(&m->ahead);
}
