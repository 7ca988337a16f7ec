/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A growing hash table from (host name, number) to a pointer.
 */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

static size_t
slot_of(const struct table *t, const char *host, size_t len, int64_t number)
{
	return nc_hash(host, len, (uint64_t)number) & (t->nslots - 1);
}

struct table_entry *
table_find(const struct table *t, struct nc_bytes host, int64_t number)
{
	struct table_entry *e;

	if (t->nslots == 0)
		return NULL;
	e = t->slots[slot_of(t, host.p, host.len, number)];
	for (; e != NULL; e = e->next)
		if (e->number == number && e->len == host.len &&
		    (host.len == 0 || memcmp(e->host, host.p, e->len) == 0))
			return e;
	return NULL;
}

static void
grow(struct table *t)
{
	struct table_entry **old = t->slots, *e, *next;
	size_t n = t->nslots;

	t->nslots = n > 0 ? 2 * n : 64;
	t->slots = nc_xcalloc(t->nslots, sizeof(*t->slots));
	for (size_t i = 0; i < n; i++) {
		for (e = old[i]; e != NULL; e = next) {
			size_t s = slot_of(t, e->host, e->len, e->number);

			next = e->next;
			e->next = t->slots[s];
			t->slots[s] = e;
		}
	}
	free(old);
}

struct table_entry *
table_get(struct table *t, struct nc_bytes host, int64_t number)
{
	struct table_entry *e = table_find(t, host, number);
	size_t s;

	if (e != NULL)
		return e;
	if (t->n >= t->nslots)
		grow(t);
	e = nc_xcalloc(1, sizeof(*e) + host.len + 1);
	e->number = number;
	e->len = host.len;
	if (host.len > 0)
		memcpy(e->host, host.p, host.len);
	s = slot_of(t, e->host, e->len, number);
	e->next = t->slots[s];
	t->slots[s] = e;
	t->n++;
	return e;
}

void
table_remove(struct table *t, struct table_entry *e)
{
	struct table_entry **at;

	at = &t->slots[slot_of(t, e->host, e->len, e->number)];
	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	t->n--;
	free(e);
}

void
table_fini(struct table *t, void (*free_value)(void *))
{
	struct table_entry *e, *next;

	for (size_t i = 0; i < t->nslots; i++) {
		for (e = t->slots[i]; e != NULL; e = next) {
			next = e->next;
			if (free_value != NULL)
				free_value(e->value);
			free(e);
		}
	}
	free(t->slots);
	memset(t, 0, sizeof(*t));
}
