/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls of truss of FreeBSD that are not one line of the file.
 *
 * Names of files can hold newlines.  And each process has a tracer of its own,
 * which writes its line piece by piece, so that one can stand within another:
 *
 *	 8445: wait4( 8447: close(3)		 = 0 (0x0)
 *	0xffffffff,0x0 8447: dup(4)		 = 3 (0x3)
 *	) = 0 (0x0)
 *
 * A whole line at the end of another is read as its own; the pieces before it
 * are put together until the rest of their call comes.  Where pieces of two
 * calls are mixed in one line nothing tells whose they are.
 */
#ifndef NC_TRUSS_TORN_H
#define NC_TRUSS_TORN_H

#include "truss_line.h"

/*
 * Where a whole line of another process begins within this one, which is none
 * itself; NULL if none does.
 */
const char *nc_truss_inner(struct nc_text line);

/*
 * True if another process's prefix alone stands right before the result of a
 * line, "...) 8447:  = 0 (0x0)": the line without it goes to the buffer.
 */
bool nc_truss_without_prefix(
    struct nc_text line, struct nc_buf *b, struct nc_text *prefix);

/*
 * The line without what tracers say of themselves ("truss: can not attach to
 * target process: No such process", which comes in pieces, too); in a buffer.
 * False if there is nothing of that.  *cut: the line's end belongs to it.
 */
bool nc_truss_without_messages(
    struct nc_text line, struct nc_buf *b, bool *cut);

/* Pieces of one call.  Zeroed is none. */
struct nc_truss_torn {
	struct nc_buf text; /* empty: no call */
	int64_t line;       /* where it began */
	size_t lines;       /* that came to it */
	bool within;        /* its first line was read as another's */
	bool lost;          /* pieces may come of a call that was rejected */
};

void nc_truss_torn_fini(struct nc_truss_torn *t);

/* Begins a call; false if its text cannot be that. */
bool nc_truss_torn_begin(
    struct nc_truss_torn *t, struct nc_text piece, int64_t line, bool within);

/* Adds a piece; false if they are too many, or the call too long. */
bool nc_truss_torn_add(struct nc_truss_torn *t, struct nc_text piece);

/* The process that it begins with; NC_NIL if it names none. */
int64_t nc_truss_torn_pid(const struct nc_truss_torn *t);

#endif
