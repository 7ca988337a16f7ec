/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule broadcast-not-permitted: EACCES, as SO_BROADCAST is not set.
 */
#include "rules.h"

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
