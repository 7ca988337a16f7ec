/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * JSON lines: any stage's stream, a record a line, as it comes.
 *
 * The members are named by the stream's own header, so that kinds and fields
 * that this version does not know show as well.  Fields that are nil are left
 * out.  The text of a field is a JSON string; a byte of it that is no valid
 * UTF-8 is \u00HH.
 */
#include <stdlib.h>
#include <string.h>

#include "../format.h"
#include "json_value.h"
#include "util.h"

/* A record much larger than the others should not hold its memory. */
#define KEEP (1u << 20)

struct jsonl {
	FILE *out;
	struct nc_buf line;
};

static void *
jsonl_open(const struct format_options *opt)
{
	struct jsonl *j = nc_xcalloc(1, sizeof(*j));

	j->out = opt->out;
	return j;
}

static void
field_name(struct nc_buf *b, const struct nc_record *rec, size_t i)
{
	const char *name = nc_record_field(rec, i);
	char number[32];

	if (name == NULL) {
		snprintf(number, sizeof(number), "#%zu", i);
		name = number;
	} else if (strcmp(name, "record") == 0) {
		name = "#record";
	}
	json_key(b, name, false);
}

static void
jsonl_record(void *state, const struct nc_record *rec)
{
	struct jsonl *j = state;
	struct nc_cursor c = nc_cursor(rec->raw);
	size_t n = nc_cursor_array(&c);

	nc_cursor_skip(&c);
	j->line.len = 0;
	json_raw(&j->line, "{");
	json_key(&j->line, "record", true);
	json_string(&j->line, rec->name);
	for (size_t i = 0; i + 1 < n && c.p < c.end; i++) {
		struct nc_cursor peek = c;
		struct nc_value v;

		if (nc_cursor_next(&peek, &v) == 1 && v.type == NC_VALUE_NIL) {
			c = peek;
			continue;
		}
		field_name(&j->line, rec, i);
		json_packed(&j->line, &c);
	}
	json_raw(&j->line, "}\n");
	fwrite(j->line.p, 1, j->line.len, j->out);
	if (j->line.cap > KEEP)
		nc_buf_fini(&j->line);
}

static void
jsonl_finish(void *state, bool started, bool whole)
{
	struct jsonl *j = state;

	(void)started;
	(void)whole;
	nc_buf_fini(&j->line);
	free(j);
}

const struct format format_jsonl = { "jsonl", jsonl_open, jsonl_record,
	jsonl_finish, NULL };
