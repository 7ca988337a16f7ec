/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What follows a call's closing parenthesis: its result.
 */
#ifndef NC_TAIL_H
#define NC_TAIL_H

#include "text.h"

/* What follows a call's closing parenthesis. */
struct nc_tail {
	int64_t result;       /* NC_NIL: unknown or none */
	struct nc_text error; /* errno name; NULL where there is none */
	struct nc_text note;  /* annotation of the result */
	struct nc_text more;  /* in (..) after the result: ready sets */
	int64_t duration;     /* ns, of -T; NC_NIL */
	bool injected; /* the result is the tracer's: the call did not run */
	bool delayed, altered; /* it ran, later or with other memory */
	bool unknown;          /* "= ?" */
};

/* Reads " = 3<..> (..) <0.1>".  0, or -1 with *why. */
int nc_tail_parse(
    const char *p, const char *end, struct nc_tail *t, const char **why);

#endif
