/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The simulated TCP clients.
 */
#include "client.h"

#include <string.h>

#include "exchange.h"
#include "fault.h"
#include "server.h"
#include "show.h"

/* How its requests and replies follow one another. */
enum { PLAIN, PIPELINED, DUPLEX, SENDERS, READERS, CHILD, STYLES };

#define BATCH 5 /* requests sent before a reply is read */

/* Of the threads of one connection. */
struct job {
	int fd, left, requests;
	size_t bytes;
	size_t size; /* of each reply */
};

void
client_over(struct world *w)
{
	w->running--;
	w->last = w->clock.now;
}

/* Connecting */

/* A nonblocking connect is under way: 0 or SYS_REFUSED. */
static int
finish_connect(struct thread *t, int fd, struct addr to)
{
	struct rng *r = &t->world->rng;
	struct ready ready;
	int ep;

	if (rng_chance(r, 30)) {
		ep = sys_epoll_create(t);
		sys_epoll_add(t, ep, fd, POLL_OUT, false);
		sys_epoll_wait(t, ep, &ready, 1, -1);
		sys_close(t, ep);
	} else {
		wait_ready(t, fd, POLL_OUT);
	}
	if (!thread_file(t, fd)->error && rng_chance(r, 20) &&
	    sys_getpeername(t, fd) == 0)
		return 0;
	(void)to;
	return sys_socket_error(t, fd);
}

static int
open_connection(struct thread *t, const struct client *c, bool nonblock)
{
	struct world *w = t->world;
	int fd, result;

	for (;;) {
		fd = sys_socket(t, FILE_TCP, c->family,
		    (nonblock ? SYS_NONBLOCK : 0) |
			(c->end == END_EXEC ? SYS_CLOEXEC : 0));
		if (rng_chance(&w->rng, 30))
			sys_option(t, fd, "SOL_TCP", "TCP_NODELAY", 1);
		result = sys_connect(t, fd, c->target);
		if (result == SYS_INPROGRESS)
			result = finish_connect(t, fd, c->target);
		if (result == 0)
			return fd;
		sys_close(t, fd);
		task_sleep(&w->clock, 200 * MS);
	}
}

/* Requests */

static void
one_by_one(struct thread *t, int fd, int n, bool ask_close)
{
	struct world *w = t->world;
	const char *p;
	size_t len, reply;
	int i;

	for (i = 0; i < n; i++) {
		reply = exchange_size(w);
		p = exchange_request(
		    w, ask_close && i == n - 1, exchange_size(w), reply, &len);
		send_all(t, fd, p, len);
		recv_exactly(t, fd, reply, true);
		if (rng_chance(&w->rng, 60))
			task_sleep(&w->clock, RNG_PICK(&w->rng, 1, 100, 20000));
	}
}

/* All small, so that no buffer fills while nobody reads. */
static void
pipelined(struct thread *t, int fd, int n)
{
	struct world *w = t->world;
	size_t len, sum = 0, reply;
	const char *p;
	int i;

	for (i = 0; i < n; i++) {
		reply = (size_t)rng_between(&w->rng, 1, 300);
		sum += reply;
		p = exchange_request(w, false,
		    (size_t)rng_between(&w->rng, 0, 300), reply, &len);
		send_all(t, fd, p, len);
	}
	recv_exactly(t, fd, sum, true);
}

/* Several threads */

static void
job_leave(struct thread *t, struct job *j)
{
	j->left--;
	waitq_wake(&t->world->clock, &t->process->changed);
	sys_exit_thread(t);
}

static void
job_join(struct thread *t, struct job *j)
{
	while (j->left > 0) {
		task_watch(&t->world->clock, &t->process->changed);
		task_wait(&t->world->clock, -1);
	}
}

static void
reader(struct thread *t, void *arg)
{
	struct job *j = arg;

	recv_exactly(t, j->fd, j->bytes, true);
	job_leave(t, j);
}

