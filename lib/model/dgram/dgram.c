/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams under way.
 *
 * An outstanding datagram is found by receiving host, port, length and first
 * bytes; by port or host alone where a trace shows less.
 */
#include "dgram.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../host/program.h"
#include "../offer.h"
#include "../socket/port.h"
#include "../socket/share.h"
#include "../stream/transfer.h"
#include "../wait.h"
#include "cast.h"
#include "doubt.h"
#include "overrun.h"

#define HASHED 16 /* bytes that go into the key */
#define OUTSTANDING_MAX 65536
#define GONE_MAX 4096 /* receivers that are kept after their release */

struct port *
local_port(struct offer *o)
{
	uint16_t n = o->step->local.port ? o->step->local.port :
					   o->sock->local.port;

	return n ? port_get(o->m, o->host, true, n, true) : NULL;
}

uint64_t
content_key(const struct port *p, uint64_t len, const char *data, size_t known)
{
	size_t n = len < HASHED ? (size_t)len : HASHED;

	return key_of(1, p->id ^ len, known >= n ? nc_hash(data, n, 3) : 0);
}

static void
list_add(struct nc_model *m, int which, uint64_t key, struct dgram *d)
{
	struct dgram_list *l = nc_map_get(&m->dgrams[which], key);

	if (!l) {
		l = nc_xcalloc(1, sizeof(*l));
		l->key = key;
		nc_map_put(&m->dgrams[which], key, l);
	}
	d->in[which] = l;
	d->prev[which] = l->last;
	d->next[which] = NULL;
	if (l->last)
		l->last->next[which] = d;
	else
		l->first = d;
	l->last = d;
}

static void
list_del(struct nc_model *m, int which, struct dgram *d)
{
	struct dgram_list *l = d->in[which];

	if (d->prev[which])
		d->prev[which]->next[which] = d->next[which];
	else
		l->first = d->next[which];
	if (d->next[which])
		d->next[which]->prev[which] = d->prev[which];
	else
		l->last = d->prev[which];
	if (!l->first) {
		nc_map_del(&m->dgrams[which], l->key);
		free(l);
	}
}

void
dgram_del(struct nc_model *m, struct dgram *d)
{
	int i;

	for (i = 0; i < DGRAM_LISTS; i++)
		list_del(m, i, d);
	d->flow->outstanding--;
	m->ndgrams--;
	free(d->ref);
	free(d);
}

const struct dgram_list *
list_get(const struct nc_model *m, int which, uint64_t key)
{
	return nc_map_get(&m->dgrams[which], key);
}

uint64_t
host_key(const struct nc_host_state *h)
{
	return key_of(2, h ? h->index + 1 : 0, 0);
}

void
udp_free(struct nc_model *m, struct udp *u)
{
	gone_take(&m->gone_udps, &u->gone);
	free(u->share);
	program_unref(u->program);
	cast_sock_free(u->cast);
	overrun_free(u->overrun);
	free(u);
}

/* Nobody is going to receive it. */
static void
retire(struct nc_model *m, struct dgram *d)
{
	struct flow *f = d->flow;

	count_lost(m, f, d);
	f->retired++;
	dgram_del(m, d);
	flow_settle(m, f);
}

bool
dgram_retire_oldest(struct nc_model *m)
{
	const struct dgram_list *l = list_get(m, BY_AGE, 1);

	if (l)
		retire(m, l->first);
	return l != NULL;
}

/* What may tell one receiver's reach from another's. */
static unsigned
reach(const struct udp *u)
{
	return 1u << ((nc_addr_is_v4(&u->local) ? 4 : 0) +
		   (nc_addr_is_loopback(&u->local) ? 2 : 0) +
		   (nc_addr_is_wildcard(&u->local) ? 1 : 0));
}

/* Of the released receivers of a port the last of each reach matters. */
static void
prune(struct nc_model *m, struct port *p)
{
	struct udp **at = &p->receivers, *u;
	unsigned kept = 0;

	while ((u = *at)) {
		if (!u->released || u->flows || !(kept & reach(u))) {
			kept |= u->released ? reach(u) : 0;
			at = &u->next;
			continue;
		}
		*at = u->next;
		udp_free(m, u);
	}
}

/* Who asks for the port finds nobody who ever had it. */
static void
forget(struct nc_model *m, struct udp *u)
{
	struct port *p = u->port;
	struct udp **at = &p->receivers;

	while (*at && *at != u)
		at = &(*at)->next;
	if (*at)
		*at = u->next;
	udp_free(m, u);
	if (!p->receivers)
		dgram_forget_copies(m, p);
}

static bool
is_held(const struct port *p)
{
	const struct udp *u = p->receivers;

	while (u && u->released)
		u = u->next;
	return u != NULL;
}

/* What was sent to those that went long ago is lost. */
static void
trim(struct nc_model *m)
{
	const struct dgram_list *l;
	struct gone *oldest;
	struct udp *u;

	while ((oldest = gone_beyond(&m->gone_udps, GONE_MAX))) {
		u = gone_of(oldest, struct udp);
		while (!is_held(u->port) &&
		    (l = list_get(m, BY_PORT, u->port->id)))
			retire(m, l->first);
		/* Its flows may be sent on. */
		if (u->flows) {
			gone_put(&m->gone_udps, &u->gone);
			return;
		}
		forget(m, u);
	}
}

void
udp_gone(struct nc_model *m, struct udp *u)
{
	gone_put(&m->gone_udps, &u->gone);
	prune(m, u->port);
	trim(m);
}

void
dgram_unbound(struct nc_model *m, struct sock *s)
{
	struct udp *u = s->udp;

	share_tell_udp(m, u);
	u->released = true;
	u->released_seq = m->seq;
	u->epoll = NULL;
	u->sock = NULL;
	s->udp = NULL;
	udp_gone(m, u);
}

