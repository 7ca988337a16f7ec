/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * When nothing can run: looking ahead for a release, choosing what to force,
 * and saying which calls wait for one another.
 */
#include "lane.h"

#include <stdlib.h>
#include <string.h>

#include "render.h"
#include "util.h"

#define AHEAD 65536  /* records of a lane looked at for releases */
#define CIRCLE_MAX 8 /* calls told of those that wait for one another */

/*
 * A killed process's release, or its leaving of a socket, shows only at its
 * last line, that of an execve only at its end: the peer may have seen the end
 * of the stream before (model.md 2, step 3).  Each lane remembers the releases that a look ahead
 * found, so that no record is looked at twice.
 */
static void
see(void *ctx, const struct nc_record *rec, struct queue_spot spot)
{
	struct lane *l = ctx;
	struct release *r;
	struct nc_call c;
	uint64_t key;

	if ((rec->kind != NC_KIND_call && rec->kind != NC_KIND_begin) ||
	    nc_record_decode(rec, &c) < 0 || c.socket == NC_NIL ||
	    !(nc_str_eq(c.name, "release") || nc_str_eq(c.name, "leave")))
		return;
	key = *c.name.p == 'l' ? lane_leave_key(c.socket) :
				 (uint64_t)c.socket + 1;
	r = nc_map_get(&l->releases, key);
	if (!r) {
		r = nc_xcalloc(1, sizeof(*r));
		nc_map_put(&l->releases, key, r);
	}
	if (rec->kind == NC_KIND_begin) {
		r->begin = spot;
		return;
	}
	/* Of those who leave, the first does so first. */
	if (r->call.block)
		return;
	r->call = spot;
	r->from = nc_call_from(&c);
}

static struct release *
found_at(struct lane *l, uint64_t key)
{
	struct release *r = nc_map_get(&l->releases, key);

	return r && r->call.block ? r : NULL;
}

/* Who leaves a socket that another may still hold does so before that one. */
static struct release *
found(struct lane *l, int64_t socket, bool *leave)
{
	struct release *r = found_at(l, lane_leave_key(socket));

	*leave = r != NULL;
	return r ? r : found_at(l, (uint64_t)socket + 1);
}

/* The release of that socket, if it may come before the lane's head. */
static struct release *
find(struct order *o, struct lane *l, int64_t socket, bool *leave)
{
	struct release *r = found(l, socket, leave);
	bool more = !r;

	while (more) {
		more = queue_look(l->queue, &l->ahead, AHEAD, see, l);
		r = found(l, socket, leave);
		more = more && !r && input_read(o, l->input);
	}
	return r && r->from < nc_call_at(&l->head.call) ? r : NULL;
}

static bool
look_ahead(struct order *o, struct lane *l, const struct item *waits)
{
	bool leave;
	struct release *r = find(o, l, waits->wait.end_of, &leave);
	struct nc_buf buf = { 0 };
	struct nc_record rec;
	struct nc_wait wait;
	struct nc_step step;
	struct nc_call call;

	if (!r)
		return false;
	/* Its begin has nothing to tell any more. */
	if (r->begin.block)
		queue_take(l->queue, r->begin, &rec, &buf);
	queue_take(l->queue, r->call, &rec, &buf);
	if (leave)
		lane_forget_leave(l, waits->wait.end_of);
	else
		lane_forget_release(l, waits->wait.end_of, false);
	if (nc_record_decode(&rec, &call) == 0 &&
	    nc_model_prepare(o->model, &call, false, &step) == 0) {
		order_forget_begin(o, l, &call);
		order_note(o, &call, "early", waits->wait.what,
		    (struct nc_bytes){ NULL, 0 });
		nc_writer_pass(o->out, &rec);
		nc_model_offer(o->model, &step, NC_TAKE, &wait);
		o->calls++;
		order_events(o);
	}
	nc_buf_fini(&buf);
	return true;
}

