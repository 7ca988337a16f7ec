/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule mtu: what is larger than the path carries is lost on the way.
 */
#include "../rules.h"

#include <inttypes.h>

/* Sizes at which paths usually end: tunnels and Ethernet, jumbo frames. */
static bool
usual(int64_t carried, int64_t lost)
{
	return (carried <= 1500 && lost >= 576) ||
	    (carried <= 9000 && lost >= 7900);
}

/* Datagrams: sums over the flows from one host to an address. */

struct sizes {
	int64_t carried; /* largest received */
	int64_t lost;    /* smallest lost */
	int64_t nlarge, nsmall, nreceived;
	bool after;     /* a small one arrived after a large loss */
	int64_t buffer; /* SO_RCVBUF set, 0 none */
};

static void
sizes_add(struct sizes *s, const struct flow *w)
{
	struct nc_bytes facts = w->f.facts;
	int64_t carried = map_count(facts, "max_received");
	int64_t lost = map_count(facts, "min_lost");

	if (carried > s->carried)
		s->carried = carried;
	if (lost > 0 && (s->lost == 0 || lost < s->lost))
		s->lost = lost;
	s->nlarge += count_of(w->f.lost) - map_count(facts, "lost_outside");
	s->nreceived += count_of(w->f.received);
	if (map_true(facts, "small_after_large"))
		s->after = true;
	if (map_count(facts, "buffer_set") > 0)
		s->buffer = map_count(facts, "buffer_set");
}

/* In flows of one datagram each, one that worked follows one that did not. */
static bool
worked_after(struct rules *r, const struct dev *d)
{
	int64_t lost = NC_NIL, worked = NC_NIL;
	size_t i;

	for (i = 0; i < r->facts->nflows; i++) {
		const struct flow *w = r->facts->flows[i];
		int64_t seq = nc_find_int(w->f.facts, "seq");

		if (!same_path(w, d->flow) || seq == NC_NIL)
			continue;
		if (w->f.lost > 0 && (lost == NC_NIL || seq < lost))
			lost = seq;
		if (w->f.received > 0 && seq > worked)
			worked = seq;
	}
	return lost != NC_NIL && worked > lost;
}

/* Within one flow there may be small losses too: that flow's own counts. */
static bool
one_flow(const struct thresholds *t, const struct flow *w, struct sizes *s)
{
	struct nc_bytes facts = w->f.facts;

	sizes_add(s, w);
	s->nlarge =
	    map_count(facts, "large_sent") - map_count(facts, "lost_outside");
	s->nsmall = map_count(facts, "small_sent");
	s->nreceived = map_count(facts, "small_received");
	return s->nlarge >= t->mtu_datagrams &&
	    s->nreceived >= t->mtu_datagrams && s->after &&
	    s->nreceived * 100 >= s->nsmall * t->mtu_percent;
}

static bool
many_flows(struct rules *r, const struct dev *d, struct sizes *s)
{
	size_t i;

	for (i = 0; i < r->facts->nflows; i++)
		if (same_path(r->facts->flows[i], d->flow))
			sizes_add(s, r->facts->flows[i]);
	s->nsmall = s->nreceived;
	return s->lost > s->carried && s->nlarge >= r->limits->mtu_datagrams &&
	    s->nreceived >= r->limits->mtu_datagrams &&
	    (s->after || worked_after(r, d));
}

/* The receiver's own buffer explains the size as well. */
static bool
by_buffer(const struct sizes *s)
{
	return s->buffer > 0 && s->buffer >= s->carried / 2 &&
	    s->buffer / 2 <= s->lost;
}

static bool
datagram_want(struct rules *r, const struct dev *d)
{
	const struct flow *w = d->flow;

	return w && strong(r, d) && w->receiver >= 0 &&
	    nc_find_int(w->f.facts, "receiver_bound") != 0 &&
	    !map_true(w->f.facts, "multicast") &&
	    !map_true(w->f.facts, "unseen") &&
	    !nc_str_eq(w->f.loss_cause, "application");
}

