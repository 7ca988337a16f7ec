/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The simulated UDP servers and clients: each datagram is answered.
 */
#include <limits.h>

#include "client.h"
#include "exchange.h"
#include "fault.h"
#include "server.h"
#include "show.h"

#define SIZE 2000 /* of a buffer */
#define BATCH 6   /* datagrams at once */

static const char *
answer(struct thread *t, const char *p, size_t len, size_t *out)
{
	struct world *w = t->world;

	*out = rng_chance(&w->rng, 50) ? len : 1 + rng_below(&w->rng, 900);
	return *out == len && rng_chance(&w->rng, 50) ? p :
							exchange_bytes(w, *out);
}

static void
answer_one(struct thread *t, int fd)
{
	const char *p;
	struct addr from;
	size_t len;
	long n;

	if (t->world->choice.udp_server == UDP_PEEK)
		sys_recvfrom(t, fd, SIZE, MSG_PEEK_, &p, &from);
	n = sys_recvfrom(t, fd, SIZE, 0, &p, &from);
	if (n == SYS_AGAIN)
		return;
	if (rng_chance(&t->world->rng, 30))
		task_sleep(
		    &t->world->clock, RNG_PICK(&t->world->rng, 10, 2000));
	p = answer(t, p, (size_t)n, &len);
	sys_sendto(t, fd, p, len, from);
}

static void
answer_thread(struct thread *t, void *arg)
{
	const int *fd = arg;

	for (;;)
		answer_one(t, *fd);
}

static void
answer_many(struct thread *t, int fd)
{
	struct message m[BATCH];
	int n = sys_recvmmsg(t, fd, m, BATCH, false), i;

	for (i = 0; i < n; i++)
		m[i].p = answer(t, m[i].p, m[i].len, &m[i].len);
	if (n > 0)
		sys_sendmmsg(t, fd, m, n);
}

void
udp_server(struct thread *t, void *arg)
{
	const struct server *s = arg;
	int kind = t->world->choice.udp_server, i, ep = -1;
	int *fd = arena_new(&t->world->arena, sizeof(*fd));
	struct ready r;

	*fd = sys_socket(
	    t, FILE_UDP, s->family, kind == UDP_EPOLL ? SYS_NONBLOCK : 0);
	sys_bind(t, *fd,
	    (struct addr){ s->family == 6 ? "::" : "0.0.0.0", s->port });
	server_ready(t);
	if (kind == UDP_THREADS)
		for (i = 1; i < t->world->choice.workers; i++)
			sys_thread(t, answer_thread, fd);
	if (kind == UDP_EPOLL) {
		ep = sys_epoll_create(t);
		sys_epoll_add(t, ep, *fd, POLL_IN, false);
	}
	for (;;) {
		if (ep >= 0)
			sys_epoll_wait(t, ep, &r, 1, patience(t, true));
		if (kind == UDP_VECTOR)
			answer_many(t, *fd);
		else
			answer_one(t, *fd);
	}
}

/* So many answers, by any means. */
static void
collect(struct thread *t, int fd, int n, bool connected)
{
	struct rng *r = &t->world->rng;
	struct message m[BATCH];
	struct addr from;
	const char *p;
	int got;

	while (n > 0) {
		if (t->world->choice.fault) { /* it may never come */
			struct ready ready = { fd, POLL_IN, 0 };

			if (sys_poll(t, BY_POLL, &ready, 1, 400 * MS) == 0)
				return;
		} else if (rng_chance(r, 40))
			wait_ready(t, fd, POLL_IN);
		if (n > 1 && rng_chance(r, 50)) {
			got = sys_recvmmsg(
			    t, fd, m, n < BATCH ? n : BATCH, rng_chance(r, 30));
			n -= got > 0 ? got : 0;
			continue;
		}
		if (rng_chance(r, 10))
			sys_recv(t, fd, SIZE, MSG_PEEK_ | MSG_DONTWAIT_, &p);
		if (sys_recvfrom(t, fd, SIZE,
			rng_chance(r, 10) ? MSG_DONTWAIT_ : 0, &p,
			connected ? NULL : &from) >= 0)
			n--;
		else
			wait_ready(t, fd, POLL_IN);
	}
}

void
udp_client(struct thread *t, void *arg)
{
	const struct client *c = arg;
	struct world *w = t->world;
	struct rng *r = &w->rng;
	struct message m[BATCH];
	bool connected = rng_chance(r, 50);
	int fd, n, i, rounds = (int)rng_between(r, 1, 6);

	await_servers(t);
	task_sleep(&w->clock, rng_between(r, 10, 9000));
	fd = sys_socket(t, FILE_UDP, c->family, 0);
	if (connected)
		sys_connect(t, fd, c->target);
	while (rounds-- > 0) {
		n = rng_chance(r, 70) ? 1 : (int)rng_between(r, 2, BATCH);
		for (i = 0; i < n; i++) {
			m[i].len = (size_t)RNG_PICK(
			    r, 1, 8, 64, (int)rng_between(r, 1, 900));
			m[i].p = exchange_bytes(w, m[i].len);
			m[i].addr = connected ? (struct addr){ NULL, 0 } :
						c->target;
		}
		if (n > 1 && (connected || thread_file(t, fd)->local.ip) &&
		    rng_chance(r, 50)) {
			sys_sendmmsg(t, fd, m, n);
		} else {
			for (i = 0; i < n; i++)
				if (connected)
					sys_send(t, fd, m[i].p, m[i].len);
				else
					sys_sendto(
					    t, fd, m[i].p, m[i].len, c->target);
		}
		collect(t, fd, n, connected);
	}
	if (w->choice.fault) /* what comes late, or twice */
		collect(t, fd, INT_MAX, connected);
	sys_close(t, fd);
	client_over(w);
}
