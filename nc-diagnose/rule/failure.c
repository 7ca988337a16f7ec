/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule connect-failure: a connect that failed, and no other rule says
 * why.  It works on connection records, as any error will do.
 */
#include "../rules.h"

#include <string.h>

static bool
errs(struct nc_bytes error)
{
	static const char *const not_yet[] = { "EINPROGRESS", "EALREADY",
		"EISCONN", "EINTR", "ERESTARTSYS", "EAGAIN", "ECONNREFUSED" };
	size_t i;

	if (!error.p || error.len == 0)
		return false;
	for (i = 0; i < sizeof(not_yet) / sizeof(not_yet[0]); i++)
		if (nc_str_eq(error, not_yet[i]))
			return false;
	return true;
}

/* IPv6 addresses of one link, which every link has (RFC 4291 2.5.6). */
static bool
is_link_local(const struct nc_addr *a)
{
	return !nc_addr_is_v4(a) && a->ip[0] == 0xfe &&
	    (a->ip[1] & 0xc0) == 0x80;
}

/*
 * The system itself refuses an address without the link that it is on: then
 * nothing depends on the target.
 */
static bool
lacks_link(const struct conn *c, struct nc_bytes error)
{
	return is_link_local(&c->target) && nc_str_eq(error, "EINVAL");
}

/* The guards speak of deviations, so a connection is made into one. */
static struct dev
as_dev(struct conn *c)
{
	struct dev d = { 0 };

	nc_record_init(NC_KIND_deviation, &d.d);
	d.d.confidence = 90;
	d.d.host = c->c.client_host;
	d.d.connection = c->c.connection;
	d.d.socket = c->c.client_socket;
	d.host = c->client;
	d.peer = c->server;
	d.remote = c->target;
	d.at = c->at;
	d.conn = c;
	return d;
}

static bool
explained(struct rules *r, const struct dev *d)
{
	struct finding probe = { 0 };
	bool found = false;
	size_t i;

	make_target(&probe, d);
	if (d->d.connection != NC_NIL)
		finding_object(
		    &probe, OBJECT_CONNECTION, (uint64_t)d->d.connection);
	for (i = 0; !found && i < r->findings->n; i++)
		found = strcmp(r->findings->v[i]->diag->id,
			    "connect-failure") != 0 &&
		    finding_share(&probe, r->findings->v[i]);
	free(probe.objects);
	return found;
}

void
rule_connect_failure(struct rules *r)
{
	size_t i;

	for (i = 0; i < r->facts->nconns; i++) {
		struct conn *c = r->facts->conns[i];
		struct dev d;
		const struct dev *dp = &d;
		struct picked p = { &dp, 1, 0 };
		struct nc_bytes error = nc_find_str(c->c.facts, "error");
		struct finding *f;
		struct nc_addr a;

		if (!nc_str_eq(c->c.opened, "failed") || c->client < 0 ||
		    !errs(error) || (c->server < 0 && !lacks_link(c, error)))
			continue;
		d = as_dev(c);
		if (eyeballs(r, &d) || retried(r, &d) || explained(r, &d))
			continue;
		f = make(r, "connect-failure", 90, &p);
		a = dev_service(&d);
		make_target(f, &d);
		finding_endpoint(f, nc_str(text_addr(r, &a)));
		finding_say(f, "%s cannot connect to %s: %s",
		    facts_host_name(r->facts, c->client),
		    text_at(r, c->server, &a), text_bytes(r, error));
		if (lacks_link(c, error))
			finding_more(f, "%s",
			    "A link-local address (fe80::) says nothing "
			    "without its interface: the program has to set "
			    "sin6_scope_id, which getaddrinfo makes of "
			    "fe80::1%eth0.");
	}
}
