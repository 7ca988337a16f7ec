/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Text for people: styles, wrapping, trace lines.
 */
#include "print.h"

#include <err.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "escape.h"
#include "util.h"

/* What is narrower, or wider, is no good to read. */
#define COLUMNS_MIN 40
#define COLUMNS_MAX 160

size_t
print_columns(void)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	int64_t n = 0;

	if (!isatty(STDOUT_FILENO))
		return PRINT_COLUMNS;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		n = size.ws_col;
	else if (text == NULL ||
	    nc_parse_int(text, strlen(text), 1, INT32_MAX, &n) < 0)
		n = PRINT_COLUMNS;
	return n < COLUMNS_MIN ? COLUMNS_MIN :
	    n > COLUMNS_MAX    ? COLUMNS_MAX :
				 (size_t)n;
}

void
print_style(struct print *p, enum style style)
{
	static const char *const codes[] = { "\033[0m", "\033[1m", "\033[1;31m",
		"\033[1;33m", "\033[1;32m", "\033[2m" };

	if (p->color)
		fputs(codes[style], p->out);
}

void
print_f(struct print *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(p->out, fmt, ap);
	va_end(ap);
}

static void
escape(struct print *p, struct nc_bytes s)
{
	p->scratch.len = 0;
	if (s.p == NULL)
		nc_buf_add(&p->scratch, "?", 1);
	else
		nc_escape_terminal(&p->scratch, s.p, s.len);
}

void
print_text(struct print *p, struct nc_bytes s)
{
	escape(p, s);
	fwrite(p->scratch.p, 1, p->scratch.len, p->out);
}

void
print_count(struct print *p, uint64_t n, const char *noun)
{
	fprintf(p->out, "%" PRIu64 " %s%s", n, noun, n == 1 ? "" : "s");
}

/* Characters, for columns; text is UTF-8 or was escaped to be. */
static size_t
width_of(const char *s, size_t n)
{
	size_t w = 0;

	for (size_t i = 0; i < n; i++)
		w += ((unsigned char)s[i] & 0xc0) != 0x80;
	return w;
}

