/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Refusals that something on the way makes, as iptables does with REJECT, though
 * no order of the calls and no clock shows that the port was open by then.
 *
 * A kernel without that port answers a SYN at once.  An ICMP message that
 * rejects the first SYN is only noted while connect() holds the socket, and
 * ends the attempt when the SYN is sent again, a second later (Linux,
 * tcp_v4_err).
 */
#include "../rules.h"

#include <inttypes.h>

#define UNSURE 60

bool
refusal_undecided(const struct dev *d)
{
	struct nc_bytes reason = nc_find_str(d->d.args, "reason");

	return nc_str_eq(reason, "opened_later") ||
	    (nc_str_eq(reason, "closed_before") &&
		map_true(d->d.args, "open_to_end"));
}

bool
datagram_undecided(const struct dev *d)
{
	struct nc_bytes w = d->flow ? d->flow->f.facts : nc_str(NULL);

	return d->code == CODE_DGRAM_REFUSED && d->flow &&
	    d->flow->f.received == 0 && map_true(w, "strangers") &&
	    map_true(w, "receiver_bound") && map_true(w, "receiver_waiting") &&
	    map_true(w, "receiver_stays") && !map_true(w, "multicast") &&
	    !map_true(w, "unseen") &&
	    !nc_find_str(w, "loopback_listener").len &&
	    !nc_find_str(w, "family_listener").len;
}

/* Connects that were refused late */

static bool
late_want(struct rules *r, const struct dev *d)
{
	return dev_server(d) >= 0 &&
	    (nc_find_int(d->d.args, "took") > 0 ||
		map_true(d->d.args, "rejected")) &&
	    (d->code == CODE_CONN_REFUSED_LISTENING || refusal_undecided(d)) &&
	    nc_find_int(d->d.args, "open_to_end") != 0 && !reached(r, d) &&
	    !eyeballs(r, d) && !called(r, d, "connection-refused");
}

static void
late_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	const char *how = NULL;
	bool others = others_work(r, d, &how);
	int64_t took = nc_find_int(d->d.args, "took");
	struct finding *f =
	    make(r, others ? "firewall" : "connection-refused", UNSURE, p);
	size_t i;

	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s is refused at %s (%s%s) although %s listens there%s%s",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    text_count(r, count_conns(p), "attempt"),
	    took > 0 ? text(r, ", after %s", text_time(r, took)) : "",
	    facts_host_name(r->facts, dev_server(d)), others ? "; " : "",
	    others ? how : "");
	finding_more(f, "%s",
	    took > 0 ?
		"The host itself refuses at once; what rejects the first SYN "
		"on the way is heard when it is sent again, a second later." :
		"The error was reported without a hang-up, as Linux does for "
		"an ICMP message and not for a reset: a filter on the way "
		"rejects.");
}

/* Datagrams */

static bool
datagram_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && dev_server(d) >= 0 &&
	    dev_client(d) != dev_server(d) && datagram_undecided(d);
}

static void
datagram_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t n = (int64_t)p->n + p->more;
	struct finding *f;

	if (n < r->limits->no_listener_datagrams)
		return;
	f = make(r, "firewall", UNSURE, p);
	f->count = n;
	make_target(f, d);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "datagrams from %s to %s are refused (%" PRId64 " times) although "
	    "%s has a socket bound there that waits for them to the end: "
	    "something on the way rejects them",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a), n,
	    facts_host_name(r->facts, dev_server(d)));
	finding_more(f,
	    "Nothing passed between the two, so nothing shows that it was "
	    "bound by then; had it been bound later, it would look the same.");
}

void
rule_rejected(struct rules *r)
{
	static const enum code stream[] = { CODE_CONN_REFUSED_LISTENING,
		CODE_ECONNREFUSED, CODE_NONE };
	static const enum code datagram[] = { CODE_DGRAM_REFUSED, CODE_NONE };

	rules_each(r, stream, late_want, key_target, late_emit);
	rules_each(r, datagram, datagram_want, key_target, datagram_emit);
}
