/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Urgent data on streams (MSG_OOB).
 * For lib/model only.
 *
 * The last byte of a send with MSG_OOB has a mark.  A receive stops before
 * the newest mark; the next one passes over the byte, unless SO_OOBINLINE
 * keeps it in the stream.  recv with MSG_OOB gets a copy of the byte under
 * the newest mark, once.  A newer mark takes the older one off its byte: that
 * stays in the stream, but vanishes if it would be the next one read.
 */
#ifndef NC_MODEL_OOB_H
#define NC_MODEL_OOB_H

#include "../state.h"

/* The stream's last byte so far is urgent. */
void oob_sent(struct tx *t);
/* Forgets the marks from an offset on. */
void oob_forget(struct tx *t, uint64_t from);
/* A receive with MSG_OOB. */
enum nc_answer oob_recv(struct offer *o);
/* How many bytes, 0 or 1, a receive of n bytes on e passes over first. */
uint64_t oob_skip(const struct offer *o, const struct ep *e, uint64_t n);
/* The receive comes: passes over skip bytes and the marks within n more. */
void oob_pass(struct offer *o, struct ep *e, uint64_t skip, uint64_t n);
/* All that e has not read is an urgent byte that no receive brings. */
bool oob_only(const struct ep *e);
/* Its last urgent byte was never read, although it waited for more. */
void oob_unread(struct nc_model *m, const struct ep *e);

#endif
