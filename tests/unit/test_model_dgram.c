/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's rows for datagrams (model.md 3.9).
 */
#include "model_kit.h"

#define BOUND \
	HOSTS, "server socket s1 type=SOCK_DGRAM", \
	    "server bind s1 local=0.0.0.0:53 = 0", \
	    "client socket s3 type=SOCK_DGRAM", \
	    "client bind s3 local=10.0.2.2:4000 = 0"

static void
arrives(void)
{
	script(BOUND, "client sendto s3 10.0.1.2:53 \"ping\" = 4",
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4", "end client",
	    "end server", "finish", "flow sent=1 received=1 lost=0");
	/* not sent yet */
	script(BOUND,
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4 -> defer datagram",
	    "client sendto s3 10.0.1.2:53 \"ping\" = 4 wakes",
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4");
	/* another length, another content */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"ping!\" = 5",
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" asked=99 = 4"
	    " -> defer datagram");
	script(BOUND, "client sendto s3 10.0.1.2:53 \"ping\" = 4",
	    "server recvfrom s1 10.0.2.2:4000 \"pong\" = 4 -> defer datagram",
	    "server recvfrom s1 10.0.2.2:4000 \"pong\" = 4 -> take"
	    " ! MSG_DONT_MATCH");
	/* content that is redacted with other keys is none */
	script("host server redacted=a 10.0.1.2", "host client redacted=b",
	    "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "client socket s3 type=SOCK_DGRAM",
	    "client bind s3 local=10.0.2.2:4000 = 0",
	    "client sendto s3 10.0.1.2:53 \"ping\" clear= = 4",
	    "server recvfrom s1 10.0.2.2:4000 \"pong\" clear= = 4",
	    "end client", "end server", "finish",
	    "flow sent=1 received=1 lost=0");
	/* nobody sent it: the port's holder is in no trace, or it is */
	script(HOSTS, "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0", "end client",
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4 ! MSGNOTSENT-");
	script(BOUND, "end client",
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4 ! MSGNOTSENT");
	/* received twice */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"ping\" = 4",
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4", "end client",
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4 ! DGRAM_DUP");
	/* from a foreign address */
	script(BOUND,
	    "server recvfrom s1 192.0.2.7:4000 \"ping\" = 4 -> defer datagram",
	    "server recvfrom s1 192.0.2.7:4000 \"ping\" = 4 -> take");
	/* cut to the buffer */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"pingpong\" = 8",
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" asked=4 = 4"
	    " ! DGRAM_TRUNCATED");
	/* ... as the kernel tells, where it tells */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"pingpong\" = 8",
	    "end client",
	    "server recvmsg s1 10.0.2.2:4000 \"ping\" asked=4 value=32 = 4"
	    " ! DGRAM_TRUNCATED");
	script(BOUND, "client sendto s3 10.0.1.2:53 \"pingpong\" = 8",
	    "end client",
	    "server recvmsg s1 10.0.2.2:4000 \"ping\" asked=4 value=0 = 4"
	    " ! MSGNOTSENT");
	/* only looked at: the rest stays */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"pingpong\" = 8",
	    "server recvfrom s1 10.0.2.2:4000 \"ping\" asked=4 flags=2 = 4"
	    " ! DGRAM_TRUNCATED-",
	    "server recvfrom s1 10.0.2.2:4000 \"pingpong\" asked=9 = 8");
	/* of no length */
	script(BOUND, "client sendto s3 10.0.1.2:53 asked=0 = 0",
	    "server recvfrom s1 10.0.2.2:4000 asked=9 = 0");
}

