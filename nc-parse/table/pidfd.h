/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Descriptors of processes, through which another's descriptor is taken.
 */
#ifndef NC_PIDFD_H
#define NC_PIDFD_H

#include "../text/args.h"
#include "../text/tail.h"
#include "../trace.h"

/* pidfd_open, or another call, returned a descriptor of a process. */
void nc_pidfd_install(
    struct nc_trace *t, struct nc_thread *th, int fd, int64_t pid);

/* clone or clone3 made a child: with CLONE_PIDFD it gives a descriptor. */
void nc_pidfd_cloned(struct nc_trace *t, struct nc_op *op,
    const struct nc_args *a, int64_t child);

/* getsockopt: SO_PEERPIDFD of a UNIX socket is one of its peer. */
void nc_pidfd_peer(
    struct nc_trace *t, struct nc_op *op, const struct nc_args *a);

/* pidfd_getfd took a descriptor of that process. */
void nc_pidfd_get(struct nc_trace *t, struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail);

#endif
