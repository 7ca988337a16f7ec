/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The file to which a stage puts what memory has no room for.
 */
#ifndef NC_TEMPORARY_H
#define NC_TEMPORARY_H

/*
 * A new empty file in TMPDIR, or /tmp, open for reading and writing, that has
 * no name any more: it is gone when its descriptor is closed.  -1 with errno.
 */
int nc_temporary(void);

#endif
