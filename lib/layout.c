/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 */
#include "layout.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

/* The first field of that name; -1 if there is none. */
static int
index_of(const struct nc_layout *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->nnames; i++)
		if (strcmp(l->names[i], name) == 0)
			return (int)i;
	return -1;
}

void
nc_layout_map(struct nc_layout *l)
{
	const struct nc_schema *s;
	size_t i, j;

	l->to_schema = nc_xcalloc(l->nnames, sizeof(int));
	l->straight = true;
	l->host = index_of(l, "host");
	l->trace = index_of(l, "trace");
	if (l->id == NC_KIND_NONE)
		return;
	s = nc_schema(l->id);
	for (i = 0; i < l->nnames; i++) {
		l->to_schema[i] = -1;
		for (j = 0; j < s->nfields; j++)
			if (strcmp(s->fields[j].name, l->names[i]) == 0)
				l->to_schema[i] = (int)j;
		if (i < s->nfields && l->to_schema[i] != (int)i)
			l->straight = false;
	}
}

struct nc_layout *
nc_layouts_add(struct nc_layouts *ls, const char *kind, size_t len)
{
	struct nc_layout *l;

	ls->v = nc_grow(ls->v, ls->n, &ls->cap, sizeof(*ls->v));
	l = &ls->v[ls->n++];
	memset(l, 0, sizeof(*l));
	l->kind = nc_xstrndup(kind, len);
	l->id = nc_kind_of(kind, len);
	return l;
}

void
nc_layout_name(struct nc_layout *l, const char *name, size_t len)
{
	l->names = nc_xreallocarray(l->names, l->nnames + 1, sizeof(char *));
	l->names[l->nnames++] = nc_xstrndup(name, len);
}

struct nc_layout *
nc_layouts_find(const struct nc_layouts *ls, const char *kind, size_t len)
{
	enum nc_kind id = nc_kind_of(kind, len);
	size_t i;

	if (id != NC_KIND_NONE)
		return &ls->v[id - 1];
	for (i = NC_KINDS - 1; i < ls->n; i++)
		if (strlen(ls->v[i].kind) == len &&
		    memcmp(ls->v[i].kind, kind, len) == 0)
			return &ls->v[i];
	return NULL;
}

struct nc_layouts *
nc_layouts_new(void)
{
	struct nc_layouts *ls = nc_xcalloc(1, sizeof(*ls));
	int k;

	for (k = 1; k < NC_KINDS; k++) {
		const char *kind = nc_schema((enum nc_kind)k)->kind;

		nc_layouts_add(ls, kind, strlen(kind));
	}
	return ls;
}

void
nc_layouts_free(struct nc_layouts *ls)
{
	struct nc_layouts *next;
	size_t i, j;

	for (; ls; ls = next) {
		next = ls->next;
		for (i = 0; i < ls->n; i++) {
			for (j = 0; j < ls->v[i].nnames; j++)
				free(ls->v[i].names[j]);
			free(ls->v[i].names);
			free(ls->v[i].to_schema);
			free(ls->v[i].kind);
		}
		free(ls->v);
		free(ls);
	}
}

static bool
has_name(const struct nc_layout *l, const char *name)
{
	size_t i;

	for (i = 0; i < l->nnames; i++)
		if (strcmp(l->names[i], name) == 0)
			return true;
	return false;
}

bool
nc_layouts_merge(struct nc_layouts *ours, const struct nc_layouts *theirs)
{
	bool changed = false;
	size_t i, j;

	for (i = 0; i < theirs->n; i++) {
		const struct nc_layout *t = &theirs->v[i];
		struct nc_layout *l =
		    nc_layouts_find(ours, t->kind, strlen(t->kind));

		if (!l) {
			l = nc_layouts_add(ours, t->kind, strlen(t->kind));
			changed = true;
		}
		for (j = 0; j < t->nnames; j++)
			if (!has_name(l, t->names[j])) {
				nc_layout_name(
				    l, t->names[j], strlen(t->names[j]));
				changed = true;
			}
	}
	return changed;
}

bool
nc_layout_within(const struct nc_layout *in, const struct nc_layout *out)
{
	size_t i;

	if (in->nnames > out->nnames)
		return false;
	for (i = 0; i < in->nnames; i++)
		if (strcmp(in->names[i], out->names[i]) != 0)
			return false;
	return true;
}
