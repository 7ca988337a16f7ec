/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on listeners' queues: backlog-overflow, unaccepted-connection,
 * ignored-accept.
 */
#include "../rules.h"

#include <inttypes.h>
#include <string.h>

/* backlog-overflow */

/* Less than the first repetition of a SYN is no waiting for the queue. */
#define SYN_AGAIN_MS 900

static bool
unanswered(const struct dev *d)
{
	return d->code == CODE_CONN_TIMEOUT ||
	    d->code == CODE_CONN_NEVER_COMPLETED;
}

/* Connects that found the queue full and gave up. */
static bool
found_full(const struct dev *d)
{
	int64_t pending = nc_find_int(d->d.args, "pending");
	int64_t backlog = nc_find_int(d->d.args, "backlog");

	return unanswered(d) && pending != NC_NIL && backlog != NC_NIL &&
	    pending > backlog &&
	    (lasted(d, "waited", SYN_AGAIN_MS) ||
		(nc_find_int(d->d.args, "waited") == NC_NIL &&
		    map_count(d->d.args, "queued") > backlog)) &&
	    !(d->conn && d->conn->c.server_socket != NC_NIL);
}

static bool
full_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && dev_server(d) >= 0 &&
	    (d->code == CODE_BACKLOG_FULL || found_full(d) ||
		nc_str_eq(nc_find_str(d->d.args, "cause"), "listener"));
}

/* Some that were in the queue never left it. */
static bool
never_drained(struct rules *r, const struct dev *d)
{
	size_t i;

	for (i = 0; i < r->facts->ndevs; i++) {
		const struct dev *o = r->facts->devs[i];

		if (o->code == CODE_UNACCEPTED_CONN && strong(r, o) &&
		    nc_find_int(o->d.args, "accepted_later") <= 0 &&
		    !map_true(o->d.args, "untraced_holder") &&
		    !map_true(o->d.args, "acceptor_waited") &&
		    !map_true(o->d.args, "waits_hidden") &&
		    key_service(o) == key_service(d))
			return true;
	}
	return false;
}

/* As many as the queue holds were there before that attempt, and after it. */
static bool
stayed_full(const struct dev *d)
{
	int64_t backlog = nc_find_int(d->d.args, "backlog");

	return found_full(d) && map_count(d->d.args, "queued") > backlog;
}

/*
 * As many as the queue holds were there before that attempt, and got nothing
 * while it lasted: their clients' own lanes show it, whatever the order says
 * of the accepts.
 */
static bool
queue_unserved(struct rules *r, const struct dev *d)
{
	int64_t backlog = nc_find_int(d->d.args, "backlog"), n = 0;
	struct nc_addr a = dev_service(d);
	size_t i;

	if (!found_full(d) || !d->conn || d->conn->c.first == NC_NIL)
		return false;
	for (i = 0; i < r->facts->nconns; i++) {
		const struct conn *c = r->facts->conns[i];

		if (c->client == d->conn->client &&
		    c->server == dev_server(d) && c->target.port == a.port &&
		    nc_str_eq(c->c.opened, "connected") &&
		    c->c.first != NC_NIL && c->c.last != NC_NIL &&
		    c->c.first <= d->conn->c.first &&
		    c->c.last - SYN_AGAIN_MS * MS >= d->conn->c.first &&
		    map_count(c->c.to_client, "received") == 0)
			n++;
	}
	return n > backlog;
}

static bool
all_came_through(const struct picked *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i]->code != CODE_BACKLOG_FULL || !p->v[i]->conn ||
		    !nc_str_eq(p->v[i]->conn->c.opened, "connected") ||
		    p->v[i]->conn->c.server_socket == NC_NIL)
			return false;
	return p->more == 0;
}

