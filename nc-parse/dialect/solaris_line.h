/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Lines of truss of Solaris, taken apart:
 *
 *	[pid[/lwp]:<TABs>][time<TAB>]name(a, b)<TABs>= 4
 *	                                        ... Err#11 EAGAIN
 *	                                        ... (sleeping...)
 */
#ifndef NC_SOLARIS_LINE_H
#define NC_SOLARIS_LINE_H

#include "foreign.h"

struct nc_solaris_head {
	int64_t pid, lwp; /* NC_NIL where there is none */
	int64_t time;     /* since the base, ns; NC_NIL */
	struct nc_text body;
};

/* Takes the prefix off. */
void nc_solaris_head(struct nc_text line, struct nc_solaris_head *h);

/* The name of the line's call; a NULL text if it is none. */
struct nc_text nc_solaris_name(const struct nc_solaris_head *h);

struct nc_solaris_result {
	int64_t value, second; /* second: NC_NIL if there is none */
	struct nc_text error;  /* its name, or a NULL text */
	bool sleeping;         /* the call will be written again */
	bool child;            /* the return of a new process */
	bool missing;
};

/*
 * What stands after a call's last parenthesis, and what within; false if the
 * call is not whole.
 */
bool nc_solaris_result(struct nc_text body, struct nc_text name,
    struct nc_solaris_result *r, struct nc_text *args);

/*
 * Cuts the arguments apart; false if a string does not end.  payload: strings
 * are cells of two columns.
 */
bool nc_solaris_args(struct nc_text t, bool payload, struct nc_foreign_call *c);

#endif
