/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Fuzzer: any bytes as a trace of another system, whose dialect the first byte
 * tells, read to its end.
 */
#include "merge.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const names[] = { "strace-freebsd", "truss-freebsd",
		"truss-solaris", "kdump" };
	const char *p = (const char *)data, *end = p + n, *q, *why;
	const struct nc_dialect *d;
	struct nc_machine *m;
	struct nc_writer *w;
	static struct nc_trace t;
	int fd;

	if (n == 0)
		return 0;
	d = nc_dialect_named(names[*p++ & 3]);
	nc_dialect_detect(p, n - 1, NULL, &why);
	fd = open("/dev/null", O_WRONLY);
	m = nc_machine_new("h");
	w = nc_writer_new(fd);
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
	nc_writer_close(w, true);
	close(fd);
	return 0;
}
