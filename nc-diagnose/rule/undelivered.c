/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule data-undelivered: bytes that never came, and no better reason.
 */
#include "../rules.h"

static bool
want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && d->conn && compared(r, d) && !was_reset(d) &&
	    nc_find_int(d->d.args, "bytes") > 0 &&
	    map_true(d->d.args, "waiting") &&
	    lasted(d, "waited", r->limits->waited) &&
	    nc_find_int(d->conn->c.facts, "complete") != 0 &&
	    !told(r, "mtu", d->d.connection) &&
	    !told(r, "firewall", d->d.connection);
}

static void
emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "data-undelivered", least(p), p);

	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s sent between %s and %s never arrived although the receiver "
	    "waited %s for %s (%s)",
	    text_count(r, nc_find_int(d->d.args, "bytes"), "byte"),
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    text_time(r, nc_find_int(d->d.args, "waited")),
	    nc_find_int(d->d.args, "bytes") == 1 ? "it" : "them",
	    text_count(r, count_conns(p), "connection"));
}

void
rule_data_undelivered(struct rules *r)
{
	static const enum code codes[] = { CODE_DATA_UNDELIVERED, CODE_NONE };

	rules_each(r, codes, want, key_target, emit);
}
