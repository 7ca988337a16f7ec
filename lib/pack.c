/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The packed form of values and records, by msgpack-c's packers written out
 * for a buffer that has room already: a callback for each value costs more
 * than the value.
 */
#include "fields.h"

#include <limits.h>

#include <msgpack/sysdep.h>
#include <msgpack/timestamp.h>

/* The longest value but for the bytes of texts: a type and 64 bits. */
#define HEAD 9

/* Inlined, or the buffer they are given could not stay in registers. */
#define INLINE static inline __attribute__((always_inline)) void

/* b has room for n bytes more. */
INLINE
append(struct nc_buf *b, const void *p, size_t n)
{
	memcpy(b->p + b->len, p, n);
	b->len += n;
}

#define msgpack_pack_inline_func(name) INLINE put##name
#define msgpack_pack_inline_func_fixint(name) INLINE put_fix##name
#define msgpack_pack_user struct nc_buf *
#define msgpack_pack_append_buffer(b, p, n) append(b, p, n)
#include <msgpack/pack_template.h>

static inline void
make_room(struct nc_buf *b, size_t n)
{
	if (n > b->cap - b->len)
		nc_buf_grow(b, n);
}

void
nc_pack_nil(struct nc_buf *b)
{
	make_room(b, HEAD);
	put_nil(b);
}

void
nc_pack_int(struct nc_buf *b, int64_t v)
{
	make_room(b, HEAD);
	if (v == NC_NIL)
		put_nil(b);
	else
		put_int64(b, v);
}

void
nc_pack_strn(struct nc_buf *b, const char *s, size_t n)
{
	make_room(b, HEAD + n);
	put_str(b, n);
	append(b, s, n);
}

void
nc_pack_str(struct nc_buf *b, const char *s)
{
	if (s)
		nc_pack_strn(b, s, strlen(s));
	else
		nc_pack_nil(b);
}

void
nc_pack_bin(struct nc_buf *b, const void *p, size_t n)
{
	make_room(b, HEAD + n);
	put_bin(b, n);
	nc_buf_add(b, p, n);
}

void
nc_pack_array(struct nc_buf *b, size_t n)
{
	make_room(b, HEAD);
	put_array(b, n);
}

void
nc_pack_map(struct nc_buf *b, size_t n)
{
	make_room(b, HEAD);
	put_map(b, n);
}

static bool
is_nil(const struct nc_field *f, const char *rec)
{
	const void *at = rec + f->offset;

	if (f->type == NC_INT)
		return *(const int64_t *)at == NC_NIL;
	return ((const struct nc_bytes *)at)->p == NULL;
}

/*
 * put_uint64 without a branch on the number's size, which nothing predicts; b
 * has room for HEAD bytes.
 */
INLINE
put_unsigned(struct nc_buf *b, uint64_t v)
{
	/* By the highest bit that is set: bits to be shifted out; bytes behind
	 * the first; that first one, and what it takes of the number. */
	static const struct {
		uint8_t shift, bytes, first, mask;
	} forms[64] = {
#define TWO(x, ...) [x] = __VA_ARGS__, [x + 1] = __VA_ARGS__
#define FOUR(x, ...) TWO(x, __VA_ARGS__), TWO(x + 2, __VA_ARGS__)
#define EIGHT(x, ...) FOUR(x, __VA_ARGS__), FOUR(x + 4, __VA_ARGS__)
#define SIXTEEN(x, ...) EIGHT(x, __VA_ARGS__), EIGHT(x + 8, __VA_ARGS__)
		FOUR(0, { 0, 0, 0, 0x7f }),
		TWO(4, { 0, 0, 0, 0x7f }),
		[6] = { 0, 0, 0, 0x7f },
		[7] = { 56, 1, 0xcc, 0 },
		EIGHT(8, { 48, 2, 0xcd, 0 }),
		SIXTEEN(16, { 32, 4, 0xce, 0 }),
		SIXTEEN(32, { 0, 8, 0xcf, 0 }),
		SIXTEEN(48, { 0, 8, 0xcf, 0 }),
	};
#undef TWO
#undef FOUR
#undef EIGHT
#undef SIXTEEN
	unsigned top = 63 ^ (unsigned)__builtin_clzll(v | 1);
	uint64_t w = v << forms[top].shift;
	char *p = b->p + b->len;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	*p = (char)(forms[top].first | (v & forms[top].mask));
	memcpy(p + 1, &w, sizeof(w));
	b->len += 1u + forms[top].bytes;
}

