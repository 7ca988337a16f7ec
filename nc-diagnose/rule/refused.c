/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on refusals: connection-refused where something listens, no-listener
 * where nothing does.
 */
#include "../rules.h"

#include <inttypes.h>
#include <string.h>

/* connection-refused */

static bool
refused_want(struct rules *r, const struct dev *d)
{
	if (dev_server(d) < 0 || eyeballs(r, d))
		return false;
	return d->code == CODE_CONN_REFUSED_LISTENING || refusal_undecided(d);
}

/* When the listener was opened, counted from its lane's first record. */
static int64_t
listen_after(const struct dev *d)
{
	return nc_find_int(d->d.args,
	    d->code == CODE_CONN_REFUSED_LISTENING ? "listen_after" : "after");
}

/*
 * Not one refusal proves that the listener was open; but there were many,
 * over longer than the server took to open it, and none ever succeeded.
 */
static bool
refused_for_long(struct rules *r, const struct picked *p, int64_t refusals)
{
	int64_t first = INT64_MAX, last = INT64_MIN, after = NC_NIL;
	bool early = false, late = false, timed = true;
	size_t i;

	if ((int64_t)p->n < refusals || reached(r, p->v[0]))
		return false;
	for (i = 0; i < p->n; i++) {
		const struct dev *d = p->v[i];
		int64_t t = d->conn && d->conn->c.first != NC_NIL ?
		    d->conn->c.first :
		    d->d.time;
		int64_t a = listen_after(d);

		if (nc_find_int(d->d.args, "open_to_end") == 0)
			return false;
		timed = timed && t != NC_NIL;
		late = late ||
		    nc_str_eq(
			nc_find_str(d->d.args, "reason"), "closed_before");
		early = early ||
		    !nc_str_eq(
			nc_find_str(d->d.args, "reason"), "closed_before");
		first = t < first ? t : first;
		last = t > last ? t : last;
		after = a > after ? a : after;
	}
	/* Without times: refused from before it opened until after it closed. */
	if (!timed)
		return early && late;
	return early && after != NC_NIL && after >= 0 &&
	    (uint64_t)last - (uint64_t)first > (uint64_t)after;
}

/* Another host that gets through to the port, or -1. */
static int
other_client(struct rules *r, const struct dev *d)
{
	struct nc_addr target = dev_service(d);
	size_t i;

	for (i = 0; i < r->facts->nreaches; i++) {
		const struct reach *o = r->facts->reaches[i];

		if (o->worked > 0 && o->client >= 0 &&
		    o->server == dev_server(d) && o->port == target.port &&
		    o->client != dev_client(d) && o->client != o->server)
			return o->client;
	}
	return -1;
}

static const char unplaced[] =
    "No single refusal shows that the listener was open by then, but they "
    "went on for longer than the server took to open it (without times in "
    "the traces: from before it opened until after it closed).";

/* With a client that gets through, two are as much as three without. */
static void
filtered(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int other = other_client(r, d);
	struct finding *f;
	size_t i;

	if (other < 0 || !refused_for_long(r, p, 2))
		return;
	f = make(r, "firewall", 60, p);
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s is refused at %s (%s), where %s is accepted: something on "
	    "the way filters",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    text_count(r, count_conns(p), "attempt"),
	    facts_host_name(r->facts, other));
	finding_more(f, "%s", unplaced);
}

static void
refused_say(struct rules *r, struct finding *f, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	size_t i;

	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f, "%s is refused at %s (%s) although %s listens there",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    text_count(r, count_conns(p), "attempt"),
	    facts_host_name(r->facts, dev_server(d)));
}

static void
refused_emit(struct rules *r, const struct picked *p)
{
	struct picked sure = { nc_xcalloc(p->n, sizeof(*sure.v)), 0, 0 };
	struct finding *f;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i]->code == CODE_CONN_REFUSED_LISTENING &&
		    strong(r, p->v[i]) && !retried(r, p->v[i]))
			sure.v[sure.n++] = p->v[i];
	if (sure.n == p->n)
		sure.more = p->more;
	if (sure.n) {
		f = make(r, "connection-refused", least(&sure), &sure);
		refused_say(r, f, &sure);
	} else {
		filtered(r, p);
		if (refused_for_long(r, p, r->limits->refusals)) {
			f = make(r, "connection-refused", 60, p);
			refused_say(r, f, p);
			finding_more(f, "%s", unplaced);
		}
	}
	free(sure.v);
}

void
rule_connection_refused(struct rules *r)
{
	static const enum code codes[] = { CODE_CONN_REFUSED_LISTENING,
		CODE_ECONNREFUSED, CODE_NONE };

	rules_each(r, codes, refused_want, key_target, refused_emit);
	rule_rejected(r);
}

