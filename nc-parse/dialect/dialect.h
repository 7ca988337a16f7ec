/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The trace formats that are read, and how they are told apart.
 */
#ifndef NC_DIALECT_H
#define NC_DIALECT_H

#include "../trace.h"

struct nc_dialect {
	const char *name;
	const char
	    *family; /* one name for several that are told apart, or NULL */
	/* 0: not its line; 1: it may be; 2: no other dialect has such lines. */
	int (*probe)(struct nc_text line);
	void (*begin)(struct nc_trace *t); /* after nc_trace_init; or NULL */
	/* NULL where the format is known, but of no use; why tells the reason. */
	void (*line)(
	    struct nc_trace *t, const char *p, const char *end, bool newline);
	void (*end)(struct nc_trace *t);
	const char *why;
	/* Of formats whose timed files can make one lane; else NULL. */
	bool (*enter)(
	    struct nc_trace *t, const char *p, const char *end, bool newline);
	void (*leave)(
	    struct nc_trace *t, const char *p, const char *end, int64_t now);
	void (*end_all)(struct nc_trace *const *traces, size_t n);
};

/*
 * The dialect of that name, or NULL.  A family is one that still has to be
 * told: nc_dialect_is_family.
 */
const struct nc_dialect *nc_dialect_named(const char *name);
bool nc_dialect_is_family(const struct nc_dialect *d);

/*
 * The dialect of a file that begins with these bytes, one of the family if that
 * is not NULL; NULL and *why if it is no trace that can be read.
 */
const struct nc_dialect *nc_dialect_detect(
    const char *p, size_t n, const struct nc_dialect *family, const char **why);

/* truss of FreeBSD: dialect/truss.c. */
int nc_truss_probe(struct nc_text line);
void nc_truss_begin(struct nc_trace *t);
void nc_truss_end(struct nc_trace *t);

/* truss of Solaris: dialect/solaris.c. */
int nc_solaris_probe(struct nc_text line);
void nc_solaris_begin(struct nc_trace *t);
void nc_solaris_end(struct nc_trace *t);

/* kdump of the BSDs: dialect/kdump.c. */
int nc_kdump_probe(struct nc_text line);
void nc_kdump_begin(struct nc_trace *t);
void nc_kdump_end(struct nc_trace *t);

/* strace on FreeBSD: dialect/bsd_strace.c. */
int nc_bsd_strace_probe(struct nc_text line);
void nc_bsd_strace_begin(struct nc_trace *t);
void nc_bsd_strace_line(
    struct nc_trace *t, const char *p, const char *end, bool newline);

/* How a line of strace looks to strace's own probe. */
int nc_strace_probe(struct nc_text line);

/* Formats that are known and refused: dialect/probe.c. */
int nc_probe_perf(struct nc_text line);
int nc_probe_dtruss(struct nc_text line);
int nc_probe_sysdig(struct nc_text line);

#endif
