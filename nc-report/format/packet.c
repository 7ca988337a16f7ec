/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Builds IP packets and writes them as pcapng.
 */
#include "packet.h"

#include <string.h>

#include "netnum.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_NAME = 2,
	OPTION_APPLICATION = 4,
	OPTION_RESOLUTION = 9,
	LINK_RAW = 101,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17
};

#define HEADERS_MAX (40u + 20u + 8u)
#define COMMENT_MAX 2000u

static void
put8(struct nc_buf *b, unsigned int v)
{
	char c = (char)v;

	nc_buf_add(b, &c, 1);
}

/* The file's own numbers: least byte first. */
static void
put16(struct nc_buf *b, unsigned int v)
{
	put8(b, v & 0xff);
	put8(b, v >> 8 & 0xff);
}

static void
put32(struct nc_buf *b, uint32_t v)
{
	put16(b, v & 0xffff);
	put16(b, v >> 16);
}

static void
pad(struct nc_buf *b)
{
	while (b->len % 4 != 0)
		put8(b, 0);
}

static void
put_option(struct nc_buf *b, unsigned int code, struct nc_bytes v)
{
	put16(b, code);
	put16(b, (unsigned int)v.len);
	nc_buf_add(b, v.p, v.len);
	pad(b);
}

static void
block_begin(struct packet_writer *w, uint32_t type)
{
	w->block.len = 0;
	put32(&w->block, type);
	put32(&w->block, 0);
}

static void
block_end(struct packet_writer *w)
{
	uint32_t len = (uint32_t)w->block.len + 4;
	char at[4];

	for (int i = 0; i < 4; i++)
		at[i] = (char)(len >> 8 * i & 0xff);
	put32(&w->block, len);
	memcpy(w->block.p + 4, at, 4);
	fwrite(w->block.p, 1, w->block.len, w->out);
}

uint32_t
packet_interface(struct packet_writer *w, struct nc_bytes name)
{
	static const char nanoseconds = 9;

	if (name.len > COMMENT_MAX)
		name.len = COMMENT_MAX;
	block_begin(w, BLOCK_INTERFACE);
	put16(&w->block, LINK_RAW);
	put16(&w->block, 0);
	put32(&w->block, 0);
	put_option(&w->block, OPTION_NAME, name);
	put_option(
	    &w->block, OPTION_RESOLUTION, (struct nc_bytes){ &nanoseconds, 1 });
	put_option(&w->block, OPTION_END, nc_str(""));
	block_end(w);
	return w->interfaces++;
}

void
packet_open(struct packet_writer *w, FILE *out, const char *name)
{
	memset(w, 0, sizeof(*w));
	w->out = out;
	block_begin(w, BLOCK_SECTION);
	put32(&w->block, 0x1a2b3c4d);
	put16(&w->block, 1);
	put16(&w->block, 0);
	put32(&w->block, UINT32_MAX);
	put32(&w->block, UINT32_MAX);
	put_option(&w->block, OPTION_APPLICATION, nc_str("NetCheck"));
	put_option(&w->block, OPTION_END, nc_str(""));
	block_end(w);
	packet_interface(w, nc_str(name));
}

void
packet_close(struct packet_writer *w)
{
	nc_buf_fini(&w->block);
}

/* Sum of 16-bit words (RFC 1071); an odd byte stands before a zero. */
static uint32_t
sum(uint32_t s, const void *p, size_t n)
{
	const unsigned char *u = p;

	for (size_t i = 0; i + 1 < n; i += 2) {
		s += nc_netnum_get16(u + i);
		s = (s & 0xffff) + (s >> 16);
	}
	if (n % 2 != 0)
		s += (uint32_t)u[n - 1] << 8;
	return (s & 0xffff) + (s >> 16);
}

static unsigned int
checksum(uint32_t s)
{
	s = (s & 0xffff) + (s >> 16);
	return ~s & 0xffff;
}

static bool
is_v4(const struct packet *p)
{
	return nc_addr_is_v4(&p->from) && nc_addr_is_v4(&p->to);
}

