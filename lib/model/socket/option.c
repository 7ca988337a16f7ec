/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Socket options, flags, and queries.
 */
#include "option.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../dgram/cast.h"
#include "../dgram/dgram.h"
#include "../dgram/segment.h"
#include "../offer.h"
#include "../stream/conn.h"
#include "../stream/held.h"
#include "../untraced.h"
#include "inherited.h"
#include "port.h"
#include "socket.h"

#define FAILED_MAX 16 /* options of a socket that wait for their outcome */

/* An option that failed, until it shows whether its program minded. */
struct failed_option {
	struct failed_option *next; /* older */
	struct ref call;
	char name[32]; /* as far as it fits; empty: not known */
	bool set;      /* not asked */
	bool retried;  /* and worked then */
};

static bool
begins(struct nc_bytes name, const char *with)
{
	size_t n = strlen(with);

	return name.len >= n && memcmp(name.p, with, n) == 0;
}

/* Options that programs try to find out what the kernel has. */
static bool
is_probe(const char *name)
{
	static const char *const probes[] = { "TCP_FASTOPEN", "TCP_ULP",
		"TCP_INFO", "TCP_CC_INFO", "TCP_CONGESTION", "TCP_MD5SIG",
		"TCP_SAVE", "TCP_ZEROCOPY", "MPTCP_", "SO_PEER", "SO_COOKIE",
		"SO_ZEROCOPY", "SO_BUSY_POLL", "SO_PREFER_BUSY_POLL",
		"SO_INCOMING_", "SO_TXTIME", "SO_TIMESTAMP", "SO_PRIORITY",
		"SO_ORIGINAL_DST", "IP6T_", "IPT_", "SO_MARK",
		"SO_BINDTODEVICE", "SO_MEMINFO", "SO_NETNS_COOKIE",
		"SO_WIFI_STATUS", "SO_NOFCS", "UDP_SEGMENT", "UDP_GRO",
		"IP_RECVERR", "IPV6_RECVERR", "SO_PASS", "SO_RCVBUFFORCE",
		"SO_SNDBUFFORCE" };
	size_t i;

	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		if (strncmp(name, probes[i], strlen(probes[i])) == 0)
			return true;
	return false;
}

/*
 * A group that cannot be joined.  To join one twice, or to leave one that was
 * not joined, does no harm.
 */
static void
tell_cast(
    struct nc_model *m, const struct sock *s, const struct failed_option *f)
{
	const char *error = nc_errno_name(f->call.error);
	struct dev d;

	if (!dev_open_ref(&d, m, &f->call, DEV_MCAST_OPTION, "option_fail"))
		return;
	if (s->local.family)
		d.rec.local = nc_str(nc_addr_print_port(&s->local, d.local));
	dev_peer(&d, NULL, &f->call.peer);
	if (f->retried || !f->set || f->call.error == NC_EADDRINUSE ||
	    strstr(f->name, "DROP") || strstr(f->name, "LEAVE") ||
	    (s->v6 && strncmp(f->name, "IPV6_", 5) != 0))
		d.rec.severity = nc_str("info");
	dev_str(&d, "option", f->name);
	dev_str(&d, "error", error ? error : "unknown");
	if (s->late)
		dev_confidence(&d, 40);
	dev_close(&d);
}

static void
tell_failed(
    struct nc_model *m, const struct sock *s, const struct failed_option *f)
{
	const char *error = nc_errno_name(f->call.error);
	/* Both families are set alike, whichever the socket is of. */
	bool family = strncmp(f->name, "IPV6_", 5) == 0 ?
	    !s->v6 || s->set_v4_option :
	    strncmp(f->name, "IP_", 3) == 0 && s->v6;
	bool probe = is_probe(f->name) || (f->name[0] == '\0' && s->used);
	struct dev d;

	if (cast_is_option(f->name)) {
		tell_cast(m, s, f);
		return;
	}
	if (!dev_open_ref(&d, m, &f->call, DEV_ENOPROTOOPT, "option_fail"))
		return;
	if (s->local.family)
		d.rec.local = nc_str(nc_addr_print_port(&s->local, d.local));
	/* Its own family's, which is as good, was set. */
	if (f->retried || probe || (family && !s->v6 && s->set_v4_option) ||
	    (s->used && (family || !f->set || f->call.error == NC_EPERM)))
		d.rec.severity = nc_str("info");
	dev_str(&d, "option", f->name[0] ? f->name : NULL);
	dev_str(&d, "error", error ? error : "unknown");
	dev_int(&d, "set", f->set);
	dev_int(&d, "used", s->used);
	dev_int(&d, "datagram", s->type == SOCK_UDP);
	if (s->late)
		dev_confidence(&d, 40);
	dev_close(&d);
}

