/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A growing hash table from integers to pointers.  Zeroed is empty.
 */
#ifndef NC_TABLE_H
#define NC_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct nc_table_slot {
	uint64_t key;
	void *value; /* NULL: free */
};

struct nc_table {
	struct nc_table_slot *slots;
	size_t len, cap; /* cap is a power of two or 0 */
};

void nc_table_fini(struct nc_table *t);
void *nc_table_get(const struct nc_table *t, uint64_t key);
/* Sets a key's value, not NULL; an earlier one is replaced. */
void nc_table_set(struct nc_table *t, uint64_t key, void *value);
void nc_table_del(struct nc_table *t, uint64_t key);

/*
 * The next used slot from *pos on, or NULL; *pos starts at 0.  The table must
 * not change meanwhile.
 */
struct nc_table_slot *nc_table_next(const struct nc_table *t, size_t *pos);

#endif
