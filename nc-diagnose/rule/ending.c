/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on connections that end before their answer: closed-without-reply,
 * idle-close.
 */
#include "../rules.h"

#include <inttypes.h>

/* A close that may be the protocol's way to answer. */
#define UNUSUAL 70

static const char *
times(struct rules *r, const struct picked *p)
{
	return count_conns(p) > 1 ?
	    text(r, " (%s)", text_count(r, count_conns(p), "connection")) :
	    "";
}

static void
service(struct rules *r, struct finding *f, const struct dev *d)
{
	struct nc_addr a = dev_service(d);

	finding_endpoint(f, nc_str(text_addr(r, &a)));
}

/* closed-without-reply */

static bool
no_reply_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && d->conn && alike(r, d);
}

/*
 * Its program ended.  What it was asked then may never have been meant to be
 * answered soon: a long poll, a subscription.
 */
static bool
ended_by_design(struct rules *r, const struct dev *d)
{
	if (map_true(d->d.args, "killed"))
		return !map_true(d->d.args, "crashed");
	return map_true(d->d.args, "at_exit") &&
	    (lasted(d, "after", r->limits->waited) ||
		(map_true(d->d.args, "waited") &&
		    !map_true(d->d.args, "served")));
}

static uint64_t
no_reply_key(const struct dev *d)
{
	return key_ends(d) ^
	    nc_hash_int(map_true(d->d.args, "killed")      ? 21 :
		    map_true(d->d.args, "at_exit")         ? 22 :
		    nc_find_int(d->d.args, "answered") > 0 ? 25 :
		    nc_find_int(d->d.args, "received") > 0 ? 23 :
							     24);
}

static const char *
what_it_did(struct rules *r, const struct dev *d)
{
	const char *how = map_true(d->d.args, "crashed") ? "crashed" :
	    map_true(d->d.args, "killed")                ? "was killed" :
	    map_true(d->d.args, "at_exit")               ? "exited" :
							   "closed";
	const char *client = text_host(r, dev_client(d), &d->local);
	int64_t received = nc_find_int(d->d.args, "received");
	int64_t sent = nc_find_int(d->d.args, "sent");

	if (map_count(d->d.args, "answered") > 0)
		return text(r,
		    "answered %s, then read its next request and %s without "
		    "an answer to that",
		    client, how);
	if (received > 0)
		return text(r, "read %s from %s and %s without an answer",
		    text_count(r, received, "byte"), client, how);
	if (sent > 0)
		return text(r,
		    "accepted a connection from %s and %s without reading its "
		    "request (%s)",
		    client, how, text_count(r, sent, "byte"));
	return text(r,
	    "accepted a connection from %s and %s at once, without "
	    "a word",
	    client, how);
}

static void
no_reply_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t others = nc_find_int(d->d.args, "others");
	struct finding *f;
	int sure = least(p);

	/* Where others got an answer, none is not the way to answer. */
	if (nc_find_int(d->d.args, "replied") <= 0 &&
	    map_count(d->d.args, "answered") == 0 && sure > UNUSUAL)
		sure = UNUSUAL;
	f = make(r, "closed-without-reply", sure, p);
	if (ended_by_design(r, d)) {
		finding_lower(f, NC_SEVERITY_INFO);
		f->mild = true;
	}
	service(r, f, d);
	finding_say(f, "%s %s%s", text_at(r, dev_server(d), &a),
	    what_it_did(r, d), times(r, p));
	if (others > 0)
		finding_more(f,
		    "At that time it had %s open on that port: it may be over "
		    "a limit.",
		    text_count(r, others, "other connection"));
}

void
rule_closed_without_reply(struct rules *r)
{
	static const enum code codes[] = { CODE_CLOSED_NO_REPLY, CODE_NONE };

	rules_each(r, codes, no_reply_want, no_reply_key, no_reply_emit);
}

/* idle-close */

static bool
idle_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && paired(r, d) &&
	    lasted(d, "quiet", r->limits->idle);
}

static void
idle_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	bool server_sent = dev_at_server(d);
	struct finding *f = make(r, "idle-close", least(p), p);
	const char *server = text_at(r, dev_server(d), &a);
	const char *client =
	    text_host(r, dev_client(d), server_sent ? &d->remote : &d->local);

	service(r, f, d);
	finding_say(f,
	    "%s closed its connection %s %s after %s of quiet, and %s sent "
	    "%s more on it, which nobody answered%s",
	    server_sent ? client : server, server_sent ? "to" : "from",
	    server_sent ? server : client,
	    text_time(r, nc_find_int(d->d.args, "quiet")),
	    server_sent ? server : client,
	    text_count(r, map_count(d->d.args, "bytes"), "byte"), times(r, p));
}

void
rule_idle_close(struct rules *r)
{
	static const enum code codes[] = { CODE_IDLE_CLOSED, CODE_NONE };

	rules_each(r, codes, idle_want, key_ends, idle_emit);
}
