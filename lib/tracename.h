/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the name of a trace file tells: the host, and with strace -ff the
 * process; and which files a pattern of names stands for.
 */
#ifndef NC_TRACENAME_H
#define NC_TRACENAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The process id of NAME.PID, as strace -ff names files, and the length of
 * NAME; NC_NIL where the name has none.  An ending that tells a compression
 * stands behind it.
 */
int64_t nc_tracename_pid(const char *file, size_t *stem);

/*
 * The host that a bare trace is named after: NAME's or its own last part
 * without extension, with so many parent folders.  The caller frees.
 */
char *nc_tracename_host(const char *file, size_t parents);

/* True if the text holds what glob(7) does not take as it stands. */
bool nc_tracename_is_pattern(const char *text);

/*
 * The files that a pattern stands for: paths, by process id, the others after
 * them.  The first len bytes of pattern are a folder as it is, with its slash.
 * The caller frees the list and its elements; NULL if there is none.
 */
char **nc_tracename_expand(const char *pattern, size_t len, size_t *n);

/*
 * The traces in a folder, in the same order and form: files NAME.PID, and
 * those with the ending of a tracer's output (.trace, .strace, .truss,
 * .kdump).  len is the length of the folder's name.
 */
char **nc_tracename_folder(const char *folder, size_t len, size_t *n);

#endif
