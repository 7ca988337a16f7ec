/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A finding's evidence: the lines of two hosts side by side, in their order.
 */
#include <inttypes.h>
#include <string.h>

#include "../print.h"
#include "escape.h"

#define GAP 3        /* columns between the two */
#define NARROWEST 30 /* a column; what is less does not hold a call */
#define EVIDENCE_MAX 64

/* A cell under way: its text, and how much of it is printed. */
struct cell {
	struct nc_buf text;
	size_t at;
};

/* The two hosts of the evidence, or false if they are more or less. */
static bool
two_hosts(const struct ref *refs, size_t n, struct nc_bytes hosts[2])
{
	size_t known = 0;

	for (size_t i = 0; i < n; i++) {
		if (refs[i].host.p == NULL)
			return false;
		if (known > 0 && nc_bytes_eq(refs[i].host, hosts[0]))
			continue;
		if (known > 1 && nc_bytes_eq(refs[i].host, hosts[1]))
			continue;
		if (known == 2)
			return false;
		hosts[known++] = refs[i].host;
	}
	return known == 2;
}

static size_t
columns_of(const struct nc_buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += ((unsigned char)b->p[i] & 0xc0) != 0x80;
	return n;
}

/* The place, and the call beside it, or below where both do not fit. */
static void
cell_fill(struct cell *c, const struct ref *r, size_t width)
{
	char line[24];
	size_t place;

	c->text.len = c->at = 0;
	if (r == NULL)
		return;
	nc_escape_terminal(&c->text, r->file.p != NULL ? r->file.p : "?",
	    r->file.p != NULL ? r->file.len : 1);
	if (r->line != NC_NIL) {
		snprintf(line, sizeof(line), ":%" PRId64, r->line);
		nc_buf_add(&c->text, line, strlen(line));
	}
	if (r->text.p == NULL)
		return;
	place = c->text.len;
	nc_buf_add(&c->text, "  ", 2);
	nc_escape_terminal(&c->text, r->text.p, r->text.len);
	if (columns_of(&c->text) <= width)
		return;
	c->text.len = place;
	nc_buf_add(&c->text, "\n", 1);
	nc_escape_terminal(&c->text, r->text.p, r->text.len);
}

/* How many bytes of s make at most width columns of UTF-8. */
static size_t
fitting(const char *s, size_t n, size_t width)
{
	size_t i = 0;

	for (; i < n; i++)
		if (((unsigned char)s[i] & 0xc0) != 0x80 && width-- == 0)
			break;
	return i;
}

/* Prints a line of the cell, filled up to its width; false at its end. */
static bool
cell_line(struct print *p, struct cell *c, size_t width, bool fill)
{
	const char *s = c->text.p + c->at, *end;
	size_t n = c->text.len - c->at, len, columns = 0;

	if (n > 0) {
		end = memchr(s, '\n', n);
		len = end != NULL ? (size_t)(end - s) : n;
		if (fitting(s, len, width) < len) {
			size_t most = fitting(s, len, width);

			/* At a blank, if one is in the latter half. */
			for (len = most; len > most / 2 && s[len] != ' ';)
				len--;
			if (len <= most / 2)
				len = most;
		}
		fwrite(s, 1, len, p->out);
		for (size_t i = 0; i < len; i++)
			columns += ((unsigned char)s[i] & 0xc0) != 0x80;
		c->at += len;
		if (c->at < c->text.len &&
		    (c->text.p[c->at] == ' ' || c->text.p[c->at] == '\n'))
			c->at++;
	}
	if (fill)
		fprintf(p->out, "%*s", (int)(width - columns + GAP), "");
	return c->at < c->text.len;
}

static void
print_pair(struct print *p, struct cell cells[2], const struct ref *left,
    const struct ref *right, size_t indent, size_t width)
{
	bool more[2];

	cell_fill(&cells[0], left, width);
	cell_fill(&cells[1], right, width);
	do {
		fprintf(p->out, "%*s", (int)indent, "");
		more[0] = cell_line(
		    p, &cells[0], width, cells[1].at < cells[1].text.len);
		more[1] = cell_line(p, &cells[1], width, false);
		fputc('\n', p->out);
	} while (more[0] || more[1]);
}

static void
print_side_by_side(struct print *p, const struct ref *refs, size_t n,
    const struct nc_bytes hosts[2], size_t indent, size_t width)
{
	struct cell cells[2] = { 0 };

	fprintf(p->out, "%*s", (int)indent, "");
	nc_escape_terminal(&cells[0].text, hosts[0].p, hosts[0].len);
	print_style(p, STYLE_HEAD);
	cell_line(p, &cells[0], width, true);
	print_text(p, hosts[1]);
	print_style(p, STYLE_NONE);
	fputc('\n', p->out);
	for (size_t i = 0; i < n; i++) {
		const struct ref *left = &refs[i], *right = NULL;

		if (!nc_bytes_eq(left->host, hosts[0])) {
			print_pair(p, cells, NULL, left, indent, width);
			continue;
		}
		/* One of each host that follow one another share a row. */
		if (i + 1 < n && nc_bytes_eq(refs[i + 1].host, hosts[1]))
			right = &refs[++i];
		print_pair(p, cells, left, right, indent, width);
	}
	nc_buf_fini(&cells[0].text);
	nc_buf_fini(&cells[1].text);
}

void
print_evidence(struct print *p, const struct collected *c, struct nc_bytes raw,
    size_t indent, size_t most)
{
	struct nc_cursor cur = nc_cursor(raw);
	size_t total = nc_cursor_array(&cur), n;
	struct ref refs[EVIDENCE_MAX] = { 0 };
	struct nc_bytes hosts[2] = { 0 };
	char margin[64];
	size_t width;

	for (n = 0;
	     n < total && n < most && n < EVIDENCE_MAX && cur.p < cur.end; n++)
		refs[n] = ref_read(c, &cur);
	width = p->columns > indent + GAP ? (p->columns - indent - GAP) / 2 : 0;
	if (width < NARROWEST || !two_hosts(refs, n, hosts)) {
		snprintf(margin, sizeof(margin), "%*s", (int)indent, "");
		print_refs(p, c, raw, margin, most);
		return;
	}
	print_side_by_side(p, refs, n, hosts, indent, width);
	if (total > n)
		fprintf(p->out, "%*s%zu more\n", (int)indent, "", total - n);
}
