/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls that SO_RCVTIMEO or SO_SNDTIMEO ended: told when it shows what came
 * of them.
 */
#include "model_kit.h"

#define CLIENT_LIMIT \
	"client setsockopt s3 option=SO_RCVTIMEO value=1000000000 = 0"
#define SERVER_LIMIT \
	"server setsockopt s2 option=SO_RCVTIMEO value=1000000000 = 0"

static void
gives_up(void)
{
	/* It had asked, and closes without an answer. */
	script(CONNECTED, CLIENT_LIMIT, "client write s3 \"ask\" = 3",
	    "server read s2 \"ask\" = 3", "client read s3 = -1 EAGAIN",
	    "client read s3 = -1 EAGAIN", "client release s3 cause=close = nil",
	    "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT severity=warning waiting=answer outcome=closed "
	    "count=2 timeout=1000000000 client=1 causes=write,setsockopt");
	/* The answer comes too late. */
	script(CONNECTED, CLIENT_LIMIT, "client write s3 \"ask\" = 3",
	    "server read s2 \"ask\" = 3", "client read s3 = -1 EAGAIN",
	    "client release s3 cause=close = nil",
	    "server write s2 \"late\" = 4 ! SEND_AFTER_CLOSE-",
	    "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT severity=warning waiting=answer late=4");
	/* It is waiting for one when all is over, or was killed so. */
	script(CONNECTED, CLIENT_LIMIT, "client write s3 \"ask\" = 3",
	    "client read s3 = -1 EAGAIN",
	    "finish ! DATA_UNDELIVERED RECV_TIMEOUT",
	    "dev RECV_TIMEOUT waiting=answer outcome=open count=1");
	script(CONNECTED, CLIENT_LIMIT, "client write s3 \"ask\" = 3",
	    "client read s3 = -1 EAGAIN", "client release s3 cause=kill = nil",
	    "finish ! DATA_UNDELIVERED RECV_TIMEOUT",
	    "dev RECV_TIMEOUT waiting=answer outcome=killed");
}

static void
goes_on(void)
{
	/* The answer comes at last. */
	script(CONNECTED, CLIENT_LIMIT, "client write s3 \"ask\" = 3",
	    "server read s2 \"ask\" = 3", "client read s3 = -1 EAGAIN",
	    "server write s2 \"answer\" = 6",
	    "client read s3 \"answer\" = 6 ! RECV_TIMEOUT-",
	    "dev RECV_TIMEOUT outcome=progress waiting=answer",
	    /* And a new wait begins. */
	    "client read s3 = -1 EAGAIN", "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT outcome=open waiting=more");
	/* A server that has answered waits for the next request. */
	script(CONNECTED, SERVER_LIMIT, "client write s3 \"ask\" = 3",
	    "server read s2 \"ask\" = 3", "server write s2 \"answer\" = 6",
	    "client read s3 \"answer\" = 6", "server read s2 = -1 EAGAIN",
	    "server release s2 cause=close = nil", "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT outcome=closed waiting=next client=0");
	/* The end of the stream is no failure of the wait. */
	script(CONNECTED, SERVER_LIMIT, "server read s2 = -1 EAGAIN",
	    "client release s3 cause=close = nil", "server read s2 = 0",
	    "server release s2 cause=close = nil ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT outcome=end waiting=first");
}

static void
datagrams(void)
{
#define ASKS \
	HOSTS, "client socket s3 type=SOCK_DGRAM = 3", \
	    "client bind s3 local=10.0.2.2:4000 = 0", CLIENT_LIMIT, \
	    "client sendto s3 10.0.1.2:53 \"ask\" = 3", \
	    "client recvfrom s3 = -1 EAGAIN"
	script(ASKS, "client sendto s3 10.0.1.2:53 \"again\" = 5",
	    "client recvfrom s3 = -1 EAGAIN",
	    "client release s3 cause=close = nil ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT outcome=closed waiting=answer count=2 "
	    "peer=10.0.1.2:53 peer_host=server causes=sendto,setsockopt");
	script(ASKS, "server socket s2 type=SOCK_DGRAM = 3",
	    "server bind s2 local=10.0.1.2:53 = 0",
	    "server recvfrom s2 \"ask\" 10.0.2.2:4000 = 3",
	    "server sendto s2 10.0.2.2:4000 \"answer\" = 6",
	    "client recvfrom s3 \"answer\" 10.0.1.2:53 = 6 ! RECV_TIMEOUT-");
	/* One that answers waits for whoever comes. */
	script(HOSTS, "server socket s2 type=SOCK_DGRAM = 3",
	    "server bind s2 local=10.0.1.2:53 = 0", SERVER_LIMIT,
	    "server recvfrom s2 = -1 EAGAIN",
	    "server release s2 cause=close = nil ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT waiting=first client=0");
}

