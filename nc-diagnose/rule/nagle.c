/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on needless waits: nagle-delay.
 */
#include "../rules.h"

#include <inttypes.h>

static bool
nagle_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && paired(r, d) &&
	    !nc_str_eq(d->d.severity, "info") &&
	    nc_find_int(d->d.args, "delays") >= r->limits->nagle;
}

static void
nagle_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "nagle-delay", least(p), p);
	int64_t delays = 0, lost = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		delays += map_count(p->v[i]->d.args, "delays");
		/* At most 256 of them are picked. */
		if (lasted(p->v[i], "lost", 0) &&
		    nc_find_int(p->v[i]->d.args, "lost") < INT64_MAX / 1024)
			lost += nc_find_int(p->v[i]->d.args, "lost");
	}
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s writes its messages to %s in small parts: %" PRId64
	    " times the next part waited for a delayed acknowledgement, %s "
	    "each",
	    facts_host_name(r->facts, d->host),
	    dev_at_server(d) ? text_host(r, dev_client(d), &d->remote) :
			       text_at(r, dev_server(d), &a),
	    delays, text_time(r, delays > 0 ? lost / delays : 0));
}

void
rule_nagle_delay(struct rules *r)
{
	static const enum code codes[] = { CODE_NAGLE_DELAY, CODE_NONE };

	rules_each(r, codes, nagle_want, key_ends, nagle_emit);
}
