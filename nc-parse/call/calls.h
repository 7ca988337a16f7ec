/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls as they end: their records, and what they held.
 */
#ifndef NC_CALLS_H
#define NC_CALLS_H

#include "../trace.h"

/*
 * A call ends: applies its effects, writes its records, frees the operation.
 * text is whole: arguments, parenthesis, result.
 */
void nc_call_leave(struct nc_trace *t, struct nc_op *op, struct nc_text text);

/* A call in progress ends without its result being known. */
void nc_call_abandon(struct nc_trace *t, struct nc_op *op);

/* A first half was read: the call holds what it is inside of. */
void nc_op_pin(struct nc_op *op);
/* Drops the references of numbers that the call closed. */
void nc_op_drop(struct nc_trace *t, struct nc_op *op, bool whole);

/* A whole line of a call that may not open a file, in a process with sockets. */
bool nc_call_is_denied(
    struct nc_thread *th, enum nc_call_id call, struct nc_text text);
/* Calls that return descriptors of files: a number may show a missed close. */
void nc_call_file(struct nc_trace *t, struct nc_thread *th,
    enum nc_call_id call, struct nc_text text);

#endif
