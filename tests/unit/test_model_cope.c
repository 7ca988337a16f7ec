/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a program makes up for: services that it does without, answers that it
 * no longer waits for.
 */
#include "model_kit.h"

#define REFUSED \
	"server socket s5", \
	    "server connect s5 10.0.1.2:11211 = -1 ECONNREFUSED", \
	    "server release s5 cause=close = nil"
#define ENDS "end server", "end client", "finish ! ECONNREFUSED"
#define ASKED \
	CONNECTED, "client write s3 \"GET /a HTTP\" = 11", \
	    "server read s2 \"GET /a HTTP\" = 11"
#define ANSWERS(what) \
	"server write s2 \"" what "\" = 12", "client read s3 \"" what "\" = 12"

static void
does_without(void)
{
	/* it answers whom it serves, with or without a failure */
	script(ASKED, REFUSED, ANSWERS("HTTP/1.1 200"), ENDS,
	    "dev ECONNREFUSED reason=none coped=1");
	script(ASKED, REFUSED, ANSWERS("HTTP/1.1 502"), ENDS,
	    "dev ECONNREFUSED reason=none coped=0");
	/* it asks again */
	script(ASKED, REFUSED, REFUSED, ANSWERS("HTTP/1.1 200"), "end server",
	    "end client", "finish ! ECONNREFUSED ECONNREFUSED",
	    "dev ECONNREFUSED coped=0");
	/* it gets what it wants elsewhere, and does not fail in the end */
#define ELSEWHERE \
	"server socket s6", "server connect s6 192.0.2.1:80 = 0", \
	    "server read s6 \"found\" = 5 -> take"
	script(HOSTS, REFUSED, ELSEWHERE, "server exit_group value=0", ENDS,
	    "dev ECONNREFUSED coped=1");
	script(HOSTS, REFUSED, ELSEWHERE, "server exit_group value=3", ENDS,
	    "dev ECONNREFUSED coped=0");
	/* it gets nothing */
	script(HOSTS, REFUSED, "server exit_group value=0", ENDS,
	    "dev ECONNREFUSED coped=0");
	/* another host is another matter */
	script(HOSTS, "server socket s5",
	    "server connect s5 10.0.2.2:11211 = -1 ECONNREFUSED",
	    "server release s5 cause=close = nil", ELSEWHERE, ENDS);
}

/* A client asks on until its time is over. */
static void
leaves(void)
{
#define ASKS(n) \
	"client write s3 \"ask" n "\" = 4", "server read s2 \"ask" n "\" = 4"
#define GETS(n) \
	"server write s2 \"got" n "\" = 4", "client read s3 \"got" n "\" = 4"
#define LEFT "server write s2 \"got3\" = 4"
	script(CONNECTED, ASKS("1"), GETS("1"), ASKS("2"), GETS("2"), ASKS("3"),
	    LEFT, "client exit_group value=0",
	    "client release s3 cause=exit = nil", "end client", "end server",
	    "finish ! NONEMPTY_BUFFER-", "dev NONEMPTY_BUFFER leaving=1");
	/* it fails; it had got nothing so far; it had not asked for that */
	script(CONNECTED, ASKS("1"), GETS("1"), ASKS("2"), GETS("2"), ASKS("3"),
	    LEFT, "client exit_group value=1",
	    "client release s3 cause=exit = nil", "end client", "end server",
	    "finish ! NONEMPTY_BUFFER-", "dev NONEMPTY_BUFFER leaving=0");
	script(CONNECTED, ASKS("3"), LEFT, "client exit_group value=0",
	    "client release s3 cause=exit = nil", "end client", "end server",
	    "finish ! NONEMPTY_BUFFER-", "dev NONEMPTY_BUFFER leaving=0");
	script(CONNECTED, ASKS("1"), GETS("1"), ASKS("2"), GETS("2"), LEFT,
	    "client exit_group value=0", "client release s3 cause=exit = nil",
	    "end client", "end server", "finish ! NONEMPTY_BUFFER-",
	    "dev NONEMPTY_BUFFER leaving=0");
}

int
main(void)
{
	does_without();
	leaves();
	return done();
}
