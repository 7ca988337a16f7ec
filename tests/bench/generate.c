/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * generate DIR MEGABYTES [CONNECTIONS [SHOWN]]: a healthy pair of traces, as
 * strace -f -ttt -T -yy writes them, of a client and a server that speak
 * something like HTTP over some connections at a time.  With SHOWN strings are
 * cut as by -s, and the client polls: short lines.  Same arguments, same bytes.
 */
#include <err.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUESTS 50 /* on one connection */
#define CHUNK 1000  /* bytes of a body in one call */
#define LISTENER 3

/* Of one of the two programs. */
struct side {
	FILE *trace;
	int pid;
	const char *ip;
	uint64_t bytes;
};

struct conn {
	int fd;   /* the same number on both sides */
	int port; /* the client's */
	int left; /* requests to come */
};

static struct side client = { NULL, 2001, "10.0.2.2", 0 };
static struct side server = { NULL, 1001, "10.0.1.2", 0 };
static uint64_t now = UINT64_C(1700000000000000); /* us */
static uint64_t random_state = 88172645463325252u;
static int shown; /* bytes of a string; 0 all */
static int next_port = 20000, next_inode = 50000;

static unsigned
random_below(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 33) % n;
}

/* A line of the trace: pid, time, the text, the duration of -T. */
static void __attribute__((format(printf, 2, 0)))
put_line(struct side *s, const char *fmt, va_list ap)
{
	unsigned took = 10 + random_below(80);
	int n;

	now += 3 + random_below(40);
	n = fprintf(s->trace, "%-5d %llu.%06u ", s->pid,
	    (unsigned long long)(now / 1000000), (unsigned)(now % 1000000));
	n += vfprintf(s->trace, fmt, ap);
	n += fprintf(s->trace, " <0.0000%02u>\n", took);
	now += took;
	s->bytes += (uint64_t)n;
}

/* A line about the network, after what else the program does. */
static void __attribute__((format(printf, 2, 3)))
line(struct side *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line(s, fmt, ap);
	va_end(ap);
}

/* A body of n characters, some of which strace escapes. */
static const char *
body(int n, char *buf)
{
	static const char *const pieces[] = { "<p>The quick brown fox</p>",
		"\\r\\n", "\\342\\202\\254", "data-", "0123456789", "\\\"x\\\"",
		"\\0\\377" };
	static const int lengths[] = { 26, 2, 3, 5, 10, 3, 2 };
	char *p = buf;

	while (n > 0) {
		unsigned i = random_below(7);

		if (lengths[i] > n) {
			memset(p, '.', (size_t)n);
			p += n;
			break;
		}
		p = stpcpy(p, pieces[i]);
		n -= lengths[i];
	}
	*p = '\0';
	return buf;
}

static void
start(void)
{
	line(&server,
	    "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) "
	    "= %d<TCP:[40000]>",
	    LISTENER);
	line(&server,
	    "setsockopt(%d<TCP:[40000]>, SOL_SOCKET, SO_REUSEADDR, "
	    "[1], 4) = 0",
	    LISTENER);
	line(&server,
	    "bind(%d<TCP:[40000]>, {sa_family=AF_INET, "
	    "sin_port=htons(80), sin_addr=inet_addr(\"0.0.0.0\")}, 16) = 0",
	    LISTENER);
	line(&server, "listen(%d<TCP:[0.0.0.0:80]>, 511) = 0", LISTENER);
}

static void
open_conn(struct conn *c)
{
	int inode = next_inode++;

	c->port = next_port++;
	if (next_port == 60000)
		next_port = 20000;
	c->left = REQUESTS;
	line(&client,
	    "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = "
	    "%d<TCP:[%d]>",
	    c->fd, inode);
	line(&client,
	    "connect(%d<TCP:[%d]>, {sa_family=AF_INET, "
	    "sin_port=htons(80), sin_addr=inet_addr(\"%s\")}, 16) = 0",
	    c->fd, inode, server.ip);
	line(&server,
	    "accept4(%d<TCP:[0.0.0.0:80]>, {sa_family=AF_INET, "
	    "sin_port=htons(%d), sin_addr=inet_addr(\"%s\")}, [16], "
	    "SOCK_CLOEXEC) = %d<TCP:[%s:80->%s:%d]>",
	    LISTENER, c->port, client.ip, c->fd, server.ip, client.ip, c->port);
}

