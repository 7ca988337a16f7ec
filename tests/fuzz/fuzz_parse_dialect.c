/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Fuzzer: any bytes as a trace of another system, whose dialect the first byte
 * tells, from its lines to the records, which must be a clean stream.
 */
#define _GNU_SOURCE /* memfd_create */
#include "kit.h"

#include "join/merge.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const names[] = { "strace-freebsd", "truss-freebsd",
		"truss-solaris", "kdump" };
	static struct nc_trace t;
	const char *p = (const char *)data, *end = p + n, *q;
	const struct nc_dialect *d;
	int out = fuzz_file(NULL, 0);
	struct nc_machine *m = nc_machine_new("h");
	struct nc_writer *w = nc_writer_new(out, "fuzz");

	d = nc_dialect_named(names[n > 0 ? *p++ & 3 : 0]);
	nc_trace_init(&t, m, 0, "fuzz", w);
	t.quiet = true;
	d->begin(&t);
	for (; p < end; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		if (q == NULL)
			q = end;
		d->line(&t, p, q, q < end);
	}
	d->end(&t);
	nc_trace_fini(&t);
	nc_machine_free(m);
	if (nc_writer_close(w, true) < 0)
		abort();
	fuzz_check_stream(out, -1);
	return 0;
}
