/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * UNIX sockets that cannot be connected to, and what fails with them.
 */
#include "model_kit.h"

#define DB(result) "server connect unix:/srv/db.sock domain=AF_UNIX = " result
#define ASKED \
	CONNECTED, "client write s3 \"GET / HTTP\" = 10", \
	    "server read s2 \"GET / HTTP\" = 10"
#define ANSWERS(what) \
	"server write s2 \"" what "\" = 12", "client read s3 \"" what "\" = 12"
#define ENDS(status) "server exit_group value=" status

static void
gives_up(void)
{
	/* the program ends with an error */
	script(HOSTS, DB("-1 EACCES"), DB("-1 EACCES"), ENDS("1"), "end server",
	    "finish ! LOCAL_FAILED",
	    "dev LOCAL_FAILED error=EACCES name=/srv/db.sock tries=2 status=1");
	script(HOSTS, DB("-1 ENOENT"), ENDS("7"), "end server",
	    "finish ! LOCAL_FAILED",
	    "dev LOCAL_FAILED error=ENOENT tries=1 status=7");
	/* it does not; it was killed; it tries another way first */
	script(HOSTS, DB("-1 ENOENT"), ENDS("0"), "end server", "finish");
	script(HOSTS, DB("-1 ENOENT"), ENDS("143"), "end server", "finish");
	script(HOSTS, DB("-1 ENOENT"), "server socket s1",
	    "server connect s1 192.0.2.1:3306 = 0", ENDS("1"), "end server",
	    "finish");
	/* another process ends */
	script(HOSTS, DB("-1 ENOENT"),
	    "server exit_group value=1 process=9 thread=9", "end server",
	    "finish");
	/* what every program looks for */
	script(HOSTS,
	    "server connect unix:/run/nscd/socket domain=AF_UNIX = -1 ENOENT",
	    ENDS("1"), "end server", "finish");
}

static void
comes_late(void)
{
	/* it is there the next time, also for another process */
	script(
	    HOSTS, DB("-1 ENOENT"), DB("0"), ENDS("1"), "end server", "finish");
	script(HOSTS, DB("-1 ECONNREFUSED"), ENDS("1"),
	    "server connect unix:/srv/db.sock domain=AF_UNIX process=9 "
	    "thread=9 = 0",
	    "end server", "finish");
	/* that another user may open it makes up for nothing */
	script(HOSTS, DB("-1 EACCES"), ENDS("1"),
	    "server connect unix:/srv/db.sock domain=AF_UNIX process=9 "
	    "thread=9 = 0",
	    "end server", "finish ! LOCAL_FAILED");
}

static void
serves(void)
{
	/* a failure is the answer, or nothing is */
	script(ASKED, DB("-1 EACCES"), ANSWERS("HTTP/1.1 502"), "end server",
	    "finish ! LOCAL_FAILED",
	    "dev LOCAL_FAILED client=10.0.2.2:4000 causes=read");
	script(ASKED, DB("-1 EAGAIN"), "server release s2 cause=close",
	    "end server", "finish ! LOCAL_FAILED",
	    "dev LOCAL_FAILED error=EAGAIN");
	/* the request is answered all the same, or came later */
	script(ASKED, DB("-1 ENOENT"), ANSWERS("HTTP/1.1 200"),
	    "server release s2 cause=close", "end server", "finish");
	script(CONNECTED, DB("-1 ENOENT"),
	    "client write s3 \"GET / HTTP\" = 10",
	    "server read s2 \"GET / HTTP\" = 10", ANSWERS("HTTP/1.1 502"),
	    "end server", "finish");
}

int
main(void)
{
	gives_up();
	comes_late();
	serves();
	return done();
}