/* connect_unspec: a port that no bind named goes with the peer */
static void
dissolved(void)
{
	script(HOSTS, "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "client socket s3 type=SOCK_DGRAM",
	    "client bind s3 local=0.0.0.0:0 = 0",
	    "client getsockname s3 local=0.0.0.0:4000 = 0",
	    "client connect s3 unspec = 0",
	    "client sendto s3 10.0.1.2:53 \"ping\" = 4",
	    "server recvfrom s1 10.0.2.2:4001 \"ping\" = 4 -> defer datagram",
	    "server recvfrom s1 10.0.2.2:4001 \"ping\" = 4 -> take",
	    "server sendto s1 10.0.2.2:4001 \"pong\" = 4",
	    "client recvfrom s3 10.0.1.2:53 \"pong\" = 4", "end client wakes",
	    "end server", "finish", "flow sent=1 received=1 lost=0");
	script(BOUND, "client connect s3 10.0.1.2:53 = 0",
	    "client connect s3 unspec = 0",
	    "server sendto s1 10.0.2.2:4000 \"pong\" = 4",
	    "client recvfrom s3 10.0.1.2:53 \"pong\" = 4", "end client",
	    "end server", "finish", "flow sent=1 received=1 lost=0");
}

static void
overtaken(void)
{
	/* dgram_recv: out of the sender's order, told at the flow's end */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "client sendto s3 10.0.1.2:53 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10",
	    "end client", "end server", "finish ! DGRAM_REORDERED-",
	    "flow sent=2 received=2 reordered=1");
	/* the same is sent again: which of them came is open */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "client sendto s3 10.0.1.2:53 \"number two\" = 10",
	    "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10",
	    "end client", "end server", "finish ! DGRAM_LOST",
	    "flow sent=3 received=2 reordered=0");
	script(BOUND, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "client sendto s3 10.0.1.2:53 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10",
	    "client sendto s3 10.0.1.2:53 \"number one\" = 10", "end client",
	    "end server", "finish ! DGRAM_LOST",
	    "flow sent=3 received=2 reordered=0");
	/* two threads may have sent, or received, them the other way round */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "client sendto s3 10.0.1.2:53 thread=2 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10",
	    "end client", "end server", "finish", "flow reordered=0");
	script(BOUND, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "client sendto s3 10.0.1.2:53 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 thread=2 \"number one\" = 10",
	    "end client", "end server", "finish", "flow reordered=0");
}

static void
copies(void)
{
	/* the call does not show the source; a look is no second receive */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10",
	    "end client",
	    "server recvfrom s1 10.0.2.2:4000 flags=2 \"number one\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10 ! DGRAM_DUP",
	    "end server", "finish", "flow sent=1 received=1 duplicated=1");
	script(BOUND, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "server recvfrom s1 \"number one\" = 10", "end client",
	    "server recvfrom s1 \"number one\" = 10 ! DGRAM_DUP");
	/* sent twice is received twice */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10",
	    "end client", "end server", "finish",
	    "flow sent=2 received=2 duplicated=0");
}

static void
altered(void)
{
	/* much of it came: it is the one, whoever else may have sent */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "end client cut=1",
	    "server recvfrom s1 10.0.2.2:4000 \"number 0ne\" = 10"
	    " ! MSG_DONT_MATCH",
	    "end server", "finish", "flow sent=1 received=1");
	script(BOUND, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "end client cut=1",
	    "server recvfrom s1 10.0.2.2:4000 \"or another\" = 10"
	    " ! INCOMPLETE_TRACE-");
}

/* The server's socket is bound, no line tells the ports of the client's two. */
#define NAMELESS \
	HOSTS, "server socket s1 type=SOCK_DGRAM", \
	    "server bind s1 local=0.0.0.0:53 = 0", \
	    "client socket s3 type=SOCK_DGRAM", \
	    "client socket s4 type=SOCK_DGRAM"

