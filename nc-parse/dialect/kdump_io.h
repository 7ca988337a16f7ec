/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The payload that a GIO record announces, in the lines below it:
 *
 *	  1234       command        GIO   fd 3 wrote 18 bytes
 *	       "GET / HTTP/1.0\r
 *
 * in vis(3) form over several lines, or as a hex dump.
 */
#ifndef NC_KDUMP_IO_H
#define NC_KDUMP_IO_H

#include "kdump_lane.h"

struct nc_kdump_io {
	struct nc_trace *trace;
	struct nc_kdump_lane *lane; /* whose payload the next lines are */
	struct nc_buf text;
	int64_t size; /* bytes that were moved */
};

void nc_kdump_io_fini(struct nc_kdump_io *io);

/*
 * "fd 3 wrote 18 bytes", of a lane or those next to it; fresh as for
 * nc_kdump_lane_for.
 */
void nc_kdump_io_begin(struct nc_kdump_io *io, struct nc_kdump_lane *l,
    const struct nc_kdump_lane *fresh, struct nc_text t);

/* A line that may be payload, which is passed then; false if it is none. */
bool nc_kdump_io_line(struct nc_kdump_io *io, struct nc_text line);

/* The payload is over: its call gets it.  Before any call ends. */
void nc_kdump_io_end(struct nc_kdump_io *io);

#endif
