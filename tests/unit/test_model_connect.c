/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's connect and listen rows (model.md 3.1, 3.2).
 */
#include "model_kit.h"

static void
connects(void)
{
	/* connect_ok: a listener covers the target */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 = 0");
	/* ... and waits for one that is to come */
	script(HOSTS, "client socket s3", "server socket s1",
	    "server bind s1 local=0.0.0.0:80 = 0",
	    "client connect s3 10.0.1.2:80 = 0 -> defer listener",
	    "server listen s1 value=8 = 0 wakes",
	    "client connect s3 10.0.1.2:80 = 0");
	/* ... of its own port and family only */
	script(HOSTS, "client socket s3", "server socket s1",
	    "server bind s1 local=0.0.0.0:81 = 0",
	    "client connect s3 10.0.1.2:80 = 0 -> defer listener",
	    "server listen s1 value=8 = 0",
	    "client connect s3 10.0.1.2:80 = 0 -> take ! NO_LISTENER_SEEN-");
	/* connect_foreign */
	script(HOSTS, "client socket s3", "client connect s3 192.0.2.7:80 = 0");
	/* [::] covers IPv4 unless V6ONLY */
	script(HOSTS, "server socket s1 domain=AF_INET6",
	    "server bind s1 local=[::]:80 = 0", "server listen s1 value=8 = 0",
	    "client socket s3", "client connect s3 10.0.1.2:80 = 0");
	script(HOSTS, "server socket s1 domain=AF_INET6",
	    "server setsockopt s1 option=IPV6_V6ONLY value=1 = 0",
	    "server bind s1 local=[::]:80 = 0", "server listen s1 value=8 = 0",
	    "client socket s3",
	    "client connect s3 10.0.1.2:80 = 0 -> defer listener");
}

static void
refusals(void)
{
	/* connect_refused: nothing listens */
	script(HOSTS, "client socket s3",
	    "client connect s3 10.0.1.2:80 = -1 ECONNREFUSED", "end server",
	    "end client", "finish ! ECONNREFUSED", "conn opened=refused");
	/* a listener on the loopback does not cover it */
	script(HOSTS, "server socket s1",
	    "server bind s1 local=127.0.0.1:80 = 0",
	    "server listen s1 value=8 = 0", "client socket s3",
	    "client connect s3 10.0.1.2:80 = -1 ECONNREFUSED", "end server",
	    "end client", "finish ! ECONNREFUSED");
	/* one covers it: it may be released before */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 = -1 ECONNREFUSED -> defer release",
	    "server release s1 cause=close wakes",
	    "client connect s3 10.0.1.2:80 = -1 ECONNREFUSED", "end server",
	    "end client", "finish ! ECONNREFUSED");
	/* ... or the refusal came in spite of it */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 = -1 ECONNREFUSED -> take",
	    "end server", "end client", "finish ! CONN_REFUSED_LISTENING-");
	/* ... the clocks say that it closed later, and a connect, that it had
	   opened, though no answer bounds them in the other direction */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000"
	    " time=5000000000 = 0",
	    "server accept s1 10.0.2.2:4000 made=s2 time=1000000000 = 4",
	    "client write s3 \"a\" time=5000001000 duration=1000 = 1",
	    "server read s2 \"a\" time=2000003000 duration=1000 = 1",
	    "client socket s4",
	    "client connect s4 10.0.1.2:80 time=6000000000 duration=1000"
	    " = -1 ECONNREFUSED -> defer release",
	    "server release s1 cause=kill time=9000000000 wakes",
	    "client connect s4 10.0.1.2:80 time=6000000000 duration=1000"
	    " = -1 ECONNREFUSED",
	    "end server", "end client", "finish ! CONN_REFUSED_LISTENING");
	/* ... which the clocks do not say of this one */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000"
	    " time=5000000000 = 0",
	    "server accept s1 10.0.2.2:4000 made=s2 time=1000000000 = 4",
	    "client write s3 \"a\" time=5000001000 duration=1000 = 1",
	    "server read s2 \"a\" time=2000003000 duration=1000 = 1",
	    "client socket s4",
	    "client connect s4 10.0.1.2:80 time=6000000000 duration=1000"
	    " = -1 ECONNREFUSED -> defer release",
	    "server release s1 cause=kill time=1900000000 wakes",
	    "client connect s4 10.0.1.2:80 time=6000000000 duration=1000"
	    " = -1 ECONNREFUSED",
	    "end server", "end client", "finish ! ECONNREFUSED");
	/* other outcomes */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 = -1 ETIMEDOUT ! CONN_TIMEOUT");
	script(HOSTS, "client socket s3",
	    "client connect s3 10.0.1.2:80 = -1 EHOSTUNREACH"
	    " ! CONN_UNREACHABLE");
	script(HOSTS, "client socket s3",
	    "client connect s3 10.0.1.2:0 = -1 ECONNREFUSED"
	    " ! INVALID_PORT");
}

