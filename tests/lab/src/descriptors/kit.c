/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the scenarios are made of: sockets that tell their port, children.
 */
#define _GNU_SOURCE
#include "kit.h"

#include <sys/syscall.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct sockaddr_in
address(int port)
{
	struct sockaddr_in a;

	memset(&a, 0, sizeof(a));
	a.sin_family = AF_INET;
	a.sin_port = htons((unsigned short)port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

/* A new socket, bound to the port. */
int
make(int port, int flags)
{
	struct sockaddr_in a = address(port);
	int fd = socket(AF_INET, SOCK_DGRAM | flags, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		err(1, "port %d", port);
	return fd;
}

/* Says through the descriptor which socket it stands for. */
void
use(int fd, int port)
{
	struct sockaddr_in a = address(port);
	char name[16];
	int n = snprintf(name, sizeof(name), "%d", port);

	if (port == 0) {
		a = address(9);
		if (sendto(fd, "0", 1, 0, (struct sockaddr *)&a, sizeof(a)) !=
			-1 ||
		    errno != EBADF)
			errx(1, "descriptor %d is open", fd);
		return;
	}
	if (sendto(fd, name, (size_t)n, 0, (struct sockaddr *)&a, sizeof(a)) !=
	    n)
		err(1, "descriptor %d, port %d", fd, port);
}

void
wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, __WALL) != pid || status != 0)
		errx(1, "child: status %d", status);
}

/* execs itself to use these: "3:7001 4:0". */
void
exec_use(char *list)
{
	char *argv[32] = { (char *)(uintptr_t)SELF, "use" };
	size_t n = 2;

	for (char *p = strtok(list, " "); p != NULL; p = strtok(NULL, " "))
		argv[n++] = p;
	argv[n] = NULL;
	execv(SELF, argv);
	err(1, "exec");
}

int
main_use(char **argv)
{
	int fd, port;

	for (; *argv != NULL; argv++)
		if (sscanf(*argv, "%d:%d", &fd, &port) == 2)
			use(fd, port);
	return 0;
}

/* clone with the flags; both have the same memory layout, not the same. */
pid_t
clone_plain(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0);
}

pid_t
clone_three(unsigned long flags, int *pidfd)
{
	struct clone_args a;

	memset(&a, 0, sizeof(a));
	a.flags = flags;
	a.pidfd = (uint64_t)(uintptr_t)pidfd;
	a.exit_signal = SIGCHLD;
	return (pid_t)syscall(SYS_clone3, &a, sizeof(a));
}

pid_t
start_fork(void)
{
	return clone_plain(0);
}

pid_t
start_files(void)
{
	return clone_plain(CLONE_FILES);
}

/* Waits until the other end writes, or is closed. */
void
wait_byte(int fd)
{
	char c;

	if (read(fd, &c, 1) < 0)
		err(1, "read");
}
