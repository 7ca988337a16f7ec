/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Record streams, reading: framing, headers, end markers.
 */
#include "stream.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout.h"
#include "pipe.h"
#include "util.h"

#define BLOCK NC_STREAM_BLOCK
#define NAME_MAX_LEN 64
#define FIELDS_MAX 256

struct nc_reader {
	int fd;
	const char *name;
	char *buf;
	size_t cap, start, end; /* the unread bytes are [start, end) */
	uint64_t offset;        /* of start in the input */
	uint64_t number;        /* records read, headers and ends too */
	uint64_t headers, ends;
	char maker[NAME_MAX_LEN + 1]; /* of the last header */
	uint64_t records, promised;   /* seen; counted by the end markers */
	bool eof, ok;
	int state;                  /* as nc_reader_next once it ended */
	void (*on_wait)(void *ctx); /* or NULL */
	void *on_wait_ctx;
	struct nc_layouts *layouts;
	/* Of the last record; the word is its name's, where the mask is. */
	enum nc_kind kind;
	uint64_t kind_word, kind_mask;
	char error[512];
};

struct nc_reader *
nc_reader_new(int fd, const char *name)
{
	struct nc_reader *r = nc_xcalloc(1, sizeof(*r));

	nc_pipe_widen(fd);
	r->fd = fd;
	r->name = name;
	r->cap = BLOCK;
	r->buf = nc_xmalloc(r->cap);
	r->ok = true;
	r->state = 1;
	return r;
}

void
nc_reader_free(struct nc_reader *r)
{
	if (!r)
		return;
	close(r->fd);
	free(r->buf);
	nc_layouts_free(r->layouts);
	free(r);
}

void
nc_reader_on_wait(struct nc_reader *r, void (*f)(void *ctx), void *ctx)
{
	r->on_wait = f;
	r->on_wait_ctx = ctx;
}

const char *
nc_reader_error(const struct nc_reader *r)
{
	return r->error;
}

bool
nc_reader_started(const struct nc_reader *r)
{
	return r->headers > 0;
}

const char *
nc_reader_maker(const struct nc_reader *r)
{
	return r->maker[0] != '\0' ? r->maker : NULL;
}

bool
nc_reader_ok(const struct nc_reader *r)
{
	return r->ok;
}

static int __attribute__((format(printf, 2, 3)))
fail(struct nc_reader *r, const char *fmt, ...)
{
	va_list ap;
	int n;

	n = snprintf(r->error, sizeof(r->error),
	    "%s: record %llu at byte %llu: ", r->name,
	    (unsigned long long)r->number + 1, (unsigned long long)r->offset);
	va_start(ap, fmt);
	if (n > 0 && (size_t)n < sizeof(r->error))
		vsnprintf(r->error + n, sizeof(r->error) - (size_t)n, fmt, ap);
	va_end(ap);
	return r->state = -1;
}

static bool
would_wait(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 0;
}

/* Reads more; 1 got some, 0 end of input, -1 error. */
static int
fill(struct nc_reader *r)
{
	ssize_t n;

	if (r->eof)
		return 0;
	if (r->start > 0) {
		memmove(r->buf, r->buf + r->start, r->end - r->start);
		r->end -= r->start;
		r->start = 0;
	}
	if (r->end == r->cap) {
		r->cap *= 2;
		r->buf = nc_xrealloc(r->buf, r->cap);
	} else if (r->cap > BLOCK && r->end < BLOCK / 2) {
		/* What a long record took goes back. */
		r->cap = BLOCK;
		r->buf = nc_xrealloc(r->buf, r->cap);
	}
	if (r->on_wait && would_wait(r->fd))
		r->on_wait(r->on_wait_ctx);
	do
		n = read(r->fd, r->buf + r->end, r->cap - r->end);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	if (n == 0)
		r->eof = true;
	r->end += (size_t)n;
	return n > 0;
}

