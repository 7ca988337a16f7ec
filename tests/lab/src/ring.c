/* SPDX-FileCopyrightText: 2026 The NetCheck authors */
/* SPDX-License-Identifier: MIT */

/*
 * ring: an echo server with an io_uring, by the kernel's own calls.
 *
 *	ring net PORT COUNT	everything on the network goes through the ring
 *	ring files PORT COUNT	only a file does: it reads itself; the network
 *				is served with plain calls
 */

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <linux/io_uring.h>
#include <netinet/in.h>

#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int ring;
static unsigned *sq_tail, *sq_mask, *sq_array, *cq_head, *cq_mask;
static struct io_uring_sqe *sqes;
static struct io_uring_cqe *cqes;

static void
setup(void)
{
	struct io_uring_params p;
	char *sq, *cq;

	memset(&p, 0, sizeof(p));
	ring = (int)syscall(SYS_io_uring_setup, 4, &p);
	if (ring < 0)
		err(1, "io_uring_setup");
	sq = mmap(NULL, p.sq_off.array + p.sq_entries * sizeof(unsigned),
	    PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	cq = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*cqes),
	    PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	sqes = mmap(NULL, p.sq_entries * sizeof(*sqes), PROT_READ | PROT_WRITE,
	    MAP_SHARED, ring, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqes == MAP_FAILED)
		err(1, "mmap");
	sq_tail = (unsigned *)(sq + p.sq_off.tail);
	sq_mask = (unsigned *)(sq + p.sq_off.ring_mask);
	sq_array = (unsigned *)(sq + p.sq_off.array);
	cq_head = (unsigned *)(cq + p.cq_off.head);
	cq_mask = (unsigned *)(cq + p.cq_off.ring_mask);
	cqes = (struct io_uring_cqe *)(cq + p.cq_off.cqes);
}

/* One operation, to its end: what its call would have returned. */
static int
run(int op, int fd, void *buf, unsigned len)
{
	unsigned at = *sq_tail & *sq_mask;
	int result;

	memset(&sqes[at], 0, sizeof(sqes[at]));
	sqes[at].opcode = (uint8_t)op;
	sqes[at].fd = fd;
	sqes[at].addr = (uintptr_t)buf;
	sqes[at].len = len;
	sq_array[at] = at;
	__atomic_store_n(sq_tail, *sq_tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS,
		NULL, 8) < 0)
		err(1, "io_uring_enter");
	result = cqes[*cq_head & *cq_mask].res;
	__atomic_store_n(cq_head, *cq_head + 1, __ATOMIC_RELEASE);
	return result;
}

static int
listener(const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(port)) };
	int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (s < 0 || bind(s, (struct sockaddr *)&a, sizeof(a)) < 0 ||
	    listen(s, 5) < 0)
		err(1, "port %s", port);
	return s;
}

int
main(int argc, char *argv[])
{
	char buf[4096];
	int s, c, n, i, net;

	if (argc != 4)
		errx(2, "usage: ring net|files PORT COUNT");
	net = strcmp(argv[1], "net") == 0;
	setup();
	s = listener(argv[2]);
	if (!net) {
		c = open(argv[0], O_RDONLY);
		n = run(IORING_OP_READ, c, buf, sizeof(buf));
		close(c);
		if (n <= 0)
			errx(1, "nothing read");
	}
	for (i = atoi(argv[3]); i > 0; i--) {
		c = net ? run(IORING_OP_ACCEPT, s, NULL, 0) :
			  accept(s, NULL, NULL);
		if (c < 0)
			errx(1, "accept");
		for (;;) {
			n = net ? run(IORING_OP_RECV, c, buf, sizeof(buf)) :
				  (int)recv(c, buf, sizeof(buf), 0);
			if (n <= 0)
				break;
			if (net)
				run(IORING_OP_SEND, c, buf, (unsigned)n);
			else
				send(c, buf, (size_t)n, 0);
		}
		if (net)
			run(IORING_OP_CLOSE, c, NULL, 0);
		else
			close(c);
	}
	close(s);
	return 0;
}
