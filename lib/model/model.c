/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's entry: hosts and addresses, events, which call goes where.
 */
#include "state.h"

#include <stdlib.h>
#include <string.h>

/* Hosts and addresses */

struct nc_model *
nc_model_new(const struct nc_sink *sink)
{
	struct nc_model *m = nc_xcalloc(1, sizeof(*m));

	m->sink = sink;
	return m;
}

struct nc_host_state *
host_named(struct nc_model *m, struct nc_bytes name)
{
	struct nc_host_state *h =
	    nc_map_get(&m->by_name, nc_hash(name.p, name.len, 1));

	if (h && strlen(h->name) == name.len &&
	    memcmp(h->name, name.p, name.len) == 0)
		return h;
	return NULL;
}

static uint64_t
addr_key(const struct nc_addr *a)
{
	return nc_addr_hash_ip(a);
}

struct nc_host_state *
host_owning(struct nc_model *m, const struct nc_host_state *from,
    const struct nc_addr *a)
{
	if (nc_addr_is_loopback(a) || nc_addr_is_wildcard(a))
		return from ? m->hosts[from->index] : NULL;
	return nc_map_get(&m->by_addr, addr_key(a));
}

struct lane *
host_lane(struct nc_host_state *h, int64_t trace)
{
	size_t i;

	if (trace < 0 || trace > 1 << 20)
		trace = 0;
	if ((size_t)trace >= h->nlanes) {
		h->lanes = nc_xreallocarray(
		    h->lanes, (size_t)trace + 1, sizeof(*h->lanes));
		for (i = h->nlanes; i <= (size_t)trace; i++)
			h->lanes[i] =
			    (struct lane){ h, (int64_t)i, true, false };
		h->nlanes = (size_t)trace + 1;
	}
	return &h->lanes[trace];
}

bool
host_done(const struct nc_host_state *h)
{
	return h->lanes_left == 0;
}

void
nc_model_host(struct nc_model *m, const struct nc_host *rec)
{
	struct nc_host_state *h = host_named(m, rec->host);
	struct lane *l;

	if (!h) {
		h = nc_xcalloc(1, sizeof(*h));
		h->name = nc_xstrndup(rec->host.p, rec->host.len);
		h->index = (unsigned)m->nhosts;
		h->first_time = NC_NIL;
		m->hosts = nc_grow(
		    m->hosts, m->nhosts, &m->hostcap, sizeof(*m->hosts));
		m->hosts[m->nhosts++] = h;
		nc_map_put(
		    &m->by_name, nc_hash(rec->host.p, rec->host.len, 1), h);
		m->undeclared++;
	}
	l = host_lane(h, rec->trace);
	if (l->done) {
		l->done = false;
		h->lanes_left++;
	}
}

void
host_learn(struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a,
    bool declared)
{
	if (a->family == 0 || nc_addr_is_loopback(a) ||
	    nc_addr_is_wildcard(a) || nc_addr_is_multicast(a) ||
	    nc_addr_is_broadcast(a))
		return;
	if (nc_map_get(&m->by_addr, addr_key(a)))
		return;
	nc_map_put(&m->by_addr, addr_key(a), h);
	h->addrs = nc_grow(h->addrs, h->naddrs, &h->addrcap, sizeof(*h->addrs));
	h->addrs[h->naddrs++] = *a;
	h->known = true;
	if (declared && !h->declared) {
		h->declared = true;
		m->undeclared--;
	}
}

void
nc_model_address(struct nc_model *m, const struct nc_address *rec)
{
	struct nc_host_state *h = host_named(m, rec->host);
	struct nc_addr a;

	if (h && nc_addr_parse(rec->address.p, rec->address.len, &a) == 0)
		host_learn(m, h, &a, nc_str_eq(rec->source, "hosts"));
}

void
nc_model_nat(struct nc_model *m, const struct nc_nat *rec)
{
	struct nc_host_state *h = host_named(m, rec->host);
	struct nat *n;
	struct nc_addr from, to;

	if (!h || nc_addr_parse(rec->private_.p, rec->private_.len, &from) ||
	    nc_addr_parse(rec->public_.p, rec->public_.len, &to))
		return;
	n = nc_xcalloc(1, sizeof(*n));
	n->host = h;
	n->private_ = from;
	n->public_ = to;
	n->next = nc_map_get(&m->nat_public, addr_key(&to));
	nc_map_put(&m->nat_public, addr_key(&to), n);
}

