/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's rows for data on streams (model.md 3.4, 3.5).
 */
#include "model_kit.h"

static void
bytes(void)
{
	/* send_ok, recv_ok; a receive waits for its bytes */
	script(CONNECTED, "client write s3 \"hello\" = 5",
	    "server read s2 \"hello\" = 5");
	script(CONNECTED, "server read s2 \"hello\" = 5 -> park bytes",
	    "client write s3 \"hel\" = 3", "client write s3 \"lo\" = 2 wakes",
	    "server read s2 \"hello\" = 5");
	/* pieces may differ */
	script(CONNECTED, "client write s3 \"hello\" = 5",
	    "server read s2 \"he\" = 2", "server recvmsg s2 \"llo\" = 3",
	    "server read s2 \"x\" = 1 -> park bytes");
	/* the two directions are apart */
	script(CONNECTED, "client write s3 \"hello\" = 5",
	    "client read s3 \"hello\" = 5 -> park bytes");
	/* nobody sent them, and nobody can any more */
	script(CONNECTED, "end client",
	    "server read s2 \"hello\" = 5 ! MSGNOTSENT");
	/* ... if that can be known */
	script(CONNECTED, "end client cut=1",
	    "server read s2 \"hello\" = 5 ! INCOMPLETE_TRACE-");
	/* other bytes */
	script(CONNECTED, "client write s3 \"Hello\" = 5",
	    "server read s2 \"Hola!\" = 5 ! MSG_DONT_MATCH");
	/* only what both sides know is compared */
	script(CONNECTED, "client write s3 \"Hel\" asked=5 = 5",
	    "server read s2 \"Helmo\" asked=5 = 5");
	script(CONNECTED, "client write s3 \"Hel\" asked=5 = 5",
	    "server read s2 \"Ham\" asked=5 = 5 ! MSG_DONT_MATCH");
	/* after a difference of equal length the rest is as it should be */
	script(CONNECTED, "client write s3 \"Hello\" = 5",
	    "client write s3 \"world\" = 5",
	    "server read s2 \"Hola!\" = 5 ! MSG_DONT_MATCH",
	    "server read s2 \"world\" = 5");
	/* a peek takes nothing away */
	script(CONNECTED, "client write s3 \"hello\" = 5",
	    "server recvfrom s2 \"hello\" flags=2 = 5",
	    "server recvfrom s2 \"hello\" = 5");
}

/* Payload of hosts with other keys, or without, looks different anyway. */
static void
keys(void)
{
#define BETWEEN(a, b) \
	"host client " a " 10.0.2.2", "host server " b " 10.0.1.2", LISTENS, \
	    "client socket s3", \
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0", \
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 = 4", \
	    "client write s3 \"Hello\" clear= = 5"

	script(BETWEEN("redacted=a", "redacted=a"),
	    "server read s2 \"Hola!\" clear= = 5 ! MSG_DONT_MATCH");
	script(BETWEEN("redacted=a", "redacted=b"),
	    "server read s2 \"Hola!\" clear= = 5", "end client", "end server",
	    "finish", "conn match=exact elastic=0");
	script(
	    BETWEEN("", "redacted=b"), "server read s2 \"Hola!\" clear= = 5");
	script(BETWEEN("redacted=b", ""), "server read s2 \"Hola!\" = 5");
	/* lengths count as always */
	script(BETWEEN("redacted=a", "redacted=b"),
	    "server read s2 \"Hola!!\" clear= = 6 -> park bytes");
}

static void
early(void)
{
	/* A send in progress is placed before its end, and settled there. */
	script(CONNECTED, "begin client write s3 \"hello\" thread=7",
	    "server read s2 \"hel\" = 3 -> park bytes",
	    "early client write s3 \"hello\" thread=7 wakes",
	    "server read s2 \"hel\" = 3",
	    "client write s3 \"hello\" thread=7 = 4",
	    "server read s2 \"l\" = 1",
	    "server read s2 \"o\" = 1 -> park bytes");
	/* Without its begin it takes effect at its end. */
	script(CONNECTED, "begin client write s3 \"hello\" thread=7",
	    "client write s3 \"hello\" thread=7 = 5",
	    "server read s2 \"hello\" = 5",
	    "server read s2 \"h\" = 1 -> park bytes");
	/* the begin of a sendfile does not tell how much it will send */
	script(CONNECTED, "begin client sendfile s3 thread=7",
	    "server read s2 = 5000 -> park bytes",
	    "early client sendfile s3 thread=7 wakes", "server read s2 = 5000",
	    "client sendfile s3 thread=7 asked=9000 = 6000",
	    "server read s2 = 1000", "server read s2 = 9 -> park bytes");
}

