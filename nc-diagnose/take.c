/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the rules look at: taking it from the records as they pass.
 */
#include <stdlib.h>
#include <string.h>

#include "take.h"

/* Past these a hostile input leaves no more; no finding comes of less. */
#define DEVS_MAX 20000
#define CONNS_MAX 65536
#define FLOWS_MAX 65536

static char wanted; /* what wanted_conns and wanted_flows map to */

char *
take_copy(const struct nc_record *rec, void *out)
{
	struct nc_record own = *rec;
	char *raw = nc_xmalloc(rec->raw.len);

	memcpy(raw, rec->raw.p, rec->raw.len);
	own.raw.p = raw;
	if (nc_record_decode(&own, out) == 0)
		return raw;
	free(raw);
	return NULL;
}

/* True if one more of that kind is kept; else it is only counted. */
static struct group *
group_take(struct nc_map *groups, uint64_t key, bool *keep)
{
	struct group *g = nc_map_get(groups, key);

	if (!g) {
		g = nc_xcalloc(1, sizeof(*g));
		nc_map_put(groups, key, g);
	}
	*keep = g->kept < GROUP_MAX;
	if (*keep)
		g->kept++;
	else
		g->more++;
	return g;
}

/* Connections */

static void
conn_keep(struct facts *f, struct conn *c)
{
	f->conns =
	    nc_grow(f->conns, f->nconns, &f->conns_cap, sizeof(struct conn *));
	f->conns[f->nconns++] = c;
	if (c->c.connection != NC_NIL)
		nc_map_put(&f->conn_by_number, (uint64_t)c->c.connection, c);
}

static uint64_t
conn_key(const struct conn *c)
{
	uint64_t k = take_mix(0, (uint64_t)(c->client + 1));

	k = take_mix(take_mix(k, nc_addr_hash_ip(&c->target)), c->target.port);
	return take_mix_bytes(k, c->c.opened);
}

static void
take_connection(struct facts *f, const struct nc_record *rec)
{
	struct conn *c = nc_xcalloc(1, sizeof(*c));
	bool keep = true;

	c->raw = take_copy(rec, &c->c);
	if (!c->raw) {
		free(c);
		return;
	}
	c->at = f->at;
	c->client = take_host_number(f, c->c.client_host);
	c->target = take_endpoint(c->c.client_target);
	c->server = take_host_number(f, c->c.server_host);
	if (c->server < 0 && nc_addr_is_loopback(&c->target))
		c->server = c->client;
	if (c->server < 0)
		c->server = facts_owner(f, &c->target);
	c->process = nc_find_int(c->c.facts, "client_process");
	c->seq = nc_find_int(c->c.facts, "seq");
	c->waited = nc_find_int(c->c.facts, "waited");
	sums_connection(f, c);
	if (nc_map_get(&f->wanted_conns, (uint64_t)c->c.connection)) {
		conn_keep(f, c);
		return;
	}
	if (!nc_str_eq(c->c.opened, "connected")) {
		group_take(&f->conn_groups, conn_key(c), &keep);
		if (keep && f->nconns < CONNS_MAX) {
			conn_keep(f, c);
			return;
		}
	}
	facts_conn_free(f->recent[f->recent_at]);
	f->recent[f->recent_at] = c;
	f->recent_at = (f->recent_at + 1) % RECENT;
}

/* A deviation needs a connection, whose record may have passed already. */
static void
conn_want(struct facts *f, int64_t number)
{
	size_t i;

	if (number == NC_NIL ||
	    nc_map_get(&f->conn_by_number, (uint64_t)number))
		return;
	for (i = 0; i < RECENT; i++) {
		struct conn *c = f->recent[i];

		if (!c || c->c.connection != number)
			continue;
		f->recent[i] = NULL;
		conn_keep(f, c);
		return;
	}
	nc_map_put(&f->wanted_conns, (uint64_t)number, &wanted);
}

/* Flows */

static void
take_flow(struct facts *f, const struct nc_record *rec)
{
	struct flow *w = nc_xcalloc(1, sizeof(*w));
	bool keep = true;
	uint64_t key;

	w->raw = take_copy(rec, &w->f);
	if (!w->raw) {
		free(w);
		return;
	}
	w->at = f->at;
	w->sender = take_host_number(f, w->f.sender_host);
	w->receiver = take_host_number(f, w->f.receiver_host);
	w->destination = take_endpoint(w->f.destination);
	sums_flow(f, w);
	key = take_mix(take_mix(1, (uint64_t)(w->sender + 1)),
	    nc_addr_hash_ip(&w->destination));
	if (w->f.lost > 0)
		key = take_mix(key, w->destination.port + 1u);
	if (!nc_map_get(&f->wanted_flows, (uint64_t)w->f.flow))
		group_take(&f->flow_groups, key, &keep);
	if (!keep || f->nflows >= FLOWS_MAX) {
		free(w->raw);
		free(w);
		return;
	}
	f->flows =
	    nc_grow(f->flows, f->nflows, &f->flows_cap, sizeof(struct flow *));
	f->flows[f->nflows++] = w;
	if (w->f.flow != NC_NIL)
		nc_map_put(&f->flow_by_number, (uint64_t)w->f.flow, w);
}

