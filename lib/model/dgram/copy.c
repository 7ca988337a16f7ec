/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What was received lately, to know a copy.
 */
#include <stdlib.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/guess.h"
#include "../socket/port.h"
#include "dgram.h"
#include "doubt.h"

static uint64_t
content_hash(const struct nc_call *call, uint64_t n, const struct nc_addr *from)
{
	size_t k = call->data.len < 256 ? call->data.len : 256;

	/* Mixed: few bytes, and ports that differ in as few, would meet. */
	return nc_hash(call->data.p, k,
	    key_of(n & 7, n, nc_addr_hash_ip(from)) + nc_hash_int(from->port));
}

struct received
dgram_received(struct offer *o, uint64_t n, const struct nc_addr *from)
{
	return (struct received){ .hash = content_hash(o->call, n, from),
		.trace = o->call->trace,
		.line = o->call->line };
}

void
dgram_keep(struct nc_model *m, const struct port *p, const struct flow *f,
    uint16_t source, struct received e)
{
	struct recent *r;

	if (!p)
		return;
	r = nc_map_get(&m->recent, p->id);
	if (!r) {
		r = nc_xcalloc(1, sizeof(*r));
		nc_map_put(&m->recent, p->id, r);
	}
	if (r->n == r->size && r->size < RECENT_MAX) {
		r->size = r->size ? 2 * r->size : RECENT_MIN;
		r->v = nc_xreallocarray(r->v, r->size, sizeof(*r->v));
	}
	e.flow = f->key;
	e.number = f->number;
	e.from = f->host;
	e.source = source ? port_get(m, f->host, true, source, false) : NULL;
	r->v[r->n++ & (r->size - 1)] = e;
}

void
dgram_forget_copies(struct nc_model *m, const struct port *p)
{
	struct recent *r = nc_map_del(&m->recent, p->id);

	if (r)
		free(r->v);
	free(r);
}

const struct received *
dgram_kept(const struct nc_model *m, const struct port *p, uint64_t hash)
{
	const struct recent *r = p ? nc_map_get(&m->recent, p->id) : NULL;
	unsigned i;

	for (i = 0; r && i < r->size && i < r->n; i++)
		if (r->v[i].hash == hash)
			return &r->v[i];
	return NULL;
}

/* What was received before with that content, or NULL. */
const struct received *
dgram_copy_of(struct offer *o, const struct port *p, uint64_t n,
    const struct nc_addr *from)
{
	return dgram_kept(o->m, p, content_hash(o->call, n, from));
}

void
dgram_tell_copy(struct offer *o, const struct received *first, uint64_t n,
    const struct nc_addr *from, bool open)
{
	struct flow *f = nc_map_get(&o->m->flows, first->flow);
	struct port *at = local_port(o);
	const struct port *source = first->source;
	struct ahead *ahead = NULL;
	struct ref ref;
	struct dev dev;

	if (f)
		f->dups++;
	if (f && f->source.port)
		source =
		    port_get(o->m, first->from, true, f->source.port, false);
	doubt_strange(o, n);
	/* What is sent later in this order may be what came. */
	if (open || !guess_is_told(source) || !guess_is_told(at) ||
	    o->host->apart || !host_done(first->from))
		ahead = dgram_ahead(o, at, first->from, from, n);
	if (!dev_open(&dev, o, DEV_DGRAM_DUP, "dgram_recv"))
		return;
	if (f)
		dev_flow(&dev, f, true);
	dev_peer(&dev, first->from, from->family ? from : NULL);
	dev.rec.flow = first->number ? (int64_t)first->number : NC_NIL;
	/* It may have sent another that its trace does not show. */
	if (first->from->omits || guess_in_doubt(first->from, source) ||
	    guess_in_doubt(o->host, at) || (f && guess_confuses(o->m, f)))
		dev_weak(&dev);
	/* Whose it was, the call does not say. */
	if (!from->family)
		dev_confidence(&dev, 70);
	dev_int(&dev, "length", (int64_t)n);
	dev_int(&dev, "known", (int64_t)o->call->data.len);
	/* The first one had the same content. */
	ref_set(&ref, o);
	ref.trace = first->trace;
	ref.line = ref.entry = first->line;
	dev_cause(&dev, &ref);
	dgram_ahead_told(ahead,
	    doubt_close(o->m, &dev,
		&(struct doubt){ .from = first->from,
		    .to = o->host,
		    .from_port = source ? source->number : 0,
		    .to_port = at ? at->number : 0,
		    .length = doubt_length(n),
		    .later = ahead != NULL }));
}
