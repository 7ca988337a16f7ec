/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What threads wrote to the terminal, or the pipe, that their trace was
 * captured from, among the lines of others:
 *
 *	[pid 7] write(1, "one\n", 4 <unfinished ...>
 *	[pid 8] recvfrom(4, one
 *	 <unfinished ...>
 *	[pid 7] <... write resumed>)            = 4
 *
 * strace writes a line in pieces, and each piece at once: the text of a call's
 * entry is one, the rest of its line another.  So the bytes come whole, at the
 * beginning of a line or after an entry, before their call is resumed.  They
 * are taken out of a line that is none of a trace, if what remains is one:
 * with a newline in them, of this line and the next ones put together.
 *
 * Of the first halves only those of captures, with "[pid N]", are kept.
 */
#ifndef NC_WEAVE_H
#define NC_WEAVE_H

#include "../trace.h"

/* It is a capture, with several processes or threads: sets t->weave. */
void nc_weave_open(struct nc_trace *t);

/* The first half of a write, of the thread of this line: opens it, too. */
void nc_weave_note(
    struct nc_trace *t, enum nc_call_id call, const struct nc_line *l);

/*
 * Before a line is read, if t->weave is there.  True if it is output, or held
 * until the next one tells; else *text is what is to be read, borrowed until
 * the next call.
 */
bool nc_weave_line(struct nc_trace *t, struct nc_text *text);

/* No line follows: what is held is read as it stands. */
void nc_weave_end(struct nc_trace *t);

void nc_weave_free(struct nc_trace *t);

#endif
