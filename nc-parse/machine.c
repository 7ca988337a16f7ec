/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A host as its traces show it: its sockets, epoll instances, addresses.
 */
#include "machine.h"

#include "util.h"

#include <stdlib.h>
#include <string.h>

struct nc_machine *
nc_machine_new(const char *name)
{
	struct nc_machine *h = nc_xcalloc(1, sizeof(*h));

	h->name = nc_xstrdup(name);
	h->passed_end = &h->passed;
	return h;
}

void
nc_machine_free(struct nc_machine *h)
{
	struct nc_passed *p;

	if (h == NULL)
		return;
	while ((p = h->passed) != NULL) {
		h->passed = p->next;
		if (p->sock != NULL) {
			p->sock->refs--;
			nc_sock_free_unused(h, p->sock);
		}
		free(p);
	}
	nc_machine_sweep(h);
	nc_table_fini(&h->inodes);
	nc_table_fini(&h->pairs);
	nc_table_fini(&h->bound);
	nc_map_fini(&h->addresses);
	free(h->name);
	free(h);
}

struct nc_sock *
nc_sock_new(struct nc_machine *h, enum nc_object object)
{
	struct nc_sock *s = nc_xcalloc(1, sizeof(*s));

	s->object = object;
	s->id = object == NC_OBJECT_EPOLL ? ++h->epolls : ++h->sockets;
	return s;
}

static void
free_registrations(struct nc_sock *s)
{
	struct nc_table_slot *slot;
	size_t pos = 0;

	while ((slot = nc_table_next(&s->by_fd, &pos)) != NULL)
		free(slot->value);
	nc_table_fini(&s->by_fd);
	nc_table_fini(&s->by_data);
}

static uint64_t
bound_key(const struct nc_addr *local, bool stream)
{
	return nc_hash(
	    local->ip, sizeof(local->ip), local->port + (stream ? 65536u : 0u));
}

static void
unset_bound(struct nc_machine *h, struct nc_sock *s)
{
	struct nc_sock *first, **p;
	uint64_t key;

	if (s->bound.family == 0)
		return;
	key = s->bound_key;
	first = nc_table_get(&h->bound, key);
	for (p = &first; *p != NULL && *p != s; p = &(*p)->next_bound)
		;
	if (*p == s)
		*p = s->next_bound;
	if (first != NULL)
		nc_table_set(&h->bound, key, first);
	else
		nc_table_del(&h->bound, key);
	s->bound.family = 0;
}

static bool
in_use(const struct nc_sock *s)
{
	return s->refs > 0 || s->pins > 0 || s->release != NULL;
}

void
nc_sock_free_unused(struct nc_machine *h, struct nc_sock *s)
{
	if (in_use(s) || s->unused)
		return;
	s->unused = true;
	s->next_unused = h->unused;
	h->unused = s;
}

void
nc_machine_sweep(struct nc_machine *h)
{
	struct nc_sock *s;

	while ((s = h->unused) != NULL) {
		h->unused = s->next_unused;
		s->unused = false;
		if (in_use(s))
			continue;
		nc_sock_unset_pair(h, s);
		unset_bound(h, s);
		if (s->inode != 0 && nc_table_get(&h->inodes, s->inode) == s)
			nc_table_del(&h->inodes, s->inode);
		free_registrations(s);
		free(s);
	}
}

void
nc_sock_set_inode(struct nc_machine *h, struct nc_sock *s, uint64_t inode)
{
	s->inode = inode;
	nc_table_set(&h->inodes, inode, s);
}

static uint64_t
pair_key(const struct nc_addr *local, const struct nc_addr *peer)
{
	uint64_t key;

	key = nc_hash(local->ip, sizeof(local->ip), local->port);
	return nc_hash(peer->ip, sizeof(peer->ip), key + peer->port);
}

void
nc_sock_set_pair(struct nc_machine *h, struct nc_sock *s)
{
	nc_sock_unset_pair(h, s);
	if (s->local.family == 0 || s->peer.family == 0)
		return;
	nc_table_set(&h->pairs, pair_key(&s->local, &s->peer), s);
	s->paired = true;
}

void
nc_sock_unset_pair(struct nc_machine *h, struct nc_sock *s)
{
	uint64_t key;

	if (!s->paired)
		return;
	key = pair_key(&s->local, &s->peer);
	if (nc_table_get(&h->pairs, key) == s)
		nc_table_del(&h->pairs, key);
	s->paired = false;
}