static void
duplex(struct thread *t, int fd, int n)
{
	struct world *w = t->world;
	struct job *j = arena_new(&w->arena, sizeof(*j));
	size_t *reply = arena_new(&w->arena, (size_t)n * sizeof(*reply)), len;
	const char *p;
	int i;

	*j = (struct job){ fd, 1, n, 0, 0 };
	for (i = 0; i < n; i++)
		j->bytes += reply[i] = exchange_size(w);
	sys_thread(t, reader, j);
	for (i = 0; i < n; i++) {
		p = exchange_request(
		    w, false, exchange_size(w), reply[i], &len);
		send_all(t, fd, p, len);
	}
	job_join(t, j);
}

/* Whole small messages: the kernel does not mix them. */
static void
sender(struct thread *t, void *arg)
{
	struct job *j = arg;
	const char *p;
	size_t len;
	int i;

	for (i = 0; i < j->requests; i++) {
		p = exchange_request(t->world, false, 0, j->size, &len);
		if (sys_send(t, j->fd, p, len) != (long)len)
			world_unlawful(t->world, "a small send was cut");
	}
	job_leave(t, j);
}

static void
senders(struct thread *t, int fd, int n)
{
	struct world *w = t->world;
	struct job *j = arena_new(&w->arena, sizeof(*j));
	int i, k = w->choice.workers < 60 ? w->choice.workers : 60;

	/* All of it fits into the smallest buffer. */
	n = n * k > 180 ? 180 / k : n;
	*j = (struct job){ fd, k, n, 0, (size_t)rng_between(&w->rng, 1, 60) };
	for (i = 0; i < k; i++)
		sys_thread(t, sender, j);
	recv_exactly(t, fd, (size_t)(n * k) * j->size, true);
	job_join(t, j);
}

static void
end_reader(struct thread *t, void *arg)
{
	struct job *j = arg;

	j->bytes += recv_to_end(t, j->fd);
	job_leave(t, j);
}

/* Half closes, then several threads read what comes. */
static void
readers(struct thread *t, int fd, int n)
{
	struct world *w = t->world;
	struct job *j = arena_new(&w->arena, sizeof(*j));
	size_t reply, sum = 0, len;
	const char *p;
	int i;

	*j = (struct job){ fd, w->choice.workers, n, 0, 0 };
	for (i = 0; i < n; i++) {
		sum += reply = (size_t)rng_between(&w->rng, 1, 300);
		p = exchange_request(w, false,
		    (size_t)rng_between(&w->rng, 0, 300), reply, &len);
		send_all(t, fd, p, len);
	}
	sys_shutdown(t, fd);
	for (i = 0; i < w->choice.workers; i++)
		sys_thread(t, end_reader, j);
	job_join(t, j);
	if (j->bytes != sum)
		world_unlawful(w, "replies of another size");
}

/* A child that talks over its parent's socket */

static void
child(struct thread *t, void *arg)
{
	const struct job *j = arg;

	one_by_one(t, j->fd, j->requests, false);
	sys_exit(t);
}

static void
by_child(struct thread *t, int fd, int n)
{
	struct job *j = arena_new(&t->world->arena, sizeof(*j));

	*j = (struct job){ fd, 1, n, 0, 0 };
	sys_fork(t, FORK_COPY, NULL, child, j);
	sys_wait(t);
}

/* Ends */

static void
kill_now(void *arg, void *more)
{
	struct process *p = arg;

	(void)more;
	process_kill(p, false);
	client_over(p->host->world);
}

static void
end_connection(struct thread *t, const struct client *c, int fd, bool half)
{
	struct world *w = t->world;

	switch (c->end) {
	case END_SERVER:
		recv_end(t, fd);
		sys_close(t, fd);
		break;
	case END_SHUTDOWN:
		if (!half) {
			sys_shutdown(t, fd);
			recv_end(t, fd);
		}
		sys_close(t, fd);
		break;
	case END_EXIT:
		break;
	case END_EXEC: /* threads that have done their work end first */
		while (t->process->nthreads > 1) {
			task_watch(&w->clock, &t->process->changed);
			task_wait(&w->clock, -1);
		}
		sys_exec(t, "other");
		break;
	case END_KILL:
		clock_after(&w->clock, rng_between(&w->rng, 1, 50000), kill_now,
		    t->process, NULL);
		sys_sleep_for_ever(t);
	default:
		sys_close(t, fd);
	}
	client_over(w);
}

