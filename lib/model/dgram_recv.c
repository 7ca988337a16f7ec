/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Receiving datagrams: which one it was that came.
 */
#include "dgram.h"

#include <string.h>

#include "cast.h"
#include "clock.h"
#include "deviate.h"
#include "doubt.h"
#include "guess.h"
#include "offer.h"
#include "port.h"
#include "segment.h"
#include "socket.h"
#include "timeout.h"
#include "transfer.h"
#include "untraced.h"
#include "wait.h"

#define TRIED 64 /* candidates looked at */

/*
 * First bytes that both sides show; none if their payload is not redacted
 * alike.
 */
static size_t
known_to_both(const struct offer *o, const struct dgram *d)
{
	size_t n = o->call->data.len;

	if (o->host->key != d->flow->host->key)
		return 0;
	return n < d->known ? n : d->known;
}

/* Does hosts.csv name that address as the host's behind a translator? */
static bool
is_declared(struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *from)
{
	const struct nat *n = nc_map_get(&m->nat_public, nc_addr_hash_ip(from));

	while (n && (n->host != h || !nc_addr_same_ip(&n->public_, from)))
		n = n->next;
	return n != NULL;
}

/* What a search found. */
struct hit {
	struct dgram *d; /* NULL: nothing */
	bool cut;        /* to the size of the buffer */
	bool rival;      /* another socket's fits as well */
	int fit;
};

/* How well a datagram fits what was received; 0 not at all. */
enum { MISFIT, FOREIGN, GUESSED, HOSTS, UNSHOWN, EXACT };

/* That it came from the sender's host, but another port was guessed. */
static int
fits_host(struct offer *o, const struct flow *f, const struct nc_addr *from)
{
	const struct port *p;

	if (f->source.port)
		return f->source.port == from->port ? HOSTS :
		    f->inferred                     ? GUESSED :
						      MISFIT;
	p = port_get(o->m, f->host, true, from->port, false);
	/* That port is another socket's. */
	if (p && p->receivers &&
	    (!p->receivers->sock ||
		p->receivers->sock->number != f->sender_number))
		return p->receivers->inferred ? GUESSED : MISFIT;
	return HOSTS;
}

static int
fits(struct offer *o, const struct dgram *d, const struct nc_addr *from,
    uint64_t n, bool cut)
{
	const struct nc_call *call = o->call;
	const struct flow *f = d->flow;
	struct nc_host_state *h;
	size_t k = known_to_both(o, d);

	if (cut ? d->len <= n : d->len != n)
		return MISFIT;
	/* An echo: who sends to itself is bound to where it sends. */
	if (f->host == o->host && f->sender_number == o->sock->number &&
	    (!o->sock->local.port || o->sock->local_inferred))
		return MISFIT;
	if (call->runs.p)
		k = 0;
	if (k > n)
		k = (size_t)n;
	if (k && memcmp(call->data.p, d->data, k) != 0)
		return MISFIT;
	if (!from->family)
		return UNSHOWN;
	if (f->source.port && f->source.port == from->port &&
	    (nc_addr_is_wildcard(&f->source) || !f->source.family ||
		nc_addr_same_ip(&f->source, from)))
		return EXACT;
	h = host_owning(o->m, o->host, from);
	if (h == f->host)
		return fits_host(o, f, from);
	if (h)
		return MISFIT;
	if (is_declared(o->m, f->host, from))
		return HOSTS;
	/* It is reached under its own addresses: nothing translates it. */
	if (f->host->declared && f->host->seen)
		return MISFIT;
	/* Nor anything that stays within a host. */
	if (f->host == o->host || nc_addr_is_loopback(&f->destination))
		return MISFIT;
	/* Seen under a foreign address: translated, if bytes or port say so. */
	return k >= 4 || n < 4 ||
		(k == 0 && f->source.port && f->source.port == from->port) ?
	    FOREIGN :
	    MISFIT;
}

/* It goes to a port that another socket is known to hold. */
static bool
is_others(const struct offer *o, const struct dgram *d)
{
	const struct udp *u = d->flow->port->receivers;

	return u && u->number != o->sock->number && !u->inferred;
}

