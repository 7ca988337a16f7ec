/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The threads of a kdump, each with the call that it is in and what was read of
 * it so far.  Without thread ids (-H) the calls of a process that overlap get a
 * lane each.
 */
#ifndef NC_KDUMP_LANE_H
#define NC_KDUMP_LANE_H

#include "kdump_head.h"
#include "kevent.h"
#include "pending.h"

struct nc_kdump_lane {
	uint64_t key;                 /* in the table of lanes */
	int64_t pid, tid;             /* as the core knows it */
	struct nc_kdump_lane *next;   /* of the same process, without ids */
	struct nc_kdump_lane *others; /* of the process's other threads */
	bool seen;                    /* a CALL was read */
	bool busy;
	struct nc_pending pending;
	struct nc_buf text; /* "name(args)" */
	size_t name_len;
	struct nc_buf data, address, fds, ready, timeout;
	struct nc_buf set[6]; /* of select: before, after */
	size_t nsets;
	struct nc_kevents kevents;
	size_t kevent_lists;
};

/* Zeroed is empty. */
struct nc_kdump_lanes {
	struct nc_map lanes; /* thread id, or pid where there are none */
	struct nc_map mains; /* pid -> lane of its first thread */
};

void nc_kdump_lanes_fini(struct nc_kdump_lanes *s);

/* The lane of a record; the first of its process where there are no ids. */
struct nc_kdump_lane *nc_kdump_lane_of(
    struct nc_kdump_lanes *s, const struct nc_kdump_head *h);

/* The first of a process's lanes, or NULL; the others by next and others. */
struct nc_kdump_lane *nc_kdump_lanes_first(
    const struct nc_kdump_lanes *s, int64_t pid);
/* Frees the lanes of a process. */
void nc_kdump_lanes_end(struct nc_kdump_lanes *s, int64_t pid);

/* Its call is over. */
void nc_kdump_lane_clear(struct nc_kdump_lane *l);

/*
 * Among a lane and those next to it: one that is in a call of that name, or
 * NULL; one that is in no call, which may be a new one; the one in the latest
 * call that has an argument of these kinds, or NULL.  fresh: its call is the
 * very last.
 */
struct nc_kdump_lane *nc_kdump_lane_in(
    struct nc_kdump_lane *l, struct nc_text name);
struct nc_kdump_lane *nc_kdump_lane_idle(struct nc_kdump_lane *l);
struct nc_kdump_lane *nc_kdump_lane_for(struct nc_kdump_lane *l,
    const struct nc_kdump_lane *fresh, const char *kinds);

/* Of its call: the name, and the arguments, which point into its text. */
struct nc_text nc_kdump_lane_name(const struct nc_kdump_lane *l);
void nc_kdump_lane_args(
    const struct nc_kdump_lane *l, struct nc_foreign_call *c);

#endif
