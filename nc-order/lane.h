/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Lanes: the local orders of calls, read from their inputs as far as needed.
 * For nc-order only.
 */
#ifndef NC_LANE_H
#define NC_LANE_H

#include "heap.h"
#include "map.h"
#include "model/model.h"
#include "queue.h"

enum item_state {
	ITEM_IDLE,   /* not eligible */
	ITEM_READY,  /* in the heap */
	ITEM_WAITING /* parked on its event, or deferred */
};

/* A call that can be offered: a lane's head, or a producer in progress. */
struct item {
	struct lane *lane;
	struct nc_buf raw;
	struct nc_record rec; /* points into raw, or into the lane's queue */
	struct nc_call call;  /* points into rec */
	struct nc_step step;
	bool is_begin;
	bool is_late; /* a release that its lane does not wait for: kin.h */
	enum item_state state;
	int priority;
	int64_t tie; /* time since the lane's start, or its calls */
	struct nc_wait wait;
	bool ends;      /* a head that waits for an end, counted in nends */
	bool guess;     /* a head that waits on a guess, counted in nguesses */
	int64_t looked; /* calls of its lanes when a release was looked for */
	int64_t asked;  /* acceptances of all when it was offered last */
	size_t place;   /* in the heap of what is ready */
	uint64_t key;   /* the event that it sleeps on, or 0 */
	struct item *next, *prev; /* that sleep on the same one */
	struct item *sibling;     /* other begins of the lane */
};

struct lane {
	struct order *order;
	unsigned index;
	struct nc_bytes host; /* owned */
	int64_t *traces;      /* that were merged into it */
	size_t ntraces, tracecap;
	struct input *input;
	struct queue *queue;
	struct item head;
	bool has_head, over;
	struct kin *kin;        /* of the host's lanes, or NULL: see kin.h */
	int64_t thread, parent; /* NC_NIL: none known */
	bool unborn;            /* its task's maker has not come */
	size_t nended;          /* of its traces */
	int64_t first_time, calls;
	struct lane *next_of_host;
	struct queue_place ahead; /* of the look ahead */
	/* socket + 1, or lane_leave_key -> struct release: found so */
	struct nc_map releases;
	struct item *begins; /* producers in progress, not yet placed */
	int nawake;          /* those of them that are not idle */
	int64_t base;        /* acceptances of all, less what it is owed */
	int64_t debt;        /* its base when it was put into the heap */
	size_t place;        /* in the heap of lanes by debt */
};

/* A release that a look ahead found, and its begin, if that was read, too. */
struct release {
	struct queue_spot call, begin; /* block NULL: not seen, or popped */
	int64_t from;                  /* its entry's place */
};

struct input {
	struct nc_reader *reader;
	bool over;
	unsigned hosts;
	struct lane *last;   /* of the last record with a lane */
	struct nc_buf *held; /* records of no lane, before the next one */
	struct nc_record *held_rec;
	size_t nheld, heldcap;
};

struct order {
	struct nc_writer *out;
	struct nc_model *model;
	struct spill *spill;
	struct input **inputs;
	size_t ninputs, inputcap;
	struct lane **lanes;
	size_t nlanes, lanecap;
	struct nc_map by_place; /* hash of (host, trace) -> lane */
	struct nc_map by_lane;  /* hash of (host, its lane's number) -> lane */
	struct nc_map hosts;    /* hash of host -> itself: seen */
	struct nc_map of_host;  /* the model's host -> its first lane */
	struct nc_map kins;     /* hash of host -> struct kin */
	size_t nunborn;
	bool kin_new;          /* host records told some */
	struct heap ready;     /* of items */
	struct heap debts;     /* of all lanes whose head is ready, and more */
	struct nc_map waiting; /* event -> the first item that sleeps on it */
	int64_t accepted;
	uint64_t offers, calls, forced, deferred, early, errors;
	char **messages;
	size_t nmessages, messagecap;
	struct item *spare; /* freed, to be used again */
	size_t nends;       /* heads that wait for an end */
	size_t nguesses;    /* heads that wait on a guess */
	bool look; /* a head sleeps, and nobody has looked ahead since */
	bool failed;
};

/* Reads what comes before the calls of each input. */
void lanes_open(struct order *o);

/* Loads the lane's next call as its head; false at the lane's end. */
bool lane_load(struct lane *l);

/* Reads one more record of the input into its lane's queue; false: over. */
bool input_read(struct order *o, struct input *in);

/* A record that is no call passes; a ledger ends its trace. */
void lane_end(struct order *o, const struct nc_record *rec);

void lanes_free(struct order *o);

/* The release of a socket, or just its begin, is no longer in the queue. */
void lane_forget_release(struct lane *l, int64_t socket, bool begin);
void lane_forget_leave(struct lane *l, int64_t socket);
/* Where a leave of that socket stands among the releases. */
static inline uint64_t
lane_leave_key(int64_t socket)
{
	return ~(uint64_t)socket;
}

/* Remembers a message. */
void order_say(struct order *o, const char *text);

/* An item of the lane, idle, with a copy of the record, not decoded. */
struct item *item_new(struct lane *l, const struct nc_record *rec);
void item_free(struct item *it);

/* The lane's next call; the record is copied, or stays where it is. */
void item_copy(struct item *it, struct lane *l, const struct nc_record *rec);
void item_set(struct item *it, struct lane *l, const struct nc_record *rec);

/* stuck.c: nothing of priority 0 to 4 can run */

/* Moves a release forward that a parked head waits for; true if one was. */
bool stuck_look_ahead(struct order *o);

/* The parked item that is least harmful to force; NULL if none is parked. */
struct item *stuck_choose(struct order *o);

/* Writes the order record of a forced item, with its circle. */
void stuck_tell(struct order *o, struct item *it);

/* order.c */
/* Loads the lane's next head, ready to be offered. */
void order_next(struct order *o, struct lane *l);
/* A copy of an item, on the heap, idle. */
struct item *order_copy(const struct item *it);
/* The begin of a call that was taken before its turn is forgotten. */
void order_forget_begin(
    struct order *o, struct lane *l, const struct nc_call *call);
/* It is to be offered. */
void order_ready(struct order *o, struct item *it);
/* Wakes the items that sleep on a key. */
void order_wake(struct order *o, uint64_t key);
void order_note(struct order *o, const struct nc_call *call, const char *why,
    const char *key, struct nc_bytes circle);
void order_events(struct order *o);

#endif
