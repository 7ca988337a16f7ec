/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The ordered exchange as IP packets, to be looked at in Wireshark.
 *
 * The packets are made up from the calls: a write is a segment, sent where
 * the order has it; a read acknowledges what it took, so that what was never
 * read is never acknowledged.  Every packet's comment names the call's line.
 * Payload that was not captured is cut from the packet, as tcpdump -s does.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../exchange/clock.h"
#include "../exchange/exchange.h"
#include "../format.h"
#include "escape.h"
#include "packet.h"
#include "util.h"

#define SEGMENTS_MAX 1024 /* of one call; beyond, the sequence has a gap */
#define EPHEMERAL 49152   /* the ports of those whose own is not known */

/* The state of a link, as its packets tell it. */
struct talk {
	struct nc_addr address[2];
	uint32_t next[2];  /* sequence number of the end's next byte */
	uint32_t taken[2]; /* what the end has acknowledged */
	uint32_t interface;
	bool known;  /* the fields above are set */
	bool self;   /* one end is both: packets would show nothing */
	bool opened; /* the handshake is written, or was before the trace */
	bool ended[2], reset;
};

struct pcapng {
	FILE *out;
	struct exchange x;
	struct exchange_clock clock;
	struct packet_writer w;
	struct talk *talks;
	struct table loopbacks; /* host -> interface */
	uint32_t next_message;
	uint64_t now; /* time of the last packet */
	struct nc_buf comment;
};

static void *
pcapng_open(const struct format_options *opt)
{
	struct pcapng *p = nc_xcalloc(1, sizeof(*p));

	p->out = opt->out;
	exchange_init(&p->x, true, UINT32_MAX);
	return p;
}

static void
pcapng_record(void *state, const struct nc_record *rec)
{
	struct pcapng *p = state;

	exchange_record(&p->x, rec);
}

/* The first of several addresses that is one. */
static struct nc_addr
address(struct nc_bytes a, struct nc_bytes b)
{
	struct nc_addr r;

	if ((a.p != NULL && nc_addr_parse(a.p, a.len, &r) == 0) ||
	    (b.p != NULL && nc_addr_parse(b.p, b.len, &r) == 0))
		return r;
	memset(&r, 0, sizeof(r));
	return r;
}

/* What is not known is 0.0.0.0, or ::, and a port of the link's own. */
static void
complete(struct nc_addr *a, const struct nc_addr *other, uint32_t link)
{
	if (a->family == 0) {
		memset(a->ip, 0, sizeof(a->ip));
		if (other->family == 0 || nc_addr_is_v4(other))
			a->ip[10] = a->ip[11] = 0xff;
		a->family = other->family == 0 ? 4 : other->family;
	}
	if (a->port == 0)
		a->port = (uint16_t)(EPHEMERAL + link % 16384);
}

static uint32_t
interface_of(struct pcapng *p, uint32_t link)
{
	const struct talk *t = &p->talks[link];
	const struct exchange_link *l = &p->x.links[link];
	uint32_t s = l->socket[0] != EXCHANGE_NONE ? l->socket[0] :
						     l->socket[1];
	char name[300];
	struct table_entry *e;
	struct nc_bytes host;

	if (s == EXCHANGE_NONE ||
	    (!nc_addr_is_loopback(&t->address[0]) &&
		!nc_addr_is_loopback(&t->address[1])))
		return 0;
	host = nc_str(p->x.names[p->x.sockets[s].host]);
	e = table_get(&p->loopbacks, host, 0);
	if (e->value == NULL) {
		snprintf(name, sizeof(name), "lo of %.256s", host.p);
		p->comment.len = 0;
		nc_escape_terminal(&p->comment, name, strlen(name));
		e->value = (void *)(uintptr_t)packet_interface(
		    &p->w, (struct nc_bytes){ p->comment.p, p->comment.len });
	}
	return (uint32_t)(uintptr_t)e->value;
}

