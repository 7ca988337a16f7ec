/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the entries of all calls have in common: the first descriptor, and why
 * a call gives no record.
 */
#ifndef NC_ENTRY_H
#define NC_ENTRY_H

#include "../trace.h"

/* The call gives no record: counts why, returns false. */
bool nc_entry_ignore(struct nc_trace *t, enum nc_ignored why);

/* The number stood for something before the trace began, maybe a socket. */
bool nc_entry_is_unknown(
    const struct nc_trace *t, const struct nc_op *op, int fd);

/* Why a call on a number that stands for no socket gives no record. */
enum nc_ignored nc_entry_no_socket(
    const struct nc_trace *t, const struct nc_op *op);

/* Why a call on that socket, which has no records, gives none. */
enum nc_ignored nc_entry_ignored_as(const struct nc_sock *s);

/* Adds to what the operation watches or gives up; s: NULL is no socket. */
void nc_entry_watch(struct nc_op *op, struct nc_sock *s, int fd);

/*
 * Sets op->fd, and returns its socket or NULL; the address in the call helps
 * to know an unknown one.  *past is what follows the descriptor, unless NULL.
 */
struct nc_sock *nc_entry_resolve(struct nc_trace *t, struct nc_op *op,
    struct nc_text text, struct nc_text *past);

#endif
