/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Growing buffers.
 */
#include "buf.h"

#include <stdlib.h>

#include "util.h"

#define FIRST 256

void
nc_buf_fini(struct nc_buf *b)
{
	free(b->p);
	memset(b, 0, sizeof(*b));
}

void
nc_buf_trim(struct nc_buf *b, size_t max)
{
	if (b->cap > max)
		nc_buf_fini(b);
}

void
nc_buf_grow(struct nc_buf *b, size_t n)
{
	size_t cap = b->cap > 0 ? b->cap : FIRST;

	while (n > cap - b->len)
		cap *= 2;
	if (cap > b->cap) {
		b->p = nc_xrealloc(b->p, cap);
		b->cap = cap;
	}
}