void
option_finish(struct nc_model *m, struct sock *s)
{
	struct failed_option *f, *next, *order = NULL;

	for (f = s->failed; f; f = next) {
		next = f->next;
		f->next = order;
		order = f;
	}
	for (f = order; f; f = next) {
		next = f->next;
		tell_failed(m, s, f);
		free(f);
	}
	s->failed = NULL;
	s->nfailed = 0;
}

void
option_used(struct offer *o)
{
	/* Whatever comes of it: the program went on. */
	switch (o->step->id) {
	case NC_CALL_BIND:
	case NC_CALL_CONNECT:
	case NC_CALL_LISTEN:
		o->sock->used = true;
		return;
	default:
		if (nc_call_family(o->step->id) != NC_FAMILY_NONE)
			o->sock->used = true;
	}
}

/*
 * Options that change what the model follows, or of which it is known that
 * they change nothing of it.
 */
static bool
is_followed(struct nc_bytes name)
{
	static const char *const known[] = { "SO_REUSE", "SO_RCV", "SO_SND",
		"SO_LINGER", "SO_BROADCAST", "SO_OOBINLINE", "SO_KEEPALIVE",
		"SO_BINDTO", "SO_ATTACH_", "SO_DETACH_", "SO_ERROR",
		"SO_TIMESTAMP", "SO_MARK", "SO_PRIORITY", "SO_PASS",
		"SO_INCOMING_", "TCP_", "UDP_", "IPV6_V6ONLY", "IP_ADD_",
		"IP_DROP_", "IP_MULTICAST_", "IP_MTU", "IP_RECV", "IP_PKTINFO",
		"IP_TOS", "IP_TTL", "IP_TRANSPARENT", "IP_FREEBIND",
		"IP_BIND_ADDRESS_NO_PORT", "IP_UNBLOCK_SOURCE",
		"IP_BLOCK_SOURCE", "MCAST_", "IPV6_ADD_", "IPV6_DROP_",
		"IPV6_JOIN_", "IPV6_LEAVE_", "IPV6_MULTICAST_", "IPV6_MTU",
		"IPV6_RECV", "IPV6_PKTINFO", "IPV6_TCLASS", "IPV6_UNICAST_HOPS",
		"IPV6_TRANSPARENT", "IPV6_FREEBIND" };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (begins(name, known[i]))
			return true;
	return false;
}

static void
failed(struct offer *o, bool set)
{
	struct sock *s = o->sock;
	struct failed_option *f;
	struct nc_bytes name = o->call->option;

	if (!o->m->sink)
		return;
	if (s->nfailed >= FAILED_MAX)
		option_finish(o->m, s);
	f = nc_xcalloc(1, sizeof(*f));
	ref_set(&f->call, o);
	if (name.p && name.len < sizeof(f->name))
		memcpy(f->name, name.p, name.len);
	f->set = set;
	/* What the socket did before does not count. */
	if (!s->failed)
		s->used = false;
	f->next = s->failed;
	s->failed = f;
	s->nfailed++;
}

/*
 * It failed because the connection is over, not for what it asked: EINVAL where
 * a system follows POSIX in that (BSDs, Solaris), or as what ended it.
 */
static bool
is_over(const struct offer *o)
{
	const struct ep *e = o->sock->ep;

	if (o->step->error == NC_ECONNRESET)
		return true;
	return o->step->error == NC_EINVAL && e && o->call->marks != NC_NIL &&
	    (o->call->marks & NC_MARK_BSD) &&
	    (e->rx.eof || e->rst_seen || e->died || e->wr_shut || e->rd_shut);
}

/* The same option, or a variant of it, works after it had failed. */
static void
worked(struct sock *s, struct nc_bytes name)
{
	struct failed_option *f;

	for (f = s->failed; f; f = f->next)
		if (f->name[0] && name.p &&
		    (begins(name, f->name) ||
			strncmp(f->name, name.p, name.len) == 0))
			f->retried = true;
}

