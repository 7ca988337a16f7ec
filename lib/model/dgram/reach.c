/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams to groups that do not reach a socket that seems to wait for them:
 * what in the memberships and options explains it.
 */
#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../socket/port.h"
#include "../wait.h"
#include "cast.h"

#define RECEIVERS_MAX 64 /* at a host's port that are looked at */
#define HOSTS_MAX 256    /* that are looked at for a group */
#define STRANGERS 60     /* confidence, where nothing has ever passed */

/* Bits in which two IPv4 addresses begin alike. */
static unsigned
common(const struct nc_addr *a, const struct nc_addr *b)
{
	unsigned n;

	if (!nc_addr_is_v4(a) || !nc_addr_is_v4(b))
		return 0;
	for (n = 0; n < 32; n++)
		if ((a->ip[12 + n / 8] ^ b->ip[12 + n / 8]) >> (7 - n % 8) & 1)
			break;
	return n;
}

/* The best of the host's addresses, or of one alone. */
static unsigned
common_host(const struct nc_host_state *h, const struct nc_addr *only,
    const struct nc_addr *with)
{
	unsigned best = 0;
	size_t i;

	if (only && only->family && !nc_addr_is_wildcard(only))
		return common(only, with);
	for (i = 0; i < h->naddrs; i++)
		if (common(&h->addrs[i], with) > best)
			best = common(&h->addrs[i], with);
	return best;
}

/* How alike the nearest addresses of two hosts are. */
static unsigned
distance(const struct nc_host_state *a, const struct nc_host_state *b)
{
	unsigned best = 0;
	size_t i;

	for (i = 0; i < b->naddrs; i++)
		if (common_host(a, NULL, &b->addrs[i]) > best)
			best = common_host(a, NULL, &b->addrs[i]);
	return best;
}

static const struct cast_sock *
settings(const struct udp *u)
{
	return u->sock ? u->sock->cast : u->cast;
}

static const struct cast_member *
member(const struct cast_sock *c, const struct nc_addr *group)
{
	const struct cast_member *g = c ? c->members : NULL;

	while (g && !nc_addr_same_ip(&g->group, group))
		g = g->next;
	return g;
}

static bool
got(const struct cast_stat *s, const struct udp *u)
{
	size_t i;

	for (i = 0; i < s->ngot; i++)
		if (s->got[i].host == u->host && s->got[i].socket == u->number)
			return true;
	return false;
}

/*
 * Bound while enough was sent, and waited.  Between hosts of which nothing has
 * passed the order tells nothing: that it waited at all.
 */
static bool
was_there(const struct cast_stat *s, const struct udp *u)
{
	uint64_t enough = s->late_seq[s->sent % CAST_ENOUGH];
	bool waited = u->wait.seq || u->wait.blocked ||
	    (u->epoll && u->epoll->wait.seq);

	if (wait_strangers(s->host, u->host))
		return waited;
	return u->bound_seq <= enough && waited &&
	    (!u->released || u->released_seq > enough);
}

/* The address that it is bound to takes datagrams to the group. */
static bool
address_takes(const struct udp *u, const struct nc_addr *to)
{
	if (!nc_addr_is_wildcard(&u->local))
		return nc_addr_same_ip(&u->local, to);
	return nc_addr_is_v4(&u->local) == nc_addr_is_v4(to) ||
	    (nc_addr_is_v4(to) && !u->v6only);
}

/* By an interface that the other end does not hear. */
static bool
other_interface(
    const struct cast_stat *s, const struct udp *u, const struct cast_member *g)
{
	bool sender = s->by_interface == s->sent && s->interface.family &&
	    !nc_addr_is_wildcard(&s->interface);
	bool receiver = g && g->interface.family &&
	    !nc_addr_is_wildcard(&g->interface);
	unsigned best, used;

	if (s->host == u->host)
		return sender && receiver &&
		    nc_addr_is_loopback(&s->interface) !=
		    nc_addr_is_loopback(&g->interface);
	if ((sender && nc_addr_is_loopback(&s->interface)) ||
	    (receiver && nc_addr_is_loopback(&g->interface)))
		return true;
	if (!sender && !receiver)
		return false;
	/* Others of their addresses are of one network, these are not. */
	best = distance(s->host, u->host);
	if (sender && receiver)
		used = common(&s->interface, &g->interface);
	else
		used = sender ? common_host(u->host, NULL, &s->interface) :
				common_host(s->host, NULL, &g->interface);
	return best >= 16 && used + 8 <= best;
}