static void
nonblocking(void)
{
	/* connect_inprogress, and its outcome by SO_ERROR */
	script(HOSTS, LISTENS, "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS",
	    "client poll ready=s3:OUT timeout=-1 = 1",
	    "client getsockopt s3 option=SO_ERROR value=0 = 0");
	script(HOSTS, "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS",
	    "client poll ready=s3:OUT+ERR+HUP timeout=-1 = 1",
	    "client getsockopt s3 option=SO_ERROR value=111 = 0", "end server",
	    "end client", "finish ! ECONNREFUSED");
	/* an accept takes it while it floats, and proves it */
	script(HOSTS, LISTENS, "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000"
	    " = -1 EINPROGRESS",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4",
	    "client getsockopt s3 option=SO_ERROR value=0 = 0");
	/* never completed */
	script(HOSTS, LISTENS, "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS",
	    "client release s3 cause=close ! CONN_NEVER_COMPLETED");
	/* completed, and then never accepted */
	script(HOSTS, LISTENS, "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS",
	    "client getsockopt s3 option=SO_ERROR value=0 = 0", "end client",
	    "end server", "finish", "conn opened=pending");
}

/* Its outcome was looked for in calls that were not traced. */
static void
unseen_outcome(void)
{
	/* The accept may be its own: the release lets it go first. */
	script(HOSTS, LISTENS, "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 -> defer connect",
	    "client release s3 cause=exit -> defer accept",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 -> take wakes",
	    "client release s3 cause=exit", "end client", "end server",
	    "finish", "conn opened=connected match=host");
	script(HOSTS, LISTENS, "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 -> defer connect",
	    "client shutdown s3 value=1 = 0 -> defer accept",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 -> take wakes",
	    "client shutdown s3 value=1 = 0", "server read s2 = 0");
	/* Another one's, which comes later: then it was given up. */
	script(HOSTS, LISTENS, "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 -> defer connect",
	    "client socket s4",
	    "client connect s4 10.0.1.2:80 local=10.0.2.2:4000 = 0 wakes",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4",
	    "client release s3 cause=close ! CONN_NEVER_COMPLETED");
}

#define NO_TIME "time=-9223372036854775808"

static void
binds(void)
{
	script(HOSTS, LISTENS, "server socket s2",
	    "server bind s2 local=0.0.0.0:80 = -1 EADDRINUSE", "end server",
	    "end client", "finish ! EADDRINUSE");
	/* The same socket gets the next one, however late. */
	script(HOSTS, LISTENS, "server socket s2",
	    "server bind s2 local=0.0.0.0:80 = -1 EADDRINUSE",
	    "server bind s2 local=0.0.0.0:81 time=9000000000 = 0"
	    " ! EADDRINUSE-",
	    "dev EADDRINUSE retried=1");
	/* It looks for one that only root gets, or for any. */
	script(HOSTS, "server socket s2",
	    "server bind s2 local=0.0.0.0:951 = -1 EADDRINUSE",
	    "server bind s2 local=0.0.0.0:952 = 0 ! EADDRINUSE-",
	    "dev EADDRINUSE retried=1 searched=1");
	script(HOSTS, "server socket s2 type=SOCK_DGRAM",
	    "server bind s2 local=0.0.0.0:8888 = -1 EADDRINUSE",
	    "server bind s2 local=0.0.0.0:8889 = 0 ! EADDRINUSE-",
	    "dev EADDRINUSE retried=1 searched=1");
	/* Another one does, at once: no time need tell so. */
	script(HOSTS, LISTENS, "server socket s2",
	    "server bind s2 local=0.0.0.0:80 " NO_TIME " = -1 EADDRINUSE",
	    "server socket s3 " NO_TIME,
	    "server bind s3 local=0.0.0.0:81 " NO_TIME " = 0 ! EADDRINUSE-",
	    "dev EADDRINUSE retried=1");
	script(HOSTS, LISTENS, "server socket s2",
	    "server bind s2 local=0.0.0.0:80 " NO_TIME " = -1 EADDRINUSE",
	    "server socket s3 " NO_TIME,
	    "server bind s3 local=10.0.1.2:81 " NO_TIME " = 0", "end server",
	    "end client", "finish ! EADDRINUSE", "dev EADDRINUSE retried=0");
	/* It has the port already, in the other family. */
	script(HOSTS, "server socket s1 process=8",
	    "server bind s1 local=0.0.0.0:80 process=8 = 0",
	    "server listen s1 value=8 process=8 = 0",
	    "server socket s2 domain=AF_INET6 process=8",
	    "server bind s2 local=[::]:80 process=8 = -1 EADDRINUSE",
	    "end server", "end client", "finish ! EADDRINUSE-",
	    "dev EADDRINUSE holder=traced served=1");
	script(HOSTS, "server socket s1",
	    "server bind s1 local=10.9.9.9:80 = -1 EADDRNOTAVAIL"
	    " ! EADDRNOTAVAIL");
	script(HOSTS, "server socket s1",
	    "server bind s1 local=0.0.0.0:80 = -1 EACCES", "end server",
	    "end client", "finish ! EACCES");
	script("host server 10.0.1.2",
	    "server socket s1 = -1 EMFILE ! FD_EXHAUSTED");
}

