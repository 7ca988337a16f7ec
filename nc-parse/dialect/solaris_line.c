/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Lines of truss of Solaris, taken apart.
 */
#include "solaris_line.h"

#include "foreign_text.h"
#include "scan.h"
#include "util.h"
#include "vis.h"

#include <string.h>

/* " 0.0123<TAB>": past it, or NULL. */
static const char *
time_at(const char *p, const char *end, int64_t *ns)
{
	const char *q = p, *r;
	int64_t v;

	while (q < end && *q == ' ')
		q++;
	r = nc_scan_digits(q, end, &v);
	if (r == q || r == end || *r != '.')
		return NULL;
	r = nc_foreign_time((struct nc_text){ q, end }, ns);
	return r != NULL && r < end && *r == '\t' ? r + 1 : NULL;
}

void
nc_solaris_head(struct nc_text t, struct nc_solaris_head *h)
{
	const char *p = t.p, *q;
	int64_t v, ns;

	h->pid = h->lwp = h->time = NC_NIL;
	q = nc_scan_digits(p, t.end, &v);
	if (q > p)
		h->pid = v;
	if (q < t.end && *q == '/') {
		p = q + 1;
		q = nc_scan_digits(p, t.end, &v);
		h->lwp = q > p ? v : NC_NIL;
	}
	if ((h->pid != NC_NIL || h->lwp != NC_NIL) && q < t.end && *q == ':') {
		p = nc_scan_past(q + 1, t.end, "\t");
		/* A line of details has one more. */
		if (p > q + 1 && p[-1] == '\t')
			t.p = p;
		else
			h->pid = h->lwp = NC_NIL;
	} else {
		h->pid = h->lwp = NC_NIL;
	}
	p = t.p;
	while ((q = time_at(p, t.end, &ns)) != NULL) {
		if (h->time == NC_NIL)
			h->time = ns;
		p = nc_scan_past(q, t.end, "\t");
	}
	h->body = (struct nc_text){ p, t.end };
}

static bool
ends_with(struct nc_text t, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(t.end - t.p) >= n && memcmp(t.end - n, word, n) == 0;
}

static const char *
trim_end(const char *p, const char *end)
{
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return end;
}

/* "= 3 [4]", with p at the '='. */
static bool
take_value(const char *p, const char *end, struct nc_solaris_result *r)
{
	struct nc_text t = { p + 1, end };
	const char *q;

	if (t.p < t.end && *t.p == ' ')
		t.p++;
	/* Hex nc_scan_digits are upper case here. */
	if (end - t.p > 2 && t.p[0] == '0' && t.p[1] == 'x') {
		r->value = 1;
		return true;
	}
	q = nc_text_int(t, &r->value);
	/* A signal's name. */
	if (q == NULL)
		return t.p < end && *t.p >= 'A' && *t.p <= 'Z';
	t.p = q;
	if (end - t.p > 3 && t.p[0] == ' ' && t.p[1] == '[') {
		t.p += 2;
		if (nc_text_int(t, &r->second) == NULL)
			r->second = NC_NIL;
		return true;
	}
	return q == end;
}

/* "Err#11 EAGAIN", with p at the 'E'. */
static bool
take_error(const char *p, const char *end, struct nc_solaris_result *r)
{
	struct nc_text t = { p + 4, end };
	int64_t v;
	const char *q = nc_text_int(t, &v);

	if (q == NULL || q == end || *q != ' ')
		return false;
	r->error.p = ++q;
	while (
	    q < end && ((*q >= 'A' && *q <= 'Z') || (*q >= '0' && *q <= '9')))
		q++;
	r->error.end = q;
	return q > r->error.p + 1;
}

bool
nc_solaris_result(struct nc_text body, struct nc_text name,
    struct nc_solaris_result *r, struct nc_text *args)
{
	static const char sleeping[] = "(sleeping...)";
	const char *end = trim_end(body.p, body.end), *p;

	memset(r, 0, sizeof(*r));
	r->second = NC_NIL;
	body.end = end;
	for (p = end; --p > name.end;) {
		if (*p == '=' && (p[-1] == '\t' || p[-1] == ' ') &&
		    take_value(p, end, r))
			break;
		if (*p == 'E' && end - p > 5 && memcmp(p, "Err#", 4) == 0 &&
		    take_error(p, end, r))
			break;
	}
	if (ends_with(body, sleeping)) {
		r->sleeping = true;
		p = end - (sizeof(sleeping) - 1);
	} else if (p <= name.end) {
		r->missing = true;
		p = end;
	}
	p = trim_end(name.end, p);
	body.end = p;
	if (ends_with(body, "(returning as child ...)")) {
		r->child = true;
		p = trim_end(name.end, p - 24);
	} else if (ends_with(body, "(returning as new lwp ...)")) {
		p = trim_end(name.end, p - 26);
	} else if (ends_with(body, "  argc")) {
		r->value = 0;
		p = trim_end(name.end, p - 6);
	}
	if (p <= name.end || p[-1] != ')')
		return false;
	*args = (struct nc_text){ name.end + 1, p - 1 };
	return true;
}

/* At a quote: past the string's closing one, and ".."; NULL if it is cut. */
static const char *
string_end(const char *p, const char *end, bool payload)
{
	struct nc_buf drop = { NULL, 0, 0 };

	if (payload) {
		p = nc_vis_cells((struct nc_text){ p + 1, end }, true, &drop);
		nc_buf_fini(&drop);
		if (p == NULL)
			return NULL;
		for (p++; p < end && *p == '.'; p++)
			;
		return p;
	}
	for (p++; p < end; p++)
		if (*p == '"' &&
		    (p + 1 == end || p[1] == ',' || p[1] == ')' || p[1] == '.'))
			return p + 1;
	return NULL;
}

bool
nc_solaris_args(struct nc_text t, bool payload, struct nc_foreign_call *c)
{
	const char *p = t.p, *from = t.p;
	int depth = 0;

	for (; p < t.end; p++) {
		switch (*p) {
		case '"':
			p = string_end(p, t.end, payload);
			if (p == NULL)
				return false;
			p--;
			break;
		case '(':
			depth++;
			break;
		case ')':
			depth--;
			break;
		case ',':
			if (depth > 0)
				break;
			if (c->nargs < NC_ARGS_MAX)
				c->arg[c->nargs++] =
				    nc_text_trim((struct nc_text){ from, p });
			from = p + 1;
			break;
		default:
			break;
		}
	}
	if (from < t.end && c->nargs < NC_ARGS_MAX)
		c->arg[c->nargs++] =
		    nc_text_trim((struct nc_text){ from, t.end });
	return true;
}

struct nc_text
nc_solaris_name(const struct nc_solaris_head *h)
{
	return nc_scan_name(h->body, false);
}
