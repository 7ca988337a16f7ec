/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * System calls by name: the table of lib/call.def.
 */
#ifndef NC_CALL_H
#define NC_CALL_H

#include <stdbool.h>
#include <stddef.h>

enum nc_call_id {
	NC_CALL_NONE, /* a call that is not in the table */
#define NC_CALL(id, name, role, group) NC_CALL_##id,
#include "call.def"
#undef NC_CALL
	NC_CALLS
};

/* Groups of calls, for the ledger and for a first choice of what matters. */
enum nc_call_group {
	NC_GROUP_OTHER,
	NC_GROUP_NETWORK,
	NC_GROUP_IO,
	NC_GROUP_READINESS,
	NC_GROUP_DESCRIPTOR,
	NC_GROUP_PROCESS,
	NC_GROUP_FILE,
	NC_GROUP_PSEUDO,
	NC_GROUPS
};

/* The call of that name or alias, or NC_CALL_NONE. */
enum nc_call_id nc_call_of(const char *name, size_t len);

/* The call's own name; static.  "?" for NC_CALL_NONE. */
const char *nc_call_name(enum nc_call_id call);
/* The same, and its length. */
const char *nc_call_name_len(enum nc_call_id call, size_t *len);

/*
 * The next name by which a tracer of today may know a call, from *at (0 at
 * first), which moves on; NULL past the last.  Static.
 */
const char *nc_call_traced(size_t *at);

/*
 * True for calls that make what others wait for (model.md 2).  ioctl is one,
 * as it can set an option; its queries are told by nc_option_is_query.
 */
bool nc_call_is_producer(enum nc_call_id call);

/* True for options whose value tells what others did: SO_ERROR, FIONREAD. */
bool nc_option_is_query(const char *option, size_t len);

/* What calls do alike. */
enum nc_call_family {
	NC_FAMILY_NONE,
	NC_FAMILY_SEND, /* splice too: which way it goes, its option tells */
	NC_FAMILY_RECV,
	NC_FAMILY_READY,
	NC_FAMILY_ACCEPT
};

/* True for calls whose first argument is an epoll instance. */
bool nc_call_is_epoll(enum nc_call_id call);

/* True for calls that make a process or a thread. */
bool nc_call_forks(enum nc_call_id call);

/* True for calls that open a file by its name. */
static inline bool
nc_call_is_open(enum nc_call_id call)
{
	return call == NC_CALL_OPEN || call == NC_CALL_OPENAT ||
	    call == NC_CALL_OPENAT2 || call == NC_CALL_CREAT;
}

static inline enum nc_call_family
nc_call_family(enum nc_call_id call)
{
	switch (call) {
	case NC_CALL_SEND:
	case NC_CALL_SENDTO:
	case NC_CALL_SENDMSG:
	case NC_CALL_SENDMMSG:
	case NC_CALL_WRITE:
	case NC_CALL_WRITEV:
	case NC_CALL_SENDFILE:
	case NC_CALL_SPLICE:
		return NC_FAMILY_SEND;
	case NC_CALL_RECV:
	case NC_CALL_RECVFROM:
	case NC_CALL_RECVMSG:
	case NC_CALL_RECVMMSG:
	case NC_CALL_READ:
	case NC_CALL_READV:
		return NC_FAMILY_RECV;
	case NC_CALL_POLL:
	case NC_CALL_PPOLL:
	case NC_CALL_SELECT:
	case NC_CALL_PSELECT6:
	case NC_CALL_EPOLL_WAIT:
	case NC_CALL_EPOLL_PWAIT:
	case NC_CALL_EPOLL_PWAIT2:
		return NC_FAMILY_READY;
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
		return NC_FAMILY_ACCEPT;
	default:
		return NC_FAMILY_NONE;
	}
}

enum nc_call_group nc_call_group(enum nc_call_id call);

/* The group's name, static. */
const char *nc_group_name(enum nc_call_group group);

#endif