/* Events */

uint64_t
key_of(unsigned kind, uint64_t a, uint64_t b)
{
	uint64_t k = nc_hash_int(a * 8 + kind) ^
	    nc_hash_int(b + 0x9e3779b97f4a7c15u);

	return k ? k : 1;
}

void
fire(struct nc_model *m, uint64_t key, uint64_t at)
{
	/* Only an ordering has waiters; it is the user without a sink. */
	if (m->sink)
		return;
	m->events =
	    nc_grow(m->events, m->nevents, &m->eventcap, sizeof(*m->events));
	m->events[m->nevents++] = (struct nc_event){ key, at };
}

size_t
nc_model_events(struct nc_model *m, const struct nc_event **events)
{
	size_t n = m->nevents;

	*events = m->events;
	m->nevents = 0;
	return n;
}

enum nc_answer
park(struct offer *o, uint64_t key, uint64_t at, const char *what, int cost)
{
	o->wait->key = key;
	o->wait->at = at;
	o->wait->what = what;
	o->wait->cost = cost;
	return NC_PARK;
}

enum nc_answer
defer(struct offer *o, uint64_t key, const char *what, int cost)
{
	o->wait->key = key;
	o->wait->at = 0;
	o->wait->what = what;
	o->wait->cost = cost;
	return NC_DEFER;
}

/* Nothing more comes from the host: wake those who waited for it. */
static void
host_over(struct nc_model *m, struct nc_host_state *h)
{
	struct nc_slot *slot;
	const struct conn *c;
	size_t at = 0;

	for (c = m->open; c; c = c->all_next)
		if (c->ep[0] && c->port && c->port->host == h)
			fire(m, key_of(KEY_RX, c->ep[0]->id, 0), NC_AT_END);
	while ((slot = nc_map_next(&h->socks, &at))) {
		struct sock *s = slot->value;
		struct ep *peer;

		if (s->listener)
			fire(m, key_of(KEY_RELEASE, s->listener->port->id, 0),
			    NC_AT_END);
		if (!s->ep)
			continue;
		peer = ep_peer(s->ep);
		if (peer)
			fire(m, key_of(KEY_RX, peer->id, 0), NC_AT_END);
	}
	/* Whoever waits for this host to accept or to answer. */
	fire(m, key_of(KEY_CONN, h->index, 1), NC_AT_END);
}

void
nc_model_end(struct nc_model *m, const struct nc_end *rec)
{
	struct nc_host_state *h = host_named(m, rec->host);
	struct lane *l;

	if (!h)
		return;
	l = host_lane(h, rec->trace);
	if (l->done)
		return;
	l->done = true;
	l->cut = rec->cut == 1;
	if (rec->cut == 1 || rec->late > 0 || rec->unfollowed > 0 ||
	    rec->rejected > 0 || rec->hidden.p)
		h->uncertain = true;
	if (--h->lanes_left == 0)
		host_over(m, h);
}

/* Steps */

int
nc_model_prepare(struct nc_model *m, const struct nc_call *call, bool begin,
    struct nc_step *step)
{
	memset(step, 0, sizeof(*step));
	step->call = call;
	step->begin = begin;
	step->host = host_named(m, call->host);
	if (!step->host)
		return -1;
	step->id = nc_call_of(call->name.p, call->name.len);
	if (call->error.p) {
		step->error = nc_errno_of(call->error.p, call->error.len);
		if (step->error == 0)
			step->error = -1;
	}
	if (call->peer.p)
		nc_addr_parse(call->peer.p, call->peer.len, &step->peer);
	if (call->local.p)
		nc_addr_parse(call->local.p, call->local.len, &step->local);
	return 0;
}

static struct sock *
step_sock(const struct nc_step *step)
{
	return step->call->socket == NC_NIL ?
	    NULL :
	    nc_map_get(&step->host->socks, (uint64_t)step->call->socket);
}

