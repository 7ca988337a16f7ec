/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Schemas of the record kinds, and a bounded cursor over packed values: an
 * object tree costs three to four times as much.
 */
#include "record.h"

#include <string.h>

#include "fields.h"
#include "util.h"

#define DEPTH_MAX 32
#define NIL 0xc0
#define BIN8 0xc4
#define ARRAY16 0xdc
#define MAP16 0xde

/* A record of each kind whose fields are nil. */
#define BLANK_INT NC_NIL
#define BLANK_STR \
	{ \
		NULL, 0 \
	}
#define BLANK_BIN BLANK_STR
#define BLANK_RAW BLANK_STR
/* clang-format off */
static const struct {
	struct {
		char none;
	} before_the_first;
#define NC_KIND(k) struct nc_##k k;
#define NC_SAME(k, other)
#define NC_FIELD(k, m, n, t)
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
} blank = { .before_the_first = { 0
#define NC_KIND(k) }, .k = {
#define NC_SAME(k, other)
#define NC_FIELD(k, m, n, t) .m = BLANK_##t,
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
} };
/* clang-format on */

#define SCHEMA(k, from) \
	[NC_KIND_##k] = { #k, sizeof(#k) - 1, \
		nc_fields + NC_FIELDS_FIRST(from), NC_FIELDS_COUNT(from), \
		sizeof(struct nc_##from), &blank.from },
static const struct nc_schema schemas[NC_KINDS] = {
#define NC_KIND(k) SCHEMA(k, k)
#define NC_SAME(k, other) SCHEMA(k, other)
#define NC_FIELD(k, m, n, t)
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
};

const struct nc_schema *
nc_schema(enum nc_kind kind)
{
	return &schemas[kind];
}

enum nc_kind
nc_kind_of(const char *name, size_t len)
{
	int k;

	for (k = 1; k < NC_KINDS; k++)
		if (schemas[k].kind_len == len &&
		    memcmp(schemas[k].kind, name, len) == 0)
			return (enum nc_kind)k;
	return NC_KIND_NONE;
}

void
nc_record_init(enum nc_kind kind, void *rec)
{
	const struct nc_schema *s = nc_schema(kind);

	memcpy(rec, s->blank, s->size);
}

/* Reading */

static uint64_t
big_endian(const unsigned char *p, size_t n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

static inline uint64_t
from_big_endian(uint64_t u)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	u = __builtin_bswap64(u);
#endif
	return u;
}

static void
set_uint(struct nc_value *v, uint64_t u)
{
	v->type = NC_VALUE_INT;
	v->i = u > INT64_MAX ? INT64_MAX : (int64_t)u;
}

static int
take_bytes(struct nc_cursor *c, const char *p, size_t n, struct nc_value *v,
    enum nc_value_type type)
{
	if (n > NC_RECORD_MAX)
		return -1;
	if ((size_t)(c->end - p) < n)
		return 0;
	v->type = type;
	v->bytes = (struct nc_bytes){ p, n };
	c->p = p + n;
	return 1;
}

/* Types 0xc0 to 0xdf; size is the count of bytes after the type byte. */
static const uint8_t extra[32] = { 0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 4, 8, 1, 2, 4,
	8, 1, 2, 4, 8, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4 };

static int
next_long(struct nc_cursor *c, struct nc_value *v, unsigned t)
{
	const char *p = c->p + 1;
	size_t n = extra[t - 0xc0];
	uint64_t u;

	v->n = 0;
	if ((size_t)(c->end - p) < n)
		return 0;
	u = big_endian((const unsigned char *)p, n);
	p += n;
	switch (t) {
	case 0xc0:
		v->type = NC_VALUE_NIL;
		break;
	case 0xc1:
		return -1;
	case 0xc2:
	case 0xc3:
		v->type = NC_VALUE_BOOL;
		v->i = t & 1;
		break;
	case 0xc4:
	case 0xc5:
	case 0xc6:
		return take_bytes(c, p, u, v, NC_VALUE_BIN);
	case 0xc7:
	case 0xc8:
	case 0xc9:
		return take_bytes(c, p, u + 1, v, NC_VALUE_EXT);
	case 0xca: {
		uint32_t w = (uint32_t)u;
		float f;

		memcpy(&f, &w, sizeof(f));
		v->type = NC_VALUE_FLOAT;
		v->d = (double)f;
		break;
	}
	case 0xcb:
		v->type = NC_VALUE_FLOAT;
		memcpy(&v->d, &u, sizeof(v->d));
		break;
	case 0xcc:
	case 0xcd:
	case 0xce:
	case 0xcf:
		set_uint(v, u);
		break;
	case 0xd0:
		v->type = NC_VALUE_INT;
		v->i = (int8_t)u;
		break;
	case 0xd1:
		v->type = NC_VALUE_INT;
		v->i = (int16_t)u;
		break;
	case 0xd2:
		v->type = NC_VALUE_INT;
		v->i = (int32_t)u;
		break;
	case 0xd3:
		v->type = NC_VALUE_INT;
		v->i = (int64_t)u;
		break;
	case 0xd4:
	case 0xd5:
	case 0xd6:
	case 0xd7:
	case 0xd8:
		return take_bytes(
		    c, p, ((size_t)1 << ((t - 0xd4) & 7)) + 1, v, NC_VALUE_EXT);
	case 0xd9:
	case 0xda:
	case 0xdb:
		return take_bytes(c, p, u, v, NC_VALUE_STR);
	case 0xdc:
	case 0xdd:
		v->type = NC_VALUE_ARRAY;
		v->n = u;
		break;
	default:
		v->type = NC_VALUE_MAP;
		v->n = u;
		break;
	}
	/* An element takes a byte at least: no claim past the limit. */
	if ((t >= 0xdc) && v->n > NC_RECORD_MAX)
		return -1;
	c->p = p;
	return 1;
}

int
nc_cursor_next(struct nc_cursor *c, struct nc_value *v)
{
	unsigned t;

	if (c->p >= c->end)
		return 0;
	t = (unsigned char)*c->p;
	if (t >= 0xc0 && t < 0xe0)
		return next_long(c, v, t);
	if (t >= 0xa0 && t < 0xc0)
		return take_bytes(c, c->p + 1, t & 0x1f, v, NC_VALUE_STR);
	c->p++;
	if (t < 0x80) {
		v->type = NC_VALUE_INT;
		v->i = t;
	} else if (t < 0x90) {
		v->type = NC_VALUE_MAP;
		v->n = t & 0xf;
	} else if (t < 0xa0) {
		v->type = NC_VALUE_ARRAY;
		v->n = t & 0xf;
	} else {
		v->type = NC_VALUE_INT;
		v->i = (int)t - 256;
	}
	return 1;
}

/*
 * Bytes of a value whose first one tells all of them: numbers, nil, short
 * texts; 0 of the rest.  Records are such values nearly all.
 */
static const uint8_t plain[256] = {
#define TWO(x, n) [x] = n, [x + 1] = n
#define EIGHT(x, n) TWO(x, n), TWO(x + 2, n), TWO(x + 4, n), TWO(x + 6, n)
#define ALL(x, n) \
	EIGHT(x, n), EIGHT(x + 8, n), EIGHT(x + 16, n), EIGHT(x + 24, n)
#define TEXT(n) [0xa0 + n] = 1 + n
#define TEXTS(n) TEXT(n), TEXT(n + 1), TEXT(n + 2), TEXT(n + 3)
	ALL(0x00, 1),
	ALL(0x20, 1),
	ALL(0x40, 1),
	ALL(0x60, 1),
	ALL(0xe0, 1),
	TEXTS(0),
	TEXTS(4),
	TEXTS(8),
	TEXTS(12),
	TEXTS(16),
	TEXTS(20),
	TEXTS(24),
	TEXTS(28),
	[0xc0] = 1,
	[0xc2] = 1,
	[0xc3] = 1,
	[0xcc] = 2,
	[0xcd] = 3,
	[0xce] = 5,
	[0xcf] = 9,
	[0xd0] = 2,
	[0xd1] = 3,
	[0xd2] = 5,
	[0xd3] = 9,
#undef TWO
#undef EIGHT
#undef ALL
#undef TEXT
#undef TEXTS
};

/*
 * How many of up to n values from a first nil on are nil, as far as a word
 * shows: records have rows of them.
 */
static inline uint64_t
nils(const char *p, const char *end, uint64_t n)
{
	uint64_t word, row;

	if (end - p < (ptrdiff_t)sizeof(word))
		return 1;
	memcpy(&word, p, sizeof(word));
	word = from_big_endian(word) ^ UINT64_C(0xc0c0c0c0c0c0c0c0);
	row = word == 0 ? sizeof(word) : (uint64_t)__builtin_clzll(word) / 8;
	return row < n ? row : n;
}

/* Skips up to n values, as far as they are plain; returns how many are left. */
static inline uint64_t
skip_plain(struct nc_cursor *c, uint64_t n)
{
	const char *p = c->p, *end = c->end;
	unsigned t;
	uint64_t row;
	size_t size;

	while (n > 0 && p < end) {
		t = (unsigned char)*p;
		row = size = 1;
		/* A branch is guessed where the table would be waited for. */
		if (t == NIL) {
			row = size = nils(p, end, n);
		} else if (t >= 0x80) {
			size = plain[t];
			if (t == BIN8 && end - p >= 2)
				size = 2 + (size_t)(unsigned char)p[1];
			if (size == 0 || size > (size_t)(end - p))
				break;
		}
		p += size;
		n -= row;
	}
	c->p = p;
	return n;
}

/* Skips the next n values, which stand in that many arrays or maps. */
static int
skip(struct nc_cursor *c, uint64_t n, int depth)
{
	uint64_t left[DEPTH_MAX + 1];
	int from = depth, r;
	struct nc_value v;

	left[depth] = n;
	for (;;) {
		left[depth] = skip_plain(c, left[depth]);
		while (left[depth] == 0) {
			if (depth == from)
				return 1;
			depth--;
		}
		left[depth]--;
		r = nc_cursor_next(c, &v);
		if (r <= 0)
			return r;
		if (v.type == NC_VALUE_ARRAY || v.type == NC_VALUE_MAP) {
			if (depth == DEPTH_MAX)
				return -1;
			left[++depth] =
			    v.type == NC_VALUE_MAP ? 2 * (uint64_t)v.n : v.n;
		}
	}
}

int
nc_cursor_skip(struct nc_cursor *c)
{
	return skip(c, 1, 0);
}

int
nc_cursor_skip_fields(struct nc_cursor *c, size_t n)
{
	return skip(c, n, 1);
}

/*
 * The values of nearly all fields: nil, unsigned integers, short texts.
 * Returns past the value, NULL if it is another one.
 */
static inline const char *
take_plain(const char *p, const char *end, enum nc_type type, void *at)
{
	unsigned t = (unsigned char)*p++;
	uint64_t u;
	size_t n;

	if (type == NC_INT) {
		if (t < 0x80 || t >= 0xe0) {
			*(int64_t *)at = (int8_t)t;
			return p;
		}
		if (t < 0xcc || t > 0xcf || end - p < (ptrdiff_t)sizeof(u))
			return NULL;
		memcpy(&u, p, sizeof(u));
		n = (size_t)1 << (t - 0xcc);
		u = from_big_endian(u) >> (64 - 8 * n);
		*(int64_t *)at = u > NC_INT_MOST ? NC_INT_MOST : (int64_t)u;
		return p + n;
	}
	if (type == NC_RAW)
		return NULL;
	if (t == BIN8 && p < end)
		n = (unsigned char)*p++;
	else if (t >= 0xa0 && t < 0xc0)
		n = t & 0x1f;
	else
		return NULL;
	if ((size_t)(end - p) < n)
		return NULL;
	*(struct nc_bytes *)at = (struct nc_bytes){ p, n };
	return p + n;
}

static int64_t
held(int64_t v)
{
	if (v < -NC_INT_MOST && v != NC_NIL)
		return -NC_INT_MOST;
	return v > NC_INT_MOST ? NC_INT_MOST : v;
}

/* Any value. */
static bool
take_field(struct nc_cursor *c, const struct nc_field *f, void *at)
{
	struct nc_cursor from = *c;
	struct nc_value v;

	if (nc_cursor_next(c, &v) != 1)
		return false;
	if (f->type == NC_INT) {
		if (v.type == NC_VALUE_INT || v.type == NC_VALUE_BOOL)
			*(int64_t *)at = held(v.i);
	} else if (f->type != NC_RAW) {
		if (v.type == NC_VALUE_STR || v.type == NC_VALUE_BIN)
			*(struct nc_bytes *)at = v.bytes;
	}
	if (v.type == NC_VALUE_ARRAY || v.type == NC_VALUE_MAP) {
		*c = from;
		if (nc_cursor_skip_fields(c, 1) != 1)
			return false;
	}
	if (f->type == NC_RAW && v.type != NC_VALUE_NIL)
		*(struct nc_bytes *)at =
		    (struct nc_bytes){ from.p, (size_t)(c->p - from.p) };
	return true;
}

bool
nc_cursor_fields(
    struct nc_cursor *c, const struct nc_field *f, size_t n, void *rec)
{
	const struct nc_field *last = f + n;
	/* Not in memory: what was just stored is slow to be loaded again. */
	const char *p = c->p, *end = c->end, *q;
	uint64_t row;
	char *at;

	for (; f < last; f++, p = q) {
		if (p >= end)
			return false;
		if ((unsigned char)*p == NIL) {
			row = nils(p, end, (uint64_t)(last - f));
			f += row - 1;
			q = p + row;
			continue;
		}
		at = (char *)rec + f->offset;
		q = take_plain(p, end, f->type, at);
		if (q != NULL)
			continue;
		c->p = p;
		if (!take_field(c, f, at))
			return false;
		q = c->p;
	}
	c->p = p;
	return true;
}

static size_t
container(struct nc_cursor *c, enum nc_value_type type)
{
	struct nc_cursor at;
	struct nc_value v;
	unsigned t;

	if (c->p >= c->end)
		return 0;
	t = (unsigned char)*c->p;
	/* Of up to 15 elements. */
	if ((t & 0xf0) == (type == NC_VALUE_ARRAY ? 0x90 : 0x80)) {
		c->p++;
		return t & 0xf;
	}
	/* Of up to 65,535. */
	if (t == (type == NC_VALUE_ARRAY ? ARRAY16 : MAP16) &&
	    c->end - c->p >= 3) {
		c->p += 3;
		return (size_t)(unsigned char)c->p[-2] << 8 |
		    (unsigned char)c->p[-1];
	}
	at = *c;
	if (nc_cursor_next(&at, &v) == 1 && v.type == type) {
		*c = at;
		return v.n;
	}
	if (nc_cursor_skip(c) != 1)
		c->p = c->end;
	return 0;
}

size_t
nc_cursor_array(struct nc_cursor *c)
{
	return container(c, NC_VALUE_ARRAY);
}

size_t
nc_cursor_map(struct nc_cursor *c)
{
	return container(c, NC_VALUE_MAP);
}

/* Reads one value whole; false at the end or if malformed. */
static bool
scalar(struct nc_cursor *c, struct nc_value *v)
{
	struct nc_cursor at = *c;

	if (nc_cursor_next(&at, v) != 1) {
		c->p = c->end;
		return false;
	}
	if (v->type != NC_VALUE_ARRAY && v->type != NC_VALUE_MAP)
		c->p = at.p;
	else if (nc_cursor_skip(c) != 1)
		c->p = c->end;
	return true;
}

int64_t
nc_cursor_int(struct nc_cursor *c)
{
	const char *p = NULL;
	struct nc_value v;
	int64_t number;

	if (c->p < c->end)
		p = take_plain(c->p, c->end, NC_INT, &number);
	if (p != NULL) {
		c->p = p;
		return number;
	}
	if (!scalar(c, &v))
		return NC_NIL;
	return v.type == NC_VALUE_INT || v.type == NC_VALUE_BOOL ? held(v.i) :
								   NC_NIL;
}

struct nc_bytes
nc_cursor_str(struct nc_cursor *c)
{
	struct nc_value v;

	if (!scalar(c, &v) ||
	    (v.type != NC_VALUE_STR && v.type != NC_VALUE_BIN))
		return (struct nc_bytes){ NULL, 0 };
	return v.bytes;
}

int64_t
nc_find_int(struct nc_bytes map, const char *name)
{
	struct nc_cursor c = nc_cursor(map);

	return nc_cursor_find(&c, name) ? nc_cursor_int(&c) : NC_NIL;
}

struct nc_bytes
nc_find_str(struct nc_bytes map, const char *name)
{
	struct nc_cursor c = nc_cursor(map);

	return nc_cursor_find(&c, name) ? nc_cursor_str(&c) : nc_str(NULL);
}

bool
nc_cursor_find(struct nc_cursor *c, const char *name)
{
	size_t n = nc_cursor_map(c);

	for (; n; n--) {
		if (nc_str_eq(nc_cursor_str(c), name))
			return true;
		if (nc_cursor_skip(c) != 1)
			return false;
	}
	return false;
}
