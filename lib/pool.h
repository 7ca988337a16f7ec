/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Objects of one size that come and go by the thousand: side by side, each on
 * cache lines of its own, in slabs that the system backs with huge pages once
 * there are many.  Zeroed but for size is empty; out of memory ends the program
 * (lib/util.h).  What is put back is used again; slabs go at the end.
 */
#ifndef NC_POOL_H
#define NC_POOL_H

#include <stddef.h>

struct nc_slab;
struct nc_spare;

struct nc_pool {
	size_t size; /* of an object, bytes */
	struct nc_spare *spare;
	struct nc_slab *slabs;
	char *next, *end; /* the unused part of the newest slab */
	size_t slab;      /* its size, bytes */
};

/* An object, zeroed; borrowed from the pool until it is put back. */
void *nc_pool_get(struct nc_pool *p);

/* Takes back what nc_pool_get gave. */
void nc_pool_put(struct nc_pool *p, void *object);

/* Frees everything that came from the pool. */
void nc_pool_fini(struct nc_pool *p);

#endif
