/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Sending datagrams.
 */
#include "dgram.h"

#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/port.h"
#include "../socket/socket.h"
#include "../stream/conn.h"
#include "../stream/transfer.h"
#include "cast.h"
#include "out.h"
#include "segment.h"

/* The BSDs' default for the largest datagram (udp(4)); no path limits it. */
#define BSD_MAX 9216

/* Another address of the port is bound, which does not take it. */
static void
elsewhere(struct dev *d, const struct nc_addr *bound, const struct nc_addr *to)
{
	if (nc_addr_is_loopback(bound) && !nc_addr_is_loopback(to))
		dev_int(d, "loopback", 1);
	else if (nc_addr_is_v4(bound) != nc_addr_is_v4(to))
		dev_int(d, "family", 1);
	dev_addr(d, "listener", bound);
}

void
dgram_refused(struct offer *o)
{
	struct sock *s = o->sock;
	struct nc_host_state *to = host_owning(o->m, o->host, &s->peer);
	struct port *p;
	const struct udp *u, *other;
	struct flow *f;
	struct dev d;

	if (!s->peer.family)
		return;
	p = to ? port_get(o->m, to, true, s->peer.port, false) : NULL;
	u = port_receiver(p, &s->peer);
	f = nc_map_get(&o->m->flows,
	    key_of(4, (uint64_t)s->number ^ ((uint64_t)o->host->index << 40),
		nc_addr_hash_ip(&s->peer) ^ ((uint64_t)s->peer.port << 7)));
	if (f)
		f->refused++;
	if (!dev_open(&d, o, DEV_DGRAM_REFUSED, "dgram_refused"))
		return;
	dev_peer(&d, to, &s->peer);
	if (f)
		dev_flow(&d, f, false);
	dev_int(&d, "while_bound", u != NULL);
	if (u)
		dev_cause(&d, &u->bind);
	other = u || !p ? NULL : p->receivers;
	while (other && other->released)
		other = other->next;
	if (other)
		elsewhere(&d, &other->local, &s->peer);
	dev_close(&d);
}

void
dgram_unreachable(struct offer *o)
{
	const struct nc_addr *to = o->step->peer.family ? &o->step->peer :
							  &o->sock->peer;
	struct dev d;

	if (!dev_open(&d, o, DEV_CONN_UNREACHABLE, "dgram_fail"))
		return;
	dev_peer(&d, host_owning(o->m, o->host, to), to);
	dev_str(&d, "error", nc_errno_name(o->step->error));
	dev_str(&d, "where", "unknown");
	sock_because_state(&d, o->sock);
	dev_close(&d);
}

/*
 * A socket without a port is given one by its first send or connect.  Nothing
 * of its own can fill its buffer yet: no port was left (udp_lib_get_port).
 */
static bool
no_port_left(struct offer *o, const struct nc_addr *to)
{
	const struct sock *s = o->sock;
	struct dev d;

	if (s->late || s->bound || s->local.port || s->flows)
		return false;
	if (!dev_open(&d, o, DEV_EADDRNOTAVAIL, "dgram_fail"))
		return true;
	dev_peer(&d, host_owning(o->m, o->host, to), to);
	dev_int(&d, "unbound", 1);
	dev_close(&d);
	return true;
}

static void
send_failed(struct offer *o)
{
	const struct nc_addr *to = o->step->peer.family ? &o->step->peer :
							  &o->sock->peer;
	int error = o->step->error;
	struct dev d;

	switch (error) {
	case NC_ECONNREFUSED:
		dgram_refused(o);
		return;
	case NC_EAGAIN:
		no_port_left(o, to);
		return;
	case NC_EMSGSIZE:
		if (dev_open(&d, o, DEV_EMSGSIZE, "dgram_size")) {
			dev_peer(&d, host_owning(o->m, o->host, to), to);
			dev_int(&d, "size", o->call->asked);
			if (o->host->bsd && o->call->asked > BSD_MAX)
				dev_int(&d, "limit", BSD_MAX);
			dev_close(&d);
		}
		return;
	case NC_EDESTADDRREQ:
	case NC_ENOTCONN:
		dev_simple(o, DEV_EDESTADDRREQ, "dgram_fail");
		return;
	case NC_EISCONN:
		tell_connected(o, "dgram_fail");
		return;
	case NC_EACCES:
	case NC_EPERM:
		if (dev_open(&d, o, DEV_EACCES, "dgram_fail")) {
			dev_peer(&d, host_owning(o->m, o->host, to), to);
			dev_str(&d, "error", nc_errno_name(error));
			dev_int(&d, "broadcast",
			    error == NC_EACCES && !o->sock->broadcast);
			dev_close(&d);
		}
		return;
	case NC_ENETUNREACH:
	case NC_EHOSTUNREACH:
	case NC_ENETDOWN:
		dgram_unreachable(o);
		return;
	case NC_EINVAL:
		if (nc_addr_is_loopback(&o->sock->local) && to->family &&
		    !nc_addr_is_loopback(to)) {
			if (dev_open(
				&d, o, DEV_LOOPBACK_MISMATCH, "dgram_fail")) {
				dev_peer(&d, NULL, to);
				dev_addr(&d, "bound", &o->sock->local);
				sock_because(&d, o->sock, TOLD_BIND);
				dev_close(&d);
			}
			return;
		}
		dev_simple(
		    o, to->port ? DEV_EINVAL : DEV_INVALID_PORT, "dgram_fail");
		return;
	case NC_EOPNOTSUPP:
		not_supported(o, "dgram_fail");
		return;
	default:
		if (!fail_common(o) && error > 0 &&
		    dev_open(&d, o, DEV_UNEXPECTED_FAILURE, "dgram_fail")) {
			dev_str(&d, "error", nc_errno_name(error));
			dev_close(&d);
		}
	}
}

