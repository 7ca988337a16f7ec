/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The content of a stream: what was sent, kept until it has been read.
 */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "clear.h"
#include "netnum.h"
#include "oob.h"

#define KEPT (4u << 20) /* known bytes kept of one stream */

static struct chunk *
add(struct tx *t, uint64_t len, const struct nc_call *call, size_t at,
    size_t known)
{
	struct nc_bytes clear = call->clear;
	struct chunk *c;

	if (t->sent - t->base > KEPT)
		known = 0;
	if (known == 0)
		clear = (struct nc_bytes){ NULL, 0 };
	c = nc_xmalloc(sizeof(*c) + known + clear.len);
	memset(c, 0, sizeof(*c));
	c->offset = t->sent;
	c->len = len;
	c->known = known;
	if (known)
		memcpy(c->data, call->data.p + at, known);
	if (clear.p) {
		memcpy(c->data + known, clear.p, clear.len);
		c->clear = (struct nc_bytes){ c->data + known, clear.len };
		c->clear_at = at;
	}
	if (t->last)
		t->last->next = c;
	else
		t->first = c;
	t->last = c;
	t->sent += len;
	return c;
}

struct chunk *
tx_append(struct tx *t, const struct offer *o, uint64_t n)
{
	const struct nc_call *call = o->call;
	struct chunk *first = NULL, *c;
	struct nc_cursor runs = nc_cursor(call->runs);
	size_t at = 0, left = call->data.len;
	size_t nruns = nc_cursor_array(&runs), i;
	uint64_t done = 0;

	if (t->lossy) {
		t->sent += n;
		t->base = t->sent;
		return NULL;
	}
	t->key = o->host->key;
	if (nruns == 0) {
		first = add(t, n, call, 0, left < n ? left : (size_t)n);
		done = n;
	}
	/* Known and unknown stretches take turns. */
	for (i = 0; i < nruns && done < n; i += 2) {
		int64_t known = nc_cursor_int(&runs);
		int64_t hole = i + 1 < nruns ? nc_cursor_int(&runs) : 0;
		uint64_t len;

		if (known < 0 || hole < 0)
			break;
		if ((uint64_t)known > left)
			known = (int64_t)left;
		len = (uint64_t)known + (uint64_t)hole;
		if (len > n - done)
			len = n - done;
		if ((uint64_t)known > len)
			known = (int64_t)len;
		c = add(t, len, call, at, (size_t)known);
		first = first ? first : c;
		at += (size_t)known;
		left -= (size_t)known;
		done += len;
	}
	if (done < n) {
		c = add(t, n - done, call, 0, 0);
		first = first ? first : c;
	}
	if (first) {
		first->head = true;
		for (c = first; c; c = c->next) {
			c->optional = o->early || call->result == NC_NIL;
			c->seq = o->m->seq;
			c->time = call->time;
		}
	}
	return first;
}

void
tx_free(struct tx *t)
{
	struct chunk *c, *next;

	for (c = t->first; c; c = next) {
		next = c->next;
		free(c);
	}
	t->first = t->last = NULL;
	t->base = t->sent;
	oob_forget(t, 0);
}

/* Takes back what was appended beyond sent. */
void
tx_truncate(struct tx *t, uint64_t sent)
{
	struct chunk *c, **at = &t->first, *last = NULL;

	while ((c = *at) && c->offset < sent) {
		if (c->offset + c->len > sent)
			c->len = sent - c->offset;
		if (c->known > c->len)
			c->known = (size_t)c->len;
		last = c;
		at = &c->next;
	}
	*at = NULL;
	while (c) {
		struct chunk *next = c->next;

		free(c);
		c = next;
	}
	t->last = last;
	t->sent = sent;
	if (t->mixed_to > sent)
		t->mixed_to = sent;
	oob_forget(t, sent);
	if (t->base > sent)
		t->base = sent;
}

