/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * When nothing can run: looking ahead for a release, choosing what to force,
 * and saying which calls wait for one another.
 */
#include "lane.h"

#include <string.h>

#include "render.h"

#define AHEAD 65536  /* records looked at for a release */
#define CIRCLE_MAX 8 /* calls told of those that wait for one another */

struct wanted {
	int64_t socket;
	int64_t before; /* entry of the release < exit of the head: places */
};

static bool
is_wanted(void *ctx, const struct nc_record *rec)
{
	const struct wanted *w = ctx;
	struct nc_call c;

	return rec->kind == NC_KIND_call && nc_record_decode(rec, &c) == 0 &&
	    c.socket == w->socket && nc_str_eq(c.name, "release") &&
	    nc_call_from(&c) < w->before;
}

/*
 * A killed process's release shows only at its last line: the peer may have
 * seen the end of the stream before (model.md 2, step 3).
 */
static bool
look_ahead(struct order *o, struct lane *l)
{
	struct wanted w = { l->head.wait.end_of, nc_call_at(&l->head.call) };
	struct queue_place place = { 0 };
	struct nc_buf buf = { 0 };
	struct nc_record rec;
	struct nc_wait wait;
	struct nc_step step;
	struct nc_call call;
	bool found;

	l->head.looked_ahead = true;
	do
		found = queue_extract(
		    l->queue, &place, AHEAD, is_wanted, &w, &rec, &buf);
	while (!found && place.passed < AHEAD && input_read(o, l->input));
	if (found && nc_record_decode(&rec, &call) == 0 &&
	    nc_model_prepare(o->model, &call, false, &step) == 0) {
		order_note(o, &call, "early", l->head.wait.what,
		    (struct nc_bytes){ NULL, 0 });
		nc_writer_pass(o->out, &rec);
		nc_model_offer(o->model, &step, NC_TAKE, &wait);
		o->calls++;
		order_events(o);
	}
	nc_buf_fini(&buf);
	return found;
}

bool
stuck_look_ahead(struct order *o)
{
	size_t i;

	if (!o->look)
		return false;
	for (i = 0; i < o->nlanes; i++) {
		struct lane *l = o->lanes[i];

		if (l->has_head && l->head.state == ITEM_WAITING &&
		    l->head.wait.end_of && !l->head.looked_ahead &&
		    look_ahead(o, l))
			return true;
	}
	o->look = false;
	return false;
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
	return best;
}

/* A lane of the host that the item waits for, with a parked head. */
static struct item *
waited_for(struct order *o, const struct item *it)
{
	size_t i;

	for (i = 0; i < o->nlanes; i++) {
		struct item *other = &o->lanes[i]->head;

		if (o->lanes[i]->has_head && other->state == ITEM_WAITING &&
		    other->step.host == it->wait.by)
			return other;
	}
	return NULL;
}

void
stuck_tell(struct order *o, struct item *it)
{
	char text[NC_RENDER_MAX + 1];
	struct item *seen[CIRCLE_MAX], *at = it;
	struct nc_buf circle = { 0 };
	size_t n = 0, i;

	do {
		for (i = 0; i < n && seen[i] != at; i++)
			continue;
		if (i < n)
			break;
		seen[n++] = at;
		at = at->wait.by ? waited_for(o, at) : NULL;
	} while (at && n < CIRCLE_MAX);
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
