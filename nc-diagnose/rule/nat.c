/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on translators: nat, port-forwarding.
 */
#include "../rules.h"

#include <inttypes.h>
#include <string.h>

static bool
confirmed(const struct dev *d, const char *by)
{
	return nc_str_eq(nc_find_str(d->d.args, "confirmed"), by);
}

static struct nc_addr
arg_addr(const struct dev *d, const char *name)
{
	struct nc_bytes s = nc_find_str(d->d.args, name);
	struct nc_addr a;

	if (!s.p || nc_addr_parse(s.p, s.len, &a) != 0)
		memset(&a, 0, sizeof(a));
	return a;
}

/* nat, by matched connections */

static bool
nat_want(struct rules *r, const struct dev *d)
{
	struct nc_addr seen = arg_addr(d, "seen");
	int client = dev_client(d);

	if (!strong(r, d) || client < 0)
		return false;
	if (!confirmed(d, "payload") && !confirmed(d, "declared") &&
	    !confirmed(d, "port"))
		return false;
	/* Its addresses have to be known to say which are not its own. */
	if (r->facts->hosts[client].n == 0)
		return false;
	/*
	 * Whoever comes under its own address as well is not translated: what
	 * looked like its bytes was another's, whose trace nobody has.
	 */
	if (!confirmed(d, "declared") &&
	    facts_meets(r->facts, client, dev_server(d)))
		return false;
	return seen.family && !facts_owns(r->facts, client, &seen);
}

static uint64_t
nat_key(const struct dev *d)
{
	struct nc_bytes by = nc_find_str(d->d.args, "confirmed");
	uint64_t k = nc_str_eq(by, "declared") ? 1 : 2;

	return nc_hash_int(nc_hash_int(k) ^ (uint64_t)(dev_client(d) + 1)) ^
	    nc_hash_int((uint64_t)(dev_server(d) + 1));
}

/*
 * Whoever connects back, to the address that the client itself goes by, as
 * FTP's server does in active mode, gets nowhere.
 */
static bool
back(struct rules *r, const struct dev *there, const struct dev *d)
{
	struct nc_addr a = dev_service(d);

	return dev_client(d) == dev_server(there) &&
	    dev_server(d) == dev_client(there) &&
	    facts_owns(r->facts, dev_server(d), &a);
}

static bool
translates(struct rules *r, const struct dev *d)
{
	return d->code == CODE_NAT_ADDRESS && nat_want(r, d);
}

bool
to_translated(struct rules *r, const struct dev *d)
{
	size_t i;

	for (i = 0; i < r->facts->ndevs; i++)
		if (translates(r, r->facts->devs[i]) &&
		    back(r, r->facts->devs[i], d))
			return true;
	return false;
}

static void
add_ways_back(struct rules *r, struct finding *f, const struct dev *d)
{
	size_t i;

	for (i = 0; i < r->facts->ndevs; i++) {
		const struct dev *o = r->facts->devs[i];

		if ((o->code == CODE_CONN_TIMEOUT ||
			o->code == CODE_CONN_NEVER_COMPLETED ||
			o->code == CODE_CONN_UNREACHABLE) &&
		    back(r, d, o))
			make_target(f, o);
	}
}

static void
nat_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr own = arg_addr(d, "own"), seen = arg_addr(d, "seen");
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "nat", 90, p);
	size_t i;

	own.port = seen.port = 0;
	if (confirmed(d, "declared"))
		finding_lower(f, NC_SEVERITY_INFO);
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	add_ways_back(r, f, d);
	finding_endpoint(f, nc_str(text_addr(r, &own)));
	finding_endpoint(f, nc_str(text_addr(r, &seen)));
	finding_say(f,
	    "%s reaches %s from %s, which is none of its addresses%s%s: "
	    "an address translator stands between them%s",
	    facts_host_name(r->facts, dev_client(d)),
	    text_at(r, dev_server(d), &a), text_addr(r, &seen),
	    own.family ? "; its own is " : "",
	    own.family ? text_addr(r, &own) : "",
	    confirmed(d, "declared") ? ", as the hosts file says" : "");
}

