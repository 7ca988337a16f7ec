/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What strace sees of a host, and the files that it writes.
 */
#include "log.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct entry {
	enum { ENTER, LEAVE, LINE, DETACH } kind;
	int64_t when;
	int tid;
	const char *name, *args; /* args: text of a line; tail at an exit */
	const char *result;
	struct entry *enter; /* of an exit */
	bool whole;          /* an entry whose exit follows at once */
	bool part;           /* more is printed at the exit */
};

static struct entry *
add(struct thread *t, int kind, const char *args)
{
	struct host *h = t->process->host;
	struct entry *e = arena_new(&t->world->arena, sizeof(*e));

	e->kind = kind;
	e->when = t->world->clock.now;
	e->tid = t->tid;
	e->args = args;
	if (!t->process->traced || !h->traced)
		return e;
	if (h->nlog == h->logcap) {
		h->logcap = h->logcap ? 2 * h->logcap : 256;
		h->log = realloc(h->log, h->logcap * sizeof(struct entry *));
		if (!h->log)
			err(2, NULL);
	}
	h->log[h->nlog++] = e;
	return e;
}

void
log_enter(
    struct thread *t, const char *name, const char *args, const char *tail)
{
	t->call = add(t, ENTER, args);
	t->call->name = name;
	t->call->part = tail != NULL;
	t->abort = tail ? tail : "";
}

void
log_leave(struct thread *t, const char *tail, const char *result)
{
	struct entry *e = add(t, LEAVE, tail);

	e->enter = t->call;
	e->result = result;
	t->call = NULL;
}

void
log_killed(struct thread *t)
{
	log_leave(t, t->call->part ? " <unfinished ...>" : "", "?");
}

void
log_interrupted(struct thread *t)
{
	log_leave(t, t->abort,
	    "? ERESTARTSYS (To be restarted if SA_RESTART is set)");
}

void
log_line(struct thread *t, const char *text)
{
	add(t, LINE, text);
}

void
log_detach(struct thread *t)
{
	if (t->call)
		add(t, DETACH, NULL)->enter = t->call;
	t->call = NULL;
}

/* Writing */

struct out {
	FILE *f;
	const struct host *host;
	const struct choices *choice;
	bool pids;
	int64_t last; /* time of the last line, for -r */
};

/* The pid and the time that begin a line. */
static void
lead(struct out *o, int tid, int64_t when)
{
	int64_t stamp = when + o->host->skew, day = stamp / SEC % 86400, gap;
	long us = (long)(stamp % SEC);

	if (o->pids)
		fprintf(o->f, "%-5d ", tid);
	switch (o->choice->times) {
	case 1:
	case 2:
		fprintf(o->f, "%02d:%02d:%02d", (int)(day / 3600),
		    (int)(day / 60 % 60), (int)(day % 60));
		if (o->choice->times == 2)
			fprintf(o->f, ".%06ld", us);
		fputc(' ', o->f);
		break;
	case 3:
		fprintf(o->f, "%lld.%06ld ", (long long)(stamp / SEC), us);
		break;
	case 4:
		gap = o->last ? when - o->last : 0;
		fprintf(
		    o->f, "%6ld.%06ld ", (long)(gap / SEC), (long)(gap % SEC));
		break;
	default:
		break;
	}
	o->last = when;
}

/* The result, in its column, and the duration. */
static void
end(struct out *o, int width, const struct entry *e)
{
	int64_t took = e->when - e->enter->when;

	fprintf(o->f, "%*s= %s", width < 39 ? 40 - width : 1, "", e->result);
	if (o->choice->T && strcmp(e->result, "?") != 0)
		fprintf(o->f, " <%lld.%06lld>", (long long)(took / SEC),
		    (long long)(took % SEC));
	fputc('\n', o->f);
}

static void
whole(struct out *o, const struct entry *e)
{
	const struct entry *in = e->enter;

	lead(o, in->tid, in->when);
	if (e->kind == DETACH)
		fprintf(o->f, "%s(%s <detached ...>\n", in->name, in->args);
	else
		end(o, fprintf(o->f, "%s(%s%s)", in->name, in->args, e->args),
		    e);
}

