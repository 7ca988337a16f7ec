/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Pieces of JSON from packed values.
 */
#include "json_value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "util.h"

void
json_drain(struct nc_buf *b, FILE *out, size_t least)
{
	if (b->len >= least && b->len > 0) {
		fwrite(b->p, 1, b->len, out);
		b->len = 0;
	}
}

void
json_raw(struct nc_buf *b, const char *text)
{
	nc_buf_add(b, text, strlen(text));
}

void
json_string(struct nc_buf *b, struct nc_bytes s)
{
	if (s.p == NULL) {
		json_raw(b, "null");
		return;
	}
	nc_buf_add(b, "\"", 1);
	nc_escape_json(b, s.p, s.len);
	nc_buf_add(b, "\"", 1);
}

void
json_int(struct nc_buf *b, int64_t v)
{
	char text[NC_INT_TEXT];
	size_t n;

	if (v == NC_NIL) {
		nc_buf_add(b, "null", 4);
		return;
	}
	n = nc_put_int(text, v);
	nc_buf_add(b, text, n);
}

void
json_key(struct nc_buf *b, const char *name, bool first)
{
	if (!first)
		nc_buf_add(b, ", ", 2);
	nc_buf_add(b, "\"", 1);
	nc_buf_add(b, name, strlen(name));
	nc_buf_add(b, "\": ", 3);
}

static void
json_float(struct nc_buf *b, double d)
{
	char text[40];

	if (!isfinite(d)) {
		json_raw(b, "null");
		return;
	}
	snprintf(text, sizeof(text), "%.17g", d);
	json_raw(b, text);
}

/* JSON knows only text as keys. */
static void
map_key(struct nc_buf *b, struct nc_cursor *c)
{
	struct nc_cursor from = *c;
	struct nc_value v;

	if (nc_cursor_next(c, &v) != 1) {
		json_raw(b, "\"\"");
		return;
	}
	if (v.type == NC_VALUE_STR || v.type == NC_VALUE_BIN) {
		json_string(b, v.bytes);
	} else if (v.type == NC_VALUE_INT) {
		json_raw(b, "\"");
		json_int(b, v.i);
		json_raw(b, "\"");
	} else {
		*c = from;
		nc_cursor_skip(c);
		json_raw(b, "\"?\"");
	}
}

static void
packed(struct nc_buf *b, struct nc_cursor *c, int depth)
{
	struct nc_value v;

	if (nc_cursor_next(c, &v) != 1) {
		c->p = c->end;
		json_raw(b, "null");
		return;
	}
	switch (v.type) {
	case NC_VALUE_NIL:
		json_raw(b, "null");
		break;
	case NC_VALUE_BOOL:
		json_raw(b, v.i != 0 ? "true" : "false");
		break;
	case NC_VALUE_INT:
		json_int(b, v.i);
		break;
	case NC_VALUE_FLOAT:
		json_float(b, v.d);
		break;
	case NC_VALUE_STR:
	case NC_VALUE_BIN:
	case NC_VALUE_EXT:
		json_string(b, v.bytes);
		break;
	case NC_VALUE_ARRAY:
	case NC_VALUE_MAP:
		json_raw(b, v.type == NC_VALUE_MAP ? "{" : "[");
		/* The reader lets no more than 32 levels through. */
		for (size_t i = 0; i < v.n && c->p < c->end && depth < 40;
		     i++) {
			if (i > 0)
				json_raw(b, ", ");
			if (v.type == NC_VALUE_MAP) {
				map_key(b, c);
				json_raw(b, ": ");
			}
			packed(b, c, depth + 1);
		}
		json_raw(b, v.type == NC_VALUE_MAP ? "}" : "]");
		break;
	}
}

void
json_packed(struct nc_buf *b, struct nc_cursor *c)
{
	packed(b, c, 0);
}
