/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "pipe.h"

#include <fcntl.h>

#include "layout.h"

void
nc_pipe_widen(int fd)
{
#ifdef F_SETPIPE_SZ /* Linux */
	int size = fcntl(fd, F_GETPIPE_SZ), want = 2 * NC_STREAM_BLOCK;

	if (size >= 0 && size < want)
		fcntl(fd, F_SETPIPE_SZ, want);
#else
	(void)fd;
#endif
}
