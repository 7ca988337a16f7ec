/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Lines of truss of FreeBSD, taken apart:
 *
 *	[pid[ tid]: ][since start ][duration ]name(a,b)<TABs> = N (0xN)
 *	                                               ... ERR#36 'text'
 */
#ifndef NC_TRUSS_LINE_H
#define NC_TRUSS_LINE_H

#include "../text/text.h"

/* A call of no name, where numbers are results of other calls. */
#define NC_TRUSS_UNKNOWN "-- UNKNOWN SYSCALL "

/* What a line is, its prefix taken off. */
struct nc_truss_head {
	int64_t pid, tid; /* NC_NIL where there is none */
	int64_t time[2];  /* ns */
	size_t times;
	struct nc_text body;
};

void nc_truss_head(struct nc_text line, struct nc_truss_head *h);

struct nc_truss_result {
	int64_t value, error;
	bool missing; /* calls that do not return */
};

/* Where the result begins that a line's body ends with, or NULL. */
const char *nc_truss_result_at(struct nc_text body, struct nc_truss_result *r);

/* That, and the text between the parentheses; false if it is no whole call. */
bool nc_truss_result(struct nc_text body, struct nc_text name,
    struct nc_truss_result *r, struct nc_text *args);

/*
 * True if a line is a whole call, arguments and all, or an event of a process
 * that it names.
 */
bool nc_truss_is_whole(struct nc_text line);

#endif
