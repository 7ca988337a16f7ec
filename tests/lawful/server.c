/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The simulated TCP servers, and the proxy.
 */
#include "server.h"

#include <string.h>

#include "exchange.h"
#include "show.h"

/* What a thread or a child works on. */
struct work {
	const struct server *s;
	int listener, fd;
};

static struct work *
work_new(struct thread *t, const struct server *s, int listener, int fd)
{
	struct work *w = arena_new(&t->world->arena, sizeof(*w));

	*w = (struct work){ s, listener, fd };
	return w;
}

void
await_servers(struct thread *t)
{
	struct world *w = t->world;

	while (w->unready > 0) {
		task_watch(&w->clock, &w->ready);
		task_wait(&w->clock, -1);
	}
}

void
server_ready(struct thread *t)
{
	if (--t->world->unready == 0)
		waitq_wake(&t->world->clock, &t->world->ready);
}

static int
open_listener(struct thread *t, const struct server *s, bool nonblock)
{
	bool shared = t->world->choice.server == SERVE_REUSEPORT;
	int fd = sys_socket(t, FILE_TCP, s->family,
	    (nonblock ? SYS_NONBLOCK : 0) | SYS_CLOEXEC);

	sys_option(
	    t, fd, "SOL_SOCKET", shared ? "SO_REUSEPORT" : "SO_REUSEADDR", 1);
	sys_bind(
	    t, fd, (struct addr){ s->family == 6 ? "::" : "0.0.0.0", s->port });
	sys_listen(t, fd, 128);
	server_ready(t);
	return fd;
}

/* Waits until it is the process's only thread. */
static void
join_threads(struct thread *t)
{
	struct clock *c = &t->world->clock;

	while (t->process->nthreads > 1) {
		task_watch(c, &t->process->changed);
		task_wait(c, -1);
	}
}

/* A thread or a process for each connection */

static void
serve_thread(struct thread *t, void *arg)
{
	struct work *w = arg;

	serve(t, w->fd);
	sys_exit_thread(t);
}

static void
serve_child(struct thread *t, void *arg)
{
	struct work *w = arg;

	if (t->world->choice.server == SERVE_EXEC)
		sys_exec(t, "handler"); /* closes the listener */
	else if (t->world->choice.server == SERVE_FORK)
		sys_close(t, w->listener);
	serve(t, w->fd);
	sys_exit(t);
}

static void
one_each(struct thread *t, const struct server *s, int fd)
{
	int kind = t->world->choice.server, i;
	struct work *w;

	for (i = 0; i < s->total; i++) {
		w = work_new(t, s, fd, sys_accept(t, fd));
		switch (kind) {
		case SERVE_THREADS:
			sys_thread(t, serve_thread, w);
			break;
		case SERVE_SHARED:
			sys_fork(t, FORK_SHARE, NULL, serve_child, w);
			break;
		case SERVE_FORK:
		case SERVE_EXEC:
			sys_fork(t,
			    kind == SERVE_EXEC && i % 2 ? FORK_VFORK :
							  FORK_COPY,
			    NULL, serve_child, w);
			sys_close(t, w->fd);
			break;
		default:
			serve(t, w->fd);
		}
	}
	if (kind == SERVE_THREADS)
		join_threads(t);
	else if (kind != SERVE_SERIAL)
		for (i = 0; i < s->total; i++)
			sys_wait(t);
}

/* Several that accept from one listener, or each from its own */

static void
accept_for_ever(struct thread *t, void *arg)
{
	struct work *w = arg;
	int fd = w->listener;

	if (t->world->choice.server == SERVE_REUSEPORT)
		fd = open_listener(t, w->s, false);
	for (;;)
		serve(t, sys_accept(t, fd));
}

/* Event loops */

struct conn {
	char header[HEADER];
	size_t have;
	bool open;
};

struct loop {
	const struct server *s;
	int listener, ep;
	bool edge;
	struct conn *conns; /* by descriptor */
	int n, cap, done;
};