/* nat, by connections that are missing here and surplus there */

static bool
private_client(struct rules *r, const struct dev *d)
{
	int client = dev_client(d);
	size_t i;

	if (client < 0 || r->facts->hosts[client].n == 0)
		return false;
	for (i = 0; i < r->facts->hosts[client].n; i++) {
		const struct nc_addr *a = &r->facts->hosts[client].addresses[i];

		if (!nc_addr_is_loopback(a) && !nc_addr_is_wildcard(a) &&
		    !nc_addr_is_private(a))
			return false;
	}
	return true;
}

static bool
missing_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && dev_server(d) >= 0 &&
	    dev_server(d) != dev_client(d) && private_client(r, d) &&
	    !map_true(d->d.args, "untraced_holder");
}

static bool
found_nat(struct rules *r, int client)
{
	const char *name = facts_host_name(r->facts, client);
	size_t i, j;

	for (i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->v[i];

		if (strcmp(f->diag->id, "nat") != 0)
			continue;
		for (j = 0; j < f->nhosts; j++)
			if (strcmp(f->hosts[j], name) == 0)
				return true;
	}
	return false;
}

static void
missing_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	const struct reach *foreign =
	    facts_reach(r->facts, -1, dev_server(d), &a);
	int64_t n = count_conns(p);
	struct finding *f;
	size_t i;

	if (!foreign || foreign->foreign < n || found_nat(r, dev_client(d)))
		return;
	f = make(r, "nat", 60, p);
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s opened %s to %s that never arrived there, and as many "
	    "arrived from elsewhere: an address translator may stand "
	    "between them",
	    facts_host_name(r->facts, dev_client(d)),
	    text_count(r, n, "connection"), text_at(r, dev_server(d), &a));
}

void
rule_nat(struct rules *r)
{
	static const enum code seen[] = { CODE_NAT_ADDRESS, CODE_NONE };
	static const enum code missing[] = { CODE_UNACCEPTED_CONN, CODE_NONE };

	rules_each(r, seen, nat_want, nat_key, nat_emit);
	rules_each(r, missing, missing_want, key_target, missing_emit);
}

/* port-forwarding */

static bool
forward_want(struct rules *r, const struct dev *d)
{
	struct nc_addr target = arg_addr(d, "target");

	if (!strong(r, d) || nc_addr_is_loopback(&target) ||
	    nc_addr_is_wildcard(&target))
		return false;
	return confirmed(d, "payload") || confirmed(d, "declared") ||
	    (confirmed(d, "port") && (!d->conn || certain(d)));
}

static uint64_t
forward_key(const struct dev *d)
{
	struct nc_addr target = arg_addr(d, "target");
	struct nc_addr local = arg_addr(d, "local");

	return nc_addr_hash_ip(&target) ^
	    nc_hash_int(nc_addr_hash_ip(&local) + target.port) ^
	    nc_hash_int(((uint64_t)local.port << 32) | (uint32_t)dev_client(d));
}

static void
forward_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr target = arg_addr(d, "target");
	struct nc_addr local = arg_addr(d, "local");
	struct finding *f = make(r, "port-forwarding", least(p), p);

	finding_endpoint(f, nc_str(text_addr(r, &target)));
	finding_endpoint(f, nc_str(text_addr(r, &local)));
	if (!d->conn) {
		finding_say(f, "datagrams of %s to %s arrive at %s",
		    text_host(r, d->peer, NULL), text_addr(r, &target),
		    text_at(r, d->host, &local));
		return;
	}
	finding_say(f, "connections of %s to %s arrive at %s (%s)",
	    text_host(r, dev_client(d), NULL), text_addr(r, &target),
	    text_at(r, dev_server(d), &local),
	    text_count(r, count_conns(p), "connection"));
}

void
rule_port_forwarding(struct rules *r)
{
	static const enum code codes[] = { CODE_PORT_FORWARDED, CODE_NONE };

	rules_each(r, codes, forward_want, forward_key, forward_emit);
}
