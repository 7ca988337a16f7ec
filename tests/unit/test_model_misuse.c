/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model: connects of an odd kind, and sockets taken for what they are
 * not.
 */
#include "model_kit.h"

#define NONBLOCKING \
	HOSTS, LISTENS, "client socket s3 flags=0x800", \
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = -1 " \
	    "EINPROGRESS"

static void
test_self(void)
{
	/* Bound to the very port; told by the connect; by a later name. */
	script(HOSTS, "client socket s3",
	    "client bind s3 local=127.0.0.1:4000 = 0",
	    "client connect s3 127.0.0.1:4000 = 0 ! SELF_CONNECT",
	    "client sendto s3 \"hello\" = 5",
	    "client recvfrom s3 \"hello\" asked=9 = 5",
	    "client shutdown s3 value=1 = 0", "client recvfrom s3 asked=9 = 0",
	    "finish");
	script(HOSTS, "client socket s3",
	    "client bind s3 local=0.0.0.0:4000 = 0",
	    "client connect s3 127.0.0.1:4000 = 0 ! SELF_CONNECT");
	script(HOSTS, "client socket s3",
	    "client connect s3 127.0.0.1:4000 local=127.0.0.1:4000 = 0 "
	    "! SELF_CONNECT");
	script(HOSTS, "client socket s3",
	    "client connect s3 127.0.0.1:4000 = 0 -> take ! NO_LISTENER_SEEN-",
	    "client getsockname s3 local=127.0.0.1:4000 = 0 ! SELF_CONNECT");
	script(HOSTS, "client socket s3 flags=0x800",
	    "client connect s3 127.0.0.1:4000 local=127.0.0.1:4000 = -1 "
	    "EINPROGRESS",
	    "client poll ready=s3:OUT timeout=9 = 1 -> take ! SELF_CONNECT");
	/* The same port of another address or host is another's. */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:80 = 0");
	script(HOSTS, LISTENS, "server socket s3",
	    "server connect s3 127.0.0.1:80 local=127.0.0.2:80 = 0");
}

static void
test_wildcard(void)
{
	/* A program that wakes its own processes. */
	script(HOSTS, LISTENS, "server socket s3",
	    "server connect s3 0.0.0.0:80 = 0 ! WILDCARD_DEST-");
	script(HOSTS, "server execve process=10 = 0",
	    "server execve process=20 = 0", "server socket s1 process=10",
	    "server bind s1 process=10 local=0.0.0.0:80 = 0",
	    "server listen s1 process=10 value=8 = 0",
	    "server socket s3 process=20",
	    "server connect s3 process=20 0.0.0.0:80 = 0 ! WILDCARD_DEST");
	/* ... or goes on asking itself while it ends. */
	script(HOSTS, LISTENS, "server release s1 cause=close",
	    "server socket s3 flags=2048",
	    "server connect s3 0.0.0.0:80 = -1 ECONNREFUSED ! WILDCARD_DEST-");
	/* A listener on the loopback address takes it. */
	script(HOSTS, "server socket s1",
	    "server bind s1 local=127.0.0.1:80 = 0",
	    "server listen s1 value=8 = 0", "server socket s3",
	    "server connect s3 0.0.0.0:80 = 0 ! WILDCARD_DEST-");
}

static void
test_unspec(void)
{
	/* It resets the peer, and the socket may connect again. */
	script(CONNECTED, "client connect s3 unspec = 0",
	    "server recvfrom s2 asked=9 = -1 ECONNRESET ! CONN_RESET-",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4001 = 0",
	    "server accept s1 10.0.2.2:4001 made=s4 = 5",
	    "client sendto s3 \"hello\" = 5",
	    "server recvfrom s4 \"hello\" asked=9 = 5");
	/* A listener ends to listen. */
	script(HOSTS, LISTENS, "server connect s1 unspec = 0",
	    "client socket s3",
	    "client connect s3 10.0.1.2:80 = 0 -> defer listener");
}

static void
test_used_too_early(void)
{
	script(NONBLOCKING,
	    "client sendto s3 \"hi\" = -1 EAGAIN ! CONNECT_MISUSE",
	    "client sendto s3 \"hi\" = -1 EAGAIN");
	/* A wait that is not shown may have seen it end. */
	script(NONBLOCKING,
	    "client recvfrom s3 asked=9 = -1 EAGAIN ! CONNECT_MISUSE-");
	script(NONBLOCKING, "client socket s9 type=SOCK_DGRAM",
	    "client poll ready=s9:OUT timeout=-1 = 1",
	    "client recvfrom s3 asked=9 = -1 EAGAIN ! CONNECT_MISUSE");
	/* Neither does one of which the tracer cut out what was ready. */
	script(NONBLOCKING, "client socket s9 type=SOCK_DGRAM",
	    "client poll timeout=0 marks=1048576 = 1",
	    "client poll ready=s9:OUT timeout=-1 = 1",
	    "client recvfrom s3 asked=9 = -1 EAGAIN ! CONNECT_MISUSE-");
	script(NONBLOCKING,
	    "client connect s3 10.0.1.2:80 = -1 EALREADY ! CONNECT_MISUSE");
	/* It had looked; it was seen to be writable; it just works. */
	script(NONBLOCKING, "client poll ready=s3: timeout=9 = 0",
	    "client connect s3 10.0.1.2:80 = -1 EALREADY");
	script(NONBLOCKING, "client poll ready=s3:OUT timeout=9 = 1",
	    "client recvfrom s3 asked=9 = -1 EAGAIN");
	script(NONBLOCKING, "client sendto s3 \"hi\" = 2");
	/* A signal had ended the wait: that is another matter. */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 = -1 EINTR ! EINTR-",
	    "client connect s3 10.0.1.2:80 = -1 EALREADY");
}

