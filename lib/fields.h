/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The fields of all record kinds as a constant that the compiler sees: for
 * lib/record.c and lib/pack.c alone; others ask nc_schema.
 */
#ifndef NC_FIELDS_H
#define NC_FIELDS_H

#include "record.h"

static const struct nc_field nc_fields[] = {
#define NC_KIND(k)
#define NC_SAME(k, other)
#define NC_FIELD(k, m, n, t) { n, NC_##t, offsetof(struct nc_##k, m) },
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
};

/* A kind has as many fields as its struct here has bytes after the first. */
struct nc_count_structs {
	char before_the_first;
/* clang-format off */
#define NC_KIND(k) }; struct nc_count_##k { char kind;
/* clang-format on */
#define NC_SAME(k, other)
#define NC_FIELD(k, m, n, t) char m;
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
};
#define NC_FIELDS_COUNT(k) (sizeof(struct nc_count_##k) - 1)

/* A byte a kind and a byte a field: offsets tell where a kind's fields begin. */
struct nc_all_fields {
#define NC_KIND(k) char at_##k;
#define NC_SAME(k, other) char at_##k;
#define NC_FIELD(k, m, n, t) char k##_##m;
#include "record.def"
#undef NC_KIND
#undef NC_SAME
#undef NC_FIELD
};
#define NC_FIELDS_FIRST(k) \
	(offsetof(struct nc_all_fields, at_##k) - ((size_t)NC_KIND_##k - 1))

#endif
