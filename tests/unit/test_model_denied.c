/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ports that may not be bound, and files that may not be opened.
 */
#include "model_kit.h"

#define ASKED(what) \
	CONNECTED, "client write s3 \"" what "\" = 20", \
	    "server read s2 \"" what "\" = 20"
#define FETCHED \
	CONNECTED, "server write s2 \"200 and more\" = 12", \
	    "client read s3 \"200\" = 3"
#define DENIED(path) "server openat option=" path " = -1 EACCES"

static void
ports(void)
{
	/* the program gives up */
	script(HOSTS, "server socket s1",
	    "server bind s1 local=0.0.0.0:80 = -1 EACCES",
	    "server release s1 cause=close ! EACCES",
	    "dev EACCES error=EACCES recovered=0 local=0.0.0.0:80");
	script(HOSTS, "server socket s1",
	    "server bind s1 local=0.0.0.0:80 = -1 EACCES", "end server",
	    "finish ! EACCES");
	/* it goes on with another port, or with none */
	script(HOSTS, "server socket s1",
	    "server bind s1 local=0.0.0.0:80 = -1 EACCES",
	    "server bind s1 local=0.0.0.0:8080 = 0 ! EACCES-",
	    "server release s1 cause=close");
	script(HOSTS, LISTENS, "client socket s3",
	    "client bind s3 local=0.0.0.0:700 = -1 EACCES",
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0 ! EACCES-");
	/* raw sockets: another kind is made, or not */
	script(HOSTS,
	    "client socket s3 type=SOCK_RAW protocol=IPPROTO_ICMP = -1 EPERM",
	    "client socket s4 type=SOCK_DGRAM = 4 ! EACCES-");
	script(HOSTS,
	    "client socket s3 type=SOCK_RAW protocol=IPPROTO_ICMP = -1 EPERM",
	    "client exit_group ! EACCES", "dev EACCES error=EPERM recovered=0");
}

static void
files(void)
{
	/* the file's name, its folder's, the index of a folder */
	script(ASKED("GET /a/plan.html H"), DENIED("/srv/plan.html"),
	    "server write s2 \"403\" = 3 ! EACCES",
	    "dev EACCES error=EACCES file=/srv/plan.html causes=read");
	script(ASKED("GET /own/x HTTP/1."), DENIED("/srv/own/.access"),
	    "server write s2 \"403\" = 3 ! EACCES");
	script(ASKED("GET /own/ HTTP/1.1"), DENIED("/srv/www/index.html"),
	    "server write s2 \"403\" = 3 ! EACCES");
	script(ASKED("RETR plan.html"), DENIED("plan.html"),
	    "server write s2 \"550\" = 3 ! EACCES");
	/* once */
	script(ASKED("GET /a/plan.html H"), DENIED("/srv/plan.html"),
	    "server write s2 \"403\" = 3 ! EACCES",
	    "server write s2 \"403\" = 3");
	/* nobody asked for it; part of another name; before the request */
	script(ASKED("GET /a/plan.html H"), DENIED("/etc/shadow"),
	    "server write s2 \"200\" = 3");
	script(ASKED("GET /a/plan.html H"), DENIED("/srv/plan"),
	    "server write s2 \"200\" = 3");
	script(CONNECTED, DENIED("/srv/plan.html"),
	    "client write s3 \"GET /plan.html HTTP\" = 20",
	    "server read s2 \"GET /plan.html HTTP\" = 20",
	    "server write s2 \"200\" = 3");
	/* another process; another error; redacted */
	script(ASKED("GET /a/plan.html H"),
	    "server openat option=/srv/plan.html process=9 thread=9"
	    " = -1 EACCES",
	    "server write s2 \"200\" = 3");
	script(ASKED("GET /a/plan.html H"),
	    "server openat option=/srv/plan.html = -1 ENOENT",
	    "server write s2 \"404\" = 3");
	script(ASKED("GET /a/plan.html H"), "server openat = -1 EACCES",
	    "server write s2 \"403\" = 3");
	/* a client that may not write what it asked for */
	script(CONNECTED, "client write s3 \"GET /plan.html HTTP\" = 20",
	    "server read s2 \"GET /plan.html HTTP\" = 20",
	    "server write s2 \"200\" = 3", "client read s3 \"200\" = 3",
	    "client openat option=plan.html = -1 EACCES",
	    "client close s3 = 0 ! EACCES", "dev EACCES causes=write");
	/* or may not write what it fetches, and leaves without the rest */
	script(FETCHED, "client openat option=kept/x flags=1 = -1 EACCES",
	    "client release s3 cause=close",
	    "server write s2 \"rest\" = -1 ECONNRESET"
	    " ! EACCES NONEMPTY_BUFFER CONN_RESET",
	    "dev EACCES file=kept/x weak=0 causes=read");
	/* it was read, not written; it was before what came; all was read */
	script(FETCHED, "client openat option=kept/x flags=0 = -1 EACCES",
	    "client release s3 cause=close",
	    "server write s2 \"rest\" = -1 ECONNRESET"
	    " ! NONEMPTY_BUFFER CONN_RESET");
	script(CONNECTED, "client openat option=kept/x flags=1 = -1 EACCES",
	    "server write s2 \"200 and more\" = 12",
	    "client read s3 \"200\" = 3", "client release s3 cause=close",
	    "server write s2 \"rest\" = -1 ECONNRESET"
	    " ! NONEMPTY_BUFFER CONN_RESET");
	script(CONNECTED, "server write s2 \"200\" = 3",
	    "client read s3 \"200\" = 3",
	    "client openat option=kept/x flags=1 = -1 EACCES",
	    "client release s3 cause=close", "server read s2 = 0");
}

int
main(void)
{
	ports();
	files();
	return done();
}