void
dgram_bound(struct nc_model *m, struct sock *s)
{
	struct port *p = port_get(m, s->host, true, s->local.port, true);
	struct udp *u;

	if (s->udp && s->udp->port == p) {
		s->udp->local = s->local;
		s->udp->inferred = false;
		return;
	}
	if (s->udp)
		dgram_unbound(m, s);
	u = nc_xcalloc(1, sizeof(*u));
	u->sock = s;
	u->had_peer = s->peer.family != 0;
	u->host = s->host;
	u->port = p;
	u->local = s->local;
	u->v6only = s->v6only;
	u->late = s->late;
	/* Bound by its first use, which the trace may show only later. */
	u->bound_seq = s->made_seq;
	u->number = s->number;
	u->epoll = s->epoll;
	u->wait = s->wait;
	u->next = p->receivers;
	p->receivers = u;
	p->unseen = false;
	s->udp = u;
}

void
dgram_released(struct offer *o, struct sock *s)
{
	struct udp *u = s->udp;

	share_tell_udp(o->m, u);
	u->released = true;
	u->sock = NULL;
	u->released_seq = o->m->seq;
	u->rcvbuf = s->rcvbuf;
	u->cast = s->cast;
	s->cast = NULL;
	ref_set(&u->release, o);
	s->udp = NULL;
	u->wait = *wait_last(s);
	u->epoll = NULL;
	flow_receiver_gone(o->m, u);
	fire(o->m, key_of(KEY_RELEASE, u->port->id, 0), NC_AT_END);
	udp_gone(o->m, u);
}

void
dgram_wake(struct nc_model *m, const struct flow *f)
{
	if (f->port->host) {
		fire(m,
		    key_of(
			KEY_DGRAM_ANY, f->port->host->index, f->port->number),
		    0);
		fire(m, key_of(KEY_DGRAM_ANY, f->port->host->index, 0), 0);
	} else {
		size_t i;

		/* An address that may turn out to be any undeclared host's. */
		for (i = 0; i < m->nhosts; i++)
			fire(m,
			    key_of(KEY_DGRAM_ANY, m->hosts[i]->index,
				f->port->number),
			    0);
	}
}

size_t
dgram_shown(const struct nc_call *call, uint64_t len)
{
	struct nc_cursor runs = nc_cursor(call->runs);
	size_t n = call->data.len;
	int64_t first;

	if (call->runs.p) {
		if (nc_cursor_array(&runs) == 0)
			return 0;
		first = nc_cursor_int(&runs);
		if (first < 0)
			return 0;
		if ((uint64_t)first < n)
			n = (size_t)first;
	}
	return n < len ? n : (size_t)len;
}

void
put_under_way(struct offer *o, struct flow *f, uint64_t len)
{
	const struct nc_call *call = o->call;
	struct nc_model *m = o->m;
	struct dgram *d = nc_xcalloc(1, sizeof(*d));
	size_t known = dgram_shown(call, len);

	d->flow = f;
	d->fifo = f->sent;
	d->seq = m->seq;
	d->time = call->time;
	d->thread = call->thread;
	d->asked = d->answered = NC_NIL;
	if (o->sock->heard.from && o->sock->heard.from == f->to_host) {
		d->asked = o->sock->heard.sent;
		d->answered = o->sock->heard.came;
		d->question = o->sock->heard.flow;
	}
	d->len = (uint32_t)len;
	d->known = (uint8_t)(known < sizeof(d->data) ? known : sizeof(d->data));
	if (d->known)
		memcpy(d->data, call->data.p, d->known);
	flow_repeats(f, d);
	if (m->sink) {
		d->ref = nc_xcalloc(1, sizeof(*d->ref));
		ref_set(d->ref, o);
	}
	list_add(
	    m, BY_CONTENT, content_key(f->port, len, call->data.p, known), d);
	list_add(m, BY_PORT, f->port->id, d);
	list_add(m, BY_HOST, host_key(f->port->host), d);
	list_add(m, BY_AGE, 1, d);
	f->outstanding++;
	if (++m->ndgrams > OUTSTANDING_MAX)
		dgram_retire_oldest(m);
	dgram_wake(m, f);
}

bool
dgram_waiting(struct nc_model *m, const struct sock *s)
{
	const struct port *p = s->local.port ?
	    port_get(m, s->host, true, s->local.port, false) :
	    NULL;
	struct port *outside;

	if (s->joined)
		return true;
	if (s->peer.family && !host_owning(m, s->host, &s->peer) &&
	    !m->undeclared)
		return true;
	if (!p)
		return list_get(m, BY_HOST, host_key(s->host)) != NULL;
	if (list_get(m, BY_PORT, p->id) || cast_at(m, s->local.port))
		return true;
	outside = s->host->declared ?
	    NULL :
	    port_get(m, NULL, true, s->local.port, false);
	return outside && list_get(m, BY_PORT, outside->id);
}

void
dgram_free(struct nc_model *m)
{
	const struct dgram_list *l;
	struct nc_slot *slot;
	size_t at = 0;
	int i;

	while ((l = list_get(m, BY_AGE, 1)))
		dgram_del(m, l->first);
	for (i = 0; i < DGRAM_LISTS; i++)
		nc_map_fini(&m->dgrams[i]);
	flows_finish(m);
	nc_map_fini(&m->flows);
	nc_map_free(&m->udp_nat);
	while ((slot = nc_map_next(&m->recent, &at))) {
		free(((struct recent *)slot->value)->v);
		free(slot->value);
	}
	nc_map_fini(&m->recent);
	dgram_ahead_free(m);
	doubt_free(m);
}