/* Deviations */

static enum code
code_of(struct nc_bytes name)
{
	static const char *const names[] = {
#define CODE(c) #c,
#include "code.def"
#undef CODE
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (nc_str_eq(name, names[i]))
			return (enum code)(i + 1);
	return CODE_NONE;
}

/* Codes of a connect: their peer is the target, its port tells services. */
static bool
code_connects(enum code c)
{
	switch (c) {
	case CODE_ECONNREFUSED:
	case CODE_FAMILY_MISMATCH:
	case CODE_CONN_REFUSED_LISTENING:
	case CODE_CONN_TIMEOUT:
	case CODE_CONN_UNREACHABLE:
	case CODE_CONN_NEVER_COMPLETED:
	case CODE_LOOPBACK_MISMATCH:
	case CODE_DGRAM_LOST:
	case CODE_DGRAM_NO_RECEIVER:
	case CODE_DGRAM_REFUSED:
		return true;
	default:
		return false;
	}
}

static uint64_t
dev_key(const struct dev *d)
{
	uint64_t k = take_mix(2, d->code);

	k = take_mix_bytes(take_mix_bytes(k, d->d.host), d->d.peer_host);
	k = take_mix(k, nc_addr_hash_ip(&d->remote));
	return code_connects(d->code) ? take_mix(k, d->remote.port + 1u) : k;
}

static void
take_deviation(struct facts *f, const struct nc_record *rec)
{
	struct nc_deviation head;
	struct dev *d;
	enum code code;
	bool keep;

	if (nc_record_decode(rec, &head) != 0)
		return;
	code = code_of(head.code);
	if (code == CODE_NONE || !head.host.p)
		return;
	d = nc_xcalloc(1, sizeof(*d));
	d->d = head;
	d->code = code;
	d->local = take_endpoint(head.local);
	d->remote = take_endpoint(head.peer);
	d->group = group_take(&f->dev_groups, dev_key(d), &keep);
	keep = keep && f->ndevs < DEVS_MAX;
	d->raw = keep ? take_copy(rec, &d->d) : NULL;
	if (!d->raw) {
		free(d);
		return;
	}
	d->at = f->at;
	d->host = take_host_number(f, head.host);
	d->peer = take_host_number(f, head.peer_host);
	f->devs =
	    nc_grow(f->devs, f->ndevs, &f->devs_cap, sizeof(struct dev *));
	f->devs[f->ndevs++] = d;
	conn_want(f, head.connection);
	if (head.flow != NC_NIL)
		nc_map_put(&f->wanted_flows, (uint64_t)head.flow, &wanted);
}

void
facts_take(struct facts *f, const struct nc_record *rec)
{
	f->at++;
	switch (rec->kind) {
	case NC_KIND_host:
		take_host(f, rec);
		break;
	case NC_KIND_end:
		take_end(f, rec);
		break;
	case NC_KIND_address:
		take_address(f, rec);
		break;
	case NC_KIND_clock:
		take_clock(f, rec);
		break;
	case NC_KIND_connection:
		take_connection(f, rec);
		break;
	case NC_KIND_flow:
		take_flow(f, rec);
		break;
	case NC_KIND_deviation:
		take_deviation(f, rec);
		break;
	case NC_KIND_finding:
		f->findings++;
		break;
	default:
		break;
	}
}

void
facts_finish(struct facts *f)
{
	size_t i;

	for (i = 0; i < f->nflows; i++)
		if (f->flows[i]->receiver < 0)
			f->flows[i]->receiver =
			    facts_owner(f, &f->flows[i]->destination);
	sums_replies(f);
	for (i = 0; i < f->ndevs; i++) {
		struct dev *d = f->devs[i];

		d->conn = d->d.connection == NC_NIL ?
		    NULL :
		    nc_map_get(&f->conn_by_number, (uint64_t)d->d.connection);
		if (d->conn)
			d->conn->codes[d->code / 64] |= UINT64_C(1)
			    << d->code % 64;
		d->flow = d->d.flow == NC_NIL ?
		    NULL :
		    nc_map_get(&f->flow_by_number, (uint64_t)d->d.flow);
		if (d->peer < 0)
			d->peer = facts_owner(f, &d->remote);
	}
}