/*
 * What is in force is not what was set.  Linux doubles it, for its own use;
 * what is less than half of that, the program may not know.
 */
static void
check_buffer(struct offer *o, int64_t asked)
{
	int64_t v = o->call->value;
	struct dev d;

	if (asked <= 0 || v == NC_NIL || v <= 0 || v == asked ||
	    v / 2 == asked ||
	    !dev_open(&d, o, DEV_BUFSIZE_DIFFERENT, "option_bufsize"))
		return;
	/* Raised to a minimum, or all that it asked for and no reserve. */
	if (v > asked)
		d.rec.severity = nc_str("info");
	if (o->sock->ep)
		dev_conn(&d, o->sock->ep->conn, o->sock->ep->side);
	dev_int(&d, "asked", asked);
	dev_int(&d, "in_force", v);
	dev_str(&d, "option",
	    nc_str_eq(o->call->option, "SO_RCVBUF") ? "SO_RCVBUF" :
						      "SO_SNDBUF");
	dev_close(&d);
}

/*
 * It was refused, although an accept seemed to take it: that was another's, if
 * no more than a guess said that it was this one's.
 */
static bool
was_refused(struct offer *o, struct conn *c)
{
	const struct ep *e = o->sock->ep;
	bool mended = false;

	if (e->side != SIDE_CLIENT || e->tx.sent || e->rx.rcvd || c->error ||
	    c->match == MATCH_EXACT)
		return false;
	if (c->ep[SIDE_SERVER])
		mended =
		    rematch(o->m, c->ep[SIDE_SERVER], o->call, NEED_NONE, 0);
	return mended || (c->state == CONN_PENDING && !c->ep[SIDE_SERVER]);
}

/* SO_ERROR reads and clears the pending error; it decides a connect. */
static enum nc_answer
so_error(struct offer *o)
{
	struct sock *s = o->sock;
	struct conn *c = s->ep ? s->ep->conn : NULL;
	int64_t e = o->call->value;
	bool unheard;

	if (e == NC_NIL) {
		/* Asked, and the trace does not show the answer. */
		if (c)
			c->outcome_hidden = true;
		return NC_ACCEPT;
	}
	if (s->type == SOCK_UDP) {
		if (e == NC_ECONNREFUSED)
			dgram_refused(o);
		return NC_ACCEPT;
	}
	if (!c)
		return NC_ACCEPT;
	if (e == 0) {
		/* Also 0 while the outcome is open: OUT must have come. */
		if (!s->writable_seen)
			return NC_ACCEPT;
		unheard = c->port && c->port->host &&
		    (c->state == CONN_FLOATING || c->state == CONN_PENDING) &&
		    s->ep->side == SIDE_CLIENT &&
		    !port_listener(c->port, &c->target, false) &&
		    !inherited_asked(o, c->port);
		/* OUT waited for it, but not one that only looked. */
		if (unheard && o->mode == NC_TRY &&
		    conn_listener_due(o, c->port))
			return defer(o, key_of(KEY_LISTEN, c->port->id, 0),
			    "listener", 0);
		if (c->state == CONN_FLOATING)
			conn_succeed(o, c);
		c->told = true;
		if (unheard)
			conn_unheard(o, c, "connect_ok");
		return NC_ACCEPT;
	}
	if (e == NC_ECONNREFUSED && was_refused(o, c)) {
		conn_fail(o, c, (int)e);
		return NC_ACCEPT;
	}
	if (c->state == CONN_FLOATING) {
		if (e == NC_ECONNREFUSED && o->mode == NC_TRY &&
		    conn_refusal_waits(o, c))
			return defer(o, key_of(KEY_RELEASE, c->port->id, 0),
			    "release of the listener", 0);
		conn_fail(o, c, (int)e);
		return NC_ACCEPT;
	}
	if (s->ep->rst && (e == NC_ECONNRESET || e == NC_EPIPE)) {
		s->ep->rst = false;
		s->ep->rst_seen = true;
		held_decide(o->m, c, "reset");
	} else if (e == NC_ETIMEDOUT || e == NC_EHOSTUNREACH ||
	    e == NC_ENETUNREACH) {
		s->ep->died = true;
		dev_simple(o, DEV_CONN_DIED, "recv_died");
	}
	return NC_ACCEPT;
}

