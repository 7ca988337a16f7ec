/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Long text that is used up: what comes out is the same, and a string stays
 * a string.
 */
#include "input/pages.h"
#include "text/decode.h"
#include "util.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

#define LEN (5u << 20)

/* A string of these pieces again and again, shifted by some bytes. */
static struct nc_text
make(char *room, const char *piece, size_t shift)
{
	size_t n = strlen(piece), i;
	char *p = room;

	*p++ = '"';
	for (i = 0; i < shift; i++)
		*p++ = 'x';
	while ((size_t)(p - room) < LEN) {
		memcpy(p, piece, n);
		p += n;
	}
	*p++ = '"';
	return (struct nc_text){ room, p };
}

static void
decodes(const char *piece)
{
	char *room = nc_xmalloc(LEN + 100);
	struct nc_buf want = { NULL, 0, 0 }, got = { NULL, 0, 0 };
	struct nc_text text = make(room, piece, 0);
	size_t shift;
	bool same = true, whole = true;

	for (shift = 0; shift < 5; shift++) {
		text = make(room, piece, shift);
		want.len = got.len = 0;
		nc_text_decode(text, &want);
		if (nc_text_decode_last(text, &got) != NC_STRING_WHOLE ||
		    got.len != want.len || memcmp(got.p, want.p, want.len) != 0)
			same = false;
		if (nc_text_skip_string(text.p, text.end) != text.end)
			whole = false;
	}
	okf(same, "%s: the same bytes", piece);
	okf(whole, "%s: still a string", piece);
	nc_buf_fini(&want);
	nc_buf_fini(&got);
	free(room);
}

static void
moves(void)
{
	char *room = nc_xmalloc(LEN + 100);
	struct nc_text text = make(room, "abcdefg", 0);
	struct nc_buf want = { NULL, 0, 0 }, got = { NULL, 0, 0 };
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	nc_buf_add(&want, text.p, (size_t)(text.end - text.p));
	nc_pages_move(&got, text);
	ok(got.len == want.len && memcmp(got.p, want.p, got.len) == 0,
	    "moved text is the same");
	ok(room[2 * page] == '\0', "and gone where it was");
	nc_buf_fini(&want);
	nc_buf_fini(&got);
	free(room);
}

int
main(void)
{
	decodes("abcdefg");
	decodes("\\\\\\\"");
	decodes("\\377\\0\\n");
	decodes("\\\"a");
	decodes("\\x41\\x00");
	moves();
	return done();
}
