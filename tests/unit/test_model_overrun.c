/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams that met a full buffer, by what was read when.
 */
#include "model_kit.h"

#define MS "000000"

/* A small buffer, and an answer: the hosts' clocks are known to agree. */
#define BOUND(buffer) \
	HOSTS, "server socket s1 type=SOCK_DGRAM", \
	    "server setsockopt s1 option=SO_RCVBUF value=" buffer " = 0", \
	    "server bind s1 local=0.0.0.0:53 = 0", \
	    "client socket s3 type=SOCK_DGRAM", \
	    "client bind s3 local=10.0.2.2:4000 = 0", \
	    "client sendto s3 10.0.1.2:53 \"hello\" time=1000" MS \
	    " duration=0 = 5", \
	    "server recvfrom s1 10.0.2.2:4000 \"hello\" time=1000" MS \
	    " duration=0 = 5", \
	    "server sendto s1 10.0.2.2:4000 \"welcome\" time=1000" MS \
	    " duration=0 = 7", \
	    "client recvfrom s3 10.0.1.2:53 \"welcome\" time=1000" MS \
	    " duration=0 = 7"

#define SENDS(data, time, n) \
	"client sendto s3 10.0.1.2:53 \"" data "\" time=" time MS \
	" duration=0 = " n
#define READS(data, time, n) \
	"server recvfrom s1 10.0.2.2:4000 \"" data "\" time=" time MS \
	" duration=0 = " n

#define END "end client", "end server", "finish ! DGRAM_LOST"

static void
behind(void)
{
	/* The second one lay there when the third was sent. */
	script(BOUND("1200"), SENDS("one", "1010", "2000"),
	    SENDS("two", "1020", "2001"), SENDS("three", "1030", "2002"),
	    READS("one", "1200", "2000"), SENDS("four", "1300", "2003"),
	    READS("four", "1500", "2003"), END,
	    "flow sent=5 received=3 lost=2 loss_cause=application");
	/* Nothing came after the lost ones either. */
	script(BOUND("1200"), SENDS("one", "1010", "2000"),
	    SENDS("two", "1020", "2001"), SENDS("three", "1030", "2002"),
	    READS("one", "1200", "2000"),
	    "server recvfrom s1 time=1210" MS " duration=5000" MS " = -1 EINTR",
	    END, "flow sent=4 received=2 lost=2 loss_cause=application");
}

static void
keeps_up(void)
{
	/* Each was read at once. */
	script(BOUND("1200"), SENDS("one", "1010", "2000"),
	    READS("one", "1010", "2000"), SENDS("two", "1020", "2001"),
	    SENDS("three", "1030", "2002"), SENDS("four", "1300", "2003"),
	    READS("four", "1300", "2003"),
	    "server recvfrom s1 time=1310" MS " duration=5000" MS " = -1 EINTR",
	    END, "flow sent=5 received=3 lost=2 loss_cause=network");
	/* What lay there was little. */
	script(BOUND("100000"), SENDS("one", "1010", "2000"),
	    SENDS("two", "1020", "2001"), SENDS("three", "1030", "2002"),
	    READS("one", "1200", "2000"), SENDS("four", "1300", "2003"),
	    READS("four", "1500", "2003"),
	    "server recvfrom s1 time=1510" MS " duration=5000" MS " = -1 EINTR",
	    END, "flow sent=5 received=3 lost=2 loss_cause=network");
}

int
main(void)
{
	behind();
	keeps_up();
	return done();
}
