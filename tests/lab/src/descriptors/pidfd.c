/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Descriptors taken from another process.
 */
#define _GNU_SOURCE
#include "kit.h"

#include <sys/syscall.h>
#include <sys/un.h>

#include <arpa/inet.h>
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

static int
getfd(int pidfd, int fd)
{
	int got = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);

	if (got < 0)
		err(1, "pidfd_getfd");
	return got;
}

/* A child with sockets that its parent takes. */
static pid_t
lender(int go, int done, pid_t (*start)(int *), int *pidfd)
{
	pid_t pid = start(pidfd);

	if (pid != 0)
		return pid;
	make(7001, 0);
	dup2(make(7002, 0), 30);
	write(go, "x", 1);
	wait_byte(done);
	use(30, 7002);
	_exit(0);
}

static pid_t
start_pidfd_open(int *pidfd)
{
	pid_t pid = start_fork();

	if (pid != 0)
		*pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	return pid;
}

static pid_t
start_clone_pidfd(int *pidfd)
{
	return (pid_t)syscall(
	    SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, pidfd, NULL, 0);
}

static pid_t
start_clone3_pidfd(int *pidfd)
{
	return clone_three(CLONE_PIDFD, pidfd);
}

static void
borrows(pid_t (*start)(int *))
{
	int go[2], done[2], pidfd = -1, first, a, b;
	pid_t pid;

	make(7009, 0);
	if (pipe(go) < 0 || pipe(done) < 0)
		err(1, "pipe");
	pid = lender(go[1], done[0], start, &pidfd);
	wait_byte(go[0]);
	/* The child's numbers, from its own table: 3 is 7009 in both. */
	first = getfd(pidfd, 3);
	use(first, 7009);
	for (a = 3; a < 30; a++) {
		b = (int)syscall(SYS_pidfd_getfd, pidfd, a, 0);
		if (b >= 0) {
			struct sockaddr_in at;
			socklen_t n = sizeof(at);

			if (getsockname(b, (struct sockaddr *)&at, &n) == 0)
				use(b, ntohs(at.sin_port));
			close(b);
		}
	}
	b = getfd(pidfd, 30);
	use(b, 7002);
	write(done[1], "x", 1);
	wait_for(pid);
	use(b, 7002);
}

void
do_pidfd_open(void)
{
	borrows(start_pidfd_open);
}

void
do_clone_pidfd(void)
{
	borrows(start_clone_pidfd);
}

void
do_clone3_pidfd(void)
{
	borrows(start_clone3_pidfd);
}

/* The process at the other end of a UNIX socket. */
void
do_peer_pidfd(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	socklen_t n = sizeof(int);
	int l, c, pidfd, fd;
	pid_t pid;

	snprintf(at.sun_path + 1, sizeof(at.sun_path) - 1, "descriptors-%d",
	    getpid());
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(l, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(l, 1) < 0)
		err(1, "unix");
	pid = start_fork();
	if (pid == 0) {
		close(l);
		make(7001, 0); /* 3 */
		c = socket(AF_UNIX, SOCK_STREAM, 0);
		if (connect(c, (struct sockaddr *)&at, sizeof(at)) < 0)
			err(1, "connect");
		wait_byte(c);
		use(3, 7001);
		_exit(0);
	}
	c = accept(l, NULL, NULL);
	if (getsockopt(c, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &n) < 0)
		err(1, "SO_PEERPIDFD");
	fd = getfd(pidfd, 3);
	use(fd, 7001);
	write(c, "x", 1);
	wait_for(pid);
	use(fd, 7001);
}
