/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Descriptors passed through UNIX sockets.
 */
#define _GNU_SOURCE
#include "kit.h"

#include <sys/uio.h>

#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A message with descriptors, in one header or in several. */
static size_t
fill(struct msghdr *m, char *control, const int *fds, size_t n, size_t each)
{
	struct cmsghdr *h = (struct cmsghdr *)(void *)control;
	size_t i, k, total = 0;

	for (i = 0; i < n; i += each) {
		k = n - i < each ? n - i : each;
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(k * sizeof(int));
		memcpy(CMSG_DATA(h), fds + i, k * sizeof(int));
		total += CMSG_SPACE(k * sizeof(int));
		h = (struct cmsghdr *)(void *)(control + total);
	}
	m->msg_control = control;
	m->msg_controllen = total;
	return total;
}

void
pass(int to, const int *fds, size_t n, size_t each)
{
	char control[256] __attribute__((aligned(8)));
	struct iovec v = { "x", 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };

	memset(control, 0, sizeof(control));
	fill(&m, control, fds, n, each);
	if (sendmsg(to, &m, 0) != 1)
		err(1, "sendmsg");
}

/* Receives with room for so many; returns how many came. */
size_t
take(int from, int *fds, size_t room, int flags)
{
	char control[256] __attribute__((aligned(8))), c;
	struct iovec v = { &c, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };
	struct cmsghdr *h;
	size_t n;

	m.msg_control = room ? control : NULL;
	m.msg_controllen = room ? CMSG_LEN(room * sizeof(int)) : 0;
	if (recvmsg(from, &m, flags) != 1)
		err(1, "recvmsg");
	h = room ? CMSG_FIRSTHDR(&m) : NULL;
	if (h == NULL)
		return 0;
	n = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(h), n * sizeof(int));
	return n;
}

void
do_rights(void)
{
	int pair[2], fds[8], i;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) /* 3, 4 */
		err(1, "socketpair");
	pid = start_fork();
	if (pid == 0) {
		close(pair[0]);
		take(pair[1], fds, 8, 0);
		use(fds[0], 7001);
		take(pair[1], fds, 8, MSG_CMSG_CLOEXEC);
		use(fds[0], 7002);
		use(fds[1], 7001);
		use(fds[2], 7003);
		/* Peeked at: numbers, and then others. */
		take(pair[1], fds, 8, MSG_PEEK);
		use(fds[0], 7003);
		take(pair[1], fds + 1, 8, 0);
		use(fds[1], 7003);
		/* Room for one of two: the other goes. */
		take(pair[1], fds, 1, 0);
		use(fds[0], 7001);
		/* Room for none. */
		take(pair[1], fds, 0, 0);
		if (take(pair[1], fds, 8, 0) != 3)
			errx(1, "several headers");
		use(fds[0], 7001);
		use(fds[1], 7002);
		use(fds[2], 7003);
		/* A byte without any. */
		wait_byte(pair[1]);
		_exit(0);
	}
	close(pair[1]);
	for (i = 0; i < 3; i++)
		fds[i] = make(7001 + i, 0); /* 4, 5, 6 */
	pass(pair[0], fds, 1, 1);
	pass(pair[0], (int[]){ fds[1], fds[0], fds[2] }, 3, 3);
	pass(pair[0], fds + 2, 1, 1);
	pass(pair[0], fds, 2, 2);
	pass(pair[0], fds + 1, 1, 1);
	pass(pair[0], fds, 3, 1);
	for (i = 0; i < 3; i++)
		close(fds[i]);
	write(pair[0], "x", 1);
	wait_for(pid);
}

/* Passed on its way when its maker is gone; never received. */
void
do_rights_unread(void)
{
	int pair[2], fd;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		err(1, "socketpair");
	fd = make(7001, 0);
	pass(pair[0], &fd, 1, 1);
	use(fd, 7001);
	close(fd);
	fd = make(7002, 0);
	use(fd, 7002);
	take(pair[1], &fd, 1, 0);
	use(fd, 7001);
	pass(pair[0], &fd, 1, 1);
	close(fd);
	close(pair[0]);
	close(pair[1]);
	use(make(7003, 0), 7003);
}

void
do_rights_mmsg(void)
{
	char control[2][64] __attribute__((aligned(8)));
	char byte[1] = { 0 };
	struct iovec v = { byte, 1 };
	struct mmsghdr m[2];
	int pair[2], a, b, i;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0)
		err(1, "socketpair");
	a = make(7001, 0);
	b = make(7002, 0);
	memset(m, 0, sizeof(m));
	memset(control, 0, sizeof(control));
	for (i = 0; i < 2; i++) {
		m[i].msg_hdr.msg_iov = &v;
		m[i].msg_hdr.msg_iovlen = 1;
		fill(&m[i].msg_hdr, control[i], i ? &b : &a, 1, 1);
	}
	if (sendmmsg(pair[0], m, 2, 0) != 2)
		err(1, "sendmmsg");
	close(a);
	close(b);
	for (i = 0; i < 2; i++)
		m[i].msg_hdr.msg_controllen = sizeof(control[i]);
	if (recvmmsg(pair[1], m, 2, 0, NULL) != 2)
		err(1, "recvmmsg");
	for (i = 0; i < 2; i++) {
		memcpy(&a, CMSG_DATA(CMSG_FIRSTHDR(&m[i].msg_hdr)), sizeof(a));
		use(a, 7001 + i);
	}
}
