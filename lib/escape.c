/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Text from strangers, made safe for the medium it is shown on.
 */
#include "escape.h"

#include <stdio.h>

size_t
nc_utf8_next(const char *p, size_t n, uint32_t *ch)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)p;
	size_t len;
	uint32_t c = u[0];

	if (c < 0x80) {
		*ch = c;
		return 1;
	}
	len = c >= 0xc2 && c <= 0xdf ? 2 :
	    c >= 0xe0 && c <= 0xef   ? 3 :
	    c >= 0xf0 && c <= 0xf4   ? 4 :
				       0;
	if (len == 0 || len > n)
		return 0;
	c &= 0x7fu >> len;
	for (size_t i = 1; i < len; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (u[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ch = c;
	return len;
}

/* A backslash, kind (x or u) and the number in that many digits. */
static void
add_hex(struct nc_buf *out, char kind, int digits, unsigned int v)
{
	char text[16];
	int n = snprintf(text, sizeof(text), "\\%c%0*x", kind, digits, v);

	nc_buf_add(out, text, (size_t)n);
}

/* A newline, tab or carriage return, as C and JSON write it. */
static void
add_letter(struct nc_buf *out, char c)
{
	nc_buf_add(out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r", 2);
}

/* Controls, and what changes how the text round it looks. */
static bool
deceives(uint32_t c)
{
	return (c >= 0x80 && c < 0xa0) || c == 0xad || c == 0x61c ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	    (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

void
nc_escape_terminal(struct nc_buf *out, const char *p, size_t n)
{
	size_t i = 0, plain = 0, len;
	uint32_t c;

	while (i < n) {
		len = nc_utf8_next(p + i, n - i, &c);
		if (len > 0 && c >= ' ' && c != 0x7f && !deceives(c)) {
			i += len;
			continue;
		}
		nc_buf_add(out, p + plain, i - plain);
		if (len == 0 || c == 0x7f)
			add_hex(out, 'x', 2, (unsigned char)p[i]);
		else if (c == '\n' || c == '\t' || c == '\r')
			add_letter(out, (char)c);
		else
			add_hex(out, len == 1 ? 'x' : 'u', len == 1 ? 2 : 4, c);
		i += len > 0 ? len : 1;
		plain = i;
	}
	nc_buf_add(out, p + plain, i - plain);
}

/* How many bytes from p on JSON takes as they are: most are so. */
static size_t
json_plain(const char *p, size_t n)
{
	/* 1: a control, a quote, a backslash, or not of ASCII */
	static const bool special[256] = {
#define FOUR(x) [x] = true, [x + 1] = true, [x + 2] = true, [x + 3] = true
#define SIXTEEN(x) FOUR(x), FOUR(x + 4), FOUR(x + 8), FOUR(x + 12)
		SIXTEEN(0x00),
		SIXTEEN(0x10), ['"'] = true, ['\\'] = true, [0x7f] = true,
		SIXTEEN(0x80), SIXTEEN(0x90), SIXTEEN(0xa0), SIXTEEN(0xb0),
		SIXTEEN(0xc0), SIXTEEN(0xd0), SIXTEEN(0xe0), SIXTEEN(0xf0)
#undef FOUR
#undef SIXTEEN
	};
	size_t i = 0;

	while (i < n && !special[(unsigned char)p[i]])
		i++;
	return i;
}

void
nc_escape_json(struct nc_buf *out, const char *p, size_t n)
{
	size_t i = 0, plain = 0, len;
	uint32_t c;

	while ((i += json_plain(p + i, n - i)) < n) {
		len = nc_utf8_next(p + i, n - i, &c);
		/* C1 controls are valid JSON, but not fit for a terminal. */
		if (len > 0 && c >= ' ' && c != '"' && c != '\\' &&
		    !(c >= 0x7f && c < 0xa0)) {
			i += len;
			continue;
		}
		nc_buf_add(out, p + plain, i - plain);
		if (len == 0)
			add_hex(out, 'u', 4, (unsigned char)p[i]);
		else if (c == '"' || c == '\\')
			nc_buf_add(out, c == '"' ? "\\\"" : "\\\\", 2);
		else if (c == '\n' || c == '\t' || c == '\r')
			add_letter(out, (char)c);
		else
			add_hex(out, 'u', 4, c);
		i += len > 0 ? len : 1;
		plain = i;
	}
	nc_buf_add(out, p + plain, i - plain);
}

/* As for a terminal, a character at a time, the special ones as entities. */
static void
escape_entities(struct nc_buf *out, const char *p, size_t n,
    const char *special, const char *open)
{
	char entity[16];
	uint32_t c;

	for (size_t i = 0, len; i < n; i += len) {
		len = nc_utf8_next(p + i, n - i, &c);
		if (len == 1 && c != '\0' && strchr(special, (int)c) != NULL) {
			snprintf(entity, sizeof(entity), "%s%u;", open, c);
			nc_buf_add(out, entity, strlen(entity));
			continue;
		}
		len = len > 0 ? len : 1;
		nc_escape_terminal(out, p + i, len);
	}
}

void
nc_escape_html(struct nc_buf *out, const char *p, size_t n)
{
	escape_entities(out, p, n, "&<>\"'", "&#");
}

void
nc_escape_mermaid(struct nc_buf *out, const char *p, size_t n)
{
	escape_entities(out, p, n, "#;<>&%{}`$^", "#");
}
