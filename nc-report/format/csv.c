/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One table as CSV, a row a record, as the records come.
 *
 * Whoever wrote the traces chose some of the text, and spreadsheets run what
 * looks like a formula: such cells get an apostrophe in front.
 */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "../collect.h"
#include "../format.h"
#include "json_value.h"
#include "util.h"

/* How a cell is made of its field. */
enum cell {
	CELL_INT,
	CELL_TEXT,
	CELL_FILE,  /* of the record's host and trace number */
	CELL_WORDS, /* a list of texts, with blanks between them */
	CELL_REFS,  /* "host file:line; ..." */
	CELL_PART,  /* one value of a map */
};

struct column {
	const char *name;
	enum cell cell;
	size_t offset;    /* of the field */
	const char *part; /* of CELL_PART: the value's name */
};

#define INT(kind, m) \
	{ \
#m, CELL_INT, offsetof(struct nc_##kind, m), NULL \
	}
#define TEXT(kind, m) \
	{ \
#m, CELL_TEXT, offsetof(struct nc_##kind, m), NULL \
	}
#define WORDS(kind, m) \
	{ \
#m, CELL_WORDS, offsetof(struct nc_##kind, m), NULL \
	}
#define REFS(kind, m) \
	{ \
#m, CELL_REFS, offsetof(struct nc_##kind, m), NULL \
	}
#define PART(kind, m, part) \
	{ \
#m "." part, CELL_PART, offsetof(struct nc_##kind, m), part \
	}
#define FILE_OF(kind) \
	{ \
		"file", CELL_FILE, offsetof(struct nc_##kind, trace), NULL \
	}
#define DIRECTION(m) \
	PART(connection, m, "sent"), PART(connection, m, "received"), \
	    PART(connection, m, "lost"), PART(connection, m, "writes"), \
	    PART(connection, m, "reads"), PART(connection, m, "loss_cause")

static const struct column findings[] = {
	TEXT(finding, id),
	TEXT(finding, severity),
	INT(finding, confidence),
	TEXT(finding, category),
	WORDS(finding, hosts),
	WORDS(finding, endpoints),
	TEXT(finding, summary),
	TEXT(finding, explanation),
	TEXT(finding, remedy),
	INT(finding, count),
	INT(finding, because_of),
	INT(finding, suppressed),
	TEXT(finding, suppressed_reason),
	REFS(finding, evidence),
};

static const struct column connections[] = {
	INT(connection, connection),
	TEXT(connection, match),
	TEXT(connection, client_host),
	TEXT(connection, client_local),
	TEXT(connection, client_target),
	TEXT(connection, server_host),
	TEXT(connection, server_local),
	TEXT(connection, server_peer),
	TEXT(connection, opened),
	TEXT(connection, closed),
	DIRECTION(to_server),
	DIRECTION(to_client),
	INT(connection, first),
	INT(connection, last),
	REFS(connection, refs),
};

static const struct column flows[] = {
	INT(flow, flow),
	TEXT(flow, match),
	TEXT(flow, sender_host),
	TEXT(flow, source),
	TEXT(flow, receiver_host),
	TEXT(flow, destination),
	INT(flow, sent),
	INT(flow, received),
	INT(flow, lost),
	INT(flow, bytes_sent),
	INT(flow, bytes_received),
	INT(flow, bytes_lost),
	INT(flow, duplicated),
	INT(flow, reordered),
	INT(flow, truncated),
	TEXT(flow, loss_cause),
	REFS(flow, refs),
};

static const struct column hosts[] = {
	TEXT(end, host),
	FILE_OF(end),
	INT(end, lines),
	INT(end, bytes),
	INT(end, calls),
	INT(end, records),
	INT(end, joined),
	INT(end, open),
	INT(end, truncated),
	INT(end, rejected),
	INT(end, processes),
	INT(end, unfollowed),
	INT(end, late),
	INT(end, cut),
	INT(end, timed),
	INT(end, failed),
	WORDS(end, hidden),
	WORDS(end, options),
};

static const struct table_of {
	const char *name;
	enum nc_kind kind;
	const struct column *columns;
	size_t ncolumns;
} tables[] = {
#define TABLE(name, kind) \
	{ \
#name, NC_KIND_##kind, name, sizeof(name) / sizeof(name[0]) \
	}
	TABLE(findings, finding),
	TABLE(connections, connection),
	TABLE(flows, flow),
	TABLE(hosts, end),
};

union row {
	struct nc_finding finding;
	struct nc_connection connection;
	struct nc_flow flow;
	struct nc_end end;
};

struct csv {
	FILE *out;
	const struct table_of *table;
	bool headed;
	struct nc_buf cell;
	struct collected c; /* of the hosts' files */
};

static const struct table_of *
table_of(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(tables[i].name, name) == 0)
			return &tables[i];
	return NULL;
}