static struct talk *
talk_of(struct pcapng *p, uint32_t link)
{
	struct talk *t = &p->talks[link];
	const struct nc_connection *k = p->x.links[link].connection;
	const struct nc_flow *f = p->x.links[link].flow;

	if (t->known)
		return t;
	t->known = true;
	if (k != NULL) {
		t->address[0] = address(k->client_local, k->server_peer);
		t->address[1] = address(k->client_target, k->server_local);
	} else if (f != NULL) {
		t->address[0] = address(f->source, nc_str(NULL));
		t->address[1] = address(f->destination, nc_str(NULL));
	}
	complete(&t->address[0], &t->address[1], link);
	complete(&t->address[1], &t->address[0], link);
	t->self = nc_addr_same(&t->address[0], &t->address[1]);
	t->interface = interface_of(p, link);
	/* A connection that another one follows on the same ports is told
	   from it by its numbers. */
	t->next[0] = t->taken[1] = (uint32_t)nc_hash_int(2 * (uint64_t)link);
	t->next[1] = t->taken[0] =
	    (uint32_t)nc_hash_int(2 * (uint64_t)link + 1);
	return t;
}

/* Packets stand in the order, whatever the clocks say. */
static void
set_time(struct pcapng *p, uint32_t call)
{
	int64_t t = exchange_clock_effect(&p->clock, &p->x.calls[call]);

	if (!p->clock.timed)
		p->now += 1000;
	else if (t != NC_NIL && t > 0 && (uint64_t)t > p->now)
		p->now = (uint64_t)t;
}

static void
comment_text(struct pcapng *p, struct nc_bytes s)
{
	if (s.len > 0)
		nc_escape_terminal(&p->comment, s.p, s.len);
}

static void
comment_place(struct pcapng *p, const struct exchange_call *k)
{
	comment_text(p, nc_str(exchange_file(&p->x, k)));
	if (k->line != 0)
		nc_buf_f(&p->comment, ":%" PRIu32, k->line);
}

/* The packets that follow are of this call: their time, and the comment of
   the first, "client client.trace:205 sendto(...) = 72". */
static void
begin_call(struct pcapng *p, uint32_t call)
{
	const struct exchange_call *k = &p->x.calls[call];

	set_time(p, call);
	p->comment.len = 0;
	comment_text(p, nc_str(exchange_host(&p->x, k)));
	nc_buf_f(&p->comment, " ");
	comment_place(p, k);
	nc_buf_f(&p->comment, " ");
	comment_text(p, exchange_text(&p->x, k));
}

/* From one end of a link to the other; uses the comment up. */
static void
segment(struct pcapng *p, uint32_t link, int side, unsigned int flags,
    uint32_t len, struct nc_bytes data)
{
	struct talk *t = talk_of(p, link);
	struct packet k = { .from = t->address[side],
		.to = t->address[!side],
		.udp = p->x.links[link].flow != NULL,
		.seq = t->next[side],
		.flags = flags,
		.len = len,
		.data = data,
		.interface = t->interface,
		.time = p->now };

	if ((flags & PACKET_ACK) != 0)
		k.ack = t->taken[side];
	if (p->comment.len > 0)
		k.comment = (struct nc_bytes){ p->comment.p, p->comment.len };
	packet_write(&p->w, &k);
	p->comment.len = 0;
	t->next[side] += len;
	if ((flags & (PACKET_SYN | PACKET_FIN)) != 0)
		t->next[side]++;
}

static void
control(struct pcapng *p, uint32_t link, int side, unsigned int flags)
{
	segment(p, link, side, flags, 0, (struct nc_bytes){ NULL, 0 });
}

/* An end has what the other one sent so far, or the first n bytes of it. */
static void
take(struct talk *t, int side, uint32_t n)
{
	uint32_t outstanding = t->next[!side] - t->taken[side];

	t->taken[side] += n < outstanding ? n : outstanding;
}

