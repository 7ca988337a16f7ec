/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A file that grows in blocks, and a window for reading it.
 */
#include "shelf.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "buf.h"
#include "temporary.h"
#include "util.h"

#define BLOCK (1u << 20)    /* written at once */
#define WINDOW (256u << 10) /* read at once, unless more is asked for */
#define BEFORE (32u << 10)  /* of the window: what stands before a place */

struct shelf {
	int fd;            /* -1: none yet */
	bool stays;        /* no file is to be had: memory holds the rest */
	uint64_t filed;    /* bytes in the file */
	struct nc_buf end; /* what follows them */
	struct nc_buf window;
	uint64_t window_at;
};

struct shelf *
shelf_new(void)
{
	struct shelf *s = nc_xcalloc(1, sizeof(*s));

	s->fd = -1;
	return s;
}

void
shelf_free(struct shelf *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	nc_buf_fini(&s->end);
	nc_buf_fini(&s->window);
	free(s);
}

/* Puts all there is into the file; what does not go in stays. */
static void
file_away(struct shelf *s)
{
	size_t done = 0;

	if (s->fd < 0)
		s->fd = nc_temporary();
	while (s->fd >= 0 && done < s->end.len) {
		ssize_t n = pwrite(s->fd, s->end.p + done, s->end.len - done,
		    (off_t)(s->filed + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	s->stays = done < s->end.len;
	s->filed += done;
	s->end.len -= done;
	memmove(s->end.p, s->end.p + done, s->end.len);
}

uint64_t
shelf_add(struct shelf *s, const void *p, size_t n)
{
	uint64_t place = s->filed + s->end.len;

	nc_buf_add(&s->end, p, n);
	if (s->end.len >= BLOCK && !s->stays)
		file_away(s);
	return place;
}

static void
read_file(struct shelf *s, char *to, uint64_t place, size_t n)
{
	while (n > 0) {
		ssize_t got = pread(s->fd, to, n, (off_t)place);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			err(2, "temporary file");
		if (got == 0)
			errx(2, "temporary file: cut short");
		to += got;
		place += (uint64_t)got;
		n -= (size_t)got;
	}
}

struct nc_bytes
shelf_get(struct shelf *s, uint64_t place, size_t n)
{
	uint64_t all = s->filed + s->end.len, from, to;

	if (n == 0)
		return (struct nc_bytes){ "", 0 };
	if (place >= s->filed)
		return (struct nc_bytes){ s->end.p + (place - s->filed), n };
	if (place < s->window_at || place + n > s->window_at + s->window.len) {
		from = place > BEFORE ? place - BEFORE : 0;
		to = from + WINDOW > place + n ? from + WINDOW : place + n;
		to = to < all ? to : all;
		s->window.len = 0;
		nc_buf_grow(&s->window, (size_t)(to - from));
		s->window_at = from;
		s->window.len = (size_t)(to - from);
		read_file(s, s->window.p, from,
		    (size_t)((to < s->filed ? to : s->filed) - from));
		if (to > s->filed)
			memcpy(s->window.p + (s->filed - from), s->end.p,
			    (size_t)(to - s->filed));
	}
	return (struct nc_bytes){ s->window.p + (place - s->window_at), n };
}
