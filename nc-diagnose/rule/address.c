/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on local addresses: address-in-use, address-not-available,
 * port-exhaustion, reuseaddr-clash, address-family, address-changed.
 */
#include "../rules.h"

#include <inttypes.h>

/* address-in-use */

static bool
in_use_want(struct rules *r, const struct dev *d)
{
	/* Programs that want both families try each, and one may do. */
	return strong(r, d) && d->local.port != 0 &&
	    !map_true(d->d.args, "served") &&
	    !map_true(d->d.args, "searched") &&
	    (dev_calls(d, "bind") || dev_calls(d, "listen"));
}

static uint64_t
in_use_key(const struct dev *d)
{
	return key_own(d) ^ nc_hash_int(map_true(d->d.args, "retried") ? 1 : 2);
}

static void
in_use_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_bytes holder = nc_find_str(d->d.args, "holder");
	struct finding *f = make(r, "address-in-use", least(p), p);

	f->count = (int64_t)p->n + p->more;
	if (map_true(d->d.args, "retried"))
		finding_lower(f, NC_SEVERITY_INFO);
	make_listener(f, d->host, d->local.port);
	finding_endpoint(f, nc_str(text_addr(r, &d->local)));
	finding_say(f, "%s cannot %s %s: %s holds it (%s)",
	    facts_host_name(r->facts, d->host),
	    dev_calls(d, "listen") ? "listen on" : "bind",
	    text_addr(r, &d->local),
	    nc_str_eq(holder, "unseen") ? "a process that is not traced" :
					  "another socket",
	    text_count(r, f->count, "attempt"));
}

void
rule_address_in_use(struct rules *r)
{
	static const enum code codes[] = { CODE_EADDRINUSE, CODE_NONE };

	rules_each(r, codes, in_use_want, in_use_key, in_use_emit);
}

/* address-not-available */

static bool
missing_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && dev_calls(d, "bind") && d->local.family &&
	    !nc_addr_is_wildcard(&d->local);
}

/* The port was served all the same: another address took its place. */
static bool
served(struct rules *r, const struct dev *d)
{
	const struct facts *f = r->facts;
	size_t i;

	if (nc_addr_is_loopback(&d->local))
		return true;
	for (i = 0; i < f->nreaches; i++)
		if (f->reaches[i]->server == d->host &&
		    f->reaches[i]->port == d->local.port &&
		    (f->reaches[i]->worked || f->reaches[i]->foreign ||
			f->reaches[i]->unseen))
			return true;
	for (i = 0; i < f->nflows; i++)
		if (f->flows[i]->receiver == d->host &&
		    f->flows[i]->destination.port == d->local.port &&
		    f->flows[i]->f.received > 0)
			return true;
	return false;
}

static void
missing_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "address-not-available", least(p), p);

	f->count = (int64_t)p->n + p->more;
	if (served(r, d))
		finding_lower(f, NC_SEVERITY_INFO);
	make_listener(f, d->host, d->local.port);
	finding_endpoint(f, nc_str(text_addr(r, &d->local)));
	finding_say(f, "%s cannot bind %s: it has no such address",
	    facts_host_name(r->facts, d->host), text_addr(r, &d->local));
}

void
rule_address_not_available(struct rules *r)
{
	static const enum code codes[] = { CODE_EADDRNOTAVAIL, CODE_NONE };

	rules_each(r, codes, missing_want, key_own, missing_emit);
}

/* port-exhaustion */

static bool
is_datagram(const struct dev *d)
{
	return nc_str_eq(d->d.rule, "dgram_fail");
}

static bool
exhausted_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d))
		return false;
	if (d->code == CODE_EADDRINUSE)
		return dev_calls(d, "bind") && d->local.family &&
		    d->local.port == 0;
	if (!map_true(d->d.args, "unbound"))
		return false;
	/* Of datagram sockets the error says it (EAGAIN). */
	return is_datagram(d) || (dev_calls(d, "connect") && reached(r, d));
}

static void
exhausted_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "port-exhaustion", least(p), p);

	make_target(f, d);
	if (d->code == CODE_EADDRINUSE) {
		finding_endpoint(f, nc_str(text_addr(r, &d->local)));
		finding_say(f, "%s has no free port left to bind (%s)",
		    facts_host_name(r->facts, d->host),
		    text_count(r, (int64_t)p->n + p->more, "attempt"));
		return;
	}
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	if (is_datagram(d)) {
		finding_say(f,
		    "%s has no free port left for datagrams to %s (%s)",
		    facts_host_name(r->facts, d->host),
		    text_at(r, dev_server(d), &a),
		    text_count(r, (int64_t)p->n + p->more, "attempt"));
		return;
	}
	finding_say(f, "%s has no free port left for connections to %s (%s)",
	    facts_host_name(r->facts, d->host), text_at(r, dev_server(d), &a),
	    text_count(r, count_conns(p), "attempt"));
}

void
rule_port_exhaustion(struct rules *r)
{
	static const enum code codes[] = { CODE_EADDRNOTAVAIL, CODE_EADDRINUSE,
		CODE_NONE };

	rules_each(r, codes, exhausted_want, key_target, exhausted_emit);
}

/* reuseaddr-clash */

/* Ports whose datagrams are meant for every program that binds them. */
static bool
is_shared_port(uint16_t port)
{
	return port == 5353 || port == 5355 || port == 1900;
}

static bool
clash_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && !nc_str_eq(d->d.severity, "info") &&
	    !map_true(d->d.args, "same_family_tree") &&
	    (map_true(d->d.args, "used") ||
		map_true(d->d.args, "holder_used")) &&
	    !(dev_calls(d, "bind") && is_shared_port(d->local.port));
}

