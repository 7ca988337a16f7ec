/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Text for people: everything from a trace goes through print_text.
 */
#ifndef NC_REPORT_PRINT_H
#define NC_REPORT_PRINT_H

#include <stdio.h>

#include "collect.h"

struct print {
	FILE *out;
	bool color;
	size_t columns; /* to be filled */
	struct nc_buf scratch;
	FILE *held; /* where out goes on after print_release */
	char *text; /* what is held */
	size_t len;
};

/* Of what is no terminal, and of one that does not tell its own. */
#define PRINT_COLUMNS 80

/* The columns of the terminal that standard output is. */
size_t print_columns(void);

enum style {
	STYLE_NONE,
	STYLE_HEAD,
	STYLE_ERROR,
	STYLE_WARNING,
	STYLE_GOOD,
	STYLE_DIM
};

void print_style(struct print *p, enum style style);
void __attribute__((format(printf, 2, 3)))
print_f(struct print *p, const char *fmt, ...);

/* Escaped for a terminal; "?" for nil. */
void print_text(struct print *p, struct nc_bytes s);

/* "1 call", "2 calls". */
void print_count(struct print *p, uint64_t n, const char *noun);

/*
 * Paragraphs wrapped at the columns there are, each line indented; the first one has
 * already been filled to column at.
 */
void print_wrapped(
    struct print *p, struct nc_bytes s, size_t indent, size_t at);

/*
 * Holds what is printed back, until print_release wraps it: its lines are
 * indented, the first one has been filled to column at.  Without styles.
 */
void print_hold(struct print *p);
void print_release(struct print *p, size_t indent, size_t at);

/* "host  file:line  call" lines; the places padded to one width. */
void print_refs(struct print *p, const struct collected *c, struct nc_bytes raw,
    const char *indent, size_t most);

/* Columns that the host and the place of a line take. */
struct ref_width {
	size_t host, place;
};

/* Widens w so that the line fits; overlong ones stick out. */
void ref_measure(struct print *p, const struct ref *r, struct ref_width *w);
void print_ref(struct print *p, const struct ref *r, const struct ref_width *w);

/*
 * The same for evidence: where it is of two hosts, and there is room, those of
 * each in a column of its own.
 */
void print_evidence(struct print *p, const struct collected *c,
    struct nc_bytes raw, size_t indent, size_t most);

/* A map field as "name value, name value". */
void print_map(struct print *p, struct nc_bytes raw);

/* The parts of the report. */
void print_trace(struct print *p, const struct collected *c);
void print_stats(struct print *p, const struct collected *c);
void print_problems(struct print *p, const struct collected *c);
void print_ledger(struct print *p, const struct collected *c);

#endif