/* In the lanes of the host that holds the other end. */
static bool
look_for(struct order *o, struct item *waits)
{
	struct lane *first = nc_map_get(
			&o->of_host, (uint64_t)(uintptr_t)waits->wait.by),
		    *l;
	int64_t heads = 0;

	/* With the same heads there the answer is the same. */
	for (l = first; l; l = l->next_of_host)
		heads += l->calls;
	if (heads == waits->looked)
		return false;
	waits->looked = heads;
	for (l = first; l; l = l->next_of_host)
		if (l->has_head && l->head.state == ITEM_WAITING &&
		    look_ahead(o, l, waits))
			return true;
	return false;
}

bool
stuck_look_ahead(struct order *o)
{
	size_t i;

	if (!o->look || o->nends == 0)
		return false;
	for (i = 0; i < o->nlanes; i++) {
		struct item *it = &o->lanes[i]->head;

		if (it->ends && look_for(o, it))
			return true;
	}
	o->look = false;
	return false;
}

static bool
is_parked(const struct lane *l)
{
	return l->has_head && l->head.state == ITEM_WAITING;
}

static bool
has_trace(const struct lane *l, int64_t trace)
{
	size_t i;

	for (i = 0; i < l->ntraces; i++)
		if (l->traces[i] == trace)
			return true;
	return false;
}

/*
 * The head that has to go on for the item to be woken: of the lane that holds
 * the other end, else of any lane of that host.
 */
static struct item *
waited_for(struct order *o, const struct item *it)
{
	struct lane *l = nc_map_get(
			&o->of_host, (uint64_t)(uintptr_t)it->wait.by),
		    *other = NULL;

	for (; it->wait.by && l; l = l->next_of_host) {
		if (!is_parked(l))
			continue;
		if (has_trace(l, it->wait.trace))
			return &l->head;
		if (!other || l->index < other->index)
			other = l;
	}
	return it->wait.by && other ? &other->head : NULL;
}

/*
 * Follows who waits for whom from an item; its number of items, of which those
 * from *circle on wait for one another in a circle (none: *circle is it).
 */
static size_t
follow(struct order *o, struct item *at, struct item *seen[], size_t *circle)
{
	size_t n = 0, i;

	do {
		for (i = 0; i < n && seen[i] != at; i++)
			continue;
		if (i < n) {
			*circle = i;
			return n;
		}
		seen[n++] = at;
		at = waited_for(o, at);
	} while (at && n < CIRCLE_MAX);
	*circle = n;
	return n;
}

/* One of the circle that it waits for, if that costs no more. */
static struct item *
of_circle(struct order *o, struct item *it)
{
	struct item *seen[CIRCLE_MAX], *best = NULL;
	size_t i, n = follow(o, it, seen, &i);

	for (; i < n; i++)
		if (seen[i]->wait.cost <= it->wait.cost &&
		    (!best || seen[i]->tie < best->tie))
			best = seen[i];
	return best ? best : it;
}

struct item *
stuck_choose(struct order *o)
{
	struct item *best = NULL;
	size_t i;

	for (i = 0; i < o->nlanes; i++) {
		struct item *it = &o->lanes[i]->head;

		if (!o->lanes[i]->has_head || it->state != ITEM_WAITING)
			continue;
		if (!best || it->wait.cost < best->wait.cost ||
		    (it->wait.cost == best->wait.cost && it->tie < best->tie))
			best = it;
	}
	return best ? of_circle(o, best) : NULL;
}

void
stuck_tell(struct order *o, struct item *it)
{
	char text[NC_RENDER_MAX + 1];
	struct item *seen[CIRCLE_MAX];
	struct nc_buf circle = { 0 };
	size_t i, n = follow(o, it, seen, &i);

	nc_pack_array(&circle, n);
	for (i = 0; i < n; i++) {
		nc_call_render(&seen[i]->call, text, sizeof(text));
		nc_pack_array(&circle, 4);
		nc_pack_strn(
		    &circle, seen[i]->lane->host.p, seen[i]->lane->host.len);
		nc_pack_int(&circle, seen[i]->call.trace);
		nc_pack_int(&circle,
		    seen[i]->call.line == NC_NIL ? seen[i]->call.entry :
						   seen[i]->call.line);
		nc_pack_str(&circle, text);
	}
	order_note(o, &it->call, "forced", it->wait.what,
	    (struct nc_bytes){ circle.p, circle.len });
	nc_buf_fini(&circle);
}
