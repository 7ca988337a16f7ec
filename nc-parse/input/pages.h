/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Memory of long lines, given back while they are used up, so that a line and
 * what is made of it do not need memory both.
 */
#ifndef NC_PAGES_H
#define NC_PAGES_H

#include "../text/text.h"

/* Done at a time, bytes; what is shorter is left alone. */
#define NC_PAGES_SLICE (1u << 20)

/*
 * The whole pages between both places go back to the system and read as zeros
 * from now on; a backslash's next byte stays with it.  They are in memory that
 * was allocated, and nobody needs what they held.
 */
void nc_pages_give_back(const char *from, const char *to);

/* Appends text to b that nobody reads in its old place again. */
void nc_pages_move(struct nc_buf *b, struct nc_text text);

#endif
