/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Names of errors, flags and other constants: the table of lib/names.def.
 * The numbers are Linux's, whatever system this runs on.
 */
#ifndef NC_NAMES_H
#define NC_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* Constants by their name: NC_EAGAIN, NC_MSG_OOB, NC_POLLIN, NC_SHUT_RD... */
enum {
#define NC_NAME(space, name, number) NC_##name = number,
#define NC_NAME_BIG(space, name, number)
#define NC_NAME_ALIAS(space, name, number)
#include "names.def"
#undef NC_NAME
#undef NC_NAME_BIG
#undef NC_NAME_ALIAS
	NC_SOCK_FLAGS = 0x800 | 0x80000
};

/* Past the range of enum constants. */
#define NC_EPOLLET INT64_C(0x80000000)
#define NC_CLONE_IO INT64_C(0x80000000)

/* What a name belongs to; a name is looked up in one space. */
enum nc_space {
	NC_SPACE_ERRNO,
	NC_SPACE_MSG, /* flags of send and recv */
	NC_SPACE_POLL,
	NC_SPACE_EPOLL,
	NC_SPACE_SOCKFLAG, /* flags within a socket's type */
	NC_SPACE_CLONE,
	NC_SPACE_LEVEL, /* of socket options */
	NC_SPACE_DOMAIN,
	NC_SPACE_TYPE,
	NC_SPACE_PROTOCOL,
	NC_SPACE_SHUT,
	NC_SPACE_OPEN, /* flags of open, as F_SETFL has them */
	NC_SPACE_FD,
	NC_SPACE_RANGE, /* of close_range */
	NC_SPACE_EPOLLOP,
	NC_SPACES
};

/* The number of a name in a space, or -1 if it is not known there. */
int64_t nc_name_number(enum nc_space space, const char *name, size_t len);

/* The name of a number in a space, or NULL; static. */
const char *nc_name_of(enum nc_space space, int64_t number);

/* The Linux number of an errno name, or 0; the name of a number, or NULL. */
int nc_errno_of(const char *name, size_t len);
const char *nc_errno_name(int number);

#endif
