/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Hosts, processes, threads, open files.
 */
#include "world.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world *
world_new(uint64_t seed)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w)
		err(2, NULL);
	rng_seed(&w->rng, seed);
	w->clock.arena = &w->arena;
	w->clock.rng = &w->rng;
	w->clock.now = INT64_C(1795400000) * SEC;
	w->next_inode = 100000;
	return w;
}

void
world_free(struct world *w)
{
	size_t i;

	clock_fini(&w->clock);
	for (i = 0; i < w->nhosts; i++)
		free(w->hosts[i]->log);
	free(w->hosts);
	arena_free(&w->arena);
	free(w);
}

void
world_unlawful(struct world *w, const char *why)
{
	if (!w->unlawful)
		w->unlawful = why;
	w->clock.stopped = true;
}

/* Hosts */

struct host *
world_host(struct world *w, const char *name)
{
	struct host *h = arena_new(&w->arena, sizeof(*h));
	unsigned n = (unsigned)w->nhosts;

	h->world = w;
	h->index = n;
	h->name = name;
	h->v4 = arena_text(&w->arena, "10.%u.%u.2", n / 250, n % 250 + 1);
	h->v6 = arena_text(&w->arena, "fd00:%x::2", n + 1);
	h->next_pid = RNG_PICK(&w->rng, 7, 310, 4000, 31000);
	h->next_port = (int)rng_between(&w->rng, 32768, 50000);
	h->skew = w->choice.skew ? rng_between(&w->rng, -4000, 4000) * SEC : 0;
	h->traced = true;
	w->hosts = realloc(w->hosts, (w->nhosts + 1) * sizeof(struct host *));
	if (!w->hosts)
		err(2, NULL);
	w->hosts[w->nhosts++] = h;
	return h;
}

static bool
is_loopback(const char *ip)
{
	return strcmp(ip, "127.0.0.1") == 0 || strcmp(ip, "::1") == 0;
}

struct host *
world_owner(struct world *w, struct host *from, const char *ip)
{
	unsigned a, b, n;

	if (is_loopback(ip))
		return from;
	if (sscanf(ip, "10.%u.%u.2", &a, &b) == 2)
		n = a * 250 + b - 1;
	else if (sscanf(ip, "fd00:%x::2", &b) == 1)
		n = b - 1;
	else
		return NULL;
	return n < w->nhosts ? w->hosts[n] : NULL;
}

const char *
host_address(const struct host *h, const char *target)
{
	return is_loopback(target) ? target :
	    strchr(target, ':')    ? h->v6 :
				     h->v4;
}

int
host_port(struct host *h)
{
	h->next_port += (int)rng_between(&h->world->rng, 1, 4);
	if (h->next_port > 60999)
		h->next_port = 32768;
	return h->next_port;
}

void
host_bind(struct file *f)
{
	struct file **at = &f->host->bound[f->local.port % 64];

	while (*at)
		at = &(*at)->next_bound;
	*at = f;
}

static bool
covers(const struct file *f, const char *ip)
{
	return strcmp(f->local.ip, "0.0.0.0") == 0 ||
	    strcmp(f->local.ip, "::") == 0 || strcmp(f->local.ip, ip) == 0;
}

struct file *
host_bound(struct host *h, enum file_kind kind, const char *ip, int port,
    struct addr from)
{
	struct file *f, *found[16], **at = &h->bound[port % 64];
	unsigned n = 0, hash = (unsigned)from.port * 2654435761u;
	const char *p;

	while ((f = *at)) {
		if (f->closed) {
			*at = f->next_bound;
			continue;
		}
		at = &f->next_bound;
		if (f->kind != kind || f->local.port != port ||
		    !covers(f, ip) || (kind == FILE_TCP && !f->listening))
			continue;
		if (f->kind == FILE_UDP && f->peer.ip &&
		    (f->peer.port != from.port ||
			strcmp(f->peer.ip, from.ip) != 0))
			continue;
		if (n < 16)
			found[n++] = f;
	}
	for (p = from.ip; p && *p; p++)
		hash = hash * 31 + (unsigned char)*p;
	return n ? found[(hash >> 8) % n] : NULL;
}

