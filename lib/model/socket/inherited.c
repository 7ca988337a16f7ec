/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 */
#include "inherited.h"

#include "../offer.h"
#include "../stream/accept_find.h"
#include "port.h"

static bool
is_portless(const struct sock *s)
{
	return s->late && s->alone && s->listening && s->local.port == 0;
}

/* No port has this number: who waits for any waits here. */
static uint64_t
any_port(struct nc_model *m, struct nc_host_state *h)
{
	return key_of(KEY_SYN, port_get(m, h, false, 0, true)->id, 0);
}

static void
open_at(struct nc_model *m, struct sock *s, struct port *p)
{
	nc_addr_parse(s->v6 ? "::" : "0.0.0.0", s->v6 ? 2 : 7, &s->local);
	s->local.port = p->number;
	s->bound = true;
	listener_open(m, s);
	/* Another program's, perhaps, that no trace shows. */
	p->astray = true;
}

bool
inherited_asked(struct offer *o, struct port *p)
{
	struct nc_host_state *h = p->host;
	struct sock *s;

	if (h->unserved != p) {
		h->unserved_several = h->unserved != NULL;
		h->unserved = p;
		h->unserved_by = o->host;
	}
	if (h->unserved_several || h->accepting_from != o->host)
		return false;
	s = nc_map_get(&h->socks, h->accepting);
	h->accepting_from = NULL;
	if (!s || !is_portless(s))
		return false;
	open_at(o->m, s, p);
	fire(o->m, any_port(o->m, h), 0);
	return true;
}

bool
inherited_listen(struct offer *o, uint64_t *wait)
{
	struct nc_host_state *h = o->host;
	struct sock *s = o->sock;
	const struct nc_host_state *from =
	    o->step->peer.family ? host_owning(o->m, h, &o->step->peer) : NULL;

	/* Within a host it is as likely two services that nobody traced. */
	if (!is_portless(s) || !from || from == h || h->unserved_several)
		return true;
	h->accepting_from = NULL;
	if (h->unserved && h->unserved_by == from) {
		open_at(o->m, s, h->unserved);
		return true;
	}
	if (o->mode != NC_TRY ||
	    !accept_may_come(o->m, h, &o->step->peer, &o->step->local))
		return true;
	h->accepting = (uint64_t)o->call->socket;
	h->accepting_from = from;
	*wait = any_port(o->m, h);
	return false;
}
