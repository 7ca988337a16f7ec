/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Fuzzer: any bytes as a stream, in calls and gaps that the input chooses,
 * and as a datagram.  What is kept lies within the call and in order.
 */
#include "redact/dns.h"
#include "redact/framing.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(struct nc_spans *spans, size_t n)
{
	size_t i, end = 0;

	for (i = 0; i < spans->n; i++) {
		if (spans->v[i].from < end + (i > 0) ||
		    spans->v[i].from >= spans->v[i].to || spans->v[i].to > n)
			abort();
		end = spans->v[i].to;
	}
	spans->n = 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data;
	struct nc_framing way[2], copy;
	struct nc_spans spans = { NULL, 0, 0 };
	size_t at, len;
	unsigned c, to;

	memset(way, 0, sizeof(way));
	/* A control byte: which way, a gap or a call, how many bytes. */
	for (at = 0; at < n; at += len) {
		c = data[at++];
		to = c & 1;
		len = c >> 2;
		if (len == 63 || len > n - at)
			len = n - at;
		if (c & 2) {
			nc_framing_gap(&way[to], len);
			continue;
		}
		nc_framing_copy(&copy, &way[to]);
		nc_framing_call(&copy);
		nc_framing_feed(&copy, &way[!to], p + at, len, 0, &spans);
		check(&spans, len);
		nc_framing_fini(&copy);
		nc_framing_call(&way[to]);
		nc_framing_feed(&way[to], &way[!to], p + at, len, 0, &spans);
		check(&spans, len);
	}
	nc_dns_mark(p, n, n, 0, &spans);
	check(&spans, n);
	nc_dns_mark(p, n / 2, n, 0, &spans);
	check(&spans, n);
	nc_framing_fini(&way[0]);
	nc_framing_fini(&way[1]);
	nc_spans_fini(&spans);
	return 0;
}
