/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Text that is made before its turn to be written: in memory up to a limit,
 * past it in an unlinked temporary file.
 */
#ifndef NC_REPORT_LATER_H
#define NC_REPORT_LATER_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "buf.h"

/* Begins all zero. */
struct later {
	struct nc_buf b; /* append here, and call later_settle */
	bool opened;     /* fd is a file: it has what came before b */
	int fd;
	off_t size;  /* bytes of text in the file */
	bool failed; /* no room in a file: all else stays in b */
};

/* A piece of text is whole: what there is may be put into the file. */
void later_settle(struct later *l);

/* Writes all text to out; -1 with errno if it cannot be read back. */
int later_write(struct later *l, FILE *out);

void later_fini(struct later *l);

#endif
