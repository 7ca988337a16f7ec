/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Queues of records in blocks, spilled to a temporary file past a limit.
 */
#include "queue.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "temporary.h"
#include "util.h"

/* Bytes of a block: a queue's blocks double, as many queues stay short. */
#define BLOCK_FIRST (2u << 10)
#define BLOCK (32u << 10)

/* Before each record in a block. */
struct mark {
	uint32_t len;
	uint16_t name; /* where the kind's name begins in it */
	uint8_t name_len;
	uint8_t kind; /* KIND_TAKEN: was taken out */
	const struct nc_layouts *layouts;
};

#define KIND_TAKEN 0xff

struct block {
	struct block *next;
	char *data; /* NULL while in the file */
	size_t start, used, cap;
	off_t at;    /* in the file */
	bool marked; /* has a record that was taken, which no file knows */
};

struct queue {
	struct spill *spill;
	struct block *first, *last;
	struct block *taken; /* of the record that was popped last */
	uint64_t popped;     /* or taken out before its turn */
};

struct spill {
	size_t limit, held;
	FILE *file;
	off_t end;
	int error;
};

struct spill *
spill_new(size_t limit)
{
	struct spill *s = nc_xcalloc(1, sizeof(*s));

	s->limit = limit;
	return s;
}

void
spill_free(struct spill *s)
{
	if (!s)
		return;
	if (s->file)
		fclose(s->file);
	free(s);
}

int
spill_error(const struct spill *s)
{
	return s->error;
}

struct queue *
queue_new(struct spill *s)
{
	struct queue *q = nc_xcalloc(1, sizeof(*q));

	q->spill = s;
	return q;
}

static void
block_free(struct queue *q, struct block *b)
{
	if (!b)
		return;
	if (b->data)
		q->spill->held -= b->cap;
	free(b->data);
	free(b);
}

void
queue_free(struct queue *q)
{
	struct block *b, *next;

	if (!q)
		return;
	for (b = q->first; b; b = next) {
		next = b->next;
		block_free(q, b);
	}
	block_free(q, q->taken);
	free(q);
}

static FILE *
temporary(void)
{
	int fd = nc_temporary();
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w+b");

	if (f == NULL && fd >= 0)
		close(fd);
	return f;
}

/* Drops the bytes of a block that stands in the file, too. */
static void
block_forget(struct queue *q, struct block *b)
{
	q->spill->held -= b->cap;
	free(b->data);
	b->data = NULL;
}

/* Puts a full block that is not next to be read into the file. */
static void
block_out(struct queue *q, struct block *b)
{
	struct spill *s = q->spill;

	if (s->error || !b->data)
		return;
	if (!s->file && !(s->file = temporary())) {
		s->error = errno;
		return;
	}
	if (fseeko(s->file, s->end, SEEK_SET) < 0 ||
	    fwrite(b->data, 1, b->used, s->file) != b->used) {
		s->error = errno ? errno : EIO;
		return;
	}
	b->at = s->end;
	s->end += (off_t)b->used;
	block_forget(q, b);
}

static void
block_in(struct queue *q, struct block *b)
{
	struct spill *s = q->spill;

	if (b->data)
		return;
	b->cap = b->used;
	b->data = nc_xmalloc(b->cap);
	s->held += b->cap;
	if (fseeko(s->file, b->at, SEEK_SET) < 0 ||
	    fread(b->data, 1, b->used, s->file) != b->used) {
		s->error = errno ? errno : EIO;
		b->used = 0;
	}
}

static size_t
aligned(size_t n)
{
	return (n + 15) & ~(size_t)15;
}