static void
datagram_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct sizes s = { 0 };
	struct finding *f;
	int confidence = least(p);
	bool found = false;
	size_t i;

	for (i = 0; !found && i < p->n; i++) {
		s = (struct sizes){ 0 };
		found = one_flow(r->limits, p->v[i]->flow, &s);
	}
	if (!found) {
		s = (struct sizes){ 0 };
		found = many_flows(r, d, &s);
	}
	/* No path is that narrow: the size is chance. */
	if (s.lost < r->limits->mtu_segment)
		return;
	if (!found || s.carried <= 0 || s.lost <= s.carried || by_buffer(&s))
		return;
	if (usual(s.carried, s.lost))
		confidence = confidence > 85 ? 95 : confidence + 10;
	f = make(r, "mtu", confidence, p);
	f->count = s.nlarge;
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "datagrams from %s to %s of %" PRId64 " bytes and more are lost "
	    "(%" PRId64 " of them) while those of up to %" PRId64
	    " bytes arrive",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    s.lost, s.nlarge, s.carried);
}

/* The host itself knows the limit. */

static bool
size_want(struct rules *r, const struct dev *d)
{
	int64_t size = nc_find_int(d->d.args, "size");

	/* A limit of its own system is none of the path. */
	return strong(r, d) && size > 0 && size <= 65507 &&
	    nc_find_int(d->d.args, "limit") <= 0;
}

static void
size_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t mtu = nc_find_int(d->d.args, "mtu");
	struct finding *f;

	/* One is how programs find out the path's size. */
	if ((int64_t)p->n + p->more < r->limits->mtu_datagrams)
		return;
	f = make(r, "mtu", least(p), p);
	f->count = (int64_t)p->n + p->more;
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s sends datagrams of %" PRId64 " bytes to %s that may not be "
	    "fragmented and do not fit the path%s (%s failed)",
	    facts_host_name(r->facts, d->host), nc_find_int(d->d.args, "size"),
	    text_at(r, dev_server(d), &a),
	    mtu > 0 ? text(r, " of %" PRId64 " bytes", mtu) : "",
	    text_count(r, f->count, "call"));
}

/*
 * Streams: a large write never arrives, while smaller ones do; a request may
 * well be its connection's first write, so other connections count.
 */

static int64_t
lost_write(const struct dev *d)
{
	return nc_find_int(d->d.args, "largest_lost");
}

static bool
stream_want(struct rules *r, const struct dev *d)
{
	int64_t lost = lost_write(d);

	if (!strong(r, d) || !d->conn || !compared(r, d) || was_reset(d))
		return false;
	if (lost < r->limits->mtu_segment || carried_below(r, d, lost) == 0)
		return false;
	if (d->code == CODE_CONN_DIED)
		return nc_str_eq(nc_find_str(d->d.args, "error"), "ETIMEDOUT");
	/* The receiver has to have been waiting, and long enough. */
	return map_true(d->d.args, "waiting") &&
	    (lasted(d, "waited", r->limits->waited) ||
		conn_has(d->conn, CODE_CONN_DIED));
}

/* The path is the same whatever the port. */
static uint64_t
stream_key(const struct dev *d)
{
	struct nc_addr a = dev_service(d);

	return facts_path_key(dev_at_server(d) ? dev_server(d) : dev_client(d),
	    dev_at_server(d) ? dev_client(d) : dev_server(d),
	    nc_addr_is_v4(&a));
}

static void
stream_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t n = count_conns(p), lost = INT64_MAX, carried = 0;
	int confidence = n >= 2 ? 80 : 60;
	struct finding *f;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (lost_write(p->v[i]) < lost)
			lost = lost_write(p->v[i]);
	for (i = 0; i < p->n; i++) {
		int64_t c = carried_below(r, p->v[i], lost_write(p->v[i]));

		carried = c > carried ? c : carried;
	}
	if (usual(carried, lost))
		confidence += 10;
	f = make(r, "mtu", confidence, p);
	for (i = 0; i < p->n; i++) {
		struct nc_addr target = dev_service(p->v[i]);

		make_target(f, p->v[i]);
		finding_endpoint(f, nc_str(text_addr(r, &target)));
	}
	finding_say(f,
	    "between %s and %s writes of %" PRId64 " bytes and more never "
	    "arrive while those of up to %" PRId64 " bytes do (%s)",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    lost, carried, text_count(r, n, "connection"));
}

void
rule_mtu(struct rules *r)
{
	static const enum code datagram[] = { CODE_DGRAM_LOST, CODE_NONE };
	static const enum code size[] = { CODE_EMSGSIZE, CODE_NONE };
	static const enum code stream[] = { CODE_DATA_UNDELIVERED,
		CODE_CONN_DIED, CODE_NONE };

	rules_each(r, datagram, datagram_want, key_flow, datagram_emit);
	rules_each(r, size, size_want, key_target, size_emit);
	rules_each(r, stream, stream_want, stream_key, stream_emit);
}
