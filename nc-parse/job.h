/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The job: from operands (a hosts file, traces) to sources that are named
 * and of a known dialect, and to the groups in which they are read.
 */
#ifndef NC_JOB_H
#define NC_JOB_H

#include "hosts.h"
#include "join/merge.h"
#include "map.h"

struct nc_job {
	struct nc_source **sources; /* each allocated: others point to it */
	size_t n, cap;
	struct nc_group *groups; /* how they are read */
	size_t ngroups, groups_cap;
	struct nc_family **families; /* all, to be freed */
	size_t nfamilies, families_cap;
	struct nc_machine *machines;      /* a list */
	struct nc_map by_name;            /* hash of host -> machine */
	struct nc_hosts *hosts;           /* of the hosts file, or NULL */
	const struct nc_dialect *dialect; /* of -F, or NULL: detected */
	bool quiet;
	struct nc_redact *redact; /* of --redact, or NULL; borrowed */
};

/*
 * Adds an operand: a hosts file adds its traces, a folder its hosts.csv or the
 * traces in it, a trace itself.  alone: it is the only operand.  Ends the
 * program with status 2 if it cannot be used.
 */
void nc_job_add(struct nc_job *job, const char *file, bool alone);

/*
 * All operands are there: names bare traces' hosts, looks at every source,
 * finds out which are one lane, and writes what is known before any line:
 * host, nat and address records.  False, after a message, if a source cannot
 * be used.
 */
bool nc_job_open(struct nc_job *job, struct nc_writer *w);

void nc_job_free(struct nc_job *job);

#endif
