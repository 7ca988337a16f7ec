/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What orders the lanes of one host that have no common clock.
 */
#include "kin.h"

#include <stdlib.h>

#include "util.h"

/* A fact of the kernel is given up after everything else (stuck.c). */
#define COST 1000

struct kin {
	uint64_t salt;           /* of its events */
	struct nc_map by_thread; /* thread + 1 -> lane */
	struct nc_map socks;     /* number + 1 -> struct kin_sock */
	size_t nlate;            /* releases set aside */
	struct item **ends;      /* ledgers that follow them */
	size_t nends, endcap;
};

/* A socket whose records are in queues. */
struct kin_sock {
	bool to_come;  /* the call that makes it was read, not accepted */
	size_t queued; /* calls on it that were read, not accepted */
	bool stream;
	size_t connects;               /* of these, connects of a stream; ... */
	const struct lane *connecting; /* ... the last one's lane */
	struct item *late;             /* its release, set aside, or NULL */
};

enum { EVENT_SOCKET, EVENT_OVER, EVENT_CONNECT, EVENTS };

static uint64_t
event(const struct kin *k, unsigned what, int64_t number)
{
	uint64_t key = nc_hash_int(
	    k->salt ^ nc_hash_int((uint64_t)number * EVENTS + what + 77));

	return key ? key : 1;
}

static struct kin *
kin_of(struct order *o, const struct lane *l)
{
	uint64_t key = nc_hash(l->host.p, l->host.len, 0);
	struct kin *k = nc_map_get(&o->kins, key);

	if (!k) {
		k = nc_xcalloc(1, sizeof(*k));
		k->salt = nc_hash(l->host.p, l->host.len, 99);
		nc_map_put(&o->kins, key, k);
	}
	return k;
}

void
kin_child(struct order *o, struct lane *l)
{
	l->kin = kin_of(o, l);
	l->unborn = true;
	o->nunborn++;
	o->kin_new = true;
}

void
kin_open(struct order *o)
{
	struct lane *l;
	struct kin *k;
	size_t i;

	if (o->nunborn == 0)
		return;
	for (i = 0; i < o->nlanes; i++) {
		l = o->lanes[i];
		k = nc_map_get(&o->kins, nc_hash(l->host.p, l->host.len, 0));
		l->kin = k;
		if (k && l->thread != NC_NIL)
			nc_map_put(&k->by_thread, (uint64_t)l->thread + 1, l);
	}
}

static struct kin_sock *
sock_at(struct kin *k, int64_t number)
{
	struct kin_sock *s = nc_map_get(&k->socks, (uint64_t)number + 1);

	if (!s) {
		s = nc_xcalloc(1, sizeof(*s));
		nc_map_put(&k->socks, (uint64_t)number + 1, s);
	}
	return s;
}

static bool
makes_its_socket(const struct nc_call *c)
{
	return nc_str_eq(c->name, "socket") || nc_str_eq(c->name, "attach");
}

void
kin_read(struct lane *l, const struct nc_call *c)
{
	if (c->socket != NC_NIL) {
		struct kin_sock *s = sock_at(l->kin, c->socket);

		s->queued++;
		s->to_come = s->to_come || makes_its_socket(c);
		s->stream = s->stream || nc_str_eq(c->type, "SOCK_STREAM");
		if (s->stream && nc_str_eq(c->name, "connect")) {
			s->connects++;
			s->connecting = l;
		}
	}
	if (c->made != NC_NIL)
		sock_at(l->kin, c->made)->to_come = true;
}

static bool
wait_for(struct item *it, uint64_t key, const char *what)
{
	it->wait = (struct nc_wait){ 0 };
	it->wait.key = key;
	it->wait.what = what;
	it->wait.cost = COST;
	return true;
}

bool
kin_is_late(const struct item *it)
{
	const struct kin_sock *s;

	if (it->step.id != NC_CALL_RELEASE || it->call.socket == NC_NIL)
		return false;
	s = nc_map_get(&it->lane->kin->socks, (uint64_t)it->call.socket + 1);
	return s && s->queued > 1 && !s->late;
}

static bool
moves_data(const struct item *it)
{
	enum nc_call_family f = nc_call_family(it->step.id);

	return (f == NC_FAMILY_SEND || f == NC_FAMILY_RECV) &&
	    it->call.result > 0;
}

bool
kin_waits(struct item *it)
{
	struct kin *k = it->lane->kin;
	const struct nc_call *c = &it->call;
	const struct kin_sock *s;
	const struct lane *l;

	if (it->step.id == NC_CALL_WAIT4 && c->result > 0) {
		l = nc_map_get(&k->by_thread, (uint64_t)c->result + 1);
		return l && l != it->lane && !l->over &&
		    wait_for(it, event(k, EVENT_OVER, c->result),
			"end of the process");
	}
	/* One by a task that only had its number waits for nothing. */
	if (c->socket == NC_NIL || makes_its_socket(c) || kin_is_late(it))
		return false;
	s = nc_map_get(&k->socks, (uint64_t)c->socket + 1);
	if (s && s->connects > 0 && s->connecting != it->lane && moves_data(it))
		return wait_for(
		    it, event(k, EVENT_CONNECT, c->socket), "connect");
	return s && s->to_come &&
	    wait_for(it, event(k, EVENT_SOCKET, c->socket), "socket");
}