void
queue_push(struct queue *q, const struct nc_record *rec)
{
	size_t need = sizeof(struct mark) + aligned(rec->raw.len);
	struct block *b = q->last;
	size_t cap;
	struct mark m = { (uint32_t)rec->raw.len,
		(uint16_t)(rec->name.p - rec->raw.p), (uint8_t)rec->name.len,
		(uint8_t)rec->kind, rec->layouts };

	if (!b || b->cap - b->used < need || !b->data) {
		if (b && b != q->first && !b->marked &&
		    q->spill->held > q->spill->limit)
			block_out(q, b);
		cap = q->last ? q->last->cap * 2 : BLOCK_FIRST;
		cap = cap < BLOCK ? cap : BLOCK;
		b = nc_xcalloc(1, sizeof(*b));
		b->cap = need > cap ? need : cap;
		b->data = nc_xmalloc(b->cap);
		q->spill->held += b->cap;
		if (q->last)
			q->last->next = b;
		else
			q->first = b;
		q->last = b;
	}
	memcpy(b->data + b->used, &m, sizeof(m));
	memcpy(b->data + b->used + sizeof(m), rec->raw.p, rec->raw.len);
	b->used += need;
}

/* The record at an offset; returns the offset of the next one. */
static size_t
record_at(
    const struct block *b, size_t at, struct mark *m, struct nc_record *rec)
{
	const char *raw = b->data + at + sizeof(*m);

	memcpy(m, b->data + at, sizeof(*m));
	rec->kind = (enum nc_kind)m->kind;
	rec->raw = (struct nc_bytes){ raw, m->len };
	rec->name = (struct nc_bytes){ raw + m->name, m->name_len };
	rec->layouts = m->layouts;
	return at + sizeof(*m) + aligned(m->len);
}

bool
queue_pop(struct queue *q, struct nc_record *rec)
{
	struct mark m;
	struct block *b;

	block_free(q, q->taken);
	q->taken = NULL;
	while ((b = q->first)) {
		block_in(q, b);
		while (b->start < b->used) {
			b->start = record_at(b, b->start, &m, rec);
			q->popped++;
			if (m.kind != KIND_TAKEN)
				return true;
		}
		if (b == q->last) {
			/* Empty: begin the block anew. */
			b->start = b->used = 0;
			b->marked = false;
			return false;
		}
		q->first = b->next;
		block_free(q, b);
	}
	return false;
}

bool
queue_look(struct queue *q, struct queue_place *from, size_t max,
    void (*see)(void *ctx, const struct nc_record *rec, struct queue_spot spot),
    void *ctx)
{
	struct nc_record rec;
	struct block *b;
	struct mark m;
	bool was_out;

	/* What it had come to may be gone. */
	if (!from->spot.block || from->index <= q->popped) {
		from->spot.block = q->first;
		from->spot.at = q->first ? q->first->start : 0;
		from->index = q->popped;
	}
	for (b = from->spot.block; b; b = b->next) {
		if (b != from->spot.block)
			from->spot = (struct queue_spot){ b, b->start };
		if (from->spot.at == b->used)
			continue;
		was_out = !b->data;
		block_in(q, b);
		while (
		    from->spot.at < b->used && from->index - q->popped < max) {
			struct queue_spot spot = from->spot;

			from->spot.at = record_at(b, spot.at, &m, &rec);
			from->index++;
			if (m.kind != KIND_TAKEN)
				see(ctx, &rec, spot);
		}
		if (was_out && !q->spill->error && !b->marked)
			block_forget(q, b);
		if (from->index - q->popped >= max)
			return false;
	}
	return true;
}

void
queue_take(struct queue *q, struct queue_spot spot, struct nc_record *rec,
    struct nc_buf *buf)
{
	struct block *b = spot.block;
	struct mark m;

	block_in(q, b);
	b->marked = true; /* in memory only: it stays there */
	record_at(b, spot.at, &m, rec);
	buf->len = 0;
	nc_buf_add(buf, rec->raw.p, rec->raw.len);
	rec->name.p = buf->p + m.name;
	rec->raw.p = buf->p;
	m.kind = KIND_TAKEN;
	memcpy(b->data + spot.at, &m, sizeof(m));
}
