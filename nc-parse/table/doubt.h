/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Closes that a trace may not show.
 *
 * close_range is in none of strace's classes of calls (syscallent.h): a trace
 * of %desc or %network lacks it, while it shows all other calls that make or
 * give up a descriptor.  It is mostly a child's, before execve.  So a process
 * that inherited a socket and never named it since holds it perhaps: once all
 * others have given it up, nobody knows whether it is closed.  Nor whether it
 * has any such socket where no call shows who was forked by whom
 * (nc_task_split).
 */
#ifndef NC_DOUBT_H
#define NC_DOUBT_H

#include "../trace.h"

/* True for calls that are in no class and that most programs make. */
bool nc_doubt_is_unclassed(struct nc_text name);

/* After so many of them a trace will show no such call. */
#define NC_DOUBT_LOOK 4096

/* A call that is of no interest: if it is in no class, nothing is hidden. */
static inline void
nc_doubt_note(struct nc_trace *t, struct nc_text name)
{
	if (!t->ledger.unclassed &&
	    t->ledger.ignored[NC_IGNORED_OTHER] < NC_DOUBT_LOOK)
		t->ledger.unclassed = nc_doubt_is_unclassed(name);
}

/* close_range may have been called, unseen. */
bool nc_doubt_hides_close(const struct nc_trace *t);

/*
 * A reference has gone, and all that remain are in doubt: tells so, of who
 * gave it up.
 */
void nc_doubt_left(struct nc_trace *t, struct nc_sock *s,
    const struct nc_op *by, const char *cause);

#endif
