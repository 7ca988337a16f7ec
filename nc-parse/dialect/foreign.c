/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls of other tracers, brought to the form of strace.
 */
#include "foreign.h"

#include "../input/input.h"
#include "../tasks.h"

#include <inttypes.h>
#include <stdio.h>
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

void
nc_foreign_call_init(struct nc_foreign_call *c)
{
	memset(c, 0, sizeof(*c));
	c->tid = NC_NIL;
	c->time = NC_NIL;
	c->duration = NC_NIL;
	c->result = NC_NIL;
}

struct nc_text
nc_foreign_text(const struct nc_buf *b)
{
	static const char empty[] = "";

	if (b->p == NULL)
		return (struct nc_text){ empty, empty };
	return (struct nc_text){ b->p, b->p + b->len };
}

void
nc_foreign_add(struct nc_buf *b, const char *s)
{
	nc_buf_add(b, s, strlen(s));
}

void
nc_foreign_add_text(struct nc_buf *b, struct nc_text t)
{
	if (t.p != NULL)
		nc_buf_add(b, t.p, (size_t)(t.end - t.p));
}

void
nc_foreign_add_int(struct nc_buf *b, int64_t v)
{
	char small[24];

	snprintf(small, sizeof(small), "%" PRId64, v);
	nc_foreign_add(b, small);
}

void
nc_foreign_address(
    struct nc_buf *b, bool six, struct nc_text ip, struct nc_text port)
{
	const char *zone = memchr(ip.p, '%', (size_t)(ip.end - ip.p));

	if (zone != NULL)
		ip.end = zone;
	nc_foreign_add(b,
	    six ? "{sa_family=AF_INET6, sin6_port=htons(" :
		  "{sa_family=AF_INET, sin_port=htons(");
	nc_foreign_add_text(b, port);
	nc_foreign_add(
	    b, six ? "), inet_pton(AF_INET6, \"" : "), sin_addr=inet_addr(\"");
	nc_foreign_add_text(b, ip);
	nc_foreign_add(b, six ? "\", &sin6_addr)}" : "\")}");
}

void
nc_foreign_path(struct nc_buf *b, struct nc_text path)
{
	const char *p;

	/* Old tracers go on behind the name's end. */
	for (p = path.p;
	     p<path.end && * p> ' ' && *p <= '~' && *p != '"' && *p != '\\';
	     p++)
		;
	nc_foreign_add(b, "{sa_family=AF_UNIX, sun_path=\"");
	nc_buf_add(b, path.p, (size_t)(p - path.p));
	nc_foreign_add(b, "\"}");
}

const char *
nc_foreign_time(struct nc_text t, int64_t *ns)
{
	int64_t s, scale = 100000000;
	const char *p = nc_text_int(t, &s);

	if (p == NULL || s < 0 || s > 9000000000 || *t.p == '-')
		return NULL;
	*ns = s * 1000000000;
	if (p == t.end || *p != '.')
		return p;
	for (p++; p < t.end && *p >= '0' && *p <= '9'; p++) {
		*ns += (*p - '0') * scale;
		scale /= 10;
	}
	return p;
}

bool
nc_foreign_seconds(struct nc_buf *b, char kind, struct nc_text t)
{
	int64_t ns;

	t = nc_text_trim(t);
	if (nc_foreign_time(t, &ns) == NULL)
		return false;
	nc_foreign_add(b, "{tv_sec=");
	nc_foreign_add_int(b, ns / 1000000000);
	nc_foreign_add(b, kind == 't' ? ", tv_usec=" : ", tv_nsec=");
	nc_foreign_add_int(
	    b, kind == 't' ? ns % 1000000000 / 1000 : ns % 1000000000);
	nc_foreign_add(b, "}");
	return true;
}

