/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a call does when it begins.
 */
#ifndef NC_ENTER_H
#define NC_ENTER_H

#include "../trace.h"

/*
 * A call begins: resolves its descriptors, gives up numbers it closes.
 * False if it does not matter (counted in the ledger).  text is what stands
 * after the opening parenthesis.
 */
bool nc_call_enter(struct nc_trace *t, struct nc_op *op, struct nc_text text);

#endif
