/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-order: merges the traces of all hosts into one global order.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "order.h"
#include "util.h"
#include "version.h"

/*
 * Bytes, without -m: what else grows with a trace, up to its limits, leaves
 * that much of 64 MiB.
 */
#define MEMORY ((size_t)24 << 20)

#define USAGE "usage: nc-order [-hqV] [-m SIZE] [FILE ...]\n"

static _Noreturn void
usage(void)
{
	fputs(USAGE, stderr);
	exit(2);
}

/* A size in bytes, with an optional K, M or G. */
static int
parse_size(const char *s, size_t *out)
{
	size_t n = strlen(s), unit = 1;
	int64_t v;

	if (n && strchr("kKmMgG", s[n - 1])) {
		unit = strchr("kK", s[n - 1]) ? 1u << 10 :
		    strchr("mM", s[n - 1])    ? 1u << 20 :
						1u << 30;
		n--;
	}
	if (nc_parse_int(s, n, 0, INT32_MAX, &v) < 0)
		return -1;
	*out = (size_t)v * unit;
	return 0;
}

static int
add(struct order *o, const char *name)
{
	int fd = STDIN_FILENO;

	if (strcmp(name, "-") == 0) {
		name = "standard input";
	} else {
		fd = open(name, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			warn("%s", name);
			return -1;
		}
	}
	order_input(o, nc_reader_new(fd, name));
	return 0;
}

int
main(int argc, char *argv[])
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	size_t memory = MEMORY, n;
	struct nc_writer *out;
	struct order *o;
	const char *text;
	bool quiet = false, ok = true;
	int c, i;

	while ((c = getopt_long(argc, argv, "hm:qV", longs, NULL)) != -1) {
		switch (c) {
		case 'h':
			fputs(USAGE, stdout);
			return nc_end_stdout();
		case 'm':
			if (parse_size(optarg, &memory) < 0)
				errx(2, "-m %s: not a size", optarg);
			break;
		case 'q':
			quiet = true;
			break;
		case 'V':
			puts("nc-order " NC_VERSION);
			return nc_end_stdout();
		default:
			usage();
		}
	}
	out = nc_writer_new(STDOUT_FILENO, "nc-order");
	o = order_new(out, memory);
	if (optind == argc)
		add(o, "-");
	for (i = optind; i < argc; i++)
		if (add(o, argv[i]) < 0)
			ok = false;
	if (order_run(o) < 0)
		ok = false;
	for (n = 0; (text = order_message(o, n)); n++)
		warnx("%s", text);
	if (!quiet && order_forced(o))
		warnx("%llu call%s had to be forced into the order",
		    (unsigned long long)order_forced(o),
		    order_forced(o) == 1 ? "" : "s");
	if (nc_writer_close(out, ok) < 0) {
		warn("standard output");
		ok = false;
	}
	order_free(o);
	return ok ? 0 : 2;
}
