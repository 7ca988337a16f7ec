/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-parse: trace text in, records out.
 */
#include "call.h"
#include "job.h"
#include "redact/redact.h"
#include "util.h"
#include "version.h"

#include <err.h>
#include <getopt.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USAGE \
	"usage: nc-parse [-hqV] [-F DIALECT] [--progress | --no-progress] " \
	"[--redact=KEYFILE] [--strict] HOSTS.csv | FOLDER | TRACE ...\n" \
	"       nc-parse --calls\n"

static _Noreturn void
usage(void)
{
	fputs(USAGE, stderr);
	exit(2);
}

static void
redact(struct nc_job *job, const char *path)
{
	const char *why;

	nc_redact_free(job->redact);
	job->redact = nc_redact_open(path, &why);
	if (job->redact == NULL)
		errx(2, "%s: %s", path, why);
}

/* For strace -e trace=. */
static int
print_calls(void)
{
	const char *name;
	size_t at = 0;

	while ((name = nc_call_traced(&at)) != NULL)
		puts(name);
	return nc_end_stdout();
}

static int
run(struct nc_job *job, bool strict, enum nc_progress progress)
{
	struct nc_writer *w = nc_writer_new(STDOUT_FILENO, "nc-parse");
	int64_t calls = 0, rejected = 0;
	struct nc_source *s;
	bool ok = nc_job_open(job, w);
	size_t i;

	if (ok)
		nc_merge_run(job->groups, job->ngroups, w, progress);
	for (i = 0; ok && i < job->n; i++) {
		s = job->sources[i];
		calls += s->trace.ledger.calls +
		    s->trace.ledger.ignored[NC_IGNORED_EXIT];
		rejected += s->trace.ledger.rejected;
		ok = s->error == NULL;
	}
	ok = ok && calls > 0 && !(strict && rejected > 0);
	if (nc_writer_close(w, ok) < 0)
		err(2, "standard output");
	return ok ? 0 : 2;
}

/* Long buffers are always memory of their own, which goes back when freed. */
static void
set_up_memory(void)
{
#ifdef __GLIBC__
	mallopt(M_MMAP_THRESHOLD, 512 << 10);
#endif
}

int
main(int argc, char *argv[])
{
	static const struct option longs[] = {
		{ "calls", no_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "no-progress", no_argument, NULL, 'P' },
		{ "progress", no_argument, NULL, 'p' },
		{ "redact", required_argument, NULL, 'r' },
		{ "strict", no_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	struct nc_job job;
	enum nc_progress progress = NC_PROGRESS_AUTO;
	bool strict = false;
	int c, i, status;

	set_up_memory();
	memset(&job, 0, sizeof(job));
	while ((c = getopt_long(argc, argv, "+hqF:V", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			return print_calls();
		case 'q':
			job.quiet = true;
			break;
		case 'r':
			redact(&job, optarg);
			break;
		case 'p':
			progress = NC_PROGRESS_ALWAYS;
			break;
		case 'P':
			progress = NC_PROGRESS_NEVER;
			break;
		case 's':
			strict = true;
			break;
		case 'F':
			job.dialect = nc_dialect_named(optarg);
			if (job.dialect == NULL)
				errx(2, "unknown dialect \"%s\"", optarg);
			break;
		case 'h':
			fputs(USAGE, stdout);
			return nc_end_stdout();
		case 'V':
			puts("nc-parse " NC_VERSION);
			return nc_end_stdout();
		default:
			usage();
		}
	}
	if (optind == argc)
		usage();
	for (i = optind; i < argc; i++)
		nc_job_add(&job, argv[i], argc - optind == 1);
	status = run(&job, strict, job.quiet ? NC_PROGRESS_NEVER : progress);
	nc_job_free(&job);
	nc_redact_free(job.redact);
	return status;
}
