/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's entry: steps, priorities, which call goes where, events.
 */
#include "offer.h"

#include <stdlib.h>
#include <string.h>

#include "deviate.h"
#include "dgram/dgram.h"
#include "host/clock.h"
#include "host/cope.h"
#include "host/denied.h"
#include "host/lookup.h"
#include "host/program.h"
#include "rows.h"
#include "socket/bind.h"
#include "socket/blocked.h"
#include "socket/local.h"
#include "socket/misuse.h"
#include "socket/option.h"
#include "socket/port.h"
#include "socket/ready.h"
#include "socket/socket.h"
#include "socket/timeout.h"
#include "socket/unmade.h"
#include "stream/close.h"
#include "stream/conn.h"
#include "stream/ending.h"
#include "stream/match.h"
#include "stream/mutual.h"
#include "stream/stall.h"
#include "stream/tls.h"
#include "stream/transfer.h"
#include "untraced.h"
#include "wait.h"

#define FAILURES_MAX 4096 /* processes of a host that ended with an error */

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

/* What the call does; splice from a socket receives. */
static enum nc_call_family
family(const struct nc_step *step)
{
	enum nc_call_family f = nc_call_family(step->id);

	return step->id == NC_CALL_SPLICE &&
		nc_str_eq(step->call->option, "in") ?
	    NC_FAMILY_RECV :
	    f;
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
	switch (family(step)) {
	case NC_FAMILY_READY:
		return step->call->timeout == 0 ? 0 : 1;
	case NC_FAMILY_ACCEPT:
		return 2;
	case NC_FAMILY_RECV:
		return send_or_recv_priority(step, 2);
	case NC_FAMILY_SEND:
		return send_or_recv_priority(step, 3);
	default:
		break;
	}
	switch (step->id) {
	case NC_CALL_GETPEERNAME:
	case NC_CALL_GETSOCKOPT:
	case NC_CALL_IOCTL:
		return 1;
	case NC_CALL_CONNECT:
		s = step_sock(step);
		return s && s->type == SOCK_UDP ? 0 : 3;
	case NC_CALL_LISTEN:
	case NC_CALL_SHUTDOWN:
	case NC_CALL_CLOSE:
	case NC_CALL_LEAVE:
	case NC_CALL_RELEASE:
		return 4;
	default:
		return 0;
	}
}

static enum nc_answer
offer_transfer(struct offer *o, bool send)
{
	enum nc_answer a;

	if (!o->sock || o->sock->type == SOCK_OTHER)
		return NC_ACCEPT;
	if (o->sock->type == SOCK_UDP) {
		if (send) {
			if (!o->sock->got_seq && !o->sock->sent_seq)
				o->sock->asks = true;
			o->sock->sent_seq = o->m->seq + 1;
			return dgram_send(o);
		}
		if (o->sock->udp && o->call->result != NC_NIL &&
		    !o->step->error)
			o->sock->udp->used = true;
		if (o->call->result > 0)
			o->sock->got_seq = o->m->seq + 1;
		return dgram_recv(o);
	}
	if (send)
		return offer_send(o);
	a = offer_recv(o);
	if (a == NC_ACCEPT) {
		blocked_unasked(o);
		o->sock->reported = false;
	}
	return a;
}

static enum nc_answer
dispatch(struct offer *o)
{
	switch (family(o->step)) {
	case NC_FAMILY_READY:
		return offer_ready(o);
	case NC_FAMILY_ACCEPT:
		return offer_accept(o);
	case NC_FAMILY_RECV:
		return offer_transfer(o, false);
	case NC_FAMILY_SEND:
		return offer_transfer(o, true);
	default:
		break;
	}
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
	case NC_CALL_GETSOCKNAME:
	case NC_CALL_GETPEERNAME:
		return offer_names(o);
	case NC_CALL_SETSOCKOPT:
	case NC_CALL_GETSOCKOPT:
		return offer_option(o);
	case NC_CALL_FCNTL:
	case NC_CALL_IOCTL:
		return offer_fcntl(o);
	case NC_CALL_SHUTDOWN:
		return offer_shutdown(o);
	case NC_CALL_CLOSE:
		return offer_close(o);
	case NC_CALL_RELEASE:
		return offer_release(o);
	case NC_CALL_LEAVE:
		return offer_leave(o);
	case NC_CALL_EPOLL_CTL:
		return offer_epoll(o);
	case NC_CALL_NONE:
		untraced_call(o);
		return NC_ACCEPT;
	default:
		program_note(o);
		return NC_ACCEPT;
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
	o->stuck = mode == NC_STUCK || mode == NC_DOUBT;
	o->doubt = mode == NC_DOUBT;
	o->mode = o->stuck ? NC_TRY : mode;
	o->wait = wait;
	o->sock = step_sock(step);
}

/*
 * It never ran.  Or it was ended by a signal: no effect, but that a connect
 * goes on without us and that a consumer has waited.
 */
static bool
no_effect(const struct offer *o)
{
	if (o->call->marks != NC_NIL && (o->call->marks & NC_MARK_NOT_RUN))
		return true;
	return o->call->marks != NC_NIL &&
	    (o->call->marks & NC_MARK_INTERRUPTED) &&
	    nc_call_is_producer(o->step->id) && o->step->id != NC_CALL_CONNECT;
}

/* What the call shows of its socket's address is over with it. */
static bool
is_dissolved(const struct offer *o)
{
	return o->step->id == NC_CALL_CONNECT && !o->step->error &&
	    nc_str_eq(o->call->peer, "unspec");
}

