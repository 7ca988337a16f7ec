/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which call received what which other one sent.
 *
 * nc-model has found out which sockets belong together and how many bytes
 * each got; here the bytes of a connection are counted along its calls, and
 * the datagrams of a flow are paired by length and first bytes.  It is for
 * pictures: nothing is concluded from it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "exchange.h"
#include "util.h"

/* Linux numbers, as the records have them. */
#define MSG_OOB_BIT 0x1u
#define MSG_PEEK_BIT 0x2u
#define MSG_ERRQUEUE_BIT 0x2000u

/* How far datagrams overtake one another. */
#define WINDOW 64

/* How many connections of a socket a connect may have skipped. */
#define SKIPPED 8

/* The links of each socket while they are looked up. */
struct finder {
	struct exchange *x;
	uint32_t *head, *tail; /* connections of a socket, in their order */
	uint32_t *only_in;     /* the one flow that a socket receives */
	struct table out, in;  /* (address, socket) -> flow */
};

static bool
is_name(const struct exchange *x, uint32_t name, const char *text)
{
	return name != EXCHANGE_NONE && strcmp(x->names[name], text) == 0;
}

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
	int64_t line = map_int(l->connection->facts, "client_line");

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

static void
message(struct exchange *x, struct exchange_message m)
{
	if (m.from == EXCHANGE_NONE && m.to == EXCHANGE_NONE)
		return;
	x->messages = nc_grow(
	    x->messages, x->nmessages, &x->messages_cap, sizeof(*x->messages));
	x->messages[x->nmessages++] = m;
}

uint64_t
exchange_moved(const struct exchange_call *k)
{
	uint64_t n =
	    k->result != NC_NIL && k->result > 0 ? (uint64_t)k->result : 0;

	if ((k->flags & (MSG_PEEK_BIT | MSG_ERRQUEUE_BIT)) != 0 &&
	    k->way == WAY_RECV)
		return 0;
	/* The urgent byte goes past the others. */
	if ((k->flags & MSG_OOB_BIT) != 0 && n > 0)
		n = k->way == WAY_RECV ? 0 : n - 1;
	return n;
}

/* The calls of one way of an end, one after the other. */
struct walk {
	const struct exchange *x;
	const struct exchange_link *l;
	int side;
	enum exchange_way way;
	uint32_t i;    /* next in by_link */
	uint32_t call; /* the current one, or EXCHANGE_NONE */
	uint64_t left; /* of its bytes */
};

static bool
walk_next(struct walk *w)
{
	while (w->i < w->l->n[w->side]) {
		uint32_t call = w->x->by_link[w->l->first[w->side] + w->i++];
		const struct exchange_call *k = &w->x->calls[call];

		if (k->way != w->way || exchange_moved(k) == 0)
			continue;
		w->call = call;
		w->left = exchange_moved(k);
		return true;
	}
	w->call = EXCHANGE_NONE;
	w->left = 0;
	return false;
}

/* Whether nc-model, which knows more, missed something at the other end. */
static bool
is_lossy(const struct exchange_link *l, int side)
{
	const struct nc_connection *k = l->connection;

	if (l->socket[!side] == EXCHANGE_NONE)
		return false;
	if (k == NULL)
		return l->flow->lost > 0;
	return map_int(side == 0 ? k->to_server : k->to_client, "lost") > 0;
}

/* The end that receives; a socket connected to itself has but one. */
static int
receiving(const struct exchange_link *l, int side)
{
	return l->socket[0] == l->socket[1] ? side : !side;
}

