/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which call received what which other one sent.
 *
 * The bytes of a connection are counted along its calls, and the datagrams of
 * a flow are paired by length and first bytes.  It is for pictures: nothing is
 * concluded from it.
 */
#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "util.h"

/* How far datagrams overtake one another. */
#define WINDOW 64

static bool
is_name(const struct exchange *x, uint32_t name, const char *text)
{
	return name != EXCHANGE_NONE && strcmp(x->names[name], text) == 0;
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

	if ((k->how & (HOW_PEEK | HOW_ERRQUEUE)) != 0 && k->way == WAY_RECV)
		return 0;
	/* The urgent byte goes past the others. */
	if ((k->how & HOW_OOB) != 0 && n > 0)
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
	return nc_find_int(side == 0 ? k->to_server : k->to_client, "lost") > 0;
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
	uint64_t n;

	while (counted && (out.left > 0 || walk_next(&out)) &&
	    (in.left > 0 || walk_next(&in))) {
		n = out.left < in.left ? out.left : in.left;
		message(x,
		    (struct exchange_message){ out.call, in.call, link,
			MESSAGE_DATA, (uint8_t)side, false, n });
		out.left -= n;
		in.left -= n;
	}
	for (; in.left > 0 || walk_next(&in); in.left = 0)
		message(x,
		    (struct exchange_message){ EXCHANGE_NONE, in.call, link,
			MESSAGE_DATA, (uint8_t)side, false, in.left });
	for (; out.left > 0 || walk_next(&out); out.left = 0)
		message(x,
		    (struct exchange_message){ out.call, EXCHANGE_NONE, link,
			MESSAGE_DATA, (uint8_t)side,
			counted && is_lossy(l, side), out.left });
}

bool
exchange_notices_end(const struct exchange *x, const struct exchange_call *k)
{
	if (k->way == WAY_RECV && k->result == 0 && (k->how & HOW_NOTHING) == 0)
		return true;
	return (k->way == WAY_RECV || k->way == WAY_SEND) &&
	    (is_name(x, k->error, "ECONNRESET") ||
		is_name(x, k->error, "EPIPE"));
}

static bool
is_opened(const struct exchange_link *l)
{
	return nc_str_eq(l->connection->opened, "connected");
}

static void
match_end(struct exchange *x, uint32_t link, int side)
{
	const struct exchange_link *l = &x->links[link];
	uint32_t from = EXCHANGE_NONE, to = EXCHANGE_NONE;
	int other = receiving(l, side);

	/* What was never connected says goodbye to nobody. */
	if (!is_opened(l) && l->n[other] == 0)
		return;
	for (uint32_t i = 0; i < l->n[side] && from == EXCHANGE_NONE; i++)
		if (x->calls[x->by_link[l->first[side] + i]].way == WAY_END)
			from = x->by_link[l->first[side] + i];
	for (uint32_t i = 0; i < l->n[other] && to == EXCHANGE_NONE; i++)
		if (exchange_notices_end(
			x, &x->calls[x->by_link[l->first[other] + i]]))
			to = x->by_link[l->first[other] + i];
	message(x,
	    (struct exchange_message){
		from, to, link, MESSAGE_END, (uint8_t)side, false, 0 });
}

static void
match_open(struct exchange *x, uint32_t link)
{
	const struct exchange_link *l = &x->links[link];
	uint32_t taken = l->socket[1] != EXCHANGE_NONE ?
	    x->sockets[l->socket[1]].maker :
	    EXCHANGE_NONE;

	message(x,
	    (struct exchange_message){ l->opener, taken, link, MESSAGE_OPEN, 0,
		taken == EXCHANGE_NONE && !is_opened(l), 0 });
}

/* What tells a datagram from others: its first bytes, as far as known. */
struct head {
	uint8_t n;
	char bytes[EXCHANGE_HEAD];
};

/* The datagrams of a flow while they are matched. */
struct datagrams {
	struct exchange *x;
	uint32_t link;
	struct head *out, *in; /* of the calls of either end, in by_link */
	uint32_t *free_below;  /* see last_free */
	bool *matched;         /* those received */
	bool loosely;          /* on the way their bytes were changed */
};

