/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How tasks end, or go on as another program: what becomes of descriptors.
 */
#ifndef NC_EXITS_H
#define NC_EXITS_H

#include "../trace.h"

/* execve succeeded in a thread. */
void nc_task_exec(struct nc_trace *t, struct nc_op *op);

/* exit_group, or exit of the last thread, was called. */
void nc_task_exiting(struct nc_trace *t, struct nc_op *op);

/* A call of no interest that the thread was in will have no second half. */
void nc_task_idle_over(struct nc_thread *th);

/* Its process ended with that status, though no call shows it: told as one. */
void nc_task_exit_status(
    struct nc_trace *t, const struct nc_thread *th, int64_t status);

/* A thread is gone. */
void nc_task_gone(struct nc_trace *t, struct nc_thread *th, bool killed);

/* A process is gone with all its threads. */
void nc_task_end(struct nc_trace *t, int64_t pid, bool killed);

/* A child without lines: counted, the first ones by their ids. */
void nc_task_note_unfollowed(struct nc_trace *t, int64_t pid);

/* The trace ends: processes that never had a line were not followed. */
void nc_task_unfollowed(struct nc_trace *t);

/* Frees all threads without a word: the trace is over. */
void nc_task_free_all(struct nc_trace *t);

#endif
