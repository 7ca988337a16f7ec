/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * HTTP/1: first lines, headers that are kept, chunks.
 */
#include "framing_unit.h"

#include <string.h>
#include <strings.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const methods[] = { "GET ", "HEAD ", "POST ", "PUT ",
	"DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ", "PROPFIND ",
	"REPORT " };

bool
nc_framing_may_be_http(struct nc_framing_text t)
{
	size_t i;

	for (i = 0; i < COUNT(methods); i++)
		if (nc_framing_may_be(t, methods[i]))
			return true;
	return nc_framing_may_be(t, "HTTP/1.");
}

static bool
is_version(const char *p)
{
	return memcmp(p, "HTTP/1.", 7) == 0 && nc_framing_is_digit(p[7]);
}

/* "GET /path HTTP/1.1": the path is not told. */
static bool
request_line(struct nc_unit *r, struct nc_framing_text t)
{
	struct nc_framing *f = r->f;
	size_t i, n = 0, k;

	for (i = 0; i < COUNT(methods) && n == 0; i++)
		if (t.n > strlen(methods[i]) &&
		    memcmp(t.p, methods[i], strlen(methods[i])) == 0)
			n = strlen(methods[i]);
	if (n == 0 || t.n < n + 10 || !is_version(t.p + t.n - 8) ||
	    t.p[t.n - 9] != ' ')
		return false;
	for (k = n; k < t.n - 9; k++)
		if ((unsigned char)t.p[k] <= ' ')
			return false;
	nc_unit_mark(r, 0, n);
	nc_unit_mark(r, t.n - 9, f->held.len);
	f->response = false;
	f->head = nc_framing_starts(t, "HEAD ");
	f->connect = nc_framing_starts(t, "CONNECT ");
	return true;
}

/* "HTTP/1.1 200 OK": the words are not told. */
static bool
status_line(struct nc_unit *r, struct nc_framing_text t)
{
	struct nc_framing *f = r->f;
	uint64_t status;
	size_t at = 9;

	if (t.n < 12 || !is_version(t.p) || t.p[8] != ' ' ||
	    !nc_framing_number(t, &at, &status) || at != 12 || status < 100 ||
	    (t.n > 12 && t.p[12] != ' '))
		return false;
	nc_unit_mark(r, 0, 12);
	f->response = true;
	f->status = (int)status;
	return true;
}

static void
first_line(struct nc_unit *r, struct nc_framing_text t)
{
	struct nc_framing *f = r->f;

	/* RFC 9112 2.2: empty lines before a request are passed over. */
	if (t.n == 0 && f->protocol == NC_FRAMING_HTTP)
		return;
	if (!request_line(r, t) && !status_line(r, t)) {
		nc_framing_stop(f, NC_FRAMING_OTHER);
		return;
	}
	f->protocol = NC_FRAMING_HTTP;
	f->part = NC_FRAMING_HEAD;
	f->chunked = f->has_length = false;
	f->length = 0;
}

/* What follows the head. */
static void
body(struct nc_unit *r)
{
	struct nc_framing *f = r->f;
	bool none = false, tunnel;

	if (f->response) {
		none = f->status < 200 || f->status == 204 ||
		    f->status == 304 || (r->other != NULL && r->other->head);
		tunnel = f->status == 101 ||
		    (r->other != NULL && r->other->connect &&
			f->status / 100 == 2);
	} else {
		none = !f->chunked && !f->has_length;
		tunnel = f->connect;
	}
	f->part = NC_FRAMING_FIRST;
	if (tunnel || (!none && !f->chunked && !f->has_length))
		nc_framing_stop(f, NC_FRAMING_OTHER);
	else if (!none && f->chunked)
		f->part = NC_FRAMING_CHUNK;
	else if (!none)
		f->skip = f->length;
}

/* The value of a header line, without blanks around it. */
static struct nc_framing_text
value_of(struct nc_framing_text t, size_t name)
{
	t.p += name;
	t.n -= name;
	while (t.n > 0 && (*t.p == ' ' || *t.p == '\t')) {
		t.p++;
		t.n--;
	}
	while (t.n > 0 && (t.p[t.n - 1] == ' ' || t.p[t.n - 1] == '\t'))
		t.n--;
	return t;
}

static bool
is_host(struct nc_framing_text v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (!nc_framing_is_digit(v.p[i]) &&
		    !((v.p[i] | 0x20) >= 'a' && (v.p[i] | 0x20) <= 'z') &&
		    memchr(".-_:[]", v.p[i], 6) == NULL)
			return false;
	return v.n > 0;
}

static void
header_line(struct nc_unit *r, struct nc_framing_text t)
{
	struct nc_framing *f = r->f;
	struct nc_framing_text v;
	uint64_t length;
	size_t at = 0;

	if (t.n == 0) {
		nc_unit_mark(r, 0, f->held.len);
		body(r);
	} else if (nc_framing_starts(t, "Content-Length:")) {
		v = value_of(t, 15);
		if (!nc_framing_number(v, &at, &length) || at != v.n ||
		    (f->has_length && length != f->length)) {
			nc_framing_stop(f, NC_FRAMING_OTHER);
			return;
		}
		nc_unit_mark(r, 0, f->held.len);
		f->has_length = true;
		f->length = length;
	} else if (nc_framing_starts(t, "Host:")) {
		if (is_host(value_of(t, 5)))
			nc_unit_mark(r, 0, f->held.len);
	} else if (nc_framing_starts(t, "Transfer-Encoding:")) {
		v = value_of(t, 18);
		f->chunked = v.n >= 7 &&
		    strncasecmp(v.p + v.n - 7, "chunked", 7) == 0;
	} else if (*t.p != ' ' && *t.p != '\t' &&
	    memchr(t.p, ':', t.n) == NULL) {
		nc_framing_stop(f, NC_FRAMING_OTHER);
	}
}

/* "1a2b;extension": how long the chunk is, which is not told. */
static void
chunk_line(struct nc_framing *f, struct nc_framing_text t)
{
	uint64_t size = 0;
	size_t i;
	int digit;

	for (i = 0; i < t.n && i < 15; i++) {
		digit = nc_framing_is_digit(t.p[i]) ?
		    t.p[i] - '0' :
		    (t.p[i] | 0x20) >= 'a' && (t.p[i] | 0x20) <= 'f' ?
		    (t.p[i] | 0x20) - 'a' + 10 :
		    -1;
		if (digit < 0)
			break;
		size = size << 4 | (uint64_t)digit;
	}
	if (i == 0 || (i < t.n && t.p[i] != ';' && t.p[i] != ' ')) {
		nc_framing_stop(f, NC_FRAMING_OTHER);
		return;
	}
	f->skip = size;
	f->part = size == 0 ? NC_FRAMING_TRAILER : NC_FRAMING_CHUNK_END;
}

void
nc_framing_http_line(struct nc_unit *r, struct nc_framing_text t)
{
	struct nc_framing *f = r->f;

	switch (f->part) {
	case NC_FRAMING_FIRST:
		first_line(r, t);
		break;
	case NC_FRAMING_HEAD:
		header_line(r, t);
		break;
	case NC_FRAMING_CHUNK:
		chunk_line(f, t);
		break;
	case NC_FRAMING_CHUNK_END:
		f->part = NC_FRAMING_CHUNK;
		if (t.n > 0)
			nc_framing_stop(f, NC_FRAMING_OTHER);
		break;
	case NC_FRAMING_TRAILER:
		if (t.n == 0)
			f->part = NC_FRAMING_FIRST;
		break;
	}
}
