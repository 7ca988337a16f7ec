/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Payload as far as it can be read.
 *
 * With --redact, nc-parse replaces every byte of a call's data through a
 * keyed permutation: equal bytes at equal places of a stream stay equal, and
 * that is all that data says.  The few bytes of protocol framing that are
 * told come apart, in the field clear: [offset in data, bytes, ...].  Where
 * clear is nil, data is as it was sent.  Whoever compares looks at data
 * alone; whoever reads payload or shows it does so through this module.
 */
#ifndef NC_CLEAR_H
#define NC_CLEAR_H

#include "record.h"

/* Bytes [from, to) of a call's data. */
struct nc_span {
	size_t from, to;
};

/* Readable stretches of data, in order.  Plain data. */
struct nc_clear {
	struct nc_bytes data;
	struct nc_cursor rest;
	size_t left; /* pairs */
	bool redacted;
};

struct nc_clear nc_clear(struct nc_bytes data, struct nc_bytes clear);

/*
 * The next stretch: what it was as sent, and where in data.  Data that is
 * not redacted is one stretch.  False at the end, or where clear is damaged.
 */
bool nc_clear_next(struct nc_clear *c, size_t *at, struct nc_bytes *text);

/*
 * Copies what was sent from an offset of data on; returns how many bytes,
 * fewer than n where one cannot be read.
 */
size_t nc_clear_copy(struct nc_bytes data, struct nc_bytes clear, size_t from,
    char *buf, size_t n);

/* Packs a field clear: those bytes of data, which is not redacted yet. */
void nc_clear_pack(
    struct nc_buf *b, const struct nc_span *spans, size_t n, const char *data);

#endif
