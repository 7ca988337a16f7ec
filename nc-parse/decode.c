/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The bytes behind a string as strace writes it.
 *
 * Most of a trace is payload, and binary payload is nearly all escapes whose
 * distances and lengths nothing predicts.  So backslashes are found 64 bytes
 * at a time as a bit mask, and an escape is read without a branch on its form.
 */
#include "decode.h"

#include "input/pages.h"
#include "mask.h"
#include "util.h"

#include <string.h>

#define BLOCK NC_MASK_BYTES
/* Plain bytes copied at once: more than lie between two escapes mostly. */
#define RUN NC_DECODE_SLACK

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

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* What the letter after a backslash stands for; 0 for all other bytes. */
static const char letters[256] = {
	['n'] = '\n',
	['t'] = '\t',
	['r'] = '\r',
	['v'] = '\v',
	['f'] = '\f',
	['"'] = '"',
	['\\'] = '\\',
};

/* Decodes the escape at p (a backslash); past it, or NULL if it is bad. */
static const char *
unescape(const char *p, const char *end, char *out)
{
	const char *limit;
	unsigned v = 0, d;

	if (++p == end)
		return NULL;
	if (letters[(unsigned char)*p] != 0) {
		*out = letters[(unsigned char)*p];
		return p + 1;
	}
	if (*p == 'x') {
		if (end - p < 3 || hex_digit(p[1]) < 0 || hex_digit(p[2]) < 0)
			return NULL;
		*out = (char)(hex_digit(p[1]) * 16 + hex_digit(p[2]));
		return p + 3;
	}
	if ((unsigned)(*p - '0') > 7)
		return NULL;
	limit = end - p > 3 ? p + 3 : end;
	for (; p < limit && (d = (unsigned)(*p - '0')) <= 7; p++)
		v = v * 8 + d;
	*out = (char)v;
	return v > 255 ? NULL : p;
}

/*
 * The same for letters and octal, without a branch, with five bytes to read;
 * 0 for the rest.  Up to three octal digits are taken from one word.
 */
static unsigned
unescape_fast(const char *p, char *out)
{
	unsigned letter = (unsigned char)letters[(unsigned char)p[1]];
	unsigned octal = 0u - (letter == 0); /* all bits or none */
	/* Compilers make one load of these. */
	unsigned word = (unsigned)(unsigned char)p[1] |
	    (unsigned)(unsigned char)p[2] << 8 |
	    (unsigned)(unsigned char)p[3] << 16 |
	    (unsigned)(unsigned char)p[4] << 24;
	unsigned x = word ^ 0x303030, no_digit = x & 0xf8f8f8;
	/* Digits after the first: zero bytes from the second one on. */
	unsigned more = (unsigned)__builtin_ctz(no_digit >> 8 | 0x10000) / 8;
	/* The sum of the first digit times 64, the second times 8, the third. */
	unsigned all = (x & 0x070707) * 0x400801;
	unsigned v = ((all >> 16) & 0x1ff) >> (6 - 3 * more), bad;

	*out = (char)(letter | (v & octal));
	bad = octal & ((no_digit & 0xff) | v >> 8);
	return bad != 0 ? 0 : 2 + (more & octal);
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
	const char *q = unescape(d->p, d->end, d->out);

	if (q == NULL) {
		d->damaged = true;
		*d->out = *d->p;
		q = d->p + 1;
	}
	d->p = q;
	d->out++;
}

/*
 * Decodes what begins before stop; BLOCK + RUN bytes from the last block on
 * may be read, whatever they are.
 */
static void
decode_blocks(struct decoder *d, const char *stop)
{
	const char *block, *at, *p = d->p;
	char *out = d->out;
	size_t run;
	unsigned n;

	for (block = p; block < stop; block += BLOCK) {
		uint64_t mask = nc_mask_of(block, '\\');

		/* The escape before may end in this block, the text too. */
		if (p > block)
			mask &= ~UINT64_C(0) << (p - block);
		if (stop - block < BLOCK)
			mask &= (UINT64_C(1) << (stop - block)) - 1;
		while (mask != 0) {
			at = block + __builtin_ctzll(mask);
			mask &= mask - 1;
			run = (size_t)(at - p);
			memcpy(out, p, RUN);
			if (run > RUN)
				memcpy(out + RUN, p + RUN, run - RUN);
			out += run;
			if (at[1] == '\\' && at + 1 < block + BLOCK)
				mask &= mask - 1;
			n = unescape_fast(at, out);
			if (n == 0) {
				d->p = at;
				d->out = out;
				escape(d);
				p = d->p;
				out = d->out;
				continue;
			}
			p = at + n;
			out++;
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
	char last[3 * BLOCK + RUN] = { 0 };
	struct decoder rest;

	if (whole >= BLOCK + RUN)
		decode_blocks(d, d->p + (whole - RUN) / BLOCK * BLOCK);
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
	d.out = room(b, (size_t)(d.end - d.p) + RUN);
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
