/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which UNIX sockets are connected to each other.
 */
#include "local.h"

#include "util.h"

#include <string.h>

/* Connects that nobody accepted: more are forgotten. */
#define CALLERS_MAX 65536
/* Names of a host that a connect failed to: others are not looked for. */
#define MISSED_MAX 4096

uint64_t
nc_local_inode(struct nc_trace *t, struct nc_sock *s)
{
	if (s->inode == 0)
		nc_sock_set_inode(t->machine, s, UINT64_MAX - (uint64_t)s->id);
	return s->inode;
}

/* A key of the name, as it is written; 0 where there is none. */
static uint64_t
key_of(struct nc_text address)
{
	struct nc_sockaddr sa;
	uint64_t key;

	if (nc_sockaddr_parse(address, &sa) < 0 || sa.path.p == NULL)
		return 0;
	key =
	    nc_hash(sa.path.p, (size_t)(sa.path.end - sa.path.p), sa.abstract);
	return key != 0 ? key : 1;
}

void
nc_local_bound(struct nc_trace *t, struct nc_sock *s, struct nc_text address)
{
	uint64_t key = key_of(address);

	if (key == 0 || s->name_key != 0)
		return;
	s->name_key = key;
	nc_map_put(&t->machine->names, key, s);
}

void
nc_local_connecting(
    struct nc_trace *t, struct nc_op *op, struct nc_text address)
{
	uint64_t key = key_of(address);
	struct nc_sock *l = key != 0 ? nc_map_get(&t->machine->names, key) :
				       NULL;
	struct nc_callers *c;

	if (l == NULL || l->refs == 0)
		return;
	if (l->callers == NULL)
		l->callers = nc_xcalloc(1, sizeof(*l->callers));
	c = l->callers;
	if (c->first > 0 && c->first * 2 >= c->n) {
		c->n -= c->first;
		memmove(c->list, c->list + c->first, c->n * sizeof(*c->list));
		c->first = 0;
	}
	if (c->n >= CALLERS_MAX)
		return;
	c->list = nc_grow(c->list, c->n, &c->cap, sizeof(*c->list));
	c->list[c->n].name = nc_local_inode(t, op->sock);
	c->list[c->n++].pid = op->pid;
	/* At the other end is who made the listener. */
	op->sock->pid = l->pid;
}

bool
nc_local_returned(struct nc_trace *t, struct nc_text address, bool failed)
{
	struct nc_map *missed = &t->machine->missed;
	uint64_t key = failed || missed->n > 0 ? key_of(address) : 0;

	if (key != 0 && failed && missed->n < MISSED_MAX)
		nc_map_put(missed, key, t->machine);
	return failed || (key != 0 && nc_map_get(missed, key) != NULL);
}

void
nc_local_accepted(
    struct nc_trace *t, struct nc_sock *listener, struct nc_sock *s)
{
	struct nc_callers *c = listener->callers;
	struct nc_caller *caller;
	struct nc_sock *peer;

	if (c == NULL || c->first == c->n)
		return;
	caller = &c->list[c->first++];
	s->pid = caller->pid;
	/* Where annotations tell the peer they know better. */
	if (s->unix_peer != 0)
		return;
	s->unix_peer = caller->name;
	peer = nc_map_get(&t->machine->inodes, caller->name);
	if (peer != NULL && peer->unix_peer == 0)
		peer->unix_peer = nc_local_inode(t, s);
}
