/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Children that copy their parent's descriptors, and such that share them.
 */
#define _GNU_SOURCE
#include "kit.h"

#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <unistd.h>

/* The child copies: each side's later numbers are its own. */
static void
copies(pid_t (*start)(void))
{
	int a = make(7001, 0), b = make(7002, 0), c;
	pid_t pid = start();

	if (pid == 0) {
		use(a, 7001);
		close(a);
		c = make(7003, 0); /* takes a's number */
		use(c, 7003);
		use(b, 7002);
		_exit(0);
	}
	use(a, 7001);
	close(b);
	c = make(7004, 0); /* takes b's number */
	use(c, 7004);
	wait_for(pid);
	use(a, 7001);
	use(c, 7004);
}

static pid_t
start_clone3(void)
{
	return clone_three(0, NULL);
}

void
do_fork(void)
{
	copies(start_fork);
}

void
do_clone3(void)
{
	copies(start_clone3);
}

/* The child shares: what it closes is closed for both. */
static void
shares(pid_t (*start)(void))
{
	int a = make(7001, 0), b = make(7002, 0);
	pid_t pid = start();

	if (pid == 0) {
		use(b, 7002);
		close(a);
		use(make(7003, 0), 7003); /* takes a's number */
		_exit(0);
	}
	wait_for(pid);
	use(a, 7003);
	use(b, 7002);
	pid = start_fork();
	if (pid == 0) {
		use(a, 7003);
		_exit(0);
	}
	wait_for(pid);
}

static pid_t
start_files3(void)
{
	return clone_three(CLONE_FILES, NULL);
}

void
do_clone_files(void)
{
	shares(start_files);
}

void
do_clone3_files(void)
{
	shares(start_files3);
}

/* A child that shares execs: its table is its own from then on. */
void
do_exec_unshares(void)
{
	int a = make(7001, 0), b = make(7002, SOCK_CLOEXEC);
	char list[] = "3:7001 4:0";
	pid_t pid = start_files();

	if (pid == 0) {
		exec_use(list);
		_exit(1);
	}
	wait_for(pid);
	use(a, 7001);
	use(b, 7002);
}

void
do_vfork(void)
{
	int a = make(7001, 0), b = make(7002, SOCK_CLOEXEC);
	char list[] = "3:7001 4:0 10:7002";
	pid_t pid = vfork();

	if (pid == 0) {
		dup2(b, 10);
		exec_use(list);
		_exit(1);
	}
	wait_for(pid);
	use(a, 7001);
	use(b, 7002);
}

static void *
exec_in_thread(void *list)
{
	exec_use(list);
	return NULL;
}

void
do_thread_exec(void)
{
	static char list[] = "3:7001 4:0 5:7002";
	pthread_t t;
	int a = make(7001, 0), b = make(7002, SOCK_CLOEXEC);

	use(a, 7001);
	dup(b);
	if (pthread_create(&t, NULL, exec_in_thread, list) != 0)
		errx(1, "thread");
	pause();
}

/* posix_spawn: the child closes and moves descriptors before it execs. */
void
do_spawn(void)
{
	int a = make(7001, 0), b = make(7002, SOCK_CLOEXEC), c = make(7003, 0);
	char *argv[] = { SELF, "use", "3:0", "4:0", "5:7002", "10:7003", NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addclose(&actions, a);
	posix_spawn_file_actions_adddup2(&actions, c, 10);
	posix_spawn_file_actions_adddup2(&actions, b, c);
	errno = posix_spawn(&pid, SELF, &actions, NULL, argv, argv + 6);
	if (errno != 0)
		err(1, "posix_spawn");
	use(a, 7001);
	wait_for(pid);
	use(b, 7002);
	use(c, 7003);
	close(a);
	/* Before it ends, a child of vfork gives up what its parent keeps. */
	pid = vfork();
	if (pid == 0) {
		close(b);
		dup2(c, a);
		_exit(0);
	}
	wait_for(pid);
	use(b, 7002);
	use(make(7004, 0), 7004);
	use(a, 7004);
}
