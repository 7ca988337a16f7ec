/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Small writes that wait for each other: Nagle's algorithm (RFC 896) holds
 * the second back until the first is acknowledged, and the receiver delays
 * that (RFC 1122 4.2.3.2).  Seen where both ends are: two small writes left
 * at once, and their receiver waited for the second as long as
 * acknowledgements are delayed.
 * For lib/model only.
 */
#ifndef NC_MODEL_PACE_H
#define NC_MODEL_PACE_H

#include "../state.h"

/* What a send of n bytes appended. */
void pace_sent(
    struct offer *o, const struct ep *e, struct chunk *c, uint64_t n);
/* A receive takes what is sent from there on: before it is accounted for. */
void pace_received(struct offer *o, struct ep *e);
/* The connection is over. */
void pace_tell(struct nc_model *m, const struct conn *c);

#endif