static void
loop_accept(struct thread *t, struct loop *l)
{
	struct conn *conns;
	int fd = sys_accept(t, l->listener);

	if (fd < 0)
		return;
	if (!thread_file(t, fd)->nonblock)
		sys_nonblock(t, fd);
	if (fd >= l->cap) {
		conns = arena_new(
		    &t->world->arena, (size_t)(2 * fd) * sizeof(*conns));
		if (l->cap)
			memcpy(
			    conns, l->conns, (size_t)l->cap * sizeof(*conns));
		l->conns = conns;
		l->cap = 2 * fd;
	}
	l->conns[fd] = (struct conn){ .open = true };
	if (fd >= l->n)
		l->n = fd + 1;
	if (l->ep >= 0)
		sys_epoll_add(t, l->ep, fd, POLL_IN, l->edge);
}

static void
loop_close(struct thread *t, struct loop *l, int fd)
{
	l->conns[fd].open = false;
	sys_close(t, fd);
	l->done++;
}

static void
loop_read(struct thread *t, struct loop *l, int fd)
{
	struct conn *c = &l->conns[fd];
	const char *p;
	long n;

	do {
		n = sys_recv(t, fd, HEADER - c->have, 0, &p);
		if (n == SYS_AGAIN)
			return;
		if (n <= 0) {
			loop_close(t, l, fd);
			return;
		}
		memcpy(c->header + c->have, p, (size_t)n);
		c->have += (size_t)n;
		if (c->have < HEADER && !l->edge)
			return;
		recv_header(t, fd, c->header, c->have);
		c->have = 0;
		if (!serve_request(t, fd, c->header)) {
			loop_close(t, l, fd);
			return;
		}
	} while (l->edge || rng_chance(&t->world->rng, 20));
}

static int
loop_wait(struct thread *t, struct loop *l, struct ready *r, int most)
{
	int kind = t->world->choice.server, n = 0, k = 0, fd;

	if (l->ep >= 0)
		return sys_epoll_wait(t, l->ep, r,
		    (int)rng_between(&t->world->rng, 1, most),
		    patience(t, true));
	r[n++] = (struct ready){ l->listener, POLL_IN, 0 };
	for (fd = 0; fd < l->n && n < most; fd++)
		if (l->conns[fd].open)
			r[n++] = (struct ready){ fd, POLL_IN, 0 };
	sys_poll(t,
	    kind == SERVE_POLL ? (enum poll_how)rng_below(&t->world->rng, 2) :
				 BY_SELECT,
	    r, n, patience(t, true));
	for (fd = 0; fd < n; fd++)
		if (r[fd].got)
			r[k++] = r[fd];
	return k;
}

static void
loop_run(struct thread *t, const struct server *s, int listener)
{
	int kind = t->world->choice.server, n, i;
	struct ready ready[32];
	struct loop l = { s, listener, -1, kind == SERVE_EPOLL_EDGE, NULL, 0, 0,
		0 };

	if (kind != SERVE_POLL && kind != SERVE_SELECT) {
		l.ep = sys_epoll_create(t);
		sys_epoll_add(t, l.ep, listener, POLL_IN, false);
	}
	while (kind == SERVE_HERD || l.done < s->total) {
		n = loop_wait(t, &l, ready, 32);
		for (i = 0; i < n; i++)
			if (ready[i].fd == listener)
				loop_accept(t, &l);
			else
				loop_read(t, &l, ready[i].fd);
	}
}

static void
herd_member(struct thread *t, void *arg)
{
	struct work *w = arg;

	loop_run(t, w->s, w->listener);
}

/* Connections passed to processes that have none of their own */

static void
pass_worker(struct thread *t, void *arg)
{
	struct work *w = arg;
	int fd;

	while ((fd = sys_take(t, w->fd)) >= 0)
		serve(t, fd);
	sys_exit(t);
}

