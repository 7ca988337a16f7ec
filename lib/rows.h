/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * CSV files that people write: a header row that names columns, rows, blank
 * lines and lines of comment (#).  Errors name file, line and column.
 */
#ifndef NC_ROWS_H
#define NC_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#define NC_ROWS_COLUMNS 16
#define NC_ROWS_ERROR 512

/* Borrowed while the row is delivered. */
struct nc_cell {
	const char *text; /* ends with NUL and has no other; NULL: not given */
	size_t len;
	size_t line, column; /* where it starts, from 1; the row's if NULL */
};

struct nc_rows;

/* What columns a file may have: at most NC_ROWS_COLUMNS, in no order. */
struct nc_rows_format {
	const char *const *columns;
	size_t ncolumns;
	size_t required;  /* the first so many must be there */
	const char *none; /* what is said if no row comes; NULL: nothing */
	/* One row, its fields in the order of columns. */
	void (*row)(
	    struct nc_rows *rows, const struct nc_cell *fields, void *arg);
};

/*
 * Delivers each row of the text; path names it in messages.  0, or -1 and
 * "path:line:column: reason" in error; no row comes after an error.
 */
int nc_rows_read(const char *text, size_t len, const char *path,
    const struct nc_rows_format *format, void *arg, char error[NC_ROWS_ERROR]);

/* From within row: ends the reading with a message; only the first counts. */
void nc_rows_fail(struct nc_rows *rows, const struct nc_cell *at,
    const char *what, const char *text);
bool nc_rows_failed(const struct nc_rows *rows);

/*
 * Past the line's end if a blank line or a comment begins at text[i], else i.
 */
size_t nc_rows_skip_idle(const char *text, size_t len, size_t i);

/* Past the byte order mark that some editors write, else 0. */
size_t nc_rows_skip_mark(const char *text, size_t len);

#endif
