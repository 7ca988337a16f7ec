/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls that are two lines of a trace, and such that go on elsewhere.
 */
#ifndef NC_HALVES_H
#define NC_HALVES_H

#include "../trace.h"

/* The first half of a call that does not matter; final: all there is. */
void nc_half_idle(struct nc_thread *th, bool final);

/* The first half of any other one. */
void nc_half_first(struct nc_trace *t, struct nc_thread *th,
    enum nc_call_id call, struct nc_text text, bool final);

/* poll & co. interrupted with a restart block go on in restart_syscall. */
void nc_half_restart(
    struct nc_trace *t, struct nc_thread *th, struct nc_text text);

/*
 * execve by a thread goes on under its leader's pid, in another file: that one
 * says what became of descriptors, this one that the call succeeded.
 */
void nc_half_exec(struct nc_trace *t, struct nc_thread *th);

/* The second half of a call. */
void nc_half_resumed(
    struct nc_trace *t, struct nc_thread *th, const struct nc_line *l);

/*
 * With -z and its like 6.1 writes a second half without pid and mark.  It
 * comes right after its first half; but it is the line's word alone.  False
 * if the line is none.
 */
bool nc_half_unmarked(struct nc_trace *t, struct nc_text text);

#endif
