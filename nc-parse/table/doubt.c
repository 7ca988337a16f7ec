/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Closes that a trace may not show.
 */
#include "doubt.h"

#include "../call/emit.h"
#include "../call/fill.h"

bool
nc_doubt_is_unclassed(struct nc_text name)
{
	static const char *const names[] = { "set_tid_address",
		"set_robust_list", "rseq", "prlimit64", "getrandom",
		"arch_prctl", "futex", "uname", "getpid", "gettid", "getppid",
		"setsid", "sched_getaffinity", "sched_yield", "nanosleep",
		"clock_nanosleep", "sysinfo", "umask", "getrlimit",
		"setrlimit" };

	return nc_text_in(name, names, sizeof(names) / sizeof(names[0]));
}

bool
nc_doubt_hides_close(const struct nc_trace *t)
{
	const struct nc_ledger *l = &t->ledger;

	if (l->lacks != NULL || l->unclassed || l->ranges)
		return false;
	return t->family == NULL || !t->family->unclassed;
}

void
nc_doubt_left(struct nc_trace *t, struct nc_sock *s, const struct nc_op *by,
    const char *cause)
{
	struct nc_op op = { .call = NC_CALL_LEAVE,
		.sock = s,
		.cause = cause,
		.tid = by->tid,
		.pid = by->pid,
		.home = by->home,
		.entry = by->entry,
		.from = by->from,
		.time = by->time,
		.fd = -1 };
	struct nc_call rec;

	if (by->home->ended || by->home->lane != t->lane)
		return;
	t->ledger.left = true;
	nc_fill_begin(t, &op, &rec);
	rec.line = nc_trace_exit_line(&op);
	if (by->killed)
		rec.marks = NC_MARK_KILLED;
	nc_emit_call(t, op.home, &rec, NULL);
}