static size_t
ip_head(struct packet_writer *w, const struct packet *p, unsigned char *at,
    size_t len)
{
	unsigned int protocol = p->udp ? PROTOCOL_UDP : PROTOCOL_TCP;

	if (is_v4(p)) {
		memset(at, 0, 20);
		at[0] = 0x45;
		nc_netnum_put16(at + 2, (unsigned int)(20 + len));
		nc_netnum_put16(at + 4, w->id++);
		at[6] = 0x40; /* don't fragment */
		at[8] = 64;
		at[9] = (unsigned char)protocol;
		memcpy(at + 12, p->from.ip + 12, 4);
		memcpy(at + 16, p->to.ip + 12, 4);
		nc_netnum_put16(at + 10, checksum(sum(0, at, 20)));
		return 20;
	}
	memset(at, 0, 8);
	at[0] = 0x60;
	nc_netnum_put16(at + 4, (unsigned int)len);
	at[6] = (unsigned char)protocol;
	at[7] = 64;
	memcpy(at + 8, p->from.ip, 16);
	memcpy(at + 24, p->to.ip, 16);
	return 40;
}

/* A window that never closes, its scale in the SYN. */
static size_t
tcp_head(const struct packet *p, unsigned char *at)
{
	static const unsigned char options[] = { 3, 3, 14, 1 };
	bool syn = (p->flags & PACKET_SYN) != 0;

	memset(at, 0, 20);
	nc_netnum_put16(at, p->from.port);
	nc_netnum_put16(at + 2, p->to.port);
	nc_netnum_put32(at + 4, p->seq);
	nc_netnum_put32(at + 8, p->ack);
	at[12] = syn ? 0x60 : 0x50;
	at[13] = (unsigned char)p->flags;
	nc_netnum_put16(at + 14, 0xffff);
	if (syn)
		memcpy(at + 20, options, sizeof(options));
	return syn ? 24 : 20;
}

static size_t
udp_head(const struct packet *p, unsigned char *at)
{
	nc_netnum_put16(at, p->from.port);
	nc_netnum_put16(at + 2, p->to.port);
	nc_netnum_put16(at + 4, 8 + p->len);
	nc_netnum_put16(at + 6, 0);
	return 8;
}

/* Over addresses, protocol, length, header and payload as far as known. */
static void
set_checksum(const struct packet *p, unsigned char *head, size_t n)
{
	unsigned char *at = head + (p->udp ? 6 : 16);
	uint32_t s = (uint32_t)(p->udp ? PROTOCOL_UDP : PROTOCOL_TCP) +
	    (uint32_t)n + p->len;
	unsigned int c;

	if (is_v4(p)) {
		s = sum(s, p->from.ip + 12, 4);
		s = sum(s, p->to.ip + 12, 4);
	} else {
		s = sum(s, p->from.ip, 16);
		s = sum(s, p->to.ip, 16);
	}
	s = sum(s, head, n);
	c = checksum(sum(s, p->data.p, p->data.len));
	nc_netnum_put16(at, p->udp && c == 0 ? 0xffff : c);
}

void
packet_write(struct packet_writer *w, const struct packet *p)
{
	unsigned char head[HEADERS_MAX], *transport;
	size_t ip, n;
	struct nc_buf *b = &w->block;
	struct nc_bytes comment = p->comment;

	/* The transport's header is wanted first, for its length. */
	transport = head + (is_v4(p) ? 20 : 40);
	n = p->udp ? udp_head(p, transport) : tcp_head(p, transport);
	ip = ip_head(w, p, head, n + p->len);
	set_checksum(p, transport, n);
	block_begin(w, BLOCK_PACKET);
	put32(b, p->interface);
	put32(b, (uint32_t)(p->time >> 32));
	put32(b, (uint32_t)p->time);
	put32(b, (uint32_t)(ip + n + p->data.len));
	put32(b, (uint32_t)(ip + n + p->len));
	nc_buf_add(b, head, ip + n);
	nc_buf_add(b, p->data.p, p->data.len);
	pad(b);
	if (comment.p != NULL) {
		if (comment.len > COMMENT_MAX)
			comment.len = COMMENT_MAX;
		put_option(b, OPTION_COMMENT, comment);
		put_option(b, OPTION_END, nc_str(""));
	}
	block_end(w);
}
