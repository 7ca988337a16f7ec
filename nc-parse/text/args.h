/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A call's text, cut into its arguments in place: nothing is allocated, and
 * nothing recurses.
 */
#ifndef NC_ARGS_H
#define NC_ARGS_H

#include "text.h"

/* Most arguments of a call that are kept; later ones are passed over. */
#define NC_ARGS_MAX 16

/* A call's text, cut into its parts. */
struct nc_args {
	struct nc_text arg[NC_ARGS_MAX];
	size_t n;         /* arguments, at most NC_ARGS_MAX */
	bool closed;      /* the closing parenthesis was found */
	const char *rest; /* after it; or where the text ended */
	bool named;       /* -N: names were taken off */
};

/*
 * Cuts the text after a call's opening parenthesis at its top-level commas.
 * 0, or -1 with *why if the brackets or quotes do not fit.  Text that ends
 * before the closing parenthesis is no error: closed is false.
 */
int nc_args_split(
    const char *p, const char *end, struct nc_args *a, const char **why);

/* The same where it is known that no argument ends before known. */
int nc_args_split_behind(const char *p, const char *known, const char *end,
    struct nc_args *a, const char **why);

/* Argument i, or a NULL text. */
struct nc_text nc_arg(const struct nc_args *a, size_t i);

#endif
