/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The guards that rules share: a false finding is worse than a miss.
 */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

/* Times past this are nonsense, and adding to them would overflow. */
#define TIME_MAX (INT64_MAX / 4)

/* As strace -e trace=network records: no read, write, poll or close. */
static bool
network_only(const struct facts *f, int host)
{
	return host >= 0 && f->hosts[host].network > 0 &&
	    f->hosts[host].transfers == 0;
}

/* Nobody saw that end read: it may have read what it seems to have not. */
static bool
reads_unseen(const struct facts *f, const struct dev *d, bool by_server)
{
	const struct conn *c = d->conn;

	return c && network_only(f, by_server ? c->server : c->client) &&
	    map_count(by_server ? c->c.to_server : c->c.to_client, "reads") ==
	    0;
}

/* Connections were accepted there of which no connect is known. */
static bool
has_strangers(const struct facts *f, const struct dev *d)
{
	struct nc_addr a = dev_service(d);
	const struct reach *h = facts_reach(f, -1, dev_server(d), &a);

	return f->reaches_full || (h && h->unseen + h->foreign > 0);
}

/* What the deviation rests on is in calls that the traces leave out. */
static bool
unseen(const struct facts *f, const struct dev *d)
{
	switch (d->code) {
	case CODE_CONN_NEVER_COMPLETED:
		return network_only(f, d->host) &&
		    f->hosts[d->host].waits == 0 && has_strangers(f, d);
	case CODE_NONEMPTY_BUFFER:
		return reads_unseen(f, d, dev_at_server(d));
	case CODE_CLOSED_NO_REPLY:
		return reads_unseen(f, d, true);
	case CODE_RESET_BY_NETWORK: /* or by a close */
		return network_only(f, d->peer);
	case CODE_NAME_LOOKUP: /* a refusal is told by poll */
		return network_only(f, d->host) &&
		    f->hosts[d->host].waits == 0 &&
		    nc_addr_is_loopback(&d->remote) &&
		    nc_str_eq(nc_find_str(d->d.args, "outcome"), "none");
	default:
		return false;
	}
}

bool
strong(const struct rules *r, const struct dev *d)
{
	return d->d.weak != 1 && d->d.confidence > r->limits->confidence &&
	    !unseen(r->facts, d);
}

bool
certain(const struct dev *d)
{
	const struct conn *c = d->conn;

	if (!c)
		return d->flow &&
		    (nc_str_eq(d->flow->f.match, "exact") ||
			(nc_str_eq(d->flow->f.match, "nat") &&
			    d->d.confidence >= 80));
	if (c->c.elastic == 1 || map_true(c->c.facts, "elastic"))
		return false;
	if (nc_str_eq(c->c.match, "exact"))
		return true;
	if (d->d.confidence < 80)
		return false;
	/* An inferred NAT has .6, one that the user declared .8. */
	if (nc_str_eq(c->c.match, "nat"))
		return true;
	/* No ports to go by, but no other partner, and the bytes agree. */
	return nc_str_eq(c->c.match, "host") && map_true(c->c.facts, "sole") &&
	    map_true(c->c.facts, "payload_confirmed");
}

/* What any link carries of IPv6 (RFC 8200 5), less its and TCP's headers. */
#define IPV6_LEAST (1280 - 40 - 20)

int64_t
carried_below(const struct rules *r, const struct dev *d, int64_t lost)
{
	int from = dev_at_server(d) ? dev_server(d) : dev_client(d);
	int to = dev_at_server(d) ? dev_client(d) : dev_server(d);
	int64_t own = nc_find_int(d->d.args, "largest_delivered"), all;
	struct nc_addr a = dev_service(d);

	if (from < 0 || to < 0)
		return own > 0 && own < lost ? own : 0;
	if (from == to ||
	    (a.family && !nc_addr_is_v4(&a) && lost <= IPV6_LEAST))
		return 0;
	all = facts_carried(r->facts, from, to, nc_addr_is_v4(&a));
	all = own > all ? own : all;
	/* One as large, or larger, shows that the size is not the matter. */
	return all > 0 && all < lost ? all : 0;
}

/* All that its client has to do with that port of the server. */
static bool
is_only_one(const struct rules *r, const struct conn *c)
{
	const struct facts *f = r->facts;
	const struct reach *own, *others;

	if (f->reaches_full || c->client < 0 || c->server < 0)
		return false;
	own = facts_reach(f, c->client, c->server, &c->target);
	others = facts_reach(f, -1, c->server, &c->target);
	return own && own->worked == 1 && !(others && others->unseen > 0);
}

