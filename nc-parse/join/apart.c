/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The files of one strace -ff without times.
 */
#include "apart.h"

#include "../table/shared.h"
#include "turns.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a file read before it is another one's turn. */
#define TURN 4096
/* Read at a time: many are open. */
#define BLOCK (32u << 10)
/* Where a call's name ends at the latest. */
#define NAME_END 96

/* A file that is being read. */
struct branch {
	struct nc_source *source;
	int64_t key;  /* whose turn it is: the lowest */
	int64_t read; /* bytes since the first began, as all had shared */
	bool begun, done;
	struct nc_buf waiting; /* a line that others have to come before */
	bool newline;
	enum nc_early waits; /* why */
};

struct apart {
	struct branch *branches; /* as the group's sources */
	void **heap;             /* of struct branch: those being read */
	size_t n, next;          /* next: from here on some have not begun */
	int64_t last;            /* highest key so far */
	size_t waits; /* turns in a row in which no line could be read */
	size_t reasons[NC_EARLY_REASONS]; /* for which so many wait */
};

static bool
before(const void *one, const void *other)
{
	const struct branch *a = one, *b = other;

	return a->key < b->key ||
	    (a->key == b->key && a->source->number < b->source->number);
}

static void
begin(struct apart *w, struct branch *b, int64_t key)
{
	b->begun = true;
	w->reasons[NC_EARLY_NOT]++;
	b->key = b->read = key;
	nc_source_open(b->source, BLOCK);
	nc_turns_add(w->heap, w->n++, b, before);
}

/* Tasks that the last lines made: their files begin. */
static void
begin_born(struct apart *w, struct nc_machine *m, int64_t key)
{
	struct branch *b;

	while (m->nborn > 0) {
		b = nc_map_get(&m->files, (uint64_t)m->born[--m->nborn]);
		if (b != NULL && !b->begun)
			begin(w, b, key);
	}
}

static void
read_line(struct nc_group *g, struct apart *w, struct branch *b, const char *p,
    const char *end, bool newline)
{
	int64_t n = nc_source_take(b->source, p, end, newline);

	b->read += n;
	b->key = b->read;
	if (b->key > w->last)
		w->last = b->key;
	g->taken += n;
	w->waits = 0;
}

/* All others have their turn before it is asked again. */
static void
wait_turn(struct apart *w, struct branch *b)
{
	b->key = ++w->last;
	w->waits++;
}

/* The result of a line's call, if that is one of them and is positive. */
static int64_t
result_of(
    const char *p, const char *end, const char *const *names, size_t nnames)
{
	size_t n = (size_t)(end - p), i;
	const char *open, *q;
	int64_t pid;

	open = memchr(p, '(', n < NAME_END ? n : NAME_END);
	if (open == NULL)
		return 0;
	for (i = 0; i < nnames; i++) {
		n = strlen(names[i]);
		if ((size_t)(open - p) >= n &&
		    memcmp(open - n, names[i], n) == 0)
			break;
	}
	if (i == nnames)
		return 0;
	for (q = end; q > open && q[-1] != '='; q--)
		;
	for (; q < end && *q == ' '; q++)
		;
	if (nc_text_int((struct nc_text){ q, end }, &pid) == NULL || pid < 0)
		return 0;
	return pid;
}

/* The task that a line's call made, or 0. */
static int64_t
made_by(const char *p, const char *end)
{
	static const char *const names[] = { "clone", "clone3", "fork",
		"vfork" };

	return result_of(p, end, names, sizeof(names) / sizeof(names[0]));
}

/* The line's call returned when a task was over whose file is still read. */
static bool
waited(const struct nc_trace *t, const char *p, const char *end)
{
	static const char *const names[] = { "wait4", "waitpid" };
	int64_t pid =
	    result_of(p, end, names, sizeof(names) / sizeof(names[0]));
	const struct branch *b;

	if (pid == 0 || pid == t->pid)
		return false;
	b = nc_map_get(&t->machine->files, (uint64_t)pid);
	return b != NULL && !b->done && b->source->family == t->family;
}

/* Whether, and why, a line of another file has to come before this one. */
static enum nc_early
is_early(struct nc_trace *t, const char *p, const char *end)
{
	return waited(t, p, end) ? NC_EARLY_USE : nc_shared_is_early(t, p, end);
}

static void
set_waits(struct apart *w, struct branch *b, enum nc_early why)
{
	w->reasons[b->waits]--;
	w->reasons[why]++;
	b->waits = why;
}

