/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Input and output that no system call shows: rings that a program shares
 * with the kernel.  What a ring does is not in the trace; that a process has
 * one is, and the first call that shows it goes out as a record.
 */
#ifndef NC_UNTRACED_H
#define NC_UNTRACED_H

#include "trace.h"

/* Calls of no socket that may show a ring. */
static inline bool
nc_untraced_call(enum nc_call_id call)
{
	return call == NC_CALL_IO_URING_ENTER || call == NC_CALL_IO_URING_SETUP;
}

/*
 * A line of such a call, or of setsockopt; text is what follows the name.
 * Writes at most one record a process.
 */
void nc_untraced_note(struct nc_trace *t, struct nc_thread *th,
    enum nc_call_id call, struct nc_text text);

#endif
