/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Services of its own host that a program does without.
 */
#include "cope.h"

#include <string.h>

#include "../offer.h"
#include "../stream/conn.h"
#include "clear.h"

#define PROCESSES 4096

/* What became of a process whose connect was refused once. */
struct cope {
	uint64_t seq; /* of the call that told of it */
	struct nc_addr target;
	bool again; /* it was asked for more than once */
	bool failed;
	bool answered; /* the process answered whom it served */
	bool served;   /* it got something from another service */
};

bool
cope_is_failure(const struct nc_call *c)
{
	char s[10] = "";
	size_t n = nc_clear_copy(c->data, c->clear, 0, s, sizeof(s));

	if (n < 5)
		return false;
	if (n == sizeof(s) && memcmp(s, "HTTP/1.", 7) == 0)
		return s[9] == '5';
	if (s[0] == '4' || s[0] == '5')
		return s[1] >= '0' && s[1] <= '9' && s[2] >= '0' &&
		    s[2] <= '9' && (s[3] == ' ' || s[3] == '-');
	return memcmp(s, "-ERR", 4) == 0;
}

static uint64_t
key_of_process(int64_t process)
{
	return (uint64_t)process + 1;
}

void
cope_refused(struct offer *o, const struct nc_addr *target)
{
	struct nc_map *map = &o->host->copes;
	struct cope *c = nc_map_get(map, key_of_process(o->call->process));

	if (!o->m->sink || o->call->process == NC_NIL)
		return;
	if (c) {
		/* localhost is two addresses, tried one after the other. */
		c->again = c->again || c->target.port != target->port ||
		    nc_addr_same_ip(&c->target, target);
		c->seq = o->m->seq;
		return;
	}
	if (map->n >= PROCESSES)
		return;
	c = nc_xcalloc(1, sizeof(*c));
	c->seq = o->m->seq;
	c->target = *target;
	nc_map_put(map, key_of_process(o->call->process), c);
}

void
cope_see(struct offer *o)
{
	const struct ep *e = o->sock ? o->sock->ep : NULL;
	struct cope *c;

	if (o->host->copes.n == 0 || !e)
		return;
	c = nc_map_get(&o->host->copes, key_of_process(o->call->process));
	if (!c || o->call->result == NC_NIL || o->call->result <= 0)
		return;
	switch (nc_call_family(o->step->id)) {
	case NC_FAMILY_SEND:
		if (e->side != SIDE_SERVER || !e->rx.last_ref.host ||
		    (uint64_t)e->rx.last_ref.seq > c->seq)
			return;
		if (cope_is_failure(o->call))
			c->failed = true;
		else
			c->answered = true;
		return;
	case NC_FAMILY_RECV:
		if (e->side == SIDE_CLIENT && e->conn->seq > c->seq)
			c->served = true;
		return;
	default:
		return;
	}
}

bool
cope_did(const struct nc_host_state *h, const struct ref *call)
{
	uint64_t key = key_of_process(call->process);
	const struct cope *c = nc_map_get(&h->copes, key);

	return c && !c->again && !c->failed && (c->answered || c->served) &&
	    !nc_map_get(&h->failures, key);
}

void
cope_free(struct nc_host_state *h)
{
	nc_map_free(&h->copes);
}