void
tx_consume(struct tx *t, uint64_t upto, bool keep, uint64_t *largest)
{
	struct chunk *c;

	if (keep)
		return;
	while ((c = t->first) && c->offset + c->len <= upto && !c->optional) {
		if (c->head && c->len > *largest)
			*largest = c->len;
		t->first = c->next;
		t->base = c->offset + c->len;
		free(c);
	}
	if (!t->first)
		t->last = NULL;
}

uint64_t
tx_largest(const struct tx *t, uint64_t upto, uint64_t largest)
{
	const struct chunk *c;

	for (c = t->first; c && c->offset + c->len <= upto; c = c->next)
		if (c->head && !c->optional && c->len > largest)
			largest = c->len;
	return largest;
}

/* Where a call's known bytes lie: runs, or one stretch from the start. */
struct stretch {
	uint64_t at; /* offset within the call */
	const char *data;
	size_t len;
};

static bool
next_stretch(struct nc_cursor *runs, size_t *left, uint64_t *at,
    const char **data, struct stretch *out)
{
	int64_t known, hole;

	if (*left == 0)
		return false;
	known = nc_cursor_int(runs);
	hole = *left > 1 ? nc_cursor_int(runs) : 0;
	*left -= *left > 1 ? 2 : 1;
	if (known < 0 || hole < 0)
		return false;
	*out = (struct stretch){ *at, *data, (size_t)known };
	*data += known;
	*at += (uint64_t)known + (uint64_t)hole;
	return true;
}

/* Compares one stretch; true at a difference. */
static bool
compare(const struct tx *t, uint64_t from, const char *data, size_t len,
    uint64_t *compared, struct difference *d)
{
	const struct chunk *c = t->first;
	uint64_t end = from + len;

	for (; c && c->offset < end; c = c->next) {
		uint64_t lo = c->offset > from ? c->offset : from;
		uint64_t hi =
		    c->offset + c->known < end ? c->offset + c->known : end;
		const char *mine, *theirs;
		size_t n, i;

		if (lo < t->mixed_to && hi > t->mixed_from) {
			if (lo < t->mixed_from)
				hi = t->mixed_from;
			else
				lo = t->mixed_to;
		}
		if (lo >= hi)
			continue;
		n = (size_t)(hi - lo);
		mine = data + (lo - from);
		theirs = c->data + (lo - c->offset);
		*compared += n;
		if (memcmp(mine, theirs, n) == 0)
			continue;
		for (i = 0; mine[i] == theirs[i]; i++)
			continue;
		d->at = lo + i;
		d->mixed = c->optional;
		d->len = n - i < sizeof(d->sent) ? n - i : sizeof(d->sent);
		memcpy(d->sent, theirs + i, d->len);
		memcpy(d->received, mine + i, d->len);
		return true;
	}
	return false;
}

bool
tx_compare(const struct tx *t, uint64_t from, uint64_t key,
    const struct nc_call *call, uint64_t n, uint64_t *compared,
    struct difference *d)
{
	struct nc_cursor runs = nc_cursor(call->runs);
	size_t nruns = nc_cursor_array(&runs);
	const char *data = call->data.p;
	struct stretch s;
	uint64_t at = 0;

	*compared = 0;
	if (t->mixed || t->lossy || t->key != key)
		return false;
	if (nruns == 0)
		return compare(t, from, data,
		    call->data.len < n ? call->data.len : (size_t)n, compared,
		    d);
	while (next_stretch(&runs, &nruns, &at, &data, &s)) {
		if (s.at + s.len > n ||
		    s.data + s.len > call->data.p + call->data.len)
			break;
		if (compare(t, from + s.at, s.data, s.len, compared, d))
			return true;
	}
	return false;
}

/* What the chunk's bytes from there on were; false if that cannot be told. */
static bool
read_chunk(const struct chunk *c, size_t from, char *buf, size_t len)
{
	struct nc_bytes data = { c->data, c->known };

	/* Offsets are those of the call's whole data. */
	data.len += c->clear_at;
	return nc_clear_copy(data, c->clear, c->clear_at + from, buf, len) ==
	    len;
}

