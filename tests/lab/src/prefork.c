/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A pre-fork server: N workers accept on one inherited listener, so that a
 * connection may wake more than one of them. As a client: connections that
 * each send a line and expect it back, several of them open at a time.
 *
 * usage: prefork server PORT WORKERS | prefork client HOST PORT CONNECTIONS
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 4
#define OPEN 4

static volatile sig_atomic_t done;

static void
on_term(int sig)
{
	(void)sig;
	done = 1;
}

/* Echo until the client closes. */
static void
serve(int fd)
{
	char buf[512];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		if (send(fd, buf, (size_t)n, MSG_NOSIGNAL) != n)
			err(1, "send");
	close(fd);
}

static void
worker(int lfd)
{
	struct pollfd pfd = { .fd = lfd, .events = POLLIN };
	int fd;

	while (!done) {
		if (poll(&pfd, 1, -1) == -1)
			continue;
		fd = accept(lfd, NULL, NULL);
		if (fd != -1)
			serve(fd);
	}
	exit(0);
}

static int
server(int port, int workers)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct sigaction sa = { .sa_handler = on_term };
	int i, lfd, one = 1;

	sigaction(SIGTERM, &sa, NULL);
	lfd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	sin.sin_port = htons((unsigned short)port);
	if (bind(lfd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(1, "bind");
	fcntl(lfd, F_SETFL, O_NONBLOCK);
	if (listen(lfd, 64) == -1)
		err(1, "listen");
	for (i = 0; i < workers; i++)
		if (fork() == 0)
			worker(lfd);
	while (!done)
		pause();
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(NULL) > 0)
		;
	return 0;
}

static int
client(const char *host, int port, int count)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	char line[64], buf[64];
	int fd[OPEN], i, j, n, status, bad = 0, process;

	sin.sin_port = htons((unsigned short)port);
	inet_pton(AF_INET, host, &sin.sin_addr);
	for (process = 0; process < PROCESSES - 1; process++)
		if (fork() == 0)
			break;
	for (i = process; i < count; i += PROCESSES * OPEN) {
		for (j = 0; j < OPEN; j++) {
			fd[j] = socket(AF_INET, SOCK_STREAM, 0);
			if (connect(fd[j], (struct sockaddr *)&sin,
				sizeof(sin)) == -1)
				err(1, "connect");
			n = snprintf(
			    line, sizeof(line), "request %d.%d\n", i, j);
			send(fd[j], line, (size_t)n, 0);
		}
		for (j = 0; j < OPEN; j++) {
			n = snprintf(
			    line, sizeof(line), "request %d.%d\n", i, j);
			if (recv(fd[j], buf, sizeof(buf), 0) != n ||
			    memcmp(buf, line, (size_t)n) != 0)
				errx(1, "wrong reply");
			close(fd[j]);
		}
	}
	if (process < PROCESSES - 1)
		exit(0);
	while (wait(&status) > 0)
		bad |= status;
	return bad != 0;
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "server") == 0)
		return server(atoi(argv[2]), atoi(argv[3]));
	if (argc == 5 && strcmp(argv[1], "client") == 0)
		return client(argv[2], atoi(argv[3]), atoi(argv[4]));
	errx(2,
	    "usage: prefork server PORT WORKERS | "
	    "client HOST PORT CONNECTIONS");
}
