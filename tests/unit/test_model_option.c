/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model: options, local addresses, and ports that sockets share.
 */
#include "model_kit.h"

#define LISTEN2(first, second) \
	HOSTS, "server socket s1 process=10", \
	    "server setsockopt s1 option=" first " value=1 = 0", \
	    "server bind s1 local=0.0.0.0:80 = 0", \
	    "server listen s1 value=8 process=10 = 0", \
	    "server socket s2 process=20", \
	    "server setsockopt s2 option=" second " value=1 = 0", \
	    "server bind s2 local=0.0.0.0:80 = 0", \
	    "server listen s2 value=8 process=20 = 0"

static void
test_shared_listeners(void)
{
	/* Programs that a shell has started. */
	script("host server 10.0.1.2", "server execve process=1 = 0",
	    "server clone process=1 flags=17 = 10",
	    "server execve process=10 = 0",
	    "server clone process=1 flags=17 = 20",
	    "server execve process=20 = 0",
	    LISTEN2("SO_REUSEPORT", "SO_REUSEPORT"), "finish ! PORT_SHARED");
	/* Workers, which their master has started. */
	script("host server 10.0.1.2", "server execve process=10 = 0",
	    "server clone process=10 flags=17 = 20",
	    LISTEN2("SO_REUSEPORT", "SO_REUSEPORT"), "finish ! PORT_SHARED-");
	script("host server 10.0.1.2", "server execve process=10 = 0",
	    "server clone process=10 flags=17 = 20",
	    "server execve process=20 = 0",
	    LISTEN2("SO_REUSEPORT", "SO_REUSEPORT"), "finish ! PORT_SHARED-");
	/* vfork returns after the child has executed another program. */
	script("host server 10.0.1.2", "server execve process=10 = 0",
	    "server execve process=20 = 0", "server vfork process=10 = 20",
	    LISTEN2("SO_REUSEPORT", "SO_REUSEPORT"), "finish ! PORT_SHARED-");
	/* Nothing is known of who started them. */
	script(
	    LISTEN2("SO_REUSEPORT", "SO_REUSEPORT"), "finish ! PORT_SHARED-");
	/* Without the option on both a close was missed. */
	script(LISTEN2("SO_REUSEPORT", "SO_REUSEADDR"), "finish");
	script(LISTEN2("SO_REUSEADDR", "SO_REUSEADDR"), "finish");
	/* The first has gone. */
	script(HOSTS, "server socket s1",
	    "server setsockopt s1 option=SO_REUSEPORT value=1 = 0",
	    "server bind s1 local=0.0.0.0:80 = 0",
	    "server listen s1 value=8 = 0", "server release s1 cause=close = 0",
	    "server socket s2",
	    "server setsockopt s2 option=SO_REUSEPORT value=1 = 0",
	    "server bind s2 local=0.0.0.0:80 = 0",
	    "server listen s2 value=8 = 0", "finish");
	/* Other addresses do not clash. */
	script(HOSTS, "server socket s1",
	    "server setsockopt s1 option=SO_REUSEPORT value=1 = 0",
	    "server bind s1 local=127.0.0.1:80 = 0",
	    "server listen s1 value=8 = 0", "server socket s2",
	    "server setsockopt s2 option=SO_REUSEPORT value=1 = 0",
	    "server bind s2 local=10.0.1.2:80 = 0",
	    "server listen s2 value=8 = 0", "finish");
}

#define UDP2 \
	HOSTS, "server execve process=1 = 0", \
	    "server clone process=1 flags=17 = 10", \
	    "server execve process=10 = 0", \
	    "server clone process=1 flags=17 = 20", \
	    "server execve process=20 = 0", \
	    "server socket s1 type=SOCK_DGRAM process=10", \
	    "server setsockopt s1 option=SO_REUSEADDR value=1 = 0", \
	    "server bind s1 local=0.0.0.0:53 process=10 = 0", \
	    "server socket s2 type=SOCK_DGRAM process=20", \
	    "server setsockopt s2 option=SO_REUSEADDR value=1 = 0", \
	    "server bind s2 local=0.0.0.0:53 process=20 = 0"

