/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The arguments of calls of other systems: which they are, and how strace would
 * have written them.
 */
#include "foreign_args.h"

#include "foreign_text.h"

#include <stdlib.h>
#include <string.h>

/*
 * The calls that matter, sorted by name: Linux's name, and a letter for each
 * argument.
 *   d number, descriptor     x whatever it is     S payload        A address
 *   D domain  T type  P protocol  c SOCK_ flags   M MSG_ flags     H how
 *   L level   O option  V its value               F fcntl command  f its value
 *   i ioctl command   p poll's list   s set of select   v vector   h msghdr
 *   m milliseconds    t timeval       n timespec        2 pair of descriptors
 */
static const struct shape {
	const char *name, *as, *args;
} shapes[] = {
	{ "__kevent50", "ppoll", "pdn" },
	{ "__pollts50", "ppoll", "pdn" },
	{ "__pselect50", "pselect6", "dsssn" },
	{ "__select50", "select", "dssst" },
	{ "__socket30", "socket", "DTP" },
	{ "__threxit", "exit", "" },
	{ "_exit", "exit_group", "d" },
	{ "_lwp_exit", "exit", "" },
	{ "accept", "accept", "dAx" },
	{ "accept4", "accept4", "dAxc" },
	{ "bind", "bind", "dAd" },
	{ "close", "close", "d" },
	{ "close_range", "close_range", "ddd" },
	{ "closefrom", "close_range", "d" },
	{ "connect", "connect", "dAd" },
	{ "creat", "creat", "" },
	{ "creat64", "creat", "" },
	{ "dup", "dup", "d" },
	{ "dup2", "dup2", "dd" },
	{ "dup3", "dup3", "ddc" },
	{ "execve", "execve", "" },
	{ "exit", "exit_group", "d" },
	{ "fcntl", "fcntl", "dFf" },
	{ "fexecve", "execve", "" },
	{ "fork", "fork", "" },
	{ "fork1", "fork", "" },
	{ "forkall", "fork", "" },
	{ "forkx", "fork", "" },
	{ "freebsd11_kevent", "ppoll", "pdn" },
	{ "getpeername", "getpeername", "dAx" },
	{ "getsockname", "getsockname", "dAx" },
	{ "getsockopt", "getsockopt", "dLOVx" },
	{ "ioctl", "ioctl", "diV" },
	{ "kevent", "ppoll", "pdn" },
	{ "kqueue", "eventfd", "" },
	{ "kqueue1", "eventfd", "" },
	{ "kqueuex", "eventfd", "" },
	{ "listen", "listen", "dd" },
	{ "lwp_exit", "exit", "" },
	{ "open", "open", "" },
	{ "open64", "open", "" },
	{ "openat", "openat", "" },
	{ "openat64", "openat", "" },
	{ "paccept", "accept4", "dAx" },
	{ "pdfork", "fork", "" },
	{ "pipe", "pipe", "2" },
	{ "pipe2", "pipe", "2" },
	{ "poll", "poll", "pdm" },
	{ "pollsys", "ppoll", "pdn" },
	{ "port_create", "eventfd", "" },
	{ "ppoll", "ppoll", "pdn" },
	{ "pselect", "pselect6", "dsssn" },
	{ "read", "read", "dSd" },
	{ "readv", "readv", "dvd" },
	{ "recv", "recv", "dSdM" },
	{ "recvfrom", "recvfrom", "dSdMAx" },
	{ "recvmsg", "recvmsg", "dhM" },
	{ "rfork", "fork", "" },
	{ "select", "select", "dssst" },
	{ "send", "send", "dSdM" },
	{ "sendfile", "sendfile", "dddd" },
	{ "sendmsg", "sendmsg", "dhM" },
	{ "sendto", "sendto", "dSdMAx" },
	{ "setsockopt", "setsockopt", "dLOVd" },
	{ "shutdown", "shutdown", "dH" },
	{ "so_socket", "socket", "DTP" },
	{ "socket", "socket", "DTP" },
	{ "socketpair", "socketpair", "DTP2" },
	{ "sys_exit", "exit_group", "d" },
	{ "thr_exit", "exit", "" },
	{ "vfork", "vfork", "" },
	{ "vforkx", "vfork", "" },
	{ "write", "write", "dSd" },
	{ "writev", "writev", "dvd" },
};