/* no-listener */

static bool
reason_is(const struct dev *d, const char *reason)
{
	return nc_str_eq(nc_find_str(d->d.args, "reason"), reason);
}

/* Nothing but the order tells whether the listener was open by then. */
static bool
unordered(const struct dev *d)
{
	return d->code == CODE_CONN_REFUSED_LISTENING;
}

static bool
unsure(const struct dev *d)
{
	return unordered(d) || map_true(d->d.args, "unsure");
}

/* What the process tried at that host, if it only looked for open ports. */
static const struct sweep *
looked(struct rules *r, const struct dev *d)
{
	int64_t process = d->conn && d->conn->process != NC_NIL ?
	    d->conn->process :
	    d->d.process;

	return sweep_get(&r->facts->sweeps,
	    facts_sweep_key(dev_client(d), process, dev_server(d)));
}

static bool
connect_want(struct rules *r, const struct dev *d)
{
	if (dev_server(d) < 0 || eyeballs(r, d) || looked(r, d))
		return false;
	/* What is sure is connection-refused or firewall. */
	if (unordered(d))
		return d->d.weak == 1 && !reached(r, d) &&
		    d->d.confidence > r->limits->confidence;
	if (d->d.weak == 1)
		return false;
	if (reason_is(d, "unseen"))
		return true;
	return strong(r, d) &&
	    (reason_is(d, "none") || reason_is(d, "closed_before") ||
		reason_is(d, "opened_later") || reason_is(d, "address"));
}

static void
connect_say(
    struct rules *r, struct finding *f, const struct picked *p, bool info)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t other = nc_find_int(d->d.args, "other_port");
	struct nc_bytes listener = nc_find_str(d->d.args, "listener");
	const char *why = "nothing listens there";

	if (info)
		why = "the listener was opened a moment later";
	else if (reason_is(d, "address") && listener.len)
		why = text(r, "%s listens on %s only",
		    facts_host_name(r->facts, dev_server(d)),
		    text_bytes(r, listener));
	else if (unsure(d))
		why = "its listener may not have been open then";
	else if (reason_is(d, "opened_later"))
		why = "nothing listened there yet";
	else if (reason_is(d, "closed_before"))
		why = "its listener had been closed";
	else if (reason_is(d, "unseen"))
		why = "nothing listens there any more";
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f, "%s is refused at %s (%s): %s%s",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    text_count(r, count_conns(p), "attempt"), why,
	    !info && other > 0 ?
		text(r, ", but %s listens on port %" PRId64,
		    facts_host_name(r->facts, dev_server(d)), other) :
		"");
	if (reason_is(d, "unseen"))
		finding_more(f,
		    "The port worked before, served by a process that is "
		    "not traced.");
	if (!info && unsure(d))
		finding_more(f,
		    "Nothing in the traces shows whether the listener was "
		    "open by then.  If it was, a filter on the way rejects "
		    "this client.");
	else if (!info && reason_is(d, "opened_later"))
		finding_more(f,
		    "The listener was opened later; a filter on the way that "
		    "rejects connections would look the same.");
}

static void
connect_emit(struct rules *r, const struct picked *p)
{
	struct picked left = { nc_xcalloc(p->n, sizeof(*left.v)), 0, 0 };
	const struct picked *about = &left;
	struct finding *f;
	int confidence;
	bool coped;
	size_t i;

	for (i = 0; i < p->n; i++)
		if (!retried(r, p->v[i]) &&
		    !called(r, p->v[i], "loopback-bound") &&
		    !called(r, p->v[i], "ipv6-only") &&
		    !((refusal_undecided(p->v[i]) || unordered(p->v[i])) &&
			(called(r, p->v[i], "connection-refused") ||
			    called(r, p->v[i], "firewall"))))
			left.v[left.n++] = p->v[i];
	if (left.n == p->n)
		left.more = p->more;
	if (left.n == 0) {
		about = p;
		if (!retried(r, p->v[0])) {
			free(left.v);
			return;
		}
	}
	confidence = least(about);
	coped = about != p;
	for (i = 0; i < about->n; i++)
		coped = coped && map_true(about->v[i]->d.args, "coped");
	for (i = 0; i < about->n; i++)
		if (reason_is(about->v[i], "unseen") || unordered(about->v[i]))
			confidence = 60;
	f = make(r, "no-listener", confidence, about);
	for (i = 0; i < about->n; i++)
		make_target(f, about->v[i]);
	connect_say(r, f, about, about == p);
	if (coped)
		finding_more(
		    f, "The program asked for it once and went on without it.");
	if (about == p || coped)
		finding_lower(f, NC_SEVERITY_INFO);
	free(left.v);
}

/* A look at which ports are open */

