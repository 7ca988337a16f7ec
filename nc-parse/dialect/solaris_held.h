/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The call of a truss of Solaris that details are read for: lines with addresses,
 * descriptors and payload in cells of two columns follow it.
 */
#ifndef NC_SOLARIS_HELD_H
#define NC_SOLARIS_HELD_H

#include "solaris_line.h"

struct nc_solaris_held {
	bool there, sleeping;
	bool moves; /* data: its payload may follow */
	int64_t line, pid, tid, time;
	struct nc_buf text;               /* the call, without its prefix */
	struct nc_text name, args, error; /* in text; error may be NULL */
	int64_t result, second;
	struct nc_buf data, address, fds, ready, timeout;
};

void nc_solaris_held_fini(struct nc_solaris_held *h);

/* Begins to hold a call; name, args and the error lie in its body. */
void nc_solaris_hold(struct nc_solaris_held *held, struct nc_text body,
    struct nc_text name, struct nc_text args,
    const struct nc_solaris_result *r);

/* Reads a line below the call; false if it is no detail that is known. */
bool nc_solaris_detail(struct nc_solaris_held *held, struct nc_text t);

/* Sets the details in the call, whose result is there. */
void nc_solaris_put(
    struct nc_foreign *f, struct nc_solaris_held *h, struct nc_foreign_call *c);

#endif
