/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Processes and threads: making them, waiting for them, ending them.
 */
#include <string.h>

#include "log.h"
#include "show.h"
#include "sys.h"

#define text(t, ...) arena_text(&(t)->world->arena, __VA_ARGS__)

static void
birth_begins(struct thread *t)
{
	struct host *h = t->process->host;

	while (h->births > 0 && !t->world->choice.births)
		sys_think(t);
	h->births++;
}

static void
birth_ends(struct thread *t, struct thread *child)
{
	t->process->host->births--;
	child->born = true;
}

struct thread *
sys_thread(
    struct thread *t, void (*body)(struct thread *t, void *arg), void *arg)
{
	struct host *h = t->process->host;
	struct thread *new;

	birth_begins(t);
	log_enter(t, "clone3",
	    "{flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|"
	    "CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|"
	    "CLONE_CHILD_CLEARTID, child_tid=0x7f1fb5fff990, "
	    "parent_tid=0x7f1fb5fff990, exit_signal=0, stack=0x7f1fb57ff000, "
	    "stack_size=0x7fff80, tls=0x7f1fb5fff6c0}",
	    "");
	sys_pause(t);
	new = thread_new(t->process, h->next_pid++,
	    rng_between(&t->world->rng, 5, 400), body, arg);
	sys_pause(t);
	log_leave(t, text(t, " => {parent_tid=[%d]}, 88", new->tid),
	    text(t, "%d", new->tid));
	birth_ends(t, new);
	sys_think(t);
	return new;
}

struct process *
sys_fork(struct thread *t, enum fork_how how, struct process *p,
    void (*body)(struct thread *t, void *arg), void *arg)
{
	static const char *const flags[] = {
		"CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD",
		"CLONE_FILES|SIGCHLD"
	};
	struct world *w = t->world;
	bool shown = how != FORK_VFORK;
	struct thread *new;

	birth_begins(t);

	if (shown)
		log_enter(t, "clone",
		    text(t, "child_stack=NULL, flags=%s", flags[how]), "");
	else
		log_enter(t, "vfork", "", NULL);
	sys_pause(t);
	if (!p)
		p = process_new(t->process->host, t->process);
	p->parent = t->process;
	if (how == FORK_SHARE) {
		p->table = t->process->table;
		p->table->refs++;
	} else {
		p->table = table_copy(w, t->process->table);
	}
	new = thread_new(p, p->pid, rng_between(&w->rng, 5, 400), body, arg);
	new->born = how == FORK_VFORK; /* its maker waits for it */
	/* A vforked child has the memory until it ends or execs. */
	while (how == FORK_VFORK && !p->dead && !p->execed) {
		task_watch(&w->clock, &p->changed);
		task_wait(&w->clock, -1);
	}
	sys_pause(t);
	log_leave(t, how == FORK_COPY ? ", child_tidptr=0x7f1fb6a17a10" : "",
	    text(t, "%d", p->pid));
	birth_ends(t, new);
	sys_think(t);
	return p;
}

static void
table_drop(struct process *p)
{
	struct table *table = p->table;
	int i;

	if (--table->refs == 0)
		for (i = 0; i < table->n; i++)
			if (table->slot[i])
				file_drop(table->slot[i]);
	p->table = arena_new(&p->host->world->arena, sizeof(*p->table));
	p->table->refs = 1;
}

void
sys_exec(struct thread *t, const char *program)
{
	struct process *p = t->process;
	struct table *table;
	int i;

	log_enter(t, "execve",
	    text(t, "\"/usr/bin/%s\", [\"%s\"], 0x7ffc1f0a8d50 /* 3 vars */",
		program, program),
	    NULL);
	sys_pause(t);
	if (p->table->refs > 1) { /* it is unshared first */
		table = table_copy(t->world, p->table);
		p->table->refs--;
		p->table = table;
	}
	table = p->table;
	for (i = 0; i < table->n; i++)
		if (table->slot[i] && table->cloexec[i]) {
			file_drop(table->slot[i]);
			table->slot[i] = NULL;
		}
	p->execed = true;
	waitq_wake(&t->world->clock, &p->changed);
	sys_pause(t);
	log_leave(t, "", "0");
	sys_think(t);
}