size_t
tx_copy(const struct tx *t, uint64_t from, char *buf, size_t n)
{
	const struct chunk *c;
	size_t done = 0;

	for (c = t->first; c && done < n; c = c->next) {
		uint64_t at = from + done;
		size_t len;

		if (c->offset + c->len <= at)
			continue;
		if (c->offset > at || at >= c->offset + c->known)
			break;
		len = (size_t)(c->offset + c->known - at);
		if (len > n - done)
			len = n - done;
		if (!read_chunk(c, (size_t)(at - c->offset), buf + done, len))
			break;
		done += len;
		if (c->known < c->len)
			break;
	}
	return done;
}

/* The first n bytes of both are equal where they are known. */
bool
tx_same(const struct tx *a, const struct tx *b, uint64_t n)
{
	const struct chunk *c;

	if (a->base || b->base || a->lossy || b->lossy)
		return n == 0;
	if (a->key != b->key)
		return true;
	for (c = a->first; c && c->offset < n; c = c->next) {
		uint64_t len = c->known, compared = 0;
		struct difference d;

		if (len > n - c->offset)
			len = n - c->offset;
		if (compare(b, c->offset, c->data, (size_t)len, &compared, &d))
			return false;
	}
	return true;
}

/*
 * Do the unread bytes only end a TLS session?  They are whole records (RFC
 * 8446 5.1), and the last is an alert, in the clear or encrypted, or they
 * come from a server and are what it sends unasked: session tickets.
 */
bool
tx_unread_tls(const struct tx *t, uint64_t from, bool server)
{
	uint64_t at = from;
	unsigned char h[5];
	bool alert = false, ticket = server;

	while (at < t->sent) {
		uint64_t len;

		if (tx_copy(t, at, (char *)h, sizeof(h)) < sizeof(h))
			return false;
		len = nc_netnum_get16(h + 3);
		if (h[0] < 20 || h[0] > 23 || h[1] != 3 || len == 0 ||
		    len > 16640)
			return false;
		alert = h[0] == 21 || (h[0] == 23 && len == 19);
		if (!alert && (h[0] != 23 || len < 100 || len > 600))
			ticket = false;
		at += 5 + len;
	}
	return at == t->sent && (alert || ticket);
}

bool
tx_unread_line_end(const struct tx *t, uint64_t from)
{
	char s[2] = "";
	size_t n = tx_copy(t, from, s, sizeof(s));

	return n > 0 && from + n == t->sent && s[n - 1] == '\n' &&
	    (n == 1 || s[0] == '\r');
}

/*
 * Do the unread bytes only keep an HTTP/2 connection going?  They are whole
 * frames (RFC 9113 4.1, 6.5 to 6.9) of the lengths that their kinds have, on
 * no stream but for WINDOW_UPDATE, and a GOAWAY tells of no error.
 */
bool
tx_unread_http2(const struct tx *t, uint64_t from)
{
	enum { SETTINGS = 4, PING = 6, GOAWAY = 7, WINDOW_UPDATE = 8 };
	unsigned char f[9 + 8];
	uint64_t at = from;

	while (at < t->sent) {
		size_t n = tx_copy(t, at, (char *)f, sizeof(f));
		unsigned len =
		    n < 9 ? 0 : (unsigned)f[0] << 16 | nc_netnum_get16(f + 1);
		bool whole = n >= 9 && t->sent - at >= 9 + (uint64_t)len;
		bool root = whole && nc_netnum_get16(f + 5) == 0 &&
		    nc_netnum_get16(f + 7) == 0;

		if (!whole)
			return false;
		switch (f[3]) {
		case SETTINGS:
			if (!root || len % 6 || (f[4] && len))
				return false;
			break;
		case PING:
			if (!root || len != 8)
				return false;
			break;
		case GOAWAY:
			if (!root || len < 8 || n < sizeof(f) ||
			    nc_netnum_get16(f + 13) || nc_netnum_get16(f + 15))
				return false;
			break;
		case WINDOW_UPDATE:
			if (len != 4)
				return false;
			break;
		default:
			return false;
		}
		at += 9 + (uint64_t)len;
	}
	return at > from;
}
