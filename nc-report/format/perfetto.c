/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Trace events in JSON, as Perfetto and Chromium's own viewer read them: a
 * process for each host, a track for each thread, a slice for each call, and
 * an arrow from what sent to what received.
 *
 * Times are in microseconds.  Where the traces have none, a call is as long
 * as its place in the order.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../exchange/clock.h"
#include "../exchange/exchange.h"
#include "../format.h"
#include "json_value.h"
#include "util.h"

#define BLOCK (64u << 10)

struct perfetto {
	FILE *out;
	struct exchange x;
	struct nc_buf b;
	int64_t *start, *end; /* of each call, ns from the first one's start */
	bool more;            /* an event has been written */
};

static void *
perfetto_open(const struct format_options *opt)
{
	struct perfetto *p = nc_xcalloc(1, sizeof(*p));

	p->out = opt->out;
	exchange_init(&p->x, true, 0);
	return p;
}

static void
perfetto_record(void *state, const struct nc_record *rec)
{
	struct perfetto *p = state;

	exchange_record(&p->x, rec);
}

/* Pseudo-calls stand within the call that brought them about. */
static bool
is_pseudo(const struct exchange_call *k)
{
	return nc_call_group((enum nc_call_id)k->id) == NC_GROUP_PSEUDO;
}

/* By the hosts' clocks put together; what has no time takes that before it. */
static void
set_times(struct perfetto *p, const struct exchange_clock *clock)
{
	const struct exchange *x = &p->x;
	int64_t first = NC_NIL, t, now = 0;

	for (uint32_t i = 0; i < x->ncalls; i++) {
		t = exchange_clock_begin(clock, &x->calls[i]);
		if (t != NC_NIL && (first == NC_NIL || t < first))
			first = t;
	}
	for (uint32_t i = 0; i < x->ncalls; i++) {
		const struct exchange_call *k = &x->calls[i];

		t = exchange_clock_begin(clock, k);
		/* The difference may not fit where a time is made up. */
		if (t != NC_NIL &&
		    (uint64_t)t - (uint64_t)first < (uint64_t)1 << 62)
			now = (int64_t)((uint64_t)t - (uint64_t)first);
		p->start[i] = p->end[i] = now;
		if (k->duration > 0 && k->duration < INT64_C(1) << 61)
			p->end[i] += k->duration;
	}
}

static void
set_places(struct perfetto *p)
{
	const struct exchange *x = &p->x;

	for (uint32_t i = 0; i < x->ncalls; i++) {
		const struct exchange_call *k = &x->calls[i];

		p->start[i] = (int64_t)1000 * k->begin;
		p->end[i] = (int64_t)1000 * k->end + 900;
	}
}

/* A thread is in one call at a time, whatever the rounding of times says. */
static void
part_slices(struct perfetto *p)
{
	const struct exchange *x = &p->x;
	int64_t *next = nc_xcalloc((size_t)x->nthreads + 1, sizeof(*next));

	for (uint32_t i = 0; i < x->nthreads; i++)
		next[i] = INT64_MAX;
	for (uint32_t i = x->ncalls; i > 0; i--) {
		int64_t *n = &next[x->calls[i - 1].thread];

		if (is_pseudo(&x->calls[i - 1])) {
			p->end[i - 1] = p->start[i - 1];
			continue;
		}
		if (p->end[i - 1] > *n)
			p->end[i - 1] = *n;
		if (p->end[i - 1] < p->start[i - 1])
			p->end[i - 1] = p->start[i - 1];
		*n = p->start[i - 1];
	}
	free(next);
}

/* Opens an event of that phase and name. */
static void
event(struct perfetto *p, const char *phase, struct nc_bytes name)
{
	json_raw(&p->b, p->more ? ",\n{" : "\n{");
	p->more = true;
	json_key(&p->b, "ph", true);
	json_string(&p->b, nc_str(phase));
	json_key(&p->b, "name", false);
	json_string(&p->b, name);
}

static void
key_int(struct perfetto *p, const char *name, int64_t v)
{
	json_key(&p->b, name, false);
	json_int(&p->b, v);
}

/* Nanoseconds, written as microseconds. */
static void
key_time(struct perfetto *p, const char *name, int64_t ns)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRId64 ".%03d", ns / 1000,
	    (int)(ns % 1000));
	json_key(&p->b, name, false);
	json_raw(&p->b, text);
}

static void
put_track(struct perfetto *p, uint32_t thread)
{
	key_int(p, "pid", (int64_t)p->x.threads[thread].host + 1);
	key_int(p, "tid", (int64_t)thread + 1);
}

static void
close_event(struct perfetto *p)
{
	json_raw(&p->b, "}");
	json_drain(&p->b, p->out, BLOCK);
}

static void
put_names(struct perfetto *p)
{
	const struct exchange *x = &p->x;
	char text[64];

	for (uint32_t i = 0; i < x->nthreads; i++) {
		const struct exchange_thread *t = &x->threads[i];

		event(p, "M", nc_str("process_name"));
		put_track(p, i);
		json_raw(&p->b, ", \"args\": {\"name\": ");
		json_string(&p->b, nc_str(x->names[t->host]));
		json_raw(&p->b, "}");
		close_event(p);
		event(p, "M", nc_str("thread_name"));
		put_track(p, i);
		if (t->thread > 0)
			snprintf(
			    text, sizeof(text), "thread %" PRId64, t->thread);
		else
			snprintf(text, sizeof(text), "a thread");
		json_raw(&p->b, ", \"args\": {\"name\": ");
		json_string(&p->b, nc_str(text));
		json_raw(&p->b, "}");
		close_event(p);
	}
}

