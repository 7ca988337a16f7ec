/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A call of two lines: its begin, and the return that may never come.  The core
 * is told of the begin when another line comes between, or at the end of all;
 * otherwise both make one whole call.
 */
#ifndef NC_PENDING_H
#define NC_PENDING_H

#include "foreign.h"

struct nc_pending {
	bool begun;         /* the core knows of it */
	int64_t line, time; /* of its begin; time in ns, or NC_NIL */
};

/* Tells the core of the begin, late: it was held back. */
void nc_pending_begin(
    struct nc_foreign *f, struct nc_pending *p, struct nc_foreign_call *c);

/*
 * The call of which all is known returns at that time (NC_NIL: not known).
 * Where its begin was not told and no record comes of it, that line is counted
 * as ignored for that reason.
 */
void nc_pending_end(struct nc_foreign *f, const struct nc_pending *p,
    struct nc_foreign_call *c, int64_t now, enum nc_ignored why);

#endif
