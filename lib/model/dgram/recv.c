/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Receiving datagrams.
 */
#include "find.h"

#include "../deviate.h"
#include "../host/clock.h"
#include "../offer.h"
#include "../socket/guess.h"
#include "../socket/port.h"
#include "../socket/timeout.h"
#include "../socket/unread.h"
#include "../stream/transfer.h"
#include "../wait.h"
#include "cast.h"
#include "overrun.h"
#include "segment.h"

/* What times cut to whole seconds or milliseconds may leave out, ns. */
static int64_t
coarse(int64_t grain)
{
	return grain >= 1000000 ? grain : 0;
}

/*
 * It came when its receiver had given up waiting for it once.  Without a
 * common clock: of the time from the question to the end of the wait all is
 * spent on the way but what the other side took to answer.
 */
static void
tell_late(struct offer *o, const struct dgram *d, const struct nc_addr *from)
{
	const struct sock *s = o->sock;
	const struct wait *w = wait_last(s);
	const struct flow *question;
	int64_t passed, answering, waits;
	struct dev dev;

	/* Coarse times do not tell that the wait was for this answer. */
	if (!w->ups || d->asked == NC_NIL || d->time == NC_NIL ||
	    w->up_begin == NC_NIL ||
	    w->up_begin < d->asked + coarse(o->host->grain))
		return;
	/* Of equal questions another may be the one that was answered. */
	question = nc_map_get(&o->m->flows, d->question);
	if (!question || question->alike || d->flow->alike)
		return;
	passed = w->up_end - d->asked;
	answering = d->time - d->answered;
	if (answering < 0 ||
	    answering + coarse(d->flow->host->grain) > passed / 4 ||
	    !dev_open(&dev, o, DEV_NETWORK_ERROR, "poll_timeout"))
		return;
	dev_flow(&dev, d->flow, true);
	/* What its host sends to several may be another one's as well. */
	if (guess_is_address(o->m, from) &&
	    (d->flow->of_next || d->flow->of_prev))
		dev_weak(&dev);
	dev_int(&dev, "bytes", (int64_t)d->len);
	dev_int(&dev, "waited", w->up_end - w->up_begin);
	/* Those before the question were for something else. */
	waits = passed / (w->up_end - w->up_begin + 1) + 1;
	dev_int(&dev, "waits", waits < w->ups ? waits : w->ups);
	dev_int(&dev, "underway", passed - answering);
	dev_int(&dev, "answering", answering);
	dev_cause(&dev, d->ref);
	dev_close(&dev);
}

/* It may be another socket's, which has not sent yet in the order. */
static bool
is_guess(struct offer *o, const struct hit *hit, const struct nc_addr *from)
{
	const struct flow *f = hit->d->flow;
	const struct port *p;

	if (hit->fit <= GUESSED)
		return !host_done(f->host);
	if (!from->port || !f->sender || f->sender->local.port ||
	    f->source.port || host_owning(o->m, o->host, from) != f->host ||
	    host_done(f->host))
		return false;
	p = port_get(o->m, f->host, true, from->port, false);
	return !p || !p->receivers;
}

static void
take(struct offer *o, const struct hit *hit, const struct nc_addr *from,
    uint64_t n)
{
	const struct nc_call *call = o->call;
	struct port *at = local_port(o);
	struct dgram *d = hit->d;
	struct flow *f = d->flow;
	int64_t peek = call->flags == NC_NIL ? 0 : call->flags & NC_MSG_PEEK;
	struct dev dev;
	size_t k = dgram_known(o, d);
	bool same_reader;
	int64_t lay;

	if (hit->cut &&
	    !(call->flags != NC_NIL && (call->flags & NC_MSG_TRUNC))) {
		if (dev_open(&dev, o, DEV_DGRAM_TRUNCATED, "dgram_recv")) {
			dev_flow(&dev, f, true);
			dev_int(&dev, "datagram", d->len);
			dev_int(&dev, "buffer", call->asked);
			dev_int(&dev, "peeked", peek != 0);
			/* The rest of it stays there. */
			if (peek)
				dev.rec.severity = nc_str("info");
			dev_cause(&dev, d->ref);
			dev_close(&dev);
		}
		if (!peek)
			f->truncated++;
	}
	if (peek)
		return;
	dgram_learn(o, hit, from);
	/* Which of its tasks got which, and answered what, is a guess. */
	if (at && o->host->apart && guess_blurs(f))
		at->blurred = true;
	if (f->match == MATCH_NONE)
		f->match = MATCH_EXACT;
	if (!f->receiver && o->sock->udp) {
		flow_received_by(o->m, f, o->sock->udp);
		f->receiver_number = o->sock->number;
	}
	if (f->match != MATCH_INFERRED)
		clock_got(o, f->host, d->time);
	host_heard(o->host, f->host, d->seq);
	if (!f->received)
		ref_set(&f->first_recv, o);
	same_reader = f->received && f->last_recv.thread == call->thread &&
	    f->last_recv.socket == call->socket;
	ref_set(&f->last_recv, o);
	overrun_received(o, d);
	f->received++;
	f->bytes_received += n;
	f->compared += k < n ? k : n;
	o->m->received += n;
	if (o->host->key == f->host->key)
		o->m->compared += call->data.len < n ? call->data.len : n;
	if (d->len > f->max_received)
		f->max_received = d->len;
	if (!f->first_fifo || d->fifo < f->first_fifo)
		f->first_fifo = d->fifo;
	if (f->port && (!f->port->first_sent || d->seq < f->port->first_sent))
		f->port->first_sent = d->seq;
	if (d->fifo > f->last_fifo) {
		f->last_fifo = d->fifo;
		f->last_thread = d->thread;
	} else if (d->thread == f->last_thread && same_reader && k >= 8) {
		flow_overtaken(o, f, d);
	}
	tell_late(o, d, from);
	o->sock->wait.ups = 0;
	lay = unread_for(o);
	unread_taken(o, n);
	o->sock->heard = (struct heard){ d->time == NC_NIL ? NULL : f->host,
		d->time, lay == NC_NIL ? NC_NIL : call_end(call) - lay,
		f->key };
	if (o->sock->heard.came == NC_NIL)
		o->sock->heard.from = NULL;
	dgram_keep(o->m, at, f, from->port, dgram_received(o, n, from));
	dgram_del(o->m, d);
	flow_settle(o->m, f);
}