static void
pass_all(struct thread *t, const struct server *s, int listener)
{
	int n = t->world->choice.workers, pair[2], i, fd;
	int *to = arena_new(&t->world->arena, (size_t)n * sizeof(*to));

	for (i = 0; i < n; i++) {
		sys_socketpair(t, pair);
		sys_fork(t, FORK_COPY, NULL, pass_worker,
		    work_new(t, s, listener, pair[1]));
		sys_close(t, pair[1]);
		to[i] = pair[0];
	}
	for (i = 0; i < s->total; i++) {
		fd = sys_accept(t, listener);
		sys_pass(t, to[i % n], fd);
		sys_close(t, fd);
	}
	sys_sleep_for_ever(t);
}

static void
several(struct thread *t, const struct server *s, int fd)
{
	int kind = t->world->choice.server, i;
	struct work *w = work_new(t, s, fd, -1);

	for (i = 0; i < t->world->choice.workers; i++)
		if (kind == SERVE_POOL)
			sys_thread(t, accept_for_ever, w);
		else
			sys_fork(t, FORK_COPY, NULL,
			    kind == SERVE_HERD ? herd_member : accept_for_ever,
			    w);
	if (kind == SERVE_POOL)
		sys_sleep_for_ever(t);
	for (;;)
		sys_wait(t);
}

void
tcp_server(struct thread *t, void *arg)
{
	const struct server *s = arg;
	int kind = t->world->choice.server, fd = -1;

	if (t->world->choice.late_server)
		task_sleep(&t->world->clock, 70 * MS);
	if (kind != SERVE_REUSEPORT)
		fd = open_listener(
		    t, s, kind >= SERVE_EPOLL || kind == SERVE_HERD);
	switch (kind) {
	case SERVE_POOL:
	case SERVE_PREFORK:
	case SERVE_HERD:
	case SERVE_REUSEPORT:
		several(t, s, fd);
		break;
	case SERVE_PASS:
		pass_all(t, s, fd);
		break;
	case SERVE_EPOLL:
	case SERVE_EPOLL_EDGE:
	case SERVE_POLL:
	case SERVE_SELECT:
		loop_run(t, s, fd);
		break;
	default:
		one_each(t, s, fd);
	}
	if (t->world->choice.stop == STOP_EXIT)
		sys_exit(t);
	if (rng_chance(&t->world->rng, 50) && kind < SERVE_EPOLL)
		sys_accept(t, fd);
	sys_sleep_for_ever(t);
}

void
dropped_server(struct thread *t, void *arg)
{
	open_listener(t, arg, false);
	sys_sleep_for_ever(t);
}

/* The proxy */

static void
relay(struct thread *t, void *arg)
{
	struct work *w = arg;
	struct ready r[2];
	int fd[2] = { w->fd, -1 }, n, i, k, ends = 0;
	bool ended[2] = { false, false };
	const char *p;
	long got;

	while (sys_connect(t, fd[1] = sys_socket(t, FILE_TCP, 4, SYS_CLOEXEC),
		   w->s->upstream) != 0) {
		sys_close(t, fd[1]);
		task_sleep(&t->world->clock, 200 * MS);
	}
	while (ends < 2 && !t->world->unlawful) {
		for (n = 0, i = 0; i < 2; i++)
			if (!ended[i])
				r[n++] = (struct ready){ fd[i], POLL_IN, 0 };
		sys_poll(t, BY_POLL, r, n, patience(t, true));
		for (k = 0; k < n; k++) {
			if (!r[k].got)
				continue;
			i = r[k].fd == fd[1];
			got = sys_recv(t, fd[i], 4096, 0, &p);
			if (got > 0) {
				send_all(t, fd[!i], p, (size_t)got);
				continue;
			}
			ended[i] = true;
			if (++ends == 1)
				sys_shutdown(t, fd[!i]);
		}
	}
	sys_close(t, fd[0]);
	sys_close(t, fd[1]);
	sys_exit_thread(t);
}

void
proxy_server(struct thread *t, void *arg)
{
	const struct server *s = arg;
	int fd = open_listener(t, s, false), i;

	for (i = 0; i < s->total; i++)
		sys_thread(t, relay, work_new(t, s, fd, sys_accept(t, fd)));
	join_threads(t);
	sys_exit(t);
}
