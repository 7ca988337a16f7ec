/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * From a call's arguments and result to the fields of its record: making
 * sockets, addresses, processes.  Payload, options and readiness have files
 * of their own.
 */
#include "fill.h"

#include "../text/args.h"
#include "../text/tail.h"
#include "emit.h"
#include "option.h"
#include "payload.h"
#include "ready.h"

#include <stdio.h>
#include <string.h>

/* Text as a C string in a fixed buffer; NULL if it is empty or too long. */
static const char *
keep(struct nc_text t, char *buf, size_t size)
{
	size_t n;

	if (t.p == NULL || t.p == t.end || (n = (size_t)(t.end - t.p)) >= size)
		return NULL;
	memcpy(buf, t.p, n);
	buf[n] = '\0';
	return buf;
}

/* A symbol, or the name of a number (-X raw), without a comment. */
static struct nc_bytes
symbol(struct nc_text t, enum nc_space space, char *buf, size_t size)
{
	const char *name;
	int64_t v;
	const char *p;

	if (t.p == NULL)
		return nc_str(NULL);
	if (nc_text_int(t, &v) != NULL) {
		name = nc_name_of(space, v);
		if (name != NULL)
			return nc_str(name);
	} else if ((v = nc_text_symbol(t, space)) != NC_NIL &&
	    (name = nc_name_of(space, v)) != NULL) {
		return nc_str(name);
	}
	for (p = t.p; p < t.end && *p != ' ' && *p != '|'; p++)
		;
	t.end = p;
	return nc_str(keep(t, buf, size));
}

static void
fill_socket(struct nc_trace *t, const struct nc_args *a, struct nc_call *rec)
{
	struct nc_text type = nc_arg(a, 1), base = type;
	const char *p;
	int64_t v;

	rec->domain = symbol(
	    nc_arg(a, 0), NC_SPACE_DOMAIN, t->s->domain, sizeof(t->s->domain));
	v = nc_text_flags(type, NC_SPACE_SOCKFLAG);
	rec->flags = v == NC_NIL ? NC_NIL : v & NC_SOCK_FLAGS;
	/* The type is the part that is no flag; flags may stand first. */
	while (base.p != NULL && base.p < type.end) {
		p = memchr(base.p, '|', (size_t)(type.end - base.p));
		base.end = p != NULL ? p : type.end;
		if (!nc_text_starts(base, "SOCK_NONBLOCK") &&
		    !nc_text_starts(base, "SOCK_CLOEXEC"))
			break;
		base.p = p != NULL ? p + 1 : type.end;
	}
	if (nc_text_int(base, &v) != NULL) {
		const char *name = nc_name_of(NC_SPACE_TYPE, v & 0xf);

		rec->type = nc_str(name);
	} else {
		rec->type =
		    symbol(base, NC_SPACE_TYPE, t->s->type, sizeof(t->s->type));
	}
	rec->protocol = symbol(nc_arg(a, 2), NC_SPACE_PROTOCOL, t->s->protocol,
	    sizeof(t->s->protocol));
}

/* An address argument as text in buf; a line's impossible one is told. */
static struct nc_bytes
address(struct nc_trace *t, struct nc_text arg, bool tell,
    char buf[NC_SOCKADDR_TEXT])
{
	struct nc_sockaddr sa;

	if (nc_sockaddr_parse(arg, &sa) < 0) {
		if (tell)
			nc_trace_reject(t, "impossible address");
		return nc_str(NULL);
	}
	return nc_str(nc_sockaddr_print(&sa, buf));
}

/* "flags=A|B" of clone, {flags=A|B, ...} of clone3. */
int64_t
nc_fill_clone_flags(const struct nc_args *a)
{
	struct nc_text v = { NULL, NULL }, name;
	size_t i;

	for (i = 0; i < a->n && v.p == NULL; i++) {
		if (*nc_arg(a, i).p == '{') {
			v = nc_text_member(nc_arg(a, i), "flags");
			continue;
		}
		v = nc_text_field(nc_arg(a, i), &name);
		if (!nc_text_is(name, "flags"))
			v.p = NULL;
	}
	/* -N takes the names off; -e raw=clone leaves the kernel's order. */
	if (v.p == NULL && a->named && a->n > 1)
		v = nc_arg(a, 1);
	else if (v.p == NULL && a->n == 5)
		v = nc_arg(a, 0);
	if (v.p == NULL)
		return NC_NIL;
	/* The signal of the child's end, a number under -X raw, is no flag. */
	return nc_text_flags(v, NC_SPACE_CLONE) & ~INT64_C(0xff);
}

static int64_t
shutdown_how(struct nc_text arg)
{
	return nc_text_symbol(arg, NC_SPACE_SHUT);
}

/* The name of a file as the tracer writes it; requests name it, too. */
static struct nc_bytes
path(const struct nc_trace *t, struct nc_text arg)
{
	if (t->redact != NULL || arg.end - arg.p < 2 || *arg.p != '"' ||
	    arg.end[-1] != '"')
		return nc_str(NULL);
	return (struct nc_bytes){ arg.p + 1, (size_t)(arg.end - arg.p) - 2 };
}

/* How a file was to be opened: the bits that say it would be written. */
static int64_t
writes(struct nc_text arg)
{
	int64_t v = nc_text_flags(arg, NC_SPACE_OPEN);

	return v == NC_NIL ? NC_NIL : v & (NC_O_WRONLY | NC_O_RDWR);
}

