/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Bounds on clock offsets.
 *
 * Each pair of hosts keeps, for a few stretches of time, the tightest bound
 * that each direction gave.  Where all of them leave room for one offset, the
 * two clocks run alike.  Where they leave room for a straight line only, one
 * drifts; where not even for that, one was set.
 */
#include "clock.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../rows.h"
#include "../socket/unread.h"
#include "../stream/match.h"

#define LATENCY_NS 100000000 /* of the fastest of several packets */
#define SECOND INT64_C(1000000000)
#define DAY (86400 * SECOND)
#define YEAR (365 * DAY)
#define FINE_NS 1000        /* what strace shows at best, and rounds away */
#define STRETCHES 32        /* kept for a pair of hosts */
#define STRETCH_NS SECOND   /* to begin with */
#define PRINTING_NS 5000000 /* that a tracer needs at most for a call's begin */
#define ENOUGH 20           /* exchanges that are no accident */
#define APART_NS 10000000   /* contradictions below do no harm: see SLACK_NS */
#define THIRDS_MAX 64       /* hosts that two others are compared by */
#define DRIFT_MAX 500e-6    /* of a clock that is not being set */

/* A stretch of time on a's clock, its bounds and when they were met. */
struct stretch {
	int64_t number; /* from then * width on */
	int64_t low, high, low_at, high_at;
};

struct bounds {
	const struct nc_host_state *a, *b; /* a has the lower index */
	int64_t low, high; /* of b's clock - a's, ns; NC_NIL none */
	int64_t pairs, width;
	struct stretch *v;
	size_t n, cap;
	bool told;      /* CLOCK_INCONSISTENT */
	bool prompt[2]; /* some were read as they came: to b, to a */
};

/*
 * A call whose end only the next of its thread tells.  A duration does not: it
 * counts from when the tracer had printed the call's begin.
 */
struct unended {
	struct bounds *w;
	int64_t sent, entry;
};

