/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What local messages carry: descriptors (SCM_RIGHTS), the kernel's lists of
 * addresses (netlink).
 */
#ifndef NC_PASSING_H
#define NC_PASSING_H

#include "../text/args.h"
#include "../trace.h"

/*
 * A recvmsg or recvmmsg on a UNIX socket that succeeded; a sendmsg as it begins, for its
 * receiver may be through before it ends.
 */
void nc_passing(struct nc_trace *t, struct nc_op *op, const struct nc_args *a);

/*
 * The line shows that descriptors were received, in a message that the trace of
 * another task is still to send.
 */
bool nc_passing_is_early(
    struct nc_trace *t, const struct nc_thread *th, struct nc_text body);

/* A sendmsg or sendmmsg is over: so many messages went out. */
void nc_passing_sent(struct nc_trace *t, struct nc_op *op, size_t parts);

/* Messages whose receiver is gone give up what they hold. */
void nc_passing_orphans(struct nc_trace *t);

/* Text received from netlink: RTM_NEWADDR tells the host's addresses. */
void nc_passing_netlink(struct nc_trace *t, struct nc_text text);

/* The structs that SIOCGIFCONF or SIOCGIFADDR filled in tell them, too. */
void nc_passing_ioctl(struct nc_trace *t, struct nc_text text);

#endif
