/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Flows of datagrams: from a socket to an address, and what became of them.
 */
#include "dgram.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../host/clock.h"
#include "../offer.h"
#include "../report.h"
#include "../socket/guess.h"
#include "../socket/port.h"
#include "../stream/transfer.h"
#include "../wait.h"
#include "doubt.h"
#include "overrun.h"

/* Receivers at the port that are looked at for one that a flow can reach. */
#define RECEIVERS_MAX 16
#define STRAY_MAX 8192 /* flows kept that nobody in a trace receives */
#define STRAY_TRIED 8  /* of these, looked at for one that can go */
#define UNDER_WAY INT64_C(1000000000) /* ns that one may be at most */
#define STRANGERS 60 /* confidence, where nothing has ever passed */

static void flow_done(struct nc_model *m, struct flow *f);

/*
 * A network's own broadcast address.  Masks are not known; but its last bits
 * are ones, it is no host's, and the program has asked for SO_BROADCAST.
 */
static bool
is_directed(const struct offer *o, const struct nc_addr *a)
{
	const struct nc_host_state *h = o->host;
	unsigned ones = 0;
	size_t i;

	if (!nc_addr_is_v4(a) || nc_addr_is_loopback(a) ||
	    !(o->sock->broadcast || o->sock->late) || host_owning(o->m, h, a))
		return false;
	while (ones < 8 && a->ip[15] >> ones & 1)
		ones++;
	if (ones == 8)
		return true;
	for (i = 0; ones > 1 && i < h->naddrs; i++)
		if (nc_addr_is_v4(&h->addrs[i]) &&
		    memcmp(h->addrs[i].ip, a->ip, 15) == 0 &&
		    h->addrs[i].ip[15] >> ones == a->ip[15] >> ones)
			return true;
	return false;
}

static bool
is_group(const struct offer *o, const struct nc_addr *a)
{
	return nc_addr_is_multicast(a) || nc_addr_is_broadcast(a) ||
	    is_directed(o, a);
}

/*
 * Of flows that nobody in a trace receives, or not any more, those are kept on
 * which something was sent last.
 */
static void
strays_trim(struct nc_model *m)
{
	struct gone *oldest;
	struct flow *f;
	int tried = 0;

	while (tried < STRAY_TRIED &&
	    (oldest = gone_beyond(&m->stray_flows, STRAY_MAX))) {
		f = gone_of(oldest, struct flow);
		/* What is sent to many is counted until all have passed it. */
		if (f->used || (f->multicast && f->outstanding)) {
			f->used = false;
			gone_put(&m->stray_flows, &f->gone);
			tried++;
		} else if (f->outstanding == 0) {
			flow_done(m, f);
		} else if (!dgram_retire_oldest(m)) {
			return;
		}
	}
}

struct flow *
flow_get(struct offer *o, const struct nc_addr *to)
{
	struct nc_model *m = o->m;
	struct sock *s = o->sock;
	uint64_t key = key_of(4,
	    (uint64_t)s->number ^ ((uint64_t)o->host->index << 40),
	    nc_addr_hash_ip(to) ^ ((uint64_t)to->port << 7));
	struct flow *f = nc_map_get(&m->flows, key);
	struct nat *n;

	if (f) {
		f->used = true;
		return f;
	}
	strays_trim(m);
	f = nc_xcalloc(1, sizeof(*f));
	gone_put(&m->stray_flows, &f->gone);
	f->number = ++m->nflows;
	f->key = key;
	f->host = o->host;
	f->sender_number = s->number;
	f->late_sender = s->late;
	f->destination = *to;
	f->first_seq = m->seq;
	f->multicast = is_group(o, to);
	f->to_host = f->multicast ? NULL : host_owning(m, o->host, to);
	if (f->to_host) {
		f->port = port_get(m, f->to_host, true, to->port, true);
	} else if (!f->multicast &&
	    (n = nc_map_get(
		 &m->udp_nat, key_of(3, nc_addr_hash_ip(to), to->port)))) {
		f->to_host = n->host;
		f->match = MATCH_NAT;
		f->unproven = n->unproven;
		f->port = port_get(m, n->host, true, n->private_.port, true);
	} else if (!f->multicast && m->undeclared) {
		f->port = port_get(m, NULL, true, to->port, true);
	}
	if (!f->port)
		f->match = MATCH_EXTERNAL;
	ref_set(&f->first_send, o);
	f->prev = m->last_flow;
	if (m->last_flow)
		m->last_flow->next = f;
	else
		m->first_flow = f;
	m->last_flow = f;
	if (!s->flows && !s->local.port) {
		o->host->nameless++;
		/* What comes from there may as well be of no trace. */
		if (o->host->hides)
			guess_doubt(o->host);
	}
	f->sender = s;
	f->of_next = s->flows;
	if (s->flows)
		s->flows->of_prev = f;
	s->flows = f;
	nc_map_put(&m->flows, key, f);
	return f;
}

