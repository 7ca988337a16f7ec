/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Decimal digits, eight at a time in one word: times are a good part of a
 * short line.
 */
#ifndef NC_DIGITS_H
#define NC_DIGITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Characters that are read at once. */
#define NC_DIGITS 8

/* One byte in all bytes of a word. */
#define NC_DIGITS_ALL(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The eight characters at p, the first one lowest. */
static inline uint64_t
nc_digits_load(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	return x;
}

/* The top bit of each byte that is more than 9. */
static inline uint64_t
nc_digits_beyond(uint64_t x)
{
	return (((x & NC_DIGITS_ALL(0x7f)) + NC_DIGITS_ALL(0x80 - 10)) | x) &
	    NC_DIGITS_ALL(0x80);
}

/* The number that eight digits are, each a byte: pairs, fours, all eight. */
static inline int64_t
nc_digits_sum(uint64_t x)
{
	x = (x * (10 * 256 + 1)) >> 8;
	x = ((x & UINT64_C(0x00ff00ff00ff00ff)) * (100 * 65536 + 1)) >> 16;
	x = ((x & UINT64_C(0x0000ffff0000ffff)) *
		((UINT64_C(10000) << 32) + 1)) >>
	    32;
	return (int64_t)x;
}

/*
 * How many digits begin the eight characters at p, and the number that they
 * are.
 */
static inline unsigned
nc_digits_take(const char *p, int64_t *v)
{
	uint64_t x = nc_digits_load(p) ^ NC_DIGITS_ALL('0');
	uint64_t beyond = nc_digits_beyond(x);
	unsigned n = NC_DIGITS;

	if (beyond != 0)
		n = (unsigned)__builtin_ctzll(beyond) / 8;
	*v = 0;
	if (n == 0)
		return 0;
	/* Zeros before them. */
	*v = nc_digits_sum(x << 8 * (NC_DIGITS - n));
	return n;
}

/* Characters of "<0.000123>", as nearly all durations of -T are. */
#define NC_DURATION 10

/* The digits of that form, a byte each, a zero for the dot. */
static inline uint64_t
nc_digits_of_duration(const char *p)
{
	return nc_digits_load(p + 1) ^ NC_DIGITS_ALL('0') ^
	    (uint64_t)('0' ^ '.') << 8;
}

/* True for that form. */
static inline bool
nc_digits_is_duration(const char *p)
{
	uint64_t x = nc_digits_of_duration(p);

	return p[0] == '<' && p[NC_DURATION - 1] == '>' &&
	    (nc_digits_beyond(x) | (x & 0xff00)) == 0;
}

/* The time that it tells, ns. */
static inline int64_t
nc_digits_duration(const char *p)
{
	uint64_t x = nc_digits_of_duration(p), seconds = x & 0xff;

	return (int64_t)seconds * 1000000000 +
	    nc_digits_sum(x ^ seconds) * 1000;
}

#endif
