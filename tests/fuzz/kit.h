/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the fuzzers share: bytes as a file, records that must be readable.
 */
#ifndef NC_FUZZ_KIT_H
#define NC_FUZZ_KIT_H

#include "stream.h"
#include "util.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The entry of libFuzzer, of AFL++ and of replay.c. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A file in memory with these bytes, at its start. */
static inline int
fuzz_file(const uint8_t *data, size_t n)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, n) != (ssize_t)n ||
	    lseek(fd, 0, SEEK_SET) < 0)
		abort();
	return fd;
}

/*
 * Whatever came in, what was written is a clean stream with that many records
 * (-1: any number).  Takes the file.
 */
static inline void
fuzz_check_stream(int fd, int64_t records)
{
	struct nc_reader *r;
	struct nc_record rec;
	int64_t n = 0;
	void *s;
	int got;

	if (lseek(fd, 0, SEEK_SET) < 0)
		abort();
	r = nc_reader_new(fd, "output");
	for (; (got = nc_reader_next(r, &rec)) == 1; n++) {
		if (rec.kind == NC_KIND_NONE)
			continue;
		s = nc_xmalloc(nc_schema(rec.kind)->size);
		if (nc_record_decode(&rec, s) < 0)
			abort();
		free(s);
	}
	if (got < 0 || (records >= 0 && n != records)) {
		fprintf(stderr, "%lld records: %s\n", (long long)n,
		    nc_reader_error(r));
		abort();
	}
	nc_reader_free(r);
}

#endif
