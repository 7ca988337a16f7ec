/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The packed form of values and records, by msgpack-c's packers written out
 * for a buffer that has room already: a callback for each value costs more
 * than the value.
 */
#include "record.h"

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
	/* Bytes after the first, by the bits of a number; then that first. */
#define FOUR(x, n) [x] = n, [x + 1] = n, [x + 2] = n, [x + 3] = n
#define EIGHT(x, n) FOUR(x, n), FOUR(x + 4, n)
	static const uint8_t bytes[65] = { EIGHT(0, 0), [8] = 1, EIGHT(9, 2),
		EIGHT(17, 4), EIGHT(25, 4), EIGHT(33, 8), EIGHT(41, 8),
		EIGHT(49, 8), EIGHT(57, 8) };
	static const uint8_t types[] = { 0, 0xcc, 0xcd, 0, 0xce, 0, 0, 0,
		0xcf };
#undef FOUR
#undef EIGHT
	unsigned n = bytes[64 - __builtin_clzll(v | 1)];
	uint64_t w = v << ((64 - 8 * n) & 63);
	char *p = b->p + b->len;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	*p = (char)(n == 0 ? v : types[n]);
	memcpy(p + 1, &w, sizeof(w));
	b->len += 1 + n;
}

INLINE
put_head(struct nc_buf *b, enum nc_type type, size_t n)
{
	if (type == NC_STR)
		put_str(b, n);
	else if (type == NC_BIN)
		put_bin(b, n);
}

struct nc_bytes
nc_record_pack_part(
    struct nc_buf *out, enum nc_kind kind, const void *rec, size_t *at)
{
	const struct nc_schema *s = nc_schema(kind);
	size_t n = s->nfields, i = *at, rest;
	const char *base = rec;
	int64_t number;
	/* What nothing else points to can stay in registers. */
	struct nc_buf b;

	while (n > 0 && is_nil(&s->fields[n - 1], base))
		n--;
	if (i == 0) {
		nc_pack_array(out, n + 1);
		nc_pack_strn(out, s->kind, s->kind_len);
	}
	make_room(out, (n - i) * HEAD);
	b = *out;
	*at = n;
	for (; i < n; i++) {
		const struct nc_field *f = &s->fields[i];
		const void *field = base + f->offset;
		const struct nc_bytes *v = field;

		if (f->type == NC_INT) {
			number = *(const int64_t *)field;
			if (number >= 0)
				put_unsigned(&b, (uint64_t)number);
			else if (number == NC_NIL)
				put_nil(&b);
			else
				put_int64(&b, number);
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
