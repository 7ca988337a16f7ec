/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * DNS over TCP: messages, each behind its length.
 */
#include "dns.h"
#include "framing_unit.h"
#include "netnum.h"

#define DNS_LEAST 17

void
nc_framing_dns(struct nc_unit *r)
{
	struct nc_framing *f = r->f;
	struct nc_spans found = { NULL, 0, 0 };
	size_t i, n;

	nc_unit_open(r);
	if (f->message == 0) {
		n = 2 - f->held.len;
		nc_unit_hold(r, r->n < n ? r->n : n);
		if (f->held.len < 2)
			return;
		f->message = nc_netnum_get16(f->held.p);
		if (f->message < DNS_LEAST) {
			nc_framing_stop(f, NC_FRAMING_OTHER);
			return;
		}
		if (r->n == 0 && f->sure)
			nc_unit_mark(r, 0, 2);
		if (r->n == 0) {
			f->held.len = 0;
			return;
		}
	}
	n = r->n < f->message ? r->n : (size_t)f->message;
	if (nc_dns_mark(r->p, n, f->message, r->at, &found)) {
		f->sure = true;
		if (f->held.len == 2)
			nc_unit_mark(r, 0, 2);
		for (i = 0; i < found.n; i++)
			nc_spans_add(r->spans, found.v[i].from, found.v[i].to);
	}
	nc_spans_fini(&found);
	f->held.len = 0;
	f->skip = f->message - n;
	f->message = 0;
	nc_unit_pass(r, n);
	if (!f->sure)
		nc_framing_stop(f, NC_FRAMING_OTHER);
}
