/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Findings that the user knows of.
 */
#include "ignore.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

/* Far more than anybody writes by hand. */
#define SIZE_LIMIT (1u << 20)

enum column { COL_ID, COL_HOST, COL_ENDPOINT, COL_REASON, COLUMNS };

static const char *const column_names[COLUMNS] = {
	"id",
	"host",
	"endpoint",
	"reason",
};

static struct ignore_rule *
add_rule(struct ignore *g)
{
	struct ignore_rule *r;

	g->rules = nc_grow(g->rules, g->n, &g->cap, sizeof(*g->rules));
	r = &g->rules[g->n++];
	*r = (struct ignore_rule){ 0 };
	return r;
}

static char *
copy(const struct nc_cell *cell)
{
	return cell->len > 0 ? nc_xstrdup(cell->text) : NULL;
}

/* True if some diagnosis has an id that fits. */
static bool
is_any_id(const char *pattern)
{
	const struct nc_diag *d;
	size_t i;

	for (i = 0; (d = nc_diag_at(i)) != NULL; i++)
		if (fnmatch(pattern, d->id, 0) == 0)
			return true;
	return false;
}

static void
take_row(struct nc_rows *rows, const struct nc_cell *cells, void *arg)
{
	struct ignore_rule *r;

	if (cells[COL_ID].len == 0) {
		nc_rows_fail(
		    rows, &cells[COL_ID], "empty id (* stands for all)", NULL);
		return;
	}
	if (!is_any_id(cells[COL_ID].text)) {
		nc_rows_fail(rows, &cells[COL_ID], "no diagnosis has the id",
		    cells[COL_ID].text);
		return;
	}
	r = add_rule(arg);
	r->id = copy(&cells[COL_ID]);
	r->host = copy(&cells[COL_HOST]);
	r->endpoint = copy(&cells[COL_ENDPOINT]);
	r->reason = copy(&cells[COL_REASON]);
}

/* The whole file; NULL with errno. */
static char *
read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *text;
	bool ok;

	if (f == NULL)
		return NULL;
	text = nc_xmalloc(SIZE_LIMIT);
	*len = fread(text, 1, SIZE_LIMIT, f);
	ok = ferror(f) == 0;
	if (ok && *len == SIZE_LIMIT) {
		errno = EFBIG;
		ok = false;
	}
	fclose(f);
	if (ok)
		return text;
	free(text);
	return NULL;
}

int
ignore_read(struct ignore *g, const char *path, char error[NC_ROWS_ERROR])
{
	static const struct nc_rows_format format = { column_names, COLUMNS,
		COL_ID + 1, NULL, take_row };
	size_t len;
	char *text = read_file(path, &len);
	int status;

	if (text == NULL) {
		snprintf(error, NC_ROWS_ERROR, "%s: %s", path, strerror(errno));
		return -1;
	}
	status = nc_rows_read(text, len, path, &format, g, error);
	free(text);
	return status;
}

void
ignore_id(struct ignore *g, const char *id)
{
	add_rule(g)->id = nc_xstrdup(id);
}

static bool
fits_some(const char *pattern, char *const *v, size_t n)
{
	size_t i;

	if (pattern == NULL)
		return true;
	for (i = 0; i < n; i++)
		if (fnmatch(pattern, v[i], 0) == 0)
			return true;
	return false;
}

const struct ignore_rule *
ignore_match(const struct ignore *g, const struct finding *f)
{
	size_t i;

	for (i = 0; i < g->n; i++) {
		const struct ignore_rule *r = &g->rules[i];

		if (fnmatch(r->id, f->diag->id, 0) == 0 &&
		    fits_some(r->host, f->hosts, f->nhosts) &&
		    fits_some(r->endpoint, f->endpoints, f->nendpoints))
			return r;
	}
	return NULL;
}

void
ignore_fini(struct ignore *g)
{
	size_t i;

	for (i = 0; i < g->n; i++) {
		free(g->rules[i].id);
		free(g->rules[i].host);
		free(g->rules[i].endpoint);
		free(g->rules[i].reason);
	}
	free(g->rules);
}
