/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's accept rows and who talks to whom (model.md 3.3, 4).
 */
#include "model_kit.h"

static void
accepts(void)
{
	/* accept_ok, by address and port */
	script(CONNECTED, "end client", "end server", "finish",
	    "conn match=exact opened=connected elastic=0 server_socket=2");
	/* the connect is to come */
	script(HOSTS, LISTENS, "client socket s3",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 -> defer connect",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0 wakes",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4");
	/* by the host alone, where the client's port is not known */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 = 0",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4", "end client",
	    "end server", "finish", "conn match=host");
	/* the peer's port tells two connections apart, in any order */
	script(HOSTS, LISTENS, "client socket s3", "client socket s4",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0",
	    "client connect s4 10.0.1.2:80 local=10.0.2.2:4001 = 0",
	    "server accept s1 10.0.2.2:4001 made=s5 = 5",
	    "server accept s1 10.0.2.2:4000 made=s6 = 6", "end client",
	    "end server", "finish", "conn client_socket=3 server_socket=6",
	    "conn client_socket=4 server_socket=5");
	/* a peer that is on no traced host, when all are done */
	script(HOSTS, LISTENS, "end client",
	    "server accept s1 192.0.2.7:4000 made=s2 = 4", "end server",
	    "finish", "conn match=external");
	/* a traced host's connect never came */
	script(HOSTS, LISTENS, "end client",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 ! NO_PENDING_CONN-");
	/* It came after all: the accept was only taken too early. */
	script(HOSTS, LISTENS, "client socket s3",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 -> take "
	    "! NO_PENDING_CONN-",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0",
	    "client write s3 \"abc\" = 3", "server read s2 \"abc\" = 3",
	    "end client", "end server", "finish",
	    "conn match=exact client_socket=3 server_socket=2");
	/* accept_eagain, accept_einval */
	script(HOSTS, LISTENS,
	    "server accept s1 = -1 EAGAIN ! EXPECTED_BLOCKING-",
	    "server accept s1 = -1 EAGAIN");
	script(
	    HOSTS, "server socket s1", "server accept s1 = -1 EINVAL ! EINVAL");
	script(HOSTS, LISTENS, "server accept s1 = -1 EMFILE ! FD_EXHAUSTED");
}

static void
passed_on(void)
{
	/* its port is changed, not its address: the bytes confirm */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0",
	    "client write s3 \"a question\" = 10", "end client",
	    "server accept s1 10.0.2.2:5000 made=s2 = 4",
	    "server read s2 \"a question\" = 10", "end server",
	    "finish ! NAT_ADDRESS-", "conn match=nat server_socket=2");
	/* bytes that differ are a stranger's, and nothing is lost by that */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0",
	    "client write s3 \"a question\" = 10", "end client",
	    "server accept s1 10.0.2.2:5000 made=s2 = 4",
	    "server read s2 \"another one\" = 11",
	    "server accept s1 10.0.2.2:4000 made=s4 = 5",
	    "server read s4 \"a question\" = 10", "end server", "finish",
	    "conn match=exact server_socket=4 elastic=0");
	/* passed on to another port, with the client's own address */
	script(HOSTS, LISTENS, "client socket s3", "server listen s1 value=9",
	    "client connect s3 10.0.1.2:81 local=10.0.2.2:4000 = 0 "
	    "-> defer listener",
	    "client connect s3 10.0.1.2:81 local=10.0.2.2:4000 = 0 -> take "
	    "! NO_LISTENER_SEEN-",
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 = 4 "
	    "! PORT_FORWARDED-",
	    "end client", "end server", "finish",
	    "conn match=exact server_socket=2");
}

