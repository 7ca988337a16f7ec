/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams: flows, what is under way, what arrived.
 *
 * An outstanding datagram is found by receiving host, port, length and first
 * bytes; by port or host alone where a trace shows less.
 */
#include "state.h"

#include <stdlib.h>
#include <string.h>

#define HASHED 16 /* bytes that go into the key */
#define TRIED 64  /* candidates looked at */
#define OUTSTANDING_MAX 65536

static struct port *
local_port(struct offer *o)
{
	uint16_t n = o->step->local.port ? o->step->local.port :
					   o->sock->local.port;

	return n ? port_get(o->m, o->host, true, n, true) : NULL;
}

/* Lists */

static uint64_t
content_key(const struct port *p, uint64_t len, const char *data, size_t known)
{
	size_t n = len < HASHED ? (size_t)len : HASHED;

	return key_of(1, p->id ^ len, known >= n ? nc_hash(data, n, 3) : 0);
}

static void
list_add(struct nc_model *m, int which, uint64_t key, struct dgram *d)
{
	struct dgram_list *l = nc_map_get(&m->dgrams[which], key);

	if (!l) {
		l = nc_xcalloc(1, sizeof(*l));
		l->key = key;
		nc_map_put(&m->dgrams[which], key, l);
	}
	d->in[which] = l;
	d->prev[which] = l->last;
	d->next[which] = NULL;
	if (l->last)
		l->last->next[which] = d;
	else
		l->first = d;
	l->last = d;
}

static void
list_del(struct nc_model *m, int which, struct dgram *d)
{
	struct dgram_list *l = d->in[which];

	if (d->prev[which])
		d->prev[which]->next[which] = d->next[which];
	else
		l->first = d->next[which];
	if (d->next[which])
		d->next[which]->prev[which] = d->prev[which];
	else
		l->last = d->prev[which];
	if (!l->first) {
		nc_map_del(&m->dgrams[which], l->key);
		free(l);
	}
}

static void
dgram_del(struct nc_model *m, struct dgram *d)
{
	int i;

	for (i = 0; i < DGRAM_LISTS; i++)
		list_del(m, i, d);
	d->flow->outstanding--;
	m->ndgrams--;
	free(d->ref);
	free(d);
}

static const struct dgram_list *
list_get(const struct nc_model *m, int which, uint64_t key)
{
	return nc_map_get(&m->dgrams[which], key);
}

static uint64_t
host_key(const struct nc_host_state *h)
{
	return key_of(2, h ? h->index + 1 : 0, 0);
}

/* Receivers */

void
dgram_bound(struct nc_model *m, struct sock *s)
{
	struct port *p = port_get(m, s->host, true, s->local.port, true);
	struct udp *u;

	if (s->udp && s->udp->port == p) {
		s->udp->local = s->local;
		return;
	}
	if (s->udp) {
		s->udp->released = true;
		s->udp->sock = NULL;
	}
	u = nc_xcalloc(1, sizeof(*u));
	u->sock = s;
	u->host = s->host;
	u->port = p;
	u->local = s->local;
	u->v6only = s->v6only;
	u->bound_seq = m->seq;
	u->epoll = s->epoll;
	u->wait = s->wait;
	u->next = p->receivers;
	p->receivers = u;
	p->unseen = false;
	s->udp = u;
}

