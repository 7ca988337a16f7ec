/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule data-undelivered: bytes that never came, and no better reason.
 */
#include "rules.h"

#include <string.h>

static bool
explained(struct rules *r, const struct dev *d)
{
	size_t i, j;

	for (i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->v[i];

		if (strcmp(f->diag->id, "mtu") != 0 &&
		    strcmp(f->diag->id, "firewall") != 0)
			continue;
		for (j = 0; j < f->nobjects; j++)
			if (f->objects[j].type == OBJECT_CONNECTION &&
			    (int64_t)f->objects[j].key == d->d.connection)
				return true;
	}
	return false;
}

static bool
want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && d->conn && compared(r, d) && !was_reset(d) &&
	    map_int(d->d.args, "bytes") > 0 && map_true(d->d.args, "waiting") &&
	    lasted(d, "waited", r->limits->waited) &&
	    map_int(d->conn->c.facts, "complete") != 0 && !explained(r, d);
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
	    text_count(r, map_int(d->d.args, "bytes"), "byte"),
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    text_time(r, map_int(d->d.args, "waited")),
	    map_int(d->d.args, "bytes") == 1 ? "it" : "them",
	    text_count(r, count_conns(p), "connection"));
}

void
rule_data_undelivered(struct rules *r)
{
	static const enum code codes[] = { CODE_DATA_UNDELIVERED, CODE_NONE };

	rules_each(r, codes, want, key_target, emit);
}
