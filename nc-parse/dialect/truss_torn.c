/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls of truss of FreeBSD that are not one line of the file.
 */
#include "truss_torn.h"

#include "foreign_text.h"
#include "scan.h"

#include <string.h>

/* How far a call is put together. */
#define TEXT_MAX 65536
#define LINES_MAX 64
#define NEWLINES_MAX 8

/* What may be the beginning of another line, in one. */
#define TRIES_MAX 16

/* What tracers say of themselves, each piece written by itself. */
static const char *const words[] = { "truss: ",
	"can not attach to target process" };
/* The last one, with the newline. */
static const char *const reasons[] = { "No such process",
	"Operation not permitted", "Device busy" };

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Length of the last piece at the line's end; 0 if there is none. */
static size_t
reason_of(struct nc_text t)
{
	size_t i, n;

	for (i = 0; i < COUNT(reasons); i++) {
		n = strlen(reasons[i]);
		if ((size_t)(t.end - t.p) >= n &&
		    memcmp(t.end - n, reasons[i], n) == 0)
			return n;
	}
	return 0;
}

static size_t
word_at(struct nc_text t)
{
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (nc_text_starts(t, words[i]))
			return strlen(words[i]);
	return 0;
}

/* "12: ", of a process, with p at the colon. */
static bool
after_pid(const char *p, const char *start)
{
	const char *q = p;

	while (q > start && q[-1] >= '0' && q[-1] <= '9')
		q--;
	return q < p && (q == start || q[-1] == ' ');
}

bool
nc_truss_without_messages(struct nc_text line, struct nc_buf *b, bool *cut)
{
	size_t n = reason_of(line);
	struct nc_text rest = line;
	const char *p;
	bool any = n > 0;

	for (p = line.p; !any && p < line.end; p++) {
		rest.p = p;
		any = (*p == 't' || *p == 'c') && word_at(rest) > 0;
	}
	if (!any || nc_truss_is_whole(line))
		return false;
	line.end -= n;
	*cut = n > 0;
	b->len = 0;
	for (rest = line; rest.p < line.end; rest.p += n) {
		n = word_at(rest);
		if (n == 0 && nc_text_starts(rest, ": ") &&
		    !after_pid(rest.p, line.p))
			n = 2;
		if (n > 0) {
			*cut = *cut || rest.p + n == line.end;
			continue;
		}
		n = 1;
		nc_buf_add(b, rest.p, 1);
	}
	return true;
}

/* "8447: " or "8447 100123: ", with p at a digit after a blank. */
static bool
is_prefix(const char *p, const char *end, int64_t *pid)
{
	int64_t tid;
	const char *q = nc_scan_digits(p, end, pid), *r;

	if (q < end && *q == ' ') {
		r = nc_scan_digits(q + 1, end, &tid);
		if (r > q + 1)
			q = r;
	}
	return end - q > 2 && q[0] == ':' && q[1] == ' ';
}

/* The line's own prefix, and the blanks before it. */
static const char *
past_prefix(struct nc_text line, int64_t *pid)
{
	struct nc_truss_head h;

	nc_truss_head(line, &h);
	*pid = h.pid;
	return h.pid != NC_NIL ? h.body.p :
				 nc_scan_past(line.p, line.end, " \t");
}

const char *
nc_truss_inner(struct nc_text line)
{
	struct nc_text rest = { line.p, line.end };
	int64_t own, pid;
	const char *from = past_prefix(line, &own), *p;
	int tries = 0;

	for (p = from; p < line.end && tries < TRIES_MAX; p++) {
		rest.p = p;
		if (*p == '-' && p > from &&
		    nc_text_starts(rest, NC_TRUSS_UNKNOWN))
			return p;
		if (*p < '0' || *p > '9' || p == line.p || p[-1] != ' ' ||
		    !is_prefix(p, line.end, &pid) || pid == own)
			continue;
		/* What looks like one may stand in a string. */
		if (tries++ == 0 && nc_truss_is_whole(line))
			return NULL;
		if (nc_truss_is_whole(rest))
			return p;
	}
	return NULL;
}

bool
nc_truss_without_prefix(
    struct nc_text line, struct nc_buf *b, struct nc_text *prefix)
{
	struct nc_truss_result r;
	const char *result = nc_truss_result_at(line, &r), *p, *q;

	for (p = result;
	     p != NULL && p > line.p && (p[-1] == ' ' || p[-1] == '\t'); p--)
		;
	if (p == NULL || p - line.p < 3 || p[-1] != ':')
		return false;
	for (q = p - 1; q > line.p && q[-1] >= '0' && q[-1] <= '9'; q--)
		;
	if (q == p - 1 || q == line.p || q[-1] != ' ' ||
	    nc_scan_past(line.p, q, " \t") == q)
		return false;
	*prefix = (struct nc_text){ q - 1, p + 1 };
	b->len = 0;
	nc_buf_add(b, line.p, (size_t)(q - 1 - line.p));
	nc_buf_add(b, result - 1, (size_t)(line.end - result) + 1);
	return true;
}

void
nc_truss_torn_fini(struct nc_truss_torn *t)
{
	nc_buf_fini(&t->text);
}

bool
nc_truss_torn_begin(
    struct nc_truss_torn *t, struct nc_text piece, int64_t line, bool within)
{
	struct nc_truss_head h;

	nc_truss_head(piece, &h);
	t->text.len = 0;
	/* A prefix alone is the beginning of anything. */
	if ((h.body.p < h.body.end || h.pid == NC_NIL) &&
	    nc_scan_name(h.body, true).p == NULL)
		return false;
	t->line = line;
	t->lines = 0;
	t->within = within;
	return nc_truss_torn_add(t, piece);
}

bool
nc_truss_torn_add(struct nc_truss_torn *t, struct nc_text piece)
{
	if (t->lines == (t->within ? LINES_MAX : NEWLINES_MAX) ||
	    t->text.len + (size_t)(piece.end - piece.p) > TEXT_MAX)
		return false;
	nc_foreign_add_text(&t->text, piece);
	t->lines++;
	return true;
}

int64_t
nc_truss_torn_pid(const struct nc_truss_torn *t)
{
	struct nc_truss_head h;

	nc_truss_head(nc_foreign_text(&t->text), &h);
	return h.pid;
}
