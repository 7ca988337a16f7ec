/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Records: every kind there and back, with msgpack-c's object tree as the
 * judge of what was packed; cursors on whole, cut and hostile bytes.
 */
#include "record.h"

#include <stdlib.h>

#include <msgpack.h>

#include "tap.h"
#include "util.h"

/* A value for the i-th field that says which field it is. */
static void
fill(enum nc_kind kind, void *rec, size_t used)
{
	static const char text[] = "text of a field, long enough for all kinds";
	/* ["a", {1: nil}] */
	static const char raw[] = "\x92\xa1"
				  "a\x81\x01\xc0";
	const struct nc_schema *s = nc_schema(kind);
	size_t i;

	nc_record_init(kind, rec);
	for (i = 0; i < used; i++) {
		char *at = (char *)rec + s->fields[i].offset;
		struct nc_bytes *b = (void *)at;

		switch (s->fields[i].type) {
		case NC_INT:
			*(int64_t *)(void *)at = (int64_t)i * 1000003 - 7;
			break;
		case NC_STR:
		case NC_BIN:
			*b = (struct nc_bytes){ text, i % sizeof(text) };
			break;
		case NC_RAW:
			*b = (struct nc_bytes){ raw, sizeof(raw) - 1 };
			break;
		}
	}
}

static bool
same_value(const struct nc_field *f, const void *rec, msgpack_object o)
{
	const void *at = (const char *)rec + f->offset;
	const struct nc_bytes *b = at;

	switch (f->type) {
	case NC_INT:
		return (o.type == MSGPACK_OBJECT_POSITIVE_INTEGER ||
			   o.type == MSGPACK_OBJECT_NEGATIVE_INTEGER) &&
		    o.via.i64 == *(const int64_t *)at;
	case NC_STR:
		return o.type == MSGPACK_OBJECT_STR &&
		    o.via.str.size == b->len &&
		    (b->len == 0 || memcmp(o.via.str.ptr, b->p, b->len) == 0);
	case NC_BIN:
		return o.type == MSGPACK_OBJECT_BIN &&
		    o.via.bin.size == b->len &&
		    (b->len == 0 || memcmp(o.via.bin.ptr, b->p, b->len) == 0);
	case NC_RAW:
		return o.type == MSGPACK_OBJECT_ARRAY &&
		    o.via.array.size == 2 &&
		    o.via.array.ptr[1].type == MSGPACK_OBJECT_MAP;
	}
	return false;
}

static void
kind_as_the_tree_sees_it(enum nc_kind kind)
{
	const struct nc_schema *s = nc_schema(kind);
	void *rec = nc_xcalloc(1, s->size);
	msgpack_unpacked tree;
	struct nc_buf b = { 0 };
	size_t off, used, i;
	bool good = true;

	msgpack_unpacked_init(&tree);
	for (used = 0; used <= s->nfields; used++) {
		fill(kind, rec, used);
		b.len = 0;
		nc_record_pack(&b, kind, rec);
		off = 0;
		good = good &&
		    msgpack_unpack_next(&tree, b.p, b.len, &off) ==
			MSGPACK_UNPACK_SUCCESS &&
		    off == b.len && tree.data.type == MSGPACK_OBJECT_ARRAY &&
		    tree.data.via.array.size == used + 1;
		for (i = 0; good && i < used; i++)
			good = same_value(
			    &s->fields[i], rec, tree.data.via.array.ptr[i + 1]);
	}
	okf(good, "%s: packed as msgpack-c reads it, with 0 to %zu fields",
	    s->kind, s->nfields);
	msgpack_unpacked_destroy(&tree);
	nc_buf_fini(&b);
	free(rec);
}

