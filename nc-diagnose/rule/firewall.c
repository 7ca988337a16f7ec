/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule firewall: what fails is selected, by port, host or direction.
 */
#include "../rules.h"

#include <string.h>

/* Connects to a port */

static bool
listened(const struct dev *d)
{
	struct nc_bytes l = nc_find_str(d->d.args, "listener");

	if ((!l.p || l.len == 0) && d->conn)
		l = nc_find_str(d->conn->c.facts, "listener");
	return l.p && l.len > 0;
}

static bool
queue_full(const struct dev *d)
{
	int64_t pending = nc_find_int(d->d.args, "pending");
	int64_t backlog = nc_find_int(d->d.args, "backlog");

	return (d->conn && conn_has(d->conn, CODE_BACKLOG_FULL)) ||
	    (pending != NC_NIL && backlog != NC_NIL && pending > backlog);
}

/* Resets are selected only if no connection to the port escaped them. */
static bool
all_reset(struct rules *r, const struct dev *d)
{
	struct nc_addr a = dev_service(d);
	const struct reach *reach =
	    facts_reach(r->facts, dev_client(d), dev_server(d), &a);
	int64_t n = 0;
	size_t i;

	for (i = 0; i < r->facts->ndevs; i++) {
		const struct dev *o = r->facts->devs[i];

		n += o->code == CODE_RESET_BY_NETWORK &&
		    map_true(o->d.args, "first_data") &&
		    key_target(o) == key_target(d);
	}
	return reach && n >= reach->worked;
}

/* A routing table knows no ports: another one on the same host works. */
static bool
another_port(const struct rules *r, const struct dev *d)
{
	struct nc_addr target = dev_service(d);
	size_t i;

	for (i = 0; i < r->facts->nreaches; i++) {
		const struct reach *o = r->facts->reaches[i];

		if (o->worked > 0 && o->client == dev_client(d) &&
		    o->server == dev_server(d) && o->port != target.port)
			return true;
	}
	return false;
}

/*
 * ICMPv6 "administratively prohibited" is EACCES at the connect.  So is a
 * route that prohibits, but it does so whatever the port.
 */
static bool
is_prohibited(struct rules *r, const struct dev *d)
{
	return d->conn && dev_client(d) == d->host &&
	    nc_str_eq(nc_find_str(d->d.args, "error"), "EACCES") &&
	    !nc_find_str(d->d.args, "file").p && listened(d) &&
	    !reached(r, d) && another_port(r, d);
}

static bool
port_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || dev_server(d) < 0 || dev_client(d) < 0 ||
	    queue_full(d) || to_translated(r, d))
		return false;
	/* A connection reset at its first data had been established. */
	if (d->code != CODE_RESET_BY_NETWORK && eyeballs(r, d))
		return false;
	switch (d->code) {
	case CODE_CONN_REFUSED_LISTENING:
		return !reached(r, d);
	case CODE_CONN_TIMEOUT:
		return listened(d) && !reached(r, d);
	case CODE_CONN_UNREACHABLE:
		return listened(d) && !reached(r, d) &&
		    (nc_str_eq(nc_find_str(d->d.args, "where"), "remote") ||
			another_port(r, d));
	case CODE_EACCES:
		return is_prohibited(r, d);
	case CODE_CONN_NEVER_COMPLETED:
		if (cancelled(r, d))
			return false;
		return listened(d) && !reached(r, d) &&
		    !(d->conn && d->conn->c.server_socket != NC_NIL);
	default:
		return (map_true(d->d.args, "connecting") && !reached(r, d)) ||
		    (map_true(d->d.args, "first_data") && all_reset(r, d));
	}
}

static const char *
failure(enum code code)
{
	switch (code) {
	case CODE_CONN_REFUSED_LISTENING:
		return "refused";
	case CODE_CONN_TIMEOUT:
		return "timed out";
	case CODE_CONN_UNREACHABLE:
		return "reported unreachable";
	case CODE_CONN_NEVER_COMPLETED:
		return "never answered";
	case CODE_EACCES:
		return "prohibited";
	default:
		return "reset";
	}
}

static void
port_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	const char *how;
	struct finding *f;
	size_t i;

	if (!others_work(r, d, &how))
		return;
	f = make(r, "firewall", least(p), p);
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s cannot connect to %s (%s %s) although it is listened on; "
	    "%s: something on the way filters",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    text_count(r, count_conns(p), "attempt"), failure(d->code), how);
}

/* The host's own filter says EPERM. */

static bool
local_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) &&
	    nc_str_eq(nc_find_str(d->d.args, "error"), "EPERM") &&
	    !map_true(d->d.args, "broadcast") &&
	    (dev_calls(d, "connect") || dev_calls(d, "send") ||
		dev_calls(d, "sendto") || dev_calls(d, "sendmsg") ||
		dev_calls(d, "sendmmsg"));
}

static void
local_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "firewall", 90, p);

	make_target(f, d);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s may not talk to %s: its own packet filter says EPERM (%s)",
	    facts_host_name(r->facts, d->host), text_at(r, dev_server(d), &a),
	    text_count(r, count_conns(p), "call"));
}

/* One direction of connections is silent. */

static bool
silent(const struct conn *c)
{
	int64_t sent = nc_find_int(c->c.to_server, "sent");
	int64_t got = nc_find_int(c->c.to_server, "received");
	int64_t back = nc_find_int(c->c.to_client, "sent");
	int64_t back_got = nc_find_int(c->c.to_client, "received");

	return (sent > 0 && got == 0 && back_got > 0) ||
	    (back > 0 && back_got == 0 && got > 0);
}