static void
full_emit(struct rules *r, const struct picked *all)
{
	struct picked p = { nc_xcalloc(all->n, sizeof(*p.v)), 0, all->more };
	const struct dev *d = all->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f;
	int64_t backlog = NC_NIL;
	size_t i;
	bool full = false, stuck = false;

	for (i = 0; i < all->n; i++)
		full = full || all->v[i]->code == CODE_BACKLOG_FULL;
	/* That the queue was full then depends on the order of accepts. */
	stuck = full || never_drained(r, d);
	for (i = 0; !stuck && i < all->n; i++)
		stuck = stayed_full(all->v[i]) || queue_unserved(r, all->v[i]);
	for (i = 0; i < all->n; i++) {
		if (unanswered(all->v[i])) {
			if (!stuck)
				continue;
			full = true;
		}
		if (nc_find_int(all->v[i]->d.args, "backlog") != NC_NIL)
			backlog = nc_find_int(all->v[i]->d.args, "backlog");
		p.v[p.n++] = all->v[i];
	}
	/* One reset of a waiting client is the end of a program. */
	if (p.n == 0 || (!full && count_conns(&p) < 2)) {
		free(p.v);
		return;
	}
	f = make(r, "backlog-overflow", least(&p), &p);
	for (i = 0; i < p.n; i++)
		make_target(f, p.v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	if (full)
		finding_say(f,
		    "connections to %s waited because its queue%s was full "
		    "(%s)",
		    text_at(r, dev_server(d), &a),
		    backlog > 0 ? text(r, " of %" PRId64, backlog) : "",
		    text_count(r, count_conns(&p), "connection"));
	else
		finding_say(f, "%s to %s %s waited to be accepted",
		    text_count(r, count_conns(&p), "connection"),
		    text_at(r, dev_server(d), &a),
		    count_conns(&p) == 1 ? "was reset while it" :
					   "were reset while they");
	/* A burst that all came through, if a second late, is no fault. */
	if (all_came_through(&p))
		finding_lower(f, NC_SEVERITY_INFO);
	free(p.v);
}

/* The listener lives but takes nobody any more. */
static bool
stopped_want(struct rules *r, const struct dev *d)
{
	int64_t later = nc_find_int(d->d.args, "accepted_later");

	return strong(r, d) && dev_server(d) >= 0 && later <= 0 &&
	    !map_true(d->d.args, "untraced_holder") &&
	    !map_true(d->d.args, "acceptor_waited") &&
	    !map_true(d->d.args, "waits_hidden") &&
	    lasted(d, "waited", r->limits->waited);
}

static int64_t
connected_at(const struct dev *d)
{
	return d->conn && d->conn->c.first != NC_NIL ? d->conn->c.first :
						       d->d.time;
}

/*
 * It is not the end of the server that they met: it took no one for long
 * after the first wait began.  A listener that still took the last client's
 * SYN was open until then; each client's times are its own clock's.
 */
static bool
stopped_for_long(struct rules *r, const struct picked *p)
{
	size_t i, j;

	for (i = 0; i < p->n; i++) {
		int64_t from = connected_at(p->v[i]);

		if (!map_true(p->v[i]->d.args, "released") &&
		    lasted(p->v[i], "waited", r->limits->backlog_quiet))
			return true;
		for (j = 0; j < p->n; j++) {
			int64_t to = connected_at(p->v[j]);

			if (p->v[i]->host == p->v[j]->host && from != NC_NIL &&
			    to > from &&
			    (uint64_t)to - (uint64_t)from >=
				(uint64_t)(r->limits->waited * MS))
				return true;
		}
	}
	return false;
}

static void
stopped_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f;
	size_t i;

	if (count_conns(p) < 2 || !stopped_for_long(r, p))
		return;
	f = make(r, "backlog-overflow", least(p), p);
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f, "%s stopped accepting: %s waited in vain",
	    text_at(r, dev_server(d), &a),
	    text_count(r, count_conns(p), "connection"));
}

