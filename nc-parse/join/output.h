/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a traced program wrote to the terminal that its trace was captured
 * from.  It lands where its call has been entered and not returned:
 *
 *	write(1, "x\n", 2x
 *	)                       = 2
 *
 * A line that is cut so, and those after it, are held until the bytes that the
 * call shows, as many as it says, have come, and the rest of the call after
 * them: then they are one call.  If anything else comes they are what they
 * were, lines that cannot be read.
 */
#ifndef NC_OUTPUT_H
#define NC_OUTPUT_H

#include "../trace.h"

/*
 * A call's line ends without its closing parenthesis; l is that line.  True if
 * it may be followed by its output: the line is held, not lost.
 */
bool nc_output_begin(
    struct nc_trace *t, enum nc_call_id call, const struct nc_line *l);

/* True if a line is held: the next one goes to nc_output_line. */
bool nc_output_waits(const struct nc_trace *t);

/*
 * The next line, as it stands in the file.  False if it is none of that call:
 * the lines held have been rejected, and it is still to be read.
 */
bool nc_output_line(struct nc_trace *t, struct nc_text text);

/* No line follows: rejects what is held. */
void nc_output_end(struct nc_trace *t);

/* "Script started on ...", with which script(1) begins and ends a capture. */
bool nc_output_is_session(struct nc_text text);

void nc_output_free(struct nc_trace *t);

#endif
