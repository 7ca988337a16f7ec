/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which rows of the model's rules a call falls under: by what it is, how it
 * ended, and the state that it meets.
 */
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "offer.h"
#include "socket/port.h"
#include "socket/socket.h"
#include "stream/conn.h"

static const char *const row_ids[ROWS] = {
#define NC_ROW(id, kind, about) #id,
#include "rules.def"
#undef NC_ROW
};

void
rows_start(struct nc_model *m)
{
	m->rows = nc_xcalloc(ROWS, sizeof(*m->rows));
}

void
row_named(struct nc_model *m, const char *id)
{
	size_t i;

	for (i = 0; m->rows && i < ROWS; i++)
		if (strcmp(row_ids[i], id) == 0)
			m->rows[i]++;
}

void
rows_write(struct nc_model *m)
{
	struct nc_count rec;
	char name[64];
	size_t i;

	for (i = 0; m->rows && m->sink && i < ROWS; i++) {
		snprintf(name, sizeof(name), "row %s", row_ids[i]);
		nc_record_init(NC_KIND_count, &rec);
		rec.stage = nc_str("nc-model");
		rec.name = nc_str(name);
		rec.value = (int64_t)m->rows[i];
		m->sink->put(m->sink->ctx, NC_KIND_count, &rec);
	}
}

static void
take(struct offer *o, enum row row)
{
	row_taken(o->m, row);
}

static bool
has_mark(const struct offer *o, int64_t mark)
{
	return o->call->marks != NC_NIL && (o->call->marks & mark);
}

static bool
has_flag(const struct offer *o, int64_t flag)
{
	return o->call->flags != NC_NIL && (o->call->flags & flag);
}

static bool
floats(const struct sock *s)
{
	return s->ep && s->ep->conn->state == CONN_FLOATING;
}

/* Rows for all calls alike; true if no other is wanted. */
static bool
of_any(struct offer *o)
{
	const struct sock *s = o->sock;

	if (o->step->error == 0 && !has_mark(o, NC_MARK_INTERRUPTED))
		return false;
	switch (o->step->error) {
	case NC_EBADF:
	case NC_EFAULT:
	case NC_ENOTSOCK:
		take(o, ROW_any_misuse);
		return o->step->id != NC_CALL_CLOSE;
	case NC_EMFILE:
	case NC_ENFILE:
	case NC_ENOBUFS:
	case NC_ENOMEM:
		take(o, ROW_any_exhausted);
		return true;
	case NC_EINTR:
		take(o, ROW_any_eintr);
		return true;
	case NC_EAGAIN:
		if (s && s->type != SOCK_OTHER && !s->nonblock &&
		    !s->rcvtimeo && !s->sndtimeo &&
		    !has_flag(o, NC_MSG_DONTWAIT))
			take(o, ROW_any_eagain);
		return false;
	default:
		if (!has_mark(o, NC_MARK_INTERRUPTED))
			return false;
		take(o, ROW_any_eintr);
		return true;
	}
}

/* Making and naming */

static void
of_bind(struct offer *o)
{
	switch (o->step->error) {
	case 0:
		take(o, ROW_bind_ok);
		break;
	case NC_EADDRINUSE:
		take(o, ROW_bind_inuse);
		break;
	default:
		take(o, ROW_bind_fail);
	}
}

static void
of_name(struct offer *o)
{
	if (o->step->id == NC_CALL_GETSOCKNAME)
		take(o, ROW_getsockname_ok);
	else if (o->step->error == 0)
		take(o, ROW_getpeername_ok);
	else if (o->step->error == NC_ENOTCONN)
		take(o, ROW_getpeername_notconn);
	if (o->step->id == NC_CALL_GETPEERNAME && floats(o->sock)) {
		take(o, ROW_connect_use);
		if (o->step->error == 0)
			take(o, ROW_connect_floating);
	}
}

static void
of_option(struct offer *o)
{
	struct nc_bytes name = o->call->option;

	if (o->step->error)
		take(o, ROW_option_fail);
	else if (nc_str_eq(name, "SO_ERROR")) {
		take(o, ROW_option_error);
		if (floats(o->sock) && o->call->value != NC_NIL)
			take(o, ROW_connect_floating);
	} else if (nc_str_eq(name, "SO_RCVBUF") || nc_str_eq(name, "SO_SNDBUF"))
		take(o, ROW_option_bufsize);
	else if (o->step->id == NC_CALL_SETSOCKOPT)
		take(o, ROW_option_state);
}

