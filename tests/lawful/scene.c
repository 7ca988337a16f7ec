/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Who takes part in an execution.
 */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "fault.h"
#include "log.h"
#include "server.h"
#include "sys.h"

#define PORT 8080
#define PROXY_PORT 8081
#define UDP_PORT 5300

/* A program that the host's shell starts, if it has one. */
struct command {
	struct command *next;
	struct process *process;
	void (*body)(struct thread *t, void *arg);
	void *arg;
	bool daemon;
	bool direct; /* strace runs it */
};

struct scene {
	struct world *world;
	struct host *server, *proxy, *udp;
	struct process **daemons;
	size_t ndaemons;
};

/* Choices */

static struct {
	bool is_set;
	int value;
} fixed[sizeof(struct choices) / sizeof(int)];

static const char *const names[] = {
#define CHOICE(name, how, what) #name,
#include "choice.def"
#undef CHOICE
};

int
choice_fix(const char *text)
{
	const char *eq = strchr(text, '=');
	size_t i;

	for (i = 0; eq && i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == (size_t)(eq - text) &&
		    strncmp(names[i], text, (size_t)(eq - text)) == 0) {
			fixed[i].is_set = true;
			fixed[i].value = atoi(eq + 1);
			return 0;
		}
	return -1;
}

static void
choose(struct choices *c, struct rng *r)
{
	struct rng later = *r, *l = &later; /* of choices that came later */
	int i;

	for (i = 0; i < 64; i++)
		rng_below(l, 2);
	i = 0;
	/* Drawn even if fixed, so that the rest of a seed stays the same. */
#define CHOICE(name, how, what) \
	c->name = (int)(how); \
	if (fixed[i].is_set) \
		c->name = fixed[i].value; \
	i++;
#include "choice.def"
#undef CHOICE
	if (c->big && c->string > 100)
		c->requests = c->requests < 3 ? c->requests : 3;
	if (c->nat && c->v6 == 1) /* it would translate IPv4 */
		c->nat = 0;
	fault_choose(c);
	if (c->hosts == 1)
		c->untraced = 0;
	/*
	 * Attached to one by one: a thread's first line before its maker's
	 * call returns could as well be another process's.
	 */
	if (c->server == SERVE_SERIAL || c->server >= SERVE_EPOLL)
		c->shell = c->shell || c->udp_server == UDP_THREADS;
	else
		c->shell = 1;
	if (!c->shell)
		c->threaded = c->proxy = 0;
	if (c->ff && c->times == 4) /* relative to lines of other files */
		c->times = 0;
}

/* Programs */

static void
program(struct thread *t, void *arg)
{
	struct command *c = arg;

	if (t->process->parent || c->direct)
		sys_exec(t, "program");
	c->body(t, c->arg);
	sys_exit(t);
}

/* Several clients in one process, a thread each. */
struct group {
	struct client *clients[16];
	int n;
};

static void
group_member(struct thread *t, void *arg)
{
	tcp_client(t, arg);
	sys_exit_thread(t);
}

static void
group_main(struct thread *t, void *arg)
{
	struct group *g = arg;
	struct clock *c = &t->world->clock;
	int i;

	for (i = 0; i < g->n; i++)
		sys_thread(t, group_member, g->clients[i]);
	while (t->process->nthreads > 1) {
		task_watch(c, &t->process->changed);
		task_wait(c, -1);
	}
}

static void
add_program(struct host *h, bool daemon, bool unseen,
    void (*body)(struct thread *t, void *arg), void *arg)
{
	struct world *w = h->world;
	struct command *c = arena_new(&w->arena, sizeof(*c)), **at;

	c->process = process_new(h, NULL);
	c->process->traced = !unseen;
	c->body = body;
	c->arg = arg;
	c->daemon = daemon;
	for (at = &h->commands; *at; at = &(*at)->next)
		continue;
	*at = c;
}

static bool
by_shell(const struct command *c)
{
	return c->process->host->world->choice.shell && c->process->traced &&
	    !c->direct;
}

/* Runs those of a kind; how many more the shell has to wait for. */
static int
run_commands(struct thread *t, struct host *h, int most, bool daemons)
{
	int running = 0, left = 0;
	struct command *c;

	for (c = h->commands; c; c = c->next) {
		if (!by_shell(c) || (most && c->daemon != daemons))
			continue;
		sys_fork(t, FORK_COPY, c->process, program, c);
		left++;
		running += !c->daemon;
		if (most && running == most) {
			sys_wait(t);
			running--;
			left--;
		}
	}
	return left;
}

