/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The arguments of calls of other systems: which they are, and how strace would
 * have written them.
 */
#ifndef NC_FOREIGN_ARGS_H
#define NC_FOREIGN_ARGS_H

#include "foreign.h"

/*
 * How a name is to be read: the kinds of its arguments (foreign_args.c), or
 * NULL for calls that do not matter.
 */
const char *nc_foreign_shape(struct nc_text name);

/* Calls that do not return. */
bool nc_foreign_ends_process(struct nc_text name);
bool nc_foreign_ends_thread(struct nc_text name);

/* Writes a call's arguments to f->body; returns its name on Linux. */
struct nc_text nc_foreign_args(
    struct nc_foreign *f, const struct nc_foreign_call *c);

/* Appends flags of a message by Linux's names. */
void nc_foreign_flags(
    struct nc_foreign *f, struct nc_buf *b, struct nc_text flags);

#endif