/* Smaller writes pass in that direction, so the size decides: mtu. */
static bool
large(struct rules *r, const struct dev *d)
{
	int64_t lost = nc_find_int(d->d.args, "largest_lost");

	return lost >= r->limits->mtu_segment && carried_below(r, d, lost) > 0;
}

static bool
direction_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && d->conn && paired(r, d) && silent(d->conn) &&
	    !large(r, d) && !was_reset(d) && map_true(d->d.args, "waiting") &&
	    lasted(d, "waited", r->limits->waited);
}

static void
direction_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f;

	if (count_conns(p) < r->limits->firewall_connections)
		return;
	f = make(r, "firewall", least(p), p);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "on %s between %s and %s data passes in one direction only: "
	    "something on the way filters",
	    text_count(r, count_conns(p), "connection"),
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a));
}

/* One direction of datagrams is silent. */

/* Smaller ones arrive, so the size decides, and mtu says so. */
static bool
by_size(struct rules *r, const struct flow *w)
{
	int64_t min_lost = nc_find_int(w->f.facts, "min_lost");
	size_t i;

	for (i = 0; i < r->facts->nflows; i++) {
		const struct flow *o = r->facts->flows[i];

		if (o->sender == w->sender && o->receiver == w->receiver &&
		    o->f.received > 0 && min_lost != NC_NIL &&
		    nc_find_int(o->f.facts, "max_received") < min_lost)
			return true;
	}
	return false;
}

static bool
reverse_flows(struct rules *r, const struct flow *w)
{
	size_t i;

	if (nc_find_int(w->f.facts, "reverse_received") > 0)
		return true;
	for (i = 0; i < r->facts->nflows; i++) {
		const struct flow *o = r->facts->flows[i];

		if (o->sender == w->receiver && o->receiver == w->sender &&
		    o->f.received > 0)
			return true;
	}
	return false;
}

/*
 * Something else passes between the two, whatever it is.  That queries for
 * names are not answered is a matter of name-resolution.
 */
static bool
others_pass(struct rules *r, const struct dev *d)
{
	const struct pair *p =
	    facts_pair(r->facts, d->flow->sender, d->flow->receiver);

	return p && p->connections + p->datagrams > 0 && !names_asked(r, d);
}

/*
 * What the same socket sent there before did arrive: what is sent after its
 * receiver went, in the order, is another flow.
 */
static bool
some_arrived(struct rules *r, const struct flow *w)
{
	size_t i;

	for (i = 0; i < r->facts->nflows; i++) {
		const struct flow *o = r->facts->flows[i];

		if (o->sender == w->sender && o->receiver == w->receiver &&
		    o->f.sender_socket == w->f.sender_socket &&
		    nc_addr_same(&o->destination, &w->destination) &&
		    o->f.received > 0)
			return true;
	}
	return false;
}

static bool
datagram_want(struct rules *r, const struct dev *d)
{
	const struct flow *w = d->flow;

	return w && strong(r, d) && w->f.received == 0 && w->sender >= 0 &&
	    w->receiver >= 0 && w->sender != w->receiver &&
	    map_true(w->f.facts, "receiver_bound") &&
	    map_true(w->f.facts, "receiver_waiting") &&
	    !map_true(w->f.facts, "multicast") &&
	    !map_true(w->f.facts, "unseen") &&
	    (reverse_flows(r, w) || others_pass(r, d)) && !by_size(r, w) &&
	    !some_arrived(r, w);
}

/* An ICMP message told the sender so: one datagram proves as much as many. */
static bool
prohibited(const struct rules *r, const struct dev *d)
{
	size_t i;

	for (i = 0; i < r->facts->ndevs; i++) {
		const struct dev *o = r->facts->devs[i];

		if (o->code == CODE_CONN_UNREACHABLE &&
		    o->d.connection == NC_NIL && strong(r, o) &&
		    key_target(o) == key_target(d))
			return true;
	}
	return false;
}

static void
datagram_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t lost = 0;
	bool answered = false;
	struct finding *f;
	size_t i;

	for (i = 0; i < p->n; i++) {
		const struct flow *w = p->v[i]->flow;

		lost +=
		    count_of(w->f.lost) - map_count(w->f.facts, "lost_outside");
		answered = answered || reverse_flows(r, w);
	}
	if (lost < r->limits->firewall_datagrams && !prohibited(r, d))
		return;
	f = make(r, "firewall", least(p), p);
	f->count = lost;
	make_target(f, d);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "none of %s from %s to %s arrive although %s waits for them; "
	    "%s: something on the way filters",
	    text_count(r, lost, "datagram"), text_host(r, dev_client(d), NULL),
	    text_at(r, dev_server(d), &a),
	    facts_host_name(r->facts, dev_server(d)),
	    answered ? "datagrams the other way do" :
		       "other traffic between them passes");
}

void
rule_firewall(struct rules *r)
{
	static const enum code port[] = { CODE_CONN_REFUSED_LISTENING,
		CODE_CONN_TIMEOUT, CODE_CONN_UNREACHABLE,
		CODE_CONN_NEVER_COMPLETED, CODE_RESET_BY_NETWORK, CODE_EACCES,
		CODE_NONE };
	static const enum code local[] = { CODE_EACCES, CODE_NONE };
	static const enum code stream[] = { CODE_DATA_UNDELIVERED, CODE_NONE };
	static const enum code datagram[] = { CODE_DGRAM_LOST, CODE_NONE };

	rules_each(r, port, port_want, key_target, port_emit);
	rules_each(r, local, local_want, key_target, local_emit);
	rules_each(r, stream, direction_want, key_target, direction_emit);
	rules_each(r, datagram, datagram_want, key_flow, datagram_emit);
}
