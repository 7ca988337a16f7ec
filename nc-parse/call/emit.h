/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Records on their way out: begins before them, connects held back.
 */
#ifndef NC_EMIT_H
#define NC_EMIT_H

#include "../trace.h"

/* The fields that every record of an operation has. */
void nc_emit_fields(
    struct nc_trace *t, const struct nc_op *op, struct nc_call *rec);

/*
 * Writes a call record, of the trace home; calls in progress are announced
 * before it.
 */
void nc_emit_call(struct nc_trace *t, struct nc_trace *home,
    const struct nc_call *rec, struct nc_sock *holds);
void nc_emit_address(
    struct nc_trace *t, const struct nc_addr *a, const char *source);

/*
 * What a line told of a socket's own address: fills it into a connect that
 * is held, and learns the host's address.  True if it is news.
 */
bool nc_emit_local(struct nc_trace *t, struct nc_sock *s,
    const struct nc_addr *local, const char *source);

/*
 * The same for a record whose payload was cut: it waits for a dump, until
 * nc_emit_dumped, as far as the limits of what is held allow.  open_ended: as
 * nc_emit_open.
 */
void nc_emit_cut(
    struct nc_trace *t, const struct nc_call *rec, bool open_ended);
/* The next record that waits for a dump, from position *at on; or NULL. */
struct nc_call *nc_emit_waiting(struct nc_trace *t, size_t *at);
/* Gives the record at that position the bytes of its dump, if they fit it. */
void nc_emit_complete(struct nc_trace *t, size_t at, struct nc_bytes bytes);
/* No dump comes any more. */
void nc_emit_dumped(struct nc_trace *t);

/*
 * The same for a record without a duration: the time of the next line of its
 * trace, which nc_emit_until tells, bounds it.
 */
void nc_emit_open(
    struct nc_trace *t, const struct nc_call *rec, struct nc_sock *holds);
/* A line with a time: those that wait for it were over by then. */
void nc_emit_until(struct nc_trace *t);

/* Writes what is held, however little is known. */
void nc_emit_flush(struct nc_trace *t);
/* The socket goes: nothing will fill its connect, if one is held. */
void nc_emit_forget(struct nc_sock *s);

#endif
