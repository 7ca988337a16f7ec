/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Small writes that wait for each other.
 */
#include "model_kit.h"

/* A head and a body, which the server reads 40 ms later; and the answer. */
#define PART(at) \
	"client write s3 \"head\" time=" at "000000000 = 4", \
	    "client write s3 \"body\" time=" at "001000000 = 4", \
	    "server read s2 \"head\" time=" at "000100000 = 4", \
	    "server read s2 \"body\" time=" at "000200000" \
	    " duration=40000000 = 4", \
	    "server write s2 \"ok\" time=" at "041000000 = 2", \
	    "client read s3 \"ok\" time=" at "041000000 = 2"
#define BOUND(at, to) \
	"client write s3 \"head\" time=" at "000000000 = 4", \
	    "client write s3 \"body\" time=" at "000010000 = 4", \
	    "server read s2 \"head\" time=" at "000000000" \
	    " duration=nil until=" at "000100000 = 4", \
	    "server read s2 \"body\" time=" at "000100000" \
	    " duration=nil until=" at to "000000 = 4", \
	    "server write s2 \"ok\" time=" at to "000000 = 2", \
	    "client read s3 \"ok\" time=" at to "000000 = 2"
#define ENDED \
	"client release s3 cause=close", "server read s2 = 0", \
	    "server release s2 cause=close"

int
main(void)
{
	script(CONNECTED, PART("1"), PART("2"), PART("3"),
	    ENDED " ! NAGLE_DELAY", "dev NAGLE_DELAY delays=3 causes=read");
	/* too rare */
	script(CONNECTED, PART("1"), PART("2"), ENDED " ! NAGLE_DELAY-");
	/* the program had asked for no delay: it is the network's */
	script(CONNECTED, "client setsockopt s3 option=TCP_NODELAY value=1 = 0",
	    PART("1"), PART("2"), PART("3"), ENDED);
	/* the server was busy: it did not wait */
	script(CONNECTED, "client write s3 \"head\" time=1000000000 = 4",
	    "client write s3 \"body\" time=1001000000 = 4",
	    "server read s2 \"head\" time=1000100000 = 4",
	    "server read s2 \"body\" time=1040000000 = 4", ENDED);
	/* it waited in a poll */
	script(CONNECTED, "client write s3 \"head\" time=1000000000 = 4",
	    "client write s3 \"body\" time=1001000000 = 4",
	    "server read s2 \"head\" time=1000100000 = 4",
	    "server poll ready=s2:IN time=1000200000 duration=40000000 = 1",
	    "server read s2 \"body\" time=1040300000 = 4",
	    ENDED " ! NAGLE_DELAY-");
	/* no durations: the next line tells, if its time is a timer's */
	script(CONNECTED, BOUND("1", "045"), BOUND("2", "044"),
	    BOUND("3", "043"), ENDED " ! NAGLE_DELAY",
	    "dev NAGLE_DELAY delays=3 causes=read");
	script(CONNECTED, BOUND("1", "055"), BOUND("2", "055"),
	    BOUND("3", "055"), ENDED);
	/* the client had been slow itself */
	script(CONNECTED, "client write s3 \"head\" time=1000000000 = 4",
	    "client write s3 \"body\" time=1040000000 = 4",
	    "server read s2 \"head\" time=1000100000 = 4",
	    "server read s2 \"body\" time=1000200000 duration=40000000 = 4",
	    ENDED);
	return done();
}
