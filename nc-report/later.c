/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Text that waits for its turn.
 */
#include "later.h"

#include <errno.h>
#include <unistd.h>

#include "temporary.h"

/* Bytes of text kept in memory, and copied at a time. */
#define KEPT (2u << 20)

void
later_settle(struct later *l)
{
	size_t done = 0;
	ssize_t n;

	if (l->b.len < KEPT || l->failed)
		return;
	if (!l->opened && (l->fd = nc_temporary()) < 0) {
		l->failed = true;
		return;
	}
	l->opened = true;
	while (done < l->b.len) {
		n = pwrite(l->fd, l->b.p + done, l->b.len - done,
		    l->size + (off_t)done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			/* What the file has no room for stays in memory. */
			l->failed = true;
			return;
		}
		done += (size_t)n;
	}
	l->size += (off_t)done;
	l->b.len = 0;
}

int
later_write(struct later *l, FILE *out)
{
	char block[1u << 16];
	off_t at = 0;
	ssize_t n;

	while (at < l->size) {
		size_t want = sizeof(block);

		if ((off_t)want > l->size - at)
			want = (size_t)(l->size - at);
		n = pread(l->fd, block, want, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n < 0 ? errno : EIO;
			return -1;
		}
		fwrite(block, 1, (size_t)n, out);
		at += n;
	}
	if (l->b.len > 0)
		fwrite(l->b.p, 1, l->b.len, out);
	return 0;
}

void
later_fini(struct later *l)
{
	if (l->opened)
		close(l->fd);
	nc_buf_fini(&l->b);
}
