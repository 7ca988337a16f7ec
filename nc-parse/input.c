/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A file read in blocks, its lines handed out in place.
 */
#include "input.h"

#include "mask.h"
#include "util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (256u << 10)

void
nc_input_init(struct nc_input *in, int fd)
{
	struct stat st;

	memset(in, 0, sizeof(*in));
	in->fd = fd;
	in->size = -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		in->size = st.st_size;
}

void
nc_input_fini(struct nc_input *in)
{
	if (in->fd >= 0)
		close(in->fd);
	free(in->buf);
	memset(in, 0, sizeof(*in));
	in->fd = -1;
}

/* NUL, CR and ESC stand in no clean trace; they ask for a closer look. */
static bool
is_odd(const char *p, size_t n)
{
	uint64_t mask = 0;
	size_t i;

	for (; n >= NC_MASK_BYTES; p += NC_MASK_BYTES, n -= NC_MASK_BYTES)
		mask |= nc_mask_of(p, '\0') | nc_mask_of(p, '\r') |
		    nc_mask_of(p, '\33');
	for (i = 0; i < n; i++)
		mask |= p[i] == '\0' || p[i] == '\r' || p[i] == '\33';
	return mask != 0;
}

/* Reads one more block behind what is there. */
static void
fill(struct nc_input *in)
{
	ssize_t n;

	if (in->start > 0) {
		memmove(in->buf, in->buf + in->start, in->len - in->start);
		in->len -= in->start;
		in->start = 0;
	}
	if (in->cap - in->len < BLOCK) {
		in->cap = in->cap ? in->cap * 2 : 2 * BLOCK;
		in->buf = nc_xrealloc(in->buf, in->cap);
	}
	do
		n = read(in->fd, in->buf + in->len, in->cap - in->len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		in->error = errno;
	if (n <= 0) {
		in->eof = true;
		return;
	}
	if (!in->odd)
		in->odd = is_odd(in->buf + in->len, (size_t)n);
	in->len += (size_t)n;
}

size_t
nc_input_peek(struct nc_input *in, size_t n, const char **p)
{
	while (!in->eof && in->len - in->start < n)
		fill(in);
	*p = in->buf + in->start;
	return in->len - in->start;
}

bool
nc_input_line(
    struct nc_input *in, const char **p, const char **end, bool *newline)
{
	size_t scanned = 0, have;
	char *q = NULL;

	for (;;) {
		have = in->len - in->start;
		if (have > scanned)
			q = memchr(in->buf + in->start + scanned, '\n',
			    have - scanned);
		if (q != NULL || in->eof || have >= NC_LINE_MAX)
			break;
		scanned = have;
		fill(in);
	}
	if (q == NULL && have == 0)
		return false;
	*p = in->buf + in->start;
	*newline = q != NULL;
	*end = q != NULL ? q : in->buf + in->len;
	in->start = q != NULL ? (size_t)(q + 1 - in->buf) : in->len;
	in->taken += *end - *p + *newline;
	return true;
}