static void
translated(void)
{
	/* declared */
	script("host server 10.0.1.2", "host client 192.168.0.8",
	    "nat client 192.168.0.8 198.51.100.1", LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 local=192.168.0.8:4000 = 0",
	    "server accept s1 198.51.100.1:4000 made=s2 = 4", "end client",
	    "end server", "finish ! NAT_ADDRESS-", "conn match=nat");
	/* ... also where only the bytes tell which connection it is */
	script("host server 10.0.1.2", "host client 192.168.0.8",
	    "nat client 192.168.0.8 198.51.100.1", LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 local=192.168.0.8:4000 = 0",
	    "server accept s1 198.51.100.1:5000 made=s2 = 4 -> take",
	    "client write s3 \"abcdefghijkl\" = 12",
	    "server read s2 \"abcdefghijkl\" = 12", "end client", "end server",
	    "finish ! NAT_ADDRESS-", "dev NAT_ADDRESS confirmed=declared",
	    "conn match=nat");
	/* inferred: the port survived, the bytes confirm */
	script("host server 10.0.1.2", "host client 192.168.0.8", LISTENS,
	    "client socket s3",
	    "client connect s3 10.0.1.2:80 local=192.168.0.8:4000 = 0",
	    "server accept s1 198.51.100.1:4000 made=s2 = 4",
	    "client write s3 \"abcdefghijkl\" = 12",
	    "server read s2 \"abcdefghijkl\" = 12", "end client", "end server",
	    "finish ! NAT_ADDRESS-", "conn match=nat");
}

/* Behind one address there are clients that are in no trace, too. */
static void
neighbours(void)
{
#define BEHIND \
	"host server 10.0.1.2", "host client 192.168.0.8", \
	    "nat client 192.168.0.8 198.51.100.1", LISTENS, \
	    "client socket s3", \
	    "client connect s3 10.0.1.2:80 local=192.168.0.8:4000 = 0", \
	    "client sendfile s3 asked=99 = 99"
	/* an accept by its own port takes it back from another's */
	script(BEHIND, "server accept s1 198.51.100.1:5000 made=s2 = 4 -> take",
	    "server accept s1 198.51.100.1:4000 made=s4 = 5",
	    "server read s4 asked=200 = 99", "client close s3 = 0",
	    "client release s3 cause=close", "end client", "end server",
	    "finish ! NAT_ADDRESS-", "conn match=nat server_socket=4");
	/* it is over by then: what was left unread may be another's */
	script(BEHIND, "server accept s1 198.51.100.1:5000 made=s2 = 4 -> take",
	    "server read s2 asked=9 = 9", "server write s2 \"an answer\" = 9",
	    "client read s3 \"an answer\" = 9", "server close s2 = 0",
	    "server release s2 cause=close", "client read s3 = 0",
	    "client close s3 = 0",
	    "client release s3 cause=close ! NAT_ADDRESS-", "end client",
	    "server accept s1 198.51.100.1:4000 made=s4 = 5",
	    "server read s4 asked=200 = 99", "end server",
	    "finish ! NONEMPTY_BUFFER-", "dev NONEMPTY_BUFFER weak=1");
	/* whose port came through belongs there whoever else is behind it */
	script(BEHIND, "server accept s1 198.51.100.1:4000 made=s2 = 4",
	    "server read s2 asked=9 = 9", "server write s2 \"an answer\" = 9",
	    "client read s3 \"an answer\" = 9", "server close s2 = 0",
	    "server release s2 cause=close",
	    "client read s3 = -1 ECONNRESET ! NONEMPTY_BUFFER CONN_RESET",
	    "client close s3 = 0",
	    "client release s3 cause=close ! NAT_ADDRESS-", "end client",
	    "server accept s1 198.51.100.1:5000 made=s4 = 5", "end server",
	    "finish", "dev NONEMPTY_BUFFER weak=0");
}

