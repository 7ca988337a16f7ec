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

/* A record that has not been popped. */
struct queue_spot {
	struct block *block;
	size_t at; /* in the block */
};

/* How far a look ahead has come; zeroed: the next record to be popped. */
struct queue_place {
	struct queue_spot spot;
	uint64_t index; /* of that record in all that were pushed */
};

/*
 * Looks ahead: see is called for each record from a place on that has not been
 * taken or popped, until max records lie between it and the next to be popped
 * (false: no more may be looked at) or what has been pushed has been seen
 * (true).  The place moves on, so that each record is seen once; it lives as
 * long as the queue.
 */
bool queue_look(struct queue *q, struct queue_place *from, size_t max,
    void (*see)(void *ctx, const struct nc_record *rec, struct queue_spot spot),
    void *ctx);

/* Takes a record out (copied to buf, its raw bytes point there). */
void queue_take(struct queue *q, struct queue_spot spot, struct nc_record *rec,
    struct nc_buf *buf);

#endif