static bool
look_want(struct rules *r, const struct dev *d)
{
	return dev_server(d) >= 0 && strong(r, d) && looked(r, d);
}

static uint64_t
look_key(const struct dev *d)
{
	return facts_sweep_key(dev_client(d), d->d.process, dev_server(d));
}

static void
look_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	const struct sweep *w = looked(r, d);
	struct finding *f = make(r, "no-listener", least(p), p);

	finding_lower(f, NC_SEVERITY_INFO);
	f->count = w->refused;
	finding_say(f,
	    "%s looks which ports of %s are open: %s refused, %s accepted",
	    text_host(r, dev_client(d), NULL),
	    facts_host_name(r->facts, dev_server(d)),
	    text_count(r, w->attempts, "attempt"),
	    text_count(r, w->mute, "attempt"));
}

/* Datagrams to a port without a socket */

static bool
datagram_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || dev_server(d) < 0 ||
	    map_true(d->d.args, "while_bound"))
		return false;
	/* That a socket is bound there at another time, only the order says. */
	if (d->flow && called(r, d, "firewall") && datagram_undecided(d))
		return false;
	if (d->flow &&
	    (d->flow->f.received > 0 || map_true(d->flow->f.facts, "unseen") ||
		map_true(d->flow->f.facts, "multicast") ||
		nc_find_str(d->flow->f.facts, "loopback_listener").len ||
		nc_find_str(d->flow->f.facts, "family_listener").len))
		return false;
	return !map_true(d->d.args, "loopback") &&
	    !map_true(d->d.args, "family") &&
	    nc_find_str(d->d.args, "loopback").len == 0 &&
	    nc_find_str(d->d.args, "family").len == 0;
}

/* A socket was bound there at another time, and it worked. */
static bool
served(const struct facts *f, const struct dev *d)
{
	struct nc_addr a = dev_service(d);
	size_t i;

	for (i = 0; i < f->nflows; i++)
		if (f->flows[i]->sender == dev_client(d) &&
		    f->flows[i]->receiver == dev_server(d) &&
		    f->flows[i]->destination.port == a.port &&
		    f->flows[i]->f.received > 0)
			return true;
	return false;
}

/* What was sent on the i-th's flow before it, if none of these had it yet. */
static int64_t
sent_with(const struct picked *p, size_t i)
{
	const struct flow *w = p->v[i]->flow;
	size_t j;

	for (j = 0; w && j < i; j++)
		if (p->v[j]->flow == w)
			return 0;
	return w ? count_of(w->f.lost) : 0;
}

/* A send that tells of a refusal sends nothing itself. */
static bool
at_send(const struct dev *d)
{
	return !dev_calls(d, "recv") && !dev_calls(d, "recvfrom") &&
	    !dev_calls(d, "recvmsg") && !dev_calls(d, "recvmmsg") &&
	    !dev_calls(d, "read") && !dev_calls(d, "readv") &&
	    !dev_calls(d, "getsockopt");
}

static void
datagram_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t refused = 0, lost = 0, tried = 0, n;
	struct finding *f;
	size_t i;

	for (i = 0; i < p->n; i++) {
		int64_t count = map_count(p->v[i]->d.args, "count");

		if (p->v[i]->code == CODE_DGRAM_REFUSED) {
			refused++;
			tried += at_send(p->v[i]) + sent_with(p, i);
		} else {
			lost += count > 0 ? count : 1;
		}
	}
	n = refused > lost ? refused : lost;
	n = (tried > n ? tried : n) + p->more;
	if (n < r->limits->no_listener_datagrams || served(r->facts, d))
		return;
	/* Its own resolver, which it may do without: name-resolution tells. */
	if (nc_addr_is_loopback(&a) && (a.port == 53 || names_asked(r, d)))
		return;
	f = make(r, "no-listener", least(p), p);
	f->count = n;
	for (i = 0; i < p->n; i++)
		make_target(f, p->v[i]);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f, "%s sends %s to %s, where no socket is bound%s",
	    text_host(r, dev_client(d), NULL), text_count(r, n, "datagram"),
	    text_at(r, dev_server(d), &a),
	    map_true(d->d.args, "released") ? " any more" : "");
}

void
rule_no_listener(struct rules *r)
{
	static const enum code stream[] = { CODE_ECONNREFUSED,
		CODE_CONN_REFUSED_LISTENING, CODE_NONE };
	static const enum code datagram[] = { CODE_DGRAM_REFUSED,
		CODE_DGRAM_NO_RECEIVER, CODE_NONE };

	rules_each(r, stream, connect_want, key_target, connect_emit);
	rules_each(r, stream, look_want, look_key, look_emit);
	rules_each(r, datagram, datagram_want, key_target, datagram_emit);
	rule_local_missing(r);
	rule_outside(r);
}
