/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The network.
 */
#include "net.h"

#include <string.h>

#include "fault.h"

#define OUTSIDE "203.0.113.7"

struct nat {
	struct nat *next;
	struct host *host;
	enum file_kind kind;
	int inside, outside; /* ports */
};

int64_t
net_delay(struct host *from, struct host *to)
{
	struct world *w = from->world;
	static const int bases[] = { 40, 300, 5000, 60000 };
	unsigned a = from->index, b = to->index;
	int base = w->choice.latency;

	if (from == to)
		return rng_between(&w->rng, 1, w->choice.loop_latency);
	if (base == 0) /* the same both ways */
		base = bases[(a * b * 7 + a + b) % 4];
	return base + rng_between(&w->rng, 0, base / 4);
}

void
net_stream(struct file *to, int64_t delay, void (*what)(void *file, void *more),
    void *more)
{
	struct clock *c = &to->host->world->clock;
	int64_t when = c->now + delay;

	if (when <= to->last_arrival)
		when = to->last_arrival + 1;
	to->last_arrival = when;
	clock_at(c, when, what, to, more);
}

static struct nat *
nat_find(struct world *w, const struct host *h, enum file_kind kind, int inside)
{
	struct nat *n;

	for (n = w->nat; n; n = n->next)
		if (n->host == h && n->kind == kind && n->inside == inside)
			return n;
	return NULL;
}

static struct nat *
nat_outside(struct world *w, enum file_kind kind, int outside)
{
	struct nat *n;

	for (n = w->nat; n; n = n->next)
		if (n->kind == kind && n->outside == outside)
			return n;
	return NULL;
}

struct addr
net_source(
    struct host *from, struct host *to, struct addr a, enum file_kind kind)
{
	struct world *w = from->world;
	struct nat *n;

	if (!from->outside || from == to || strchr(a.ip, ':'))
		return a;
	n = nat_find(w, from, kind, a.port);
	if (!n) {
		n = arena_new(&w->arena, sizeof(*n));
		n->host = from;
		n->kind = kind;
		n->inside = n->outside = a.port;
		/* The port is kept where it is free. */
		while (nat_outside(w, kind, n->outside))
			n->outside = (int)rng_between(&w->rng, 1024, 65000);
		n->next = w->nat;
		w->nat = n;
	}
	return (struct addr){ from->outside, n->outside };
}

struct host *
net_target(
    struct world *w, struct host *from, struct addr *a, enum file_kind kind)
{
	struct nat *n;

	if (strcmp(a->ip, OUTSIDE) != 0)
		return world_owner(w, from, a->ip);
	n = nat_outside(w, kind, a->port);
	if (!n)
		return NULL;
	*a = (struct addr){ n->host->v4, n->inside };
	return n->host;
}

/* Datagrams */

static void
arrive(void *file, void *more)
{
	struct file *f = file;
	struct parcel *p = more, **at;

	if (f->closed)
		return; /* its program has ended: nobody waits for it */
	for (at = &f->rx; *at; at = &(*at)->next)
		continue;
	*at = p;
	file_changed(f);
}

struct flight {
	struct host *to;
	struct addr target;
	struct parcel *parcel;
};

static void
find_receiver(void *arg, void *more)
{
	struct flight *fl = arg;
	struct file *f = host_bound(
	    fl->to, FILE_UDP, fl->target.ip, fl->target.port, fl->parcel->from);

	(void)more;
	if (f)
		arrive(f, fl->parcel);
	else if (!fl->to->world->choice.fault)
		world_unlawful(fl->to->world, "a datagram to nobody");
}

void
net_datagram(struct file *from, struct addr source, struct addr to,
    const char *p, size_t len)
{
	struct host *h = from->host, *there;
	struct world *w = h->world;
	struct flight *fl = arena_new(&w->arena, sizeof(*fl)), *twin;
	struct fate fate = fault_datagram(w, p, len);
	int64_t when;

	fl->target = to;
	there = net_target(w, h, &fl->target, FILE_UDP);
	if (!there) {
		world_unlawful(w, "a datagram to no host");
		return;
	}
	fl->to = there;
	fl->parcel = arena_new(&w->arena, sizeof(*fl->parcel));
	fl->parcel->p = fate.p;
	fl->parcel->len = len;
	fl->parcel->from = net_source(h, there, source, FILE_UDP);
	if (!h->last_datagram)
		h->last_datagram =
		    arena_new(&w->arena, w->nhosts * sizeof(int64_t));
	when = w->clock.now + net_delay(h, there);
	if (when <= h->last_datagram[there->index])
		when = h->last_datagram[there->index] + 1;
	if (fate.late == 0)
		h->last_datagram[there->index] = when;
	if (fate.copies > 0)
		clock_at(&w->clock, when + fate.late, find_receiver, fl, NULL);
	if (fate.copies > 1) {
		twin = arena_new(&w->arena, sizeof(*twin));
		*twin = *fl;
		twin->parcel = arena_new(&w->arena, sizeof(*twin->parcel));
		*twin->parcel = *fl->parcel;
		clock_at(&w->clock, when + 1, find_receiver, twin, NULL);
	}
}