/* "0x6<A|B>" of newer tracers: the names; "0<>" is none. */
static struct nc_text
decoded(struct nc_text t)
{
	const char *open, *close;

	if (t.p == NULL)
		return t;
	open = memchr(t.p, '<', (size_t)(t.end - t.p));
	if (open == NULL || open == t.p)
		return t;
	close = memchr(open, '>', (size_t)(t.end - open));
	if (close == NULL || close == open + 1) {
		t.end = open;
		return t;
	}
	return (struct nc_text){ open + 1, close };
}

/* A name stays, a number becomes Linux's name for it where one is known. */
static void
add_name(struct nc_foreign *f, enum nc_constant space, struct nc_text t)
{
	const char *name;
	int64_t v;

	t = decoded(t);
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

	t = decoded(t);
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

	t = decoded(t);
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
	switch (level_of(decoded(level))) {
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
		nc_foreign_add_text(&f->body, decoded(t));
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

	for (t = decoded(t); t.p != NULL && t.p < t.end; t.p = one.end + 1) {
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
	t = decoded(t);
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

	command = decoded(command);
	if (nc_text_int(command, &v) != NULL)
		name = nc_system_name(f->system, NC_CONST_FCNTL, v);
	if (nc_text_is(command, "F_SETFL") ||
	    (name != NULL && strcmp(name, "F_SETFL") == 0))
		add_open_flags(f, t);
	else
		nc_foreign_add_text(&f->body, decoded(t));
}

void
nc_foreign_events(struct nc_foreign *f, struct nc_buf *b, struct nc_text events)
{
	/* What comes in bands is told apart nowhere else. */
	static const struct {
		const char *name;
		int64_t bits;
	} names[] = {
		{ "POLLIN", 0x41 },
		{ "POLLPRI", 0x82 },
		{ "POLLOUT", 0x4 },
		{ "POLLERR", 0x8 },
		{ "POLLHUP", 0x10 },
		{ "POLLNVAL", 0x20 },
	};
	int64_t sum, v;
	struct nc_text one;
	const char *q;
	size_t i, before = b->len;

	(void)f;
	events = decoded(events);
	for (sum = 0; events.p != NULL && events.p < events.end;
	     events.p = one.end + 1) {
		one = events;
		q = memchr(one.p, '|', (size_t)(one.end - one.p));
		if (q != NULL)
			one.end = q;
		if (nc_text_is(one, "POLLWRNORM"))
			v = NC_POLLOUT;
		else if (nc_text_is(one, "POLLSTANDARD"))
			v = NC_POLLIN | NC_POLLPRI | NC_POLLOUT;
		else
			v = nc_text_symbol(one, NC_SPACE_POLL);
		sum |= v == NC_NIL ? 0 : v;
	}
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((sum & names[i].bits) == 0)
			continue;
		if (b->len > before)
			nc_foreign_add(b, "|");
		nc_foreign_add(b, names[i].name);
	}
	if (b->len == before)
		nc_foreign_add(b, "0");
}

/* A number as it is; anything else is not known. */
static void
add_number(struct nc_foreign *f, struct nc_text t)
{
	int64_t v;

	t = decoded(t);
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
		nc_foreign_add_text(&f->body, decoded(t));
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
	command = decoded(nc_text_trim(c->arg[1]));
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

/* Writes the arguments; returns the name. */
static struct nc_text
add_args(struct nc_foreign *f, const struct nc_foreign_call *c)
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

static void
add_error(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	const char *name = NULL;

	nc_foreign_add(&f->body, "-1 ");
	if (c->error_name.p != NULL) {
		nc_foreign_add_text(&f->body, c->error_name);
	} else {
		name = nc_system_errno(f->system, c->error);
		nc_foreign_add(&f->body, name != NULL ? name : "ERRNO_");
		if (name == NULL)
			nc_foreign_add_int(&f->body, c->error);
	}
	/* A line that ends with the name would look cut. */
	nc_foreign_add(&f->body, " (-)");
}

static void
add_result(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	char small[48];

	nc_foreign_add(&f->body, ") = ");
	if (c->error != 0 || c->error_name.p != NULL) {
		add_error(f, c);
	} else if (c->result == NC_NIL) {
		nc_foreign_add(&f->body, "?");
	} else {
		nc_foreign_add_int(&f->body, c->result);
		if (c->ready.p != NULL) {
			nc_foreign_add(&f->body, " (");
			nc_foreign_add_text(&f->body, c->ready);
			nc_foreign_add(&f->body, ")");
		}
	}
	if (c->duration == NC_NIL)
		return;
	snprintf(small, sizeof(small), " <%" PRId64 ".%09" PRId64 ">",
	    c->duration / 1000000000, c->duration % 1000000000);
	nc_foreign_add(&f->body, small);
}

static void
hand_on(struct nc_foreign *f, const struct nc_foreign_call *c,
    enum nc_line_kind kind, struct nc_text name, int64_t time)
{
	struct nc_line l;

	memset(&l, 0, sizeof(l));
	l.kind = kind;
	l.pid = c->tid;
	l.stamp = time != NC_NIL ? NC_STAMP_EPOCH : NC_STAMP_NONE;
	l.time = time;
	l.name = name;
	l.body.p = f->body.p;
	l.body.end = f->body.p + f->body.len;
	l.entry = kind == NC_LINE_CALL ? c->entry : 0;
	l.again = true;
	nc_trace_dispatch(f->trace, &l);
	nc_buf_trim(&f->body, NC_LINE_KEEP);
}

bool
nc_foreign_can_begin(const struct nc_foreign_call *c)
{
	const char *shape = nc_foreign_shape(c->name);

	return shape == NULL ||
	    (strchr(shape, 'p') == NULL && strchr(shape, 's') == NULL) ||
	    c->fds.p != NULL || c->set[0].p != NULL || c->set[1].p != NULL;
}

void
nc_foreign_whole(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	struct nc_text name;

	f->body.len = 0;
	name = add_args(f, c);
	add_result(f, c);
	hand_on(f, c, NC_LINE_CALL, name, c->time);
}

void
nc_foreign_begin(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	struct nc_text name;

	f->body.len = 0;
	name = add_args(f, c);
	nc_foreign_add(&f->body, " <unfinished ...>");
	hand_on(f, c, NC_LINE_CALL, name, c->time);
}

void
nc_foreign_end(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	int64_t time = c->time;
	struct nc_text name;

	f->body.len = 0;
	name = add_args(f, c);
	add_result(f, c);
	if (time != NC_NIL && c->duration != NC_NIL)
		time += c->duration;
	hand_on(f, c, NC_LINE_RESUMED, name, time);
}

struct nc_foreign_late
nc_foreign_before(struct nc_foreign *f, int64_t line)
{
	struct nc_trace *t = f->trace;
	struct nc_foreign_late late = { t->line, t->fate, t->last_line };

	t->line = line;
	t->fate = NC_FATE_LOST;
	t->last_line = false;
	return late;
}

void
nc_foreign_after(struct nc_foreign *f, struct nc_foreign_late late)
{
	struct nc_trace *t = f->trace;

	t->ledger.fates[t->fate]++;
	t->line = late.line;
	t->fate = late.fate;
	t->last_line = late.last_line;
}

void
nc_foreign_passed(struct nc_foreign *f, enum nc_ignored why)
{
	f->trace->ledger.ignored[why]++;
	f->trace->ledger.fates[NC_FATE_PASSED]++;
}

void
nc_foreign_gone(struct nc_foreign *f, int64_t tid)
{
	struct nc_thread *th = nc_task_find(f->trace, tid);

	if (th != NULL)
		nc_task_gone(f->trace, th, false);
}

void
nc_foreign_exit(struct nc_foreign *f, int64_t pid, bool killed)
{
	nc_task_end(f->trace, pid, killed);
}