bool
paired(const struct rules *r, const struct dev *d)
{
	const struct conn *c = d->conn;

	return certain(d) ||
	    (c && d->d.confidence >= 80 && c->c.elastic != 1 &&
		!map_true(c->c.facts, "elastic") &&
		nc_str_eq(c->c.match, "host") && map_true(c->c.facts, "sole") &&
		is_only_one(r, c));
}

bool
alike(const struct rules *r, const struct dev *d)
{
	return paired(r, d) ||
	    (d->conn && d->d.confidence >= 80 && d->conn->c.elastic != 1);
}

bool
compared(const struct rules *r, const struct dev *d)
{
	return paired(r, d) ||
	    (alike(r, d) && nc_str_eq(d->conn->c.match, "host") &&
		map_true(d->conn->c.facts, "payload_confirmed"));
}

bool
was_reset(const struct dev *d)
{
	return d->conn &&
	    (conn_has(d->conn, CODE_CONN_RESET) ||
		conn_has(d->conn, CODE_RESET_BY_NETWORK));
}

bool
dev_calls(const struct dev *d, const char *name)
{
	size_t n = strlen(name);

	return d->d.text.p && d->d.text.len > n &&
	    memcmp(d->d.text.p, name, n) == 0 && d->d.text.p[n] == '(';
}

bool
lasted(const struct dev *d, const char *name, int64_t ms)
{
	int64_t v = nc_find_int(d->d.args, name);

	return v != NC_NIL && v >= ms * MS;
}

bool
cancelled(const struct rules *r, const struct dev *d)
{
	if (nc_find_int(d->d.args, "waited") == NC_NIL)
		return map_true(d->d.args, "hasty");
	return !lasted(d, "waited", r->limits->cancelled);
}

/* When an attempt began and ended; *begin is NC_NIL without times. */
static void
attempt(const struct dev *d, int64_t *begin, int64_t *end)
{
	int64_t waited = d->conn ? d->conn->waited : d->d.duration;

	*begin = d->conn && d->conn->c.first != NC_NIL ? d->conn->c.first :
							 d->d.time;
	if (*begin == NC_NIL || *begin > TIME_MAX || *begin < -TIME_MAX)
		*begin = NC_NIL;
	if (waited == NC_NIL || waited < 0 || waited > TIME_MAX)
		waited = 0;
	*end = *begin == NC_NIL ? NC_NIL : *begin + waited;
}

/* When not all processes could be kept apart, any process of the host. */
static bool
anybody_tried(const struct rules *r, int client, uint16_t port, int64_t lo,
    int64_t hi, int64_t seq)
{
	const struct facts *f = r->facts;
	size_t i;

	for (i = 0; i < f->nreaches; i++)
		if (f->reaches[i]->client == client &&
		    f->reaches[i]->port == port &&
		    spans_within(&f->reaches[i]->when, lo, hi, seq))
			return true;
	return false;
}

bool
eyeballs(const struct rules *r, const struct dev *d)
{
	struct nc_addr target = dev_service(d);
	int64_t w = r->limits->eyeballs * MS, begin, end, seq;
	int64_t process = d->conn && d->conn->process != NC_NIL ?
	    d->conn->process :
	    d->d.process;
	int own = nc_addr_is_v4(&target) ? 4 : 6;
	int client = dev_client(d);

	seq = d->conn ? d->conn->seq : NC_NIL;
	attempt(d, &begin, &end);
	if (begin == NC_NIL)
		return facts_tried(r->facts, client, process, target.port, 0,
			   NC_NIL, NC_NIL, seq) ||
		    (r->facts->tried_full &&
			anybody_tried(
			    r, client, target.port, NC_NIL, NC_NIL, seq));
	/*
   * The other family may have been tried before, beside or after; in
   * the same family a success before was another exchange, and one
   * after a long wait does not undo that wait.
   */
	if (facts_tried(r->facts, client, process, target.port,
		own == 4 ? 6 : 4, begin - w, end + w, seq))
		return true;
	if (facts_tried(r->facts, client, process, target.port, own, begin,
		end - begin > w ? begin + w : end + w, seq))
		return true;
	return r->facts->tried_full &&
	    anybody_tried(r, client, target.port, begin - w, end + w, seq);
}

