/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The hosts file: the columns' meaning.
 */
#include "hosts.h"

#include "map.h"
#include "rows.h"
#include "tracename.h"
#include "util.h"

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

struct parser {
	const char *path;
	struct nc_rows *rows; /* for errors */
	bool check;
	struct nc_hosts *hosts;
	size_t rows_cap;
	struct nc_map traces; /* hash of path: rows so far */
};

static void
fail_at(const struct parser *p, const struct nc_cell *f, const char *what,
    const char *text)
{
	nc_rows_fail(p->rows, f, what, text);
}

static bool
failed(const struct parser *p)
{
	return nc_rows_failed(p->rows);
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
    struct parser *p, struct nc_hosts_row *row, const struct nc_cell *f)
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
take_nat(struct parser *p, struct nc_hosts_row *row, const struct nc_cell *f)
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
    const struct nc_cell *host, const struct nc_cell *trace)
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
add_row(struct parser *p, struct nc_hosts_row *row, const struct nc_cell *host,
    const struct nc_cell *trace)
{
	if (!failed(p))
		check_row(p, row, host, trace);
	if (failed(p)) {
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
add_rows(struct parser *p, struct nc_hosts_row *row, const struct nc_cell *host,
    const struct nc_cell *trace)
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
take_row(struct nc_rows *rows, const struct nc_cell *fields, void *arg)
{
	struct parser *p = arg;
	const struct nc_cell *host = &fields[COL_HOST];
	const struct nc_cell *trace = &fields[COL_TRACE];
	const struct nc_cell *format = &fields[COL_FORMAT];
	struct nc_hosts_row row = { 0 };

	p->rows = rows;
	if (host->text != NULL)
		row.host = nc_xstrdup(host->text);
	if (trace->text != NULL) {
		row.file = nc_xstrdup(trace->text);
		row.trace = resolve_path(p->path, trace->text);
	}
	if (format->len > 0)
		row.format = nc_xstrdup(format->text);
	row.format_line = format->line;
	row.format_column = format->column;
	if (fields[COL_ADDRESS].text != NULL)
		take_addresses(p, &row, &fields[COL_ADDRESS]);
	if (fields[COL_NAT].text != NULL)
		take_nat(p, &row, &fields[COL_NAT]);
	/* A file of that very name is meant itself. */
	if (p->check && !failed(p) && row.host != NULL && row.file != NULL &&
	    nc_tracename_is_pattern(row.file) && access(row.trace, F_OK) < 0)
		add_rows(p, &row, host, trace);
	else
		add_row(p, &row, host, trace);
}

struct nc_hosts *
nc_hosts_parse(const char *text, size_t len, const char *path, bool check,
    char error[NC_HOSTS_ERROR])
{
	static const struct nc_rows_format format = { column_names, COLUMNS,
		COL_TRACE + 1, "no traces", take_row };
	struct parser p = { .path = path, .check = check };
	int status;

	p.hosts = nc_xcalloc(1, sizeof(*p.hosts));
	status = nc_rows_read(text, len, path, &format, &p, error);
	nc_map_fini(&p.traces);
	if (status != 0) {
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
	size_t i = nc_rows_skip_mark(text, len), j;

	while (i < len && (j = nc_rows_skip_idle(text, len, i)) > i)
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
