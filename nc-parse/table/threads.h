/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The host's threads by their ids, and the traces that their lines are in.
 */
#ifndef NC_THREADS_H
#define NC_THREADS_H

#include "../trace.h"

/* Keys of the host's table of threads: tids from 0. */
uint64_t nc_thread_key(int64_t tid);

/*
 * The thread of that id, unless it is another trace's; *key is where it is, or
 * where one is to be made.
 */
struct nc_thread *nc_thread_find(
    struct nc_trace *t, int64_t tid, uint64_t *key);

/*
 * The key of a tid of which another trace has lines, too: a trace of its own
 * kind of ids, such as those of a container, has its own thread of it.
 */
uint64_t nc_thread_own_key(const struct nc_trace *t, int64_t tid);

struct nc_thread *nc_thread_new(
    struct nc_trace *t, uint64_t key, int64_t tid, struct nc_process *p);
/* Its first line: it, and its process, are of this trace. */
void nc_thread_seen(struct nc_trace *t, struct nc_thread *th);
/* Out of the tables; the caller frees it. */
void nc_thread_remove(struct nc_trace *t, struct nc_thread *th);

/* A process with that table, which it takes, and no threads yet. */
struct nc_process *nc_process_new(
    struct nc_trace *t, int64_t pid, struct nc_fdtable *table);
/* Those of other tracers' traces are looked up by their pid. */
void nc_process_know(struct nc_trace *t, struct nc_process *p);
void nc_process_forget(struct nc_trace *t, const struct nc_process *p);
/* Its threads and its table are gone. */
void nc_process_free(struct nc_trace *t, struct nc_process *p);

/* The thread of that id among those of the trace, or NULL. */
struct nc_thread *nc_task_find(const struct nc_trace *t, int64_t tid);
/* The trace has but one thread. */
bool nc_task_is_alone(const struct nc_trace *t);
/* A thread of a process, the first one if it lives; NULL if none does. */
struct nc_thread *nc_task_any(const struct nc_trace *t, int64_t pid);

#endif
