/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule oob-data: urgent data that does not reach its reader as such.
 */
#include "../rules.h"

#include <inttypes.h>

/*
 * A program that reads urgent bytes may well ask once too often: it learns
 * from EINVAL that there is no more.
 */
static bool
urgent_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d))
		return false;
	if (d->code == CODE_EOPNOTSUPP)
		return map_true(d->d.args, "urgent");
	if (d->code == CODE_INVALID_OOB_FLAG)
		return nc_str_eq(nc_find_str(d->d.args, "reason"), "inline") ||
		    nc_find_int(d->d.args, "read") == 0;
	return true;
}

/* Of one kind, by one end. */
static uint64_t
urgent_key(const struct dev *d)
{
	return nc_hash_int(key_ends(d) + (uint64_t)d->code);
}

static const char *
how_lost(const struct dev *d)
{
	struct nc_bytes how = nc_find_str(d->d.args, "how");

	if (nc_str_eq(how, "overtaken"))
		return "came in the stream, as a newer urgent byte overtook it";
	if (nc_str_eq(how, "repeated"))
		return "was read twice, the second time in the stream";
	if (nc_str_eq(how, "unread"))
		return "is not read, as it takes MSG_OOB or SO_OOBINLINE";
	return "was thrown away, as it was read past without MSG_OOB and "
	       "without SO_OOBINLINE";
}

static const char *
why_invalid(const struct dev *d)
{
	if (nc_str_eq(nc_find_str(d->d.args, "reason"), "inline"))
		return "SO_OOBINLINE is set, so urgent data comes in the "
		       "stream";
	return "there was none to read";
}

static void
urgent_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "oob-data", least(p), p);
	bool at_server = dev_at_server(d);
	int other = at_server ? dev_client(d) : dev_server(d);
	const char *from, *at = facts_host_name(r->facts, d->host);

	f->count = (int64_t)p->n + p->more;
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	from = other >= 0 && d->conn ?
	    text(r, " from %s", facts_host_name(r->facts, other)) :
	    "";
	if (d->code == CODE_OOB_LOST)
		finding_say(f, "an urgent byte%s to %s at %s %s%s", from, at,
		    text_addr(r, &a), how_lost(d),
		    f->count > 1 ? text(r, " (%" PRId64 " times)", f->count) :
				   "");
	else if (d->code == CODE_INVALID_OOB_FLAG)
		finding_say(f,
		    "%s asks for urgent data%s on %s in vain (EINVAL, %s): %s",
		    at, from, text_addr(r, &a), text_count(r, f->count, "call"),
		    why_invalid(d));
	else
		finding_say(f,
		    "%s uses MSG_OOB on a socket that has no urgent data "
		    "(EOPNOTSUPP)",
		    at);
}

void
rule_oob_data(struct rules *r)
{
	static const enum code codes[] = { CODE_OOB_LOST, CODE_INVALID_OOB_FLAG,
		CODE_EOPNOTSUPP, CODE_NONE };

	rules_each(r, codes, urgent_want, urgent_key, urgent_emit);
}
