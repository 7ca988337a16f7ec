/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Readiness: what poll, select and epoll were asked and what they told.
 */
#ifndef NC_READY_H
#define NC_READY_H

#include "../text/args.h"
#include "../text/tail.h"
#include "../trace.h"

/* An element of poll's list, or of what it returned. */
struct nc_pollfd {
	int fd; /* -1 if there is none, or it is negative */
	struct nc_text note;
	struct nc_text events; /* or revents */
};

/* The next element of a list's inside; false at the end. */
bool nc_pollfd_next(struct nc_text *list, struct nc_pollfd *e);

/* The tracer cut a list short: "[{fd=3, events=POLLIN}, ...]", "[...]". */
bool nc_ready_is_cut(struct nc_text list);

/*
 * The fields of the record: ready, timeout, and socket and fd where only one
 * is meant.  Of poll the operation holds what was asked for (op->watched and
 * op->others).  tail is NULL at the entry.
 */
void nc_ready_poll(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec);
void nc_ready_select(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec);
void nc_ready_epoll_wait(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec);

/* The fields of epoll_ctl's record. */
void nc_ready_epoll_ctl(
    const struct nc_op *op, const struct nc_args *a, struct nc_call *rec);

/* An epoll event. */
struct nc_epoll_event {
	int64_t events; /* 0 if they are not shown */
	uint64_t data;  /* u64 if shown, else a bare number; 0 for none */
};

/* From "{events=A|B, data={u32=1, u64=1}}", in old versions without names. */
struct nc_epoll_event nc_epoll_event_of(struct nc_text event);

#endif
