/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on calls that do not fit their socket or host: already-connected,
 * invalid-port, self-connect, nonblocking-connect-misuse, flag-inheritance,
 * wildcard-destination, descriptor-exhaustion.
 */
#include "../rules.h"

#include <string.h>

#define HASTY_CONFIDENCE 70 /* percent: it may have been cancelled */

/* A stream's connect or a datagram that was sent, or was to be: no probe. */
static bool
in_use(const struct dev *d)
{
	return d->d.connection != NC_NIL || dev_calls(d, "sendto") ||
	    dev_calls(d, "sendmsg") || dev_calls(d, "sendmmsg") ||
	    (d->flow && d->flow->f.sent > 0);
}

static bool
strong_want(struct rules *r, const struct dev *d)
{
	return strong(r, d);
}

static bool
used_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && in_use(d);
}

/* already-connected */

static void
already_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "already-connected", least(p), p);

	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s named a destination on a socket that is connected to %s "
	    "(EISCONN)",
	    facts_host_name(r->facts, d->host), text_at(r, dev_server(d), &a));
}

void
rule_already_connected(struct rules *r)
{
	static const enum code codes[] = { CODE_EISCONN, CODE_NONE };

	rules_each(r, codes, strong_want, key_ends, already_emit);
}

/* invalid-port */

static void
port_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	char buf[NC_ADDR_TEXT];
	struct finding *f = make(r, "invalid-port", least(p), p);

	make_target(f, d);
	nc_addr_print_port(&a, buf);
	finding_endpoint(f, nc_str(buf));
	finding_say(f,
	    "%s uses port %u as a destination (%s), which cannot "
	    "work",
	    facts_host_name(r->facts, d->host), a.port, buf);
}

void
rule_invalid_port(struct rules *r)
{
	static const enum code codes[] = { CODE_INVALID_PORT, CODE_NONE };

	rules_each(r, codes, used_want, key_target, port_emit);
}

/* self-connect */

static void
self_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "self-connect", least(p), p);

	finding_endpoint(f, nc_str(text_addr(r, &d->local)));
	finding_say(f, "a socket of %s at %s connected to itself",
	    facts_host_name(r->facts, d->host), text_addr(r, &d->local));
}

void
rule_self_connect(struct rules *r)
{
	static const enum code codes[] = { CODE_SELF_CONNECT, CODE_NONE };

	rules_each(r, codes, strong_want, key_own, self_emit);
}

/* nonblocking-connect-misuse */

/* Whether it asked again in vain, used it in vain, or after its failure. */
static uint64_t
misuse_key(const struct dev *d)
{
	struct nc_bytes use = nc_find_str(d->d.args, "use");

	return key_target(d) ^ (use.p ? nc_hash(use.p, use.len, 3) : 0);
}

static bool
came_through(const struct dev *d)
{
	return d->conn && nc_str_eq(d->conn->c.opened, "connected");
}

/* It was too early, and was done again when it was time. */
static bool
went_on(const struct dev *d)
{
	return came_through(d) &&
	    (map_count(d->conn->c.to_server, "received") > 0 ||
		map_count(d->conn->c.to_client, "received") > 0);
}

static void
misuse_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct nc_bytes use = nc_find_str(d->d.args, "use");
	struct nc_bytes error = nc_find_str(d->d.args, "error");
	struct nc_bytes failure = nc_find_str(d->d.args, "failure");
	bool again = nc_str_eq(use, "again");
	struct finding *f = make(r, "nonblocking-connect-misuse", least(p), p);
	const char *host = facts_host_name(r->facts, d->host);
	const char *to = text_at(r, dev_server(d), &a);

	/* Asking again and again is a way to wait, if a poor one. */
	if (again)
		finding_lower(f,
		    came_through(d) ? NC_SEVERITY_INFO : NC_SEVERITY_WARNING);
	else if (!failure.p && went_on(d))
		finding_lower(f, NC_SEVERITY_INFO);
	make_target(f, d);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	if (again)
		finding_say(f,
		    "%s repeats its nonblocking connect to %s without waiting "
		    "for it (EALREADY)",
		    host, to);
	else if (failure.p)
		finding_say(f,
		    "%s uses its socket for %s although the nonblocking "
		    "connect had failed (%s)",
		    host, to, text_bytes(r, failure));
	else
		finding_say(f,
		    "%s %s its socket for %s before the nonblocking connect "
		    "has ended (%s)",
		    host, nc_str_eq(use, "recv") ? "reads from" : "writes to",
		    to, error.p ? text_bytes(r, error) : "EAGAIN");
}

/* Its trace has calls of all kinds: one that waits would be there. */
static bool
shows_waits(const struct rules *r, const struct dev *d)
{
	const struct host *h = &r->facts->hosts[d->host];

	return !map_true(d->d.args, "blind") ||
	    (h->others > 0 && h->transfers > 0 && h->network > 0);
}

/*
 * The program got through to that port before: it knows how, and needs this
 * one no more.
 */
