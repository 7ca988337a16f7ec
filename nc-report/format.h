/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The formats of nc-report: how to add one is a file and a line in format.c.
 *
 * A format sees every record as it comes, then the end.  It may write at any
 * time; main checks the output for errors when all is done.
 */
#ifndef NC_REPORT_FORMAT_H
#define NC_REPORT_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "stream.h"

/* The parts of a text report. */
enum {
	PART_TRACE = 1,
	PART_STATS = 2,
	PART_PROBLEMS = 4,
	PART_LEDGER = 8,
	PART_ALL = 15,
	PART_ANSWER = 16 /* shown with any other, too */
};

struct format_options {
	FILE *out;
	unsigned int parts;
	bool color;
	const char *table; /* of csv */
	const char
	    *finding;  /* of mermaid: a number or an id; NULL: the first */
	bool *problem; /* a format that judges itself may set it */
	bool *failed;  /* set, after a message: nothing was written */
};

struct format {
	const char *name;
	void *(*open)(const struct format_options *opt);
	/* The record is borrowed for the call. */
	void (*record)(void *state, const struct nc_record *rec);
	/*
	 * started: some input was a stream; without, nothing is written.
	 * whole: no input was cut, and every maker was content.  Frees.
	 */
	void (*finish)(void *state, bool started, bool whole);
	/* If not NULL, gets calls and begins instead, which it wants decoded. */
	void (*call)(void *state, const struct nc_record *rec,
	    const struct nc_call *call);
};

/* The format of that name, or NULL. */
const struct format *format_find(const char *name);

/* The known names, with a separator between them; static. */
const char *format_names(const char *separator);

/* True if csv knows a table of that name. */
bool format_csv_has(const char *table);

extern const struct format format_text, format_json, format_jsonl, format_csv;
extern const struct format format_html, format_mermaid, format_pcapng;
extern const struct format format_perfetto, format_shiviz;
extern const struct format format_advice;

#endif
