/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The calls that move data: payload, lengths, message headers.
 */
#ifndef NC_PAYLOAD_H
#define NC_PAYLOAD_H

#include "../text/args.h"
#include "../text/tail.h"
#include "../trace.h"

/* The fields of a send or receive; tail is NULL at the entry. */
void nc_fill_payload(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec);

/* One message of sendmmsg or recvmmsg, an element of its vector. */
void nc_fill_message(struct nc_trace *t, const struct nc_op *op,
    struct nc_text element, struct nc_call *rec);

#endif
