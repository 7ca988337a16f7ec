/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Programs that take a socket for another than it is.
 */
#include "misuse.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../stream/conn.h"
#include "../wait.h"

#define LONG_NS INT64_C(1000000000) /* others wait meanwhile */

void
misuse_connect(struct offer *o, const char *use, const char *rule)
{
	struct ep *e = o->sock->ep;
	struct conn *c = e ? e->conn : NULL;
	struct dev d;

	if (!c || c->misused || e->side != SIDE_CLIENT)
		return;
	c->misused = true;
	if (!dev_open(&d, o, DEV_CONNECT_MISUSE, rule))
		return;
	dev_conn(&d, c, SIDE_CLIENT);
	dev_str(&d, "use", use);
	if (o->step->error > 0)
		dev_str(&d, "error", nc_errno_name(o->step->error));
	if (c->error > 0)
		dev_str(&d, "failure", nc_errno_name(c->error));
	/*
	 * Another task may have seen it end: no clock tells.  So may a call
	 * that the trace does not have: then there was nothing to read yet.
	 */
	if (o->host->apart ||
	    (o->step->error == NC_EAGAIN && strcmp(use, "recv") == 0 &&
		!o->host->reports))
		dev_weak(&d);
	dev_cause(&d, &c->connect);
	if (c->outcome.host)
		dev_cause(&d, &c->outcome);
	dev_close(&d);
}

bool
sock_connecting(const struct sock *s)
{
	return s->ep && s->ep->side == SIDE_CLIENT && !s->writable_seen &&
	    s->ep->conn->state == CONN_FLOATING && !s->ep->conn->given_up;
}

bool
sock_failed(const struct sock *s)
{
	return s->ep && s->ep->side == SIDE_CLIENT && s->ep->conn->error > 0 &&
	    s->ep->conn->state == CONN_FAILED;
}

/* Calls whose EAGAIN can have no other reason. */
static bool
plain(const struct offer *o)
{
	int64_t flags = o->call->flags == NC_NIL ? 0 : o->call->flags;

	switch (o->step->id) {
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
	case NC_CALL_CONNECT:
	case NC_CALL_READ:
	case NC_CALL_READV:
	case NC_CALL_WRITE:
	case NC_CALL_WRITEV:
		return true;
	case NC_CALL_RECVFROM:
	case NC_CALL_RECVMSG:
	case NC_CALL_SENDTO:
	case NC_CALL_SENDMSG:
		return !(
		    flags & (NC_MSG_DONTWAIT | NC_MSG_ERRQUEUE | NC_MSG_OOB));
	default:
		return false;
	}
}

static bool
has_timeout(const struct offer *o)
{
	return o->step->id == NC_CALL_CONNECT ||
		nc_call_family(o->step->id) == NC_FAMILY_SEND ?
	    o->sock->sndtimeo != 0 :
	    o->sock->rcvtimeo != 0;
}

void
would_block(struct offer *o, const char *rule)
{
	struct sock *s = o->sock;
	struct dev d;

	if (!plain(o) || has_timeout(o))
		return;
	if (s->nonblock) {
		if (s->inherited_nonblock && !s->inherited_eagain &&
		    o->m->sink) {
			s->inherited_eagain =
			    nc_xcalloc(1, sizeof(*s->inherited_eagain));
			ref_set(s->inherited_eagain, o);
		}
		return;
	}
	/* Whoever set it: it is so from here on. */
	s->nonblock = true;
	if (s->late || !dev_open(&d, o, DEV_EXPECTED_BLOCKING, rule))
		return;
	if (s->ep)
		dev_conn(&d, s->ep->conn, s->ep->side);
	/* A call that the trace does not have may have set the flag. */
	if (!o->host->sets_flags || o->host->uncertain || o->host->apart ||
	    s->flags_unknown)
		dev_weak(&d);
	dev_close(&d);
}

void
inherited_finish(struct nc_model *m, struct sock *s, bool gave_up)
{
	struct dev d;

	if (!s->inherited_eagain)
		return;
	if (dev_open_ref(&d, m, s->inherited_eagain, DEV_COULD_HAVE_BLOCKED,
		"any_eagain")) {
		/* It was prepared for it. */
		if (!gave_up)
			d.rec.severity = nc_str("info");
		if (s->ep)
			dev_conn(&d, s->ep->conn, s->ep->side);
		dev_int(&d, "nonblocking", 1);
		dev_close(&d);
	}
	free(s->inherited_eagain);
	s->inherited_eagain = NULL;
	s->inherited_nonblock = false;
}

void
inherited_next(struct offer *o)
{
	struct sock *s = o->sock;

	if (s->inherited_eagain->line == o->call->line)
		return;
	inherited_finish(o->m, s,
	    o->step->id == NC_CALL_CLOSE || o->step->id == NC_CALL_SHUTDOWN);
}

void
blocked_unasked(struct offer *o)
{
	struct sock *s = o->sock;
	const struct nc_call *c = o->call;
	int64_t took = wait_took(o);
	struct dev d;

	if (!s->from_nonblock || !s->looked_at || s->reported || s->nonblock ||
	    s->rcvtimeo || !plain(o) || s->late || took == NC_NIL ||
	    took < LONG_NS)
		return;
	/* Or it computed for long: when its peer closed the clocks tell. */
	if (wait_is_bound(o) &&
	    (c->result != 0 || !s->ep || !wait_for_end(o, s->ep, LONG_NS)))
		return;
	s->from_nonblock = false;
	if (!dev_open(&d, o, DEV_COULD_HAVE_BLOCKED, "any_eagain"))
		return;
	if (s->ep)
		dev_conn(&d, s->ep->conn, s->ep->side);
	dev_int(&d, "nonblocking", 0);
	dev_int(&d, "blocked", took);
	if ((!o->host->sets_flags && o->host->uncertain) || o->host->apart)
		dev_weak(&d);
	dev_close(&d);
}
