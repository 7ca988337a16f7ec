/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Where a stream's header puts the fields of each kind, and what else its
 * reader and its writer share.  For lib/stream.c and lib/writer.c only.
 */
#ifndef NC_LAYOUT_H
#define NC_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/* Bytes that are read and written at once, where there are as many. */
#define NC_STREAM_BLOCK (256u << 10)

/* The kind of a header. */
#define NC_STREAM_MAGIC "netcheck"

/* Where a header puts the fields of one kind. */
struct nc_layout {
	char *kind;
	enum nc_kind id;
	char **names;
	size_t nnames;
	/*
	 * names begins with the schema's own fields in their order, or is the
	 * beginning of them: field i of the record is field i of the schema.
	 */
	bool straight;
	int *to_schema;  /* index -> schema index or -1 */
	int host, trace; /* indexes of the fields of those names, or -1 */
};

/*
 * The layouts of one header.  Known kinds stand at index kind - 1, so that
 * records find theirs at once; unknown ones follow in the header's order.
 */
struct nc_layouts {
	struct nc_layout *v;
	size_t n, cap;
	uint64_t hash;           /* of the header as read; not 0 */
	struct nc_layouts *next; /* earlier headers: records may outlive them */
};

/* A set with every known kind, its fields not named yet.  Owned by the caller. */
struct nc_layouts *nc_layouts_new(void);

/* Frees the set and all earlier ones that next leads to.  ls may be NULL. */
void nc_layouts_free(struct nc_layouts *ls);

/* Adds a kind of len bytes.  The layout is valid until the next is added. */
struct nc_layout *nc_layouts_add(
    struct nc_layouts *ls, const char *kind, size_t len);

/* The layout of that kind, as long valid; NULL if the set has none. */
struct nc_layout *nc_layouts_find(
    const struct nc_layouts *ls, const char *kind, size_t len);

/* Adds to ours what theirs has beyond; true if that changed anything. */
bool nc_layouts_merge(struct nc_layouts *ours, const struct nc_layouts *theirs);

/* Appends a field of len bytes. */
void nc_layout_name(struct nc_layout *l, const char *name, size_t len);

/* Fills what depends on the names, once all fields have theirs. */
void nc_layout_map(struct nc_layout *l);

/*
 * Of n fields of a record, those at the beginning that the schema has as well,
 * if the layout is straight.
 */
static inline size_t
nc_layout_known(const struct nc_layout *l, size_t n)
{
	size_t m = nc_schema(l->id)->nfields;

	m = l->nnames < m ? l->nnames : m;
	return n < m ? n : m;
}

/* True if every field of in stands at the same place in out. */
bool nc_layout_within(const struct nc_layout *in, const struct nc_layout *out);

#endif