static void
of_control(struct offer *o)
{
	struct nc_bytes name = o->call->option;

	if (nc_str_eq(name, "FIONREAD") || nc_str_eq(name, "SIOCATMARK") ||
	    nc_str_eq(name, "SIOCOUTQ"))
		take(o, ROW_recv_queue);
	else if (!o->step->error)
		take(o, ROW_fcntl_ok);
}

/* connect, accept */

static void
connect_succeeds(struct offer *o, bool again)
{
	const struct nc_addr *to = &o->step->peer;

	if (again) {
		take(o, ROW_connect_again);
		if (floats(o->sock))
			take(o, ROW_connect_floating);
		return;
	}
	take(o,
	    host_owning(o->m, o->host, to) ? ROW_connect_ok :
					     ROW_connect_foreign);
	if (nc_addr_is_wildcard(to))
		take(o, ROW_connect_wildcard);
	if (nc_addr_same(to, &o->step->local))
		take(o, ROW_connect_self);
}

static void
of_connect(struct offer *o)
{
	struct sock *s = o->sock;
	bool again = s->ep &&
	    (floats(s) || (s->ep->conn->success && s->ep->side == SIDE_CLIENT));

	if (!o->step->error && nc_str_eq(o->call->peer, "unspec"))
		take(o, ROW_connect_unspec);
	if (s->type == SOCK_UDP) {
		take(o, ROW_connect_udp);
		return;
	}
	if (nc_str_eq(o->call->peer, "unspec"))
		return;
	switch (o->step->error) {
	case 0:
		if (o->call->result == 0)
			connect_succeeds(o, again);
		else if (o->call->duration != NC_NIL &&
		    o->call->duration >= INT64_C(3000000000))
			take(o, ROW_connect_timeout);
		return;
	case NC_EINPROGRESS:
		take(o, ROW_connect_inprogress);
		return;
	case NC_EALREADY:
		take(o, ROW_connect_already);
		return;
	case NC_ECONNREFUSED:
		take(o,
		    o->step->peer.family && o->step->peer.port == 0 ?
			ROW_connect_port0 :
			ROW_connect_refused);
		break;
	case NC_ETIMEDOUT:
		take(o, ROW_connect_timeout);
		break;
	case NC_ENETUNREACH:
	case NC_EHOSTUNREACH:
	case NC_ENETDOWN:
	case NC_EHOSTDOWN:
	case NC_ENONET:
		take(o, ROW_connect_unreach);
		break;
	case NC_EADDRNOTAVAIL:
	case NC_EADDRINUSE:
		take(o, ROW_connect_noaddr);
		break;
	case NC_EISCONN:
		take(o, ROW_connect_isconn);
		break;
	case NC_EINVAL:
		take(o,
		    nc_addr_is_loopback(&s->local) ? ROW_connect_loopback :
						     ROW_connect_fail);
		break;
	default:
		take(o, ROW_connect_fail);
	}
	if (again && floats(s))
		take(o, ROW_connect_floating);
}

static void
of_accept(struct offer *o)
{
	const struct sock *s = o->sock;

	switch (o->step->error) {
	case 0:
		if (o->call->result == NC_NIL)
			return;
		take(o, ROW_accept_ok);
		/* What Linux gives to the new socket, and what not. */
		if (s->nonblock || s->rcvtimeo || s->sndtimeo ||
		    s->linger >= 0 || s->oobinline || s->rcvbuf)
			take(o, ROW_accept_inherit);
		return;
	case NC_EAGAIN:
		take(o, ROW_accept_eagain);
		return;
	case NC_EINVAL:
		take(o, ROW_accept_einval);
		return;
	default:
		take(o, ROW_accept_fail);
	}
}

/* Data on streams */

static void
of_send(struct offer *o)
{
	const struct sock *s = o->sock;

	if (has_flag(o, NC_MSG_OOB))
		take(o, ROW_send_oob);
	if (has_flag(o, NC_MSG_FASTOPEN))
		take(o, ROW_connect_fastopen);
	if (floats(s)) {
		take(o, ROW_connect_use);
		take(o, ROW_connect_floating);
	}
	switch (o->step->error) {
	case 0:
		if (o->call->result == NC_NIL)
			return;
		take(o,
		    s->ep && !floats(s) ? ROW_send_ok : ROW_send_unconnected);
		return;
	case NC_EAGAIN:
		take(o, ROW_send_eagain);
		return;
	case NC_EPIPE:
		take(o, ROW_send_epipe);
		return;
	case NC_ECONNRESET:
		take(o, ROW_send_reset);
		return;
	case NC_ENOTCONN:
	case NC_EDESTADDRREQ:
		take(o, ROW_send_notconn);
		return;
	case NC_ETIMEDOUT:
	case NC_EHOSTUNREACH:
	case NC_ENETUNREACH:
		take(o, ROW_send_died);
		return;
	default:
		take(o, ROW_send_fail);
	}
}

