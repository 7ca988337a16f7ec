/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Bounds on clock offsets.  What one host sent before another received it
 * says how far their clocks can be apart: received - sent is at least the
 * offset of the receiver's clock.
 */
#include "clock.h"
#include "offer.h"

#define LATENCY_NS 100000000 /* of the fastest of several packets */

struct bounds {
	const struct nc_host_state *a, *b; /* a has the lower index */
	int64_t low, high; /* of b's clock - a's, ns; NC_NIL none */
	int64_t pairs;
};

void
clock_pair(struct nc_model *m, const struct nc_host_state *from, int64_t sent,
    const struct nc_host_state *to, int64_t received)
{
	bool forward = from->index < to->index;
	const struct nc_host_state *a = forward ? from : to;
	const struct nc_host_state *b = forward ? to : from;
	uint64_t key = key_of(1, a->index, b->index);
	struct bounds *w = nc_map_get(&m->clocks, key);

	if (!w) {
		w = nc_xcalloc(1, sizeof(*w));
		w->a = a;
		w->b = b;
		w->low = w->high = NC_NIL;
		nc_map_put(&m->clocks, key, w);
	}
	w->pairs++;
	if (forward && (w->high == NC_NIL || received - sent < w->high))
		w->high = received - sent;
	if (!forward && (w->low == NC_NIL || sent - received > w->low))
		w->low = sent - received;
}

/* The bounds of to's clock less from's; NC_NIL where there is none. */
static void
bounds_of(struct nc_model *m, const struct nc_host_state *from,
    const struct nc_host_state *to, int64_t *low, int64_t *high)
{
	bool forward = from->index < to->index;
	const struct bounds *w = nc_map_get(&m->clocks,
	    forward ? key_of(1, from->index, to->index) :
		      key_of(1, to->index, from->index));

	*low = *high = NC_NIL;
	if (!w)
		return;
	if (forward) {
		*low = w->low;
		*high = w->high;
	} else {
		*low = w->high == NC_NIL ? NC_NIL : -w->high;
		*high = w->low == NC_NIL ? NC_NIL : -w->low;
	}
}

int64_t
clock_latest(struct nc_model *m, const struct nc_host_state *from, int64_t t,
    const struct nc_host_state *to)
{
	int64_t low, high;

	if (from == to)
		return t;
	bounds_of(m, from, to, &low, &high);
	return high == NC_NIL ? NC_NIL : t + high;
}

int64_t
clock_about(struct nc_model *m, const struct nc_host_state *from, int64_t t,
    const struct nc_host_state *to)
{
	int64_t low, high;

	if (from == to)
		return t;
	bounds_of(m, from, to, &low, &high);
	if (high != NC_NIL)
		return t + high;
	return low == NC_NIL ? NC_NIL : t + low + LATENCY_NS;
}

void
clock_write(struct nc_model *m)
{
	struct nc_clock rec;
	size_t i, j;

	if (!m->sink)
		return;
	for (i = 0; i < m->nhosts; i++)
		for (j = i + 1; j < m->nhosts && m->clocks.n; j++) {
			struct bounds *w = nc_map_get(&m->clocks,
			    key_of(1, m->hosts[i]->index, m->hosts[j]->index));

			if (!w)
				continue;
			nc_record_init(NC_KIND_clock, &rec);
			rec.a = nc_str(w->a->name);
			rec.b = nc_str(w->b->name);
			rec.low = w->low;
			rec.high = w->high;
			rec.pairs = w->pairs;
			m->sink->put(m->sink->ctx, NC_KIND_clock, &rec);
		}
}