static const struct nc_text none = { NULL, NULL };

static int
compare_shape(const void *key, const void *row)
{
	const struct nc_text *t = key;
	const struct shape *s = row;
	size_t n = strlen(s->name), len = (size_t)(t->end - t->p);
	int c = memcmp(t->p, s->name, len < n ? len : n);

	return c != 0 ? c : len < n ? -1 : len > n;
}

static const struct shape *
shape_of(struct nc_text name)
{
	return bsearch(&name, shapes, sizeof(shapes) / sizeof(shapes[0]),
	    sizeof(shapes[0]), compare_shape);
}

const char *
nc_foreign_shape(struct nc_text name)
{
	const struct shape *s = shape_of(name);

	return s != NULL ? s->args : NULL;
}

/* Linux's name for a call is that one. */
static bool
is_called(struct nc_text name, const char *as)
{
	const struct shape *s = shape_of(name);

	return s != NULL && strcmp(s->as, as) == 0;
}

bool
nc_foreign_ends_process(struct nc_text name)
{
	return is_called(name, "exit_group");
}

bool
nc_foreign_ends_thread(struct nc_text name)
{
	return is_called(name, "exit");
}

/* A name stays, a number becomes Linux's name for it where one is known. */
static void
add_name(struct nc_foreign *f, enum nc_constant space, struct nc_text t)
{
	const char *name;
	int64_t v;

	t = nc_foreign_decoded(t);
	if (t.p == NULL || nc_text_int(t, &v) == NULL) {
		nc_foreign_add_text(&f->body, t);
		return;
	}
	name = nc_system_name(f->system, space, v);
	if (name != NULL)
		nc_foreign_add(&f->body, name);
	else
		nc_foreign_add_int(&f->body, v);
}

static void
add_flags(struct nc_foreign *f, struct nc_buf *b, enum nc_constant space,
    struct nc_text t)
{
	int64_t v;

	t = nc_foreign_decoded(t);
	if (t.p != NULL && nc_text_int(t, &v) == t.end)
		nc_system_flags(b, f->system, space, v);
	else
		nc_foreign_add_text(b, t);
}

void
nc_foreign_flags(struct nc_foreign *f, struct nc_buf *b, struct nc_text flags)
{
	add_flags(f, b, NC_CONST_MSG, flags);
}

/* A type with its flags: "SOCK_STREAM|SOCK_CLOEXEC" or a number. */
static void
add_type(struct nc_foreign *f, struct nc_text t)
{
	const char *name;
	int64_t v;

	t = nc_foreign_decoded(t);
	if (t.p == NULL || nc_text_int(t, &v) == NULL) {
		nc_foreign_add_text(&f->body, t);
		return;
	}
	name = nc_system_name(f->system, NC_CONST_TYPE, v & 0xf);
	nc_foreign_add(&f->body, name != NULL ? name : "0");
	if ((v & ~INT64_C(0xf)) == 0)
		return;
	nc_foreign_add(&f->body, "|");
	nc_system_flags(
	    &f->body, f->system, NC_CONST_SOCKFLAG, v & ~INT64_C(0xf));
}

static int64_t
level_of(struct nc_text t)
{
	int64_t v = nc_text_number(t);

	if (nc_text_is(t, "SOL_SOCKET"))
		return 0xffff;
	if (v == NC_NIL)
		v = nc_text_symbol(t, NC_SPACE_LEVEL);
	return v;
}

static void
add_option(struct nc_foreign *f, struct nc_text level, struct nc_text t)
{
	switch (level_of(nc_foreign_decoded(level))) {
	case 0xffff:
		add_name(f, NC_CONST_SOCKET_OPTION, t);
		break;
	case 6:
		add_name(f, NC_CONST_TCP_OPTION, t);
		break;
	case 41:
		add_name(f, NC_CONST_IPV6_OPTION, t);
		break;
	case 0:
		add_name(f, NC_CONST_IP_OPTION, t);
		break;
	default:
		nc_foreign_add_text(&f->body, nc_foreign_decoded(t));
		break;
	}
}