static void
recv_succeeds(struct offer *o)
{
	const struct ep *e = o->sock->ep;

	if (o->call->result == NC_NIL)
		return;
	if (has_flag(o, NC_MSG_OOB)) {
		take(o, ROW_recv_oob);
		return;
	}
	if (has_flag(o,
		NC_MSG_PEEK | NC_MSG_WAITALL | NC_MSG_TRUNC | NC_MSG_ERRQUEUE))
		take(o, ROW_recv_flags);
	if (o->call->result == 0) {
		take(o, ROW_recv_eof);
		return;
	}
	take(o, ROW_recv_ok);
	if (e && (e->rd_shut || e->rst || e->rst_seen))
		take(o, ROW_recv_late);
	if (o->call->asked != NC_NIL && o->call->result > o->call->asked)
		take(o, ROW_any_toolong);
}

static void
of_recv(struct offer *o)
{
	if (floats(o->sock)) {
		take(o, ROW_connect_use);
		take(o, ROW_connect_floating);
	}
	switch (o->step->error) {
	case 0:
		recv_succeeds(o);
		return;
	case NC_EAGAIN:
		take(o, ROW_recv_eagain);
		return;
	case NC_ECONNRESET:
		take(o, ROW_recv_reset);
		return;
	case NC_ENOTCONN:
		take(o, ROW_recv_notconn);
		return;
	case NC_ETIMEDOUT:
	case NC_EHOSTUNREACH:
	case NC_ENETUNREACH:
	case NC_EPIPE:
		take(o, ROW_recv_died);
		return;
	case NC_EINVAL:
		if (has_flag(o, NC_MSG_OOB))
			take(o, ROW_recv_oob_inval);
		return;
	default:
		return;
	}
}

/* Datagrams */

static void
of_dgram(struct offer *o, bool send)
{
	const struct sock *s = o->sock;
	const struct nc_addr *peer = o->step->peer.family ? &o->step->peer :
							    &s->peer;

	if (o->call->part != NC_NIL)
		take(o, ROW_dgram_vector);
	switch (o->step->error) {
	case 0:
		break;
	case NC_EMSGSIZE:
		take(o, ROW_dgram_size);
		return;
	case NC_ECONNREFUSED:
		take(o, ROW_dgram_refused);
		return;
	case NC_EAGAIN:
		take(o, send ? ROW_dgram_fail : ROW_dgram_eagain);
		return;
	default:
		take(o, ROW_dgram_fail);
		return;
	}
	if (o->call->result == NC_NIL)
		return;
	if (send ? nc_addr_is_multicast(peer) || nc_addr_is_broadcast(peer) :
		   s->joined)
		take(o, ROW_dgram_group);
	if (o->call->result == 0)
		take(o, ROW_dgram_empty);
	take(o, send ? ROW_dgram_send : ROW_dgram_recv);
}

/* Ends */

static void
of_shutdown(struct offer *o)
{
	const struct ep *e = o->sock->ep;

	if (floats(o->sock))
		take(o, ROW_connect_use);
	if (o->step->error == NC_ENOTCONN)
		take(o, ROW_shutdown_notconn);
	else if (!o->step->error && e && e->rst_seen)
		take(o, ROW_shutdown_reset);
	else if (!o->step->error && e)
		take(o, ROW_shutdown_ok);
}

static void
of_release(struct offer *o)
{
	const struct sock *s = o->sock;
	const struct ep *e = s->ep, *p = e ? ep_peer(e) : NULL;

	if (has_mark(o, NC_MARK_KILLED))
		take(o, ROW_signal_death);
	if (s->type == SOCK_UDP)
		take(o, ROW_release_udp);
	else if (s->listening)
		take(o, ROW_release_listener);
	else if (e)
		take(o, ROW_release_conn);
	if (e && p && e->conn->state == CONN_OPEN && !e->rx.elastic &&
	    !p->tx.lossy && p->tx.sent > e->rx.rcvd)
		take(o, ROW_release_unread);
}

