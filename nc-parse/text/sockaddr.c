/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Socket addresses and descriptor annotations as strace writes them.
 */
#include "sockaddr.h"

#include "decode.h"
#include "netnum.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* The first occurrence of a word in the text, past it; or NULL. */
static const char *
find(struct nc_text t, const char *word)
{
	size_t n = strlen(word);
	const char *p = t.p;

	while (p != NULL && (size_t)(t.end - p) >= n) {
		p = memchr(p, word[0], (size_t)(t.end - p) - n + 1);
		if (p == NULL)
			return NULL;
		if (memcmp(p, word, n) == 0)
			return p + n;
		p++;
	}
	return NULL;
}

/* Reads a quoted address, -xx escapes and raw bytes (-X raw) included. */
static int
quoted_ip(const char *p, const char *end, bool raw, struct nc_addr *a)
{
	struct nc_text t = { p, end };
	char small[480 + NC_DECODE_SLACK];
	struct nc_buf b = { small, 0, sizeof(small) };
	int r = -1;

	if (p == NULL || p == end || *p != '"')
		return -1;
	end = nc_text_skip_string(p, end);
	if (end == NULL || (size_t)(end - p) > sizeof(small) - NC_DECODE_SLACK)
		return -1;
	t.end = end;
	nc_text_decode(t, &b);
	if (raw && (b.len == 4 || b.len == 16)) {
		memset(a, 0, sizeof(*a));
		if (b.len == 4) {
			a->ip[10] = a->ip[11] = 0xff;
			memcpy(a->ip + 12, b.p, 4);
			a->family = 4;
		} else {
			memcpy(a->ip, b.p, 16);
			a->family = 6;
		}
		return 0;
	}
	r = nc_addr_parse(b.p, b.len, a);
	a->port = 0;
	return r;
}

/* The port in "htons(80)" or in two raw bytes; -1 if it is neither. */
static int
port_of(struct nc_text t)
{
	char small[64 + NC_DECODE_SLACK];
	struct nc_buf b = { small, 0, sizeof(small) };
	int64_t v;

	if (nc_text_starts(t, "htons(")) {
		t.p += 6;
		if (nc_text_int(t, &v) == NULL || v < 0 || v > 65535)
			return -1;
		return (int)v;
	}
	if (nc_text_starts(t, "\"") &&
	    (size_t)(t.end - t.p) <= sizeof(small) - NC_DECODE_SLACK) {
		nc_text_decode(t, &b);
		if (b.len == 2)
			return (int)nc_netnum_get16(b.p);
	}
	return -1;
}

static struct nc_text
member_of(struct nc_text t, const char *a, const char *b)
{
	struct nc_text v = nc_text_member(t, a);

	return v.p != NULL ? v : nc_text_member(t, b);
}

static int
parse_inet(struct nc_text t, struct nc_sockaddr *sa)
{
	struct nc_text v = member_of(t, "sin_port", "sin6_port");
	const char *p;
	int port = port_of(v);

	/* Shorter than an address: legal, and no address. */
	if (v.p == NULL && find(t, "_port") == NULL && find(t, "_addr") == NULL)
		return 0;
	if (port < 0)
		return -1;
	if ((p = find(t, "inet_addr(")) != NULL) {
		if (quoted_ip(p, t.end, false, &sa->addr) < 0)
			return -1;
	} else if ((p = find(t, "inet_pton(")) != NULL &&
	    (p = memchr(p, '"', (size_t)(t.end - p))) != NULL) {
		if (quoted_ip(p, t.end, false, &sa->addr) < 0)
			return -1;
	} else {
		v = member_of(t, "sin_addr", "sin6_addr");
		if (quoted_ip(v.p, v.end, true, &sa->addr) < 0)
			return -1;
	}
	sa->addr.port = (uint16_t)port;
	sa->known = true;
	return 0;
}

/*
 * An IPv4 address in the form of nearly all versions and options; false if it
 * has another, or is none that is possible.
 */