static void
others(void)
{
	/* Setting it does not show, but that the call took so long does. */
	script(CONNECTED, "client read s3 duration=2000000000 = -1 EAGAIN",
	    "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT timeout=2000000000 waiting=first client=1");
	/* A nonblocking call does not wait. */
	script(CONNECTED, CLIENT_LIMIT,
	    "client recvfrom s3 flags=0x40 asked=9 = -1 EAGAIN", "finish");
	/* A listener with a clock. */
	script(HOSTS, LISTENS,
	    "server setsockopt s1 option=SO_RCVTIMEO value=1000000000 = 0",
	    "server accept s1 = -1 EAGAIN", "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 ! RECV_TIMEOUT-",
	    "dev RECV_TIMEOUT waiting=connection outcome=progress");
	/* A send. */
	script(CONNECTED,
	    "client setsockopt s3 option=SO_SNDTIMEO value=1000000000 = 0",
	    "client write s3 asked=9 = -1 EAGAIN",
	    "client release s3 cause=close = nil", "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT waiting=room outcome=closed");
}

/* An answer that is late, and who is to blame for it. */
static void
late(void)
{
#define ASKED \
	CONNECTED, "client write s3 \"ask\" time=1000000000 = 3", \
	    "client poll ready=s3:0 timeout=600000000 time=1000100000 " \
	    "duration=600000000 = 0"
	/* The server answers at once. */
	script(ASKED,
	    "server read s2 \"ask\" time=51100000000 "
	    "duration=600000000 = 3",
	    "server write s2 \"answer\" time=51700100000 = 6",
	    "client read s3 \"answer\" time=2400000000 = 6 ! NETWORK_ERROR",
	    "dev NETWORK_ERROR weak=0 waits=1 waited=600000000 "
	    "answering=100000 underway=600000000",
	    /* What comes then, nobody has waited for in vain. */
	    "server write s2 \"more\" time=51700200000 = 4",
	    "client read s3 \"more\" time=2500000000 = 4");
	/* It was busy when it was asked, as far as its waits tell. */
	script(ASKED,
	    "server read s2 \"ask\" time=51700000000 duration=50000 = 3",
	    "server write s2 \"answer\" time=51700100000 = 6",
	    "client read s3 \"answer\" time=2400000000 = 6");
	script(ASKED,
	    "server poll ready=s2: timeout=0 time=51000000000 "
	    "duration=10000 = 0",
	    "server poll ready=s2:IN timeout=-1 time=51699900000 "
	    "duration=2000000 = 1",
	    "server read s2 \"ask\" time=51702000000 duration=50000 = 3",
	    "server write s2 \"answer\" time=51702100000 = 6",
	    "client read s3 \"answer\" time=2400000000 = 6");
	/* It had looked a moment before. */
	script(ASKED,
	    "server poll ready=s2: timeout=0 time=51699000000 "
	    "duration=10000 = 0",
	    "server poll ready=s2:IN timeout=-1 time=51699900000 "
	    "duration=10000 = 1",
	    "server read s2 \"ask\" time=51700000000 duration=50000 = 3",
	    "server write s2 \"answer\" time=51700100000 = 6",
	    "client read s3 \"answer\" time=2400000000 = 6 ! NETWORK_ERROR");
	/* It is the server that takes its time. */
	script(ASKED,
	    "server read s2 \"ask\" time=51000000000 "
	    "duration=100000000 = 3",
	    "server write s2 \"answer\" time=52300000000 = 6",
	    "client read s3 \"answer\" time=2400000000 = 6");
	/* It had not asked yet when it waited. */
	script(CONNECTED,
	    "client poll ready=s3:0 timeout=600000000 time=1000000000 "
	    "duration=600000000 = 0",
	    "client write s3 \"ask\" time=1600100000 = 3",
	    "server read s2 \"ask\" time=51100000000 "
	    "duration=600000000 = 3",
	    "server write s2 \"answer\" time=51700100000 = 6",
	    "client read s3 \"answer\" time=2400000000 = 6");
	/* It had closed when the answer came. */
	script(CONNECTED, CLIENT_LIMIT,
	    "client write s3 \"ask\" time=1000000000 = 3",
	    "client read s3 time=1000100000 duration=1000000000 = -1 EAGAIN",
	    "client release s3 cause=close time=2100000000 = nil",
	    "server read s2 \"ask\" time=51100000000 "
	    "duration=600000000 = 3",
	    "server write s2 \"answer\" time=51700100000 = 6 "
	    "! SEND_AFTER_CLOSE-",
	    "finish ! RECV_TIMEOUT NETWORK_ERROR",
	    "dev NETWORK_ERROR weak=0 waits=1 answering=100000 "
	    "underway=1000000000");
}

