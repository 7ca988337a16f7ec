/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The dumps of -e read= and -e write=: whole payloads below their calls,
 * whatever -s cut.
 */
#ifndef NC_DUMP_H
#define NC_DUMP_H

#include "../trace.h"

/* A line of a dump, or another one below a call, from its first blank on. */
void nc_dump_line(struct nc_trace *t, const char *p, const char *end);

/*
 * Another line comes: records that waited for a dump get what was read of it,
 * and are written.
 */
void nc_dump_end(struct nc_trace *t);

#endif
