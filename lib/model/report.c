/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Connection and flow records, and the totals.
 */
#include "report.h"

#include "deviate.h"
#include "dgram/dgram.h"
#include "offer.h"
#include "rows.h"
#include "socket/guess.h"
#include "socket/port.h"
#include "socket/timeout.h"
#include "stream/conn.h"
#include "stream/held.h"
#include "stream/match.h"
#include "stream/mutual.h"
#include "stream/oob.h"
#include "stream/pace.h"
#include "stream/quiet.h"
#include "stream/stall.h"
#include "stream/tls.h"
#include "stream/transfer.h"
#include "wait.h"

static const char *const match_names[] = { "none", "exact", "host", "nat",
	"inferred", "external" };

/* A map under way: its size is known only at the end. */
struct map {
	struct nc_buf body, whole;
	size_t n;
};

static void
map_int(struct map *m, const char *name, int64_t v)
{
	if (v == NC_NIL)
		return;
	nc_pack_str(&m->body, name);
	nc_pack_int(&m->body, v);
	m->n++;
}

static void
map_str(struct map *m, const char *name, const char *v)
{
	if (!v)
		return;
	nc_pack_str(&m->body, name);
	nc_pack_str(&m->body, v);
	m->n++;
}

static void
map_addr(struct map *m, const char *name, const struct nc_addr *a)
{
	char text[NC_ADDR_TEXT];

	if (a->family)
		map_str(m, name, nc_addr_print_port(a, text));
}

static struct nc_bytes
map_done(struct map *m)
{
	nc_pack_map(&m->whole, m->n);
	nc_buf_add(&m->whole, m->body.p, m->body.len);
	return (struct nc_bytes){ m->whole.p, m->whole.len };
}

static void
map_fini(struct map *m)
{
	nc_buf_fini(&m->body);
	nc_buf_fini(&m->whole);
}

static struct nc_bytes
pack_refs(struct nc_buf *b, const struct ref *const *refs, size_t n)
{
	size_t i, used = 0;

	for (i = 0; i < n; i++)
		used += refs[i]->host != NULL;
	nc_pack_array(b, used);
	for (i = 0; i < n; i++)
		if (refs[i]->host)
			ref_pack(b, refs[i]);
	return (struct nc_bytes){ b->p, b->len };
}

/* Connections */

static struct nc_bytes
direction(struct map *d, const struct conn *c, int from)
{
	const struct ep *e = c->ep[from], *p = c->ep[!from];
	uint64_t sent = e ? e->tx.sent : 0, got = p ? p->rx.rcvd : 0;
	uint64_t lost;

	if (!e)
		sent = got;
	/* What left for outside of all traces counts as arrived. */
	if (!p && c->state == CONN_HALF)
		got = sent;
	lost = sent > got ? sent - got : 0;
	map_int(d, "sent", (int64_t)sent);
	map_int(d, "received", (int64_t)got);
	map_int(d, "lost", (int64_t)lost);
	map_int(d, "writes", e ? (int64_t)e->tx.writes : 0);
	map_int(d, "reads", p ? (int64_t)p->rx.reads : 0);
	map_int(d, "largest_write", e ? (int64_t)e->tx.largest : 0);
	map_int(d, "largest_delivered", p ? (int64_t)ep_largest(p) : 0);
	map_int(d, "compared", p ? (int64_t)p->rx.compared : 0);
	if (lost)
		map_str(d, "loss_cause",
		    !p                     ? "unknown" :
			p->waited_for_more ? "network" :
			p->may_have_waited ? "unknown" :
			p->released        ? "application" :
			wait_lasts(p)      ? "network" :
					     "unknown");
	return map_done(d);
}

static const char *
closed_by(const struct conn *c)
{
	if ((c->ep[0] && c->ep[0]->died) || (c->ep[1] && c->ep[1]->died))
		return "died";
	if (c->reset)
		return "reset";
	return c->first_closed == 0 ? "open" :
	    c->first_closed == 1    ? "client" :
				      "server";
}

