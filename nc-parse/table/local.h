/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which UNIX sockets are connected to each other: descriptors pass between
 * them.  Annotations tell it, or names and the order of connects.
 */
#ifndef NC_LOCAL_H
#define NC_LOCAL_H

#include "../trace.h"

/* A name was bound; address is the argument's text. */
void nc_local_bound(
    struct nc_trace *t, struct nc_sock *s, struct nc_text address);

/* A connect to a name begins. */
void nc_local_connecting(
    struct nc_trace *t, struct nc_op *op, struct nc_text address);

/*
 * A connect to a name has returned.  True if it is to be told: it failed, or
 * an earlier one to that name had.
 */
bool nc_local_returned(struct nc_trace *t, struct nc_text address, bool failed);

/* A listener's accept made s: it goes with the oldest connect. */
void nc_local_accepted(
    struct nc_trace *t, struct nc_sock *listener, struct nc_sock *s);

/* The inode of a socket; where none is known, a number that no inode has. */
uint64_t nc_local_inode(struct nc_trace *t, struct nc_sock *s);

#endif
