/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls that are read or in progress: their memory and their lists.
 */
#ifndef NC_OP_H
#define NC_OP_H

#include "../trace.h"

/* A buffer of one that has grown past this is not kept for the next, bytes. */
#define NC_OP_KEEP 65536

/* Makes an operation; it is in progress once it is listed. */
struct nc_op *nc_op_new(struct nc_trace *t);

/*
 * The text of the operation cut into its arguments: the same text once.  Valid
 * as long as the text and until that of another is asked for; NULL as of
 * nc_args_split.
 */
const struct nc_args *nc_op_args(
    struct nc_op *op, struct nc_text text, const char **why);
void nc_op_list(struct nc_op *op);
void nc_op_unlist(struct nc_op *op);
void nc_op_free(struct nc_trace *t, struct nc_op *op);
/* The child of a call in progress that makes a task is known. */
void nc_op_forked(struct nc_op *op);

#endif
