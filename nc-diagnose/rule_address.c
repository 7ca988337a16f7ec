/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on binding: address-in-use, address-not-available, port-exhaustion.
 */
#include "rules.h"

/* address-in-use */

static bool
in_use_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && d->local.port != 0 &&
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
	struct nc_bytes holder = map_str(d->d.args, "holder");
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
exhausted_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d))
		return false;
	if (d->code == CODE_EADDRINUSE)
		return dev_calls(d, "bind") && d->local.family &&
		    d->local.port == 0;
	return dev_calls(d, "connect") && map_true(d->d.args, "unbound") &&
	    reached(r, d);
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
