/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * measure COMMAND...: runs it and writes "status wall-s processor-s
 * peak-KiB" to standard error.  A program of its own as a process begins with the peak of
 * the one that made it, so that a large parent would hide a small child.
 */
#include <err.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	struct timespec began, ended;
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2)
		errx(2, "usage: measure COMMAND...");
	clock_gettime(CLOCK_MONOTONIC, &began);
	if ((pid = fork()) < 0)
		err(2, "fork");
	if (pid == 0) {
		execvp(argv[1], argv + 1);
		err(2, "%s", argv[1]);
	}
	if (wait4(pid, &status, 0, &usage) < 0)
		err(2, "wait4");
	clock_gettime(CLOCK_MONOTONIC, &ended);
	fprintf(stderr, "\n%d %.4f %.4f %ld\n",
	    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
	    (double)(ended.tv_sec - began.tv_sec) +
		(double)(ended.tv_nsec - began.tv_nsec) / 1e9,
	    seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss);
	return 0;
}
