/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which calls a deviation names as what explains it.
 */
#include "model_kit.h"

static void
connecting(void)
{
	/* ENOTCONN: of a socket that nothing connected */
	script(HOSTS, "client socket s3",
	    "client read s3 = -1 ENOTCONN ! ENOTCONN",
	    "dev ENOTCONN causes=socket");
	/* ... that its owner shut down */
	script(CONNECTED, "client shutdown s3 value=1 = 0",
	    "client write s3 \"a\" = -1 EPIPE ! ENOTCONN",
	    "dev ENOTCONN causes=shutdown");
	/* ... that a reset ended */
	script(CONNECTED, "client write s3 \"abc\" = 3",
	    "server release s2 cause=close",
	    "client read s3 = -1 ECONNRESET ! NONEMPTY_BUFFER CONN_RESET "
	    "CLOSED_NO_REPLY",
	    "client shutdown s3 value=2 = -1 ENOTCONN ! ENOTCONN",
	    "dev ENOTCONN causes=release");
	script(CONNECTED,
	    "client connect s3 10.0.1.2:81 = -1 EISCONN ! EISCONN",
	    "dev EISCONN causes=connect");
	script(HOSTS, LISTENS,
	    "server connect s1 10.0.2.2:80 = -1 EISCONN ! EISCONN",
	    "dev EISCONN causes=listen");
	/* LOOPBACK_MISMATCH: the bind */
	script(HOSTS, "client socket s3",
	    "client bind s3 local=127.0.0.1:0 = 0",
	    "client connect s3 10.0.1.2:80 = -1 EINVAL ! LOOPBACK_MISMATCH",
	    "dev LOOPBACK_MISMATCH causes=bind");
	/* CONN_UNREACHABLE: what was asked for it, where that was earlier */
	script(HOSTS, "client socket s3 flags=2048",
	    "client connect s3 10.9.9.9:80 = -1 EINPROGRESS",
	    "client getsockopt s3 option=SO_ERROR value=113 = 0 "
	    "! CONN_UNREACHABLE",
	    "dev CONN_UNREACHABLE causes=connect");
	/* FAMILY_MISMATCH: the listen of the other family */
	script(HOSTS, "server socket s1 domain=AF_INET6",
	    "server setsockopt s1 option=IPV6_V6ONLY value=1 = 0",
	    "server bind s1 local=[::]:80 = 0", "server listen s1 = 0",
	    "client socket s3",
	    "client connect s3 10.0.1.2:80 = -1 EHOSTUNREACH "
	    "! CONN_UNREACHABLE FAMILY_MISMATCH",
	    "dev FAMILY_MISMATCH causes=listen");
	/* the second listen on a port that reuse let two sockets bind */
	script(HOSTS, LISTENS, "server socket s5",
	    "server bind s5 local=0.0.0.0:80 = 0",
	    "server listen s5 = -1 EADDRINUSE", "end server", "end client",
	    "finish ! EADDRINUSE",
	    "dev EADDRINUSE holder=traced causes=listen rule=listen_fail");
}

static void
options(void)
{
	script(CONNECTED,
	    "server setsockopt s2 option=SO_RCVTIMEO value=1000000 = 0",
	    "server read s2 = -1 EAGAIN", "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT causes=setsockopt");
	/* an accepted socket has it from its listener */
	script(HOSTS, LISTENS,
	    "server setsockopt s1 option=SO_RCVTIMEO value=1000000 = 0",
	    "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0",
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 = 4",
	    "server read s2 = -1 EAGAIN", "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT causes=setsockopt");
	script(CONNECTED, "server setsockopt s2 option=SO_LINGER value=0 = 0",
	    "server release s2 cause=close ! LINGER_RESET-",
	    "dev LINGER_RESET causes=setsockopt");
}

static void
streams(void)
{
	/* what the ends last did */
	script(CONNECTED, "client write s3 \"abc\" = 3",
	    "server read s2 \"abc\" = 3", "end server",
	    "client read s3 = -1 ECONNRESET ! RESET_BY_NETWORK",
	    "dev RESET_BY_NETWORK causes=write,read");
	script(CONNECTED, "server write s2 \"abc\" = 3",
	    "client read s3 \"abc\" = 3", "end server",
	    "client write s3 \"a\" = -1 EPIPE ! CONN_NOT_CLOSED",
	    "dev CONN_NOT_CLOSED causes=write");
	script(CONNECTED, "server write s2 \"abc\" = 3",
	    "client read s3 \"abc\" = 3", "end server",
	    "client read s3 = 0 ! EOF_NOT_CLOSED-",
	    "dev EOF_NOT_CLOSED causes=write");
	/* a datagram that came twice: when it first did */
	script(HOSTS, "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "client socket s3 type=SOCK_DGRAM",
	    "client bind s3 local=10.0.2.2:4000 = 0",
	    "client sendto s3 10.0.1.2:53 \"hello\" = 5",
	    "server recvfrom s1 10.0.2.2:4000 \"hello\" = 5", "end client",
	    "server recvfrom s1 10.0.2.2:4000 \"hello\" = 5 ! DGRAM_DUP",
	    "dev DGRAM_DUP causes=recvfrom");
}

/* Bytes to an end that has shut down both directions: a reset for both. */
static void
shut_both(void)
{
	script(CONNECTED, "client shutdown s3 value=2 = 0",
	    "server read s2 = 0", "server write s2 \"late\" = 4",
	    "server write s2 \"more\" = -1 EPIPE ! SEND_AFTER_CLOSE",
	    "dev SEND_AFTER_CLOSE error=EPIPE causes=shutdown",
	    "client read s3 = -1 ECONNRESET ! CONN_RESET",
	    "dev CONN_RESET cause=shutdown causes=shutdown,write");
	/* ... or that were under way; the shutdown may come later in the order */
	script(CONNECTED, "server write s2 \"late\" = 4",
	    "server write s2 \"more\" = -1 EPIPE -> park close",
	    "client shutdown s3 value=2 = 0 wakes",
	    "server write s2 \"more\" = -1 EPIPE ! SEND_AFTER_CLOSE");
	/* one direction is no reason */
	script(CONNECTED, "server write s2 \"late\" = 4",
	    "client shutdown s3 value=1 = 0", "end client",
	    "server write s2 \"more\" = -1 EPIPE ! CONN_NOT_CLOSED");
}

int
main(void)
{
	connecting();
	options();
	streams();
	shut_both();
	return done();
}
