/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * UDP ping-pong with sendmmsg and recvmmsg. The server answers rounds of
 * datagrams in the same vector; the client is connected, or not.
 *
 * usage: udpmmsg server PORT ROUNDS
 *        udpmmsg connected|unconnected HOST PORT ROUNDS
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define VECTOR 4
#define LENGTH 200

static struct mmsghdr msg[VECTOR];
static struct iovec iov[VECTOR];
static struct sockaddr_in name[VECTOR];
static char buf[VECTOR][LENGTH];

static void
receive_setup(int named)
{
	int i;

	memset(msg, 0, sizeof(msg));
	for (i = 0; i < VECTOR; i++) {
		iov[i].iov_base = buf[i];
		iov[i].iov_len = LENGTH;
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
		if (named) {
			msg[i].msg_hdr.msg_name = &name[i];
			msg[i].msg_hdr.msg_namelen = sizeof(name[i]);
		}
	}
}

static int
server(int port, int rounds)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int i, fd, n, left = rounds * VECTOR;

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	sin.sin_port = htons((unsigned short)port);
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(1, "bind");
	while (left > 0) {
		receive_setup(1);
		n = recvmmsg(fd, msg, VECTOR, MSG_WAITFORONE, NULL);
		if (n < 1)
			err(1, "recvmmsg");
		for (i = 0; i < n; i++) {
			memcpy(buf[i], "pong", 4);
			iov[i].iov_len = msg[i].msg_len;
		}
		if (sendmmsg(fd, msg, (unsigned int)n, 0) != n)
			err(1, "sendmmsg");
		left -= n;
	}
	close(fd);
	return 0;
}

static int
client(int connected, const char *host, int port, int rounds)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	int i, fd, got, n, round;

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	sin.sin_port = htons((unsigned short)port);
	inet_pton(AF_INET, host, &sin.sin_addr);
	if (connected &&
	    connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(1, "connect");
	for (round = 0; round < rounds; round++) {
		receive_setup(!connected);
		for (i = 0; i < VECTOR; i++) {
			name[i] = sin;
			n = snprintf(buf[i], LENGTH, "ping %d.%d ", round, i);
			memset(buf[i] + n, 'a' + i, 20 * (size_t)(i + 1));
			iov[i].iov_len = (size_t)n + 20 * (size_t)(i + 1);
		}
		if (sendmmsg(fd, msg, VECTOR, 0) != VECTOR)
			err(1, "sendmmsg");
		for (got = 0; got < VECTOR; got += n) {
			receive_setup(!connected);
			n = recvmmsg(fd, msg, (unsigned int)(VECTOR - got),
			    MSG_WAITFORONE, NULL);
			if (n < 1 || memcmp(buf[0], "pong", 4) != 0)
				err(1, "recvmmsg");
		}
	}
	close(fd);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "server") == 0)
		return server(atoi(argv[2]), atoi(argv[3]));
	if (argc == 5)
		return client(strcmp(argv[1], "connected") == 0, argv[2],
		    atoi(argv[3]), atoi(argv[4]));
	errx(2,
	    "usage: udpmmsg server PORT ROUNDS | "
	    "connected|unconnected HOST PORT ROUNDS");
}
