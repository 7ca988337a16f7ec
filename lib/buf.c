/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Growing buffers.
 */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>
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

void
nc_buf_f(struct nc_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n <= 0)
		return;
	nc_buf_grow(b, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}