/* SYN, and the answer that the connect got. */
static void
open_link(struct pcapng *p, uint32_t link, uint32_t connect, uint32_t accept)
{
	struct talk *t = talk_of(p, link);
	const struct nc_connection *k = p->x.links[link].connection;
	bool connected = accept != EXCHANGE_NONE ||
	    nc_str_eq(k->opened, "connected");

	if (t->opened)
		return;
	t->opened = true;
	if (connect != EXCHANGE_NONE)
		begin_call(p, connect);
	if (!connected && connect != EXCHANGE_NONE)
		nc_buf_f(&p->comment, ": %.*s", (int)(k->opened.len & 63),
		    k->opened.p != NULL ? k->opened.p : "");
	control(p, link, 0, PACKET_SYN);
	t->ended[0] = t->ended[1] = !connected;
	if (t->self)
		return;
	if (!connected && !nc_str_eq(k->opened, "refused"))
		return;
	take(t, 1, 1);
	if (!connected) {
		t->reset = true;
		control(p, link, 1, PACKET_RST | PACKET_ACK);
		return;
	}
	if (accept != EXCHANGE_NONE)
		begin_call(p, accept);
	control(p, link, 1, PACKET_SYN | PACKET_ACK);
	take(t, 0, 1);
	control(p, link, 0, PACKET_ACK);
}

static bool
is_traced(const struct pcapng *p, uint32_t link, int side)
{
	return p->x.links[link].socket[side] != EXCHANGE_NONE;
}

/* len bytes of the stream, as many segments as it takes. */
static void
send_bytes(struct pcapng *p, uint32_t link, int side, uint64_t len,
    struct nc_bytes data)
{
	struct talk *t = talk_of(p, link);

	for (uint32_t i = 0; len > 0; i++) {
		uint32_t n = len < PACKET_SEGMENT ? (uint32_t)len :
						    PACKET_SEGMENT;
		size_t known = data.len < n ? data.len : n;

		if (i == SEGMENTS_MAX) {
			t->next[side] += (uint32_t)len;
			return;
		}
		segment(p, link, side, PACKET_ACK | PACKET_PSH, n,
		    (struct nc_bytes){ data.p, known });
		data.p += known;
		data.len -= known;
		len -= n;
	}
}

static struct nc_bytes
payload_of(const struct pcapng *p, const struct exchange_call *k, uint64_t most)
{
	struct nc_bytes data = exchange_data(&p->x, k);

	if (data.len > most)
		data.len = (size_t)most;
	return data;
}

static void
on_bytes(struct pcapng *p, uint32_t call, uint64_t n)
{
	const struct exchange_call *k = &p->x.calls[call];
	struct talk *t = talk_of(p, k->link);
	int side = k->side;
	uint32_t outstanding;
	struct nc_bytes data;

	if (n == 0 || t->reset || t->self)
		return;
	/* One that began before the trace did. */
	t->opened = true;
	begin_call(p, call);
	if (k->way == WAY_SEND) {
		send_bytes(p, k->link, side, n, payload_of(p, k, n));
		return;
	}
	/* What nobody was seen to send comes when it is read. */
	outstanding = t->next[!side] - t->taken[side];
	if (outstanding < n) {
		data = payload_of(p, k, n);
		if (data.len > outstanding) {
			data.p += outstanding;
			data.len -= outstanding;
		} else {
			data.len = 0;
		}
		send_bytes(p, k->link, !side, n - outstanding, data);
		begin_call(p, call);
	}
	take(t, side, (uint32_t)n);
	control(p, k->link, side, PACKET_ACK);
}

/* Reads 0 or an error: the other end, if untraced, shows only here. */
static void
on_end_seen(struct pcapng *p, uint32_t call)
{
	const struct exchange_call *k = &p->x.calls[call];
	struct talk *t = talk_of(p, k->link);
	int side = k->side, peer = !k->side;
	bool reset = k->error != EXCHANGE_NONE;

	if (!is_traced(p, k->link, peer) && !t->ended[peer] && !t->reset) {
		control(p, k->link, peer,
		    PACKET_ACK |
			(unsigned int)(reset ? PACKET_RST : PACKET_FIN));
		t->ended[peer] = true;
		t->reset = reset;
	}
	if (reset || t->reset || !t->ended[peer] || t->self ||
	    t->taken[side] == t->next[peer])
		return;
	begin_call(p, call);
	take(t, side, UINT32_MAX);
	control(p, k->link, side, PACKET_ACK);
}

