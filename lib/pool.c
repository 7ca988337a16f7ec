/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Objects of one size, in slabs.
 */
#include "pool.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "util.h"

#define LINE 64               /* bytes of a cache line */
#define SLAB_FIRST (8u << 10) /* each slab is twice the one before, ... */
#define SLAB_MOST (2u << 20)  /* ... up to a huge page */

struct nc_slab {
	struct nc_slab *next;
	char *memory;
};

struct nc_spare {
	struct nc_spare *next;
};

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EACH_APART 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define EACH_APART 1
#endif

static size_t
room_of(const struct nc_pool *p)
{
	return (p->size + LINE - 1) / LINE * LINE;
}

static void
slab_add(struct nc_pool *p)
{
	struct nc_slab *s = nc_xmalloc(sizeof(*s));
	size_t room = room_of(p), align = LINE;

	p->slab = p->slab ? p->slab * 2 : SLAB_FIRST;
	if (p->slab >= SLAB_MOST)
		p->slab = align = SLAB_MOST;
	if (p->slab < room)
		p->slab = room;
	s->memory = nc_xaligned(align, p->slab);
	/* Where the system has none, small pages do. */
	if (align == SLAB_MOST)
		madvise(s->memory, p->slab, MADV_HUGEPAGE);
	s->next = p->slabs;
	p->slabs = s;
	p->next = s->memory;
	p->end = s->memory + p->slab;
}

void *
nc_pool_get(struct nc_pool *p)
{
	void *object = p->spare;
	size_t room = room_of(p);

#ifdef EACH_APART
	/* A sanitizer is to see each use of what was put back. */
	return nc_xcalloc(1, p->size);
#endif
	if (object) {
		p->spare = p->spare->next;
	} else {
		if ((size_t)(p->end - p->next) < room)
			slab_add(p);
		object = p->next;
		p->next += room;
	}
	return memset(object, 0, p->size);
}

void
nc_pool_put(struct nc_pool *p, void *object)
{
	struct nc_spare *spare = object;

#ifdef EACH_APART
	free(object);
	return;
#endif
	spare->next = p->spare;
	p->spare = spare;
}

void
nc_pool_fini(struct nc_pool *p)
{
	struct nc_slab *s, *next;

	for (s = p->slabs; s; s = next) {
		next = s->next;
		free(s->memory);
		free(s);
	}
	*p = (struct nc_pool){ .size = p->size };
}
