/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Payload as far as it can be read.
 */
#include "clear.h"

#include <string.h>

struct nc_clear
nc_clear(struct nc_bytes data, struct nc_bytes clear)
{
	struct nc_clear c;

	c.data = data;
	c.redacted = clear.p != NULL;
	c.rest = nc_cursor(clear);
	c.left = c.redacted ? nc_cursor_array(&c.rest) / 2 : 1;
	return c;
}

bool
nc_clear_next(struct nc_clear *c, size_t *at, struct nc_bytes *text)
{
	int64_t offset;

	if (c->left == 0 || c->data.len == 0)
		return false;
	c->left--;
	if (!c->redacted) {
		*at = 0;
		*text = c->data;
		return true;
	}
	offset = nc_cursor_int(&c->rest);
	*text = nc_cursor_str(&c->rest);
	/* Of data that was cut since, what is left. */
	if (offset < 0 || text->p == NULL || (uint64_t)offset >= c->data.len) {
		c->left = 0;
		return false;
	}
	*at = (size_t)offset;
	if (text->len > c->data.len - *at)
		text->len = c->data.len - *at;
	return true;
}

size_t
nc_clear_copy(struct nc_bytes data, struct nc_bytes clear, size_t from,
    char *buf, size_t n)
{
	struct nc_clear c = nc_clear(data, clear);
	struct nc_bytes text;
	size_t at, done = 0, skip, part;

	while (done < n && nc_clear_next(&c, &at, &text)) {
		if (at > from + done)
			break;
		skip = from + done - at;
		if (skip >= text.len)
			continue;
		part = text.len - skip < n - done ? text.len - skip : n - done;
		memcpy(buf + done, text.p + skip, part);
		done += part;
	}
	return done;
}

void
nc_clear_pack(
    struct nc_buf *b, const struct nc_span *spans, size_t n, const char *data)
{
	size_t i;

	nc_pack_array(b, 2 * n);
	for (i = 0; i < n; i++) {
		nc_pack_int(b, (int64_t)spans[i].from);
		nc_pack_bin(
		    b, data + spans[i].from, spans[i].to - spans[i].from);
	}
}
