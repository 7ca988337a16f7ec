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
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes looked at in one step: the bits of a mask. */
#define NC_MASK_BYTES 64

#ifdef __SSE2__
static inline uint32_t
nc_mask_16(const char *p, __m128i want)
{
	__m128i v = _mm_loadu_si128((const __m128i *)p);

	return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, want));
}
#endif

/* Bit i is set where p[i] is c; 64 bytes are read. */
static inline uint64_t
nc_mask_of(const char *p, char c)
{
#ifdef __SSE2__
	const __m128i want = _mm_set1_epi8(c);
	uint32_t low = nc_mask_16(p, want) | nc_mask_16(p + 16, want) << 16;
	uint32_t high = nc_mask_16(p + 32, want) |
	    nc_mask_16(p + 48, want) << 16;

	return low | (uint64_t)high << 32;
#else
	uint64_t mask = 0;
	unsigned i;

	for (i = 0; i < NC_MASK_BYTES; i++)
		mask |= (uint64_t)(p[i] == c) << i;
	return mask;
#endif
}

#ifdef __SSE2__
static inline uint64_t
nc_mask_of_any_16(const char *p, __m128i a, __m128i b, __m128i c)
{
	__m128i v = _mm_loadu_si128((const __m128i *)p);

	return (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, a),
	    _mm_or_si128(_mm_cmpeq_epi8(v, b), _mm_cmpeq_epi8(v, c))));
}
#endif

/* The same for any of three. */
static inline uint64_t
nc_mask_of_any(const char *p, char a, char b, char c)
{
#ifdef __SSE2__
	const __m128i x = _mm_set1_epi8(a), y = _mm_set1_epi8(b);
	const __m128i z = _mm_set1_epi8(c);

	return nc_mask_of_any_16(p, x, y, z) |
	    nc_mask_of_any_16(p + 16, x, y, z) << 16 |
	    nc_mask_of_any_16(p + 32, x, y, z) << 32 |
	    nc_mask_of_any_16(p + 48, x, y, z) << 48;
#else
	return nc_mask_of(p, a) | nc_mask_of(p, b) | nc_mask_of(p, c);
#endif
}

#ifdef __SSE2__
static inline uint64_t
nc_mask_of_marks_16(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)p), m;
	/* One bit tells '(' from ')', another '[' from '{' and ']' from '}'. */
	__m128i even = _mm_and_si128(v, _mm_set1_epi8((char)0xfe));
	__m128i curly = _mm_or_si128(v, _mm_set1_epi8(0x20));

	m = _mm_cmpeq_epi8(even, _mm_set1_epi8('('));
	m = _mm_or_si128(m, _mm_cmpeq_epi8(curly, _mm_set1_epi8('{')));
	m = _mm_or_si128(m, _mm_cmpeq_epi8(curly, _mm_set1_epi8('}')));
	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8(',')));
	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('<')));
	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('/')));
	return (uint32_t)_mm_movemask_epi8(m);
}
#endif

/* The same for the marks of strace's grammar: ()[]{} , " < / */
static inline uint64_t
nc_mask_of_marks(const char *p)
{
#ifdef __SSE2__
	return nc_mask_of_marks_16(p) | nc_mask_of_marks_16(p + 16) << 16 |
	    nc_mask_of_marks_16(p + 32) << 32 |
	    nc_mask_of_marks_16(p + 48) << 48;
#else
	uint64_t mask = 0;
	unsigned i;

	for (i = 0; i < NC_MASK_BYTES; i++)
		mask |= (uint64_t)(p[i] != '\0' &&
			    strchr("()[]{},\"</", p[i]) != NULL)
		    << i;
	return mask;
#endif
}

#endif