static void
guesses(void)
{
	/* told apart by what they sent */
	script(NAMELESS, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "client sendto s4 10.0.1.2:53 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4001 \"number two\" = 10"
	    " -> defer datagram",
	    "server recvfrom s1 10.0.2.2:4001 \"number two\" = 10 -> take",
	    "server recvfrom s1 10.0.2.2:4002 \"number one\" = 10 -> take",
	    "end client wakes", "end server", "finish",
	    "flow source=0.0.0.0:4002 received=1",
	    "flow source=0.0.0.0:4001 received=1");
	/* both sent the same: which is which stays open, nothing is lost */
	script(NAMELESS, "client sendto s3 10.0.1.2:53 \"ping\" = 4",
	    "client sendto s4 10.0.1.2:53 \"ping\" = 4",
	    "server recvfrom s1 10.0.2.2:4002 \"ping\" = 4 -> take",
	    "server recvfrom s1 10.0.2.2:4001 \"ping\" = 4 -> take",
	    "client sendto s3 10.0.1.2:53 \"three\" = 5",
	    "client sendto s4 10.0.1.2:53 \"four!\" = 5",
	    "server recvfrom s1 10.0.2.2:4002 \"four!\" = 5 -> take",
	    "server recvfrom s1 10.0.2.2:4001 \"three\" = 5 -> take",
	    "server sendto s1 10.0.2.2:4001 \"to three\" = 8",
	    "client recvfrom s3 10.0.1.2:53 \"to three\" = 8", "end client",
	    "end server", "finish", "flow received=2", "flow received=2");
	/* a guess that proves wrong, and with it what seemed lost */
	script(NAMELESS, "client sendto s3 10.0.1.2:53 \"ping\" = 4",
	    "server recvfrom s1 10.0.2.2:4002 \"ping\" = 4 -> take",
	    "client sendto s4 10.0.1.2:53 \"ping\" = 4",
	    "client sendto s4 10.0.1.2:53 \"four!\" = 5",
	    "server recvfrom s1 10.0.2.2:4002 \"four!\" = 5"
	    " -> defer datagram",
	    "server recvfrom s1 10.0.2.2:4002 \"four!\" = 5 -> take",
	    "server recvfrom s1 10.0.2.2:4001 \"ping\" = 4 -> take",
	    "server sendto s1 10.0.2.2:4001 \"to three\" = 8",
	    "end client wakes", "end server", "finish ! DGRAM_NO_RECEIVER-");
}

/* What a host sends to itself comes from the address that it was sent to. */
static void
within_a_host(void)
{
	/* ... which no line has told: it is learned */
	script("host server", "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "server socket s3 type=SOCK_DGRAM",
	    "server connect s3 10.0.1.2:53 = 0",
	    "server write s3 \"one of four\" = 11",
	    "server recvfrom s1 10.0.1.2:4000 \"one of four\" = 11",
	    "end server", "finish", "flow sent=1 received=1 lost=0");
	/* not from the loopback interface: that is a stranger's, twice */
	script("host server", "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "server socket s3 type=SOCK_DGRAM",
	    "server connect s3 10.0.1.2:53 = 0",
	    "server write s3 \"one of four\" = 11",
	    "server recvfrom s1 127.0.0.1:4000 \"one of four\" = 11 -> take",
	    "server recvfrom s1 127.0.0.1:4000 \"one of four\" = 11 -> take",
	    "server recvfrom s1 10.0.1.2:4001 \"one of four\" = 11",
	    "end server", "finish", "flow sent=1 received=1 lost=0");
	/* unless its sender is bound there */
	script("host server", "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "server socket s3 type=SOCK_DGRAM",
	    "server bind s3 local=127.0.0.1:4000 = 0",
	    "address server 10.0.1.2",
	    "server sendto s3 10.0.1.2:53 \"ping\" = 4",
	    "server recvfrom s1 127.0.0.1:4000 \"ping\" = 4", "end server",
	    "finish", "flow sent=1 received=1 lost=0");
}

/* A copy of what came before the call that sent it had told so. */
static void
copies_ahead(void)
{
	script(BOUND, "begin client sendmmsg s3 10.0.1.2:53 thread=2",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10 -> take",
	    "client sendmmsg s3 10.0.1.2:53 thread=2 \"number one\" = 10",
	    "end client",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10 ! DGRAM_DUP",
	    "end server", "finish", "flow sent=1 received=1");
}

