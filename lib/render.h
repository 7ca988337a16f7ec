/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A call record as one line of text, in the manner of strace.
 *
 * Every program that shows a call shows it through here.  The line is
 * printable ASCII whatever the trace held, so it is safe on any medium that
 * takes plain text (HTML and CSV have to be escaped as always).
 */
#ifndef NC_RENDER_H
#define NC_RENDER_H

#include "record.h"

/* Longest line, without the NUL. */
#define NC_RENDER_MAX 512

/*
 * Renders a call (or begin) record into buf, NUL-terminated, cut to size.
 * NC_RENDER_MAX + 1 bytes hold any call whole.  Returns the line's length.
 */
size_t nc_call_render(const struct nc_call *c, char *buf, size_t size);

#endif
