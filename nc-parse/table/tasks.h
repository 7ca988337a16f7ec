/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Whose a line is, and how tasks begin.
 */
#ifndef NC_TASKS_H
#define NC_TASKS_H

#include "exits.h"
#include "threads.h"

/* The thread of a line; NC_NIL where the line names none. */
struct nc_thread *nc_task_of(struct nc_trace *t, int64_t tid);

/* A clone, fork or vfork took effect: its child begins. */
void nc_task_clone(struct nc_trace *t, struct nc_op *op, int64_t child);

/*
 * The lines of a thread name its process: makes the thread, if it is not known
 * yet, with the process's descriptors.
 */
void nc_task_join(struct nc_trace *t, int64_t tid, int64_t pid);

/* A child tells its parent, whose fork has not been printed yet. */
void nc_task_born(struct nc_trace *t, int64_t child, int64_t parent);

/* Gives a thread a copy of its own of a shared table. */
void nc_task_unshare(struct nc_thread *th);

/*
 * A process that was thought to share its table turned out to have its own:
 * a number stands for different things.
 */
void nc_task_split(struct nc_process *p);

/*
 * execve ended under the thread's own id, which a thread that is not its
 * process's first one loses with it.  If it was a thread because nothing told
 * how it was made (clone3 undecoded), it is a process from now on.
 */
void nc_task_part(struct nc_trace *t, struct nc_op *op);

#endif
