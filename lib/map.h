/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A table from 64-bit keys to pointers: open addressing, linear probing,
 * deletion without tombstones.  Keys are spread by nc_hash_int, so numbers
 * in sequence are fine; a key made by nc_hash stands for its content.
 */
#ifndef NC_MAP_H
#define NC_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "util.h"

struct nc_slot {
	uint64_t key;
	void *value; /* NULL: free */
};

/* Zeroed is empty. */
struct nc_map {
	struct nc_slot *slots;
	size_t n, cap; /* cap is 0 or a power of two */
};

void nc_map_fini(struct nc_map *m); /* the values stay */
void nc_map_free(struct nc_map *m); /* frees the values, too */

/* Where key would stand if it were alone; the table is not empty. */
static inline size_t
nc_map_home(const struct nc_map *m, uint64_t key)
{
	return (size_t)nc_hash_int(key) & (m->cap - 1);
}

/* The slot of key, or the free one where it would go. */
static inline size_t
nc_map_find(const struct nc_map *m, uint64_t key)
{
	size_t i = nc_map_home(m, key);

	while (m->slots[i].value && m->slots[i].key != key)
		i = (i + 1) & (m->cap - 1);
	return i;
}

/* The value of key, or NULL. */
static inline void *
nc_map_get(const struct nc_map *m, uint64_t key)
{
	return m->n ? m->slots[nc_map_find(m, key)].value : NULL;
}

/* Sets key to value (not NULL); returns the value it replaces, or NULL. */
void *nc_map_put(struct nc_map *m, uint64_t key, void *value);

/* Removes key; returns its value, or NULL. */
void *nc_map_del(struct nc_map *m, uint64_t key);

/*
 * The next used slot at or after *at, or NULL; moves *at past it.  The order
 * depends on the keys only.  The table must not change meanwhile.
 */
struct nc_slot *nc_map_next(const struct nc_map *m, size_t *at);

#endif
