/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Lanes: routing records to them, and loading their heads.
 */
#include "lane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kin.h"
#include "util.h"

void
order_say(struct order *o, const char *text)
{
	o->messages = nc_grow(
	    o->messages, o->nmessages, &o->messagecap, sizeof(*o->messages));
	o->messages[o->nmessages++] = nc_xstrdup(text);
}

#define HELD_MAX 256 /* records of no lane that wait for one */

/* Routing */

static uint64_t
place_key(struct nc_bytes host, int64_t trace)
{
	return nc_hash(host.p, host.len, (uint64_t)trace + 1);
}

static struct lane *
lane_at(struct order *o, struct nc_bytes host, int64_t trace)
{
	struct lane *l = nc_map_get(&o->by_place, place_key(host, trace));

	return l && nc_bytes_eq(l->host, host) ? l : NULL;
}

static bool
host_is_new(struct order *o, struct nc_bytes host)
{
	return nc_map_put(&o->hosts, nc_hash(host.p, host.len, 0), o) == NULL;
}

static void
say_twice(struct order *o, const struct nc_host *h)
{
	char text[256];

	snprintf(text, sizeof(text),
	    "two inputs have a trace %lld of host %.*s", (long long)h->trace,
	    (int)(h->host.len < 100 ? h->host.len : 100), h->host.p);
	order_say(o, text);
	o->failed = true;
}

static struct lane *
lane_new(struct order *o, struct input *in, const struct nc_host *h)
{
	struct lane *l = nc_xcalloc(1, sizeof(*l));

	l->order = o;
	l->index = (unsigned)o->nlanes;
	l->host.p = nc_xstrndup(h->host.p, h->host.len);
	l->host.len = h->host.len;
	l->input = in;
	l->thread = h->thread;
	l->parent = h->parent;
	l->queue = queue_new(o->spill);
	l->head.lane = l;
	l->head.place = HEAP_OUT;
	l->place = HEAP_OUT;
	l->first_time = NC_NIL;
	o->lanes = nc_grow(o->lanes, o->nlanes, &o->lanecap, sizeof(*o->lanes));
	o->lanes[o->nlanes++] = l;
	return l;
}

/* A trace: of its own lane, or of one that has others. */
static void
lane_add(struct order *o, struct input *in, const struct nc_host *h)
{
	uint64_t key =
	    place_key(h->host, h->lane == NC_NIL ? h->trace : h->lane);
	struct lane *l = nc_map_get(&o->by_lane, key);

	if (lane_at(o, h->host, h->trace) || (l && l->input != in)) {
		say_twice(o, h);
		return;
	}
	if (host_is_new(o, h->host))
		in->hosts++;
	if (!l) {
		l = lane_new(o, in, h);
		nc_map_put(&o->by_lane, key, l);
	}
	l->traces =
	    nc_grow(l->traces, l->ntraces, &l->tracecap, sizeof(*l->traces));
	l->traces[l->ntraces++] = h->trace;
	nc_map_put(&o->by_place, place_key(l->host, h->trace), l);
	if (h->parent != NC_NIL)
		kin_child(o, l);
}

/* Those held go to a lane, or out at once if there is none. */
static void
let_go(struct order *o, struct input *in, struct lane *l)
{
	size_t i;

	for (i = 0; i < in->nheld; i++) {
		if (l)
			queue_push(l->queue, &in->held_rec[i]);
		else
			nc_writer_pass(o->out, &in->held_rec[i]);
		nc_buf_fini(&in->held[i]);
	}
	in->nheld = 0;
}

/* A record of no lane stands before the next one that has a lane. */
static void
hold(struct order *o, struct input *in, const struct nc_record *rec)
{
	size_t cap = in->heldcap;
	struct nc_buf *b;

	in->held =
	    nc_grow(in->held, in->nheld, &in->heldcap, sizeof(*in->held));
	if (in->heldcap != cap)
		in->held_rec = nc_xreallocarray(
		    in->held_rec, in->heldcap, sizeof(*in->held_rec));
	b = &in->held[in->nheld];
	memset(b, 0, sizeof(*b));
	nc_buf_add(b, rec->raw.p, rec->raw.len);
	in->held_rec[in->nheld] = *rec;
	in->held_rec[in->nheld].name.p = b->p + (rec->name.p - rec->raw.p);
	in->held_rec[in->nheld].raw.p = b->p;
	in->nheld++;
	/* Should none come, memory does not grow with the stream. */
	if (in->nheld == HELD_MAX)
		let_go(o, in, in->last);
}

