/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Fuzzer: any bytes as traces of one host, from the files to the records,
 * which must be a clean stream.  A line "====" ends a trace; with a "!" in
 * front of all, payload is redacted.  The traces are named as those of
 * strace -ff, so that they are one lane, or lanes of shared processes.
 */
#define _GNU_SOURCE /* memfd_create, memmem */
#include "kit.h"

#include "hosts.h"
#include "job.h"
#include "redact/redact.h"

#include <fcntl.h>
#include <string.h>

#define TRACES 3
#define BETWEEN "\n====\n"
#define FIRST_PID 100

static char folder[] = "/tmp/nc-fuzz-XXXXXX";

static void
path_of(size_t i, char path[64])
{
	snprintf(path, 64, "%s/t.%zu", folder, FIRST_PID + i);
}

static void
remove_folder(void)
{
	char path[64];
	size_t i;

	for (i = 0; i < TRACES; i++) {
		path_of(i, path);
		unlink(path);
	}
	rmdir(folder);
}

/* True if a file begins as a trace does: all else ends the program. */
static bool
is_trace(const char *path)
{
	struct nc_input in;
	const char *text, *why;
	size_t n;
	bool good;

	nc_input_init(&in, open(path, O_RDONLY | O_CLOEXEC));
	n = nc_input_look(&in, NC_SOURCE_LOOK, &text);
	good = !(in.error != NULL && n == 0) && !nc_hosts_detect(text, n) &&
	    nc_dialect_detect(text, n, NULL, &why) != NULL;
	nc_input_fini(&in);
	return good;
}

/* Adds what is before the next mark, if it is a trace; moves p behind it. */
static void
add_trace(struct nc_job *job, const uint8_t **p, const uint8_t *end)
{
	const uint8_t *mark =
	    memmem(*p, (size_t)(end - *p), BETWEEN, sizeof(BETWEEN) - 1);
	size_t len = (size_t)((mark != NULL ? mark + 1 : end) - *p);
	char path[64];
	int fd;

	path_of(job->n, path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, *p, len) != (ssize_t)len || close(fd) < 0)
		abort();
	*p = mark != NULL ? mark + sizeof(BETWEEN) - 1 : NULL;
	if (is_trace(path))
		nc_job_add(job, path, false);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct nc_redact *key;
	int out = fuzz_file(NULL, 0);
	struct nc_writer *w = nc_writer_new(out, "fuzz");
	const uint8_t *p = data;
	struct nc_job job;

	if (key == NULL) {
		key = nc_redact_new("0123456789abcdef", 16);
		if (mkdtemp(folder) == NULL)
			abort();
		atexit(remove_folder);
	}
	memset(&job, 0, sizeof(job));
	job.quiet = true;
	if (n > 0 && *p == '!') {
		job.redact = key;
		p++;
	}
	while (p != NULL && job.n < TRACES)
		add_trace(&job, &p, data + n);
	if (job.n > 0 && nc_job_open(&job, w))
		nc_merge_run(job.groups, job.ngroups, w, NC_PROGRESS_NEVER);
	nc_job_free(&job);
	if (nc_writer_close(w, true) < 0)
		abort();
	fuzz_check_stream(out, -1);
	return 0;
}
