/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on how connections end: unread-data, linger-reset, connection-reset,
 * send-after-close, not-connected.
 */
#include "../rules.h"

#include <inttypes.h>
#include <string.h>

/* Statuses from here on bring a page for people, not what was asked for. */
#define HTTP_OTHER 300
/* Left unread by a client that exits: the end of its last answer. */
#define CRUMBS 2

static const char *
on(struct rules *r, const struct dev *d)
{
	struct nc_addr a = dev_service(d);

	if (dev_at_server(d))
		return text(r, "%s on its connection from %s",
		    text_at(r, d->host, &a),
		    text_host(r, dev_client(d), &d->remote));
	return text(r, "%s on its connection to %s",
	    facts_host_name(r->facts, d->host), text_at(r, dev_server(d), &a));
}

/* A deviation of that code on the same connection, or NULL. */
static const struct dev *
beside(struct rules *r, const struct dev *d, enum code code)
{
	size_t i;

	if (!d->conn || !conn_has(d->conn, code))
		return NULL;
	for (i = 0; i < r->facts->ndevs; i++)
		if (r->facts->devs[i]->code == code &&
		    r->facts->devs[i]->conn == d->conn)
			return r->facts->devs[i];
	return NULL;
}

static void
service(struct rules *r, struct finding *f, const struct dev *d)
{
	struct nc_addr a = dev_service(d);

	finding_endpoint(f, nc_str(text_addr(r, &a)));
}

/* unread-data */

/* Unread, yet nobody's loss: of an error its status may say enough. */
static bool
harmless(const struct dev *d)
{
	return nc_find_int(d->d.args, "http_status") >= HTTP_OTHER ||
	    map_true(d->d.args, "tls_close") ||
	    map_true(d->d.args, "no_data") || map_true(d->d.args, "leaving") ||
	    (map_true(d->d.args, "at_exit") &&
		nc_find_int(d->d.args, "bytes") <= CRUMBS);
}

/*
 * Commands of a fixed length, read without the end of their line.  It is a
 * loss where the reset that follows costs the peer its answer.
 */
static bool
mere_line_end(struct rules *r, const struct dev *d)
{
	return map_true(d->d.args, "line_end") &&
	    !beside(r, d, CODE_CONN_RESET) &&
	    !beside(r, d, CODE_SEND_AFTER_CLOSE) &&
	    map_count(d->conn->c.to_client, "lost") == 0;
}

/* The server closed at once: not to read is part of not to answer. */
static bool
turned_away(struct rules *r, const struct dev *d)
{
	const struct dev *none = beside(r, d, CODE_CLOSED_NO_REPLY);

	return none && strong(r, none) && alike(r, none) &&
	    nc_find_int(none->d.args, "received") == 0;
}

static bool
unread_want(struct rules *r, const struct dev *d)
{
	return strong(r, d) && d->conn && paired(r, d) &&
	    nc_find_int(d->d.args, "bytes") > 0 && !harmless(d) &&
	    !mere_line_end(r, d) && !turned_away(r, d);
}

static uint64_t
unread_key(const struct dev *d)
{
	return key_ends(d) ^ nc_hash_int(map_true(d->d.args, "killed") ? 1 : 2);
}

static void
unread_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	int64_t bytes = nc_find_int(d->d.args, "bytes");
	struct finding *f = make(r, "unread-data", least(p), p);

	if (map_true(d->d.args, "killed")) {
		finding_lower(f, NC_SEVERITY_INFO);
		f->mild = true;
	}
	service(r, f, d);
	finding_say(f, "%s %s before reading the last %s%s", on(r, d),
	    map_true(d->d.args, "killed")      ? "was killed" :
		map_true(d->d.args, "at_exit") ? "exited" :
						 "closed",
	    text_count(r, bytes, "byte"),
	    p->n + (size_t)p->more > 1 ?
		text(r, " (%s)", text_count(r, count_conns(p), "connection")) :
		"");
}

void
rule_unread_data(struct rules *r)
{
	static const enum code codes[] = { CODE_NONEMPTY_BUFFER, CODE_NONE };

	rules_each(r, codes, unread_want, unread_key, unread_emit);
}

/* linger-reset */

static bool
linger_want(struct rules *r, const struct dev *d)
{
	const struct dev *reset = beside(r, d, CODE_CONN_RESET);

	if (!strong(r, d))
		return false;
	return nc_find_int(d->d.args, "outstanding") > 0 ||
	    (reset &&
		nc_str_eq(nc_find_str(reset->d.args, "cause"), "linger") &&
		nc_find_int(d->d.args, "peer_open") != 0);
}