struct nc_sock *
nc_sock_of_pair(struct nc_machine *h, const struct nc_addr *local,
    const struct nc_addr *peer)
{
	struct nc_sock *s = nc_table_get(&h->pairs, pair_key(local, peer));

	if (s == NULL || s->refs == 0 || !nc_addr_same(&s->local, local) ||
	    !nc_addr_same(&s->peer, peer))
		return NULL;
	return s;
}

void
nc_sock_set_bound(
    struct nc_machine *h, struct nc_sock *s, const struct nc_addr *local)
{
	uint64_t key = bound_key(local, s->stream);

	unset_bound(h, s);
	if (local->port == 0)
		return;
	s->bound = *local;
	s->bound_key = key;
	s->next_bound = nc_table_get(&h->bound, key);
	nc_table_set(&h->bound, key, s);
}

struct nc_sock *
nc_sock_of_bound(struct nc_machine *h, const struct nc_addr *local, bool stream)
{
	struct nc_sock *s, *found = NULL;

	s = nc_table_get(&h->bound, bound_key(local, stream));
	for (; s != NULL; s = s->next_bound) {
		if (s->refs == 0 || s->stream != stream ||
		    !nc_addr_same(&s->bound, local))
			continue;
		if (found != NULL)
			return NULL;
		found = s;
	}
	return found;
}

bool
nc_sock_relevant(const struct nc_sock *s)
{
	return s->object == NC_OBJECT_INET || s->object == NC_OBJECT_UNKNOWN;
}

bool
nc_machine_learn(struct nc_machine *h, const struct nc_addr *a)
{
	if (a->family == 0 || nc_addr_is_wildcard(a) ||
	    nc_addr_is_loopback(a) || nc_addr_is_multicast(a) ||
	    nc_addr_is_broadcast(a))
		return false;
	return nc_map_put(&h->addresses, nc_addr_hash_ip(a), h) == NULL;
}

void
nc_epoll_del(struct nc_sock *ep, int fd)
{
	struct nc_registration *r = nc_table_get(&ep->by_fd, (uint64_t)fd);

	if (r == NULL)
		return;
	if (nc_table_get(&ep->by_data, r->data) == r)
		nc_table_del(&ep->by_data, r->data);
	nc_table_del(&ep->by_fd, (uint64_t)fd);
	free(r);
}

void
nc_epoll_set(struct nc_sock *ep, int fd, const struct nc_sock *s, uint64_t data)
{
	struct nc_registration *r, *other;

	nc_epoll_del(ep, fd);
	r = nc_xcalloc(1, sizeof(*r));
	r->fd = fd;
	r->data = data;
	if (s != NULL) {
		r->socket = s->id;
		r->relevant = nc_sock_relevant(s);
	}
	if (r->relevant)
		ep->has_sockets = true;
	other = nc_table_get(&ep->by_data, data);
	if (other != NULL) {
		/* Programs that store no descriptor: cannot be told apart. */
		other->shared = true;
		r->shared = true;
	}
	nc_table_set(&ep->by_fd, (uint64_t)fd, r);
	nc_table_set(&ep->by_data, data, r);
}

void
nc_machine_pass(struct nc_machine *h, struct nc_sock *s, uint64_t to,
    int64_t tid, int64_t entry)
{
	struct nc_passed *p = nc_xcalloc(1, sizeof(*p));

	p->sock = s;
	p->to = to;
	p->tid = tid;
	p->entry = entry;
	if (s != NULL)
		s->refs++;
	*h->passed_end = p;
	h->passed_end = &p->next;
}

static bool
unlink_passed(struct nc_machine *h, struct nc_passed **pp, struct nc_sock **s)
{
	struct nc_passed *p = *pp;

	if (p == NULL)
		return false;
	*pp = p->next;
	if (p->next == NULL)
		h->passed_end = pp;
	*s = p->sock;
	free(p);
	return true;
}

bool
nc_machine_take(struct nc_machine *h, uint64_t to, struct nc_sock **s)
{
	struct nc_passed **pp, *p;

	for (pp = &h->passed; (p = *pp) != NULL; pp = &p->next)
		if (p->to == 0 || to == 0 || p->to == to)
			break;
	return unlink_passed(h, pp, s);
}

bool
nc_machine_recall(
    struct nc_machine *h, int64_t tid, int64_t entry, struct nc_sock **s)
{
	struct nc_passed **pp, *p;

	for (pp = &h->passed; (p = *pp) != NULL; pp = &p->next)
		if (p->tid == tid && p->entry == entry)
			break;
	return unlink_passed(h, pp, s);
}
