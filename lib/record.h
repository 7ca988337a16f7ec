/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Records: the kinds of lib/record.def as structs, and their packed form.
 *
 * lib/pack.c makes the packed form, lib/record.c and lib/unpack.c read it.  A
 * record on the wire is an array: the kind, then the fields in the order of the
 * stream's header; trailing nil fields are left out.
 */
#ifndef NC_RECORD_H
#define NC_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "buf.h"

/* Bytes that somebody else owns.  p is NULL where the field is nil. */
struct nc_bytes {
	const char *p;
	size_t len;
};

/* The nil of integer fields. */
#define NC_NIL INT64_MIN

/*
 * Integers are held within it, and its negative, as they are decoded: times and
 * lengths of a stream that contradicts itself can still be added, three of them.
 */
#define NC_INT_MOST (INT64_C(1) << 61)

/* Longest packed record accepted or written, bytes. */
#define NC_RECORD_MAX (32u << 20)

/* Bits of call.marks. */
enum {
	NC_MARK_INJECTED = 1,    /* result or delay injected by the tracer */
	NC_MARK_UNFINISHED = 2,  /* no exit was traced */
	NC_MARK_INTERRUPTED = 4, /* ended by a signal (ERESTART*) */
	NC_MARK_DAMAGED = 8,     /* payload text was damaged: data unreliable */
	NC_MARK_CUT = 16,        /* payload longer than what was captured */
	NC_MARK_NO_ENTRY = 32,   /* only the second half was traced */
	NC_MARK_BY_FLAG = 64,    /* nonblocking or cloexec set at creation */
	NC_MARK_OTHERS = 128,    /* poll: also watched what is not a socket */
	NC_MARK_KILLED = 256,    /* release or exit by a signal */
	NC_MARK_UNFOLLOWED = 512, /* also held by a child that has no lines */
	NC_MARK_LATE = 1024,      /* attach: made before the trace began */
	NC_MARK_BSD = 2048,       /* a system with BSD's sockets, Solaris too */
	NC_MARK_NOT_RUN = 4096,   /* its result is the tracer's own */
	NC_MARK_MISSED = 8192,    /* release: the close was not traced */
	NC_MARK_UNSURE = 16384,   /* attach: one of several of its number */
	NC_MARK_STOPPED = 32768,  /* its thread was stopped just before */
	NC_MARK_SEGMENTS = 65536, /* its control data tell where to cut it */
	NC_MARK_CRASHED = 131072, /* release: that signal was for a fault */
	NC_MARK_LEAN = 262144,    /* a new socket: only network calls so far */
	NC_MARK_ALONE = 524288,   /* attach: no other task was attached to */
	NC_MARK_HIDDEN = 1048576, /* poll: not all that it told is shown */
};

enum nc_kind {
	NC_KIND_NONE, /* a kind this version does not know */
#define NC_KIND(k) NC_KIND_##k,
#define NC_SAME(k, other) NC_KIND_##k,
#define NC_FIELD(k, m, n, t)
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
	NC_KINDS
};

#define NC_TYPE_INT int64_t
#define NC_TYPE_STR struct nc_bytes
#define NC_TYPE_BIN struct nc_bytes
#define NC_TYPE_RAW struct nc_bytes

/* struct nc_KIND for each kind, in the order of record.def. */
struct nc_record_structs {
	char before_the_first;
/* clang-format off */
#define NC_KIND(k) }; struct nc_##k {
/* clang-format on */
#define NC_SAME(k, other)
#define NC_FIELD(k, m, n, t) NC_TYPE_##t m;
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
};

/*
 * Places of a call's entry and exit: what is comparable within a lane.  Lines
 * are where the lane has one trace.
 */
static inline int64_t
nc_call_from(const struct nc_call *c)
{
	return c->from == NC_NIL ? c->entry : c->from;
}

static inline int64_t
nc_call_at(const struct nc_call *c)
{
	if (c->at != NC_NIL || c->from != NC_NIL)
		return c->at == NC_NIL ? c->from : c->at;
	return c->line == NC_NIL ? c->entry : c->line;
}

enum nc_type { NC_INT, NC_STR, NC_BIN, NC_RAW };

struct nc_field {
	const char *name;
	enum nc_type type;
	size_t offset; /* in the kind's struct */
};

struct nc_schema {
	const char *kind;
	size_t kind_len;
	const struct nc_field *fields;
	size_t nfields;
	size_t size;       /* of the struct */
	const void *blank; /* one with every field nil */
};

/* The schema of a known kind (not NC_KIND_NONE); static. */
const struct nc_schema *nc_schema(enum nc_kind kind);

/* The kind of that name, or NC_KIND_NONE. */
enum nc_kind nc_kind_of(const char *name, size_t len);

