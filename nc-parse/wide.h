/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Escapes of 64 bytes at once, where the processor can: a trace is mostly
 * payload, and one escape after the other takes five times as long.
 */
#ifndef NC_WIDE_H
#define NC_WIDE_H

#include <stdbool.h>

/* Whether the processor can; nc_wide_decode must not be called if not. */
bool nc_wide_works(void);

/*
 * Decodes what begins before stop, as far as all escapes are good ones.  Returns where it ended: at stop, or up to three bytes past it in an
 * escape; or before a block of 64 bytes that wants a closer look.  *out is moved
 * behind what was decoded; there is room for 64 bytes more.  67 bytes from any
 * place before stop on can be read, whatever they are.
 */
const char *nc_wide_decode(const char *p, const char *stop, char **out);

#endif
