/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-model: replays an ordered stream against the model and says where
 * reality deviates from it.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "replay.h"
#include "util.h"
#include "version.h"

#define USAGE "usage: nc-model [-chrV] [FILE ...]\n"

static _Noreturn void
usage(void)
{
	fputs(USAGE, stderr);
	exit(2);
}

/* Replays one input; 0, or -1 and a message if it was cut or unreadable. */
static int
replay_fd(struct replay *r, int fd, const char *name)
{
	struct nc_reader *in = nc_reader_new(fd, name);
	struct nc_record rec;
	struct nc_call call;
	int got, ok = 0;

	while ((got = nc_reader_next_call(in, &rec, &call)) > 0)
		replay_record(r, &rec, &call);
	if (got < 0) {
		warnx("%s", nc_reader_error(in));
		ok = -1;
	} else if (!nc_reader_ok(in)) {
		warnx("%s: an earlier stage could not do its work", name);
		ok = -1;
	}
	nc_reader_free(in);
	return ok;
}

int
main(int argc, char *argv[])
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct nc_writer *out;
	struct replay *r;
	int c, i, fd;
	struct replay_options options = { 0 };
	bool ok = true;

	while ((c = getopt_long(argc, argv, "chrV", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			options.count = true;
			break;
		case 'h':
			fputs(USAGE, stdout);
			return nc_end_stdout();
		case 'r':
			options.results = true;
			break;
		case 'V':
			puts("nc-model " NC_VERSION);
			return nc_end_stdout();
		default:
			usage();
		}
	}
	out = nc_writer_new(STDOUT_FILENO, "nc-model");
	r = replay_new(out, &options);
	if (optind == argc)
		ok = replay_fd(r, STDIN_FILENO, "standard input") == 0;
	for (i = optind; i < argc; i++) {
		if (strcmp(argv[i], "-") == 0) {
			if (replay_fd(r, STDIN_FILENO, "standard input") < 0)
				ok = false;
			continue;
		}
		fd = open(argv[i], O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			warn("%s", argv[i]);
			ok = false;
		} else if (replay_fd(r, fd, argv[i]) < 0) {
			ok = false;
		}
	}
	replay_finish(r);
	if (nc_writer_close(out, ok) < 0) {
		warn("standard output");
		ok = false;
	}
	replay_free(r);
	return ok ? 0 : 2;
}