static void
write_entry(struct out *o, const struct entry *e)
{
	const struct entry *in = e->enter;

	switch (e->kind) {
	case LINE:
		lead(o, e->tid, e->when);
		fprintf(o->f, "%s\n", e->args);
		break;
	case ENTER:
		if (e->whole || !o->pids)
			break;
		lead(o, e->tid, e->when);
		fprintf(o->f, "%s(%s <unfinished ...>\n", e->name, e->args);
		break;
	default:
		if (in->whole || !o->pids) {
			whole(o, e);
		} else if (e->kind == LEAVE) {
			lead(o, e->tid, e->when);
			end(o,
			    fprintf(
				o->f, "<... %s resumed>%s)", in->name, e->args),
			    e);
		}
	}
}

static void
find_whole(struct host *h)
{
	size_t i;

	for (i = 1; i < h->nlog; i++)
		if ((h->log[i]->kind == LEAVE || h->log[i]->kind == DETACH) &&
		    h->log[i]->enter == h->log[i - 1])
			h->log[i - 1]->whole = true;
}

static int
write_file(struct out *o, const char *path, int only)
{
	size_t i;

	o->f = fopen(path, "w");
	if (!o->f)
		return -1;
	o->last = 0;
	for (i = 0; i < o->host->nlog; i++)
		if (!only || o->host->log[i]->tid == only)
			write_entry(o, o->host->log[i]);
	return fclose(o->f);
}

/* A file for each thread, in the order of their first lines. */
static int
write_apart(struct out *o, const char *folder)
{
	const struct host *h = o->host;
	struct arena *a = &h->world->arena;
	int *tids = arena_new(a, (h->nlog + 1) * sizeof(*tids));
	size_t n = 0, i, k;

	for (i = 0; i < h->nlog; i++) {
		for (k = 0; k < n && tids[k] != h->log[i]->tid; k++)
			continue;
		if (k < n)
			continue;
		tids[n++] = h->log[i]->tid;
		if (write_file(o,
			arena_text(
			    a, "%s/%s.trace.%d", folder, h->name, tids[k]),
			tids[k]) < 0)
			return -1;
	}
	return 0;
}

static int
write_host(struct world *w, struct host *h, const char *folder)
{
	struct out o = { NULL, h, &w->choice, !w->choice.ff, 0 };

	find_whole(h);
	if (w->choice.ff)
		return write_apart(&o, folder);
	return write_file(
	    &o, arena_text(&w->arena, "%s/%s.trace", folder, h->name), 0);
}

int
log_write(struct world *w, const char *folder)
{
	size_t *order = arena_new(&w->arena, (w->nhosts + 1) * sizeof(*order));
	FILE *f;
	size_t i, k, swap;

	if (mkdir(folder, 0777) < 0 && access(folder, W_OK) < 0)
		return -1;
	f = fopen(arena_text(&w->arena, "%s/hosts.csv", folder), "w");
	if (!f)
		return -1;
	fputs("host,trace,address,nat\n", f);
	for (i = 0; i < w->nhosts; i++)
		order[i] = i;
	for (i = w->nhosts; i > 1; i--) {
		k = rng_below(&w->rng, (unsigned)i);
		swap = order[k];
		order[k] = order[i - 1];
		order[i - 1] = swap;
	}
	for (i = 0; i < w->nhosts; i++) {
		struct host *h = w->hosts[order[i]];

		if (h->nlog == 0)
			continue;
		if (write_host(w, h, folder) < 0) {
			fclose(f);
			return -1;
		}
		fprintf(f, "%s,%s.trace%s,", h->name, h->name,
		    w->choice.ff ? ".*" : "");
		if (w->choice.addresses)
			fprintf(f, "%s %s", h->v4, h->v6);
		fprintf(f, ",%s\n", h->declared ? h->declared : "");
	}
	return fclose(f);
}
