/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Hosts: their names, addresses, translations, what they have heard of each
 * other, and the end of their traces.
 */
#include "../offer.h"

#include <string.h>

#include "../socket/guess.h"
#include "../stream/conn.h"
#include "../untraced.h"

#define AT_END_NS 1000000000 /* a program takes so long to end */
#define AT_END_LINES 100

static bool
is_named(const struct nc_host_state *h, struct nc_bytes name)
{
	return h && h->name_len == name.len &&
	    memcmp(h->name, name.p, name.len) == 0;
}

struct nc_host_state *
host_named(struct nc_model *m, struct nc_bytes name)
{
	size_t i =
	    name.len ? (unsigned char)name.p[name.len - 1] % NAMED_HOSTS : 0;
	struct nc_host_state *h = m->named[i];

	if (is_named(h, name))
		return h;
	h = nc_map_get(&m->by_name, nc_hash(name.p, name.len, 1));
	if (!is_named(h, name))
		return NULL;
	m->named[i] = h;
	return h;
}

static uint64_t
addr_key(const struct nc_addr *a)
{
	return nc_addr_hash_ip(a);
}

struct nc_host_state *
host_owning(struct nc_model *m, const struct nc_host_state *from,
    const struct nc_addr *a)
{
	if (nc_addr_is_loopback(a) || nc_addr_is_wildcard(a))
		return from ? m->hosts[from->index] : NULL;
	return nc_map_get(&m->by_addr, addr_key(a));
}

bool
host_declared_as(const struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *from)
{
	const struct nat *n = nc_map_get(&m->nat_public, nc_addr_hash_ip(from));

	while (n && (n->host != h || !nc_addr_same_ip(&n->public_, from)))
		n = n->next;
	return n != NULL;
}

struct lane *
host_lane(struct nc_host_state *h, int64_t trace)
{
	size_t i;

	if (trace < 0 || trace > 1 << 20)
		trace = 0;
	if ((size_t)trace >= h->nlanes) {
		h->lanes = nc_xreallocarray(
		    h->lanes, (size_t)trace + 1, sizeof(*h->lanes));
		for (i = h->nlanes; i <= (size_t)trace; i++)
			h->lanes[i] = (struct lane){
				.host = h, .number = (int64_t)i, .done = true
			};
		h->nlanes = (size_t)trace + 1;
	}
	return &h->lanes[trace];
}

struct taken
taken_here(const struct offer *o)
{
	return (struct taken){ o->lane->number + 1, nc_call_at(o->call) };
}

bool
host_done(const struct nc_host_state *h)
{
	return h->lanes_left == 0;
}

void
host_await(struct nc_host_state *h, uint64_t key)
{
	nc_map_put(&h->waits, key, h);
}

void
nc_model_host(struct nc_model *m, const struct nc_host *rec)
{
	struct nc_host_state *h = host_named(m, rec->host);
	struct lane *l;
	uint64_t key;

	if (!h) {
		h = nc_xcalloc(1, sizeof(*h));
		h->name = nc_xstrndup(rec->host.p, rec->host.len);
		h->name_len = strlen(h->name);
		h->index = (unsigned)m->nhosts;
		h->first_time = NC_NIL;
		m->hosts = nc_grow(
		    m->hosts, m->nhosts, &m->hostcap, sizeof(*m->hosts));
		m->hosts[m->nhosts++] = h;
		nc_map_put(
		    &m->by_name, nc_hash(rec->host.p, rec->host.len, 1), h);
		m->undeclared++;
	}
	key = rec->redacted.p ?
	    nc_hash(rec->redacted.p, rec->redacted.len, 2) | 1 :
	    0;
	if (!h->nlanes)
		h->key = key;
	else if (h->key != key)
		h->key = 2 * (h->index + UINT64_C(1)); /* nobody else's */
	/* A call is written when it returns, not before. */
	if (nc_str_eq(rec->dialect, "truss-freebsd"))
		h->waits_hidden = true;
	if (nc_str_eq(rec->dialect, "truss-freebsd") ||
	    nc_str_eq(rec->dialect, "strace-freebsd") ||
	    nc_str_eq(rec->dialect, "kdump"))
		h->bsd = true;
	if (nc_str_eq(rec->dialect, "strace"))
		h->linux_kernel = true;
	l = host_lane(h, rec->trace);
	if (rec->lane != NC_NIL)
		l->number = rec->lane;
	l->of_thread = rec->thread != NC_NIL;
	h->apart = h->apart || rec->parent != NC_NIL;
	if (l->done) {
		l->done = false;
		h->lanes_left++;
	}
}

void
host_learn(struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a,
    bool declared)
{
	if (a->family == 0 || nc_addr_is_loopback(a) ||
	    nc_addr_is_wildcard(a) || nc_addr_is_multicast(a) ||
	    nc_addr_is_broadcast(a))
		return;
	if (nc_map_get(&m->by_addr, addr_key(a)))
		return;
	nc_map_put(&m->by_addr, addr_key(a), h);
	/* Whoever was a stranger there is none any more. */
	nc_map_del(&m->external, addr_key(a));
	h->addrs = nc_grow(h->addrs, h->naddrs, &h->addrcap, sizeof(*h->addrs));
	h->addrs[h->naddrs++] = *a;
	h->known = true;
	if (declared && !h->declared) {
		h->declared = true;
		m->undeclared--;
	}
}

