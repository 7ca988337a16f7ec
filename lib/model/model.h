/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model of an idealized network: may this call come next?
 *
 * Two programs drive it through one entry, nc_model_offer.  nc-order offers
 * calls in the order that it is looking for, without a sink; nc-model offers
 * them in the order found, with a sink that gets the deviations.  A call that
 * cannot come yet names the event that it waits for; events are numbers, and
 * each acceptance appends those that it fired (nc_model_events).
 */
#ifndef NC_MODEL_H
#define NC_MODEL_H

#include "addr.h"
#include "call.h"
#include "record.h"

struct nc_model;
struct nc_host_state;

/* Gets what the model has to say; rec is borrowed for the call. */
struct nc_sink {
	void *ctx;
	void (*put)(void *ctx, enum nc_kind kind, const void *rec);
};

/* sink may be NULL; borrowed until nc_model_free. */
struct nc_model *nc_model_new(const struct nc_sink *sink);
void nc_model_free(struct nc_model *m);

/*
 * Counts from here on how many calls each row of the rules decided; the end
 * writes a count record for each, "row" and its id in rules.def.
 */
void nc_model_count_rows(struct nc_model *m);

/* The records that only inform.  Hosts come before their calls. */
void nc_model_host(struct nc_model *m, const struct nc_host *rec);
void nc_model_address(struct nc_model *m, const struct nc_address *rec);
void nc_model_nat(struct nc_model *m, const struct nc_nat *rec);
/* A trace's ledger: nothing more comes from it. */
void nc_model_end(struct nc_model *m, const struct nc_end *rec);

/* A call or begin record made ready to be offered; plain data. */
struct nc_step {
	const struct nc_call *call; /* borrowed while the step is in use */
	struct nc_host_state *host;
	enum nc_call_id id;
	int error;                  /* Linux errno number, or 0 */
	struct nc_addr peer, local; /* parsed; family 0: none */
	bool begin;                 /* a call in progress, result not known */
};

/* 0, or -1 if the call's host has no host record. */
int nc_model_prepare(struct nc_model *m, const struct nc_call *call, bool begin,
    struct nc_step *step);

/* Priorities of model.md section 5; NC_PRIORITY_DEFERRED comes last. */
#define NC_PRIORITY_DEFERRED 5
int nc_model_priority(struct nc_model *m, const struct nc_step *step);

enum nc_answer {
	NC_ACCEPT, /* done, its effects are in the state */
	NC_PARK,   /* cannot come before its event */
	NC_DEFER   /* could come, but better later or on its event */
};

/* What a parked or deferred call waits for. */
struct nc_wait {
	uint64_t key;     /* event; 0: none (deferred only) */
	uint64_t at;      /* wakes at events of at least this */
	const char *what; /* the event's name, static */
	int cost;         /* of forcing it; least harmful first */
	/* It waits on a match that is no more than guessed: NC_DOUBT ends it. */
	bool guess;
	/* The socket whose end it waits for, of the host below; else 0. */
	int64_t end_of;
	/* The host that could make it happen, or NULL. */
	const struct nc_host_state *by;
	int64_t trace; /* of that host, which holds that socket; or NC_NIL */
};

enum nc_mode {
	NC_TRY, /* answer as things stand */
	/*
	 * Likewise, but nothing else can run: what was guessed about who talks
	 * to whom may be changed if that lets the call go.
	 */
	NC_STUCK,
	NC_DOUBT, /* ... or given up: its other end is in no trace */
	NC_TAKE   /* accept: the outcome where it is hopeless */
};

/*
 * Offers a call.  Answers other than NC_ACCEPT change nothing and fill wait.
 * With NC_TAKE the answer is always NC_ACCEPT.
 */
enum nc_answer nc_model_offer(struct nc_model *m, const struct nc_step *step,
    enum nc_mode mode, struct nc_wait *wait);

/*
 * True if the last accepted call needed a deviation because it was taken
 * before what it waited for.
 */
bool nc_model_was_forced(const struct nc_model *m);

/* A begin record passes: who is inside a call. */
void nc_model_begin(struct nc_model *m, const struct nc_step *step);

/*
 * Offers a begun producer, which takes effect as if it had succeeded; its
 * call, offered later, settles what it really did.
 */
enum nc_answer nc_model_early(struct nc_model *m, const struct nc_step *step,
    enum nc_mode mode, struct nc_wait *wait);

/* True for the begun calls that nc_model_early can place. */
bool nc_model_can_be_early(const struct nc_step *step);

/* An event: waiters of key with at <= this one's are to be offered again. */
struct nc_event {
	uint64_t key, at;
};

/* Those fired since the last call; borrowed until the next offer. */
size_t nc_model_events(struct nc_model *m, const struct nc_event **events);

/* Everything has come: what is left open becomes deviations and records. */
void nc_model_finish(struct nc_model *m);

#endif
