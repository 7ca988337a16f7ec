/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One clock for the calls of all hosts.
 */
#include "clock.h"

#include <stdlib.h>

#include "util.h"

/* Clocks that nothing joins and that are further apart, ns, count from
   different beginnings: a day. */
#define DAY (INT64_C(86400) * 1000000000)

/* Clocks that are off by more were not read right. */
#define OFFSET_MAX (INT64_C(1) << 61)

/* The least correction within the bounds; their middle if there must be one. */
static int64_t
correction(const struct nc_clock *c)
{
	int64_t low = c->low, high = c->high;

	if ((low == NC_NIL || low <= 0) && (high == NC_NIL || high >= 0))
		return 0;
	if (low == NC_NIL)
		return high;
	if (high == NC_NIL || high < low)
		return low;
	return low + (high - low) / 2;
}

/* Hosts that the clocks join get their offset from one another. */
static bool
spread(struct exchange_clock *k, bool *known)
{
	bool news = false;

	for (size_t i = 0; i < k->x->c.clocks.n; i++) {
		const struct nc_clock *c = k->x->c.clocks.v[i];
		uint32_t a = exchange_name_known(k->x, c->a);
		uint32_t b = exchange_name_known(k->x, c->b);
		int64_t d = correction(c);

		if (a == EXCHANGE_NONE || b == EXCHANGE_NONE ||
		    known[a] == known[b] || d > OFFSET_MAX || d < -OFFSET_MAX)
			continue;
		if (known[a])
			k->offset[b] = k->offset[a] + d;
		else
			k->offset[a] = k->offset[b] - d;
		known[a] = known[b] = news = true;
	}
	return news;
}

/* The times of each host's first calls, by name. */
static int64_t *
first_times(const struct exchange *x)
{
	int64_t *first = nc_xcalloc((size_t)x->nnames + 1, sizeof(*first));

	for (uint32_t i = 0; i < x->nnames; i++)
		first[i] = NC_NIL;
	for (uint32_t i = 0; i < x->ncalls; i++) {
		int64_t *f = &first[x->files[x->calls[i].file].host];

		if (x->calls[i].time != NC_NIL &&
		    (*f == NC_NIL || x->calls[i].time < *f))
			*f = x->calls[i].time;
	}
	return first;
}

/* What makes a host begin with another one if its clock is far from it. */
static int64_t
begin_with(int64_t mine, int64_t other)
{
	if (mine == NC_NIL || other == NC_NIL || mine > OFFSET_MAX ||
	    mine < -OFFSET_MAX || other > OFFSET_MAX || other < -OFFSET_MAX ||
	    (mine - other < DAY && other - mine < DAY))
		return 0;
	return mine - other;
}

void
exchange_clock_init(struct exchange_clock *k, const struct exchange *x)
{
	bool *known = nc_xcalloc((size_t)x->nnames + 1, sizeof(*known));
	int64_t *first = first_times(x), start = NC_NIL;

	k->x = x;
	k->offset = nc_xcalloc((size_t)x->nnames + 1, sizeof(*k->offset));
	k->timed = false;
	for (uint32_t i = 0; i < x->ncalls && !k->timed; i++)
		k->timed = x->calls[i].time != NC_NIL;
	/* A host that no other leads to starts a group of its own. */
	for (uint32_t i = 0; i < x->nfiles; i++) {
		uint32_t host = x->files[i].host;

		if (known[host])
			continue;
		known[host] = true;
		k->offset[host] = begin_with(first[host], start);
		if (start == NC_NIL)
			start = first[host];
		while (spread(k, known))
			continue;
	}
	free(known);
	free(first);
}

void
exchange_clock_fini(struct exchange_clock *k)
{
	free(k->offset);
}

int64_t
exchange_clock_begin(
    const struct exchange_clock *k, const struct exchange_call *c)
{
	int64_t t = c->time, d = k->offset[k->x->files[c->file].host];

	if (t == NC_NIL || (d > 0 && t < INT64_MIN + 1 + d) ||
	    (d < 0 && t > INT64_MAX + d))
		return NC_NIL;
	return t - d;
}

int64_t
exchange_clock_effect(
    const struct exchange_clock *k, const struct exchange_call *c)
{
	int64_t t = exchange_clock_begin(k, c);

	if (t == NC_NIL || c->duration == NC_NIL || c->duration < 0 ||
	    t > INT64_MAX - c->duration ||
	    nc_call_is_producer((enum nc_call_id)c->id))
		return t;
	return t + c->duration;
}
