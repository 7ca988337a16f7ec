/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Escapes and marks of 64 bytes at once, where the processor can: a trace is
 * mostly payload, and one escape after the other takes five times as long.
 */
#ifndef NC_WIDE_H
#define NC_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the processor can; nothing else here must be called if not. */
bool nc_wide_look(void);
extern signed char nc_wide_state; /* -1 no, 1 yes, 0: nobody has looked */

static inline bool
nc_wide_works(void)
{
	return nc_wide_state != 0 ? nc_wide_state > 0 : nc_wide_look();
}

/*
 * Decodes what begins before stop, as far as all escapes are good ones.  Returns where it ended: at stop, or up to three bytes past it in an
 * escape; or before a block of 64 bytes that wants a closer look.  *out is moved
 * behind what was decoded; there is room for 64 bytes more.  67 bytes from any
 * place before stop on can be read, whatever they are.
 */
const char *nc_wide_decode(const char *p, const char *stop, char **out);

/*
 * As nc_mask_of_marks, and nc_mask_of '"' and, into *slashes, '\\'; but of n
 * bytes, 1 to 64, and none behind them is read.
 */
uint64_t nc_wide_marks(const char *p, size_t n);
uint64_t nc_wide_quotes(const char *p, size_t n, uint64_t *slashes);

/*
 * The same, for annotations: '>' that ends no arrow; and '<', '"' and
 * backslashes but for the first byte into *other.
 */
uint64_t nc_wide_ends(const char *p, size_t n, uint64_t *other);

/* True if there is a NUL, CR or ESC among them. */
bool nc_wide_is_odd(const char *p, size_t n);

#endif