static const struct reach *
reach_of(const struct rules *r, const struct dev *d)
{
	struct nc_addr target = dev_service(d);

	return facts_reach(r->facts, dev_client(d), dev_server(d), &target);
}

bool
retried(const struct rules *r, const struct dev *d)
{
	const struct reach *reach = reach_of(r, d);
	int64_t begin, end;

	if (!reach)
		return r->facts->reaches_full;
	if (reach->worked == 0)
		return false;
	attempt(d, &begin, &end);
	return spans_within(&reach->when, begin,
	    begin == NC_NIL ? NC_NIL : end + r->limits->retry * MS,
	    d->conn ? d->conn->seq : NC_NIL);
}

bool
reached(const struct rules *r, const struct dev *d)
{
	const struct reach *reach = reach_of(r, d);

	return reach ? reach->worked > 0 : r->facts->reaches_full;
}

bool
others_work(struct rules *r, const struct dev *d, const char **how)
{
	const struct facts *f = r->facts;
	struct nc_addr target = dev_service(d);
	int client = dev_client(d), server = dev_server(d);
	const struct pair *p;
	size_t i;

	for (i = 0; i < f->nreaches; i++) {
		const struct reach *o = f->reaches[i];

		if (o->worked == 0 || o->client < 0)
			continue;
		if (o->server == server && o->client == client &&
		    o->port != target.port) {
			*how = text(r, "port %u works", o->port);
			return true;
		}
	}
	for (i = 0; i < f->nreaches; i++) {
		const struct reach *o = f->reaches[i];

		if (o->worked == 0 || o->client < 0)
			continue;
		if (o->server == server && o->port == target.port &&
		    o->client != client && o->client != server) {
			*how = text(
			    r, "%s reaches it", facts_host_name(f, o->client));
			return true;
		}
		if (o->server == client && o->client == server) {
			*how = text(r, "connections the other way work");
			return true;
		}
	}
	p = facts_pair(f, client, server);
	if (!p || p->datagrams == 0)
		return false;
	*how = text(r, "datagrams pass between them");
	return true;
}

/*
 * True if options took anything away but that payload can be read, or closes
 * that the model knows to be possible.
 */
static bool
hides(struct nc_bytes hidden, bool undetailed)
{
	struct nc_cursor c = nc_cursor(hidden);
	size_t n = nc_cursor_array(&c);

	while (n--) {
		struct nc_bytes what = nc_cursor_str(&c);

		if (!nc_str_eq(what, "payload redacted") &&
		    !nc_str_eq(what, "close_range") &&
		    !(undetailed && nc_str_eq(what, "descriptor details")))
			return true;
	}
	return false;
}

bool
complete(const struct facts *f, int host, bool undetailed)
{
	size_t i, j;

	if (host < 0)
		return false;
	for (i = 0; i < f->ntraces; i++) {
		const struct trace *t = &f->traces[i];

		if (t->host != host)
			continue;
		if (!t->raw || t->end.cut > 0 || t->end.late > 0 ||
		    t->end.unfollowed > 0 || t->end.rejected > 0 ||
		    hides(t->end.hidden, undetailed))
			return false;
	}
	for (j = 0; j < f->ndevs; j++)
		if (f->devs[j]->host == host &&
		    (f->devs[j]->code == CODE_UNTRACED_IO ||
			f->devs[j]->code == CODE_INCOMPLETE_TRACE))
			return false;
	return true;
}

bool
called(struct rules *r, const struct dev *d, const char *id)
{
	struct nc_addr a = dev_service(d);
	struct finding probe = { 0 };
	bool found = false;
	size_t i;

	finding_object(&probe, OBJECT_TARGET,
	    facts_reach_key(dev_client(d), dev_server(d), &a));
	for (i = 0; !found && i < r->findings->n; i++)
		found = strcmp(r->findings->v[i]->diag->id, id) == 0 &&
		    finding_share(&probe, r->findings->v[i]);
	free(probe.objects);
	return found;
}

bool
told(const struct rules *r, const char *id, int64_t connection)
{
	size_t i, j;

	for (i = 0; i < r->findings->n; i++) {
		const struct finding *f = r->findings->v[i];

		if (strcmp(f->diag->id, id) != 0)
			continue;
		for (j = 0; j < f->nobjects; j++)
			if (f->objects[j].type == OBJECT_CONNECTION &&
			    (int64_t)f->objects[j].key == connection)
				return true;
	}
	return false;
}