/* Altered, or twice, before the call that sent it had told so. */
static void
early(void)
{
	script(BOUND, "begin client sendmmsg s3 10.0.1.2:53 thread=2",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10 -> take",
	    "client sendmmsg s3 10.0.1.2:53 thread=2 \"number#one\" = 10"
	    " ! MSG_DONT_MATCH",
	    "end client", "end server", "finish",
	    "dev MSG_DONT_MATCH offset=6 causes=sendmmsg",
	    "flow sent=1 received=1");
	/* not much like it: nobody sent the one, the other is missing */
	script(BOUND, "begin client sendmmsg s3 10.0.1.2:53 thread=2",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10 -> take",
	    "client sendmmsg s3 10.0.1.2:53 thread=2 \"the second\" = 10",
	    "end client", "end server", "finish ! MSGNOTSENT DGRAM_LOST");
	script(BOUND, "begin client sendmmsg s3 10.0.1.2:53 thread=2",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10 -> take",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10 -> take",
	    "client sendmmsg s3 10.0.1.2:53 thread=2 \"number one\" = 10",
	    "end client", "end server", "finish ! DGRAM_DUP",
	    "flow sent=1 received=1");
	/* two of the same are none twice */
	script(BOUND, "begin client sendmmsg s3 10.0.1.2:53 thread=2",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10 -> take",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10 -> take",
	    "client sendmmsg s3 10.0.1.2:53 thread=2 part=0 \"number one\""
	    " = 10",
	    "client sendmmsg s3 10.0.1.2:53 part=1 \"number one\" = 10",
	    "end client", "end server", "finish", "flow sent=2 received=2");
}

/* A trace without reads and writes hides none of a socket without peer. */
static void
copy_of_hidden(bool connected)
{
	static const char *const lines[] = { "host server 10.0.1.2",
		"host client 10.0.2.2", "server socket s1 type=SOCK_DGRAM",
		"server bind s1 local=0.0.0.0:53 = 0",
		"client socket s3 type=SOCK_DGRAM",
		"client bind s3 local=10.0.2.2:4000 = 0" };
	struct kit k = { .file = __FILE__, .at = __LINE__ };
	struct nc_buf hidden = { 0 };
	struct nc_end e;
	size_t i;

	k.sink = (struct nc_sink){ &k, kit_put };
	k.order = nc_model_new(NULL);
	k.replay = nc_model_new(&k.sink);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		kit_line(&k, lines[i]);
	if (connected)
		kit_line(&k, "client connect s3 10.0.1.2:53 = 0");
	kit_line(&k, "client sendto s3 10.0.1.2:53 \"ping\" = 4");
	kit_line(&k, "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4");
	nc_record_init(NC_KIND_end, &e);
	e.host = nc_str("client");
	e.trace = 0;
	nc_pack_array(&hidden, 1);
	nc_pack_str(&hidden, "read, write, close");
	e.hidden = (struct nc_bytes){ hidden.p, hidden.len };
	nc_model_end(k.order, &e);
	nc_model_end(k.replay, &e);
	kit_line(&k,
	    connected ? "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4"
			" ! INCOMPLETE_TRACE-" :
			"server recvfrom s1 10.0.2.2:4000 \"ping\" = 4"
			" ! DGRAM_DUP");
	nc_buf_fini(&hidden);
	nc_model_free(k.order);
	nc_model_free(k.replay);
}

#define LATE \
	HOSTS, \
	    "server attach s1 local=10.0.1.2:53 domain=AF_INET " \
	    "type=SOCK_DGRAM cause=bound", \
	    "client socket s3 type=SOCK_DGRAM", \
	    "client bind s3 local=10.0.2.2:4000 = 0"

