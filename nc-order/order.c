/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The ordering: heads and producers in progress, priorities, parking, debt.
 */
#include "order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kin.h"
#include "lane.h"
#include "util.h"

/* Acceptances of others after which a lane that could run goes first. */
#define DEBT_MAX 4096

/* A call that waits tells of something wrong, from this cost on. */
#define COST_TELLS 2

/* Keys of the heaps */

static bool
item_before(const void *va, const void *vb)
{
	const struct item *a = va, *b = vb;

	if (a->priority != b->priority)
		return a->priority < b->priority;
	if (a->tie != b->tie)
		return a->tie < b->tie;
	if (a->lane != b->lane)
		return a->lane->index < b->lane->index;
	return nc_call_from(&a->call) < nc_call_from(&b->call);
}

static size_t *
item_place(void *v)
{
	return &((struct item *)v)->place;
}

static void
ready_push(struct order *o, struct item *it)
{
	heap_push(&o->ready, it, item_before, item_place);
}

static void
ready_remove(struct order *o, struct item *it)
{
	heap_remove(&o->ready, it, item_before, item_place);
}

static bool
lane_before(const void *va, const void *vb)
{
	const struct lane *a = va, *b = vb;

	if (a->debt != b->debt)
		return a->debt < b->debt;
	return a->index < b->index;
}

static size_t *
lane_place(void *v)
{
	return &((struct lane *)v)->place;
}

struct order *
order_new(struct nc_writer *out, size_t memory)
{
	struct order *o = nc_xcalloc(1, sizeof(*o));

	o->out = out;
	o->model = nc_model_new(NULL);
	o->spill = spill_new(memory);
	return o;
}

void
order_free(struct order *o)
{
	size_t i;

	lanes_free(o);
	nc_map_fini(&o->waiting);
	free(o->ready.v);
	free(o->debts.v);
	for (i = 0; i < o->nmessages; i++)
		free(o->messages[i]);
	free(o->messages);
	spill_free(o->spill);
	nc_model_free(o->model);
	free(o);
}

void
order_input(struct order *o, struct nc_reader *reader)
{
	struct input *in = nc_xcalloc(1, sizeof(*in));

	in->reader = reader;
	o->inputs =
	    nc_grow(o->inputs, o->ninputs, &o->inputcap, sizeof(*o->inputs));
	o->inputs[o->ninputs++] = in;
}

const char *
order_message(const struct order *o, size_t n)
{
	return n < o->nmessages ? o->messages[n] : NULL;
}

uint64_t
order_forced(const struct order *o)
{
	return o->errors;
}

void
order_note(struct order *o, const struct nc_call *call, const char *why,
    const char *key, struct nc_bytes circle)
{
	struct nc_order rec;

	nc_record_init(NC_KIND_order, &rec);
	rec.host = call->host;
	rec.trace = call->trace;
	rec.line = call->line == NC_NIL ? call->entry : call->line;
	rec.why = nc_str(why);
	rec.key = nc_str(key);
	rec.circle = circle;
	nc_writer_put(o->out, NC_KIND_order, &rec);
}

/* Sleeping and waking */

static void
waiters_leave(struct order *o, struct item *it)
{
	if (it->key == 0)
		return;
	if (it->prev)
		it->prev->next = it->next;
	else if (it->next)
		nc_map_put(&o->waiting, it->key, it->next);
	else
		nc_map_del(&o->waiting, it->key);
	if (it->next)
		it->next->prev = it->prev;
	it->key = 0;
}

static void
waiters_join(struct order *o, struct item *it)
{
	struct item *first;

	it->key = it->wait.key;
	if (it->key == 0)
		return;
	first = nc_map_put(&o->waiting, it->key, it);
	it->prev = NULL;
	it->next = first;
	if (first)
		first->prev = it;
}

static void
set_state(struct item *it, enum item_state state)
{
	if (it->is_begin)
		it->lane->nawake +=
		    (state != ITEM_IDLE) - (it->state != ITEM_IDLE);
	it->state = state;
}

/* No longer to be offered, for now. */
static void
item_idle(struct order *o, struct item *it)
{
	if (it->state == ITEM_IDLE)
		return;
	ready_remove(o, it);
	waiters_leave(o, it);
	set_state(it, ITEM_IDLE);
	o->nends -= it->ends;
	it->ends = false;
	o->nguesses -= it->guess;
	it->guess = false;
}

void
order_ready(struct order *o, struct item *it)
{
	struct lane *l = it->lane;

	item_idle(o, it);
	set_state(it, ITEM_READY);
	it->priority = nc_model_priority(o->model, &it->step);
	ready_push(o, it);
	if (it == &l->head && l->place == HEAP_OUT) {
		l->debt = l->base;
		heap_push(&o->debts, l, lane_before, lane_place);
	}
}

void
order_events(struct order *o)
{
	const struct nc_event *events;
	size_t n = nc_model_events(o->model, &events), i;

	for (i = 0; i < n; i++) {
		struct item *it = nc_map_get(&o->waiting, events[i].key);
		struct item *next;

		for (; it; it = next) {
			next = it->next;
			if (it->wait.at <= events[i].at) {
				it->lane->base = o->accepted;
				order_ready(o, it);
			}
		}
	}
}