/* The last byte one way; the first of a connection that was reset resets. */
static void
on_end(struct pcapng *p, uint32_t call)
{
	const struct exchange_call *k = &p->x.calls[call];
	struct talk *t = talk_of(p, k->link);
	const struct nc_connection *c = p->x.links[k->link].connection;
	bool reset = k->id == NC_CALL_RELEASE && nc_str_eq(c->closed, "reset");

	if (!t->opened || t->reset || t->self || (t->ended[k->side] && !reset))
		return;
	t->ended[k->side] = true;
	t->reset = reset;
	begin_call(p, call);
	control(p, k->link, k->side,
	    PACKET_ACK | (unsigned int)(reset ? PACKET_RST : PACKET_FIN));
}

/* What became of a datagram: its messages stand at the call that sent it. */
static void
comment_receivers(struct pcapng *p, uint32_t call)
{
	for (uint32_t i = p->next_message; i < p->x.nmessages; i++) {
		const struct exchange_message *m = &p->x.messages[i];

		if (m->from != call)
			break;
		if (m->to != EXCHANGE_NONE) {
			nc_buf_f(&p->comment, "; received at ");
			comment_place(p, &p->x.calls[m->to]);
		} else if (m->lost) {
			nc_buf_f(&p->comment, "; never received");
		}
	}
}

static bool
is_unsent(const struct pcapng *p, uint32_t call)
{
	return p->next_message < p->x.nmessages &&
	    p->x.messages[p->next_message].from == EXCHANGE_NONE &&
	    p->x.messages[p->next_message].to == call;
}

static void
on_datagram(struct pcapng *p, uint32_t call)
{
	const struct exchange_call *k = &p->x.calls[call];
	uint32_t n = k->result > PACKET_DATAGRAM ? PACKET_DATAGRAM :
						   (uint32_t)k->result;

	/* Received ones show at their sender, if that was traced. */
	if (k->way != WAY_SEND && !is_unsent(p, call))
		return;
	begin_call(p, call);
	if (k->way == WAY_SEND)
		comment_receivers(p, call);
	segment(p, k->link, 0, 0, n, payload_of(p, k, n));
}

static void
on_connection(struct pcapng *p, uint32_t call)
{
	const struct exchange_call *k = &p->x.calls[call];
	const struct exchange_link *l = &p->x.links[k->link];
	uint32_t accept = l->socket[1] != EXCHANGE_NONE ?
	    p->x.sockets[l->socket[1]].maker :
	    EXCHANGE_NONE;

	switch ((enum exchange_way)k->way) {
	case WAY_OPEN:
		if (l->opener == call)
			open_link(p, k->link, call, accept);
		break;
	case WAY_TAKE:
		open_link(p, k->link, l->opener, call);
		break;
	case WAY_SEND:
	case WAY_RECV:
		if (exchange_moved(k) > 0)
			on_bytes(p, call, exchange_moved(k));
		else if (exchange_notices_end(&p->x, k))
			on_end_seen(p, call);
		break;
	case WAY_END:
		on_end(p, call);
		break;
	default:
		break;
	}
}

static void
put_packets(struct pcapng *p)
{
	struct exchange *x = &p->x;

	exchange_resolve(x);
	exchange_clock_init(&p->clock, x);
	p->talks = nc_xcalloc((size_t)x->nlinks + 1, sizeof(*p->talks));
	packet_open(&p->w, p->out, "network");
	for (uint32_t i = 0; i < x->ncalls; i++) {
		const struct exchange_call *k = &x->calls[i];

		if (k->link != EXCHANGE_NONE && x->links[k->link].flow != NULL)
			on_datagram(p, i);
		else if (k->link != EXCHANGE_NONE)
			on_connection(p, i);
		while (p->next_message < x->nmessages &&
		    exchange_place(&x->messages[p->next_message]) == i)
			p->next_message++;
	}
	packet_close(&p->w);
	exchange_clock_fini(&p->clock);
	free(p->talks);
	table_fini(&p->loopbacks, NULL);
}

static void
pcapng_finish(void *state, bool started, bool whole)
{
	struct pcapng *p = state;

	(void)whole;
	if (started)
		put_packets(p);
	nc_buf_fini(&p->comment);
	exchange_fini(&p->x);
	free(p);
}

const struct format format_pcapng = { "pcapng", pcapng_open, pcapng_record,
	pcapng_finish, NULL };
