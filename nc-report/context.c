/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The last calls on each socket.
 */
#include "context.h"

#include <stdlib.h>
#include <string.h>

#include "keep.h"
#include "util.h"

/* One more than is shown: the deviating call itself is in the ring too. */
#define RING (CONTEXT_CALLS + 1)
#define GRACE 256     /* released sockets remembered */
#define TEXT_KEPT 512 /* bytes of an address or of a poll list kept */
#define DATA_KEPT 64  /* of payload; more than a rendered call shows */
#define RAW_KEPT 256  /* a packed call of more bytes is kept field by field */

struct kept {
	struct nc_call *call; /* what it points to follows it; NULL: none */
	size_t cap;           /* bytes of both */
};

struct context_ring {
	struct kept calls[RING];
	uint64_t at[RING]; /* the call's place in the stream */
	size_t n;          /* calls ever put in */
	struct table_entry *entry;
	bool released;
};

static void
ring_free(void *p)
{
	struct context_ring *r = p;

	if (r == NULL)
		return;
	for (size_t i = 0; i < RING; i++)
		free(r->calls[i].call);
	free(r);
}

static void
ring_drop(struct context *x, struct context_ring *r)
{
	table_remove(&x->rings, r->entry);
	ring_free(r);
}

/* Takes a copy of a call, in the memory of the one before if it fits. */
static void
kept_set(struct kept *k, const struct nc_call *c, struct nc_bytes raw)
{
	size_t need = sizeof(*c) + raw.len;
	struct nc_call small;
	char *bytes;

	if (raw.len > RAW_KEPT) {
		small = *c;
		if (small.data.len > DATA_KEPT)
			small.data.len = DATA_KEPT;
		free(k->call);
		k->call = keep(NC_KIND_call, &small, TEXT_KEPT);
		k->cap = sizeof(small);
		return;
	}
	if (need > k->cap) {
		free(k->call);
		k->call = nc_xmalloc(need);
		k->cap = need;
	}
	bytes = (char *)(k->call + 1);
	*k->call = *c;
	memcpy(bytes, raw.p, raw.len);
	nc_record_move(NC_KIND_call, k->call, raw.p, bytes);
	if (k->call->data.len > DATA_KEPT)
		k->call->data.len = DATA_KEPT;
}

static struct context_ring *
ring_add(struct context *x, const struct nc_call *c, struct nc_bytes raw,
    int64_t socket)
{
	struct table_entry *e = table_get(&x->rings, c->host, socket);
	struct context_ring *r = e->value;
	size_t i;

	if (r == NULL) {
		r = e->value = nc_xcalloc(1, sizeof(*r));
		r->entry = e;
	}
	i = r->n++ % RING;
	kept_set(&r->calls[i], c, raw);
	r->at[i] = x->calls;
	return r;
}

static void
ring_retire(struct context *x, struct context_ring *r)
{
	if (r->released)
		return;
	r->released = true;
	if (x->released == NULL)
		x->released = nc_xcalloc(GRACE, sizeof(struct context_ring *));
	if (x->nreleased == GRACE) {
		ring_drop(x, x->released[x->first]);
		x->first = (x->first + 1) % GRACE;
		x->nreleased--;
	}
	x->released[(x->first + x->nreleased++) % GRACE] = r;
}

void
context_add(struct context *x, const struct nc_call *c, struct nc_bytes raw)
{
	struct context_ring *r;

	x->calls++;
	if (c->socket != NC_NIL) {
		r = ring_add(x, c, raw, c->socket);
		if (nc_str_eq(c->name, "release"))
			ring_retire(x, r);
	}
	if (c->made != NC_NIL)
		ring_add(x, c, raw, c->made);
}

void
context_fini(struct context *x)
{
	table_fini(&x->rings, ring_free);
	free(x->released);
}

struct pick {
	const struct nc_call *call;
	uint64_t at;
};

static int
by_place(const void *a, const void *b)
{
	const struct pick *p = a, *q = b;

	return p->at < q->at ? -1 : p->at > q->at;
}

static size_t
pick_from(const struct context *x, struct nc_bytes host, int64_t socket,
    const struct nc_deviation *d, struct pick *picks, size_t n)
{
	const struct table_entry *e;
	const struct context_ring *r;

	if (host.p == NULL || socket == NC_NIL ||
	    (e = table_find(&x->rings, host, socket)) == NULL)
		return n;
	r = e->value;
	for (size_t i = 0; i < RING; i++) {
		const struct nc_call *c = r->calls[i].call;
		bool seen = c == NULL ||
		    (nc_bytes_eq(c->host, d->host) && c->trace == d->trace &&
			c->line == d->line);

		/* An accept stands in two rings. */
		for (size_t j = 0; j < n && !seen; j++)
			seen = picks[j].at == r->at[i];
		if (!seen)
			picks[n++] = (struct pick){ c, r->at[i] };
	}
	return n;
}

/* A deviation may be told some calls after its own. */
static bool
is_after(const struct nc_call *c, const struct nc_deviation *d)
{
	return nc_bytes_eq(c->host, d->host) && c->trace == d->trace &&
	    c->line > d->line;
}

size_t
context_round(const struct context *x, const struct nc_deviation *d,
    const struct nc_call *calls[CONTEXT_CALLS], size_t *before)
{
	struct pick picks[2 * RING];
	size_t n, from, kept;

	n = pick_from(x, d->host, d->socket, d, picks, 0);
	n = pick_from(x, d->peer_host, d->peer_socket, d, picks, n);
	qsort(picks, n, sizeof(picks[0]), by_place);
	from = n > CONTEXT_CALLS ? n - CONTEXT_CALLS : 0;
	kept = n - from;
	*before = kept;
	for (size_t i = 0; i < kept; i++) {
		calls[i] = picks[from + i].call;
		if (*before == kept && is_after(calls[i], d))
			*before = i;
	}
	return kept;
}
