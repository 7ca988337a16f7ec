/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Multicast and broadcast (model.md 3.9, dgram_group).
 */
#include "model_kit.h"

#define GROUP "239.1.1.1:5000"
/* A receiver of the group, and a sender on another host. */
#define RECEIVER \
	HOSTS, "server socket s1 type=SOCK_DGRAM", \
	    "server bind s1 local=0.0.0.0:5000 = 0"
#define SENDER \
	"client socket s3 type=SOCK_DGRAM", \
	    "client bind s3 local=10.0.2.2:4000 = 0"
#define JOINED "server setsockopt s1 option=IP_ADD_MEMBERSHIP 239.1.1.1:0 = 0"
#define THREE \
	"client sendto s3 " GROUP " \"one\" = 3", \
	    "client sendto s3 " GROUP " \"two\" = 3", \
	    "client sendto s3 " GROUP " \"three\" = 5"
#define WAITS "server poll ready=s1: timeout=5000000 duration=5000000 = 0"
#define ENDS "end client", "end server"

static void
delivered(void)
{
	/* dgram_group: to every socket at the port, each in its own order */
	script(RECEIVER, JOINED, "server socket s2 type=SOCK_DGRAM",
	    "server bind s2 local=239.1.1.1:5000 = 0", SENDER,
	    "server recvfrom s1 10.0.2.2:4000 \"one\" = 3 -> defer datagram",
	    "client sendto s3 " GROUP " \"one\" = 3 wakes",
	    "client sendto s3 " GROUP " \"two\" = 3",
	    "server recvfrom s1 10.0.2.2:4000 \"one\" = 3",
	    "server recvfrom s1 10.0.2.2:4000 \"two\" = 3",
	    "server recvfrom s2 10.0.2.2:4000 \"two\" = 3",
	    "server recvfrom s2 10.0.2.2:4000 \"one\" = 3", ENDS, "finish",
	    "flow sent=2 received=2 lost=0 receiver_host=server");
	/* a look takes nothing; a small buffer cuts */
	script(RECEIVER, JOINED, SENDER,
	    "client sendto s3 " GROUP " \"pingpong\" = 8",
	    "server recvfrom s1 10.0.2.2:4000 flags=2 \"pingpong\" = 8",
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" asked=4 = 4"
	    " ! DGRAM_TRUNCATED");
	script(RECEIVER, JOINED, SENDER,
	    "client sendto s3 " GROUP " \"pingpong\" = 8",
	    "server recvmsg s1 10.0.2.2:4000 \"ping\" asked=4 value=0 = 4"
	    " -> defer datagram");
	/* each socket gets it once */
	script(RECEIVER, JOINED, SENDER,
	    "client sendto s3 " GROUP " \"one\" = 3",
	    "server recvfrom s1 10.0.2.2:4000 \"one\" = 3",
	    "server recvfrom s1 10.0.2.2:4000 \"one\" = 3 -> defer datagram");
	/* broadcasts go the same way, and join nothing */
	script(RECEIVER, SENDER,
	    "client sendto s3 255.255.255.255:5000 \"one\" = 3",
	    "client sendto s3 255.255.255.255:5000 \"two\" = 3",
	    "client sendto s3 255.255.255.255:5000 \"six\" = 3", WAITS, ENDS,
	    "finish", "flow sent=3 received=0 lost=0");
	/* what a socket passes over is not lost on others */
	script(RECEIVER, JOINED, SENDER, THREE, THREE, THREE, THREE, THREE,
	    THREE, "server recvfrom s1 10.0.2.2:4000 \"three\" = 5",
	    "server recvfrom s1 10.0.2.2:4000 \"one\" = 3", ENDS, "finish",
	    "flow sent=18 received=2");
}