void
dgram_take(struct offer *o, struct dgram *d, const struct nc_addr *from)
{
	struct hit hit = { .d = d, .fit = dgram_fits(o, d, from, d->len) };

	take(o, &hit, from, d->len);
}

static bool
may_come(struct offer *o, const struct nc_addr *from)
{
	struct nc_model *m = o->m;
	struct nc_host_state *h;
	struct port *p;
	size_t i;

	if (from->family) {
		h = host_owning(m, o->host, from);
		if (h) {
			p = port_get(m, h, true, from->port, false);
			return !(p && p->unseen) && !host_done(h);
		}
		if (nc_map_get(&m->external, nc_addr_hash_ip(from)))
			return false;
	}
	for (i = 0; i < m->nhosts; i++)
		if (m->hosts[i] != o->host && !host_done(m->hosts[i]))
			return true;
	return false;
}

/* Waits for another datagram to the port, or for its sender's end. */
static enum nc_answer
await(
    struct offer *o, const struct port *p, const struct nc_addr *from, bool hit)
{
	uint64_t key = key_of(KEY_DGRAM_ANY, o->host->index, p ? p->number : 0);
	struct nc_host_state *h =
	    from->family ? host_owning(o->m, o->host, from) : NULL;

	if (h)
		host_await(h, key);
	return defer(o, key, "datagram",
	    hit ? 0 : dgram_unexplained(o, p, from, (uint64_t)o->call->result));
}

static void
tried(struct offer *o)
{
	wait_note(o, &o->sock->wait);
	if (o->sock->udp)
		o->sock->udp->wait = o->sock->wait;
}

/* A refusal by a bound port is better taken after its receiver went. */
static uint64_t
refusal_waits(struct offer *o)
{
	const struct nc_addr *to = &o->sock->peer;
	struct nc_host_state *h = to->family ? host_owning(o->m, o->host, to) :
					       NULL;
	const struct port *p = h ? port_get(o->m, h, true, to->port, false) :
				   NULL;

	return p && port_receiver(p, to) && !host_done(h) ?
	    key_of(KEY_RELEASE, p->id, 0) :
	    0;
}

enum nc_answer
dgram_recv(struct offer *o)
{
	const struct nc_call *call = o->call;
	struct sock *s = o->sock;
	int64_t flags = call->flags == NC_NIL ? 0 : call->flags;
	const struct nc_addr *from = o->step->peer.family ? &o->step->peer :
							    &s->peer;
	struct port *p = local_port(o);
	struct cast_entry *e;
	struct hit hit;
	bool cut = false;

	if (o->step->error == NC_ECONNREFUSED) {
		uint64_t key = refusal_waits(o);

		if (key && o->mode == NC_TRY)
			return defer(o, key, "release of the receiver", 0);
		dgram_refused(o);
		return NC_ACCEPT;
	}
	if ((o->step->error == NC_EHOSTUNREACH ||
		o->step->error == NC_ENETUNREACH) &&
	    from->family) {
		dgram_unreachable(o);
		return NC_ACCEPT;
	}
	if (o->step->error == NC_EOPNOTSUPP) {
		not_supported(o, "dgram_fail");
		return NC_ACCEPT;
	}
	if (o->step->error || call->result == NC_NIL) {
		if (o->step->error == NC_EAGAIN)
			timeout_note(o, false);
		tried(o);
		return NC_ACCEPT;
	}
	if (flags & (NC_MSG_ERRQUEUE | NC_MSG_OOB))
		return NC_ACCEPT;
	if (s->v6only_default && nc_addr_is_v4(from)) {
		s->v6only = s->v6only_default = false;
		if (s->udp)
			s->udp->v6only = false;
	}
	if (call->result == 0 && !o->step->peer.family)
		return NC_ACCEPT; /* shutdown, or nothing to compare */
	hit = dgram_search(o, p, from, (uint64_t)call->result);
	if (!hit.d && segment_recv(o, p, from, (uint64_t)call->result)) {
		s->taken = taken_here(o);
		tried(o);
		return NC_ACCEPT;
	}
	e = hit.d ? NULL : cast_find(o, from, (uint64_t)call->result, &cut);
	if (!e && (!hit.d || is_guess(o, &hit, from)) && o->mode == NC_TRY &&
	    may_come(o, from))
		return await(o, p, from, hit.d != NULL);
	s->taken = taken_here(o);
	tried(o);
	if (o->m->sink && call->asked != NC_NIL && call->result > call->asked &&
	    call->flags != NC_NIL && !(flags & NC_MSG_TRUNC))
		dev_simple(o, DEV_MSG_BIGGER_THAN_BUFFER, "any_toolong");
	if (hit.d)
		take(o, &hit, from, (uint64_t)call->result);
	else if (e)
		cast_take(o, e, (uint64_t)call->result, cut);
	else if (!cast_at(o->m, s->local.port) && !s->joined)
		dgram_strange(o, p, from, (uint64_t)call->result);
	return NC_ACCEPT;
}
