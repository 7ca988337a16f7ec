/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One line of strace: its prefix (process, time) and its kind.  It is the one
 * form that all dialects are brought to.
 */
#ifndef NC_LINE_H
#define NC_LINE_H

#include "text.h"

enum nc_line_kind {
	NC_LINE_BAD, /* not a line of a trace */
	NC_LINE_BLANK,
	NC_LINE_CALL,    /* name(..., whole or first half */
	NC_LINE_RESUMED, /* <... name resumed> */
	NC_LINE_SIGNAL,
	NC_LINE_EXITED,     /* +++ exited, value is the status */
	NC_LINE_KILLED,     /* +++ killed */
	NC_LINE_SUPERSEDED, /* +++ superseded by execve */
	NC_LINE_MESSAGE,    /* of the tracer */
	NC_LINE_DUMP,       /* belongs to the call above */
	NC_LINE_SUMMARY     /* of -c */
};

enum nc_stamp {
	NC_STAMP_NONE,
	NC_STAMP_EPOCH, /* -ttt */
	NC_STAMP_DAY,   /* -t, -tt: since midnight */
	NC_STAMP_DELTA  /* -r: since the line before */
};

struct nc_line {
	enum nc_line_kind kind;
	int64_t pid; /* NC_NIL where there is none */
	enum nc_stamp stamp;
	int64_t time;        /* ns */
	struct nc_text name; /* of the call */
	struct nc_text body; /* after "name(" or "resumed>"; of others all */
	int64_t value;       /* status of an exit; pid of superseded by;
			      * of a signal: 1, it stopped the thread */
	int64_t entry;       /* line where the call began; 0: this one */
	bool again;          /* resumed: the body has all arguments again */
	const char *why;     /* of a bad line */
};

/* Longest prefix that is remembered, bytes. */
#define NC_PREFIX_MAX 40

/*
 * The prefix of the line before, up to its fraction of a second: most lines
 * begin with the same process and second.  Zeroed is none.
 */
struct nc_prefix {
	char text[NC_PREFIX_MAX];
	size_t len;
	int64_t pid;
	enum nc_stamp stamp;
	int64_t time; /* ns, without the fraction */
};

/* Reads a line without its end; *last is what it had in common, kept here. */
void nc_line_parse(
    const char *p, const char *end, struct nc_prefix *last, struct nc_line *l);

/*
 * The line without the colour codes of --color, which stand between all
 * tokens; in the buffer.  The text of a long line is used up (pages.h).
 */
struct nc_text nc_line_without_colour(
    struct nc_text text, struct nc_buf *plain);

/*
 * If a first half ends with a marker (<unfinished ...>, <detached ...>,
 * <pid changed to 9 ...>), returns true; *final if no second half will come.
 * *cut is where the text ends before the marker, or before the time of -T.
 */
bool nc_line_is_half(
    const char *p, const char *end, const char **cut, bool *final);

#endif