/* The head cannot run now: producers in progress at its exit may. */
static void
begins_eligible(struct order *o, struct lane *l)
{
	struct item *b;

	for (b = l->begins; b; b = b->sibling)
		if (b->state == ITEM_IDLE)
			order_ready(o, b);
}

static void
sleep_on(struct order *o, struct item *it, enum nc_answer answer)
{
	item_idle(o, it);
	set_state(it, ITEM_WAITING);
	it->asked = o->accepted;
	if (it == &it->lane->head) {
		it->ends = it->wait.end_of && it->wait.by;
		o->nends += it->ends;
		it->guess = it->wait.guess;
		o->nguesses += it->guess;
		o->look = true;
	}
	waiters_join(o, it);
	if (answer == NC_DEFER) {
		it->priority = NC_PRIORITY_DEFERRED + it->wait.cost;
		ready_push(o, it);
	}
	if (it == &it->lane->head)
		begins_eligible(o, it->lane);
}

/* Acceptance */

/* The call's begin, if it is still in its lane's list: takes it out. */
static struct item *
begin_of(struct order *o, struct lane *l, const struct nc_call *call)
{
	struct item **at, *b;

	for (at = &l->begins; (b = *at); at = &b->sibling)
		if (b->call.thread == call->thread &&
		    b->call.entry == call->entry &&
		    nc_bytes_eq(b->call.name, call->name) &&
		    b->call.socket == call->socket) {
			*at = b->sibling;
			item_idle(o, b);
			return b;
		}
	return NULL;
}

void
order_forget_begin(struct order *o, struct lane *l, const struct nc_call *call)
{
	struct item *b = begin_of(o, l, call);

	if (b)
		item_free(b);
}

static void
begins_idle(struct order *o, struct lane *l)
{
	struct item *b;

	for (b = l->begins; b && l->nawake > 0; b = b->sibling)
		item_idle(o, b);
}

void
order_next(struct order *o, struct lane *l)
{
	begins_idle(o, l);
	if (lane_load(l))
		order_ready(o, &l->head);
}

void
order_wake(struct order *o, uint64_t key)
{
	struct item *it = nc_map_get(&o->waiting, key), *next;

	for (; it; it = next) {
		next = it->next;
		it->lane->base = o->accepted;
		order_ready(o, it);
	}
}

static void
pay(struct order *o, struct lane *l)
{
	o->accepted++;
	l->base += 2;
	if (l->base > o->accepted)
		l->base = o->accepted;
}

/* Offers a head; true if it was accepted. */
static bool
offer_head(struct order *o, struct item *it, enum nc_mode mode, const char *why)
{
	struct lane *l = it->lane;
	struct item *begin = NULL;
	struct nc_wait wait;
	enum nc_answer a;

	o->offers++;
	if (mode != NC_TAKE && l->kin && kin_waits(it)) {
		sleep_on(o, it, NC_PARK);
		return false;
	}
	if (mode != NC_TAKE && l->kin && kin_is_late(it)) {
		kin_set_aside(it);
		item_idle(o, it);
		order_next(o, l);
		return true;
	}
	if (mode != NC_TAKE) {
		a = nc_model_offer(o->model, &it->step, mode, &it->wait);
		if (a != NC_ACCEPT) {
			sleep_on(o, it, a);
			return false;
		}
		begin = begin_of(o, l, &it->call);
		if (begin)
			nc_writer_pass(o->out, &begin->rec);
	} else {
		begin = begin_of(o, l, &it->call);
		if (begin)
			nc_writer_pass(o->out, &begin->rec);
		if (strcmp(why, "forced") == 0)
			stuck_tell(o, it);
		else
			order_note(o, &it->call, why, it->wait.what,
			    (struct nc_bytes){ NULL, 0 });
		nc_model_offer(o->model, &it->step, mode, &wait);
		if (nc_model_was_forced(o->model))
			o->errors++;
	}
	nc_writer_pass(o->out, &it->rec);
	item_idle(o, it);
	o->calls++;
	pay(o, l);
	order_events(o);
	if (begin)
		item_free(begin);
	if (l->kin)
		kin_accepted(o, l, &it->call);
	order_next(o, l);
	return true;
}

/*
 * Nothing can run: true if what one of those that wait needs is there, on a
 * connection that was taken for another's, or on none of the traces.
 */
static bool
offer_stuck(struct order *o, enum nc_mode mode)
{
	size_t i;

	for (i = 0; i < o->nlanes; i++) {
		struct item *it = &o->lanes[i]->head;

		if (o->lanes[i]->has_head && it->state == ITEM_WAITING &&
		    offer_head(o, it, mode, NULL))
			return true;
	}
	return false;
}

/*
 * The best that could be taken unanswered says that something is wrong: true
 * if one of those that wait on a mere guess goes on without it instead.
 */
