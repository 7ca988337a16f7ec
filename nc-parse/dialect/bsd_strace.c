/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * strace on FreeBSD: what a call reads from memory is right as long as it is
 * read at the entry; what the call filled in is garbage.  Arguments of that
 * kind are taken for pointers.
 */
#include "dialect.h"
#include "util.h"

#include "../text/args.h"

#include <stdlib.h>
#include <string.h>

static const char *const lacks[] = { "received payload", "addresses in results",
	"readiness results", NULL };

/*
 * Calls with arguments that are garbage: a digit string of which ones, counted
 * from 0.
 */
static const struct {
	const char *name, *args;
} garbage[] = {
	{ "accept", "12" },
	{ "getpeername", "12" },
	{ "getsockname", "12" },
	{ "getsockopt", "34" },
	{ "kevent", "13" },
	{ "poll", "0" },
	{ "ppoll", "0" },
	{ "pselect", "123" },
	{ "read", "1" },
	{ "readv", "1" },
	{ "recv", "1" },
	{ "recvfrom", "145" },
	{ "recvmsg", "1" },
	{ "select", "123" },
	{ "sendmsg", "1" },
	{ "socketpair", "3" },
	{ "writev", "1" },
};

static const char *
garbage_of(struct nc_text name)
{
	size_t i;

	for (i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++)
		if (nc_text_is(name, garbage[i].name))
			return garbage[i].args;
	return NULL;
}

/* Calls that only the BSDs have. */
static bool
is_bsd(struct nc_text name)
{
	static const char *const names[] = { "__sysctl", "_umtx_op",
		"issetugid", "kevent", "kqueue", "sysarch", "thr_new",
		"thr_self" };

	return nc_text_in(name, names, sizeof(names) / sizeof(names[0]));
}

static bool
is_linux(struct nc_text name)
{
	static const char *const names[] = { "brk", "clone", "clone3",
		"exit_group", "futex", "mmap2", "openat", "prlimit64",
		"set_robust_list", "set_tid_address" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (nc_text_is(name, names[i]))
			return true;
	return nc_text_starts(name, "epoll_") || nc_text_starts(name, "rt_sig");
}

/* "poll([...], 1, INFTIM)" */
static bool
has_inftim(const struct nc_line *l)
{
	static const char word[] = ", INFTIM)";
	const char *p;

	if (!nc_text_is(l->name, "poll"))
		return false;
	for (p = l->body.p; l->body.end - p >= (int)sizeof(word) - 1; p++)
		if (memcmp(p, word, sizeof(word) - 1) == 0)
			return true;
	return false;
}

int
nc_bsd_strace_probe(struct nc_text line)
{
	struct nc_prefix none = { .len = 0 };
	struct nc_line l;
	int score = nc_strace_probe(line);

	nc_line_parse(line.p, line.end, &none, &l);
	if (l.kind != NC_LINE_CALL)
		return score;
	if (is_bsd(l.name) || has_inftim(&l))
		return score + 1;
	return is_linux(l.name) ? score - 1 : score;
}

static void
add(struct nc_buf *b, const char *p, const char *end)
{
	nc_buf_add(b, p, (size_t)(end - p));
}

/*
 * The line with pointers in place of garbage.  What cannot be cut into
 * arguments for all that garbage is cut at its result.
 */
static struct nc_text
cleaned(struct nc_buf *b, struct nc_text line, const struct nc_line *l,
    const char *which)
{
	struct nc_args a;
	const char *why, *p;
	size_t i;

	if (nc_args_split(l->body.p, l->body.end, &a, &why) < 0 || !a.closed)
		return line;
	b->len = 0;
	add(b, line.p, l->body.p);
	for (i = 0; i < a.n; i++) {
		if (i > 0)
			nc_buf_add(b, ", ", 2);
		if (strchr(which, (int)('0' + i)) != NULL)
			nc_buf_add(b, "0x1", 3);
		else if (nc_text_is(a.arg[i], "INFTIM"))
			nc_buf_add(b, "-1", 2);
		else
			add(b, a.arg[i].p, a.arg[i].end);
	}
	nc_buf_add(b, ")", 1);
	/* A ready set after the result is garbage, too. */
	p = memchr(a.rest, '(', (size_t)(line.end - a.rest));
	if (p == NULL || which[0] != '0')
		p = line.end;
	add(b, a.rest, p);
	return (struct nc_text){ b->p, b->p + b->len };
}

static void
free_buffer(void *state)
{
	nc_buf_fini(state);
	free(state);
}

void
nc_bsd_strace_begin(struct nc_trace *t)
{
	t->foreign = nc_xcalloc(1, sizeof(struct nc_buf));
	t->foreign_free = free_buffer;
	t->bsd = true;
	t->ledger.lacks = lacks;
}

void
nc_bsd_strace_line(
    struct nc_trace *t, const char *p, const char *end, bool newline)
{
	struct nc_text line = { p, end };
	const char *which = NULL;
	struct nc_prefix none = { .len = 0 };
	struct nc_line l;

	nc_line_parse(p, end, &none, &l);
	if (l.kind == NC_LINE_CALL)
		which = garbage_of(l.name);
	if (which == NULL) {
		nc_trace_line(t, p, end, newline);
		return;
	}
	line = cleaned(t->foreign, line, &l, which);
	t->ledger.bytes += (end - p) - (line.end - line.p);
	nc_trace_line(t, line.p, line.end, newline);
}
