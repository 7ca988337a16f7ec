/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The bytes behind a string as strace writes it: "a\0\377\n"...
 */
#ifndef NC_DECODE_H
#define NC_DECODE_H

#include "text.h"

/* What a string's text was like. */
enum nc_string {
	NC_STRING_NONE, /* no string: a pointer, NULL, a struct */
	NC_STRING_WHOLE,
	NC_STRING_CUT,    /* "..." followed: longer than shown */
	NC_STRING_DAMAGED /* bad escapes: bytes are unreliable */
};

/* Room that decoding wants beyond the text's length, in a fixed buffer. */
#define NC_DECODE_SLACK 64

/*
 * Appends the bytes of a string "..." to b; t ends behind the string, its
 * "...", or a comment.
 */
enum nc_string nc_text_decode(struct nc_text t, struct nc_buf *b);

/*
 * The same for text that nobody decodes again and that is in memory of ours:
 * pages of a long one go back to the system meanwhile, so that text and bytes
 * do not need memory both.  It still is a string, of as many bytes.
 */
enum nc_string nc_text_decode_last(struct nc_text t, struct nc_buf *b);

#endif