void
nc_fill_call(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec)
{
	bool ok = tail != NULL && tail->result != NC_NIL && tail->result >= 0;
	struct nc_text note;
	int64_t v;

	switch (op->call) {
	case NC_CALL_SOCKET:
		fill_socket(t, a, rec);
		rec->fd = NC_NIL;
		break;
	case NC_CALL_BIND:
		rec->local =
		    address(t, nc_arg(a, 1), tail != NULL, t->s->local);
		break;
	case NC_CALL_CONNECT:
		rec->peer = address(t, nc_arg(a, 1), tail != NULL, t->s->peer);
		/* Bound to one address before: known at once. */
		if (rec->local.p == NULL && op->sock != NULL &&
		    !nc_str_eq(rec->peer, "unspec") &&
		    op->sock->told_local.port != 0 &&
		    !nc_addr_is_wildcard(&op->sock->told_local))
			rec->local = nc_str(nc_addr_print_port(
			    &op->sock->told_local, t->s->local));
		break;
	case NC_CALL_LISTEN:
		rec->value = nc_text_number(nc_arg(a, 1));
		break;
	case NC_CALL_ACCEPT4:
		v = nc_text_flags(nc_arg(a, 3), NC_SPACE_SOCKFLAG);
		rec->flags = v == NC_NIL ? NC_NIL : v & NC_SOCK_FLAGS;
		/* fall through */
	case NC_CALL_ACCEPT:
		if (ok)
			rec->peer = address(t, nc_arg(a, 1), true, t->s->peer);
		break;
	case NC_CALL_GETSOCKNAME:
		if (ok)
			rec->local =
			    address(t, nc_arg(a, 1), true, t->s->local);
		break;
	case NC_CALL_GETPEERNAME:
		if (ok)
			rec->peer = address(t, nc_arg(a, 1), true, t->s->peer);
		break;
	case NC_CALL_SHUTDOWN:
		rec->value = shutdown_how(nc_arg(a, 1));
		break;
	case NC_CALL_DUP:
		if (ok)
			rec->value = tail->result;
		break;
	case NC_CALL_DUP2:
	case NC_CALL_DUP3:
		rec->value = nc_fd_parse(nc_arg(a, 1), &note);
		break;
	case NC_CALL_FCNTL:
	case NC_CALL_IOCTL:
	case NC_CALL_SETSOCKOPT:
	case NC_CALL_GETSOCKOPT:
		nc_fill_option(t, op, a, tail, rec);
		break;
	case NC_CALL_POLL:
	case NC_CALL_PPOLL:
		nc_ready_poll(t, op, a, tail, rec);
		break;
	case NC_CALL_SELECT:
	case NC_CALL_PSELECT6:
		nc_ready_select(t, op, a, tail, rec);
		break;
	case NC_CALL_EPOLL_CTL:
		nc_ready_epoll_ctl(op, a, rec);
		break;
	case NC_CALL_EPOLL_WAIT:
	case NC_CALL_EPOLL_PWAIT:
	case NC_CALL_EPOLL_PWAIT2:
		nc_ready_epoll_wait(t, op, a, tail, rec);
		break;
	case NC_CALL_CLONE:
	case NC_CALL_CLONE3:
		rec->flags = nc_fill_clone_flags(a);
		break;
	case NC_CALL_WAIT4:
		rec->fd = NC_NIL;
		break;
	case NC_CALL_EXIT:
	case NC_CALL_EXIT_GROUP:
		rec->value = nc_text_number(nc_arg(a, 0));
		rec->fd = NC_NIL;
		break;
	case NC_CALL_OPEN:
		rec->option = path(t, nc_arg(a, 0));
		rec->flags = writes(nc_arg(a, 1));
		break;
	case NC_CALL_CREAT:
		rec->option = path(t, nc_arg(a, 0));
		rec->flags = NC_O_WRONLY;
		break;
	case NC_CALL_OPENAT:
		rec->option = path(t, nc_arg(a, 1));
		rec->flags = writes(nc_arg(a, 2));
		break;
	case NC_CALL_OPENAT2:
		rec->option = path(t, nc_arg(a, 1));
		rec->flags = writes(nc_text_member(nc_arg(a, 2), "flags"));
		break;
	default:
		nc_fill_payload(t, op, a, tail, rec);
		break;
	}
}

/* A send that binds its socket to a port, which -yy tells from then on. */
static bool
binds(const struct nc_op *op)
{
	const struct nc_sock *s = op->sock;

	return (op->call == NC_CALL_SENDTO || op->call == NC_CALL_SENDMSG) &&
	    !s->stream && s->told_local.port == 0 && s->bound.family == 0 &&
	    s->note_len > 4 && memcmp(s->note, "<UDP", 4) == 0;
}

bool
nc_fill_holds(const struct nc_op *op, struct nc_bytes local)
{
	return op->sock != NULL && nc_sock_relevant(op->sock) &&
	    local.p == NULL && (op->call == NC_CALL_CONNECT || binds(op));
}

void
nc_fill_begin(struct nc_trace *t, const struct nc_op *op, struct nc_call *rec)
{
	struct nc_args a;
	const char *why;

	nc_emit_fields(t, op, rec);
	if (op->call == NC_CALL_RELEASE || op->call == NC_CALL_LEAVE) {
		rec->cause = nc_str(op->cause);
		return;
	}
	if (nc_args_split(op->text.p, op->text.p + op->text.len, &a, &why) < 0)
		return;
	nc_fill_call(t, op, &a, NULL, rec);
}
