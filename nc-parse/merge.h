/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Several traces into one stream.
 */
#ifndef NC_MERGE_H
#define NC_MERGE_H

#include "dialect.h"
#include "input.h"
#include "progress.h"

/* A trace with its input. */
struct nc_source {
	char *path; /* to open; NULL standard input */
	char *file; /* as the user named it */
	char *host;
	const struct nc_dialect *dialect; /* NULL: detected */
	struct nc_machine *machine;
	struct nc_input input;
	struct nc_trace trace;
	bool open;
};

/*
 * Reads all sources, interleaved by the fraction of bytes read, so that no
 * host runs far ahead of another whatever their clocks say.  The records go
 * to w, which the traces write to, soon: before any wait for input.
 */
void nc_merge_run(struct nc_source *sources, size_t n, struct nc_writer *w,
    enum nc_progress progress);

#endif
