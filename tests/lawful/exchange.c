/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The protocol of the simulated programs.
 */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

#include "show.h"

const char *
exchange_bytes(struct world *w, size_t size)
{
	static const char some[] =
	    "abcdefghijklmnopqrstuvwxyz0123456789\n\"\\\377";
	char *p = arena_new(&w->arena, size + 1);
	size_t i;

	for (i = 0; i < size; i++)
		p[i] = w->choice.same ? (char)('A' + i % 26) :
					some[rng_below(&w->rng, sizeof(some))];
	return p;
}

size_t
exchange_size(struct world *w)
{
	struct rng *r = &w->rng;

	if (w->choice.big && rng_chance(r, 30))
		return (size_t)rng_between(
		    r, 1000, w->choice.string > 100 ? 9000 : 300000);
	return (size_t)RNG_PICK(
	    r, 1, 5, 16, 64, (int)rng_between(r, 1, 300), 1400);
}

const char *
exchange_request(
    struct world *w, bool last, size_t body, size_t reply, size_t *len)
{
	char *p = arena_new(&w->arena, HEADER + body + 1);

	memcpy(p,
	    arena_text(
		&w->arena, "%c%07zu%07zu\n", last ? '!' : '?', body, reply),
	    HEADER);
	memcpy(p + HEADER, exchange_bytes(w, body), body);
	*len = HEADER + body;
	return p;
}

int64_t
patience(struct thread *t, bool server)
{
	struct world *w = t->world;

	if (!w->choice.impatient || rng_chance(&w->rng, 40))
		return -1;
	return server ? RNG_PICK(&w->rng, 100 * MS, 500 * MS) :
			RNG_PICK(&w->rng, 1 * MS, 5 * MS, 20 * MS, 100 * MS);
}

void
wait_ready(struct thread *t, int fd, int events)
{
	struct ready r = { fd, events, 0 };
	struct rng *rng = &t->world->rng;
	int64_t timeout = rng_chance(rng, 80) ? -1 : 30 * SEC;

	if (timeout < 0)
		timeout = patience(t, false);
	while (
	    sys_poll(t, (enum poll_how)rng_below(rng, 4), &r, 1, timeout) == 0)
		continue;
}

/* From a file: strace does not see the bytes. */
static void
send_file(struct thread *t, int fd, const char *p, size_t len)
{
	struct arena *a = &t->world->arena;
	struct file *f = file_new(t->process->host, FILE_DISK, 4);
	size_t done = 0;
	int file;

	f->refs = 1;
	file = table_add(t->process->table, f, true);
	sys_plain(t, "openat",
	    "AT_FDCWD, \"/srv/www/file\", O_RDONLY|O_CLOEXEC",
	    show_fd(t, file));
	while (done < len) {
		long n = sys_sendfile(t, fd, file, p + done, len - done);

		if (n < 0)
			wait_ready(t, fd, POLL_OUT);
		else
			done += (size_t)n;
	}
	(void)a;
	sys_close(t, file);
}

void
send_all(struct thread *t, int fd, const char *p, size_t len)
{
	struct rng *r = &t->world->rng;
	size_t cut;
	long n;

	if (len > 16 && rng_chance(r, 20)) {
		cut = (size_t)rng_between(r, 1, (long)len - 1);
		send_all(t, fd, p, cut);
		p += cut;
		len -= cut;
	}
	if (len >= 64 && t->world->choice.sendfile && rng_chance(r, 20)) {
		send_file(t, fd, p, len);
		return;
	}
	while (len > 0) {
		n = sys_send(t, fd, p, len);
		if (n < 0) {
			wait_ready(t, fd, POLL_OUT);
		} else {
			p += n;
			len -= (size_t)n;
		}
	}
}

/* Looks at what is there without taking it. */
static void
peek(struct thread *t, int fd, size_t size)
{
	const char *p;

	if (rng_chance(&t->world->rng, 50))
		sys_fionread(t, fd);
	else if (sys_recv(t, fd, size, MSG_PEEK_, &p) < 0)
		wait_ready(t, fd, POLL_IN);
}

void
recv_exactly(struct thread *t, int fd, size_t size, bool wide)
{
	struct rng *r = &t->world->rng;
	const char *p;
	int flags;
	long n;

	while (size > 0) {
		size_t want = size;

		if (rng_chance(r, 10))
			wait_ready(t, fd, POLL_IN);
		if (rng_chance(r, 6))
			peek(t, fd, size);
		flags = rng_chance(r, 92) ? 0 :
		    rng_chance(r, 50)     ? MSG_DONTWAIT_ :
					    MSG_WAITALL_;
		if (rng_chance(r, 30) && flags != MSG_WAITALL_)
			want = wide && size <= 8192 && rng_chance(r, 50) ?
			    8192 :
			    (size + 1) / 2;
		n = sys_recv(t, fd, want, flags, &p);
		if (n == SYS_AGAIN)
			wait_ready(t, fd, POLL_IN);
		else if (n == 0)
			world_unlawful(t->world, "the end in mid message");
		else if ((size_t)n > size)
			world_unlawful(t->world, "more than was asked for");
		if (t->world->unlawful)
			sys_exit(t);
		size -= n > 0 ? (size_t)n : 0;
	}
}

size_t
recv_to_end(struct thread *t, int fd)
{
	const char *p;
	size_t sum = 0;
	long n;

	for (;;) {
		n = sys_recv(t, fd, 4096, 0, &p);
		if (n == SYS_AGAIN)
			wait_ready(t, fd, POLL_IN);
		else if (n == 0)
			return sum;
		else
			sum += (size_t)n;
	}
}

void
recv_end(struct thread *t, int fd)
{
	if (recv_to_end(t, fd) > 0)
		world_unlawful(t->world, "data after the last reply");
}

void
recv_header(struct thread *t, int fd, char *header, size_t have)
{
	const char *p;
	long n;

	while (have < HEADER) {
		n = sys_recv(t, fd, HEADER - have, 0, &p);
		if (n == SYS_AGAIN) {
			wait_ready(t, fd, POLL_IN);
			continue;
		}
		if (n == 0) {
			world_unlawful(t->world, "the end in a header");
			sys_exit(t);
		}
		memcpy(header + have, p, (size_t)n);
		have += (size_t)n;
	}
}

bool
serve_request(struct thread *t, int fd, const char *header)
{
	char size[8] = "";

	memcpy(size, header + 1, 7);
	recv_exactly(t, fd, (size_t)atol(size), false);
	if (rng_chance(&t->world->rng, 50))
		task_sleep(
		    &t->world->clock, RNG_PICK(&t->world->rng, 1, 100, 3000));
	memcpy(size, header + 8, 7);
	send_all(t, fd, exchange_bytes(t->world, (size_t)atol(size)),
	    (size_t)atol(size));
	return header[0] == '?';
}

void
serve(struct thread *t, int fd)
{
	char header[HEADER];
	const char *p;
	long n;

	for (;;) {
		n = sys_recv(t, fd, HEADER, 0, &p);
		if (n == SYS_AGAIN) {
			wait_ready(t, fd, POLL_IN);
			continue;
		}
		if (n <= 0)
			break;
		memcpy(header, p, (size_t)n);
		recv_header(t, fd, header, (size_t)n);
		if (!serve_request(t, fd, header))
			break;
	}
	sys_close(t, fd);
}
