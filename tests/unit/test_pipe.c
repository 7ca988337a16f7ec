/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * lib/pipe: what a pipe takes before its writer has to wait.
 */
#include "pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include "layout.h"
#include "tap.h"

/* Bytes that a pipe takes without a reader. */
static size_t
room(int fd)
{
	static const char page[4096];
	size_t n = 0;

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (write(fd, page, sizeof(page)) == (ssize_t)sizeof(page))
		n += sizeof(page);
	return n;
}

int
main(void)
{
	int plain[2], wide[2], file;

	if (pipe(plain) != 0 || pipe(wide) != 0)
		return 1;
	nc_pipe_widen(wide[0]);
	ok(room(plain[1]) < 2 * NC_STREAM_BLOCK, "a pipe holds little");
	ok(room(wide[1]) >= 2 * NC_STREAM_BLOCK, "a wide one two blocks");
	file = open("/dev/null", O_RDONLY);
	nc_pipe_widen(file);
	ok(fcntl(file, F_GETFD) != -1, "what is no pipe stays as it is");
	nc_pipe_widen(-1);
	ok(fcntl(plain[0], F_GETFD) != -1, "nor does a closed one matter");
	return done();
}
