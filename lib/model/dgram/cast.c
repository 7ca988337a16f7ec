/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams to many: what is sent to groups and broadcast addresses, and who
 * receives it.  Who cannot receive it is in reach.c.
 */
#include "cast.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/port.h"
#include "dgram.h"
#include "find.h"

#define LOG_MIN 16
#define LOG_MAX 1024      /* entries kept of a port */
#define ENTRIES_MAX 16384 /* and of all */
#define STATS_MAX 4096
#define TRIED 256  /* entries looked at */
#define BEHIND 64  /* bits of a place's mask */
#define MEMBERS 64 /* groups of a socket that are kept */

/* A datagram that was sent to many. */
struct cast_entry {
	uint64_t no; /* in its log */
	uint64_t flow, fifo, seq;
	struct nc_host_state *host; /* sender's */
	struct nc_addr source;
	struct cast_stat *stat; /* or NULL */
	struct ref *ref;        /* NULL without a sink */
	bool taken;             /* by somebody */
	uint32_t len;
	uint8_t known;
	char data[64];
};

/* Those of a port, in a ring; no: first <= no < next. */
struct cast_log {
	struct cast_entry **ring;
	unsigned size; /* a power of two */
	uint64_t first, next;
};

static struct cast_log *
log_of(const struct nc_model *m, uint16_t port)
{
	return port ? nc_map_get(&m->groups, port) : NULL;
}

bool
cast_at(const struct nc_model *m, uint16_t port)
{
	return log_of(m, port) != NULL;
}

static void
entry_free(struct nc_model *m, struct cast_entry *e)
{
	struct flow *f = nc_map_get(&m->flows, e->flow);

	if (!e->taken && f) {
		f->outstanding--;
		flow_settle(m, f);
	}
	free(e->ref);
	free(e);
	m->nentries--;
}

static void
drop_oldest(struct nc_model *m, struct cast_log *l)
{
	entry_free(m, l->ring[l->first++ & (l->size - 1)]);
}

static void
widen(struct cast_log *l)
{
	unsigned size = l->size ? 2 * l->size : LOG_MIN;
	struct cast_entry **ring =
	    nc_xcalloc(size, sizeof(struct cast_entry *));
	uint64_t i;

	for (i = l->first; i < l->next; i++)
		ring[i & (size - 1)] = l->ring[i & (l->size - 1)];
	free(l->ring);
	l->ring = ring;
	l->size = size;
}

/* What a host sent to an address is summed up to the end. */
static struct cast_stat *
stat_get(struct offer *o, const struct nc_addr *to)
{
	struct nc_model *m = o->m;
	uint64_t key = key_of(
	    5, (uint64_t)o->host->index << 16 | to->port, nc_addr_hash_ip(to));
	struct cast_stat *s = nc_map_get(&m->casts, key);

	if (s || !m->sink || m->casts.n >= STATS_MAX)
		return s;
	s = nc_xcalloc(1, sizeof(*s));
	s->host = o->host;
	s->to = *to;
	ref_set(&s->first, o);
	s->first_seq = m->seq;
	nc_map_put(&m->casts, key, s);
	if (m->last_cast)
		m->last_cast->next = s;
	else
		m->first_cast = s;
	m->last_cast = s;
	return s;
}

static void
stat_add(struct offer *o, struct cast_stat *s, const struct flow *f)
{
	const struct cast_sock *c = o->sock->cast;

	s->late_seq[s->sent++ % CAST_ENOUGH] = o->m->seq;
	s->source = f->source;
	if (!c)
		return;
	s->no_loop += c->no_loop;
	s->ttl0 += c->ttl_set && c->ttl == 0;
	s->far += c->ttl_set && c->ttl > 1;
	if (c->interface.family) {
		s->interface = c->interface;
		s->by_interface++;
	}
}

