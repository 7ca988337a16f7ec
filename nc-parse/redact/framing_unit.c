/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Units of a stream, and the text of lines.
 */
#include "framing_unit.h"

#include "util.h"

#include <string.h>
#include <strings.h>

#define HELD_MAX 1024 /* of a unit's room kept for the next */

void
nc_framing_drop(struct nc_framing *f)
{
	f->held.len = 0;
	if (f->held.cap > HELD_MAX) {
		nc_buf_fini(&f->held);
		memset(&f->held, 0, sizeof(f->held));
	}
}

void
nc_framing_stop(struct nc_framing *f, enum nc_framing_protocol protocol)
{
	f->protocol = protocol;
	nc_framing_drop(f);
	f->overlong = false;
	f->message = 0;
	f->skip = 0;
}

void
nc_unit_open(struct nc_unit *r)
{
	r->old = r->f->held.len;
	r->unit = r->at;
}

void
nc_unit_pass(struct nc_unit *r, size_t n)
{
	r->p += n;
	r->n -= n;
	r->at += n;
}

void
nc_unit_hold(struct nc_unit *r, size_t n)
{
	nc_buf_add(&r->f->held, r->p, n);
	nc_unit_pass(r, n);
}

void
nc_unit_mark(struct nc_unit *r, size_t from, size_t to)
{
	if (from < r->old)
		from = r->old;
	if (from < to)
		nc_spans_add(r->spans, r->unit + (from - r->old),
		    r->unit + (to - r->old));
}

bool
nc_framing_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
nc_framing_starts(struct nc_framing_text t, const char *word)
{
	size_t n = strlen(word);

	return t.n >= n && strncasecmp(t.p, word, n) == 0;
}

bool
nc_framing_may_be(struct nc_framing_text t, const char *word)
{
	size_t n = strlen(word);

	return strncasecmp(t.p, word, t.n < n ? t.n : n) == 0;
}

bool
nc_framing_number(struct nc_framing_text t, size_t *at, uint64_t *v)
{
	size_t start = *at;

	*v = 0;
	while (*at < t.n && nc_framing_is_digit(t.p[*at]) && *at - start < 18)
		*v = *v * 10 + (uint64_t)(t.p[(*at)++] - '0');
	return *at > start && (*at == t.n || !nc_framing_is_digit(t.p[*at]));
}
