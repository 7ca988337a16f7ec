/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a call that succeeded does to descriptors and to what is known.
 */
#ifndef NC_EFFECT_H
#define NC_EFFECT_H

#include "../text/args.h"
#include "../text/tail.h"
#include "../trace.h"

void nc_call_apply(struct nc_trace *t, struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec);

/* The call names an address of its socket or of the peer. */
void nc_call_named(
    struct nc_trace *t, struct nc_op *op, const struct nc_args *a);

#endif
