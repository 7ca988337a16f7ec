/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Findings as the rules make them.
 */
#include "finding.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

struct finding *
finding_new(struct findings *fs, const char *id, int confidence)
{
	struct finding *f = nc_xcalloc(1, sizeof(*f));

	f->diag = nc_diag_find(id, strlen(id));
	assert(f->diag);
	f->severity = f->diag->severity;
	f->confidence = confidence > 100 ? 100 : confidence;
	f->count = 1;
	f->at = SIZE_MAX;
	f->made = fs->n;
	fs->v = nc_grow(fs->v, fs->n, &fs->cap, sizeof(struct finding *));
	fs->v[fs->n++] = f;
	return f;
}

static void
texts_free(char **v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(v[i]);
	free(v);
}

void
finding_free(struct finding *f)
{
	size_t i;

	if (!f)
		return;
	texts_free(f->hosts, f->nhosts);
	texts_free(f->endpoints, f->nendpoints);
	free(f->summary);
	free(f->more);
	free(f->suppressed_reason);
	for (i = 0; i < f->nevidence; i++) {
		free(f->evidence[i].host);
		free(f->evidence[i].file);
		free(f->evidence[i].call);
	}
	free(f->objects);
	free(f->pairs);
	free(f);
}

void
findings_fini(struct findings *fs)
{
	size_t i;

	for (i = 0; i < fs->n; i++)
		finding_free(fs->v[i]);
	free(fs->v);
	memset(fs, 0, sizeof(*fs));
}

void
finding_lower(struct finding *f, enum nc_severity severity)
{
	if (severity < f->severity)
		f->severity = severity;
}

static void
text_add(char ***v, size_t *n, size_t *cap, const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (strlen((*v)[i]) == len && memcmp((*v)[i], p, len) == 0)
			return;
	*v = nc_grow(*v, *n, cap, sizeof(char *));
	(*v)[(*n)++] = nc_xstrndup(p, len);
}

void
finding_host(struct finding *f, const char *host)
{
	if (host)
		text_add(
		    &f->hosts, &f->nhosts, &f->hosts_cap, host, strlen(host));
}

void
finding_endpoint(struct finding *f, struct nc_bytes endpoint)
{
	if (endpoint.p)
		text_add(&f->endpoints, &f->nendpoints, &f->endpoints_cap,
		    endpoint.p, endpoint.len);
}

void
finding_object(struct finding *f, enum object_type type, uint64_t key)
{
	size_t i;

	for (i = 0; i < f->nobjects; i++)
		if (f->objects[i].type == type && f->objects[i].key == key)
			return;
	if (f->nobjects == OBJECTS_MAX)
		return;
	f->objects = nc_grow(
	    f->objects, f->nobjects, &f->objects_cap, sizeof(*f->objects));
	f->objects[f->nobjects].type = type;
	f->objects[f->nobjects++].key = key;
}

void
finding_pair(struct finding *f, uint64_t key)
{
	size_t i;

	for (i = 0; i < f->npairs; i++)
		if (f->pairs[i] == key)
			return;
	f->pairs =
	    nc_grow(f->pairs, f->npairs, &f->pairs_cap, sizeof(*f->pairs));
	f->pairs[f->npairs++] = key;
}

void
finding_evidence(struct finding *f, const char *host, int64_t trace,
    const char *file, size_t file_len, int64_t line, struct nc_bytes call)
{
	struct evidence *e;
	size_t i;

	if (!host || line == NC_NIL || f->nevidence == EVIDENCE_MAX)
		return;
	for (i = 0; i < f->nevidence; i++) {
		e = &f->evidence[i];
		if (e->line == line && e->trace == trace &&
		    strcmp(e->host, host) == 0)
			return;
	}
	e = &f->evidence[f->nevidence++];
	e->host = nc_xstrdup(host);
	e->file = file ? nc_xstrndup(file, file_len) : NULL;
	e->file_len = file_len;
	e->trace = trace;
	e->line = line;
	e->call = call.p ? nc_xstrndup(call.p, call.len) : NULL;
}

char *
nc_vformat(const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		n = 0;
	s = nc_xmalloc((size_t)n + 1);
	s[0] = '\0';
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	return s;
}

void
finding_say(struct finding *f, const char *fmt, ...)
{
	va_list ap;

	free(f->summary);
	va_start(ap, fmt);
	f->summary = nc_vformat(fmt, ap);
	va_end(ap);
}

void
finding_more(struct finding *f, const char *fmt, ...)
{
	size_t len = f->more ? strlen(f->more) : 0;
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = nc_vformat(fmt, ap);
	va_end(ap);
	f->more = nc_xrealloc(f->more, len + strlen(s) + 2);
	f->more[len] = ' ';
	memcpy(f->more + len + 1, s, strlen(s) + 1);
	free(s);
}

bool
finding_share(const struct finding *a, const struct finding *b)
{
	size_t i, j;

	for (i = 0; i < a->nobjects; i++)
		for (j = 0; j < b->nobjects; j++)
			if (a->objects[i].type == b->objects[j].type &&
			    a->objects[i].key == b->objects[j].key)
				return true;
	return false;
}