/* True if nobody else's calls can matter to one on this socket. */
static bool
is_local(const struct sock *s)
{
	if (!s || s->type == SOCK_OTHER)
		return true;
	if (s->type == SOCK_TCP && s->ep)
		return s->ep->conn->state == CONN_HALF;
	return false;
}

static int
send_or_recv_priority(const struct nc_step *step, int priority)
{
	return is_local(step_sock(step)) ? 0 : priority;
}

int
nc_model_priority(struct nc_model *m, const struct nc_step *step)
{
	const struct sock *s;

	(void)m;
	switch (step->id) {
	case NC_CALL_POLL:
	case NC_CALL_PPOLL:
	case NC_CALL_SELECT:
	case NC_CALL_PSELECT6:
	case NC_CALL_EPOLL_WAIT:
	case NC_CALL_EPOLL_PWAIT:
	case NC_CALL_EPOLL_PWAIT2:
		return step->call->timeout == 0 ? 0 : 1;
	case NC_CALL_GETPEERNAME:
	case NC_CALL_GETSOCKOPT:
	case NC_CALL_IOCTL:
		return 1;
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
		return 2;
	case NC_CALL_RECV:
	case NC_CALL_RECVFROM:
	case NC_CALL_RECVMSG:
	case NC_CALL_RECVMMSG:
	case NC_CALL_READ:
	case NC_CALL_READV:
		return send_or_recv_priority(step, 2);
	case NC_CALL_CONNECT:
		s = step_sock(step);
		return s && s->type == SOCK_UDP ? 0 : 3;
	case NC_CALL_SEND:
	case NC_CALL_SENDTO:
	case NC_CALL_SENDMSG:
	case NC_CALL_SENDMMSG:
	case NC_CALL_WRITE:
	case NC_CALL_WRITEV:
	case NC_CALL_SENDFILE:
	case NC_CALL_SPLICE:
		return send_or_recv_priority(step, 3);
	case NC_CALL_LISTEN:
	case NC_CALL_SHUTDOWN:
	case NC_CALL_CLOSE:
	case NC_CALL_RELEASE:
		return 4;
	default:
		return 0;
	}
}

static enum nc_answer
accept_it(struct offer *o)
{
	(void)o;
	return NC_ACCEPT;
}

static enum nc_answer
offer_transfer(struct offer *o, bool send)
{
	if (!o->sock || o->sock->type == SOCK_OTHER)
		return NC_ACCEPT;
	if (o->sock->type == SOCK_UDP)
		return send ? dgram_send(o) : dgram_recv(o);
	return send ? offer_send(o) : offer_recv(o);
}

static enum nc_answer
dispatch(struct offer *o)
{
	switch (o->step->id) {
	case NC_CALL_SOCKET:
		return offer_socket(o);
	case NC_CALL_ATTACH:
		return offer_attach(o);
	case NC_CALL_BIND:
		return offer_bind(o);
	case NC_CALL_LISTEN:
		return offer_listen(o);
	case NC_CALL_CONNECT:
		if (!o->sock || o->sock->type == SOCK_OTHER)
			return NC_ACCEPT;
		return o->sock->type == SOCK_UDP ? dgram_connect(o) :
						   offer_connect(o);
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
		return offer_accept(o);
	case NC_CALL_GETSOCKNAME:
	case NC_CALL_GETPEERNAME:
		return offer_names(o);
	case NC_CALL_SETSOCKOPT:
	case NC_CALL_GETSOCKOPT:
		return offer_option(o);
	case NC_CALL_FCNTL:
	case NC_CALL_IOCTL:
		return offer_fcntl(o);
	case NC_CALL_SEND:
	case NC_CALL_SENDTO:
	case NC_CALL_SENDMSG:
	case NC_CALL_SENDMMSG:
	case NC_CALL_WRITE:
	case NC_CALL_WRITEV:
	case NC_CALL_SENDFILE:
	case NC_CALL_SPLICE:
		return offer_transfer(o, true);
	case NC_CALL_RECV:
	case NC_CALL_RECVFROM:
	case NC_CALL_RECVMSG:
	case NC_CALL_RECVMMSG:
	case NC_CALL_READ:
	case NC_CALL_READV:
		return offer_transfer(o, false);
	case NC_CALL_SHUTDOWN:
		return offer_shutdown(o);
	case NC_CALL_CLOSE:
		return offer_close(o);
	case NC_CALL_RELEASE:
		return offer_release(o);
	case NC_CALL_EPOLL_CTL:
		return offer_epoll(o);
	case NC_CALL_POLL:
	case NC_CALL_PPOLL:
	case NC_CALL_SELECT:
	case NC_CALL_PSELECT6:
	case NC_CALL_EPOLL_WAIT:
	case NC_CALL_EPOLL_PWAIT:
	case NC_CALL_EPOLL_PWAIT2:
		return offer_ready(o);
	default:
		return accept_it(o);
	}
}