static void
shell(struct thread *t, void *arg)
{
	struct host *h = arg;
	int most = h->world->choice.at_once, left = 0;

	/* Who waits for the clients has to have started the servers. */
	if (most)
		left = run_commands(t, h, most, true);
	left += run_commands(t, h, most, false);
	for (; left > 0; left--)
		sys_wait(t);
	sys_exit(t);
}

/* The only program that the host's shell would run, or NULL. */
static struct command *
only_one(const struct host *h)
{
	struct command *c, *one = NULL;

	for (c = h->commands; c; c = c->next) {
		if (!by_shell(c))
			continue;
		if (one)
			return NULL;
		one = c;
	}
	return one;
}

static void
start(struct host *h)
{
	struct world *w = h->world;
	struct command *c = w->choice.direct ? only_one(h) : NULL;
	bool any = false;

	if (c)
		c->direct = true;
	for (c = h->commands; c; c = c->next)
		if (by_shell(c))
			any = true;
		else
			thread_new(c->process, c->process->pid,
			    rng_between(&w->rng, 5, 400), program, c);
	if (!any)
		return;
	h->shell = process_new(h, NULL);
	thread_new(h->shell, h->shell->pid, 1, shell, h);
}

/* The end */

static bool
descends(const struct process *p, const struct process *from)
{
	for (; p; p = p->parent)
		if (p == from)
			return true;
	return false;
}

static void
detach(struct process *p)
{
	struct thread *t;

	for (t = p->threads; t; t = t->next) {
		task_kill(&p->host->world->clock, t->task);
		log_detach(t);
	}
	p->threads = NULL;
}

static void
end_daemons(struct host *h)
{
	int how = h->world->choice.stop;
	struct process *p;
	struct command *c;

	for (c = h->commands; c; c = c->next)
		for (p = c->daemon ? h->processes : NULL; p; p = p->next) {
			if (!descends(p, c->process))
				continue;
			if (how == STOP_DETACH)
				detach(p);
			else
				process_kill(p, how != STOP_KILL);
		}
	if (how == STOP_DETACH && h->shell)
		detach(h->shell);
}

static void
watch_end(void *arg, void *more)
{
	struct world *w = arg;
	size_t i;

	(void)more;
	if (w->unlawful)
		return;
	if (w->clock.now > (INT64_C(1795400000) + 600) * SEC) {
		world_unlawful(w, "it does not end");
	} else if (w->running > 0 || w->clock.now < w->last + 2 * SEC) {
		clock_after(&w->clock, SEC, watch_end, w, NULL);
	} else {
		for (i = 0; i < w->nhosts; i++)
			end_daemons(w->hosts[i]);
	}
}

/* Setting up */

static struct addr
target(struct scene *s, struct host *from, struct host *to, int port, bool v6)
{
	if (from == to && rng_chance(&s->world->rng, 50))
		return (struct addr){ v6 ? "::1" : "127.0.0.1", port };
	return (struct addr){ v6 ? to->v6 : to->v4, port };
}

static struct server *
server_new(struct world *w, int port)
{
	struct server *s = arena_new(&w->arena, sizeof(*s));

	s->port = port;
	s->family = w->choice.v6 ? 6 : 4;
	return s;
}

static struct client *
client_new(struct scene *s, struct host *h, struct host *to, int port)
{
	struct world *w = s->world;
	struct client *c = arena_new(&w->arena, sizeof(*c));
	bool v6 = w->choice.v6 == 1;

	c->family = v6 ? 6 : 4;
	c->target = target(s, h, to, port, v6);
	c->end = w->choice.end < ENDS ? w->choice.end :
					(int)rng_below(&w->rng, ENDS);
	c->alone = true;
	w->running++;
	return c;
}

static struct host *
some_host(struct scene *s)
{
	struct world *w = s->world;

	if (w->nhosts == 1 || rng_chance(&w->rng, 10))
		return s->server;
	return w->hosts[1 + rng_below(&w->rng, (unsigned)w->nhosts - 1)];
}

static bool
is_unseen(struct world *w, int bit)
{
	return w->choice.unseen & bit && rng_chance(&w->rng, 60);
}

