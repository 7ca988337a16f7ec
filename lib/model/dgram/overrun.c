/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Receivers of datagrams that do not keep up.
 */
#include "overrun.h"

#include <assert.h>
#include <stdlib.h>

#include "../host/clock.h"
#include "../offer.h"

#define LATE INT64_C(1000000) /* ns from its sending on: it lay unread */
/* What a datagram takes in the buffer besides its bytes, at least. */
#define OVERHEAD 512
#define BUFFER 212992   /* bytes: Linux, net.core.rmem_default */
#define BUFFER_MIN 2304 /* Linux, SOCK_MIN_RCVBUF */
#define KEPT 1024       /* datagrams that lay there at a time */
#define SPELLS 1024 /* of a full buffer, of a socket; what is past is lost */

struct lay {
	int64_t sent, read; /* ns of its reader's host */
	uint64_t bytes;     /* with their overhead */
};

struct spell {
	int64_t begin, end; /* ns of its host */
};

struct overrun {
	/* The last ones read, each late, whose sum is half a buffer. */
	struct lay *lay;
	size_t cap;        /* places of lay, a power of two */
	uint64_t first, n; /* the i-th is in place i modulo cap */
	uint64_t bytes;    /* of lay[first] to lay[n - 1] */
	struct spell *spells;
	size_t nspells, spells_cap;
};

/*
 * What shows it to be full: half of what it holds, as the overhead is a guess
 * and more may have lain there.  Linux doubles what a program sets.
 */
static uint64_t
enough(const struct udp *u)
{
	int64_t set = u->sock ? u->sock->rcvbuf : u->rcvbuf;

	if (set <= 0)
		return BUFFER / 2;
	return set > BUFFER_MIN / 2 ? (uint64_t)set : BUFFER_MIN / 2;
}

static void
was_full(struct overrun *v, int64_t begin, int64_t end)
{
	struct spell *s = v->nspells ? &v->spells[v->nspells - 1] : NULL;

	if (s && begin <= s->end && end >= s->begin) {
		if (begin < s->begin)
			s->begin = begin;
		if (end > s->end)
			s->end = end;
		return;
	}
	if (v->nspells == SPELLS)
		return;
	v->spells =
	    nc_grow(v->spells, v->nspells, &v->spells_cap, sizeof(*v->spells));
	assert(v->spells);
	v->spells[v->nspells++] = (struct spell){ begin, end };
}

static struct lay *
lay_at(const struct overrun *v, uint64_t i)
{
	assert(v->cap);
	return &v->lay[i & (v->cap - 1)];
}

static void
make_room(struct overrun *v)
{
	size_t i, n = v->n - v->first, cap = v->cap ? 2 * v->cap : 8;
	struct lay *lay;

	if (n < v->cap)
		return;
	if (n == KEPT) {
		v->bytes -= lay_at(v, v->first++)->bytes;
		return;
	}
	lay = nc_xreallocarray(NULL, cap, sizeof(*lay));
	for (i = 0; i < n; i++)
		lay[i] = *lay_at(v, v->first + i);
	free(v->lay);
	v->lay = lay;
	v->cap = cap;
	v->first = 0;
	v->n = n;
}

void
overrun_received(struct offer *o, const struct dgram *d)
{
	struct udp *u = o->sock->udp;
	struct overrun *v = u ? u->overrun : NULL;
	int64_t at, read = o->call->time;
	const struct lay *first;

	if (!o->m->sink || !u || d->time == NC_NIL || read == NC_NIL)
		return;
	at = clock_about(o->m, d->flow->host, d->time, o->host);
	if (at == NC_NIL)
		return;
	if (read - at < LATE) {
		if (v)
			v->first = v->n = v->bytes = 0;
		return;
	}
	if (!v)
		v = u->overrun = nc_xcalloc(1, sizeof(*v));
	make_room(v);
	*lay_at(v, v->n++) =
	    (struct lay){ at, read, (uint64_t)d->len + OVERHEAD };
	v->bytes += (uint64_t)d->len + OVERHEAD;
	first = lay_at(v, v->first);
	while (v->bytes - first->bytes >= enough(u)) {
		v->bytes -= first->bytes;
		first = lay_at(v, ++v->first);
	}
	/* All of them were there: the last was sent, the first not yet read. */
	if (v->bytes >= enough(u) && at < first->read)
		was_full(v, at, first->read);
}

bool
overrun_met(struct nc_model *m, const struct udp *u, const struct dgram *d)
{
	const struct overrun *v = u ? u->overrun : NULL;
	size_t low = 0, high = v ? v->nspells : 0;
	int64_t at;

	if (high == 0 || d->time == NC_NIL)
		return false;
	at = clock_about(m, d->flow->host, d->time, u->host);
	if (at == NC_NIL)
		return false;
	/* Reads are in order, and so are the ends of the spells. */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (v->spells[mid].end > at)
			high = mid;
		else
			low = mid + 1;
	}
	return low < v->nspells && v->spells[low].begin <= at;
}

void
overrun_free(struct overrun *v)
{
	if (v) {
		free(v->lay);
		free(v->spells);
	}
	free(v);
}
