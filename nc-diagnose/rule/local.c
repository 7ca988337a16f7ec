/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * UNIX sockets that a program could not do without: the parts of
 * permission-denied, no-listener and backlog-overflow that are about them.
 */
#include "../rules.h"

#include <inttypes.h>

static bool
is_denied(const struct dev *d)
{
	struct nc_bytes error = nc_find_str(d->d.args, "error");

	return nc_str_eq(error, "EACCES") || nc_str_eq(error, "EPERM");
}

/* A nonblocking connect found the listener's queue full (unix(7)). */
static bool
is_full(const struct dev *d)
{
	return nc_str_eq(nc_find_str(d->d.args, "error"), "EAGAIN");
}

static bool
full_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && is_full(d);
}

static bool
denied_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && is_denied(d);
}

static bool
missing_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && !is_denied(d) && !is_full(d);
}

static uint64_t
name_key(const struct dev *d)
{
	struct nc_bytes name = nc_find_str(d->d.args, "name");

	return nc_hash(name.p, name.len, nc_hash_int((uint64_t)d->host + 67));
}

/* What came of it. */
static const char *
effect(struct rules *r, const struct dev *d)
{
	struct nc_bytes client = nc_find_str(d->d.args, "client");
	int64_t status = nc_find_int(d->d.args, "status");

	if (status != NC_NIL)
		return text(r,
		    "; the program gives up (exit status %" PRId64 ")", status);
	return text(r, "; what %s asked for fails with it",
	    client.p ? text_bytes(r, client) : "its client");
}

static struct finding *
begin(struct rules *r, const char *id, const struct picked *p)
{
	struct finding *f = make(r, id, least(p), p);
	size_t i;

	f->count = p->more;
	for (i = 0; i < p->n; i++)
		f->count += map_count(p->v[i]->d.args, "tries");
	finding_endpoint(f,
	    nc_str(text(r, "unix:%s",
		text_bytes(r, nc_find_str(p->v[0]->d.args, "name")))));
	return f;
}

static void
denied_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = begin(r, "permission-denied", p);

	finding_say(f, "%s may not connect to the UNIX socket %s (%s, %s)%s",
	    facts_host_name(r->facts, d->host),
	    text_bytes(r, nc_find_str(d->d.args, "name")),
	    text_bytes(r, nc_find_str(d->d.args, "error")),
	    text_count(r, f->count, "attempt"), effect(r, d));
	f->remedy =
	    "Let the program's user write to the socket's file and search the "
	    "folders above it (namei -l PATH shows them): put both programs "
	    "into one group, and set the mode and the group where the server "
	    "makes its socket.";
}

static void
missing_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = begin(r, "no-listener", p);
	struct nc_bytes error = nc_find_str(d->d.args, "error");

	finding_say(f, "%s %s the UNIX socket %s (%s, %s)%s",
	    facts_host_name(r->facts, d->host),
	    nc_str_eq(error, "ENOENT") ? "does not find" :
					 "finds nothing that listens on",
	    text_bytes(r, nc_find_str(d->d.args, "name")), text_bytes(r, error),
	    text_count(r, f->count, "attempt"), effect(r, d));
	f->remedy =
	    "Start the server that makes this socket, and compare its path "
	    "with the one that this program was given (ss -xlp shows those "
	    "that are listened on).";
}

static void
full_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = begin(r, "backlog-overflow", p);

	finding_say(f,
	    "%s finds the queue of the UNIX socket %s full (EAGAIN, %s)%s",
	    facts_host_name(r->facts, d->host),
	    text_bytes(r, nc_find_str(d->d.args, "name")),
	    text_count(r, f->count, "attempt"), effect(r, d));
}

static const enum code codes[] = { CODE_LOCAL_FAILED, CODE_NONE };

void
rule_local_denied(struct rules *r)
{
	rules_each(r, codes, denied_want, name_key, denied_emit);
}

void
rule_local_missing(struct rules *r)
{
	rules_each(r, codes, missing_want, name_key, missing_emit);
}

void
rule_local_full(struct rules *r)
{
	rules_each(r, codes, full_want, name_key, full_emit);
}
