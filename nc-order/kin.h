/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What orders the lanes of one host that have no common clock: the files of
 * an untimed strace -ff, a task each (model.md 2).  A task begins after the
 * call that made it; a wait4 comes after the end of the task that it returns;
 * a socket is used after it was made, moves data after it was connected, and
 * is released after it was used.  Which of the tasks that shared a socket let
 * go of it last, nobody knows: a release for which others' uses are still to
 * come leaves its lane and follows them.
 *
 * The host records name each lane's thread and the trace of its maker.  Hosts
 * without such lanes have no kin and cost nothing.
 */
#ifndef NC_KIN_H
#define NC_KIN_H

#include "lane.h"

/* A lane whose task another lane made. */
void kin_child(struct order *o, struct lane *l);

/* The host records that tell them are there. */
void kin_open(struct order *o);

/* A call of the lane was read. */
void kin_read(struct lane *l, const struct nc_call *call);

/* True if the lane's head has to wait for another lane: fills its wait. */
bool kin_waits(struct item *it);

/* If the lane's head is such a release: takes it out of its lane. */
bool kin_is_late(const struct item *it);
void kin_set_aside(struct item *it);

/*
 * A trace's ledger: nothing more comes from it.  True if releases of the host
 * that were set aside come first; then it follows them.
 */
bool kin_end(struct lane *l, const struct nc_record *rec);

/* A head was accepted; a lane is over. */
void kin_accepted(struct order *o, struct lane *l, const struct nc_call *call);
void kin_over(struct order *o, struct lane *l);

/*
 * Nothing else can run: tasks begin whose maker's lane is over, or with all
 * any.  True if one did.
 */
bool kin_orphans(struct order *o, bool all);

void kin_free(struct order *o);

#endif
