/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The ledger of a trace: what became of every line.
 */
#ifndef NC_LEDGER_H
#define NC_LEDGER_H

#include "trace.h"

/* Processes whose end was not printed (-qq): their releases are complete. */
void nc_ledger_exits(struct nc_trace *t);

/* Threads that are still there: calls of no interest that they are in. */
void nc_ledger_idle(struct nc_trace *t);

/*
 * So far it has shown calls of the class %network alone, and a number that was
 * open became another socket: it is one of strace -e trace=network, not just
 * one of a program that makes no other calls.
 */
bool nc_ledger_is_lean(const struct nc_trace *t);

/* Tells the trace's family what it has shown, before any of its ledgers. */
void nc_ledger_share(const struct nc_trace *t);

/* Writes the trace's end record; says how many lines were rejected. */
void nc_ledger_write(struct nc_trace *t);

#endif
