/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Records that outlive their stream, each one block of memory.
 */
#include "keep.h"

#include <string.h>

#include "util.h"

static struct nc_bytes *
bytes_at(void *rec, const struct nc_field *f)
{
	return (struct nc_bytes *)(void *)((char *)rec + f->offset);
}

/* Cuts a field of the copy to what is kept of it. */
static void
limit(struct nc_bytes *v, enum nc_type type, size_t longest)
{
	if (v->len <= longest)
		return;
	if (type == NC_RAW)
		*v = (struct nc_bytes){ NULL, 0 };
	else
		v->len = longest;
}

void *
keep(enum nc_kind kind, const void *rec, size_t longest)
{
	const struct nc_schema *s = nc_schema(kind);
	size_t need = s->size;
	struct nc_bytes v;
	char *copy, *at;

	for (size_t i = 0; i < s->nfields; i++) {
		if (s->fields[i].type == NC_INT)
			continue;
		memcpy(&v, (const char *)rec + s->fields[i].offset, sizeof(v));
		limit(&v, s->fields[i].type, longest);
		need += v.len;
	}
	copy = nc_xmalloc(need);
	memcpy(copy, rec, s->size);
	at = copy + s->size;
	for (size_t i = 0; i < s->nfields; i++) {
		struct nc_bytes *b;

		if (s->fields[i].type == NC_INT)
			continue;
		b = bytes_at(copy, &s->fields[i]);
		limit(b, s->fields[i].type, longest);
		if (b->p == NULL)
			continue;
		if (b->len > 0)
			memcpy(at, b->p, b->len);
		b->p = at;
		at += b->len;
	}
	return copy;
}
