/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Queues of what is over.
 */
#include "gone.h"

void
gone_take(struct gone_queue *q, struct gone *g)
{
	if (!g->queued)
		return;
	*(g->prev ? &g->prev->next : &q->first) = g->next;
	*(g->next ? &g->next->prev : &q->last) = g->prev;
	g->next = g->prev = NULL;
	g->queued = false;
	q->n--;
}

void
gone_put(struct gone_queue *q, struct gone *g)
{
	gone_take(q, g);
	g->prev = q->last;
	*(q->last ? &q->last->next : &q->first) = g;
	q->last = g;
	g->queued = true;
	q->n++;
}