static bool
reaches(const struct udp *u, const struct nc_addr *to)
{
	if (!nc_addr_is_wildcard(&u->local))
		return nc_addr_same_ip(&u->local, to);
	return nc_addr_is_v4(&u->local) ? nc_addr_is_v4(to) :
					  !(u->v6only && nc_addr_is_v4(to));
}

const struct udp *
port_receiver(const struct port *p, const struct nc_addr *to)
{
	const struct udp *u = p ? p->receivers : NULL;
	unsigned n;

	for (n = 0; u && n < RECEIVERS_MAX; n++, u = u->next)
		if (!u->released && reaches(u, to))
			return u;
	return NULL;
}

const struct udp *
flow_receiver(const struct flow *f)
{
	const struct udp *u = f->port ? f->port->receivers : NULL;
	unsigned n;

	if (f->receiver)
		return f->receiver;
	for (n = 0; u && n < RECEIVERS_MAX; n++, u = u->next)
		if (reaches(u, &f->destination))
			return u;
	return f->port ? f->port->receivers : NULL;
}

/* Something came back for it, which its receiver's trace does not show. */
static bool
was_answered(struct flow *f)
{
	if (f->unshown == 0)
		return false;
	f->unshown--;
	return true;
}

/*
 * Received, it may be, before the receiver's trace began.  Which of several
 * alike came after that nobody knows.
 */
static bool
was_early(const struct flow *f, const struct udp *u, const struct dgram *d)
{
	if (!u->late || !u->port->first_sent)
		return false;
	return d->seq < u->port->first_sent ||
	    (f->first_fifo && (d->fifo < f->first_fifo || f->alike));
}

/* Its receiver was closed by then; clocks know better than the order. */
static bool
was_gone(struct nc_model *m, const struct udp *u,
    const struct nc_host_state *from, const struct dgram *d)
{
	int64_t at;

	if (!u->released || d->seq <= u->released_seq ||
	    wait_strangers(from, u->host))
		return false;
	at = d->time == NC_NIL || !u->release.host ||
		u->release.time == NC_NIL ?
	    NC_NIL :
	    clock_about(m, from, d->time, u->host);
	return at == NC_NIL || at > u->release.time;
}

/* Its receiver's trace was over by then, or soon after; the program was not. */
static bool
was_unseen(struct nc_model *m, const struct flow *f, const struct udp *u,
    const struct dgram *d)
{
	int64_t at, last = u->host->last_time;

	if (u->released || !u->host->cut || d->fifo < f->last_fifo)
		return false;
	at = clock_about(m, f->host, d->time, u->host);
	return d->time == NC_NIL || at == NC_NIL || last == NC_NIL ||
	    last - at < UNDER_WAY;
}

/* Its receiver was not bound yet; here, too, clocks know better. */
static bool
was_unbound(struct nc_model *m, const struct udp *u,
    const struct nc_host_state *from, const struct dgram *d)
{
	int64_t at;

	if (d->seq >= u->bound_seq)
		return false;
	at = d->time == NC_NIL || !u->bind.host || u->bind.time == NC_NIL ?
	    NC_NIL :
	    clock_about(m, from, d->time, u->host);
	return at == NC_NIL || at < u->bind.time;
}