static void
schemas(void)
{
	int k;
	size_t i, j, n;

	for (k = 1; k < NC_KINDS; k++) {
		const struct nc_schema *s = nc_schema((enum nc_kind)k);
		bool good = s->nfields > 0;

		n = strlen(s->kind);
		okf(nc_kind_of(s->kind, n) == (enum nc_kind)k,
		    "%s is found by its name", s->kind);
		okf(nc_kind_of(s->kind, n - 1) == NC_KIND_NONE,
		    "%s is not found by a part of it", s->kind);
		for (i = 0; i < s->nfields; i++)
			for (j = 0; j < i; j++)
				good = good &&
				    strcmp(s->fields[i].name,
					s->fields[j].name) != 0 &&
				    s->fields[i].offset != s->fields[j].offset;
		okf(good, "%s: every field has its own name and place",
		    s->kind);
		kind_as_the_tree_sees_it((enum nc_kind)k);
	}
	ok(nc_schema(NC_KIND_begin)->nfields ==
		nc_schema(NC_KIND_call)->nfields,
	    "begin has call's fields");
	ok(nc_kind_of("", 0) == NC_KIND_NONE, "no name is no kind");
}

/* A call with a payload of any length, and what stands behind it. */
static bool
call_comes_back(const char *text, size_t len)
{
	struct nc_buf b = { 0 };
	struct nc_cursor c;
	struct nc_call call, back;
	size_t n;
	bool good;

	nc_record_init(NC_KIND_call, &call);
	nc_record_init(NC_KIND_call, &back);
	call.time = NC_INT_MOST;
	call.data = (struct nc_bytes){ text, len };
	call.peer = nc_str("10.0.0.1:80");
	call.marks = 16;
	nc_record_pack(&b, NC_KIND_call, &call);
	c = nc_cursor((struct nc_bytes){ b.p, b.len });
	n = nc_cursor_array(&c);
	nc_cursor_skip(&c);
	good = nc_cursor_record(&c, NC_KIND_call, n - 1, &back) &&
	    c.p == c.end && back.time == call.time && back.marks == 16 &&
	    nc_bytes_eq(back.data, call.data) && back.host.p == NULL &&
	    nc_bytes_eq(back.peer, call.peer);
	nc_buf_fini(&b);
	return good;
}

