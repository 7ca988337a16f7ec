/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a deviation carries: its confidence (model.md 6) and the calls that
 * explain it.
 */
#include "model_kit.h"

/* A connection whose client's port no line tells. */
#define BY_HOST \
	HOSTS, LISTENS, "client socket s3", \
	    "client connect s3 10.0.1.2:80 = 0", \
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 = 4"

/* One whose client is seen under an address that is on no host. */
#define TRANSLATED \
	HOSTS, LISTENS, "client socket s3", \
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0", \
	    "server accept s1 192.0.2.7:4000 local=10.0.1.2:80 made=s2 = 4"

#define DIES "client write s3 \"abc\" = -1 ETIMEDOUT ! CONN_DIED"

static void
confidence(void)
{
	/* exact, host, inferred */
	script(CONNECTED, DIES, "dev CONN_DIED confidence=90 weak=0");
	script(BY_HOST, DIES, "dev CONN_DIED confidence=80");
	script(TRANSLATED, "client write s3 \"ab\" = 2",
	    "server read s2 \"ab\" = 2", DIES, "dev CONN_DIED confidence=60");
	/* a translation that its payload confirms is as good as declared */
	script(TRANSLATED, "client write s3 \"abcdefghij\" = 10",
	    "server read s2 \"abcdefghij\" = 10", DIES,
	    "dev CONN_DIED confidence=80");
	/* to outside of all traces, the own side is all there is */
	script(HOSTS, "client socket s3",
	    "client connect s3 192.0.2.1:80 local=10.0.2.2:4000 = 0", DIES,
	    "dev CONN_DIED confidence=90");
	/* a socket first seen in use */
	script(HOSTS,
	    "client attach s3 10.0.1.2:80 local=10.0.2.2:4000 domain=AF_INET "
	    "type=SOCK_STREAM cause=connected",
	    DIES, "dev CONN_DIED confidence=40");
	/* a stream whose offsets are not known any more */
	script(CONNECTED, "end client",
	    "server read s2 \"hello\" = 5 ! MSGNOTSENT",
	    "dev MSGNOTSENT confidence=90",
	    "server write s2 \"abc\" = -1 ETIMEDOUT ! CONN_DIED",
	    "dev CONN_DIED confidence=40");
	/* a process that is in no trace: never more than 30 */
	script(HOSTS, "client socket s3", "end server",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0 "
	    "! NO_LISTENER_SEEN-",
	    "dev NO_LISTENER_SEEN confidence=30 weak=1",
	    "client write s3 \"abc\" = -1 ETIMEDOUT ! CONN_DIED",
	    "dev CONN_DIED confidence=40");
}

/* Weak is 20 less than what the match gives, whichever was told first. */
static void
weak(void)
{
	script(CONNECTED, "end client", "server read s2 = 0 ! EOF_NOT_CLOSED-",
	    "dev EOF_NOT_CLOSED confidence=70 weak=1");
	script(BY_HOST, "end client", "server read s2 = 0 ! EOF_NOT_CLOSED-",
	    "dev EOF_NOT_CLOSED confidence=60 weak=1");
	script(TRANSLATED, "client write s3 \"ab\" = 2",
	    "server read s2 \"ab\" = 2", "end client",
	    "server read s2 = 0 ! EOF_NOT_CLOSED-",
	    "dev EOF_NOT_CLOSED confidence=40 weak=1");
}

int
main(void)
{
	confidence();
	weak();
	return done();
}
