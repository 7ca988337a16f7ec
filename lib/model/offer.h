/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Hosts and their lanes, events, and how an offer is answered.
 * For lib/model only.
 */
#ifndef NC_MODEL_OFFER_H
#define NC_MODEL_OFFER_H

#include "state.h"

/* The host of that name, or NULL. */
struct nc_host_state *host_named(struct nc_model *m, struct nc_bytes name);
/*
 * The host that owns an address as seen from a host: loopback and the
 * unspecified address are its own.  NULL: on no traced host.
 */
struct nc_host_state *host_owning(struct nc_model *m,
    const struct nc_host_state *from, const struct nc_addr *a);
/* hosts.csv names that address as the host's behind a translator. */
bool host_declared_as(const struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *from);
/* The lane of a trace; made if need be. */
struct lane *host_lane(struct nc_host_state *h, int64_t trace);
/* The place of the call being offered, as one that takes something away. */
struct taken taken_here(const struct offer *o);
/* An address turns out to be the host's; the first owner keeps it. */
void host_learn(struct nc_model *m, struct nc_host_state *h,
    const struct nc_addr *a, bool declared);
/* A line of its own says so: whoever else was guessed to be there is not. */
void host_told(struct nc_model *m, struct nc_host_state *h,
    const struct nc_addr *a, bool declared);
/* ... or was not, after all. */
void host_forget(
    struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a);
/* Something of from's has come to h. */
bool host_has_heard(
    const struct nc_host_state *h, const struct nc_host_state *from);
/* The host learns, through a message, of an event of another. */
void host_heard(
    struct nc_host_state *h, const struct nc_host_state *from, uint64_t seq);
/* It is one of the last calls of its host: the trace ends with it. */
bool host_ends_with(const struct nc_host_state *h, const struct ref *call);
/* An event: whoever waits for key with a threshold up to at is woken. */
void fire(struct nc_model *m, uint64_t key, uint64_t at);
/* Nothing more comes from any trace of the host. */
bool host_done(const struct nc_host_state *h);
/* Who waits for that event waits for this host: woken when it is over, too. */
void host_await(struct nc_host_state *h, uint64_t key);
/* Answers that wait; cost is that of forcing the call (model.md 5). */
enum nc_answer park(
    struct offer *o, uint64_t key, uint64_t at, const char *what, int cost);
/* cost: 1 if taking it unanswered decides something, else 0. */
enum nc_answer defer(struct offer *o, uint64_t key, const char *what, int cost);
/* When a call ended, by its host's clock (ns); NC_NIL without times. */
static inline int64_t
call_end(const struct nc_call *c)
{
	return c->time == NC_NIL ?
	    NC_NIL :
	    c->time + (c->duration == NC_NIL ? 0 : c->duration);
}
/* The number of an event, or of a place in a table: never 0. */
static inline uint64_t
key_of(unsigned kind, uint64_t a, uint64_t b)
{
	uint64_t k = nc_hash_int(a * 8 + kind) ^
	    nc_hash_int(b + 0x9e3779b97f4a7c15u);

	return k ? k : 1;
}
enum {
	KEY_LISTEN = 1,
	KEY_SYN,
	KEY_RX,
	KEY_DGRAM,
	KEY_DGRAM_ANY,
	KEY_RELEASE,
	KEY_CONN
};

#endif
