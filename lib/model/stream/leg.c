/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which host a request is for, of HTTP or to a SOCKS proxy.
 */
#include "leg.h"

#include <ctype.h>
#include <string.h>

#include "clear.h"
#include "netnum.h"

#define NAME_MAX_LEN 253 /* of a name in the DNS */

/* Characters of host names, addresses and ports. */
static size_t
name_length(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && i < NAME_MAX_LEN &&
	    (isalnum((unsigned char)p[i]) || (p[i] && strchr(".-_:[]", p[i]))))
		i++;
	return i;
}

/* The value of a header that begins a line of the text; len 0: none. */
static struct nc_bytes
header(struct nc_bytes text, const char *name)
{
	size_t n = strlen(name), i;

	for (i = 0; i + n < text.len; i++) {
		if ((i > 0 && text.p[i - 1] != '\n') ||
		    strncasecmp(text.p + i, name, n) != 0)
			continue;
		for (i += n; i < text.len && text.p[i] == ' '; i++)
			continue;
		return (struct nc_bytes){ text.p + i,
			name_length(text.p + i, text.len - i) };
	}
	return (struct nc_bytes){ NULL, 0 };
}

static char *
address(const char *ip, bool v4, const char *port)
{
	struct nc_addr a = { .port = (uint16_t)nc_netnum_get16(port),
		.family = v4 ? 4 : 6 };
	char text[NC_ADDR_TEXT];

	if (v4)
		memcpy(a.ip, "\0\0\0\0\0\0\0\0\0\0\377\377", 12);
	memcpy(a.ip + (v4 ? 12 : 0), ip, v4 ? 4 : 16);
	return nc_xstrndup(
	    nc_addr_print_port(&a, text), strlen(nc_addr_print_port(&a, text)));
}

static bool
is_head(struct nc_bytes b, const char *head, size_t n, size_t whole)
{
	return b.len == whole && memcmp(b.p, head, n) == 0;
}

/* What a SOCKS request is for (RFC 1928 4; and version 4); NULL: it is none. */
static char *
socks(struct nc_bytes b)
{
	size_t n = b.len > 5 ? (unsigned char)b.p[4] : 0;

	if (is_head(b, "\5\1\0\1", 4, 4 + 4 + 2))
		return address(b.p + 4, true, b.p + 8);
	if (is_head(b, "\5\1\0\4", 4, 4 + 16 + 2))
		return address(b.p + 4, false, b.p + 20);
	if (n && is_head(b, "\5\1\0\3", 4, 5 + n + 2) &&
	    name_length(b.p + 5, n) == n)
		return nc_xstrndup(b.p + 5, n);
	if (b.len > 8 && is_head(b, "\4\1", 2, b.len) && !b.p[b.len - 1])
		return address(b.p + 4, true, b.p + 2);
	return NULL;
}

void
leg_see(const struct offer *o, struct conn *c)
{
	const struct nc_call *call = o->call;
	struct nc_clear clear;
	struct nc_bytes text, host;
	size_t at;

	if (!o->m->sink || c->asks_for || call->data.len == 0)
		return;
	if (!call->clear.p && (c->asks_for = socks(call->data)))
		return;
	/* A method in capitals, or redacted. */
	if (!call->clear.p && !isupper((unsigned char)call->data.p[0]))
		return;
	clear = nc_clear(call->data, call->clear);
	while (nc_clear_next(&clear, &at, &text)) {
		host = header(text, "Host:");
		if (host.len) {
			c->asks_for = nc_xstrndup(host.p, host.len);
			return;
		}
	}
}