void
cast_send(struct offer *o, struct flow *f, uint64_t n)
{
	const struct nc_call *call = o->call;
	struct nc_model *m = o->m;
	struct cast_log *l = log_of(m, f->destination.port);
	struct cast_entry *e = nc_xcalloc(1, sizeof(*e));
	size_t known = call->data.len < n ? call->data.len : (size_t)n, i;

	if (!l) {
		l = nc_xcalloc(1, sizeof(*l));
		nc_map_put(&m->groups, f->destination.port, l);
	}
	if (l->next - l->first == l->size && l->size < LOG_MAX)
		widen(l);
	if (l->next - l->first == l->size ||
	    (m->nentries >= ENTRIES_MAX && l->next > l->first))
		drop_oldest(m, l);
	e->no = l->next;
	l->ring[l->next++ & (l->size - 1)] = e;
	m->nentries++;
	e->flow = f->key;
	e->fifo = f->sent;
	e->seq = m->seq;
	e->host = o->host;
	e->source = f->source;
	e->len = (uint32_t)n;
	if (call->runs.p)
		known = 0;
	e->known = (uint8_t)(known < sizeof(e->data) ? known : sizeof(e->data));
	if (e->known)
		memcpy(e->data, call->data.p, e->known);
	if (m->sink) {
		e->ref = nc_xcalloc(1, sizeof(*e->ref));
		ref_set(e->ref, o);
	}
	f->outstanding++;
	if ((e->stat = stat_get(o, &f->destination)))
		stat_add(o, e->stat, f);
	for (i = 0; i < m->nhosts; i++) {
		if (!port_get(m, m->hosts[i], true, f->destination.port, false))
			continue;
		fire(m,
		    key_of(
			KEY_DGRAM_ANY, m->hosts[i]->index, f->destination.port),
		    0);
	}
}

/* Options */

static struct cast_sock *
cast_sock(struct sock *s)
{
	if (!s->cast)
		s->cast = nc_xcalloc(1, sizeof(*s->cast));
	return s->cast;
}

void
cast_sock_free(struct cast_sock *c)
{
	struct cast_member *g, *next;

	for (g = c ? c->members : NULL; g; g = next) {
		next = g->next;
		free(g);
	}
	free(c);
}

/* Of groups, the host's sockets join together. */
static struct cast_join *
join_get(struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *group, bool make)
{
	uint64_t key = key_of(6, h->index, nc_addr_hash_ip(group));
	struct cast_join *j = nc_map_get(&m->joins, key);

	if (j || !make)
		return j;
	j = nc_xcalloc(1, sizeof(*j));
	nc_map_put(&m->joins, key, j);
	return j;
}

const struct cast_join *
cast_joined(const struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *group)
{
	return nc_map_get(
	    &m->joins, key_of(6, h->index, nc_addr_hash_ip(group)));
}

static void
join(struct offer *o)
{
	struct cast_sock *c = cast_sock(o->sock);
	struct cast_member *g;
	struct cast_join *j;

	o->sock->joined = true;
	/* The trace does not show which one. */
	if (!o->step->peer.family) {
		c->unknown = true;
		return;
	}
	if (c->nmembers == MEMBERS) {
		c->unknown = true;
		return;
	}
	g = nc_xcalloc(1, sizeof(*g));
	g->group = o->step->peer;
	g->interface = o->step->local;
	g->next = c->members;
	c->members = g;
	c->nmembers++;
	j = join_get(o->m, o->host, &g->group, true);
	j->times++;
	j->left = false;
	if (!j->call.host)
		ref_set(&j->call, o);
	if (!nc_addr_is_loopback(&g->interface))
		j->outside = true;
}

static void
leave(struct offer *o)
{
	struct cast_sock *c = cast_sock(o->sock);
	struct cast_member **at = &c->members, *g;
	struct cast_join *j = join_get(o->m, o->host, &o->step->peer, false);

	for (; (g = *at); at = &g->next)
		if (nc_addr_same_ip(&g->group, &o->step->peer))
			break;
	if (!g)
		return;
	*at = g->next;
	c->nmembers--;
	free(g);
	if (j && j->times > 0 && --j->times == 0) {
		j->left = true;
		j->left_seq = o->m->seq;
	}
}