/* Readiness */

static void
of_events(struct offer *o, const struct sock *s, int64_t events)
{
	take(o, ROW_poll_report);
	if (events & (NC_POLLERR | NC_POLLHUP | NC_POLLRDHUP))
		take(o, ROW_poll_err);
	if (events & NC_POLLNVAL)
		take(o, ROW_poll_nval);
	if ((events & NC_POLLOUT) && floats(s)) {
		take(o, ROW_poll_out_connecting);
		take(o, ROW_connect_floating);
	}
	if (!(events & NC_POLLIN))
		return;
	take(o,
	    s->type == SOCK_UDP ? ROW_poll_in_udp :
		s->listening    ? ROW_poll_in_listener :
				  ROW_poll_in_stream);
}

static void
of_ready(struct offer *o)
{
	struct nc_cursor c = nc_cursor(o->call->ready);
	size_t n = nc_cursor_array(&c) / 4, reported = 0, left = 0;
	const struct sock *s;
	int64_t events;

	for (; n > 0; n--) {
		s = sock_get(o->host, nc_cursor_int(&c));
		nc_cursor_int(&c);
		nc_cursor_int(&c);
		events = nc_cursor_int(&c);
		if (!s || s->type == SOCK_OTHER)
			continue;
		if (events == NC_NIL || events == 0) {
			left++;
			continue;
		}
		reported++;
		of_events(o, s, events);
	}
	if (reported && left)
		take(o, ROW_poll_partial);
	if (reported && o->call->epoll != NC_NIL)
		take(o, ROW_poll_epoll);
	if (o->call->result == 0 && o->call->timeout > 0)
		take(o, ROW_poll_timeout);
}

static void
of_transfer(struct offer *o, bool send)
{
	if (o->sock->type == SOCK_UDP)
		of_dgram(o, send);
	else if (send)
		of_send(o);
	else
		of_recv(o);
}

/* Calls that need no socket of the model's; true if it was one. */
static bool
without_socket(struct offer *o)
{
	switch (o->step->id) {
	case NC_CALL_SOCKET:
		take(o, o->step->error ? ROW_socket_fail : ROW_socket_ok);
		return true;
	case NC_CALL_CLOSE:
		take(o,
		    o->step->error == NC_EBADF ? ROW_close_badf : ROW_close_ok);
		return true;
	case NC_CALL_EXECVE:
	case NC_CALL_EXIT:
	case NC_CALL_EXIT_GROUP:
	case NC_CALL_WAIT4:
		take(o, ROW_process_order);
		return true;
	default:
		if (nc_call_forks(o->step->id))
			take(o, ROW_process_order);
		return nc_call_forks(o->step->id);
	}
}

void
rows_of_call(struct offer *o)
{
	enum nc_call_family family = nc_call_family(o->step->id);

	if (!o->m->rows)
		return;
	if (has_mark(o, NC_MARK_STOPPED))
		take(o, ROW_signal_stop);
	if (of_any(o) || without_socket(o))
		return;
	if (family == NC_FAMILY_READY) {
		of_ready(o);
		return;
	}
	if (!o->sock || o->sock->type == SOCK_OTHER)
		return;
	if (family == NC_FAMILY_ACCEPT) {
		of_accept(o);
		return;
	}
	if (family != NC_FAMILY_NONE) {
		of_transfer(o,
		    family == NC_FAMILY_SEND &&
			!(o->step->id == NC_CALL_SPLICE &&
			    nc_str_eq(o->call->option, "in")));
		return;
	}
	switch (o->step->id) {
	case NC_CALL_BIND:
		of_bind(o);
		break;
	case NC_CALL_LISTEN:
		take(o, o->step->error ? ROW_listen_fail : ROW_listen_ok);
		break;
	case NC_CALL_CONNECT:
		of_connect(o);
		break;
	case NC_CALL_GETSOCKNAME:
	case NC_CALL_GETPEERNAME:
		of_name(o);
		break;
	case NC_CALL_SETSOCKOPT:
	case NC_CALL_GETSOCKOPT:
		of_option(o);
		break;
	case NC_CALL_FCNTL:
	case NC_CALL_IOCTL:
		of_control(o);
		break;
	case NC_CALL_SHUTDOWN:
		of_shutdown(o);
		break;
	case NC_CALL_RELEASE:
		of_release(o);
		break;
	default:
		break;
	}
}
