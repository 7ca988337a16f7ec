/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-diagnose: from deviations, connections and flows to ranked findings.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ignore.h"
#include "out.h"
#include "rules.h"
#include "version.h"

struct options {
	struct thresholds limits;
	struct ignore ignore;
	int fail_on; /* enum nc_severity, or NEVER */
};

#define NEVER (NC_SEVERITY_ERROR + 1)

#define USAGE \
	"usage: nc-diagnose [-o NAME=VALUE]... [-s ID]... " \
	"[--fail-on SEVERITY]\n" \
	"                   [--ignore FILE]... [FILE ...]\n" \
	"       nc-diagnose --explain ID | --list | -o help | -h | -V\n"

enum { OPT_EXPLAIN = 256, OPT_FAIL_ON, OPT_IGNORE, OPT_LIST };

static const struct option long_options[] = {
	{ "explain", required_argument, NULL, OPT_EXPLAIN },
	{ "fail-on", required_argument, NULL, OPT_FAIL_ON },
	{ "help", no_argument, NULL, 'h' },
	{ "ignore", required_argument, NULL, OPT_IGNORE },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "threshold", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 },
};

static _Noreturn void
usage(void)
{
	fputs(USAGE, stderr);
	exit(2);
}

static const struct nc_diag *
diag_of(const char *id)
{
	const struct nc_diag *d = nc_diag_find(id, strlen(id));

	if (!d)
		errx(2, "%s: no such diagnosis; --list lists them", id);
	return d;
}

static _Noreturn void
done(void)
{
	exit(nc_end_stdout());
}

static void
list(void)
{
	const struct nc_diag *d;
	size_t i;

	for (i = 0; (d = nc_diag_at(i)); i++)
		printf("%-28s %-14s %-8s %s\n", d->id, d->category,
		    nc_severity_name(d->severity), d->meaning);
}

static void
set_threshold(struct thresholds *limits, const char *assignment)
{
	if (strcmp(assignment, "help") == 0) {
		thresholds_print(limits, stdout);
		done();
	}
	if (thresholds_set(limits, assignment) != 0)
		errx(2, "-o %s: not NAME=VALUE; -o help lists the names",
		    assignment);
}

static int
severity_named(const char *name)
{
	int i;

	for (i = NC_SEVERITY_INFO; i < NEVER; i++)
		if (strcmp(nc_severity_name((enum nc_severity)i), name) == 0)
			return i;
	if (strcmp(name, "never") != 0)
		errx(2,
		    "--fail-on %s: not one of info, warning, error and never",
		    name);
	return NEVER;
}

static void
read_ignore(struct ignore *g, const char *path)
{
	char error[NC_ROWS_ERROR];

	if (ignore_read(g, path, error) != 0)
		errx(2, "%s", error);
}

static void
parse_options(struct options *o, int argc, char *argv[])
{
	int c;

	thresholds_init(&o->limits);
	o->fail_on = NC_SEVERITY_WARNING;
	while (
	    (c = getopt_long(argc, argv, "+ho:s:V", long_options, NULL)) != -1)
		switch (c) {
		case 'h':
			fputs(USAGE, stdout);
			done();
		case 'o':
			set_threshold(&o->limits, optarg);
			break;
		case 's':
			ignore_id(&o->ignore, diag_of(optarg)->id);
			break;
		case 'V':
			printf("nc-diagnose %s\n", NC_VERSION);
			done();
		case OPT_EXPLAIN:
			if (optind != argc)
				usage();
			diag_print(diag_of(optarg), stdout);
			done();
		case OPT_FAIL_ON:
			o->fail_on = severity_named(optarg);
			break;
		case OPT_IGNORE:
			read_ignore(&o->ignore, optarg);
			break;
		case OPT_LIST:
			if (optind != argc)
				usage();
			list();
			done();
		default:
			usage();
		}
}

static void
flush(void *writer)
{
	nc_writer_flush(writer);
}

/* Passes an input on and takes the facts.  0, or -1 if it is not whole. */
static int
run_input(int fd, const char *name, struct nc_writer *w, struct facts *facts)
{
	struct nc_reader *r = nc_reader_new(fd, name);
	struct nc_record rec;
	int got, status = 0;

	nc_reader_on_wait(r, flush, w);
	while ((got = nc_reader_next(r, &rec)) == 1) {
		nc_writer_pass(w, &rec);
		facts_take(facts, &rec);
	}
	if (got < 0) {
		warnx("%s", nc_reader_error(r));
		status = -1;
	} else if (!nc_reader_started(r)) {
		warnx("%s: not a record stream: no header", name);
		status = -1;
	} else if (!nc_reader_ok(r)) {
		warnx("%s: an earlier stage could not do its work", name);
		status = -1;
	}
	nc_reader_free(r);
	return status;
}

static int
run_file(const char *name, struct nc_writer *w, struct facts *facts)
{
	int fd;

	if (strcmp(name, "-") == 0)
		return run_input(STDIN_FILENO, "standard input", w, facts);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		warn("%s", name);
		return -1;
	}
	return run_input(fd, name, w, facts);
}

static void
judge(const struct options *o, struct finding *f)
{
	const struct ignore_rule *r = ignore_match(&o->ignore, f);

	f->suppressed = r != NULL;
	if (r != NULL && r->reason != NULL)
		f->suppressed_reason = nc_xstrdup(r->reason);
	f->counts = !f->suppressed && (int)f->severity >= o->fail_on;
}

/* Returns 1 if a finding counts for the exit status, else 0. */
static int
diagnose(struct facts *facts, const struct options *o, struct nc_writer *w)
{
	struct findings fs = { 0 };
	struct rules rules = {
		.facts = facts, .limits = &o->limits, .findings = &fs
	};
	int status = 0;
	size_t i;

	facts_finish(facts);
	rules_run(&rules);
	findings_rank(&fs, o->limits.confidence, o->limits.objects);
	for (i = 0; i < fs.n; i++) {
		judge(o, fs.v[i]);
		if (fs.v[i]->counts)
			status = 1;
	}
	findings_write(w, &fs, facts->findings);
	rules_fini(&rules);
	findings_fini(&fs);
	return status;
}

int
main(int argc, char *argv[])
{
	struct options o = { 0 };
	struct facts facts;
	struct nc_writer *w;
	int status = 0, found = 0, i;

	parse_options(&o, argc, argv);
	facts_init(&facts);
	w = nc_writer_new(STDOUT_FILENO, "nc-diagnose");
	if (optind == argc && run_file("-", w, &facts) != 0)
		status = 2;
	for (i = optind; i < argc; i++)
		if (run_file(argv[i], w, &facts) != 0)
			status = 2;
	/* What is missing from a cut stream would look like absence. */
	if (status == 0)
		found = diagnose(&facts, &o, w);
	if (nc_writer_close(w, status == 0) != 0)
		err(2, "standard output");
	facts_fini(&facts);
	ignore_fini(&o.ignore);
	if (nc_close_stdout() != 0)
		err(2, "standard output");
	return status ? status : found;
}
