/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The content of a stream: what was sent, kept until it has been read.
 * For lib/model only.
 */
#ifndef NC_MODEL_STREAM_H
#define NC_MODEL_STREAM_H

#include "../state.h"

/*
 * Appends n bytes of a send; the first chunk, or NULL if content is not
 * kept.
 */
struct chunk *tx_append(struct tx *t, const struct offer *o, uint64_t n);
/* Takes back what was appended beyond sent. */
void tx_truncate(struct tx *t, uint64_t sent);
/* Drops all content; lengths stay. */
void tx_free(struct tx *t);
/*
 * Read up to there: frees it unless it is to be kept.  largest: the largest
 * write that has been read whole.
 */
void tx_consume(struct tx *t, uint64_t upto, bool keep, uint64_t *largest);
/* The largest write read whole, of those that were kept too. */
uint64_t tx_largest(const struct tx *t, uint64_t upto, uint64_t largest);
struct difference {
	uint64_t at; /* offset in the stream */
	size_t len;
	char sent[16], received[16];
	bool mixed;
};
/*
 * Compares what a receive of n bytes shows with what was sent from there on.
 * True: d says where they differ.  compared: bytes known on both sides; none
 * if key, of the receiver's host, is not that of the sender's.
 */
bool tx_compare(const struct tx *t, uint64_t from, uint64_t key,
    const struct nc_call *call, uint64_t n, uint64_t *compared,
    struct difference *d);
/* The first n bytes of both are equal where they are known. */
bool tx_same(const struct tx *a, const struct tx *b, uint64_t n);
/*
 * Copies bytes as they were sent; returns how many, fewer at one that is not
 * known or redacted, or at the end.
 */
size_t tx_copy(const struct tx *t, uint64_t from, char *buf, size_t n);
/* What is left from there on only ends a TLS session. */
bool tx_unread_tls(const struct tx *t, uint64_t from, bool server);
/* It is no more than the end of a line. */
bool tx_unread_line_end(const struct tx *t, uint64_t from);
/* It is frames of HTTP/2 that carry nothing for the reader's program. */
bool tx_unread_http2(const struct tx *t, uint64_t from);

#endif
