/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * CSV files that people write, read with libcsv.
 *
 * libcsv counts no lines and knows no comments: it is fed byte by byte, so
 * that each field's place is known, and comment lines are taken out before.
 */
#include "rows.h"

#include "util.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct field {
	char *text;
	size_t len;
	size_t line, column; /* where it starts */
};

struct nc_rows {
	const struct nc_rows_format *format;
	void *arg;
	const char *path;
	char *error;
	bool failed;
	size_t line, column; /* of the next byte */
	size_t field_line, field_column;
	struct field fields[NC_ROWS_COLUMNS];
	size_t nfields;
	bool have_header;
	size_t columns[NC_ROWS_COLUMNS]; /* of the header's fields */
	size_t ncolumns;
	size_t nrows;
	bool row_done; /* the byte ended a row */
};

static void
fail(struct nc_rows *p, size_t line, size_t column, const char *what,
    const char *text)
{
	char shown[84];
	size_t i = 0;

	if (p->failed)
		return;
	p->failed = true;
	if (text == NULL) {
		snprintf(p->error, NC_ROWS_ERROR, "%s:%zu:%zu: %s", p->path,
		    line, column, what);
		return;
	}
	/* Text of the user's file, made fit for a terminal. */
	for (; i < 80 && text[i] != '\0'; i++)
		shown[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7f ?
		    '?' :
		    text[i];
	shown[i] = '\0';
	snprintf(p->error, NC_ROWS_ERROR, "%s:%zu:%zu: %s \"%s\"", p->path,
	    line, column, what, shown);
}

void
nc_rows_fail(struct nc_rows *p, const struct nc_cell *at, const char *what,
    const char *text)
{
	fail(p, at->line, at->column, what, text);
}

bool
nc_rows_failed(const struct nc_rows *p)
{
	return p->failed;
}

static void
on_field(void *data, size_t len, void *arg)
{
	struct nc_rows *p = arg;
	struct field *f;

	if (p->failed)
		return;
	if (p->nfields == NC_ROWS_COLUMNS) {
		fail(p, p->field_line, p->field_column, "too many columns",
		    NULL);
		return;
	}
	f = &p->fields[p->nfields++];
	f->text = nc_xstrndup(data != NULL ? data : "", len);
	f->len = len;
	f->line = p->field_line;
	f->column = p->field_column;
	if (data != NULL && memchr(data, '\0', len) != NULL)
		fail(p, f->line, f->column, "NUL byte", NULL);
}

static void
take_header(struct nc_rows *p)
{
	const struct nc_rows_format *format = p->format;
	bool seen[NC_ROWS_COLUMNS] = { false };
	const struct field *f;
	size_t i, c;

	for (i = 0; i < p->nfields; i++) {
		f = &p->fields[i];
		for (c = 0; c < format->ncolumns; c++)
			if (strcmp(f->text, format->columns[c]) == 0)
				break;
		if (c == format->ncolumns) {
			fail(p, f->line, f->column, "unknown column", f->text);
			return;
		}
		if (seen[c]) {
			fail(p, f->line, f->column, "second column", f->text);
			return;
		}
		seen[c] = true;
		p->columns[i] = c;
	}
	p->ncolumns = p->nfields;
	for (c = 0; c < format->required; c++)
		if (!seen[c])
			fail(p, p->fields[0].line, 1, "missing column",
			    format->columns[c]);
	p->have_header = true;
}

static void
take_row(struct nc_rows *p)
{
	struct nc_cell by_column[NC_ROWS_COLUMNS];
	const struct field *f = p->fields;
	size_t i;

	if (p->nfields > p->ncolumns) {
		f = &p->fields[p->ncolumns];
		fail(
		    p, f->line, f->column, "more fields than columns", f->text);
		return;
	}
	for (i = 0; i < p->format->ncolumns; i++)
		by_column[i] = (struct nc_cell){ NULL, 0, f->line, f->column };
	for (i = 0; i < p->nfields; i++) {
		f = &p->fields[i];
		by_column[p->columns[i]] =
		    (struct nc_cell){ f->text, f->len, f->line, f->column };
	}
	p->nrows++;
	p->format->row(p, by_column, p->arg);
}

static void
on_row(int c, void *arg)
{
	struct nc_rows *p = arg;
	size_t i;

	(void)c;
	if (!p->failed && p->nfields > 0) {
		if (!p->have_header)
			take_header(p);
		else
			take_row(p);
	}
	for (i = 0; i < p->nfields; i++)
		free(p->fields[i].text);
	p->nfields = 0;
	p->row_done = true;
}

size_t
nc_rows_skip_idle(const char *text, size_t len, size_t i)
{
	size_t j = i;
	const char *end;

	while (
	    j < len && (text[j] == ' ' || text[j] == '\t' || text[j] == '\r'))
		j++;
	if (j < len && text[j] != '#' && text[j] != '\n')
		return i;
	end = j < len ? memchr(text + j, '\n', len - j) : NULL;
	return end == NULL ? len : (size_t)(end - text) + 1;
}

size_t
nc_rows_skip_mark(const char *text, size_t len)
{
	return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* Feeds one byte, keeping count of lines and columns. */
static void
feed(struct nc_rows *p, struct csv_parser *csv, char c)
{
	size_t fields = p->nfields;

	if (csv_parse(csv, &c, 1, on_field, on_row, p) != 1) {
		fail(p, p->line, p->column, "damaged quotes", NULL);
		return;
	}
	if (c == '\n') {
		p->line++;
		p->column = 1;
	} else {
		p->column++;
	}
	if (p->nfields != fields || p->row_done) {
		p->field_line = p->line;
		p->field_column = p->column;
	}
}

static void
parse(struct nc_rows *p, struct csv_parser *csv, const char *text, size_t len)
{
	size_t i = nc_rows_skip_mark(text, len), j;

	p->row_done = true;
	while (i < len && !p->failed) {
		if (p->row_done) {
			j = nc_rows_skip_idle(text, len, i);
			if (j > i) {
				p->line++;
				p->field_line = p->line;
				i = j;
				continue;
			}
			p->row_done = false;
			p->field_line = p->line;
			p->field_column = p->column = 1;
		}
		feed(p, csv, text[i++]);
	}
	/* After an error csv_fini would deliver what is left of the row. */
	if (!p->failed && csv_fini(csv, on_field, on_row, p) != 0)
		fail(p, p->line, p->column, "quote without end", NULL);
	if (!p->failed && !p->have_header)
		fail(p, 1, 1, "no header row", NULL);
	else if (!p->failed && p->nrows == 0 && p->format->none != NULL)
		fail(p, p->line, 1, p->format->none, NULL);
}

int
nc_rows_read(const char *text, size_t len, const char *path,
    const struct nc_rows_format *format, void *arg, char error[NC_ROWS_ERROR])
{
	struct nc_rows p = { .format = format,
		.arg = arg,
		.path = path,
		.error = error,
		.line = 1,
		.column = 1,
		.field_line = 1,
		.field_column = 1 };
	struct csv_parser csv;
	size_t i;

	if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI) != 0) {
		fail(&p, 1, 1, "libcsv does not work", NULL);
	} else {
		parse(&p, &csv, text, len);
		csv_free(&csv);
	}
	for (i = 0; i < p.nfields; i++)
		free(p.fields[i].text);
	return p.failed ? -1 : 0;
}
