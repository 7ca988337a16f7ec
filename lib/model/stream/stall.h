/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Senders whose buffer is full: SEND_STALLED.
 * For lib/model only.
 *
 * Full buffers are how TCP controls its flow.  So the first call that met one
 * is held: a send that works, later, ends it without a word, or with an info
 * if it took long; else the connection's end tells whether its reader had
 * stopped reading.
 */
#ifndef NC_MODEL_STALL_H
#define NC_MODEL_STALL_H

#include "../state.h"

/* Looks at a call on a stream that was accepted. */
void stall_see(struct offer *o);
/* A readiness call asked whether there is room, and it said nothing of it. */
void stall_asked(struct offer *o, struct sock *s);
/* The reader of a stream is about to take something from it. */
void stall_read(struct offer *o, const struct ep *e);
/* The connection of an end is over. */
void stall_end(struct nc_model *m, struct ep *e);

#endif