static bool
knows_how(const struct rules *r, const struct dev *d)
{
	struct nc_addr target = dev_service(d);
	int64_t process = d->conn && d->conn->process != NC_NIL ?
	    d->conn->process :
	    d->d.process;

	return facts_tried(r->facts, dev_client(d), process, target.port, 0,
		   NC_NIL, NC_NIL, NC_NIL) ||
	    (r->facts->tried_full && reached(r, d));
}

/* Nobody would have had the time to answer, and nothing else got through. */
static bool
hasty_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && map_true(d->d.args, "hasty") &&
	    shows_waits(r, d) && !map_true(d->d.args, "apart") &&
	    cancelled(r, d) && !eyeballs(r, d) && !knows_how(r, d);
}

static void
hasty_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f =
	    make(r, "nonblocking-connect-misuse", HASTY_CONFIDENCE, p);

	finding_lower(f, NC_SEVERITY_WARNING);
	make_target(f, d);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s closes its socket for %s as soon as its nonblocking connect "
	    "has begun (%s): EINPROGRESS is no failure",
	    facts_host_name(r->facts, d->host), text_at(r, dev_server(d), &a),
	    text_count(r, count_conns(p), "time"));
}

void
rule_nonblocking_connect_misuse(struct rules *r)
{
	static const enum code used[] = { CODE_CONNECT_MISUSE, CODE_NONE };
	static const enum code left[] = { CODE_CONN_NEVER_COMPLETED,
		CODE_NONE };

	rules_each(r, used, strong_want, misuse_key, misuse_emit);
	rules_each(r, left, hasty_want, key_target, hasty_emit);
}

/* flag-inheritance */

static bool
inherited_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && !nc_str_eq(d->d.severity, "info");
}

static void
inherited_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "flag-inheritance", least(p), p);

	finding_endpoint(f, nc_str(text_addr(r, &a)));
	if (map_true(d->d.args, "nonblocking")) {
		finding_say(f,
		    "%s got EAGAIN on a socket that is nonblocking only as its "
		    "listener is, and gave up",
		    text_at(r, d->host, &a));
		return;
	}
	finding_say(f,
	    "%s was blocked for %s on a socket that it polls: its listener is "
	    "nonblocking, but what it accepts here is not",
	    text_at(r, d->host, &a),
	    text_time(r, nc_find_int(d->d.args, "blocked")));
}

void
rule_flag_inheritance(struct rules *r)
{
	static const enum code codes[] = { CODE_COULD_HAVE_BLOCKED, CODE_NONE };

	rules_each(r, codes, inherited_want, key_ends, inherited_emit);
}

/* wildcard-destination */

/*
 * What failed there failed for another reason; but that nothing listens on
 * the host itself is what such a destination leads to.
 */
static bool
failed_elsewhere(struct rules *r, const struct dev *d)
{
	size_t i, j;

	for (i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->v[i];

		if (strcmp(f->diag->id, "no-listener") == 0)
			continue;
		for (j = 0; j < f->nobjects; j++)
			if ((f->objects[j].type == OBJECT_CONNECTION &&
				(int64_t)f->objects[j].key ==
				    d->d.connection) ||
			    (f->objects[j].type == OBJECT_FLOW &&
				(int64_t)f->objects[j].key == d->d.flow))
				return true;
	}
	return false;
}

static bool
wildcard_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && in_use(d) && !nc_str_eq(d->d.severity, "info") &&
	    !failed_elsewhere(r, d);
}

static void
wildcard_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "wildcard-destination", least(p), p);
	size_t i;

	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);

	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s uses the unspecified address as a destination (%s), which "
	    "means the host itself on some systems only",
	    facts_host_name(r->facts, d->host),
	    d->d.peer.p ? text_bytes(r, d->d.peer) : text_addr(r, &a));
}

void
rule_wildcard_destination(struct rules *r)
{
	static const enum code codes[] = { CODE_WILDCARD_DEST, CODE_NONE };

	rules_each(r, codes, wildcard_want, key_target, wildcard_emit);
}

/* descriptor-exhaustion */

/* Programs try dup and fcntl to find out their limit. */
static bool
exhausted_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) &&
	    (dev_calls(d, "socket") || dev_calls(d, "accept") ||
		dev_calls(d, "accept4") || dev_calls(d, "connect"));
}

static uint64_t
exhausted_key(const struct dev *d)
{
	return nc_hash_int((uint64_t)(d->host + 1));
}

static void
exhausted_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_bytes error = nc_find_str(d->d.args, "error");
	struct finding *f = make(r, "descriptor-exhaustion", least(p), p);
	size_t i;

	f->count = (int64_t)p->n + p->more;
	for (i = 0; i < p->n; i++)
		if (p->v[i]->local.port)
			make_listener(f, p->v[i]->host, p->v[i]->local.port);
	finding_endpoint(f, d->d.local);
	finding_say(f,
	    "%s ran out of descriptors or memory for sockets: %s "
	    "in %s",
	    facts_host_name(r->facts, d->host),
	    error.p ? text_bytes(r, error) : "EMFILE",
	    text_count(r, f->count, "call"));
}

void
rule_descriptor_exhaustion(struct rules *r)
{
	static const enum code codes[] = { CODE_FD_EXHAUSTED, CODE_NONE };

	rules_each(r, codes, exhausted_want, exhausted_key, exhausted_emit);
}
