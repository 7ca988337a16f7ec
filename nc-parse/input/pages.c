/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Memory of long lines, given back while they are used up.
 */
#include "pages.h"

#include <sys/mman.h>
#include <unistd.h>

void
nc_pages_give_back(const char *from, const char *to)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = ((uintptr_t)from + page - 1) & ~(page - 1);
	uintptr_t end = (uintptr_t)to & ~(page - 1);

	/* What a backslash there escapes must not become a quote. */
	while (end > start && *(const char *)(end - 1) == '\\')
		end -= page;
	if (end > start)
		madvise((void *)start, end - start, MADV_DONTNEED);
}

void
nc_pages_move(struct nc_buf *b, struct nc_text text)
{
	const char *next;

	while (text.end - text.p > (ptrdiff_t)NC_PAGES_SLICE) {
		next = text.p + NC_PAGES_SLICE;
		nc_buf_add(b, text.p, NC_PAGES_SLICE);
		nc_pages_give_back(text.p, next);
		text.p = next;
	}
	nc_buf_add(b, text.p, (size_t)(text.end - text.p));
}
