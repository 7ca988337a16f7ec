/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Allocation that cannot fail, hashing, numbers, the end of main.
 */
#ifndef NC_UTIL_H
#define NC_UTIL_H

#include <stddef.h>
#include <stdint.h>

/* As malloc and friends; out of memory ends the program with status 2. */
void *nc_xmalloc(size_t n);
void *nc_xcalloc(size_t n, size_t size);
void *nc_xaligned(size_t align, size_t n); /* n is a multiple of align */
void *nc_xrealloc(void *p, size_t n);
void *nc_xreallocarray(void *p, size_t n, size_t size);
char *nc_xstrdup(const char *s);
char *nc_xstrndup(const char *s, size_t n);

/*
 * Room for one more: returns p, grown where len has reached *cap.  Sizes
 * double, so n additions cost O(n).
 */
void *nc_grow(void *p, size_t len, size_t *cap, size_t size);

/*
 * As memset(p, 0, n), for a few hundred bytes on a path that counts: where the
 * size is known compilers write an instruction that begins slowly.
 */
void nc_zero(void *p, size_t n);

/* 64-bit hash of bytes; the same on every machine and in every run. */
uint64_t nc_hash(const void *p, size_t n, uint64_t seed);

/* Mixes an integer, for tables keyed by numbers. */
static inline uint64_t
nc_hash_int(uint64_t v)
{
	v ^= v >> 32;
	v *= 0xd6e8feb86659fd93u;
	v ^= v >> 32;
	v *= 0xd6e8feb86659fd93u;
	v ^= v >> 32;
	return v;
}

/*
 * Whole text as a decimal number in [min, max].  0, or -1 if it is not one.
 */
int nc_parse_int(
    const char *s, size_t n, int64_t min, int64_t max, int64_t *out);

/*
 * Writes a number in decimal, without a NUL; returns how many bytes.  Formatted
 * output takes ten times as long.
 */
#define NC_INT_TEXT 20 /* bytes of the longest, INT64_MIN */
size_t nc_put_int(char *p, int64_t v);

/* Closes standard output; 0, or -1 with errno if a write failed. */
int nc_close_stdout(void);

/* The same where nothing else is left to do: says what failed; the status. */
int nc_end_stdout(void);

#endif
