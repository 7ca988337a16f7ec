/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on sockets that exist but cannot be reached the way they are asked:
 * loopback-bound, ipv6-only.
 */
#include "../rules.h"

#include <stdio.h>
#include <string.h>

/* An argument that is set: a text that is not empty, or not 0. */
static bool
set(struct nc_bytes map, const char *name)
{
	struct nc_bytes s = nc_find_str(map, name);

	return (s.p && s.len > 0) || map_true(map, name);
}

/*
 * What serves the port instead: the deviation says it, or its connection,
 * or its flow under the name given.
 */
static struct nc_bytes
instead(const struct dev *d, const char *flow_fact)
{
	struct nc_bytes s = nc_find_str(d->d.args, "listener");

	if (s.len == 0 && d->conn)
		s = nc_find_str(d->conn->c.facts, "listener_other");
	if (s.len == 0 && d->flow)
		s = nc_find_str(d->flow->f.facts, flow_fact);
	return s.len ? s : nc_str(NULL);
}

static bool
is_datagram(const struct dev *d)
{
	return d->code == CODE_DGRAM_REFUSED ||
	    d->code == CODE_DGRAM_NO_RECEIVER || d->code == CODE_DGRAM_LOST;
}

/* One lost datagram means nothing; a refusal is an answer. */
static bool
enough(const struct picked *p)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		const struct dev *d = p->v[i];
		int64_t count = map_count(
		    d->d.args, d->code == CODE_DGRAM_LOST ? "lost" : "count");

		if (!is_datagram(d) || d->code == CODE_DGRAM_REFUSED)
			return true;
		n += count > 0 ? count : 1;
		if (n > 1)
			return true;
	}
	return false;
}

/* loopback-bound */

static bool
loopback_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || dev_client(d) == dev_server(d))
		return false;
	if (d->code == CODE_LOOPBACK_MISMATCH)
		return true;
	if (is_datagram(d))
		return set(d->d.args, "loopback") ||
		    (d->flow && d->flow->f.received <= 0 &&
			set(d->flow->f.facts, "loopback_listener"));
	return nc_str_eq(nc_find_str(d->d.args, "reason"), "loopback") &&
	    !eyeballs(r, d) && !retried(r, d);
}

static void
loopback_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct nc_bytes other = instead(d, "loopback_listener");
	struct finding *f;
	size_t i;

	if (!enough(p))
		return;
	f = make(r, "loopback-bound", least(p), p);
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	if (d->code == CODE_LOOPBACK_MISMATCH) {
		struct nc_bytes bound = nc_find_str(d->d.args, "bound");

		finding_say(f,
		    "%s cannot talk to %s: its socket is bound to %s, "
		    "which reaches only the host itself",
		    facts_host_name(r->facts, d->host),
		    text_at(r, dev_server(d), &a),
		    bound.p ? text_bytes(r, bound) : "a loopback address");
		return;
	}
	finding_endpoint(f, other);
	finding_say(f, "%s cannot reach %s: %s %s %s only",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    text_host(r, dev_server(d), &a),
	    is_datagram(d) ? "receives on" : "listens on",
	    other.p ? text_bytes(r, other) : "a loopback address");
}

void
rule_loopback_bound(struct rules *r)
{
	static const enum code codes[] = { CODE_LOOPBACK_MISMATCH,
		CODE_ECONNREFUSED, CODE_DGRAM_REFUSED, CODE_DGRAM_NO_RECEIVER,
		CODE_DGRAM_LOST, CODE_NONE };

	rules_each(r, codes, loopback_want, key_target, loopback_emit);
}

/* ipv6-only */

static bool
family_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d))
		return false;
	if (is_datagram(d))
		return set(d->d.args, "family") ||
		    (d->flow && d->flow->f.received <= 0 &&
			set(d->flow->f.facts, "family_listener"));
	if (d->code == CODE_ECONNREFUSED &&
	    !nc_str_eq(nc_find_str(d->d.args, "reason"), "family"))
		return false;
	return !eyeballs(r, d) && !retried(r, d);
}

static void
family_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct nc_bytes other = instead(d, "family_listener");
	struct finding *f;
	size_t i;

	if (!enough(p))
		return;
	f = make(r, "ipv6-only", least(p), p);
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_endpoint(f, other);
	finding_say(f,
	    "%s cannot reach %s over %s: %s serves port %u over %s only%s%s",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    nc_addr_is_v4(&a) ? "IPv4" : "IPv6",
	    text_host(r, dev_server(d), &a), a.port,
	    nc_addr_is_v4(&a) ? "IPv6" : "IPv4", other.p ? ", at " : "",
	    other.p ? text_bytes(r, other) : "");
}

void
rule_ipv6_only(struct rules *r)
{
	static const enum code codes[] = { CODE_FAMILY_MISMATCH,
		CODE_ECONNREFUSED, CODE_DGRAM_REFUSED, CODE_DGRAM_NO_RECEIVER,
		CODE_DGRAM_LOST, CODE_NONE };

	rules_each(r, codes, family_want, key_target, family_emit);
}