/* "O_NONBLOCK|0x2", "FWRITE|FNONBLOCK": only what can block is of interest. */
static void
add_open_flags(struct nc_foreign *f, struct nc_text t)
{
	struct nc_text one;
	const char *name;
	int64_t v;
	bool any = false;

	for (t = nc_foreign_decoded(t); t.p != NULL && t.p < t.end;
	     t.p = one.end + 1) {
		one = t;
		name = memchr(t.p, '|', (size_t)(t.end - t.p));
		if (name != NULL)
			one.end = name;
		name = NULL;
		if (nc_text_int(one, &v) == one.end)
			name = nc_system_name(f->system, NC_CONST_OPEN,
			    v & (f->system == NC_SYSTEM_BSD ? 0x4 : 0x84));
		else if (nc_text_is(one, "O_NONBLOCK") ||
		    nc_text_is(one, "FNONBLOCK") ||
		    nc_text_is(one, "O_NDELAY") || nc_text_is(one, "FNDELAY"))
			name = "O_NONBLOCK";
		if (name != NULL && any)
			nc_foreign_add(&f->body, "|");
		if (name != NULL) {
			nc_foreign_add(&f->body, name);
			any = true;
		}
	}
	if (!any)
		nc_foreign_add(&f->body, "0");
}

static void
add_level(struct nc_foreign *f, struct nc_text t)
{
	t = nc_foreign_decoded(t);
	if (level_of(t) == 0xffff)
		nc_foreign_add(&f->body, "SOL_SOCKET");
	else
		nc_foreign_add_text(&f->body, t);
}

/* fcntl's third argument, of which the second one tells the meaning. */
static void
add_fcntl_value(struct nc_foreign *f, struct nc_text command, struct nc_text t)
{
	const char *name = NULL;
	int64_t v;

	command = nc_foreign_decoded(command);
	if (nc_text_int(command, &v) != NULL)
		name = nc_system_name(f->system, NC_CONST_FCNTL, v);
	if (nc_text_is(command, "F_SETFL") ||
	    (name != NULL && strcmp(name, "F_SETFL") == 0))
		add_open_flags(f, t);
	else
		nc_foreign_add_text(&f->body, nc_foreign_decoded(t));
}

/* A number as it is; anything else is not known. */
static void
add_number(struct nc_foreign *f, struct nc_text t)
{
	int64_t v;

	t = nc_foreign_decoded(t);
	if (t.p != NULL && nc_text_int(t, &v) != NULL)
		nc_foreign_add_int(&f->body, v);
	else
		nc_foreign_add(&f->body, "0x0");
}

/* The field of the call that an argument of this kind was read into. */
static struct nc_text
read_already(const struct nc_foreign_call *c, char kind, size_t set)
{
	switch (kind) {
	case 'S':
		return c->data;
	case 'A':
		return c->address;
	case 'v':
	case 'h':
		return c->vector;
	case 'p':
		return c->fds;
	case 's':
		return set < 3 ? c->set[set] : none;
	case 't':
	case 'n':
		return c->timeout;
	case '2':
		return c->pair;
	default:
		return none;
	}
}

/* What a dialect has to read; "0x0" where it shows nothing. */
static void
add_structure(struct nc_foreign *f, const struct nc_foreign_call *c, char kind,
    struct nc_text t, size_t set)
{
	struct nc_text there = read_already(c, kind, set);
	size_t before = f->body.len;

	if (kind == 'h' && (there.p != NULL || c->address.p != NULL)) {
		nc_foreign_add(&f->body, "{msg_name=");
		if (c->address.p != NULL)
			nc_foreign_add_text(&f->body, c->address);
		else
			nc_foreign_add(&f->body, "0x0");
		nc_foreign_add(&f->body, ", msg_iov=");
		if (there.p != NULL)
			nc_foreign_add_text(&f->body, there);
		else
			nc_foreign_add(&f->body, "0x1");
		nc_foreign_add(&f->body, "}");
		return;
	}
	if (there.p != NULL) {
		nc_foreign_add_text(&f->body, there);
		return;
	}
	if (nc_text_is(t, "NULL") || nc_text_is(t, "0x0") ||
	    nc_text_is(t, "0") || nc_text_is(t, "0x00000000")) {
		nc_foreign_add(&f->body, "NULL");
		return;
	}
	if (t.p != NULL && f->arg(f, kind, t))
		return;
	f->body.len = before;
	nc_foreign_add(&f->body, "0x1");
}