static void
set_option(struct offer *o)
{
	struct sock *s = o->sock;
	struct nc_bytes name = o->call->option;
	int64_t v = o->call->value;

	if (begins(name, "IP_"))
		s->set_v4_option = true;
	/* To what is not always shown: likely to what is not the default. */
	if (nc_str_eq(name, "IPV6_V6ONLY")) {
		s->v6only = v != NC_NIL && v != 0;
		s->v6only_default = false;
		return;
	}
	if (v == NC_NIL)
		return;
	if (nc_str_eq(name, "TCP_FASTOPEN_CONNECT"))
		s->lazy = v != 0;
	else if (nc_str_eq(name, "SO_BROADCAST"))
		s->broadcast = v != 0;
	else if (nc_str_eq(name, "SO_OOBINLINE"))
		s->oobinline = v != 0;
	else if (nc_str_eq(name, "SO_REUSEADDR"))
		s->reuseaddr = v != 0;
	else if (nc_str_eq(name, "SO_REUSEPORT"))
		s->reuseport = v != 0;
	else if (nc_str_eq(name, "UDP_SEGMENT"))
		segment_size(o, v);
	else if (nc_str_eq(name, "UDP_GRO"))
		s->joins = v != 0;
	else if (begins(name, "SO_RCVBUF"))
		s->rcvbuf = v;
	else if (begins(name, "SO_SNDBUF")) {
		s->sndbuf = v;
		sock_tell(o, s, TOLD_SNDBUF);
	} else if (nc_str_eq(name, "TCP_NODELAY")) {
		s->nodelay = v != 0;
	} else if (nc_str_eq(name, "TCP_CORK")) {
		s->cork = v != 0;
	} else if (nc_str_eq(name, "SO_LINGER")) {
		s->linger = v;
		if (v == 0)
			sock_tell(o, s, TOLD_LINGER);
	} else if (begins(name, "SO_RCVTIMEO")) {
		s->rcvtimeo = v;
		sock_tell(o, s, TOLD_RCVTIMEO);
	} else if (begins(name, "SO_SNDTIMEO")) {
		s->sndtimeo = v;
		sock_tell(o, s, TOLD_SNDTIMEO);
	}
}

static bool
is_cast(const struct nc_call *c)
{
	char name[48];

	if (!c->option.p || c->option.len >= sizeof(name))
		return false;
	memcpy(name, c->option.p, c->option.len);
	name[c->option.len] = '\0';
	return cast_is_option(name);
}

enum nc_answer
offer_option(struct offer *o)
{
	struct sock *s = o->sock;
	bool set = o->step->id == NC_CALL_SETSOCKOPT;

	if (!s || s->type == SOCK_OTHER || o->early)
		return NC_ACCEPT;
	if (o->step->error) {
		/* Too many groups are no lack of memory. */
		if (!(o->step->error == NC_ENOBUFS && is_cast(o->call)) &&
		    fail_common(o))
			return NC_ACCEPT;
		if (!is_over(o))
			failed(o, set);
		return NC_ACCEPT;
	}
	if (s->failed)
		worked(s, o->call->option);
	if (set) {
		set_option(o);
		if (!is_followed(o->call->option))
			untraced_option(o);
		if (s->type == SOCK_UDP)
			cast_option(o);
	} else if (nc_str_eq(o->call->option, "SO_ERROR"))
		return so_error(o);
	else if (nc_str_eq(o->call->option, "SO_RCVBUF"))
		check_buffer(o, s->rcvbuf);
	else if (nc_str_eq(o->call->option, "SO_SNDBUF"))
		check_buffer(o, s->sndbuf);
	return NC_ACCEPT;
}

enum nc_answer
offer_fcntl(struct offer *o)
{
	struct sock *s = o->sock;

	if (!s || o->step->error || o->early)
		return NC_ACCEPT;
	if ((nc_str_eq(o->call->option, "F_SETFL") ||
		nc_str_eq(o->call->option, "FIONBIO")) &&
	    o->call->value != NC_NIL) {
		s->nonblock = o->call->value != 0;
		s->inherited_nonblock = s->from_nonblock = false;
		o->host->sets_flags = true;
	} else if (nc_str_eq(o->call->option, "F_SETFL") ||
	    nc_str_eq(o->call->option, "FIONBIO")) {
		s->flags_unknown = true;
	}
	return NC_ACCEPT;
}
