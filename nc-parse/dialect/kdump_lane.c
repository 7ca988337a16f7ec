/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The threads of a kdump, each with the call that it is in.
 */
#include "kdump_lane.h"

#include "foreign_args.h"
#include "foreign_text.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

/* Without thread ids (-H): calls of one process at a time, at most. */
#define SLOTS_MAX 64

/* Threads that have no ids get some from here on; pids are below. */
#define SLOT_STEP 1000000

void
nc_kdump_lane_clear(struct nc_kdump_lane *l)
{
	size_t i;

	l->busy = l->pending.begun = false;
	l->data.len = l->address.len = l->fds.len = l->ready.len = 0;
	l->timeout.len = 0;
	nc_buf_trim(&l->data, NC_LINE_KEEP);
	for (i = 0; i < 6; i++)
		l->set[i].len = 0;
	l->nsets = 0;
	l->kevent_lists = 0;
	nc_kevents_clear(&l->kevents);
}

static struct nc_kdump_lane *
lane_new(int64_t pid, int64_t tid)
{
	struct nc_kdump_lane *l = nc_xcalloc(1, sizeof(*l));

	l->pid = pid;
	l->tid = tid;
	return l;
}

static void
lane_free(struct nc_kdump_lane *l)
{
	size_t i;

	nc_buf_fini(&l->text);
	nc_buf_fini(&l->data);
	nc_buf_fini(&l->address);
	nc_buf_fini(&l->fds);
	nc_buf_fini(&l->ready);
	nc_buf_fini(&l->timeout);
	for (i = 0; i < 6; i++)
		nc_buf_fini(&l->set[i]);
	nc_kevents_fini(&l->kevents);
	free(l);
}

struct nc_kdump_lane *
nc_kdump_lane_of(struct nc_kdump_lanes *s, const struct nc_kdump_head *h)
{
	uint64_t key = (uint64_t)(h->tid != NC_NIL ? h->tid : h->pid);
	struct nc_kdump_lane *l = nc_map_get(&s->lanes, key), *first;

	/* Ids are used again: then it is another process's now. */
	if (l != NULL && l->pid == h->pid)
		return l;
	l = lane_new(h->pid, h->pid);
	l->key = key;
	first = nc_map_get(&s->mains, (uint64_t)h->pid);
	if (first == NULL) {
		nc_map_put(&s->mains, (uint64_t)h->pid, l);
	} else {
		l->tid = h->tid != NC_NIL ? h->tid : h->pid;
		l->others = first->others;
		first->others = l;
	}
	nc_map_put(&s->lanes, key, l);
	return l;
}

struct nc_text
nc_kdump_lane_name(const struct nc_kdump_lane *l)
{
	return (struct nc_text){ l->text.p, l->text.p + l->name_len };
}

struct nc_kdump_lane *
nc_kdump_lane_in(struct nc_kdump_lane *l, struct nc_text name)
{
	size_t n = (size_t)(name.end - name.p);

	for (; l != NULL; l = l->next)
		if (l->busy && l->name_len == n &&
		    memcmp(l->text.p, name.p, n) == 0)
			return l;
	return NULL;
}

struct nc_kdump_lane *
nc_kdump_lane_idle(struct nc_kdump_lane *l)
{
	struct nc_kdump_lane *last = l;
	size_t n;

	for (n = 1; last->busy; last = last->next, n++)
		if (last->next == NULL)
			break;
	if (!last->busy)
		return last;
	if (n == SLOTS_MAX)
		return last;
	l = lane_new(last->pid, last->pid + (int64_t)n * SLOT_STEP);
	last->next = l;
	return l;
}

struct nc_kdump_lane *
nc_kdump_lane_for(struct nc_kdump_lane *l, const struct nc_kdump_lane *fresh,
    const char *kinds)
{
	const char *shape;
	struct nc_kdump_lane *best = NULL;

	for (; l != NULL; l = l->next) {
		if (!l->busy)
			continue;
		shape = nc_foreign_shape(nc_kdump_lane_name(l));
		if (shape == NULL || strpbrk(shape, kinds) == NULL)
			continue;
		if (best == NULL || l == fresh ||
		    best->pending.line < l->pending.line)
			best = l;
	}
	return best;
}

void
nc_kdump_lane_args(const struct nc_kdump_lane *l, struct nc_foreign_call *c)
{
	const char *p = l->text.p + l->name_len, *end = l->text.p + l->text.len;
	const char *from;
	int depth = 0;

	if (p == end || *p != '(')
		return;
	for (from = ++p; p < end; p++) {
		if (*p == '(' || *p == '<' || *p == '{') {
			depth++;
		} else if (depth > 0 && (*p == ')' || *p == '>' || *p == '}')) {
			depth--;
		} else if (depth == 0 && (*p == ',' || *p == ')')) {
			if (c->nargs < NC_ARGS_MAX && p > from)
				c->arg[c->nargs++] =
				    nc_text_trim((struct nc_text){ from, p });
			from = p + 1;
			if (*p == ')')
				return;
		}
	}
}

/* A lane with those that share it and those of its process's other threads. */
static void
lanes_free(struct nc_kdump_lane *of)
{
	struct nc_kdump_lane *others, *l, *next;

	for (; of != NULL; of = others) {
		others = of->others;
		for (l = of; l != NULL; l = next) {
			next = l->next;
			lane_free(l);
		}
	}
}

void
nc_kdump_lanes_end(struct nc_kdump_lanes *s, int64_t pid)
{
	struct nc_kdump_lane *first = nc_map_get(&s->mains, (uint64_t)pid), *of;

	for (of = first; of != NULL; of = of->others)
		if (nc_map_get(&s->lanes, of->key) == of)
			nc_map_del(&s->lanes, of->key);
	nc_map_del(&s->mains, (uint64_t)pid);
	lanes_free(first);
}

void
nc_kdump_lanes_fini(struct nc_kdump_lanes *s)
{
	struct nc_slot *slot;
	size_t pos = 0;

	while ((slot = nc_map_next(&s->mains, &pos)) != NULL)
		lanes_free(slot->value);
	nc_map_fini(&s->lanes);
	nc_map_fini(&s->mains);
}

struct nc_kdump_lane *
nc_kdump_lanes_first(const struct nc_kdump_lanes *s, int64_t pid)
{
	return nc_map_get(&s->mains, (uint64_t)pid);
}
