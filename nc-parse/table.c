/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A growing hash table from integers to pointers: linear probing, deletion
 * by moving back what follows.
 */
#include "table.h"

#include "util.h"

#include <stdlib.h>
#include <string.h>

void
nc_table_fini(struct nc_table *t)
{
	free(t->slots);
	memset(t, 0, sizeof(*t));
}

static size_t
home(const struct nc_table *t, uint64_t key)
{
	return (size_t)nc_hash_int(key) & (t->cap - 1);
}

void *
nc_table_get(const struct nc_table *t, uint64_t key)
{
	size_t i;

	if (t->len == 0)
		return NULL;
	for (i = home(t, key); t->slots[i].value != NULL;
	     i = (i + 1) & (t->cap - 1))
		if (t->slots[i].key == key)
			return t->slots[i].value;
	return NULL;
}

static void
grow(struct nc_table *t)
{
	struct nc_table old = *t;
	size_t pos = 0;
	struct nc_table_slot *s;

	t->cap = old.cap ? old.cap * 2 : 8;
	t->slots = nc_xcalloc(t->cap, sizeof(*t->slots));
	t->len = 0;
	while ((s = nc_table_next(&old, &pos)) != NULL)
		nc_table_set(t, s->key, s->value);
	free(old.slots);
}

void
nc_table_set(struct nc_table *t, uint64_t key, void *value)
{
	size_t i;

	if (t->len * 4 >= t->cap * 3)
		grow(t);
	for (i = home(t, key); t->slots[i].value != NULL;
	     i = (i + 1) & (t->cap - 1))
		if (t->slots[i].key == key)
			break;
	if (t->slots[i].value == NULL)
		t->len++;
	t->slots[i].key = key;
	t->slots[i].value = value;
}

void
nc_table_del(struct nc_table *t, uint64_t key)
{
	size_t i, j, k;

	if (t->len == 0)
		return;
	for (i = home(t, key); t->slots[i].value != NULL;
	     i = (i + 1) & (t->cap - 1))
		if (t->slots[i].key == key)
			break;
	if (t->slots[i].value == NULL)
		return;
	t->len--;
	for (j = i;;) {
		j = (j + 1) & (t->cap - 1);
		if (t->slots[j].value == NULL)
			break;
		/* Stays where it is if its home lies after the gap. */
		k = home(t, t->slots[j].key);
		if (((j - k) & (t->cap - 1)) < ((j - i) & (t->cap - 1)))
			continue;
		t->slots[i] = t->slots[j];
		i = j;
	}
	t->slots[i].value = NULL;
}

struct nc_table_slot *
nc_table_next(const struct nc_table *t, size_t *pos)
{
	while (*pos < t->cap)
		if (t->slots[(*pos)++].value != NULL)
			return &t->slots[*pos - 1];
	return NULL;
}
