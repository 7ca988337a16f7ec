/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The virtual clock and its tasks.
 */
#include "clock.h"

#include <err.h>
#include <stdlib.h>
#include <ucontext.h>

#define STACK (64u << 10)

struct event {
	int64_t when;
	uint64_t count; /* keeps those of one instant in order */
	void (*what)(void *arg, void *more);
	void *arg, *more;
};

struct waiter {
	struct waiter *next, **at; /* in the queue */
	struct waiter *also;       /* of the task */
	struct task *task;
};

struct task {
	struct clock *clock;
	ucontext_t context;
	void *stack;
	void (*body)(void *arg);
	void *arg;
	struct waiter *waits;
	struct task *next; /* of all */
	uintptr_t turn;    /* a wake-up of an earlier one is void */
	bool woken, over;
};

/* Stacks outlive executions: most seeds need few, and often. */
static void **stacks;
static size_t nstacks, stackcap;
static ucontext_t scheduler;

static void *
stack_get(void)
{
	void *s = nstacks ? stacks[--nstacks] : malloc(STACK);

	if (!s)
		err(2, NULL);
	return s;
}

static void
stack_put(void *s)
{
	if (nstacks == stackcap) {
		stackcap = stackcap ? 2 * stackcap : 64;
		stacks = realloc(stacks, stackcap * sizeof(*stacks));
		if (!stacks)
			err(2, NULL);
	}
	stacks[nstacks++] = s;
}

static bool
before(const struct event *a, const struct event *b)
{
	return a->when != b->when ? a->when < b->when : a->count < b->count;
}

void
clock_at(struct clock *c, int64_t when, void (*what)(void *arg, void *more),
    void *arg, void *more)
{
	struct event e = { when, c->count++, what, arg, more };
	size_t i = c->nheap;

	if (c->nheap == c->heapcap) {
		c->heapcap = c->heapcap ? 2 * c->heapcap : 256;
		c->heap = realloc(c->heap, c->heapcap * sizeof(*c->heap));
		if (!c->heap)
			err(2, NULL);
	}
	c->nheap++;
	for (; i > 0 && before(&e, &c->heap[(i - 1) / 2]); i = (i - 1) / 2)
		c->heap[i] = c->heap[(i - 1) / 2];
	c->heap[i] = e;
}

void
clock_after(struct clock *c, int64_t delay, void (*what)(void *arg, void *more),
    void *arg, void *more)
{
	clock_at(c, c->now + (delay > 0 ? delay : 1), what, arg, more);
}

static struct event
heap_take(struct clock *c)
{
	struct event first = c->heap[0], last = c->heap[--c->nheap];
	size_t i = 0, k;

	while ((k = 2 * i + 1) < c->nheap) {
		if (k + 1 < c->nheap && before(&c->heap[k + 1], &c->heap[k]))
			k++;
		if (!before(&c->heap[k], &last))
			break;
		c->heap[i] = c->heap[k];
		i = k;
	}
	c->heap[i] = last;
	return first;
}

void
clock_run(struct clock *c)
{
	while (c->nheap && !c->stopped) {
		struct event e = heap_take(c);

		/* No two things happen at once, as in one strace. */
		c->now = e.when > c->now ? e.when : c->now + 1;
		e.what(e.arg, e.more);
	}
}

/* Tasks */

static void
waits_end(struct task *t)
{
	struct waiter *w;

	while ((w = t->waits)) {
		t->waits = w->also;
		*w->at = w->next;
		if (w->next)
			w->next->at = w->at;
		w->also = t->clock->spare;
		t->clock->spare = w;
	}
}

static void
task_end(struct task *t)
{
	waits_end(t);
	t->over = true;
	stack_put(t->stack);
	t->stack = NULL;
}

static void
task_begin(unsigned high, unsigned low)
{
	struct task *t = (struct task *)((uintptr_t)high << 16 << 16 | low);

	t->body(t->arg);
	task_exit(t->clock);
}

static void
task_turn(void *arg, void *more)
{
	struct task *t = arg;

	if (t->over || t->turn != (uintptr_t)more)
		return;
	t->turn++;
	t->woken = false;
	waits_end(t);
	t->clock->running = t;
	swapcontext(&scheduler, &t->context);
	t->clock->running = NULL;
	if (t->over && t->stack)
		task_end(t);
}

struct task *
task_new(struct clock *c, int64_t delay, void (*body)(void *arg), void *arg)
{
	struct task *t = arena_new(c->arena, sizeof(*t));

	t->clock = c;
	t->body = body;
	t->arg = arg;
	t->stack = stack_get();
	t->next = c->tasks;
	c->tasks = t;
	getcontext(&t->context);
	t->context.uc_stack.ss_sp = t->stack;
	t->context.uc_stack.ss_size = STACK;
	t->context.uc_link = NULL;
	/* makecontext passes ints. */
	makecontext(&t->context, (void (*)(void))task_begin, 2,
	    (unsigned)((uintptr_t)t >> 16 >> 16), (unsigned)(uintptr_t)t);
	clock_after(c, delay, task_turn, t, (void *)t->turn);
	return t;
}

void
task_kill(struct clock *c, struct task *t)
{
	(void)c;
	if (!t->over)
		task_end(t);
}

_Noreturn void
task_exit(struct clock *c)
{
	c->running->over = true;
	setcontext(&scheduler);
	abort();
}

static void
give_way(struct clock *c)
{
	swapcontext(&c->running->context, &scheduler);
}

void
task_sleep(struct clock *c, int64_t us)
{
	struct task *t = c->running;

	clock_after(c, us, task_turn, t, (void *)t->turn);
	give_way(c);
}

void
task_watch(struct clock *c, struct waitq *q)
{
	struct waiter *w = c->spare;

	if (w)
		c->spare = w->also;
	else
		w = arena_new(c->arena, sizeof(*w));
	w->task = c->running;
	w->also = w->task->waits;
	w->task->waits = w;
	w->next = q->first;
	w->at = &q->first;
	if (w->next)
		w->next->at = &w->next;
	q->first = w;
}

void
task_wait(struct clock *c, int64_t deadline)
{
	struct task *t = c->running;

	if (deadline >= 0)
		clock_at(c, deadline, task_turn, t, (void *)t->turn);
	give_way(c);
}

void
waitq_wake(struct clock *c, struct waitq *q)
{
	struct waiter *w;

	for (w = q->first; w; w = w->next) {
		struct task *t = w->task;

		if (t->woken)
			continue;
		t->woken = true;
		clock_after(c, rng_between(c->rng, 1, 12), task_turn, t,
		    (void *)t->turn);
	}
}

void
clock_fini(struct clock *c)
{
	struct task *t;

	for (t = c->tasks; t; t = t->next)
		task_kill(c, t);
	c->tasks = NULL;
	free(c->heap);
	c->heap = NULL;
	c->nheap = c->heapcap = 0;
}
