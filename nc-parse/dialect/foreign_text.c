/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Pieces of text in the form of strace.
 */
#include "foreign_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct nc_text
nc_foreign_text(const struct nc_buf *b)
{
	static const char empty[] = "";

	if (b->p == NULL)
		return (struct nc_text){ empty, empty };
	return (struct nc_text){ b->p, b->p + b->len };
}

void
nc_foreign_add(struct nc_buf *b, const char *s)
{
	nc_buf_add(b, s, strlen(s));
}

void
nc_foreign_add_text(struct nc_buf *b, struct nc_text t)
{
	if (t.p != NULL)
		nc_buf_add(b, t.p, (size_t)(t.end - t.p));
}

void
nc_foreign_add_int(struct nc_buf *b, int64_t v)
{
	char small[24];

	snprintf(small, sizeof(small), "%" PRId64, v);
	nc_foreign_add(b, small);
}

struct nc_text
nc_foreign_closed(struct nc_buf *b)
{
	nc_foreign_add(b, "]");
	return nc_foreign_text(b);
}

void
nc_foreign_address(
    struct nc_buf *b, bool six, struct nc_text ip, struct nc_text port)
{
	const char *zone = memchr(ip.p, '%', (size_t)(ip.end - ip.p));

	if (zone != NULL)
		ip.end = zone;
	nc_foreign_add(b,
	    six ? "{sa_family=AF_INET6, sin6_port=htons(" :
		  "{sa_family=AF_INET, sin_port=htons(");
	nc_foreign_add_text(b, port);
	nc_foreign_add(
	    b, six ? "), inet_pton(AF_INET6, \"" : "), sin_addr=inet_addr(\"");
	nc_foreign_add_text(b, ip);
	nc_foreign_add(b, six ? "\", &sin6_addr)}" : "\")}");
}

void
nc_foreign_path(struct nc_buf *b, struct nc_text path)
{
	const char *p;

	/* Old tracers go on behind the name's end. */
	for (p = path.p;
	     p<path.end && * p> ' ' && *p <= '~' && *p != '"' && *p != '\\';
	     p++)
		;
	nc_foreign_add(b, "{sa_family=AF_UNIX, sun_path=\"");
	nc_buf_add(b, path.p, (size_t)(p - path.p));
	nc_foreign_add(b, "\"}");
}

const char *
nc_foreign_time(struct nc_text t, int64_t *ns)
{
	int64_t s, scale = 100000000;
	const char *p = nc_text_int(t, &s);

	if (p == NULL || s < 0 || s > 9000000000 || *t.p == '-')
		return NULL;
	*ns = s * 1000000000;
	if (p == t.end || *p != '.')
		return p;
	for (p++; p < t.end && *p >= '0' && *p <= '9'; p++) {
		*ns += (*p - '0') * scale;
		scale /= 10;
	}
	return p;
}

bool
nc_foreign_seconds(struct nc_buf *b, char kind, struct nc_text t)
{
	int64_t ns;

	t = nc_text_trim(t);
	if (nc_foreign_time(t, &ns) == NULL)
		return false;
	nc_foreign_add(b, "{tv_sec=");
	nc_foreign_add_int(b, ns / 1000000000);
	nc_foreign_add(b, kind == 't' ? ", tv_usec=" : ", tv_nsec=");
	nc_foreign_add_int(
	    b, kind == 't' ? ns % 1000000000 / 1000 : ns % 1000000000);
	nc_foreign_add(b, "}");
	return true;
}

void
nc_foreign_events(struct nc_buf *b, struct nc_text events)
{
	/* What comes in bands is told apart nowhere else. */
	static const struct {
		const char *name;
		int64_t bits;
	} names[] = {
		{ "POLLIN", 0x41 },
		{ "POLLPRI", 0x82 },
		{ "POLLOUT", 0x4 },
		{ "POLLERR", 0x8 },
		{ "POLLHUP", 0x10 },
		{ "POLLNVAL", 0x20 },
	};
	int64_t sum, v;
	struct nc_text one;
	const char *q;
	size_t i, before = b->len;

	events = nc_foreign_decoded(events);
	for (sum = 0; events.p != NULL && events.p < events.end;
	     events.p = one.end + 1) {
		one = events;
		q = memchr(one.p, '|', (size_t)(one.end - one.p));
		if (q != NULL)
			one.end = q;
		if (nc_text_is(one, "POLLWRNORM"))
			v = NC_POLLOUT;
		else if (nc_text_is(one, "POLLSTANDARD"))
			v = NC_POLLIN | NC_POLLPRI | NC_POLLOUT;
		else
			v = nc_text_symbol(one, NC_SPACE_POLL);
		sum |= v == NC_NIL ? 0 : v;
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((sum & names[i].bits) == 0)
			continue;
		if (b->len > before)
			nc_foreign_add(b, "|");
		nc_foreign_add(b, names[i].name);
	}
	if (b->len == before)
		nc_foreign_add(b, "0");
}

void
nc_foreign_add_fd(struct nc_buf *b, struct nc_text fd, const char *field,
    struct nc_text events)
{
	nc_foreign_add(b, b->len > 0 ? ", {fd=" : "[{fd=");
	nc_foreign_add_text(b, fd);
	nc_foreign_add(b, field);
	nc_foreign_events(b, events);
	nc_foreign_add(b, "}");
}

struct nc_text
nc_foreign_decoded(struct nc_text t)
{
	const char *open, *close;

	if (t.p == NULL)
		return t;
	open = memchr(t.p, '<', (size_t)(t.end - t.p));
	if (open == NULL || open == t.p)
		return t;
	close = memchr(open, '>', (size_t)(t.end - open));
	if (close == NULL || close == open + 1) {
		t.end = open;
		return t;
	}
	return (struct nc_text){ open + 1, close };
}
