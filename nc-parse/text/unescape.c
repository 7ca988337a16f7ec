/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One escape of a string as strace writes it.
 */
#include "unescape.h"

#include <stdbool.h>
#include <stddef.h>

/* What a character is behind a backslash: a digit is itself. */
#define NO_DIGIT 8
#define DIGITS (NO_DIGIT + 1)
#define LETTER 8 /* the first of them */

static const struct {
	char letter, byte;
} letters[] = {
	{ 'n', '\n' },
	{ 't', '\t' },
	{ 'r', '\r' },
	{ 'v', '\v' },
	{ 'f', '\f' },
	{ '"', '"' },
	{ '\\', '\\' },
};

#define NLETTERS (sizeof(letters) / sizeof(letters[0]))
#define OTHER (LETTER + NLETTERS)

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

const char *
nc_unescape(const char *p, const char *end, char *out)
{
	const char *limit;
	unsigned v = 0, d;
	size_t i;

	if (++p == end)
		return NULL;
	for (i = 0; i < NLETTERS; i++)
		if (*p == letters[i].letter) {
			*out = letters[i].byte;
			return p + 1;
		}
	if (*p == 'x') {
		if (end - p < 3 || hex_digit(p[1]) < 0 || hex_digit(p[2]) < 0)
			return NULL;
		*out = (char)(hex_digit(p[1]) * 16 + hex_digit(p[2]));
		return p + 3;
	}
	if ((unsigned)(*p - '0') > 7)
		return NULL;
	limit = end - p > 3 ? p + 3 : end;
	for (; p < limit && (d = (unsigned)(*p - '0')) <= 7; p++)
		v = v * 8 + d;
	*out = (char)v;
	return v > 255 ? NULL : p;
}

/* The answer where the characters are of these sorts. */
static unsigned
answer(unsigned first, unsigned second, unsigned third)
{
	unsigned v, n;

	if (first >= OTHER)
		return 0;
	if (first >= LETTER) {
		v = (unsigned char)letters[first - LETTER].byte;
		n = 2;
	} else if (second == NO_DIGIT) {
		v = first;
		n = 2;
	} else if (third == NO_DIGIT) {
		v = first * 8 + second;
		n = 3;
	} else {
		v = first * 64 + second * 8 + third;
		n = 4;
	}
	return v > 255 ? 0 : n << 8 | v;
}

const struct nc_escapes *
nc_escapes_get(void)
{
	static struct nc_escapes e;
	static bool made;
	unsigned i, digit;

	if (made)
		return &e;
	for (i = 0; i < 256; i++) {
		digit = i >= '0' && i <= '7' ? i - '0' : NO_DIGIT;
		e.first[i] = (uint16_t)((digit == NO_DIGIT ? OTHER : digit) *
		    DIGITS * DIGITS);
		e.second[i] = (uint8_t)(digit * DIGITS);
		e.third[i] = (uint8_t)digit;
	}
	for (i = 0; i < NLETTERS; i++)
		e.first[(unsigned char)letters[i].letter] =
		    (uint16_t)((LETTER + i) * DIGITS * DIGITS);
	for (i = 0; i < sizeof(e.answer) / sizeof(e.answer[0]); i++)
		e.answer[i] = (uint16_t)answer(
		    i / DIGITS / DIGITS, i / DIGITS % DIGITS, i % DIGITS);
	made = true;
	return &e;
}
