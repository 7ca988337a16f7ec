/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How a whole line ends, before its arguments are read: text is what follows
 * the call's opening parenthesis.
 */
#ifndef NC_ENDING_H
#define NC_ENDING_H

#include "text.h"

/* True if it ends in one of two errors, each as "= -1 ENAME". */
bool nc_ending_fails_with(struct nc_text text, const char *const errors[2]);

/* True if it ends in any error, or never ran. */
bool nc_ending_fails(struct nc_text text);

/* True if it ends in an error that shows no open descriptor. */
bool nc_ending_fails_as_unknown(struct nc_text text);

/* True if the tracer put a result in the place of the call (-e inject). */
bool nc_ending_is_injected(struct nc_text text);

#endif
