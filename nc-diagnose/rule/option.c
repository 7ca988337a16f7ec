/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on socket options: invalid-socket-option, buffer-size-mismatch.
 */
#include "../rules.h"

#include <inttypes.h>

static bool
is_info(const struct dev *d)
{
	return nc_str_eq(d->d.severity, "info");
}

static const char *
option(struct rules *r, const struct dev *d)
{
	struct nc_bytes name = nc_find_str(d->d.args, "option");

	return name.p ? text_bytes(r, name) : "an unknown option";
}

/* One finding for each option and socket of a host. */
static uint64_t
option_key(const struct dev *d)
{
	struct nc_bytes name = nc_find_str(d->d.args, "option");
	uint64_t k = name.p ? nc_hash(name.p, name.len, 5) : 5;

	return nc_hash_int(k ^ nc_hash_int((uint64_t)(d->host + 1))) ^
	    nc_hash_int(map_true(d->d.args, "used") ? 1 : 2);
}

/* invalid-socket-option */

static bool
invalid_want(struct rules *r, const struct dev *d)
{
	struct nc_bytes error = nc_find_str(d->d.args, "error");

	/* The others say that it is not allowed, or not now. */
	return strong(r, d) && !is_info(d) &&
	    (nc_str_eq(error, "ENOPROTOOPT") ||
		nc_str_eq(error, "EOPNOTSUPP") || nc_str_eq(error, "EINVAL") ||
		nc_str_eq(error, "EDOM"));
}

static void
invalid_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "invalid-socket-option", least(p), p);
	bool used = map_true(d->d.args, "used");

	f->count = (int64_t)p->n + p->more;
	/* Its program went on without the option. */
	if (used)
		finding_lower(f, NC_SEVERITY_WARNING);
	if (d->local.port)
		make_listener(f, d->host, d->local.port);
	finding_endpoint(f, d->d.local);
	finding_say(f, "%s cannot %s %s on a %s socket (%s)%s%s",
	    facts_host_name(r->facts, d->host),
	    map_true(d->d.args, "set") ? "set" : "read", option(r, d),
	    map_true(d->d.args, "datagram") ? "datagram" : "stream",
	    text_bytes(r, nc_find_str(d->d.args, "error")),
	    used ? " and goes on" : " and does nothing more with it",
	    f->count > 1 ? text(r, ", %s", text_count(r, f->count, "time")) :
			   "");
}

void
rule_invalid_socket_option(struct rules *r)
{
	static const enum code codes[] = { CODE_ENOPROTOOPT, CODE_NONE };

	rules_each(r, codes, invalid_want, option_key, invalid_emit);
}

/* buffer-size-mismatch */

/* Linux doubles what is set, and raises what is too little. */
static bool
smaller_want(struct rules *r, const struct dev *d)
{
	int64_t asked = nc_find_int(d->d.args, "asked");
	int64_t got = nc_find_int(d->d.args, "in_force");

	return strong(r, d) && asked != NC_NIL && got != NC_NIL && got < asked;
}

static void
smaller_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "buffer-size-mismatch", least(p), p);

	f->count = (int64_t)p->n + p->more;
	finding_endpoint(f, d->d.local);
	finding_say(f,
	    "%s asked for a buffer of %" PRId64 " bytes (%s) and has %" PRId64
	    "%s",
	    facts_host_name(r->facts, d->host), nc_find_int(d->d.args, "asked"),
	    option(r, d), nc_find_int(d->d.args, "in_force"),
	    f->count > 1 ? text(r, " (%s)", text_count(r, f->count, "socket")) :
			   "");
}

void
rule_buffer_size_mismatch(struct rules *r)
{
	static const enum code codes[] = { CODE_BUFSIZE_DIFFERENT, CODE_NONE };

	rules_each(r, codes, smaller_want, option_key, smaller_emit);
}
