/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a report is made of: the stream's results, kept until its end.  Call
 * records are only counted.
 */
#ifndef NC_REPORT_COLLECT_H
#define NC_REPORT_COLLECT_H

#include "context.h"
#include "record.h"
#include "stream.h"

/* Kept records, in the stream's order. */
struct list {
	void **v;
	size_t n, cap;
	uint64_t total; /* with those that were left out */
};

/* A deviation, with the calls round it if they were asked for. */
struct deviation {
	struct nc_deviation *d;
	struct nc_call *calls[CONTEXT_CALLS];
	size_t ncalls;
	size_t before; /* of these, those before the deviating one */
};

/* How often a code above info came. */
struct code_count {
	char *code;
	uint64_t n;
};

/* How much is kept; 0 is without limit. */
struct collect_limits {
	size_t deviations; /* above info */
	size_t infos;      /* 1: only count the info ones */
	size_t objects;    /* connections and flows: of each kind, lossy
				   ones and others apart */
	bool context;
};

struct collected {
	struct collect_limits limits;
	struct list hosts, ends, orders, deviations, connections, flows;
	struct list clocks, counts, findings;
	uint64_t calls;           /* call records, those left out, too */
	uint64_t nhosts;          /* different names */
	uint64_t warnings, infos; /* deviations */
	uint64_t lossy_connections, lossy_flows;
	struct code_count *codes;
	size_t ncodes, codes_cap;
	struct table files; /* (host, trace) -> struct nc_host */
	struct table names; /* (host, 0) */
	struct context context;
};

void collect_init(struct collected *c, const struct collect_limits *limits);
void collect_record(struct collected *c, const struct nc_record *rec);
/* The same for a call or a begin, which has been decoded. */
void collect_call(struct collected *c, const struct nc_record *rec,
    const struct nc_call *call);
void collect_fini(struct collected *c);

/* The trace's file as the user named it, or nil. */
struct nc_bytes collect_file(
    const struct collected *c, struct nc_bytes host, int64_t trace);

/* A number that a stage counted, or NC_NIL. */
int64_t collect_count(
    const struct collected *c, const char *stage, const char *name);

/* True if the stage counted anything: it has been at work. */
bool collect_has_stage(const struct collected *c, const char *stage);

/* True for findings of severity warning or error that are not suppressed. */
bool finding_is_problem(const struct nc_finding *f);
bool finding_is_suppressed(const struct nc_finding *f);

/* What a map field such as to_server holds under a name; NC_NIL, nil. */

/* True for names of facts whose value is a time span in nanoseconds. */
bool fact_is_span(struct nc_bytes name);

/* A line of a trace: element of evidence, refs, causes, circle. */
struct ref {
	struct nc_bytes host, file, text;
	int64_t line;
};

/*
 * Reads the next [host, file or trace number, line, text] of a list, see
 * nc_cursor_array.  The file of a trace number is looked up.
 */
struct ref ref_read(const struct collected *c, struct nc_cursor *cur);

#endif