/* Integers and lengths at the edges of msgpack's encodings. */
static void
edges(void)
{
	static const int64_t ints[] = { 0, 1, -1, 127, 128, -32, -33, -128,
		-129, 255, 256, 32767, 32768, -32768, -32769, 65535, 65536,
		INT32_MAX, INT32_MIN, UINT32_MAX, (int64_t)UINT32_MAX + 1,
		NC_INT_MOST, -NC_INT_MOST };
	static const int64_t beyond[] = { INT64_MAX, INT64_MIN + 1 };
	static const size_t lens[] = { 0, 1, 31, 32, 255, 256, 65535, 65536,
		1 << 20 };
	char *text = nc_xcalloc(1, (1 << 20) + 1);
	struct nc_buf b = { 0 }, one = { 0 };
	struct nc_host host;
	struct nc_cursor c;
	struct nc_value v;
	bool good = true;
	size_t i;

	for (i = 0; i < sizeof(ints) / sizeof(ints[0]); i++) {
		b.len = 0;
		nc_pack_int(&b, ints[i]);
		c = nc_cursor((struct nc_bytes){ b.p, b.len });
		good = good && nc_cursor_int(&c) == ints[i] && c.p == c.end;
	}
	ok(good, "integers of every width come back");
	for (i = 0; i < 2; i++) {
		b.len = 0;
		nc_pack_int(&b, beyond[i]);
		c = nc_cursor((struct nc_bytes){ b.p, b.len });
		ok(nc_cursor_int(&c) == (i ? -NC_INT_MOST : NC_INT_MOST),
		    "an integer that is too large to be added to is held");
	}
	for (i = 0; i < sizeof(ints) / sizeof(ints[0]); i++) {
		nc_record_init(NC_KIND_host, &host);
		host.trace = ints[i];
		b.len = one.len = 0;
		nc_record_pack(&b, NC_KIND_host, &host);
		nc_pack_int(&one, ints[i]);
		/* Behind an array, the kind and a nil. */
		good = good && b.len == 7 + one.len &&
		    memcmp(b.p + 7, one.p, one.len) == 0;
	}
	ok(good, "and are packed alike in a record");
	nc_buf_fini(&one);
	b.len = 0;
	nc_pack_int(&b, NC_NIL);
	is_bytes(b.p, b.len, "\xc0", 1, "NC_NIL packs nil");

	memset(text, 'z', 1 << 20);
	good = true;
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		good = good && call_comes_back(text, lens[i]);
	ok(good, "calls with payloads of every width come back");
	good = true;
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		b.len = 0;
		nc_pack_strn(&b, text, lens[i]);
		nc_pack_bin(&b, text, lens[i]);
		c = nc_cursor((struct nc_bytes){ b.p, b.len });
		good = good && nc_cursor_next(&c, &v) == 1 &&
		    v.type == NC_VALUE_STR && v.bytes.len == lens[i] &&
		    nc_cursor_next(&c, &v) == 1 && v.type == NC_VALUE_BIN &&
		    v.bytes.len == lens[i] && c.p == c.end;
	}
	ok(good, "texts and bytes of every length come back");
	free(text);
	nc_buf_fini(&b);

	c = (struct nc_cursor){ "\xcf\xff\xff\xff\xff\xff\xff\xff\xff", NULL };
	c.end = c.p + 9;
	ok(nc_cursor_next(&c, &v) == 1 && v.i == INT64_MAX,
	    "an integer past the range saturates");
	c = (struct nc_cursor){ "\xcb\x40\x09\x21\xfb\x54\x44\x2d\x18", NULL };
	c.end = c.p + 9;
	ok(nc_cursor_next(&c, &v) == 1 && v.type == NC_VALUE_FLOAT &&
		v.d > 3.14159 && v.d < 3.1416,
	    "a double is read");
	c = (struct nc_cursor){ "\xca\x40\x49\x0f\xdb", NULL };
	c.end = c.p + 5;
	ok(nc_cursor_next(&c, &v) == 1 && v.type == NC_VALUE_FLOAT &&
		v.d > 3.14159 && v.d < 3.1416,
	    "a float is read");
	c = (struct nc_cursor){ "\xd6\x01"
				"abcd\xc3",
		NULL };
	c.end = c.p + 7;
	ok(nc_cursor_next(&c, &v) == 1 && v.type == NC_VALUE_EXT &&
		nc_cursor_next(&c, &v) == 1 && v.type == NC_VALUE_BOOL &&
		v.i == 1,
	    "an extension is passed over");
}

/* n bytes on a heap block of their own, so that a read past them is seen. */
static int
skip_exact(const char *p, size_t n)
{
	char *copy = nc_xmalloc(n);
	struct nc_cursor c = { copy, copy + n };
	int r;

	if (n)
		memcpy(copy, p, n);
	r = nc_cursor_skip(&c);
	free(copy);
	return r;
}

static void
hostile(void)
{
	static const char *const heads[] = { "\xdd\xff\xff\xff\xff",
		"\xdf\xff\xff\xff\xff", "\xdb\xff\xff\xff\xff",
		"\xc6\xff\xff\xff\xff", "\xc9\xff\xff\xff\xff" };
	char deep[64];
	struct nc_buf b = { 0 };
	struct nc_call call;
	uint64_t x = 88172645463325252u;
	msgpack_unpacked tree;
	bool good = true;
	size_t i, j, off;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		is_int(skip_exact(heads[i], 5), -1,
		    "a claim of 4 GiB in five bytes is malformed");
	is_int(skip_exact("\xc1", 1), -1, "the byte that msgpack never uses");
	is_int(skip_exact("", 0), 0, "nothing needs more bytes");

	memset(deep, '\x91', sizeof(deep));
	deep[32] = '\x01';
	is_int(skip_exact(deep, 33), 1, "32 levels are read");
	memset(deep, '\x91', sizeof(deep));
	deep[33] = '\x01';
	is_int(skip_exact(deep, 34), -1, "33 levels are malformed");
	is_int(skip_exact(deep, sizeof(deep)), -1, "and so are more");

	fill(NC_KIND_call, &call, nc_schema(NC_KIND_call)->nfields);
	nc_record_pack(&b, NC_KIND_call, &call);
	for (i = 0; i < b.len; i++)
		good = good && skip_exact(b.p, i) == 0;
	ok(good && skip_exact(b.p, b.len) == 1,
	    "a record cut at any byte asks for more");

	/* Random bytes: whatever msgpack-c accepts whole has our length. */
	msgpack_unpacked_init(&tree);
	good = true;
	for (i = 0; i < 200000; i++) {
		char junk[12];
		struct nc_cursor c = { junk, junk + sizeof(junk) };
		int ours;

		for (j = 0; j < sizeof(junk); j++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			junk[j] = (char)(x >> 32);
		}
		ours = nc_cursor_skip(&c);
		/* Not those that would make the tree claim memory. */
		if (memchr(junk, '\xdd', 12) || memchr(junk, '\xdf', 12) ||
		    memchr(junk, '\xdc', 12) || memchr(junk, '\xde', 12))
			continue;
		off = 0;
		if (msgpack_unpack_next(&tree, junk, sizeof(junk), &off) ==
		    MSGPACK_UNPACK_SUCCESS)
			good = good && ours == 1 && c.p == junk + off;
		else
			good = good && ours != 1;
	}
	ok(good, "random bytes are judged as msgpack-c judges them");
	msgpack_unpacked_destroy(&tree);
	nc_buf_fini(&b);
}

