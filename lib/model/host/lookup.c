/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Look-ups of names: what each process asks name servers, and what it gets.
 */
#include "lookup.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/socket.h"
#include "../stream/conn.h"
#include "query.h"

#define DNS 53
#define MDNS 5353 /* name servers for tests use it, too */
#define KEPT 64   /* look-ups of a process */
#define ASKED 32  /* queries of a look-up: types, servers, numbers */
#define ASKERS 4096
#define LONG_NS INT64_C(1000000000)
/* A name that was found is known for so long: ns, or calls without times. */
#define KNOWN_NS (10 * LONG_NS)
#define KNOWN_CALLS 256

/* A query that was sent, under the number that its answer will have. */
struct asked {
	struct asked *next; /* of the same look-up */
	struct lookup *lookup;
	uint64_t key;
	int64_t socket;
	bool answered;
};

struct lookup {
	struct lookup *next, *prev; /* of the same process, newest first */
	struct asked *asked;
	unsigned nasked;
	char *name;
	bool cut;
	bool found;   /* some record of it */
	bool exists;  /* and has none of a type that was asked for */
	bool missing; /* NXDOMAIN */
	bool failed;  /* SERVFAIL, */
	bool refused; /* REFUSED, or another error */
	bool absent;  /* nothing listens where it was asked last */
	bool settled; /* a name of the same search was found */
	bool told;
	uint8_t rcode;       /* the last one that is an error */
	int64_t tries;       /* queries sent */
	int64_t timeouts;    /* waits of a second or more without an answer */
	int64_t first, last; /* times of its first query, its last event */
	uint64_t last_seq;
	int64_t done; /* time of the event that found it, or settled it */
	uint64_t done_seq;
	struct nc_addr server; /* asked last */
	unsigned servers;
	int64_t flow;
	struct ref query, end; /* the first; its last event */
};

struct asker {
	int64_t process;
	struct lookup *newest, *oldest;
	unsigned n;
	int64_t found;     /* names found */
	bool serves;       /* it answers queries itself, or listens */
	uint64_t used_seq; /* its last connect or datagram to something else */
};

static uint64_t
name_key(int64_t process, const char *name)
{
	return key_of(7, (uint64_t)process, nc_hash(name, strlen(name), 0));
}

static uint64_t
asked_key(const struct offer *o, uint16_t id)
{
	return key_of(8, (uint64_t)o->sock->number, id);
}

static struct asker *
asker_get(struct nc_host_state *h, int64_t process, bool make)
{
	struct asker *a = nc_map_get(&h->askers, (uint64_t)process + 1);

	if (a || !make || h->askers.n >= ASKERS)
		return a;
	a = nc_xcalloc(1, sizeof(*a));
	a->process = process;
	nc_map_put(&h->askers, (uint64_t)process + 1, a);
	return a;
}

static void
queries_drop(struct nc_host_state *h, struct lookup *l)
{
	struct asked *q, *next;

	for (q = l->asked; q; q = next) {
		next = q->next;
		if (nc_map_get(&h->asked, q->key) == q)
			nc_map_del(&h->asked, q->key);
		free(q);
	}
	l->asked = NULL;
	l->nasked = 0;
}

static void
lookup_drop(struct nc_host_state *h, struct asker *a, struct lookup *l)
{
	uint64_t key = name_key(a->process, l->name);

	queries_drop(h, l);
	if (nc_map_get(&h->lookups, key) == l)
		nc_map_del(&h->lookups, key);
	*(l->prev ? &l->prev->next : &a->newest) = l->next;
	*(l->next ? &l->next->prev : &a->oldest) = l->prev;
	a->n--;
	free(l->name);
	free(l);
}

/* Telling */

static bool
pending(const struct lookup *l)
{
	const struct asked *q;

	for (q = l->asked; q; q = q->next)
		if (!q->answered)
			return true;
	return false;
}

static int64_t
lasted(const struct lookup *l)
{
	return l->first == NC_NIL || l->last == NC_NIL ? NC_NIL :
							 l->last - l->first;
}

static bool
was_slow(const struct lookup *l)
{
	int64_t t = lasted(l);

	return t == NC_NIL ? l->timeouts > 0 : t >= LONG_NS;
}

/* Static; NULL: nothing is wrong with it. */
static const char *
outcome(const struct lookup *l)
{
	if (l->settled || l->told)
		return NULL;
	if (l->found || l->exists)
		return was_slow(l) &&
			(l->tries > 1 || lasted(l) >= 2 * LONG_NS) ?
		    "slow" :
		    NULL;
	if (l->refused)
		return l->rcode == RCODE_REFUSED ? "refused" : "error";
	if (l->failed)
		return "servfail";
	if (l->missing)
		return "nxdomain";
	/*
	 * One lost query is nobody's fault, and one given up proves nothing.
	 * For the name of an address nobody waits but who is seen to.
	 */
	if (was_slow(l) &&
	    (l->timeouts ||
		(l->tries > 1 && !query_is_reverse(l->name, l->cut))))
		return "none";
	return l->absent ? "absent" : NULL;
}

