/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The virtual clock, what is to happen, and the tasks that wait for it.
 *
 * A task is a thread of a simulated program: a coroutine with a stack of its
 * own, which runs until it sleeps or waits.  Nothing runs in parallel and no
 * time passes but by the clock, so that a seed always gives the same.
 */
#ifndef LAWFUL_CLOCK_H
#define LAWFUL_CLOCK_H

#include "base.h"

#define US ((int64_t)1)
#define MS (1000 * US)
#define SEC (1000 * MS)

struct task;

/* Tasks that wait for one thing. */
struct waitq {
	struct waiter *first;
};

struct clock {
	struct arena *arena; /* borrowed */
	struct rng *rng;     /* borrowed */
	int64_t now;         /* us */
	struct task *running;
	struct event *heap; /* of what is to happen */
	size_t nheap, heapcap;
	uint64_t count;
	struct waiter *spare;
	struct task *tasks;
	bool stopped; /* nothing more happens */
};

/* Ends every task. */
void clock_fini(struct clock *c);

/* Calls what(arg, more) in so many us (at least one), or at that time. */
void clock_after(struct clock *c, int64_t delay,
    void (*what)(void *arg, void *more), void *arg, void *more);
void clock_at(struct clock *c, int64_t when,
    void (*what)(void *arg, void *more), void *arg, void *more);

/* Until nothing is left to happen. */
void clock_run(struct clock *c);

/* A task that runs body(arg) in so many us. */
struct task *task_new(
    struct clock *c, int64_t delay, void (*body)(void *arg), void *arg);
/* It never runs again; not for the running one. */
void task_kill(struct clock *c, struct task *t);
/* Ends the running task. */
_Noreturn void task_exit(struct clock *c);

/* For the running task. */
void task_sleep(struct clock *c, int64_t us);
/* The next task_wait ends also when the queue is woken. */
void task_watch(struct clock *c, struct waitq *q);
/* Until a watched queue is woken, or the time, if it is not negative. */
void task_wait(struct clock *c, int64_t deadline);

/* Each waiter runs soon; in which order is chance. */
void waitq_wake(struct clock *c, struct waitq *q);

#endif
