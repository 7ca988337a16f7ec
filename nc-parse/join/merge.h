/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Several lanes into one stream.
 */
#ifndef NC_MERGE_H
#define NC_MERGE_H

#include "../input/progress.h"
#include "../source.h"

/* How the files of a reader are read. */
enum nc_reading {
	NC_READ_ALONE, /* one file */
	NC_READ_TIMED, /* those of one lane, by their times */
	NC_READ_APART  /* those of one strace -ff without times */
};

/* Files that are read together; a host has one or more such groups. */
struct nc_group {
	enum nc_reading reading;
	struct nc_source **sources; /* owned list of borrowed sources */
	size_t n, cap;
	int64_t size;  /* of all, -1 unknown */
	int64_t done;  /* bytes of the files read */
	int64_t taken; /* bytes of their text */
	void *state;   /* of who reads them */
};

/*
 * Reads all groups, interleaved by the fraction of bytes read, so that no
 * host runs far ahead of another whatever their clocks say.  The records go
 * to w, which the traces write to, soon: before any wait for input.
 */
void nc_merge_run(struct nc_group *groups, size_t n, struct nc_writer *w,
    enum nc_progress progress);

#endif