static bool
give_up_guess(struct order *o, const struct item *best)
{
	size_t i;

	if (o->nguesses == 0 ||
	    best->priority < NC_PRIORITY_DEFERRED + COST_TELLS)
		return false;
	for (i = 0; i < o->nlanes; i++)
		if (o->lanes[i]->head.guess &&
		    offer_head(o, &o->lanes[i]->head, NC_DOUBT, NULL))
			return true;
	return false;
}

static void
offer_begin(struct order *o, struct item *it, enum nc_mode mode)
{
	struct lane *l = it->lane;
	struct item **at;
	enum nc_answer a;

	o->offers++;
	a = nc_model_early(o->model, &it->step, mode, &it->wait);
	if (a != NC_ACCEPT) {
		sleep_on(o, it, a);
		return;
	}
	o->early++;
	order_note(o, &it->call, "early", NULL, (struct nc_bytes){ NULL, 0 });
	nc_writer_pass(o->out, &it->rec);
	item_idle(o, it);
	for (at = &l->begins; *at != it; at = &(*at)->sibling)
		continue;
	*at = it->sibling;
	pay(o, l);
	order_events(o);
	item_free(it);
}

struct item *
order_copy(const struct item *it)
{
	struct item *copy = item_new(it->lane, &it->rec);

	copy->step = it->step;
	copy->step.call = &copy->call;
	nc_record_decode(&copy->rec, &copy->call);
	copy->tie = it->tie;
	return copy;
}

/* A release that had been set aside: nothing waits for its place. */
static void
offer_late(struct order *o, struct item *it)
{
	struct lane *l = it->lane;
	struct nc_wait wait;

	o->offers++;
	item_idle(o, it);
	nc_model_offer(o->model, &it->step, NC_TAKE, &wait);
	nc_writer_pass(o->out, &it->rec);
	o->calls++;
	pay(o, l);
	order_events(o);
	kin_accepted(o, l, &it->call);
	item_free(it);
}

/*
 * The head of the lane that is owed most, if that is enough; NULL: none is.
 * What the heap knows of a lane is old: it may be owed less than then, or not
 * be able to run.  So a lane moves in the heap every DEBT_MAX acceptances,
 * not with each.
 */
static struct item *
creditor(struct order *o)
{
	struct lane *l;

	while ((l = heap_top(&o->debts)) != NULL &&
	    o->accepted - l->debt >= DEBT_MAX) {
		if (l->head.state == ITEM_READY && l->debt == l->base)
			return &l->head;
		heap_remove(&o->debts, l, lane_before, lane_place);
		if (l->head.state != ITEM_READY)
			continue;
		l->debt = l->base;
		heap_push(&o->debts, l, lane_before, lane_place);
	}
	return NULL;
}

/* The next to be offered: a lane in debt, else the first of the heap. */
static struct item *
choose(struct order *o)
{
	struct item *it = creditor(o);

	return it ? it : heap_top(&o->ready);
}

int
order_run(struct order *o)
{
	struct item *it;
	size_t i;

	lanes_open(o);
	for (i = 0; i < o->nlanes; i++)
		if (!o->lanes[i]->unborn)
			order_next(o, o->lanes[i]);
	for (;;) {
		it = choose(o);
		if (it && it->state == ITEM_READY) {
			if (it->is_late)
				offer_late(o, it);
			else if (it->is_begin)
				offer_begin(o, it, NC_TRY);
			else
				offer_head(o, it, NC_TRY, NULL);
			continue;
		}
		if (stuck_look_ahead(o) || kin_orphans(o, it == NULL))
			continue;
		/* What taking it costs was known before the last ones came. */
		if (it && !it->is_begin && it->asked != o->accepted) {
			offer_head(o, it, NC_TRY, NULL);
			continue;
		}
		if (it && give_up_guess(o, it))
			continue;
		if (it && it->is_begin) {
			o->deferred++;
			offer_begin(o, it, NC_TAKE);
		} else if (it) {
			o->deferred++;
			offer_head(o, it, NC_TAKE, "deferred");
		} else if (offer_stuck(o, NC_STUCK) ||
		    offer_stuck(o, NC_DOUBT)) {
			continue;
		} else if ((it = stuck_choose(o))) {
			o->forced++;
			offer_head(o, it, NC_TAKE, "forced");
		} else {
			break;
		}
	}
	nc_writer_count(o->out, "nc-order", "calls", o->calls);
	nc_writer_count(o->out, "nc-order", "offers", o->offers);
	nc_writer_count(o->out, "nc-order", "early", o->early);
	nc_writer_count(o->out, "nc-order", "deferred", o->deferred);
	nc_writer_count(o->out, "nc-order", "forced", o->forced);
	nc_writer_count(o->out, "nc-order", "order_errors", o->errors);
	if (spill_error(o->spill)) {
		char text[256];

		snprintf(text, sizeof(text), "temporary file: %s",
		    strerror(spill_error(o->spill)));
		order_say(o, text);
		o->failed = true;
	}
	for (i = 0; i < o->ninputs; i++)
		if (!nc_reader_started(o->inputs[i]->reader))
			o->failed = true;
	return o->failed || o->ninputs == 0 ? -1 : 0;
}