/*
 * A socket whose trace does not show its port may be another one of those that
 * equal datagrams came from or went to.
 */
static bool
is_rival(const struct offer *o, const struct dgram *a, const struct dgram *b)
{
	if (a->flow == b->flow)
		return false;
	return a->flow->host != b->flow->host || !a->flow->source.port ||
	    !b->flow->source.port || a->flow->inferred || b->flow->inferred ||
	    (a->flow->port != b->flow->port &&
		(!o->sock->local.port || o->sock->local_inferred));
}

static struct hit
search_list(struct offer *o, int which, uint64_t key,
    const struct nc_addr *from, uint64_t n, bool cut)
{
	const struct dgram_list *l = list_get(o->m, which, key);
	struct hit hit = { .cut = cut };
	struct dgram *d;
	int tried = 0;
	bool ahead = false, taken = false;

	for (d = l ? l->first : NULL; d && tried < TRIED;
	     d = d->next[which], tried++) {
		int fit = fits(o, d, from, n, cut);

		if (fit < hit.fit || fit == MISFIT ||
		    (which == BY_HOST && is_others(o, d)))
			continue;
		/* Of equal ones that which none has overtaken is likelier. */
		ahead = fit >= HOSTS && d->fifo > d->flow->last_fifo;
		if (fit > hit.fit) {
			hit.rival = false;
		} else {
			hit.rival = hit.rival || is_rival(o, d, hit.d);
			if (!ahead || taken)
				continue;
		}
		hit.d = d;
		hit.fit = fit;
		taken = ahead;
		if (ahead && fit == EXACT && !d->flow->inferred &&
		    which != BY_HOST)
			break;
	}
	return hit;
}

static struct hit
search_translated(struct offer *o, const struct nc_addr *from, uint64_t n)
{
	struct hit hit =
	    search_list(o, BY_HOST, host_key(o->host), from, n, false);

	if (hit.d && hit.d->flow->match != MATCH_NAT)
		hit.d = NULL;
	return hit;
}

static struct hit
search_any_port(
    struct offer *o, const struct nc_addr *from, uint64_t n, bool full)
{
	struct hit hit =
	    search_list(o, BY_HOST, host_key(o->host), from, n, false);

	if (!hit.d && full)
		hit = search_list(o, BY_HOST, host_key(o->host), from, n, true);
	return hit;
}

static struct hit
search(struct offer *o, struct port *p, const struct nc_addr *from, uint64_t n)
{
	const struct nc_call *call = o->call;
	size_t known = call->runs.p ? 0 : call->data.len;
	bool full = call->asked != NC_NIL && n == (uint64_t)call->asked;
	struct port *outside;
	struct hit hit;

	if (p) {
		hit = search_list(o, BY_CONTENT,
		    content_key(p, n, call->data.p, known), from, n, false);
		if (!hit.d)
			hit = search_list(o, BY_PORT, p->id, from, n, false);
		if (!hit.d && full)
			hit = search_list(o, BY_PORT, p->id, from, n, true);
	} else {
		hit = search_any_port(o, from, n, full);
	}
	if (!hit.d && p && !o->host->declared &&
	    (outside = port_get(o->m, NULL, true, p->number, false)))
		hit = search_list(o, BY_PORT, outside->id, from, n, false);
	/* An answer through a translator, to a port that was not shown. */
	if (!hit.d && p && o->m->udp_nat.n > 0)
		hit = search_translated(o, from, n);
	/* Not the port that was guessed. */
	if (!hit.d && p && o->sock->local_inferred) {
		hit = search_any_port(o, from, n, full);
		hit.fit = hit.fit < GUESSED ? hit.fit : GUESSED;
	}
	return hit;
}

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
tell_late(struct offer *o, const struct dgram *d)
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

static int64_t
exit_time(const struct nc_call *c)
{
	return c->time == NC_NIL ?
	    NC_NIL :
	    c->time + (c->duration == NC_NIL ? 0 : c->duration);
}

