/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How a record of kdump begins.
 */
#include "kdump_head.h"

#include "foreign_text.h"
#include "scan.h"

#include <string.h>

/* The record's type, with p at a blank before it; *size is its length. */
static enum nc_kdump_kind
kind_at(const char *p, const char *end, size_t *size)
{
	static const struct {
		const char *word;
		enum nc_kdump_kind kind;
	} kinds[] = {
		{ " CALL  ", NC_KDUMP_CALL },
		{ " RET   ", NC_KDUMP_RET },
		{ " GIO   ", NC_KDUMP_GIO },
		{ " STRU  ", NC_KDUMP_STRU },
		{ " PSIG  ", NC_KDUMP_PSIG },
		{ " NAMI  ", NC_KDUMP_OTHER },
		{ " CSW   ", NC_KDUMP_OTHER },
		{ " USER  ", NC_KDUMP_OTHER },
		{ " SCTL  ", NC_KDUMP_OTHER },
		{ " CAP   ", NC_KDUMP_OTHER },
		{ " CAPS  ", NC_KDUMP_OTHER },
		{ " PFLT  ", NC_KDUMP_OTHER },
		{ " PRET  ", NC_KDUMP_OTHER },
		{ " ARGS  ", NC_KDUMP_OTHER },
		{ " ENV   ", NC_KDUMP_OTHER },
		{ " PLDG  ", NC_KDUMP_OTHER },
		{ " MISC  ", NC_KDUMP_OTHER },
		{ " MIB   ", NC_KDUMP_OTHER },
		{ " EMUL  ", NC_KDUMP_OTHER },
		{ " SARG  ", NC_KDUMP_OTHER },
		{ " ARGV  ", NC_KDUMP_OTHER },
		{ " ENVP  ", NC_KDUMP_OTHER },
		{ " Events dropped.", NC_KDUMP_OTHER },
	};
	size_t i, n;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		n = strlen(kinds[i].word);
		/* Blanks at the end of a line may be lost. */
		while (n > (size_t)(end - p) && kinds[i].word[n - 1] == ' ')
			n--;
		if ((size_t)(end - p) < n || n < 5 ||
		    memcmp(p, kinds[i].word, n) != 0)
			continue;
		*size = n;
		return kinds[i].kind;
	}
	return NC_KDUMP_NONE;
}

/* Thread id, name and time stand between the pid and the type. */
static void
take_middle(const char *p, const char *end, struct nc_kdump_head *h)
{
	const char *q, *r;
	int64_t v;

	if (p < end && *p == '/') {
		q = nc_scan_digits(p + 1, end, &v);
		if (q > p + 1)
			h->tid = v;
		p = q;
	} else {
		q = nc_scan_past(p, end, " ");
		r = nc_scan_digits(q, end, &v);
		/* A name follows, so that a number is none itself. */
		if (r > q && r < end && *r == ' ' &&
		    nc_scan_past(r, end, " ") < end) {
			h->tid = v;
			p = r;
		}
	}
	while (end > p && end[-1] == ' ')
		end--;
	for (q = end; q > p && q[-1] != ' '; q--)
		;
	r = nc_scan_digits(q, end, &v);
	if (r > q && end - r == 7 && *r == '.' &&
	    nc_foreign_time((struct nc_text){ q, end }, &h->stamp) != end)
		h->stamp = NC_NIL;
}

bool
nc_kdump_head(struct nc_text t, struct nc_kdump_head *h)
{
	const char *p = nc_scan_past(t.p, t.end, " "), *q, *limit;
	size_t size = 0;

	h->tid = h->stamp = NC_NIL;
	h->kind = NC_KDUMP_NONE;
	q = nc_scan_digits(p, t.end, &h->pid);
	if (q == p || q == t.end || (*q != ' ' && *q != '/'))
		return false;
	limit = t.end - q > 96 ? q + 96 : t.end;
	for (p = q; p < limit; p++) {
		if (*p != ' ')
			continue;
		h->kind = kind_at(p, t.end, &size);
		if (h->kind != NC_KDUMP_NONE)
			break;
	}
	if (h->kind == NC_KDUMP_NONE)
		return false;
	take_middle(q, p, h);
	h->body.p = p + size <= t.end ? p + size : t.end;
	h->body.end = t.end;
	return true;
}

int64_t
nc_kdump_clock(struct nc_kdump_clock *c, int64_t stamp)
{
	if (stamp == NC_NIL)
		return NC_NIL;
	switch (c->mode) {
	case NC_KDUMP_UNKNOWN:
		c->mode = stamp >= INT64_C(100000000) * 1000000000 ?
		    NC_KDUMP_ABSOLUTE :
		    NC_KDUMP_ELAPSED;
		break;
	case NC_KDUMP_ABSOLUTE:
		/* -R begins with the time of day. */
		if (stamp < c->last / 2)
			c->mode = NC_KDUMP_DELTA;
		break;
	case NC_KDUMP_ELAPSED:
		if (stamp < c->last / 2)
			c->mode = NC_KDUMP_DELTA;
		break;
	default:
		break;
	}
	c->last = stamp;
	if (c->mode == NC_KDUMP_DELTA && c->now != NC_NIL &&
	    stamp < INT64_MAX / 2 && c->now < INT64_MAX / 2)
		c->now += stamp;
	else
		c->now = stamp;
	return c->now;
}
