/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * From a call's arguments and result to the fields of its record.
 */
#ifndef NC_FILL_H
#define NC_FILL_H

#include "../text/args.h"
#include "../text/tail.h"
#include "../trace.h"

/* A begin record: what is known at the entry. */
void nc_fill_begin(
    struct nc_trace *t, const struct nc_op *op, struct nc_call *rec);

/* The fields of the call's own arguments; tail is NULL at the entry. */
void nc_fill_call(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec);

/* Flags of clone or clone3, NC_NIL if they are not shown. */
int64_t nc_fill_clone_flags(const struct nc_args *a);

/*
 * True if a record should wait for its local address: a connect's, or of what
 * a datagram socket without a port sends.
 */
bool nc_fill_holds(const struct nc_op *op, struct nc_bytes local);

#endif
