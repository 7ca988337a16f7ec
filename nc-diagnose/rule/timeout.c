/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on peers that do not answer: connection-timeout,
 * nonblocking-connect-failure, no-route.
 */
#include "../rules.h"

#include <string.h>

static int64_t
longest_wait(const struct picked *p)
{
	int64_t best = NC_NIL;
	size_t i;

	for (i = 0; i < p->n; i++) {
		int64_t w = nc_find_int(p->v[i]->d.args, "waited");

		if (w == NC_NIL && p->v[i]->conn)
			w = p->v[i]->conn->waited;
		if (w > best)
			best = w;
	}
	return best;
}

static const char *
after_waiting(struct rules *r, const struct picked *p)
{
	int64_t w = longest_wait(p);

	return w > 0 ? text(r, " after %s", text_time(r, w)) : "";
}

/* connection-timeout */

static bool
timeout_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d))
		return false;
	if (d->code == CODE_CONN_DIED)
		return nc_str_eq(nc_find_str(d->d.args, "error"), "ETIMEDOUT");
	return !eyeballs(r, d) &&
	    !(d->conn && conn_has(d->conn, CODE_CONN_NEVER_COMPLETED));
}

static void
timeout_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "connection-timeout", least(p), p);
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i]->code != CODE_CONN_DIED)
			make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	if (d->code == CODE_CONN_DIED)
		finding_say(f,
		    "%s stopped answering %s on an established connection "
		    "(ETIMEDOUT)",
		    dev_at_server(d) ? text_host(r, dev_client(d), &d->remote) :
				       text_at(r, dev_server(d), &a),
		    facts_host_name(r->facts, d->host));
	else
		finding_say(f, "%s gets no answer from %s: %s timed out%s",
		    text_host(r, dev_client(d), NULL),
		    text_at(r, dev_server(d), &a),
		    text_count(r, count_conns(p), "connect"),
		    after_waiting(r, p));
}

void
rule_connection_timeout(struct rules *r)
{
	static const enum code connects[] = { CODE_CONN_TIMEOUT, CODE_NONE };
	static const enum code dies[] = { CODE_CONN_DIED, CODE_NONE };

	rules_each(r, connects, timeout_want, key_target, timeout_emit);
	rules_each(r, dies, timeout_want, key_ends, timeout_emit);
}

/* nonblocking-connect-failure */

static bool
never_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || eyeballs(r, d))
		return false;
	if (d->conn && d->conn->c.server_socket != NC_NIL)
		return false; /* accepted after all */
	/* Given up, or cut off by the end of the trace, before it could. */
	return !cancelled(r, d);
}

static bool
untimed(const struct picked *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (nc_find_int(p->v[i]->d.args, "waited") != NC_NIL)
			return false;
	return true;
}

static void
never_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t n = count_conns(p);
	struct finding *f;
	size_t i;

	if (dev_server(d) < 0 && n < 2)
		return;
	/* Without times a cancelled connect looks the same. */
	if (untimed(p) && (n < 2 || reached(r, d)))
		return;
	f = make(r, "nonblocking-connect-failure", least(p), p);
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f, "%s gets no answer from %s: %s never completed%s",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    text_count(r, n, "nonblocking connect"), after_waiting(r, p));
}

void
rule_nonblocking_connect_failure(struct rules *r)
{
	static const enum code codes[] = { CODE_CONN_NEVER_COMPLETED,
		CODE_NONE };

	rules_each(r, codes, never_want, key_target, never_emit);
}

/* no-route */

/* getaddrinfo connects datagram sockets only to ask for the source address. */
static bool
is_probe(const struct dev *d)
{
	return d->d.connection == NC_NIL &&
	    (dev_calls(d, "connect") || (d->flow && d->flow->f.sent <= 0));
}

static bool
route_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && !is_probe(d) && !eyeballs(r, d);
}

/* An answer from near by is as quick; without durations none can be told. */
static bool
local_for_sure(const struct picked *p, struct nc_bytes where)
{
	return nc_str_eq(where, "local") &&
	    (p->v[0]->d.duration != NC_NIL ||
		nc_find_int(p->v[0]->d.args, "waited") != NC_NIL);
}

static void
route_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "no-route", least(p), p);
	struct nc_bytes error = nc_find_str(d->d.args, "error");
	struct nc_bytes where = nc_find_str(d->d.args, "where");
	size_t i;

	for (i = 0; i < p->n; i++) {
		make_target(f, p->v[i]);
		if (!nc_bytes_eq(where, nc_find_str(p->v[i]->d.args, "where")))
			where = nc_str(NULL);
	}
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f, "%s has no way to %s: %s%s%s (%s)",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    error.p ? text_bytes(r, error) : "unreachable",
	    local_for_sure(p, where)       ? " from its own routing table" :
		nc_str_eq(where, "remote") ? " reported from the network" :
					     "",
	    nc_str_eq(where, "remote") ? after_waiting(r, p) : "",
	    text_count(r, count_conns(p), "attempt"));
}

void
rule_no_route(struct rules *r)
{
	static const enum code codes[] = { CODE_CONN_UNREACHABLE, CODE_NONE };

	rules_each(r, codes, route_want, key_target, route_emit);
}
