/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's rows for the ends of streams (model.md 3.6).
 */
#include "model_kit.h"

static void
ends(void)
{
	/* shutdown_ok: the peer reads the rest, then the end */
	script(CONNECTED, "client write s3 \"bye\" = 3",
	    "client shutdown s3 value=1 = 0", "server read s2 \"bye\" = 3",
	    "server read s2 = 0", "server write s2 \"ok\" = 2",
	    "client read s3 \"ok\" = 2");
	/* the end waits for a shutdown or a release */
	script(CONNECTED, "server read s2 = 0 -> park end",
	    "client shutdown s3 value=1 = 0 wakes", "server read s2 = 0");
	script(CONNECTED, "server read s2 = 0 -> park end",
	    "client release s3 cause=close wakes", "server read s2 = 0");
	/* shutting the other direction is no end */
	script(CONNECTED, "server read s2 = 0 -> park end",
	    "client shutdown s3 value=0 = 0", "server read s2 = 0 -> park end");
	/* a close that is not the last reference's is none either */
	script(CONNECTED, "server read s2 = 0 -> park end",
	    "client close s3 = 0", "server read s2 = 0 -> park end");
	/* nobody ended it */
	script(CONNECTED, "end client", "server read s2 = 0 ! EOF_NOT_CLOSED-");
	/* own SHUT_RD */
	script(
	    CONNECTED, "server shutdown s2 value=0 = 0", "server read s2 = 0");
	/* shutdown_notconn */
	script(HOSTS, "client socket s3",
	    "client shutdown s3 value=2 = -1 ENOTCONN ! ENOTCONN");
	/* the peer's end, and a reset, came first */
	script(CONNECTED,
	    "client shutdown s3 value=1 = -1 ENOTCONN -> defer end",
	    "server shutdown s2 value=1 = 0 wakes",
	    "client shutdown s3 value=1 = -1 ENOTCONN");
	script(CONNECTED, "end server",
	    "client shutdown s3 value=1 = -1 ENOTCONN ! ENOTCONN-");
}

static void
closed_too_early(void)
{
	/* Figure 8: unread bytes, the reset, a shutdown after it */
	script(CONNECTED, "client write s3 \"GET\" = 3",
	    "server read s2 \"GET\" = 3", "server write s2 \"header\" = 6",
	    "server write s2 \"bodies\" = 6", "client read s3 \"header\" = 6",
	    "client read s3 \"bod\" = 3", "client release s3 cause=close",
	    "server read s2 = -1 ECONNRESET ! NONEMPTY_BUFFER CONN_RESET",
	    "server shutdown s2 value=2 = 0 ! ENOTCONN");
	/* all read: a release is an end and nothing else */
	script(CONNECTED, "server write s2 \"body\" = 4",
	    "client read s3 \"body\" = 4", "client release s3 cause=close",
	    "server read s2 = 0", "server release s2 cause=close", "end client",
	    "end server", "finish", "conn closed=client");
	/* Sent after close: the end refutes the unread bytes. */
	script(CONNECTED, "server write s2 \"500\" = 3",
	    "server release s2 cause=close",
	    "client write s3 \"more\" = 4"
	    " ! SEND_AFTER_CLOSE-",
	    "client read s3 \"500\" = 3",
	    "client write s3 \"more\" = -1 EPIPE ! SEND_AFTER_CLOSE");
	/* The end of a line, after a command of a known length. */
	script(CONNECTED, "client write s3 hex=72756f6b0a = 5",
	    "server read s2 \"ruok\" asked=4 = 4",
	    "server release s2 cause=close", "end client", "end server",
	    "finish ! NONEMPTY_BUFFER",
	    "dev NONEMPTY_BUFFER line_end=1 bytes=1");
	/* Who hangs up had been reading: it may have had enough. */
	script(CONNECTED, "client write s3 \"get\" = 3",
	    "server read s2 \"get\" = 3", "server write s2 \"one\" = 3",
	    "client read s3 \"one\" = 3", "client release s3 cause=close",
	    "server write s2 \"two\" = 3 ! SEND_AFTER_CLOSE-",
	    "server write s2 \"three\" = -1 EPIPE ! SEND_AFTER_CLOSE",
	    "dev SEND_AFTER_CLOSE answered=1");
	/* HTTP/2: what is left is a ping's answer and a window */
	script(CONNECTED,
	    "server write s2 hex=0000080601000000000102030405060708"
	    "00000408000000000100001000 = 30",
	    "client release s3 cause=exit",
	    "server read s2 = -1 ECONNRESET ! NONEMPTY_BUFFER CONN_RESET",
	    "dev NONEMPTY_BUFFER no_data=1");
	/* ... and a frame of data */
	script(CONNECTED,
	    "server write s2 hex=0000080601000000000102030405060708"
	    "0000010000000000010a = 27",
	    "client release s3 cause=exit",
	    "server read s2 = -1 ECONNRESET ! NONEMPTY_BUFFER CONN_RESET",
	    "dev NONEMPTY_BUFFER bytes=27");
	/* a pipe broken by nobody */
	script(CONNECTED, "end server",
	    "client write s3 \"more\" = -1 EPIPE ! CONN_NOT_CLOSED");
	script(CONNECTED, "client shutdown s3 value=1 = 0",
	    "client write s3 \"more\" = -1 EPIPE ! ENOTCONN");
}

