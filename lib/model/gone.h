/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What is over, and may yet explain what others did: each kind in a queue, so
 * that only the last ones are kept, whatever the length of the trace.
 * For lib/model only.
 */
#ifndef NC_MODEL_GONE_H
#define NC_MODEL_GONE_H

#include <stdbool.h>
#include <stddef.h>

/* In what is queued; zeroed: in no queue. */
struct gone {
	struct gone *next, *prev;
	bool queued;
};

/* Zeroed is empty; what is queued belongs to others. */
struct gone_queue {
	struct gone *first, *last; /* the oldest, the newest */
	size_t n;
};

/* g becomes the newest, wherever in the queue it was. */
void gone_put(struct gone_queue *q, struct gone *g);
/* It leaves the queue, if it is there. */
void gone_take(struct gone_queue *q, struct gone *g);
/* The object of a type whose member gone g is; g is not NULL. */
#define gone_of(g, type) ((type *)(void *)((char *)(g)-offsetof(type, gone)))
/* The oldest of more than max, or NULL. */
static inline struct gone *
gone_beyond(const struct gone_queue *q, size_t max)
{
	return q->n > max ? q->first : NULL;
}

#endif