/* The other steps of its search are told with it; their shortest name. */
static const char *
tell_search(struct lookup *l)
{
	const char *name = l->name;
	struct lookup *other;

	l->told = true;
	for (other = l->next; other; other = other->next) {
		if (other->told || !query_same_search(l->name, other->name))
			continue;
		other->told = true;
		if (strlen(other->name) < strlen(name))
			name = other->name;
	}
	return name;
}

static void
tell(struct nc_model *m, const struct asker *a, struct lookup *l)
{
	const char *what = outcome(l);
	bool slow = was_slow(l);
	const char *name;
	struct dev d;

	if (!what)
		return;
	name = tell_search(l);
	if (!dev_open_ref(&d, m, &l->query, DEV_NAME_LOOKUP, "dgram_recv"))
		return;
	d.rec.flow = l->flow;
	/* Many programs ask for their own host's name, and can do without. */
	if (strcmp(what, "absent") == 0)
		d.rec.severity = nc_str("info");
	dev_peer(&d, host_owning(m, l->query.host, &l->server), &l->server);
	dev_str(&d, "name", name);
	dev_str(&d, "outcome", what);
	dev_int(&d, "reverse", query_is_reverse(l->name, l->cut));
	dev_int(&d, "tries", l->tries);
	dev_int(&d, "servers", l->servers);
	dev_int(&d, "slow", slow);
	dev_int(&d, "waited", lasted(l));
	dev_int(&d, "found", a->found);
	dev_int(&d, "serves", a->serves);
	dev_int(&d, "then", a->used_seq > l->last_seq);
	dev_cause(&d, &l->end);
	dev_close(&d);
}

/* Queries */

static void
lookup_begin(struct offer *o, struct lookup *l)
{
	l->first = o->call->time;
	l->tries = l->timeouts = 0;
	l->absent = false;
	ref_set(&l->query, o);
}

/* A query that failed is repeated at once; later it is another look-up. */
static bool
goes_on(const struct offer *o, const struct lookup *l)
{
	if (l->found || l->exists || l->missing || l->failed || l->refused)
		return false;
	return o->call->time == NC_NIL || l->last == NC_NIL ||
	    o->call->time - l->last < LONG_NS;
}

/*
 * It was found a while ago: another look-up.  Sooner than that, a resolver
 * asks once more for the type of address that the name does not have.
 */
static bool
is_stale(const struct offer *o, const struct lookup *l)
{
	if (!(l->found || l->settled) || pending(l))
		return false;
	if (o->call->time == NC_NIL || l->done == NC_NIL)
		return o->m->seq - l->done_seq > KNOWN_CALLS;
	return o->call->time - l->done > KNOWN_NS;
}

static struct lookup *
lookup_get(struct offer *o, struct asker *a, const struct query *q)
{
	struct nc_host_state *h = o->host;
	uint64_t key = name_key(a->process, q->name);
	struct lookup *l = nc_map_get(&h->lookups, key);

	if (l && is_stale(o, l)) {
		lookup_drop(h, a, l);
		l = NULL;
	}
	if (l) {
		if (!pending(l) && !goes_on(o, l))
			lookup_begin(o, l);
		return l;
	}
	if (a->n >= KEPT) {
		tell(o->m, a, a->oldest);
		lookup_drop(h, a, a->oldest);
	}
	l = nc_xcalloc(1, sizeof(*l));
	l->name = nc_xstrndup(q->name, strlen(q->name));
	l->cut = q->cut;
	l->flow = NC_NIL;
	lookup_begin(o, l);
	l->next = a->newest;
	*(a->newest ? &a->newest->prev : &a->oldest) = l;
	a->newest = l;
	a->n++;
	nc_map_put(&h->lookups, key, l);
	return l;
}

static void
happened(struct offer *o, struct lookup *l)
{
	l->last = call_end(o->call);
	l->last_seq = o->m->seq + 1;
	ref_set(&l->end, o);
}

static void
is_done(const struct offer *o, struct lookup *l)
{
	l->done = o->call->time;
	l->done_seq = o->m->seq;
}