static void
add_tcp(struct scene *s)
{
	struct world *w = s->world;
	struct server *server = server_new(w, PORT), *proxy = NULL;
	struct group **groups =
	    arena_new(&w->arena, w->nhosts * sizeof(*groups));
	int i;

	server->total = w->choice.clients;
	if (w->choice.proxy) {
		proxy = server_new(w, PROXY_PORT);
		proxy->total = w->choice.clients;
		proxy->upstream = target(s, s->proxy, s->server, PORT, false);
		w->choice.late_server = 0;
		w->unready++;
		add_program(s->proxy, true, false, proxy_server, proxy);
	}
	w->unready += w->choice.server == SERVE_REUSEPORT ? w->choice.workers :
							    1;
	add_program(s->server, true, is_unseen(w, 2), tcp_server, server);
	for (i = 0; i < w->choice.clients; i++) {
		struct host *h = some_host(s);
		struct client *c = client_new(s, h,
		    proxy ? s->proxy : s->server, proxy ? PROXY_PORT : PORT);
		struct group **g = &groups[h->index];
		bool together = w->choice.threaded && c->end != END_EXIT &&
		    c->end != END_EXEC && c->end != END_KILL;

		if (!together || (*g && (*g)->n == 16)) {
			add_program(h, false, is_unseen(w, 1), tcp_client, c);
			continue;
		}
		if (!*g) {
			*g = arena_new(&w->arena, sizeof(**g));
			add_program(h, false, is_unseen(w, 1), group_main, *g);
		}
		c->alone = false;
		(*g)->clients[(*g)->n++] = c;
	}
}

static void
add_udp(struct scene *s)
{
	struct world *w = s->world;
	struct host *h;
	int i;

	if (w->choice.udp == 0)
		return;
	w->unready++;
	add_program(
	    s->udp, true, is_unseen(w, 2), udp_server, server_new(w, UDP_PORT));
	for (i = 0; i < w->choice.udp; i++) {
		h = some_host(s);
		add_program(h, false, is_unseen(w, 1), udp_client,
		    client_new(s, h, s->udp, UDP_PORT));
	}
}

/* Besides the rest: connects that fail. */
static void
add_failing(struct scene *s)
{
	struct world *w = s->world;
	int i;

	if (!fault_is(w, FAULT_REFUSED) && !fault_is(w, FAULT_DROPPED))
		return;
	if (fault_is(w, FAULT_DROPPED)) {
		w->unready++;
		add_program(s->server, true, false, dropped_server,
		    server_new(w, FAULT_PORT));
	}
	for (i = 0; i < w->choice.workers; i++) {
		struct host *h = some_host(s);

		add_program(h, false, false, fault_client,
		    client_new(s, h, s->server, FAULT_PORT));
	}
}

static void
set_up_hosts(struct scene *s)
{
	struct world *w = s->world;
	static const char *const some[] = { "server", "client", "other",
		"fourth" };
	int i;

	for (i = 0; i < w->choice.hosts; i++)
		world_host(w,
		    i < 4 ? some[i] : arena_text(&w->arena, "host%d", i + 1));
	if (w->choice.untraced)
		w->hosts[rng_below(&w->rng, (unsigned)w->nhosts)]->traced =
		    false;
	s->server = w->hosts[0];
	s->proxy = w->hosts[w->nhosts > 2 ? 2 : 0];
	s->udp = w->hosts[rng_chance(&w->rng, 70) || w->choice.nat ?
		0 :
		rng_below(&w->rng, (unsigned)w->nhosts)];
	for (i = 1; w->choice.nat && i < w->choice.hosts; i++) {
		struct host *h = w->hosts[i];

		if (h == s->proxy)
			continue;
		h->outside = "203.0.113.7";
		if (w->choice.nat == 2)
			h->declared =
			    arena_text(&w->arena, "%s=%s", h->v4, h->outside);
	}
}

struct world *
scene_run(uint64_t seed)
{
	struct world *w = world_new(seed);
	struct scene s = { .world = w };
	size_t i;

	choose(&w->choice, &w->rng);
	set_up_hosts(&s);
	add_tcp(&s);
	add_udp(&s);
	add_failing(&s);
	for (i = 0; i < w->nhosts; i++)
		start(w->hosts[i]);
	clock_after(&w->clock, SEC, watch_end, w, NULL);
	clock_run(&w->clock);
	if (w->running > 0)
		world_unlawful(w, "a client never ended");
	return w;
}