static bool
begins(struct nc_bytes name, const char *with)
{
	size_t n = strlen(with);

	return name.len >= n && memcmp(name.p, with, n) == 0;
}

void
cast_option(struct offer *o)
{
	struct nc_bytes name = o->call->option;
	struct sock *s = o->sock;
	int64_t v = o->call->value;

	if (begins(name, "IP_ADD_") || begins(name, "IPV6_ADD_MEMBERSHIP") ||
	    begins(name, "MCAST_JOIN_") || begins(name, "IPV6_JOIN_GROUP"))
		join(o);
	else if (begins(name, "IP_DROP_") || begins(name, "IPV6_DROP_MEMB") ||
	    begins(name, "MCAST_LEAVE_") || begins(name, "IPV6_LEAVE_GROUP"))
		leave(o);
	else if (nc_str_eq(name, "IP_MULTICAST_IF"))
		cast_sock(s)->interface = o->step->local;
	else if (v == NC_NIL)
		return;
	else if (nc_str_eq(name, "IP_MULTICAST_LOOP") ||
	    nc_str_eq(name, "IPV6_MULTICAST_LOOP"))
		cast_sock(s)->no_loop = v == 0;
	else if (nc_str_eq(name, "IP_MULTICAST_ALL"))
		cast_sock(s)->only_own = v == 0;
	else if (nc_str_eq(name, "IP_MULTICAST_TTL") ||
	    nc_str_eq(name, "IPV6_MULTICAST_HOPS")) {
		cast_sock(s)->ttl_set = v >= 0;
		cast_sock(s)->ttl = v;
	}
}

