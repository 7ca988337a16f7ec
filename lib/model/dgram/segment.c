/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams cut and joined by the kernel.
 */
#include "segment.h"

#include "../offer.h"
#include "../socket/port.h"

/* What the kernel cuts one call into, or joins for one (UDP_MAX_SEGMENTS). */
#define PIECES_MAX 128

/* Datagrams looked at for those that were joined. */
#define TRIED 1024

void
segment_size(struct offer *o, int64_t bytes)
{
	o->sock->segment = bytes > 0 && bytes < 65536 ? (uint32_t)bytes : 0;
}

bool
segment_hides(const struct port *source)
{
	return source && source->segmented;
}

/* Bytes [at, at + len) of the offered call's. */
static struct nc_call
piece_of(const struct offer *o, uint64_t at, uint64_t len)
{
	struct nc_call c = *o->call;

	if (at >= c.data.len || o->host->key) {
		/* Redacted bytes depend on their place in the datagram. */
		c.data.len = at == 0 && c.data.p ? c.data.len : 0;
	} else {
		c.data.p += at;
		c.data.len -= at;
	}
	if (c.data.len > len)
		c.data.len = len;
	return c;
}

bool
segment_send(struct offer *o, struct flow *f, uint64_t n)
{
	const struct nc_call *whole = o->call;
	struct port *source = f->source.port ?
	    port_get(o->m, f->host, true, f->source.port, true) :
	    NULL;
	uint64_t size = o->sock->segment, at, len;
	struct nc_call piece;

	if (source && whole->marks != NC_NIL &&
	    (whole->marks & NC_MARK_SEGMENTS))
		source->segmented = true;
	if (segment_hides(source)) {
		source->credit += n;
		source->credit_flow = f->key;
		f->segmented = true;
		dgram_wake(o->m, f);
		return true;
	}
	if (size == 0 || n <= size || n > size * PIECES_MAX)
		return false;
	for (at = 0; at < n; at += len) {
		len = n - at < size ? n - at : size;
		piece = piece_of(o, at, len);
		o->call = &piece;
		f->sent += at > 0;
		put_under_way(o, f, len);
	}
	o->call = whole;
	return true;
}

/*
 * The datagrams of one sender, in the order in which they were sent, that make
 * up n bytes: all are of one length, the last may be shorter.
 */
static size_t
joined(struct offer *o, const struct port *p, const struct nc_addr *from,
    uint64_t n, struct dgram **found)
{
	const struct dgram_list *l = list_get(o->m, BY_PORT, p->id);
	const struct nc_call *whole = o->call;
	struct nc_call piece;
	struct dgram *d;
	uint64_t at = 0;
	size_t k = 0;
	int tried = 0;

	for (d = l ? l->first : NULL;
	     d && at < n && k < PIECES_MAX && tried < TRIED;
	     d = d->next[BY_PORT], tried++) {
		if (d->len > n - at ||
		    (k > 0 &&
			(d->flow != found[0]->flow ||
			    (d->len < found[0]->len && d->len < n - at) ||
			    d->len > found[0]->len)))
			continue;
		piece = piece_of(o, at, d->len);
		o->call = &piece;
		if (dgram_fits(o, d, from, d->len)) {
			at += d->len;
			found[k++] = d;
		}
		o->call = whole;
	}
	return at == n ? k : 0;
}

/* Any n bytes of those that left the port. */
static bool
take_bytes(struct offer *o, struct port *source, uint64_t n)
{
	struct flow *f = nc_map_get(&o->m->flows, source->credit_flow);
	bool peek = o->call->flags != NC_NIL && (o->call->flags & NC_MSG_PEEK);

	if (source->credit < n)
		return false;
	if (peek)
		return true;
	source->credit -= n;
	o->m->received += n;
	if (!f)
		return true;
	/* Into how many pieces one call was cut shows only here. */
	f->received++;
	if (f->received > f->sent)
		f->sent = f->received;
	f->bytes_received += n;
	if (f->match == MATCH_NONE)
		f->match = MATCH_HOST;
	if (!f->receiver && o->sock->udp) {
		flow_received_by(o->m, f, o->sock->udp);
		f->receiver_number = o->sock->number;
	}
	return true;
}

bool
segment_recv(struct offer *o, const struct port *p, const struct nc_addr *from,
    uint64_t n)
{
	const struct nc_call *whole = o->call;
	struct nc_host_state *h =
	    from->family ? host_owning(o->m, o->host, from) : NULL;
	struct port *source = h ? port_get(o->m, h, true, from->port, false) :
				  NULL;
	struct dgram *found[PIECES_MAX];
	struct nc_call piece;
	uint64_t at = 0, len;
	size_t i, k;

	k = o->sock->joins && p && from->family ? joined(o, p, from, n, found) :
						  0;
	if (k == 0)
		return segment_hides(source) && take_bytes(o, source, n);
	for (i = 0; i < k; i++, at += len) {
		len = found[i]->len;
		piece = piece_of(o, at, len);
		o->call = &piece;
		dgram_take(o, found[i], from);
	}
	o->call = whole;
	return true;
}