/* A refusal that is told when somebody has begun to listen. */
static void
refused_before(void)
{
	script(HOSTS, "server socket s1", "server bind s1 local=0.0.0.0:80 = 0",
	    "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS",
	    "server listen s1 value=1 = 0",
	    "client connect s3 10.0.1.2:80 = -1 ECONNREFUSED", "end client",
	    "end server", "finish ! ECONNREFUSED",
	    "dev ECONNREFUSED reason=opened_later unsure=1 causes=listen");
	script(HOSTS, "server socket s1", "server bind s1 local=0.0.0.0:80 = 0",
	    "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS",
	    "server listen s1 value=1 = 0",
	    "client getsockopt s3 option=SO_ERROR value=111 = 0", "end client",
	    "end server", "finish ! ECONNREFUSED",
	    "dev ECONNREFUSED reason=opened_later causes=listen");
	/* What the client had heard proves that it had been closed. */
	script(CONNECTED, "server socket s5",
	    "server bind s5 local=0.0.0.0:81 = 0",
	    "server listen s5 value=1 = 0", "server close s5 = 0",
	    "server release s5 cause=close", "server write s2 \"bye\" = 3",
	    "client read s3 \"bye\" = 3", "client socket s6",
	    "client connect s6 10.0.1.2:81 = -1 ECONNREFUSED", "end client",
	    "end server", "finish ! ECONNREFUSED",
	    "dev ECONNREFUSED reason=closed_before open_to_end=1 "
	    "causes=release");
	/* Not without it: a filter may have refused it before. */
	script(HOSTS, "server socket s5", "server bind s5 local=0.0.0.0:81 = 0",
	    "server listen s5 value=1 = 0", "server close s5 = 0",
	    "server release s5 cause=close", "client socket s6",
	    "client connect s6 10.0.1.2:81 = -1 ECONNREFUSED", "end client",
	    "end server", "finish ! ECONNREFUSED",
	    "dev ECONNREFUSED reason=closed_before unsure=1 causes=release");
}

/* The clocks of the two hosts show that it listened all the while. */
static void
refused_meanwhile(void)
{
#define MEANWHILE \
	HOSTS, "server socket s1 time=1000000000", \
	    "server bind s1 local=0.0.0.0:80 time=1000000000 = 0", \
	    "server listen s1 value=1 time=1000000000 = 0", \
	    "server socket s4 time=1000000000", \
	    "server bind s4 local=0.0.0.0:81 time=1000000000 = 0", \
	    "server listen s4 value=1 time=1000000000 = 0", \
	    "client socket s3", \
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 " \
	    "time=2000000000 duration=1000 = 0", \
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 " \
	    "time=2000000000 duration=1000 = 4", \
	    "client write s3 \"a\" time=2000010000 duration=1000 = 1", \
	    "server read s2 \"a\" time=2000010000 duration=1000 = 1", \
	    "server write s2 \"b\" time=2000020000 duration=1000 = 1", \
	    "client read s3 \"b\" time=2000020000 duration=1000 = 1", \
	    "client socket s5 time=3000000000"

	/* In the order its refusal comes after the end of the listener. */
	script(MEANWHILE, "server release s4 cause=exit time=4000000000",
	    "client connect s5 10.0.1.2:81 time=3000001000 duration=1000 "
	    "= -1 ECONNREFUSED",
	    "end client", "end server", "finish ! CONN_REFUSED_LISTENING",
	    "dev CONN_REFUSED_LISTENING open_before=1 open_after=1");
	script(MEANWHILE, "server release s4 cause=exit time=2900000000",
	    "client connect s5 10.0.1.2:81 time=3000001000 duration=1000 "
	    "= -1 ECONNREFUSED",
	    "end client", "end server", "finish ! ECONNREFUSED",
	    "dev ECONNREFUSED reason=closed_before");
}

int
main(void)
{
	refused_meanwhile();
	refused_before();
	connects();
	refusals();
	nonblocking();
	unseen_outcome();
	binds();
	return done();
}
