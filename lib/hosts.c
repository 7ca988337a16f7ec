/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The hosts file, read with libcsv.
 *
 * libcsv counts no lines and knows no comments: it is fed byte by byte, so
 * that each field's place is known, and comment lines are taken out before.
 */
#include "hosts.h"

#include "map.h"
#include "tracename.h"
#include "util.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum column { COL_HOST, COL_TRACE, COL_ADDRESS, COL_NAT, COL_FORMAT, COLUMNS };

static const char *const column_names[COLUMNS] = {
	"host",
	"trace",
	"address",
	"nat",
	"format",
};

#define FIELDS_MAX 16

struct field {
	char *text;
	size_t len;
	size_t line, column; /* where it starts */
};

struct parser {
	const char *path;
	char *error;
	bool failed;
	bool check;
	size_t line, column; /* of the next byte */
	size_t field_line, field_column;
	struct field fields[FIELDS_MAX];
	size_t nfields;
	bool have_header;
	enum column columns[FIELDS_MAX];
	size_t ncolumns;
	bool row_done; /* the byte ended a row */
	struct nc_hosts *hosts;
	size_t rows_cap;
	struct nc_map traces; /* hash of path: rows so far */
};

static void
fail(struct parser *p, size_t line, size_t column, const char *what,
    const char *text)
{
	if (p->failed)
		return;
	p->failed = true;
	if (text == NULL)
		snprintf(p->error, NC_HOSTS_ERROR, "%s:%zu:%zu: %s", p->path,
		    line, column, what);
	else
		snprintf(p->error, NC_HOSTS_ERROR, "%s:%zu:%zu: %s \"%.80s\"",
		    p->path, line, column, what, text);
}

static void
fail_at(
    struct parser *p, const struct field *f, const char *what, const char *text)
{
	char shown[84];
	size_t i;

	/* Text of the user's file, made fit for a terminal. */
	if (text != NULL) {
		for (i = 0; i < sizeof(shown) - 1 && text[i] != '\0'; i++)
			shown[i] = (unsigned char)text[i] < 0x20 ||
				text[i] == 0x7f ?
			    '?' :
			    text[i];
		shown[i] = '\0';
		text = shown;
	}
	fail(p, f->line, f->column, what, text);
}

