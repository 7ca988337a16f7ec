/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls that are one line of a trace.
 */
#ifndef NC_WHOLE_H
#define NC_WHOLE_H

#include "../trace.h"

/* An operation that begins with the current line, in no list yet. */
struct nc_op *nc_op_begin(
    struct nc_trace *t, struct nc_thread *th, enum nc_call_id call);

/*
 * True if a call that does not matter at least looks complete: ") = value".
 * Counts its result.
 */
bool nc_whole_looks(struct nc_trace *t, struct nc_text text);

/*
 * A line of a call that is not in the table, of a thread in no call: true if it
 * is a whole one.  It is counted, and that is all there is to do.
 */
bool nc_whole_passes(struct nc_trace *t, const struct nc_line *l);

/*
 * A line that begins a call, all of it or its first half.  split: another
 * trace of the lane has an event before it returns; true if it is in progress
 * until nc_trace_leave.
 */
bool nc_whole_line(struct nc_trace *t, struct nc_thread *th,
    const struct nc_line *l, enum nc_call_id call, bool split);

#endif
