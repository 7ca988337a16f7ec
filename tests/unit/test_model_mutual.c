/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ends that wait for each other, and connections that were quiet before what
 * was lost.
 */
#include "model_kit.h"

/* Single-threaded: the thread is the process. */
#define C "thread=7 process=7"
#define S "thread=8 process=8"

static void
both_wait(void)
{
	/* The client is ended, and so the server's wait. */
	script(CONNECTED, "client write s3 \"ask\" " C " = 3",
	    "server read s2 \"ask\" " S " = 3",
	    "client read s3 " C " duration=7000000000 marks=4 = nil",
	    "client release s3 cause=kill " C " = nil",
	    "server read s2 " S " duration=6900000000 = 0",
	    "server release s2 cause=exit " S " = nil ! BLOCKED_AT_END",
	    "dev BLOCKED_AT_END mutual=1 waited=7000000000 "
	    "peer_waited=6900000000 last=client threads=0 sending=0 "
	    "causes=read,write");
	/* How long the server waited only the times of both ends tell. */
	script(CONNECTED, "client write s3 \"ask\" " C " time=1000000000 = 3",
	    "server read s2 \"ask\" " S " time=1000000000 duration=nil = 3",
	    "client read s3 " C
	    " time=1000000000 duration=7000000000 marks=4 = nil",
	    "client release s3 cause=kill " C " time=8000000000 = nil",
	    "server read s2 " S " time=1100000000 duration=nil = 0",
	    "server release s2 cause=exit " S
	    " time=8000000000 = nil ! BLOCKED_AT_END",
	    "dev BLOCKED_AT_END mutual=1 waited=7000000000");
	script(CONNECTED, "client write s3 \"ask\" " C " time=1000000000 = 3",
	    "server read s2 \"ask\" " S " time=1000000000 duration=nil = 3",
	    "client read s3 " C
	    " time=1000000000 duration=7000000000 marks=4 = nil",
	    "client release s3 cause=kill " C " time=8000000000 = nil",
	    "server read s2 " S " time=7900000000 duration=nil = 0",
	    "server release s2 cause=exit " S " time=8000000000 = nil");
	/* It does not block, but waits for its end in a poll. */
#define POLLS "server fcntl s2 option=F_SETFL value=1 = 0"
	script(CONNECTED, POLLS, "server write s2 \"who\" " S " = 3",
	    "client read s3 \"who\" " C " = 3",
	    "client read s3 " C " duration=7000000000 marks=4 = nil",
	    "client release s3 cause=kill " C " = nil",
	    "server poll ready=s2:IN timeout=-1 time=1100000000 "
	    "duration=6900000000 " S " = 1",
	    "server read s2 " S " = 0", "server write s2 \"bye\" " S " = 3",
	    "server release s2 cause=exit " S " = nil "
	    "! BLOCKED_AT_END",
	    "dev BLOCKED_AT_END mutual=1 peer_waited=6900000000 last=server");
	/* ... or in one that soon brought something else. */
	script(CONNECTED, POLLS, "server write s2 \"who\" " S " = 3",
	    "client read s3 \"who\" " C " = 3",
	    "client read s3 " C " duration=7000000000 marks=4 = nil",
	    "client release s3 cause=kill " C " time=8000000000 = nil",
	    "server poll ready=s2:IN timeout=-1 time=7900000000 duration=nil " S
	    " = 1",
	    "server read s2 " S " time=8000000000 = 0",
	    "server release s2 cause=exit " S " = nil");
	/* A poll of this one alone, and nobody has spoken. */
	script(CONNECTED,
	    "client read s3 " C " duration=7000000000 marks=2 = nil "
	    "! BLOCKED_AT_END-",
	    "server poll ready=s2:0 timeout=-1 " S
	    " duration=7000000000 marks=2 = nil",
	    "finish ! BLOCKED_AT_END", "dev BLOCKED_AT_END mutual=1 last=none");
	/* Another thread may go on. */
	script(CONNECTED, "server socket s5 thread=9 process=8",
	    "client read s3 " C " duration=7000000000 marks=2 = nil "
	    "! BLOCKED_AT_END-",
	    "server read s2 " S " duration=7000000000 marks=2 = nil "
	    "! BLOCKED_AT_END-",
	    "finish ! BLOCKED_AT_END", "dev BLOCKED_AT_END threads=1");
	/* Both send. */
	script(CONNECTED,
	    "client write s3 asked=900000 " C " duration=7000000000 = 400000",
	    "server write s2 asked=900000 " S " duration=7000000000 = 400000",
	    "finish ! DATA_UNDELIVERED DATA_UNDELIVERED BLOCKED_AT_END "
	    "SEND_STALLED SEND_STALLED",
	    "dev BLOCKED_AT_END mutual=1 sending=1");
}