/* ... and no answer at all, for longer than a look takes. */
static void
silent(void)
{
#define IN_VAIN \
	"client poll ready=s3: timeout=2000000000 time=1000100000 " \
	"duration=2000000000 = 0", \
	    "client release s3 cause=close time=3000200000 = nil"
	/* The program fails for want of it, or does not. */
	script(CONNECTED, "client write s3 \"asking\" time=1000000000 = 6",
	    "server read s2 \"asking\" time=1000500000 = 6", IN_VAIN,
	    "client exit_group value=2", "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT severity=warning waiting=answer outcome=closed "
	    "polled=poll silent=failed");
	script(CONNECTED, "client write s3 \"asking\" time=1000000000 = 6",
	    "server read s2 \"asking\" time=1000500000 = 6", IN_VAIN,
	    "client exit_group value=0", "finish");
	/* HTTP has an answer for every request. */
	script(CONNECTED, "client write s3 \"GET /a\" time=1000000000 = 6",
	    "server read s2 \"GET /a\" time=1000500000 = 6", IN_VAIN,
	    "finish ! RECV_TIMEOUT", "dev RECV_TIMEOUT silent=request");
	/* Nobody ever reads all of it. */
	script(CONNECTED, "client write s3 \"asking\" time=1000000000 = 6",
	    "server read s2 \"ask\" time=1000500000 = 3", IN_VAIN,
	    "finish ! DATA_UNDELIVERED RECV_TIMEOUT",
	    "dev RECV_TIMEOUT silent=unread unread=3");
	/* Only a look; the server's end says enough; its trace is not whole. */
	script(CONNECTED, "client write s3 \"GET /a\" time=1000000000 = 6",
	    "server read s2 \"GET /a\" time=1000500000 = 6",
	    "client poll ready=s3: timeout=200000000 time=1000100000 "
	    "duration=200000000 = 0",
	    "client release s3 cause=close time=1200200000 = nil", "finish");
	script(CONNECTED, "client write s3 \"GET /a\" time=1000000000 = 6",
	    "server read s2 \"GET /a\" time=1000500000 = 6",
	    "server shutdown s2 value=2 time=1000600000 = 0", IN_VAIN,
	    "finish");
	script(CONNECTED, "client write s3 \"GET /a\" time=1000000000 = 6",
	    "server read s2 \"GET /a\" time=1000500000 = 6", IN_VAIN,
	    "end server cut=1", "finish");
}

/* The time limit of a readiness call, and the answer when nobody waits. */
static void
polled(void)
{
#define GIVES_UP \
	CONNECTED, "client write s3 \"ask\" time=1000000000 = 3", \
	    "server read s2 \"ask\" time=1000500000 = 3", \
	    "client poll ready=s3: timeout=600000000 time=1000100000 " \
	    "duration=600000000 = 0", \
	    "client release s3 cause=close time=1600200000 = nil"
	script(GIVES_UP,
	    "server write s2 \"late\" time=2500000000 = 4 ! SEND_AFTER_CLOSE-",
	    "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT severity=warning waiting=answer outcome=closed "
	    "polled=poll late=4 count=1 client=1");
	/* It was on its way: that it came late is not the server's doing. */
	script(GIVES_UP,
	    "server write s2 \"sent\" time=1100000000 = 4 ! SEND_AFTER_CLOSE-",
	    "finish");
	/* There never was one. */
	script(GIVES_UP, "finish");
	silent();
	/* It asked again, and got one. */
	script(CONNECTED, "client write s3 \"ask\" time=1000000000 = 3",
	    "server read s2 \"ask\" time=1000500000 = 3",
	    "client poll ready=s3: timeout=600000000 time=1000100000 "
	    "duration=600000000 = 0",
	    "server write s2 \"answer\" time=2500000000 = 6",
	    "client read s3 \"answer\" time=2500500000 = 6",
	    "client release s3 cause=close time=2600000000 = nil",
	    "server write s2 \"more\" time=3500000000 = 4 ! SEND_AFTER_CLOSE-",
	    "finish");
}

/* A signal ended the wait. */
static void
interrupted(void)
{
#define WAITS \
	CONNECTED, "client write s3 \"ask\" = 3", "server read s2 \"ask\" = 3"

	script(WAITS, "client read s3 = -1 EINTR ! EINTR-",
	    "client release s3 cause=close = nil", "finish ! EINTR-",
	    "dev EINTR waiting=answer outcome=closed client=1 "
	    "causes=write,release");
	script(WAITS, "client read s3 marks=4 = nil",
	    "client exit_group value=1 = nil",
	    "client release s3 cause=exit = nil", "finish ! EINTR-");
	/* It is killed, or ends as it was told to. */
	script(WAITS, "client read s3 marks=4 = nil",
	    "client release s3 cause=kill = nil", "finish");
	script(WAITS, "client read s3 marks=4 = nil",
	    "client exit_group value=143 = nil",
	    "client release s3 cause=exit = nil", "finish");
	/* It calls again, or waits otherwise. */
	script(WAITS, "client read s3 marks=4 = nil",
	    "client read s3 = -1 EINTR ! EINTR-", "server write s2 \"ok\" = 2",
	    "client read s3 \"ok\" = 2", "client release s3 cause=close = nil",
	    "finish");
	script(WAITS, "client poll ready=s3:0 timeout=-1 marks=4 = nil",
	    "client poll ready=s3:0 timeout=1000 = 0",
	    "client release s3 cause=close = nil", "finish");
	script(WAITS, "client poll ready=s3:0 timeout=-1 marks=4 = nil",
	    "client release s3 cause=close = nil", "finish ! EINTR-");
}

int
main(void)
{
	gives_up();
	goes_on();
	datagrams();
	others();
	late();
	polled();
	interrupted();
	return done();
}
