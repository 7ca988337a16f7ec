/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The trace formats that are read, and how they are told apart.
 */
#ifndef NC_DIALECT_H
#define NC_DIALECT_H

#include "trace.h"

struct nc_dialect {
	const char *name;
	/* How many of the first lines look like it, out of *lines. */
	size_t (*probe)(const char *p, size_t n, size_t *lines);
	void (*line)(
	    struct nc_trace *t, const char *p, const char *end, bool newline);
	void (*end)(struct nc_trace *t);
};

/* The dialect of that name, or NULL. */
const struct nc_dialect *nc_dialect_named(const char *name);

/*
 * The dialect of a file that begins with these bytes; NULL and *why if it is
 * no trace that can be read.
 */
const struct nc_dialect *nc_dialect_detect(
    const char *p, size_t n, const char **why);

#endif
