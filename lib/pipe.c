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
	int size = fcntl(fd, F_GETPIPE_SZ), want = 4 * NC_STREAM_BLOCK;

	while (size >= 0 && size < want && fcntl(fd, F_SETPIPE_SZ, want) < 0)
		want /= 2;
#else
	(void)fd;
#endif
}
