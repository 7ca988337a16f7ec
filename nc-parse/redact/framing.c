/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which bytes of a payload are protocol framing that a redacted stream keeps.
 */
#include "framing.h"

#include "framing_unit.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_HTTP 8192
#define LINE_MAX_FTP 512
#define WORD_MAX 12 /* a first word is known by then */

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

static struct nc_framing_text
without_end(const struct nc_buf *line)
{
	struct nc_framing_text t = { line->p, line->len };

	if (t.n > 0 && t.p[t.n - 1] == '\n')
		t.n--;
	if (t.n > 0 && t.p[t.n - 1] == '\r')
		t.n--;
	return t;
}

static bool
may_be_first_line(struct nc_framing_text t)
{
	return nc_framing_may_be_http(t) || nc_framing_may_be_ftp(t);
}

/* The first line of a stream tells whose it is. */
static void
first_line(struct nc_unit *r, struct nc_framing_text t)
{
	struct nc_framing *f = r->f;

	if (nc_framing_is_ftp(t)) {
		f->protocol = NC_FRAMING_FTP;
		nc_framing_ftp_line(r, t);
		return;
	}
	f->protocol = NC_FRAMING_LINES;
	f->part = NC_FRAMING_FIRST;
	nc_framing_http_line(r, t);
}

/* Too long for a line of the protocol: none of it is kept. */
static void
too_long(struct nc_framing *f)
{
	if (f->protocol == NC_FRAMING_LINES ||
	    (f->protocol == NC_FRAMING_HTTP && f->part != NC_FRAMING_HEAD &&
		f->part != NC_FRAMING_TRAILER))
		nc_framing_stop(f, NC_FRAMING_OTHER);
	else
		f->overlong = true;
	nc_framing_drop(f);
}

static void
read_line(struct nc_unit *r)
{
	struct nc_framing *f = r->f;
	const char *end = memchr(r->p, '\n', r->n);
	size_t n = end != NULL ? (size_t)(end - r->p) + 1 : r->n;
	size_t most = f->protocol == NC_FRAMING_FTP ? LINE_MAX_FTP :
						      LINE_MAX_HTTP;
	bool first = f->protocol == NC_FRAMING_LINES ||
	    (f->protocol == NC_FRAMING_HTTP && f->part == NC_FRAMING_FIRST);

	nc_unit_open(r);
	if (f->overlong) {
		f->overlong = end == NULL;
		nc_unit_pass(r, n);
		return;
	}
	if (f->held.len + n > most) {
		too_long(f);
		if (f->overlong && end != NULL)
			f->overlong = false;
		nc_unit_pass(r, n);
		return;
	}
	nc_unit_hold(r, n);
	if (first && r->old < WORD_MAX && f->held.p[0] != '\r' &&
	    f->held.p[0] != '\n' && !may_be_first_line(without_end(&f->held))) {
		nc_framing_stop(f, NC_FRAMING_OTHER);
		return;
	}
	if (end == NULL)
		return;
	if (f->protocol == NC_FRAMING_LINES)
		first_line(r, without_end(&f->held));
	else if (f->protocol == NC_FRAMING_FTP)
		nc_framing_ftp_line(r, without_end(&f->held));
	else
		nc_framing_http_line(r, without_end(&f->held));
	nc_framing_drop(f);
}

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
	struct nc_unit r = { f, other, p, n, at, spans, 0, 0 };

	if (n > 0 && f->fresh && f->skip == 0 &&
	    (f->protocol == NC_FRAMING_OTHER ||
		f->protocol == NC_FRAMING_FTP) &&
	    nc_framing_is_tls_hello(p, n))
		nc_framing_stop(f, NC_FRAMING_TLS);
	f->fresh = f->fresh && n == 0;
	while (r.n > 0 && !f->lost) {
		if (f->skip > 0) {
			size_t part = r.n < f->skip ? r.n : (size_t)f->skip;

			f->skip -= part;
			nc_unit_pass(&r, part);
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
			nc_framing_tls(&r);
			break;
		case NC_FRAMING_DNS:
			nc_framing_dns(&r);
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
	    nc_framing_may_be_ftp(
		(struct nc_framing_text){ f->held.p, f->held.len }))
		nc_framing_stop(f, NC_FRAMING_FTP);
	if ((f->protocol == NC_FRAMING_TLS && f->sure) ||
	    f->protocol == NC_FRAMING_FTP)
		f->lost = true;
	else
		nc_framing_stop(f, NC_FRAMING_OTHER);
	f->held.len = 0;
}
