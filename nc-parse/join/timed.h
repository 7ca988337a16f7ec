/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The timed files of one host into one lane, by their times.
 *
 * A line carries the time of its call's entry.  The exit is known less well:
 * -T is measured from when the tracer had printed the arguments, which may
 * take it a while after the time printed, and a line without -T tells only
 * that its call was over before the next line of the file.  So a call ends as
 * late as both allow: what overlaps in truth must never look like one after
 * the other.
 */
#ifndef NC_TIMED_H
#define NC_TIMED_H

#include "merge.h"

/* The sources' traces share a lane.  Once, before the first step. */
void nc_timed_open(struct nc_group *g);

/* Reads until so many bytes are taken in all; false at the end. */
bool nc_timed_step(struct nc_group *g, int64_t stop);

void nc_timed_free(struct nc_group *g);

#endif