static void
wrap_line(struct print *p, struct nc_bytes s, size_t indent, size_t at)
{
	const char *word = s.p, *end = s.p + s.len;
	bool first = true;

	while (word < end) {
		const char *stop = memchr(word, ' ', (size_t)(end - word));
		size_t w;

		if (stop == NULL)
			stop = end;
		escape(p, (struct nc_bytes){ word, (size_t)(stop - word) });
		w = width_of(p->scratch.p, p->scratch.len);
		if (!first && at + 1 + w > p->columns) {
			fprintf(p->out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			fputc(' ', p->out);
			at++;
		}
		if (w > 0)
			fwrite(p->scratch.p, 1, p->scratch.len, p->out);
		at += w;
		first = false;
		word = stop + 1;
	}
	fputc('\n', p->out);
}

void
print_wrapped(struct print *p, struct nc_bytes s, size_t indent, size_t at)
{
	const char *end, *line = s.p, *stop;

	if (at < indent) {
		fprintf(p->out, "%*s", (int)(indent - at), "");
		at = indent;
	}
	if (s.p == NULL || s.len == 0) {
		fputc('\n', p->out);
		return;
	}
	end = s.p + s.len;
	while (line < end) {
		stop = memchr(line, '\n', (size_t)(end - line));
		if (stop == NULL)
			stop = end;
		if (line > s.p) {
			fprintf(p->out, "%*s", (int)indent, "");
			at = indent;
		}
		wrap_line(p, (struct nc_bytes){ line, (size_t)(stop - line) },
		    indent, at);
		line = stop + 1;
	}
}

void
print_hold(struct print *p)
{
	p->held = p->out;
	p->out = open_memstream(&p->text, &p->len);
	if (p->out == NULL)
		err(2, "memory");
}

void
print_release(struct print *p, size_t indent, size_t at)
{
	if (fclose(p->out) != 0)
		err(2, "memory");
	p->out = p->held;
	print_wrapped(p, (struct nc_bytes){ p->text, p->len }, indent, at);
	free(p->text);
	p->text = NULL;
}

static size_t
text_width(struct print *p, struct nc_bytes s)
{
	escape(p, s);
	return width_of(p->scratch.p, p->scratch.len);
}

static size_t
place_width(struct print *p, const struct ref *r)
{
	size_t w = text_width(p, r->file);
	char line[24];

	if (r->line != NC_NIL)
		w += (size_t)snprintf(line, sizeof(line), ":%" PRId64, r->line);
	return w;
}

static void
widen(size_t *max, size_t w)
{
	if (w > *max && w <= PRINT_COLUMNS / 2)
		*max = w;
}

void
ref_measure(struct print *p, const struct ref *r, struct ref_width *w)
{
	widen(&w->host, text_width(p, r->host));
	widen(&w->place, place_width(p, r));
}

static void
pad(struct print *p, size_t from, size_t to)
{
	if (from < to)
		fprintf(p->out, "%*s", (int)(to - from), "");
}

void
print_ref(struct print *p, const struct ref *r, const struct ref_width *w)
{
	size_t host = text_width(p, r->host);

	print_text(p, r->host);
	pad(p, host, w->host);
	fputs("  ", p->out);
	print_text(p, r->file);
	if (r->line != NC_NIL)
		fprintf(p->out, ":%" PRId64, r->line);
	if (r->text.p != NULL) {
		pad(p, place_width(p, r), w->place);
		fputs("  ", p->out);
		print_text(p, r->text);
	}
	fputc('\n', p->out);
}

void
print_refs(struct print *p, const struct collected *c, struct nc_bytes raw,
    const char *indent, size_t most)
{
	struct nc_cursor cur = nc_cursor(raw), from;
	size_t n = nc_cursor_array(&cur), i;
	struct ref_width w = { 0 };
	struct ref r;

	from = cur;
	for (i = 0; i < n && i < most && cur.p < cur.end; i++) {
		r = ref_read(c, &cur);
		ref_measure(p, &r, &w);
	}
	for (i = 0; i < n && i < most && from.p < from.end; i++) {
		r = ref_read(c, &from);
		fputs(indent, p->out);
		print_ref(p, &r, &w);
	}
	if (n > i && from.p < from.end)
		fprintf(p->out, "%s%zu more\n", indent, n - i);
}

static void
print_value(struct print *p, struct nc_bytes name, struct nc_cursor *cur)
{
	struct nc_cursor peek = *cur;
	struct nc_value v;

	if (nc_cursor_next(&peek, &v) != 1) {
		cur->p = cur->end;
		return;
	}
	nc_cursor_skip(cur);
	if (v.type == NC_VALUE_STR || v.type == NC_VALUE_BIN)
		print_text(p, v.bytes);
	else if (v.type == NC_VALUE_INT && v.i >= 0 && fact_is_span(name))
		fprintf(p->out, "%.3f s", (double)v.i / 1e9);
	else if (v.type == NC_VALUE_INT || v.type == NC_VALUE_BOOL)
		fprintf(p->out, "%" PRId64, v.i);
	else if (v.type == NC_VALUE_FLOAT)
		fprintf(p->out, "%g", v.d);
	else
		fputs(v.type == NC_VALUE_NIL ? "-" : "...", p->out);
}

void
print_map(struct print *p, struct nc_bytes raw)
{
	struct nc_cursor cur = nc_cursor(raw);
	size_t n = nc_cursor_map(&cur);

	for (size_t i = 0; i < n && cur.p < cur.end; i++) {
		struct nc_bytes name = nc_cursor_str(&cur);

		if (i > 0)
			fputs(", ", p->out);
		print_text(p, name);
		fputc(' ', p->out);
		print_value(p, name, &cur);
	}
}
