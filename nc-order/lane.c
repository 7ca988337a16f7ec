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

#define HELD_MAX 256   /* records of no lane that wait for one */
#define SPARE_RAW 4096 /* bytes that an item keeps to be used again */

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

/* Where a record belongs, call being its fields if it is a call's. */
static struct lane *
lane_of(struct order *o, const struct input *in, const struct nc_record *rec,
    const struct nc_call *call)
{
	struct lane *l = in->last;
	struct nc_bytes host;
	int64_t trace;

	if (nc_kind_is_call(rec->kind)) {
		host = call->host;
		trace = call->trace;
	} else {
		nc_record_place(rec, &host, &trace);
	}
	if (trace == NC_NIL)
		trace = 0;
	if (!host.p)
		return NULL;
	/* Mostly of the same lane as the record before. */
	if (l && l->traces[0] == trace && nc_bytes_eq(l->host, host))
		return l;
	return lane_at(o, host, trace);
}

/* Where an input ends: what was wrong with it. */
static void
input_over(struct order *o, struct input *in, int got)
{
	in->over = true;
	if (got < 0) {
		order_say(o, nc_reader_error(in->reader));
		o->failed = true;
	} else if (!nc_reader_ok(in->reader)) {
		order_say(o, "an earlier stage could not do its work");
		o->failed = true;
	}
	let_go(o, in, in->last);
}

/* What became of a record that was read. */
enum taken {
	TAKEN_OVER, /* there was none */
	TAKEN_ELSEWHERE,
	TAKEN_DIRECT /* it is the lane's that wants one; until the next read */
};

/*
 * Reads one more record of the input, decodes it into call if it has the
 * fields of one.  Records of a lane that wants one, and has none queued, need
 * not go through its queue.
 */
static enum taken
input_take(struct order *o, struct input *in, const struct lane *wants,
    struct nc_record *rec, struct nc_call *call)
{
	struct lane *l;
	int got;

	if (in->over)
		return TAKEN_OVER;
	got = nc_reader_next_call(in->reader, rec, call);
	if (got <= 0) {
		input_over(o, in, got);
		return TAKEN_OVER;
	}
	if (is_preamble(o, in, rec))
		return TAKEN_ELSEWHERE;
	if (o->kin_new) {
		o->kin_new = false;
		kin_open(o);
	}
	l = lane_of(o, in, rec, call);
	if (!l) {
		hold(o, in, rec);
		return TAKEN_ELSEWHERE;
	}
	in->last = l;
	if (l->kin && rec->kind == NC_KIND_call)
		kin_read(l, call);
	if (l == wants && in->nheld == 0)
		return TAKEN_DIRECT;
	let_go(o, in, l);
	queue_push(l->queue, rec);
	return TAKEN_ELSEWHERE;
}

