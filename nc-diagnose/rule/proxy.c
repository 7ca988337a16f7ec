/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule proxy (paper, Table 2 rule 6): a host that talks to no traced one,
 * but to an intermediary that talks to one; or would, if it were there.
 */
#include "../rules.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* Bytes that are no accident. */
#define AMOUNT 32
/* Percent: that who is refused elsewhere should talk to a traced host. */
#define VAIN 60

/* What all hosts use anyway: names, time, logs, displays. */
static bool
is_service(uint16_t port)
{
	return port == 53 || port == 123 || port == 514 || port == 853 ||
	    (port >= 6000 && port < 6064);
}

/* It has reached a traced host, or has tried to. */
static bool
knows_traced(const struct facts *f, int host)
{
	size_t i;
	int other;

	for (i = 0; i < f->nreaches; i++)
		if (f->reaches[i]->client == host &&
		    f->reaches[i]->server >= 0 && f->reaches[i]->server != host)
			return true;
	for (other = 0; other < (int)f->nhosts; other++)
		if (other != host && facts_pair(f, host, other))
			return true;
	return f->reaches_full;
}

/* The length of a host's name, or address, without a port. */
static size_t
name_len(const char *host)
{
	const char *colon = strrchr(host, ':');

	return colon && (colon == strchr(host, ':') || colon[-1] == ']') ?
	    (size_t)(colon - host) :
	    strlen(host);
}

/* The request is for an address of that host, not for the proxy itself. */
static bool
names_host(const struct facts *f, const struct leg *l, int host)
{
	struct nc_addr a;
	const char *s = l->asks_for;
	size_t n = s ? name_len(s) : 0;

	if (n > 2 && s[0] == '[') {
		s++;
		n -= 2;
	}
	return n && nc_addr_parse(s, n, &a) == 0 && facts_owns(f, host, &a);
}

/* Both requests are for the same name. */
static bool
same_name(const struct leg *a, const struct leg *b)
{
	size_t n = a->asks_for ? name_len(a->asks_for) : 0;

	return n && b->asks_for && n == name_len(b->asks_for) &&
	    strncasecmp(a->asks_for, b->asks_for, n) == 0;
}

/* As much passed both ways as on the other leg, and more than a greeting. */
static bool
same_amounts(const struct leg *a, const struct leg *b)
{
	return a->up == b->up && a->down == b->down && a->up > 0 &&
	    a->down > 0 && a->up + a->down >= AMOUNT;
}

/*
 * How sure it is that one intermediary has both legs, percent; 0: not.  That
 * both are with one address is not enough: it may serve the one host and
 * watch the other.
 */
static int
joined(
    const struct facts *f, const struct leg *client, const struct leg *server)
{
	if (names_host(f, client, server->host) || same_name(client, server))
		return 90;
	/* Requests for different hosts are different ones. */
	if (client->asks_for && server->asks_for)
		return 0;
	return nc_addr_same_ip(&client->other, &server->other) &&
		same_amounts(client, server) ?
	    80 :
	    0;
}

static void
leg_refs(struct rules *r, struct finding *f, const struct leg *l)
{
	make_refs(r, f, (struct nc_bytes){ l->refs, l->nrefs });
	if (l->connection != NC_NIL)
		finding_object(f, OBJECT_CONNECTION, (uint64_t)l->connection);
}

static void
tell(struct rules *r, const struct leg *c, const struct leg *s, int sure)
{
	struct finding *f = finding_new(r->findings, "proxy", sure);
	const char *via = text_addr(r, &c->other);

	finding_host(f, facts_host_name(r->facts, c->host));
	finding_host(f, facts_host_name(r->facts, s->host));
	finding_pair(f, facts_pair_key(c->host, s->host));
	leg_refs(r, f, c);
	leg_refs(r, f, s);
	finding_endpoint(f, nc_str(via));
	finding_say(f,
	    "%s talks to %s through an intermediary: it connects to %s%s%s, "
	    "and "
	    "%s is connected to from %s",
	    facts_host_name(r->facts, c->host),
	    facts_host_name(r->facts, s->host), via,
	    c->asks_for ? ", asking for " : "", c->asks_for ? c->asks_for : "",
	    facts_host_name(r->facts, s->host), text_host(r, -1, &s->other));
}

