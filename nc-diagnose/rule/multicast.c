/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule multicast: a group that cannot be joined, or a receiver that waits
 * and gets nothing of what is sent to its group, for a reason that shows.
 */
#include "../rules.h"

#include <inttypes.h>

static bool
is_failure(const struct dev *d)
{
	return nc_find_str(d->d.args, "error").p != NULL;
}

static bool
multicast_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && !nc_str_eq(d->d.severity, "info");
}

/* One kind at one host and group. */
static uint64_t
multicast_key(const struct dev *d)
{
	struct nc_bytes why =
	    nc_find_str(d->d.args, is_failure(d) ? "option" : "reason");
	uint64_t k = nc_hash(why.p, why.p ? why.len : 0, (uint64_t)d->host);

	return nc_hash_int(k ^ nc_addr_hash_ip(&d->remote) ^ d->remote.port);
}

static void
failure_say(struct rules *r, struct finding *f, const struct dev *d)
{
	struct nc_bytes error = nc_find_str(d->d.args, "error");
	bool joins = nc_addr_is_multicast(&d->remote);

	finding_say(f, "%s cannot %s%s: %s fails with %s%s",
	    facts_host_name(r->facts, d->host),
	    joins                ? "join the group " :
		d->remote.family ? "join " :
				   "set a multicast option",
	    d->remote.family ? text_host(r, -1, &d->remote) : "",
	    text_bytes(r, nc_find_str(d->d.args, "option")),
	    text_bytes(r, error),
	    d->remote.family && !joins      ? ", which is no group" :
		nc_str_eq(error, "ENODEV")  ? ": no interface has the "
					      "address asked for, or no "
					      "route leads to the group" :
		nc_str_eq(error, "ENOBUFS") ? ": the host's limit of "
					      "groups is reached" :
					      "");
}

static const char *
why(struct rules *r, const struct dev *d)
{
	struct nc_bytes reason = nc_find_str(d->d.args, "reason");
	struct nc_bytes on = nc_find_str(d->d.args, "joined_on");
	struct nc_bytes by = nc_find_str(d->d.args, "sent_by");

	if (nc_str_eq(reason, "unjoined"))
		return "no socket there has joined the group";
	if (nc_str_eq(reason, "left"))
		return "the group had been left again";
	if (nc_str_eq(reason, "only_own"))
		return "this socket has not joined, and IP_MULTICAST_ALL is "
		       "off";
	if (nc_str_eq(reason, "loop"))
		return "the sender is on the same host and has turned "
		       "IP_MULTICAST_LOOP off";
	if (nc_str_eq(reason, "ttl"))
		return "they are sent with a TTL that does not reach other "
		       "networks (IP_MULTICAST_TTL, 1 if not set)";
	if (nc_str_eq(reason, "bound"))
		return "the socket is bound to an address of its host instead "
		       "of the wildcard or the group";
	return text(r,
	    "they leave and are awaited on different interfaces"
	    " (sent by %s, joined on %s)",
	    by.p ? text_bytes(r, by) : "the default one",
	    on.p ? text_bytes(r, on) : "the default one");
}

static void
multicast_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "multicast", least(p), p);

	f->count = (int64_t)p->n + p->more;
	if (d->remote.family)
		finding_endpoint(f,
		    d->remote.port ? nc_str(text_addr(r, &d->remote)) :
				     nc_str(text_host(r, -1, &d->remote)));
	if (is_failure(d)) {
		failure_say(r, f, d);
		return;
	}
	make_listener(f, d->host, d->local.port);
	finding_say(f,
	    "%s waits at %s but gets none of the %" PRId64
	    " datagrams that %s sends to the group %s: %s",
	    facts_host_name(r->facts, d->host), text_addr(r, &d->local),
	    map_count(d->d.args, "sent"), text_host(r, d->peer, NULL),
	    text_addr(r, &d->remote), why(r, d));
}

void
rule_multicast(struct rules *r)
{
	static const enum code codes[] = { CODE_MCAST_OPTION, CODE_NONE };

	rules_each(r, codes, multicast_want, multicast_key, multicast_emit);
}
