/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Reading the fields of a whole record: a function for each kind, made of
 * record.def, that knows each field's type and place and takes the values that
 * nearly all fields have.  The rest is read by way of the schema.
 */
#include "record.h"

#include <string.h>

enum {
	NIL = 0xc0,
	BIN8 = 0xc4,
	BIN16 = 0xc5,
	UINT8 = 0xcc,
	UINT16 = 0xcd,
	UINT32 = 0xce,
	UINT64 = 0xcf,
	ARRAY16 = 0xdc,
	NEGATIVE_MIN = -32 /* of those in one byte */
};

#define INLINE static inline __attribute__((always_inline)) const char *

/* A number of n bytes, the highest first: one load, as n is known. */
static inline __attribute__((always_inline)) uint64_t
big_endian(const char *from, size_t n)
{
	const unsigned char *p = (const unsigned char *)from;
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

/*
 * Each takes the value at p, which is before end, and returns what follows it;
 * NULL for one that it does not know, or that goes past end.  A branch for each
 * size is guessed well, as each field has its own.
 */

INLINE
take_INT(const char *p, const char *end, int64_t *at)
{
	unsigned t = (unsigned char)*p++;
	size_t left = (size_t)(end - p);
	uint64_t u;

	if (t == NIL)
		return p;
	if ((int8_t)t >= NEGATIVE_MIN) {
		*at = (int8_t)t;
		return p;
	}
	switch (t) {
	case UINT8:
		if (left < 1)
			return NULL;
		*at = (unsigned char)*p;
		return p + 1;
	case UINT16:
		if (left < 2)
			return NULL;
		*at = (int64_t)big_endian(p, 2);
		return p + 2;
	case UINT32:
		if (left < 4)
			return NULL;
		*at = (int64_t)big_endian(p, 4);
		return p + 4;
	case UINT64:
		if (left < 8)
			return NULL;
		u = big_endian(p, 8);
		*at = u > NC_INT_MOST ? NC_INT_MOST : (int64_t)u;
		return p + 8;
	default:
		return NULL;
	}
}

INLINE
take_BIN(const char *p, const char *end, struct nc_bytes *at)
{
	unsigned t = (unsigned char)*p++;
	size_t n;

	if (t == NIL)
		return p;
	if ((t & 0xe0) == 0xa0) {
		n = t & 0x1f;
	} else if (t == BIN8 && end - p >= 1) {
		n = (unsigned char)*p;
		p += 1;
	} else if (t == BIN16 && end - p >= 2) {
		n = big_endian(p, 2);
		p += 2;
	} else {
		return NULL;
	}
	if ((size_t)(end - p) < n)
		return NULL;
	*at = (struct nc_bytes){ p, n };
	return p + n;
}

#define take_STR take_BIN

/* An array of numbers. */
INLINE
take_RAW(const char *p, const char *end, struct nc_bytes *at)
{
	const char *from = p;
	unsigned t = (unsigned char)*p++;
	int64_t number;
	size_t n;

	if (t == NIL)
		return p;
	if ((t & 0xf0) == 0x90) {
		n = t & 0xf;
	} else if (t == ARRAY16 && end - p >= 2) {
		n = big_endian(p, 2);
		p += 2;
	} else {
		return NULL;
	}
	for (; n > 0; n--)
		if (p >= end || (p = take_INT(p, end, &number)) == NULL)
			return NULL;
	*at = (struct nc_bytes){ from, (size_t)(p - from) };
	return p;
}

/*
 * take_KIND takes up to most fields from *at on, until one that it cannot; *at
 * moves on.  Returns how many it took.
 */
/* clang-format off */
static size_t
take_none(const char **at, const char *end, size_t most, void *to)
{
	const char *p = *at;
	size_t i = 0;

	(void)end;
	(void)most;
	(void)to;
#define NC_KIND(k) \
	*at = p; \
	return i; \
} \
static size_t \
take_##k(const char **at, const char *end, size_t most, void *to) \
{ \
	struct nc_##k *rec = to; \
	const char *p = *at, *q; \
	size_t i = 0;
#define NC_SAME(k, other)
#define NC_FIELD(k, m, n, t) \
	if (i == most || p >= end || (q = take_##t(p, end, &rec->m)) == NULL) { \
		*at = p; \
		return i; \
	} \
	p = q; \
	i++;
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
	*at = p;
	return i;
}
/* clang-format on */

bool
nc_cursor_record(struct nc_cursor *c, enum nc_kind kind, size_t n, void *rec)
{
	static size_t (*const take[NC_KINDS])(
	    const char **at, const char *end, size_t most, void *to) = {
		[NC_KIND_NONE] = take_none,
#define NC_KIND(k) [NC_KIND_##k] = take_##k,
#define NC_SAME(k, other) [NC_KIND_##k] = take_##other,
#define NC_FIELD(k, m, n, t)
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
	};
	size_t done = take[kind](&c->p, c->end, n, rec);

	return done == n ||
	    nc_cursor_fields(c, nc_schema(kind)->fields + done, n - done, rec);
}

/* clang-format off */
static void
move_none(void *from, const char *was, const char *is)
{
	(void)from;
	(void)was;
	(void)is;
#define NC_KIND(k) \
} \
static void \
move_##k(void *to, const char *was, const char *is) \
{ \
	struct nc_##k *rec = to;
#define NC_SAME(k, other)
#define NC_FIELD(k, m, n, t) MOVE_##t(rec->m)
#define MOVE_INT(field)
#define MOVE_STR(field) \
	if (field.p != NULL) \
		field.p = is + (field.p - was);
#define MOVE_BIN(field) MOVE_STR(field)
#define MOVE_RAW(field) MOVE_STR(field)
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
}
/* clang-format on */

void
nc_record_move(enum nc_kind kind, void *rec, const char *from, const char *to)
{
	static void (*const move[NC_KINDS])(
	    void *rec, const char *was, const char *is) = {
		[NC_KIND_NONE] = move_none,
#define NC_KIND(k) [NC_KIND_##k] = move_##k,
#define NC_SAME(k, other) [NC_KIND_##k] = move_##other,
#define NC_FIELD(k, m, n, t)
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
	};

	move[kind](rec, from, to);
}
