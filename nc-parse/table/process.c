/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Threads, processes and their descriptor tables.
 */
#include "process.h"

#include "util.h"

#include <stdlib.h>

struct nc_fdtable *
nc_fdtable_new(void)
{
	struct nc_fdtable *t = nc_xcalloc(1, sizeof(*t));

	t->refs = 1;
	return t;
}

struct nc_descriptor *
nc_fdtable_at(struct nc_fdtable *t, int fd)
{
	struct nc_descriptor *d = nc_fdtable_get(t, fd);

	if (d == NULL) {
		d = nc_xcalloc(1, sizeof(*d));
		nc_map_put(&t->fds, (uint64_t)fd, d);
		if (fd >= 0 && fd < NC_FD_LOW)
			t->low[fd] = d;
	}
	return d;
}

/* It came by fork and has not been named since. */
static void
inherit(struct nc_descriptor *d)
{
	if (d->inherited)
		return;
	d->inherited = true;
	d->sock->doubts++;
}

struct nc_fdtable *
nc_fdtable_copy(const struct nc_fdtable *from)
{
	struct nc_fdtable *t = nc_fdtable_new();
	const struct nc_descriptor *old;
	struct nc_descriptor *d;
	struct nc_slot *slot;
	size_t pos = 0;

	t->partial = from->partial;
	while ((slot = nc_map_next(&from->fds, &pos)) != NULL) {
		old = slot->value;
		if (old->sock == NULL || old->gone) {
			/* What is known to be no socket stays known. */
			if (from->partial)
				nc_fdtable_set_plain(t, (int)slot->key);
			continue;
		}
		d = nc_fdtable_at(t, (int)slot->key);
		d->sock = old->sock;
		d->cloexec = old->cloexec;
		d->tid = old->tid;
		d->at = old->at;
		d->reused = old->reused;
		d->sock->refs++;
		if (old->inherited)
			inherit(d);
	}
	return t;
}

/* As it stands; what the number stood for before remains the other's. */
static void
take_over(struct nc_descriptor *d, struct nc_descriptor *old)
{
	nc_descriptor_sure(old);
	*d = *old;
	d->unsure = NULL;
	d->past = NULL;
	d->npast = d->past_cap = 0;
}

struct nc_fdtable *
nc_fdtable_part(struct nc_fdtable *from, int64_t pid, int64_t before)
{
	struct nc_fdtable *t = nc_fdtable_new();
	struct nc_descriptor *old, *d;
	struct nc_slot *slot;
	size_t pos = 0;
	bool own, doubted;

	t->partial = from->partial;
	while ((slot = nc_map_next(&from->fds, &pos)) != NULL) {
		old = slot->value;
		own = old->tid == pid;
		if (old->sock == NULL || old->gone ||
		    (!own && old->at >= before))
			continue;
		d = nc_fdtable_at(t, (int)slot->key);
		doubted = old->inherited;
		take_over(d, old);
		if (own && old->at >= from->shared_at) {
			old->sock = NULL;
			continue;
		}
		d->sock->refs++;
		/* Only if one was forked by the other have both what one got. */
		d->sock->parted = true;
		inherit(own ? old : d);
		/* Those that it was in doubt for hold it no surer than before. */
		if (doubted)
			inherit(own ? d : old);
	}
	return t;
}

/* What a thread got itself since that line. */
static void
move(struct nc_fdtable *from, int64_t tid, int64_t since, struct nc_fdtable *to)
{
	struct nc_descriptor *old, *d;
	struct nc_slot *slot;
	size_t pos = 0;

	while ((slot = nc_map_next(&from->fds, &pos)) != NULL) {
		old = slot->value;
		if (old->sock == NULL || old->gone || old->tid != tid ||
		    old->at < since)
			continue;
		d = nc_fdtable_at(to, (int)slot->key);
		if (d->sock != NULL)
			nc_descriptor_take(d)->refs--;
		take_over(d, old);
		old->sock = NULL;
	}
}

struct nc_fdtable *
nc_fdtable_moved(struct nc_fdtable *table, int64_t tid, int64_t since,
    const struct nc_fdtable *from)
{
	struct nc_fdtable *t = from != NULL ? nc_fdtable_copy(from) :
					      nc_fdtable_new();

	move(table, tid, since, t);
	return t;
}

void
nc_fdtable_move(struct nc_fdtable *from, int64_t tid, struct nc_fdtable *to)
{
	if (from != to)
		move(from, tid, INT64_MIN, to);
}

void
nc_fdtable_inherit(struct nc_fdtable *t)
{
	struct nc_descriptor *d;
	struct nc_slot *slot;
	size_t pos = 0;

	while ((slot = nc_map_next(&t->fds, &pos)) != NULL) {
		d = slot->value;
		if (d->sock != NULL && !d->gone)
			inherit(d);
	}
}

void
nc_fdtable_set_unfollowed(struct nc_fdtable *t, bool unfollowed)
{
	const struct nc_descriptor *d;
	struct nc_slot *slot;
	size_t pos = 0;

	if (!unfollowed)
		t->unfollowed = false;
	while ((slot = nc_map_next(&t->fds, &pos)) != NULL) {
		d = slot->value;
		if (d->sock != NULL)
			d->sock->unfollowed = unfollowed;
	}
}

bool
nc_fdtable_is_unknown(const struct nc_fdtable *t, int fd)
{
	return t->partial && fd >= 0 && nc_fdtable_get(t, fd) == NULL;
}

void
nc_fdtable_set_plain(struct nc_fdtable *t, int fd)
{
	if (nc_fdtable_is_unknown(t, fd))
		nc_fdtable_at(t, fd)->plain = true;
}

bool
nc_fdtable_knew(const struct nc_fdtable *t, int fd)
{
	const struct nc_descriptor *d = nc_fdtable_get(t, fd);

	return d != NULL && !d->plain;
}

void
nc_fdtable_free(struct nc_fdtable *t)
{
	struct nc_descriptor *d;
	struct nc_slot *slot;
	size_t pos = 0;

	if (t == NULL)
		return;
	while ((slot = nc_map_next(&t->fds, &pos)) != NULL) {
		d = slot->value;
		free(d->past);
		free(d);
	}
	nc_map_fini(&t->fds);
	free(t);
}
