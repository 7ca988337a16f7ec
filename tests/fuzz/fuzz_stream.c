/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Fuzzer: any bytes as a record stream, read, decoded and passed on.
 */
#define _GNU_SOURCE /* memfd_create */
#include "stream.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	int fd = memfd_create("input", MFD_CLOEXEC);
	int out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct nc_reader *r;
	struct nc_writer *w;
	struct nc_record rec;

	if (fd < 0 || out < 0 || write(fd, data, n) != (ssize_t)n ||
	    lseek(fd, 0, SEEK_SET) < 0)
		abort();
	r = nc_reader_new(fd, "input");
	w = nc_writer_new(out);
	while (nc_reader_next(r, &rec) == 1) {
		nc_writer_pass(w, &rec);
		if (rec.kind != NC_KIND_NONE) {
			void *s = nc_xmalloc(nc_schema(rec.kind)->size);

			if (nc_record_decode(&rec, s) == 0)
				nc_writer_put(w, rec.kind, s);
			free(s);
		}
	}
	nc_writer_close(w, nc_reader_ok(r));
	nc_reader_free(r);
	close(out);
	return 0;
}