static struct nc_bytes
facts(struct map *f, struct nc_model *m, const struct conn *c)
{
	const struct ep *client = c->ep[0], *server = c->ep[1];
	bool complete;

	if (c->connect.host) {
		map_int(f, "client_process", c->connect.process);
		map_int(f, "client_thread", c->connect.thread);
		map_int(f, "client_line", c->connect.line);
		map_int(f, "seq", c->connect.seq);
		map_int(f, "nonblocking", c->nonblocking);
		map_int(f, "target_traced", !c->foreign);
		map_int(f, "client_address_known", c->client_local.port != 0);
		if (c->outcome.host) {
			map_int(f, "end_seq", c->outcome.seq);
			if (c->outcome.time != NC_NIL &&
			    c->connect.time != NC_NIL)
				map_int(f, "waited",
				    c->outcome.time - c->connect.time +
					(c->outcome.duration == NC_NIL ?
						0 :
						c->outcome.duration));
		}
	} else {
		map_int(f, "seq", (int64_t)c->seq);
	}
	if (c->accept.host) {
		map_int(f, "server_process", c->accept.process);
		map_int(f, "server_line", c->accept.line);
	}
	map_addr(f, "listener", &c->listener_then);
	map_addr(f, "listener_other", &c->listener_other);
	map_int(f, "elastic",
	    (client && client->rx.elastic) || (server && server->rx.elastic));
	map_int(f, "payload_confirmed", c->confirmed);
	map_int(f, "sole",
	    match_is_sole(c) && !(c->port && c->port->astray) &&
		!guess_is_address(m, &c->server_peer));
	map_int(f, "tls", c->tls_c || c->tls_s);
	map_int(f, "client_released", client ? client->released : 0);
	map_int(f, "server_released", server ? server->released : 0);
	map_int(f, "late", c->late);
	map_int(f, "unseen", c->unseen);
	complete = !(client && client->host->uncertain) &&
	    !(server && server->host->uncertain);
	map_int(f, "complete", complete);
	if (c->state == CONN_HALF || c->foreign)
		map_str(f, "asks_for", c->asks_for);
	if (c->error > 0)
		map_str(f, "error", nc_errno_name(c->error));
	(void)m;
	return map_done(f);
}

/* What never arrived although its receiver is still there. */
static void
undelivered(struct nc_model *m, struct conn *c, int from)
{
	struct ep *e = c->ep[from], *p = c->ep[!from];
	uint64_t bytes = 0, writes = 0, largest = 0;
	int64_t since = NC_NIL;
	const struct chunk *k;
	struct dev d;

	if (!e || !p || c->state != CONN_OPEN || p->released || p->rst ||
	    p->rst_seen || e->tx.lossy || p->rx.elastic || p->rx.eof ||
	    p->host->unsure)
		return;
	if (oob_only(p)) {
		oob_unread(m, p);
		return;
	}
	for (k = e->tx.first; k; k = k->next) {
		if (k->offset + k->len <= p->rx.rcvd || k->optional)
			continue;
		if (since == NC_NIL)
			since = k->time;
		bytes += k->offset + k->len -
		    (k->offset > p->rx.rcvd ? k->offset : p->rx.rcvd);
		writes++;
		if (k->len > largest)
			largest = k->len;
	}
	if (!bytes ||
	    !dev_open_ref(
		&d, m, &e->tx.last_ref, DEV_DATA_UNDELIVERED, "end_sweep"))
		return;
	dev_conn(&d, c, from);
	dev_int(&d, "bytes", (int64_t)bytes);
	dev_int(&d, "writes", (int64_t)writes);
	dev_int(&d, "largest_lost", (int64_t)largest);
	dev_int(&d, "largest_delivered", (int64_t)ep_largest(p));
	dev_int(&d, "waiting", wait_lasts(p));
	dev_int(&d, "waited", wait_since(m, p, since));
	dev_int(&d, "receiver_open", 1);
	dev_int(&d, "quiet", quiet_before_loss(e));
	dev_cause(&d, &p->rx.last_ref);
	dev_close(&d);
}

