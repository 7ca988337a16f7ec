/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Fuzzer: any bytes as a trace, read to its end.
 */
#include "merge.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n, *q;
	int fd = open("/dev/null", O_WRONLY);
	struct nc_machine *m = nc_machine_new("h");
	struct nc_writer *w = nc_writer_new(fd);
	static struct nc_trace t;

	nc_trace_init(&t, m, 0, "fuzz", w);
	t.quiet = true;
	for (; p < end; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		if (q == NULL)
			q = end;
		nc_trace_line(&t, p, q, q < end);
	}
	nc_trace_end(&t);
	nc_trace_fini(&t);
	nc_machine_free(m);
	nc_writer_close(w, true);
	close(fd);
	return 0;
}