static void
learn_nat(struct offer *o, struct flow *f, const struct nc_addr *from)
{
	struct nat *n;
	uint64_t key = key_of(3, nc_addr_hash_ip(from), from->port);
	struct dev d;

	f->match = MATCH_INFERRED;
	if (nc_map_get(&o->m->udp_nat, key))
		return;
	n = nc_xcalloc(1, sizeof(*n));
	n->host = f->host;
	n->private_ = f->source;
	/* Not shown yet: translators keep the port where it is free. */
	if (!n->private_.port)
		n->private_.port = from->port;
	n->public_ = *from;
	nc_map_put(&o->m->udp_nat, key, n);
	if (!f->host->declared) {
		guess_address(o->m, f->host, from);
		f->match = MATCH_HOST;
		return;
	}
	f->match = MATCH_NAT;
	if (!dev_open(&d, o, DEV_NAT_ADDRESS, "dgram_recv"))
		return;
	dev_flow(&d, f, true);
	dev_peer(&d, f->host, from);
	d.base = o->call->data.len >= 8 ? 90 : 60; /* what the payload says */
	dev_addr(&d, "own",
	    f->host->naddrs && nc_addr_is_wildcard(&f->source) ?
		&f->host->addrs[0] :
		&f->source);
	dev_addr(&d, "seen", from);
	dev_str(&d, "confirmed", o->call->data.len >= 8 ? "payload" : "none");
	dev_int(&d, "port_equal", f->source.port == from->port);
	dev_cause(&d, &f->last_send);
	dev_close(&d);
}

/* It may be another socket's, which has not sent yet in the order. */
static bool
is_guess(struct offer *o, const struct hit *hit, const struct nc_addr *from)
{
	const struct flow *f = hit->d->flow;
	const struct port *p;

	if (hit->fit == GUESSED || hit->fit == FOREIGN)
		return !host_done(f->host);
	if (!from->port || !f->sender || f->sender->local.port ||
	    f->source.port || host_owning(o->m, o->host, from) != f->host ||
	    host_done(f->host))
		return false;
	p = port_get(o->m, f->host, true, from->port, false);
	return !p || !p->receivers;
}

/* What was guessed before does not agree with what came. */
static void
revoke(struct offer *o, const struct flow *f, const struct nc_addr *from)
{
	if (f->source.port && f->source.port != from->port)
		guess_revoke(o->m, f->sender);
	else if (from->port)
		guess_revoke_port(
		    o->m, port_get(o->m, f->host, true, from->port, false));
	if (o->sock->local_inferred && f->port &&
	    f->port->number != o->sock->local.port)
		guess_revoke(o->m, o->sock);
	guess_doubt(f->host);
}

/* Ports and addresses that the traces do not show. */
static void
learn(struct offer *o, const struct hit *hit, const struct nc_addr *from)
{
	struct flow *f = hit->d->flow;
	const struct nc_host_state *h =
	    from->family ? host_owning(o->m, o->host, from) : NULL;

	if (hit->fit == GUESSED)
		revoke(o, f, from);
	if (h == f->host && h != o->host && !guess_is_address(o->m, from))
		f->host->seen = true;
	if (from->family && !h)
		doubt_translated(f->host, o->host, hit->d->len);
	if (hit->rival) {
		if (!f->source.port || f->inferred)
			guess_doubt(f->host);
		if (!o->sock->local.port || o->sock->local_inferred)
			guess_doubt(o->host);
		return;
	}
	if (from->family && !h)
		learn_nat(o, f, from);
	if (h && from->port && f->sender && !f->sender->local.port)
		guess_source(o->m, f, from);
	else if (from->port && f->past)
		guess_past(o->m, f, from);
	if (f->port && !f->port->host) {
		guess_address(o->m, o->host, &f->destination);
		f->to_host = o->host;
		f->match = MATCH_HOST;
	}
	/* It came to this socket: that is where the socket is bound. */
	if (!o->sock->local.port && f->port && f->port->host == o->host &&
	    f->port->number)
		guess_receiver(o->m, o->sock, &f->destination);
}