void
count_lost(struct nc_model *m, struct flow *f, const struct dgram *d)
{
	const struct udp *u = flow_receiver(f);

	doubt_missing(f, d->len);
	f->overrun += overrun_met(m, u, d);
	f->lost_seen++;
	if (!f->first_lost.host && d->ref)
		f->first_lost = *d->ref;
	if (!f->min_lost || d->len < f->min_lost)
		f->min_lost = d->len;
	if (d->len > f->max_lost)
		f->max_lost = d->len;
	if (d->len > f->max_received) {
		f->large++;
		if (!f->first_large)
			f->first_large = d->fifo;
	}
	/* With nothing received after them, they may still be under way. */
	if (d->fifo > f->last_fifo && f->received &&
	    !(u && wait_outlasts(m, u, f->host, d->time, UNDER_WAY)) &&
	    (d->fifo + 2 > f->sent ||
		(d->time != NC_NIL && f->last_send.time != NC_NIL &&
		    f->last_send.time - d->time <= UNDER_WAY)))
		f->tail++;
	else if (u &&
	    (was_answered(f) || was_unbound(m, u, f->host, d) ||
		was_early(f, u, d) || was_unseen(m, f, u, d) ||
		was_gone(m, u, f->host, d) ||
		!wait_after(m, u, d->seq, f->host, d->time)))
		f->outside++;
	f->run = d->fifo == f->last_lost + 1 ? f->run + 1 : 1;
	if (f->run > f->longest_run)
		f->longest_run = f->run;
	f->last_lost = d->fifo;
	f->last_lost_seq = d->seq;
	f->last_lost_time = d->time;
}

static void
tell_flow(struct nc_model *m, struct flow *f)
{
	struct dev d;

	if (!f->lost_seen || !f->port || !f->port->host)
		return;
	if (!f->received && !f->port->receivers) {
		const struct udp *u = f->port->receivers;

		if (f->port->unseen ||
		    !dev_open_ref(&d, m, &f->first_send, DEV_DGRAM_NO_RECEIVER,
			"dgram_send"))
			return;
		dev_flow(&d, f, false);
		dev_int(&d, "count", (int64_t)f->lost_seen);
		if (!u) {
			dev_weak(&d);
			dev_confidence(&d, 30);
		}
		dev_close(&d);
		return;
	}
	if (!dev_open_ref(&d, m,
		f->first_lost.host ? &f->first_lost : &f->first_send,
		DEV_DGRAM_LOST, "stat_flow"))
		return;
	dev_flow(&d, f, false);
	if (guess_confuses(m, f))
		dev_weak(&d);
	/* What was taken for its own may be that of one that no trace shows. */
	if (f->inferred && f->host->omits)
		dev_weak(&d);
	/* A read may have taken them. */
	if (f->port->host && f->port->host->lean)
		dev_weak(&d);
	/* The recordings may be of different times. */
	if (wait_strangers(f->host, f->port->host))
		dev_confidence(&d, STRANGERS);
	dev_int(&d, "lost", (int64_t)f->lost_seen);
	dev_int(&d, "sent", (int64_t)f->sent);
	dev_int(&d, "bytes", (int64_t)(f->bytes_sent - f->bytes_received));
	dev_cause(&d, &f->last_recv);
	dev_close(&d);
}

/* Overtaking */

static uint64_t
content(const struct dgram *d)
{
	uint64_t h = nc_hash(d->data, d->known, d->len);

	return h ? h : 1;
}

void
flow_overtaken(struct offer *o, struct flow *f, const struct dgram *d)
{
	if (f->reordered < OVERTAKEN)
		f->late_hash[f->reordered] = content(d);
	f->reordered++;
	if (!d->ref || f->overtaken)
		return;
	f->overtaken = nc_xmalloc(sizeof(*f->overtaken));
	*f->overtaken = *d->ref;
	f->late = nc_xcalloc(1, sizeof(*f->late));
	ref_set(f->late, o);
}

void
flow_repeats(struct flow *f, const struct dgram *d)
{
	uint64_t i, h = content(d);

	for (i = 0; i < LATELY && !f->alike; i++)
		f->alike = f->lately[i] == h;
	f->lately[f->sent % LATELY] = h;
	for (i = 0; i < f->reordered && i < OVERTAKEN; i++)
		f->repeats |= f->late_hash[i] == h;
}

