/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule non-transitive-connectivity (paper, Table 2 rule 9): two hosts
 * that both reach a third one, but never each other.
 */
#include "../rules.h"

#include <inttypes.h>

/* Datagrams that were lost while their receiver was there to take them. */
static int64_t
lost_of(const struct flow *w)
{
	int64_t lost =
	    count_of(w->f.lost) - map_count(w->f.facts, "lost_outside");

	return lost > 0 ? lost : 0;
}

static bool
datagram_want(const struct flow *w)
{
	return w && w->f.received <= 0 && w->sender >= 0 && w->receiver >= 0 &&
	    map_true(w->f.facts, "receiver_bound") &&
	    map_true(w->f.facts, "receiver_waiting") &&
	    !map_true(w->f.facts, "multicast") &&
	    !map_true(w->f.facts, "unseen") && lost_of(w) > 0;
}

/*
 * Nothing answered.  That a program then tries another host is no reason to
 * leave it out: where the two hosts reach each other by any address, the
 * rule is silent anyway.
 */
static bool
want(struct rules *r, const struct dev *d)
{
	int client = dev_client(d), server = dev_server(d);

	if (!strong(r, d) || client < 0 || server < 0 || client == server)
		return false;
	switch (d->code) {
	case CODE_DGRAM_LOST:
		return datagram_want(d->flow);
	case CODE_CONN_NEVER_COMPLETED:
		if (d->conn && d->conn->c.server_socket != NC_NIL)
			return false;
		return !cancelled(r, d);
	default:
		return !(d->conn && d->conn->c.server_socket != NC_NIL);
	}
}

static uint64_t
key(const struct dev *d)
{
	return facts_pair_key(dev_client(d), dev_server(d));
}

static bool
exchanged(const struct facts *f, int a, int b)
{
	const struct pair *p = facts_pair(f, a, b);

	return p && p->connections + p->datagrams > 0;
}

/* A host that reaches both, or -1. */
static int
between(const struct facts *f, int a, int c)
{
	int b;

	for (b = 0; b < (int)f->nhosts; b++)
		if (b != a && b != c && exchanged(f, a, b) &&
		    exchanged(f, b, c))
			return b;
	return -1;
}

static bool
is_pair(int x, int y, int a, int b)
{
	return (x == a && y == b) || (x == b && y == a);
}

/*
 * Anything that passed shows that they do reach each other: a connection, if
 * only its client knows of it, a refusal, which is an answer.  And whoever is
 * known to stand behind an address translator is not called from outside.
 */
static bool
reach_each_other(const struct facts *f, int a, int c)
{
	size_t i;

	if (exchanged(f, a, c) || f->reaches_full)
		return true;
	for (i = 0; i < f->nreaches; i++)
		if (f->reaches[i]->worked > 0 &&
		    is_pair(f->reaches[i]->client, f->reaches[i]->server, a, c))
			return true;
	for (i = 0; i < f->ndevs; i++) {
		const struct dev *d = f->devs[i];

		switch (d->code) {
		case CODE_ECONNREFUSED:
		case CODE_CONN_REFUSED_LISTENING:
		case CODE_DGRAM_REFUSED:
			if (is_pair(dev_client(d), dev_server(d), a, c))
				return true;
			break;
		case CODE_NAT_ADDRESS:
			if (dev_client(d) == a || dev_client(d) == c)
				return true;
			break;
		default:
			break;
		}
	}
	return false;
}

/*
 * A filter may drop all but a few ports: an attempt counts only where a socket
 * was there to take it, or the network itself says that there is no way.
 */
static bool
was_awaited(const struct dev *d)
{
	struct nc_bytes l = nc_find_str(d->d.args, "listener");

	if (d->code == CODE_DGRAM_LOST || d->code == CODE_CONN_UNREACHABLE)
		return true;
	if (l.len == 0 && d->conn)
		l = nc_find_str(d->conn->c.facts, "listener");
	return l.len > 0;
}

struct tries {
	int64_t connects, datagrams;
	bool awaited, both_ways;
};

static struct tries
tries_of(const struct picked *p)
{
	struct tries t = { 0 };
	size_t i;

	for (i = 0; i < p->n; i++) {
		const struct dev *d = p->v[i];

		t.awaited |= was_awaited(d);
		t.both_ways |= dev_client(d) != dev_client(p->v[0]);
		if (d->code == CODE_DGRAM_LOST)
			t.datagrams += lost_of(d->flow);
		else
			t.connects++;
	}
	t.connects += p->more;
	return t;
}

/* "2 connects", "5 datagrams", or both. */
static const char *
text_tries(struct rules *r, const struct tries *t)
{
	if (!t->datagrams)
		return text_count(r, t->connects, "connect");
	if (!t->connects)
		return text_count(r, t->datagrams, "datagram");
	return text(r, "%s and %s", text_count(r, t->connects, "connect"),
	    text_count(r, t->datagrams, "datagram"));
}

static void
emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	int a = dev_client(d), c = dev_server(d);
	int b = between(r->facts, a, c);
	struct nc_addr target = dev_service(d);
	struct tries t = tries_of(p);
	struct finding *f;
	size_t i;

	if (b < 0 || !t.awaited ||
	    (t.connects < r->limits->unreached &&
		t.datagrams < r->limits->unreached_datagrams) ||
	    reach_each_other(r->facts, a, c))
		return;
	f = finding_new(r->findings, "non-transitive-connectivity", least(p));
	make_add(r, f, d);
	/* Before the room for evidence is full of attempts. */
	finding_host(f, facts_host_name(r->facts, b));
	make_pair(r, f, a, b);
	make_pair(r, f, b, c);
	for (i = 0; i < p->n; i++) {
		make_add(r, f, p->v[i]);
		make_target(f, p->v[i]);
	}
	f->count = t.connects + t.datagrams;
	finding_endpoint(f, nc_str(text_addr(r, &target)));
	finding_say(f,
	    "%s cannot reach %s%s although both exchange data with %s: none "
	    "of %s got through",
	    facts_host_name(r->facts, a), text_at(r, c, &target),
	    t.both_ways ? ", nor the other way round," : "",
	    facts_host_name(r->facts, b), text_tries(r, &t));
}

void
rule_non_transitive_connectivity(struct rules *r)
{
	static const enum code codes[] = { CODE_CONN_TIMEOUT,
		CODE_CONN_UNREACHABLE, CODE_CONN_NEVER_COMPLETED,
		CODE_DGRAM_LOST, CODE_NONE };

	rules_each(r, codes, want, key, emit);
}
