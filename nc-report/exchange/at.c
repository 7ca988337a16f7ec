/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * From a line of a trace to its call.
 */
#include <stdlib.h>

#include "exchange.h"
#include "util.h"

static int
by_line(const void *a, const void *b)
{
	const struct exchange_line *p = a, *q = b;

	if (p->file != q->file)
		return p->file < q->file ? -1 : 1;
	if (p->line != q->line)
		return p->line < q->line ? -1 : 1;
	return p->call < q->call ? -1 : p->call > q->call;
}

/* Traces of one host whose files are called the same are one file. */
static void
index_files(struct exchange *x)
{
	x->same = nc_xcalloc((size_t)x->nfiles + 1, sizeof(*x->same));
	for (uint32_t i = 0; i < x->nfiles; i++) {
		const struct exchange_file *f = &x->files[i];
		struct table_entry *e =
		    table_get(&x->by_path, nc_str(x->names[f->host]), f->name);

		if (e->value == NULL)
			e->value = &x->files[i];
		x->same[i] =
		    (uint32_t)((struct exchange_file *)e->value - x->files);
	}
}

static void
index_lines(struct exchange *x)
{
	index_files(x);
	x->lines = nc_xcalloc((size_t)x->ncalls + 1, sizeof(*x->lines));
	for (uint32_t i = 0; i < x->ncalls; i++)
		x->lines[i] = (struct exchange_line){ x->same[x->calls[i].file],
			x->calls[i].line, i };
	qsort(x->lines, x->ncalls, sizeof(*x->lines), by_line);
}

uint32_t
exchange_at(struct exchange *x, struct nc_bytes host, struct nc_bytes file,
    int64_t line)
{
	const struct table_entry *e;
	uint32_t low = 0, high = x->ncalls;
	struct exchange_line key = { 0 };

	if (x->lines == NULL)
		index_lines(x);
	e = table_find(&x->by_path, host, exchange_name_known(x, file));
	if (e == NULL || line < 0 || line > UINT32_MAX)
		return EXCHANGE_NONE;
	key.file = (uint32_t)((struct exchange_file *)e->value - x->files);
	key.line = (uint32_t)line;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (by_line(&x->lines[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < x->ncalls && x->lines[low].file == key.file &&
		x->lines[low].line == key.line ?
	    x->lines[low].call :
	    EXCHANGE_NONE;
}