/* What two threads sent at once is known by its length. */
static void
concurrent(void)
{
	/* the one that began first ended last: lines 11, 12, 13 */
	script(CONNECTED, "begin client write s3 \"hello\" thread=7",
	    "client write s3 \"abc\" thread=8 = 3",
	    "client write s3 \"hello\" thread=7 = 5 ! CONCURRENT_SEND-",
	    "dev CONCURRENT_SEND causes=write",
	    "server read s2 \"heabcllo\" = 8", "client write s3 \"x\" = 1",
	    "server read s2 \"y\" = 1 ! MSG_DONT_MATCH");
	/* one after the other */
	script(CONNECTED, "client write s3 \"abc\" thread=8 = 3",
	    "client write s3 \"hello\" thread=7 = 5",
	    "server read s2 \"heabcllo\" = 8 ! MSG_DONT_MATCH");
	/* one that is placed early overlaps whatever comes before its end */
	script(CONNECTED, "begin client write s3 asked=100000 thread=7",
	    "server read s2 \"hel\" = 3 -> park bytes",
	    "early client write s3 asked=100000 thread=7 wakes",
	    "server read s2 \"hel\" = 3",
	    "client write s3 \"abc\" thread=8 = 3 ! CONCURRENT_SEND-",
	    "client write s3 asked=100000 thread=7 = 100000",
	    "server read s2 = 99990", "server read s2 \"lcballo\" = 7");
}

/* More than fits, and less than it wanted. */
static void
lengths(void)
{
	script(CONNECTED, "client write s3 \"hello\" = 5",
	    "server read s2 \"hello\" asked=4 = 5 ! MSG_BIGGER_THAN_BUFFER");
	script(CONNECTED, "client write s3 \"hello\" = 5",
	    "server recvfrom s2 \"hel\" asked=5 flags=256 = 3",
	    "server recvfrom s2 \"lo\" asked=5 = 2 "
	    "! UNEXPECTED_RETURN_VALUE-");
	/* an end came in between; or it was not to wait */
	script(CONNECTED, "client write s3 \"hello\" = 5",
	    "client shutdown s3 value=1 = 0",
	    "server recvfrom s2 \"hello\" asked=9 flags=256 = 5",
	    "server recvfrom s2 asked=9 flags=256 = 0");
	script(CONNECTED, "client write s3 \"hello\" = 5",
	    "server recvfrom s2 \"hel\" asked=5 flags=320 = 3",
	    "server recvfrom s2 \"lo\" asked=5 = 2");
}

static void
failures(void)
{
	script(CONNECTED, "server read s2 = -1 EAGAIN ! EXPECTED_BLOCKING-");
	script(CONNECTED,
	    "server setsockopt s2 option=SO_RCVTIMEO value=1000000 = 0",
	    "server read s2 = -1 EAGAIN");
	script(HOSTS, "client socket s3",
	    "client read s3 = -1 ENOTCONN ! ENOTCONN");
	/* It asked before, as what wraps sockets in TLS does */
	script(HOSTS, "client socket s3", "client getpeername s3 = -1 ENOTCONN",
	    "client read s3 = -1 ENOTCONN ! ENOTCONN-");
	script(HOSTS, "client socket s3",
	    "client sendto s3 \"a\" = -1 EPIPE ! ENOTCONN");
	script(HOSTS, "client socket s3",
	    "client sendto s3 \"a\" = 1 ! UNEXPECTED_SUCCESS-",
	    "client sendto s3 \"b\" = 1");
	script(CONNECTED, "client write s3 \"abc\" = -1 ETIMEDOUT ! CONN_DIED");
	/* recv_reset: it waits for a cause, and blames the network last */
	script(CONNECTED, "client read s3 = -1 ECONNRESET -> defer reset",
	    "end server wakes",
	    "client read s3 = -1 ECONNRESET ! RESET_BY_NETWORK");
	/* ... which the clocks say was over before the peer closed */
	script(CONNECTED, "client write s3 \"ask\" = 3",
	    "server read s2 \"ask\" = 3", "server write s2 \"abc\" = 3",
	    "client read s3 \"abc\" = 3", "client write s3 \"bye\" = 3",
	    "server release s2 cause=close time=9000000000",
	    "client read s3 time=2000000001 duration=nil until=2001000000"
	    " = -1 ECONNRESET ! RESET_BY_NETWORK");
	script(CONNECTED, "client write s3 \"ask\" = 3",
	    "server read s2 \"ask\" = 3", "server write s2 \"abc\" = 3",
	    "client read s3 \"abc\" = 3", "client write s3 \"bye\" = 3",
	    "server release s2 cause=close time=9000000000",
	    "client read s3 time=2000000000 duration=nil"
	    " = -1 ECONNRESET ! NONEMPTY_BUFFER CONN_RESET");
}