static void
clash_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	int64_t other = nc_find_int(d->d.args, "holder");
	bool listens = dev_calls(d, "listen");
	struct finding *f = make(r, "reuseaddr-clash", least(p), p);

	f->count = (int64_t)p->n + p->more;
	make_listener(f, d->host, d->local.port);
	finding_endpoint(f, nc_str(text_addr(r, &d->local)));
	finding_say(f,
	    "on %s two programs share %s, processes %" PRId64 " and %" PRId64
	    ": %s",
	    facts_host_name(r->facts, d->host), text_addr(r, &d->local), other,
	    d->d.process,
	    !listens ? "its datagrams reach one of them only" :
		map_true(d->d.args, "used") &&
		    map_true(d->d.args, "holder_used") ?
		       "each gets some of the connections" :
		       "either may get the other's connections");
}

void
rule_reuseaddr_clash(struct rules *r)
{
	static const enum code codes[] = { CODE_PORT_SHARED, CODE_NONE };

	rules_each(r, codes, clash_want, key_own, clash_emit);
}

/* address-family */

static bool
family_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || nc_str_eq(d->d.severity, "info"))
		return false;
	if (dev_calls(d, "connect"))
		return d->d.connection != NC_NIL && !eyeballs(r, d) &&
		    !retried(r, d);
	return true;
}

static uint64_t
family_key(const struct dev *d)
{
	struct nc_bytes family = nc_find_str(d->d.args, "family");
	uint64_t k = family.p ? nc_hash(family.p, family.len, 7) : 7;

	return k ^ nc_hash_int((uint64_t)(d->host + 1)) ^
	    nc_hash_int((uint64_t)d->remote.family);
}

static void
family_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_bytes family = nc_find_str(d->d.args, "family");
	struct nc_bytes protocol = nc_find_str(d->d.args, "protocol");
	struct nc_bytes error = nc_find_str(d->d.args, "error");
	struct finding *f = make(r, "address-family", least(p), p);
	const char *host = facts_host_name(r->facts, d->host);

	f->count = (int64_t)p->n + p->more;
	if (!dev_calls(d, "socket")) {
		finding_endpoint(f, d->d.peer.p ? d->d.peer : d->d.local);
		finding_say(f,
		    "%s uses %s on a socket of another address family (%s)",
		    host, text_bytes(r, d->d.peer.p ? d->d.peer : d->d.local),
		    error.p ? text_bytes(r, error) : "EAFNOSUPPORT");
		return;
	}
	finding_say(f,
	    "%s cannot make a socket of %s%s%s (%s), and tries no other", host,
	    family.p ? text_bytes(r, family) : "that family",
	    protocol.p ? " with " : "",
	    protocol.p ? text_bytes(r, protocol) : "",
	    error.p ? text_bytes(r, error) : "EAFNOSUPPORT");
}

void
rule_address_family(struct rules *r)
{
	static const enum code codes[] = { CODE_EAFNOSUPPORT, CODE_EPROTOTYPE,
		CODE_NONE };

	rules_each(r, codes, family_want, family_key, family_emit);
}

/* address-changed */

static bool
changed_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && !map_true(d->d.args, "not_owned");
}

static void
changed_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "address-changed", least(p), p);

	finding_endpoint(f, d->d.local);
	finding_say(f, "a socket of %s %s %s and now has %s",
	    facts_host_name(r->facts, d->host),
	    map_true(d->d.args, "by_bind") ? "was bound to" : "had the address",
	    text_bytes(r, nc_find_str(d->d.args, "bound")),
	    text_bytes(r, nc_find_str(d->d.args, "reported")));
}

/*
 * Connections from an address that died, and from then on the host used
 * another one only.
 */
static const struct source *
moved(struct rules *r, const struct dev *d)
{
	struct nc_addr old;

	if (!d->conn || dev_client(d) < 0 || dev_server(d) < 0 ||
	    !d->conn->c.client_local.p ||
	    nc_addr_parse(d->conn->c.client_local.p,
		d->conn->c.client_local.len, &old) != 0)
		return NULL;
	return facts_moved(
	    r->facts, dev_client(d), dev_server(d), &old, d->conn->seq);
}

static bool
moved_want(struct rules *r, const struct dev *d)
{
	/* Of bytes that never came, those that somebody waited for. */
	if (d->code == CODE_DATA_UNDELIVERED &&
	    (!map_true(d->d.args, "waiting") || was_reset(d)))
		return false;
	return strong(r, d) && certain(d) && moved(r, d);
}

static uint64_t
moved_key(const struct dev *d)
{
	return facts_source_key(dev_client(d), dev_server(d));
}

static void
moved_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	const struct source *to = moved(r, d);
	int confidence = least(p) < 80 ? least(p) : 80;
	struct finding *f = make(r, "address-changed", confidence, p);
	struct nc_addr a = dev_service(d);

	finding_endpoint(f, d->conn->c.client_local);
	finding_say(f,
	    "%s had %s when its %s to %s died, and reaches it from %s since",
	    facts_host_name(r->facts, dev_client(d)),
	    text_bytes(r, d->conn->c.client_local),
	    text_count(r, count_conns(p), "connection"),
	    text_at(r, dev_server(d), &a), text_addr(r, &to->address));
}

void
rule_address_changed(struct rules *r)
{
	static const enum code codes[] = { CODE_BOUND_ADDR_DIFFERENT,
		CODE_NONE };
	static const enum code died[] = { CODE_CONN_DIED, CODE_RESET_BY_NETWORK,
		CODE_DATA_UNDELIVERED, CODE_NONE };

	rules_each(r, codes, changed_want, key_own, changed_emit);
	rules_each(r, died, moved_want, moved_key, moved_emit);
}