static void
on_field(void *data, size_t len, void *arg)
{
	struct parser *p = arg;
	struct field *f;

	if (p->failed)
		return;
	if (p->nfields == FIELDS_MAX) {
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
		fail_at(p, f, "NUL byte", NULL);
}

static void
take_header(struct parser *p)
{
	bool seen[COLUMNS] = { false };
	size_t i, c;

	for (i = 0; i < p->nfields; i++) {
		for (c = 0; c < COLUMNS; c++)
			if (strcmp(p->fields[i].text, column_names[c]) == 0)
				break;
		if (c == COLUMNS) {
			fail_at(p, &p->fields[i], "unknown column",
			    p->fields[i].text);
			return;
		}
		if (seen[c]) {
			fail_at(p, &p->fields[i], "second column",
			    p->fields[i].text);
			return;
		}
		seen[c] = true;
		p->columns[i] = (enum column)c;
	}
	p->ncolumns = p->nfields;
	for (c = COL_HOST; c <= COL_TRACE; c++)
		if (!seen[c])
			fail(p, p->fields[0].line, 1, "missing column",
			    column_names[c]);
	p->have_header = true;
}

/* The next word between blanks; false at the end. */
static bool
next_word(const char **s, const char **word, size_t *len)
{
	*s += strspn(*s, " \t\r\n");
	*word = *s;
	*len = strcspn(*s, " \t\r\n");
	*s += *len;
	return *len > 0;
}

static void
take_addresses(
    struct parser *p, struct nc_hosts_row *row, const struct field *f)
{
	const char *s = f->text, *word;
	struct nc_addr a;
	size_t len, cap = 0;
	char *shown;

	while (next_word(&s, &word, &len)) {
		if (nc_addr_parse(word, len, &a) < 0 || a.port != 0) {
			shown = nc_xstrndup(word, len);
			fail_at(p, f, "bad address", shown);
			free(shown);
			return;
		}
		row->addresses =
		    nc_grow(row->addresses, row->naddresses, &cap, sizeof(a));
		row->addresses[row->naddresses++] = a;
	}
}

static void
take_nat(struct parser *p, struct nc_hosts_row *row, const struct field *f)
{
	const char *s = f->text, *word, *equals;
	struct nc_hosts_nat n;
	size_t len, cap = 0;
	char *shown;

	while (next_word(&s, &word, &len)) {
		equals = memchr(word, '=', len);
		if (equals == NULL ||
		    nc_addr_parse(word, (size_t)(equals - word), &n.inside) <
			0 ||
		    nc_addr_parse(equals + 1, (size_t)(word + len - equals - 1),
			&n.outside) < 0 ||
		    (n.inside.port == 0) != (n.outside.port == 0)) {
			shown = nc_xstrndup(word, len);
			fail_at(p, f, "bad translation", shown);
			free(shown);
			return;
		}
		row->nat = nc_grow(row->nat, row->nnat, &cap, sizeof(n));
		row->nat[row->nnat++] = n;
	}
}

/* Length of the folder that a path starts from: the hosts file's. */
static size_t
folder(const char *hosts, const char *file)
{
	const char *slash = strrchr(hosts, '/');

	return file[0] == '/' || slash == NULL ? 0 :
						 (size_t)(slash - hosts) + 1;
}

static char *
resolve_path(const char *hosts, const char *file)
{
	size_t dir = folder(hosts, file), len = strlen(file);
	char *path;

	path = nc_xmalloc(dir + len + 1);
	memcpy(path, hosts, dir);
	memcpy(path + dir, file, len + 1);
	return path;
}

static void
free_row(struct nc_hosts_row *row)
{
	free(row->host);
	free(row->trace);
	free(row->file);
	free(row->format);
	free(row->addresses);
	free(row->nat);
}

static void
check_row(struct parser *p, const struct nc_hosts_row *row,
    const struct field *host, const struct field *trace)
{
	uint64_t key;

	if (row->host == NULL || row->host[0] == '\0') {
		fail_at(p, host, "empty host", NULL);
		return;
	}
	if (row->file == NULL || row->file[0] == '\0') {
		fail_at(p, trace, "empty trace", NULL);
		return;
	}
	key = nc_hash(row->trace, strlen(row->trace), 1);
	if (nc_map_put(&p->traces, key, p) != NULL)
		fail_at(p, trace, "duplicate trace", row->file);
	if (p->check && access(row->trace, R_OK) < 0) {
		char what[128];

		snprintf(what, sizeof(what), "%s:", strerror(errno));
		fail_at(p, trace, what, row->file);
	}
}

static void
add_row(struct parser *p, struct nc_hosts_row *row, const struct field *host,
    const struct field *trace)
{
	if (!p->failed)
		check_row(p, row, host, trace);
	if (p->failed) {
		free_row(row);
		return;
	}
	p->hosts->rows = nc_grow(
	    p->hosts->rows, p->hosts->nrows, &p->rows_cap, sizeof(*row));
	p->hosts->rows[p->hosts->nrows++] = *row;
}

/*
 * A row whose trace is a pattern: a row for each file, of which the first has
 * what the user knows of the host.
 */
static void
add_rows(struct parser *p, struct nc_hosts_row *row, const struct field *host,
    const struct field *trace)
{
	size_t dir = folder(p->path, row->file), n, i;
	struct nc_hosts_row next;
	char **files;

	files = nc_tracename_expand(row->trace, dir, &n);
	if (n == 0)
		fail_at(p, trace, "no such files:", row->file);
	for (i = 0; i < n; i++) {
		memset(&next, 0, sizeof(next));
		if (i == 0) {
			next = *row;
			memset(row, 0, sizeof(*row));
			free(next.trace);
			free(next.file);
			row->host = nc_xstrdup(next.host);
			if (next.format != NULL)
				row->format = nc_xstrdup(next.format);
			row->format_line = next.format_line;
			row->format_column = next.format_column;
		} else {
			next.host = nc_xstrdup(row->host);
			if (row->format != NULL)
				next.format = nc_xstrdup(row->format);
			next.format_line = row->format_line;
			next.format_column = row->format_column;
		}
		next.trace = files[i];
		next.file = nc_xstrdup(files[i] + dir);
		add_row(p, &next, host, trace);
	}
	free(files);
	free_row(row);
}

static void
take_row(struct parser *p)
{
	struct nc_hosts_row row;
	struct field *f, *host = NULL, *trace = NULL;
	size_t i;

	memset(&row, 0, sizeof(row));
	if (p->nfields > p->ncolumns) {
		fail_at(p, &p->fields[p->ncolumns], "more fields than columns",
		    p->fields[p->ncolumns].text);
		return;
	}
	host = trace = &p->fields[0];
	for (i = 0; i < p->nfields && !p->failed; i++) {
		f = &p->fields[i];
		switch (p->columns[i]) {
		case COL_HOST:
			row.host = nc_xstrdup(f->text);
			host = f;
			break;
		case COL_TRACE:
			row.file = nc_xstrdup(f->text);
			row.trace = resolve_path(p->path, f->text);
			trace = f;
			break;
		case COL_ADDRESS:
			take_addresses(p, &row, f);
			break;
		case COL_NAT:
			take_nat(p, &row, f);
			break;
		default:
			if (f->len > 0)
				row.format = nc_xstrdup(f->text);
			row.format_line = f->line;
			row.format_column = f->column;
			break;
		}
	}
	/* A file of that very name is meant itself. */
	if (p->check && !p->failed && row.host != NULL && row.file != NULL &&
	    nc_tracename_is_pattern(row.file) && access(row.trace, F_OK) < 0)
		add_rows(p, &row, host, trace);
	else
		add_row(p, &row, host, trace);
}

static void
on_row(int c, void *arg)
{
	struct parser *p = arg;
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

/* Past the line's end if a blank or comment line begins here, else i. */
static size_t
skip_idle(const char *text, size_t len, size_t i)
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

/* Feeds one byte, keeping count of lines and columns. */
static void
feed(struct parser *p, struct csv_parser *csv, char c)
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
parse(struct parser *p, struct csv_parser *csv, const char *text, size_t len)
{
	size_t i = 0, j;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	p->row_done = true;
	while (i < len && !p->failed) {
		if (p->row_done) {
			j = skip_idle(text, len, i);
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
	else if (!p->failed && p->hosts->nrows == 0)
		fail(p, p->line, 1, "no traces", NULL);
}

struct nc_hosts *
nc_hosts_parse(const char *text, size_t len, const char *path, bool check,
    char error[NC_HOSTS_ERROR])
{
	struct parser p;
	struct csv_parser csv;
	size_t i;

	memset(&p, 0, sizeof(p));
	p.path = path;
	p.error = error;
	p.check = check;
	p.line = p.column = 1;
	p.field_line = p.field_column = 1;
	p.hosts = nc_xcalloc(1, sizeof(*p.hosts));
	if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI) != 0) {
		fail(&p, 1, 1, "libcsv does not work", NULL);
	} else {
		parse(&p, &csv, text, len);
		csv_free(&csv);
	}
	nc_map_fini(&p.traces);
	for (i = 0; i < p.nfields; i++)
		free(p.fields[i].text);
	if (p.failed) {
		nc_hosts_free(p.hosts);
		return NULL;
	}
	return p.hosts;
}

void
nc_hosts_free(struct nc_hosts *h)
{
	size_t i;

	if (h == NULL)
		return;
	for (i = 0; i < h->nrows; i++)
		free_row(&h->rows[i]);
	free(h->rows);
	free(h);
}

/* One field of a header row without its blanks and quotes. */
static bool
field_is(const char *p, const char *end, const char *name)
{
	size_t n = strlen(name);

	while (p < end && (*p == ' ' || *p == '\t' || *p == '"'))
		p++;
	while (end > p &&
	    (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r' ||
		end[-1] == '"'))
		end--;
	return (size_t)(end - p) == n && memcmp(p, name, n) == 0;
}

bool
nc_hosts_detect(const char *text, size_t len)
{
	const char *p, *end, *comma;
	bool host = false, trace = false;
	size_t i = 0, j;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	while (i < len && (j = skip_idle(text, len, i)) > i)
		i = j;
	if (i >= len)
		return false;
	p = text + i;
	end = memchr(p, '\n', len - i);
	if (end == NULL)
		end = text + len;
	/* A call whose payload holds such words is no row of names. */
	if (memchr(p, '(', (size_t)(end - p)) != NULL)
		return false;
	while (p <= end) {
		comma = p < end ? memchr(p, ',', (size_t)(end - p)) : NULL;
		if (comma == NULL)
			comma = end;
		host = host || field_is(p, comma, "host");
		trace = trace || field_is(p, comma, "trace");
		p = comma + 1;
	}
	return host && trace;
}