/* 1 the connection goes on, 0 it is closed. */
static void
request(struct conn *c, char *buf)
{
	unsigned chunks = 1 + random_below(3), i;
	char there[80], here[80], get[200];
	const char *more = shown > 0 ? "..." : "";
	int n;

	snprintf(here, sizeof(here), "%d<TCP:[%s:%d->%s:80]>", c->fd, client.ip,
	    c->port, server.ip);
	snprintf(there, sizeof(there), "%d<TCP:[%s:80->%s:%d]>", c->fd,
	    server.ip, client.ip, c->port);
	/* Four characters of \r\n\r\n are eight in the trace. */
	n = snprintf(get, sizeof(get),
		"GET /file%u.html HTTP/1.1\\r\\nHost: "
		"server\\r\\nX-Id: %llu\\r\\n\\r\\n",
		random_below(1000), (unsigned long long)now) -
	    8;
	/* The escapes come after the path. */
	if (shown > 0)
		snprintf(get, sizeof(get), "%.*s", shown, "GET /files/of/it/");
	line(&client, "sendto(%s, \"%s\"%s, %d, MSG_NOSIGNAL, NULL, 0) = %d",
	    here, get, more, n, n);
	line(&server, "recvfrom(%s, \"%s\"%s, 4096, 0, NULL, NULL) = %d", there,
	    get, more, n);
	for (i = 0; i < chunks; i++) {
		body(shown > 0 ? shown : CHUNK, buf);
		line(&server, "write(%s, \"%s\"%s, %d) = %d", there, buf, more,
		    CHUNK, CHUNK);
		if (shown > 0)
			line(&client,
			    "poll([{fd=%s, events=POLLIN}], 1, 1000) = 1 "
			    "([{fd=%d, revents=POLLIN}])",
			    here, c->fd);
		line(&client,
		    "recvfrom(%s, \"%s\"%s, 65536, 0, NULL, NULL) = "
		    "%d",
		    here, buf, more, CHUNK);
	}
	if (--c->left > 0)
		return;
	line(&client, "close(%s) = 0", here);
	line(&server, "read(%s, \"\", 4096) = 0", there);
	line(&server, "close(%s) = 0", there);
	c->port = 0;
}

static FILE *
create(const char *dir, const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!(f = fopen(path, "w")))
		err(1, "%s", path);
	return f;
}

int
main(int argc, char **argv)
{
	uint64_t size;
	unsigned n, i;
	struct conn *conns;
	char *buf = malloc(CHUNK * 4 + 1);
	FILE *hosts;

	if (argc < 3)
		errx(2, "usage: generate DIR MEGABYTES [CONNECTIONS [SHOWN]]");
	size = strtoull(argv[2], NULL, 10) * 1000000;
	n = argc > 3 ? (unsigned)atoi(argv[3]) : 16;
	shown = argc > 4 ? atoi(argv[4]) : 0;
	conns = calloc(n, sizeof(*conns));
	if (!buf || !conns || n == 0 || shown < 0 || shown > CHUNK)
		errx(2, "bad arguments");
	client.trace = create(argv[1], "client.trace");
	server.trace = create(argv[1], "server.trace");
	hosts = create(argv[1], "hosts.csv");
	fprintf(hosts,
	    "host,trace,address,nat\n"
	    "server,server.trace,%s,\nclient,client.trace,%s,\n",
	    server.ip, client.ip);
	start();
	for (i = 0; i < n; i++)
		conns[i].fd = (int)i + 4;
	while (client.bytes + server.bytes < size) {
		struct conn *c = &conns[random_below(n)];

		if (c->port == 0)
			open_conn(c);
		else
			request(c, buf);
	}
	for (i = 0; i < n; i++)
		while (conns[i].port)
			request(&conns[i], buf);
	line(&client, "exit_group(0) = ?");
	line(&server, "close(%d<TCP:[0.0.0.0:80]>) = 0", LISTENER);
	line(&server, "exit_group(0) = ?");
	fprintf(client.trace, "%-5d %llu.%06u +++ exited with 0 +++\n",
	    client.pid, (unsigned long long)(now / 1000000),
	    (unsigned)(now % 1000000));
	fprintf(server.trace, "%-5d %llu.%06u +++ exited with 0 +++\n",
	    server.pid, (unsigned long long)(now / 1000000),
	    (unsigned)(now % 1000000));
	if (fclose(client.trace) || fclose(server.trace) || fclose(hosts))
		err(1, "%s", argv[1]);
	free(buf);
	free(conns);
	return 0;
}