/* What concerns the whole run goes out at once: hosts, declarations. */
static bool
is_preamble(struct order *o, struct input *in, const struct nc_record *rec)
{
	union {
		struct nc_host host;
		struct nc_address address;
		struct nc_nat nat;
	} u;

	switch (rec->kind) {
	case NC_KIND_host:
		if (nc_record_decode(rec, &u.host) < 0 || !u.host.host.p ||
		    u.host.trace < 0)
			return false;
		lane_add(o, in, &u.host);
		nc_model_host(o->model, &u.host);
		break;
	case NC_KIND_address:
		if (nc_record_decode(rec, &u.address) < 0 ||
		    !u.address.host.p || !u.address.address.p ||
		    u.address.trace != NC_NIL)
			return false;
		nc_model_address(o->model, &u.address);
		break;
	case NC_KIND_nat:
		if (nc_record_decode(rec, &u.nat) < 0 || !u.nat.host.p ||
		    !u.nat.private_.p || !u.nat.public_.p)
			return false;
		nc_model_nat(o->model, &u.nat);
		break;
	default:
		return false;
	}
	nc_writer_pass(o->out, rec);
	return true;
}

bool
input_read(struct order *o, struct input *in)
{
	struct nc_record rec;
	struct nc_bytes host;
	struct lane *l;
	int64_t trace;
	int got;

	if (in->over)
		return false;
	got = nc_reader_next(in->reader, &rec);
	if (got <= 0) {
		in->over = true;
		if (got < 0) {
			order_say(o, nc_reader_error(in->reader));
			o->failed = true;
		} else if (!nc_reader_ok(in->reader)) {
			order_say(o, "an earlier stage could not do its work");
			o->failed = true;
		}
		let_go(o, in, in->last);
		return false;
	}
	if (is_preamble(o, in, &rec))
		return true;
	if (o->kin_new) {
		o->kin_new = false;
		kin_open(o);
	}
	nc_record_place(&rec, &host, &trace);
	if (trace == NC_NIL)
		trace = 0;
	/* Mostly of the same lane as the record before. */
	l = in->last;
	if (!host.p)
		l = NULL;
	else if (!l || l->traces[0] != trace || !nc_bytes_eq(l->host, host))
		l = lane_at(o, host, trace);
	if (!l) {
		hold(o, in, &rec);
		return true;
	}
	let_go(o, in, l);
	in->last = l;
	queue_push(l->queue, &rec);
	if (l->kin)
		kin_read(l, &rec);
	return true;
}

void
lanes_open(struct order *o)
{
	size_t i;

	for (i = 0; i < o->ninputs; i++) {
		struct input *in = o->inputs[i];

		while (!in->last && input_read(o, in))
			continue;
	}
	/*
	 * A lone input with one host may be the first of several streams in
	 * a row: who else takes part is known only at its end.
	 */
	if (o->ninputs == 1 && o->inputs[0]->hosts <= 1)
		while (input_read(o, o->inputs[0]))
			continue;
}

/* Heads */

static void
item_set(struct item *it, struct lane *l, const struct nc_record *rec)
{
	it->lane = l;
	it->raw.len = 0;
	nc_buf_add(&it->raw, rec->raw.p, rec->raw.len);
	it->rec = *rec;
	it->rec.name.p = it->raw.p + (rec->name.p - rec->raw.p);
	it->rec.raw.p = it->raw.p;
	it->state = ITEM_IDLE;
	it->place = HEAP_OUT;
	it->looked = 0;
}

static bool
item_prepare(struct order *o, struct item *it, bool begin)
{
	struct lane *l = it->lane;
	int64_t t;

	it->is_begin = begin;
	if (nc_record_decode(&it->rec, &it->call) < 0 ||
	    nc_model_prepare(o->model, &it->call, begin, &it->step) < 0)
		return false;
	t = it->call.time;
	if (l->first_time == NC_NIL)
		l->first_time = t;
	/* A kill is known from its thread's last line on: it came at the end. */
	if (t != NC_NIL && it->call.duration != NC_NIL &&
	    it->step.id == NC_CALL_RELEASE && nc_str_eq(it->call.cause, "kill"))
		t += it->call.duration;
	it->tie = t == NC_NIL ? l->calls : t - l->first_time;
	return true;
}

void
begin_free(struct item *b)
{
	nc_buf_fini(&b->raw);
	free(b);
}

