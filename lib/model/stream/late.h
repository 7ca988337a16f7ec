/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Answers on streams that came, or would have come, when their receiver had
 * given up waiting for them once: NETWORK_ERROR.
 * For lib/model only.
 *
 * No common clock is needed: of the time from a question to the end of a wait
 * all was spent on the way but what the other side took to answer.
 */
#ifndef NC_MODEL_LATE_H
#define NC_MODEL_LATE_H

#include "../state.h"

/* The offered call is about to take n bytes from the stream of e. */
void late_receive(struct offer *o, struct ep *e, uint64_t n);
/* A call has appended chunks from that one on to the stream of e. */
void late_send(const struct ep *e, struct chunk *first);
/*
 * An end gave up at that time (its own clock), having waited n times, and its
 * peer's next bytes came later: was it the network that was slow?
 */
void late_given_up(struct nc_model *m, const struct ep *e, const struct ref *r,
    uint64_t rcvd, int64_t end, uint64_t n);
/*
 * Its peer sent what comes behind the first rcvd bytes only after that time on
 * e's clock.  False where no clock tells.
 */
bool late_sent_after(
    struct nc_model *m, const struct ep *e, uint64_t rcvd, int64_t end);

/* It certainly sent them before that time. */
bool late_sent_before(
    struct nc_model *m, const struct ep *e, uint64_t rcvd, int64_t end);

#endif