static void
was_asked(struct offer *o, const struct query *q, const struct nc_addr *to)
{
	struct asker *a = asker_get(o->host, o->call->process, true);
	uint64_t key = asked_key(o, q->id);
	struct lookup *l;
	struct asked *as;

	if (!a)
		return;
	l = lookup_get(o, a, q);
	if (!nc_addr_same(&l->server, to)) {
		l->server = *to;
		l->servers++;
	}
	l->tries++;
	o->sock->names = true;
	happened(o, l);
	if (o->sock->flows)
		l->flow = (int64_t)o->sock->flows->number;
	as = nc_map_get(&o->host->asked, key);
	if (as && as->lookup == l && !as->answered)
		return;
	if (l->nasked >= ASKED)
		return;
	as = nc_xcalloc(1, sizeof(*as));
	as->lookup = l;
	as->key = key;
	as->socket = o->sock->number;
	as->next = l->asked;
	l->asked = as;
	l->nasked++;
	nc_map_put(&o->host->asked, key, as);
}

/* A name was found: so has the search that it is a step of. */
static void
settle(const struct offer *o, struct asker *a, const struct lookup *l)
{
	struct lookup *other;

	for (other = a->newest; other; other = other->next)
		if (other != l && query_same_search(l->name, other->name)) {
			other->settled = true;
			is_done(o, other);
		}
}

static void
was_answered(struct offer *o, const struct query *q)
{
	struct asked *as = nc_map_get(&o->host->asked, asked_key(o, q->id));
	struct lookup *l = as ? as->lookup : NULL;
	struct asker *a;

	if (!l || as->answered ||
	    (!l->cut && !q->cut && strcmp(l->name, q->name) != 0))
		return;
	/* Of another process, which has the socket as well. */
	a = asker_get(o->host, l->query.process, false);
	if (!a)
		return;
	happened(o, l);
	as->answered = true;
	l->absent = false;
	if (q->truncated && q->rcode == RCODE_OK)
		return;
	switch (q->rcode) {
	case RCODE_OK:
		if (q->answers) {
			a->found += !l->found;
			l->found = true;
			is_done(o, l);
			settle(o, a, l);
		}
		l->exists = true;
		break;
	case RCODE_NXDOMAIN:
		l->missing = true;
		break;
	case RCODE_SERVFAIL:
		l->failed = true;
		l->rcode = q->rcode;
		break;
	default:
		l->refused = true;
		l->rcode = q->rcode;
	}
	if (!pending(l) && (l->found || l->settled)) {
		tell(o->m, a, l);
		queries_drop(o->host, l);
	}
}

/* Calls */

static bool
is_name_server(const struct nc_addr *a)
{
	return (a->port == DNS || a->port == MDNS) && a->family &&
	    !nc_addr_is_multicast(a);
}

/* What the offered call's socket talks to. */
static const struct nc_addr *
other_end(const struct offer *o)
{
	const struct sock *s = o->sock;

	if (s->type == SOCK_TCP)
		return s->ep && s->ep->side == SIDE_CLIENT ?
		    &s->ep->conn->target :
		    NULL;
	return o->step->peer.family ? &o->step->peer : &s->peer;
}

/*
 * The message in what was sent or received.  Over TCP its length comes
 * first, in the same call or in one before.
 */
static bool
message(const struct offer *o, struct query *q)
{
	const struct nc_call *c = o->call;
	uint64_t n = (uint64_t)c->result;

	if (o->sock->type == SOCK_UDP)
		return query_read(c, 0, n, q);
	return (n > 2 && query_read(c, 2, n - 2, q)) || query_read(c, 0, n, q);
}

static void
used_otherwise(struct offer *o)
{
	struct asker *a = asker_get(o->host, o->call->process, false);

	if (a)
		a->used_seq = o->m->seq + 1;
}

static void
serves(struct offer *o, bool make)
{
	struct asker *a = asker_get(o->host, o->call->process, make);

	if (a)
		a->serves = true;
}

static void
transferred(struct offer *o, bool send)
{
	const struct nc_addr *to = other_end(o);
	struct query q;

	if (!to || o->step->error || o->call->result == NC_NIL ||
	    o->call->result <= 0)
		return;
	if (send && o->sock->local.port == DNS && o->sock->type == SOCK_UDP) {
		serves(o, true);
		return;
	}
	if (!is_name_server(to)) {
		if (send && o->sock->type == SOCK_UDP)
			used_otherwise(o);
		return;
	}
	if (!message(o, &q) || q.answer == send)
		return;
	if (send)
		was_asked(o, &q, to);
	else
		was_answered(o, &q);
}

static bool
timed_out(const struct offer *o)
{
	if (nc_call_family(o->step->id) == NC_FAMILY_READY)
		return o->call->result == 0 && o->call->timeout >= LONG_NS;
	return o->step->error == NC_EAGAIN && o->sock && !o->sock->nonblock &&
	    o->sock->rcvtimeo >= LONG_NS;
}