static int
read_fields(struct nc_cursor *c, struct nc_layout *l)
{
	struct nc_value v;
	size_t n;

	if (nc_cursor_next(c, &v) != 1 || v.type != NC_VALUE_ARRAY ||
	    v.n > FIELDS_MAX || l->nnames)
		return -1;
	for (n = v.n; n--;) {
		if (nc_cursor_next(c, &v) != 1 || v.type != NC_VALUE_STR ||
		    v.bytes.len > NAME_MAX_LEN)
			return -1;
		nc_layout_name(l, v.bytes.p, v.bytes.len);
	}
	return 0;
}

/* ["netcheck", version, {kind: [field, ...], ...}, maker] past its kind. */
static int
read_header(struct nc_reader *r, struct nc_cursor *c, size_t n)
{
	struct nc_layouts *ls;
	struct nc_value v;
	size_t i;

	if (n < 3 || nc_cursor_next(c, &v) != 1 || v.type != NC_VALUE_INT)
		return fail(r, "malformed header");
	if (v.i != NC_STREAM_VERSION)
		return fail(r,
		    "stream version %lld, this program reads %d: "
		    "use the same release for all stages",
		    (long long)v.i, NC_STREAM_VERSION);
	if (nc_cursor_next(c, &v) != 1 || v.type != NC_VALUE_MAP ||
	    v.n > FIELDS_MAX)
		return fail(r, "malformed header");
	ls = nc_layouts_new();
	ls->next = r->layouts;
	r->layouts = ls;
	for (i = v.n; i--;) {
		struct nc_layout *l;

		if (nc_cursor_next(c, &v) != 1 || v.type != NC_VALUE_STR ||
		    v.bytes.len > NAME_MAX_LEN)
			return fail(r, "malformed header");
		l = ls->n < NC_KINDS - 1 ?
		    NULL :
		    nc_layouts_find(ls, v.bytes.p, v.bytes.len);
		if (!l)
			l = nc_layouts_add(ls, v.bytes.p, v.bytes.len);
		if (read_fields(c, l) < 0)
			return fail(r, "malformed header");
	}
	for (i = 0; i < ls->n; i++)
		nc_layout_map(&ls->v[i]);
	ls->hash =
	    nc_hash(r->buf + r->start, (size_t)(c->p - r->buf) - r->start, 1) |
	    1;
	r->headers++;
	r->maker[0] = '\0';
	if (n > 3 && nc_cursor_next(c, &v) == 1 && v.type == NC_VALUE_STR &&
	    v.bytes.len <= NAME_MAX_LEN) {
		memcpy(r->maker, v.bytes.p, v.bytes.len);
		r->maker[v.bytes.len] = '\0';
	}
	return 1;
}

/* ["eof", records, ok] after its first element. */
static int
read_end(struct nc_reader *r, struct nc_cursor *c, size_t n)
{
	int64_t records = nc_cursor_int(c);
	int64_t ok = nc_cursor_int(c);

	if (n < 3 || records < 0 || ok == NC_NIL)
		return fail(r, "malformed end marker");
	if (++r->ends > r->headers)
		return fail(r, "end marker without a header");
	r->promised += (uint64_t)records;
	if (!ok)
		r->ok = false;
	return 1;
}

static int
at_end(struct nc_reader *r)
{
	if (r->start < r->end)
		return fail(r, "cut in the middle of a record");
	if (r->headers == 0)
		return fail(r, "empty: not a record stream");
	if (r->ends < r->headers)
		return fail(r, "cut: the end marker is missing");
	if (r->records != r->promised)
		return fail(r, "%llu records, but the end marker counts %llu",
		    (unsigned long long)r->records,
		    (unsigned long long)r->promised);
	return r->state = 0;
}

