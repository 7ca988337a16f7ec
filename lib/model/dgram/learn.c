/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a datagram that came tells of ports, addresses and translators.
 */
#include "find.h"

#include <assert.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/guess.h"
#include "../socket/port.h"
#include "doubt.h"

static void
learn_nat(struct offer *o, struct flow *f, const struct nc_addr *from)
{
	struct nat *n;
	uint64_t key = key_of(3, nc_addr_hash_ip(from), from->port);
	struct dev d;

	assert(f->host != NULL); /* its datagrams are a traced sender's */
	f->match = MATCH_INFERRED;
	f->seen_port = from->port;
	if (nc_map_get(&o->m->udp_nat, key))
		return;
	n = nc_xcalloc(1, sizeof(*n));
	n->host = f->host;
	n->private_ = f->source;
	/* Not shown yet: translators keep the port where it is free. */
	if (!n->private_.port)
		n->private_.port = from->port;
	n->public_ = *from;
	n->unproven = f->inferred || f->source.port != from->port;
	nc_map_put(&o->m->udp_nat, key, n);
	if (!f->host->declared &&
	    !nc_map_get(&o->m->nat_public, nc_addr_hash_ip(from))) {
		guess_address(o->m, f->host, from);
		f->match = MATCH_HOST;
		return;
	}
	f->match = MATCH_NAT;
	if (!dev_open(&d, o, DEV_NAT_ADDRESS, "dgram_recv"))
		return;
	dev_flow(&d, f, true);
	dev_peer(&d, f->host, from);
	d.base = o->call->data.len >= 8 ? 90 : 60; /* what the payload says */
	dev_addr(&d, "own",
	    f->host->naddrs && nc_addr_is_wildcard(&f->source) ?
		&f->host->addrs[0] :
		&f->source);
	dev_addr(&d, "seen", from);
	dev_str(&d, "confirmed", o->call->data.len >= 8 ? "payload" : "none");
	dev_int(&d, "port_equal", f->source.port == from->port);
	dev_cause(&d, &f->last_send);
	dev_close(&d);
}

/* What was guessed before does not agree with what came. */
static void
revoke(struct offer *o, const struct flow *f, const struct nc_addr *from)
{
	if (f->source.port && f->source.port != from->port)
		guess_revoke(o->m, f->sender);
	else if (from->port)
		guess_revoke_port(
		    o->m, port_get(o->m, f->host, true, from->port, false));
	if (o->sock->local_inferred && f->port &&
	    f->port->number != o->sock->local.port)
		guess_revoke(o->m, o->sock);
	guess_doubt(f->host);
}

void
dgram_learn(struct offer *o, const struct hit *hit, const struct nc_addr *from)
{
	struct flow *f = hit->d->flow;
	const struct nc_host_state *h =
	    from->family ? host_owning(o->m, o->host, from) : NULL;

	if (hit->fit == GUESSED)
		revoke(o, f, from);
	/* It came from where it was sent to: dgram_find.c, is_own. */
	if (from->family && !h && f->host == o->host &&
	    nc_addr_same_ip(&f->destination, from)) {
		guess_address(o->m, o->host, from);
		h = o->host;
	}
	if (h && h == f->host && h != o->host && !guess_is_address(o->m, from))
		f->host->seen = true;
	if (from->family && !h)
		doubt_translated(f->host, o->host, hit->d->len);
	if (hit->rival) {
		if (!f->source.port || f->inferred)
			guess_doubt(f->host);
		if (!o->sock->local.port || o->sock->local_inferred)
			guess_doubt(o->host);
		return;
	}
	if (from->family && !h)
		learn_nat(o, f, from);
	if (h && from->port && f->sender && !f->sender->local.port)
		guess_source(o->m, f, from);
	else if (from->port && f->past)
		guess_past(o->m, f, from);
	if (f->port && !f->port->host) {
		guess_address(o->m, o->host, &f->destination);
		f->to_host = o->host;
		f->match = MATCH_HOST;
	}
	/* It came to this socket: that is where the socket is bound. */
	if (!o->sock->local.port && f->port && f->port->host == o->host &&
	    f->port->number)
		guess_receiver(o->m, o->sock, &f->destination);
}