/* What the receiver had got before its trace began. */
static void
late_receiver(void)
{
	script(LATE, "client sendto s3 10.0.1.2:53 \"one\" = 3",
	    "client sendto s3 10.0.1.2:53 \"two\" = 3",
	    "client sendto s3 10.0.1.2:53 \"three\" = 5",
	    "client sendto s3 10.0.1.2:53 \"four\" = 4",
	    "client sendto s3 10.0.1.2:53 \"fifth\" = 5",
	    "server recvfrom s1 10.0.2.2:4000 \"three\" = 5",
	    "server recvfrom s1 10.0.2.2:4000 \"fifth\" = 5",
	    "server recvfrom s1 marks=2 = nil ! BLOCKED_AT_END-", "end client",
	    "end server", "finish ! DGRAM_LOST",
	    "flow sent=5 received=2 lost=3");
	/* the same again: which it was that came, nobody knows */
	script(LATE, "client sendto s3 10.0.1.2:53 \"beat\" = 4",
	    "client sendto s3 10.0.1.2:53 \"beat\" = 4",
	    "client sendto s3 10.0.1.2:53 \"beat\" = 4",
	    "server recvfrom s1 10.0.2.2:4000 \"beat\" = 4",
	    "server recvfrom s1 marks=2 = nil ! BLOCKED_AT_END-", "end client",
	    "end server", "finish ! DGRAM_LOST",
	    "flow sent=3 received=1 lost=2");
}

/* What was sent before the trace began looks like what is sent next. */
static void
late_sender(void)
{
	script(HOSTS,
	    "client attach s3 local=10.0.2.2:4000 domain=AF_INET "
	    "type=SOCK_DGRAM cause=bound",
	    "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "client sendto s3 10.0.1.2:53 \"number two\" = 10", "end client",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10"
	    " ! MSG_DONT_MATCH-");
}

/* Which port is whose: not where the traces may lack whoever sent. */
static void
lacking(void)
{
#define UNBOUND \
	HOSTS, "server socket s1 type=SOCK_DGRAM", \
	    "server bind s1 local=0.0.0.0:53 = 0", \
	    "client socket s3 type=SOCK_DGRAM", \
	    "client sendto s3 10.0.1.2:53 \"beat\" = 4", \
	    "client sendto s3 10.0.1.2:53 \"beat\" = 4", \
	    "client sendto s3 10.0.1.2:53 \"beat\" = 4", \
	    "server recvfrom s1 10.0.2.2:4000 \"beat\" = 4 -> defer datagram"
#define RECEIVED \
	"server recvfrom s1 10.0.2.2:4000 \"beat\" = 4", \
	    "server recvfrom s1 marks=2 = nil ! BLOCKED_AT_END-", "end server"
	script(UNBOUND, "end client wakes", RECEIVED, "finish ! DGRAM_LOST");
	script(UNBOUND, "end client cut=1 wakes", RECEIVED,
	    "finish ! DGRAM_LOST-");
}

/* A declared translator's address is no host's, though nobody tells its own. */
static void
declared(void)
{
	script("host server 10.0.1.2", "host client",
	    "nat client 10.0.2.2 198.51.100.1",
	    "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "client socket s3 type=SOCK_DGRAM",
	    "client sendto s3 10.0.1.2:53 \"a question\" = 10",
	    "server recvfrom s1 198.51.100.1:4000 \"a question\" = 10 -> take"
	    " ! NAT_ADDRESS-",
	    "server socket s2", "server bind s2 local=0.0.0.0:80 = 0",
	    "server listen s2 value=8 = 0", "client socket s4",
	    "client connect s4 10.0.1.2:80 local=10.0.2.2:4001 = 0",
	    "server accept s2 198.51.100.1:4001 made=s5 = 5", "end client",
	    "end server", "finish ! NAT_ADDRESS-", "flow match=nat",
	    "conn match=nat server_socket=5");
}

/* Nothing comes any more from the host that it would have come from. */
static void
no_more_comes(void)
{
	script(BOUND,
	    "server recvfrom s1 10.0.2.2:4001 \"ping\" = 4 -> defer datagram",
	    "end client wakes",
	    "server recvfrom s1 10.0.2.2:4001 \"ping\" = 4 ! MSGNOTSENT-");
}

