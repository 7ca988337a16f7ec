/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's hosts: addresses, translations, the ends of traces.
 */
#include "model_kit.h"

static void
addresses(void)
{
	/* A listener is reached at each of its host's addresses. */
	script("host server 10.0.1.2 fd00:1::2", "host client 10.0.2.2",
	    "server socket s1 domain=AF_INET6",
	    "server bind s1 local=[::]:80 = 0", "server listen s1 value=8 = 0",
	    "client socket s3", "client connect s3 10.0.1.2:80 = 0",
	    "client socket s4 domain=AF_INET6",
	    "client connect s4 [fd00:1::2]:80 = 0",
	    "client socket s5 domain=AF_INET6",
	    "client connect s5 [::ffff:10.0.1.2]:80 = 0");
	/* Each host has a loopback of its own, where one lane is not waited for. */
	script(HOSTS, LISTENS, "client socket s3",
	    "client connect s3 127.0.0.1:80 = 0 ! NO_LISTENER_SEEN-",
	    "server socket s4", "server connect s4 127.0.0.1:80 = 0");
	/* One that is learned from its own socket. */
	script("host server", "host client 10.0.2.2", "address server 10.0.1.2",
	    "client socket s3",
	    "client connect s3 10.0.1.2:81 = 0 -> defer listener");
	script("host server", "host client 10.0.2.2", "client socket s3",
	    "client connect s3 10.0.1.2:81 = 0");
}

static void
unknown(void)
{
	struct nc_model *m = nc_model_new(NULL);
	struct nc_step step;
	struct nc_call c;

	nc_record_init(NC_KIND_call, &c);
	c.host = nc_str("nobody");
	c.name = nc_str("socket");
	is_int(nc_model_prepare(m, &c, false, &step), -1,
	    "a call of a host without a record is refused");
	nc_model_free(m);
}

static void
ends(void)
{
	/* The end of the last trace wakes who waits for the host. */
	script(CONNECTED, "server read s2 \"a\" = 1 -> park bytes",
	    "end client wakes", "server read s2 \"a\" = 1 ! MSGNOTSENT");
	/* An end that is told twice counts once. */
	script(CONNECTED, "server read s2 \"a\" = 1 -> park bytes",
	    "end server", "end server",
	    "server read s2 \"a\" = 1 -> park bytes", "end client wakes",
	    "server read s2 \"a\" = 1 ! MSGNOTSENT");
}

static void
priorities(void)
{
	static const struct {
		const char *call;
		int priority;
	} cases[] = { { "socket", 0 }, { "bind", 0 }, { "setsockopt", 0 },
		{ "poll", 1 }, { "epoll_wait", 1 }, { "accept", 2 },
		{ "connect", 3 }, { "listen", 4 }, { "close", 4 },
		{ "shutdown", 4 }, { "release", 4 } };
	struct nc_model *m = nc_model_new(NULL);
	struct nc_host h;
	struct nc_step step;
	struct nc_call c;
	size_t i;

	nc_record_init(NC_KIND_host, &h);
	h.host = nc_str("a");
	h.trace = 0;
	nc_model_host(m, &h);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		nc_record_init(NC_KIND_call, &c);
		c.host = nc_str("a");
		c.name = nc_str(cases[i].call);
		nc_model_prepare(m, &c, false, &step);
		is_int(nc_model_priority(m, &step), cases[i].priority,
		    cases[i].call);
	}
	c.name = nc_str("poll");
	c.timeout = 0;
	nc_model_prepare(m, &c, false, &step);
	is_int(nc_model_priority(m, &step), 0, "a poll that does not wait");
	nc_model_free(m);
}

int
main(void)
{
	addresses();
	unknown();
	ends();
	priorities();
	return done();
}
