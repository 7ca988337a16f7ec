/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ways in which a descriptor comes to stand for a socket, a scenario each.
 *
 * Every socket is bound to a port of its own, and whatever is sent through a
 * descriptor is the port of the socket that it stands for: so a trace tells
 * itself which socket each send is on.
 *
 * descriptors SCENARIO        see the table at the end
 * descriptors use FD:PORT...  after execve; port 0: the descriptor is closed
 */
#define _GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE 2u
#define CLOSE_RANGE_CLOEXEC 4u
#endif
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

static const char *self;

static struct sockaddr_in
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
static int
make(int port, int flags)
{
	struct sockaddr_in a = address(port);
	int fd = socket(AF_INET, SOCK_DGRAM | flags, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		err(1, "port %d", port);
	return fd;
}

/* Says through the descriptor which socket it stands for. */
static void
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

static void
wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, __WALL) != pid || status != 0)
		errx(1, "child: status %d", status);
}

/* execs itself to use these: "3:7001 4:0". */
static void
exec_use(char *list)
{
	char *argv[32] = { (char *)(uintptr_t)self, "use" };
	size_t n = 2;

	for (char *p = strtok(list, " "); p != NULL; p = strtok(NULL, " "))
		argv[n++] = p;
	argv[n] = NULL;
	execv(self, argv);
	err(1, "exec");
}

static int
main_use(char **argv)
{
	int fd, port;

	for (; *argv != NULL; argv++)
		if (sscanf(*argv, "%d:%d", &fd, &port) == 2)
			use(fd, port);
	return 0;
}

/* clone with the flags; both have the same memory layout, not the same. */
static pid_t
clone_plain(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0);
}

static pid_t
clone_three(unsigned long flags, int *pidfd)
{
	struct clone_args a;

	memset(&a, 0, sizeof(a));
	a.flags = flags;
	a.pidfd = (uint64_t)(uintptr_t)pidfd;
	a.exit_signal = SIGCHLD;
	return (pid_t)syscall(SYS_clone3, &a, sizeof(a));
}

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
start_fork(void)
{
	return clone_plain(0);
}

static pid_t
start_clone3(void)
{
	return clone_three(0, NULL);
}

static void
do_fork(void)
{
	copies(start_fork);
}

static void
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
start_files(void)
{
	return clone_plain(CLONE_FILES);
}

static pid_t
start_files3(void)
{
	return clone_three(CLONE_FILES, NULL);
}

static void
do_clone_files(void)
{
	shares(start_files);
}

static void
do_clone3_files(void)
{
	shares(start_files3);
}

/* A child that shares execs: its table is its own from then on. */
static void
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

static void
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

static void
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

static void
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

static void
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

static void
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
static void
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

static void
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

/* Waits until the other end writes, or is closed. */
static void
wait_byte(int fd)
{
	char c;

	if (read(fd, &c, 1) < 0)
		err(1, "read");
}

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

static void
do_pidfd_open(void)
{
	borrows(start_pidfd_open);
}

static void
do_clone_pidfd(void)
{
	borrows(start_clone_pidfd);
}

static void
do_clone3_pidfd(void)
{
	borrows(start_clone3_pidfd);
}

/* The process at the other end of a UNIX socket. */
static void
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

static void
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
static size_t
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

static void
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
static void
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

static void
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

/* Children that accept on their parent's listener. */
static void
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

static void
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
static void
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

static const struct {
	const char *name;
	void (*run)(void);
} scenarios[] = {
	{ "fork", do_fork },
	{ "clone3", do_clone3 },
	{ "clone-files", do_clone_files },
	{ "clone3-files", do_clone3_files },
	{ "exec-unshares", do_exec_unshares },
	{ "vfork", do_vfork },
	{ "thread-exec", do_thread_exec },
	{ "dups", do_dups },
	{ "cloexec", do_cloexec },
	{ "close-range", do_close_range },
	{ "close-range-unshare", do_close_range_unshare },
	{ "unshare", do_unshare },
	{ "pidfd-open", do_pidfd_open },
	{ "clone-pidfd", do_clone_pidfd },
	{ "clone3-pidfd", do_clone3_pidfd },
	{ "peer-pidfd", do_peer_pidfd },
	{ "rights", do_rights },
	{ "rights-unread", do_rights_unread },
	{ "rights-mmsg", do_rights_mmsg },
	{ "prefork", do_prefork },
	{ "reuse", do_reuse },
	{ "attach", do_attach },
};

int
main(int argc, char *argv[])
{
	size_t i;

	self = "/proc/self/exe";
	if (argc > 2 && strcmp(argv[1], "use") == 0)
		return main_use(argv + 2);
	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		if (argc == 1)
			puts(scenarios[i].name);
		else if (strcmp(argv[1], scenarios[i].name) == 0) {
			scenarios[i].run();
			return 0;
		}
	}
	return argc == 1 ? 0 : 1;
}