static void
test_shared_datagrams(void)
{
	script(UDP2, "finish ! PORT_SHARED");
	script(
	    UDP2, "server release s2 cause=close = 0 ! PORT_SHARED", "finish");
	/* A group's members, and one for a single peer, share on purpose. */
	script(UDP2,
	    "server setsockopt s2 option=IP_ADD_MEMBERSHIP 239.1.2.3:0 = 0",
	    "finish");
	script(UDP2, "server connect s2 10.0.2.2:4000 = 0", "finish");
}

static void
test_address_changes(void)
{
	script(HOSTS, "server socket s1",
	    "server bind s1 local=10.0.1.2:80 = 0",
	    "server getsockname s1 local=10.0.1.3:80 = 0 "
	    "! BOUND_ADDR_DIFFERENT",
	    "finish");
	/* A wildcard becomes specific; an accepted socket has its own. */
	script(HOSTS, "client socket s3",
	    "client bind s3 local=0.0.0.0:4000 = 0",
	    "client getsockname s3 local=10.0.2.2:4000 = 0", "finish");
	script(CONNECTED, "server getsockname s2 local=10.0.1.9:80 = 0");
	/* The same connection had another one. */
	script(HOSTS, LISTENS, "client socket s3 flags=0x800",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = -1 "
	    "EINPROGRESS",
	    "client getsockname s3 local=10.0.2.3:4000 = 0 "
	    "! BOUND_ADDR_DIFFERENT");
	/* Another attempt may. */
	script(HOSTS, "client socket s3",
	    "client connect s3 10.0.9.2:80 local=10.0.2.2:4000 = -1 "
	    "ECONNREFUSED ! ECONNREFUSED",
	    "client connect s3 10.0.9.2:80 local=10.0.2.3:4001 = -1 "
	    "ECONNREFUSED ! ECONNREFUSED");
	/* The hosts file says that it is another host's. */
	script(HOSTS, "server socket s1",
	    "server bind s1 local=10.0.2.2:80 = 0 ! BOUND_ADDR_DIFFERENT-");
}

static void
test_buffers(void)
{
	script(HOSTS, "server socket s1",
	    "server setsockopt s1 option=SO_RCVBUF value=1000000 = 0",
	    "server getsockopt s1 option=SO_RCVBUF value=2000000 = 0",
	    "server getsockopt s1 option=SO_RCVBUF value=425984 = 0 "
	    "! BUFSIZE_DIFFERENT",
	    "server getsockopt s1 option=SO_RCVBUF value=1100000 = 0 "
	    "! BUFSIZE_DIFFERENT-",
	    /* nobody has set that one */
	    "server getsockopt s1 option=SO_SNDBUF value=16384 = 0",
	    "server setsockopt s1 option=SO_SNDBUF value=1000 = 0",
	    "server getsockopt s1 option=SO_SNDBUF value=4608 = 0 "
	    "! BUFSIZE_DIFFERENT-",
	    "finish");
}

static void
test_option_fails(void)
{
#define FAILS(option, error) \
	HOSTS, "server socket s1", \
	    "server setsockopt s1 option=" option " value=1 = -1 " error
	script(FAILS("TCP_NODELAY", "ENOPROTOOPT"),
	    "server release s1 cause=close = 0 ! ENOPROTOOPT");
	script(FAILS("TCP_NODELAY", "ENOPROTOOPT"),
	    "server bind s1 local=0.0.0.0:80 = 0", "finish ! ENOPROTOOPT");
	/* A probe; what works when tried again; the other family's. */
	script(FAILS("TCP_FASTOPEN", "EOPNOTSUPP"), "finish ! ENOPROTOOPT-");
	script(FAILS("SO_RCVBUF", "EINVAL"),
	    "server setsockopt s1 option=SO_RCVBUF value=9 = 0",
	    "finish ! ENOPROTOOPT-");
	script(FAILS("IPV6_V6ONLY", "ENOPROTOOPT"),
	    "server bind s1 local=0.0.0.0:80 = 0", "finish ! ENOPROTOOPT-");
	script(FAILS("IPV6_V6ONLY", "ENOPROTOOPT"), "finish ! ENOPROTOOPT");
	/* Both families' were set, before it shows which one is needed. */
	script(HOSTS, "server socket s1",
	    "server setsockopt s1 option=IP_TOS value=16 = 0",
	    "server setsockopt s1 option=IPV6_TCLASS value=16 = -1 "
	    "ENOPROTOOPT",
	    "finish ! ENOPROTOOPT-");
	/* Many are told at once, in their order. */
	script(FAILS("A1", "EINVAL"),
	    "server setsockopt s1 option=A2 = -1 EINVAL",
	    "server setsockopt s1 option=A3 = -1 EINVAL",
	    "finish ! ENOPROTOOPT ENOPROTOOPT ENOPROTOOPT");
}

