/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A host as its traces show it: its sockets, epoll instances, addresses.
 */
#include "machine.h"

#include "../redact/wire.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

struct nc_machine *
nc_machine_new(const char *name)
{
	struct nc_machine *h = nc_xcalloc(1, sizeof(*h));

	h->name = nc_xstrdup(name);
	h->name_len = strlen(name);
	h->orphans.end = &h->orphans.first;
	return h;
}

/* Gives up what messages hold, without a word: the traces are over. */
static void
forget_messages(struct nc_machine *h, struct nc_message **list)
{
	struct nc_message *m;
	size_t i;

	while ((m = *list) != NULL) {
		*list = m->next;
		for (i = 0; i < m->n; i++) {
			if (m->sock[i] == NULL)
				continue;
			m->sock[i]->refs--;
			nc_sock_free_unused(h, m->sock[i]);
		}
		free(m);
	}
}

void
nc_machine_free(struct nc_machine *h)
{
	struct nc_slot *slot;
	struct nc_queue *q;
	size_t pos = 0, i;

	if (h == NULL)
		return;
	while ((slot = nc_map_next(&h->queues, &pos)) != NULL) {
		q = slot->value;
		forget_messages(h, &q->first);
		free(q);
	}
	forget_messages(h, &h->orphans.first);
	for (i = 0; i < NC_RETIRED; i++)
		if (h->retired[i] != NULL) {
			h->retired[i]->kept--;
			nc_sock_free_unused(h, h->retired[i]);
		}
	nc_machine_sweep(h);
	nc_map_fini(&h->inodes);
	nc_map_fini(&h->pairs);
	nc_map_fini(&h->threads);
	nc_map_fini(&h->files);
	free(h->born);
	nc_map_fini(&h->bound);
	nc_map_fini(&h->queues);
	nc_map_fini(&h->names);
	nc_map_fini(&h->missed);
	nc_map_fini(&h->addresses);
	free(h->name);
	free(h);
}

struct nc_sock *
nc_sock_new(struct nc_machine *h, enum nc_object object)
{
	struct nc_sock *s = nc_xcalloc(1, sizeof(*s));

	s->object = object;
	s->id = object == NC_OBJECT_EPOLL ? ++h->epolls :
	    object == NC_OBJECT_PIDFD     ? 0 :
					    ++h->sockets;
	return s;
}

static void
free_registrations(struct nc_sock *s)
{
	struct nc_slot *slot;
	size_t pos = 0;

	while ((slot = nc_map_next(&s->by_fd, &pos)) != NULL)
		free(slot->value);
	nc_map_fini(&s->by_fd);
	nc_map_fini(&s->by_data);
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
	first = nc_map_get(&h->bound, key);
	for (p = &first; *p != NULL && *p != s; p = &(*p)->next_bound)
		;
	if (*p == s)
		*p = s->next_bound;
	if (first != NULL)
		nc_map_put(&h->bound, key, first);
	else
		nc_map_del(&h->bound, key);
	s->bound.family = 0;
}

static void
unset_name(struct nc_machine *h, struct nc_sock *s)
{
	if (s->name_key != 0 && nc_map_get(&h->names, s->name_key) == s)
		nc_map_del(&h->names, s->name_key);
	if (s->callers != NULL)
		free(s->callers->list);
	free(s->callers);
}

static bool
in_use(const struct nc_sock *s)
{
	return s->refs > 0 || s->pins > 0 || s->kept > 0 || s->release != NULL;
}

/*
 * Files of one process's tasks that are read one after another: what one of
 * them closed another may use in lines that have not been read.
 */
static void
retire(struct nc_machine *h, struct nc_sock *s)
{
	struct nc_sock **place = &h->retired[h->nretired++ % NC_RETIRED];
	struct nc_sock *oldest = *place;

	s->retired = true;
	s->kept++;
	*place = s;
	if (oldest == NULL)
		return;
	oldest->kept--;
	nc_sock_free_unused(h, oldest);
}

