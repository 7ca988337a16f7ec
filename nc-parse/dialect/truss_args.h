/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Arguments as truss of FreeBSD writes them: no blanks after commas, structs
 * in braces, strings in vis(3) form whose quotes are not marked.
 */
#ifndef NC_TRUSS_ARGS_H
#define NC_TRUSS_ARGS_H

#include "foreign.h"
#include "kevent.h"

/* The head of the dialect's state. */
struct nc_truss_args {
	struct nc_foreign f;
	struct nc_buf bytes;
	struct nc_kevents kevents;
	bool ready_known; /* of the call being read: nothing was ready */
};

/*
 * Cuts text at its commas, at most NC_ARGS_MAX parts; false if quotes or
 * brackets do not fit.  payload: one of them is a payload.
 */
bool nc_truss_split(
    struct nc_text t, bool payload, struct nc_text *list, size_t *n);

/* The nc_foreign_arg of the dialect. */
bool nc_truss_arg(struct nc_foreign *f, char kind, struct nc_text t);

/* Makes ppoll's arguments of kevent's. */
void nc_truss_kevent(struct nc_truss_args *s, struct nc_foreign_call *c);

#endif