static void
linger_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	int64_t left = nc_find_int(d->d.args, "outstanding");
	struct finding *f = make(r, "linger-reset", least(p), p);

	service(r, f, d);
	finding_say(f, "%s closed with SO_LINGER 0, which resets it%s",
	    on(r, d),
	    left > 0 ?
		text(r, " and drops %s", text_count(r, left, "unsent byte")) :
		"");
}

void
rule_linger_reset(struct rules *r)
{
	static const enum code codes[] = { CODE_LINGER_RESET, CODE_NONE };

	rules_each(r, codes, linger_want, key_ends, linger_emit);
}

/* connection-reset */

/* What the peer left unread, and so caused the reset, is harmless. */
static bool
harmless_cause(struct rules *r, const struct dev *d)
{
	const struct dev *unread = beside(r, d, CODE_NONEMPTY_BUFFER);

	return unread && harmless(unread);
}

static bool
reset_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || map_true(d->d.args, "both_done"))
		return false;
	if (d->code == CODE_RESET_BY_NETWORK)
		return d->peer >= 0 || (d->conn && dev_server(d) >= 0);
	return !harmless_cause(r, d) && !turned_away(r, d);
}

static bool
killed(const struct dev *d)
{
	return nc_str_eq(nc_find_str(d->d.args, "cause"), "killed");
}

/*
 * A client may be killed at any time, and its server goes on.  A server that
 * is killed before it has read the request leaves its client without answer.
 */
static bool
abandoned(const struct dev *d)
{
	return map_true(d->d.args, "crashed") ||
	    (!dev_at_server(d) && nc_find_int(d->d.args, "unread") > 0);
}

/* Clients may leave at any time, and nothing tells why this one did. */
static bool
is_strange(const struct dev *d)
{
	return dev_at_server(d) &&
	    nc_str_eq(nc_find_str(d->d.args, "cause"), "external");
}

static uint64_t
reset_key(const struct dev *d)
{
	return key_ends(d) ^ nc_hash_int(d->code) ^
	    nc_hash_int(is_strange(d) ? 6 :
		    !killed(d)        ? 4 :
		    abandoned(d)      ? 5 :
					3);
}

static void
reset_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_bytes cause = nc_find_str(d->d.args, "cause");
	int64_t unread = nc_find_int(d->d.args, "unread");
	struct finding *f = make(r, "connection-reset", least(p), p);
	const char *why = ": no end of it shows a reason";

	if (nc_str_eq(cause, "unread"))
		why = unread > 0 ? text(r, ": its peer closed with %s unread",
				       text_count(r, unread, "byte")) :
				   ": its peer closed with bytes unread";
	else if (nc_str_eq(cause, "linger"))
		why = ": its peer closed with SO_LINGER 0";
	else if (nc_str_eq(cause, "killed"))
		why = map_true(d->d.args, "crashed") ? ": its peer crashed" :
						       ": its peer was killed";
	else if (nc_str_eq(cause, "listener"))
		why = ": the listener closed before it was accepted";
	else if (nc_str_eq(cause, "closed"))
		why = ": its peer had closed already when it sent";
	else if (nc_str_eq(cause, "shutdown"))
		why = ": its peer had shut down both directions";
	else if (nc_str_eq(cause, "self"))
		why = ": it had shut down both directions itself";
	else if (nc_str_eq(cause, "external"))
		why = " by the other end, which is not traced, or by "
		      "something on the way";
	f->own = killed(d) && abandoned(d);
	if ((killed(d) && !f->own) || is_strange(d)) {
		finding_lower(f, NC_SEVERITY_INFO);
		f->mild = true;
	}
	service(r, f, d);
	make_target(f, d);
	finding_say(f, "%s was reset (ECONNRESET)%s%s", on(r, d), why,
	    count_conns(p) > 1 ?
		text(r, " (%s)", text_count(r, count_conns(p), "connection")) :
		"");
}

void
rule_connection_reset(struct rules *r)
{
	static const enum code codes[] = { CODE_CONN_RESET,
		CODE_RESET_BY_NETWORK, CODE_NONE };

	rules_each(r, codes, reset_want, reset_key, reset_emit);
}

/* send-after-close */