static struct head *
heads_of(const struct exchange *x, const struct exchange_link *l, int side)
{
	struct head *heads = nc_xcalloc((size_t)l->n[side] + 1, sizeof(*heads));

	for (uint32_t i = 0; i < l->n[side]; i++) {
		struct nc_bytes data =
		    exchange_data(x, &x->calls[x->by_link[l->first[side] + i]]);

		heads[i].n = (uint8_t)(data.len < EXCHANGE_HEAD ?
			data.len :
			EXCHANGE_HEAD);
		memcpy(heads[i].bytes, data.p, heads[i].n);
	}
	return heads;
}

/* Number j of those sent, number i of those received: by length and bytes. */
static bool
is_same_datagram(const struct datagrams *d, uint32_t j, uint32_t i)
{
	const struct exchange *x = d->x;
	const struct exchange_link *l = &x->links[d->link];
	const struct exchange_call *out =
	    &x->calls[x->by_link[l->first[0] + j]];
	const struct exchange_call *in = &x->calls[x->by_link[l->first[1] + i]];
	const struct head *a = &d->out[j], *b = &d->in[i];

	if (out->result != in->result &&
	    !((in->how & HOW_FULL) != 0 && out->result > in->result))
		return false;
	return d->loosely ||
	    memcmp(a->bytes, b->bytes, a->n < b->n ? a->n : b->n) == 0;
}

static void
datagram(struct exchange *x, uint32_t link, uint32_t from, uint32_t to)
{
	const struct exchange_call *k =
	    &x->calls[from != EXCHANGE_NONE ? from : to];

	message(x,
	    (struct exchange_message){ from, to, link, MESSAGE_DATA, 0,
		to == EXCHANGE_NONE && is_lossy(&x->links[link], 0),
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

/* The last one sent, of the first n, that is like number i received. */
static uint32_t
sender_of(const struct datagrams *d, uint32_t i, uint32_t n)
{
	uint32_t j = last_free(d->free_below, n);

	for (int k = 0; k < WINDOW && j > 0; k++) {
		if (is_same_datagram(d, j - 1, i))
			return j - 1;
		j = last_free(d->free_below, j - 1);
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
match_received(struct datagrams *d)
{
	struct exchange *x = d->x;
	const struct exchange_link *l = &x->links[d->link];
	const uint32_t *in = x->by_link + l->first[1];

	for (uint32_t i = l->n[1]; i > 0; i--) {
		uint32_t call = in[i - 1], j;

		if (d->matched[i - 1])
			continue;
		j = sender_of(d, i - 1, sent_before(x, l, call));
		if (j == EXCHANGE_NONE)
			continue;
		d->matched[i - 1] = true;
		d->free_below[j + 1] = j;
		datagram(x, d->link, x->by_link[l->first[0] + j], call);
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
	struct datagrams d = { .x = x,
		.link = link,
		.out = heads_of(x, l, 0),
		.in = heads_of(x, l, 1),
		.free_below = nc_xcalloc((size_t)n + 1, sizeof(uint32_t)),
		.matched = nc_xcalloc((size_t)m + 1, sizeof(bool)) };

	for (uint32_t j = 0; j <= n; j++)
		d.free_below[j] = j;
	for (uint32_t i = 0; i < m; i++)
		d.matched[i] = (x->calls[x->by_link[l->first[1] + i]].how &
				   (HOW_PEEK | HOW_ERRQUEUE)) != 0;
	match_received(&d);
	d.loosely = true;
	match_received(&d);
	for (uint32_t i = 0; i < m; i++)
		if (!d.matched[i])
			datagram(x, link, EXCHANGE_NONE,
			    x->by_link[l->first[1] + i]);
	for (uint32_t j = 0; j < n; j++)
		if (d.free_below[j + 1] == j + 1)
			datagram(x, link, x->by_link[l->first[0] + j],
			    EXCHANGE_NONE);
	free(d.out);
	free(d.in);
	free(d.free_below);
	free(d.matched);
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
