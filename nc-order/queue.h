/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * First-in-first-out queues of records that share one memory limit.  Past it
 * whole blocks go to an unlinked temporary file and come back when their turn
 * does, so that the order does not depend on the limit.
 */
#ifndef NC_QUEUE_H
#define NC_QUEUE_H

#include "stream.h"

struct spill;
struct queue;

/* limit: bytes of records held in memory by all queues together. */
struct spill *spill_new(size_t limit);
void spill_free(struct spill *s);

/* Errno of the first failure to write or read the file, or 0. */
int spill_error(const struct spill *s);

struct queue *queue_new(struct spill *s);
void queue_free(struct queue *q);

/* Copies the record to the end. */
void queue_push(struct queue *q, const struct nc_record *rec);

/*
 * Takes the first record; false if there is none.  Its bytes are borrowed
 * until the next queue_pop of this queue.
 */
bool queue_pop(struct queue *q, struct nc_record *rec);

/* How far a look ahead has come; zeroed: the next record to be popped. */
struct queue_place {
	struct block *block;
	size_t at;     /* in the block */
	size_t passed; /* records */
};

/*
 * Looks ahead from a place, which must not outlive a queue_pop: calls match
 * for each record, in order, until it returns true; that record is then taken
 * out (copied to buf, its raw bytes point there).  False if none matched until
 * max records had been passed in all, or the queue's end was reached; called
 * again it looks only at what has been pushed since.
 */
bool queue_extract(struct queue *q, struct queue_place *from, size_t max,
    bool (*match)(void *ctx, const struct nc_record *rec), void *ctx,
    struct nc_record *rec, struct nc_buf *buf);

#endif