static void
take(struct offer *o, const struct hit *hit, const struct nc_addr *from,
    uint64_t n)
{
	const struct nc_call *call = o->call;
	struct dgram *d = hit->d;
	struct flow *f = d->flow;
	int64_t peek = call->flags == NC_NIL ? 0 : call->flags & NC_MSG_PEEK;
	struct dev dev;
	size_t k = known_to_both(o, d);
	bool same_reader;

	if (hit->cut &&
	    !(call->flags != NC_NIL && (call->flags & NC_MSG_TRUNC))) {
		if (dev_open(&dev, o, DEV_DGRAM_TRUNCATED, "dgram_recv")) {
			dev_flow(&dev, f, true);
			dev_int(&dev, "datagram", d->len);
			dev_int(&dev, "buffer", call->asked);
			dev_int(&dev, "peeked", peek != 0);
			dev_cause(&dev, d->ref);
			dev_close(&dev);
		}
		if (!peek)
			f->truncated++;
	}
	if (peek)
		return;
	learn(o, hit, from);
	if (f->match == MATCH_NONE)
		f->match = MATCH_EXACT;
	if (!f->receiver && o->sock->udp) {
		flow_received_by(f, o->sock->udp);
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
	f->received++;
	f->bytes_received += n;
	f->compared += k < n ? k : n;
	o->m->received += n;
	if (o->host->key == f->host->key)
		o->m->compared += call->data.len < n ? call->data.len : n;
	if (d->len > f->max_received)
		f->max_received = d->len;
	if (d->fifo > f->last_fifo) {
		f->last_fifo = d->fifo;
		f->last_thread = d->thread;
	} else if (d->thread == f->last_thread && same_reader && k >= 8) {
		flow_overtaken(o, f, d);
	}
	tell_late(o, d);
	o->sock->wait.ups = 0;
	o->sock->heard = (struct heard){ d->time == NC_NIL ? NULL : f->host,
		d->time, exit_time(call), f->key };
	if (o->sock->heard.came == NC_NIL)
		o->sock->heard.from = NULL;
	dgram_remember(o, local_port(o), n, from, f);
	dgram_del(o->m, d);
	flow_settle(o->m, f);
}

bool
dgram_fits(struct offer *o, const struct dgram *d, const struct nc_addr *from,
    uint64_t n)
{
	return fits(o, d, from, n, false) != MISFIT;
}

void
dgram_take(struct offer *o, struct dgram *d, const struct nc_addr *from)
{
	struct hit hit = { .d = d, .fit = fits(o, d, from, d->len, false) };

	take(o, &hit, from, d->len);
}

static size_t
equal_bytes(const struct dgram *d, const struct nc_call *call)
{
	size_t i, n = 0;

	for (i = 0; i < d->known && i < call->data.len; i++)
		n += d->data[i] == call->data.p[i];
	return n;
}

/*
 * A datagram of the same flow and length with other bytes: the only one, or
 * else the one that is most like what came.
 */
static struct dgram *
altered(struct offer *o, const struct port *p, const struct nc_addr *from,
    uint64_t n)
{
	const struct dgram_list *l = p ? list_get(o->m, BY_PORT, p->id) : NULL;
	struct dgram *d, *best = NULL;
	size_t most = 0;
	int tried = 0, n_fit = 0;

	for (d = l ? l->first : NULL; d && tried < TRIED && !o->call->runs.p;
	     d = d->next[BY_PORT], tried++) {
		if (d->len != n || known_to_both(o, d) == 0 || !from->family ||
		    d->flow->source.port != from->port ||
		    host_owning(o->m, o->host, from) != d->flow->host)
			continue;
		n_fit++;
		if (!best || equal_bytes(d, o->call) > most) {
			best = d;
			most = equal_bytes(d, o->call);
		}
	}
	return n_fit > 1 && most * 2 < best->known ? NULL : best;
}

static void
tell_altered(struct offer *o, struct dgram *d, uint64_t n)
{
	const struct nc_call *call = o->call;
	bool in_doubt = guess_confuses(o->m, d->flow);
	const struct port *at = local_port(o);
	size_t i = 0;
	struct dev dev;

	while (
	    i < d->known && i < call->data.len && call->data.p[i] == d->data[i])
		i++;
	if (!dev_open(&dev, o, DEV_MSG_DONT_MATCH, "dgram_recv"))
		return;
	dev_flow(&dev, d->flow, true);
	if (in_doubt)
		dev_weak(&dev);
	dev_int(&dev, "offset", (int64_t)i);
	dev_int(&dev, "length", (int64_t)n);
	dev_int(&dev, "known", (int64_t)call->data.len);
	dev_int(&dev, "whole", 1);
	dev_cause(&dev, d->ref);
	doubt_close(o->m, &dev,
	    &(struct doubt){ .from = d->flow->host,
		.to = o->host,
		.from_port = d->flow->source.port,
		.to_port = at ? at->number : 0,
		.length = doubt_length(n),
		.paired = true,
		.counts = true });
}

/* In a sendmmsg from that port, whose messages only its end tells. */
static bool
sends_many(const struct nc_host_state *h, uint16_t port)
{
	const struct sock *s;
	const struct inside *in;
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&h->inside, &at))) {
		in = slot->value;
		if (in->id != NC_CALL_SENDMMSG)
			continue;
		s = nc_map_get(&h->socks, (uint64_t)in->socket);
		if (!s || !s->local.port || s->local.port == port)
			return true;
	}
	return false;
}

