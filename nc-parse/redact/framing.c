/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which bytes of a payload are protocol framing that a redacted stream keeps.
 */
#include "framing.h"

#include "dns.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TLS_HEADER 5
#define TLS_RECORD_MAX 16640 /* RFC 8446 5.2 */
#define LINE_MAX_HTTP 8192
#define LINE_MAX_FTP 512
#define WORD_MAX 12 /* a first word is known by then */
#define DNS_LEAST 17
#define HELD_MAX 1024 /* of a unit's room kept for the next */

void
nc_spans_add(struct nc_spans *s, size_t from, size_t to)
{
	if (from >= to)
		return;
	if (s->n > 0 && s->v[s->n - 1].to == from) {
		s->v[s->n - 1].to = to;
		return;
	}
	s->v = nc_grow(s->v, s->n, &s->cap, sizeof(*s->v));
	s->v[s->n++] = (struct nc_span){ from, to };
}

void
nc_spans_fini(struct nc_spans *s)
{
	free(s->v);
	memset(s, 0, sizeof(*s));
}

void
nc_framing_fini(struct nc_framing *f)
{
	nc_buf_fini(&f->held);
}

void
nc_framing_copy(struct nc_framing *copy, const struct nc_framing *f)
{
	*copy = *f;
	memset(&copy->held, 0, sizeof(copy->held));
	if (f->held.len > 0)
		nc_buf_add(&copy->held, f->held.p, f->held.len);
}

/* What is left of one call's bytes, and the unit that is being read. */
struct reader {
	struct nc_framing *f;
	const struct nc_framing *other;
	const char *p;
	size_t n;
	size_t at; /* offset of p in the call's data */
	struct nc_spans *spans;
	size_t old;  /* bytes of the unit that earlier calls brought */
	size_t unit; /* offset in data of the first one that this call did */
};

/* The unit is over; a long one's room is not kept. */
static void
drop(struct nc_framing *f)
{
	f->held.len = 0;
	if (f->held.cap > HELD_MAX) {
		nc_buf_fini(&f->held);
		memset(&f->held, 0, sizeof(f->held));
	}
}

static void
stop(struct nc_framing *f, enum nc_framing_protocol protocol)
{
	f->protocol = protocol;
	drop(f);
	f->overlong = false;
	f->message = 0;
	f->skip = 0;
}

static void
pass(struct reader *r, size_t n)
{
	r->p += n;
	r->n -= n;
	r->at += n;
}

/* Takes n bytes into the unit. */
static void
hold(struct reader *r, size_t n)
{
	nc_buf_add(&r->f->held, r->p, n);
	pass(r, n);
}

static void
open_unit(struct reader *r)
{
	r->old = r->f->held.len;
	r->unit = r->at;
}

/* Bytes [from, to) of the unit stay, where they are this call's. */
static void
mark(struct reader *r, size_t from, size_t to)
{
	if (from < r->old)
		from = r->old;
	if (from < to)
		nc_spans_add(r->spans, r->unit + (from - r->old),
		    r->unit + (to - r->old));
}

/* TLS */

static bool
is_tls_header(const unsigned char *h)
{
	size_t len = (size_t)h[3] << 8 | h[4];

	return h[0] >= 20 && h[0] <= 23 && h[1] == 3 && h[2] <= 4 && len > 0 &&
	    len <= TLS_RECORD_MAX;
}

/* A session that begins later, after a command or through a proxy. */
static bool
is_tls_hello(const char *p, size_t n)
{
	const unsigned char *h = (const unsigned char *)p;

	return n > TLS_HEADER && h[0] == 22 && is_tls_header(h) &&
	    (h[TLS_HEADER] == 1 || h[TLS_HEADER] == 2);
}