void
nc_sock_free_unused(struct nc_machine *h, struct nc_sock *s)
{
	if (in_use(s) || s->unused)
		return;
	if (h->files.n > 0 && !s->retired && s->inode != 0) {
		retire(h, s);
		return;
	}
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
		unset_name(h, s);
		if (s->inode != 0 && nc_map_get(&h->inodes, s->inode) == s)
			nc_map_del(&h->inodes, s->inode);
		free_registrations(s);
		nc_wire_unref(s->wire);
		free(s);
	}
}

void
nc_sock_set_inode(struct nc_machine *h, struct nc_sock *s, uint64_t inode)
{
	s->inode = inode;
	nc_map_put(&h->inodes, inode, s);
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
	nc_map_put(&h->pairs, pair_key(&s->local, &s->peer), s);
	s->paired = true;
}

void
nc_sock_unset_pair(struct nc_machine *h, struct nc_sock *s)
{
	uint64_t key;

	if (!s->paired)
		return;
	key = pair_key(&s->local, &s->peer);
	if (nc_map_get(&h->pairs, key) == s)
		nc_map_del(&h->pairs, key);
	s->paired = false;
}

struct nc_sock *
nc_sock_of_pair(struct nc_machine *h, const struct nc_addr *local,
    const struct nc_addr *peer)
{
	struct nc_sock *s = nc_map_get(&h->pairs, pair_key(local, peer));

	if (s == NULL || s->refs + s->kept == 0 ||
	    !nc_addr_same(&s->local, local) || !nc_addr_same(&s->peer, peer))
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
	s->next_bound = nc_map_get(&h->bound, key);
	nc_map_put(&h->bound, key, s);
}

struct nc_sock *
nc_sock_of_bound(struct nc_machine *h, const struct nc_addr *local, bool stream)
{
	struct nc_sock *s, *found = NULL;

	s = nc_map_get(&h->bound, bound_key(local, stream));
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
	struct nc_registration *r = nc_map_get(&ep->by_fd, (uint64_t)fd);

	if (r == NULL)
		return;
	if (nc_map_get(&ep->by_data, r->data) == r)
		nc_map_del(&ep->by_data, r->data);
	nc_map_del(&ep->by_fd, (uint64_t)fd);
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
	other = nc_map_get(&ep->by_data, data);
	if (other != NULL) {
		/* Programs that store no descriptor: cannot be told apart. */
		other->shared = true;
		r->shared = true;
	}
	nc_map_put(&ep->by_fd, (uint64_t)fd, r);
	nc_map_put(&ep->by_data, data, r);
}

struct nc_message *
nc_machine_pass(struct nc_machine *h, uint64_t to, size_t n)
{
	struct nc_queue *q = nc_map_get(&h->queues, to);
	struct nc_message *m =
	    nc_xcalloc(1, sizeof(*m) + n * sizeof(m->sock[0]));

	if (q == NULL) {
		q = nc_xcalloc(1, sizeof(*q));
		q->end = &q->first;
		nc_map_put(&h->queues, to, q);
	}
	m->n = n;
	m->queue = q;
	*q->end = m;
	q->end = &m->next;
	return m;
}

struct nc_message *
nc_machine_message(struct nc_machine *h, uint64_t to)
{
	struct nc_queue *q = nc_map_get(&h->queues, to);

	if (q == NULL || q->first == NULL)
		q = nc_map_get(&h->queues, 0);
	return q != NULL ? q->first : NULL;
}

void
nc_machine_forget(struct nc_message *m)
{
	struct nc_queue *q = m->queue;
	struct nc_message **p;

	/* Nearly always the first; else one of a call that failed. */
	for (p = &q->first; *p != NULL; p = &(*p)->next) {
		if (*p != m)
			continue;
		*p = m->next;
		if (m->next == NULL)
			q->end = p;
		break;
	}
	free(m);
}

void
nc_machine_close_queue(struct nc_machine *h, uint64_t to)
{
	struct nc_queue *q = to != 0 ? nc_map_get(&h->queues, to) : NULL;
	struct nc_message *m;

	if (q == NULL)
		return;
	for (m = q->first; m != NULL; m = m->next)
		m->queue = &h->orphans;
	if (q->first != NULL) {
		*h->orphans.end = q->first;
		h->orphans.end = q->end;
	}
	nc_map_del(&h->queues, to);
	free(q);
}
