/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Findings as records, vocabulary entries as text.
 */
#include "out.h"

#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "util.h"

#define WIDTH 79

static bool
is_utf8(const char *p, size_t n)
{
	uint32_t ch;

	while (n) {
		size_t k = nc_utf8_next(p, n, &ch);

		if (k == 0)
			return false;
		p += k;
		n -= k;
	}
	return true;
}

/* A file's name is text where it can be, else the bytes that it is. */
static void
pack_name(struct nc_buf *b, const char *p, size_t n)
{
	if (!p)
		nc_pack_nil(b);
	else if (is_utf8(p, n))
		nc_pack_strn(b, p, n);
	else
		nc_pack_bin(b, p, n);
}

static void
pack_texts(struct nc_buf *b, char *const *v, size_t n)
{
	size_t i;

	nc_pack_array(b, n);
	for (i = 0; i < n; i++)
		nc_pack_str(b, v[i]);
}

static void
pack_evidence(struct nc_buf *b, const struct finding *f)
{
	size_t i;

	nc_pack_array(b, f->nevidence);
	for (i = 0; i < f->nevidence; i++) {
		const struct evidence *e = &f->evidence[i];

		nc_pack_array(b, 4);
		nc_pack_str(b, e->host);
		pack_name(b, e->file, e->file_len);
		nc_pack_int(b, e->line);
		nc_pack_str(b, e->call);
	}
}

static int64_t
position(const struct findings *fs, const struct finding *f, size_t before)
{
	size_t i;

	for (i = 0; i < fs->n; i++)
		if (fs->v[i] == f)
			return (int64_t)(before + i);
	return NC_NIL;
}

static char *
explanation(const struct finding *f)
{
	size_t a = strlen(f->diag->explanation);
	size_t b = f->more ? strlen(f->more) : 0;
	char *s = nc_xmalloc(a + b + 1);

	memcpy(s, f->diag->explanation, a);
	if (b)
		memcpy(s + a, f->more, b);
	s[a + b] = '\0';
	return s;
}

static struct nc_bytes
bytes(const struct nc_buf *b)
{
	return (struct nc_bytes){ b->p, b->len };
}

static void
finding_write(struct nc_writer *w, const struct finding *f, int64_t because)
{
	struct nc_buf hosts = { 0 }, ends = { 0 }, evidence = { 0 };
	struct nc_finding r;
	char *why = explanation(f);

	pack_texts(&hosts, f->hosts, f->nhosts);
	pack_texts(&ends, f->endpoints, f->nendpoints);
	pack_evidence(&evidence, f);
	nc_record_init(NC_KIND_finding, &r);
	r.id = nc_str(f->diag->id);
	r.category = nc_str(f->category ? f->category : f->diag->category);
	r.severity = nc_str(nc_severity_name(f->severity));
	r.confidence = f->confidence;
	r.hosts = bytes(&hosts);
	r.endpoints = bytes(&ends);
	r.summary = nc_str(f->summary ? f->summary : f->diag->meaning);
	r.explanation = nc_str(why);
	r.remedy = nc_str(f->remedy ? f->remedy : f->diag->remedy);
	r.evidence = bytes(&evidence);
	r.count = f->count;
	r.because_of = because;
	r.suppressed = f->suppressed;
	if (f->suppressed_reason)
		r.suppressed_reason = nc_str(f->suppressed_reason);
	r.counts = f->counts;
	nc_writer_put(w, NC_KIND_finding, &r);
	nc_buf_fini(&hosts);
	nc_buf_fini(&ends);
	nc_buf_fini(&evidence);
	free(why);
}

void
findings_write(struct nc_writer *w, const struct findings *fs, size_t before)
{
	size_t i;

	for (i = 0; i < fs->n; i++)
		finding_write(w, fs->v[i],
		    fs->v[i]->cause ? position(fs, fs->v[i]->cause, before) :
				      NC_NIL);
}

/* Fills text between a left margin and the width. */
static void
fill(const char *s, int margin, FILE *to)
{
	int column = 0;

	while (*s) {
		int n = (int)strcspn(s, " ");

		if (column && column + 1 + n > WIDTH) {
			fputc('\n', to);
			column = 0;
		}
		if (column)
			column += fprintf(to, " %.*s", n, s);
		else
			column = fprintf(to, "%*s%.*s", margin, "", n, s);
		s += n;
		s += strspn(s, " ");
	}
	fputc('\n', to);
}

void
diag_print(const struct nc_diag *d, FILE *to)
{
	fprintf(to, "%s (%s, at most %s)\n\n", d->id, d->category,
	    nc_severity_name(d->severity));
	fill(d->meaning, 4, to);
	fputc('\n', to);
	fill(d->explanation, 4, to);
	fputs("\nHow it is found\n", to);
	fill(d->how, 4, to);
	fputs("\nWhat to do\n", to);
	fill(d->remedy, 4, to);
}
