/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The job: from operands to open, named sources.
 */
#include "job.h"

#include "emit.h"
#include "escape.h"
#include "redact.h"
#include "unpack.h"
#include "util.h"

#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes looked at to tell a hosts file from a trace, and the dialect. */
#define LOOK (64u << 10)

static struct nc_source *
add_source(struct nc_job *job)
{
	struct nc_source *s;

	job->sources =
	    nc_grow(job->sources, job->n, &job->cap, sizeof(*job->sources));
	s = &job->sources[job->n++];
	memset(s, 0, sizeof(*s));
	return s;
}

/* The whole rest of an input, for the hosts file; the caller frees. */
static char *
read_all(struct nc_input *in, size_t *len)
{
	const char *p;
	size_t want = LOOK;

	while ((*len = nc_input_peek(in, want, &p)) >= want) {
		if (want > (16u << 20))
			errx(2, "hosts file is too large");
		want *= 2;
	}
	return nc_xstrndup(p, *len);
}

static _Noreturn void
unknown_format(const char *path, const struct nc_hosts_row *row)
{
	struct nc_buf text = { 0 };

	nc_escape_terminal(&text, row->format, strlen(row->format));
	errx(2, "%s:%zu:%zu: unknown format \"%.*s\"", path, row->format_line,
	    row->format_column, (int)(text.len < 80 ? text.len : 80), text.p);
}

static void
add_hosts(struct nc_job *job, struct nc_input *in, const char *path)
{
	char error[NC_HOSTS_ERROR];
	struct nc_hosts_row *row;
	struct nc_source *s;
	size_t i, len;
	char *text = read_all(in, &len);

	if (in->error != NULL)
		errx(2, "%s: %s", path, in->error);
	job->hosts = nc_hosts_parse(text, len, path, true, error);
	free(text);
	if (job->hosts == NULL)
		errx(2, "%s", error);
	for (i = 0; i < job->hosts->nrows; i++) {
		row = &job->hosts->rows[i];
		s = add_source(job);
		s->path = nc_xstrdup(row->trace);
		s->file = nc_xstrdup(row->file);
		s->host = nc_xstrdup(row->host);
		s->dialect = job->dialect;
		if (row->format != NULL) {
			s->dialect = nc_dialect_named(row->format);
			if (s->dialect == NULL)
				unknown_format(path, row);
		}
	}
}

/* A bare trace's host: its file name without extensions. */
static char *
host_of(const char *file, size_t parents)
{
	const char *base = strrchr(file, '/'), *dot, *end, *start;
	char *name, *p;

	base = base != NULL ? base + 1 : file;
	end = base + nc_unpack_stem(base);
	for (dot = end; dot > base && dot[-1] != '.'; dot--)
		;
	dot = dot > base + 1 ? dot - 1 : end;
	for (start = base; parents > 0 && start > file; parents--) {
		start--;
		while (start > file && start[-1] != '/')
			start--;
	}
	name = nc_xstrndup(start, (size_t)(dot - start));
	/* Names are text in records and reports. */
	for (p = name; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e)
			*p = '_';
	return name;
}

/* Hosts of bare traces get parent folders until all differ. */
static void
name_hosts(struct nc_job *job)
{
	size_t i, j, parents;
	bool same;
	char number[32];

	for (parents = 0; parents < 16; parents++) {
		same = false;
		for (i = 0; i < job->n; i++) {
			if (job->sources[i].path == NULL)
				continue;
			free(job->sources[i].host);
			job->sources[i].host =
			    host_of(job->sources[i].file, parents);
		}
		for (i = 0; i < job->n; i++)
			for (j = 0; j < i; j++)
				same = same ||
				    strcmp(job->sources[i].host,
					job->sources[j].host) == 0;
		if (!same)
			return;
	}
	/* Names that no folder tells apart: by position. */
	for (i = 0; i < job->n; i++) {
		snprintf(number, sizeof(number), "#%zu", i + 1);
		free(job->sources[i].host);
		job->sources[i].host = nc_xstrdup(number);
	}
}

/* One file under two names would be two hosts that agree about everything. */
static void
refuse_twice(const struct nc_job *job)
{
	struct stat a, b;
	size_t i, j;

	for (i = 0; i < job->n; i++) {
		if (job->sources[i].path == NULL ||
		    stat(job->sources[i].path, &a) < 0 || !S_ISREG(a.st_mode))
			continue;
		for (j = 0; j < i; j++)
			if (job->sources[j].path != NULL &&
			    stat(job->sources[j].path, &b) == 0 &&
			    a.st_dev == b.st_dev && a.st_ino == b.st_ino)
				errx(2, "%s: the same file as %s",
				    job->sources[i].file, job->sources[j].file);
	}
}

