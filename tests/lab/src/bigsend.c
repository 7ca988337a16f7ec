/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One thread sends more than the socket buffers hold while another thread of
 * the same process reads the replies, so that sends block with calls of the
 * reader in between. The server counts what it gets and answers each 64 KiB
 * with a line, after a pause at first, so that the sender's buffer fills.
 *
 * usage: bigsend server PORT | bigsend client HOST PORT KILOBYTES
 */
#include <arpa/inet.h>
#include <err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 65536

static size_t total;
static int fd;

static void
buffers(int s)
{
	int size = 16384;

	setsockopt(s, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

static int
server(int port)
{
	static char buf[8192];
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct timespec pause = { .tv_nsec = 100000000 };
	size_t got = 0, next = BLOCK;
	char line[32];
	ssize_t n;
	int lfd, one = 1;

	lfd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(lfd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	buffers(lfd);
	sin.sin_port = htons((unsigned short)port);
	if (bind(lfd, (struct sockaddr *)&sin, sizeof(sin)) == -1 ||
	    listen(lfd, 1) == -1)
		err(1, "listen");
	fd = accept(lfd, NULL, NULL);
	nanosleep(&pause, NULL);
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0) {
		got += (size_t)n;
		while (got >= next) {
			snprintf(line, sizeof(line), "got %8zu\n", next);
			send(fd, line, 13, 0);
			next += BLOCK;
		}
	}
	close(fd);
	close(lfd);
	return 0;
}

static void *
sender(void *arg)
{
	char *data = arg;

	if (send(fd, data, total, 0) != (ssize_t)total)
		err(1, "send");
	if (shutdown(fd, SHUT_WR) == -1)
		err(1, "shutdown");
	return NULL;
}

static int
client(const char *host, int port, size_t kilobytes)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	size_t i, got = 0;
	pthread_t thread;
	char buf[256], *data;
	ssize_t n;

	total = kilobytes * 1024;
	data = malloc(total);
	if (data == NULL)
		err(1, "malloc");
	for (i = 0; i < total; i++)
		data[i] = (char)('a' + (i / 26 + i) % 26);
	sin.sin_port = htons((unsigned short)port);
	inet_pton(AF_INET, host, &sin.sin_addr);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	buffers(fd);
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(1, "connect");
	pthread_create(&thread, NULL, sender, data);
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0)
		got += (size_t)n;
	pthread_join(thread, NULL);
	close(fd);
	free(data);
	return got != total / BLOCK * 13;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "server") == 0)
		return server(atoi(argv[2]));
	if (argc == 5 && strcmp(argv[1], "client") == 0)
		return client(argv[2], atoi(argv[3]), (size_t)atoi(argv[4]));
	errx(2, "usage: bigsend server PORT | client HOST PORT KILOBYTES");
}
