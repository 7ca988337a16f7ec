/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * replay NAME FILE...: runs a fuzz target over files, without a fuzzer.  A
 * check that fails aborts; the last file named on standard error is to blame.
 */
#define _GNU_SOURCE /* memfd_create */
#include "kit.h"

#include <err.h>
#include <string.h>

static uint8_t *
read_file(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	struct nc_buf b = { NULL, 0, 0 };
	char block[65536];
	uint8_t *exact;

	if (f == NULL)
		err(2, "%s", path);
	while ((*n = fread(block, 1, sizeof(block), f)) > 0)
		nc_buf_add(&b, block, *n);
	if (ferror(f))
		err(2, "%s", path);
	fclose(f);
	/* Exactly as long as the file, so that a sanitizer sees its end. */
	exact = nc_xmalloc(b.len);
	if (b.len > 0)
		memcpy(exact, b.p, b.len);
	*n = b.len;
	nc_buf_fini(&b);
	return exact;
}

int
main(int argc, char **argv)
{
	uint8_t *data;
	size_t n;
	int i;

	for (i = 1; i < argc; i++) {
		fprintf(stderr, "%s\n", argv[i]);
		data = read_file(argv[i], &n);
		LLVMFuzzerTestOneInput(data, n);
		free(data);
	}
	printf("%d\n", argc - 1);
	return 0;
}
