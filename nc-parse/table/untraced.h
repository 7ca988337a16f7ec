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

#include "../trace.h"

/*
 * A call that is not in the table, on a socket: the first of each name goes
 * out as a record.  text is what follows "name(".
 */
void nc_untraced_unknown(
    struct nc_trace *t, struct nc_thread *th, const struct nc_line *l);

/* Most of them begin with no number. */
static inline void
nc_untraced_look(
    struct nc_trace *t, struct nc_thread *th, const struct nc_line *l)
{
	if (l->body.p < l->body.end && *l->body.p >= '0' && *l->body.p <= '9')
		nc_untraced_unknown(t, th, l);
}

/*
 * A call that no class of strace -e has with those of a network program: the
 * trace shows all calls, or all but some that were named, sleeps too.
 */
bool nc_untraced_shows_all(struct nc_text name);

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
