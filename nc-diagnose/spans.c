/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Times at which something worked, with the gaps that no rule could see
 * closed: a busy service leaves a few spans, however many its connections.
 */
#include "spans.h"

#include <string.h>

#include "option.h"
#include "util.h"

/* Half of the shortest time that a rule looks around by default. */
#define SPAN_GAP (500 * MS)
#define SPANS_MAX 4096

/* The first span that ends at t - SPAN_GAP or later. */
static size_t
spans_find(const struct spans *s, int64_t t)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->v[mid].hi < t - SPAN_GAP)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
spans_close(struct spans *s, size_t i)
{
	if (i + 1 >= s->n || s->v[i + 1].lo - s->v[i].hi > SPAN_GAP)
		return;
	s->v[i].hi = s->v[i + 1].hi;
	memmove(&s->v[i + 1], &s->v[i + 2], (s->n - i - 2) * sizeof(*s->v));
	s->n--;
}

static void
spans_time(struct spans *s, int64_t t)
{
	size_t i = spans_find(s, t);

	if (i == s->n && s->n == SPANS_MAX)
		i--; /* too many: the last one grows over the gap */
	if (i < s->n && (t >= s->v[i].lo - SPAN_GAP || s->n == SPANS_MAX)) {
		if (t < s->v[i].lo)
			s->v[i].lo = t;
		if (t > s->v[i].hi)
			s->v[i].hi = t;
		spans_close(s, i);
		return;
	}
	s->v = nc_grow(s->v, s->n, &s->cap, sizeof(*s->v));
	memmove(&s->v[i + 1], &s->v[i], (s->n - i) * sizeof(*s->v));
	s->v[i].lo = s->v[i].hi = t;
	s->n++;
}

void
spans_add(struct spans *s, int64_t time, int64_t seq)
{
	if (time == NC_NIL)
		s->untimed = true;
	else if (time > INT64_MIN / 2 && time < INT64_MAX / 2)
		spans_time(s, time);
	if (seq == NC_NIL)
		return;
	if (s->seq_lo == NC_NIL || seq < s->seq_lo)
		s->seq_lo = seq;
	if (s->seq_hi == NC_NIL || seq > s->seq_hi)
		s->seq_hi = seq;
}

bool
spans_within(const struct spans *s, int64_t lo, int64_t hi, int64_t seq)
{
	size_t i;

	if (lo == NC_NIL || s->untimed)
		return (s->untimed || s->n) &&
		    (seq == NC_NIL || s->seq_hi == NC_NIL || s->seq_hi > seq);
	for (i = 0; i < s->n; i++)
		if (s->v[i].lo <= hi && s->v[i].hi >= lo)
			return true;
	return false;
}
