/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Internet addresses and endpoints.
 */
#include "addr.h"

#include <arpa/inet.h>
#include <string.h>

#include "util.h"

static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static int
parse_ip(const char *s, size_t n, struct nc_addr *a)
{
	char text[INET6_ADDRSTRLEN];
	const char *zone = memchr(s, '%', n);

	if (zone)
		n = (size_t)(zone - s);
	if (n == 0 || n >= sizeof(text))
		return -1;
	memcpy(text, s, n);
	text[n] = '\0';
	if (memchr(s, ':', n)) {
		a->family = 6;
		return inet_pton(AF_INET6, text, a->ip) == 1 ? 0 : -1;
	}
	a->family = 4;
	memcpy(a->ip, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, a->ip + 12) == 1 ? 0 : -1;
}

/* A number of so many digits at most, up to max, at *p; -1 if it is none. */
static int
take_decimal(const char **p, const char *end, size_t digits, int max)
{
	const char *from = *p, *q = from;
	int v = 0;

	while (q < end && (size_t)(q - from) < digits && *q >= '0' && *q <= '9')
		v = v * 10 + (*q++ - '0');
	*p = q;
	return q == from || v > max || (*from == '0' && q - from > 1) ? -1 : v;
}

/*
 * "1.2.3.4" or "1.2.3.4:80", as nearly all are, in one pass; false for all
 * else, which may be an address yet.
 */
static bool
parse_plain(const char *s, size_t n, struct nc_addr *a)
{
	const char *end = s + n;
	int i, v;

	memcpy(a->ip, mapped, sizeof(mapped));
	for (i = 12; i < 16; i++) {
		if (i > 12 && (s == end || *s++ != '.'))
			return false;
		if ((v = take_decimal(&s, end, 3, 255)) < 0)
			return false;
		a->ip[i] = (uint8_t)v;
	}
	v = 0;
	if (s < end &&
	    (*s++ != ':' || (v = take_decimal(&s, end, 5, 65535)) < 0))
		return false;
	a->port = (uint16_t)v;
	a->family = 4;
	return s == end;
}

int
nc_addr_parse(const char *s, size_t n, struct nc_addr *a)
{
	const char *colon, *close;
	int64_t port = 0;

	if (parse_plain(s, n, a))
		return 0;
	memset(a, 0, sizeof(*a));
	colon = memchr(s, ':', n);
	if (n && s[0] == '[') {
		close = memchr(s, ']', n);
		if (!close || parse_ip(s + 1, (size_t)(close - s) - 1, a) < 0)
			goto bad;
		colon = close + 1 < s + n ? close + 1 : NULL;
		if (colon && *colon != ':')
			goto bad;
	} else if (colon &&
	    !memchr(colon + 1, ':', (size_t)(s + n - colon) - 1)) {
		if (parse_ip(s, (size_t)(colon - s), a) < 0)
			goto bad;
	} else {
		colon = NULL;
		if (parse_ip(s, n, a) < 0)
			goto bad;
	}
	if (colon &&
	    nc_parse_int(
		colon + 1, (size_t)(s + n - colon) - 1, 0, 65535, &port) < 0)
		goto bad;
	a->port = (uint16_t)port;
	return 0;
bad:
	memset(a, 0, sizeof(*a));
	return -1;
}

/* Appends a number without the cost of a format. */
static char *
put_decimal(char *p, unsigned v)
{
	char digits[10];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	while (n > 0)
		*p++ = digits[--n];
	return p;
}

/* Returns the end, which it terminates. */
static char *
put_ip(const struct nc_addr *a, char buf[NC_ADDR_TEXT])
{
	char *p = buf;
	int i;

	if (a->family == 0) {
		strcpy(buf, "unknown");
		return buf + strlen(buf);
	}
	if (!nc_addr_is_v4(a) || a->family != 4) {
		inet_ntop(AF_INET6, a->ip, buf, INET6_ADDRSTRLEN);
		return buf + strlen(buf);
	}
	for (i = 12; i < 16; i++) {
		if (i > 12)
			*p++ = '.';
		p = put_decimal(p, a->ip[i]);
	}
	*p = '\0';
	return p;
}

char *
nc_addr_print_ip(const struct nc_addr *a, char buf[NC_ADDR_TEXT])
{
	put_ip(a, buf);
	return buf;
}

char *
nc_addr_print_port(const struct nc_addr *a, char buf[NC_ADDR_TEXT])
{
	char *p = buf;

	/* The longest, "[" 45 bytes "]:65535", fits. */
	if (a->family == 6)
		*p++ = '[';
	p = put_ip(a, p);
	if (a->family == 6)
		*p++ = ']';
	*p++ = ':';
	p = put_decimal(p, a->port);
	*p = '\0';
	return buf;
}

char *
nc_addr_print(const struct nc_addr *a, char buf[NC_ADDR_TEXT])
{
	return a->port ? nc_addr_print_port(a, buf) : nc_addr_print_ip(a, buf);
}

bool
nc_addr_same_ip(const struct nc_addr *a, const struct nc_addr *b)
{
	return memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

bool
nc_addr_same(const struct nc_addr *a, const struct nc_addr *b)
{
	return a->port == b->port && nc_addr_same_ip(a, b);
}

uint64_t
nc_addr_hash_ip(const struct nc_addr *a)
{
	return nc_hash(a->ip, sizeof(a->ip), 0);
}

bool
nc_addr_is_v4(const struct nc_addr *a)
{
	return a->family && memcmp(a->ip, mapped, sizeof(mapped)) == 0;
}

bool
nc_addr_is_wildcard(const struct nc_addr *a)
{
	static const uint8_t zero[16];

	if (nc_addr_is_v4(a))
		return memcmp(a->ip + 12, zero, 4) == 0;
	return a->family && memcmp(a->ip, zero, 16) == 0;
}

bool
nc_addr_is_loopback(const struct nc_addr *a)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (nc_addr_is_v4(a))
		return a->ip[12] == 127;
	return a->family && memcmp(a->ip, one, 16) == 0;
}

bool
nc_addr_is_multicast(const struct nc_addr *a)
{
	if (nc_addr_is_v4(a))
		return (a->ip[12] & 0xf0) == 0xe0;
	return a->family && a->ip[0] == 0xff;
}

bool
nc_addr_is_broadcast(const struct nc_addr *a)
{
	return nc_addr_is_v4(a) &&
	    memcmp(a->ip + 12, "\377\377\377\377", 4) == 0;
}

bool
nc_addr_is_private(const struct nc_addr *a)
{
	const uint8_t *v4 = a->ip + 12;

	if (!nc_addr_is_v4(a))
		return a->family && (a->ip[0] & 0xfe) == 0xfc;
	return v4[0] == 10 || (v4[0] == 172 && (v4[1] & 0xf0) == 16) ||
	    (v4[0] == 192 && v4[1] == 168) ||
	    (v4[0] == 100 && (v4[1] & 0xc0) == 64);
}
