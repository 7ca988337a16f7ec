/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A table from 64-bit keys to pointers.
 */
#include "map.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

void
nc_map_fini(struct nc_map *m)
{
	free(m->slots);
	memset(m, 0, sizeof(*m));
}

static void
grow(struct nc_map *m)
{
	struct nc_map old = *m;
	size_t i;

	m->cap = old.cap ? old.cap * 2 : 16;
	m->slots = nc_xcalloc(m->cap, sizeof(*m->slots));
	for (i = 0; i < old.cap; i++)
		if (old.slots[i].value)
			m->slots[nc_map_find(m, old.slots[i].key)] =
			    old.slots[i];
	free(old.slots);
}

void *
nc_map_put(struct nc_map *m, uint64_t key, void *value)
{
	void *before;
	size_t i;

	if ((m->n + 1) * 4 > m->cap * 3)
		grow(m);
	i = nc_map_find(m, key);
	before = m->slots[i].value;
	m->slots[i].key = key;
	m->slots[i].value = value;
	if (!before)
		m->n++;
	return before;
}

void *
nc_map_del(struct nc_map *m, uint64_t key)
{
	size_t i, j, mask = m->cap - 1;
	void *value;

	if (m->n == 0)
		return NULL;
	i = nc_map_find(m, key);
	value = m->slots[i].value;
	if (!value)
		return NULL;
	m->n--;
	/* Close the gap: move up what could not stand at its home. */
	for (j = (i + 1) & mask; m->slots[j].value; j = (j + 1) & mask) {
		size_t h = nc_map_home(m, m->slots[j].key);

		if (((j - h) & mask) >= ((j - i) & mask)) {
			m->slots[i] = m->slots[j];
			i = j;
		}
	}
	m->slots[i].value = NULL;
	return value;
}

struct nc_slot *
nc_map_next(const struct nc_map *m, size_t *at)
{
	while (*at < m->cap) {
		struct nc_slot *s = &m->slots[(*at)++];

		if (s->value)
			return s;
	}
	return NULL;
}

void
nc_map_free(struct nc_map *m)
{
	struct nc_slot *s;
	size_t at = 0;

	while ((s = nc_map_next(m, &at)))
		free(s->value);
	nc_map_fini(m);
}
