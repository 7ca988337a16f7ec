/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How programs start, as a sign of what the tracer leaves out.
 */
#include "startup.h"

#include "../text/args.h"
#include "../text/tail.h"

#include <string.h>

/*
 * A program that has not opened the cache after so many calls does not; one
 * that loads hundreds of libraries makes thousands before it has started.
 */
#define CALLS_MAX 200
#define CALLS_CACHED_MAX 10000

/* How much of a call's text is searched for the path, bytes. */
#define PATH_ROOM 512

/* Calls with which a C library sets up its first thread, of no -e class. */
static const char *const set_up[] = { "set_tid_address", "set_robust_list",
	"rseq" };

/* The same, of a class; a static program begins with it. */
static const char *const set_up_class[] = { "arch_prctl", "set_thread_area" };

static bool
is_one_of(struct nc_text name, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (nc_text_is(name, list[i]))
			return true;
	return false;
}

#define IS_ONE_OF(name, list) \
	is_one_of(name, list, sizeof(list) / sizeof((list)[0]))

/* True if a string within the first bytes of the text ends so. */
static bool
mentions(struct nc_text text, const char *word)
{
	size_t n = strlen(word);
	const char *p, *end = text.end;

	if ((size_t)(end - text.p) < n)
		return false;
	if (end - text.p > PATH_ROOM)
		end = text.p + PATH_ROOM;
	p = text.p + n;
	while (p < end && (p = memchr(p, '"', (size_t)(end - p))) != NULL) {
		if (memcmp(p - n, word, n) == 0)
			return true;
		p++;
	}
	return false;
}

/* A whole call that gave a descriptor. */
static bool
succeeded(struct nc_text text)
{
	struct nc_args a;
	struct nc_tail tail;
	const char *why;

	return nc_args_split(text.p, text.end, &a, &why) == 0 && a.closed &&
	    nc_tail_parse(a.rest, text.end, &tail, &why) == 0 &&
	    tail.result != NC_NIL && tail.result >= 0;
}

void
nc_startup_begin(struct nc_process *p)
{
	p->start = NC_START_BEGUN;
	p->start_calls = 0;
}

void
nc_startup_call(struct nc_trace *t, struct nc_process *p,
    const struct nc_line *l, bool half)
{
	bool cached = p->start == NC_START_CACHED;

	if (half ||
	    ++p->start_calls > (cached ? CALLS_CACHED_MAX : CALLS_MAX) ||
	    mentions(l->body, ".so.preload")) {
		p->start = NC_START_OVER;
	} else if (IS_ONE_OF(l->name, set_up)) {
		t->ledger.silent_start = t->ledger.silent_start || cached;
		p->start = NC_START_OVER;
	} else if (!cached && IS_ONE_OF(l->name, set_up_class)) {
		p->start = NC_START_OVER;
	} else if (!cached && nc_text_starts(l->name, "open") &&
	    mentions(l->body, "\"/etc/ld.so.cache")) {
		p->start = succeeded(l->body) ? NC_START_CACHED : NC_START_OVER;
	}
}