/* Opens an operand: a hosts file adds its traces, a trace itself. */
void
nc_job_add(struct nc_job *job, const char *file, bool alone)
{
	struct nc_input in;
	struct nc_source *s;
	const char *p;
	size_t n;
	bool standard = strcmp(file, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(2, "%s", file);
	nc_input_init(&in, fd);
	n = nc_input_look(&in, LOOK, &p);
	if (in.error != NULL && n == 0)
		errx(2, "%s: %s", file, in.error);
	if (nc_hosts_detect(p, n)) {
		if (!alone)
			errx(2, "%s: a hosts file stands alone", file);
		add_hosts(job, &in, file);
		nc_input_fini(&in);
		return;
	}
	s = add_source(job);
	s->path = standard ? NULL : nc_xstrdup(file);
	s->file = nc_xstrdup(file);
	s->host = nc_xstrdup("stdin");
	s->dialect = job->dialect;
	s->input = in;
	s->open = true;
}

static struct nc_machine *
machine_of(struct nc_job *job, const char *name)
{
	struct nc_machine **m;

	for (m = &job->machines; *m != NULL; m = &(*m)->next)
		if (strcmp((*m)->name, name) == 0)
			return *m;
	*m = nc_machine_new(name);
	return *m;
}

/* Opens one of n sources, tells its dialect; false if it cannot be used. */
static bool
open_source(struct nc_source *s, size_t all)
{
	const char *p, *why;
	size_t n;
	int fd;

	if (!s->open) {
		fd = open(s->path, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			warn("%s", s->file);
			return false;
		}
		nc_input_init(&s->input, fd);
		s->open = true;
	}
	nc_input_share(&s->input, all);
	n = nc_input_look(&s->input, LOOK, &p);
	if (s->input.error != NULL && n == 0) {
		warnx("%s: %s", s->file, s->input.error);
		return false;
	}
	if (s->dialect != NULL && !nc_dialect_is_family(s->dialect))
		return true;
	s->dialect = nc_dialect_detect(p, n, s->dialect, &why);
	if (s->dialect == NULL)
		warnx("%s:1: %s", s->file, why);
	return s->dialect != NULL;
}

static void
put_host(struct nc_writer *w, const struct nc_source *s)
{
	struct nc_host rec;

	nc_record_init(NC_KIND_host, &rec);
	rec.host = nc_str(s->host);
	rec.trace = s->trace.number;
	rec.file = nc_str(s->file);
	rec.lane = s->trace.number;
	rec.dialect = nc_str(s->dialect->name);
	if (s->trace.redact != NULL)
		rec.redacted = nc_str(nc_redact_id(s->trace.redact));
	nc_writer_put(w, NC_KIND_host, &rec);
}

static void
put_declared(struct nc_job *job, struct nc_writer *w)
{
	char inside[NC_ADDR_TEXT], outside[NC_ADDR_TEXT];
	struct nc_hosts_row *row;
	struct nc_address address;
	struct nc_nat nat;
	size_t i, j;

	if (job->hosts == NULL)
		return;
	for (i = 0; i < job->hosts->nrows; i++) {
		row = &job->hosts->rows[i];
		for (j = 0; j < row->nnat; j++) {
			nc_record_init(NC_KIND_nat, &nat);
			nat.host = nc_str(row->host);
			nat.private_ =
			    nc_str(nc_addr_print(&row->nat[j].inside, inside));
			nat.public_ = nc_str(
			    nc_addr_print(&row->nat[j].outside, outside));
			nc_writer_put(w, NC_KIND_nat, &nat);
		}
	}
	for (i = 0; i < job->hosts->nrows; i++) {
		row = &job->hosts->rows[i];
		for (j = 0; j < row->naddresses; j++) {
			if (!nc_machine_learn(
				machine_of(job, row->host), &row->addresses[j]))
				continue;
			nc_record_init(NC_KIND_address, &address);
			address.host = nc_str(row->host);
			address.address = nc_str(
			    nc_addr_print_ip(&row->addresses[j], inside));
			address.source = nc_str("hosts");
			nc_writer_put(w, NC_KIND_address, &address);
		}
	}
}

/* The host's traces before this one. */
static int64_t
number_of(const struct nc_job *job, size_t i)
{
	int64_t n = 0;
	size_t j;

	for (j = 0; j < i; j++)
		n += job->sources[j].machine == job->sources[i].machine;
	return n;
}

bool
nc_job_open(struct nc_job *job, struct nc_writer *w)
{
	struct nc_source *s;
	bool all = true;
	size_t i;

	if (job->hosts == NULL)
		name_hosts(job);
	refuse_twice(job);
	for (i = 0; i < job->n; i++)
		all = open_source(&job->sources[i], job->n) && all;
	for (i = 0; all && i < job->n; i++) {
		s = &job->sources[i];
		s->machine = machine_of(job, s->host);
		nc_trace_init(
		    &s->trace, s->machine, number_of(job, i), s->file, w);
		s->trace.quiet = job->quiet;
		s->trace.redact = job->redact;
		if (s->dialect->begin != NULL)
			s->dialect->begin(&s->trace);
		put_host(w, s);
	}
	if (all)
		put_declared(job, w);
	return all;
}

void
nc_job_free(struct nc_job *job)
{
	struct nc_machine *m;
	struct nc_source *s;
	size_t i;

	for (i = 0; i < job->n; i++) {
		s = &job->sources[i];
		if (s->machine != NULL)
			nc_trace_fini(&s->trace);
		if (s->open)
			nc_input_fini(&s->input);
		free(s->path);
		free(s->file);
		free(s->host);
	}
	free(job->sources);
	while ((m = job->machines) != NULL) {
		job->machines = m->next;
		nc_machine_free(m);
	}
	nc_hosts_free(job->hosts);
}
