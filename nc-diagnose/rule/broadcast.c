/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on EACCES and EPERM: broadcast-not-permitted, permission-denied.
 */
#include "../rules.h"

/* broadcast-not-permitted */

/*
 * The model says that the option is off.  Routes that prohibit a destination
 * answer EACCES as well, and net masks are not known: an address that is no
 * traced host's must end in enough ones.
 */
static bool
looks_broadcast(const struct dev *d)
{
	const struct nc_addr *a = &d->remote;

	return nc_addr_is_broadcast(a) ||
	    (nc_addr_is_v4(a) && d->peer < 0 && (a->ip[15] & 15) == 15);
}

static bool
broadcast_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && map_true(d->d.args, "broadcast") &&
	    d->remote.family && looks_broadcast(d);
}

static void
broadcast_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "broadcast-not-permitted", least(p), p);

	f->count = (int64_t)p->n + p->more;
	finding_endpoint(f, nc_str(text_addr(r, &d->remote)));
	finding_say(f,
	    "%s may not %s the broadcast address %s (EACCES, %s): its socket "
	    "has not set SO_BROADCAST",
	    facts_host_name(r->facts, d->host),
	    dev_calls(d, "connect") ? "connect to" : "send to",
	    text_addr(r, &d->remote), text_count(r, f->count, "call"));
}

void
rule_broadcast_not_permitted(struct rules *r)
{
	static const enum code codes[] = { CODE_EACCES, CODE_NONE };

	rules_each(r, codes, broadcast_want, key_target, broadcast_emit);
}

/* permission-denied */

/* The firewall rule tells what the host's own filter says. */
static bool
is_filter(const struct dev *d)
{
	return nc_str_eq(nc_find_str(d->d.args, "error"), "EPERM") &&
	    !nc_find_str(d->d.args, "file").p &&
	    (dev_calls(d, "connect") || dev_calls(d, "send") ||
		dev_calls(d, "sendto") || dev_calls(d, "sendmsg") ||
		dev_calls(d, "sendmmsg"));
}

static bool
permission_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || is_filter(d) || map_true(d->d.args, "recovered"))
		return false;
	/* One on the way, that another port passes. */
	if (d->conn && !nc_find_str(d->d.args, "file").p &&
	    called(r, d, "firewall"))
		return false;
	return !(map_true(d->d.args, "broadcast") && d->remote.family &&
	    looks_broadcast(d));
}

static uint64_t
permission_key(const struct dev *d)
{
	struct nc_bytes file = nc_find_str(d->d.args, "file");

	if (file.p)
		return key_ends(d) ^ nc_hash(file.p, file.len, 61);
	return dev_calls(d, "bind") || dev_calls(d, "socket") ?
	    key_own(d) ^ nc_hash_int(dev_calls(d, "bind") ? 62 : 63) :
	    key_target(d) ^ nc_hash_int(64);
}

static void
say_file(struct rules *r, struct finding *f, const struct dev *d)
{
	struct nc_addr a = dev_service(d);
	const char *path = text_bytes(r, nc_find_str(d->d.args, "file"));
	const char *error = text_bytes(r, nc_find_str(d->d.args, "error"));
	const char *host = facts_host_name(r->facts, d->host);

	finding_endpoint(f, nc_str(text_addr(r, &a)));
	if (dev_at_server(d))
		finding_say(f, "%s may not open %s (%s), which %s asked for",
		    text_at(r, d->host, &a), path, error,
		    text_host(r, dev_client(d), &d->remote));
	else
		finding_say(f,
		    "%s may not open %s (%s), for what it asked of %s", host,
		    path, error, text_at(r, dev_server(d), &a));
}

static void
permission_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "permission-denied", least(p), p);
	const char *host = facts_host_name(r->facts, d->host);
	struct nc_bytes error = nc_find_str(d->d.args, "error");
	const char *name = error.p ? text_bytes(r, error) : "EPERM";

	if (nc_find_str(d->d.args, "file").p) {
		say_file(r, f, d);
		return;
	}
	f->count = (int64_t)p->n + p->more;
	if (dev_calls(d, "bind")) {
		make_listener(f, d->host, d->local.port);
		finding_endpoint(f, nc_str(text_addr(r, &d->local)));
		finding_say(f, "%s may not bind to %s (%s)%s", host,
		    text_addr(r, &d->local), name,
		    d->local.port > 0 && d->local.port < 1024 ?
			": ports below 1024 need a privilege" :
			"");
	} else if (dev_calls(d, "socket")) {
		finding_say(f,
		    "%s may not make a socket of that kind (%s): "
		    "raw ones need CAP_NET_RAW",
		    host, name);
	} else if (dev_calls(d, "accept") || dev_calls(d, "accept4")) {
		finding_endpoint(f, nc_str(text_addr(r, &d->local)));
		finding_say(
		    f, "%s may not accept a connection (%s)", host, name);
	} else {
		make_target(f, d);
		finding_endpoint(f, nc_str(text_addr(r, &d->remote)));
		finding_say(f, "%s may not talk to %s (%s)", host,
		    text_at(r, d->peer, &d->remote), name);
	}
}

void
rule_permission_denied(struct rules *r)
{
	static const enum code codes[] = { CODE_EACCES, CODE_NONE };

	rules_each(r, codes, permission_want, permission_key, permission_emit);
	rule_local_denied(r);
}
