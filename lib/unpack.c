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

#define NIL 0xc0
#define BIN8 0xc4
#define BIN16 0xc5
#define UINT8 0xcc
#define UINT64 0xcf
#define ARRAY16 0xdc

#define INLINE static inline __attribute__((always_inline)) const char *

static inline uint64_t
from_big_endian(uint64_t u)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	u = __builtin_bswap64(u);
#endif
	return u;
}

/*
 * Each takes the value at p, which is before end, and returns what follows it;
 * NULL for one that it does not know, or that is not whole.
 */

INLINE
take_INT(const char *p, const char *end, int64_t *at)
{
	unsigned t = (unsigned char)*p++;
	uint64_t u;
	unsigned bits;

	if (t < 0x80 || t >= 0xe0) {
		*at = (int8_t)t;
		return p;
	}
	if (t == NIL)
		return p;
	if (t < UINT8 || t > UINT64 || end - p < (ptrdiff_t)sizeof(u))
		return NULL;
	memcpy(&u, p, sizeof(u));
	bits = 8u << (t - UINT8);
	u = from_big_endian(u) >> (64 - bits);
	*at = u > INT64_MAX ? INT64_MAX : (int64_t)u;
	return p + bits / 8;
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
		n = (unsigned char)p[0];
		p += 1;
	} else if (t == BIN16 && end - p >= 2) {
		n = (size_t)(unsigned char)p[0] << 8 | (unsigned char)p[1];
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
		n = (size_t)(unsigned char)p[0] << 8 | (unsigned char)p[1];
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
 * take_KIND takes up to n fields from *at on, until one that it cannot; *at
 * moves on.  Returns how many it took.
 */
/* clang-format off */
static size_t
take_none(const char **at, const char *end, size_t n, void *to)
{
	const char *p = *at;
	size_t i = 0;

	(void)end;
	(void)n;
	(void)to;
#define NC_KIND(k) \
	*at = p; \
	return i; \
} \
static size_t \
take_##k(const char **at, const char *end, size_t n, void *to) \
{ \
	struct nc_##k *rec = to; \
	const char *p = *at, *q; \
	size_t i = 0;
#define NC_SAME(k, other)
#define NC_FIELD(k, m, name, t) \
	if (i >= n || p >= end || (q = take_##t(p, end, &rec->m)) == NULL) { \
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
	    const char **at, const char *end, size_t n, void *to) = {
		[NC_KIND_NONE] = take_none,
#define NC_KIND(k) [NC_KIND_##k] = take_##k,
#define NC_SAME(k, other) [NC_KIND_##k] = take_##other,
#define NC_FIELD(k, m, name, t)
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
	};
	size_t done = take[kind](&c->p, c->end, n, rec);

	return done == n ||
	    nc_cursor_fields(c, nc_schema(kind)->fields + done, n - done, rec);
}
