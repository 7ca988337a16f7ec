/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Names of errors and flags: Linux's numbers, both ways.
 */
#include "names.h"

#include "tap.h"

#include <string.h>

static int64_t
number(enum nc_space space, const char *name)
{
	return nc_name_number(space, name, strlen(name));
}

int
main(void)
{
	int i, named = 0;

	is_int(nc_errno_of("ECONNREFUSED", 12), 111, "an errno's number");
	is_str(nc_errno_name(111), "ECONNREFUSED", "and its name");
	is_int(nc_errno_of("EWOULDBLOCK", 11), 11, "a second name");
	is_str(nc_errno_name(11), "EAGAIN", "is not the number's name");
	is_int(nc_errno_of("ENOTSUP", 7), 95, "ENOTSUP is EOPNOTSUPP");
	is_int(nc_errno_of("ENOSUCHERROR", 12), 0, "an unknown errno");
	is_int(nc_errno_of("ECONNREFUSED", 11), 0, "a cut name is no guess");
	ok(nc_errno_name(9999) == NULL, "an unknown number");
	for (i = 1; i <= 133; i++)
		if (nc_errno_name(i) != NULL)
			named += nc_errno_of(nc_errno_name(i),
				     strlen(nc_errno_name(i))) == i;
	ok(named >= 131, "all of Linux's errors go both ways");
	is_int(number(NC_SPACE_MSG, "MSG_NOSIGNAL"), 0x4000, "a flag");
	is_int(number(NC_SPACE_POLL, "MSG_NOSIGNAL"), -1, "in its space");
	is_int(number(NC_SPACE_EPOLL, "EPOLLET"), NC_EPOLLET, "bit 31");
	is_int(number(NC_SPACE_DOMAIN, "PF_LOCAL"), NC_AF_UNIX, "an old name");
	is_str(nc_name_of(NC_SPACE_PROTOCOL, 262), "IPPROTO_MPTCP", "a name");
	is_str(nc_name_of(NC_SPACE_ERRNO, 1), "EPERM", "the first of all");
	is_str(nc_name_of(NC_SPACE_EPOLLOP, 3), "EPOLL_CTL_MOD", "the last");
	ok(nc_name_of(NC_SPACE_TYPE, 77) == NULL, "none of its space");
	is_int(number(NC_SPACE_MSG, ""), -1, "no name");
	return tap_done();
}
