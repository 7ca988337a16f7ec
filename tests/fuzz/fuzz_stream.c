/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Fuzzer: any bytes as a record stream, read, decoded and passed on.
 */
#define _GNU_SOURCE /* memfd_create */
#include "kit.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	int out = fuzz_file(NULL, 0);
	struct nc_reader *r = nc_reader_new(fuzz_file(data, n), "input");
	struct nc_writer *w = nc_writer_new(out, "test");
	struct nc_record rec;
	int64_t records = 0;
	void *s;

	while (nc_reader_next(r, &rec) == 1) {
		nc_writer_pass(w, &rec);
		records++;
		if (rec.kind == NC_KIND_NONE)
			continue;
		s = nc_xmalloc(nc_schema(rec.kind)->size);
		if (nc_record_decode(&rec, s) == 0) {
			nc_writer_put(w, rec.kind, s);
			records++;
		}
		free(s);
	}
	if (nc_writer_close(w, nc_reader_ok(r)) < 0)
		abort();
	nc_reader_free(r);
	fuzz_check_stream(out, records);
	return 0;
}
