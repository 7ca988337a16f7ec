/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's rows for readiness (model.md 3.7).
 */
#include "model_kit.h"

static void
readable(void)
{
	/* poll_in_stream: bytes, or the end */
	script(CONNECTED,
	    "server poll ready=s2:IN timeout=-1 = 1 -> defer readable",
	    "client write s3 \"a\" = 1 wakes",
	    "server poll ready=s2:IN timeout=-1 = 1");
	script(CONNECTED,
	    "server poll ready=s2:IN timeout=-1 = 1 -> defer readable",
	    "client release s3 cause=close wakes",
	    "server poll ready=s2:IN timeout=-1 = 1");
	/* what was read before the wait began is not there any more */
	script(CONNECTED, "client write s3 \"a\" = 1",
	    "server read s2 \"a\" = 1",
	    "server poll ready=s2:IN timeout=-1 = 1 -> defer readable");
	/* ... but what another thread took meanwhile was */
	script(CONNECTED, "client write s3 \"a\" = 1",
	    "begin server poll ready=s2:IN timeout=-1 thread=7",
	    "server read s2 \"a\" = 1",
	    "server poll ready=s2:IN timeout=-1 thread=7 = 1");
	/* nobody made it readable */
	script(CONNECTED, "end client",
	    "server poll ready=s2:IN timeout=-1 = 1 ! POLL_SPURIOUS-");
	/* a listener: a connection waits */
	script(HOSTS, LISTENS, "client socket s3",
	    "server poll ready=s1:IN timeout=-1 = 1 -> defer connect",
	    "client connect s3 10.0.1.2:80 = 0 wakes",
	    "server poll ready=s1:IN timeout=-1 = 1");
	/* epoll says it likewise */
	script(CONNECTED, "server epoll_ctl s2 epoll=1 value=1 flags=1 = 0",
	    "server epoll_wait epoll=1 ready=s2:IN timeout=-1 = 1"
	    " -> defer readable",
	    "client write s3 \"a\" = 1 wakes",
	    "server epoll_wait epoll=1 ready=s2:IN timeout=-1 = 1");
}

static void
others(void)
{
	/* poll_out_connecting */
	script(HOSTS, "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 = -1 EINPROGRESS",
	    "client poll ready=s3:OUT timeout=-1 = 1 -> defer listener",
	    "server socket s1", "server bind s1 local=0.0.0.0:80 = 0",
	    "server listen s1 value=8 = 0 wakes",
	    "client poll ready=s3:OUT timeout=-1 = 1");
	/* poll_err: both directions must have ended */
	script(CONNECTED, "server poll ready=s2:HUP timeout=-1 = 1 -> park end",
	    "client release s3 cause=close wakes",
	    "server poll ready=s2:HUP timeout=-1 = 1");
	/* poll_timeout: nothing was there, or it was on its way */
	script(CONNECTED, "server poll ready=s2: timeout=1000 = 0");
	script(CONNECTED, "client write s3 \"a\" = 1",
	    "server poll ready=s2: timeout=1000 = 0 ! NETWORK_ERROR-");
	script(CONNECTED, "client write s3 \"a\" = 1",
	    "server poll ready=s2: timeout=0 = 0");
	/* datagrams */
	script(HOSTS, "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "client socket s3 type=SOCK_DGRAM",
	    "server poll ready=s1:IN timeout=-1 = 1 -> defer datagram",
	    "client sendto s3 10.0.1.2:53 \"a\" = 1 wakes",
	    "server poll ready=s1:IN timeout=-1 = 1");
}

int
main(void)
{
	readable();
	others();
	return done();
}
