/* SPDX-FileCopyrightText: 2026 The NetCheck authors */
/* SPDX-License-Identifier: MIT */

/*
 * act: perform the socket actions named by the arguments, one after another.
 *
 * The lab uses it where no packaged program can be made to show a fault.
 * Errors are reported on standard error and never stop the run: a fault is
 * what the recording is about.
 *
 *   @N               the actions that follow use slot N (0 at the start)
 *   tcp udp tcp6 udp6            make a socket in the slot
 *   bind=A:P connect=A:P listen=N
 *   accept=N         accept on this slot into slot N, and go on with slot N
 *   send=TEXT write=TEXT         one call
 *   fill=N           send N pattern bytes in one call
 *   sendto=A:P/N     send a datagram of N pattern bytes to an address
 *   recv=N read=N    one call with a buffer of N bytes
 *   recvall=N        receive until N bytes have come or the stream ends
 *   recvfrom=N       as recv, the sender becomes the address for reply
 *   reply=N          send N pattern bytes to the last sender
 *   oob=TEXT recvoob=N           send, receive with MSG_OOB
 *   peek=N           recv with MSG_PEEK
 *   say=A:P/TEXT     send TEXT and a number that counts up to an address
 *   fastopen=A:P/TEXT            connect and send with one call
 *   unconnect        connect to AF_UNSPEC
 *   usertimeout=MS   TCP_USER_TIMEOUT
 *   poll=MS pollout=MS           wait for input, for output
 *   soerror peername             SO_ERROR, getpeername
 *   shutdown shutwr close
 *   nonblock timeout=MS linger0 reuse reuseport v6only rcvbuf=N sndbuf=N
 *   oobinline broadcast
 *   group=A leave=A              IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP;
 *                    A/I is group A on the interface of address I
 *   mcastif=A mcastttl=N mcastloop=N mcastall=N
 *   sleep=MS
 *   thread ... end   run these in a thread of their own, go on at once
 *   join             wait for all threads
 *   fork ... end     run these in a child, go on at once;  wait  reaps one
 *   repeat=N ... end
 *   check            exit with status 1 if an action has failed or a wait has
 *                    ended without input
 *   loop ... end     as repeat, until a call in it fails or meets the end
 * Addresses: 10.0.0.1:80, [fd00::1]:80.
 */

#include <sys/socket.h>
#include <sys/wait.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLOTS 16
#define THREADS 16

/* What a run of actions carries along: its slot and the last outcome. */
struct actor {
	char **argv;
	int argc;
	int slot;
	bool failed;
	bool looping; /* stop at the first failure */
	struct sockaddr_storage from;
	socklen_t fromlen;
};

static int slots[SLOTS];
static pthread_t threads[THREADS];
static int nthreads;
static char buffer[1 << 20];
static __thread char inbox[1 << 16];

static void perform(struct actor *a);

static socklen_t
parse_address(const char *text, struct sockaddr_storage *ss)
{
	struct sockaddr_in *in = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;
	char host[64];
	const char *colon = strrchr(text, ':');
	size_t len;

	memset(ss, 0, sizeof(*ss));
	if (colon == NULL)
		errx(2, "%s: no port", text);
	len = (size_t)(colon - text);
	if (text[0] == '[') {
		text++;
		len -= 2;
	}
	if (len >= sizeof(host))
		errx(2, "%s: too long", text);
	memcpy(host, text, len);
	host[len] = '\0';
	if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)atoi(colon + 1));
		return sizeof(*in);
	}
	if (inet_pton(AF_INET6, host, &in6->sin6_addr) != 1)
		errx(2, "%s: bad address", host);
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons((uint16_t)atoi(colon + 1));
	return sizeof(*in6);
}

static void
note(struct actor *a, const char *what, long result)
{
	if (result >= 0)
		return;
	a->failed = true;
	warn("%s", what);
}

/* A receive that ends a loop: an error, or the end of the stream. */
static void
note_input(struct actor *a, const char *what, long result)
{
	note(a, what, result);
	if (result == 0)
		a->failed = true;
}

static void
set_option(struct actor *a, int level, int name, const void *v, socklen_t len)
{
	note(a, "setsockopt", setsockopt(slots[a->slot], level, name, v, len));
}

static void
set_int(struct actor *a, int level, int name, int value)
{
	set_option(a, level, name, &value, sizeof(value));
}

