/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * lib/layout: which fields a header puts where.
 */
#include "layout.h"

#include <string.h>

#include "tap.h"

static struct nc_layout *
add(struct nc_layouts *ls, const char *kind)
{
	return nc_layouts_add(ls, kind, strlen(kind));
}

static struct nc_layout *
find(const struct nc_layouts *ls, const char *kind)
{
	return nc_layouts_find(ls, kind, strlen(kind));
}

static void
name(struct nc_layout *l, const char *field)
{
	nc_layout_name(l, field, strlen(field));
}

static void
kinds(void)
{
	struct nc_layouts *ls = nc_layouts_new();
	bool good = true;
	int k;

	for (k = 1; k < NC_KINDS; k++)
		good = good &&
		    find(ls, nc_schema((enum nc_kind)k)->kind) == &ls->v[k - 1];
	ok(good, "every known kind is at its own index");
	ok(find(ls, "strange") == NULL, "an unknown kind is not there");
	add(ls, "strange");
	ok(find(ls, "strange") == &ls->v[NC_KINDS - 1],
	    "until it is added, after the known ones");
	ok(find(ls, "strang") == NULL, "the beginning of its name is another");
	nc_layouts_free(ls);
}

static void
mapping(void)
{
	const struct nc_schema *s = nc_schema(NC_KIND_call);
	struct nc_layouts *ls = nc_layouts_new();
	struct nc_layout *l = find(ls, s->kind);

	name(l, s->fields[0].name);
	name(l, s->fields[1].name);
	name(l, s->fields[2].name);
	nc_layout_map(l);
	ok(l->straight, "the beginning of the schema is straight");
	nc_layouts_free(ls);

	ls = nc_layouts_new();
	l = find(ls, s->kind);
	name(l, s->fields[2].name);
	name(l, "strange");
	name(l, s->fields[0].name);
	nc_layout_map(l);
	ok(!l->straight, "another order is not");
	ok(l->to_schema[0] == 2 && l->to_schema[1] == -1 &&
		l->to_schema[2] == 0,
	    "each field is found by its name, a strange one nowhere");
	nc_layouts_free(ls);
}

static void
merging(void)
{
	struct nc_layouts *ours = nc_layouts_new(), *theirs = nc_layouts_new();
	struct nc_layout *a, *b;

	name(add(ours, "strange"), "one");
	b = add(theirs, "strange");
	name(b, "one");
	name(b, "two");
	name(add(theirs, "other"), "three");

	a = find(ours, "strange");
	ok(nc_layout_within(a, b), "fewer fields at the same places fit");
	ok(!nc_layout_within(b, a), "more do not");
	ok(nc_layouts_merge(ours, theirs), "a merge tells of what is new");
	a = find(ours, "strange");
	ok(a->nnames == 2 && strcmp(a->names[0], "one") == 0 &&
		strcmp(a->names[1], "two") == 0,
	    "new fields come after those there were");
	ok(find(ours, "other") && find(ours, "other")->nnames == 1,
	    "and new kinds with their fields");
	ok(!nc_layouts_merge(ours, theirs), "a second merge changes nothing");
	name(a, "three");
	name(b, "four");
	name(b, "three");
	ok(!nc_layout_within(b, a) && !nc_layout_within(a, b),
	    "another place for a field does not fit");
	nc_layouts_free(ours);
	nc_layouts_free(theirs);
}

int
main(void)
{
	kinds();
	mapping();
	merging();
	return done();
}