/* Enough of what was sent came for it to be the one. */
static bool
is_much_like(const struct dgram *d, const struct nc_call *call)
{
	return equal_bytes(d, call) * 2 >= d->known;
}

static void
take_altered(struct offer *o, struct dgram *d, uint64_t n)
{
	struct flow *f = d->flow;

	tell_altered(o, d, n);
	f->received++;
	f->bytes_received += n;
	if (f->match == MATCH_NONE)
		f->match = MATCH_EXACT;
	dgram_del(o->m, d);
	flow_settle(o->m, f);
}

/* A stranger's; whether it is one may show later. */
static void
take_foreign(struct offer *o, const struct nc_addr *from)
{
	if (!from->family)
		return;
	nc_map_put(&o->m->external, nc_addr_hash_ip(from), o->m);
	nc_map_put(&o->m->strangers,
	    key_of(3, nc_addr_hash_ip(from), from->port), o->m);
}

/* Of a host whose trace is not whole. */
static bool
may_be_hidden(struct offer *o, const struct nc_host_state *h, uint64_t n)
{
	if (!h->uncertain)
		return false;
	doubt_strange(o, n);
	untraced_skip(o, NULL,
	    "a datagram from a host whose trace is not complete", "dgram_recv");
	return true;
}

static void
tell_unsent(struct offer *o, struct nc_host_state *h, struct port *source,
    const struct port *p, const struct nc_addr *from, uint64_t n)
{
	struct ahead *a = dgram_ahead(o, p, h, from, n);
	struct dev dev;

	/* It could be a socket's that sends later in this order. */
	if (guess_is_open(o->m, h, source) || guess_is_open(o->m, o->host, p)) {
		guess_doubt(guess_is_open(o->m, h, source) ? h : o->host);
		return;
	}
	/* It may only be told at the end of a call in progress. */
	if (!sends_many(h, from->port)) {
		source->confused = true;
		h->confused = true;
		source->unseen = !source->receivers;
		/* That port could be any other of its sockets' as well. */
		if (source->unseen) {
			h->hides = true;
			if (h->nameless)
				guess_doubt(h);
		}
	}
	if (!dev_open(&dev, o, DEV_MSGNOTSENT, "dgram_recv"))
		return;
	dev_peer(&dev, h, from);
	dev_int(&dev, "missing", (int64_t)n);
	dev_int(&dev, "length", (int64_t)n);
	dev_int(&dev, "unseen", source->unseen);
	if (source->unseen) {
		dev_weak(&dev);
		dev_confidence(&dev, 30);
	} else if (!p || o->sock->local_inferred) {
		/* Where the socket is bound, no line has told. */
		dev_weak(&dev);
	}
	dgram_ahead_told(a,
	    doubt_close(o->m, &dev,
		&(struct doubt){ .from = h,
		    .to = o->host,
		    .from_port = from->port,
		    .to_port = p ? p->number : 0,
		    .length = doubt_length(n),
		    .counts = true,
		    .later = !host_done(h) }));
}

