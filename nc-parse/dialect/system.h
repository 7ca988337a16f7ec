/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Constants of other systems: the table of nc-parse/dialect/system.def.
 */
#ifndef NC_SYSTEM_H
#define NC_SYSTEM_H

#include "record.h"

#include <stdint.h>

enum nc_system {
	NC_SYSTEM_BSD = 1,
	NC_SYSTEM_SOLARIS = 2,
	NC_SYSTEM_SOCKETS = 3 /* in the table: both */
};

enum nc_constant {
	NC_CONST_ERRNO,
	NC_CONST_DOMAIN,
	NC_CONST_TYPE,
	NC_CONST_SOCKFLAG,
	NC_CONST_MSG,
	NC_CONST_SOCKET_OPTION,
	NC_CONST_TCP_OPTION,
	NC_CONST_IP_OPTION,
	NC_CONST_IPV6_OPTION,
	NC_CONST_FCNTL,
	NC_CONST_OPEN,
	NC_CONST_IOCTL
};

/* Linux's name for a number of that system, or NULL; static. */
const char *nc_system_name(
    enum nc_system system, enum nc_constant space, int64_t number);

/* The same for errors: never NULL but for numbers no system has. */
const char *nc_system_errno(enum nc_system system, int64_t number);

/*
 * Appends the names of the flags in a number, "A|B"; "0" if none is known.
 * Flags that Linux does not have are left out.
 */
void nc_system_flags(struct nc_buf *b, enum nc_system system,
    enum nc_constant space, int64_t number);

#endif