/* Nobody can read on, and nobody else's line does less harm. */
static bool
is_stuck(const struct apart *w, enum nc_early why)
{
	enum nc_early other;

	for (other = NC_EARLY_NOT + 1; other < why; other++)
		if (w->reasons[other] > 0)
			return false;
	return w->waits > w->n;
}

/*
 * Reads a line that had to wait.  False if it still has to.  When nobody else
 * can read on, what it waits for is not to be seen, or one of several that a
 * number stood for was read too early: then whoever makes a socket goes on,
 * which annotations can tell from the other.
 */
static bool
read_waiting(struct nc_group *g, struct apart *w, struct branch *b)
{
	const char *end = b->waiting.p + b->waiting.len;
	enum nc_early why;

	why = is_early(&b->source->trace, b->waiting.p, end);
	set_waits(w, b, why);
	if (why != NC_EARLY_NOT && !is_stuck(w, why)) {
		wait_turn(w, b);
		return false;
	}
	set_waits(w, b, NC_EARLY_NOT);
	read_line(g, w, b, b->waiting.p, end, b->newline);
	return true;
}

static void
end_branch(struct branch *b)
{
	struct nc_source *s = b->source;
	struct nc_thread *th =
	    nc_map_get(&s->machine->threads, (uint64_t)s->pid);

	nc_buf_fini(&b->waiting);
	b->done = true;
	if (th != NULL)
		nc_thread_read(th);
	s->dialect->end(&s->trace);
	nc_source_close(s);
}

/* Reads a turn of a file; false at its end. */
static bool
read_some(struct nc_group *g, struct apart *w, struct branch *b)
{
	struct nc_source *s = b->source;
	int64_t stop = b->read + TURN;
	const char *p, *end;
	enum nc_early why;
	bool newline;

	if (b->waits != NC_EARLY_NOT && !read_waiting(g, w, b))
		return true;
	while (b->read < stop) {
		if (!nc_source_line(s, &p, &end, &newline)) {
			w->waits = 0;
			end_branch(b);
			return false;
		}
		why = is_early(&s->trace, p, end);
		if (why != NC_EARLY_NOT) {
			b->waiting.len = 0;
			nc_buf_add(&b->waiting, p, (size_t)(end - p));
			b->newline = newline;
			set_waits(w, b, why);
			wait_turn(w, b);
			return true;
		}
		read_line(g, w, b, p, end, newline);
	}
	return true;
}

/* Nothing is being read: one whose maker shows in no file begins. */
static bool
begin_next(struct apart *w, const struct nc_group *g, int64_t key)
{
	while (w->next < g->n && w->branches[w->next].begun)
		w->next++;
	if (w->next == g->n)
		return false;
	begin(w, &w->branches[w->next], key);
	return true;
}

bool
nc_apart_step(struct nc_group *g, int64_t stop)
{
	struct apart *w = g->state;
	struct branch *b;
	int64_t key;
	bool more;

	while (g->taken < stop) {
		if (w->n == 0 && !begin_next(w, g, 0))
			return false;
		b = w->heap[0];
		key = b->key;
		more = read_some(g, w, b);
		if (!more)
			w->heap[0] = w->heap[--w->n];
		nc_turns_sift(w->heap, w->n, before);
		begin_born(w, b->source->machine, key);
	}
	return true;
}

/* The descriptor that a line's call closes, or -1. */
static int64_t
closed_by(const char *p, const char *end)
{
	static const char name[] = "close";
	const size_t len = sizeof(name) - 1;
	size_t n = (size_t)(end - p);
	const char *open = memchr(p, '(', n < NAME_END ? n : NAME_END);
	int64_t fd;

	if (open == NULL || (size_t)(open - p) < len ||
	    memcmp(open - len, name, len) != 0 ||
	    nc_text_int((struct nc_text){ open + 1, end }, &fd) == NULL)
		return -1;
	return fd;
}

/* What a thread has made, and not closed itself so far: numbers. */
struct made {
	struct nc_map sockets, files;
};

/* That number is of a file, or may be; its thread may leave it to others. */
static void
made_file(struct nc_family *f, struct made *made, int64_t fd)
{
	if (nc_map_put(&made->files, (uint64_t)fd, made) != NULL)
		nc_shared_note(f, fd, true);
}

/* The numbers that a line's call made two of: "pipe2([3, 4], 0) = 0". */
static void
made_pair(
    struct nc_family *f, struct made *made, const char *p, const char *end)
{
	static const char name[] = "pipe";
	const size_t len = sizeof(name) - 1;
	size_t n = (size_t)(end - p);
	const char *open = memchr(p, '[', n < NAME_END ? n : NAME_END);
	int64_t fd;

