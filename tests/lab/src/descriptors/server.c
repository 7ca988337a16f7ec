/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Servers whose connections are served by other processes.
 */
#define _GNU_SOURCE
#include "kit.h"

#include <sys/wait.h>

#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Children that accept on their parent's listener. */
void
do_prefork(void)
{
	struct sockaddr_in at = address(7001), peer;
	int l = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), c, i, one = 1;
	socklen_t n = sizeof(peer);
	pid_t pid[3];
	char name[16], got[16];

	setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(l, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(l, 8) < 0)
		err(1, "listen");
	for (i = 0; i < 3; i++) {
		pid[i] = start_fork();
		if (pid[i] != 0)
			continue;
		c = i == 1 ?
		    accept4(l, (struct sockaddr *)&peer, &n, SOCK_CLOEXEC) :
		    accept(l, (struct sockaddr *)&peer, &n);
		snprintf(name, sizeof(name), "%d", ntohs(peer.sin_port));
		send(c, name, strlen(name), 0);
		if (i == 2 && start_fork() == 0) {
			close(l);
			send(c, name, strlen(name), 0);
			_exit(0);
		}
		if (i == 2)
			wait(NULL);
		_exit(0);
	}
	close(l);
	for (i = 0; i < 3; i++) {
		c = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(c, (struct sockaddr *)&at, sizeof(at)) < 0)
			err(1, "connect");
		while (recv(c, got, sizeof(got), 0) > 0)
			;
		close(c);
	}
	for (i = 0; i < 3; i++)
		wait_for(pid[i]);
}

/* A worker that is passed connections, one after the other. */
static void
serve(int from, int rounds)
{
	struct sockaddr_in peer;
	char name[16];
	int c, i;

	for (i = 0; i < rounds; i++) {
		socklen_t n = sizeof(peer);

		take(from, &c, 1, 0);
		if (getpeername(c, (struct sockaddr *)&peer, &n) < 0)
			err(1, "getpeername");
		snprintf(name, sizeof(name), "%d", ntohs(peer.sin_port));
		send(c, name, strlen(name), 0);
		close(c);
	}
	_exit(0);
}

/* One process accepts, others serve. */
void
do_handover(void)
{
	struct sockaddr_in at = address(7001), peer;
	int l = socket(AF_INET, SOCK_STREAM, 0), c, a, i, one = 1, pair[2][2];
	socklen_t n = sizeof(peer);
	pid_t pid[2];
	char got[16];

	setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(l, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(l, 8) < 0)
		err(1, "listen");
	for (i = 0; i < 2; i++) {
		if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair[i]) < 0)
			err(1, "socketpair");
		pid[i] = start_fork();
		if (pid[i] == 0) {
			close(l);
			close(pair[i][0]);
			serve(pair[i][1], 3);
		}
		close(pair[i][1]);
	}
	for (i = 0; i < 6; i++) {
		c = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(c, (struct sockaddr *)&at, sizeof(at)) < 0)
			err(1, "connect");
		a = accept(l, (struct sockaddr *)&peer, &n);
		pass(pair[i % 2][0], &a, 1, 1);
		close(a);
		while (recv(c, got, sizeof(got), 0) > 0)
			;
		close(c);
	}
	for (i = 0; i < 2; i++)
		wait_for(pid[i]);
}
