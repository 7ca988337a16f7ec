/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The ordering: merges the lanes of all inputs into one global order by
 * asking the model which call can come next (model.md 2 and 5).
 */
#ifndef NC_ORDER_H
#define NC_ORDER_H

#include "stream.h"

struct order;

/* Writes to out, which it borrows; memory: limit of the queues, bytes. */
struct order *order_new(struct nc_writer *out, size_t memory);
void order_free(struct order *o);

/* Adds an input, which it takes. */
void order_input(struct order *o, struct nc_reader *in);

/*
 * Orders everything.  0, or -1 if an input was cut or unreadable, or a
 * temporary file failed: what could be read is ordered all the same, and
 * each such thing is in the messages.
 */
int order_run(struct order *o);

/* The n-th message about what failed, borrowed, or NULL. */
const char *order_message(const struct order *o, size_t n);

/* Calls that had to be forced: the order is not certain from there. */
uint64_t order_forced(const struct order *o);

#endif
