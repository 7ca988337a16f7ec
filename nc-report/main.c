/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-report: shows a record stream in one of several formats.
 */
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format.h"
#include "output.h"
#include "util.h"
#include "version.h"

#define USAGE \
	"usage: nc-report [-hV] [-f FORMAT] [-o FILE] [--color WHEN]\n" \
	"                 [--finding ID] [--part LIST] [--table NAME] " \
	"[FILE ...]\n" \
	"       nc-report --stage [FILE]\n"

enum { OPT_PART = 256, OPT_COLOR, OPT_FINDING, OPT_TABLE, OPT_STAGE };

static const struct option long_options[] = {
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "finding", required_argument, NULL, OPT_FINDING },
	{ "help", no_argument, NULL, 'h' },
	{ "part", required_argument, NULL, OPT_PART },
	{ "stage", no_argument, NULL, OPT_STAGE },
	{ "table", required_argument, NULL, OPT_TABLE },
	{ NULL, 0, NULL, 0 },
};

static _Noreturn void
usage(void)
{
	fputs(USAGE, stderr);
	exit(2);
}

static unsigned int
parse_parts(const char *list)
{
	static const char *const names[] = { "trace", "stats", "problems",
		"ledger", "answer" };
	const size_t nnames = sizeof(names) / sizeof(names[0]);
	unsigned int parts = 0;
	const char *p = list;

	while (*p != '\0') {
		size_t n = strcspn(p, ","), i;

		for (i = 0; i < nnames; i++)
			if (strlen(names[i]) == n &&
			    memcmp(names[i], p, n) == 0)
				break;
		if (i == nnames) {
			warnx("unknown part in %s (known: trace, stats, "
			      "problems, ledger, answer)",
			    list);
			usage();
		}
		parts |= 1u << i;
		p += n + (p[n] == ',');
	}
	if (parts == 0)
		usage();
	return parts;
}

/* Colour where a person looks on, unless they say otherwise. */
static bool
parse_color(const char *when)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	const char *force = getenv("CLICOLOR_FORCE");

	if (strcmp(when, "always") == 0)
		return true;
	if (strcmp(when, "never") == 0)
		return false;
	if (strcmp(when, "auto") != 0) {
		warnx("--color takes auto, always or never, not %s", when);
		usage();
	}
	if (no != NULL && *no != '\0')
		return false;
	if (force != NULL && *force != '\0' && strcmp(force, "0") != 0)
		return true;
	return isatty(STDOUT_FILENO) &&
	    (term == NULL || strcmp(term, "dumb") != 0);
}

/* What the exit status hangs on. */
struct verdict {
	bool started; /* there is something to report on */
	bool trouble;
	bool problem;
};

static void
judge(struct verdict *v, const struct nc_record *rec)
{
	struct nc_finding f;

	if (rec->kind != NC_KIND_finding || nc_record_decode(rec, &f) < 0)
		return;
	if (f.counts != NC_NIL) {
		v->problem = v->problem || f.counts != 0;
		return;
	}
	if (f.suppressed != NC_NIL && f.suppressed != 0)
		return;
	if (nc_str_eq(f.severity, "warning") || nc_str_eq(f.severity, "error"))
		v->problem = true;
}

static void
read_input(int fd, const char *name, const struct format *format, void *state,
    struct verdict *v)
{
	struct nc_reader *r = nc_reader_new(fd, name);
	struct nc_record rec;
	struct nc_call call, *wanted = NULL;
	bool holds = false;
	int got;

	if (format->call != NULL)
		wanted = &call;
	while ((got = nc_reader_next_call(r, &rec, wanted)) > 0) {
		holds = holds || rec.kind != NC_KIND_count;
		judge(v, &rec);
		if (wanted != NULL && nc_kind_is_call(rec.kind))
			format->call(state, &rec, wanted);
		else
			format->record(state, &rec);
	}
	if (got < 0) {
		warnx("%s", nc_reader_error(r));
		v->trouble = true;
	} else if (!nc_reader_ok(r)) {
		warnx("%s: an earlier stage could not do its work", name);
		v->trouble = true;
	}
	/* Nothing from a maker that failed is nothing to report on. */
	v->started = v->started ||
	    (nc_reader_started(r) && (holds || nc_reader_ok(r)));
	nc_reader_free(r);
}

static void
read_operand(const char *name, const struct format *format, void *state,
    struct verdict *v)
{
	int fd;

	if (strcmp(name, "-") == 0) {
		read_input(STDIN_FILENO, "standard input", format, state, v);
		return;
	}
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		warn("%s", name);
		v->trouble = true;
		return;
	}
	read_input(fd, name, format, state, v);
}

/* Tells which stage wrote a stream, from its header alone. */
static int
print_stage(const char *name)
{
	bool standard = name == NULL || strcmp(name, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	struct nc_reader *r;
	struct nc_record rec;
	const char *maker;
	int status = 0;

	if (fd < 0)
		err(2, "%s", name);
	r = nc_reader_new(fd, standard ? "standard input" : name);
	if (nc_reader_next(r, &rec) < 0 && !nc_reader_started(r)) {
		warnx("%s", nc_reader_error(r));
		status = 2;
	} else {
		maker = nc_reader_maker(r);
		puts(maker != NULL ? maker : "unknown");
	}
	nc_reader_free(r);
	return nc_end_stdout() != 0 ? 2 : status;
}

int
main(int argc, char **argv)
{
	struct format_options opt = {
		.out = stdout, .parts = PART_ALL, .table = "findings"
	};
	const struct format *format = &format_text;
	const char *output = NULL, *color = "auto";
	struct verdict v = { 0 };
	void *state;
	bool stage = false, failed = false;
	int c;

	while ((c = getopt_long(argc, argv, "+f:ho:V", long_options, NULL)) !=
	    -1) {
		switch (c) {
		case 'f':
			if (strcmp(optarg, "list") == 0) {
				puts(format_names("\n"));
				return nc_end_stdout();
			}
			format = format_find(optarg);
			if (format == NULL) {
				warnx("unknown format %s (known: %s)", optarg,
				    format_names(", "));
				usage();
			}
			break;
		case 'h':
			fputs(USAGE, stdout);
			return nc_end_stdout();
		case 'o':
			output = optarg;
			break;
		case 'V':
			puts("nc-report " NC_VERSION);
			return nc_end_stdout();
		case OPT_PART:
			opt.parts = parse_parts(optarg);
			break;
		case OPT_COLOR:
			color = optarg;
			break;
		case OPT_FINDING:
			opt.finding = optarg;
			break;
		case OPT_STAGE:
			stage = true;
			break;
		case OPT_TABLE:
			if (!format_csv_has(optarg)) {
				warnx("unknown table %s (known: findings, "
				      "connections, flows, hosts)",
				    optarg);
				usage();
			}
			opt.table = optarg;
			break;
		default:
			usage();
		}
	}
	parse_color(color);
	if (stage && argc - optind > 1)
		usage();
	if (stage)
		return print_stage(argv[optind]);
	if (output != NULL && output_open(output) < 0)
		err(2, "%s", output);
	opt.color = parse_color(color);
	opt.problem = &v.problem;
	opt.failed = &failed;
	state = format->open(&opt);
	if (optind == argc)
		read_operand("-", format, state, &v);
	for (int i = optind; i < argc; i++)
		read_operand(argv[i], format, state, &v);
	format->finish(state, v.started, !v.trouble);
	if (output_close(v.started && !failed) < 0)
		err(2, "%s", output != NULL ? output : "standard output");
	return v.trouble || failed ? 2 : v.problem;
}
