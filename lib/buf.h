/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A growing buffer of bytes.  Zeroed is empty; nc_buf_fini frees it.  Out of
 * memory ends the program, as everywhere (lib/util.h).
 */
#ifndef NC_BUF_H
#define NC_BUF_H

#include <stddef.h>
#include <string.h>

struct nc_buf {
	char *p;
	size_t len, cap;
};

void nc_buf_fini(struct nc_buf *b);

/* Frees what has grown past max bytes; whatever was in it is gone then. */
void nc_buf_trim(struct nc_buf *b, size_t max);

/* Makes room for n more bytes at least. */
void nc_buf_grow(struct nc_buf *b, size_t n);

/* Appends n bytes; p may be NULL if n is 0. */
static inline void
nc_buf_add(struct nc_buf *b, const void *p, size_t n)
{
	if (n > b->cap - b->len)
		nc_buf_grow(b, n);
	if (n > 0)
		memcpy(b->p + b->len, p, n);
	b->len += n;
}

/* Appends what printf would write; no zero byte after it. */
void nc_buf_f(struct nc_buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
