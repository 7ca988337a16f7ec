/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls and messages as columns of numbers, least byte first, each column
 * filled up to a multiple of 8 bytes, then their texts and payload.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../exchange/clock.h"
#include "html_data.h"
#include "html_pack.h"
#include "util.h"

#define BLOCK (256u << 10)

/* Bits of a call, as data.js knows them. */
enum { FAILED = 1, UNFINISHED = 2, INJECTED = 4, DEVIATES = 8, EVIDENCE = 16 };

/* A column under way. */
struct column {
	struct html_pack *pack;
	struct nc_buf b;
	uint64_t n; /* bytes so far */
};

static void
column_drain(struct column *c, size_t least)
{
	if (c->b.len < least)
		return;
	html_pack_add(c->pack, c->b.p, c->b.len);
	c->b.len = 0;
}

static void
column_put(struct column *c, uint64_t v, int size)
{
	char bytes[8];

	for (int i = 0; i < size; i++)
		bytes[i] = (char)(v >> 8 * i & 0xff);
	nc_buf_add(&c->b, bytes, (size_t)size);
	c->n += (uint64_t)size;
	column_drain(c, BLOCK);
}

static void
column_number(struct column *c, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	column_put(c, bits, 8);
}

static void
column_end(struct column *c)
{
	while (c->n % 8 != 0)
		column_put(c, 0, 1);
}

static void
column_bytes(struct column *c, struct nc_bytes v)
{
	nc_buf_add(&c->b, v.p, v.len);
	c->n += v.len;
	column_drain(c, BLOCK);
}

static double
seconds(int64_t ns)
{
	return ns != NC_NIL ? (double)ns / 1e9 : (double)NAN;
}

/* Seconds from the first call to where each took effect, by one clock. */
static void
put_times(struct column *c, const struct exchange *x)
{
	struct exchange_clock clock;
	int64_t first = NC_NIL, t;

	exchange_clock_init(&clock, x);
	for (uint32_t i = 0; i < x->ncalls; i++) {
		t = exchange_clock_begin(&clock, &x->calls[i]);
		if (t != NC_NIL && (first == NC_NIL || t < first))
			first = t;
	}
	for (uint32_t i = 0; i < x->ncalls; i++) {
		t = exchange_clock_effect(&clock, &x->calls[i]);
		column_number(c,
		    t == NC_NIL ? (double)NAN :
				  ((double)t - (double)first) / 1e9);
	}
	for (uint32_t i = 0; i < x->ncalls; i++)
		column_number(c, seconds(x->calls[i].duration));
	exchange_clock_fini(&clock);
}

/* The first call that took effect no sooner than this one began. */
static uint32_t
begin_row(const struct exchange *x, uint32_t call)
{
	uint32_t low = 0, high = call;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (x->calls[mid].effect < x->calls[call].begin)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static unsigned char *
bits_of(const struct exchange *x, const struct html_marks *m)
{
	unsigned char *bits = nc_xcalloc((size_t)x->ncalls + 1, 1);

	for (uint32_t i = 0; i < x->ncalls; i++) {
		const struct exchange_call *k = &x->calls[i];

		bits[i] = (unsigned char)((k->error != EXCHANGE_NONE ? FAILED :
								       0) |
		    ((k->marks & NC_MARK_UNFINISHED) != 0 ? UNFINISHED : 0) |
		    ((k->marks & NC_MARK_INJECTED) != 0 ? INJECTED : 0) |
		    (m->is_evidence[i] ? EVIDENCE : 0));
	}
	return bits;
}

static void
mark_deviations(struct exchange *x, unsigned char *bits)
{
	for (size_t i = 0; i < x->c.deviations.n; i++) {
		const struct nc_deviation *d =
		    ((const struct deviation *)x->c.deviations.v[i])->d;
		uint32_t call;

		if (!html_is_told(d))
			continue;
		call = exchange_at(x, d->host,
		    collect_file(&x->c, d->host, d->trace), d->line);
		if (call != EXCHANGE_NONE)
			bits[call] |= DEVIATES;
	}
}

/* A column of one member of the calls, or of an expression over call k. */
#define CALLS(c, x, size, value) \
	do { \
		for (uint32_t i = 0; i < (x)->ncalls; i++) { \
			const struct exchange_call *k = &(x)->calls[i]; \
\
			column_put(c, value, size); \
		} \
		column_end(c); \
	} while (0)

#define MESSAGES(c, x, size, value) \
	do { \
		for (uint32_t i = 0; i < (x)->nmessages; i++) { \
			const struct exchange_message *k = &(x)->messages[i]; \
\
			column_put(c, value, size); \
		} \
		column_end(c); \
	} while (0)

void
html_put_calls(FILE *out, struct exchange *x, const struct html_marks *m)
{
	unsigned char *bits = bits_of(x, m);
	struct html_pack pack;
	struct column c = { .pack = &pack };

	mark_deviations(x, bits);
	html_pack_open(&pack, out);
	put_times(&c, x);
	CALLS(&c, x, 4, k->file);
	CALLS(&c, x, 4, k->thread);
	CALLS(&c, x, 4, k->line);
	CALLS(&c, x, 4, k->begin < k->effect ? begin_row(x, i) : i);
	CALLS(&c, x, 4, k->link);
	for (uint32_t i = 0; i < x->ncalls; i++)
		column_number(&c,
		    x->calls[i].result != NC_NIL ? (double)x->calls[i].result :
						   (double)NAN);
	for (uint32_t i = 0; i < x->ncalls; i++)
		column_put(&c, bits[i], 1);
	column_end(&c);
	CALLS(&c, x, 2, k->text_len);
	CALLS(&c, x, 2, k->data_len);
	MESSAGES(&c, x, 4, k->from);
	MESSAGES(&c, x, 4, k->to);
	MESSAGES(&c, x, 4, k->link);
	MESSAGES(&c, x, 4, k->len < UINT32_MAX ? k->len : UINT32_MAX);
	MESSAGES(&c, x, 1, k->kind);
	MESSAGES(&c, x, 1, k->lost);
	MESSAGES(&c, x, 1, k->side);
	for (uint32_t i = 0; i < x->ncalls; i++)
		column_bytes(&c, exchange_text(x, &x->calls[i]));
	column_end(&c);
	for (uint32_t i = 0; i < x->ncalls; i++)
		column_bytes(&c, exchange_data(x, &x->calls[i]));
	column_end(&c);
	column_drain(&c, 0);
	html_pack_close(&pack);
	nc_buf_fini(&c.b);
	free(bits);
}
