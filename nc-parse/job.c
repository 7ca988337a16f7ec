/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The job: from operands to open, named sources.
 */
#include "job.h"

#include "escape.h"
#include "join/apart.h"
#include "join/timed.h"
#include "redact/redact.h"
#include "tracename.h"
#include "util.h"

#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct nc_source *
add_source(
    struct nc_job *job, const char *path, const char *file, const char *host)
{
	struct nc_source *s = nc_xcalloc(1, sizeof(*s));
	size_t stem;

	job->sources = nc_grow(job->sources, job->n, &job->cap, sizeof(s));
	job->sources[job->n++] = s;
	s->path = path != NULL ? nc_xstrdup(path) : NULL;
	s->file = nc_xstrdup(file);
	s->host = nc_xstrdup(host);
	s->dialect = job->dialect;
	s->pid = path != NULL ? nc_tracename_pid(file, &stem) : NC_NIL;
	s->parent = NC_NIL;
	return s;
}

/* The whole rest of an input, for the hosts file; the caller frees. */
static char *
read_all(struct nc_input *in, size_t *len)
{
	const char *p;
	size_t want = NC_SOURCE_LOOK;

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
		s = add_source(job, row->trace, row->file, row->host);
		if (row->format != NULL) {
			s->dialect = nc_dialect_named(row->format);
			if (s->dialect == NULL)
				unknown_format(path, row);
		}
	}
}

/* What tells hosts of bare traces apart: the path, NAME's of NAME.PID. */
static uint64_t
identity(const struct nc_source *s)
{
	const char *p = s->path;
	size_t len;

	if (nc_tracename_pid(p, &len) == NC_NIL)
		len = strlen(p);
	while (len > 2 && p[0] == '.' && p[1] == '/') {
		p += 2;
		len -= 2;
	}
	return nc_hash(p, len, 1) | 1;
}

/* Names bare traces' hosts with so many parent folders; false: some clash. */
static bool
name_with(struct nc_job *job, size_t parents)
{
	struct nc_map names = { 0 };
	struct nc_source *s;
	bool clash = false;
	uint64_t name;
	void *id, *old;
	size_t i;

	for (i = 0; i < job->n; i++) {
		s = job->sources[i];
		id = &job->sources[i];
		if (s->path != NULL) {
			free(s->host);
			s->host = nc_tracename_host(s->file, parents);
			id = (void *)(uintptr_t)identity(s);
		}
		name = nc_hash(s->host, strlen(s->host), 1);
		old = nc_map_put(&names, name, id);
		clash = clash || (old != NULL && old != id);
	}
	nc_map_fini(&names);
	return !clash;
}

/* Hosts of bare traces get parent folders until all differ. */
static void
name_hosts(struct nc_job *job)
{
	char number[32];
	size_t i;

	for (i = 0; i < 16; i++)
		if (name_with(job, i))
			return;
	/* Names that no folder tells apart: by position. */
	for (i = 0; i < job->n; i++) {
		snprintf(number, sizeof(number), "#%zu", i + 1);
		free(job->sources[i]->host);
		job->sources[i]->host = nc_xstrdup(number);
	}
}

struct identity {
	struct stat st;
	const struct nc_source *source;
	size_t at;
};

