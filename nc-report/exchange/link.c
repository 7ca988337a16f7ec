/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which connection or datagram flow each call is of, as nc-model has found it
 * out from their sockets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "exchange.h"
#include "util.h"

/* How many connections of a socket a connect may have skipped. */
#define SKIPPED 8

/* The links of each socket while they are looked up. */
struct finder {
	struct exchange *x;
	uint32_t *head, *tail; /* connections of a socket, in their order */
	uint32_t *only_in;     /* the one flow that a socket receives */
	struct table out, in;  /* (address, socket) -> flow */
};

static int
by_number(const void *a, const void *b)
{
	const struct exchange_link *p = a, *q = b;

	return p->connection->connection < q->connection->connection ?
	    -1 :
	    p->connection->connection > q->connection->connection;
}

static struct exchange_link *
link_add(struct exchange *x)
{
	struct exchange_link *l;

	x->links =
	    nc_grow(x->links, x->nlinks, &x->links_cap, sizeof(*x->links));
	l = &x->links[x->nlinks++];
	memset(l, 0, sizeof(*l));
	l->opener = l->next = EXCHANGE_NONE;
	return l;
}

/* Connections in the order of their numbers, then the flows. */
static void
make_links(struct exchange *x)
{
	struct exchange_link *l;

	for (size_t i = 0; i < x->c.connections.n; i++) {
		const struct nc_connection *k = x->c.connections.v[i];

		l = link_add(x);
		l->connection = k;
		l->socket[0] =
		    exchange_socket_of(x, k->client_host, k->client_socket);
		l->socket[1] =
		    exchange_socket_of(x, k->server_host, k->server_socket);
	}
	if (x->nlinks > 1)
		qsort(x->links, x->nlinks, sizeof(*x->links), by_number);
	for (size_t i = 0; i < x->c.flows.n; i++) {
		const struct nc_flow *f = x->c.flows.v[i];

		l = link_add(x);
		l->flow = f;
		l->socket[0] =
		    exchange_socket_of(x, f->sender_host, f->sender_socket);
		l->socket[1] =
		    exchange_socket_of(x, f->receiver_host, f->receiver_socket);
	}
}

/* One way to write an address; what is none stays as it is. */
static struct nc_bytes
canonical(struct nc_bytes address, char buf[NC_ADDR_TEXT])
{
	struct nc_addr a;

	if (address.p == NULL || nc_addr_parse(address.p, address.len, &a) < 0)
		return address;
	if (nc_addr_is_v4(&a))
		a.family = 4;
	return nc_str(nc_addr_print_port(&a, buf));
}

/* Its port alone, for a sender that is bound to no address of its own. */
static struct nc_bytes
port_of(struct nc_bytes address, char buf[NC_ADDR_TEXT])
{
	struct nc_addr a;

	if (address.p == NULL || nc_addr_parse(address.p, address.len, &a) < 0)
		return nc_str(NULL);
	snprintf(buf, NC_ADDR_TEXT, "port %u", a.port);
	return nc_str(buf);
}

static void
flow_enter(struct finder *f, struct table *t, struct nc_bytes key,
    uint32_t socket, uint32_t link)
{
	struct table_entry *e;

	if (socket == EXCHANGE_NONE || key.p == NULL)
		return;
	e = table_get(t, key, socket);
	if (e->value == NULL)
		e->value = &f->x->links[link];
}

static void
enter_links(struct finder *f)
{
	struct exchange *x = f->x;
	char buf[NC_ADDR_TEXT];
	uint32_t s;

	for (uint32_t i = 0; i < x->nlinks; i++) {
		const struct exchange_link *l = &x->links[i];

		for (int side = 0; side < 2; side++) {
			s = l->socket[side];
			if (l->connection == NULL || s == EXCHANGE_NONE)
				continue;
			if (f->head[s] == EXCHANGE_NONE)
				f->head[s] = i;
			else if (side == 0 && f->tail[s] != i)
				x->links[f->tail[s]].next = i;
			f->tail[s] = i;
		}
		if (l->flow == NULL)
			continue;
		flow_enter(f, &f->out, canonical(l->flow->destination, buf),
		    l->socket[0], i);
		flow_enter(f, &f->in, canonical(l->flow->source, buf),
		    l->socket[1], i);
		flow_enter(
		    f, &f->in, port_of(l->flow->source, buf), l->socket[1], i);
		s = l->socket[1];
		if (s != EXCHANGE_NONE)
			f->only_in[s] = f->only_in[s] == EXCHANGE_NONE ?
			    i :
			    EXCHANGE_NONE - 1;
	}
}

/*
 * True if the call is the connect that nc-model counted as the opener; one
 * that took effect before its end may be known by its entry, or not at all.
 */
static bool
is_opener(const struct exchange_link *l, const struct exchange_call *k)
{
	int64_t line = nc_find_int(l->connection->facts, "client_line");

	return line == NC_NIL || line == k->line || line == k->entry;
}

