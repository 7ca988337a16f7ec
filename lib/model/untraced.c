/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Input and output that no call shows, and checks that were left out.
 */
#include "untraced.h"

#include <stdlib.h>
#include <string.h>

#include "deviate.h"
#include "dgram/dgram.h"
#include "offer.h"
#include "rows.h"
#include "stream/conn.h"

/* A process that shares a ring with the kernel. */
struct ring {
	struct ref call; /* that showed it */
	bool packets;    /* of packets; else of calls of any kind */
	bool told;
};

static struct ring *
ring_of(const struct nc_host_state *h, int64_t process)
{
	return h->rings.n ? nc_map_get(&h->rings, (uint64_t)process + 1) : NULL;
}

static void
tell(struct nc_model *m, struct ring *r, const struct sock *s)
{
	struct dev d;

	if (r->told)
		return;
	r->told = true;
	if (!dev_open_ref(&d, m, &r->call, DEV_UNTRACED_IO, "other_untraced"))
		return;
	/* Which ring of packets, its option says. */
	dev_str(
	    &d, "call", r->packets ? r->call.option : nc_call_name(r->call.id));
	if (s) {
		d.rec.socket = s->number;
		if (s->ep)
			dev_conn(&d, s->ep->conn, s->ep->side);
	}
	dev_close(&d);
}

static void
missed_close(struct offer *o)
{
	struct dev d;

	if (o->lane->missed_told)
		return;
	o->lane->missed_told = true;
	if (dev_open(&d, o, DEV_MISSED_CLOSE, "other_missed"))
		dev_close(&d);
}

void
untraced_see(struct offer *o)
{
	const struct nc_call *c = o->call;
	bool packets = o->step->id == NC_CALL_SETSOCKOPT && c->socket == NC_NIL;
	struct ring *r;

	if (o->step->id == NC_CALL_RELEASE && c->marks != NC_NIL &&
	    (c->marks & NC_MARK_MISSED))
		missed_close(o);
	if (o->step->id == NC_CALL_ATTACH && c->marks != NC_NIL &&
	    (c->marks & NC_MARK_UNSURE))
		o->host->mixed = true;
	if (!packets && o->step->id != NC_CALL_IO_URING_ENTER &&
	    o->step->id != NC_CALL_IO_URING_SETUP &&
	    (o->step->id != NC_CALL_SPLICE || c->socket != NC_NIL))
		return;
	if (ring_of(o->host, c->process))
		return;
	r = nc_xcalloc(1, sizeof(*r));
	r->packets = packets;
	ref_set(&r->call, o);
	nc_map_put(&o->host->rings, (uint64_t)c->process + 1, r);
	row_taken(o->m, ROW_other_untraced);
	/* Packets pass through nothing else that is traced. */
	if (packets)
		tell(o->m, r, NULL);
}

/* Once for each trace and word. */
static bool
is_told(struct offer *o, struct nc_bytes word, uint64_t kind)
{
	return !o->m->sink ||
	    nc_map_put(&o->lane->skipped, nc_hash(word.p, word.len, kind) | 1,
		o->m) != NULL;
}

static void
add_word(struct dev *d, const char *name, struct nc_bytes word)
{
	char text[64];
	size_t n = word.len < sizeof(text) ? word.len : sizeof(text) - 1;

	memcpy(text, word.p, n);
	text[n] = '\0';
	dev_str(d, name, text);
}

void
untraced_call(struct offer *o)
{
	struct dev d;

	if (!o->sock || !o->call->name.p || is_told(o, o->call->name, 4) ||
	    !dev_open(&d, o, DEV_UNKNOWN_SYSCALL, "other_unknown"))
		return;
	add_word(&d, "call", o->call->name);
	dev_close(&d);
}

void
untraced_option(struct offer *o)
{
	struct dev d;

	if (!o->call->option.p || is_told(o, o->call->option, 5) ||
	    !dev_open(&d, o, DEV_NOT_HANDLE_OPTION, "option_state"))
		return;
	add_word(&d, "option", o->call->option);
	dev_close(&d);
}

/*
 * No call used it, and yet it was used: somebody has sent to it or read from
 * it, or it was left to listen, or it was made for nothing that shows.
 */
static bool
is_unused(struct nc_model *m, const struct sock *s)
{
	const struct ep *e = s->ep, *p = e ? ep_peer(e) : NULL;

	if (s->touched || s->late)
		return false;
	if (s->type == SOCK_UDP)
		return s->udp && dgram_waiting(m, s);
	if (e)
		return p && (p->tx.sent > 0 || p->rx.rcvd > 0);
	return true;
}

void
untraced_decide(struct nc_model *m, struct sock *s, struct offer *o)
{
	struct ring *r = ring_of(s->host, s->process);

	if (!r && o)
		r = ring_of(s->host, o->call->process);
	if (!r || r->packets || s->type == SOCK_OTHER)
		return;
	s->host->ring_sockets = true;
	if (is_unused(m, s))
		tell(m, r, s);
}

bool
untraced_hides(struct nc_host_state *h)
{
	struct nc_slot *slot;
	size_t at = 0;

	if (h->rings.n == 0)
		return false;
	if (h->ring_sockets)
		return true;
	while ((slot = nc_map_next(&h->socks, &at))) {
		const struct sock *s = slot->value;

		if (s->type != SOCK_OTHER && ring_of(h, s->process))
			return true;
	}
	return false;
}

void
untraced_skip(
    struct offer *o, const struct conn *c, const char *why, const char *rule)
{
	struct dev d;

	if (is_told(o, nc_str(why), 3))
		return;
	if (!dev_open(&d, o, DEV_INCOMPLETE_TRACE, rule))
		return;
	if (c && o->sock && o->sock->ep)
		dev_conn(&d, c, o->sock->ep->side);
	dev_str(&d, "why", why);
	dev_close(&d);
}

void
untraced_free(struct nc_host_state *h)
{
	size_t i;

	nc_map_free(&h->rings);
	for (i = 0; i < h->nlanes; i++)
		nc_map_fini(&h->lanes[i].skipped);
}
