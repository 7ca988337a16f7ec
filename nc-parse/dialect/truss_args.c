/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Arguments as truss of FreeBSD writes them.
 */
#include "truss_args.h"

#include "foreign_args.h"
#include "foreign_text.h"
#include "vis.h"

#include <string.h>

static bool
ends_string(const char *p, const char *end)
{
	if (end - p >= 3 && memcmp(p, "...", 3) == 0)
		p += 3;
	return p == end || memchr(",)}] ", *p, 5) != NULL;
}

/*
 * Quotes within strings are not marked.  A payload is followed by a comma, and
 * no other string comes behind it that is; names of files hold no quotes.
 */
static const char *
string_end(const char *p, const char *end, bool payload)
{
	const char *q;

	if (payload) {
		for (q = end; --q > p;)
			if (*q == '"' && q + 1 < end && q[1] != ' ' &&
			    ends_string(q + 1, end))
				return q + 1;
	}
	for (q = p + 1; q < end; q++)
		if (*q == '"' && ends_string(q + 1, end))
			return q + 1;
	return NULL;
}

/* Past a value at depth 0, up to a comma; NULL if brackets do not fit. */
static const char *
value_end(const char *p, const char *end, bool payload)
{
	int depth = 0;

	for (; p < end; p++) {
		switch (*p) {
		case '"':
			p = string_end(p, end, payload);
			if (p == NULL)
				return NULL;
			p--;
			break;
		case '{':
		case '[':
		case '(':
			depth++;
			break;
		case '}':
		case ']':
		case ')':
			if (--depth < 0)
				return NULL;
			break;
		case ',':
			if (depth == 0)
				return p;
			break;
		default:
			break;
		}
	}
	return depth == 0 ? end : NULL;
}

bool
nc_truss_split(struct nc_text t, bool payload, struct nc_text *list, size_t *n)
{
	const char *p = t.p, *q;

	*n = 0;
	while (p < t.end) {
		q = value_end(p, t.end, payload);
		if (q == NULL)
			return false;
		if (*n < NC_ARGS_MAX)
			list[(*n)++] = nc_text_trim((struct nc_text){ p, q });
		if (q == t.end)
			break;
		p = q + 1;
	}
	return true;
}

/* The inside of { } or [ ], without blanks at its ends. */
static struct nc_text
inside(struct nc_text t)
{
	t = nc_text_inside(nc_text_trim(t));
	return t.p != NULL ? nc_text_trim(t) : t;
}

/* A string as strace writes it; false if it is none, or damaged. */
static bool
add_string(struct nc_truss_args *s, struct nc_buf *b, struct nc_text t)
{
	bool cut = t.end - t.p > 3 && memcmp(t.end - 3, "...", 3) == 0;

	if (cut)
		t.end -= 3;
	if (t.end - t.p < 2 || *t.p != '"' || t.end[-1] != '"')
		return false;
	t.p++;
	t.end--;
	s->bytes.len = 0;
	if (!nc_vis_decode(t, &s->bytes)) {
		nc_trace_reject(s->f.trace, "damaged string");
		return false;
	}
	nc_vis_quote(b, s->bytes.p, s->bytes.len);
	if (cut)
		nc_foreign_add(b, "...");
	return true;
}

/* "{ AF_INET 10.0.0.1:80 }" */
static bool
add_address(struct nc_buf *b, struct nc_text t)
{
	struct nc_text in = inside(t), port;
	const char *p;

	if (in.p == NULL)
		return false;
	if (nc_text_starts(in, "AF_UNIX \"") ||
	    nc_text_starts(in, "AF_LOCAL \"")) {
		in.p =
		    (const char *)memchr(in.p, '"', (size_t)(in.end - in.p)) +
		    1;
		nc_foreign_path(b, in);
		return true;
	}
	for (p = in.end; p > in.p && p[-1] != ':'; p--)
		;
	port = (struct nc_text){ p, in.end };
	in.end = p > in.p ? p - 1 : p;
	if (nc_text_starts(in, "AF_INET ")) {
		in.p += 8;
		nc_foreign_address(b, false, in, port);
		return true;
	}
	if (!nc_text_starts(in, "AF_INET6 [") || in.end[-1] != ']')
		return false;
	in.p += 10;
	in.end--;
	nc_foreign_address(b, true, in, port);
	return true;
}

