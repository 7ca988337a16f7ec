/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Record streams: framing, headers, end markers, pass-through.
 */
#include "stream.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout.h"
#include "map.h"
#include "util.h"

#define BLOCK (256u << 10)
#define NAME_MAX_LEN 64
#define FIELDS_MAX 256
#define MAGIC "netcheck"

/* Reader */

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
	int state; /* as nc_reader_next once it ended */
	struct nc_layouts *layouts;
	char error[512];
};

struct nc_reader *
nc_reader_new(int fd, const char *name)
{
	struct nc_reader *r = nc_xcalloc(1, sizeof(*r));

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

int
nc_reader_next(struct nc_reader *r, struct nc_record *rec)
{
	struct nc_cursor c;
	struct nc_value v;
	bool found = false;
	size_t n;
	int got;

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
		if (rec->kind == NC_KIND_NONE && nc_str_eq(v.bytes, MAGIC)) {
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
		r->number++;
		r->offset += rec->raw.len;
		r->start += rec->raw.len;
	}
	return r->state;
}

int
nc_record_decode(const struct nc_record *rec, void *out)
{
	const struct nc_schema *s = nc_schema(rec->kind);
	const struct nc_layout *l = &rec->layouts->v[rec->kind - 1];
	struct nc_cursor c = nc_cursor(rec->raw);
	struct nc_value v;
	size_t n, i = 0;
	int j;

	nc_record_init(rec->kind, out);
	if (nc_cursor_next(&c, &v) != 1 || v.type != NC_VALUE_ARRAY || v.n == 0)
		return -1;
	n = v.n - 1 < l->nnames ? v.n - 1 : l->nnames;
	if (nc_cursor_skip(&c) != 1)
		return -1;
	if (l->straight) {
		i = n < s->nfields ? n : s->nfields;
		if (!nc_cursor_fields(&c, s->fields, i, out))
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

/* Writer */

/*
 * Input layouts that the header covers: kept, as it only grows and inputs
 * alternate.
 */
struct covered {
	bool same[NC_KINDS]; /* their fields stand where ours do */
};

struct nc_writer {
	int fd;
	const char *maker;
	struct nc_buf buf;
	int error; /* errno of the first failed write, or 0 */
	bool headed;
	uint64_t records;           /* since the header in force */
	struct nc_layouts *layouts; /* what that header says */
	uint64_t known;             /* hash of the last input layouts, or 0 */
	const struct covered *same; /* of known */
	struct nc_map covered; /* hash of input layouts -> struct covered */
};

struct nc_writer *
nc_writer_new(int fd, const char *maker)
{
	struct nc_writer *w = nc_xcalloc(1, sizeof(*w));

	w->fd = fd;
	w->maker = maker;
	return w;
}

static void
write_all(struct nc_writer *w, const char *p, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len && !w->error) {
		n = write(w->fd, p + done, len - done);
		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			w->error = errno;
	}
}

void
nc_writer_flush(struct nc_writer *w)
{
	write_all(w, w->buf.p, w->buf.len);
	w->buf.len = 0;
}

/* Writes bytes after what is queued; long ones from where they are. */
static void
add(struct nc_writer *w, struct nc_bytes bytes)
{
	if (bytes.len < NC_PACK_LONG) {
		nc_buf_add(&w->buf, bytes.p, bytes.len);
		return;
	}
	nc_writer_flush(w);
	write_all(w, bytes.p, bytes.len);
}

static void
flush_if_full(struct nc_writer *w)
{
	if (w->buf.len >= BLOCK)
		nc_writer_flush(w);
}

static void
write_end(struct nc_writer *w, bool ok)
{
	nc_pack_array(&w->buf, 3);
	nc_pack_str(&w->buf, "eof");
	nc_pack_int(&w->buf, (int64_t)w->records);
	nc_pack_int(&w->buf, ok);
	w->records = 0;
}

static void
write_header(struct nc_writer *w)
{
	const struct nc_layouts *ls = w->layouts;
	size_t i, j;

	nc_pack_array(&w->buf, 4);
	nc_pack_str(&w->buf, MAGIC);
	nc_pack_int(&w->buf, NC_STREAM_VERSION);
	nc_pack_map(&w->buf, ls->n);
	for (i = 0; i < ls->n; i++) {
		nc_pack_str(&w->buf, ls->v[i].kind);
		nc_pack_array(&w->buf, ls->v[i].nnames);
		for (j = 0; j < ls->v[i].nnames; j++)
			nc_pack_str(&w->buf, ls->v[i].names[j]);
	}
	nc_pack_str(&w->buf, w->maker);
	w->headed = true;
}

/* Makes sure that the header in force covers the input's layouts. */
static void
cover(struct nc_writer *w, const struct nc_layouts *theirs)
{
	bool changed = false;
	size_t i, j;

	if (w->headed && (!theirs || theirs->hash == w->known))
		return;
	if (!w->layouts) {
		w->layouts = nc_layouts_new();
		for (i = 0; i < w->layouts->n; i++) {
			const struct nc_schema *s =
			    nc_schema((enum nc_kind)(i + 1));

			for (j = 0; j < s->nfields; j++)
				nc_layout_name(&w->layouts->v[i],
				    s->fields[j].name,
				    strlen(s->fields[j].name));
		}
	}
	if (theirs) {
		w->known = theirs->hash;
		w->same = nc_map_get(&w->covered, theirs->hash);
	}
	if (theirs && !w->same) {
		struct covered *fresh = nc_xcalloc(1, sizeof(*fresh));

		changed = nc_layouts_merge(w->layouts, theirs);
		for (i = 1; i < NC_KINDS; i++)
			fresh->same[i] = nc_layout_within(
			    &theirs->v[i - 1], &w->layouts->v[i - 1]);
		nc_map_put(&w->covered, theirs->hash, fresh);
		w->same = fresh;
	}
	if (w->headed && changed)
		write_end(w, true);
	if (!w->headed || changed)
		write_header(w);
}

void
nc_writer_put(struct nc_writer *w, enum nc_kind kind, const void *rec)
{
	struct nc_bytes rest;
	size_t at = 0;

	cover(w, NULL);
	while ((rest = nc_record_pack_part(&w->buf, kind, rec, &at)).p != NULL)
		add(w, rest);
	w->records++;
	flush_if_full(w);
}

void
nc_writer_count(
    struct nc_writer *w, const char *stage, const char *name, uint64_t v)
{
	struct nc_count rec;

	nc_record_init(NC_KIND_count, &rec);
	rec.stage = nc_str(stage);
	rec.name = nc_str(name);
	rec.value = (int64_t)v;
	nc_writer_put(w, NC_KIND_count, &rec);
}

static void
translate(struct nc_writer *w, const struct nc_record *rec,
    const struct nc_layout *in, const struct nc_layout *out)
{
	struct nc_bytes *at = nc_xcalloc(out->nnames, sizeof(*at));
	struct nc_cursor c = nc_cursor(rec->raw);
	size_t n = nc_cursor_array(&c), last = 0, i, j;
	const char *p;

	nc_cursor_skip(&c);
	for (i = 0; i + 1 < n && i < in->nnames; i++) {
		p = c.p;
		if (nc_cursor_skip(&c) != 1)
			break;
		for (j = 0; j < out->nnames; j++)
			if (strcmp(out->names[j], in->names[i]) == 0)
				break;
		if (j == out->nnames)
			continue; /* two headers of one hash */
		at[j] = (struct nc_bytes){ p, (size_t)(c.p - p) };
		if (j + 1 > last)
			last = j + 1;
	}
	nc_pack_array(&w->buf, last + 1);
	nc_pack_strn(&w->buf, rec->name.p, rec->name.len);
	for (j = 0; j < last; j++) {
		if (at[j].p)
			add(w, at[j]);
		else
			nc_pack_nil(&w->buf);
	}
	free(at);
}

void
nc_writer_pass(struct nc_writer *w, const struct nc_record *rec)
{
	const struct nc_layout *in, *out;

	cover(w, rec->layouts);
	if (rec->kind != NC_KIND_NONE && w->same->same[rec->kind]) {
		add(w, rec->raw);
	} else {
		in = nc_layouts_find(rec->layouts, rec->name.p, rec->name.len);
		out = nc_layouts_find(w->layouts, rec->name.p, rec->name.len);
		if (!in || !out || nc_layout_within(in, out))
			add(w, rec->raw);
		else
			translate(w, rec, in, out);
	}
	w->records++;
	flush_if_full(w);
}

int
nc_writer_close(struct nc_writer *w, bool ok)
{
	int error;

	cover(w, NULL);
	write_end(w, ok);
	nc_writer_flush(w);
	error = w->error;
	nc_buf_fini(&w->buf);
	nc_layouts_free(w->layouts);
	nc_map_free(&w->covered);
	free(w);
	if (error) {
		errno = error;
		return -1;
	}
	return 0;
}
