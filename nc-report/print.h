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
	struct nc_buf scratch;
};

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
 * Paragraphs wrapped at 80 columns, each line indented; the first one has
 * already been filled to column at.
 */
void print_wrapped(
    struct print *p, struct nc_bytes s, size_t indent, size_t at);

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

/* A map field as "name value, name value". */
void print_map(struct print *p, struct nc_bytes raw);

/* The parts of the report. */
void print_trace(struct print *p, const struct collected *c);
void print_stats(struct print *p, const struct collected *c);
void print_problems(struct print *p, const struct collected *c);
void print_ledger(struct print *p, const struct collected *c);

#endif
