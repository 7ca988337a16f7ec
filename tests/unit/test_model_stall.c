/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Senders whose buffer is full: told when their connection is over, unless a
 * send has worked since.
 */
#include "model_kit.h"

#define NONBLOCK "client fcntl s3 option=F_SETFL value=1 = 0"

static void
stays_full(void)
{
	/* A nonblocking sender, and a reader that stopped. */
	script(CONNECTED, NONBLOCK, "client write s3 time=1000000000 = 100000",
	    "server read s2 time=1000000000 duration=1000 = 1000",
	    "client write s3 time=1500000000 = -1 EAGAIN",
	    "server close s9 time=9000000000 = 0",
	    "client release s3 cause=close time=5500000000 = nil",
	    "server release s2 cause=exit time=9000000000 = nil "
	    "! SEND_STALLED NONEMPTY_BUFFER",
	    "dev SEND_STALLED severity=warning outstanding=99000 "
	    "waited=4000000000 outcome=closed unread_for=7999999000 "
	    "never_read=0 waiting=0 blocked=0");
	/* It looked, as long as there was something under way. */
	script(CONNECTED, NONBLOCK, "client write s3 time=1000000000 = 100000",
	    "server read s2 time=1000000000 duration=1000 = 1000",
	    "client write s3 time=1500000000 = -1 EAGAIN",
	    "server poll timeout=6500 ready=s2: time=1600000000 "
	    "duration=6500000000 = 0 ! NETWORK_ERROR-",
	    "client release s3 cause=close time=5500000000 = nil",
	    "server release s2 cause=exit time=9000000000 = nil "
	    "! SEND_STALLED DATA_UNDELIVERED",
	    "dev SEND_STALLED unread_for=900000000");
	/* A part was taken: nobody has to ask for the rest to see it full. */
	script(CONNECTED, NONBLOCK, "client write s3 = 100000",
	    "client write s3 asked=9000 = 500",
	    "finish ! DATA_UNDELIVERED SEND_STALLED",
	    "dev SEND_STALLED outstanding=100500");
	script(CONNECTED, NONBLOCK, "client write s3 = 100",
	    "client write s3 asked=9000 = 500", "finish ! DATA_UNDELIVERED");
	/* The reader was told of them, and waits for others. */
	script(CONNECTED, NONBLOCK,
	    "server epoll_ctl s2 epoll=1 value=1 flags=1 = 0",
	    "client write s3 = 100000",
	    "server epoll_wait epoll=1 ready=s2:IN timeout=-1 = 1",
	    "client write s3 = -1 EAGAIN",
	    "server epoll_wait epoll=1 timeout=-1 marks=2 = nil",
	    "finish ! DATA_UNDELIVERED SEND_STALLED",
	    "dev SEND_STALLED waiting=0", "dev DATA_UNDELIVERED waiting=0");
	/* One that blocks to the end. */
	script(CONNECTED,
	    "client write s3 asked=1000000 duration=5000000000 "
	    "marks=2 = nil ! BLOCKED_AT_END-",
	    "finish ! SEND_STALLED",
	    "dev SEND_STALLED blocked=1 waited=5000000000 outcome=open "
	    "never_read=1");
	/* The reader waits for more: that is not its fault. */
	script(CONNECTED, NONBLOCK, "client write s3 = 100000",
	    "client write s3 = -1 EAGAIN",
	    "server read s2 asked=9 marks=2 = nil ! BLOCKED_AT_END-",
	    "finish ! DATA_UNDELIVERED SEND_STALLED",
	    "dev SEND_STALLED waiting=1");
	/* What it had set as its buffer is enough. */
	script(CONNECTED, NONBLOCK,
	    "client setsockopt s3 option=SO_SNDBUF value=4096 = 0",
	    "client write s3 = 5000", "client write s3 = -1 EAGAIN",
	    "finish ! DATA_UNDELIVERED SEND_STALLED");
	script(CONNECTED, NONBLOCK, "client write s3 = 5000",
	    "client write s3 = -1 EAGAIN", "finish ! DATA_UNDELIVERED");
	/* It waits for room, and gets none. */
	script(CONNECTED, NONBLOCK, "client write s3 = 100000",
	    "client poll ready=s3:0 asked=OUT timeout=2000000000 = 0",
	    "finish ! DATA_UNDELIVERED");
}

static void
goes_on(void)
{
	script(CONNECTED, NONBLOCK, "client write s3 = 100000",
	    "client write s3 time=1000000000 = -1 EAGAIN",
	    "server read s2 = 100000", "client write s3 time=1100000000 = 5",
	    "server read s2 = 5", "finish");
	/* It took long, which is worth an info. */
	script(CONNECTED, NONBLOCK, "client write s3 = 100000",
	    "client write s3 time=1000000000 = -1 EAGAIN",
	    "server read s2 = 100000",
	    "client write s3 time=4000000000 = 5 ! SEND_STALLED-",
	    "dev SEND_STALLED outcome=progress waited=3000000000",
	    "server read s2 = 5", "finish");
	/* Nothing was sent after it, but all was read. */
	script(CONNECTED, NONBLOCK, "client write s3 = 100000",
	    "client write s3 = -1 EAGAIN", "server read s2 = 100000", "finish");
}

#define ANSWERED \
	CONNECTED, \
	    "client write s3 \"get\" time=1000000000 duration=1000 = 3", \
	    "server read s2 \"get\" time=1000000000 duration=1000 = 3", \
	    "server write s2 \"head\" time=1000000000 duration=1000 = 4", \
	    "client read s3 \"head\" time=1000000000 duration=1000 = 4"

/* It was blocked while its peer waited, gave up and closed. */
static void
waited_for(void)
{
	script(ANSWERED,
	    "client poll ready=s3:0 asked=IN timeout=7000000000 "
	    "time=1500000000 duration=7000000000 = 0",
	    "client release s3 cause=close time=8600000000 = nil",
	    "server write s2 asked=900000 time=1400000000 "
	    "duration=12000000000 = 70000 ! DATA_UNDELIVERED",
	    "dev DATA_UNDELIVERED bytes=70000 largest_lost=70000 "
	    "largest_delivered=4 waiting=1 receiver_open=0",
	    "server release s2 cause=kill time=13400000000 = nil "
	    "! SEND_STALLED",
	    "dev SEND_STALLED waiting=1");
	/* It began to send only when that was over. */
	script(ANSWERED,
	    "client poll ready=s3:0 asked=IN timeout=7000000000 "
	    "time=1500000000 duration=7000000000 = 0",
	    "client release s3 cause=close time=8600000000 = nil",
	    "server write s2 asked=900000 time=8400000000 "
	    "duration=5000000000 = 70000 ! SEND_AFTER_CLOSE-");
}

int
main(void)
{
	waited_for();
	stays_full();
	goes_on();
	return done();
}