/* What is told waits where something later may explain it. */
static void
doubts(void)
{
	/* the order had to take it before it was sent */
	script(BOUND, "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4 -> take",
	    "client sendto s3 10.0.1.2:53 \"ping\" = 4", "end client",
	    "end server", "finish", "flow sent=1 received=1 lost=0");
	/* ... or other bytes than were sent then */
	script(BOUND, "server recvfrom s1 10.0.2.2:4000 \"ping\" = 4 -> take",
	    "client sendto s3 10.0.1.2:53 \"pong\" = 4", "end client",
	    "end server", "finish ! MSGNOTSENT DGRAM_LOST-");
	/* a copy, or what another socket sent: then that is missing */
	script(NAMELESS, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "client sendto s4 10.0.1.2:53 \"a third one\" = 11",
	    "server recvfrom s1 10.0.2.2:4001 \"number one\" = 10 -> take",
	    "server recvfrom s1 10.0.2.2:4002 \"a third one\" = 11 -> take",
	    "end client",
	    "server recvfrom s1 10.0.2.2:4001 \"number one\" = 10",
	    "end server", "finish ! DGRAM_DUP");
	script(NAMELESS, "client sendto s3 10.0.1.2:53 \"number one\" = 10",
	    "client sendto s4 10.0.1.2:53 \"number two\" = 10",
	    "server recvfrom s1 10.0.2.2:4001 \"number one\" = 10 -> take",
	    "end client",
	    "server recvfrom s1 10.0.2.2:4001 \"number one\" = 10",
	    "end server", "finish ! DGRAM_DUP- DGRAM_LOST-");
	/* an echo by a process that is in no trace is no letter to itself */
	script(HOSTS, "client socket s3 type=SOCK_DGRAM",
	    "client sendto s3 10.0.2.2:5300 \"ping\" = 4",
	    "client recvfrom s3 10.0.2.2:5300 \"ping\" = 4 -> take"
	    " ! MSGNOTSENT-",
	    "end client", "finish", "flow sent=1 received=0");
}

static void
vectors(void)
{
	/* received before the call that sends it tells its messages */
	script(BOUND, "begin client sendmmsg s3 10.0.1.2:53 thread=2",
	    "server recvfrom s1 10.0.2.2:4000 \"number one\" = 10 -> take",
	    "server sendto s1 10.0.2.2:4000 \"number one\" = 10",
	    "client sendmmsg s3 10.0.1.2:53 thread=2 \"number one\" = 10",
	    "client recvfrom s3 10.0.1.2:53 \"number one\" = 10", "end client",
	    "end server", "finish", "flow sent=1 received=1",
	    "flow sent=1 received=1");
}

static void
late(void)
{
#define ANSWERED \
	"server recvfrom s1 10.0.2.2:4000 \"question\" time=51000000000 " \
	"duration=600000000 = 8", \
	    "server sendto s1 10.0.2.2:4000 \"the answer\" " \
	    "time=51600100000 = 10"
	/* The answer came after the wait; the server was quick. */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"question\" = 8",
	    "client poll ready=s3: timeout=500000000 duration=500000000 = 0",
	    ANSWERED,
	    "client recvfrom s3 10.0.1.2:53 \"the answer\" = 10"
	    " ! NETWORK_ERROR");
	/* It lay there: the server was busy. */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"question\" = 8",
	    "client poll ready=s3: timeout=500000000 duration=500000000 = 0",
	    "server recvfrom s1 10.0.2.2:4000 \"question\" = 8",
	    "server sendto s1 10.0.2.2:4000 \"the answer\" = 10",
	    "client recvfrom s3 10.0.1.2:53 \"the answer\" = 10");
	/* Whole seconds do not tell that the wait came after the question. */
	script(BOUND,
	    "client sendto s3 10.0.1.2:53 \"question\" = 8 time=9000000000",
	    "client poll ready=s3: time=9000000000 timeout=500000000"
	    " duration=500000000 = 0",
	    "server recvfrom s1 10.0.2.2:4000 \"question\" = 8"
	    " time=9000000000 duration=600000000",
	    "server sendto s1 10.0.2.2:4000 \"the answer\" = 10"
	    " time=9600000000",
	    "client recvfrom s3 10.0.1.2:53 \"the answer\" = 10"
	    " time=10000000000");
	/* It was asked for in between: no wait for it has ended. */
	script(BOUND,
	    "client poll ready=s3: timeout=500000000 duration=500000000 = 0",
	    "client sendto s3 10.0.1.2:53 \"question\" = 8", ANSWERED,
	    "client recvfrom s3 10.0.1.2:53 \"the answer\" = 10");
	/* A slow server. */
	script(BOUND, "client sendto s3 10.0.1.2:53 \"question\" = 8",
	    "client poll ready=s3: timeout=5000000 duration=5000000 = 0",
	    "server recvfrom s1 10.0.2.2:4000 \"question\" = 8", "server poll",
	    "server poll", "server poll", "server poll",
	    "server sendto s1 10.0.2.2:4000 \"the answer\" = 10",
	    "client recvfrom s3 10.0.1.2:53 \"the answer\" = 10");
}