void
conn_write(struct nc_model *m, struct conn *c)
{
	char text[4][NC_ADDR_TEXT];
	struct map to_server = { 0 }, to_client = { 0 }, f = { 0 };
	struct nc_buf refs = { 0 };
	const struct ref none = { 0 };
	const struct ref *list[4];
	struct nc_connection rec;
	bool elastic = (c->ep[0] && c->ep[0]->rx.elastic) ||
	    (c->ep[1] && c->ep[1]->rx.elastic);

	if (c->written || !m->sink)
		return;
	c->written = true;
	match_tell_nat(m, c);
	match_tell_redirect(m, c);
	undelivered(m, c, 0);
	undelivered(m, c, 1);
	mutual_end(m, c);
	stall_end(m, c->ep[0]);
	stall_end(m, c->ep[1]);
	timeout_end(m, c->ep[0]);
	timeout_end(m, c->ep[1]);
	held_decide(m, c, NULL);
	tls_finish(m, c);
	pace_tell(m, c);
	if (elastic && c->state == CONN_OPEN)
		m->elastic++;
	else if (c->success)
		m->by_match[c->match]++;
	row_taken(m, ROW_stat_connection);
	nc_record_init(NC_KIND_connection, &rec);
	rec.connection = (int64_t)c->number;
	rec.match = nc_str(match_names[c->match]);
	if (c->ep[0]) {
		rec.client_host = nc_str(c->ep[0]->host->name);
		rec.client_socket = c->ep[0]->number;
	}
	if (c->ep[1]) {
		rec.server_host = nc_str(c->ep[1]->host->name);
		rec.server_socket = c->ep[1]->number;
	} else if (c->port && c->port->host) {
		rec.server_host = nc_str(c->port->host->name);
	}
	if (c->client_local.family)
		rec.client_local =
		    nc_str(nc_addr_print_port(&c->client_local, text[0]));
	if (c->target.family)
		rec.client_target =
		    nc_str(nc_addr_print_port(&c->target, text[1]));
	if (c->server_local.family)
		rec.server_local =
		    nc_str(nc_addr_print_port(&c->server_local, text[2]));
	if (c->server_peer.family)
		rec.server_peer =
		    nc_str(nc_addr_print_port(&c->server_peer, text[3]));
	rec.opened = nc_str(c->opened);
	rec.closed = nc_str(closed_by(c));
	rec.elastic = elastic;
	rec.to_server = direction(&to_server, c, 0);
	rec.to_client = direction(&to_client, c, 1);
	rec.first = c->connect.host ? c->connect.time : c->accept.time;
	if (c->ep[0] && c->ep[0]->release.host)
		rec.last = c->ep[0]->release.time;
	else if (c->outcome.host)
		rec.last = c->outcome.time;
	list[0] = &c->connect;
	list[1] = &c->accept;
	list[2] = c->ep[0] ? &c->ep[0]->tx.last_ref : &none;
	list[3] = c->ep[1] ? &c->ep[1]->tx.last_ref : &none;
	rec.refs = pack_refs(&refs, list, 4);
	rec.facts = facts(&f, m, c);
	m->sink->put(m->sink->ctx, NC_KIND_connection, &rec);
	map_fini(&to_server);
	map_fini(&to_client);
	map_fini(&f);
	nc_buf_fini(&refs);
}

/* Flows */

static struct nc_bytes
flow_facts(struct map *f, struct nc_model *m, const struct flow *w)
{
	const struct udp *u = flow_receiver(w);

	map_int(f, "max_received", (int64_t)w->max_received);
	if (w->lost_seen) {
		map_int(f, "min_lost", (int64_t)w->min_lost);
		map_int(f, "max_lost", (int64_t)w->max_lost);
		map_int(f, "longest_run", (int64_t)w->longest_run);
		map_int(f, "lost_tail", (int64_t)w->tail);
		map_int(f, "lost_outside", (int64_t)w->outside);
		map_int(f, "lost_overrun", (int64_t)w->overrun);
		map_int(f, "small_after_large",
		    w->first_large && w->last_fifo > w->first_large);
	}
	map_int(f, "large_sent", (int64_t)w->large);
	map_int(f, "small_sent", (int64_t)(w->sent - w->large));
	map_int(f, "small_received", (int64_t)w->received);
	map_int(f, "compared", (int64_t)w->compared);
	map_int(f, "receiver_bound", u != NULL);
	map_int(f, "receiver_waiting",
	    u &&
		wait_after(m, u, w->last_lost_seq, w->host, w->last_lost_time));
	map_int(f, "receiver_stays",
	    u && (!u->released || host_ends_with(u->host, &u->release)));
	map_int(f, "strangers",
	    w->to_host != NULL && wait_strangers(w->host, w->to_host));
	map_int(f, "buffer_set",
	    u && u->sock ? u->sock->rcvbuf :
		u        ? u->rcvbuf :
			   0);
	map_int(f, "multicast", w->multicast);
	map_int(f, "refused", (int64_t)w->refused);
	map_int(f, "target_traced", w->to_host != NULL);
	map_int(
	    f, "unseen", w->port && (w->port->unseen || guess_confuses(m, w)));
	map_int(f, "seq", (int64_t)w->first_seq);
	map_int(f, "first_time", w->first_send.time);
	map_int(f, "process", w->first_send.process);
	if (u && nc_addr_is_loopback(&u->local) &&
	    !nc_addr_is_loopback(&w->destination))
		map_addr(f, "loopback_listener", &u->local);
	else if (u &&
	    nc_addr_is_v4(&u->local) != nc_addr_is_v4(&w->destination) &&
	    !(nc_addr_is_wildcard(&u->local) && !u->v6only &&
		!nc_addr_is_v4(&u->local)))
		map_addr(f, "family_listener", &u->local);
	return map_done(f);
}