static bool
usual_inet(struct nc_text t, struct nc_sockaddr *sa)
{
	static const char head[] = "{sa_family=AF_INET, sin_port=htons(",
			  middle[] = "), sin_addr=inet_addr(\"",
			  tail[] = "\")}";
	const char *ip, *end = t.end - (sizeof(tail) - 1);
	int64_t port;

	if (!nc_text_starts(t, head))
		return false;
	t.p += sizeof(head) - 1;
	ip = nc_text_int(t, &port);
	t.p = ip;
	if (!nc_text_starts(t, middle) || port < 0 || port > 65535)
		return false;
	ip += sizeof(middle) - 1;
	if (end < ip || memcmp(end, tail, sizeof(tail) - 1) != 0 ||
	    memchr(ip, ':', (size_t)(end - ip)) != NULL ||
	    nc_addr_parse(ip, (size_t)(end - ip), &sa->addr) < 0)
		return false;
	sa->family = NC_AF_INET;
	sa->addr.port = (uint16_t)port;
	sa->known = true;
	return true;
}

int
nc_sockaddr_parse(struct nc_text t, struct nc_sockaddr *sa)
{
	struct nc_text v;
	const char *p;
	int64_t family;

	memset(sa, 0, sizeof(*sa));
	sa->family = -1;
	if (t.p == NULL || t.p == t.end || *t.p != '{' || usual_inet(t, sa))
		return 0;
	v = member_of(t, "sa_family", "sin_family");
	family = nc_text_symbol(v, NC_SPACE_DOMAIN);
	if (family == NC_NIL || family < 0 || family > INT_MAX)
		return 0;
	sa->family = (int)family;
	if (family == NC_AF_INET || family == NC_AF_INET6)
		return parse_inet(t, sa);
	if (family == NC_AF_UNIX) {
		v = member_of(t, "sun_path", "path");
		p = v.p;
		if (p != NULL && p < v.end && *p == '@') {
			sa->abstract = true;
			p++;
		}
		if (p != NULL && p < v.end && *p == '"') {
			sa->path.p = p;
			sa->path.end = v.end;
		}
	}
	return 0;
}

const char *
nc_sockaddr_print(const struct nc_sockaddr *sa, char buf[NC_SOCKADDR_TEXT])
{
	char path[960 + NC_DECODE_SLACK];
	struct nc_buf b = { path, 0, sizeof(path) };
	size_t i;

	if (sa->known)
		return nc_addr_print_port(&sa->addr, buf);
	if (sa->family == NC_AF_UNSPEC)
		return "unspec";
	if (sa->family != NC_AF_UNIX)
		return NULL;
	if (sa->path.p != NULL &&
	    (size_t)(sa->path.end - sa->path.p) <=
		sizeof(path) - NC_DECODE_SLACK)
		nc_text_decode(sa->path, &b);
	/* Text of records is UTF-8: other bytes of a name do not matter. */
	for (i = 0; i < b.len; i++)
		if ((unsigned char)b.p[i] < 0x20 ||
		    (unsigned char)b.p[i] > 0x7e)
			b.p[i] = '?';
	snprintf(buf, NC_SOCKADDR_TEXT, "unix:%s%.*s", sa->abstract ? "@" : "",
	    (int)(b.len < 120 ? b.len : 120), b.p);
	return buf;
}

/* "a:p" or, in 4.10, "fd00::2:7082" where the last colon is the port's. */
static int
note_endpoint(const char *p, const char *end, bool six, struct nc_addr *a)
{
	char fixed[80];
	const char *colon;
	int n;

	if (p < end && six && *p != '[') {
		for (colon = end; colon > p && colon[-1] != ':'; colon--)
			;
		if (colon == p || end - p > 64)
			return -1;
		n = snprintf(fixed, sizeof(fixed), "[%.*s]:%.*s",
		    (int)(colon - 1 - p), p, (int)(end - colon), colon);
		return nc_addr_parse(fixed, (size_t)n, a);
	}
	return nc_addr_parse(p, (size_t)(end - p), a);
}

