/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * DNS messages: the header and the question.
 */
#include "query.h"

#include <ctype.h>
#include <string.h>

#include "clear.h"
#include "netnum.h"

#define HEADER 12
#define HEAD_MAX (HEADER + 255 + 4) /* with one question */

/*
 * The name as text; where it ends, or 0 if it is none.  A name of a message
 * that is cut may end with the bytes: *cut.
 */
static size_t
read_name(const char *p, size_t n, bool may_cut, char *text, bool *cut)
{
	size_t at = HEADER, out = 0, i, len;

	*cut = false;
	for (;;) {
		if (at >= n) {
			*cut = true;
			break;
		}
		len = (unsigned char)p[at++];
		if (len == 0)
			break;
		if (len > 63 || out + len + 2 > QUERY_NAME)
			return 0;
		if (out)
			text[out++] = '.';
		for (i = 0; i < len && at < n; i++, at++) {
			if (p[at] <= ' ' || p[at] > '~')
				return 0;
			text[out++] = (char)tolower((unsigned char)p[at]);
		}
	}
	text[out] = '\0';
	return *cut && !may_cut ? 0 : at;
}

bool
query_read(const struct nc_call *call, size_t from, uint64_t n, struct query *q)
{
	char head[HEAD_MAX];
	size_t have, at;
	unsigned flags, questions;

	memset(q, 0, sizeof(*q));
	if (n < HEADER || n > UINT16_MAX)
		return false;
	have = nc_clear_copy(call->data, call->clear, from, head,
	    n < sizeof(head) ? (size_t)n : sizeof(head));
	if (have < HEADER)
		return false;
	flags = nc_netnum_get16(head + 2);
	/* A standard query; the bit that must be zero. */
	if ((flags & 0x7840) != 0)
		return false;
	q->id = (uint16_t)nc_netnum_get16(head);
	q->answer = (flags & 0x8000) != 0;
	q->truncated = (flags & 0x0200) != 0;
	q->rcode = flags & 15;
	q->answers = (uint16_t)nc_netnum_get16(head + 6);
	if (!q->answer && (q->rcode || q->answers))
		return false;
	questions = nc_netnum_get16(head + 4);
	/* An error may leave the question out: its number tells which it was. */
	if (questions == 0 && q->answer && q->rcode && !q->answers) {
		q->cut = true;
		return true;
	}
	if (questions != 1 || n < HEADER + 5)
		return false;
	at = read_name(head, have, have < n, q->name, &q->cut);
	if (at == 0)
		return false;
	if (!q->cut && at + 2 <= have)
		q->type = (uint16_t)nc_netnum_get16(head + at);
	if (!q->cut && at + 4 <= have &&
	    (nc_netnum_get16(head + at + 2) & 0x7fff) != 1)
		return false;
	return true;
}

/* Text b is a, or begins with it and goes on with a dot. */
static bool
extends(const char *a, const char *b)
{
	size_t n = strlen(a);

	return n > 0 && strncmp(a, b, n) == 0 && (b[n] == '\0' || b[n] == '.');
}

bool
query_same_search(const char *a, const char *b)
{
	return extends(a, b) || extends(b, a);
}

static bool
ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return n >= k && strcmp(name + n - k, end) == 0;
}

/* Labels of an address, and then no more than the beginning of its zone. */
static bool
may_be_reverse(const char *name)
{
	static const char *const zones[] = { "in-addr.arpa", "ip6.arpa" };
	size_t i, n;

	for (;;) {
		n = strspn(name, "0123456789abcdef");
		if (name[n] != '.' || n == 0 || n > 3)
			break;
		name += n + 1;
	}
	if (n <= 3 && name[n] == '\0')
		return true;
	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (strncmp(zones[i], name, strlen(name)) == 0)
			return true;
	return false;
}

bool
query_is_reverse(const char *name, bool cut)
{
	return ends_with(name, ".in-addr.arpa") ||
	    ends_with(name, ".ip6.arpa") || (cut && may_be_reverse(name));
}
