/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Output files that are whole or not there.
 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

/* For the signal's handler: the file as it grows, or empty. */
static char growing[PATH_MAX + 16];
static char *target; /* what it becomes */

static const int deadly[] = { SIGHUP, SIGINT, SIGPIPE, SIGTERM };

static void
drop_and_die(int number)
{
	unlink(growing);
	signal(number, SIG_DFL);
	raise(number);
}

static void
catch_signals(void)
{
	struct sigaction old, new = { .sa_handler = drop_and_die };

	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		if (sigaction(deadly[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(deadly[i], &new, NULL);
}

/* As the file that it replaces, or as any new file. */
static mode_t
mode_of(const struct stat *old)
{
	mode_t mask = umask(0);

	umask(mask);
	return old != NULL ? old->st_mode & 0777 : 0666 & ~mask;
}

static int
write_in_place(const char *path)
{
	return freopen(path, "w", stdout) != NULL ? 0 : -1;
}

int
output_open(const char *path)
{
	struct stat st;
	bool is_there = stat(path, &st) == 0;
	char *real = is_there ? realpath(path, NULL) : nc_xstrdup(path);
	int fd;

	if (real == NULL)
		return -1;
	if ((is_there && !S_ISREG(st.st_mode)) || strlen(real) > PATH_MAX ||
	    (is_there && access(path, W_OK) < 0)) {
		free(real);
		return write_in_place(path);
	}
	snprintf(growing, sizeof(growing), "%s.XXXXXX", real);
	fd = mkstemp(growing);
	if (fd < 0) {
		growing[0] = '\0';
		free(real);
		return write_in_place(path);
	}
	target = real;
	catch_signals();
	if (fchmod(fd, mode_of(is_there ? &st : NULL)) < 0 ||
	    dup2(fd, STDOUT_FILENO) < 0) {
		int error = errno;

		close(fd);
		unlink(growing);
		errno = error;
		return -1;
	}
	return close(fd);
}

int
output_close(bool keep)
{
	int failed = nc_close_stdout(), error = errno;

	if (growing[0] == '\0')
		return failed;
	if (failed == 0 && keep && rename(growing, target) == 0) {
		free(target);
		return 0;
	}
	if (failed == 0 && keep)
		error = errno;
	unlink(growing);
	free(target);
	errno = error;
	return failed < 0 || keep ? -1 : 0;
}
