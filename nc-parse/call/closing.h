/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls that give up numbers when they begin: close, dup2, dup3, close_range.
 * Each as nc_call_enter.
 */
#ifndef NC_CLOSING_H
#define NC_CLOSING_H

#include "../trace.h"

bool nc_closing_close(
    struct nc_trace *t, struct nc_op *op, struct nc_text text);
bool nc_closing_range(
    struct nc_trace *t, struct nc_op *op, struct nc_text text);
bool nc_closing_dup(struct nc_trace *t, struct nc_op *op, struct nc_text text);

#endif
