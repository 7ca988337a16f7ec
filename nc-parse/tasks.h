/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The life of threads and processes in a trace.
 */
#ifndef NC_TASKS_H
#define NC_TASKS_H

#include "trace.h"

/* The thread of a line; NC_NIL where the line names none. */
struct nc_thread *nc_task_of(struct nc_trace *t, int64_t tid);

/* A clone, fork or vfork took effect: its child begins. */
void nc_task_clone(struct nc_trace *t, struct nc_op *op, int64_t child);

/* execve succeeded in a thread. */
void nc_task_exec(struct nc_trace *t, struct nc_op *op);

/* exit_group, or exit of the last thread, was called. */
void nc_task_exiting(struct nc_trace *t, struct nc_op *op);

/* A call of no interest that the thread was in will have no second half. */
void nc_task_idle_over(struct nc_thread *th);

/*
 * The lines of a thread name its process: makes the thread, if it is not known
 * yet, with the process's descriptors.
 */
void nc_task_join(struct nc_trace *t, int64_t tid, int64_t pid);

/* The thread of that id among those of the trace, or NULL. */
struct nc_thread *nc_task_find(const struct nc_trace *t, int64_t tid);
/* The trace has but one thread. */
bool nc_task_is_alone(const struct nc_trace *t);

/* A thread of a process, the first one if it lives; NULL if none does. */
struct nc_thread *nc_task_any(const struct nc_trace *t, int64_t pid);

/* A child tells its parent, whose fork has not been printed yet. */
void nc_task_born(struct nc_trace *t, int64_t child, int64_t parent);

/* A process is gone with all its threads. */
void nc_task_end(struct nc_trace *t, int64_t pid, bool killed);

/* A thread is gone. */
void nc_task_gone(struct nc_trace *t, struct nc_thread *th, bool killed);

/* Gives a thread a copy of its own of a shared table. */
void nc_task_unshare(struct nc_thread *th);

/*
 * A process that was thought to share its table turned out to have its own:
 * a number stands for different things.
 */
void nc_task_split(struct nc_process *p);

/* The trace ends: processes that never had a line were not followed. */
void nc_task_unfollowed(struct nc_trace *t);

/* Frees all threads without a word: the trace is over. */
void nc_task_free_all(struct nc_trace *t);

#endif