/* A stranger's address may be that of a traced host's translator. */
static bool
may_be_translated(struct offer *o, const struct nc_addr *from)
{
	const struct nc_model *m = o->m;

	return from->family &&
	    (nc_map_get(&m->nat_public, nc_addr_hash_ip(from)) ||
		m->udp_nat.n > 0 || m->undeclared);
}

/* Nothing under way fits. */
static void
take_unknown(
    struct offer *o, struct port *p, const struct nc_addr *from, uint64_t n)
{
	struct nc_host_state *h =
	    from->family ? host_owning(o->m, o->host, from) : NULL;
	struct port *source = h ? port_get(o->m, h, true, from->port, true) :
				  NULL;
	const struct received *copy;
	struct dgram *d;

	/* It is told when it is taken. */
	if (o->call->flags != NC_NIL && (o->call->flags & NC_MSG_PEEK))
		return;
	/* Whose it was, the call does not say; but it had come before. */
	copy = dgram_copy_of(o, p, n, from);
	if (!from->family && copy) {
		dgram_tell_copy(o, copy, n, from, false);
		return;
	}
	if (!h) {
		doubt_foreign(o, n);
		if (may_be_translated(o, from))
			dgram_ahead(o, p, NULL, from, n);
		take_foreign(o, from);
		return;
	}
	if (source->unseen || segment_hides(source)) {
		doubt_strange(o, n);
		return;
	}
	if (guess_revoke_address(o->m, h, from)) {
		doubt_foreign(o, n);
		take_foreign(o, from);
		return;
	}
	d = copy ? NULL : altered(o, p, from, n);
	if (d && is_much_like(d, o->call))
		take_altered(o, d, n);
	else if (may_be_hidden(o, h, n))
		return;
	else if (copy)
		dgram_tell_copy(o, copy, n, from, sends_many(h, from->port));
	else if (d && !sends_many(h, from->port))
		take_altered(o, d, n);
	else
		tell_unsent(o, h, source, p, from, n);
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

/*
 * What it costs to take one that nobody has sent so far: least where its
 * sender is outside of all traces, most where a traced socket should have.
 */
static int
unexplained(struct offer *o, const struct port *p, const struct nc_addr *from,
    uint64_t n)
{
	struct nc_host_state *h =
	    from->family ? host_owning(o->m, o->host, from) : NULL;
	const struct port *source =
	    h ? port_get(o->m, h, true, from->port, false) : NULL;
	const struct dgram *d;

	if (!h)
		return nc_map_get(&o->m->nat_public, nc_addr_hash_ip(from)) ?
		    3 :
		    1;
	/* Nothing else can come before it: its sender is in that call. */
	if (sends_many(h, from->port))
		return 0;
	/* Much like one that was sent: that one, altered on the way. */
	d = altered(o, p, from, n);
	if (d && is_much_like(d, o->call))
		return 1;
	/* A copy is likely, but of a short answer the weakest explanation. */
	if (dgram_copy_of(o, p, n, from))
		return o->call->data.len >= 16 ? 2 : 5;
	return source && source->receivers ? 4 : 3;
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
	hit = search(o, p, from, (uint64_t)call->result);
	if (!hit.d && segment_recv(o, p, from, (uint64_t)call->result)) {
		s->taken = taken_here(o);
		tried(o);
		return NC_ACCEPT;
	}
	e = hit.d ? NULL : cast_find(o, from, (uint64_t)call->result, &cut);
	if (!e && (!hit.d || is_guess(o, &hit, from)) && o->mode == NC_TRY &&
	    may_come(o, from))
		return defer(o,
		    key_of(KEY_DGRAM_ANY, o->host->index, p ? p->number : 0),
		    "datagram",
		    hit.d ? 0 :
			    unexplained(o, p, from, (uint64_t)call->result));
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
		take_unknown(o, p, from, (uint64_t)call->result);
	return NC_ACCEPT;
}