void
kin_set_aside(struct item *it)
{
	struct kin_sock *s = sock_at(it->lane->kin, it->call.socket);

	s->late = order_copy(it);
	s->late->is_late = true;
	it->lane->kin->nlate++;
}

bool
kin_end(struct lane *l, const struct nc_record *rec)
{
	struct kin *k = l->kin;
	struct item it = { .lane = l, .rec = *rec };

	if (k->nlate == 0)
		return false;
	k->ends = nc_grow(k->ends, k->nends, &k->endcap, sizeof(*k->ends));
	k->ends[k->nends++] = order_copy(&it);
	return true;
}

static void
ends_follow(struct order *o, struct kin *k)
{
	size_t i;

	for (i = 0; i < k->nends; i++) {
		lane_end(o, &k->ends[i]->rec);
		item_free(k->ends[i]);
	}
	k->nends = 0;
}

static void
bear(struct order *o, struct lane *l)
{
	l->unborn = false;
	o->nunborn--;
	order_next(o, l);
}

static void
socket_came(struct order *o, struct kin *k, int64_t number)
{
	struct kin_sock *s = nc_map_get(&k->socks, (uint64_t)number + 1);

	if (!s || !s->to_come)
		return;
	s->to_come = false;
	order_wake(o, event(k, EVENT_SOCKET, number));
}

/* A call on a socket is no longer queued. */
static void
socket_used(struct order *o, struct kin *k, const struct nc_call *c)
{
	struct kin_sock *s = nc_map_get(&k->socks, (uint64_t)c->socket + 1);

	if (makes_its_socket(c))
		socket_came(o, k, c->socket);
	if (!s)
		return;
	if (s->queued > 0)
		s->queued--;
	if (s->connects > 0 && nc_str_eq(c->name, "connect") &&
	    --s->connects == 0)
		order_wake(o, event(k, EVENT_CONNECT, c->socket));
	if (nc_str_eq(c->name, "release") && s->late && --k->nlate == 0)
		ends_follow(o, k);
	if (nc_str_eq(c->name, "release"))
		free(nc_map_del(&k->socks, (uint64_t)c->socket + 1));
	else if (s->queued == 1 && s->late)
		order_ready(o, s->late);
}

void
kin_accepted(struct order *o, struct lane *l, const struct nc_call *c)
{
	struct lane *child;

	if (c->socket != NC_NIL)
		socket_used(o, l->kin, c);
	if (c->made != NC_NIL)
		socket_came(o, l->kin, c->made);
	if (c->result <= 0 || o->nunborn == 0)
		return;
	switch (nc_call_of(c->name.p, c->name.len)) {
	case NC_CALL_CLONE:
	case NC_CALL_CLONE3:
	case NC_CALL_FORK:
	case NC_CALL_VFORK:
		child = nc_map_get(&l->kin->by_thread, (uint64_t)c->result + 1);
		if (child && child->unborn)
			bear(o, child);
		break;
	default:
		break;
	}
}

void
kin_over(struct order *o, struct lane *l)
{
	if (l->thread != NC_NIL)
		order_wake(o, event(l->kin, EVENT_OVER, l->thread));
}

/* The lane of the trace that made the lane's task. */
static bool
parent_over(const struct order *o, const struct lane *l)
{
	const struct lane *parent = nc_map_get(&o->by_place,
	    nc_hash(l->host.p, l->host.len, (uint64_t)l->parent + 1));

	return !parent || parent->over;
}

bool
kin_orphans(struct order *o, bool all)
{
	bool any = false;
	size_t i;

	for (i = 0; i < o->nlanes && o->nunborn > 0; i++) {
		struct lane *l = o->lanes[i];

		if (l->unborn && (all || parent_over(o, l))) {
			bear(o, l);
			any = true;
		}
	}
	return any;
}

void
kin_free(struct order *o)
{
	struct nc_slot *slot;
	struct kin_sock *s;
	struct kin *k;
	size_t at = 0;

	while ((slot = nc_map_next(&o->kins, &at))) {
		size_t i = 0;

		k = slot->value;
		while ((slot = nc_map_next(&k->socks, &i))) {
			s = slot->value;
			if (s->late)
				item_free(s->late);
		}
		nc_map_free(&k->socks);
		nc_map_fini(&k->by_thread);
		for (i = 0; i < k->nends; i++)
			item_free(k->ends[i]);
		free(k->ends);
		free(k);
	}
	nc_map_fini(&o->kins);
}
