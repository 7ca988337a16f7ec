/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Where a byte stands among the next 64: a bit mask, for the few loops that
 * see every byte of a trace.
 */
#ifndef NC_MASK_H
#define NC_MASK_H

#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes looked at in one step: the bits of a mask. */
#define NC_MASK_BYTES 64

/* Bit i is set where p[i] is c; 64 bytes are read. */
static inline uint64_t
nc_mask_of(const char *p, char c)
{
	uint64_t mask = 0;
	unsigned i;

#ifdef __SSE2__
	const __m128i want = _mm_set1_epi8(c);

	for (i = 0; i < NC_MASK_BYTES; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(p + i));
		int bits = _mm_movemask_epi8(_mm_cmpeq_epi8(v, want));

		mask |= (uint64_t)(unsigned)bits << i;
	}
#else
	for (i = 0; i < NC_MASK_BYTES; i++)
		mask |= (uint64_t)(p[i] == c) << i;
#endif
	return mask;
}

#endif