/* The bytes one way of a connection, along both ends' calls. */
static void
match_bytes(struct exchange *x, uint32_t link, int side)
{
	const struct exchange_link *l = &x->links[link];
	struct walk out = { x, l, side, WAY_SEND, 0, EXCHANGE_NONE, 0 };
	struct walk in = { x, l, receiving(l, side), WAY_RECV, 0, EXCHANGE_NONE,
		0 };
	bool counted = l->connection->elastic == NC_NIL ||
	    l->connection->elastic == 0;
	uint64_t at = 0, n;

	while (counted && (out.left > 0 || walk_next(&out)) &&
	    (in.left > 0 || walk_next(&in))) {
		n = out.left < in.left ? out.left : in.left;
		message(x,
		    (struct exchange_message){ MESSAGE_DATA, out.call, in.call,
			link, (uint8_t)side, false, at, n });
		out.left -= n;
		in.left -= n;
		at += n;
	}
	n = at;
	for (; in.left > 0 || walk_next(&in); n += in.left, in.left = 0)
		message(x,
		    (struct exchange_message){ MESSAGE_DATA, EXCHANGE_NONE,
			in.call, link, (uint8_t)side, false, n, in.left });
	for (; out.left > 0 || walk_next(&out); at += out.left, out.left = 0)
		message(x,
		    (struct exchange_message){ MESSAGE_DATA, out.call,
			EXCHANGE_NONE, link, (uint8_t)side,
			counted && is_lossy(l, side), at, out.left });
}

bool
exchange_notices_end(const struct exchange *x, const struct exchange_call *k)
{
	if (k->way == WAY_RECV && k->result == 0 && k->asked != 0)
		return true;
	return (k->way == WAY_RECV || k->way == WAY_SEND) &&
	    (is_name(x, k->error, "ECONNRESET") ||
		is_name(x, k->error, "EPIPE"));
}

static void
match_end(struct exchange *x, uint32_t link, int side)
{
	const struct exchange_link *l = &x->links[link];
	uint32_t from = EXCHANGE_NONE, to = EXCHANGE_NONE;
	int other = receiving(l, side);

	for (uint32_t i = 0; i < l->n[side] && from == EXCHANGE_NONE; i++)
		if (x->calls[x->by_link[l->first[side] + i]].way == WAY_END)
			from = x->by_link[l->first[side] + i];
	for (uint32_t i = 0; i < l->n[other] && to == EXCHANGE_NONE; i++)
		if (exchange_notices_end(
			x, &x->calls[x->by_link[l->first[other] + i]]))
			to = x->by_link[l->first[other] + i];
	message(x,
	    (struct exchange_message){
		MESSAGE_END, from, to, link, (uint8_t)side, false, 0, 0 });
}

static void
match_open(struct exchange *x, uint32_t link)
{
	const struct exchange_link *l = &x->links[link];
	uint32_t taken = l->socket[1] != EXCHANGE_NONE ?
	    x->sockets[l->socket[1]].maker :
	    EXCHANGE_NONE;

	message(x,
	    (struct exchange_message){ MESSAGE_OPEN, l->opener, taken, link, 0,
		taken == EXCHANGE_NONE &&
		    !nc_str_eq(l->connection->opened, "connected"),
		0, 0 });
}

/* By length and first bytes; loosely: on the way its bytes were changed. */
static bool
is_same_datagram(const struct exchange_call *out,
    const struct exchange_call *in, bool loosely)
{
	uint8_t n = out->nhead < in->nhead ? out->nhead : in->nhead;

	if (out->result != in->result &&
	    !(in->result == in->asked && out->result > in->result))
		return false;
	return loosely || n == 0 || memcmp(out->head, in->head, n) == 0;
}

static void
datagram(struct exchange *x, uint32_t link, uint32_t from, uint32_t to)
{
	const struct exchange_call *k =
	    &x->calls[from != EXCHANGE_NONE ? from : to];

	message(x,
	    (struct exchange_message){ MESSAGE_DATA, from, to, link, 0,
		to == EXCHANGE_NONE && is_lossy(&x->links[link], 0), 0,
		(uint64_t)k->result });
}

/*
 * The number of the last datagram below one that is still to arrive, plus 1;
 * 0 if there is none.  Runs of others are passed over at once the next time.
 */
static uint32_t
last_free(uint32_t *free_below, uint32_t below)
{
	uint32_t to = below, next;

	while (free_below[to] != to)
		to = free_below[to];
	for (; free_below[below] != to; below = next) {
		next = free_below[below];
		free_below[below] = to;
	}
	return to;
}