/* [{"abc",3},{"x"...,10}] */
static bool
add_vector(struct nc_truss_args *s, struct nc_buf *b, struct nc_text t)
{
	struct nc_text piece[NC_ARGS_MAX], field[NC_ARGS_MAX];
	size_t n, m, i;

	t = inside(t);
	if (t.p == NULL || !nc_truss_split(t, false, piece, &n))
		return false;
	nc_foreign_add(b, "[");
	for (i = 0; i < n; i++) {
		if (nc_text_is(piece[i], "..."))
			break;
		if (!nc_truss_split(inside(piece[i]), false, field, &m) ||
		    m < 2)
			return false;
		nc_foreign_add(b, i > 0 ? ", {iov_base=" : "{iov_base=");
		if (!add_string(s, b, field[0]))
			nc_foreign_add(b, "0x0");
		nc_foreign_add(b, ", iov_len=");
		nc_foreign_add_text(b, field[1]);
		nc_foreign_add(b, "}");
	}
	nc_foreign_add(b, "]");
	return true;
}

/* {{ AF_INET 10.0.0.1:80 },16,[{"abc",3}],1,{},0,0} */
static bool
add_header(struct nc_truss_args *s, struct nc_buf *b, struct nc_text t)
{
	struct nc_text field[NC_ARGS_MAX];
	size_t n;

	t = inside(t);
	if (t.p == NULL || !nc_truss_split(t, false, field, &n) || n < 4)
		return false;
	nc_foreign_add(b, "{msg_name=");
	if (!add_address(b, field[0]))
		nc_foreign_add(b, "NULL");
	nc_foreign_add(b, ", msg_iov=");
	if (!add_vector(s, b, field[2]))
		return false;
	if (n > 6) {
		nc_foreign_add(b, ", msg_flags=");
		nc_foreign_flags(&s->f, b, field[6]);
	}
	nc_foreign_add(b, "}");
	return true;
}

/* "{3/POLLIN|POLLOUT 4/POLLIN}", as it was when the call began. */
static bool
add_fds(struct nc_truss_args *s, struct nc_buf *b, struct nc_text t)
{
	struct nc_text list = inside(t), e, fd;
	const char *slash, *between = "[";

	if (list.p == NULL || !s->ready_known)
		return false;
	while (nc_text_next(&list, &e)) {
		slash = memchr(e.p, '/', (size_t)(e.end - e.p));
		if (slash == NULL)
			return false;
		fd = (struct nc_text){ e.p, slash };
		nc_foreign_add(b, between);
		nc_foreign_add(b, "{fd=");
		nc_foreign_add_text(b, fd);
		nc_foreign_add(b, ", events=");
		nc_foreign_events(b, (struct nc_text){ slash + 1, e.end });
		nc_foreign_add(b, "}");
		between = ", ";
	}
	nc_foreign_add(b, *between == '[' ? "[]" : "]");
	return true;
}

bool
nc_truss_arg(struct nc_foreign *f, char kind, struct nc_text t)
{
	struct nc_truss_args *s = (struct nc_truss_args *)(void *)f;
	struct nc_text in;

	switch (kind) {
	case 'S':
		return add_string(s, &f->body, t);
	case 'A':
		return add_address(&f->body, t);
	case 'v':
		return add_vector(s, &f->body, t);
	case 'h':
		return add_header(s, &f->body, t);
	case 'p':
		return add_fds(s, &f->body, t);
	case 's':
		in = inside(t);
		if (in.p == NULL || !s->ready_known)
			return false;
		nc_foreign_add(&f->body, "[");
		nc_foreign_add_text(&f->body, in);
		nc_foreign_add(&f->body, "]");
		return true;
	case 't':
	case 'n':
		in = inside(t);
		return in.p != NULL && nc_foreign_seconds(&f->body, kind, in);
	default:
		return false;
	}
}

/* "{0x7,EVFILT_READ,EV_ADD,0,0x0,0x0 0x8,...}" */
static void
take_kevents(struct nc_truss_args *s, struct nc_text t, bool changes)
{
	struct nc_text list = inside(t), e, field[NC_ARGS_MAX];
	const char *p;
	size_t n;

	while (list.p != NULL && list.p < list.end) {
		p = memchr(list.p, ' ', (size_t)(list.end - list.p));
		e = (struct nc_text){ list.p, p != NULL ? p : list.end };
		list.p = p != NULL ? p : list.end;
		list = nc_text_trim(list);
		if (!nc_truss_split(e, false, field, &n) || n < 3)
			continue;
		if (changes)
			nc_kevents_change(
			    &s->kevents, field[0], field[1], field[2]);
		else
			nc_kevents_event(
			    &s->kevents, field[0], field[1], field[2]);
	}
}

void
nc_truss_kevent(struct nc_truss_args *s, struct nc_foreign_call *c)
{
	nc_kevents_clear(&s->kevents);
	if (c->nargs < 6)
		return;
	take_kevents(s, c->arg[1], true);
	if (c->result > 0)
		take_kevents(s, c->arg[3], false);
	nc_kevents_put(&s->kevents, c);
	/* As ppoll(fds, n, timeout). */
	c->arg[1] = c->arg[2];
	c->arg[2] = c->arg[5];
	c->nargs = 3;
}