static void
read_tls(struct reader *r)
{
	struct nc_framing *f = r->f;
	const unsigned char *h;
	size_t want = TLS_HEADER - f->held.len;

	open_unit(r);
	hold(r, r->n < want ? r->n : want);
	if (f->held.len < TLS_HEADER)
		return;
	h = (const unsigned char *)f->held.p;
	if (is_tls_header(h)) {
		mark(r, 0, TLS_HEADER);
		f->skip = (uint64_t)h[3] << 8 | h[4];
		f->sure = true;
	} else if (f->sure) {
		f->lost = true;
	} else {
		stop(f, NC_FRAMING_OTHER);
	}
	drop(f);
}

/* DNS over TCP */

static void
read_dns(struct reader *r)
{
	struct nc_framing *f = r->f;
	struct nc_spans found = { NULL, 0, 0 };
	size_t i, n;

	open_unit(r);
	if (f->message == 0) {
		n = 2 - f->held.len;
		hold(r, r->n < n ? r->n : n);
		if (f->held.len < 2)
			return;
		f->message = (uint64_t)(unsigned char)f->held.p[0] << 8 |
		    (unsigned char)f->held.p[1];
		if (f->message < DNS_LEAST) {
			stop(f, NC_FRAMING_OTHER);
			return;
		}
		if (r->n == 0 && f->sure)
			mark(r, 0, 2);
		if (r->n == 0) {
			f->held.len = 0;
			return;
		}
	}
	n = r->n < f->message ? r->n : (size_t)f->message;
	if (nc_dns_mark(r->p, n, f->message, r->at, &found)) {
		f->sure = true;
		if (f->held.len == 2)
			mark(r, 0, 2);
		for (i = 0; i < found.n; i++)
			nc_spans_add(r->spans, found.v[i].from, found.v[i].to);
	}
	nc_spans_fini(&found);
	f->held.len = 0;
	f->skip = f->message - n;
	f->message = 0;
	pass(r, n);
	if (!f->sure)
		stop(f, NC_FRAMING_OTHER);
}

/* Lines */

/* A line without its end. */
struct text {
	const char *p;
	size_t n;
};

static struct text
without_end(const struct nc_buf *line)
{
	struct text t = { line->p, line->len };

	if (t.n > 0 && t.p[t.n - 1] == '\n')
		t.n--;
	if (t.n > 0 && t.p[t.n - 1] == '\r')
		t.n--;
	return t;
}

static bool
starts(struct text t, const char *word)
{
	size_t n = strlen(word);

	return t.n >= n && strncasecmp(t.p, word, n) == 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits from t.p + *at on as a number; false if there are none. */
static bool
number(struct text t, size_t *at, uint64_t *v)
{
	size_t start = *at;

	*v = 0;
	while (*at < t.n && is_digit(t.p[*at]) && *at - start < 18)
		*v = *v * 10 + (uint64_t)(t.p[(*at)++] - '0');
	return *at > start && (*at == t.n || !is_digit(t.p[*at]));
}

static const char *const methods[] = { "GET ", "HEAD ", "POST ", "PUT ",
	"DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ", "PROPFIND ",
	"REPORT " };
/* What clients of FTP say first. */
static const char *const commands[] = { "USER ", "AUTH ", "FEAT", "OPTS ",
	"HOST ", "SYST", "CLNT " };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* True if t begins with the word, or is the beginning of it. */
static bool
may_be(struct text t, const char *word)
{
	size_t n = strlen(word);

	return strncasecmp(t.p, word, t.n < n ? t.n : n) == 0;
}

/* True if t, of a first line, is or may become an FTP one. */
static bool
may_be_ftp(struct text t)
{
	size_t i;

	for (i = 0; i < COUNT(commands); i++)
		if (may_be(t, commands[i]))
			return true;
	return may_be(t, "220");
}

static bool
may_be_first_line(struct text t)
{
	size_t i;

	for (i = 0; i < COUNT(methods); i++)
		if (may_be(t, methods[i]))
			return true;
	return may_be(t, "HTTP/1.") || may_be_ftp(t);
}

/* HTTP */

static bool
is_version(const char *p)
{
	return memcmp(p, "HTTP/1.", 7) == 0 && is_digit(p[7]);
}

/* "GET /path HTTP/1.1": the path is not told. */
static bool
request_line(struct reader *r, struct text t)
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
	mark(r, 0, n);
	mark(r, t.n - 9, f->held.len);
	f->response = false;
	f->head = starts(t, "HEAD ");
	f->connect = starts(t, "CONNECT ");
	return true;
}

