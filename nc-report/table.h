/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A growing hash table from (host name, number) to a pointer.
 */
#ifndef NC_REPORT_TABLE_H
#define NC_REPORT_TABLE_H

#include "record.h"

struct table_entry {
	struct table_entry *next;
	void *value; /* the owner's */
	int64_t number;
	size_t len; /* of host */
	char host[];
};

/* Zeroed is empty. */
struct table {
	struct table_entry **slots;
	size_t nslots, n;
};

/* The entry, or NULL. */
struct table_entry *table_find(
    const struct table *t, struct nc_bytes host, int64_t number);

/* The entry, made with value NULL if there is none. */
struct table_entry *table_get(
    struct table *t, struct nc_bytes host, int64_t number);

/* Takes the entry out and frees it; the value is the caller's to free. */
void table_remove(struct table *t, struct table_entry *e);

/* Frees all, values through free_value unless that is NULL. */
void table_fini(struct table *t, void (*free_value)(void *));

#endif