void
host_told(struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a,
    bool declared)
{
	struct nc_host_state *owner = nc_map_get(&m->by_addr, addr_key(a));

	if (owner == h)
		nc_map_del(&m->guessed, addr_key(a));
	else if (owner)
		guess_revoke_address(m, owner, a);
	host_learn(m, h, a, declared);
}

void
host_forget(
    struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a)
{
	size_t i;

	if (!h || nc_map_get(&m->by_addr, addr_key(a)) != h)
		return;
	nc_map_del(&m->by_addr, addr_key(a));
	for (i = 0; i < h->naddrs; i++)
		if (nc_addr_same_ip(&h->addrs[i], a))
			h->addrs[i--] = h->addrs[--h->naddrs];
	h->known = h->naddrs > 0;
}

void
nc_model_address(struct nc_model *m, const struct nc_address *rec)
{
	struct nc_host_state *h = host_named(m, rec->host);
	struct nc_addr a;

	if (h && nc_addr_parse(rec->address.p, rec->address.len, &a) == 0)
		host_told(m, h, &a, nc_str_eq(rec->source, "hosts"));
}

void
nc_model_nat(struct nc_model *m, const struct nc_nat *rec)
{
	struct nc_host_state *h = host_named(m, rec->host);
	struct nat *n;
	struct nc_addr from, to;

	if (!h || nc_addr_parse(rec->private_.p, rec->private_.len, &from) ||
	    nc_addr_parse(rec->public_.p, rec->public_.len, &to))
		return;
	n = nc_xcalloc(1, sizeof(*n));
	n->host = h;
	n->private_ = from;
	n->public_ = to;
	n->next = nc_map_get(&m->nat_public, addr_key(&to));
	nc_map_put(&m->nat_public, addr_key(&to), n);
}

/* Nothing more comes from the host: wake those who waited for it. */
static void
host_over(struct nc_model *m, struct nc_host_state *h)
{
	struct nc_slot *slot;
	const struct conn *c;
	size_t at = 0;

	/* It has no waiters: fire. */
	if (m->sink)
		return;
	for (c = m->open; c; c = c->all_next)
		if (c->ep[0] && c->port && c->port->host == h)
			fire(m, key_of(KEY_RX, c->ep[0]->id, 0), NC_AT_END);
	while ((slot = nc_map_next(&h->socks, &at))) {
		struct sock *s = slot->value;
		struct ep *peer;

		if (s->listener)
			fire(m, key_of(KEY_RELEASE, s->listener->port->id, 0),
			    NC_AT_END);
		if (!s->ep)
			continue;
		peer = ep_peer(s->ep);
		if (peer)
			fire(m, key_of(KEY_RX, peer->id, 0), NC_AT_END);
	}
	/* Whoever waits for this host to accept or to answer. */
	fire(m, key_of(KEY_CONN, h->index, 1), NC_AT_END);
	at = 0;
	while ((slot = nc_map_next(&h->waits, &at)))
		fire(m, slot->key, NC_AT_END);
	nc_map_fini(&h->waits);
}

/*
 * Options or tracers that took calls away; without details they are whole.
 * plain: those that read and write files as well count, too.
 */
static bool
hides_calls(struct nc_bytes hidden, bool plain)
{
	static const char *const details[] = { "times", "descriptor details",
		"payload redacted", "entry times", "option values",
		"readiness results", "payload without -r and -w",
		"received payload", "addresses in results", "close_range" };
	struct nc_cursor c = nc_cursor(hidden);
	size_t n = nc_cursor_array(&c), i;

	while (n--) {
		struct nc_bytes what = nc_cursor_str(&c);
		bool detail = !plain && nc_str_eq(what, "read, write, close");

		for (i = 0; i < sizeof(details) / sizeof(details[0]); i++)
			detail = detail || nc_str_eq(what, details[i]);
		if (!detail)
			return true;
	}
	return false;
}

void
nc_model_end(struct nc_model *m, const struct nc_end *rec)
{
	struct nc_host_state *h = host_named(m, rec->host);
	struct lane *l;

	if (!h)
		return;
	l = host_lane(h, rec->trace);
	if (l->done)
		return;
	l->done = true;
	l->cut = rec->cut == 1;
	h->cut |= l->cut;
	if (rec->cut == 1 || rec->late > 0 || rec->unfollowed > 0 ||
	    rec->rejected > 0 || hides_calls(rec->hidden, false) ||
	    untraced_hides(h))
		h->uncertain = h->omits = true;
	else if (hides_calls(rec->hidden, true))
		h->uncertain = true;
	if (--h->lanes_left == 0)
		host_over(m, h);
}

bool
host_ends_with(const struct nc_host_state *h, const struct ref *call)
{
	if (h->last_time != NC_NIL && call->time != NC_NIL)
		return h->last_time - call->time <= AT_END_NS;
	return h->last_line - call->line <= AT_END_LINES;
}

bool
host_has_heard(const struct nc_host_state *h, const struct nc_host_state *from)
{
	return from->index < h->nheard && h->heard[from->index] > 0;
}

void
host_heard(
    struct nc_host_state *h, const struct nc_host_state *from, uint64_t seq)
{
	if (from->index >= h->nheard) {
		size_t n = from->index + 1, i;

		h->heard = nc_xreallocarray(h->heard, n, sizeof(*h->heard));
		for (i = h->nheard; i < n; i++)
			h->heard[i] = 0;
		h->nheard = n;
	}
	if (h->heard[from->index] < seq)
		h->heard[from->index] = seq;
}