/* The last datagram sent before a call, of the first n, that is like it. */
static uint32_t
sender_of(const struct exchange *x, const struct exchange_link *l,
    uint32_t *free_below, uint32_t call, uint32_t n, bool loosely)
{
	const uint32_t *out = x->by_link + l->first[0];
	uint32_t j = last_free(free_below, n);

	for (int i = 0; i < WINDOW && j > 0; i++) {
		if (is_same_datagram(
			&x->calls[out[j - 1]], &x->calls[call], loosely))
			return j - 1;
		j = last_free(free_below, j - 1);
	}
	return EXCHANGE_NONE;
}

/* How many of a flow's datagrams were sent before a call; by bisection. */
static uint32_t
sent_before(
    const struct exchange *x, const struct exchange_link *l, uint32_t call)
{
	const uint32_t *out = x->by_link + l->first[0];
	uint32_t low = 0, high = l->n[0];

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (out[mid] < call)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Matches those received that are not yet; the last ones first. */
static void
match_received(struct exchange *x, uint32_t link, uint32_t *free_below,
    bool *matched, bool loosely)
{
	const struct exchange_link *l = &x->links[link];
	const uint32_t *in = x->by_link + l->first[1];

	for (uint32_t i = l->n[1]; i > 0; i--) {
		uint32_t call = in[i - 1], j;

		if (matched[i - 1])
			continue;
		j = sender_of(
		    x, l, free_below, call, sent_before(x, l, call), loosely);
		if (j == EXCHANGE_NONE)
			continue;
		matched[i - 1] = true;
		free_below[j + 1] = j;
		datagram(x, link, x->by_link[l->first[0] + j], call);
	}
}

/*
 * The datagrams of a flow, from the last one received: each was the last one
 * sent before it that looks like it.  So no more are unmatched than must be,
 * and those that look alike keep their order.
 */
static void
match_datagrams(struct exchange *x, uint32_t link)
{
	const struct exchange_link *l = &x->links[link];
	uint32_t n = l->n[0], m = l->n[1];
	uint32_t *free_below = nc_xcalloc((size_t)n + 1, sizeof(*free_below));
	bool *matched = nc_xcalloc((size_t)m + 1, sizeof(*matched));

	for (uint32_t j = 0; j <= n; j++)
		free_below[j] = j;
	for (uint32_t i = 0; i < m; i++)
		matched[i] = (x->calls[x->by_link[l->first[1] + i]].flags &
				 (MSG_PEEK_BIT | MSG_ERRQUEUE_BIT)) != 0;
	match_received(x, link, free_below, matched, false);
	match_received(x, link, free_below, matched, true);
	for (uint32_t i = 0; i < m; i++)
		if (!matched[i])
			datagram(x, link, EXCHANGE_NONE,
			    x->by_link[l->first[1] + i]);
	for (uint32_t j = 0; j < n; j++)
		if (free_below[j + 1] == j + 1)
			datagram(x, link, x->by_link[l->first[0] + j],
			    EXCHANGE_NONE);
	free(free_below);
	free(matched);
}

uint32_t
exchange_place(const struct exchange_message *m)
{
	return m->from != EXCHANGE_NONE ? m->from : m->to;
}

static int
by_place(const void *a, const void *b)
{
	const struct exchange_message *p = a, *q = b;
	uint32_t i = exchange_place(p), j = exchange_place(q);

	if (i != j)
		return i < j ? -1 : 1;
	if (p->to != q->to)
		return p->to < q->to ? -1 : 1;
	return p->kind < q->kind ? -1 : p->kind > q->kind;
}

void
exchange_match(struct exchange *x)
{
	make_links(x);
	give_links(x);
	index_links(x);
	for (uint32_t i = 0; i < x->nlinks; i++) {
		if (x->links[i].flow != NULL) {
			match_datagrams(x, i);
			continue;
		}
		match_open(x, i);
		for (int side = 0; side < 2; side++) {
			match_bytes(x, i, side);
			match_end(x, i, side);
			/* A socket connected to itself has one end. */
			if (x->links[i].socket[0] == x->links[i].socket[1])
				break;
		}
	}
	if (x->nmessages > 1)
		qsort(
		    x->messages, x->nmessages, sizeof(*x->messages), by_place);
}