static void
test_socket_fails(void)
{
#define NO_V6 \
	"host server 10.0.1.2", \
	    "server socket domain=AF_INET6 type=SOCK_STREAM = -1 EAFNOSUPPORT"
#define NO_SCTP \
	"host server 10.0.1.2", "server socket s1", \
	    "server socket domain=AF_INET type=SOCK_STREAM " \
	    "protocol=IPPROTO_SCTP = -1 EPROTONOSUPPORT"
	script(NO_V6, "finish ! EAFNOSUPPORT");
	script(NO_V6, "server exit_group = 0 ! EAFNOSUPPORT", "finish");
	script(NO_V6, "server socket s1 ! EAFNOSUPPORT-", "finish");
	/* Of another task; what other threads do meanwhile tells nothing. */
	script(NO_V6, "server socket s1 thread=7 process=7",
	    "finish ! EAFNOSUPPORT");
	script(NO_SCTP, "server bind s1 thread=7 local=0.0.0.0:80 = 0",
	    "server socket s2 ! EAFNOSUPPORT-", "finish");
	script(NO_SCTP, "server bind s1 local=0.0.0.0:80 = 0 ! EAFNOSUPPORT",
	    "finish");
	script(NO_SCTP, "server close s1 = 0",
	    "server socket s2 ! EAFNOSUPPORT-", "finish");
	/* The IPv4 socket that it has serves as well. */
	script("host server 10.0.1.2", LISTENS,
	    "server socket domain=AF_INET6 type=SOCK_STREAM = -1 "
	    "EAFNOSUPPORT",
	    "server accept s1 made=s2 10.0.9.9:4000 = 4 ! EAFNOSUPPORT-",
	    "finish");
	/* Not of IP: no concern of the network's. */
	script("host server 10.0.1.2",
	    "server socket domain=AF_ALG type=SOCK_RAW = -1 EAFNOSUPPORT",
	    "finish ! EAFNOSUPPORT-");
	script("host server 10.0.1.2",
	    "server socket domain=AF_INET type=SOCK_STREAM = -1 EPROTOTYPE",
	    "finish ! EPROTOTYPE");
}

/* What the model does not follow: told once a trace. */
static void
test_not_followed(void)
{
	script(CONNECTED,
	    "client setsockopt s3 option=SO_PEEK_OFF value=1 = 0 "
	    "! NOT_HANDLE_OPTION-",
	    "dev NOT_HANDLE_OPTION option=SO_PEEK_OFF",
	    "client setsockopt s3 option=SO_PEEK_OFF value=2 = 0",
	    "client setsockopt s3 option=SO_KEEPALIVE value=1 = 0",
	    "server setsockopt s2 option=SO_PEEK_OFF value=1 = 0 "
	    "! NOT_HANDLE_OPTION-");
	script(CONNECTED, "client vmsplice s3 = 1 ! UNKNOWN_SYSCALL-",
	    "dev UNKNOWN_SYSCALL call=vmsplice", "client vmsplice s3 = 1",
	    "client vmsplice = 1", "client tee s3 = 1 ! UNKNOWN_SYSCALL-");
	/* a datagram larger than the buffer that was asked for */
	script(HOSTS, "client socket s3 type=SOCK_DGRAM",
	    "client setsockopt s3 option=SO_SNDBUF value=1000 = 0",
	    "client sendto s3 10.0.1.2:53 asked=900 = 900",
	    "client sendto s3 10.0.1.2:53 asked=1500 = 1500 ! MSG_GT_BUFSIZE-",
	    "dev MSG_GT_BUFSIZE size=1500 buffer=1000 causes=setsockopt",
	    "client sendto s3 10.0.1.2:53 asked=1500 = 1500",
	    "client sendto s3 10.0.1.2:53 asked=10 = 8 "
	    "! UNEXPECTED_RETURN_VALUE");
}

int
main(void)
{
	test_not_followed();
	test_shared_listeners();
	test_shared_datagrams();
	test_address_changes();
	test_buffers();
	test_option_fails();
	test_socket_fails();
	return done();
}