static void
set_timeout(struct actor *a, long ms)
{
	struct timeval tv = { ms / 1000, ms % 1000 * 1000 };

	set_option(a, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
}

static void
set_linger(struct actor *a)
{
	struct linger l = { 1, 0 };

	set_option(a, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
}

static void
send_to(struct actor *a, const char *arg)
{
	char address[80];
	const char *slash = strchr(arg, '/');
	struct sockaddr_storage ss;
	socklen_t len;

	if (slash == NULL || (size_t)(slash - arg) >= sizeof(address))
		errx(2, "sendto=%s: ADDRESS:PORT/BYTES wanted", arg);
	memcpy(address, arg, (size_t)(slash - arg));
	address[slash - arg] = '\0';
	len = parse_address(address, &ss);
	note(a, "sendto",
	    sendto(slots[a->slot], buffer, strtoul(slash + 1, NULL, 10), 0,
		(struct sockaddr *)&ss, len));
}

static void
say(struct actor *a, const char *arg)
{
	static int count;
	char address[80], text[200];
	const char *slash = strchr(arg, '/');
	struct sockaddr_storage ss;
	socklen_t len;

	if (slash == NULL || (size_t)(slash - arg) >= sizeof(address))
		errx(2, "say=%s: ADDRESS:PORT/TEXT wanted", arg);
	memcpy(address, arg, (size_t)(slash - arg));
	address[slash - arg] = '\0';
	len = parse_address(address, &ss);
	snprintf(text, sizeof(text), "%s %d", slash + 1, ++count);
	note(a, "sendto",
	    sendto(slots[a->slot], text, strlen(text), 0,
		(struct sockaddr *)&ss, len));
}

static void
send_fastopen(struct actor *a, const char *arg)
{
	char address[80];
	const char *slash = strchr(arg, '/');
	struct sockaddr_storage ss;
	socklen_t len;

	if (slash == NULL || (size_t)(slash - arg) >= sizeof(address))
		errx(2, "fastopen=%s: ADDRESS:PORT/TEXT wanted", arg);
	memcpy(address, arg, (size_t)(slash - arg));
	address[slash - arg] = '\0';
	len = parse_address(address, &ss);
	note(a, "sendto",
	    sendto(slots[a->slot], slash + 1, strlen(slash + 1), MSG_FASTOPEN,
		(struct sockaddr *)&ss, len));
}

static void
unconnect(struct actor *a)
{
	struct sockaddr sa = { .sa_family = AF_UNSPEC };

	note(a, "connect", connect(slots[a->slot], &sa, sizeof(sa)));
}

static void
membership(struct actor *a, int name, const char *arg)
{
	struct ip_mreq m = { 0 };
	char group[64];
	size_t len = strcspn(arg, "/");

	snprintf(group, sizeof(group), "%.*s", (int)len, arg);
	inet_pton(AF_INET, group, &m.imr_multiaddr);
	if (arg[len] == '/')
		inet_pton(AF_INET, arg + len + 1, &m.imr_interface);
	set_option(a, IPPROTO_IP, name, &m, sizeof(m));
}

static void
multicast_interface(struct actor *a, const char *arg)
{
	struct in_addr in = { 0 };

	inet_pton(AF_INET, arg, &in);
	set_option(a, IPPROTO_IP, IP_MULTICAST_IF, &in, sizeof(in));
}

static void
receive_all(struct actor *a, size_t want)
{
	ssize_t n;

	while (want > 0) {
		n = recv(slots[a->slot], inbox,
		    want < sizeof(inbox) ? want : sizeof(inbox), 0);
		note_input(a, "recv", n);
		if (n <= 0)
			break;
		want -= (size_t)n;
	}
}

static void
accept_into(struct actor *a, int slot)
{
	int fd = accept(slots[a->slot], NULL, NULL);

	note(a, "accept", fd);
	slots[slot] = fd;
	a->slot = slot;
}

static void
ask(struct actor *a, const char *name)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	int error, fd = slots[a->slot];

	if (strcmp(name, "peername") == 0) {
		note(a, name, getpeername(fd, (struct sockaddr *)&ss, &len));
		return;
	}
	len = sizeof(error);
	note(a, name, getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len));
}

static void
wait_for(struct actor *a, short events, int ms)
{
	struct pollfd p = { .fd = slots[a->slot], .events = events };

	note_input(a, "poll", poll(&p, 1, ms));
}