/* Of several hosts behind one address the port tells, whoever is asked first. */
static void
shared_address(void)
{
	script("host server 10.0.1.2", "host one 192.168.0.8",
	    "host two 192.168.1.8", "nat one 192.168.0.8 198.51.100.1",
	    "nat two 192.168.1.8 198.51.100.1", LISTENS, "one socket s3",
	    "one connect s3 10.0.1.2:80 local=192.168.0.8:4000 = 0",
	    "two socket s3",
	    "two connect s3 10.0.1.2:80 local=192.168.1.8:5000 = 0",
	    "server accept s1 198.51.100.1:4000 made=s2 = 4",
	    "server accept s1 198.51.100.1:5000 made=s4 = 5", "end one",
	    "end two", "end server", "finish ! NAT_ADDRESS- NAT_ADDRESS-",
	    "conn match=nat client_host=one server_socket=2",
	    "conn match=nat client_host=two server_socket=4");
	/* one without a port is likelier than one with another */
	script("host server 10.0.1.2", "host one 192.168.0.8",
	    "host two 192.168.1.8", "nat one 192.168.0.8 198.51.100.1",
	    "nat two 192.168.1.8 198.51.100.1", LISTENS, "one socket s3",
	    "one connect s3 10.0.1.2:80 = 0", "two socket s3",
	    "two connect s3 10.0.1.2:80 local=192.168.1.8:5000 = 0",
	    "server accept s1 198.51.100.1:4000 made=s2 = 4 -> take",
	    "one write s3 \"a question\" = 10",
	    "server read s2 \"a question\" = 10", "end one", "end two",
	    "end server", "finish ! UNACCEPTED_CONN NAT_ADDRESS-");
}

/* What a client knows of its connect outlives a match that was wrong. */
static void
rematched(void)
{
	/* it was the other's: it is through as soon as its connect returns */
	script(HOSTS, LISTENS, "client socket s3 thread=1",
	    "client socket s4 thread=2",
	    "begin client connect s3 10.0.1.2:80 thread=1",
	    "early client connect s3 10.0.1.2:80 thread=1",
	    "begin client connect s4 10.0.1.2:80 thread=2",
	    "early client connect s4 10.0.1.2:80 thread=2",
	    "server accept s1 made=s5 = 5 -> take",
	    "client connect s4 10.0.1.2:80 thread=2 = 0",
	    "client write s4 \"the second one\" thread=2 = 14",
	    "server read s5 \"the second one\" = 14",
	    "client connect s3 10.0.1.2:80 thread=1 = 0",
	    "client recvfrom s3 flags=64 thread=1 = -1 EAGAIN",
	    "server accept s1 made=s6 = 6", "end client", "end server",
	    "finish", "conn client_socket=3 server_socket=6",
	    "conn client_socket=4 server_socket=5");
	/* refused, while others are through: those were accepted, not it */
	script(HOSTS, LISTENS, "client socket s3 flags=2048",
	    "client connect s3 10.0.1.2:80 process=3 = -1 EINPROGRESS",
	    "client socket s4 flags=2048",
	    "client connect s4 10.0.1.2:80 process=4 = -1 EINPROGRESS",
	    "client socket s7 flags=2048",
	    "client connect s7 10.0.1.2:80 process=7 = -1 EINPROGRESS",
	    "server accept s1 made=s5 = 5 -> take",
	    "server accept s1 made=s6 = 6 -> take",
	    "client getsockopt s3 option=SO_ERROR value=111 = 0",
	    "client close s3 = 0", "client release s3 cause=close",
	    "end client", "end server", "finish ! CONN_REFUSED_LISTENING-");
}

/* No connect of the peer's host can come any more. */
static void
no_more_comes(void)
{
	script(HOSTS, LISTENS,
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 -> defer connect",
	    "end client wakes",
	    "server accept s1 10.0.2.2:4000 made=s2 = 4 ! NO_PENDING_CONN-");
}

