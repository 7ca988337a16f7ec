/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Growing buffers.
 */
#include "buf.h"

#include "tests/unit/tap.h"

static void
test_formatted(void)
{
	struct nc_buf b = { 0 };
	char wide[600];
	int i;

	nc_buf_f(&b, "%s", "");
	ok(b.len == 0, "nothing is appended for an empty text");
	nc_buf_f(&b, "%d of %s", 7, "nine");
	nc_buf_f(&b, ", %c", 'x');
	ok(b.len == 12 && memcmp(b.p, "7 of nine, x", 12) == 0,
	    "texts follow each other without a zero byte");
	memset(wide, 'w', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	nc_buf_f(&b, "%s.", wide);
	for (i = 0; i < 599 && b.p[12 + i] == 'w'; i++)
		;
	ok(b.len == 612 && i == 599 && b.p[611] == '.',
	    "what is longer than any first allocation is whole");
	nc_buf_fini(&b);
}

static void
test_trimmed(void)
{
	struct nc_buf b = { 0 };

	nc_buf_add(&b, NULL, 0);
	nc_buf_add(&b, "abc", 3);
	nc_buf_trim(&b, 1 << 20);
	ok(b.len == 3, "a small buffer keeps its content when it is trimmed");
	nc_buf_grow(&b, 1 << 21);
	nc_buf_trim(&b, 1 << 20);
	ok(b.len == 0 && b.cap == 0, "a large one is given back");
	nc_buf_fini(&b);
}

int
main(void)
{
	test_formatted();
	test_trimmed();
	return done();
}
