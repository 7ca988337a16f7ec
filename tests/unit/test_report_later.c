/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-report's text that waits: all of it comes back, in its order, whether
 * there is a file for it or not.
 */
#include "later.h"

#include <sys/resource.h>

#include <signal.h>
#include <stdlib.h>

#include "tap.h"

#define PIECES 400000
#define PIECE "a piece of text: %06d\n"
#define LEN 23

/* PIECES pieces, and whether they come back; in_file: how it is to be. */
static void
whole(const char *how, bool in_file)
{
	struct later l = { .fd = 0 };
	char piece[64], got[64];
	FILE *out = tmpfile();
	int same = 0;

	for (int i = 0; i < PIECES; i++) {
		snprintf(piece, sizeof(piece), PIECE, i);
		nc_buf_add(&l.b, piece, LEN);
		later_settle(&l);
	}
	okf(l.opened && l.size > 0 && !l.failed ? in_file : !in_file,
	    "%s: what is too much for memory", how);
	is_int(l.size + (off_t)l.b.len, PIECES * LEN, "nothing twice");
	is_int(later_write(&l, out), 0, "it can be read back");
	later_fini(&l);
	rewind(out);
	for (int i = 0; i < PIECES; i++) {
		snprintf(piece, sizeof(piece), PIECE, i);
		same += fread(got, 1, LEN, out) == LEN &&
		    memcmp(piece, got, LEN) == 0;
	}
	is_int(same, PIECES, "every piece in its place");
	ok(fgetc(out) == EOF, "and nothing more");
	fclose(out);
}

/* As on a disk that is full from some byte on. */
static void
full_disk(void)
{
	struct rlimit was, small;

	getrlimit(RLIMIT_FSIZE, &was);
	small = was;
	small.rlim_cur = 3u << 20;
	signal(SIGXFSZ, SIG_IGN);
	{
		struct later l = { .fd = 0 };
		char piece[64];

		setrlimit(RLIMIT_FSIZE, &small);
		for (int i = 0; i < PIECES; i++) {
			snprintf(piece, sizeof(piece), PIECE, i);
			nc_buf_add(&l.b, piece, LEN);
			later_settle(&l);
		}
		setrlimit(RLIMIT_FSIZE, &was);
		ok(l.failed && l.opened, "a full disk is noticed");
		is_int(l.size + (off_t)l.b.len, PIECES * LEN,
		    "what it has no room for stays in memory");
		later_fini(&l);
	}
}

int
main(void)
{
	whole("with a file", true);
	full_disk();
	setenv("TMPDIR", "/nonexistent", 1);
	whole("without one", false);
	return done();
}
