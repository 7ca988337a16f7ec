/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Bytes as other systems' tracers write them.
 */
#include "vis.h"

#include <string.h>

static bool
is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* What the letter after a backslash stands for, or -1. */
static int
letter(char c)
{
	static const char from[] = "abtnvfrs\\\"'";
	static const char to[] = "\a\b\t\n\v\f\r \\\"'";
	const char *p = c != '\0' ? strchr(from, c) : NULL;

	return p != NULL ? (unsigned char)to[p - from] : -1;
}

/* "\000", or "\0" where no octal digits follow; past it, or NULL. */
static const char *
octal(const char *p, const char *end, char *out)
{
	if (end - p >= 3 && is_octal(p[1]) && is_octal(p[2])) {
		*out =
		    (char)((p[0] - '0') * 64 + (p[1] - '0') * 8 + (p[2] - '0'));
		return p + 3;
	}
	*out = '\0';
	return *p == '0' ? p + 1 : NULL;
}

/* After "\", a character with its high bit, control or both; or NULL. */
static const char *
shifted(const char *p, const char *end, char *out)
{
	int bits = 0;

	if (*p == 'M') {
		bits = 0x80;
		if (++p == end)
			return NULL;
		if (*p == '-') {
			if (++p == end)
				return NULL;
			*out = (char)(bits | (unsigned char)*p);
			return p + 1;
		}
	}
	if (*p != '^' || ++p == end)
		return NULL;
	*out = (char)(bits | (*p == '?' ? 0x7f : *p & 0x1f));
	return p + 1;
}

/* One escape, p after the backslash; past it, NULL if it is bad. */
static const char *
unescape(const char *p, const char *end, char *out)
{
	int c;

	if (p == end)
		return NULL;
	if (is_octal(*p))
		return octal(p, end, out);
	if (*p == 'M' || *p == '^')
		return shifted(p, end, out);
	c = letter(*p);
	*out = (char)c;
	return c < 0 ? NULL : p + 1;
}

bool
nc_vis_decode(struct nc_text t, struct nc_buf *b)
{
	const char *p = t.p, *q;
	char c = 0;

	while (p != NULL && p < t.end) {
		q = memchr(p, '\\', (size_t)(t.end - p));
		if (q == NULL)
			q = t.end;
		nc_buf_add(b, p, (size_t)(q - p));
		if (q == t.end)
			break;
		p = q + 1;
		if (p < t.end && *p == '\n') {
			p++;
			continue;
		}
		p = unescape(p, t.end, &c);
		if (p == NULL)
			return false;
		nc_buf_add(b, &c, 1);
	}
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

const char *
nc_vis_cells(struct nc_text t, bool quoted, struct nc_buf *b)
{
	const char *p;
	char c;

	for (p = t.p; t.end - p >= 2; p += 2) {
		if (quoted && *p == '"')
			return p;
		if (*p == ' ')
			c = p[1];
		else if (*p == '\\' && p[1] == '0')
			c = '\0';
		else if (*p == '\\' && letter(p[1]) >= 0)
			c = (char)letter(p[1]);
		else if (hex_digit(*p) >= 0 && hex_digit(p[1]) >= 0)
			c = (char)(hex_digit(*p) * 16 + hex_digit(p[1]));
		else
			return NULL;
		nc_buf_add(b, &c, 1);
	}
	if (quoted)
		return p < t.end && *p == '"' ? p : NULL;
	/* The blank of a last cell " " may be lost. */
	if (p < t.end && *p == ' ')
		nc_buf_add(b, p++, 1);
	return p == t.end ? p : NULL;
}

void
nc_vis_quote(struct nc_buf *b, const char *p, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	char out[4] = { '\\', 'x', 0, 0 };
	const char *end, *from;

	if (n == 0)
		p = "";
	end = p + n;
	nc_buf_add(b, "\"", 1);
	while (p < end) {
		for (from = p; p < end && *p >= ' ' && *p <= '~' && *p != '"' &&
		     *p != '\\';
		     p++)
			;
		if (p > from)
			nc_buf_add(b, from, (size_t)(p - from));
		if (p == end)
			break;
		out[2] = hex[(unsigned char)*p >> 4];
		out[3] = hex[*p & 15];
		nc_buf_add(b, out, 4);
		p++;
	}
	nc_buf_add(b, "\"", 1);
}