/*
 * Why the socket gets nothing of it; NULL: no reason shows, or it may not
 * want it.  confidence is that of the reason.
 */
static const char *
reason(const struct nc_model *m, const struct cast_stat *s, const struct udp *u,
    int *confidence)
{
	const struct cast_sock *c = settings(u);
	const struct cast_member *own = member(c, &s->to);
	const struct cast_join *j = cast_joined(m, u->host, &s->to);
	bool here = s->host == u->host;

	*confidence = 80;
	if (!address_takes(u, &s->to))
		return own && !nc_addr_is_wildcard(&u->local) &&
			!nc_addr_is_multicast(&u->local) ?
		    "bound" :
		    NULL;
	if (c && c->unknown)
		return NULL;
	if (!j)
		/* One that gets other things may not want it. */
		return u->used || u->host->uncertain ? NULL : "unjoined";
	if (!own && c && c->only_own)
		return "only_own";
	if (!own && (u->used || u->host->uncertain))
		return NULL;
	if (j->left && j->left_seq < s->first_seq)
		return "left";
	if (here && s->no_loop == s->sent)
		return "loop";
	if (!here && s->ttl0 == s->sent)
		return "ttl";
	if (other_interface(s, u, own))
		return "interface";
	*confidence = 60;
	if (!here && s->far == 0 && u->host->naddrs && s->host->naddrs &&
	    nc_addr_is_v4(&s->to) && distance(s->host, u->host) < 24)
		return "ttl";
	return NULL;
}

static void
tell(struct nc_model *m, const struct cast_stat *s, const struct udp *u,
    const char *why, int confidence)
{
	const struct cast_sock *c = settings(u);
	const struct cast_member *own = member(c, &s->to);
	const struct cast_join *j = cast_joined(m, u->host, &s->to);
	struct dev d;

	if (!dev_open_ref(&d, m, &u->bind, DEV_MCAST_OPTION, "dgram_group"))
		return;
	dev_base(&d, confidence);
	d.rec.local = nc_str(nc_addr_print_port(&u->local, d.local));
	dev_peer(&d, s->host, &s->to);
	dev_str(&d, "reason", why);
	dev_str(&d, "receiver", u->host->name);
	dev_int(&d, "sent", (int64_t)s->sent);
	if (own && own->interface.family)
		dev_addr(&d, "joined_on", &own->interface);
	if (s->by_interface && s->interface.family)
		dev_addr(&d, "sent_by", &s->interface);
	if (j)
		dev_cause(&d, &j->call);
	dev_cause(&d, &s->first);
	dev_close(&d);
}

static void
look(struct nc_model *m, const struct cast_stat *s, struct nc_host_state *h)
{
	const struct port *p = port_get(m, h, true, s->to.port, false);
	const struct udp *u;
	const char *why;
	int confidence;
	unsigned n = 0;

	for (u = p ? p->receivers : NULL; u && n < RECEIVERS_MAX;
	     u = u->next, n++) {
		/* Where it is bound, no call has told. */
		if (!u->bind.host)
			continue;
		/* It is the sender's own, for answers. */
		if (h == s->host && u->bind.process == s->first.process)
			continue;
		if (got(s, u) || !was_there(s, u))
			continue;
		why = reason(m, s, u, &confidence);
		if (wait_strangers(s->host, u->host) && confidence > STRANGERS)
			confidence = STRANGERS;
		if (why)
			tell(m, s, u, why, confidence);
	}
}

void
cast_finish(struct nc_model *m)
{
	const struct cast_stat *s;
	size_t i;

	for (s = m->first_cast; s; s = s->next) {
		if (s->sent < CAST_ENOUGH || s->many ||
		    !nc_addr_is_multicast(&s->to))
			continue;
		for (i = 0; i < m->nhosts && i < HOSTS_MAX; i++)
			look(m, s, m->hosts[i]);
	}
}
