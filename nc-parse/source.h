/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A trace file as a source of lines: opened when it is read, closed when it
 * has ended, so that there may be more files than a process may open.
 */
#ifndef NC_SOURCE_H
#define NC_SOURCE_H

#include "dialect/dialect.h"
#include "input/input.h"
#include "table/inherited.h"

/* What the first lines show. */
struct nc_clue {
	enum nc_stamp stamp; /* of the first time there is */
	int64_t first;       /* that time, ns */
	bool fine;           /* times are finer than a millisecond */
	bool pids;           /* lines tell theirs */
};

struct nc_source {
	char *path; /* to open; NULL standard input */
	char *file; /* as the user named it */
	char *host;
	const struct nc_dialect *dialect; /* NULL: detected */
	struct nc_machine *machine;
	int64_t number;           /* among the host's traces */
	int64_t lane;             /* among its lanes */
	int64_t pid;              /* of the name, NC_NIL none */
	struct nc_family *family; /* of strace -ff, or NULL */
	int64_t parent;           /* number of the one that made it, NC_NIL */
	struct nc_clue clue;
	struct nc_inherited inherited;
	int64_t size; /* of the file, -1 unknown */
	struct nc_input input;
	size_t block; /* bytes to be read at a time */
	bool open;
	const char *error; /* why not all could be read, or NULL */
	int64_t *done;     /* counts the bytes of the file read, or NULL */
	struct nc_trace trace;
};

/* Bytes looked at to tell a hosts file from a trace, and the dialect. */
#define NC_SOURCE_LOOK (64u << 10)

/*
 * Looks at the beginning of one of n sources: dialect and clues.  A regular file
 * that is not open is not so afterwards.  False, after a message, if it cannot
 * be used.
 */
bool nc_source_probe(struct nc_source *s, size_t n);

/* The next line as nc_input_line; opens the source, closes it at its end. */
bool nc_source_line(
    struct nc_source *s, const char **p, const char **end, bool *newline);

/* Has the dialect read that line, all at once; returns its bytes. */
int64_t nc_source_take(
    struct nc_source *s, const char *p, const char *end, bool newline);

/* Bytes to be read at a time, where many are open; before the first line. */
void nc_source_open(struct nc_source *s, size_t block);
void nc_source_close(struct nc_source *s);

#endif