/* Finds the whole next record; 1, 0 at the end of input, -1. */
static int
frame(struct nc_reader *r, struct nc_bytes *raw)
{
	size_t tried = 0;

	for (;;) {
		struct nc_cursor c = { r->buf + r->start, r->buf + r->end };
		/* A long record is scanned again only once it has doubled. */
		int got = (size_t)(r->end - r->start) >= tried ?
		    nc_cursor_skip(&c) :
		    0;

		if (got > 0) {
			raw->p = r->buf + r->start;
			raw->len = (size_t)(c.p - raw->p);
			if (raw->len > NC_RECORD_MAX)
				return fail(r, "record of more than %u bytes",
				    NC_RECORD_MAX);
			return 1;
		}
		if (got < 0)
			return fail(r, "malformed record");
		if (r->end - r->start > NC_RECORD_MAX)
			return fail(
			    r, "record of more than %u bytes", NC_RECORD_MAX);
		if (tried <= r->end - r->start)
			tried = r->end - r->start + (r->end - r->start) / 2;
		got = fill(r);
		if (got < 0)
			return fail(r, "%s", strerror(errno));
		if (got == 0) {
			c = (struct nc_cursor){ r->buf + r->start,
				r->buf + r->end };
			if (nc_cursor_skip(&c) == 1) {
				tried = 0;
				continue;
			}
			return at_end(r);
		}
	}
}

/*
 * Reads the name of a known kind, a short text; false: it is none.  Mostly it
 * is that of the record before, which one word tells.
 */
static bool
read_kind(struct nc_reader *r, struct nc_cursor *c, struct nc_record *rec)
{
	uint64_t word;
	size_t len;

	if (c->end - c->p < (ptrdiff_t)sizeof(word) ||
	    ((unsigned char)*c->p & 0xe0) != 0xa0)
		return false;
	memcpy(&word, c->p, sizeof(word));
	len = (unsigned char)*c->p++ & 0x1f;
	if ((size_t)(c->end - c->p) < len)
		return false;
	rec->name = (struct nc_bytes){ c->p, len };
	c->p += len;
	if ((word & r->kind_mask) != r->kind_word || r->kind_mask == 0) {
		r->kind = nc_kind_of(rec->name.p, len);
		r->kind_mask = 0;
		if (len < sizeof(word))
			memset(&r->kind_mask, 0xff, len + 1);
		r->kind_word = word & r->kind_mask;
	}
	rec->kind = r->kind;
	return rec->kind != NC_KIND_NONE;
}

/*
 * Reads a record of a known kind, as nearly all are: framed and decoded in one
 * pass if it is a call and call is not NULL.  False: it is another one, or not
 * in the buffer whole.
 */
static bool
quick(struct nc_reader *r, struct nc_record *rec, struct nc_call *call)
{
	struct nc_cursor c = { r->buf + r->start, r->buf + r->end };
	const struct nc_layout *l;
	size_t n, known = 0;

	if (r->headers == 0 || (n = nc_cursor_array(&c)) < 2 ||
	    !read_kind(r, &c, rec))
		return false;
	n--;
	l = &r->layouts->v[rec->kind - 1];
	/* A call whose fields stand elsewhere is decoded in the long run. */
	if (call != NULL && nc_kind_is_call(rec->kind)) {
		if (!l->straight)
			return false;
		known = nc_layout_known(l, n);
		nc_record_init(rec->kind, call);
		if (!nc_cursor_record(&c, rec->kind, known, call))
			return false;
	}
	if (n > known && nc_cursor_skip_fields(&c, n - known) != 1)
		return false;
	rec->raw.p = r->buf + r->start;
	rec->raw.len = (size_t)(c.p - rec->raw.p);
	return rec->raw.len <= NC_RECORD_MAX;
}

static void
advance(struct nc_reader *r, const struct nc_record *rec)
{
	r->number++;
	r->offset += rec->raw.len;
	r->start += rec->raw.len;
}

int
nc_reader_next(struct nc_reader *r, struct nc_record *rec)
{
	return nc_reader_next_call(r, rec, NULL);
}

int
nc_reader_next_call(
    struct nc_reader *r, struct nc_record *rec, struct nc_call *call)
{
	struct nc_cursor c;
	struct nc_value v;
	bool found = false;
	size_t n;
	int got;