static void
lost(void)
{
	script(BOUND, "client sendto s3 10.0.1.2:53 \"a\" = 1",
	    "client sendto s3 10.0.1.2:53 \"bc\" = 2",
	    "server recvfrom s1 10.0.2.2:4000 \"bc\" = 2", "end client",
	    "end server", "finish ! DGRAM_LOST",
	    "flow sent=2 received=1 lost=1 bytes_lost=1");
	/* the last ones may be under way; not when the receiver waited on */
#define THREE \
	BOUND, \
	    "client sendto s3 10.0.1.2:53 \"a\" time=1000000000 duration=0 " \
	    "= 1", \
	    "client sendto s3 10.0.1.2:53 \"bc\" time=1001000000 duration=0 " \
	    "= 2", \
	    "client sendto s3 10.0.1.2:53 \"def\" time=1002000000 " \
	    "duration=0 = 3", \
	    "server recvfrom s1 10.0.2.2:4000 \"a\" time=1000000000 " \
	    "duration=1000 = 1"
	script(THREE, "end client", "end server", "finish ! DGRAM_LOST",
	    "flow lost=2", "dev DGRAM_LOST lost=2");
	script(THREE,
	    "server recvfrom s1 time=1000100000 duration=4000000000 marks=4 "
	    "= nil",
	    "end client", "end server", "finish ! DGRAM_LOST",
	    "flow lost=2 loss_cause=network");
	/* nothing ever passed between the two: who was first is not known */
	script(HOSTS, "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "server poll ready=s1:0 timeout=-1 marks=4 = nil",
	    "client socket s3 type=SOCK_DGRAM",
	    "client sendto s3 10.0.1.2:53 \"a\" = 1", "client release s3",
	    "end client", "end server", "finish ! DGRAM_LOST",
	    "dev DGRAM_LOST confidence=60", "flow lost=1 loss_cause=network");
	script(HOSTS, "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 local=0.0.0.0:53 = 0",
	    "client socket s3 type=SOCK_DGRAM",
	    "client sendto s3 10.0.1.2:53 \"a\" = 1", "client release s3",
	    "end client", "end server", "finish ! DGRAM_LOST",
	    "flow lost=1 loss_cause=application");
	/* waited for by epoll, until shortly before it was closed */
	script(BOUND, "server epoll_ctl s1 epoll=1 value=1 flags=1 = 0",
	    "client sendto s3 10.0.1.2:53 \"a\" = 1",
	    "server epoll_wait epoll=1 timeout=1000000000 = 0",
	    "server epoll_ctl s1 epoll=1 value=2 = 0",
	    "server release s1 cause=close", "finish ! DGRAM_LOST",
	    "flow lost=1 loss_cause=network");
	/* the sender was gone when its port was told: it waited there */
	script(NAMELESS,
	    "client sendto s3 10.0.1.2:53 \"question\" time=1000000000 = 8",
	    "client poll ready=s3:0 timeout=2000000000 time=1000001000 "
	    "duration=nil = 0",
	    "client release s3 cause=close time=3000002000",
	    "server recvfrom s1 10.0.2.2:4002 \"question\" time=1000000000 "
	    "duration=1000 = 8 -> take",
	    "server sendto s1 10.0.2.2:4002 \"answer\" time=1000002000 = 6",
	    "end client", "end server", "finish ! DGRAM_LOST",
	    "flow received=1 source=0.0.0.0:4002",
	    "flow lost=1 loss_cause=network");
	/* ... and did not */
	script(NAMELESS,
	    "client sendto s3 10.0.1.2:53 \"question\" time=1000000000 = 8",
	    "client release s3 cause=close time=1000002000",
	    "server recvfrom s1 10.0.2.2:4002 \"question\" time=1000000000 "
	    "duration=1000 = 8 -> take",
	    "server sendto s1 10.0.2.2:4002 \"answer\" time=1000002000 = 6",
	    "end client", "end server", "finish ! DGRAM_LOST",
	    "flow received=1", "flow lost=1 loss_cause=application");
	/* nothing is bound there */
	script(HOSTS, "client socket s3 type=SOCK_DGRAM",
	    "client sendto s3 10.0.1.2:53 \"a\" = 1", "end client",
	    "end server", "finish ! DGRAM_NO_RECEIVER-");
}

