/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Programs that take a socket for another than it is: connected when it is
 * not yet, blocking or nonblocking.
 * For lib/model only.
 */
#ifndef NC_MODEL_MISUSE_H
#define NC_MODEL_MISUSE_H

#include "../state.h"

/*
 * The offered call uses a socket whose connect has no outcome yet, or one
 * that its program was told of: once a connection.  use is static: again,
 * send, recv; failed for what comes after a failure.
 */
void misuse_connect(struct offer *o, const char *use, const char *rule);

/* A nonblocking connect was not seen to end; it ended, and badly. */
bool sock_connecting(const struct sock *s);
bool sock_failed(const struct sock *s);

/*
 * EAGAIN, or EINPROGRESS, on a socket that ought to block (model.md 3,
 * any_eagain); nothing if it need not.
 */
void would_block(struct offer *o, const char *rule);

/* A call on a socket was accepted that had EAGAIN by inheritance. */
void inherited_next(struct offer *o);
void inherited_finish(struct nc_model *m, struct sock *s, bool gave_up);

/* A receive that waited although the program had been told of no bytes. */
void blocked_unasked(struct offer *o);

#endif