/* The actions with a value; false if there is none of that name. */
static bool
with_value(struct actor *a, const char *name, const char *arg)
{
	int fd = slots[a->slot];
	struct sockaddr_storage ss;
	socklen_t len;
	long n = strtol(arg, NULL, 10);

	if (strcmp(name, "bind") == 0) {
		len = parse_address(arg, &ss);
		note(a, name, bind(fd, (struct sockaddr *)&ss, len));
	} else if (strcmp(name, "connect") == 0) {
		len = parse_address(arg, &ss);
		note(a, name, connect(fd, (struct sockaddr *)&ss, len));
	} else if (strcmp(name, "listen") == 0) {
		note(a, name, listen(fd, (int)n));
	} else if (strcmp(name, "accept") == 0) {
		accept_into(a, (int)n);
	} else if (strcmp(name, "send") == 0) {
		note(a, name, send(fd, arg, strlen(arg), 0));
	} else if (strcmp(name, "write") == 0) {
		note(a, name, write(fd, arg, strlen(arg)));
	} else if (strcmp(name, "fill") == 0) {
		note(a, name, send(fd, buffer, (size_t)n, 0));
	} else if (strcmp(name, "sendto") == 0) {
		send_to(a, arg);
	} else if (strcmp(name, "say") == 0) {
		say(a, arg);
	} else if (strcmp(name, "fastopen") == 0) {
		send_fastopen(a, arg);
	} else if (strcmp(name, "usertimeout") == 0) {
		set_int(a, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)n);
	} else if (strcmp(name, "oob") == 0) {
		note(a, name, send(fd, arg, strlen(arg), MSG_OOB));
	} else if (strcmp(name, "recvoob") == 0) {
		note_input(a, name, recv(fd, inbox, (size_t)n, MSG_OOB));
	} else if (strcmp(name, "peek") == 0) {
		note_input(a, name, recv(fd, inbox, (size_t)n, MSG_PEEK));
	} else if (strcmp(name, "group") == 0) {
		membership(a, IP_ADD_MEMBERSHIP, arg);
	} else if (strcmp(name, "leave") == 0) {
		membership(a, IP_DROP_MEMBERSHIP, arg);
	} else if (strcmp(name, "mcastif") == 0) {
		multicast_interface(a, arg);
	} else if (strcmp(name, "mcastttl") == 0) {
		set_int(a, IPPROTO_IP, IP_MULTICAST_TTL, (int)n);
	} else if (strcmp(name, "mcastloop") == 0) {
		set_int(a, IPPROTO_IP, IP_MULTICAST_LOOP, (int)n);
	} else if (strcmp(name, "mcastall") == 0) {
		set_int(a, IPPROTO_IP, IP_MULTICAST_ALL, (int)n);
	} else if (strcmp(name, "recv") == 0) {
		note_input(a, name, recv(fd, inbox, (size_t)n, 0));
	} else if (strcmp(name, "read") == 0) {
		note_input(a, name, read(fd, inbox, (size_t)n));
	} else if (strcmp(name, "recvall") == 0) {
		receive_all(a, (size_t)n);
	} else if (strcmp(name, "recvfrom") == 0) {
		a->fromlen = sizeof(a->from);
		note(a, name,
		    recvfrom(fd, inbox, (size_t)n, 0,
			(struct sockaddr *)&a->from, &a->fromlen));
	} else if (strcmp(name, "reply") == 0) {
		note(a, name,
		    sendto(fd, buffer, (size_t)n, 0,
			(struct sockaddr *)&a->from, a->fromlen));
	} else if (strcmp(name, "poll") == 0) {
		wait_for(a, POLLIN, (int)n);
	} else if (strcmp(name, "pollout") == 0) {
		wait_for(a, POLLOUT, (int)n);
	} else if (strcmp(name, "timeout") == 0) {
		set_timeout(a, n);
	} else if (strcmp(name, "rcvbuf") == 0) {
		set_int(a, SOL_SOCKET, SO_RCVBUF, (int)n);
	} else if (strcmp(name, "sndbuf") == 0) {
		set_int(a, SOL_SOCKET, SO_SNDBUF, (int)n);
	} else if (strcmp(name, "sleep") == 0) {
		poll(NULL, 0, (int)n);
	} else {
		return false;
	}
	return true;
}

static void
open_socket(struct actor *a, int family, int type)
{
	slots[a->slot] = socket(family, type, 0);
	note(a, "socket", slots[a->slot]);
}