static void
exchangeable(void)
{
	/* Two connections of one host, accepted the other way round. */
	script(HOSTS, LISTENS, "client socket s3", "client socket s4",
	    "client connect s3 10.0.1.2:80 = 0",
	    "client connect s4 10.0.1.2:80 = 0",
	    "server accept s1 10.0.2.2:4001 made=s5 = 5",
	    "server accept s1 10.0.2.2:4000 made=s6 = 6",
	    "client write s3 \"the first\" = 9",
	    "client write s4 \"the other\" = 9",
	    "server read s5 \"the other\" = 9",
	    "server read s6 \"the first\" = 9");
	/*
	 * Along an augmenting path: whom the second took for its client is the
	 * first's, whose own fits only the third.
	 */
	script(HOSTS, LISTENS, "client socket s3", "client socket s4",
	    "client socket s5", "client connect s3 10.0.1.2:80 = 0",
	    "client connect s4 10.0.1.2:80 = 0",
	    "client connect s5 10.0.1.2:80 = 0",
	    "server accept s1 10.0.2.2:4001 made=s6 = 6",
	    "server accept s1 10.0.2.2:4002 made=s7 = 7",
	    "server accept s1 10.0.2.2:4003 made=s8 = 8",
	    "client write s3 \"xyxyxyxyxy\" = 10",
	    "client write s4 \"abababab22\" = 10",
	    "client write s5 \"abababab33\" = 10",
	    "server read s7 \"abababab\" = 8",
	    "server read s6 \"abababab22\" = 10",
	    "server read s8 \"xyxyxyxyxy\" = 10", "server read s7 \"33\" = 2",
	    "end client", "end server", "finish",
	    "conn client_socket=3 server_socket=8",
	    "conn client_socket=4 server_socket=6",
	    "conn client_socket=5 server_socket=7");
	/* What neither sent refutes no match that was as good as another. */
	script(HOSTS, LISTENS, "client socket s3", "client socket s4",
	    "client connect s3 10.0.1.2:80 = 0",
	    "client connect s4 10.0.1.2:80 = 0",
	    "server accept s1 10.0.2.2:4001 made=s5 = 5",
	    "server accept s1 10.0.2.2:4000 made=s6 = 6",
	    "client write s3 \"the first\" = 9",
	    "client write s4 \"the other\" = 9",
	    "server read s5 \"a third..\" = 9 -> defer bytes",
	    "server read s5 \"a third..\" = 9 -> take ! AMBIGUOUS_MATCH-");
}

/* O_NONBLOCK of the listener: marks=2048 is a system with BSD's sockets. */
static void
inherits(void)
{
#define WAITS_NOT \
	"server fcntl s1 option=F_SETFL value=1 = 0", \
	    "server setsockopt s1 option=SO_RCVTIMEO value=1000000 = 0", \
	    "client socket s3", \
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0"
	script(HOSTS, LISTENS, WAITS_NOT,
	    "server accept s1 10.0.2.2:4000 made=s2 = 4",
	    "server read s2 = -1 EAGAIN", "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT waiting=first timeout=1000000");
	script(HOSTS, LISTENS, WAITS_NOT,
	    "server accept s1 10.0.2.2:4000 made=s2 marks=2048 = 4",
	    "server read s2 = -1 EAGAIN");
	/* The flags of accept4 are all that counts. */
	script(HOSTS, LISTENS, WAITS_NOT,
	    "server accept4 s1 10.0.2.2:4000 made=s2 flags=0 marks=2048 = 4",
	    "server read s2 = -1 EAGAIN", "finish ! RECV_TIMEOUT",
	    "dev RECV_TIMEOUT waiting=first timeout=1000000");
}

/* Nobody has told the server's address. */
static void
undeclared(void)
{
	/* a peer at the address asked for is the server's own host */
	script("host server", "host client", LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 = 0", "server socket s5",
	    "server connect s5 10.0.1.2:80 = 0",
	    "client write s3 \"from afar\" = 9",
	    "server write s5 \"from near\" = 9",
	    "server accept s1 10.0.1.2:4000 made=s6 = 6",
	    "server read s6 \"from near\" = 9",
	    "server accept s1 10.0.2.2:4001 made=s7 = 7 -> take",
	    "server read s7 \"from afar\" = 9", "end client", "end server",
	    "finish", "conn client_host=client server_socket=7",
	    "conn client_host=server server_socket=6");
}

int
main(void)
{
	accepts();
	inherits();
	passed_on();
	translated();
	neighbours();
	shared_address();
	rematched();
	no_more_comes();
	exchangeable();
	undeclared();
	return done();
}
