/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Bounds on the difference of two hosts' clocks (model.md 5, times).
 */
#include "model_kit.h"

#define MS INT64_C(1000000)
#define SECOND (1000 * MS)
#define DAY (86400 * SECOND)
#define MAX 1024

/* A connection as CONNECTED, made before there were times. */
#define JOINED \
	HOSTS, LISTENS, "client socket s3", \
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 time=nil = 0", \
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 " \
	    "time=nil = 4"

struct exchange {
	char *lines[MAX];
	size_t n;
};

static void
add(struct exchange *x, const char *format, ...)
{
	char line[KIT_TEXT];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	x->lines[x->n++] = nc_xstrndup(line, strlen(line));
}

static void
start(struct exchange *x)
{
	static const char *const lines[] = { JOINED };
	size_t i;

	x->n = 0;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		add(x, "%s", lines[i]);
}

/*
 * At t, by the server's clock, the client's shows ahead more: each sends a
 * byte that is there a millisecond later.  Where the times contradict what was, an
 * info shows.
 */
static void
echo(struct exchange *x, int64_t t, int64_t ahead, bool set, bool drift)
{
	add(x, "client write s3 \"a\" time=%" PRId64 " duration=1000 = 1",
	    t + ahead);
	add(x, "server read s2 \"a\" time=%" PRId64 " duration=1000 = 1%s",
	    t + MS - 2000, set ? " ! CLOCK_INCONSISTENT-" : "");
	add(x, "server write s2 \"b\" time=%" PRId64 " duration=1000 = 1",
	    t + 2 * MS);
	add(x, "client read s3 \"b\" time=%" PRId64 " duration=1000 = 1%s",
	    t + 3 * MS + ahead - 2000, drift ? " ! CLOCK_INCONSISTENT-" : "");
}

static void
run(struct exchange *x, int line)
{
	size_t i;

	kit_script((const char *const *)x->lines, x->n, __FILE__, line);
	for (i = 0; i < x->n; i++)
		free(x->lines[i]);
}

static void
bounds(void)
{
	struct exchange x;
	int i;

	/*
	 * An offset that holds, bounded from both sides: by the next call of
	 * the reader, and by what a tracer may need to print a call.
	 */
	start(&x);
	for (i = 0; i < 30; i++)
		echo(
		    &x, DAY + i * 10 * SECOND + 1000, 7 * SECOND, false, false);
	add(&x, "end client");
	add(&x, "end server");
	add(&x, "finish");
	add(&x,
	    "clock a=server b=client low=6997999000 high=7006001000 "
	    "pairs=60");
	run(&x, __LINE__);
	/* One direction only. */
	script(JOINED,
	    "client write s3 \"a\" time=5000001000 duration=1000 = 1",
	    "server read s2 \"a\" time=2000003000 duration=1000 = 1",
	    "server read s2 = -1 EAGAIN time=2000005000 "
	    "! EXPECTED_BLOCKING-",
	    "end client", "end server", "finish",
	    "clock a=server b=client low=2999995000 pairs=1");
	/* No ports are known, but only one connection there is. */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 time=5000000000 = 0",
	    "server accept s1 10.0.2.2:4000 made=s2 time=2000000000 = 4 "
	    "-> take",
	    "client write s3 \"a\" time=5000001000 duration=1000 = 1",
	    "server read s2 \"a\" time=2000003000 duration=1000 = 1",
	    "end client", "end server", "finish",
	    "clock a=server b=client low=2999996000");
	/* Without durations a call has ended when its thread's next begins. */
	script(JOINED, "client write s3 \"a\" time=5000001000 = 1",
	    "server read s2 \"a\" time=1000001000 duration=nil = 1",
	    "server getsockname s2 local=10.0.1.2:80 time=2000009000 = 0",
	    "end client", "end server", "finish",
	    "clock a=server b=client low=2999991000 pairs=1");
	/* Whole seconds may be almost a second more. */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 "
	    "time=5000000000 duration=0 = 0",
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 "
	    "time=2000000000 duration=0 = 4",
	    "server close s7 time=2000000000 = 0", "end client", "end server",
	    "finish", "clock low=2999000000 pairs=1");
}

/* Times that count from midnight, or from a trace's first line. */
static void
origins(void)
{
	/* The client's trace began after a midnight, the server's before. */
	script(JOINED,
	    "client write s3 \"a\" time=5000001000 duration=1000 = 1",
	    "server read s2 \"a\" time=86405000003000 duration=1000 = 1",
	    "server write s2 \"b\" time=86405000005000 duration=1000 = 1",
	    "client read s3 \"b\" time=5000007000 duration=1000 = 1",
	    "end client", "end server", "finish",
	    "clock low=-5000 high=5005000");
	/* One counts from its first line, or from the epoch. */
	script(HOSTS, "client socket s9 time=0 = 9", LISTENS,
	    "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 time=nil = 0",
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 time=nil "
	    "= 4",
	    "client write s3 \"a\" time=5000001000 duration=1000 = 1",
	    "server read s2 \"a\" time=2000003000 duration=1000 = 1",
	    "end client", "end server", "finish", "clock none");
	script(HOSTS, "client socket s9 time=1700000000000000000 = 9", LISTENS,
	    "client socket s3",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 time=nil = 0",
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 time=nil "
	    "= 4",
	    "client write s3 \"a\" time=1700000001000000000 duration=1000 = 1",
	    "server read s2 \"a\" time=2000003000 duration=1000 = 1",
	    "end client", "end server", "finish", "clock none");
}