/* A datagram goes whole, and fits the buffer that the program set. */
static void
check_length(struct offer *o, const struct nc_addr *to, int64_t n)
{
	const struct nc_call *c = o->call;
	struct sock *s = o->sock;
	struct dev d;

	if (c->result != NC_NIL && c->asked != NC_NIL && n != c->asked &&
	    dev_open(&d, o, DEV_UNEXPECTED_RETURN_VALUE, "dgram_send")) {
		dev_peer(&d, host_owning(o->m, o->host, to), to);
		dev_close(&d);
	}
	if (!s->sndbuf || n <= s->sndbuf || s->over_sndbuf)
		return;
	s->over_sndbuf = true;
	if (!dev_open(&d, o, DEV_MSG_GT_BUFSIZE, "dgram_send"))
		return;
	/* Linux doubles what is asked for: elsewhere this one would fail. */
	d.rec.severity = nc_str("info");
	dev_peer(&d, host_owning(o->m, o->host, to), to);
	dev_int(&d, "size", n);
	dev_int(&d, "buffer", s->sndbuf);
	sock_because(&d, s, TOLD_SNDBUF);
	dev_close(&d);
}

/* Told once a flow; a program may wake itself so. */
static void
tell_wildcard(struct offer *o, const struct flow *f)
{
	struct nc_addr local = conn_target(&f->destination);
	const struct udp *u = port_receiver(f->port, &local);
	struct dev d;

	if (f->sent != 1 || !nc_addr_is_wildcard(&f->destination) ||
	    !dev_open(&d, o, DEV_WILDCARD_DEST, "dgram_send"))
		return;
	dev_flow(&d, f, false);
	if (u && u->bind.host && u->bind.process == o->call->process)
		d.rec.severity = nc_str("info");
	dev_close(&d);
}

enum nc_answer
dgram_send(struct offer *o)
{
	struct sock *s = o->sock;
	const struct nc_addr *to = o->step->peer.family ? &o->step->peer :
							  &s->peer;
	int64_t n = o->call->result;
	struct flow *f;

	if (o->was && o->was->early && !o->early && !o->step->error)
		return NC_ACCEPT;
	if (o->step->error && !o->early) {
		send_failed(o);
		return NC_ACCEPT;
	}
	if (o->early || n == NC_NIL)
		n = o->call->asked;
	if (n < 0 || n > 1 << 20 || !to->family || to->port == 0)
		return NC_ACCEPT;
	if (!o->early && o->m->sink)
		check_length(o, to, n);
	f = flow_get(o, to);
	if (o->step->local.family)
		f->source = o->step->local;
	else if (s->local.family)
		f->source = s->local;
	f->inferred = s->local_inferred;
	f->sent++;
	f->bytes_sent += (uint64_t)n;
	ref_set(&f->last_send, o);
	tell_wildcard(o, f);
	if (f->multicast) {
		cast_send(o, f, (uint64_t)n);
		return NC_ACCEPT;
	}
	if (!f->port || o->m->undeclared)
		dgram_out_sent(o->m, f, (uint64_t)n);
	if (f->port && dgram_was_ahead(o, f, (uint64_t)n)) {
		f->received++;
		f->bytes_received += (uint64_t)n;
		if (f->match == MATCH_NONE)
			f->match = MATCH_HOST;
		return NC_ACCEPT;
	}
	if (f->port && !f->port->unseen && !segment_send(o, f, (uint64_t)n))
		put_under_way(o, f, (uint64_t)n);
	return NC_ACCEPT;
}

/*
 * AF_UNSPEC dissolves it.  Linux takes back a port that no bind named, and an
 * address likewise: the next send finds itself another (__udp_disconnect).
 */
static void
disconnect(struct offer *o)
{
	struct sock *s = o->sock;

	memset(&s->peer, 0, sizeof(s->peer));
	if (s->own_port)
		return;
	if (s->udp)
		dgram_unbound(o->m, s);
	s->local.port = 0;
	if (!s->own_address)
		memset(&s->local, 0, sizeof(s->local));
	s->bound = s->local_inferred = false;
}

enum nc_answer
dgram_connect(struct offer *o)
{
	struct sock *s = o->sock;
	struct dev d;

	if (o->early)
		return NC_ACCEPT;
	if (o->step->error == 0) {
		if (nc_str_eq(o->call->peer, "unspec"))
			disconnect(o);
		else
			s->peer = o->step->peer;
		if (s->udp && s->peer.family)
			s->udp->had_peer = true;
		return NC_ACCEPT;
	}
	/* A connect sends nothing: resolvers probe routes with it. */
	if (o->step->error == NC_EACCES &&
	    dev_open(&d, o, DEV_EACCES, "connect_udp")) {
		dev_peer(&d, host_owning(o->m, o->host, &o->step->peer),
		    &o->step->peer);
		dev_str(&d, "error", "EACCES");
		dev_int(&d, "broadcast", !s->broadcast);
		dev_close(&d);
	} else if (o->step->error != NC_EAGAIN ||
	    !no_port_left(o, &o->step->peer)) {
		fail_common(o);
	}
	return NC_ACCEPT;
}
