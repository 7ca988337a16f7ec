/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's beginning and end.
 */
#include <stdlib.h>

#include "dgram/cast.h"
#include "dgram/dgram.h"
#include "host/clock.h"
#include "host/cope.h"
#include "host/denied.h"
#include "host/lookup.h"
#include "host/program.h"
#include "report.h"
#include "rows.h"
#include "socket/bind.h"
#include "socket/local.h"
#include "socket/option.h"
#include "socket/port.h"
#include "socket/socket.h"
#include "socket/timeout.h"
#include "socket/unmade.h"
#include "stream/conn.h"
#include "untraced.h"

struct nc_model *
nc_model_new(const struct nc_sink *sink)
{
	struct nc_model *m = nc_xcalloc(1, sizeof(*m));

	m->sink = sink;
	m->socks.size = sizeof(struct sock);
	m->eps.size = sizeof(struct ep);
	m->all_conns.size = sizeof(struct conn);
	m->insides.size = sizeof(struct inside);
	return m;
}

/* Sockets that are open to the end. */
static void
socks_finish(struct nc_model *m, struct nc_host_state *h)
{
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&h->socks, &at))) {
		option_finish(m, slot->value);
		denied_gone(m, slot->value);
	}
}

/* Before the flows that they are about. */
static void
timeouts_finish(struct nc_model *m, struct nc_host_state *h)
{
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&h->socks, &at)))
		timeout_finish(m, slot->value);
}

void
nc_model_count_rows(struct nc_model *m)
{
	rows_start(m);
}

/* Sockets that are open to the end. */
static void
untraced_finish(struct nc_model *m, struct nc_host_state *h)
{
	struct nc_slot *slot;
	size_t at = 0;

	while (h->rings.n && (slot = nc_map_next(&h->socks, &at)))
		untraced_decide(m, slot->value, NULL);
}

void
nc_model_finish(struct nc_model *m)
{
	struct conn *c, *next;
	struct nc_slot *slot;
	size_t at = 0, i;

	for (i = 0; i < m->nhosts; i++) {
		untraced_finish(m, m->hosts[i]);
		timeouts_finish(m, m->hosts[i]);
	}
	while ((slot = nc_map_next(&m->ports, &at)))
		port_finish(m, slot->value);
	for (c = m->open; c; c = next) {
		next = c->all_next;
		row_taken(m, ROW_end_sweep);
		port_orphan_tell(m, c);
		conn_finish(m, c);
	}
	for (i = 0; i < m->nhosts; i++) {
		lookup_finish(m, m->hosts[i]);
		local_finish(m, m->hosts[i]);
	}
	cast_finish(m);
	dgram_finish(m);
	for (i = 0; i < m->nhosts; i++) {
		bind_finish(m, m->hosts[i]);
		unmade_finish(m, m->hosts[i]);
		socks_finish(m, m->hosts[i]);
	}
	clock_write(m);
	totals_write(m);
	rows_write(m);
}

static void
host_free(struct nc_model *m, struct nc_host_state *h)
{
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&h->socks, &at)))
		sock_free(m, slot->value);
	nc_map_fini(&h->socks);
	at = 0;
	while ((slot = nc_map_next(&h->inside, &at)))
		nc_pool_put(&m->insides, slot->value);
	nc_map_fini(&h->inside);
	at = 0;
	while ((slot = nc_map_next(&h->epolls, &at))) {
		struct epoll *e = slot->value;

		gone_take(&m->gone_epolls, &e->gone);
		free(e->wait.up);
	}
	nc_map_free(&h->epolls);
	nc_map_free(&h->unended);
	unmade_free(h);
	denied_free(h);
	local_free(h);
	lookup_free(h);
	programs_free(h);
	cope_free(h);
	nc_map_fini(&h->failures);
	nc_map_fini(&h->threaded);
	nc_map_fini(&h->waits);
	untraced_free(h);
	free(h->lanes);
	free(h->heard);
	free(h->addrs);
	free(h->name);
	free(h);
}

static void
ports_free(struct nc_model *m)
{
	struct listener *l, *lnext;
	struct refusal *r, *rnext;
	struct udp *u, *unext;
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&m->ports, &at))) {
		struct port *p = slot->value;

		for (l = p->listeners; l; l = lnext) {
			lnext = l->next;
			listener_unref(l->shares);
			listener_unref(l);
		}
		for (r = p->refusals; r; r = rnext) {
			rnext = r->next;
			free(r);
		}
		for (u = p->receivers; u; u = unext) {
			unext = u->next;
			udp_free(m, u);
		}
		free(p);
	}
	nc_map_fini(&m->ports);
}

void
nc_model_free(struct nc_model *m)
{
	struct nc_slot *slot;
	size_t at = 0, i;

	if (!m)
		return;
	m->sink = NULL;
	while (m->open)
		conn_finish(m, m->open);
	cast_free(m);
	dgram_free(m);
	for (i = 0; i < m->nhosts; i++)
		host_free(m, m->hosts[i]);
	free(m->hosts);
	ports_free(m);
	while ((slot = nc_map_next(&m->nat_public, &at))) {
		struct nat *n = slot->value, *next;

		for (; n; n = next) {
			next = n->next;
			free(n);
		}
	}
	nc_map_fini(&m->nat_public);
	nc_map_fini(&m->by_name);
	nc_map_fini(&m->by_addr);
	nc_map_fini(&m->external);
	nc_map_fini(&m->seen_as);
	nc_map_fini(&m->strangers);
	nc_map_free(&m->sent_out);
	nc_map_fini(&m->guessed);
	nc_map_fini(&m->by_client);
	nc_map_fini(&m->by_pair);
	nc_map_fini(&m->orphans);
	nc_map_fini(&m->floating);
	clock_free(m);
	nc_pool_fini(&m->socks);
	nc_pool_fini(&m->eps);
	nc_pool_fini(&m->all_conns);
	nc_pool_fini(&m->insides);
	free(m->events);
	free(m->rows);
	free(m);
}
