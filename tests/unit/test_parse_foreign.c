/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What nc-parse's dialects share: bytes in other notations, constants of other
 * systems, the table of calls.
 */
#include "dialect/foreign.h"
#include "dialect/foreign_args.h"
#include "dialect/foreign_text.h"
#include "dialect/vis.h"

#include "tap.h"

#include <string.h>

static struct nc_text
text(const char *s)
{
	return (struct nc_text){ s, s + strlen(s) };
}

static void
decodes(const char *vis, const char *want, size_t n)
{
	struct nc_buf b = { NULL, 0, 0 };

	ok(nc_vis_decode(text(vis), &b) && b.len == n &&
		memcmp(b.p, want, n) == 0,
	    vis);
	nc_buf_fini(&b);
}

static void
refuses(const char *vis)
{
	struct nc_buf b = { NULL, 0, 0 };

	ok(!nc_vis_decode(text(vis), &b), vis);
	nc_buf_fini(&b);
}

static void
vis(void)
{
	decodes("plain", "plain", 5);
	decodes("\\M-R\\M^A\\M^@\\^A\\0", "\xd2\x81\x80\x01\0", 5);
	decodes("\\n\\t\\r\\\\", "\n\t\r\\", 4);
	decodes("\\M-\\x\\^?\\M^?", "\xdcx\x7f\xff", 4);
	decodes("\\0001\\177", "\0001\177", 3);
	decodes("a\\\nb", "ab", 2);
	refuses("\\");
	refuses("\\M");
	refuses("\\^");
	refuses("\\q");
	refuses("\\12");
}

static void
cells(void)
{
	struct nc_buf b = { NULL, 0, 0 };
	struct nc_text t = text("14\\0 a \" \\FF\", 8)");

	ok(nc_vis_cells(t, true, &b) == t.end - 5,
	    "cells end at a quote in the first column");
	ok(b.len == 6 && memcmp(b.p, "\x14\0a\"\\\xff", 6) == 0,
	    "and are read two columns at a time");
	b.len = 0;
	ok(nc_vis_cells(text(" a b "), false, &b) != NULL && b.len == 3,
	    "the blank of a last cell may be lost");
	ok(nc_vis_cells(text(" ax1"), false, &b) == NULL, "no cell");
	ok(nc_vis_cells(text(" a"), true, &b) == NULL, "no quote");
	b.len = 0;
	nc_vis_quote(&b, "a\"\n\xff", 4);
	ok(b.len == 15 && memcmp(b.p, "\"a\\x22\\x0a\\xff\"", 15) == 0,
	    "bytes as a string of strace");
	nc_buf_fini(&b);
}

static void
systems(void)
{
	struct nc_buf b = { NULL, 0, 0 };

	is_str(nc_system_errno(NC_SYSTEM_BSD, 36), "EINPROGRESS", "BSD's 36");
	is_str(nc_system_errno(NC_SYSTEM_BSD, 11), "EDEADLK", "BSD's 11");
	is_str(nc_system_errno(NC_SYSTEM_BSD, 32), "EPIPE", "32 everywhere");
	ok(nc_system_errno(NC_SYSTEM_BSD, 340) == NULL, "no such error");
	ok(nc_system_errno(NC_SYSTEM_BSD, -1) == NULL, "nor a negative one");
	is_str(nc_system_name(NC_SYSTEM_SOLARIS, NC_CONST_TYPE, 2),
	    "SOCK_STREAM", "a stream is 2 on Solaris");
	is_str(nc_system_name(NC_SYSTEM_BSD, NC_CONST_SOCKET_OPTION, 0x1007),
	    "SO_ERROR", "an option of both");
	nc_system_flags(&b, NC_SYSTEM_BSD, NC_CONST_MSG, 0x20082);
	ok(b.len == 34 &&
		memcmp(b.p, "MSG_PEEK|MSG_DONTWAIT|MSG_NOSIGNAL", 34) == 0,
	    "flags");
	nc_buf_fini(&b);
}

static void
tables(void)
{
	static const char *const names[] = { "__kevent50", "_exit", "accept4",
		"closefrom", "freebsd11_kevent", "kevent", "lwp_exit",
		"pollsys", "recvfrom", "rfork", "so_socket", "writev" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ok(nc_foreign_shape(text(names[i])) != NULL, names[i]);
	ok(nc_foreign_shape(text("stat")) == NULL, "stat does not matter");
	ok(nc_foreign_shape(text("")) == NULL, "nor nothing");
}

int
main(void)
{
	vis();
	cells();
	systems();
	tables();
	return done();
}
