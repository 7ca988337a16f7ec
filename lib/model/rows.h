/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rows of the model's rules (rules.def), and how often each was taken:
 * what a set of recordings has tried of the model.
 * For lib/model only.
 */
#ifndef NC_MODEL_ROWS_H
#define NC_MODEL_ROWS_H

#include "state.h"

enum row {
#define NC_ROW(id, kind, about) ROW_##id,
#include "rules.def"
#undef NC_ROW
	ROWS
};

/* Counts from here on. */
void rows_start(struct nc_model *m);
/* The row was taken. */
static inline void
row_taken(struct nc_model *m, enum row row)
{
	if (m->rows)
		m->rows[row]++;
}
/* ... the one of that id, as a deviation names it. */
void row_named(struct nc_model *m, const char *id);
/* The rows that the call is decided by, in the state before it. */
void rows_of_call(struct offer *o);
/* Writes a count record for each row. */
void rows_write(struct nc_model *m);

#endif