/* One that can be added to others: not nil, nor out of this world. */
static bool
is_time(int64_t t)
{
	return t > -(INT64_C(1) << 60) && t < INT64_C(1) << 61;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t
least(int64_t a, int64_t b)
{
	return a == NC_NIL || (b != NC_NIL && b < a) ? b : a;
}

static int64_t
most(int64_t a, int64_t b)
{
	return a == NC_NIL || (b != NC_NIL && b > a) ? b : a;
}

static void
stretch_add(struct stretch *into, const struct stretch *s)
{
	if (s->low != NC_NIL && (into->low == NC_NIL || s->low > into->low)) {
		into->low = s->low;
		into->low_at = s->low_at;
	}
	if (s->high != NC_NIL &&
	    (into->high == NC_NIL || s->high < into->high)) {
		into->high = s->high;
		into->high_at = s->high_at;
	}
}

/* Twice as long stretches, half as many. */
static void
widen(struct bounds *w)
{
	size_t i, n = 0;

	w->width *= 2;
	for (i = 0; i < w->n; i++) {
		w->v[i].number = floor_div(w->v[i].number, 2);
		if (n > 0 && w->v[n - 1].number == w->v[i].number)
			stretch_add(&w->v[n - 1], &w->v[i]);
		else
			w->v[n++] = w->v[i];
	}
	w->n = n;
}

/* The stretch that a time on a's clock lies in, or NULL. */
static struct stretch *
stretch_of(const struct bounds *w, int64_t at)
{
	int64_t number = floor_div(at, w->width);
	size_t i = w->n;

	while (i > 0 && w->v[i - 1].number > number)
		i--;
	return i > 0 && w->v[i - 1].number == number ? &w->v[i - 1] : NULL;
}

static void
bounds_add(struct bounds *w, int64_t at, int64_t low, int64_t high)
{
	struct stretch s = { floor_div(at, w->width), low, high, at, at };
	struct stretch *in = stretch_of(w, at);
	size_t i = w->n;

	if (in) {
		stretch_add(in, &s);
		return;
	}
	while (i > 0 && w->v[i - 1].number > s.number)
		i--;
	w->v = nc_grow(w->v, w->n, &w->cap, sizeof(*w->v));
	memmove(w->v + i + 1, w->v + i, (w->n - i) * sizeof(*w->v));
	w->v[i] = s;
	w->n++;
	while (w->n > STRETCHES)
		widen(w);
}

/* No one offset explains them all. */
static bool
contradicts(const struct bounds *w)
{
	return w->low != NC_NIL && w->high != NC_NIL && w->low > w->high;
}

static void
tell(struct offer *o, struct bounds *w)
{
	struct dev d;

	if (w->told || w->pairs < ENOUGH || !contradicts(w) ||
	    w->low - w->high < APART_NS)
		return;
	w->told = true;
	if (!dev_open(&d, o, DEV_CLOCK_INCONSISTENT, "clock_bounds"))
		return;
	dev_peer(&d, o->host == w->a ? w->b : w->a, NULL);
	dev_int(&d, "low", w->low);
	dev_int(&d, "high", w->high);
	dev_close(&d);
}

static struct bounds *
bounds_get(struct offer *o, const struct nc_host_state *from)
{
	const struct nc_host_state *to = o->host;
	bool forward = from->index < to->index;
	const struct nc_host_state *a = forward ? from : to;
	const struct nc_host_state *b = forward ? to : from;
	uint64_t key = key_of(1, a->index, b->index);
	struct bounds *w = nc_map_get(&o->m->clocks, key);

	if (w)
		return w;
	w = nc_xcalloc(1, sizeof(*w));
	w->a = a;
	w->b = b;
	w->low = w->high = NC_NIL;
	w->width = STRETCH_NS;
	nc_map_put(&o->m->clocks, key, w);
	return w;
}

/*
 * What was sent on from's clock then had come to the offered call's host by
 * got.  False if that says no more than others of its time did.
 */
static bool
learn(struct offer *o, struct bounds *w, int64_t sent, int64_t got, bool keep)
{
	bool forward = o->host == w->b;
	int64_t low = forward ? NC_NIL : sent - got;
	int64_t high = forward ? got - sent : NC_NIL;
	struct stretch *s = stretch_of(w, forward ? sent : got);

	if (s &&
	    (forward ? s->high != NC_NIL && s->high <= high :
		       s->low != NC_NIL && s->low >= low))
		return false;
	if (!keep)
		return true;
	w->low = most(w->low, low);
	w->high = least(w->high, high);
	bounds_add(w, forward ? sent : got, low, high);
	tell(o, w);
	return true;
}

/* strace shows seconds, or thousandths, or millionths. */
static void
refine(int64_t *grain, int64_t t)
{
	if (*grain == 0)
		*grain = SECOND;
	while (*grain > FINE_NS && t % *grain != 0)
		*grain /= 1000;
}

void
clock_see(struct offer *o)
{
	struct nc_host_state *h = o->host;
	const struct nc_call *c = o->call;
	struct unended *u;

	if (!is_time(c->time))
		return;
	refine(&h->grain, c->time);
	if (is_time(c->duration) && o->step->id != NC_CALL_RELEASE)
		refine(&h->took_grain, c->duration);
	if (h->unended.n == 0 || o->step->id == NC_CALL_RELEASE ||
	    o->step->id == NC_CALL_ATTACH || o->step->id == NC_CALL_LEAVE)
		return;
	u = nc_map_get(&h->unended, (uint64_t)c->thread);
	if (!u || u->entry == c->entry)
		return;
	nc_map_del(&h->unended, (uint64_t)c->thread);
	learn(o, u->w, u->sent, c->time + h->grain, true);
	free(u);
}

/*
 * What lay there for long says nothing of how long it was on the way.  Where
 * nothing tells, it has to be believed.
 */
static bool
is_prompt(const struct offer *o)
{
	int64_t lay = unread_for(o);

	return lay == NC_NIL || lay <= LATENCY_NS;
}

void
clock_got(struct offer *o, const struct nc_host_state *from, int64_t sent)
{
	struct nc_host_state *h = o->host;
	const struct nc_call *c = o->call;
	struct unended *u;
	struct bounds *w;

	if (from == h || !is_time(sent) || !is_time(c->time))
		return;
	w = bounds_get(o, from);
	w->pairs++;
	if (is_prompt(o))
		w->prompt[h == w->a] = true;
	if (is_time(c->duration)) {
		/* Both are rounded down; the send is early enough as it is. */
		int64_t got = c->time + h->grain + c->duration + h->took_grain;

		if (!learn(o, w, sent, got, false))
			return;
		learn(o, w, sent, got + PRINTING_NS, true);
	}
	u = nc_map_get(&h->unended, (uint64_t)c->thread);
	if (!u) {
		u = nc_xcalloc(1, sizeof(*u));
		nc_map_put(&h->unended, (uint64_t)c->thread, u);
	}
	*u = (struct unended){ w, sent, c->entry };
}

void
clock_got_on(struct offer *o, const struct conn *c,
    const struct nc_host_state *from, int64_t sent)
{
	/* Of several without ports, it may be another one's. */
	if ((!c->unresolved || match_is_sole(c)) && !c->undone &&
	    (c->match == MATCH_EXACT || c->match == MATCH_HOST ||
		(c->match == MATCH_NAT && c->confirmed)))
		clock_got(o, from, sent);
}

/* The bounds of to's clock less from's, by what went between the two. */
static void
bounds_direct(struct nc_model *m, const struct nc_host_state *from,
    const struct nc_host_state *to, int64_t *low, int64_t *high)
{
	bool forward = from->index < to->index;
	const struct bounds *w = nc_map_get(&m->clocks,
	    forward ? key_of(1, from->index, to->index) :
		      key_of(1, to->index, from->index));
	int64_t l, h;

	*low = *high = NC_NIL;
	if (!w || (contradicts(w) && w->low - w->high >= APART_NS))
		return;
	l = contradicts(w) ? w->high : w->low;
	h = contradicts(w) ? w->low : w->high;
	*low = forward ? l : h == NC_NIL ? NC_NIL : -h;
	*high = forward ? h : l == NC_NIL ? NC_NIL : -l;
}

/*
 * ... or, of hosts that exchanged nothing, by what each exchanged with a third
 * one: the tightest.  NC_NIL where there is none.
 */
static void
bounds_of(struct nc_model *m, const struct nc_host_state *from,
    const struct nc_host_state *to, int64_t *low, int64_t *high)
{
	size_t i, n = m->nhosts < THIRDS_MAX ? m->nhosts : THIRDS_MAX;

	bounds_direct(m, from, to, low, high);
	if (*low != NC_NIL || *high != NC_NIL)
		return;
	for (i = 0; i < n; i++) {
		const struct nc_host_state *by = m->hosts[i];
		int64_t l[2], h[2];

		if (by == from || by == to)
			continue;
		bounds_direct(m, from, by, &l[0], &h[0]);
		bounds_direct(m, by, to, &l[1], &h[1]);
		if (l[0] != NC_NIL && l[1] != NC_NIL)
			*low = most(*low, l[0] + l[1]);
		if (h[0] != NC_NIL && h[1] != NC_NIL)
			*high = least(*high, h[0] + h[1]);
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
clock_earliest(struct nc_model *m, const struct nc_host_state *from, int64_t t,
    const struct nc_host_state *to)
{
	int64_t back = clock_latest(m, to, t, from);

	return back == NC_NIL ? NC_NIL : t - (back - t);
}

/* Something was read as it came; by way of a third host, nobody knows. */
static bool
was_prompt(struct nc_model *m, const struct nc_host_state *from,
    const struct nc_host_state *to)
{
	bool forward = from->index < to->index;
	const struct bounds *w = nc_map_get(&m->clocks,
	    forward ? key_of(1, from->index, to->index) :
		      key_of(1, to->index, from->index));

	return !w || w->prompt[!forward];
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
	return low == NC_NIL || !was_prompt(m, to, from) ? NC_NIL :
							   t + low + LATENCY_NS;
}

/* Records */

/*
 * The slopes of the lines that keep all bounds, ns per ns: Fourier and
 * Motzkin's elimination of the line's height.  False if there is none.
 */
static bool
slopes(const struct bounds *w, double *from, double *to)
{
	size_t i, j;

	*from = -DRIFT_MAX;
	*to = DRIFT_MAX;
	for (i = 0; i < w->n; i++)
		for (j = 0; j < w->n; j++) {
			const struct stretch *l = &w->v[i], *h = &w->v[j];
			double room, time;

			if (l->low == NC_NIL || h->high == NC_NIL)
				continue;
			room = (double)(h->high - l->low);
			time = (double)(h->high_at - l->low_at);
			if (time > 0 && room / time < *to)
				*to = room / time;
			else if (time < 0 && room / time > *from)
				*from = room / time;
			else if (time == 0 && room < 0)
				return false;
		}
	return *from <= *to;
}

/* When a clock was set, on a's clock: no later than the first contradiction. */
static int64_t
set_at(const struct bounds *w)
{
	int64_t low = NC_NIL, high = NC_NIL;
	size_t i;

	for (i = 0; i < w->n; i++) {
		low = most(low, w->v[i].low);
		high = least(high, w->v[i].high);
		if (low != NC_NIL && high != NC_NIL && low > high)
			return most(
			    w->v[i].low == low ? w->v[i].low_at : NC_NIL,
			    w->v[i].high == high ? w->v[i].high_at : NC_NIL);
	}
	return NC_NIL;
}

/* From where a host's times count. */
enum origin { ORIGIN_EPOCH, ORIGIN_MIDNIGHT, ORIGIN_BEGIN };

static enum origin
origin(const struct nc_host_state *h)
{
	/* strace -r, kdump -E: seconds since the trace's own first line. */
	return h->first_time == 0 ? ORIGIN_BEGIN :
	    h->first_time >= YEAR ? ORIGIN_EPOCH :
				    ORIGIN_MIDNIGHT;
}

/* Times that count from different moments tell nothing of the clocks. */
static bool
is_comparable(const struct bounds *w)
{
	enum origin a = origin(w->a);

	return a != ORIGIN_BEGIN && a == origin(w->b);
}

/* One trace began before a midnight and the other one after it. */
static void
same_day(const struct bounds *w, struct nc_clock *rec)
{
	int64_t days;

	if (origin(w->a) != ORIGIN_MIDNIGHT || rec->low == NC_NIL ||
	    rec->high == NC_NIL || rec->change.p)
		return;
	days = rec->low / 2 + rec->high / 2;
	days = (days + (days < 0 ? -DAY / 2 : DAY / 2)) / DAY;
	rec->low -= days * DAY;
	rec->high -= days * DAY;
}

static void
write_bounds(struct nc_model *m, const struct bounds *w)
{
	struct nc_clock rec;
	double from, to;
	size_t i;

	row_taken(m, ROW_clock_bounds);
	nc_record_init(NC_KIND_clock, &rec);
	rec.a = nc_str(w->a->name);
	rec.b = nc_str(w->b->name);
	rec.low = w->low;
	rec.high = w->high;
	rec.pairs = w->pairs;
	if (contradicts(w)) {
		/* What held at any time. */
		rec.low = rec.high = NC_NIL;
		for (i = 0; i < w->n; i++) {
			rec.low = least(rec.low, w->v[i].low);
			rec.high = most(rec.high, w->v[i].high);
		}
		/* It was set within one stretch. */
		if (rec.low != NC_NIL && rec.high != NC_NIL &&
		    rec.low > rec.high) {
			int64_t low = rec.high;

			rec.high = rec.low;
			rec.low = low;
		}
		if (slopes(w, &from, &to)) {
			rec.change = nc_str("drift");
			rec.drift_low = (int64_t)(from * 1e9);
			rec.drift_high = (int64_t)(to * 1e9);
		} else {
			rec.change = nc_str("set");
			rec.set_at = set_at(w);
		}
	}
	same_day(w, &rec);
	m->sink->put(m->sink->ctx, NC_KIND_clock, &rec);
}

void
clock_write(struct nc_model *m)
{
	size_t i, j;

	if (!m->sink)
		return;
	for (i = 0; i < m->nhosts; i++)
		for (j = i + 1; j < m->nhosts && m->clocks.n; j++) {
			struct bounds *w = nc_map_get(&m->clocks,
			    key_of(1, m->hosts[i]->index, m->hosts[j]->index));

			if (w && is_comparable(w))
				write_bounds(m, w);
		}
}

void
clock_free(struct nc_model *m)
{
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&m->clocks, &at)))
		free(((struct bounds *)slot->value)->v);
	nc_map_free(&m->clocks);
}