static void
put_place(struct perfetto *p, const struct exchange_call *k)
{
	struct nc_buf place = { 0 };
	const char *file = exchange_file(&p->x, k);
	char line[24];

	snprintf(line, sizeof(line), ":%" PRIu32, k->line);
	nc_buf_add(&place, file, strlen(file));
	nc_buf_add(&place, line, strlen(line));
	json_key(&p->b, "line", false);
	json_string(&p->b, (struct nc_bytes){ place.p, place.len });
	nc_buf_fini(&place);
}

static void
put_slice(struct perfetto *p, uint32_t call)
{
	const struct exchange_call *k = &p->x.calls[call];
	struct nc_bytes text = exchange_text(&p->x, k);
	struct nc_bytes name = text;
	const char *end = memchr(text.p, '(', text.len);

	/* The rendered call begins with its name. */
	if (end != NULL)
		name.len = (size_t)(end - text.p);
	if (is_pseudo(k))
		name = nc_str(nc_call_name((enum nc_call_id)k->id));
	event(p, "X", name);
	json_key(&p->b, "cat", false);
	json_raw(&p->b,
	    k->error != EXCHANGE_NONE    ? "\"failed\"" :
		k->link != EXCHANGE_NONE ? "\"network\"" :
					   "\"other\"");
	put_track(p, k->thread);
	key_time(p, "ts", p->start[call]);
	key_time(p, "dur", p->end[call] - p->start[call]);
	json_raw(&p->b, ", \"args\": {");
	json_key(&p->b, "call", true);
	json_string(&p->b, text);
	put_place(p, k);
	json_raw(&p->b, "}");
	close_event(p);
}

/* An arrow's end is bound to the slice that is there at its time. */
static void
put_arrow_end(struct perfetto *p, uint32_t i, bool from)
{
	static const char *const kinds[] = { "connect", "data", "end" };
	const struct exchange_message *m = &p->x.messages[i];
	uint32_t call = from ? m->from : m->to;
	int64_t t = p->start[call];

	if (!from && p->end[call] > t)
		t = p->end[call] - 1;
	event(p, from ? "s" : "f", nc_str(kinds[m->kind]));
	json_raw(&p->b, ", \"cat\": \"message\"");
	if (!from)
		json_raw(&p->b, ", \"bp\": \"e\"");
	key_int(p, "id", (int64_t)i + 1);
	put_track(p, p->x.calls[call].thread);
	key_time(p, "ts", t);
	if (from && m->kind == MESSAGE_DATA) {
		json_raw(&p->b, ", \"args\": {");
		json_key(&p->b, "bytes", true);
		json_int(&p->b, (int64_t)(m->len & INT64_MAX));
		json_raw(&p->b, "}");
	}
	close_event(p);
}

static void
put_deviation(struct perfetto *p, const struct nc_deviation *d)
{
	uint32_t call = exchange_at(
	    &p->x, d->host, collect_file(&p->x.c, d->host, d->trace), d->line);

	if (call == EXCHANGE_NONE || nc_str_eq(d->severity, "info"))
		return;
	event(p, "i", d->code);
	json_raw(&p->b, ", \"s\": \"t\", \"cat\": \"deviation\"");
	put_track(p, p->x.calls[call].thread);
	key_time(p, "ts", p->start[call]);
	close_event(p);
}

static void
put_events(struct perfetto *p)
{
	struct exchange *x = &p->x;
	struct exchange_clock clock;

	exchange_resolve(x);
	exchange_clock_init(&clock, x);
	p->start = nc_xcalloc((size_t)x->ncalls + 1, sizeof(*p->start));
	p->end = nc_xcalloc((size_t)x->ncalls + 1, sizeof(*p->end));
	if (clock.timed)
		set_times(p, &clock);
	else
		set_places(p);
	part_slices(p);
	json_raw(&p->b, "{\"displayTimeUnit\": \"ms\", \"traceEvents\": [");
	put_names(p);
	for (uint32_t i = 0; i < x->ncalls; i++)
		put_slice(p, i);
	for (uint32_t i = 0; i < x->nmessages; i++) {
		if (x->messages[i].from == EXCHANGE_NONE ||
		    x->messages[i].to == EXCHANGE_NONE)
			continue;
		put_arrow_end(p, i, true);
		put_arrow_end(p, i, false);
	}
	for (size_t i = 0; i < x->c.deviations.n; i++)
		put_deviation(
		    p, ((const struct deviation *)x->c.deviations.v[i])->d);
	json_raw(&p->b, "\n]}\n");
	json_drain(&p->b, p->out, 0);
	exchange_clock_fini(&clock);
	free(p->start);
	free(p->end);
}

static void
perfetto_finish(void *state, bool started, bool whole)
{
	struct perfetto *p = state;

	(void)whole;
	if (started)
		put_events(p);
	nc_buf_fini(&p->b);
	exchange_fini(&p->x);
	free(p);
}

const struct format format_perfetto = { "perfetto", perfetto_open,
	perfetto_record, perfetto_finish, NULL };