/* The call returned: its begin is over. */
static void
inside_remove(struct offer *o)
{
	struct inside *in =
	    nc_map_get(&o->host->inside, (uint64_t)o->call->thread);
	struct sock *s;

	if (!in || in->entry != o->call->entry)
		return;
	nc_map_del(&o->host->inside, (uint64_t)o->call->thread);
	s = in->sock;
	if (s) {
		if (in->prev)
			in->prev->next = in->next;
		else
			s->inside = in->next;
		if (in->next)
			in->next->prev = in->prev;
		if (s->blocked && s->blocked->thread == in->thread)
			blocked_decide(o, s);
	}
	nc_pool_put(&o->m->insides, in);
}

/* The trace of the socket whose end is waited for. */
static void
wait_name_holder(struct nc_wait *wait)
{
	const struct sock *s = wait->by && wait->end_of ?
	    nc_map_get(&wait->by->socks, (uint64_t)wait->end_of) :
	    NULL;

	wait->trace = s ? s->trace : NC_NIL;
}

/* What no trace can show: whoever made the records has lost some. */
static void
check_record(struct offer *o, bool known)
{
	/* Others may end when the socket is gone: close, dup2. */
	if (!known &&
	    (nc_call_family(o->step->id) != NC_FAMILY_NONE ||
		nc_call_group(o->step->id) == NC_GROUP_NETWORK) &&
	    o->step->id != NC_CALL_SOCKET)
		untraced_skip(o, NULL, "a call on a socket that no call made",
		    "any_impossible");
	if (nc_call_at(o->call) < nc_call_from(o->call))
		untraced_skip(o, NULL, "a call that ends before it begins",
		    "any_impossible");
}

enum nc_answer
nc_model_offer(struct nc_model *m, const struct nc_step *step,
    enum nc_mode mode, struct nc_wait *wait)
{
	struct offer o;
	enum nc_answer a;
	bool known;

	offer_init(&o, m, step, mode, wait);
	o.was = nc_map_get(&o.host->inside, (uint64_t)o.call->thread);
	if (o.was && o.was->entry != o.call->entry)
		o.was = NULL;
	m->nevents = 0;
	m->forced = false;
	if (o.host->first_time == NC_NIL)
		o.host->first_time = o.call->time;
	clock_see(&o);
	if (m->rows)
		rows_of_call(&o);
	untraced_see(&o);
	known = o.sock || step->call->socket == NC_NIL;
	a = no_effect(&o) ? NC_ACCEPT : dispatch(&o);
	if (a == NC_ACCEPT)
		check_record(&o, known);
	if (a != NC_ACCEPT) {
		wait_name_holder(wait);
		return a;
	}
	if (step->call->marks != NC_NIL && (step->call->marks & NC_MARK_LEAN))
		o.host->lean = o.host->uncertain = true;
	o.sock = step_sock(step);
	if (o.sock && nc_call_family(step->id) != NC_FAMILY_NONE) {
		o.sock->touched = true;
		/* Somebody had it still. */
		if (o.sock->ep)
			o.sock->ep->left = false;
	}
	/* Only what was consumed tells facts. */
	if (step->local.family && step->id != NC_CALL_BIND &&
	    step->id != NC_CALL_ACCEPT && step->id != NC_CALL_ACCEPT4 &&
	    step->id != NC_CALL_SETSOCKOPT && o.sock && !is_dissolved(&o))
		sock_shows_local(&o);
	if (o.host->unmade.n)
		unmade_decide(&o);
	if (o.sock && o.sock->inherited_eagain)
		inherited_next(&o);
	if (o.sock && o.sock->failed)
		option_used(&o);
	if (o.sock && o.sock->ep)
		stall_see(&o);
	if (o.sock && o.sock->timeouts)
		timeout_next(&o);
	ending_see(&o);
	if (m->sink) {
		denied_see(&o);
		lookup_see(&o);
		local_see(&o);
		cope_see(&o);
		tls_see(&o);
	}
	if (o.sock && (interrupted(o.call) || step->error == NC_EINTR) &&
	    nc_call_family(step->id) != NC_FAMILY_NONE)
		timeout_signal(&o, o.sock);
	if (step->id == NC_CALL_EXIT_GROUP || step->id == NC_CALL_EXIT) {
		o.host->exit_process = o.call->process;
		o.host->exit_status = o.call->value;
		if (m->sink && o.call->value > 0 && o.call->value < 128 &&
		    o.host->failures.n < FAILURES_MAX)
			nc_map_put(&o.host->failures,
			    (uint64_t)o.call->process + 1, o.host);
	}
	mutual_see(&o);
	wait_blocked(&o);
	blocked_in_interval(&o);
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
	in = nc_pool_get(&m->insides);
	in->id = step->id;
	in->thread = step->call->thread;
	in->process = step->call->process;
	in->entry = step->call->entry;
	in->socket = step->call->socket;
	in->fd = step->call->fd;
	in->time = step->call->time;
	in->timeout = step->call->timeout;
	in->for_input = wait_is_for_input(step);
	ref_set(&in->ref, &o);
	nc_map_put(&h->inside, (uint64_t)in->thread, in);
	if (s) {
		in->sock = s;
		in->next = s->inside;
		if (in->next)
			in->next->prev = in;
		s->inside = in;
	}
}

bool
nc_model_can_be_early(const struct nc_step *step)
{
	if (step->call->socket == NC_NIL)
		return false;
	switch (step->id) {
	case NC_CALL_CONNECT:
	case NC_CALL_LISTEN:
	case NC_CALL_SHUTDOWN:
	case NC_CALL_RELEASE:
		return true;
	case NC_CALL_SENDMMSG: /* its begin does not tell its messages */
		return false;
	default:
		return family(step) == NC_FAMILY_SEND;
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
