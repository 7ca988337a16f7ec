/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * FTP: where its data connections go.
 */
#include "framing_unit.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What clients of FTP say first. */
static const char *const commands[] = { "USER ", "AUTH ", "FEAT", "OPTS ",
	"HOST ", "SYST", "CLNT " };

bool
nc_framing_may_be_ftp(struct nc_framing_text t)
{
	size_t i;

	for (i = 0; i < COUNT(commands); i++)
		if (nc_framing_may_be(t, commands[i]))
			return true;
	return nc_framing_may_be(t, "220");
}

bool
nc_framing_is_ftp(struct nc_framing_text t)
{
	size_t i;

	for (i = 0; i < COUNT(commands); i++)
		if (nc_framing_starts(t, commands[i]))
			return true;
	return nc_framing_starts(t, "220");
}

/* "10,0,0,1,4,5" at t.p + *at, which moves behind it. */
static bool
six_numbers(struct nc_framing_text t, size_t *at)
{
	uint64_t v;
	size_t i, here = *at;

	for (i = 0; i < 6; i++) {
		if (i > 0 && (here >= t.n || t.p[here++] != ','))
			return false;
		if (!nc_framing_number(t, &here, &v) || v > 255)
			return false;
	}
	*at = here;
	return true;
}

/* "|1|10.0.0.1|1234|" or "|||1234|", likewise (RFC 2428). */
static bool
extended(struct nc_framing_text t, size_t *at)
{
	size_t here = *at, bars = 0;

	for (; here < t.n && bars < 4; here++) {
		if (t.p[here] == '|')
			bars++;
		else if (bars == 0 ||
		    (!nc_framing_is_digit(t.p[here]) &&
			memchr(".:abcdefABCDEF", t.p[here], 14) == NULL))
			return false;
	}
	if (bars < 4)
		return false;
	*at = here;
	return true;
}

/* A reply's code, and its address wherever it stands. */
static void
ftp_reply(struct nc_unit *r, struct nc_framing_text t,
    bool (*argument)(struct nc_framing_text t, size_t *at))
{
	size_t from, to;

	for (from = 4; from < t.n; from++) {
		/* Not in the middle of a nc_framing_number. */
		if (nc_framing_is_digit(t.p[from]) &&
		    nc_framing_is_digit(t.p[from - 1]))
			continue;
		to = from;
		if (!argument(t, &to))
			continue;
		if (t.p[from - 1] == '(' && to < t.n && t.p[to] == ')') {
			from--;
			to++;
		}
		nc_unit_mark(r, 0, 4);
		nc_unit_mark(r, from, to);
		return;
	}
}

void
nc_framing_ftp_line(struct nc_unit *r, struct nc_framing_text t)
{
	size_t i, at = 5;

	for (i = 0; i < t.n; i++)
		if ((unsigned char)t.p[i] < ' ' && t.p[i] != '\t') {
			nc_framing_stop(r->f, NC_FRAMING_OTHER);
			return;
		}
	if ((nc_framing_starts(t, "PORT ") && six_numbers(t, &at) &&
		at == t.n) ||
	    (nc_framing_starts(t, "EPRT ") && extended(t, &at) && at == t.n))
		nc_unit_mark(r, 0, r->f->held.len);
	else if (nc_framing_starts(t, "227 "))
		ftp_reply(r, t, six_numbers);
	else if (nc_framing_starts(t, "229 "))
		ftp_reply(r, t, extended);
}
