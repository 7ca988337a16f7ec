/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * DNS messages (RFC 1035), told from anything else by their form.
 */
#include "dns.h"

#include "netnum.h"

#define HEADER 12
#define NAME_LEN 255
#define RECORDS_MAX 4096 /* in a message; a zone transfer has many */

enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_PTR = 12,
	TYPE_MX = 15,
	TYPE_AAAA = 28,
	TYPE_SRV = 33,
	TYPE_OPT = 41
};

struct message {
	const unsigned char *p;
	size_t n;     /* known */
	uint64_t len; /* in all */
	size_t at;    /* where the reader is */
};

/* What reading a part came to. */
enum outcome { OK, SHORT, WRONG };

static unsigned
word(const struct message *m, size_t at)
{
	return nc_netnum_get16(m->p + at);
}

/* A name of labels; one of printable characters only. */
static enum outcome
name(struct message *m, bool pointers)
{
	size_t total = 0, i;
	unsigned char c;

	for (;;) {
		if (m->at >= m->n)
			return SHORT;
		c = m->p[m->at];
		if ((c & 0xc0) == 0xc0 && pointers) {
			if (m->n - m->at < 2)
				return SHORT;
			/* Names are told once, and before. */
			if ((word(m, m->at) & 0x3fff) < HEADER ||
			    (word(m, m->at) & 0x3fff) >= m->at)
				return WRONG;
			m->at += 2;
			return OK;
		}
		if (c > 63 || (total += c + 1u) > NAME_LEN)
			return WRONG;
		if (m->n - m->at < c + 1u)
			return SHORT;
		for (i = 1; i <= c; i++)
			if (m->p[m->at + i] <= ' ' || m->p[m->at + i] > '~')
				return WRONG;
		m->at += c + 1u;
		if (c == 0)
			return OK;
	}
}

static bool
is_class(unsigned c)
{
	/* Multicast DNS uses the highest bit. */
	c &= 0x7fff;
	return c == 1 || c == 3 || c == 4 || c == 254 || c == 255;
}

static enum outcome
question(struct message *m)
{
	enum outcome o = name(m, false);

	if (o != OK)
		return o;
	if (m->n - m->at < 4)
		return SHORT;
	if (word(m, m->at) == 0 || !is_class(word(m, m->at + 2)))
		return WRONG;
	m->at += 4;
	return OK;
}

/* True if len bytes from there on are what a record of the type holds. */
static bool
is_told(const struct message *m, unsigned type, size_t len)
{
	struct message data = *m;
	size_t end = m->at + len, before = 0, after = 0;
	int names = 1;

	switch (type) {
	case TYPE_A:
		return len == 4;
	case TYPE_AAAA:
		return len == 16;
	case TYPE_NS:
	case TYPE_CNAME:
	case TYPE_PTR:
		break;
	case TYPE_SOA:
		names = 2;
		after = 20;
		break;
	case TYPE_MX:
		before = 2;
		break;
	case TYPE_SRV:
		before = 6;
		break;
	default:
		return false;
	}
	if (len < before + after)
		return false;
	data.n = end - after;
	data.at += before;
	while (names-- > 0)
		if (name(&data, true) != OK)
			return false;
	return data.at == data.n;
}

/* One resource record: marks what is kept of it. */
static enum outcome
resource(struct message *m, size_t at, struct nc_spans *spans)
{
	size_t start = m->at;
	enum outcome o = name(m, true);
	unsigned type, len;

	if (o != OK)
		return o;
	if (m->n - m->at < 10)
		return SHORT;
	type = word(m, m->at);
	len = word(m, m->at + 8);
	if (type == 0 || (type != TYPE_OPT && !is_class(word(m, m->at + 2))))
		return WRONG;
	m->at += 10;
	if (len > m->len - m->at)
		return WRONG;
	nc_spans_add(spans, at + start, at + m->at);
	if (len > m->n - m->at)
		return SHORT;
	if (is_told(m, type, len))
		nc_spans_add(spans, at + m->at, at + m->at + len);
	m->at += len;
	return OK;
}

/* The header, as far as it can be checked; *records is their number. */
static enum outcome
header(struct message *m, unsigned *records)
{
	unsigned flags, opcode;
	bool query;

	if (m->n < HEADER)
		return SHORT;
	flags = word(m, 2);
	opcode = flags >> 11 & 15;
	query = (flags & 0x8000) == 0;
	/* Query, status, notify; the bit that must be zero. */
	if ((opcode > 2 && opcode != 4) || (flags & 0x40) != 0 ||
	    word(m, 4) != 1)
		return WRONG;
	*records = word(m, 6) + word(m, 8) + word(m, 10);
	if (*records > RECORDS_MAX || (query && *records > 3) ||
	    (query && (flags & 0xf) != 0))
		return WRONG;
	m->at = HEADER;
	return OK;
}

bool
nc_dns_mark(
    const char *p, size_t n, uint64_t len, size_t at, struct nc_spans *spans)
{
	struct message m = { (const unsigned char *)p, n, len, 0 };
	unsigned records = 0, i;
	enum outcome o;

	if (header(&m, &records) != OK || question(&m) != OK)
		return false;
	nc_spans_add(spans, at, at + m.at);
	for (i = 0, o = OK; i < records && o == OK; i++)
		o = resource(&m, at, spans);
	if ((o == SHORT && n < len) || (o == OK && m.at == len))
		return true;
	spans->n = 0;
	return false;
}