/* What became of the queries that were sent on a socket. */
enum fate {
	WAITED, /* a second or more, and nothing came */
	FAILED, /* there is nobody who could answer */
	CLOSED  /* nobody waits any more */
};

static void
fate(struct offer *o, const struct asker *a, int64_t socket, enum fate fate)
{
	struct asked *q;
	struct lookup *l;
	bool hit;

	for (l = a->newest; l; l = l->next) {
		hit = false;
		for (q = l->asked; q; q = q->next) {
			if (q->answered || q->socket != socket)
				continue;
			hit = true;
			q->answered = fate != WAITED;
		}
		if (!hit)
			continue;
		if (fate == WAITED)
			l->timeouts++;
		if (fate != CLOSED)
			l->absent = fate == FAILED;
		happened(o, l);
	}
}

/* What epoll waited for in vain is not told. */
static void
readiness(struct offer *o)
{
	const struct asker *a = asker_get(o->host, o->call->process, false);
	struct nc_cursor c = nc_cursor(o->call->ready);
	size_t n = a ? nc_cursor_array(&c) : 0, i;
	bool vain = timed_out(o);

	for (i = 0; i + 4 <= n && i < 4 * KEPT; i += 4) {
		int64_t socket = nc_cursor_int(&c), events;
		const struct sock *s;

		nc_cursor_int(&c);
		nc_cursor_int(&c);
		events = nc_cursor_int(&c);
		s = nc_map_get(&o->host->socks, (uint64_t)socket);
		if (!s || !s->names)
			continue;
		if (vain)
			fate(o, a, socket, WAITED);
		else if (events != NC_NIL && (events & NC_POLLERR))
			fate(o, a, socket, FAILED);
	}
}

void
lookup_see(struct offer *o)
{
	const struct sock *s = o->sock;
	struct asker *a;

	if (o->step->id == NC_CALL_SPLICE || o->step->id == NC_CALL_SENDFILE)
		return;
	switch (nc_call_family(o->step->id)) {
	case NC_FAMILY_SEND:
		if (s && s->type != SOCK_OTHER)
			transferred(o, true);
		break;
	case NC_FAMILY_RECV:
		a = asker_get(o->host, o->call->process, false);
		if (s && a && s->names && timed_out(o))
			fate(o, a, s->number, WAITED);
		else if (s && a && s->names &&
		    o->step->error == NC_ECONNREFUSED)
			fate(o, a, s->number, FAILED);
		else if (s && s->type != SOCK_OTHER && o->host->askers.n)
			transferred(o, false);
		break;
	case NC_FAMILY_READY:
		if (o->host->askers.n)
			readiness(o);
		break;
	case NC_FAMILY_ACCEPT:
		serves(o, false);
		break;
	default:
		if (o->step->id == NC_CALL_LISTEN)
			serves(o, false);
		if (o->step->id == NC_CALL_CONNECT && s &&
		    s->type == SOCK_TCP && !is_name_server(&o->step->peer))
			used_otherwise(o);
	}
}

void
lookup_released(struct offer *o)
{
	const struct asker *a = asker_get(o->host, o->call->process, false);

	if (a && o->sock->names)
		fate(o, a, o->sock->number, CLOSED);
}

/* The end */

static int
by_process(const void *x, const void *y)
{
	const struct asker *a = *(struct asker *const *)x;
	const struct asker *b = *(struct asker *const *)y;

	return a->process < b->process ? -1 : a->process > b->process;
}

void
lookup_finish(struct nc_model *m, struct nc_host_state *h)
{
	struct asker **v;
	struct nc_slot *slot;
	struct lookup *l;
	size_t at = 0, n = 0, i;

	if (!h->askers.n || !m->sink)
		return;
	v = nc_xcalloc(h->askers.n, sizeof(struct asker *));
	while ((slot = nc_map_next(&h->askers, &at)))
		v[n++] = slot->value;
	/* The table's order is not one for readers. */
	qsort(v, n, sizeof(struct asker *), by_process);
	for (i = 0; i < n; i++)
		for (l = v[i]->newest; l; l = l->next)
			tell(m, v[i], l);
	free(v);
}

void
lookup_free(struct nc_host_state *h)
{
	struct lookup *l, *next;
	struct nc_slot *slot;
	struct asker *a;
	size_t at = 0;

	while ((slot = nc_map_next(&h->askers, &at))) {
		a = slot->value;
		for (l = a->newest; l; l = next) {
			next = l->next;
			lookup_drop(h, a, l);
		}
	}
	nc_map_free(&h->askers);
	nc_map_fini(&h->lookups);
	nc_map_fini(&h->asked);
}
