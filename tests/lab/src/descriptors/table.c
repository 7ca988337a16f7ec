/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Numbers that are duplicated, given up, marked and used again.
 */
#define _GNU_SOURCE
#include "kit.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE 2u
#define CLOSE_RANGE_CLOEXEC 4u
#endif

void
do_dups(void)
{
	char list[] = "3:7001 4:7001 5:0 6:7002 7:7002 8:0 20:7001 21:0";
	int a = make(7001, 0), b;

	dup(a);            /* 4 */
	make(7003, 0);     /* 5 */
	b = make(7002, 0); /* 6 */
	use(5, 7003);
	dup2(a, 5); /* 7003 goes */
	use(5, 7001);
	dup2(b, b);
	use(b, 7002);
	dup3(b, 5, O_CLOEXEC); /* 5 is another one */
	use(5, 7002);
	fcntl(b, F_DUPFD, 7);         /* 7 */
	fcntl(b, F_DUPFD_CLOEXEC, 7); /* 8 */
	use(7, 7002);
	use(8, 7002);
	fcntl(4, F_DUPFD, 20);         /* 20 */
	fcntl(4, F_DUPFD_CLOEXEC, 20); /* 21 */
	use(21, 7001);
	use(20, 7001);
	exec_use(list);
}

void
do_cloexec(void)
{
	char list[] = "3:7001 4:0 5:0 6:7004 7:0 8:7006";

	make(7001, 0);
	make(7002, SOCK_CLOEXEC);
	make(7003, 0);
	fcntl(5, F_SETFD, FD_CLOEXEC);
	make(7004, SOCK_CLOEXEC);
	fcntl(6, F_SETFD, 0);
	make(7005, SOCK_NONBLOCK);
	ioctl(7, FIOCLEX);
	make(7006, SOCK_CLOEXEC | SOCK_NONBLOCK);
	ioctl(8, FIONCLEX);
	exec_use(list);
}

static int
range(unsigned from, unsigned to, unsigned flags)
{
	return (int)syscall(SYS_close_range, from, to, flags);
}

void
do_close_range(void)
{
	char list[] = "3:7001 4:0 5:0 6:0 7:0";
	int i;

	for (i = 0; i < 5; i++)
		make(7001 + i, 0);
	range(4, 5, 0);
	use(4, 0);
	use(6, 7004);
	use(make(7006, 0), 7006); /* 4 */
	range(4, 6, CLOSE_RANGE_CLOEXEC);
	use(4, 7006);
	use(6, 7004);
	range(7, ~0u, 0);
	use(7, 0);
	exec_use(list);
}

/* Of a shared table: with UNSHARE the other keeps its own. */
void
do_close_range_unshare(void)
{
	char list[] = "3:0 4:7002 5:0";
	pid_t pid;

	make(7001, 0);
	make(7002, 0);
	make(7003, 0);
	pid = start_files();
	if (pid == 0) {
		range(3, 3, CLOSE_RANGE_UNSHARE);
		use(3, 0);
		use(make(7004, 0), 7004);
		range(3, 3, CLOSE_RANGE_UNSHARE);
		range(5, 5, CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC);
		use(5, 7003);
		exec_use(list);
	}
	wait_for(pid);
	use(3, 7001);
	use(4, 7002);
	use(5, 7003);
	pid = start_files();
	if (pid == 0) {
		range(4, 5, 0);
		_exit(0);
	}
	wait_for(pid);
	use(3, 7001);
	use(4, 0);
}

static void *
unsharing(void *arg)
{
	(void)arg;
	use(3, 7001);
	if (unshare(CLONE_FILES) < 0)
		err(1, "unshare");
	close(3);
	use(make(7002, 0), 7002);
	use(3, 7002);
	return NULL;
}

void
do_unshare(void)
{
	pthread_t t;

	make(7001, 0);
	if (pthread_create(&t, NULL, unsharing, NULL) != 0)
		errx(1, "thread");
	pthread_join(t, NULL);
	use(3, 7001);
	use(make(7003, 0), 7003);
	use(4, 7003);
}

/* Numbers used again by other threads as soon as they are free. */
static void *
reusing(void *arg)
{
	struct sockaddr_in a = address(0);
	socklen_t n;
	int i, fd;

	(void)arg;
	for (i = 0; i < 40; i++) {
		a.sin_port = 0;
		n = sizeof(a);
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) < 0 ||
		    getsockname(fd, (struct sockaddr *)&a, &n) < 0)
			err(1, "socket");
		use(fd, ntohs(a.sin_port));
		if (i % 2 == 0)
			dup2(0, fd);
		close(fd);
	}
	return NULL;
}

void
do_reuse(void)
{
	pthread_t t[4];
	int i;

	for (i = 0; i < 4; i++)
		if (pthread_create(&t[i], NULL, reusing, NULL) != 0)
			errx(1, "thread");
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
}

/* Waits for a byte: the tracer comes when the sockets are there already. */
void
do_attach(void)
{
	pid_t pid;

	make(7001, 0);
	make(7002, 0);
	wait_byte(0);
	use(3, 7001);
	use(4, 7002);
	dup2(4, 3);
	use(3, 7002);
	close(4);
	use(make(7003, 0), 7003);
	pid = start_fork();
	if (pid == 0) {
		use(3, 7002);
		use(4, 7003);
		_exit(0);
	}
	wait_for(pid);
	use(4, 7003);
}