/* Few numbers are. */
static __attribute__((noinline)) size_t
put_negative(char *p, int64_t number)
{
	struct nc_buf b = { p, 0, HEAD };

	put_int64(&b, number);
	return b.len;
}

INLINE
put_head(struct nc_buf *b, enum nc_type type, size_t n)
{
	if (type == NC_STR)
		put_str(b, n);
	else if (type == NC_BIN)
		put_bin(b, n);
}

INLINE
put_number(struct nc_buf *b, int64_t number)
{
	if (number >= 0)
		put_unsigned(b, (uint64_t)number);
	else if (number == NC_NIL)
		put_nil(b);
	else
		b->len += put_negative(b->p + b->len, number);
}

#define NUMBER(f, rec) (*(const int64_t *)(const void *)((rec) + (f)->offset))
#define BYTES(f, rec) \
	((const struct nc_bytes *)(const void *)((rec) + (f)->offset))

/* An array of all fields but the nil ones at the end. */
INLINE
put_array_head(struct nc_buf *out, enum nc_kind kind, size_t n)
{
	const struct nc_schema *s = nc_schema(kind);

	nc_pack_array(out, n + 1);
	nc_pack_strn(out, s->kind, s->kind_len);
}

/*
 * Packs a call whose texts are short; false if one is long.  Nearly all records
 * are calls: the compiler knows their fields, and makes the loops straight
 * code, in which each branch is a field's own and goes as it mostly does.
 */
static bool
pack_call(struct nc_buf *out, enum nc_kind kind, const char *rec)
{
	enum { FIELDS = NC_FIELDS_COUNT(call) };
	const struct nc_field *f = nc_fields + NC_FIELDS_FIRST(call);
	const struct nc_bytes *v;
	size_t i, n, texts = 0;
	struct nc_buf b;

#pragma GCC unroll 64
	for (i = 0; i < FIELDS; i++) {
		if (f[i].type == NC_INT)
			continue;
		v = BYTES(&f[i], rec);
		if (v->len >= NC_PACK_LONG)
			return false;
		texts += v->len;
	}
#pragma GCC unroll 64
	for (n = FIELDS; n > 0; n--)
		if (!is_nil(&f[n - 1], rec))
			break;
	put_array_head(out, kind, n);
	make_room(out, n * HEAD + texts);
	b = *out;
#pragma GCC unroll 64
	for (i = 0; i < FIELDS && i < n; i++) {
		v = BYTES(&f[i], rec);
		if (f[i].type == NC_INT) {
			put_number(&b, NUMBER(&f[i], rec));
		} else if (v->p == NULL) {
			put_nil(&b);
		} else {
			put_head(&b, f[i].type, v->len);
			append(&b, v->p, v->len);
		}
	}
	out->len = b.len;
	return true;
}

struct nc_bytes
nc_record_pack_part(
    struct nc_buf *out, enum nc_kind kind, const void *rec, size_t *at)
{
	const struct nc_schema *s = nc_schema(kind);
	size_t n = s->nfields, i = *at, rest;
	const char *base = rec;
	/* What nothing else points to can stay in registers. */
	struct nc_buf b;

	if (i == 0 && nc_kind_is_call(kind) && pack_call(out, kind, rec))
		return nc_str(NULL);
	while (n > 0 && is_nil(&s->fields[n - 1], base))
		n--;
	if (i == 0)
		put_array_head(out, kind, n);
	make_room(out, (n - i) * HEAD);
	b = *out;
	*at = n;
	for (; i < n; i++) {
		const struct nc_field *f = &s->fields[i];
		const struct nc_bytes *v = BYTES(f, base);

		if (f->type == NC_INT) {
			put_number(&b, NUMBER(f, base));
		} else if (v->p == NULL) {
			put_nil(&b);
		} else {
			put_head(&b, f->type, v->len);
			if (v->len >= NC_PACK_LONG) {
				out->len = b.len;
				*at = i + 1;
				return *v;
			}
			/* There is room for the heads of the fields behind. */
			rest = (n - i - 1) * HEAD;
			if (v->len > b.cap - b.len - rest) {
				out->len = b.len;
				nc_buf_grow(out, v->len + rest);
				b = *out;
			}
			append(&b, v->p, v->len);
		}
	}
	out->len = b.len;
	return nc_str(NULL);
}

void
nc_record_pack(struct nc_buf *b, enum nc_kind kind, const void *rec)
{
	struct nc_bytes rest;
	size_t at = 0;

	while ((rest = nc_record_pack_part(b, kind, rec, &at)).p != NULL)
		nc_buf_add(b, rest.p, rest.len);
}