bool
input_read(struct order *o, struct input *in)
{
	struct nc_record rec;
	struct nc_call call;

	return input_take(o, in, NULL, &rec, &call) != TAKEN_OVER;
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

/* Items */

struct item *
item_new(struct lane *l, const struct nc_record *rec)
{
	struct order *o = l->order;
	struct item *it = o->spare;
	struct nc_buf raw = { 0 };

	if (it) {
		o->spare = it->next;
		raw = it->raw;
	} else {
		it = nc_xmalloc(sizeof(*it));
	}
	memset(it, 0, sizeof(*it));
	it->raw = raw;
	it->place = HEAP_OUT;
	item_copy(it, l, rec);
	return it;
}

void
item_free(struct item *it)
{
	struct order *o = it->lane->order;

	nc_buf_trim(&it->raw, SPARE_RAW);
	it->next = o->spare;
	o->spare = it;
}

void
item_set(struct item *it, struct lane *l, const struct nc_record *rec)
{
	it->lane = l;
	it->rec = *rec;
	it->state = ITEM_IDLE;
	it->place = HEAP_OUT;
	it->looked = 0;
}

void
item_copy(struct item *it, struct lane *l, const struct nc_record *rec)
{
	item_set(it, l, rec);
	it->raw.len = 0;
	nc_buf_add(&it->raw, rec->raw.p, rec->raw.len);
	it->rec.name.p = it->raw.p + (rec->name.p - rec->raw.p);
	it->rec.raw.p = it->raw.p;
}

/* Ready to be offered, once call and step are. */
static void
item_place(struct item *it, bool begin)
{
	struct lane *l = it->lane;
	int64_t t = it->call.time;

	it->is_begin = begin;
	if (l->first_time == NC_NIL)
		l->first_time = t;
	/* A kill is known from its thread's last line on: it came at the end. */
	if (t != NC_NIL && it->call.duration != NC_NIL &&
	    it->step.id == NC_CALL_RELEASE && nc_str_eq(it->call.cause, "kill"))
		t += it->call.duration;
	it->tie = t == NC_NIL ? l->calls : t - l->first_time;
}

/* Heads */

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

void
lane_forget_leave(struct lane *l, int64_t socket)
{
	free(nc_map_del(&l->releases, lane_leave_key(socket)));
}

/* A begin: producers wait for their place, the rest passes as read. */
static void
take_begin(struct order *o, struct lane *l, const struct nc_record *rec,
    const struct nc_call *call)
{
	struct nc_step step;
	struct item *b, **at;
	bool prepared = nc_model_prepare(o->model, call, true, &step) == 0;

	if (prepared && step.id == NC_CALL_RELEASE)
		lane_forget_release(l, call->socket, true);
	if (!prepared || !nc_model_can_be_early(&step)) {
		if (prepared && l->first_time == NC_NIL)
			l->first_time = call->time;
		nc_writer_pass(o->out, rec);
		if (prepared)
			nc_model_begin(o->model, &step);
		return;
	}
	b = item_new(l, rec);
	b->call = *call;
	nc_record_move(rec->kind, &b->call, rec->raw.p, b->raw.p);
	b->step = step;
	b->step.call = &b->call;
	item_place(b, true);
	/* A connect that has returned meanwhile waits for it. */
	if (step.id == NC_CALL_LISTEN)
		nc_model_begin(o->model, &b->step);
	for (at = &l->begins; *at; at = &(*at)->sibling)
		continue;
	*at = b;
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

/* The lane's next record; call is its fields if it is a call's. */
static bool
lane_next(
    struct lane *l, struct nc_record *rec, struct nc_call *call, bool *queued)
{
	enum taken taken = TAKEN_ELSEWHERE;

	while (taken == TAKEN_ELSEWHERE) {
		*queued = queue_pop(l->queue, rec);
		if (*queued) {
			if (nc_kind_is_call(rec->kind))
				nc_record_decode(rec, call);
			return true;
		}
		taken = input_take(l->order, l->input, l, rec, call);
	}
	return taken == TAKEN_DIRECT;
}

/* The lane's head is this call, which has been decoded into it. */
static bool
take_head(struct lane *l, const struct nc_record *rec, bool queued)
{
	struct order *o = l->order;
	struct item *it = &l->head;

	if (queued) {
		item_set(it, l, rec);
	} else {
		item_copy(it, l, rec);
		nc_record_move(rec->kind, &it->call, rec->raw.p, it->raw.p);
	}
	if (nc_model_prepare(o->model, &it->call, false, &it->step) < 0) {
		nc_writer_pass(o->out, &it->rec);
		return false;
	}
	item_place(it, false);
	l->has_head = true;
	if (l->calls++ == 0)
		of_host(l);
	if (it->step.id == NC_CALL_RELEASE)
		lane_forget_release(l, it->call.socket, false);
	else if (it->step.id == NC_CALL_LEAVE)
		lane_forget_leave(l, it->call.socket);
	return true;
}

bool
lane_load(struct lane *l)
{
	struct order *o = l->order;
	struct nc_call *call = &l->head.call;
	struct nc_record rec;
	bool queued;

	l->has_head = false;
	while (lane_next(l, &rec, call, &queued)) {
		if (rec.kind == NC_KIND_begin) {
			take_begin(o, l, &rec, call);
		} else if (rec.kind == NC_KIND_call) {
			if (take_head(l, &rec, queued))
				return true;
		} else {
			l->nended += rec.kind == NC_KIND_end;
			if (rec.kind != NC_KIND_end || !l->kin ||
			    !kin_end(l, &rec))
				lane_end(o, &rec);
			if (l->kin && l->nended == l->ntraces)
				break;
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

	kin_free(o);
	for (i = 0; i < o->nlanes; i++) {
		struct lane *l = o->lanes[i];

		for (b = l->begins; b; b = next) {
			next = b->sibling;
			item_free(b);
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
	for (b = o->spare; b; b = next) {
		next = b->next;
		nc_buf_fini(&b->raw);
		free(b);
	}
	nc_map_fini(&o->by_place);
	nc_map_fini(&o->by_lane);
	nc_map_fini(&o->of_host);
	nc_map_fini(&o->hosts);
}