/* Processes */

struct process *
process_new(struct host *h, struct process *parent)
{
	struct process *p = arena_new(&h->world->arena, sizeof(*p)), **at;

	p->host = h;
	p->pid = h->next_pid;
	h->next_pid += (int)rng_between(&h->world->rng, 1, 2);
	p->traced = parent ? parent->traced : true;
	p->parent = parent;
	p->table = arena_new(&h->world->arena, sizeof(*p->table));
	p->table->refs = 1;
	for (at = &h->processes; *at; at = &(*at)->next)
		continue;
	*at = p;
	return p;
}

static void
thread_run(void *arg)
{
	struct thread *t = arg;
	const struct host *h = t->process->host;

	/* It could be anybody's child so far. */
	while (t->world->choice.births == 1 && h->births > 1 && !t->born)
		task_sleep(&t->world->clock, 20);
	t->body(t, t->arg);
}

struct thread *
thread_new(struct process *p, int tid, int64_t delay,
    void (*body)(struct thread *t, void *arg), void *arg)
{
	struct world *w = p->host->world;
	struct thread *t = arena_new(&w->arena, sizeof(*t)), **at;

	t->process = p;
	t->world = w;
	t->tid = tid;
	t->body = body;
	t->arg = arg;
	for (at = &p->threads; *at; at = &(*at)->next)
		continue;
	*at = t;
	p->nthreads++;
	t->task = task_new(&w->clock, delay, thread_run, t);
	return t;
}

/* Files */

struct file *
file_new(struct host *h, enum file_kind kind, int family)
{
	struct file *f = arena_new(&h->world->arena, sizeof(*f));

	f->kind = kind;
	f->host = h;
	f->family = family;
	f->inode = ++h->world->next_inode;
	return f;
}

struct file *
thread_file(const struct thread *t, int fd)
{
	const struct table *table = t->process->table;

	return fd >= 0 && fd < table->n ? table->slot[fd] : NULL;
}

static void
table_grow(struct table *t, struct arena *a, int n)
{
	struct file **slot = arena_new(a, (size_t)n * sizeof(*slot));
	bool *cloexec = arena_new(a, (size_t)n * sizeof(*cloexec));

	if (t->n) {
		memcpy(slot, t->slot, (size_t)t->n * sizeof(*slot));
		memcpy(cloexec, t->cloexec, (size_t)t->n * sizeof(*cloexec));
	}
	t->slot = slot;
	t->cloexec = cloexec;
	t->n = n;
}

int
table_add(struct table *t, struct file *f, bool cloexec)
{
	int fd = 3;

	while (fd < t->n && t->slot[fd])
		fd++;
	if (fd >= t->n)
		table_grow(t, &f->host->world->arena, t->n ? 2 * t->n : 8);
	t->slot[fd] = f;
	t->cloexec[fd] = cloexec;
	return fd;
}

struct table *
table_copy(struct world *w, const struct table *t)
{
	struct table *copy = arena_new(&w->arena, sizeof(*copy));
	int i;

	*copy = *t;
	copy->refs = 1;
	copy->n = 0;
	if (t->n) {
		copy->slot = t->slot;
		copy->cloexec = t->cloexec;
		copy->n = t->n;
		table_grow(copy, &w->arena, t->n);
	}
	for (i = 0; i < copy->n; i++)
		if (copy->slot[i])
			copy->slot[i]->refs++;
	return copy;
}

void
file_changed(struct file *f)
{
	struct clock *c = &f->host->world->clock;
	struct watch *w;

	waitq_wake(c, &f->changed);
	for (w = f->kind == FILE_EPOLL ? NULL : f->watches; w; w = w->also) {
		w->fresh = true;
		if (!w->gone)
			waitq_wake(c, &w->epoll->changed);
	}
}
