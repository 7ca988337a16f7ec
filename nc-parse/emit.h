/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Records on their way out: begins before them, connects held back.
 */
#ifndef NC_EMIT_H
#define NC_EMIT_H

#include "trace.h"

/* Makes an operation; it is in progress once it is listed. */
struct nc_op *nc_op_new(struct nc_trace *t);

/*
 * The text of the operation cut into its arguments: the same text once.  Valid
 * as long as the text and until that of another is asked for; NULL as of
 * nc_args_split.
 */
const struct nc_args *nc_op_args(
    struct nc_op *op, struct nc_text text, const char **why);
void nc_op_list(struct nc_op *op);
void nc_op_unlist(struct nc_op *op);
void nc_op_free(struct nc_trace *t, struct nc_op *op);
/* The child of a call in progress that makes a task is known. */
void nc_op_forked(struct nc_op *op);

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
 * nc_emit_dumped, as far as the limits of what is held allow.
 */
void nc_emit_cut(struct nc_trace *t, const struct nc_call *rec);
/* The next record that waits for a dump, from position *at on; or NULL. */
struct nc_call *nc_emit_waiting(struct nc_trace *t, size_t *at);
/* Gives the record at that position the bytes of its dump, if they fit it. */
void nc_emit_complete(struct nc_trace *t, size_t at, struct nc_bytes bytes);
/* No dump comes any more. */
void nc_emit_dumped(struct nc_trace *t);

/* Writes what is held, however little is known. */
void nc_emit_flush(struct nc_trace *t);
/* The socket goes: nothing will fill its connect, if one is held. */
void nc_emit_forget(struct nc_sock *s);

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