static void
urgent(void)
{
	/* recv_oob: a copy of the byte; the next receive passes over it */
	script(CONNECTED, "client sendto s3 \"ab!\" flags=1 = 3",
	    "client sendto s3 \"cd\" = 2", "server recvfrom s2 \"ab\" = 2",
	    "server recvfrom s2 \"!\" flags=1 = 1 ! OOB_DATA-",
	    "server recvfrom s2 flags=1 = -1 EINVAL ! INVALID_OOB_FLAG",
	    "server recvfrom s2 \"cd\" = 2");
	script(CONNECTED, "server recvfrom s2 \"!\" flags=1 = 1 -> park urgent",
	    "client sendto s3 \"!\" flags=1 = 1 wakes",
	    "server recvfrom s2 \"!\" flags=1 = 1 ! OOB_DATA-",
	    "server release s2", "client release s3");
	/* read past: gone */
	script(CONNECTED, "client sendto s3 \"ab!\" flags=1 = 3",
	    "client sendto s3 \"cd\" = 2", "server recvfrom s2 \"ab\" = 2",
	    "server recvfrom s2 \"cd\" = 2 ! OOB_LOST");
	script(CONNECTED, "client sendto s3 \"ab!\" flags=1 = 3",
	    "client release s3", "server recvfrom s2 \"ab\" = 2",
	    "server recvfrom s2 = 0 ! OOB_LOST");
	/* in the stream, as asked for */
	script(CONNECTED,
	    "server setsockopt s2 option=SO_OOBINLINE value=1 = 0",
	    "client sendto s3 \"ab!\" flags=1 = 3",
	    "server recvfrom s2 flags=1 = -1 EINVAL ! INVALID_OOB_FLAG",
	    "server recvfrom s2 \"ab\" = 2", "server recvfrom s2 \"!\" = 1");
	/* a newer one before the first was reached, or just then */
	script(CONNECTED, "client sendto s3 \"ab!\" flags=1 = 3",
	    "client sendto s3 \"cd?\" flags=1 = 3",
	    "server recvfrom s2 \"?\" flags=1 = 1 ! OOB_DATA-",
	    "server recvfrom s2 \"ab!cd\" = 5 ! OOB_LOST",
	    "client sendto s3 \"z\" = 1", "server recvfrom s2 \"z\" = 1");
	script(CONNECTED, "client sendto s3 \"!\" flags=1 = 1",
	    "client sendto s3 \"cd?\" flags=1 = 3",
	    "server recvfrom s2 \"cd\" = 2 ! OOB_LOST");
	/* only an urgent byte is left: that is not unread data */
	script(CONNECTED, "client sendto s3 \"ab!\" flags=1 = 3",
	    "server recvfrom s2 \"ab\" = 2", "server release s2",
	    "client read s3 = 0 ! CLOSED_NO_REPLY", "client release s3",
	    "finish");
	/* ... nor may be, of a peer that is in no trace */
	script(HOSTS, LISTENS,
	    "server accept s1 192.0.2.9:4000 local=10.0.1.2:80 made=s2 = 4"
	    " -> defer connect",
	    "server accept s1 192.0.2.9:4000 local=10.0.1.2:80 made=s2 = 4"
	    " -> take",
	    "server recvfrom s2 flags=1 = -1 EINVAL ! INVALID_OOB_FLAG",
	    "dev INVALID_OOB_FLAG reason=unknown",
	    "server recvfrom s2 \"!\" flags=1 = 1",
	    "server recvfrom s2 flags=1 = -1 EINVAL ! INVALID_OOB_FLAG",
	    "dev INVALID_OOB_FLAG reason=read read=1");
	/* nothing urgent was ever sent; sockets that know no urgent data */
	script(CONNECTED, "client sendto s3 \"ab\" = 2",
	    "server recvfrom s2 flags=1 = -1 EINVAL ! INVALID_OOB_FLAG");
	script(HOSTS, "client socket s3 type=SOCK_DGRAM",
	    "client sendto s3 10.0.1.2:9 \"a\" flags=1 = -1 EOPNOTSUPP"
	    " ! EOPNOTSUPP",
	    "client recvfrom s3 flags=1 = -1 EOPNOTSUPP ! EOPNOTSUPP");
}

/* A child that the tracer does not follow has the connection: 512. */
static void
handed(void)
{
	script(CONNECTED, "client sendto s3 \"ask\" = 3", "server close s2 = 0",
	    "server release s2 cause=close marks=512",
	    "client recvfrom s3 \"answer\" = 6 ! INCOMPLETE_TRACE-",
	    "client recvfrom s3 asked=9 = 0", "client release s3 cause=close",
	    "end client", "end server", "finish");
}

/* What -e trace=network does not show may have been done: 262144. */
static void
lean(void)
{
	/* A write, and a close. */
	script(HOSTS, LISTENS, "client socket s3 marks=262144",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0",
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 = 4",
	    "server recvfrom s2 \"hello\" = 5 -> defer bytes",
	    "server recvfrom s2 \"hello\" = 5 -> take"
	    " ! INCOMPLETE_TRACE-",
	    "server recvfrom s2 asked=9 = 0 -> defer end");
	script(CONNECTED, "server recvfrom s2 \"hello\" = 5 -> park bytes");
	/* How a connect in the background ended: its accept tells. */
	script(HOSTS, LISTENS, "client socket s3 marks=262144 flags=2048",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = -1 "
	    "EINPROGRESS",
	    "client release s3 cause=exit -> defer accept",
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 = 4"
	    " wakes",
	    "client release s3 cause=exit", "end client", "end server",
	    "finish");
	script(HOSTS, LISTENS, "client socket s3 marks=262144 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS", "end server",
	    "client release s3 cause=exit ! CONN_NEVER_COMPLETED-");
}

int
main(void)
{
	handed();
	lean();
	urgent();
	bytes();
	keys();
	early();
	concurrent();
	lengths();
	failures();
	return done();
}