void
lane_forget_release(struct lane *l, int64_t socket, bool begin)
{
	uint64_t key = (uint64_t)socket + 1;
	struct release *r;

	if (!begin)
		free(nc_map_del(&l->releases, key));
	else if ((r = nc_map_get(&l->releases, key)))
		r->begin.block = NULL;
}

/* A begin: producers wait for their place, the rest passes as read. */
static void
take_begin(struct order *o, struct lane *l, const struct nc_record *rec)
{
	struct item *b = nc_xcalloc(1, sizeof(*b)), **at;
	bool prepared;

	item_set(b, l, rec);
	prepared = item_prepare(o, b, true);
	if (prepared && b->step.id == NC_CALL_RELEASE)
		lane_forget_release(l, b->call.socket, true);
	if (prepared && nc_model_can_be_early(&b->step)) {
		for (at = &l->begins; *at; at = &(*at)->sibling)
			continue;
		*at = b;
		return;
	}
	nc_writer_pass(o->out, &b->rec);
	if (b->step.host)
		nc_model_begin(o->model, &b->step);
	begin_free(b);
}

void
lane_end(struct order *o, const struct nc_record *rec)
{
	union {
		struct nc_address address;
		struct nc_end end;
	} u;

	nc_writer_pass(o->out, rec);
	if (rec->kind == NC_KIND_address &&
	    nc_record_decode(rec, &u.address) == 0 && u.address.host.p &&
	    u.address.address.p)
		nc_model_address(o->model, &u.address);
	else if (rec->kind == NC_KIND_end &&
	    nc_record_decode(rec, &u.end) == 0 && u.end.host.p)
		nc_model_end(o->model, &u.end);
	order_events(o);
}

/* The lane is one of the host that its calls are of. */
static void
of_host(struct lane *l)
{
	uint64_t key = (uint64_t)(uintptr_t)l->head.step.host;

	l->next_of_host = nc_map_put(&l->order->of_host, key, l);
}

bool
lane_load(struct lane *l)
{
	struct order *o = l->order;
	struct nc_record rec;

	l->has_head = false;
	for (;;) {
		if (!queue_pop(l->queue, &rec)) {
			if (!input_read(o, l->input))
				break;
			continue;
		}
		if (rec.kind == NC_KIND_begin) {
			take_begin(o, l, &rec);
		} else if (rec.kind != NC_KIND_call) {
			l->nended += rec.kind == NC_KIND_end;
			if (rec.kind != NC_KIND_end || !l->kin ||
			    !kin_end(l, &rec))
				lane_end(o, &rec);
			if (l->kin && l->nended == l->ntraces)
				break;
		} else {
			item_set(&l->head, l, &rec);
			if (item_prepare(o, &l->head, false)) {
				l->has_head = true;
				if (l->calls++ == 0)
					of_host(l);
				if (l->head.step.id == NC_CALL_RELEASE)
					lane_forget_release(
					    l, l->head.call.socket, false);
				return true;
			}
			nc_writer_pass(o->out, &l->head.rec);
		}
	}
	if (!l->over) {
		/* Also where the ledger is missing: nothing more comes. */
		struct nc_end end;
		size_t i;

		l->over = true;
		nc_record_init(NC_KIND_end, &end);
		end.host = l->host;
		end.cut = 1;
		for (i = 0; i < l->ntraces && l->nended < l->ntraces; i++) {
			end.trace = l->traces[i];
			nc_model_end(o->model, &end);
		}
		order_events(o);
		if (l->kin)
			kin_over(o, l);
	}
	return false;
}

void
lanes_free(struct order *o)
{
	struct item *b, *next;
	size_t i, k;

	for (i = 0; i < o->nlanes; i++) {
		struct lane *l = o->lanes[i];

		for (b = l->begins; b; b = next) {
			next = b->sibling;
			begin_free(b);
		}
		nc_buf_fini(&l->head.raw);
		queue_free(l->queue);
		nc_map_free(&l->releases);
		free(l->traces);
		free((char *)(uintptr_t)l->host.p);
		free(l);
	}
	free(o->lanes);
	for (i = 0; i < o->ninputs; i++) {
		for (k = 0; k < o->inputs[i]->nheld; k++)
			nc_buf_fini(&o->inputs[i]->held[k]);
		free(o->inputs[i]->held);
		free(o->inputs[i]->held_rec);
		nc_reader_free(o->inputs[i]->reader);
		free(o->inputs[i]);
	}
	free(o->inputs);
	nc_map_fini(&o->by_place);
	kin_free(o);
	nc_map_fini(&o->by_lane);
	nc_map_fini(&o->of_host);
	nc_map_fini(&o->hosts);
}