/* The network ends a quiet connection. */
static void
be_reset(struct thread *t, int fd)
{
	const char *p;

	fault_reset(thread_file(t, fd));
	while (sys_recv(t, fd, 4096, 0, &p) != SYS_RESET)
		wait_ready(t, fd, POLL_IN);
	sys_close(t, fd);
	client_over(t->world);
}

/* Its path is gone: it waits for a while, until it is told, or is killed. */
static void
be_cut_off(struct thread *t, const struct client *c, int fd)
{
	struct world *w = t->world;
	struct rng *r = &w->rng;
	size_t len, reply = (size_t)rng_between(r, 1, 2000);
	const char *p = exchange_request(w, false, 100, reply, &len);
	struct ready ready = { fd, POLL_IN, 0 };
	bool told = fault_cut(thread_file(t, fd), len, reply) &&
	    rng_chance(r, 50);
	int64_t patience = rng_between(r, 2, 9) * SEC;
	long n;

	send_all(t, fd, p, len);
	if (!told && c->alone && rng_chance(r, 40)) {
		clock_after(&w->clock, patience, kill_now, t->process, NULL);
		told = true;
	}
	do {
		if (thread_file(t, fd)->nonblock || !told)
			n = sys_poll(t, (enum poll_how)rng_below(r, 4), &ready,
			    1, told ? -1 : patience);
		else
			n = 1;
		if (n > 0)
			n = sys_recv(t, fd, 4096, 0, &p);
	} while (n > 0 || n == SYS_AGAIN);
	sys_close(t, fd);
	client_over(w);
}

void
fault_client(struct thread *t, void *arg)
{
	const struct client *c = arg;
	int fd;

	await_servers(t);
	task_sleep(&t->world->clock, rng_between(&t->world->rng, 10, 90000));
	fd = sys_socket(t, FILE_TCP, c->family, 0);
	sys_connect(t, fd, c->target);
	sys_close(t, fd);
	client_over(t->world);
}

void
tcp_client(struct thread *t, void *arg)
{
	const struct client *c = arg;
	struct world *w = t->world;
	struct rng *r = &w->rng;
	int n = (int)rng_between(r, 1, w->choice.requests), fd, new;
	bool nonblock = rng_chance(r, 30);
	int style = rng_chance(r, 60) ? PLAIN : (int)rng_below(r, STYLES);

	/* Of several readers nobody knows who got what. */
	if (fault_is(w, FAULT_RESET) || fault_is(w, FAULT_CHANGED) ||
	    fault_is(w, FAULT_CUT))
		style = PLAIN;
	/* A proxy that blocks while it relays has no room both ways. */
	if (w->choice.proxy && style == DUPLEX)
		style = PLAIN;
	if (!w->choice.shell && style > PIPELINED)
		style = PIPELINED;
	/* The server closes after the last request of a plain one alone. */
	if (c->end == END_SERVER || (style == CHILD && !c->alone))
		style = PLAIN;
	if (!w->choice.late_server)
		await_servers(t);
	task_sleep(&w->clock, rng_between(r, 10, 5000));
	fd = open_connection(t, c, nonblock);
	if (rng_chance(r, 20))
		sys_getsockname(t, fd);
	if (rng_chance(r, 10)) {
		new = sys_dup(t, fd);
		if (c->end != END_EXEC || t->process->table->cloexec[new]) {
			sys_close(t, fd);
			fd = new;
		} else {
			sys_close(t, new);
		}
	}
	switch (style) {
	case PIPELINED:
		for (; n > 0; n -= BATCH)
			pipelined(t, fd, n < BATCH ? n : BATCH);
		break;
	case DUPLEX:
		duplex(t, fd, n);
		break;
	case SENDERS:
		senders(t, fd, n);
		break;
	case READERS:
		readers(t, fd, n < BATCH ? n : BATCH);
		break;
	case CHILD:
		by_child(t, fd, n);
		break;
	default:
		one_by_one(t, fd, n, c->end == END_SERVER);
	}
	if (fault_is(w, FAULT_RESET) && c->end != END_SERVER)
		be_reset(t, fd);
	else if (fault_is(w, FAULT_CUT) && c->end != END_SERVER &&
	    rng_chance(r, 60))
		be_cut_off(t, c, fd);
	else
		end_connection(t, c, fd, style == READERS);
}
