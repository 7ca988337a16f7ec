/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Sending and receiving on streams, and connections that break.
 * For lib/model only.
 */
#ifndef NC_MODEL_TRANSFER_H
#define NC_MODEL_TRANSFER_H

#include "../state.h"

enum nc_answer offer_send(struct offer *o);
enum nc_answer offer_recv(struct offer *o);
void settle_send(struct offer *o);

/* EOPNOTSUPP: a flag that does not fit the socket. */
void not_supported(struct offer *o, const char *rule);

/* Ended by a signal, without an effect of its own. */
static inline bool
interrupted(const struct nc_call *call)
{
	return call->marks != NC_NIL && (call->marks & NC_MARK_INTERRUPTED);
}

/*
 * One end has shut down both directions, and the other sent what it will not
 * read: Linux answers that with a reset, which both get (RFC 1122 4.2.2.13).
 */
bool shut_resets(const struct ep *e);

/* ECONNRESET: with a cause that the model saw, or else the network's. */
enum nc_answer reset(struct offer *o, struct ep *e, const char *rule);

/* What one end sent that the other never got, and how large its writes. */
struct outstanding {
	uint64_t bytes, writes, largest;
};

struct outstanding unreceived(const struct ep *from);

/* The connection is dead for this side: ETIMEDOUT, unreachable. */
void died(struct offer *o, struct ep *e, const char *rule);

/* EISCONN: it has a peer already. */
void tell_connected(struct offer *o, const char *rule);

/* A call that needs a connection, without one. */
void not_connected(struct offer *o, const char *reason, const char *rule);

#endif
