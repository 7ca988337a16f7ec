/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Two live sockets with one address and port.
 */
#include "share.h"

#include <stdlib.h>

#include "../deviate.h"
#include "../host/program.h"
#include "../offer.h"
#include "bind.h"
#include "port.h"

/* A datagram socket's address is an older one's as well. */
struct share {
	struct ref bind, holder;
	struct nc_addr address;
	bool related, holder_used;
};

/*
 * Linux lets two share an address if both ask for it with the same option.
 * Without it on both a close was not seen: then there is but one.
 */
static bool
both_ask(const struct sock *a, const struct sock *b)
{
	bool datagrams = a->type == SOCK_UDP;

	return (a->reuseport && b->reuseport) ||
	    (datagrams && a->reuseaddr && b->reuseaddr);
}

/* Traces of different runs of strace that both saw their sockets made. */
static bool
run_apart(const struct ref *a, const struct ref *b)
{
	const struct nc_host_state *h = a->host;

	return a->trace != b->trace && (size_t)a->trace < h->nlanes &&
	    (size_t)b->trace < h->nlanes && !h->lanes[a->trace].of_thread &&
	    !h->lanes[b->trace].of_thread;
}

static bool
related(const struct program *p, const struct program *q, const struct ref *a,
    const struct ref *b)
{
	if (a->process == b->process && a->trace == b->trace)
		return true;
	return p && q ? program_related(p, q) : !run_apart(a, b);
}

bool
share_own(const struct offer *o, const struct listener *l)
{
	struct ref here = { 0 };

	ref_set(&here, o);
	return related(l->program, program_of(o->host, o->call->process),
	    &l->listen, &here);
}

void
share_listen(struct offer *o, struct listener *l)
{
	struct listener *other;

	if (!o->m->sink || !l->sock)
		return;
	l->program = program_ref(program_of(o->host, o->call->process));
	if (!l->sock->reuseport || l->sock->late)
		return;
	for (other = l->next; other && other->open; other = other->next)
		if (other->sock && other->listen.host &&
		    both_ask(other->sock, l->sock) &&
		    bind_overlaps(other->sock, &l->local, l->v6only))
			break;
	if (!other || !other->open)
		return;
	l->shares = listener_ref(other);
	l->shares_accepted = other->accepted;
	l->shares_related =
	    related(other->program, l->program, &other->listen, &l->listen);
}

static void
tell(struct nc_model *m, const struct ref *call, const struct nc_addr *address,
    const struct ref *holder, bool is_related, bool used, bool holder_used)
{
	struct dev d;

	if (!dev_open_ref(&d, m, call, DEV_PORT_SHARED, "bind_conflict"))
		return;
	d.rec.local = nc_str(nc_addr_print_port(address, d.local));
	d.rec.peer = (struct nc_bytes){ NULL, 0 };
	d.rec.peer_host = d.rec.peer;
	/* The workers of one program do so to share the load. */
	if (is_related)
		d.rec.severity = nc_str("info");
	dev_int(&d, "holder", holder->process);
	dev_int(&d, "same_family_tree", is_related);
	dev_int(&d, "used", used);
	dev_int(&d, "holder_used", holder_used);
	dev_cause(&d, holder);
	dev_close(&d);
}

void
share_tell_listener(struct nc_model *m, struct listener *l)
{
	if (!l->shares)
		return;
	tell(m, &l->listen, &l->local, &l->shares->listen, l->shares_related,
	    l->accepted > 0, l->shares->accepted > l->shares_accepted);
	listener_unref(l->shares);
	l->shares = NULL;
}

/* Members of a group, and one connected to a peer, share on purpose. */
static bool
is_shared_by_design(const struct sock *s)
{
	return s->joined || s->broadcast || s->peer.family ||
	    nc_addr_is_multicast(&s->local) || nc_addr_is_broadcast(&s->local);
}

void
share_bind(struct offer *o, struct udp *u)
{
	struct udp *other;
	struct share *s;

	if (!o->m->sink)
		return;
	if (!u->program)
		u->program = program_ref(program_of(o->host, o->call->process));
	if (u->share || u->sock->late)
		return;
	for (other = u->next; other; other = other->next)
		if (!other->released && other->sock && other->bind.host &&
		    both_ask(other->sock, u->sock) &&
		    bind_overlaps(other->sock, &u->local, u->v6only))
			break;
	if (!other || is_shared_by_design(other->sock))
		return;
	s = u->share = nc_xcalloc(1, sizeof(*s));
	ref_set(&s->bind, o);
	s->holder = other->bind;
	s->address = u->local;
	s->holder_used = other->used;
	s->related =
	    related(other->program, u->program, &other->bind, &s->bind);
}

void
share_tell_udp(struct nc_model *m, struct udp *u)
{
	struct share *s = u->share;

	u->share = NULL;
	if (s && u->sock && !is_shared_by_design(u->sock))
		tell(m, &s->bind, &s->address, &s->holder, s->related, u->used,
		    s->holder_used);
	free(s);
}
