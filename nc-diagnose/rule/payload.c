/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on what was received: payload-modified, data-never-sent.
 */
#include "../rules.h"

#include <inttypes.h>

/* payload-modified */

/*
 * The bytes differ at a known place of a known stream: the message was seen
 * whole, or enough of it was known.
 */
#define ALIKE 16 /* equal bytes before that tell which message it was */

/* What is equal shows that it is the message, and there was no other. */
static bool
recognized(struct rules *r, const struct dev *d)
{
	return d->conn && alike(r, d) && map_true(d->d.args, "sole") &&
	    map_true(d->d.args, "whole") &&
	    nc_find_int(d->d.args, "offset") >= ALIKE;
}

static bool
modified_want(struct rules *r, const struct dev *d)
{
	int64_t known = nc_find_int(d->d.args, "known");

	return strong(r, d) && (certain(d) || recognized(r, d)) &&
	    !map_true(d->d.args, "mixed") &&
	    (map_true(d->d.args, "whole") || known >= 4);
}

static void
modified_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "payload-modified", least(p), p);
	struct nc_addr a = dev_service(d);
	struct nc_bytes sent = nc_find_str(d->d.args, "sent");
	struct nc_bytes received = nc_find_str(d->d.args, "received");
	int64_t offset = nc_find_int(d->d.args, "offset");
	bool at_server = d->host == dev_server(d);
	const char *what = "";

	if (sent.p && received.p)
		what = text(r, " (sent \"%s\", received \"%s\")",
		    text_bytes(r, sent), text_bytes(r, received));
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s received other bytes from %s than it had sent on the "
	    "exchange with %s%s%s",
	    facts_host_name(r->facts, d->host),
	    text_host(r, at_server ? dev_client(d) : dev_server(d), &d->remote),
	    text_at(r, dev_server(d), &a),
	    offset == NC_NIL ? "" :
			       text(r, ", from byte %" PRId64 " on", offset),
	    what);
	if (map_true(d->d.args, "address"))
		finding_more(f,
		    "The bytes that differ look like an address: an address "
		    "translator rewrites the application's own messages.");
}

void
rule_payload_modified(struct rules *r)
{
	static const enum code codes[] = { CODE_MSG_DONT_MATCH, CODE_NONE };

	rules_each(r, codes, modified_want, key_ends, modified_emit);
}

/* data-never-sent */

static bool
never_want(struct rules *r, const struct dev *d)
{
	int sender = d->peer;

	if (!strong(r, d) || map_true(d->d.args, "unseen"))
		return false;
	if ((d->conn || d->flow) && !certain(d))
		return false;
	/* Whose a datagram is, each call says. */
	return sender >= 0 && complete(r->facts, sender, !d->conn) &&
	    complete(r->facts, d->host, !d->conn);
}

static void
never_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "data-never-sent", least(p), p);
	struct nc_addr a = dev_service(d);
	int64_t missing = nc_find_int(d->d.args, "missing");

	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s received %s from %s that no process there had sent "
	    "(exchange with %s)",
	    facts_host_name(r->facts, d->host),
	    missing > 0 ? text_count(r, missing, "byte") : "a message",
	    facts_host_name(r->facts, d->peer), text_at(r, dev_server(d), &a));
}

void
rule_data_never_sent(struct rules *r)
{
	static const enum code codes[] = { CODE_MSGNOTSENT, CODE_NONE };

	rules_each(r, codes, never_want, key_ends, never_emit);
}