static void
one_waits(void)
{
	/* The server was busy, not waiting. */
	script(CONNECTED, "client write s3 \"ask\" " C " = 3",
	    "server read s2 \"ask\" " S " = 3",
	    "client read s3 " C " duration=7000000000 marks=4 = nil",
	    "client release s3 cause=kill " C " = nil",
	    "server read s2 " S " duration=5000 = 0",
	    "server release s2 cause=exit " S " = nil");
	/* Its poll has a limit. */
	script(CONNECTED,
	    "client read s3 " C " duration=7000000000 marks=2 = nil "
	    "! BLOCKED_AT_END-",
	    "server poll ready=s2:0 timeout=8000000000 " S
	    " duration=7000000000 marks=2 = nil",
	    "finish");
	/* Something is on its way. */
	script(CONNECTED, "client write s3 \"ask\" " C " = 3",
	    "client read s3 " C " duration=7000000000 marks=2 = nil "
	    "! BLOCKED_AT_END-",
	    "server read s2 " S " duration=7000000000 marks=2 = nil "
	    "! BLOCKED_AT_END-",
	    "finish ! DATA_UNDELIVERED");
	/* Another process sends for this end. */
	script(CONNECTED, "client write s3 \"ask\" thread=5 process=5 = 3",
	    "server read s2 \"ask\" " S " = 3",
	    "client read s3 " C " duration=7000000000 marks=2 = nil "
	    "! BLOCKED_AT_END-",
	    "server read s2 " S " duration=7000000000 marks=2 = nil "
	    "! BLOCKED_AT_END-",
	    "finish");
}

static void
cut_short(void)
{
	/* The signal that killed it ended its wait: of epoll, as an error. */
	script(CONNECTED, "server epoll_ctl s2 epoll=1 value=1 flags=1 = 0",
	    "client write s3 \"ask\" time=1000000000 = 3",
	    "server epoll_wait epoll=1 timeout=-1 time=900000000 duration=nil "
	    "= -1 EINTR ! EINTR-",
	    "client release s3 cause=close time=3000000000 = nil",
	    "server release s2 cause=kill time=4000000000 = nil "
	    "! DATA_UNDELIVERED",
	    "dev DATA_UNDELIVERED waiting=1 waited=2995000000");
}

static void
quiet(void)
{
#define EXCHANGE \
	CONNECTED, "client write s3 \"ask\" time=1000000000 = 3", \
	    "server read s2 \"ask\" time=1000000000 = 3", \
	    "server write s2 \"answer\" time=1000000000 = 6", \
	    "client read s3 \"answer\" time=1000000000 duration=1000 = 6"

	script(EXCHANGE, "client write s3 \"again\" time=33000001000 = 5",
	    "client write s3 \"more\" time=36000001000 = 4",
	    "client read s3 time=37000000000 = -1 ETIMEDOUT ! CONN_DIED",
	    "dev CONN_DIED quiet=32000000000");
	/* Some of it came: it is not the pause. */
	script(EXCHANGE, "client write s3 \"again\" time=33000001000 = 5",
	    "server read s2 \"again\" time=33000001000 = 5",
	    "client write s3 \"more\" time=33500001000 = 4",
	    "finish ! DATA_UNDELIVERED");
	script(EXCHANGE, "client write s3 \"again\" time=33000001000 = 5",
	    "server read s2 time=33000000000 asked=9 marks=2 = nil "
	    "! BLOCKED_AT_END-",
	    "finish ! DATA_UNDELIVERED",
	    "dev DATA_UNDELIVERED quiet=32000000000 waiting=1");
}

int
main(void)
{
	both_wait();
	one_waits();
	cut_short();
	quiet();
	return done();
}
