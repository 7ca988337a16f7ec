/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Record streams: reading, passing on and writing.
 *
 * A stream is a header ["netcheck", 1, {kind: [field, ...]}, maker], records,
 * and an end marker ["eof", records, ok].  Streams may follow or overlap one another
 * in one input; a header without its end marker is a cut input.
 */
#ifndef NC_STREAM_H
#define NC_STREAM_H

#include "record.h"

#define NC_STREAM_VERSION 1

struct nc_reader;
struct nc_layouts;

/* A record as read; everything is borrowed until the next nc_reader_next. */
struct nc_record {
	enum nc_kind kind;    /* NC_KIND_NONE: unknown, pass it on */
	struct nc_bytes name; /* the kind's name */
	struct nc_bytes raw;  /* the packed record, whole */
	const struct nc_layouts *layouts; /* of the header in force */
};

/*
 * Opens a reader on a descriptor, which it takes (closed by nc_reader_free).
 * name is borrowed, for messages.  Never fails.
 */
struct nc_reader *nc_reader_new(int fd, const char *name);
void nc_reader_free(struct nc_reader *r);

/*
 * The next record; headers and end markers are dealt with inside.
 * 1 a record, 0 the clean end, -1 malformed, cut or unreadable: see
 * nc_reader_error.  After 0 or -1 it returns the same for ever.
 */
int nc_reader_next(struct nc_reader *r, struct nc_record *rec);

/*
 * The same; one with the fields of a call (nc_kind_is_call) is decoded into
 * call on the way, which is faster than nc_record_decode afterwards.
 */
int nc_reader_next_call(
    struct nc_reader *r, struct nc_record *rec, struct nc_call *call);

/*
 * Has f called before each read that would wait for the input: whoever reads
 * what came of it so far should have that by then.
 */
void nc_reader_on_wait(struct nc_reader *r, void (*f)(void *ctx), void *ctx);

/* One line with the input's name, record number and byte offset; borrowed. */
const char *nc_reader_error(const struct nc_reader *r);

/* True once a whole header has been read. */
bool nc_reader_started(const struct nc_reader *r);

/*
 * The stage that wrote the last header read, "nc-order"; NULL if it does not
 * say.  Borrowed.
 */
const char *nc_reader_maker(const struct nc_reader *r);

/* True if every end marker so far said that its maker was content. */
bool nc_reader_ok(const struct nc_reader *r);

/*
 * Decodes into the kind's struct (nc_schema(kind)->size bytes); fields that
 * the record lacks or that have another type become nil.  Bytes are borrowed
 * from the record.  0, or -1 if the record is not an array of whole values.
 */
int nc_record_decode(const struct nc_record *rec, void *out);

/*
 * The name of the record's field at index i (0 is the first after the kind),
 * as its own header gives it, of unknown kinds too; borrowed from the reader.
 * NULL past the fields that the header names.
 */
const char *nc_record_field(const struct nc_record *rec, size_t i);

/*
 * The host and trace of a record, without decoding the rest; nil where it
 * has none.  host is borrowed from the record.
 */
void nc_record_place(
    const struct nc_record *rec, struct nc_bytes *host, int64_t *trace);

struct nc_writer;

/*
 * A writer on a descriptor, not closed by it, for the stage of that name
 * (static).  Never fails.
 */
struct nc_writer *nc_writer_new(int fd, const char *maker);

/* Packs and queues a record of a known kind; its header goes out first. */
void nc_writer_put(struct nc_writer *w, enum nc_kind kind, const void *rec);

/* Queues a count record: what a stage counted. */
void nc_writer_count(
    struct nc_writer *w, const char *stage, const char *name, uint64_t v);

/*
 * Passes a record on: byte for byte where the fields have the same places,
 * else with its fields moved.  Fields and kinds unknown here are kept.
 */
void nc_writer_pass(struct nc_writer *w, const struct nc_record *rec);

/* Writes out what is queued, so that a reader sees it now. */
void nc_writer_flush(struct nc_writer *w);

/*
 * Writes the end marker and everything queued, frees w.  ok says whether the
 * work could be done.  0, or -1 with errno if anything could not be written.
 */
int nc_writer_close(struct nc_writer *w, bool ok);

#endif
