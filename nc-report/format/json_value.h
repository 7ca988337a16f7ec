/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Pieces of JSON, appended to a buffer; shared by json and jsonl.
 */
#ifndef NC_REPORT_JSON_VALUE_H
#define NC_REPORT_JSON_VALUE_H

#include <stdio.h>

#include "record.h"

/* Writes it out and empties it, once at least that many bytes are there. */
void json_drain(struct nc_buf *b, FILE *out, size_t least);
void json_raw(struct nc_buf *b, const char *text);     /* as it is */
void json_string(struct nc_buf *b, struct nc_bytes s); /* nil: null */
void json_int(struct nc_buf *b, int64_t v);            /* nil: null */

/* A name with its colon, after a comma unless it is the object's first. */
void json_key(struct nc_buf *b, const char *name, bool first);

/*
 * The next packed value as JSON, whatever it is.  Keys of maps that are no
 * text are written as text.  What is malformed becomes null.
 */
void json_packed(struct nc_buf *b, struct nc_cursor *c);

#endif