static void
shorthand(void)
{
	struct nc_buf b = { 0 };
	struct nc_bytes map;
	struct nc_cursor c;

	nc_pack_array(&b, 3);
	nc_pack_str(&b, "x");
	nc_pack_map(&b, 1);
	nc_pack_str(&b, "k");
	nc_pack_int(&b, 5);
	nc_pack_int(&b, 9);
	c = nc_cursor((struct nc_bytes){ b.p, b.len });
	is_int((long long)nc_cursor_array(&c), 3, "an array's length");
	is_int(nc_cursor_int(&c), NC_NIL, "text is no integer");
	ok(nc_cursor_str(&c).p == NULL, "a map is no text");
	is_int(nc_cursor_int(&c), 9, "and each was skipped whole");
	is_int(nc_cursor_int(&c), NC_NIL, "nothing is left");
	c = nc_cursor((struct nc_bytes){ NULL, 0 });
	is_int((long long)nc_cursor_array(&c), 0, "nil is an empty array");
	c = nc_cursor((struct nc_bytes){ b.p, b.len });
	is_int((long long)nc_cursor_map(&c), 0, "an array is no map");
	b.len = 0;
	nc_pack_map(&b, 2);
	nc_pack_str(&b, "n");
	nc_pack_int(&b, 7);
	nc_pack_str(&b, "s");
	nc_pack_str(&b, "text");
	map = (struct nc_bytes){ b.p, b.len };
	is_int(nc_find_int(map, "n"), 7, "a number by its name");
	ok(nc_str_eq(nc_find_str(map, "s"), "text"), "a text by its name");
	is_int(nc_find_int(map, "s"), NC_NIL, "a text is no number");
	is_int(nc_find_int(map, "x"), NC_NIL, "what is not there is nil");
	ok(nc_find_str((struct nc_bytes){ NULL, 0 }, "s").p == NULL,
	    "nothing is in no map");
	nc_buf_fini(&b);

	ok(nc_str(NULL).p == NULL && nc_str("").p != NULL,
	    "no text is nil, empty text is not");
	ok(!nc_str_eq(nc_str(NULL), "") && nc_str_eq(nc_str(""), ""),
	    "nil does not equal the empty text");
}

/* What nc_cursor_fields makes of one value, from nc_cursor_next alone. */
static bool
field_by_value(struct nc_cursor *c, enum nc_type type, int64_t *number,
    struct nc_bytes *bytes)
{
	struct nc_cursor from = *c;
	struct nc_value v;

