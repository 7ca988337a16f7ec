/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The dumps of -e read= and -e write=.
 *
 * A record whose payload was cut waits for the line after its own (emit.c).
 * Where that is a dump, its bytes take the place of what the string showed:
 * those of all buffers, or, of sendmmsg and recvmmsg, of the message's.
 */
#include "dump.h"

#include "../input/input.h"
#include "emit.h"

#include <string.h>

/* A longer dump is passed over: bytes; messages of a vector, as the kernel. */
#define DUMP_MAX (NC_LINE_MAX / 2)
#define MESSAGES_MAX 1024

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f'    ? c - 'a' + 10 :
				      -1;
}

/* " * 6 bytes in buffer 0", " = 1 buffers in vector 1". */
static void
begin_block(struct nc_dump *d, char kind, struct nc_text text)
{
	static const char word[] = " in vector ";
	struct nc_text v = text;
	int64_t n;

	d->block = d->bytes.len;
	if (kind != '=')
		return;
	for (; v.end - v.p >= (long)sizeof(word); v.p++)
		if (memcmp(v.p, word, sizeof(word) - 1) == 0)
			break;
	v.p += sizeof(word) - 1;
	if (v.p >= v.end || nc_text_int(v, &n) == NULL || n < 0 ||
	    d->nmessages == MESSAGES_MAX) {
		d->bad = true;
		return;
	}
	nc_pack_int(&d->messages, n);
	nc_pack_int(&d->messages, (int64_t)d->bytes.len);
	d->nmessages++;
}

/* " | 00010  48 54 54 50 ...": offset, bytes, and their characters. */
static void
add_bytes(struct nc_dump *d, const char *p, const char *end)
{
	size_t offset = 0, i;
	char row[16];

	for (; p < end && hex(*p) >= 0; p++)
		offset = offset << 4 | (size_t)hex(*p);
	if (end - p < 4 || offset != d->bytes.len - d->block ||
	    d->bytes.len > DUMP_MAX) {
		d->bad = true;
		return;
	}
	p += 2;
	for (i = 0; i < sizeof(row) && end - p > 2; i++, p += 3) {
		if (i == 8 && *p == ' ')
			p++;
		if (end - p < 2 || hex(p[0]) < 0 || hex(p[1]) < 0)
			break;
		row[i] = (char)(hex(p[0]) << 4 | hex(p[1]));
	}
	nc_buf_add(&d->bytes, row, i);
}

void
nc_dump_line(struct nc_trace *t, const char *p, const char *end)
{
	struct nc_dump *d = &t->dump;

	if (!d->waits || end - p < 4)
		return;
	if (p[1] == '|')
		add_bytes(d, p + 3, end);
	else if (p[1] == '*' || p[1] == '=')
		begin_block(d, p[1], (struct nc_text){ p + 3, end });
}

/* The bytes of message n of a vector; all where there are none. */
static struct nc_bytes
message(const struct nc_dump *d, int64_t n)
{
	struct nc_cursor c =
	    nc_cursor((struct nc_bytes){ d->messages.p, d->messages.len });
	struct nc_bytes all = { d->bytes.p, d->bytes.len };
	size_t i, from, to;
	int64_t number;

	if (n == NC_NIL || d->nmessages == 0)
		return all;
	for (i = 0; i < d->nmessages; i++) {
		number = nc_cursor_int(&c);
		from = (size_t)nc_cursor_int(&c);
		if (number != n)
			continue;
		to = d->bytes.len;
		if (i + 1 < d->nmessages) {
			nc_cursor_int(&c);
			to = (size_t)nc_cursor_int(&c);
		}
		return (struct nc_bytes){ all.p + from, to - from };
	}
	return nc_str(NULL);
}

void
nc_dump_end(struct nc_trace *t)
{
	struct nc_dump *d = &t->dump;
	struct nc_call *rec;
	size_t at = 0;

	while (d->bytes.len > 0 && !d->bad &&
	    (rec = nc_emit_waiting(t, &at)) != NULL)
		nc_emit_complete(t, at - 1, message(d, rec->part));
	d->waits = d->bad = false;
	d->bytes.len = d->messages.len = d->nmessages = d->block = 0;
	nc_buf_trim(&d->bytes, NC_LINE_KEEP);
	nc_emit_dumped(t);
}