static void
flow_done(struct nc_model *m, struct flow *f)
{
	flow_write(m, f);
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
dgram_released(struct offer *o, struct sock *s)
{
	struct udp *u = s->udp;

	u->released = true;
	u->sock = NULL;
	u->released_seq = o->m->seq;
	u->rcvbuf = s->rcvbuf;
	ref_set(&u->release, o);
	s->udp = NULL;
}

/* Sending */

static bool
is_group(const struct nc_addr *a)
{
	return nc_addr_is_multicast(a) || nc_addr_is_broadcast(a);
}

static struct flow *
flow_get(struct offer *o, const struct nc_addr *to)
{
	struct nc_model *m = o->m;
	struct sock *s = o->sock;
	uint64_t key = key_of(4,
	    (uint64_t)s->number ^ ((uint64_t)o->host->index << 40),
	    nc_addr_hash_ip(to) ^ ((uint64_t)to->port << 7));
	struct flow *f = nc_map_get(&m->flows, key);
	struct nat *n;

	if (f)
		return f;
	f = nc_xcalloc(1, sizeof(*f));
	f->number = ++m->nflows;
	f->key = key;
	f->host = o->host;
	f->sender_number = s->number;
	f->destination = *to;
	f->first_seq = m->seq;
	f->multicast = is_group(to);
	f->to_host = f->multicast ? NULL : host_owning(m, o->host, to);
	if (f->to_host) {
		f->port = port_get(m, f->to_host, true, to->port, true);
	} else if (!f->multicast &&
	    (n = nc_map_get(
		 &m->udp_nat, key_of(3, nc_addr_hash_ip(to), to->port)))) {
		f->to_host = n->host;
		f->match = MATCH_NAT;
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
	nc_map_put(&m->flows, key, f);
	return f;
}

static void
retire_oldest(struct nc_model *m)
{
	const struct dgram_list *l = list_get(m, BY_AGE, 1);

	l->first->flow->retired++;
	dgram_del(m, l->first);
}

static void
put_under_way(struct offer *o, struct flow *f, uint64_t len)
{
	const struct nc_call *call = o->call;
	struct nc_model *m = o->m;
	struct dgram *d = nc_xcalloc(1, sizeof(*d));
	size_t known = call->data.len < len ? call->data.len : (size_t)len;

	d->flow = f;
	d->fifo = f->sent;
	d->seq = m->seq;
	d->time = call->time;
	d->len = (uint32_t)len;
	if (call->runs.p)
		known = 0; /* not one stretch: known by its length only */
	d->known = (uint8_t)(known < sizeof(d->data) ? known : sizeof(d->data));
	if (d->known)
		memcpy(d->data, call->data.p, d->known);
	if (m->sink) {
		d->ref = nc_xcalloc(1, sizeof(*d->ref));
		ref_set(d->ref, o);
	}
	list_add(
	    m, BY_CONTENT, content_key(f->port, len, call->data.p, known), d);
	list_add(m, BY_PORT, f->port->id, d);
	list_add(m, BY_HOST, host_key(f->port->host), d);
	list_add(m, BY_AGE, 1, d);
	f->outstanding++;
	if (++m->ndgrams > OUTSTANDING_MAX)
		retire_oldest(m);
	if (f->port->host) {
		fire(m,
		    key_of(
			KEY_DGRAM_ANY, f->port->host->index, f->port->number),
		    0);
		fire(m, key_of(KEY_DGRAM_ANY, f->port->host->index, 0), 0);
	} else {
		size_t i;

		/* An address that may turn out to be any undeclared host's. */
		for (i = 0; i < m->nhosts; i++)
			fire(m,
			    key_of(KEY_DGRAM_ANY, m->hosts[i]->index,
				f->port->number),
			    0);
	}
}

void
dgram_refused(struct offer *o)
{
	struct sock *s = o->sock;
	struct nc_host_state *to = host_owning(o->m, o->host, &s->peer);
	struct port *p;
	struct udp *u = NULL;
	struct flow *f;
	struct dev d;

	if (!s->peer.family)
		return;
	p = to ? port_get(o->m, to, true, s->peer.port, false) : NULL;
	for (u = p ? p->receivers : NULL; u && u->released; u = u->next)
		continue;
	f = nc_map_get(&o->m->flows,
	    key_of(4, (uint64_t)s->number ^ ((uint64_t)o->host->index << 40),
		nc_addr_hash_ip(&s->peer) ^ ((uint64_t)s->peer.port << 7)));
	if (f)
		f->refused++;
	if (!dev_open(&d, o, DEV_DGRAM_REFUSED, "dgram_refused"))
		return;
	dev_peer(&d, to, &s->peer);
	if (f)
		dev_flow(&d, f, false);
	dev_int(&d, "while_bound", u != NULL);
	if (u)
		dev_cause(&d, &u->bind);
	dev_close(&d);
}

static void
send_failed(struct offer *o)
{
	const struct nc_addr *to = o->step->peer.family ? &o->step->peer :
							  &o->sock->peer;
	int error = o->step->error;
	struct dev d;

	switch (error) {
	case NC_ECONNREFUSED:
		dgram_refused(o);
		return;
	case NC_EAGAIN:
		return;
	case NC_EMSGSIZE:
		if (dev_open(&d, o, DEV_EMSGSIZE, "dgram_size")) {
			dev_peer(&d, host_owning(o->m, o->host, to), to);
			dev_int(&d, "size", o->call->asked);
			dev_close(&d);
		}
		return;
	case NC_EDESTADDRREQ:
	case NC_ENOTCONN:
		dev_simple(o, DEV_EDESTADDRREQ, "dgram_fail");
		return;
	case NC_EISCONN:
		dev_simple(o, DEV_EISCONN, "dgram_fail");
		return;
	case NC_EACCES:
	case NC_EPERM:
		if (dev_open(&d, o, DEV_EACCES, "dgram_fail")) {
			dev_peer(&d, host_owning(o->m, o->host, to), to);
			dev_str(&d, "error", nc_errno_name(error));
			dev_int(&d, "broadcast",
			    error == NC_EACCES && !o->sock->broadcast);
			dev_close(&d);
		}
		return;
	case NC_ENETUNREACH:
	case NC_EHOSTUNREACH:
	case NC_ENETDOWN:
		if (dev_open(&d, o, DEV_CONN_UNREACHABLE, "dgram_fail")) {
			dev_peer(&d, host_owning(o->m, o->host, to), to);
			dev_str(&d, "error", nc_errno_name(error));
			dev_str(&d, "where", "unknown");
			dev_close(&d);
		}
		return;
	case NC_EINVAL:
		if (nc_addr_is_loopback(&o->sock->local) && to->family &&
		    !nc_addr_is_loopback(to)) {
			if (dev_open(
				&d, o, DEV_LOOPBACK_MISMATCH, "dgram_fail")) {
				dev_peer(&d, NULL, to);
				dev_addr(&d, "bound", &o->sock->local);
				dev_close(&d);
			}
			return;
		}
		dev_simple(
		    o, to->port ? DEV_EINVAL : DEV_INVALID_PORT, "dgram_fail");
		return;
	default:
		if (!fail_common(o) && error > 0 &&
		    dev_open(&d, o, DEV_UNEXPECTED_FAILURE, "dgram_fail")) {
			dev_str(&d, "error", nc_errno_name(error));
			dev_close(&d);
		}
	}
}

enum nc_answer
dgram_send(struct offer *o)
{
	struct sock *s = o->sock;
	const struct nc_addr *to = o->step->peer.family ? &o->step->peer :
							  &s->peer;
	int64_t n = o->call->result;
	struct flow *f;

	if (o->was && o->was->early && !o->early && !o->step->error)
		return NC_ACCEPT;
	if (o->step->error && !o->early) {
		send_failed(o);
		return NC_ACCEPT;
	}
	if (o->early || n == NC_NIL)
		n = o->call->asked;
	if (n < 0 || n > 1 << 20 || !to->family || to->port == 0)
		return NC_ACCEPT;
	f = flow_get(o, to);
	if (o->step->local.family)
		f->source = o->step->local;
	else if (s->local.family)
		f->source = s->local;
	f->sent++;
	f->bytes_sent += (uint64_t)n;
	ref_set(&f->last_send, o);
	if (f->multicast) {
		nc_map_put(&o->m->groups, to->port, nc_xcalloc(1, 1));
		return NC_ACCEPT;
	}
	if (f->port && !f->port->unseen)
		put_under_way(o, f, (uint64_t)n);
	return NC_ACCEPT;
}

enum nc_answer
dgram_connect(struct offer *o)
{
	struct sock *s = o->sock;
	struct dev d;

	if (o->early)
		return NC_ACCEPT;
	if (o->step->error == 0) {
		/* AF_UNSPEC parses to no address: the peer is cleared. */
		s->peer = o->step->peer;
		return NC_ACCEPT;
	}
	/* A connect sends nothing: resolvers probe routes with it. */
	if (o->step->error == NC_EACCES &&
	    dev_open(&d, o, DEV_EACCES, "connect_udp")) {
		dev_str(&d, "error", "EACCES");
		dev_int(&d, "broadcast", !s->broadcast);
		dev_close(&d);
	} else {
		fail_common(o);
	}
	return NC_ACCEPT;
}

/* Receiving */

/* How well a datagram fits what was received; 0 not at all. */
static int
fits(struct offer *o, const struct dgram *d, const struct nc_addr *from,
    uint64_t n, bool cut)
{
	const struct nc_call *call = o->call;
	const struct flow *f = d->flow;
	struct nc_host_state *h;
	size_t k = call->data.len < d->known ? call->data.len : d->known;

	if (cut ? d->len <= n : d->len != n)
		return 0;
	if (call->runs.p)
		k = 0;
	if (k > n)
		k = (size_t)n;
	if (k && memcmp(call->data.p, d->data, k) != 0)
		return 0;
	if (!from->family)
		return 2;
	if (f->source.port && f->source.port == from->port &&
	    (nc_addr_is_wildcard(&f->source) || !f->source.family ||
		nc_addr_same_ip(&f->source, from)))
		return 4;
	h = host_owning(o->m, o->host, from);
	if (h == f->host) {
		const struct port *p = f->source.port ?
		    NULL :
		    port_get(o->m, h, true, from->port, false);

		if (f->source.port && f->source.port != from->port)
			return 0;
		/* That port is another socket's. */
		if (p && p->receivers &&
		    (!p->receivers->sock ||
			p->receivers->sock->number != f->sender_number))
			return 0;
		return 3;
	}
	/* Seen under a foreign address: translated, if the bytes say so. */
	return h == NULL && (k >= 4 || n < 4) ? 1 : 0;
}

static struct dgram *
search_list(struct offer *o, int which, uint64_t key,
    const struct nc_addr *from, uint16_t port, uint64_t n, bool cut)
{
	const struct dgram_list *l = list_get(o->m, which, key);
	struct dgram *d, *best = NULL;
	int tried = 0, most = 0;

	for (d = l ? l->first : NULL; d && tried < TRIED;
	     d = d->next[which], tried++) {
		int fit;

		if (port && d->flow->port->number != port)
			continue;
		fit = fits(o, d, from, n, cut);
		if (fit > most) {
			most = fit;
			best = d;
			if (fit >= 3)
				break;
		}
	}
	return best;
}

static struct dgram *
search(struct offer *o, struct port *p, const struct nc_addr *from, uint64_t n,
    bool *cut)
{
	const struct nc_call *call = o->call;
	size_t known = call->runs.p ? 0 : call->data.len;
	bool full = call->asked != NC_NIL && n == (uint64_t)call->asked;
	struct port *outside;
	struct dgram *d = NULL;

	*cut = false;
	if (p) {
		d = search_list(o, BY_CONTENT,
		    content_key(p, n, call->data.p, known), from, 0, n, false);
		if (!d)
			d = search_list(o, BY_PORT, p->id, from, 0, n, false);
		if (!d && full &&
		    (d = search_list(o, BY_PORT, p->id, from, 0, n, true)))
			*cut = true;
	} else {
		d = search_list(
		    o, BY_HOST, host_key(o->host), from, 0, n, false);
		if (!d && full &&
		    (d = search_list(
			 o, BY_HOST, host_key(o->host), from, 0, n, true)))
			*cut = true;
	}
	if (!d && p && !o->host->declared &&
	    (outside = port_get(o->m, NULL, true, p->number, false)))
		d = search_list(o, BY_PORT, outside->id, from, 0, n, false);
	return d;
}

static uint64_t
content_hash(const struct nc_call *call, uint64_t n, const struct nc_addr *from)
{
	size_t k = call->data.len < 256 ? call->data.len : 256;

	return nc_hash(call->data.p, k, n ^ nc_addr_hash_ip(from) ^ from->port);
}

static void
remember(struct offer *o, const struct port *p, struct flow *f, uint64_t n,
    const struct nc_addr *from)
{
	struct recent *r;

	if (!p || !o->m->sink)
		return;
	r = nc_map_get(&o->m->recent, p->id);
	if (!r) {
		r = nc_xcalloc(1, sizeof(*r));
		nc_map_put(&o->m->recent, p->id, r);
	}
	r->hash[r->at % RECENT] = content_hash(o->call, n, from);
	r->flow[r->at % RECENT] = f;
	r->at++;
}

static bool
is_copy(struct offer *o, const struct port *p, uint64_t n,
    const struct nc_addr *from)
{
	const struct recent *r = p ? nc_map_get(&o->m->recent, p->id) : NULL;
	uint64_t h = content_hash(o->call, n, from);
	unsigned i;

	for (i = 0; r && i < RECENT && i < r->at; i++)
		if (r->hash[i] == h)
			return true;
	return false;
}

static void
learn_nat(struct offer *o, struct flow *f, const struct nc_addr *from)
{
	struct nat *n;
	uint64_t key = key_of(3, nc_addr_hash_ip(from), from->port);
	struct dev d;

	f->match = MATCH_INFERRED;
	if (nc_map_get(&o->m->udp_nat, key) || !f->source.port)
		return;
	n = nc_xcalloc(1, sizeof(*n));
	n->host = f->host;
	n->private_ = f->source;
	n->public_ = *from;
	nc_map_put(&o->m->udp_nat, key, n);
	if (!f->host->declared) {
		host_learn(o->m, f->host, from, false);
		f->match = MATCH_HOST;
		return;
	}
	f->match = MATCH_NAT;
	if (!dev_open(&d, o, DEV_NAT_ADDRESS, "dgram_recv"))
		return;
	dev_flow(&d, f, true);
	dev_peer(&d, f->host, from);
	d.rec.confidence = o->call->data.len >= 8 ? 90 : 60;
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

static void
take(struct offer *o, struct dgram *d, const struct nc_addr *from, uint64_t n,
    bool cut)
{
	const struct nc_call *call = o->call;
	struct flow *f = d->flow;
	int64_t peek = call->flags == NC_NIL ? 0 : call->flags & NC_MSG_PEEK;
	struct dev dev;
	size_t k = call->data.len < d->known ? call->data.len : d->known;

	if (cut && !(call->flags != NC_NIL && (call->flags & NC_MSG_TRUNC))) {
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
	if (from->family && !host_owning(o->m, o->host, from))
		learn_nat(o, f, from);
	if (f->port && !f->port->host) {
		host_learn(o->m, o->host, &f->destination, false);
		f->to_host = o->host;
		f->match = MATCH_HOST;
	}
	if (f->match == MATCH_NONE)
		f->match = MATCH_EXACT;
	if (!f->receiver && o->sock->udp) {
		f->receiver = o->sock->udp;
		f->receiver_number = o->sock->number;
	}
	if (f->host != o->host && d->time != NC_NIL && call->time != NC_NIL)
		clock_pair(o->m, f->host, d->time, o->host,
		    call->time +
			(call->duration == NC_NIL ? 0 : call->duration));
	host_heard(o->host, f->host, d->seq);
	if (!f->received)
		ref_set(&f->first_recv, o);
	ref_set(&f->last_recv, o);
	f->received++;
	f->bytes_received += n;
	f->compared += k < n ? k : n;
	o->m->received += n;
	o->m->compared += call->data.len < n ? call->data.len : n;
	if (d->len > f->max_received)
		f->max_received = d->len;
	if (d->fifo < f->last_fifo)
		f->reordered++;
	else
		f->last_fifo = d->fifo;
	remember(o, local_port(o), f, n, from);
	dgram_del(o->m, d);
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
		if (d->len != n || d->known == 0 || !from->family ||
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
	size_t i = 0;
	struct dev dev;

	while (
	    i < d->known && i < call->data.len && call->data.p[i] == d->data[i])
		i++;
	o->m->rejects++;
	if (!dev_open(&dev, o, DEV_MSG_DONT_MATCH, "dgram_recv"))
		return;
	dev_flow(&dev, d->flow, true);
	dev_int(&dev, "offset", (int64_t)i);
	dev_int(&dev, "length", (int64_t)n);
	dev_int(&dev, "known", (int64_t)call->data.len);
	dev_int(&dev, "whole", 1);
	dev_cause(&dev, d->ref);
	dev_close(&dev);
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
	struct dgram *d;
	struct dev dev;

	if (!h) {
		if (from->family)
			nc_map_put(
			    &o->m->external, nc_addr_hash_ip(from), o->m);
		return;
	}
	if (source->unseen || h->uncertain)
		return;
	if (is_copy(o, p, n, from)) {
		if (dev_open(&dev, o, DEV_DGRAM_DUP, "dgram_recv")) {
			dev_peer(&dev, h, from);
			dev_int(&dev, "length", (int64_t)n);
			dev_int(&dev, "known", (int64_t)o->call->data.len);
			dev_close(&dev);
		}
		return;
	}
	if ((d = altered(o, p, from, n))) {
		tell_altered(o, d, n);
		d->flow->received++;
		d->flow->bytes_received += n;
		if (d->flow->match == MATCH_NONE)
			d->flow->match = MATCH_EXACT;
		dgram_del(o->m, d);
		return;
	}
	if (!source->receivers)
		source->unseen = true;
	else
		h->rejects++;
	if (dev_open(&dev, o, DEV_MSGNOTSENT, "dgram_recv")) {
		dev_peer(&dev, h, from);
		dev_int(&dev, "missing", (int64_t)n);
		dev_int(&dev, "length", (int64_t)n);
		dev_int(&dev, "unseen", source->unseen);
		if (source->unseen) {
			dev_weak(&dev);
			dev_confidence(&dev, 30);
		}
		dev_close(&dev);
	}
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

static void
tried(struct offer *o)
{
	wait_note(o, &o->sock->wait);
	if (o->sock->udp)
		o->sock->udp->wait = o->sock->wait;
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
	struct dgram *d;
	struct dev dev;
	bool cut;

	if (o->step->error == NC_ECONNREFUSED) {
		dgram_refused(o);
		return NC_ACCEPT;
	}
	if (o->step->error || call->result == NC_NIL) {
		if (o->step->error == NC_EAGAIN && !s->nonblock &&
		    s->rcvtimeo &&
		    dev_open(&dev, o, DEV_RECV_TIMEOUT, "dgram_eagain")) {
			dev_int(&dev, "timeout", s->rcvtimeo);
			dev_close(&dev);
		}
		tried(o);
		return NC_ACCEPT;
	}
	if (flags & (NC_MSG_ERRQUEUE | NC_MSG_OOB))
		return NC_ACCEPT;
	if (call->result == 0 && !o->step->peer.family)
		return NC_ACCEPT; /* shutdown, or nothing to compare */
	d = search(o, p, from, (uint64_t)call->result, &cut);
	if (!d && o->mode == NC_TRY && may_come(o, from) &&
	    !(s->local.port && nc_map_get(&o->m->groups, s->local.port)))
		return defer(o,
		    key_of(KEY_DGRAM_ANY, o->host->index, p ? p->number : 0),
		    "datagram", 1);
	s->taken = (struct taken){ o->lane, call->line };
	tried(o);
	if (d)
		take(o, d, from, (uint64_t)call->result, cut);
	else if (!(s->local.port && nc_map_get(&o->m->groups, s->local.port)) &&
	    !s->joined)
		take_unknown(o, p, from, (uint64_t)call->result);
	return NC_ACCEPT;
}

bool
dgram_waiting(struct nc_model *m, const struct sock *s)
{
	const struct port *p = s->local.port ?
	    port_get(m, s->host, true, s->local.port, false) :
	    NULL;
	struct port *outside;

	if (s->joined)
		return true;
	if (s->peer.family && !host_owning(m, s->host, &s->peer) &&
	    !m->undeclared)
		return true;
	if (!p)
		return list_get(m, BY_HOST, host_key(s->host)) != NULL;
	if (list_get(m, BY_PORT, p->id) ||
	    nc_map_get(&m->groups, s->local.port))
		return true;
	outside = s->host->declared ?
	    NULL :
	    port_get(m, NULL, true, s->local.port, false);
	return outside && list_get(m, BY_PORT, outside->id);
}

/* The end */

static void
count_lost(struct flow *f, const struct dgram *d)
{
	const struct udp *u = f->receiver ? f->receiver :
	    f->port                       ? f->port->receivers :
					    NULL;

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
	    (d->fifo + 2 > f->sent ||
		(d->time != NC_NIL && f->last_send.time != NC_NIL &&
		    f->last_send.time - d->time <= 1000000000)))
		f->tail++;
	else if (u &&
	    (d->seq < u->bound_seq ||
		(u->released && d->seq > u->released_seq) ||
		!wait_after(u, d->seq)))
		f->outside++;
	f->run = d->fifo == f->last_lost + 1 ? f->run + 1 : 1;
	if (f->run > f->longest_run)
		f->longest_run = f->run;
	f->last_lost = d->fifo;
	f->last_lost_seq = d->seq;
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
	dev_int(&d, "lost", (int64_t)f->lost_seen);
	dev_int(&d, "sent", (int64_t)f->sent);
	dev_int(&d, "bytes", (int64_t)(f->bytes_sent - f->bytes_received));
	dev_cause(&d, &f->last_recv);
	dev_close(&d);
}

void
dgram_finish(struct nc_model *m)
{
	const struct dgram_list *l = list_get(m, BY_AGE, 1);
	struct flow *f;
	struct dgram *d;

	for (d = l ? l->first : NULL; d; d = d->next[BY_AGE])
		count_lost(d->flow, d);
	for (f = m->first_flow; f; f = f->next)
		tell_flow(m, f);
	while ((l = list_get(m, BY_AGE, 1)))
		dgram_del(m, l->first);
	while (m->first_flow)
		flow_done(m, m->first_flow);
}

static void
free_all(struct nc_map *map)
{
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(map, &at)))
		free(slot->value);
	nc_map_fini(map);
}

void
dgram_free(struct nc_model *m)
{
	const struct dgram_list *l;
	struct flow *f, *next;
	int i;

	while ((l = list_get(m, BY_AGE, 1)))
		dgram_del(m, l->first);
	for (i = 0; i < DGRAM_LISTS; i++)
		nc_map_fini(&m->dgrams[i]);
	for (f = m->first_flow; f; f = next) {
		next = f->next;
		free(f);
	}
	nc_map_fini(&m->flows);
	free_all(&m->udp_nat);
	free_all(&m->recent);
}