/* "HTTP/1.1 200 OK": the words are not told. */
static bool
status_line(struct reader *r, struct text t)
{
	struct nc_framing *f = r->f;
	uint64_t status;
	size_t at = 9;

	if (t.n < 12 || !is_version(t.p) || t.p[8] != ' ' ||
	    !number(t, &at, &status) || at != 12 || status < 100 ||
	    (t.n > 12 && t.p[12] != ' '))
		return false;
	mark(r, 0, 12);
	f->response = true;
	f->status = (int)status;
	return true;
}

static void
first_line_http(struct reader *r, struct text t)
{
	struct nc_framing *f = r->f;

	/* RFC 9112 2.2: empty lines before a request are passed over. */
	if (t.n == 0 && f->protocol == NC_FRAMING_HTTP)
		return;
	if (!request_line(r, t) && !status_line(r, t)) {
		stop(f, NC_FRAMING_OTHER);
		return;
	}
	f->protocol = NC_FRAMING_HTTP;
	f->part = NC_FRAMING_HEAD;
	f->chunked = f->has_length = false;
	f->length = 0;
}

/* What follows the head. */
static void
body(struct reader *r)
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
		stop(f, NC_FRAMING_OTHER);
	else if (!none && f->chunked)
		f->part = NC_FRAMING_CHUNK;
	else if (!none)
		f->skip = f->length;
}

/* The value of a header line, without blanks around it. */
static struct text
value_of(struct text t, size_t name)
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
is_host(struct text v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (!is_digit(v.p[i]) &&
		    !((v.p[i] | 0x20) >= 'a' && (v.p[i] | 0x20) <= 'z') &&
		    memchr(".-_:[]", v.p[i], 6) == NULL)
			return false;
	return v.n > 0;
}

static void
header_line(struct reader *r, struct text t)
{
	struct nc_framing *f = r->f;
	struct text v;
	uint64_t length;
	size_t at = 0;

	if (t.n == 0) {
		mark(r, 0, f->held.len);
		body(r);
	} else if (starts(t, "Content-Length:")) {
		v = value_of(t, 15);
		if (!number(v, &at, &length) || at != v.n ||
		    (f->has_length && length != f->length)) {
			stop(f, NC_FRAMING_OTHER);
			return;
		}
		mark(r, 0, f->held.len);
		f->has_length = true;
		f->length = length;
	} else if (starts(t, "Host:")) {
		if (is_host(value_of(t, 5)))
			mark(r, 0, f->held.len);
	} else if (starts(t, "Transfer-Encoding:")) {
		v = value_of(t, 18);
		f->chunked = v.n >= 7 &&
		    strncasecmp(v.p + v.n - 7, "chunked", 7) == 0;
	} else if (*t.p != ' ' && *t.p != '\t' &&
	    memchr(t.p, ':', t.n) == NULL) {
		stop(f, NC_FRAMING_OTHER);
	}
}

/* "1a2b;extension": how long the chunk is, which is not told. */
static void
chunk_line(struct nc_framing *f, struct text t)
{
	uint64_t size = 0;
	size_t i;
	int digit;

	for (i = 0; i < t.n && i < 15; i++) {
		digit = is_digit(t.p[i]) ? t.p[i] - '0' :
		    (t.p[i] | 0x20) >= 'a' && (t.p[i] | 0x20) <= 'f' ?
					   (t.p[i] | 0x20) - 'a' + 10 :
					   -1;
		if (digit < 0)
			break;
		size = size << 4 | (uint64_t)digit;
	}
	if (i == 0 || (i < t.n && t.p[i] != ';' && t.p[i] != ' ')) {
		stop(f, NC_FRAMING_OTHER);
		return;
	}
	f->skip = size;
	f->part = size == 0 ? NC_FRAMING_TRAILER : NC_FRAMING_CHUNK_END;
}

