/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Headers of TLS records.
 */
#include "framing_unit.h"

#include "netnum.h"

#define TLS_HEADER 5
#define TLS_RECORD_MAX 16640 /* RFC 8446 5.2 */

static bool
is_tls_header(const unsigned char *h)
{
	unsigned len = nc_netnum_get16(h + 3);

	return h[0] >= 20 && h[0] <= 23 && h[1] == 3 && h[2] <= 4 && len > 0 &&
	    len <= TLS_RECORD_MAX;
}

/* A session that begins later, after a command or through a proxy. */
bool
nc_framing_is_tls_hello(const char *p, size_t n)
{
	const unsigned char *h = (const unsigned char *)p;

	return n > TLS_HEADER && h[0] == 22 && is_tls_header(h) &&
	    (h[TLS_HEADER] == 1 || h[TLS_HEADER] == 2);
}

void
nc_framing_tls(struct nc_unit *r)
{
	struct nc_framing *f = r->f;
	const unsigned char *h;
	size_t want = TLS_HEADER - f->held.len;

	nc_unit_open(r);
	nc_unit_hold(r, r->n < want ? r->n : want);
	if (f->held.len < TLS_HEADER)
		return;
	h = (const unsigned char *)f->held.p;
	if (is_tls_header(h)) {
		nc_unit_mark(r, 0, TLS_HEADER);
		f->skip = nc_netnum_get16(h + 3);
		f->sure = true;
	} else if (f->sure) {
		f->lost = true;
	} else {
		nc_framing_stop(f, NC_FRAMING_OTHER);
	}
	nc_framing_drop(f);
}