/* The inside of the annotation's brackets. */
static void
note_inside(const char *p, const char *end, struct nc_note *note)
{
	struct nc_text t = { p, end };
	const char *arrow = find(t, "->"), *q;
	int64_t v;

	q = nc_text_int(t, &v);
	if (q != NULL && (q == end || *q == ',' || *q == '-')) {
		note->inode = (uint64_t)v;
		t.p = arrow;
		if (arrow != NULL && nc_text_int(t, &v) != NULL)
			note->peer_inode = (uint64_t)v;
		return;
	}
	if (note->kind != NC_NOTE_TCP && note->kind != NC_NOTE_UDP)
		return;
	if (note_endpoint(p, arrow != NULL ? arrow - 2 : end, note->six,
		&note->local) < 0)
		note->local.family = 0;
	if (arrow != NULL &&
	    note_endpoint(arrow, end, note->six, &note->peer) < 0)
		note->peer.family = 0;
}

/* -xx writes paths in hex, "anon_inode:[eventpoll]" and the like included. */
static struct nc_text
out_of_hex(struct nc_text t, char *small, size_t size)
{
	char quoted[512];
	struct nc_buf b = { small, 0, size };
	size_t n = (size_t)(t.end - t.p);

	if (n + 2 > sizeof(quoted) || n < 4 || memcmp(t.p, "\\x", 2) != 0)
		return t;
	quoted[0] = '"';
	memcpy(quoted + 1, t.p, n);
	quoted[n + 1] = '"';
	nc_text_decode((struct nc_text){ quoted, quoted + n + 2 }, &b);
	return (struct nc_text){ small, small + b.len };
}

void
nc_note_parse(struct nc_text t, struct nc_note *note)
{
	static const struct {
		const char *word;
		enum nc_note_kind kind;
	} protocols[] = {
		{ "TCP", NC_NOTE_TCP },
		{ "MPTCP", NC_NOTE_TCP },
		{ "UDP", NC_NOTE_UDP },
		{ "UNIX", NC_NOTE_UNIX },
		{ "socket:", NC_NOTE_SOCKET },
		{ "(null):", NC_NOTE_SOCKET },
		{ "RAW", NC_NOTE_RAW },
		{ "PING", NC_NOTE_RAW },
		{ "NETLINK", NC_NOTE_OTHER },
		{ "PACKET", NC_NOTE_OTHER },
		{ "anon_inode:[eventpoll]", NC_NOTE_EPOLL },
	};
	char small[1024];
	const char *open;
	size_t i;

	memset(note, 0, sizeof(*note));
	if (t.p == NULL || t.end - t.p < 3)
		return;
	t.p++;
	t.end--;
	t = out_of_hex(t, small, sizeof(small));
	if (t.end - t.p < 2)
		return;
	note->kind = NC_NOTE_FILE;
	for (i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (*t.p == *protocols[i].word &&
		    nc_text_starts(t, protocols[i].word))
			note->kind = protocols[i].kind;
	open = memchr(t.p, '[', (size_t)(t.end - t.p));
	if (open == NULL || open == t.p || open[-1] != ':' ||
	    t.end[-1] != ']') {
		/* Only "PROTOCOL:[...]" is a socket; all else a file. */
		if (note->kind != NC_NOTE_EPOLL)
			note->kind = NC_NOTE_FILE;
		return;
	}
	if (note->kind == NC_NOTE_FILE || note->kind == NC_NOTE_EPOLL)
		return;
	note->six = open - t.p >= 3 && open[-2] == '6';
	note_inside(open + 1, t.end - 1, note);
}

int
nc_fd_parse(struct nc_text t, struct nc_text *note)
{
	const char *p;
	int64_t v;

	note->p = note->end = NULL;
	p = nc_text_int(t, &v);
	if (p == NULL || v < 0 || v > INT_MAX)
		return -1;
	if (p < t.end && *p == '<') {
		note->p = p;
		note->end = nc_text_skip_note(p, t.end);
		if (note->end == NULL)
			note->p = NULL;
	}
	return (int)v;
}