/* The actions without a value; false if there is none of that name. */
static bool
without_value(struct actor *a, const char *name)
{
	int fd = slots[a->slot];

	if (name[0] == '@')
		a->slot = atoi(name + 1) % SLOTS;
	else if (strcmp(name, "tcp") == 0)
		open_socket(a, AF_INET, SOCK_STREAM);
	else if (strcmp(name, "udp") == 0)
		open_socket(a, AF_INET, SOCK_DGRAM);
	else if (strcmp(name, "tcp6") == 0)
		open_socket(a, AF_INET6, SOCK_STREAM);
	else if (strcmp(name, "udp6") == 0)
		open_socket(a, AF_INET6, SOCK_DGRAM);
	else if (strcmp(name, "close") == 0)
		note(a, name, close(fd));
	else if (strcmp(name, "shutdown") == 0)
		note(a, name, shutdown(fd, SHUT_RDWR));
	else if (strcmp(name, "shutwr") == 0)
		note(a, name, shutdown(fd, SHUT_WR));
	else if (strcmp(name, "nonblock") == 0)
		note(a, name, fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK));
	else if (strcmp(name, "unconnect") == 0)
		unconnect(a);
	else if (strcmp(name, "soerror") == 0 || strcmp(name, "peername") == 0)
		ask(a, name);
	else if (strcmp(name, "linger0") == 0)
		set_linger(a);
	else if (strcmp(name, "oobinline") == 0)
		set_int(a, SOL_SOCKET, SO_OOBINLINE, 1);
	else if (strcmp(name, "broadcast") == 0)
		set_int(a, SOL_SOCKET, SO_BROADCAST, 1);
	else if (strcmp(name, "reuse") == 0)
		set_int(a, SOL_SOCKET, SO_REUSEADDR, 1);
	else if (strcmp(name, "reuseport") == 0)
		set_int(a, SOL_SOCKET, SO_REUSEPORT, 1);
	else if (strcmp(name, "v6only") == 0)
		set_int(a, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	else if (strcmp(name, "join") == 0)
		while (nthreads > 0)
			pthread_join(threads[--nthreads], NULL);
	else if (strcmp(name, "wait") == 0)
		wait(NULL);
	else if (strcmp(name, "check") == 0 && a->failed)
		exit(1);
	else if (strcmp(name, "check") == 0)
		return true;
	else
		return false;
	return true;
}

/* The number of arguments of the block that starts at argv, without "end". */
static int
block_length(char **argv, int argc)
{
	int depth = 1, i;

	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "end") == 0) {
			if (--depth == 0)
				return i;
		} else if (strcmp(argv[i], "thread") == 0 ||
		    strcmp(argv[i], "fork") == 0 ||
		    strcmp(argv[i], "loop") == 0 ||
		    strncmp(argv[i], "repeat=", 7) == 0) {
			depth++;
		}
	}
	errx(2, "a block without end");
}

static void *
thread_main(void *arg)
{
	perform(arg);
	free(arg);
	return NULL;
}

static void
start_thread(const struct actor *body)
{
	struct actor *copy = malloc(sizeof(*copy));

	if (copy == NULL || nthreads == THREADS)
		errx(2, "too many threads");
	*copy = *body;
	if (pthread_create(&threads[nthreads++], NULL, thread_main, copy) != 0)
		errx(2, "pthread_create");
}

/* If argv[i] opens a block, run it and return the arguments used, else 0. */
static int
block(struct actor *a, int i)
{
	const char *name = a->argv[i];
	struct actor body = *a;
	long times = 1;

	if (strcmp(name, "thread") != 0 && strcmp(name, "fork") != 0 &&
	    strcmp(name, "loop") != 0 && strncmp(name, "repeat=", 7) != 0)
		return 0;
	body.argv = a->argv + i + 1;
	body.argc = block_length(body.argv, a->argc - i - 1);
	if (strcmp(name, "thread") == 0) {
		start_thread(&body);
	} else if (strcmp(name, "fork") == 0) {
		if (fork() == 0) {
			perform(&body);
			exit(0);
		}
	} else if (strcmp(name, "loop") == 0) {
		body.looping = true;
		for (body.failed = false; !body.failed;)
			perform(&body);
	} else {
		for (times = atol(name + 7); times > 0; times--)
			perform(&body);
	}
	a->from = body.from;
	a->fromlen = body.fromlen;
	return body.argc + 2;
}

static void
perform(struct actor *a)
{
	char name[16], *equal;
	int i = 0, used;
	size_t len;

	while (i < a->argc && !(a->looping && a->failed)) {
		used = block(a, i);
		if (used > 0) {
			i += used;
			continue;
		}
		equal = strchr(a->argv[i], '=');
		if (equal == NULL) {
			if (!without_value(a, a->argv[i]))
				errx(2, "%s: unknown action", a->argv[i]);
		} else {
			len = (size_t)(equal - a->argv[i]);
			if (len >= sizeof(name))
				errx(2, "%s: unknown action", a->argv[i]);
			memcpy(name, a->argv[i], len);
			name[len] = '\0';
			if (!with_value(a, name, equal + 1))
				errx(2, "%s: unknown action", a->argv[i]);
		}
		i++;
	}
}

int
main(int argc, char *argv[])
{
	struct actor a = { .argv = argv + 1, .argc = argc - 1 };
	static const char pattern[] =
	    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+";
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < sizeof(buffer); i++)
		buffer[i] = pattern[(i + i / 63) % 63];
	perform(&a);
	return 0;
}
