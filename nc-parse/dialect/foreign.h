/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls as tracers of other systems show them, brought to the form of strace.
 *
 * A dialect takes its lines apart and fills in an nc_foreign_call: arguments in
 * the tracer's own words, and what stood elsewhere (payload, addresses, ready
 * sets).  Here these are put together as strace would have written the call,
 * with Linux's names for the numbers of the other system, and handed on.
 */
#ifndef NC_FOREIGN_H
#define NC_FOREIGN_H

#include "../trace.h"
#include "system.h"

struct nc_foreign_call {
	int64_t tid;      /* as the core is to know the thread; NC_NIL none */
	int64_t entry;    /* line where it began; 0: the current one */
	int64_t time;     /* of the entry, ns; NC_NIL */
	int64_t duration; /* ns; NC_NIL */
	struct nc_text name;
	struct nc_text arg[NC_ARGS_MAX];
	size_t nargs;
	/* What was read already, in the form of strace; NULL texts: not. */
	struct nc_text data;       /* a string, in quotes */
	struct nc_text address;    /* {sa_family=...} */
	struct nc_text vector;     /* [{iov_base=..., iov_len=...}] */
	struct nc_text fds;        /* [{fd=3, events=POLLIN}] */
	struct nc_text ready;      /* after the result: [{fd=3, revents=..}] */
	struct nc_text set[3];     /* of select: [3 5] */
	struct nc_text timeout;    /* {tv_sec=1, tv_nsec=0} */
	struct nc_text pair;       /* [3, 4] */
	int64_t result;            /* NC_NIL: unknown */
	int64_t error;             /* number on that system; 0 none */
	struct nc_text error_name; /* instead of the number */
};

struct nc_foreign;

/*
 * Appends an argument of one of the kinds "SAvhpstn" (foreign_args.c) that is not in
 * the call's own fields to the text; false if it is of no known form.
 */
typedef bool nc_foreign_arg(struct nc_foreign *f, char kind, struct nc_text t);

/* The head of every dialect's state; t->foreign points to it. */
struct nc_foreign {
	struct nc_trace *trace;
	enum nc_system system;
	void (*line)(struct nc_foreign *f, struct nc_text line);
	nc_foreign_arg *arg;
	struct nc_buf body;           /* the call as text */
	struct nc_buf quoted, vector; /* a payload as text */
};

void nc_foreign_call_init(struct nc_foreign_call *c);

/*
 * Begins a dialect's state, zeroed but for its own fields and line, arg and
 * system, as that of the trace; ends it, but does not free it.
 */
void nc_foreign_init(struct nc_foreign *f, struct nc_trace *t);
void nc_foreign_fini(struct nc_foreign *f);

/* The next line of a file, for the table of dialects. */
void nc_foreign_line(
    struct nc_trace *t, const char *p, const char *end, bool newline);

/* A call's payload, as bytes; empty: it is not known. */
void nc_foreign_payload(
    struct nc_foreign *f, struct nc_foreign_call *c, const struct nc_buf *data);
/* After a call with a long one. */
void nc_foreign_trim(struct nc_foreign *f);

/*
 * True if a call can be told at its entry: not a wait of which the trace shows
 * only later for what, nor what goes to an address that it shows only later.
 */
bool nc_foreign_can_begin(const struct nc_foreign_call *c);

/* The call is over, and what is known of it is there. */
void nc_foreign_whole(struct nc_foreign *f, const struct nc_foreign_call *c);
/* It has begun, and other lines come before it ends. */
void nc_foreign_begin(struct nc_foreign *f, const struct nc_foreign_call *c);
/* A call that has begun is over. */
void nc_foreign_end(struct nc_foreign *f, const struct nc_foreign_call *c);

/*
 * What is read late, for a line that was held before: the line is the current
 * one until after is called, which counts its fate.
 */
struct nc_foreign_late {
	int64_t line;
	enum nc_fate fate;
	bool last_line;
};

struct nc_foreign_late nc_foreign_before(struct nc_foreign *f, int64_t line);
void nc_foreign_after(struct nc_foreign *f, struct nc_foreign_late late);
/* The same where that line had its fate already. */
void nc_foreign_back(struct nc_foreign *f, struct nc_foreign_late late);
/* A held line was no call after all. */
void nc_foreign_passed(struct nc_foreign *f, enum nc_ignored why);

/* A thread, or a whole process, is gone. */
void nc_foreign_gone(struct nc_foreign *f, int64_t tid);
void nc_foreign_exit(struct nc_foreign *f, int64_t pid, bool killed);

#endif
