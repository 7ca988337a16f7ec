/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ends of connections that leave the other side without its answer: closed
 * on a request, or after a quiet time and then used (model.md 3.10,
 * end_sweep).
 *
 * How an end was used is kept on its own host's clock only.  A message that
 * it sends unasked after a pause, right before it ends its stream, is a
 * farewell ("421 Timeout", a TLS closing alert) and ends no quiet time.
 * For lib/model only.
 */
#ifndef NC_MODEL_ENDING_H
#define NC_MODEL_ENDING_H

#include "../state.h"

/* A new end of a connection. */
void ending_init(struct use *u);
/* A server's end that an accept made: it is live until it is released. */
void ending_accepted(struct ep *e, struct port *p);
/* The end ends its stream by a shutdown or release at that time, or NC_NIL. */
void ending_begins(struct ep *e, int64_t time);
void ending_released(struct nc_model *m, struct ep *e);
/* A call was accepted: what it did to its connection's end, and what it got. */
void ending_see(struct offer *o);

#endif
