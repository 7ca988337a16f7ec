/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The bytes behind a string as strace writes it.
 *
 * Most of a trace is payload, and binary payload is nearly all escapes whose
 * distances and lengths nothing predicts.  So backslashes are found 64 bytes
 * at a time as a bit mask, and an escape is looked up (unescape.h).
 */
#include "decode.h"

#include "../input/pages.h"
#include "mask.h"
#include "unescape.h"
#include "util.h"
#include "wide.h"

#include <string.h>

#define BLOCK NC_MASK_BYTES
/* Plain bytes copied at once: more than lie between two escapes mostly. */
#define RUN 32
/* Bytes behind any place of the text that may be read, whatever they are. */
#define LOOK (BLOCK + RUN)

/* Room in b for n more bytes; the caller writes and adds to len. */
static char *
room(struct nc_buf *b, size_t n)
{
	if (b->p == NULL || b->cap - b->len < n) {
		b->cap = (b->len + n + 16) * 2;
		b->p = nc_xrealloc(b->p, b->cap);
	}
	return b->p + b->len;
}

/* A string being decoded. */
struct decoder {
	const char *p, *end; /* what is left of the text */
	char *out;
	bool damaged;
};

static void
escape(struct decoder *d)
{
	const char *q = nc_unescape(d->p, d->end, d->out);

	if (q == NULL) {
		d->damaged = true;
		*d->out = *d->p;
		q = d->p + 1;
	}
	d->p = q;
	d->out++;
}

/* A backslash that is escaped itself begins no escape. */
static inline uint64_t
without_escaped(uint64_t mask)
{
	uint64_t second;

	while ((second = mask & mask << 1) != 0)
		mask &= ~(second & -second);
	return mask;
}

/*
 * Decodes what begins before stop, one escape after the other; LOOK bytes from
 * any place before stop on can be read.
 */
static void
decode_each(struct decoder *d, const char *stop)
{
	const struct nc_escapes *escapes = nc_escapes_get();
	const char *block, *at, *p = d->p;
	char *out = d->out;
	uint64_t mask;
	size_t run, i;
	unsigned n;

	for (block = p; block < stop; block += BLOCK) {
		mask = nc_mask_of(block, '\\');
		/* The escape before may end in this block, the text too. */
		if (p > block)
			mask &= ~UINT64_C(0) << (p - block);
		if (stop - block < BLOCK)
			mask &= (UINT64_C(1) << (stop - block)) - 1;
		mask = without_escaped(mask);
		for (; mask != 0; mask &= mask - 1) {
			at = block + __builtin_ctzll(mask);
			run = (size_t)(at - p);
			memcpy(out, p, RUN);
			for (i = RUN; i < run; i += RUN)
				memcpy(out + i, p + i, RUN);
			out += run;
			n = nc_unescape_known(escapes, at, out);
			p = at + n;
			out++;
			if (n == 0) {
				d->p = at;
				d->out = out - 1;
				escape(d);
				p = d->p;
				out = d->out;
			}
		}
	}
	if (p < stop) {
		memcpy(out, p, (size_t)(stop - p));
		out += stop - p;
		p = stop;
	}
	d->p = p;
	d->out = out;
}

/* The same as fast as the processor can. */
static void
decode_blocks(struct decoder *d, const char *stop)
{
	if (!nc_wide_works()) {
		decode_each(d, stop);
		return;
	}
	while (d->p < stop) {
		d->p = nc_wide_decode(d->p, stop, &d->out);
		if (d->p < stop)
			decode_each(
			    d, stop - d->p < BLOCK ? stop : d->p + BLOCK);
	}
}

/* Decodes all but the last slice, and gives back the text. */
static void
decode_slices(struct decoder *d)
{
	const char *from;

	while (d->end - d->p > 2 * (ptrdiff_t)NC_PAGES_SLICE) {
		from = d->p;
		decode_blocks(d, from + NC_PAGES_SLICE);
		nc_pages_give_back(from, d->p);
	}
}

static void
decode(struct decoder *d)
{
	size_t whole = (size_t)(d->end - d->p);
	char last[2 * LOOK] = { 0 };
	struct decoder rest;

	if (whole > LOOK)
		decode_blocks(d, d->end - LOOK);
	/* The rest where there are bytes to read behind it. */
	rest = *d;
	memcpy(last, d->p, (size_t)(d->end - d->p));
	rest.p = last;
	rest.end = last + (d->end - d->p);
	decode_blocks(&rest, rest.end);
	d->p = d->end;
	d->out = rest.out;
	d->damaged = rest.damaged;
}

/* Past the closing quote, or NULL; mostly the text's last byte. */
static const char *
closing_quote(struct nc_text t)
{
	if (t.end - t.p > 2 && t.end[-1] == '"' && t.end[-2] != '\\')
		return t.end;
	return nc_text_skip_string(t.p, t.end);
}

static enum nc_string
decode_string(struct nc_text t, struct nc_buf *b, bool last)
{
	struct decoder d;
	const char *close;

	if (t.p == NULL || t.p == t.end || *t.p != '"')
		return NC_STRING_NONE;
	close = closing_quote(t);
	d.p = t.p + 1;
	d.end = close != NULL ? close - 1 : t.end;
	d.out = room(b, (size_t)(d.end - d.p) + NC_DECODE_SLACK);
	d.damaged = close == NULL;
	if (last)
		decode_slices(&d);
	decode(&d);
	b->len = (size_t)(d.out - b->p);
	if (d.damaged)
		return NC_STRING_DAMAGED;
	return close != NULL && t.end - close >= 3 &&
		memcmp(close, "...", 3) == 0 ?
	    NC_STRING_CUT :
	    NC_STRING_WHOLE;
}

enum nc_string
nc_text_decode(struct nc_text t, struct nc_buf *b)
{
	return decode_string(t, b, false);
}

enum nc_string
nc_text_decode_last(struct nc_text t, struct nc_buf *b)
{
	return decode_string(t, b, true);
}
