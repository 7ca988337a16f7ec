/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * References to sockets that go, and the releases that the last one begins.
 */
#ifndef NC_RELEASE_H
#define NC_RELEASE_H

#include "../trace.h"

/*
 * Gives up one reference: when it is the last one, a release begins.  by is
 * the operation that still has to end, or NULL; the release is chained to
 * *chain until nc_release_done.
 */
void nc_release_drop(struct nc_trace *t, struct nc_sock *s,
    const struct nc_op *by, const char *cause, struct nc_op **chain);
/* The dropper of a chain has ended; what it dropped is checked later. */
void nc_release_unchain(struct nc_op **chain);
/* The same, and checked at once. */
void nc_release_done(struct nc_trace *t, struct nc_op **chain);
/*
 * A call in progress is over and has let go: its own releases and those that
 * waited for it complete.
 */
void nc_op_settle(struct nc_trace *t, struct nc_op *op);
/* A call inside the socket has ended. */
void nc_release_check(struct nc_trace *t, struct nc_sock *s);

#endif