	if (nc_cursor_next(c, &v) != 1)
		return false;
	if (v.type == NC_VALUE_ARRAY || v.type == NC_VALUE_MAP) {
		*c = from;
		if (nc_cursor_skip(c) != 1)
			return false;
	}
	if (type == NC_INT &&
	    (v.type == NC_VALUE_INT || v.type == NC_VALUE_BOOL))
		*number = v.i == NC_NIL ? v.i :
		    v.i > NC_INT_MOST   ? NC_INT_MOST :
		    v.i < -NC_INT_MOST  ? -NC_INT_MOST :
					  v.i;
	if ((type == NC_STR || type == NC_BIN) &&
	    (v.type == NC_VALUE_STR || v.type == NC_VALUE_BIN))
		*bytes = v.bytes;
	if (type == NC_RAW && v.type != NC_VALUE_NIL)
		*bytes = (struct nc_bytes){ from.p, (size_t)(c->p - from.p) };
	return true;
}

/* Every first byte, what follows cut anywhere: each way of reading agrees. */
static void
every_value(void)
{
	struct {
		int64_t number;
		struct nc_bytes bytes;
	} rec;
	struct nc_field f = { "f", NC_INT, 0 };
	struct nc_cursor c, want;
	struct nc_bytes bytes;
	struct nc_value v;
	char *raw;
	int64_t number;
	size_t n, i, wrong = 0, skips = 0;
	unsigned first, type;
	bool got;
	int r;

	for (first = 0; first < 256; first++)
		for (n = 1; n < 44; n++) {
			/* Of its own size: what is read behind is found. */
			raw = malloc(n);
			raw[0] = (char)first;
			for (i = 1; i < n; i++)
				raw[i] = (char)(first & 1 ? 0x80 + i : i % 3);
			for (type = NC_INT; type <= NC_RAW; type++) {
				number = rec.number = NC_NIL;
				bytes = rec.bytes = nc_str(NULL);
				f.type = (enum nc_type)type;
				f.offset = (size_t)(type == NC_INT ?
					(char *)&rec.number - (char *)&rec :
					(char *)&rec.bytes - (char *)&rec);
				c = want = (struct nc_cursor){ raw, raw + n };
				got = nc_cursor_fields(&c, &f, 1, &rec);
				wrong += got !=
					field_by_value(
					    &want, f.type, &number, &bytes) ||
				    (got && c.p != want.p) ||
				    rec.number != number ||
				    rec.bytes.p != bytes.p ||
				    rec.bytes.len != bytes.len;
			}
			c = want = (struct nc_cursor){ raw, raw + n };
			r = nc_cursor_next(&want, &v);
			if (r != 1 ||
			    (v.type != NC_VALUE_ARRAY &&
				v.type != NC_VALUE_MAP))
				skips += nc_cursor_skip(&c) != r ||
				    (r == 1 && c.p != want.p);
			free(raw);
		}
	is_int((long long)wrong, 0, "fields are what the values say");
	is_int((long long)skips, 0, "and are skipped as they are read");
}

/* Every value in each field of a call, nils before it: both ways agree. */
static void
every_field(void)
{
	const struct nc_schema *s = nc_schema(NC_KIND_call);
	struct nc_cursor c, want;
	struct nc_call got, expected;
	size_t n, i, j, wrong = 0;
	unsigned first;
	char *raw;
	bool a, b;

	for (j = 0; j < s->nfields; j++)
		for (first = 0; first < 256; first++)
			for (n = 1; n < 40; n++) {
				raw = malloc(j + n);
				memset(raw, 0xc0, j);
				raw[j] = (char)first;
				for (i = 1; i < n; i++)
					raw[j + i] = (char)(first & 1 ?
						0x80 + i :
						i % 3);
				nc_record_init(NC_KIND_call, &got);
				nc_record_init(NC_KIND_call, &expected);
				c = want =
				    (struct nc_cursor){ raw, raw + j + n };
				a = nc_cursor_record(
				    &c, NC_KIND_call, j + 1, &got);
				b = nc_cursor_fields(
				    &want, s->fields, j + 1, &expected);
				wrong += a != b || (a && c.p != want.p) ||
				    memcmp(&got, &expected, sizeof(got)) != 0;
				free(raw);
			}
	is_int((long long)wrong, 0, "a record's fields are read as any others");
}

int
main(void)
{
	schemas();
	every_value();
	every_field();
	edges();
	hostile();
	shorthand();
	return tap_done();
}