static void
http_line(struct reader *r, struct text t)
{
	struct nc_framing *f = r->f;

	switch (f->part) {
	case NC_FRAMING_FIRST:
		first_line_http(r, t);
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
			stop(f, NC_FRAMING_OTHER);
		break;
	case NC_FRAMING_TRAILER:
		if (t.n == 0)
			f->part = NC_FRAMING_FIRST;
		break;
	}
}

/* FTP */

/* "10,0,0,1,4,5" at t.p + *at, which moves behind it. */
static bool
six_numbers(struct text t, size_t *at)
{
	uint64_t v;
	size_t i, here = *at;

	for (i = 0; i < 6; i++) {
		if (i > 0 && (here >= t.n || t.p[here++] != ','))
			return false;
		if (!number(t, &here, &v) || v > 255)
			return false;
	}
	*at = here;
	return true;
}

/* "|1|10.0.0.1|1234|" or "|||1234|", likewise (RFC 2428). */
static bool
extended(struct text t, size_t *at)
{
	size_t here = *at, bars = 0;

	for (; here < t.n && bars < 4; here++) {
		if (t.p[here] == '|')
			bars++;
		else if (bars == 0 ||
		    (!is_digit(t.p[here]) &&
			memchr(".:abcdefABCDEF", t.p[here], 14) == NULL))
			return false;
	}
	if (bars < 4)
		return false;
	*at = here;
	return true;
}

/* A reply's code, and its address wherever it stands. */
static void
ftp_reply(struct reader *r, struct text t,
    bool (*argument)(struct text t, size_t *at))
{
	size_t from, to;

	for (from = 4; from < t.n; from++) {
		/* Not in the middle of a number. */
		if (is_digit(t.p[from]) && is_digit(t.p[from - 1]))
			continue;
		to = from;
		if (!argument(t, &to))
			continue;
		if (t.p[from - 1] == '(' && to < t.n && t.p[to] == ')') {
			from--;
			to++;
		}
		mark(r, 0, 4);
		mark(r, from, to);
		return;
	}
}

static void
ftp_line(struct reader *r, struct text t)
{
	size_t i, at = 5;

	for (i = 0; i < t.n; i++)
		if ((unsigned char)t.p[i] < ' ' && t.p[i] != '\t') {
			stop(r->f, NC_FRAMING_OTHER);
			return;
		}
	if ((starts(t, "PORT ") && six_numbers(t, &at) && at == t.n) ||
	    (starts(t, "EPRT ") && extended(t, &at) && at == t.n))
		mark(r, 0, r->f->held.len);
	else if (starts(t, "227 "))
		ftp_reply(r, t, six_numbers);
	else if (starts(t, "229 "))
		ftp_reply(r, t, extended);
}

/* The first line of a stream tells whose it is. */
static void
first_line(struct reader *r, struct text t)
{
	struct nc_framing *f = r->f;
	size_t i;

	f->protocol = starts(t, "220") ? NC_FRAMING_FTP : NC_FRAMING_LINES;
	for (i = 0; i < COUNT(commands); i++)
		if (starts(t, commands[i]))
			f->protocol = NC_FRAMING_FTP;
	if (f->protocol == NC_FRAMING_FTP) {
		ftp_line(r, t);
		return;
	}
	f->part = NC_FRAMING_FIRST;
	first_line_http(r, t);
}

/* Too long for a line of the protocol: none of it is kept. */
static void
too_long(struct nc_framing *f)
{
	if (f->protocol == NC_FRAMING_LINES ||
	    (f->protocol == NC_FRAMING_HTTP && f->part != NC_FRAMING_HEAD &&
		f->part != NC_FRAMING_TRAILER))
		stop(f, NC_FRAMING_OTHER);
	else
		f->overlong = true;
	drop(f);
}