static const char *
flow_loss_cause(struct nc_model *m, const struct flow *f)
{
	const struct udp *u = flow_receiver(f);

	if (!u || f->outside == f->lost_seen || f->overrun * 2 > f->lost_seen)
		return "application";
	if (wait_after(m, u, f->last_lost_seq, f->host, f->last_lost_time))
		return "network";
	return "unknown";
}

void
flow_write(struct nc_model *m, struct flow *f)
{
	char text[2][NC_ADDR_TEXT];
	struct map map = { 0 };
	struct nc_buf refs = { 0 };
	const struct ref *list[4] = { &f->first_send, &f->first_recv,
		&f->first_lost, &f->last_send };
	bool lost = f->port && f->port->host && f->sent > f->received;
	struct nc_flow rec;

	if (!m->sink)
		return;
	row_taken(m, ROW_stat_flow);
	nc_record_init(NC_KIND_flow, &rec);
	rec.flow = (int64_t)f->number;
	rec.sender_host = nc_str(f->host->name);
	rec.sender_socket = f->sender_number;
	if (f->source.family)
		rec.source = nc_str(nc_addr_print_port(&f->source, text[0]));
	if (f->to_host)
		rec.receiver_host = nc_str(f->to_host->name);
	if (f->receiver)
		rec.receiver_socket = f->receiver_number;
	rec.destination = nc_str(nc_addr_print_port(&f->destination, text[1]));
	rec.match = nc_str(match_names[f->match]);
	rec.sent = (int64_t)f->sent;
	rec.received = (int64_t)f->received;
	rec.lost = lost && !f->port->unseen ? (int64_t)(f->sent - f->received) :
					      0;
	rec.bytes_sent = (int64_t)f->bytes_sent;
	rec.bytes_received = (int64_t)f->bytes_received;
	rec.bytes_lost = rec.lost && f->bytes_sent > f->bytes_received ?
	    (int64_t)(f->bytes_sent - f->bytes_received) :
	    0;
	rec.duplicated = (int64_t)f->dups;
	rec.reordered = (int64_t)f->reordered;
	rec.truncated = (int64_t)f->truncated;
	if (rec.lost) {
		row_taken(m, ROW_stat_loss_cause);
		rec.loss_cause = nc_str(flow_loss_cause(m, f));
	}
	rec.refs = pack_refs(&refs, list, 4);
	rec.facts = flow_facts(&map, m, f);
	m->sink->put(m->sink->ctx, NC_KIND_flow, &rec);
	map_fini(&map);
	nc_buf_fini(&refs);
}

/* Totals */

static void
count(struct nc_model *m, const char *name, uint64_t v)
{
	struct nc_count rec;

	nc_record_init(NC_KIND_count, &rec);
	rec.stage = nc_str("nc-model");
	rec.name = nc_str(name);
	rec.value = (int64_t)v;
	m->sink->put(m->sink->ctx, NC_KIND_count, &rec);
}

void
totals_write(struct nc_model *m)
{
	uint64_t rejects = 0;
	size_t i;

	if (!m->sink)
		return;
	/* What an incomplete trace does not show is not held against it. */
	for (i = 0; i < m->nhosts; i++)
		if (!m->hosts[i]->uncertain)
			rejects += m->hosts[i]->rejects;
	count(m, "ordered", m->ordered);
	count(m, "permanent_rejects", rejects);
	count(m, "bytes_received", m->received);
	count(m, "bytes_compared", m->compared);
	count(m, "connections_exact", m->by_match[MATCH_EXACT]);
	count(m, "connections_host", m->by_match[MATCH_HOST]);
	count(m, "connections_nat", m->by_match[MATCH_NAT]);
	count(m, "connections_inferred", m->by_match[MATCH_INFERRED]);
	count(m, "connections_external", m->by_match[MATCH_EXTERNAL]);
	count(m, "connections_elastic", m->elastic);
}
