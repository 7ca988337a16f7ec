/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Whether text looks like a line of a terminal capture, "[pid N]" and all: a
 * stricter look than reading a line takes, which is to get along with what it
 * does not know.  It is for the few lines that may hold something foreign.
 */
#ifndef NC_LOOKS_H
#define NC_LOOKS_H

#include "text.h"

/* A whole line, or a half of a call; without colours. */
bool nc_looks_right(struct nc_text text);

/* The entry of a call that would go on. */
bool nc_looks_broken(struct nc_text text);

#endif
