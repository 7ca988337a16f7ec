/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Call names: every row of the table, aliases, roles.
 */
#include "call.h"

#include "tap.h"

#include <string.h>

static enum nc_call_id
of(const char *name)
{
	return nc_call_of(name, strlen(name));
}

int
main(void)
{
	static const struct {
		const char *alias, *name;
	} aliases[] = {
		{ "sendfile64", "sendfile" },
		{ "_newselect", "select" },
		{ "pselect6_time64", "pselect6" },
		{ "_exit", "exit" },
		{ "fcntl64", "fcntl" },
		{ "recvmmsg_time64", "recvmmsg" },
		{ "readv#64", "readv" },
		{ "syscall_288", "accept4" },
		{ "syscall_0x133", "sendmmsg" },
	};
	int i, bad = 0;
	size_t j;

	for (i = NC_CALL_NONE + 1; i < NC_CALLS; i++)
		if (of(nc_call_name((enum nc_call_id)i)) != (enum nc_call_id)i)
			bad++;
	is_int(bad, 0, "every call is found by its own name");
	for (j = 0; j < sizeof(aliases) / sizeof(aliases[0]); j++)
		is_str(nc_call_name(of(aliases[j].alias)), aliases[j].name,
		    aliases[j].alias);
	is_int(of("brk"), NC_CALL_NONE, "other calls are none");
	is_int(of("sockets"), NC_CALL_NONE, "a longer name is another");
	is_int(nc_call_of("socketpair", 6), NC_CALL_SOCKET,
	    "the length counts, not the NUL");
	is_int(nc_call_of("", 0), NC_CALL_NONE, "no name");
	is_str(nc_call_name(NC_CALL_NONE), "?", "none has a text");
	is_str(nc_call_name_len(NC_CALL_ACCEPT4, &j), "accept4", "a name");
	is_int((int64_t)j, 7, "  and its length");
	nc_call_name_len(NC_CALLS, &j);
	is_int((int64_t)j, 1, "  of no call");
	ok(!nc_call_is_producer(NC_CALL_ACCEPT4), "accept4 consumes");
	ok(!nc_call_is_producer(NC_CALL_EPOLL_PWAIT), "epoll_pwait consumes");
	ok(!nc_call_is_producer(NC_CALL_GETPEERNAME), "getpeername consumes");
	ok(nc_call_is_producer(NC_CALL_SENDMMSG), "sendmmsg produces");
	ok(nc_call_is_producer(NC_CALL_RELEASE), "release produces");
	ok(nc_call_is_producer(NC_CALL_EXECVE), "execve produces");
	ok(nc_option_is_query("SO_ERROR", 8), "SO_ERROR asks");
	ok(!nc_option_is_query("FIONBIO", 7), "FIONBIO sets");
	is_str(nc_group_name(nc_call_group(NC_CALL_READ)), "io", "a group");
	is_int(nc_call_family(NC_CALL_READV), NC_FAMILY_RECV, "readv receives");
	is_int(
	    nc_call_family(NC_CALL_SENDFILE), NC_FAMILY_SEND, "sendfile sends");
	is_int(nc_call_family(NC_CALL_EPOLL_PWAIT2), NC_FAMILY_READY,
	    "epoll_pwait2 waits for readiness");
	is_int(nc_call_family(NC_CALL_BIND), NC_FAMILY_NONE,
	    "bind is in no family");
	return tap_done();
}
