/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How far the work is, on standard error, and messages between it.
 *
 * A terminal gets one line that is rewritten, once the work has taken a
 * second; anything else gets a line a second, and only if it is asked for.
 * There is one standard error: so is the state.
 */
#ifndef NC_PROGRESS_H
#define NC_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

enum nc_progress {
	NC_PROGRESS_AUTO, /* on a terminal in whose foreground we are */
	NC_PROGRESS_ALWAYS,
	NC_PROGRESS_NEVER
};

/* The work begins: bytes to read in all, -1 unknown. */
void nc_progress_begin(enum nc_progress when, int64_t total);

/*
 * So many bytes of the files are done, and so many of text (more, if the files
 * are compressed).  Cheap, but not for every line.
 */
void nc_progress_set(int64_t done, int64_t text);

/* The work is over: takes the line away. */
void nc_progress_end(void);

/* A message as warnx(3) writes it, on a line of its own. */
void nc_message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define NC_PROGRESS_TEXT 80

/*
 * "42 %, 612 MB/s, 0:03 left", or "1234 MB, 612 MB/s" where total is -1, after
 * that many ns; returns buf.
 */
const char *nc_progress_text(char buf[NC_PROGRESS_TEXT], int64_t done,
    int64_t total, int64_t text, int64_t elapsed);

#endif
