/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How a record of kdump begins:
 *
 *	  1234 [tid] command [time] CALL  connect(0x3,0x7fffffffe6c0,0x10)
 */
#ifndef NC_KDUMP_HEAD_H
#define NC_KDUMP_HEAD_H

#include "../text/text.h"

enum nc_kdump_kind {
	NC_KDUMP_NONE,
	NC_KDUMP_CALL,
	NC_KDUMP_RET,
	NC_KDUMP_GIO,
	NC_KDUMP_STRU,
	NC_KDUMP_PSIG,
	NC_KDUMP_OTHER
};

struct nc_kdump_head {
	int64_t pid, tid; /* tid NC_NIL where there is none */
	int64_t stamp;    /* ns; NC_NIL */
	enum nc_kdump_kind kind;
	struct nc_text body;
};

/* False if the line does not begin a record. */
bool nc_kdump_head(struct nc_text line, struct nc_kdump_head *h);

/* What the stamps of a file mean; now is NC_NIL at first. */
struct nc_kdump_clock {
	enum {
		NC_KDUMP_UNKNOWN,
		NC_KDUMP_ABSOLUTE, /* -T */
		NC_KDUMP_ELAPSED,  /* -E: since the first record */
		NC_KDUMP_DELTA     /* -R: since the record before */
	} mode;
	int64_t now, last; /* ns */
};

/* The time of the next record, ns; NC_NIL where it has no stamp. */
int64_t nc_kdump_clock(struct nc_kdump_clock *c, int64_t stamp);

#endif