static void
endings(void)
{
	/* a request that was read, and no answer */
	script(CONNECTED, "client write s3 \"GET\" = 3",
	    "server read s2 \"GET\" = 3", "server release s2 cause=close",
	    "client read s3 = 0 ! CLOSED_NO_REPLY",
	    "dev CLOSED_NO_REPLY received=3 sent=3 at_exit=0 replied=0"
	    " causes=release,read");
	/* ... or not read: the reset tells that it was there */
	script(CONNECTED, "client write s3 \"GET\" = 3",
	    "server release s2 cause=close",
	    "client read s3 = -1 ECONNRESET ! NONEMPTY_BUFFER CONN_RESET"
	    " CLOSED_NO_REPLY",
	    "dev CLOSED_NO_REPLY received=0 sent=3 error=ECONNRESET");
	/* closed at once, before a word */
	script(CONNECTED, "server release s2 cause=close",
	    "client read s3 = 0 ! CLOSED_NO_REPLY");
	/* half closed first: decided when it goes, if it has read no more */
	script(CONNECTED, "client write s3 \"GET\" = 3",
	    "server read s2 \"GET\" = 3", "server shutdown s2 value=1 = 0",
	    "client read s3 = 0",
	    "server release s2 cause=close ! CLOSED_NO_REPLY");
	script(CONNECTED, "server shutdown s2 value=1 = 0",
	    "client read s3 = 0", "client write s3 \"file\" = 4",
	    "server read s2 \"file\" = 4", "server release s2 cause=close");
	/* kept open for later, and closed unused */
	script(CONNECTED, "server poll timeout=100 ready=s2: = 0",
	    "server release s2 cause=close", "client read s3 = 0");
	/* it answered; the client had ended its stream, or went first */
	script(CONNECTED, "client write s3 \"GET\" = 3",
	    "server read s2 \"GET\" = 3", "server write s2 \"ok\" = 2",
	    "server release s2 cause=close", "client read s3 \"ok\" = 2",
	    "client read s3 = 0");
	script(CONNECTED, "client write s3 \"log\" = 3",
	    "client shutdown s3 value=1 = 0", "server read s2 \"log\" = 3",
	    "server release s2 cause=close", "client read s3 = 0");
	script(CONNECTED, "client write s3 \"log\" = 3",
	    "client release s3 cause=close", "server read s2 \"log\" = 3",
	    "server read s2 = 0", "server release s2 cause=close");
	/* words that are answered by a close */
	script(CONNECTED, "client write s3 \"QUIT\" = 4",
	    "server read s2 \"QUIT\" = 4", "server release s2 cause=close",
	    "client read s3 = 0");
	script(CONNECTED, "client write s3 \"*1$8shutdown\" = 12",
	    "server read s2 \"*1$8shutdown\" = 12",
	    "server release s2 cause=close", "client read s3 = 0");
	/* ... and such that may be: the tracer cut them */
	script(CONNECTED, "client write s3 \"*2$8s\" = 30",
	    "server read s2 \"*2$8s\" = 30", "server release s2 cause=close",
	    "client read s3 = 0");
	script(CONNECTED, "client write s3 \"GET /p\" = 30",
	    "server read s2 \"GET /p\" = 30", "server release s2 cause=close",
	    "client read s3 = 0 ! CLOSED_NO_REPLY");
	script(CONNECTED, "client write s3 \"quite\" = 5",
	    "server read s2 \"quite\" = 5", "server release s2 cause=close",
	    "client read s3 = 0 ! CLOSED_NO_REPLY");
}