void
sys_wait(struct thread *t)
{
	struct process *p = t->process, *child;
	struct clock *c = &t->world->clock;

	log_enter(t, "wait4", "-1, ", "0x7ffd17a00ab4, 0, NULL");
	sys_pause(t);
	while (!p->zombies) {
		task_watch(c, &p->changed);
		task_wait(c, -1);
	}
	child = p->zombies;
	p->zombies = child->next_zombie;
	sys_pause(t);
	log_leave(t,
	    child->killed ?
		"[{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL" :
		"[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL",
	    text(t, "%d", child->pid));
	sys_think(t);
}

static void
thread_over(struct thread *t)
{
	struct thread **at = &t->process->threads;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	t->dead = true;
	t->process->nthreads--;
	waitq_wake(&t->world->clock, &t->process->changed);
}

_Noreturn void
sys_exit_thread(struct thread *t)
{
	log_enter(t, "exit", "0", NULL);
	sys_pause(t);
	log_leave(t, "", "?");
	sys_pause(t);
	log_line(t, "+++ exited with 0 +++");
	thread_over(t);
	task_exit(&t->world->clock);
}

static void
process_over(struct process *p)
{
	struct process **at;

	p->dead = true;
	waitq_wake(&p->host->world->clock, &p->changed);
	if (!p->parent)
		return;
	for (at = &p->parent->zombies; *at; at = &(*at)->next_zombie)
		continue;
	*at = p;
	waitq_wake(&p->host->world->clock, &p->parent->changed);
}

/* Another thread whose end is still to be told, whichever; or NULL. */
static struct thread *
some_pending(const struct process *p, const struct thread *t)
{
	struct thread *o, *some = NULL;
	unsigned n = 0;

	for (o = p->threads; o; o = o->next)
		if (o != t && !o->dead &&
		    (n++ == 0 || rng_below(&t->world->rng, n) == 0))
			some = o;
	return some;
}

_Noreturn void
sys_exit(struct thread *t)
{
	struct process *p = t->process;
	bool soon = rng_chance(&t->world->rng, 50);
	struct thread *o;

	log_enter(t, "exit_group", "0", NULL);
	sys_pause(t);
	for (o = p->threads; o; o = o->next) {
		if (o == t)
			continue;
		task_kill(&t->world->clock, o->task);
		if (o->call)
			log_killed(o);
	}
	/* The files go before or after strace has written so much. */
	if (soon)
		table_drop(p);
	sys_pause(t);
	log_leave(t, "", "?");
	if (!soon)
		table_drop(p);
	while ((o = some_pending(p, t))) {
		sys_pause(t);
		log_line(o, "+++ exited with 0 +++");
		o->dead = true;
	}
	sys_pause(t);
	log_line(t, "+++ exited with 0 +++");
	t->dead = true;
	p->threads = NULL;
	process_over(p);
	task_exit(&t->world->clock);
}

_Noreturn void
sys_sleep_for_ever(struct thread *t)
{
	log_enter(t, "pause", "", NULL);
	for (;;)
		task_wait(&t->world->clock, -1);
}

/* Death from outside: strace writes of it later. */

static void
term_told(void *arg, void *more)
{
	struct process *p = arg;
	struct thread *t;
	bool term = more != NULL;

	for (t = p->threads; t; t = t->next)
		if (t->call && term)
			log_interrupted(t);
		else if (t->call)
			log_killed(t);
	if (term)
		log_line(p->threads,
		    "--- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, "
		    "si_pid=1, si_uid=0} ---");
	for (t = p->threads; t; t = t->next) {
		log_line(t,
		    term ? "+++ killed by SIGTERM +++" :
			   "+++ killed by SIGKILL +++");
		t->dead = true;
	}
	if (term)
		table_drop(p);
	p->threads = NULL;
	process_over(p);
}

void
process_kill(struct process *p, bool term)
{
	struct clock *c = &p->host->world->clock;
	struct thread *t;

	if (p->dead || !p->threads || p->killed)
		return;
	p->killed = true;
	for (t = p->threads; t; t = t->next)
		task_kill(c, t->task);
	/* SIGTERM stops the threads for strace before it ends them. */
	if (!term)
		table_drop(p);
	clock_after(c, rng_between(&p->host->world->rng, 1, 300), term_told, p,
	    term ? p : NULL);
}