bool
format_csv_has(const char *table)
{
	return table_of(table) != NULL;
}

static void *
csv_open(const struct format_options *opt)
{
	static const struct collect_limits none = { 0 };
	struct csv *s = nc_xcalloc(1, sizeof(*s));

	s->out = opt->out;
	s->table = table_of(opt->table);
	collect_init(&s->c, &none);
	return s;
}

static void
add_text(struct nc_buf *b, struct nc_bytes v)
{
	nc_buf_add(b, v.p, v.len);
}

static void
add_words(struct nc_buf *b, struct nc_bytes raw)
{
	struct nc_cursor c = nc_cursor(raw);
	size_t n = nc_cursor_array(&c);

	for (size_t i = 0; i < n && c.p < c.end; i++) {
		if (i > 0)
			json_raw(b, " ");
		add_text(b, nc_cursor_str(&c));
	}
}

static void
add_refs(struct csv *s, struct nc_bytes raw)
{
	struct nc_cursor c = nc_cursor(raw);
	size_t n = nc_cursor_array(&c);
	struct nc_buf *b = &s->cell;

	for (size_t i = 0; i < n && c.p < c.end; i++) {
		struct ref r = ref_read(&s->c, &c);

		if (i > 0)
			json_raw(b, "; ");
		add_text(b, r.host);
		json_raw(b, " ");
		add_text(b, r.file);
		json_raw(b, ":");
		json_int(b, r.line);
	}
}

static void
add_int(struct nc_buf *b, int64_t v)
{
	if (v != NC_NIL)
		json_int(b, v);
}

static void
fill_cell(struct csv *s, const struct column *k, const void *row)
{
	const void *at = (const char *)row + k->offset;
	const struct nc_bytes *v = at;
	const int64_t *n = at;
	struct nc_buf *b = &s->cell;

	b->len = 0;
	switch (k->cell) {
	case CELL_INT:
		add_int(b, *n);
		break;
	case CELL_TEXT:
		add_text(b, *v);
		break;
	case CELL_FILE:
		add_text(b,
		    collect_file(
			&s->c, ((const struct nc_end *)row)->host, *n));
		break;
	case CELL_WORDS:
		add_words(b, *v);
		break;
	case CELL_REFS:
		add_refs(s, *v);
		break;
	case CELL_PART:
		add_int(b, nc_find_int(*v, k->part));
		add_text(b, nc_find_str(*v, k->part));
		break;
	}
}

static bool
would_run(const struct nc_buf *b)
{
	return b->len > 0 && memchr("=+-@\t\r", b->p[0], 6) != NULL;
}

static void
put_cell(struct csv *s, const struct column *k, const void *row)
{
	static const char defused[] = "'";
	struct nc_buf *b = &s->cell;

	fill_cell(s, k, row);
	if (k->cell != CELL_INT && would_run(b)) {
		nc_buf_add(b, defused, 1);
		memmove(b->p + 1, b->p, b->len - 1);
		b->p[0] = defused[0];
	}
	csv_fwrite(s->out, b->len > 0 ? b->p : "", b->len);
}

static void
put_row(struct csv *s, const void *row)
{
	const struct table_of *t = s->table;

	for (size_t i = 0; i < t->ncolumns; i++) {
		if (i > 0)
			putc(',', s->out);
		if (row != NULL)
			put_cell(s, &t->columns[i], row);
		else
			fputs(t->columns[i].name, s->out);
	}
	/* The line's end of RFC 4180. */
	fputs("\r\n", s->out);
}

static void
put_head(struct csv *s)
{
	if (!s->headed)
		put_row(s, NULL);
	s->headed = true;
}

static void
csv_record(void *state, const struct nc_record *rec)
{
	struct csv *s = state;
	union row row;

	if (rec->kind == NC_KIND_host)
		collect_record(&s->c, rec);
	if (rec->kind != s->table->kind || nc_record_decode(rec, &row) < 0)
		return;
	put_head(s);
	put_row(s, &row);
}

static void
csv_finish(void *state, bool started, bool whole)
{
	struct csv *s = state;

	(void)whole;
	if (started)
		put_head(s);
	nc_buf_fini(&s->cell);
	collect_fini(&s->c);
	free(s);
}

const struct format format_csv = { "csv", csv_open, csv_record, csv_finish,
	NULL };