static void
add_arg(struct nc_foreign *f, const struct nc_foreign_call *c, char kind,
    size_t i, size_t set)
{
	struct nc_text t = i < c->nargs ? nc_text_trim(c->arg[i]) : none;

	switch (kind) {
	case 'd':
	case 'x':
		add_number(f, t);
		break;
	case 'V':
		/* A pointer, which strace would have followed. */
		nc_foreign_add(&f->body, "?");
		break;
	case 'm':
		if (nc_text_is(t, "INFTIM"))
			nc_foreign_add(&f->body, "-1");
		else
			add_number(f, t);
		break;
	case 'D':
		add_name(f, NC_CONST_DOMAIN, t);
		break;
	case 'T':
		add_type(f, t);
		break;
	case 'P':
	case 'H':
		nc_foreign_add_text(&f->body, nc_foreign_decoded(t));
		break;
	case 'c':
		add_flags(f, &f->body, NC_CONST_SOCKFLAG, t);
		break;
	case 'M':
		add_flags(f, &f->body, NC_CONST_MSG, t);
		break;
	case 'L':
		add_level(f, t);
		break;
	case 'O':
		add_option(f, i > 0 ? c->arg[i - 1] : none, t);
		break;
	case 'F':
		add_name(f, NC_CONST_FCNTL, t);
		break;
	case 'f':
		add_fcntl_value(f, i > 0 ? c->arg[i - 1] : none, t);
		break;
	case 'i':
		add_name(f, NC_CONST_IOCTL, t);
		break;
	default:
		add_structure(f, c, kind, t, set);
		break;
	}
}

/*
 * Calls that Linux has under another name or with other arguments.  Returns
 * Linux's name after writing the arguments, or NULL if there is nothing special
 * about the call.
 */
static const char *
add_special(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	struct nc_text command;
	int64_t v;
	const char *name = NULL;

	if (nc_text_is(c->name, "closefrom") && c->nargs > 0) {
		add_number(f, c->arg[0]);
		nc_foreign_add(&f->body, ", 4294967295, 0");
		return "close_range";
	}
	if (nc_text_is(c->name, "sendfile") && c->nargs > 3 &&
	    f->system == NC_SYSTEM_BSD) {
		/* (file, socket, offset, count): what went is not told. */
		add_number(f, c->arg[1]);
		nc_foreign_add(&f->body, ", ");
		add_number(f, c->arg[0]);
		nc_foreign_add(&f->body, ", NULL, ");
		add_number(f, c->arg[3]);
		return "sendfile";
	}
	if (!nc_text_is(c->name, "fcntl") || c->nargs < 3)
		return NULL;
	command = nc_foreign_decoded(nc_text_trim(c->arg[1]));
	if (nc_text_int(command, &v) != NULL)
		name = nc_system_name(f->system, NC_CONST_FCNTL, v);
	if (name != NULL)
		command = (struct nc_text){ name, name + strlen(name) };
	if (!nc_text_starts(command, "F_DUP2FD"))
		return NULL;
	add_number(f, c->arg[0]);
	nc_foreign_add(&f->body, ", ");
	add_number(f, c->arg[2]);
	if (nc_text_is(command, "F_DUP2FD"))
		return "dup2";
	nc_foreign_add(&f->body, ", O_CLOEXEC");
	return "dup3";
}

struct nc_text
nc_foreign_args(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	const struct shape *shape = shape_of(c->name);
	const char *as;
	size_t i, set = 0;

	if (shape == NULL)
		return c->name;
	as = add_special(f, c);
	if (as == NULL) {
		for (i = 0; shape->args[i] != '\0'; i++) {
			if (i > 0)
				nc_foreign_add(&f->body, ", ");
			add_arg(f, c, shape->args[i], i, set);
			set += shape->args[i] == 's';
		}
		as = shape->as;
	}
	return (struct nc_text){ as, as + strlen(as) };
}
