/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Text from strangers, made safe for the medium it is shown on.
 *
 * Each function appends to a buffer and takes any bytes.  A new medium is one
 * more function here; no program escapes on its own.
 */
#ifndef NC_ESCAPE_H
#define NC_ESCAPE_H

#include "record.h"

/*
 * The length (1 to 4) of the UTF-8 character at p, its number in *ch; 0 if
 * the bytes there are not valid UTF-8 (RFC 3629: no overlong forms, no
 * surrogates, nothing past U+10FFFF).  n is at least 1.
 */
size_t nc_utf8_next(const char *p, size_t n, uint32_t *ch);

/*
 * For a terminal, within a line: control characters as \n, \t, \r or \xHH,
 * bytes that are not UTF-8 as \xHH, and C1 controls, line separators and
 * characters that turn the direction of text or hide in it as \uHHHH.
 * The rest as it is.
 */
void nc_escape_terminal(struct nc_buf *out, const char *p, size_t n);

/*
 * The inside of a JSON string (without the quotes), always valid JSON in
 * valid UTF-8.  A byte that is not part of valid UTF-8 becomes \u00HH with
 * the byte's number: \u00ff for the byte 0xff.
 */
void nc_escape_json(struct nc_buf *out, const char *p, size_t n);

/*
 * For the text and the quoted attributes of HTML: as for a terminal, and
 * & < > " ' as entities.
 */
void nc_escape_html(struct nc_buf *out, const char *p, size_t n);

/*
 * For the text of a Mermaid diagram, within a line: as for a terminal, and
 * what the language or HTML would take for its own as an entity (#59;).
 */
void nc_escape_mermaid(struct nc_buf *out, const char *p, size_t n);

#endif
