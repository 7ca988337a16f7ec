/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The tracer's messages in the middle of a line, on a terminal.
 */
#ifndef NC_CAPTURE_H
#define NC_CAPTURE_H

#include "../trace.h"

/* False, at one look, for the ends of most lines: no message ends so. */
static inline bool
nc_capture_may(struct nc_text text)
{
	char last = text.end > text.p ? text.end[-1] : '\0';

	return last == 'd' || last == ')' || last == 's';
}

/*
 * On stderr messages of the tracer land in the middle of a line, which goes
 * on in the next one: where the message begins, or NULL.
 */
const char *nc_capture_message(struct nc_text text);

/*
 * A line without the CR that a terminal put before its newline: what is left
 * is what the program, or the tracer, wrote.
 */
static inline struct nc_text
nc_capture_line(const struct nc_trace *t, struct nc_text text)
{
	text.end -= t->crlf && text.end > text.p && text.end[-1] == '\r';
	return text;
}

/* A second message, before the cut line goes on. */
bool nc_capture_is_message(struct nc_text text);

/* What came before a message is used, or given up. */
void nc_capture_drop(struct nc_trace *t);

/*
 * Puts what came before a message in front of the line; false, and neither is
 * kept, if that is more than a line may be.
 */
bool nc_capture_with(struct nc_trace *t, struct nc_text *text);

#endif
