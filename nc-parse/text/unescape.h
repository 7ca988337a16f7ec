/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One escape of a string as strace writes it: a letter, one to three octal
 * digits, or x and two hexadecimal ones behind a backslash.
 */
#ifndef NC_UNESCAPE_H
#define NC_UNESCAPE_H

#include <stdint.h>

/* Bytes that nc_unescape_known reads from the backslash on. */
#define NC_UNESCAPE_LOOK 4

/*
 * Letters and octal by table, without a branch on the escape's form: binary
 * payload is nearly all escapes, whose lengths nothing predicts.  Each of the
 * three characters behind the backslash has a number, by what it is in its
 * place; their sum is the place of the answer.
 */
struct nc_escapes {
	uint16_t first[256];
	uint8_t second[256], third[256];
	/* Characters from the backslash on, times 256, and the byte; or 0. */
	uint16_t answer[16 * 9 * 9];
};

/* The tables, made at the first call. */
const struct nc_escapes *nc_escapes_get(void);

/*
 * Decodes the escape at p, of which NC_UNESCAPE_LOOK bytes can be read; returns
 * its characters, 0 if nc_unescape has to.
 */
static inline unsigned
nc_unescape_known(const struct nc_escapes *e, const char *p, char *out)
{
	const unsigned char *u = (const unsigned char *)p;
	unsigned answer =
	    e->answer[e->first[u[1]] + e->second[u[2]] + e->third[u[3]]];

	*out = (char)answer;
	return answer >> 8;
}

/* Decodes any escape at p; returns past it, or NULL if it is bad. */
const char *nc_unescape(const char *p, const char *end, char *out);

#endif