static void
offer_init(struct offer *o, struct nc_model *m, const struct nc_step *step,
    enum nc_mode mode, struct nc_wait *wait)
{
	memset(wait, 0, sizeof(*wait));
	memset(o, 0, sizeof(*o));
	o->m = m;
	o->step = step;
	o->call = step->call;
	o->host = step->host;
	o->lane = host_lane(step->host, step->call->trace);
	o->mode = mode;
	o->wait = wait;
	o->sock = step_sock(step);
}

/* Ended by a signal: no effect, but that a connect goes on without us. */
static bool
interrupted(const struct offer *o)
{
	return o->call->marks != NC_NIL &&
	    (o->call->marks & NC_MARK_INTERRUPTED) &&
	    o->step->id != NC_CALL_CONNECT;
}

/* The call returned: its begin is over. */
static void
inside_remove(struct offer *o)
{
	struct inside *in = nc_map_get(
			  &o->host->inside, (uint64_t)o->call->thread),
		      **at;
	struct sock *s;

	if (!in || in->entry != o->call->entry)
		return;
	nc_map_del(&o->host->inside, (uint64_t)o->call->thread);
	s = in->socket == NC_NIL ?
	    NULL :
	    nc_map_get(&o->host->socks, (uint64_t)in->socket);
	if (s) {
		for (at = &s->inside; *at && *at != in; at = &(*at)->next)
			continue;
		if (*at)
			*at = in->next;
		if (s->blocked && s->blocked->thread == in->thread)
			blocked_decide(o, s);
	}
	free(in);
}

enum nc_answer
nc_model_offer(struct nc_model *m, const struct nc_step *step,
    enum nc_mode mode, struct nc_wait *wait)
{
	struct offer o;
	enum nc_answer a;

	offer_init(&o, m, step, mode, wait);
	o.was = nc_map_get(&o.host->inside, (uint64_t)o.call->thread);
	if (o.was && o.was->entry != o.call->entry)
		o.was = NULL;
	m->nevents = 0;
	m->forced = false;
	if (o.host->first_time == NC_NIL)
		o.host->first_time = o.call->time;
	a = interrupted(&o) ? NC_ACCEPT : dispatch(&o);
	if (a != NC_ACCEPT)
		return a;
	/* Only what was consumed tells facts. */
	if (step->local.family && step->id != NC_CALL_BIND &&
	    step->id != NC_CALL_ACCEPT && step->id != NC_CALL_ACCEPT4 &&
	    step->id != NC_CALL_SETSOCKOPT && (o.sock = step_sock(step)))
		sock_learn_local(m, o.sock, &step->local);
	m->seq++;
	m->ordered++;
	o.host->last_time = o.call->time;
	o.host->last_line = o.call->line;
	inside_remove(&o);
	return NC_ACCEPT;
}

bool
nc_model_was_forced(const struct nc_model *m)
{
	return m->forced;
}

void
nc_model_begin(struct nc_model *m, const struct nc_step *step)
{
	struct nc_host_state *h = step->host;
	struct sock *s = step_sock(step);
	struct inside *in =
	    nc_map_get(&h->inside, (uint64_t)step->call->thread);
	struct nc_wait wait;
	struct offer o;

	if (in && in->entry == step->call->entry)
		return;
	offer_init(&o, m, step, NC_TAKE, &wait);
	if (in)
		return; /* a thread is in one call at a time */
	in = nc_xcalloc(1, sizeof(*in));
	in->id = step->id;
	in->thread = step->call->thread;
	in->process = step->call->process;
	in->entry = step->call->entry;
	in->socket = step->call->socket;
	in->time = step->call->time;
	in->timeout = step->call->timeout;
	ref_set(&in->ref, &o);
	nc_map_put(&h->inside, (uint64_t)in->thread, in);
	if (s) {
		in->next = s->inside;
		s->inside = in;
	}
}

