/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A trace file as a source of lines.
 */
#include "source.h"

#include "input/progress.h"

#include <sys/stat.h>

#include <err.h>
#include <fcntl.h>
#include <string.h>

/* Lines looked at for times and process ids. */
#define CLUE_LINES 64
#define MILLISECOND 1000000

static void
look(const char *p, size_t n, struct nc_clue *clue)
{
	const char *end = p + n, *q;
	struct nc_prefix last = { .len = 0 };
	struct nc_line l;
	size_t lines = 0;

	memset(clue, 0, sizeof(*clue));
	for (; p < end && lines < CLUE_LINES; p = q + 1, lines++) {
		q = memchr(p, '\n', (size_t)(end - p));
		if (q == NULL)
			break;
		nc_line_parse(p, q, &last, &l);
		if (l.kind == NC_LINE_BAD)
			continue;
		clue->pids = clue->pids || l.pid != NC_NIL;
		if (l.stamp == NC_STAMP_NONE)
			continue;
		if (clue->stamp == NC_STAMP_NONE) {
			clue->stamp = l.stamp;
			clue->first = l.time;
		}
		clue->fine = clue->fine || l.time % MILLISECOND != 0;
	}
}

bool
nc_source_probe(struct nc_source *s, size_t n)
{
	const char *p, *why;
	bool was_open = s->open;
	size_t len;
	int fd;

	if (!was_open) {
		fd = open(s->path, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			warn("%s", s->file);
			return false;
		}
		nc_input_init(&s->input, fd);
		s->open = true;
	}
	s->size = s->input.size;
	nc_input_share(&s->input, n);
	s->block = 2 * s->input.block;
	len = nc_input_look(&s->input, NC_SOURCE_LOOK, &p);
	if (s->input.error != NULL && len == 0) {
		warnx("%s: %s", s->file, s->input.error);
		return false;
	}
	if (s->dialect == NULL || nc_dialect_is_family(s->dialect)) {
		s->dialect = nc_dialect_detect(p, len, s->dialect, &why);
		if (s->dialect == NULL)
			warnx("%s:1: %s", s->file, why);
	}
	look(p, len, &s->clue);
	nc_inherited_look(p, len, &s->inherited);
	if (!was_open && s->size >= 0)
		nc_source_close(s);
	return s->dialect != NULL;
}

void
nc_source_open(struct nc_source *s, size_t block)
{
	if (s->open)
		return;
	nc_input_init_path(&s->input, s->path, s->size, block);
	s->open = true;
}

void
nc_source_close(struct nc_source *s)
{
	if (s->open)
		nc_input_fini(&s->input);
	s->open = false;
}

bool
nc_source_line(
    struct nc_source *s, const char **p, const char **end, bool *newline)
{
	int64_t done;
	bool more;

	if (s->error != NULL)
		return false;
	if (!s->open)
		nc_source_open(s, s->block);
	done = nc_input_done(&s->input);
	more = nc_input_line(&s->input, p, end, newline);
	if (s->done != NULL)
		*s->done += nc_input_done(&s->input) - done;
	if (!more && s->input.error != NULL) {
		s->error = s->input.error;
		nc_message("%s: %s", s->file, s->error);
	}
	return more;
}

int64_t
nc_source_take(
    struct nc_source *s, const char *p, const char *end, bool newline)
{
	int64_t overlong = s->input.overlong;

	s->trace.clean = !s->input.odd;
	s->trace.no_dump = s->trace.clean && nc_input_next(&s->input) > ' ';
	if (overlong > 0) {
		nc_trace_overlong(&s->trace, overlong, newline);
		return overlong + newline;
	}
	s->dialect->line(&s->trace, p, end, newline);
	return end - p + newline;
}