static void
contradictions(void)
{
	struct exchange x;
	int i;

	/* An hour of a clock that runs 100 ppm fast. */
	start(&x);
	for (i = 0; i < 100; i++)
		echo(&x, DAY + i * 36 * SECOND + 1000, SECOND + i * 3600000,
		    false, i == 9);
	add(&x, "end client");
	add(&x, "end server");
	add(&x, "finish");
	add(&x, "dev CLOCK_INCONSISTENT peer_host=server");
	add(&x, "clock a=server b=client change=drift pairs=200");
	run(&x, __LINE__);
	/* A clock that was set forward by a minute. */
	start(&x);
	for (i = 0; i < 30; i++)
		echo(&x, DAY + i * SECOND + 1000, i < 15 ? 0 : 60 * SECOND,
		    i == 15, false);
	add(&x, "end client");
	add(&x, "end server");
	add(&x, "finish");
	add(&x, "clock a=server b=client change=set pairs=60");
	run(&x, __LINE__);
	/* Too few to be sure of: nothing is said, nor held for true. */
	start(&x);
	echo(&x, DAY + 1000, 0, false, false);
	echo(&x, DAY + SECOND + 1000, 60 * SECOND, false, false);
	add(&x, "end client");
	add(&x, "end server");
	add(&x, "finish");
	add(&x, "clock a=server b=client change=set pairs=4");
	run(&x, __LINE__);
}

/*
 * Two hosts that never got anything from each other are compared by a third:
 * client's datagram left while other's server was waiting for one.
 */
static void
third_host(void)
{
	script("host client 10.0.2.2", "host server 10.0.1.2",
	    "host other 10.0.3.2", "server socket s1 type=SOCK_DGRAM = 3",
	    "server bind s1 local=10.0.1.2:53 = 0",
	    "other socket s1 type=SOCK_DGRAM = 3",
	    "other bind s1 local=10.0.3.2:53 = 0",
	    "client socket s1 type=SOCK_DGRAM = 3",
	    "client sendto s1 10.0.1.2:53 \"one\" time=5000000000 "
	    "duration=1000 = 3",
	    "server recvfrom s1 \"one\" time=15000001000 duration=1000 = 3",
	    "server sendto s1 10.0.3.2:53 \"two\" time=15000100000 "
	    "duration=1000 = 3",
	    "other recvfrom s1 \"two\" time=35000101000 duration=1000 = 3",
	    "other poll ready=s1:0 timeout=-1 time=35000200000 "
	    "duration=9000000000 = -1 EINTR ! EINTR-",
	    "client sendto s1 10.0.3.2:53 \"three\" time=7000000000 "
	    "duration=1000 = 5",
	    "end client", "end server", "end other", "finish ! DGRAM_LOST",
	    "flow sender_host=client receiver_host=server lost=0",
	    "flow sender_host=server receiver_host=other lost=0",
	    "flow sender_host=client receiver_host=other lost=1 "
	    "loss_cause=network");
}

/*
 * Hosts of which one has heard nothing: when its peer's answer left is guessed
 * from the question, unless that had lain there.
 */
static void
one_way(void)
{
#define SERVED \
	JOINED, "server fcntl s2 option=F_SETFL value=1 = 0", \
	    "client write s3 \"a\" time=5000000000 duration=1000 = 1"
#define ANSWERED \
	"server write s2 \"bb\" time=9000000000 duration=1000 = 2", \
	    "client poll ready=s3:0 asked=IN timeout=6000000000 " \
	    "time=5000000000 duration=6000000000 = 0 ! NETWORK_ERROR-", \
	    "client release s3 cause=close time=11000000000 = nil"

	script(SERVED, "server read s2 \"a\" time=9000000000 duration=1000 = 1",
	    ANSWERED, "finish ! DATA_UNDELIVERED");
	script(SERVED,
	    "server read s2 time=8000000000 duration=1000 = -1 EAGAIN "
	    "! EAGAIN-",
	    "server read s2 \"a\" time=9000000000 duration=1000 = 1", ANSWERED,
	    "finish ! NONEMPTY_BUFFER-");
}

int
main(void)
{
	one_way();
	bounds();
	origins();
	third_host();
	contradictions();
	return done();
}
