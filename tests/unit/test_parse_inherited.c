/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-parse: the ports of listeners that were there before the trace.
 */
#include "table/inherited.h"

#include "tap.h"

#include <string.h>

#define PEER(port) \
	"{sa_family=AF_INET, sin_port=htons(" #port \
	"), sin_addr=inet_addr(\"10.0.0.1\")}, [128 => 16]"
#define PEER6 \
	"{sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), " \
	"inet_pton(AF_INET6, \"::ffff:10.0.0.1\", &sin6_addr), " \
	"sin6_scope_id=0}, [128 => 28]"
#define ACCEPT(tid, fd, made) \
#tid " accept4(" #fd ", " PEER(4000) ", SOCK_CLOEXEC) = " #made "\n"
#define NAME(tid, fd, port) \
#tid " getsockname(" #fd ", " PEER(port) ") = 0 <0.000004>\n"

static void
shows(const char *name, const char *text, int64_t fd, const char *local)
{
	struct nc_inherited h;
	const struct nc_addr *a;
	char buf[NC_ADDR_TEXT];

	nc_inherited_look(text, strlen(text), &h);
	a = nc_inherited_local(&h, fd);
	is_str(a != NULL ? nc_addr_print_port(a, buf) : "none", local, name);
}

static void
alone(const char *name, const char *text, bool is)
{
	struct nc_inherited h;

	nc_inherited_look(text, strlen(text), &h);
	is_int(h.alone, is, name);
}

int
main(void)
{
	shows("nothing", "", 3, "none");
	shows("no accepted socket asks", ACCEPT(7, 3, 4), 3, "none");
	shows("one asks", ACCEPT(7, 3, 4) NAME(7, 4, 80), 3, "0.0.0.0:80");
	shows("of another listener", ACCEPT(7, 3, 4) NAME(7, 4, 80), 5, "none");
	shows("annotated numbers",
	    "7 accept4(3<socket:[9]>, NULL, NULL, 0) = 4<socket:[10]>\n"
	    "7 getsockname(4<socket:[10]>, " PEER(80) ") = 0\n",
	    3, "0.0.0.0:80");
	/* What it does there is not known to be done to that socket. */
	shows("another task uses it",
	    ACCEPT(7, 3, 4) "8 read(4, \"x\", 1) = 1\n" NAME(8, 4, 80), 3,
	    "none");
	shows("a thread does that was made meanwhile",
	    ACCEPT(7, 3, 4) "7 clone3({flags=CLONE_FILES}, 88 <unfinished ...>"
			    "\n" NAME(8, 4, 80) "7 <... clone3 resumed>) = 8\n",
	    3, "0.0.0.0:80");
	alone("one task", ACCEPT(7, 3, 4), true);
	alone("without ids", "accept(3, NULL, NULL) = 4\n", true);
	alone("and one that it made",
	    ACCEPT(7, 3, 4) "7 fork() = 8\n8 close(3) = 0\n", true);
	alone("and one that waits",
	    ACCEPT(7, 3, 4) "8 futex(0x7f, FUTEX_WAIT_PRIVATE, 0, NULL\n",
	    true);
	alone("two tasks", ACCEPT(7, 3, 4) "8 close(3) = 0\n", false);
	alone("started by the tracer",
	    "7 execve(\"/a\", [\"a\"], NULL) = 0\n" ACCEPT(7, 3, 4), false);
	shows("of IPv6", ACCEPT(7, 3, 4) "7 getsockname(4, " PEER6 ") = 0\n", 3,
	    "[::]:443");
	shows("the accept has two halves",
	    "7 accept(3,  <unfinished ...>\n" ACCEPT(8, 5,
		6) "7 <... accept resumed>NULL, NULL) = 4\n" NAME(7, 4, 80),
	    3, "0.0.0.0:80");
	shows("of two, each has its own",
	    ACCEPT(7, 3, 4) ACCEPT(7, 5, 6) NAME(7, 6, 443) NAME(7, 4, 80), 5,
	    "0.0.0.0:443");
	shows("it failed, and the number is another's",
	    "7 accept(3, NULL, NULL) = -1 EAGAIN (Resource temporarily "
	    "unavailable)\n" NAME(7, 4, 80),
	    3, "none");
	shows("the number was closed",
	    ACCEPT(7, 3, 4) "7 close(4) = 0\n" NAME(7, 4, 5000), 3, "none");
	shows("two ports for one number: two processes'",
	    ACCEPT(7, 3, 4) NAME(7, 4, 80) ACCEPT(8, 3, 5) NAME(8, 5, 81), 3,
	    "none");
	shows("the text ends in the middle of a line",
	    ACCEPT(7, 3, 4) "7 getsockname(4, {sa_family=AF_INET, sin_po", 3,
	    "none");
	return done();
}
