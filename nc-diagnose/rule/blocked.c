/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule close-while-blocked.
 */
#include "../rules.h"

#include "call.h"

static bool
never(const struct dev *d)
{
	return nc_str_eq(nc_find_str(d->d.args, "woken"), "never");
}

/*
 * Where nothing tells how much later it woke: a call that still took something
 * from the socket did so too late, if one file shows both.  What a poll reports
 * may be another socket.
 */
static bool
took_after(const struct dev *d)
{
	struct nc_bytes blocked = nc_find_str(d->d.args, "blocked");

	return nc_find_int(d->d.args, "after") == NC_NIL &&
	    nc_str_eq(nc_find_str(d->d.args, "woken"), "data") &&
	    !map_true(d->d.args, "apart") &&
	    nc_call_family(nc_call_of(blocked.p, blocked.len)) !=
	    NC_FAMILY_READY;
}

static bool
want(struct rules *r, const struct dev *d)
{
	int64_t timeout = nc_find_int(d->d.args, "timeout");
	struct nc_bytes woken = nc_find_str(d->d.args, "woken");

	if (!strong(r, d) || map_true(d->d.args, "at_exit"))
		return false;
	/* A loop that looks again soon notices by itself. */
	if (timeout >= 0 && timeout <= r->limits->waited * MS)
		return false;
	/* A close right before the end of the process hurts nobody. */
	return took_after(d) ||
	    ((never(d) || nc_str_eq(woken, "data") ||
		 nc_str_eq(woken, "close")) &&
		lasted(d, "after", r->limits->late_wake));
}

static uint64_t
key(const struct dev *d)
{
	return key_own(d) ^ nc_hash_int(never(d) ? 1 : 2);
}

static void
emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_bytes blocked = nc_find_str(d->d.args, "blocked");
	struct finding *f = make(r, "close-while-blocked",
	    took_after(d) ? 60 :
		never(d)  ? 90 :
			    70,
	    p);
	struct nc_addr a = dev_service(d);

	f->count = (int64_t)p->n + p->more;
	if (a.family)
		make_listener(f, dev_server(d), a.port);
	finding_endpoint(f, d->d.local);
	finding_say(f,
	    "%s closed a socket%s%s on which another thread was blocked%s%s; "
	    "%s",
	    facts_host_name(r->facts, d->host), d->d.local.p ? " at " : "",
	    text_bytes(r, d->d.local), blocked.p && blocked.len ? " in " : "",
	    text_bytes(r, blocked),
	    took_after(d) ? "that call went on and took what came" :
		never(d)  ? "that call was never woken" :
			    text(r, "that call woke only %s later",
				text_time(r, nc_find_int(d->d.args, "after"))));
}

void
rule_close_while_blocked(struct rules *r)
{
	static const enum code codes[] = { CODE_CLOSE_WHILE_BLOCKED,
		CODE_NONE };

	rules_each(r, codes, want, key, emit);
}
