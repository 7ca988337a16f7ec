/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Replaying an ordered stream against the model.
 */
#include "replay.h"

#include <stdlib.h>

#include "model/model.h"
#include "render.h"
#include "util.h"

struct replay {
	struct nc_writer *out;
	struct nc_sink sink;
	struct nc_model *model;
	bool results;      /* calls are not passed on */
	uint64_t left_out; /* call records that were not */
	bool early;        /* the next begin takes effect */
	bool forced;       /* the next call was forced */
	uint64_t unknown;  /* calls of a host without a host record */
};

static void
put(void *ctx, enum nc_kind kind, const void *rec)
{
	nc_writer_put(ctx, kind, rec);
}

struct replay *
replay_new(struct nc_writer *out, const struct replay_options *options)
{
	struct replay *r = nc_xcalloc(1, sizeof(*r));

	r->out = out;
	r->sink = (struct nc_sink){ out, put };
	r->model = nc_model_new(&r->sink);
	r->results = options->results;
	if (options->count)
		nc_model_count_rows(r->model);
	return r;
}

void
replay_free(struct replay *r)
{
	nc_model_free(r->model);
	free(r);
}

/* A call that could only be forced: the order is not certain from here. */
static void
tell_forced(struct replay *r, const struct nc_call *c)
{
	char text[NC_RENDER_MAX + 1];
	struct nc_deviation d;

	nc_record_init(NC_KIND_deviation, &d);
	d.code = nc_str("FORCED");
	d.severity = nc_str("info");
	d.tag = nc_str("trace");
	d.weak = 1;
	d.confidence = 40;
	d.rule = nc_str("any_impossible");
	d.host = c->host;
	d.trace = c->trace;
	d.line = c->line == NC_NIL ? c->entry : c->line;
	d.entry = c->entry;
	d.thread = c->thread;
	d.process = c->process;
	d.time = c->time;
	d.socket = c->socket;
	nc_call_render(c, text, sizeof(text));
	d.text = nc_str(text);
	nc_writer_put(r->out, NC_KIND_deviation, &d);
}

static void
replay_call(struct replay *r, const struct nc_call *call, bool begin)
{
	struct nc_wait wait;
	struct nc_step step;

	if (nc_model_prepare(r->model, call, begin, &step) < 0) {
		r->unknown++;
		return;
	}
	if (begin) {
		if (r->early)
			nc_model_early(r->model, &step, NC_TAKE, &wait);
		else
			nc_model_begin(r->model, &step);
		r->early = false;
		return;
	}
	/* A release that a look ahead drew forward was early itself. */
	r->early = false;
	nc_model_offer(r->model, &step, NC_TAKE, &wait);
	if (r->forced && nc_model_was_forced(r->model))
		tell_forced(r, call);
	r->forced = false;
}

void
replay_record(
    struct replay *r, const struct nc_record *rec, const struct nc_call *call)
{
	union {
		struct nc_host host;
		struct nc_address address;
		struct nc_nat nat;
		struct nc_end end;
		struct nc_order order;
	} u;

	if (!r->results || !nc_kind_is_call(rec->kind))
		nc_writer_pass(r->out, rec);
	else
		r->left_out += rec->kind == NC_KIND_call;
	switch (rec->kind) {
	case NC_KIND_call:
		replay_call(r, call, false);
		break;
	case NC_KIND_begin:
		replay_call(r, call, true);
		break;
	case NC_KIND_host:
		if (nc_record_decode(rec, &u.host) == 0 && u.host.host.p)
			nc_model_host(r->model, &u.host);
		break;
	case NC_KIND_address:
		if (nc_record_decode(rec, &u.address) == 0 &&
		    u.address.host.p && u.address.address.p)
			nc_model_address(r->model, &u.address);
		break;
	case NC_KIND_nat:
		if (nc_record_decode(rec, &u.nat) == 0 && u.nat.host.p &&
		    u.nat.private_.p && u.nat.public_.p)
			nc_model_nat(r->model, &u.nat);
		break;
	case NC_KIND_end:
		if (nc_record_decode(rec, &u.end) == 0 && u.end.host.p)
			nc_model_end(r->model, &u.end);
		break;
	case NC_KIND_order:
		if (nc_record_decode(rec, &u.order) < 0)
			break;
		r->early = nc_str_eq(u.order.why, "early");
		r->forced = nc_str_eq(u.order.why, "forced");
		break;
	default:
		break;
	}
}

void
replay_finish(struct replay *r)
{
	nc_model_finish(r->model);
	if (r->results)
		nc_writer_count(
		    r->out, "nc-model", "calls_left_out", r->left_out);
	if (r->unknown)
		nc_writer_count(
		    r->out, "nc-model", "calls_of_unknown_hosts", r->unknown);
}