static void
read_line(struct reader *r)
{
	struct nc_framing *f = r->f;
	const char *end = memchr(r->p, '\n', r->n);
	size_t n = end != NULL ? (size_t)(end - r->p) + 1 : r->n;
	size_t most = f->protocol == NC_FRAMING_FTP ? LINE_MAX_FTP :
						      LINE_MAX_HTTP;
	bool first = f->protocol == NC_FRAMING_LINES ||
	    (f->protocol == NC_FRAMING_HTTP && f->part == NC_FRAMING_FIRST);

	open_unit(r);
	if (f->overlong) {
		f->overlong = end == NULL;
		pass(r, n);
		return;
	}
	if (f->held.len + n > most) {
		too_long(f);
		if (f->overlong && end != NULL)
			f->overlong = false;
		pass(r, n);
		return;
	}
	hold(r, n);
	if (first && r->old < WORD_MAX && f->held.p[0] != '\r' &&
	    f->held.p[0] != '\n' && !may_be_first_line(without_end(&f->held))) {
		stop(f, NC_FRAMING_OTHER);
		return;
	}
	if (end == NULL)
		return;
	if (f->protocol == NC_FRAMING_LINES)
		first_line(r, without_end(&f->held));
	else if (f->protocol == NC_FRAMING_FTP)
		ftp_line(r, without_end(&f->held));
	else
		http_line(r, without_end(&f->held));
	drop(f);
}

/* All together */

static void
begin_stream(struct nc_framing *f, unsigned char c)
{
	if (c == 22)
		f->protocol = NC_FRAMING_TLS;
	else if (c == '2' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
		f->protocol = NC_FRAMING_LINES;
	else
		f->protocol = NC_FRAMING_DNS;
}

void
nc_framing_call(struct nc_framing *f)
{
	f->fresh = true;
	if (f->lost) {
		f->lost = false;
		f->overlong = false;
		f->held.len = 0;
		f->skip = 0;
	}
}

void
nc_framing_feed(struct nc_framing *f, const struct nc_framing *other,
    const char *p, size_t n, size_t at, struct nc_spans *spans)
{
	struct reader r = { f, other, p, n, at, spans, 0, 0 };

	if (n > 0 && f->fresh && f->skip == 0 &&
	    (f->protocol == NC_FRAMING_OTHER ||
		f->protocol == NC_FRAMING_FTP) &&
	    is_tls_hello(p, n))
		stop(f, NC_FRAMING_TLS);
	f->fresh = f->fresh && n == 0;
	while (r.n > 0 && !f->lost) {
		if (f->skip > 0) {
			size_t part = r.n < f->skip ? r.n : (size_t)f->skip;

			f->skip -= part;
			pass(&r, part);
			continue;
		}
		switch (f->protocol) {
		case NC_FRAMING_START:
			begin_stream(f, (unsigned char)*r.p);
			break;
		case NC_FRAMING_LINES:
		case NC_FRAMING_HTTP:
		case NC_FRAMING_FTP:
			read_line(&r);
			break;
		case NC_FRAMING_TLS:
			read_tls(&r);
			break;
		case NC_FRAMING_DNS:
			read_dns(&r);
			break;
		case NC_FRAMING_OTHER:
			return;
		}
	}
}

void
nc_framing_gap(struct nc_framing *f, uint64_t n)
{
	uint64_t part = n < f->skip ? n : f->skip;

	if (n == 0)
		return;
	f->fresh = false;
	f->skip -= part;
	n -= part;
	if (n == 0 || f->lost)
		return;
	if (f->message > 0 && n <= f->message) {
		f->skip = f->message - n;
		f->message = 0;
		return;
	}
	if (f->protocol == NC_FRAMING_LINES && f->held.len >= 4 &&
	    may_be_ftp((struct text){ f->held.p, f->held.len }))
		stop(f, NC_FRAMING_FTP);
	if ((f->protocol == NC_FRAMING_TLS && f->sure) ||
	    f->protocol == NC_FRAMING_FTP)
		f->lost = true;
	else
		stop(f, NC_FRAMING_OTHER);
	f->held.len = 0;
}