void
rule_backlog_overflow(struct rules *r)
{
	static const enum code full[] = { CODE_BACKLOG_FULL, CODE_CONN_RESET,
		CODE_CONN_TIMEOUT, CODE_CONN_NEVER_COMPLETED, CODE_NONE };
	static const enum code stopped[] = { CODE_UNACCEPTED_CONN, CODE_NONE };

	rules_each(r, full, full_want, key_service, full_emit);
	rules_each(r, stopped, stopped_want, key_service, stopped_emit);
	rule_local_full(r);
}

/* unaccepted-connection */

static bool
unaccepted_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || dev_server(d) < 0 ||
	    map_true(d->d.args, "untraced_holder"))
		return false;
	/* Its queue was empty, so this one never got there. */
	if (nc_find_int(d->d.args, "accepted_later") <= 0 &&
	    !map_true(d->d.args, "acceptor_waited"))
		return false;
	/* Less than this, and the trace may have ended too early. */
	if (nc_find_int(d->d.args, "waited") != NC_NIL)
		return lasted(d, "waited", r->limits->waited);
	return d->d.time == NC_NIL && nc_find_int(d->d.args, "sent") > 0;
}

static void
unaccepted_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "unaccepted-connection", least(p), p);
	bool later = false;
	size_t i;

	for (i = 0; i < p->n; i++) {
		make_target(f, p->v[i]);
		later = later ||
		    nc_find_int(p->v[i]->d.args, "accepted_later") > 0;
	}
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s of %s to %s: established for the client, never accepted, "
	    "though %s",
	    text_count(r, count_conns(p), "connection"),
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    later ? "others were accepted later" :
		    "the listener was waited on");
}

void
rule_unaccepted_connection(struct rules *r)
{
	static const enum code codes[] = { CODE_UNACCEPTED_CONN, CODE_NONE };

	rules_each(r, codes, unaccepted_want, key_target, unaccepted_emit);
}

/* ignored-accept */

static bool
ignored_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && d->peer >= 0 && d->peer != d->host &&
	    !map_true(d->d.args, "unseen");
}

static uint64_t
ignored_key(const struct dev *d)
{
	return key_own(d) ^ nc_hash_int((uint64_t)(d->peer + 1));
}

/* How many connects of that host to that listener never arrived. */
static int64_t
unaccepted_of(struct rules *r, const struct dev *d)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < r->facts->ndevs; i++) {
		const struct dev *o = r->facts->devs[i];
		struct nc_addr a;

		if (o->code != CODE_UNACCEPTED_CONN)
			continue;
		a = dev_service(o);
		n += dev_client(o) == d->peer && dev_server(o) == d->host &&
		    a.port == d->local.port;
	}
	return n;
}

static void
ignored_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	int64_t n = (int64_t)p->n + p->more, missing = unaccepted_of(r, d);
	struct finding *f = make(r, "ignored-accept", least(p), p);
	bool sure = missing > 0 && missing >= n;
	size_t i;

	for (i = 0; i < p->n; i++)
		sure = sure || map_true(p->v[i]->d.args, "port_traced");
	f->count = n;
	make_listener(f, d->host, d->local.port);
	finding_endpoint(f, nc_str(text_addr(r, &d->local)));
	if (sure && complete(r->facts, d->peer, false)) {
		finding_say(f,
		    "%s accepted %s from %s that no traced process there "
		    "had opened",
		    text_at(r, d->host, &d->local),
		    text_count(r, n, "connection"),
		    facts_host_name(r->facts, d->peer));
		return;
	}
	finding_lower(f, NC_SEVERITY_INFO);
	finding_say(f,
	    "%s accepted %s from this traced host, opened by no traced "
	    "process: %s, the first from port %u",
	    text_at(r, d->host, &d->local), text_count(r, n, "connection"),
	    facts_host_name(r->facts, d->peer), d->remote.port);
}

void
rule_ignored_accept(struct rules *r)
{
	static const enum code codes[] = { CODE_NO_PENDING_CONN, CODE_NONE };

	rules_each(r, codes, ignored_want, ignored_key, ignored_emit);
}
