/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on datagrams: datagram-loss, datagram-truncated, datagram-too-large.
 */
#include "rules.h"

#include <inttypes.h>

/* The most that IPv4 can carry in a datagram. */
#define DATAGRAM_MAX 65507

/* datagram-loss */

/* Lost while the receiver was there to take them. */
static int64_t
lost_of(const struct flow *w)
{
	int64_t lost = count_of(w->f.lost) -
	    map_count(w->f.facts, "lost_outside") -
	    map_count(w->f.facts, "lost_tail");

	return lost > 0 ? lost : 0;
}

static bool
loss_want(struct rules *r, const struct dev *d)
{
	const struct flow *w = d->flow;

	return w && strong(r, d) && w->f.sent > 0 && w->receiver >= 0 &&
	    map_int(w->f.facts, "receiver_bound") != 0 &&
	    !map_true(w->f.facts, "multicast") &&
	    !map_true(w->f.facts, "unseen") &&
	    !nc_str_eq(w->f.loss_cause, "application");
}

/* Flows without a loss to the same place count as sent. */
static int64_t
sent_all(struct rules *r, const struct dev *d)
{
	struct nc_addr a = dev_service(d);
	int64_t n = 0;
	size_t i;

	for (i = 0; i < r->facts->nflows; i++) {
		const struct flow *w = r->facts->flows[i];

		if (w->sender == dev_client(d) &&
		    w->receiver == dev_server(d) &&
		    nc_addr_same(&w->destination, &a))
			n += count_of(w->f.sent);
	}
	return n;
}

static void
loss_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t lost = 0, sent;
	struct finding *f;
	size_t i;

	for (i = 0; i < p->n; i++)
		lost += lost_of(p->v[i]->flow);
	sent = sent_all(r, d);
	if (sent < r->limits->loss_sent || lost < r->limits->loss_lost ||
	    (double)lost * 100 < (double)sent * (double)r->limits->loss_percent)
		return;
	f = make(r, "datagram-loss", least(p), p);
	f->count = lost;
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%" PRId64 " of %" PRId64 " datagrams (%.1f %%) from %s to %s "
	    "never arrived",
	    lost, sent, 100.0 * (double)lost / (double)sent,
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a));
}

void
rule_datagram_loss(struct rules *r)
{
	static const enum code codes[] = { CODE_DGRAM_LOST, CODE_NONE };

	rules_each(r, codes, loss_want, key_target, loss_emit);
}

/* datagram-truncated */

static bool
truncated_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && !map_true(d->d.args, "peeked");
}

static void
truncated_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	int64_t size = map_int(d->d.args, "datagram");
	int64_t buffer = map_int(d->d.args, "buffer");
	struct finding *f = make(r, "datagram-truncated", least(p), p);

	f->count = (int64_t)p->n + p->more;
	finding_endpoint(f, nc_str(text_addr(r, &d->local)));
	finding_say(f, "%s cut %s to the size of its buffer%s",
	    text_at(r, d->host, &d->local), text_count(r, f->count, "datagram"),
	    size > 0 && buffer >= 0 ?
		text(r, ": %" PRId64 " bytes into %" PRId64, size, buffer) :
		"");
}

void
rule_datagram_truncated(struct rules *r)
{
	static const enum code codes[] = { CODE_DGRAM_TRUNCATED, CODE_NONE };

	rules_each(r, codes, truncated_want, key_own, truncated_emit);
}

/* datagram-too-large */

static bool
large_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && map_int(d->d.args, "size") > DATAGRAM_MAX;
}

static void
large_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "datagram-too-large", least(p), p);

	f->count = (int64_t)p->n + p->more;
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s tried to send %" PRId64 " bytes in one datagram to %s; at "
	    "most %d fit",
	    facts_host_name(r->facts, d->host), map_int(d->d.args, "size"),
	    text_at(r, dev_server(d), &a), DATAGRAM_MAX);
}

void
rule_datagram_too_large(struct rules *r)
{
	static const enum code codes[] = { CODE_EMSGSIZE, CODE_NONE };

	rules_each(r, codes, large_want, key_target, large_emit);
}
