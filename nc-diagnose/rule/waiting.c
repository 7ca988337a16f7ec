/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on programs that wait for a peer that is there: receive-timeout, where
 * a time limit made one give up, interrupted-call, where a signal did, and
 * buffer-full.
 */
#include "../rules.h"

#include <inttypes.h>

static bool
is(const struct dev *d, const char *name, const char *value)
{
	return nc_str_eq(nc_find_str(d->d.args, name), value);
}

/*
 * What would have been its due: an answer, the greeting of a server, room for
 * what it sends, or what came after all.  A server that waits for another
 * request, or for a client's first one, may use the timeout as a clock; and a
 * client that has got something may take the silence for its end.
 */
static bool
was_due(const struct dev *d)
{
	if (is(d, "waiting", "answer"))
		/* A question to a group may have nobody to answer it. */
		return !(d->flow && map_true(d->flow->f.facts, "multicast"));
	if (is(d, "waiting", "room"))
		return true;
	if (is(d, "waiting", "first") && map_true(d->d.args, "client"))
		return true;
	return nc_find_int(d->d.args, "late") > 0 &&
	    (is(d, "waiting", "first") || is(d, "waiting", "more"));
}

/* Its host has connected there anew since: it copes, or has failed since. */
static bool
tried_again(const struct rules *r, const struct dev *d)
{
	struct nc_addr a = dev_service(d);
	const struct reach *reach =
	    facts_reach(r->facts, dev_client(d), dev_server(d), &a);

	return reach && d->conn &&
	    spans_within(&reach->when,
		d->d.time == NC_NIL ? NC_NIL : d->d.time + 1, INT64_MAX,
		d->conn->seq);
}

static bool
timeout_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || !was_due(d))
		return false;
	if (nc_find_str(d->d.args, "silent").len && tried_again(r, d))
		return false;
	if (is(d, "outcome", "closed"))
		return true;
	return (is(d, "outcome", "open") || is(d, "outcome", "killed")) &&
	    nc_find_int(d->d.args, "count") >= r->limits->timeouts;
}

/* One kind of wait between the same ends. */
static uint64_t
timeout_key(const struct dev *d)
{
	return nc_hash_int(key_target(d) ^ (uint64_t)(d->host + 1) ^
	    (is(d, "waiting", "room") ? 1u << 16 : 0));
}

static const char *
awaited(struct rules *r, const struct dev *d)
{
	struct nc_addr a = dev_service(d);
	const char *other = dev_at_server(d) && d->conn ?
	    text_host(r, dev_client(d), &d->remote) :
	    text_at(r, dev_server(d), &a);

	if (is(d, "waiting", "answer"))
		return text(r, "an answer from %s", other);
	if (is(d, "waiting", "room"))
		return text(r, "%s to take what it sends", other);
	return text(r, "data from %s", other);
}

/* What is known of a peer that never sent an answer. */
static const char *
silence(struct rules *r, const struct dev *d)
{
	int64_t unread = nc_find_int(d->d.args, "unread");

	if (!nc_find_str(d->d.args, "silent").len)
		return "";
	if (unread > 0)
		return text(r, "; %s of its request %s never read there",
		    text_count(r, unread, "byte"),
		    unread == 1 ? "was" : "were");
	return "; none was ever sent";
}

static void
timeout_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct nc_bytes polled = nc_find_str(d->d.args, "polled");
	bool room = is(d, "waiting", "room");
	struct finding *f = make(r, "receive-timeout", least(p), p);
	int64_t n = p->more, late = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		n += map_count(p->v[i]->d.args, "count");
		late += map_count(p->v[i]->d.args, "late");
		make_target(f, p->v[i]);
	}
	f->count = n;
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f, "%s waited %s for %s%s and gave up (%s)%s",
	    facts_host_name(r->facts, d->host),
	    text_time(r, nc_find_int(d->d.args, "timeout")), awaited(r, d),
	    n > 1 ? text(r, ", %" PRId64 " times,", n) : "",
	    room         ? "SO_SNDTIMEO" :
		polled.p ? text_bytes(r, polled) :
			   "SO_RCVTIMEO",
	    late && !room ?
		text(r, "; %s came too late", text_count(r, late, "byte")) :
		silence(r, d));
}

void
rule_receive_timeout(struct rules *r)
{
	static const enum code codes[] = { CODE_RECV_TIMEOUT, CODE_NONE };

	rules_each(r, codes, timeout_want, timeout_key, timeout_emit);
}

/* interrupted-call */

/* One that waits for whoever comes may be told to end so. */
static bool
interrupted_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && is(d, "outcome", "closed") &&
	    (d->conn || d->flow) && was_due(d);
}

static void
interrupted_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "interrupted-call", least(p), p);
	size_t i;

	f->count = (int64_t)p->n + p->more;
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "a signal interrupted %s while it waited for %s, and it closed the "
	    "socket instead of calling again%s",
	    facts_host_name(r->facts, d->host), awaited(r, d),
	    f->count > 1 ? text(r, " (%" PRId64 " times)", f->count) : "");
}

void
rule_interrupted_call(struct rules *r)
{
	static const enum code codes[] = { CODE_EINTR, CODE_NONE };

	rules_each(r, codes, interrupted_want, timeout_key, interrupted_emit);
}

/* buffer-full */

static bool
full_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || !d->conn || !paired(r, d) ||
	    is(d, "outcome", "progress"))
		return false;
	/* Waiting for more, it is not the reader that keeps the bytes back. */
	if (map_true(d->d.args, "waiting"))
		return false;
	if (nc_find_int(d->d.args, "waited") != NC_NIL &&
	    !lasted(d, "waited", r->limits->waited))
		return false;
	/* Without times only one that never read has stopped for certain. */
	return nc_find_int(d->d.args, "unread_for") == NC_NIL ?
	    map_true(d->d.args, "never_read") :
	    lasted(d, "unread_for", r->limits->waited);
}

static uint64_t
full_key(const struct dev *d)
{
	return nc_hash_int(key_target(d) ^ (uint64_t)(d->host + 1));
}

static void
full_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	const char *reader = dev_at_server(d) ?
	    text_host(r, dev_client(d), &d->remote) :
	    text_at(r, dev_server(d), &a);
	int64_t waited = nc_find_int(d->d.args, "waited");
	int64_t quiet = nc_find_int(d->d.args, "unread_for");
	struct finding *f = make(r, "buffer-full", least(p), p);

	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s %s%s with its buffer full: %s, to which %s %s under way, %s",
	    facts_host_name(r->facts, d->host),
	    map_true(d->d.args, "blocked") ? "is blocked in a send" :
					     "could not send",
	    waited != NC_NIL ? text(r, " for %s", text_time(r, waited)) : "",
	    reader,
	    text_count(r, nc_find_int(d->d.args, "outstanding"), "byte"),
	    nc_find_int(d->d.args, "outstanding") == 1 ? "is" : "are",
	    map_true(d->d.args, "never_read") ?
		"never reads from the connection" :
		text(r, "did not read for %s", text_time(r, quiet)));
}

void
rule_buffer_full(struct rules *r)
{
	static const enum code codes[] = { CODE_SEND_STALLED, CODE_NONE };

	rules_each(r, codes, full_want, full_key, full_emit);
}