static void
reasons(void)
{
	script(RECEIVER, WAITS, SENDER, THREE, ENDS, "finish ! MCAST_OPTION");
	/* two are no sign; one that receives other things may not want it */
	script(RECEIVER, WAITS, SENDER,
	    "client sendto s3 " GROUP " \"one\" = 3",
	    "client sendto s3 " GROUP " \"two\" = 3", ENDS, "finish");
	script(RECEIVER, WAITS, SENDER, THREE,
	    "client sendto s3 10.0.1.2:5000 \"other\" = 5",
	    "server recvfrom s1 10.0.2.2:4000 \"other\" = 5", ENDS, "finish");
	/* it never waited */
	script(RECEIVER, SENDER, THREE, ENDS, "finish");
	/* joined, and no reason shows (the lab's two networks are far apart) */
	script(RECEIVER, JOINED, WAITS, SENDER,
	    "client setsockopt s3 option=IP_MULTICAST_TTL value=8 = 0", THREE,
	    ENDS, "finish");
	script(RECEIVER, JOINED, WAITS, SENDER, THREE, ENDS,
	    "finish ! MCAST_OPTION");
	script(RECEIVER, JOINED, WAITS, SENDER,
	    "client setsockopt s3 option=IP_MULTICAST_TTL value=0 = 0", THREE,
	    ENDS, "finish ! MCAST_OPTION");
	/* on the loopback interface */
	script(RECEIVER,
	    "server setsockopt s1 option=IP_ADD_MEMBERSHIP 239.1.1.1:0"
	    " local=127.0.0.1 = 0",
	    WAITS, SENDER,
	    "client setsockopt s3 option=IP_MULTICAST_TTL value=8 = 0", THREE,
	    ENDS, "finish ! MCAST_OPTION");
	/* left before, or joined by another socket that does not share it */
	script(RECEIVER, JOINED,
	    "server setsockopt s1 option=IP_DROP_MEMBERSHIP 239.1.1.1:0 = 0",
	    WAITS, SENDER, THREE, ENDS, "finish ! MCAST_OPTION");
	script(RECEIVER, "server socket s2 type=SOCK_DGRAM",
	    "server setsockopt s2 option=IP_ADD_MEMBERSHIP 239.1.1.1:0 = 0",
	    "server setsockopt s1 option=IP_MULTICAST_ALL value=0 = 0", WAITS,
	    SENDER, THREE, ENDS, "finish ! MCAST_OPTION");
	/* bound to the host's own address */
	script(HOSTS, "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=10.0.1.2:5000 = 0", JOINED, WAITS, SENDER,
	    THREE, ENDS, "finish ! MCAST_OPTION");
	/* IP_MULTICAST_LOOP off: for others on the same host, not itself */
	script(RECEIVER, JOINED, WAITS,
	    "server socket s2 process=9 type=SOCK_DGRAM",
	    "server setsockopt s2 process=9 option=IP_MULTICAST_LOOP value=0"
	    " = 0",
	    "server sendto s2 process=9 " GROUP " \"one\" = 3",
	    "server sendto s2 process=9 " GROUP " \"two\" = 3",
	    "server sendto s2 process=9 " GROUP " \"six\" = 3", "end server",
	    "end client", "finish ! MCAST_OPTION");
	script(RECEIVER, JOINED, WAITS,
	    "server setsockopt s1 option=IP_MULTICAST_LOOP value=0 = 0",
	    "server sendto s1 " GROUP " \"one\" = 3",
	    "server sendto s1 " GROUP " \"two\" = 3",
	    "server sendto s1 " GROUP " \"six\" = 3", "end server",
	    "end client", "finish");
}

static void
failures(void)
{
	/* option_fail: told when the socket is used, or goes */
	script(RECEIVER,
	    "server setsockopt s1 option=IP_ADD_MEMBERSHIP 239.1.1.1:0"
	    " = -1 ENODEV",
	    "server release s1 ! MCAST_OPTION");
	script(RECEIVER,
	    "server setsockopt s1 option=IP_ADD_MEMBERSHIP 239.1.1.1:0"
	    " = -1 ENOBUFS",
	    "server release s1 ! MCAST_OPTION");
	script(RECEIVER, JOINED,
	    "server setsockopt s1 option=IP_ADD_MEMBERSHIP 239.1.1.1:0"
	    " = -1 EADDRINUSE",
	    "server release s1 ! MCAST_OPTION-");
}

int
main(void)
{
	delivered();
	reasons();
	failures();
	return done();
}
