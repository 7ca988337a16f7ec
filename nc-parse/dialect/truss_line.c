/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Lines of truss of FreeBSD, taken apart.
 */
#include "truss_line.h"

#include "foreign_args.h"
#include "scan.h"
#include "truss_args.h"

#include <string.h>

/* Thread ids are above all process ids. */
#define TID_MIN 100000

/* "0.001234567 ", with the nine nc_scan_digits that no argument begins with. */
static const char *
time_at(const char *p, const char *end, int64_t *ns)
{
	int64_t whole, part;
	const char *q = nc_scan_digits(p, end, &whole), *r;

	if (q == p || q == end || *q != '.')
		return NULL;
	r = nc_scan_digits(q + 1, end, &part);
	if (r - q != 10 || r == end || *r != ' ' || whole > 9000000000)
		return NULL;
	*ns = whole * 1000000000 + part;
	return r + 1;
}

void
nc_truss_head(struct nc_text t, struct nc_truss_head *h)
{
	const char *p = nc_scan_past(t.p, t.end, " \t"), *q, *r;
	int64_t pid, tid = NC_NIL;

	h->pid = h->tid = NC_NIL;
	h->times = 0;
	q = nc_scan_digits(p, t.end, &pid);
	if (q > p && q < t.end && *q == ' ') {
		r = nc_scan_past(q, t.end, " \t");
		q = nc_scan_digits(r, t.end, &tid);
	}
	if (q > p && t.end - q >= 2 && q[0] == ':' && q[1] == ' ') {
		h->pid = pid;
		h->tid = tid != NC_NIL ? tid : pid;
		/* -H without -f: threads of the one process. */
		if (tid == NC_NIL && pid >= TID_MIN)
			h->pid = 0;
		p = nc_scan_past(q + 1, t.end, " \t");
	}
	while (h->times < 2 &&
	    (q = time_at(p, t.end, &h->time[h->times])) != NULL) {
		p = q;
		h->times++;
	}
	h->body = (struct nc_text){ p, t.end };
}

const char *
nc_truss_result_at(struct nc_text body, struct nc_truss_result *r)
{
	const char *p, *q;
	struct nc_text t = { NULL, body.end };

	memset(r, 0, sizeof(*r));
	for (p = body.end; p > body.p; p--) {
		if (p[-1] == '#' && p - body.p >= 5 &&
		    memcmp(p - 4, "ERR#", 4) == 0) {
			t.p = p;
			q = nc_text_int(t, &r->error);
			if (q == NULL || r->error <= 0 ||
			    (q < body.end && *q != ' '))
				return NULL;
			return p - 4;
		}
		if (p[-1] != '=' || body.end - p < 8 || *p != ' ')
			continue;
		t.p = p + 1;
		q = nc_text_int(t, &r->value);
		if (q != NULL && body.end - q > 4 &&
		    memcmp(q, " (0x", 4) == 0 && body.end[-1] == ')')
			return p - 1;
	}
	return NULL;
}

bool
nc_truss_result(struct nc_text body, struct nc_text name,
    struct nc_truss_result *r, struct nc_text *args)
{
	const char *p = nc_truss_result_at(body, r);

	if (p == NULL) {
		/* These do not return. */
		if (!nc_foreign_ends_process(name) &&
		    !nc_foreign_ends_thread(name))
			return false;
		r->missing = true;
		p = body.end;
	}
	while (p > name.end && (p[-1] == ' ' || p[-1] == '\t'))
		p--;
	if (p <= name.end + 1 || p[-1] != ')')
		return false;
	*args = (struct nc_text){ name.end + 1, p - 1 };
	return true;
}

bool
nc_truss_is_whole(struct nc_text line)
{
	struct nc_text name, args, list[NC_ARGS_MAX];
	struct nc_truss_result r;
	struct nc_truss_head h;
	const char *shape;
	size_t n;

	nc_truss_head(line, &h);
	name = nc_scan_name(h.body, true);
	if (name.p == NULL)
		return h.pid != NC_NIL &&
		    (nc_text_starts(h.body, "SIGNAL ") ||
			nc_text_starts(h.body, "process exit") ||
			nc_text_starts(h.body, "process killed"));
	if (!nc_truss_result(h.body, name, &r, &args))
		return false;
	shape = nc_foreign_shape(name);
	return nc_truss_split(
	    args, shape != NULL && strchr(shape, 'S') != NULL, list, &n);
}