bool
nc_model_can_be_early(const struct nc_step *step)
{
	switch (step->id) {
	case NC_CALL_CONNECT:
	case NC_CALL_LISTEN:
	case NC_CALL_SHUTDOWN:
	case NC_CALL_RELEASE:
	case NC_CALL_SEND:
	case NC_CALL_SENDTO:
	case NC_CALL_SENDMSG:
	case NC_CALL_WRITE:
	case NC_CALL_WRITEV:
	case NC_CALL_SENDFILE:
	case NC_CALL_SPLICE:
		return step->call->socket != NC_NIL;
	default:
		return false;
	}
}

enum nc_answer
nc_model_early(struct nc_model *m, const struct nc_step *step,
    enum nc_mode mode, struct nc_wait *wait)
{
	struct offer o;
	enum nc_answer a;

	nc_model_begin(m, step);
	offer_init(&o, m, step, mode, wait);
	o.early = true;
	o.was = nc_map_get(&o.host->inside, (uint64_t)o.call->thread);
	m->nevents = 0;
	m->forced = false;
	if (!o.was || o.was->early)
		return NC_ACCEPT;
	a = dispatch(&o);
	if (a == NC_ACCEPT)
		o.was->early = true;
	return a;
}

/* The end */

static void
blocked_at_end(struct nc_model *m, struct nc_host_state *h)
{
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&h->inside, &at)))
		free(slot->value);
	nc_map_fini(&h->inside);
	(void)m;
}

void
nc_model_finish(struct nc_model *m)
{
	struct conn *c, *next;
	struct nc_slot *slot;
	size_t at = 0, i;

	while ((slot = nc_map_next(&m->ports, &at)))
		port_finish(m, slot->value);
	for (c = m->open; c; c = next) {
		next = c->all_next;
		port_orphan_tell(m, c);
		conn_finish(m, c);
	}
	dgram_finish(m);
	for (i = 0; i < m->nhosts; i++)
		bind_finish(m, m->hosts[i]);
	for (i = 0; i < m->nhosts; i++)
		blocked_at_end(m, m->hosts[i]);
	clock_write(m);
	totals_write(m);
}

static void
free_values(struct nc_map *map)
{
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(map, &at)))
		free(slot->value);
	nc_map_fini(map);
}

static void
host_free(struct nc_model *m, struct nc_host_state *h)
{
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&h->socks, &at)))
		sock_free(m, slot->value);
	nc_map_fini(&h->socks);
	free_values(&h->inside);
	free_values(&h->epolls);
	free(h->lanes);
	free(h->heard);
	free(h->addrs);
	free(h->name);
	free(h);
}

static void
ports_free(struct nc_map *ports)
{
	struct listener *l, *lnext;
	struct refusal *r, *rnext;
	struct udp *u, *unext;
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(ports, &at))) {
		struct port *p = slot->value;

		for (l = p->listeners; l; l = lnext) {
			lnext = l->next;
			free(l->heard);
			free(l);
		}
		for (r = p->refusals; r; r = rnext) {
			rnext = r->next;
			free(r);
		}
		for (u = p->receivers; u; u = unext) {
			unext = u->next;
			free(u);
		}
		free(p);
	}
	nc_map_fini(ports);
}

void
nc_model_free(struct nc_model *m)
{
	struct nc_slot *slot;
	size_t at = 0, i;

	if (!m)
		return;
	for (i = 0; i < m->nhosts; i++)
		host_free(m, m->hosts[i]);
	free(m->hosts);
	dgram_free(m);
	ports_free(&m->ports);
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
	nc_map_fini(&m->by_client);
	nc_map_fini(&m->by_pair);
	free_values(&m->groups);
	free_values(&m->clocks);
	free(m->events);
	free(m);
}
