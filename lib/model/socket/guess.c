/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ports and addresses that a trace does not show.
 */
#include "guess.h"

#include <string.h>

#include "../dgram/dgram.h"
#include "../dgram/doubt.h"
#include "../offer.h"
#include "port.h"
#include "socket.h"

#define HOLDERS 16 /* of a port that are looked at */

bool
guess_is_told(const struct port *p)
{
	const struct udp *u = p ? p->receivers : NULL;
	unsigned n;

	for (n = 0; u && n < HOLDERS; n++, u = u->next)
		if (!u->inferred)
			return true;
	return false;
}

bool
guess_in_doubt(const struct nc_host_state *h, const struct port *p)
{
	return h->doubtful && !guess_is_told(p);
}

bool
guess_is_open(const struct nc_model *m, const struct nc_host_state *h,
    const struct port *p)
{
	if ((h->translated && h->seen) || (h->guessed && m->nhosts > 2) ||
	    (m->udp_nat.n > 0 && !h->seen))
		return true;
	return (h->doubtful || h->nameless > 1) && !guess_is_told(p);
}

/*
 * Something that came from a foreign address was taken for the host's, which
 * is reached under its own: it was a stranger's, and who got which of what was
 * sent to either is not certain.
 */
static bool
mistook(const struct nc_host_state *h)
{
	return h && h->translated && h->seen;
}

static bool
in_doubt(struct nc_model *m, const struct flow *f)
{
	const struct port *source = f->source.port ?
	    port_get(m, f->host, true, f->source.port, false) :
	    NULL;

	return guess_in_doubt(f->host, source) ||
	    (f->to_host && guess_in_doubt(f->to_host, f->port));
}

bool
guess_confuses(struct nc_model *m, const struct flow *w)
{
	const struct port *p = w->source.port ?
	    port_get(m, w->host, true, w->source.port, false) :
	    NULL;
	size_t i;

	if (w->host->unsure || (w->to_host && w->to_host->unsure) ||
	    w->unproven || mistook(w->host) || mistook(w->to_host) ||
	    in_doubt(m, w) || guess_blurs(w) || doubt_covers(m, w) ||
	    (p ? p->confused : w->host->confused) ||
	    (w->port && w->port->confused))
		return true;
	/*
	 * Neither which of several hosts has the address nor whose the port
	 * is, any line tells.
	 */
	if (w->to_host && w->to_host->guessed && m->nhosts > 2 && w->port &&
	    w->port->receivers && !guess_is_told(w->port))
		return true;
	for (i = 0; i < w->host->naddrs; i++)
		if (nc_map_get(&m->strangers,
			key_of(3, nc_addr_hash_ip(&w->host->addrs[i]),
			    w->source.port)))
			return true;
	return false;
}

bool
guess_blurs(const struct flow *f)
{
	return f->alike &&
	    (f->host->apart || (f->to_host && f->to_host->apart));
}

void
guess_doubt(struct nc_host_state *h)
{
	h->doubtful = true;
}

/* Two sockets on one port: some datagram was taken for another's. */
static bool
infer_local(struct nc_model *m, struct sock *s, const struct nc_addr *like,
    uint16_t number)
{
	struct nc_addr any = { .family = like->family, .port = number };
	struct port *p = port_get(m, s->host, true, number, true);

	if (p->receivers && p->receivers->sock != s) {
		p->confused = true;
		s->host->confused = true;
		guess_doubt(s->host);
		return false;
	}
	if (nc_addr_is_v4(like))
		memcpy(any.ip, like->ip, 12);
	sock_learn_local(m, s, &any);
	s->local_inferred = true;
	if (s->udp)
		s->udp->inferred = true;
	return true;
}

void
guess_source(struct nc_model *m, struct flow *f, const struct nc_addr *from)
{
	if (!f->host->doubtful && infer_local(m, f->sender, from, from->port)) {
		f->source = f->sender->local;
		f->inferred = true;
	}
}

void
guess_past(struct nc_model *m, struct flow *f, const struct nc_addr *from)
{
	struct port *p = port_get(m, f->host, true, from->port, true);
	struct udp *u = f->past;

	if (f->host->doubtful || f->source.port)
		return;
	if (p->receivers && p->receivers->number != f->sender_number) {
		p->confused = true;
		f->host->confused = true;
		guess_doubt(f->host);
		return;
	}
	u->local =
	    (struct nc_addr){ .family = from->family, .port = from->port };
	if (nc_addr_is_v4(from))
		memcpy(u->local.ip, from->ip, 12);
	f->source = u->local;
	f->inferred = u->inferred = true;
	if (p->receivers)
		return;
	f->past = NULL;
	u->port = p;
	p->receivers = u;
	p->unseen = false;
	udp_gone(m, u);
}

void
guess_receiver(struct nc_model *m, struct sock *s, const struct nc_addr *to)
{
	if (!s->host->doubtful)
		infer_local(m, s, to, to->port);
}

void
guess_address(
    struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a)
{
	uint64_t key = nc_addr_hash_ip(a);

	/* A translator's is no host's own. */
	if (h->doubtful || nc_map_get(&m->by_addr, key) ||
	    nc_map_get(&m->nat_public, key))
		return;
	host_learn(m, h, a, false);
	guess_note(m, h, a);
}

void
guess_note(struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a)
{
	h->guessed = true;
	nc_map_put(&m->guessed, nc_addr_hash_ip(a), h);
}

bool
guess_is_address(struct nc_model *m, const struct nc_addr *a)
{
	return a->family && nc_map_get(&m->guessed, nc_addr_hash_ip(a));
}

void
guess_revoke(struct nc_model *m, struct sock *s)
{
	struct flow *f;

	if (!s)
		return;
	guess_doubt(s->host);
	if (!s->local_inferred)
		return;
	for (f = s->flows; f; f = f->of_next)
		if (f->inferred)
			memset(&f->source, 0, sizeof(f->source));
	memset(&s->local, 0, sizeof(s->local));
	s->bound = s->local_inferred = false;
	if (s->udp)
		dgram_unbound(m, s);
}

void
guess_revoke_port(struct nc_model *m, const struct port *p)
{
	const struct udp *u = p ? p->receivers : NULL;

	if (u && u->inferred)
		guess_revoke(m, u->sock);
}

bool
guess_revoke_address(
    struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a)
{
	if (!h || nc_map_get(&m->guessed, nc_addr_hash_ip(a)) != h)
		return false;
	nc_map_del(&m->guessed, nc_addr_hash_ip(a));
	host_forget(m, h, a);
	guess_doubt(h);
	return true;
}