/* An exchange, ended at 9 ms or so. */
#define EXCHANGE \
	CONNECTED, "client write s3 \"GET\" = 3", \
	    "server read s2 \"GET\" = 3", "server write s2 \"page\" = 4", \
	    "client read s3 \"page\" = 4"

static void
idle(void)
{
	/* closed after 2 s, and then used */
	script(EXCHANGE, "server release s2 cause=close time=2010000000",
	    "client write s3 \"GET\" = 3 ! SEND_AFTER_CLOSE-",
	    "client read s3 = 0 ! IDLE_CLOSED",
	    "dev IDLE_CLOSED replies=4 bytes=3 causes=release,write,write");
	script(EXCHANGE, "client write s3 \"GET\" = 3 time=2020000000",
	    "server release s2 cause=close time=2010000000",
	    "client write s3 \"body\" = -1 EPIPE ! SEND_AFTER_CLOSE-"
	    " SEND_AFTER_CLOSE IDLE_CLOSED");
	/* with a farewell: the pause before it counts */
	script(EXCHANGE, "server write s2 \"421\" = 3 time=2010000000",
	    "server release s2 cause=close time=2011000000",
	    "client write s3 \"GET\" = 3 ! SEND_AFTER_CLOSE-",
	    "client read s3 \"421\" = 3", "client read s3 = 0 ! IDLE_CLOSED");
	/* what had left before it closed is no use of a closed connection */
	script(EXCHANGE, "client write s3 \"GET\" = 3",
	    "server release s2 cause=close time=2010000000",
	    "client read s3 = 0 time=2012000000 ! SEND_AFTER_CLOSE-");
	/* not used any more, or not idle, or with its program */
	script(EXCHANGE, "server release s2 cause=close time=2010000000",
	    "client read s3 = 0");
	script(EXCHANGE, "server release s2 cause=close",
	    "client write s3 \"GET\" = 3 ! SEND_AFTER_CLOSE-",
	    "client read s3 = 0");
	script(EXCHANGE, "server release s2 cause=exit time=2010000000",
	    "client write s3 \"GET\" = 3", "client read s3 = 0");
	/* a slow answer is no pause */
	script(CONNECTED, "client write s3 \"GET\" = 3",
	    "server read s2 \"GET\" = 3",
	    "server write s2 \"page\" = 4 time=3000000000",
	    "server release s2 cause=close time=3000100000",
	    "client read s3 \"page\" = 4",
	    "client write s3 \"GET\" = 3 ! SEND_AFTER_CLOSE-",
	    "client read s3 = 0");
}

static void
listeners(void)
{
	/* released with a connection in its queue */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0",
	    "server release s1 cause=close", "end client", "end server",
	    "finish ! UNACCEPTED_CONN");
	/* descriptor closed under a blocked call */
	script(CONNECTED, "begin server read s2 thread=7",
	    "server close s2 thread=1 = 0", "client write s3 \"wake\" = 4",
	    "server read s2 \"wake\" thread=7 = 4 ! CLOSE_WHILE_BLOCKED");
	/* ... not by another process, which has its own */
	script(CONNECTED, "begin server read s2 thread=7 process=7",
	    "server close s2 thread=1 process=1 = 0",
	    "client write s3 \"wake\" = 4",
	    "server read s2 \"wake\" thread=7 process=7 = 4");
	/* the kernel keeps it until then: the peer gets no end before */
	script(CONNECTED, "begin server read s2 thread=7",
	    "server close s2 thread=1 = 0",
	    "begin server release s2 cause=close thread=1",
	    "early server release s2 cause=close thread=1 -> park return",
	    "client write s3 \"wake\" = 4",
	    "server read s2 \"wake\" thread=7 = 4 ! CLOSE_WHILE_BLOCKED");
	/* blocked to the end */
	script(CONNECTED, "begin server read s2 thread=7",
	    "server read s2 thread=7 marks=2 ! BLOCKED_AT_END-");
}

int
main(void)
{
	ends();
	closed_too_early();
	endings();
	idle();
	listeners();
	return done();
}
