/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-diagnose: from deviations, connections and flows to ranked findings.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "out.h"
#include "rules.h"
#include "version.h"

struct options {
	struct thresholds limits;
	const char **suppressed;
	size_t n, cap;
};

#define USAGE \
	"usage: nc-diagnose [-o NAME=VALUE]... [-s ID]... [FILE ...]\n" \
	"       nc-diagnose --explain ID | --list | -o help | -h | -V\n"

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
	if (nc_close_stdout() != 0)
		err(2, "standard output");
	exit(0);
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

/* The long options stand alone; getopt knows the short ones only. */
static void
long_option(int argc, char *argv[])
{
	if (argc < 2 || strncmp(argv[1], "--", 2) != 0 || !argv[1][2])
		return;
	if (strcmp(argv[1], "--help") == 0) {
		fputs(USAGE, stdout);
		done();
	}
	if (strcmp(argv[1], "--list") == 0 && argc == 2) {
		list();
		done();
	}
	if (strcmp(argv[1], "--explain") == 0 && argc == 3) {
		diag_print(diag_of(argv[2]), stdout);
		done();
	}
	if (strncmp(argv[1], "--explain=", 10) == 0 && argc == 2) {
		diag_print(diag_of(argv[1] + 10), stdout);
		done();
	}
	usage();
}

static void
suppress(struct options *o, const char *id)
{
	diag_of(id);
	o->suppressed =
	    nc_grow(o->suppressed, o->n, &o->cap, sizeof(*o->suppressed));
	o->suppressed[o->n++] = id;
}

static void
parse_options(struct options *o, int argc, char *argv[])
{
	int c;

	thresholds_init(&o->limits);
	long_option(argc, argv);
	while ((c = getopt(argc, argv, "ho:s:V")) != -1)
		switch (c) {
		case 'h':
			fputs(USAGE, stdout);
			done();
		case 'o':
			if (strcmp(optarg, "help") == 0) {
				thresholds_print(&o->limits, stdout);
				done();
			}
			if (thresholds_set(&o->limits, optarg) != 0)
				errx(2,
				    "-o %s: not NAME=VALUE; -o help "
				    "lists the names",
				    optarg);
			break;
		case 's':
			suppress(o, optarg);
			break;
		case 'V':
			printf("nc-diagnose %s\n", NC_VERSION);
			done();
		default:
			usage();
		}
}

/* True if the next read would wait: then a reader should have all so far. */
static bool
input_waits(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 0;
}

/* Passes an input on and takes the facts.  0, or -1 if it is not whole. */
static int
run_input(int fd, const char *name, struct nc_writer *w, struct facts *facts)
{
	struct nc_reader *r = nc_reader_new(fd, name);
	struct nc_record rec;
	int got, status = 0;
	size_t n = 0;

	while ((got = nc_reader_next(r, &rec)) == 1) {
		nc_writer_pass(w, &rec);
		facts_take(facts, &rec);
		if (++n % 64 == 0 && input_waits(fd))
			nc_writer_flush(w);
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

static bool
is_suppressed(const struct options *o, const char *id)
{
	size_t i;

	for (i = 0; i < o->n; i++)
		if (strcmp(o->suppressed[i], id) == 0)
			return true;
	return false;
}

/* Returns 1 if a finding asks for somebody's attention, else 0. */
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
		fs.v[i]->suppressed = is_suppressed(o, fs.v[i]->diag->id);
		if (!fs.v[i]->suppressed &&
		    fs.v[i]->severity > NC_SEVERITY_INFO)
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
	w = nc_writer_new(STDOUT_FILENO);
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
	free(o.suppressed);
	if (nc_close_stdout() != 0)
		err(2, "standard output");
	return status ? status : found;
}
