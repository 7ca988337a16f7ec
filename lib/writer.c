/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Record streams, writing: headers, end markers, pass-through.
 */
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout.h"
#include "map.h"
#include "pipe.h"
#include "util.h"

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

	nc_pipe_widen(fd);
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
	if (w->buf.len >= NC_STREAM_BLOCK)
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
	nc_pack_str(&w->buf, NC_STREAM_MAGIC);
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

/* Sees to it that the header in force covers the input's layouts. */
static void
cover_anew(struct nc_writer *w, const struct nc_layouts *theirs)
{
	bool changed = false;
	size_t i, j;

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

static inline void
cover(struct nc_writer *w, const struct nc_layouts *theirs)
{
	if (!w->headed || (theirs && theirs->hash != w->known))
		cover_anew(w, theirs);
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