/* True for the kinds whose struct is nc_call. */
static inline bool
nc_kind_is_call(enum nc_kind kind)
{
	return kind == NC_KIND_call || kind == NC_KIND_begin;
}

/* Sets every field of a record struct to nil. */
void nc_record_init(enum nc_kind kind, void *rec);

/* Its bytes were at from and are at to now: so do its fields. */
void nc_record_move(
    enum nc_kind kind, void *rec, const char *from, const char *to);

/* Bytes of a C string, borrowed; NULL gives nil. */
static inline struct nc_bytes
nc_str(const char *s)
{
	return (struct nc_bytes){ s, s ? strlen(s) : 0 };
}

static inline bool
nc_bytes_eq(struct nc_bytes a, struct nc_bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool
nc_str_eq(struct nc_bytes a, const char *s)
{
	return a.p && nc_bytes_eq(a, nc_str(s));
}

/* Packing values: each appends one to b. */
void nc_pack_nil(struct nc_buf *b);
void nc_pack_int(struct nc_buf *b, int64_t v);     /* NC_NIL packs nil */
void nc_pack_str(struct nc_buf *b, const char *s); /* NULL packs nil */
void nc_pack_strn(struct nc_buf *b, const char *s, size_t n);
void nc_pack_bin(struct nc_buf *b, const void *p, size_t n);
void nc_pack_array(struct nc_buf *b, size_t n);
void nc_pack_map(struct nc_buf *b, size_t n);

/* Appends the packed record to b. */
void nc_record_pack(struct nc_buf *b, enum nc_kind kind, const void *rec);

/* Bytes of a field that are better written from where they are. */
#define NC_PACK_LONG (64u << 10)

/*
 * The same in parts, for records with long fields: packs from field *at on
 * (0 the first time) up to behind the head of a field of at least NC_PACK_LONG
 * bytes, which are returned, for the caller to put behind; nil at the
 * record's end.
 */
struct nc_bytes nc_record_pack_part(
    struct nc_buf *b, enum nc_kind kind, const void *rec, size_t *at);

/* A value met by a cursor. */
enum nc_value_type {
	NC_VALUE_NIL,
	NC_VALUE_BOOL,  /* i is 0 or 1 */
	NC_VALUE_INT,   /* i; unsigned ones past INT64_MAX saturate */
	NC_VALUE_FLOAT, /* d */
	NC_VALUE_STR,   /* bytes */
	NC_VALUE_BIN,   /* bytes */
	NC_VALUE_ARRAY, /* n elements follow */
	NC_VALUE_MAP,   /* n pairs follow */
	NC_VALUE_EXT    /* bytes */
};

struct nc_value {
	enum nc_value_type type;
	int64_t i;
	double d;
	size_t n;
	struct nc_bytes bytes;
};

/* Reads packed values one after the other; never past end. */
struct nc_cursor {
	const char *p, *end;
};

static inline struct nc_cursor
nc_cursor(struct nc_bytes raw)
{
	return (struct nc_cursor){ raw.p, raw.p ? raw.p + raw.len : NULL };
}

/* Reads the next value's head. 1 read, 0 more bytes needed, -1 malformed. */
int nc_cursor_next(struct nc_cursor *c, struct nc_value *v);

/* Skips the next value whole.  As nc_cursor_next; past 32 levels malformed. */
int nc_cursor_skip(struct nc_cursor *c);

/* The same for n fields of a record whose head has been read. */
int nc_cursor_skip_fields(struct nc_cursor *c, size_t n);

/*
 * Reads the next values into n fields of a struct that nc_record_init made: one
 * of another type than its field, or nil, leaves it as it is.  False if there
 * are fewer, or they are malformed.
 */
bool nc_cursor_fields(
    struct nc_cursor *c, const struct nc_field *f, size_t n, void *rec);

/*
 * The same for the first n fields of a record of that kind, and for them alone
 * much faster.
 */
bool nc_cursor_record(
    struct nc_cursor *c, enum nc_kind kind, size_t n, void *rec);

/* Shorthand for RAW fields: n elements of an array, or 0 for nil or other. */
size_t nc_cursor_array(struct nc_cursor *c);
size_t nc_cursor_map(struct nc_cursor *c);

/* Moves a cursor at a map to the value of name; false if it has none. */
bool nc_cursor_find(struct nc_cursor *c, const char *name);
/* The next value if it is an integer, else NC_NIL; skips it whole. */
int64_t nc_cursor_int(struct nc_cursor *c);
/* The next value if it is text or bytes, else nil; skips it whole. */
struct nc_bytes nc_cursor_str(struct nc_cursor *c);
/* The value of name in a map, as those two have it; nil if it has none. */
int64_t nc_find_int(struct nc_bytes map, const char *name);
struct nc_bytes nc_find_str(struct nc_bytes map, const char *name);

#endif
