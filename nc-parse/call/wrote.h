/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a call of write or writev shows of the bytes that it is to write, from
 * the text of its entry, behind which anything may follow.
 */
#ifndef NC_WROTE_H
#define NC_WROTE_H

#include "../text/text.h"
#include "calls.h"

/*
 * Puts the bytes that the call's text (after its parenthesis) shows into the
 * buffer; *cut if write has more of them, which it only counts.  Where the
 * last argument begins, the count of bytes or of buffers; or NULL if the text
 * is not such a call's, or does not show enough of it.
 */
const char *nc_wrote(
    struct nc_text body, enum nc_call_id call, struct nc_buf *known, bool *cut);

#endif