static void
tell_overtaken(struct nc_model *m, struct flow *f)
{
	struct dev d;

	if (f->repeats)
		f->reordered = 0;
	if (!f->reordered || !f->late ||
	    !dev_open_ref(&d, m, f->late, DEV_DGRAM_REORDERED, "dgram_recv"))
		return;
	dev_flow(&d, f, true);
	dev_int(&d, "count", (int64_t)f->reordered);
	dev_int(&d, "received", (int64_t)f->received);
	dev_cause(&d, f->overtaken);
	dev_close(&d);
}

void
flow_keep_past(struct offer *o, const struct sock *s)
{
	struct flow *f;
	struct udp *u;

	if (s->udp || s->local.port)
		return;
	for (f = s->flows; f; f = f->of_next) {
		if (!f->outstanding || !f->port || f->past)
			continue;
		f->past = u = nc_xcalloc(1, sizeof(*u));
		u->host = s->host;
		u->released = true;
		u->bound_seq = s->made_seq;
		u->released_seq = o->m->seq;
		ref_set(&u->release, o);
		u->number = s->number;
		u->wait = *wait_last(s);
		u->rcvbuf = s->rcvbuf;
	}
}

/* The sender's socket is gone: nothing more is sent on the flow. */
static void
flow_orphan(struct flow *f)
{
	if (!f->sender)
		return;
	if (f->of_prev)
		f->of_prev->of_next = f->of_next;
	else
		f->sender->flows = f->of_next;
	if (f->of_next)
		f->of_next->of_prev = f->of_prev;
	f->of_next = f->of_prev = NULL;
	f->sender = NULL;
}

void
flow_received_by(struct nc_model *m, struct flow *f, struct udp *u)
{
	if (f->receiver) {
		if (f->at_prev)
			f->at_prev->at_next = f->at_next;
		else
			f->receiver->flows = f->at_next;
		if (f->at_next)
			f->at_next->at_prev = f->at_prev;
	}
	f->receiver = u;
	f->at_prev = NULL;
	f->at_next = u ? u->flows : NULL;
	if (u) {
		if (u->flows)
			u->flows->at_prev = f;
		u->flows = f;
		if (!u->released && f->sender)
			gone_take(&m->stray_flows, &f->gone);
	}
}

static void
flow_done(struct nc_model *m, struct flow *f)
{
	tell_overtaken(m, f);
	tell_flow(m, f);
	flow_write(m, f);
	free(f->overtaken);
	free(f->late);
	flow_received_by(m, f, NULL);
	gone_take(&m->stray_flows, &f->gone);
	flow_orphan(f);
	free(f->past);
	if (f->prev)
		f->prev->next = f->next;
	else
		m->first_flow = f->next;
	if (f->next)
		f->next->prev = f->prev;
	else
		m->last_flow = f->prev;
	if (nc_map_get(&m->flows, f->key) == f)
		nc_map_del(&m->flows, f->key);
	free(f);
}

void
flows_finish(struct nc_model *m)
{
	while (m->first_flow)
		flow_done(m, m->first_flow);
}

void
flow_settle(struct nc_model *m, struct flow *f)
{
	if (f->outstanding == 0 &&
	    ((!f->sender && !f->segmented) ||
		(f->receiver && f->receiver->released)))
		flow_done(m, f);
}

void
flow_sender_gone(struct nc_model *m, struct sock *s)
{
	struct flow *f, *next;

	for (f = s->flows; f; f = next) {
		next = f->of_next;
		flow_orphan(f);
		gone_put(&m->stray_flows, &f->gone);
		flow_settle(m, f);
	}
}

void
flow_receiver_gone(struct nc_model *m, struct udp *u)
{
	struct flow *f, *next;

	for (f = u->flows; f; f = next) {
		next = f->at_next;
		gone_put(&m->stray_flows, &f->gone);
		flow_settle(m, f);
	}
}

void
dgram_finish(struct nc_model *m)
{
	const struct dgram_list *l = list_get(m, BY_AGE, 1);
	struct dgram *d;

	for (d = l ? l->first : NULL; d; d = d->next[BY_AGE])
		count_lost(m, d->flow, d);
	while ((l = list_get(m, BY_AGE, 1)))
		dgram_del(m, l->first);
	dgram_ahead_finish(m);
	doubt_finish(m);
	flows_finish(m);
}