	if (r->state > 0 && quick(r, rec, call)) {
		r->records++;
		rec->layouts = r->layouts;
		advance(r, rec);
		return 1;
	}
	while (r->state > 0 && !found) {
		if ((got = frame(r, &rec->raw)) <= 0)
			return got;
		c = nc_cursor(rec->raw);
		if (nc_cursor_next(&c, &v) != 1 || v.type != NC_VALUE_ARRAY ||
		    (n = v.n) == 0 || nc_cursor_next(&c, &v) != 1 ||
		    v.type != NC_VALUE_STR)
			return fail(r,
			    r->headers ? "malformed record" :
					 "not a record stream");
		rec->name = v.bytes;
		rec->kind = nc_kind_of(v.bytes.p, v.bytes.len);
		if (rec->kind == NC_KIND_NONE &&
		    nc_str_eq(v.bytes, NC_STREAM_MAGIC)) {
			if (read_header(r, &c, n) < 0)
				return -1;
		} else if (r->headers == 0) {
			return fail(r, "not a record stream");
		} else if (rec->kind == NC_KIND_NONE &&
		    nc_str_eq(v.bytes, "eof")) {
			if (read_end(r, &c, n) < 0)
				return -1;
		} else {
			r->records++;
			rec->layouts = r->layouts;
			found = true;
		}
		advance(r, rec);
	}
	if (found && call != NULL && nc_kind_is_call(rec->kind))
		nc_record_decode(rec, call);
	return r->state;
}

/* Skips the kind of a record, which is a short text. */
static bool
past_kind(struct nc_cursor *c)
{
	size_t left = (size_t)(c->end - c->p), n;

	if (left > 0 && ((unsigned char)*c->p & 0xe0) == 0xa0) {
		n = 1 + ((unsigned char)*c->p & 0x1f);
		c->p += n <= left ? n : left;
		return n <= left;
	}
	return nc_cursor_skip(c) == 1;
}

int
nc_record_decode(const struct nc_record *rec, void *out)
{
	const struct nc_schema *s = nc_schema(rec->kind);
	const struct nc_layout *l = &rec->layouts->v[rec->kind - 1];
	struct nc_cursor c = nc_cursor(rec->raw);
	size_t n = nc_cursor_array(&c), i = 0;
	int j;

	nc_record_init(rec->kind, out);
	if (n == 0 || !past_kind(&c))
		return -1;
	n = n - 1 < l->nnames ? n - 1 : l->nnames;
	if (l->straight) {
		i = nc_layout_known(l, n);
		if (!nc_cursor_record(&c, rec->kind, i, out))
			return -1;
	}
	for (; i < n; i++) {
		j = l->straight ? -1 : l->to_schema[i];
		if (j < 0 ? nc_cursor_skip(&c) != 1 :
			    !nc_cursor_fields(&c, &s->fields[j], 1, out))
			return -1;
	}
	return 0;
}

/* NULL if the header has no such kind. */
static const struct nc_layout *
layout_of(const struct nc_record *rec)
{
	return rec->kind != NC_KIND_NONE ?
	    &rec->layouts->v[rec->kind - 1] :
	    nc_layouts_find(rec->layouts, rec->name.p, rec->name.len);
}

const char *
nc_record_field(const struct nc_record *rec, size_t i)
{
	const struct nc_layout *l = layout_of(rec);

	return l && i < l->nnames ? l->names[i] : NULL;
}

void
nc_record_place(
    const struct nc_record *rec, struct nc_bytes *host, int64_t *trace)
{
	const struct nc_layout *l = layout_of(rec);
	struct nc_cursor c = nc_cursor(rec->raw);
	int n = (int)nc_cursor_array(&c), i;

	*host = (struct nc_bytes){ NULL, 0 };
	*trace = NC_NIL;
	nc_cursor_skip(&c);
	for (i = 0; l && i + 1 < n && (i <= l->host || i <= l->trace); i++) {
		if (i == l->host)
			*host = nc_cursor_str(&c);
		else if (i == l->trace)
			*trace = nc_cursor_int(&c);
		else
			nc_cursor_skip(&c);
	}
}
