/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Lines out of files and pipes: long ones, last ones, too long ones.
 */
#define _GNU_SOURCE /* memfd_create */
#include "input/input.h"
#include "util.h"

#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void
put(int fd, char c, size_t n)
{
	char *p = nc_xmalloc(n);

	memset(p, c, n);
	if (write(fd, p, n) != (ssize_t)n)
		puts("# a write failed");
	free(p);
}

/* A file of lines of these lengths, -1 ends them; the last has no newline. */
static void
open_lines(struct nc_input *in, const int64_t *lengths)
{
	int fd = memfd_create("lines", MFD_CLOEXEC), i;

	for (i = 0; lengths[i] >= 0; i++) {
		if (i > 0)
			put(fd, '\n', 1);
		put(fd, (char)('a' + i), (size_t)lengths[i]);
	}
	lseek(fd, 0, SEEK_SET);
	nc_input_init(in, fd);
}

static void
lengths(size_t share)
{
	static const int64_t list[] = { 3, 0, 5, 70000, 1, 300000, 2,
		NC_LINE_MAX, 4, NC_LINE_MAX + 1, 6, 3 * (int64_t)NC_LINE_MAX, 1,
		-1 };
	struct nc_input in;
	const char *p, *end;
	int64_t sum = 0;
	bool newline = true, right;
	int i;

	open_lines(&in, list);
	nc_input_share(&in, share);
	for (i = 0; nc_input_line(&in, &p, &end, &newline); i++) {
		sum += list[i] + newline;
		right = newline == (list[i + 1] >= 0);
		if (list[i] > NC_LINE_MAX)
			right = right && end == p && in.overlong == list[i];
		else
			right = right && end - p == list[i] &&
			    in.overlong == 0 &&
			    (end == p || (*p == 'a' + i && end[-1] == *p));
		okf(right, "line %d of %zu", i, share);
	}
	is_int(i, 13, "lines");
	is_int(in.taken, sum, "bytes");
	is_int(in.size, sum, "the whole file");
	is_int(nc_input_done(&in), sum, "done");
	ok(in.cap <= 1u << 20, "what the long line took is given back");
	ok(in.error == NULL, "no error");
	nc_input_fini(&in);
}

static void
overlong_end(void)
{
	static const int64_t list[] = { NC_LINE_MAX + 5, -1 };
	struct nc_input in;
	const char *p, *end;
	bool newline = true;

	open_lines(&in, list);
	ok(nc_input_line(&in, &p, &end, &newline), "a last line too long");
	is_int(in.overlong, NC_LINE_MAX + 5, "its length");
	ok(!newline, "without a newline");
	ok(!nc_input_line(&in, &p, &end, &newline), "then the end");
	nc_input_fini(&in);
}

static void
pauses(void)
{
	struct nc_input in;
	const char *p;
	int ends[2];

	if (pipe(ends) < 0)
		return;
	put(ends[1], 'x', 10);
	put(ends[1], '\n', 1);
	nc_input_init(&in, ends[0]);
	is_int((int64_t)nc_input_look(&in, 1000, &p), 11,
	    "a pipe that pauses after a line");
	put(ends[1], 'y', 10);
	close(ends[1]);
	is_int((int64_t)nc_input_look(&in, 1000, &p), 21,
	    "and one that is at its end");
	nc_input_fini(&in);
}

static void
count(void *arg)
{
	++*(int *)arg;
}

static void
idle(void)
{
	struct nc_input in;
	const char *p, *end;
	bool newline;
	int ends[2], n = 0;

	if (pipe(ends) < 0)
		return;
	put(ends[1], '\n', 3);
	nc_input_init(&in, ends[0]);
	in.idle = count;
	in.idle_arg = &n;
	nc_input_line(&in, &p, &end, &newline);
	nc_input_line(&in, &p, &end, &newline);
	nc_input_line(&in, &p, &end, &newline);
	is_int(n, 0, "no wait while there are lines");
	if (fork() == 0) {
		usleep(200000);
		_exit(write(ends[1], "\n", 1) != 1);
	}
	close(ends[1]);
	nc_input_line(&in, &p, &end, &newline);
	is_int(n, 1, "told before a wait");
	nc_input_fini(&in);
}

static void
errors(void)
{
	struct nc_input in;
	const char *p, *end;
	bool newline;

	nc_input_init(&in, open(".", O_RDONLY | O_CLOEXEC));
	ok(!nc_input_line(&in, &p, &end, &newline), "a folder has no lines");
	is_str(in.error, "Is a directory", "and says why");
	nc_input_fini(&in);
	is_str(in.error, "Is a directory", "for good");
}

int
main(void)
{
	lengths(1);
	lengths(1000);
	overlong_end();
	pauses();
	idle();
	errors();
	return done();
}