static int
compare_identity(const void *va, const void *vb)
{
	const struct identity *a = va, *b = vb;

	if (a->st.st_dev != b->st.st_dev)
		return a->st.st_dev < b->st.st_dev ? -1 : 1;
	if (a->st.st_ino != b->st.st_ino)
		return a->st.st_ino < b->st.st_ino ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* One file under two names would be two hosts that agree about everything. */
static void
refuse_twice(const struct nc_job *job)
{
	struct identity *list = nc_xcalloc(job->n + 1, sizeof(*list)), *d;
	size_t i, n = 0;

	for (i = 0; i < job->n; i++) {
		d = &list[n];
		d->source = job->sources[i];
		d->at = i;
		if (d->source->path != NULL &&
		    stat(d->source->path, &d->st) == 0 &&
		    S_ISREG(d->st.st_mode))
			n++;
	}
	qsort(list, n, sizeof(*list), compare_identity);
	for (i = 1; i < n; i++)
		if (list[i].st.st_dev == list[i - 1].st.st_dev &&
		    list[i].st.st_ino == list[i - 1].st.st_ino)
			errx(2, "%s: the same file as %s", list[i].source->file,
			    list[i - 1].source->file);
	free(list);
}

/* A folder: its hosts file, or the traces that lie in it. */
static void
add_folder(struct nc_job *job, const char *folder, bool alone)
{
	size_t len = strlen(folder), n, i;
	char *hosts, **files;

	while (len > 1 && folder[len - 1] == '/')
		len--;
	hosts = nc_xmalloc(len + sizeof("/hosts.csv"));
	memcpy(hosts, folder, len);
	strcpy(hosts + len, "/hosts.csv");
	if (access(hosts, F_OK) == 0) {
		nc_job_add(job, hosts, alone);
		free(hosts);
		return;
	}
	free(hosts);
	files = nc_tracename_folder(folder, len, &n);
	if (n == 0)
		errx(2, "%s: neither a hosts.csv nor a trace in this folder",
		    folder);
	for (i = 0; i < n; i++) {
		nc_job_add(job, files[i], alone && n == 1);
		free(files[i]);
	}
	free(files);
}

static bool
is_folder(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
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
	if (is_folder(fd)) {
		close(fd);
		add_folder(job, file, alone);
		return;
	}
	nc_input_init(&in, fd);
	n = nc_input_look(&in, NC_SOURCE_LOOK, &p);
	if (in.error != NULL && n == 0)
		errx(2, "%s: %s", file, in.error);
	if (nc_hosts_detect(p, n)) {
		if (!alone)
			errx(2, "%s: a hosts file stands alone", file);
		add_hosts(job, &in, file);
		nc_input_fini(&in);
		return;
	}
	s = add_source(job, standard ? NULL : file, file, "stdin");
	/* What cannot be opened again stays open. */
	if (!standard && in.size >= 0) {
		nc_input_fini(&in);
		return;
	}
	s->input = in;
	s->open = true;
}

static struct nc_machine *
machine_of(struct nc_job *job, const char *name)
{
	uint64_t key = nc_hash(name, strlen(name), 1);
	struct nc_machine *m = nc_map_get(&job->by_name, key);

	if (m == NULL) {
		m = nc_machine_new(name);
		m->next = job->machines;
		job->machines = m;
		nc_map_put(&job->by_name, key, m);
	}
	return m;
}

/* Groups */

static struct nc_group *
add_group(struct nc_job *job, enum nc_reading reading)
{
	struct nc_group *g;

	job->groups =
	    nc_grow(job->groups, job->ngroups, &job->groups_cap, sizeof(*g));
	g = &job->groups[job->ngroups++];
	memset(g, 0, sizeof(*g));
	g->reading = reading;
	return g;
}

static void
add_to_group(struct nc_group *g, struct nc_source *s)
{
	g->sources = nc_grow(g->sources, g->n, &g->cap, sizeof(s));
	g->sources[g->n++] = s;
	g->size = s->size < 0 || g->size < 0 ? -1 : g->size + s->size;
}

/* The files of one strace -ff: NAME.PID whose lines do not tell the pid. */
static void
find_families(struct nc_job *job)
{
	struct nc_map known = { 0 };
	struct nc_family *f;
	struct nc_source *s;
	uint64_t key;
	size_t i;

	for (i = 0; i < job->n; i++) {
		s = job->sources[i];
		if (s->clue.pids)
			s->pid = NC_NIL;
		if (s->pid == NC_NIL || s->size < 0 ||
		    s->dialect->enter == NULL)
			continue;
		key = nc_hash(s->host, strlen(s->host), identity(s));
		f = nc_map_get(&known, key);
		if (f == NULL) {
			f = nc_xcalloc(1, sizeof(*f));
			nc_map_put(&known, key, f);
			job->families = nc_grow(job->families, job->nfamilies,
			    &job->families_cap, sizeof(f));
			job->families[job->nfamilies++] = f;
		}
		s->family = f;
		/* A short file may look coarse, or have no time at all. */
		if (f->stamp == NC_STAMP_NONE)
			f->stamp = s->clue.stamp;
		f->fine = f->fine || s->clue.fine;
		f->files++;
	}
	nc_map_fini(&known);
}

/* The form of time in which a source can be merged, or NC_STAMP_NONE. */
static enum nc_stamp
timed_as(const struct nc_source *s)
{
	enum nc_stamp stamp = s->family ? s->family->stamp : s->clue.stamp;
	bool fine = s->family ? s->family->fine : s->clue.fine;

	if (s->dialect->enter == NULL || !fine ||
	    (stamp != NC_STAMP_EPOCH && stamp != NC_STAMP_DAY))
		return NC_STAMP_NONE;
	return stamp;
}

/* What sources are read together by. */
static uint64_t
group_key(const struct nc_source *s, enum nc_reading *reading)
{
	enum nc_stamp stamp = timed_as(s);
	uint64_t host = nc_hash(s->host, strlen(s->host), 1);

	*reading = NC_READ_ALONE;
	if (stamp != NC_STAMP_NONE) {
		*reading = NC_READ_TIMED;
		return nc_hash_int(host + (uint64_t)stamp) | 1;
	}
	if (s->family != NULL && s->family->files > 1) {
		*reading = NC_READ_APART;
		s->family->apart = true;
		return nc_hash_int((uintptr_t)s->family) | 1;
	}
	return 0;
}

static void
find_groups(struct nc_job *job)
{
	struct nc_map known = { 0 };
	enum nc_reading reading;
	struct nc_group *g;
	uint64_t key;
	size_t i, at;

	for (i = 0; i < job->n; i++) {
		key = group_key(job->sources[i], &reading);
		at = key == 0 ? 0 : (size_t)(uintptr_t)nc_map_get(&known, key);
		if (at == 0) {
			add_group(job, reading);
			at = job->ngroups;
			if (key != 0)
				nc_map_put(&known, key, (void *)(uintptr_t)at);
		}
		add_to_group(&job->groups[at - 1], job->sources[i]);
	}
	for (i = 0; i < job->ngroups; i++) {
		g = &job->groups[i];
		if (g->n == 1)
			g->reading = NC_READ_ALONE;
	}
	nc_map_fini(&known);
}

static void
init_trace(const struct nc_job *job, struct nc_source *s, struct nc_writer *w)
{
	nc_trace_init(&s->trace, s->machine, s->number, s->file, w);
	s->trace.quiet = job->quiet;
	s->trace.redact = job->redact;
	s->trace.pid = s->pid;
	s->trace.family = s->family;
	s->trace.inherited = &s->inherited;
	s->trace.input = &s->input;
	if (s->machine->traces > 1)
		s->trace.made_up = -1 - s->number;
	if (s->dialect->begin != NULL)
		s->dialect->begin(&s->trace);
}

/* Each group's lanes, in the order of their first files. */
static void
open_groups(struct nc_job *job, struct nc_writer *w)
{
	struct nc_group *g;
	struct nc_source *s;
	size_t i, j;

	for (i = 0; i < job->ngroups; i++) {
		g = &job->groups[i];
		for (j = 0; j < g->n; j++) {
			s = g->sources[j];
			if (j == 0 || g->reading != NC_READ_TIMED)
				s->lane = s->machine->lanes++;
			else
				s->lane = g->sources[0]->lane;
			init_trace(job, s, w);
		}
		if (g->reading == NC_READ_TIMED)
			nc_timed_open(g);
		else if (g->reading == NC_READ_APART)
			nc_apart_open(g);
	}
}

static void
put_host(struct nc_writer *w, const struct nc_source *s)
{
	struct nc_host rec;

	nc_record_init(NC_KIND_host, &rec);
	rec.host = nc_str(s->host);
	rec.trace = s->number;
	rec.file = nc_str(s->file);
	rec.lane = s->lane;
	rec.dialect = nc_str(s->dialect->name);
	if (s->trace.redact != NULL)
		rec.redacted = nc_str(nc_redact_id(s->trace.redact));
	rec.thread = s->pid;
	rec.parent = s->parent;
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

bool
nc_job_open(struct nc_job *job, struct nc_writer *w)
{
	struct nc_source *s;
	bool all = true;
	size_t i;

	if (job->hosts == NULL)
		name_hosts(job);
	refuse_twice(job);
	for (i = 0; i < job->n; i++) {
		s = job->sources[i];
		all = nc_source_probe(s, job->n) && all;
	}
	if (!all)
		return false;
	for (i = 0; i < job->n; i++) {
		s = job->sources[i];
		s->machine = machine_of(job, s->host);
		s->number = s->machine->traces++;
	}
	find_families(job);
	find_groups(job);
	open_groups(job, w);
	for (i = 0; i < job->n; i++)
		put_host(w, job->sources[i]);
	put_declared(job, w);
	return true;
}

void
nc_job_free(struct nc_job *job)
{
	struct nc_machine *m;
	struct nc_source *s;
	size_t i;

	for (i = 0; i < job->n; i++) {
		s = job->sources[i];
		if (s->trace.lane != NULL)
			nc_trace_fini(&s->trace);
		nc_source_close(s);
		free(s->path);
		free(s->file);
		free(s->host);
	}
	for (i = 0; i < job->n; i++)
		free(job->sources[i]);
	free(job->sources);
	for (i = 0; i < job->ngroups; i++) {
		if (job->groups[i].reading == NC_READ_TIMED)
			nc_timed_free(&job->groups[i]);
		else if (job->groups[i].reading == NC_READ_APART)
			nc_apart_free(&job->groups[i]);
		free(job->groups[i].sources);
	}
	free(job->groups);
	for (i = 0; i < job->nfamilies; i++) {
		nc_map_fini(&job->families[i]->handed);
		nc_map_fini(&job->families[i]->kinds);
		free(job->families[i]);
	}
	free(job->families);
	nc_map_fini(&job->by_name);
	while ((m = job->machines) != NULL) {
		job->machines = m->next;
		nc_machine_free(m);
	}
	nc_hosts_free(job->hosts);
}