static void
failures(void)
{
	script(HOSTS, "client socket s3 type=SOCK_DGRAM",
	    "client connect s3 10.0.1.2:53 = 0", "client write s3 \"a\" = 1",
	    "client read s3 = -1 ECONNREFUSED ! DGRAM_REFUSED");
	/* bound to another address: it does not have to be released first */
	script(HOSTS, "server socket s1 type=SOCK_DGRAM",
	    "server bind s1 127.0.0.1:53 = 0",
	    "client socket s3 type=SOCK_DGRAM",
	    "client connect s3 10.0.1.2:53 = 0", "client write s3 \"a\" = 1",
	    "client read s3 = -1 ECONNREFUSED ! DGRAM_REFUSED");
	/* a bound one would have taken it, so that it was refused later */
	script(BOUND, "client connect s3 10.0.1.2:53 = 0",
	    "client write s3 \"a\" = 1",
	    "client read s3 = -1 ECONNREFUSED -> defer release");
	script(HOSTS, "client socket s3 type=SOCK_DGRAM",
	    "client sendto s3 10.0.1.2:53 \"a\" asked=70000 = -1 EMSGSIZE"
	    " ! EMSGSIZE");
	script(HOSTS, "client socket s3 type=SOCK_DGRAM",
	    "client write s3 \"a\" = -1 EDESTADDRREQ ! EDESTADDRREQ");
	script(HOSTS, "client socket s3 type=SOCK_DGRAM",
	    "client sendto s3 255.255.255.255:53 \"a\" = -1 EACCES"
	    " ! EACCES");
	script(HOSTS, "client socket s3 type=SOCK_DGRAM",
	    "client sendto s3 10.0.1.2:53 \"a\" = -1 ENETUNREACH"
	    " ! CONN_UNREACHABLE");
	/* told by ICMP, after it had been sent */
	script(BOUND, "client connect s3 10.0.1.2:53 = 0",
	    "client write s3 \"a\" = 1",
	    "client read s3 = -1 EHOSTUNREACH ! CONN_UNREACHABLE");
	script(HOSTS, "client socket s3 type=SOCK_DGRAM",
	    "client sendto s3 10.0.1.2:0 \"a\" = -1 EINVAL"
	    " ! INVALID_PORT");
	script(BOUND, "server recvfrom s1 = -1 EAGAIN");
}

int
main(void)
{
	dissolved();
	overtaken();
	copies();
	altered();
	guesses();
	within_a_host();
	copies_ahead();
	early();
	copy_of_hidden(false);
	copy_of_hidden(true);
	late_receiver();
	late_sender();
	lacking();
	declared();
	no_more_comes();
	doubts();
	vectors();
	late();
	arrives();
	lost();
	failures();
	return done();
}
