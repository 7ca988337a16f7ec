/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The calls that set or ask options: sockopt, fcntl, ioctl.
 */
#ifndef NC_OPTION_H
#define NC_OPTION_H

#include "../text/args.h"
#include "../text/tail.h"
#include "../trace.h"

void nc_fill_option(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec);

/* fcntl's F_DUPFD and F_DUPFD_CLOEXEC: 1 or 2; else 0. */
int nc_option_dups(const struct nc_args *a);

/* fcntl or ioctl: 1 sets close-on-exec, 0 takes it off, -1 does neither. */
int nc_option_cloexec(enum nc_call_id call, const struct nc_args *a);

/* True if a fcntl or ioctl is one that becomes a record. */
bool nc_option_wanted(const struct nc_op *op, const struct nc_args *a);

#endif