static void
test_used_after_failure(void)
{
#define REFUSED \
	HOSTS, "client socket s3 flags=0x800", \
	    "client connect s3 10.0.9.2:81 = -1 EINPROGRESS", \
	    "client getsockopt s3 option=SO_ERROR value=111 = 0 " \
	    "! ECONNREFUSED"
	script(REFUSED, "client sendto s3 \"hi\" = -1 EPIPE ! CONNECT_MISUSE");
	script(REFUSED, "client recvfrom s3 asked=9 = 0 ! CONNECT_MISUSE");
	script(REFUSED, "client release s3 cause=close = 0");
	/* Shutting down an attempt ends it. */
	script(NONBLOCKING,
	    "client shutdown s3 value=1 = 0 ! CONN_NEVER_COMPLETED",
	    "client sendto s3 \"hi\" = -1 ECONNRESET");
}

static void
test_attempts(void)
{
	script(NONBLOCKING, "client socket s4 flags=0x800",
	    "client connect s4 10.0.1.2:80 = -1 EINPROGRESS "
	    "! OVERLAPPING_CONNECTS-");
	script(NONBLOCKING, "client socket s4 flags=0x800",
	    "client connect s4 10.0.1.2:81 = -1 EINPROGRESS");
	script(NONBLOCKING, "client socket s4 flags=0x800 process=7",
	    "client connect s4 10.0.1.2:80 process=7 = -1 EINPROGRESS");
	script(NONBLOCKING,
	    "client release s3 cause=close = 0 "
	    "! CONN_NEVER_COMPLETED",
	    "client socket s4 flags=0x800",
	    "client connect s4 10.0.1.2:80 = -1 EINPROGRESS");
	/* SO_SNDTIMEO ends a connect so; without it the flag is not shown. */
	script(HOSTS, LISTENS, "client socket s3",
	    "client setsockopt s3 option=SO_SNDTIMEO value=50000000 = 0",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS ! RECV_TIMEOUT");
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS "
	    "! EXPECTED_BLOCKING-");
}

static void
test_fast_open(void)
{
	script(HOSTS, LISTENS, "client socket s3",
	    "client sendto s3 10.0.1.2:80 \"hello\" flags=0x20000000 "
	    "local=10.0.2.2:4000 = 5",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4",
	    "server recvfrom s2 \"hello\" asked=9 = 5", "finish");
	script(HOSTS, LISTENS, "client socket s3 flags=0x800",
	    "client sendto s3 10.0.1.2:80 \"hello\" flags=0x20000000 = -1 "
	    "EINPROGRESS",
	    "client poll ready=s3:OUT timeout=9 = 1",
	    "client sendto s3 \"hello\" = 5");
	script(HOSTS, LISTENS, "client socket s3",
	    "client setsockopt s3 option=TCP_FASTOPEN_CONNECT value=1 = 0",
	    "client connect s3 10.0.1.2:80 = 0",
	    "client sendto s3 \"hello\" = -1 EINPROGRESS",
	    "client sendto s3 \"hello\" = 5");
}

static void
test_blocking(void)
{
	/* Where calls that set flags are shown, this one must be missing. */
	script(CONNECTED,
	    "server recvfrom s2 asked=9 = -1 EAGAIN ! EXPECTED_BLOCKING-",
	    "server recvfrom s2 asked=9 = -1 EAGAIN");
	script(CONNECTED, "server fcntl s1 option=F_SETFL value=1 = 0",
	    "server recvfrom s2 asked=9 = -1 EAGAIN ! EXPECTED_BLOCKING");
	script(CONNECTED, "server fcntl s2 option=F_SETFL value=1 = 0",
	    "server recvfrom s2 asked=9 = -1 EAGAIN");
	script(CONNECTED, "server fcntl s1 option=F_SETFL value=1 = 0",
	    "server recvfrom s2 flags=0x40 asked=9 = -1 EAGAIN",
	    "server recvmsg s2 flags=0x2000 asked=9 = -1 EAGAIN");
}

#define EVENTS \
	HOSTS, LISTENS, "server fcntl s1 option=F_SETFL value=1 = 0", \
	    "client socket s3", \
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0", \
	    "server accept s1 10.0.2.2:4000 made=s2 = 4", \
	    "client sendto s3 \"hello\" = 5", \
	    "server poll ready=s2:IN timeout=9 = 1", \
	    "server recvfrom s2 \"hello\" asked=9 = 5", \
	    "client sendto s3 \"again\" = 5"

static void
test_inherited(void)
{
	script(EVENTS,
	    "server recvfrom s2 \"again\" asked=9 duration=2000000000 = 5 "
	    "! COULD_HAVE_BLOCKED");
	script(EVENTS,
	    "server recvfrom s2 \"again\" asked=9 duration=2000000 = 5");
	/* Told of bytes; the flag is its own. */
	script(EVENTS, "server poll ready=s2:IN timeout=9 = 1",
	    "server recvfrom s2 \"again\" asked=9 duration=2000000000 = 5");
	script(EVENTS, "server fcntl s2 option=F_SETFL value=0 = 0",
	    "server recvfrom s2 \"again\" asked=9 duration=2000000000 = 5");
}

int
main(void)
{
	test_self();
	test_wildcard();
	test_unspec();
	test_used_too_early();
	test_used_after_failure();
	test_attempts();
	test_fast_open();
	test_blocking();
	test_inherited();
	return done();
}
