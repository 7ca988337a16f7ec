/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on name servers: name-resolution.
 */
#include "../rules.h"

#include <inttypes.h>
#include <string.h>

static bool
was(const struct dev *d, const char *outcome)
{
	return nc_str_eq(nc_find_str(d->d.args, "outcome"), outcome);
}

static bool
is_slow(const struct rules *r, const struct dev *d)
{
	return nc_find_int(d->d.args, "waited") == NC_NIL ?
	    map_true(d->d.args, "slow") :
	    lasted(d, "waited", r->limits->lookup);
}

/*
 * That a name does not exist is an answer.  It is a problem where it ends
 * what the process was about: no name that it asked for was found, and it
 * talked to nobody afterwards.  What a server asks about its clients, or for
 * them, is not.
 */
static bool
is_the_end(const struct dev *d)
{
	return !map_true(d->d.args, "found") && !map_true(d->d.args, "then") &&
	    !map_true(d->d.args, "serves") && !map_true(d->d.args, "reverse");
}

/* Of its own host, or of one that is not traced. */
static bool
is_own(const struct dev *d)
{
	return nc_addr_is_loopback(&d->remote) || d->peer < 0;
}

/*
 * Nothing listens where the queries went.  On another traced host that is a
 * matter of no-listener.  A name without a dot may be its own host's, which
 * many programs ask for and do without.
 */
static bool
is_absent(const struct dev *d)
{
	struct nc_bytes name = nc_find_str(d->d.args, "name");

	return was(d, "absent") && name.len && memchr(name.p, '.', name.len) &&
	    is_own(d);
}

bool
names_asked(const struct rules *r, const struct dev *d)
{
	size_t i;

	for (i = 0; i < r->facts->ndevs; i++) {
		const struct dev *o = r->facts->devs[i];

		if (o->code == CODE_NAME_LOOKUP &&
		    key_target(o) == key_target(d) &&
		    (!was(o, "absent") || is_own(o)))
			return true;
	}
	return false;
}

static bool
names_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d))
		return false;
	if (is_slow(r, d))
		return true;
	if (was(d, "nxdomain") || is_absent(d))
		return is_the_end(d);
	/* No name for an address, and no time lost: nobody minds. */
	return (was(d, "servfail") || was(d, "refused") || was(d, "error")) &&
	    !map_true(d->d.args, "reverse") && !map_true(d->d.args, "serves");
}

/* Look-ups that ended alike at the same server; slow ones whatever the end. */
static uint64_t
names_key(const struct dev *d)
{
	uint64_t k = key_target(d) ^ (uint64_t)d->host * 31;

	return k ^
	    nc_hash_int(was(d, "none") ? 31 :
		    was(d, "nxdomain") ? 32 :
		    was(d, "slow")     ? 33 :
					 34);
}

static const char *
answer(struct rules *r, const struct dev *d)
{
	const char *tries =
	    text_count(r, map_count(d->d.args, "tries"), "query");
	int64_t waited = nc_find_int(d->d.args, "waited");
	const char *in = waited > 0 && is_slow(r, d) ?
	    text(r, " in %s", text_time(r, waited)) :
	    "";
	int64_t n = map_count(d->d.args, "tries");

	if (n != 1)
		tries = text(r, "%" PRId64 " queries", n);
	if (was(d, "none"))
		return text(r, "gave no answer to %s%s", tries, in);
	if (was(d, "absent"))
		return text(r, "refuses the queries%s: nothing listens there%s",
		    in,
		    nc_addr_is_loopback(&d->remote) ?
			"" :
			", or a filter rejects them");
	if (was(d, "nxdomain"))
		return text(r, "says that it does not exist (NXDOMAIN)%s", in);
	if (was(d, "servfail"))
		return text(r, "could not find out (SERVFAIL)%s", in);
	if (was(d, "refused"))
		return text(r, "refused to answer (REFUSED)%s", in);
	if (was(d, "error"))
		return text(r, "answered with an error%s", in);
	return text(r, "answered after %s and %s",
	    waited == NC_NIL ? "a second or more" : text_time(r, waited),
	    tries);
}

/* How many names besides the first; processes may have asked for the same. */
static int64_t
others(const struct picked *p)
{
	int64_t n = p->more;
	size_t i, k;

	for (i = 1; i < p->n; i++) {
		struct nc_bytes name = nc_find_str(p->v[i]->d.args, "name");

		for (k = 0; k < i; k++)
			if (nc_bytes_eq(
				name, nc_find_str(p->v[k]->d.args, "name")))
				break;
		n += k == i;
	}
	return n;
}

static void
names_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "name-resolution", least(p), p);
	bool found = was(d, "slow");
	int64_t more = others(p);
	size_t i;

	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	/* It cost time only; or a server did not get to know who calls. */
	if (found || map_true(d->d.args, "serves") ||
	    (is_slow(r, d) && was(d, "nxdomain")))
		finding_lower(f, NC_SEVERITY_WARNING);
	finding_endpoint(f, nc_str(text_addr(r, &d->remote)));
	finding_say(f, "%s %s %s%s: %s %s", facts_host_name(r->facts, d->host),
	    found ? "waited for the look-up of" : "could not look up",
	    text_bytes(r, nc_find_str(d->d.args, "name")),
	    more > 0 ? text(r, " and %s more", text_count(r, more, "name")) :
		       "",
	    text_at(r, d->peer, &d->remote), answer(r, d));
	if (was(d, "absent") && nc_addr_is_loopback(&d->remote))
		finding_more(f,
		    "Programs ask there where /etc/resolv.conf names no "
		    "server, or one of their own host.");
	if (nc_find_int(d->d.args, "servers") > 1)
		finding_more(f, "%s were asked in turn.",
		    text_count(r, map_count(d->d.args, "servers"), "server"));
}

void
rule_name_resolution(struct rules *r)
{
	static const enum code codes[] = { CODE_NAME_LOOKUP, CODE_NONE };

	rules_each(r, codes, names_want, names_key, names_emit);
}