bool
cast_is_option(const char *name)
{
	static const char *const names[] = { "IP_ADD_", "IP_DROP_", "MCAST_",
		"IPV6_ADD_MEMB", "IPV6_DROP_MEMB", "IPV6_JOIN_GROUP",
		"IPV6_LEAVE_GROUP", "IP_MULTICAST_", "IPV6_MULTICAST_" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

/* Receiving */

static bool
fits(struct offer *o, const struct cast_entry *e, const struct nc_addr *from,
    uint64_t n, bool cut)
{
	const struct nc_call *call = o->call;
	size_t k = call->data.len < e->known ? call->data.len : e->known;

	if (cut ? e->len <= n : e->len != n)
		return false;
	if (call->runs.p || o->host->key != e->host->key)
		k = 0;
	if (k > n)
		k = (size_t)n;
	if (k && memcmp(call->data.p, e->data, k) != 0)
		return false;
	if (!from->family)
		return true;
	if (e->source.port && e->source.port != from->port)
		return false;
	return host_owning(o->m, o->host, from) == e->host;
}

static struct cast_entry *
find(struct offer *o, const struct cast_log *l, const struct nc_addr *from,
    uint64_t n, bool cut)
{
	const struct cast_sock *c = o->sock->cast;
	uint64_t next = c && c->next > l->first ? c->next : l->first, i;
	int tried = 0;

	for (i = next; i < l->next && tried < TRIED; i++, tried++)
		if (fits(o, l->ring[i & (l->size - 1)], from, n, cut))
			return l->ring[i & (l->size - 1)];
	/* Overtaken ones. */
	for (i = 1; c && i <= BEHIND && i <= next - l->first; i++) {
		struct cast_entry *e = l->ring[(next - i) & (l->size - 1)];

		if (!(c->taken >> (i - 1) & 1) && fits(o, e, from, n, cut))
			return e;
	}
	return NULL;
}

struct cast_entry *
cast_find(struct offer *o, const struct nc_addr *from, uint64_t n, bool *cut)
{
	const struct cast_log *l = log_of(o->m, o->sock->local.port);
	struct cast_entry *e;

	if (!l)
		return NULL;
	*cut = false;
	e = find(o, l, from, n, false);
	if (!e && dgram_may_be_cut(o->call, n)) {
		e = find(o, l, from, n, true);
		*cut = e != NULL;
	}
	return e;
}

static void
mark(struct cast_sock *c, uint64_t no)
{
	if (no >= c->next) {
		uint64_t ahead = no + 1 - c->next;

		c->taken = ahead >= BEHIND ? 0 : c->taken << ahead;
		c->taken |= 1;
		c->next = no + 1;
	} else if (c->next - no <= BEHIND) {
		c->taken |= UINT64_C(1) << (c->next - no - 1);
	}
}

static void
stat_got(struct cast_stat *s, const struct offer *o)
{
	size_t i;

	for (i = 0; i < s->ngot; i++)
		if (s->got[i].host == o->host &&
		    s->got[i].socket == o->sock->number)
			return;
	if (s->ngot == CAST_GOT) {
		s->many = true;
		return;
	}
	s->got[s->ngot].host = o->host;
	s->got[s->ngot++].socket = o->sock->number;
}

static void
tell_cut(struct offer *o, const struct cast_entry *e)
{
	bool peek = o->call->flags != NC_NIL &&
	    (o->call->flags & NC_MSG_PEEK) != 0;
	struct dev d;

	if (!dev_open(&d, o, DEV_DGRAM_TRUNCATED, "dgram_recv"))
		return;
	dev_peer(&d, e->host, &e->source);
	dev_int(&d, "datagram", e->len);
	dev_int(&d, "buffer", o->call->asked);
	dev_int(&d, "peeked", peek);
	/* The rest of it stays there. */
	if (peek)
		d.rec.severity = nc_str("info");
	dev_cause(&d, e->ref);
	dev_close(&d);
}

void
cast_take(struct offer *o, struct cast_entry *e, uint64_t n, bool cut)
{
	const struct nc_call *call = o->call;
	int64_t flags = call->flags == NC_NIL ? 0 : call->flags;
	struct flow *f = nc_map_get(&o->m->flows, e->flow);

	if (cut && !(flags & NC_MSG_TRUNC))
		tell_cut(o, e);
	if (flags & NC_MSG_PEEK)
		return;
	mark(cast_sock(o->sock), e->no);
	if (e->stat)
		stat_got(e->stat, o);
	host_heard(o->host, e->host, e->seq);
	o->m->received += n;
	if (o->host->key == e->host->key)
		o->m->compared += call->data.len < n ? call->data.len : n;
	/* The sender's own host hears it as well, and is not meant. */
	if (f && (!f->to_host || f->to_host == f->host)) {
		f->to_host = o->host;
		f->receiver_number = o->sock->number;
	}
	if (e->taken)
		return;
	/* For the flow's sums the first receiver stands for all. */
	e->taken = true;
	if (!f)
		return;
	f->outstanding--;
	if (!f->received)
		ref_set(&f->first_recv, o);
	ref_set(&f->last_recv, o);
	f->received++;
	f->bytes_received += n;
	f->compared += call->data.len < n ? call->data.len : n;
	if (e->len > f->max_received)
		f->max_received = e->len;
	f->match = MATCH_EXACT;
	flow_settle(o->m, f);
}

void
cast_free(struct nc_model *m)
{
	struct nc_slot *slot;
	struct cast_stat *s;
	size_t at = 0;

	while ((slot = nc_map_next(&m->groups, &at))) {
		struct cast_log *l = slot->value;

		while (l->first < l->next)
			drop_oldest(m, l);
		free(l->ring);
		free(l);
	}
	nc_map_fini(&m->groups);
	while ((s = m->first_cast)) {
		m->first_cast = s->next;
		free(s);
	}
	m->last_cast = NULL;
	nc_map_fini(&m->casts);
	nc_map_free(&m->joins);
}
