/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on datagrams that arrive, but not as they were sent:
 * duplicate-datagram, reordered-datagram, delay.
 */
#include "../rules.h"

#include <inttypes.h>

/* Bytes that are no accident. */
#define CONTENT 8

/* duplicate-datagram */

/*
 * Each was received more often than sent: what the sender repeats itself
 * leaves as many sends.
 */
static bool
duplicate_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && nc_find_int(d->d.args, "known") >= CONTENT &&
	    !(d->flow && map_true(d->flow->f.facts, "unseen"));
}

static const char *
from_to(struct rules *r, const struct dev *d)
{
	const struct flow *w = d->flow;

	if (w)
		return text(r, "from %s to %s",
		    facts_host_name(r->facts, w->sender),
		    text_at(r, d->host, &w->destination));
	return text(r, "from %s to %s", text_at(r, d->peer, &d->remote),
	    text_at(r, d->host, &d->local));
}

static void
duplicate_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t n = (int64_t)p->n + p->more;
	struct finding *f = make(r, "duplicate-datagram", least(p), p);

	f->count = n;
	finding_endpoint(f, nc_str(text_addr(r, d->flow ? &a : &d->local)));
	finding_say(f,
	    "%s %s arrived more often than %s sent (%" PRId64 " bytes)",
	    text_count(r, n, "datagram"), from_to(r, d),
	    n == 1 ? "it was" : "they were", nc_find_int(d->d.args, "length"));
}

void
rule_duplicate_datagram(struct rules *r)
{
	static const enum code codes[] = { CODE_DGRAM_DUP, CODE_NONE };

	rules_each(r, codes, duplicate_want, key_flow, duplicate_emit);
}

/* reordered-datagram */

static bool
reordered_want(struct rules *r, const struct dev *d)
{
	int64_t n = map_count(d->d.args, "count");
	int64_t of = map_count(d->d.args, "received");

	return strong(r, d) && d->flow &&
	    (n >= r->limits->reordered || n * 100 >= of);
}

static void
reordered_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "reordered-datagram", least(p), p);
	int64_t n = 0, of = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		n += map_count(p->v[i]->d.args, "count");
		of += map_count(p->v[i]->d.args, "received");
	}
	f->count = n;
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%" PRId64 " of the %" PRId64
	    " datagrams %s arrived after ones that were sent later",
	    n, of, from_to(r, d));
}

void
rule_reordered_datagram(struct rules *r)
{
	static const enum code codes[] = { CODE_DGRAM_REORDERED, CODE_NONE };

	rules_each(r, codes, reordered_want, key_flow, reordered_emit);
}

/* delay */

static bool
delay_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && (d->flow || d->conn) &&
	    lasted(d, "underway", r->limits->delay);
}

static void
delay_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	int64_t n = p->more, most = 0, waited = 0;
	struct nc_addr a = dev_service(d);
	struct finding *f;
	size_t i;

	for (i = 0; i < p->n; i++) {
		n += map_count(p->v[i]->d.args, "waits");
		if (nc_find_int(p->v[i]->d.args, "underway") > most)
			most = nc_find_int(p->v[i]->d.args, "underway");
		if (nc_find_int(p->v[i]->d.args, "waited") > waited)
			waited = nc_find_int(p->v[i]->d.args, "waited");
	}
	if (n < r->limits->delays)
		return;
	f = make(r, "delay", least(p), p);
	f->count = n;
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s gave up waiting for %s %s after %s, and what it waited for "
	    "came "
	    "later: over %s on the way there and back",
	    facts_host_name(r->facts, d->host), text_host(r, d->peer, NULL),
	    text_count(r, n, "time"), text_time(r, waited), text_time(r, most));
}

void
rule_delay(struct rules *r)
{
	static const enum code codes[] = { CODE_NETWORK_ERROR, CODE_NONE };

	rules_each(r, codes, delay_want, key_ends, delay_emit);
}