/* The connection that a connect opens: this one or one soon after it. */
static uint32_t
opened_by(struct exchange *x, uint32_t link, uint32_t call)
{
	uint32_t l = link;

	for (int i = 0; i < SKIPPED && l != EXCHANGE_NONE; i++) {
		if (x->links[l].opener == EXCHANGE_NONE &&
		    is_opener(&x->links[l], &x->calls[call])) {
			x->links[l].opener = call;
			return l;
		}
		l = x->links[l].next;
	}
	return link;
}

static void
give_connection(struct finder *f, const struct exchange_socket *s)
{
	struct exchange *x = f->x;
	uint32_t socket = (uint32_t)(s - x->sockets), link = f->head[socket];

	if (s->maker != EXCHANGE_NONE) {
		x->calls[s->maker].link = link;
		x->calls[s->maker].side = SIDE_LISTENER;
	}
	for (uint32_t i = 0; i < s->n; i++) {
		struct exchange_call *k = &x->calls[x->by_socket[s->first + i]];

		if (k->way == WAY_TAKE)
			continue;
		if (k->way == WAY_OPEN)
			link = opened_by(x, link, x->by_socket[s->first + i]);
		k->link = link;
		k->side = x->links[link].socket[0] == socket ? SIDE_FIRST :
							       SIDE_SECOND;
	}
}

static uint32_t
flow_of(struct finder *f, const struct exchange_call *k, uint32_t peer)
{
	const struct exchange *x = f->x;
	struct nc_bytes address =
	    nc_str(peer != EXCHANGE_NONE ? x->names[peer] : NULL);
	const struct table_entry *e;
	char buf[NC_ADDR_TEXT];

	e = table_find(k->way == WAY_SEND ? &f->out : &f->in,
	    canonical(address, buf), k->socket);
	if (e == NULL && k->way == WAY_RECV && address.p != NULL)
		e = table_find(&f->in, port_of(address, buf), k->socket);
	if (e != NULL)
		return (uint32_t)((struct exchange_link *)e->value - x->links);
	return k->way == WAY_RECV && f->only_in[k->socket] < x->nlinks ?
	    f->only_in[k->socket] :
	    EXCHANGE_NONE;
}

static void
give_flows(struct finder *f, const struct exchange_socket *s)
{
	struct exchange *x = f->x;
	uint32_t connected = EXCHANGE_NONE;

	for (uint32_t i = 0; i < s->n; i++) {
		struct exchange_call *k = &x->calls[x->by_socket[s->first + i]];

		if (k->way == WAY_OPEN && k->error == EXCHANGE_NONE)
			connected = k->peer;
		if ((k->way != WAY_SEND && k->way != WAY_RECV) ||
		    k->result == NC_NIL || k->result < 0)
			continue;
		k->link = flow_of(
		    f, k, k->peer != EXCHANGE_NONE ? k->peer : connected);
		k->side = k->way == WAY_SEND ? SIDE_FIRST : SIDE_SECOND;
	}
}

/* Gives every call the connection or flow that it belongs to. */
static void
give_links(struct exchange *x)
{
	size_t size = (size_t)x->nsockets + 1;
	struct finder f = { .x = x };

	f.head = nc_xreallocarray(NULL, size, sizeof(*f.head));
	f.tail = nc_xreallocarray(NULL, size, sizeof(*f.tail));
	f.only_in = nc_xreallocarray(NULL, size, sizeof(*f.only_in));
	memset(f.head, 0xff, size * sizeof(*f.head));
	memset(f.tail, 0xff, size * sizeof(*f.tail));
	memset(f.only_in, 0xff, size * sizeof(*f.only_in));
	enter_links(&f);
	for (uint32_t i = 0; i < x->nsockets; i++)
		if (f.head[i] != EXCHANGE_NONE)
			give_connection(&f, &x->sockets[i]);
		else
			give_flows(&f, &x->sockets[i]);
	table_fini(&f.out, NULL);
	table_fini(&f.in, NULL);
	free(f.head);
	free(f.tail);
	free(f.only_in);
}

/* The calls of each end of each link, in order. */
static void
index_links(struct exchange *x)
{
	uint32_t total = 0;

	for (uint32_t i = 0; i < x->ncalls; i++) {
		const struct exchange_call *k = &x->calls[i];

		if (k->link != EXCHANGE_NONE && k->side < SIDE_LISTENER)
			x->links[k->link].n[k->side]++;
	}
	for (uint32_t i = 0; i < x->nlinks; i++)
		for (int side = 0; side < 2; side++) {
			x->links[i].first[side] = total;
			total += x->links[i].n[side];
			x->links[i].n[side] = 0;
		}
	x->by_link = nc_xcalloc((size_t)total + 1, sizeof(*x->by_link));
	for (uint32_t i = 0; i < x->ncalls; i++) {
		const struct exchange_call *k = &x->calls[i];
		struct exchange_link *l;

		if (k->link == EXCHANGE_NONE || k->side >= SIDE_LISTENER)
			continue;
		l = &x->links[k->link];
		x->by_link[l->first[k->side] + l->n[k->side]++] = i;
	}
}

void
exchange_find_links(struct exchange *x)
{
	make_links(x);
	give_links(x);
	index_links(x);
}
