/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Bytes as other systems' tracers write them: vis(3) of the BSDs, cells of
 * two columns of Solaris.
 */
#ifndef NC_VIS_H
#define NC_VIS_H

#include "../text/text.h"

/*
 * Appends what vis(3) text with C-style escapes stands for.  A newline after a
 * backslash folds the line and stands for nothing.  False at a bad escape.
 */
bool nc_vis_decode(struct nc_text t, struct nc_buf *b);

/*
 * Appends the bytes of cells " M", "\n", "FF" up to an end or, where quoted is
 * set, to the closing quote, which is in a cell's first column.  Returns where
 * it stopped, NULL at a bad cell.
 */
const char *nc_vis_cells(struct nc_text t, bool quoted, struct nc_buf *b);

/* Appends bytes as a string of strace, in quotes. */
void nc_vis_quote(struct nc_buf *b, const char *p, size_t n);

#endif