static bool
after_want(struct rules *r, const struct dev *d)
{
	struct nc_bytes error = nc_find_str(d->d.args, "error");

	return strong(r, d) && error.p && error.len > 0 &&
	    !map_true(d->d.args, "tls_close") && !harmless_cause(r, d);
}

/* The peer's program is over. */
static bool
over(const struct dev *d)
{
	return map_true(d->d.args, "killed") || map_true(d->d.args, "at_exit");
}

/*
 * A client may be killed, or have enough, while its server sends; of one that
 * is in no trace nobody knows.
 */
static bool
has_left(const struct dev *d)
{
	return dev_at_server(d) &&
	    (over(d) || map_true(d->d.args, "answered") || dev_client(d) < 0);
}

static uint64_t
after_key(const struct dev *d)
{
	return key_ends(d) ^ nc_hash_int(over(d) ? 6 : has_left(d) ? 8 : 7);
}

static void
after_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	int64_t quiet = nc_find_int(d->d.args, "quiet");
	struct finding *f = make(r, "send-after-close", least(p), p);

	f->own = !dev_at_server(d);
	if (has_left(d))
		finding_lower(f, NC_SEVERITY_INFO);
	/* Its clients may have waited in its queue for too long. */
	if (dev_at_server(d))
		make_target(f, d);
	service(r, f, d);
	finding_say(f, "%s sent after its peer had closed: %s%s%s", on(r, d),
	    text_bytes(r, nc_find_str(d->d.args, "error")),
	    quiet >= r->limits->waited * MS ?
		text(r, ", after %s of quiet", text_time(r, quiet)) :
		"",
	    count_conns(p) > 1 ?
		text(r, " (%s)", text_count(r, count_conns(p), "connection")) :
		"");
}

void
rule_send_after_close(struct rules *r)
{
	static const enum code codes[] = { CODE_SEND_AFTER_CLOSE, CODE_NONE };

	rules_each(r, codes, after_want, after_key, after_emit);
}

/* not-connected */

/*
 * Asking for the peer is a test for a connection.  Shutting down what has
 * ended is tidiness, and says something only after a reset.
 */
static bool
unconnected_want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || dev_calls(d, "getpeername"))
		return false;
	if (dev_calls(d, "shutdown"))
		return d->conn && told(r, "connection-reset", d->d.connection);
	return true;
}

/* Both ends had closed, and nothing that they had sent was lost. */
static bool
dialogue_over(const struct dev *d)
{
	const struct conn *c = d->conn;

	return c && map_true(c->c.facts, "client_released") &&
	    map_true(c->c.facts, "server_released") &&
	    map_count(c->c.to_server, "lost") == 0 &&
	    map_count(c->c.to_client, "lost") == 0;
}

/*
 * A word after its own shutdown, at the end of all; or another thread has
 * shut the connection down under it, which is how programs abandon one.
 */
static bool
farewell(const struct dev *d)
{
	struct nc_bytes reason = nc_find_str(d->d.args, "reason");

	return nc_str_eq(reason, "aborted") ||
	    (nc_str_eq(reason, "shutdown") && dialogue_over(d));
}

static uint64_t
unconnected_key(const struct dev *d)
{
	return key_ends(d) ^ nc_hash_int(dev_calls(d, "shutdown") ? 8 : 9);
}

static void
unconnected_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct finding *f = make(r, "not-connected", least(p), p);
	struct nc_addr a = dev_service(d);
	bool shut = dev_calls(d, "shutdown");

	size_t i;

	f->echo = true;
	for (i = 0; i < p->n; i++)
		f->echo = f->echo && (shut || farewell(p->v[i]));
	if (a.family)
		finding_endpoint(f, nc_str(text_addr(r, &a)));
	else
		finding_endpoint(f, d->d.local);
	finding_say(f, "%s %s a socket that %s",
	    facts_host_name(r->facts, d->host), shut ? "shut down" : "used",
	    d->code == CODE_EDESTADDRREQ ?
		"has no peer to send to (EDESTADDRREQ)" :
		shut ? "was no longer connected" :
		       "is not connected (ENOTCONN)");
}

void
rule_not_connected(struct rules *r)
{
	static const enum code codes[] = { CODE_ENOTCONN, CODE_EDESTADDRREQ,
		CODE_NONE };

	rules_each(
	    r, codes, unconnected_want, unconnected_key, unconnected_emit);
}