/* The best pair of legs of a client and a server. */
struct best {
	const struct leg *client, *server;
	int sure;
};

static void
try_legs(const struct facts *f, struct nc_map *by_hosts,
    const struct leg *client, const struct leg *server)
{
	uint64_t key = nc_hash_int(
	    nc_hash_int((uint64_t)client->host) ^ (uint64_t)server->host);
	int sure = joined(f, client, server);
	struct best *b;

	if (sure == 0)
		return;
	b = nc_map_get(by_hosts, key);
	if (!b) {
		b = nc_xcalloc(1, sizeof(*b));
		nc_map_put(by_hosts, key, b);
	}
	if (sure > b->sure)
		*b = (struct best){ client, server, sure };
}

/* The legs are few: LEGS_MAX. */
static void
through_one(struct rules *r)
{
	const struct facts *f = r->facts;
	struct nc_map by_hosts = { 0 };
	struct nc_slot *slot;
	size_t i, j, at = 0;
	int known = -1; /* the last host asked about */
	bool knows = false;

	for (i = 0; i < f->nlegs; i++) {
		const struct leg *c = &f->legs[i];

		if (c->server || is_service(c->other.port))
			continue;
		if (known != c->host)
			knows = knows_traced(f, known = c->host);
		for (j = 0; j < f->nlegs && !knows; j++)
			if (f->legs[j].server && f->legs[j].host != c->host)
				try_legs(f, &by_hosts, c, &f->legs[j]);
	}
	while ((slot = nc_map_next(&by_hosts, &at))) {
		const struct best *b = slot->value;

		tell(r, b->client, b->server, b->sure);
	}
	nc_map_free(&by_hosts);
}

/* All that the host has tried to reach is one port, elsewhere, in vain. */
static bool
only_in_vain(const struct facts *f, int host)
{
	const struct reach *only = NULL;
	size_t i;

	for (i = 0; i < f->nreaches; i++) {
		const struct reach *c = f->reaches[i];

		if (c->client != host)
			continue;
		if (c->server >= 0 || c->worked || (only && only != c))
			return false;
		only = c;
	}
	return only && !is_service(only->port) && !knows_traced(f, host);
}

static bool
vain_want(struct rules *r, const struct dev *d)
{
	const struct facts *f = r->facts;

	return f->nhosts > 1 && d->host >= 0 && strong(r, d) &&
	    nc_str_eq(nc_find_str(d->d.args, "reason"), "foreign") &&
	    !nc_addr_is_loopback(&d->remote) && only_in_vain(f, d->host);
}

static void
vain_emit(struct rules *r, const struct picked *p)
{
	const struct facts *f = r->facts;
	const struct dev *d = p->v[0];
	struct finding *finding = make(r, "proxy", VAIN, p);
	const char *other = f->nhosts == 2 ? facts_host_name(f, d->host == 0) :
					     "any traced host";

	finding_endpoint(finding, nc_str(text_addr(r, &d->remote)));
	make_target(finding, d);
	finding_say(finding,
	    "%s never tries to reach %s: it connects to %s only, which refuses "
	    "(%s), as a proxy would that is set but does not run",
	    facts_host_name(f, d->host), other, text_addr(r, &d->remote),
	    text_count(r, (int64_t)p->n + p->more, "attempt"));
}

void
rule_proxy(struct rules *r)
{
	static const enum code codes[] = { CODE_ECONNREFUSED, CODE_NONE };

	through_one(r);
	rules_each(r, codes, vain_want, key_target, vain_emit);
}
