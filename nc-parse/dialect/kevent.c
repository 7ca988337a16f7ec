/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * kevent() in the form of poll.
 */
#include "kevent.h"

#include "foreign_text.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

/* More descriptors than this in one call are not told apart. */
#define KEVENTS_MAX 256

void
nc_kevents_clear(struct nc_kevents *k)
{
	k->n = 0;
}

void
nc_kevents_fini(struct nc_kevents *k)
{
	free(k->v);
	nc_buf_fini(&k->fds);
	nc_buf_fini(&k->ready);
}

static bool
has_flag(struct nc_text flags, const char *name)
{
	size_t n = strlen(name);
	const char *p;

	for (p = flags.p; p != NULL && (size_t)(flags.end - p) >= n; p++)
		if (memcmp(p, name, n) == 0)
			return true;
	return false;
}

static struct nc_kevent *
of_descriptor(struct nc_kevents *k, struct nc_text ident)
{
	int64_t fd;
	size_t i;

	if (nc_text_int(ident, &fd) == NULL || fd < 0 || fd > 0x7fffffff)
		return NULL;
	for (i = 0; i < k->n; i++)
		if (k->v[i].fd == fd)
			return &k->v[i];
	if (k->n == KEVENTS_MAX)
		return NULL;
	k->v = nc_grow(k->v, k->n, &k->cap, sizeof(*k->v));
	memset(&k->v[k->n], 0, sizeof(*k->v));
	k->v[k->n].fd = (int)fd;
	return &k->v[k->n++];
}

static int64_t
events_of(struct nc_text filter)
{
	return nc_text_is(filter, "EVFILT_READ") ? NC_POLLIN :
	    nc_text_is(filter, "EVFILT_WRITE")   ? NC_POLLOUT :
						   0;
}

void
nc_kevents_change(struct nc_kevents *k, struct nc_text ident,
    struct nc_text filter, struct nc_text flags)
{
	int64_t events = events_of(filter);
	struct nc_kevent *e;

	if (events == 0 || !has_flag(flags, "EV_ADD") ||
	    has_flag(flags, "EV_DISABLE") || has_flag(flags, "EV_DELETE"))
		return;
	e = of_descriptor(k, ident);
	if (e != NULL)
		e->events |= events;
}

void
nc_kevents_event(struct nc_kevents *k, struct nc_text ident,
    struct nc_text filter, struct nc_text flags)
{
	int64_t events = events_of(filter);
	struct nc_kevent *e;

	/* With EV_ERROR it is a change that failed. */
	if (events == 0 || has_flag(flags, "EV_ERROR"))
		return;
	e = of_descriptor(k, ident);
	if (e == NULL)
		return;
	e->events |= events;
	e->revents |= events;
	if (events == NC_POLLOUT && has_flag(flags, "EV_EOF"))
		e->revents |= NC_POLLHUP;
}

static void
add_events(struct nc_buf *b, const char *field, int64_t events)
{
	static const struct {
		const char *name;
		int64_t bit;
	} names[] = {
		{ "POLLIN", NC_POLLIN },
		{ "POLLOUT", NC_POLLOUT },
		{ "POLLHUP", NC_POLLHUP },
	};
	bool any = false;
	size_t i;

	nc_foreign_add(b, field);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((events & names[i].bit) == 0)
			continue;
		if (any)
			nc_foreign_add(b, "|");
		nc_foreign_add(b, names[i].name);
		any = true;
	}
	nc_foreign_add(b, "}");
}

void
nc_kevents_put(struct nc_kevents *k, struct nc_foreign_call *c)
{
	const char *between = "[";
	const char *before = "[";
	size_t i;

	k->fds.len = k->ready.len = 0;
	for (i = 0; i < k->n; i++) {
		nc_foreign_add(&k->fds, between);
		between = ", ";
		nc_foreign_add(&k->fds, "{fd=");
		nc_foreign_add_int(&k->fds, k->v[i].fd);
		add_events(&k->fds, ", events=", k->v[i].events);
		if (k->v[i].revents == 0)
			continue;
		nc_foreign_add(&k->ready, before);
		before = ", ";
		nc_foreign_add(&k->ready, "{fd=");
		nc_foreign_add_int(&k->ready, k->v[i].fd);
		add_events(&k->ready, ", revents=", k->v[i].revents);
	}
	if (k->n == 0)
		return;
	nc_foreign_add(&k->fds, "]");
	c->fds = (struct nc_text){ k->fds.p, k->fds.p + k->fds.len };
	if (k->ready.len == 0)
		return;
	nc_foreign_add(&k->ready, "]");
	c->ready = (struct nc_text){ k->ready.p, k->ready.p + k->ready.len };
}
