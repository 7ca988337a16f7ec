/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on datagrams: datagram-loss, datagram-truncated, datagram-too-large.
 */
#include "../rules.h"

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
	    nc_find_int(w->f.facts, "receiver_bound") != 0 &&
	    !map_true(w->f.facts, "multicast") &&
	    !map_true(w->f.facts, "unseen") &&
	    (!nc_str_eq(w->f.loss_cause, "application") ||
		map_count(w->f.facts, "lost_overrun") > 0);
}

/* What the flows to the same place sum up to, those without a loss too. */
struct sum {
	int64_t sent, received, lost;
	int64_t overrun, buffer; /* of the lost ones; bytes that were set */
	bool waiting, answered;  /* the receiver waits; the reverse passes */
};

static bool
reverse(const struct flow *a, const struct flow *b)
{
	return a->sender == b->receiver && a->receiver == b->sender;
}

static struct sum
sum_of(struct rules *r, const struct picked *p)
{
	const struct flow *w = p->v[0]->flow;
	struct sum s = { 0 };
	size_t i;

	for (i = 0; i < r->facts->nflows; i++) {
		const struct flow *o = r->facts->flows[i];

		if (same_path(o, w)) {
			s.sent += count_of(o->f.sent);
			s.received += count_of(o->f.received);
			s.answered = s.answered ||
			    map_count(o->f.facts, "reverse_received") > 0;
		} else if (reverse(o, w) && o->f.received > 0) {
			s.answered = true;
		}
	}
	for (i = 0; i < p->n; i++) {
		s.lost += lost_of(p->v[i]->flow);
		s.overrun += map_count(p->v[i]->flow->f.facts, "lost_overrun");
		if (map_count(p->v[i]->flow->f.facts, "buffer_set") > s.buffer)
			s.buffer =
			    map_count(p->v[i]->flow->f.facts, "buffer_set");
		s.waiting = s.waiting ||
		    map_true(p->v[i]->flow->f.facts, "receiver_waiting");
	}
	return s;
}

static bool
enough(const struct thresholds *t, const struct sum *s)
{
	if (s->lost < t->loss_lost)
		return false;
	/* Not one came, though the hosts do reach each other; or of many. */
	if (s->received == 0 && s->waiting &&
	    (s->answered || s->lost >= t->firewall_datagrams))
		return true;
	return s->sent >= t->loss_sent &&
	    (double)s->lost * 100 >= (double)s->sent * (double)t->loss_percent;
}

/* Its receiver's buffer was full: that is no fault of the network. */
static void
overrun_say(struct rules *r, struct finding *f, const struct dev *d,
    const struct sum *s)
{
	struct nc_addr a = dev_service(d);
	const char *reader = dev_at_server(d) ?
	    text_host(r, dev_client(d), &d->remote) :
	    text_at(r, dev_server(d), &a);

	f->category = "application";
	f->remedy = "Read as soon as something comes, in a thread of its own "
		    "if need be, and several at a time (recvmmsg); raise "
		    "SO_RCVBUF and net.core.rmem_max for bursts; or let the "
		    "sender pace what it sends and repeat what is lost.";
	finding_say(f,
	    "%s reads too slowly: %" PRId64 " of %" PRId64
	    " datagrams (%.1f %%) from %s came while others lay unread in its "
	    "full buffer%s, and were dropped",
	    reader, s->lost, s->sent, 100.0 * (double)s->lost / (double)s->sent,
	    facts_host_name(r->facts, d->host),
	    s->buffer > 0 ? text(r, " (SO_RCVBUF %" PRId64 ")", s->buffer) :
			    "");
	finding_more(f,
	    "What was sent before the lost datagrams was read only after they "
	    "had been sent: the receiver was behind, and its host drops what "
	    "does not fit into the socket's buffer.");
}

static void
loss_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct sum s = sum_of(r, p);
	bool slow = s.overrun * 2 > s.lost;
	struct finding *f;
	size_t i;

	if (s.lost < r->limits->loss_lost)
		return;
	f = make(r,
	    slow && s.buffer > 0 ? "buffer-size-mismatch" : "datagram-loss",
	    least(p), p);
	f->count = s.lost;
	if (!enough(r->limits, &s))
		finding_lower(f, NC_SEVERITY_INFO);
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	if (slow)
		overrun_say(r, f, d, &s);
	else
		finding_say(f,
		    "%" PRId64 " of %" PRId64
		    " datagrams (%.1f %%) from %s to %s never arrived",
		    s.lost, s.sent, 100.0 * (double)s.lost / (double)s.sent,
		    text_host(r, dev_client(d), NULL),
		    text_at(r, dev_server(d), &a));
}

void
rule_datagram_loss(struct rules *r)
{
	static const enum code codes[] = { CODE_DGRAM_LOST, CODE_NONE };

	rules_each(r, codes, loss_want, key_flow, loss_emit);
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
	int64_t size = nc_find_int(d->d.args, "datagram");
	int64_t buffer = nc_find_int(d->d.args, "buffer");
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

/* Bytes that fit: of the protocol, or by the sender's system. */
static int64_t
at_most(const struct dev *d)
{
	int64_t limit = nc_find_int(d->d.args, "limit");

	return limit > 0 ? limit : DATAGRAM_MAX;
}

static bool
large_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && nc_find_int(d->d.args, "size") > at_most(d);
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
	    "most %" PRId64 " fit%s",
	    facts_host_name(r->facts, d->host), nc_find_int(d->d.args, "size"),
	    text_at(r, dev_server(d), &a), at_most(d),
	    at_most(d) < DATAGRAM_MAX ? " unless its system is told" : "");
}

void
rule_datagram_too_large(struct rules *r)
{
	static const enum code codes[] = { CODE_EMSGSIZE, CODE_NONE };

	rules_each(r, codes, large_want, key_target, large_emit);
}
