/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What local messages carry: descriptors (SCM_RIGHTS), the kernel's lists of
 * addresses (netlink).
 */
#ifndef NC_PASSING_H
#define NC_PASSING_H

#include "trace.h"

/* A sendmsg or recvmsg on a UNIX socket that succeeded. */
void nc_passing(struct nc_trace *t, struct nc_op *op, const struct nc_args *a);

/* Text received from netlink: RTM_NEWADDR tells the host's addresses. */
void nc_passing_netlink(struct nc_trace *t, struct nc_text text);

#endif
