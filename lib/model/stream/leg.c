/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which host an HTTP request is for.
 */
#include "leg.h"

#include <ctype.h>
#include <string.h>

#include "clear.h"

#define NAME_MAX_LEN 253 /* of a name in the DNS */

/* The value of a header that begins a line of the text; len 0: none. */
static struct nc_bytes
header(struct nc_bytes text, const char *name)
{
	size_t n = strlen(name), i, end;

	for (i = 0; i + n < text.len; i++) {
		if ((i > 0 && text.p[i - 1] != '\n') ||
		    strncasecmp(text.p + i, name, n) != 0)
			continue;
		for (i += n; i < text.len && text.p[i] == ' '; i++)
			continue;
		for (end = i; end < text.len && end - i < NAME_MAX_LEN; end++)
			if (!isalnum((unsigned char)text.p[end]) &&
			    !strchr(".-_:[]", text.p[end]))
				break;
		return (struct nc_bytes){ text.p + i, end - i };
	}
	return (struct nc_bytes){ NULL, 0 };
}

void
leg_see(const struct offer *o, struct conn *c)
{
	const struct nc_call *call = o->call;
	struct nc_clear clear;
	struct nc_bytes text, host;
	size_t at;

	/* A method in capitals, or redacted. */
	if (!o->m->sink || c->asks_for || call->data.len == 0 ||
	    (!call->clear.p && !isupper((unsigned char)call->data.p[0])))
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