	if (open == NULL || (size_t)(open - p) < len + 2 || open[-1] != '(' ||
	    (memcmp(open - 1 - len, name, len) != 0 &&
		memcmp(open - 2 - len, name, len) != 0))
		return;
	p = nc_text_int((struct nc_text){ open + 1, end }, &fd);
	if (p == NULL)
		return;
	made_file(f, made, fd);
	if (end - p > 2 && p[0] == ',' && p[1] == ' ' &&
	    nc_text_int((struct nc_text){ p + 2, end }, &fd) != NULL)
		made_file(f, made, fd);
}

/* What a thread makes and does not close itself: it hands it on, or may. */
static void
count_made(
    struct nc_family *f, struct made *made, const char *p, const char *end)
{
	static const char *const sockets[] = { "socket", "accept", "accept4" };
	static const char *const files[] = { "openat", "open", "openat2",
		"creat", "dup", "dup2", "dup3", "fcntl", "fcntl64", "eventfd",
		"eventfd2", "epoll_create", "epoll_create1", "timerfd_create",
		"signalfd", "signalfd4", "inotify_init", "inotify_init1",
		"memfd_create", "pidfd_open", "pidfd_getfd" };
	int64_t fd =
	    result_of(p, end, sockets, sizeof(sockets) / sizeof(sockets[0]));

	if (fd > 0) {
		nc_shared_note(f, fd, false);
		/* Others have closed the file. */
		if (nc_map_del(&made->files, (uint64_t)fd) != NULL)
			nc_shared_note(f, fd, true);
		if (nc_map_put(&made->sockets, (uint64_t)fd, made) != NULL)
			nc_shared_count(f, fd);
		return;
	}
	fd = closed_by(p, end);
	if (fd >= 0) {
		nc_map_del(&made->sockets, (uint64_t)fd);
		nc_map_del(&made->files, (uint64_t)fd);
		return;
	}
	fd = result_of(p, end, files, sizeof(files) / sizeof(files[0]));
	if (fd > 0)
		made_file(f, made, fd);
	else
		made_pair(f, made, p, end);
}

/* Looks through a file for what has to be known before any is read. */
static void
look_through(struct nc_source *s)
{
	struct branch *child;
	struct made made = { { NULL, 0, 0 }, { NULL, 0, 0 } };
	struct nc_slot *slot;
	const char *p, *end;
	bool newline;
	int64_t pid;
	size_t pos = 0;

	nc_source_open(s, BLOCK);
	while (nc_input_line(&s->input, &p, &end, &newline)) {
		count_made(s->family, &made, p, end);
		pid = made_by(p, end);
		if (pid == 0 || pid == s->pid)
			continue;
		child = nc_map_get(&s->machine->files, (uint64_t)pid);
		if (child != NULL && child->source->family == s->family)
			child->source->parent = s->number;
	}
	nc_source_close(s);
	while ((slot = nc_map_next(&made.sockets, &pos)) != NULL)
		nc_shared_count(s->family, (int64_t)slot->key);
	pos = 0;
	while ((slot = nc_map_next(&made.files, &pos)) != NULL)
		nc_shared_note(s->family, (int64_t)slot->key, true);
	nc_map_fini(&made.sockets);
	nc_map_fini(&made.files);
}

void
nc_apart_open(struct nc_group *g)
{
	struct apart *w = nc_xcalloc(1, sizeof(*w));
	size_t i;

	w->branches = nc_xcalloc(g->n, sizeof(*w->branches));
	w->heap = nc_xcalloc(g->n, sizeof(*w->heap));
	g->state = w;
	for (i = 0; i < g->n; i++) {
		w->branches[i].source = g->sources[i];
		nc_map_put(&g->sources[i]->machine->files,
		    (uint64_t)g->sources[i]->pid, &w->branches[i]);
	}
	for (i = 0; i < g->n; i++)
		look_through(g->sources[i]);
	for (i = 0; i < g->n; i++)
		if (g->sources[i]->parent == NC_NIL)
			begin(w, &w->branches[i], 0);
}

void
nc_apart_free(struct nc_group *g)
{
	struct apart *w = g->state;

	size_t i;

	if (w == NULL)
		return;
	for (i = 0; i < g->n; i++)
		nc_buf_fini(&w->branches[i].waiting);
	free(w->branches);
	free(w->heap);
	free(w);
}
