/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A call record as one line of text: arguments by family of calls, then the
 * result as strace writes it.
 */
#include "render.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "call.h"
#include "clear.h"
#include "names.h"
#include "util.h"

/* The arguments end here at the latest, so that the result has its place. */
#define ARGS_MAX 400
#define PAYLOAD_MAX 48 /* bytes of payload shown */
#define TEXT_MAX 128   /* bytes of a name or an address shown */
#define READY_MAX 8    /* descriptors of a readiness call shown */

struct line {
	char *buf;
	size_t size; /* room for text and the NUL, at least 1 */
	size_t len;
	bool more; /* an argument has been written */
};

static void
put(struct line *l, const char *p, size_t n)
{
	if (n > l->size - 1 - l->len)
		n = l->size - 1 - l->len;
	memcpy(l->buf + l->len, p, n);
	l->len += n;
}

static void
puts_(struct line *l, const char *s)
{
	put(l, s, strlen(s));
}

static void
put_hex(struct line *l, const char *before, uint64_t v)
{
	char text[32];

	puts_(l, before);
	snprintf(text, sizeof(text), "0x%" PRIx64, v);
	puts_(l, text);
}

/* Opens the next argument. */
static void
arg(struct line *l)
{
	if (l->more)
		puts_(l, ", ");
	l->more = true;
}

/* A byte that does not print, in octal: no more digits than it needs. */
static void
put_octal(struct line *l, unsigned char c, bool all)
{
	char text[4] = { '\\', (char)('0' + (c >> 6)),
		(char)('0' + (c >> 3 & 7)), (char)('0' + (c & 7)) };
	size_t skip = all || c >= 0100 ? 0 : c >= 010 ? 1 : 2;

	text[skip] = '\\';
	put(l, text + skip, sizeof(text) - skip);
}

/* What stands behind the backslash for a byte, or NUL. */
static char
short_escape(unsigned char c, char quote)
{
	static const char short_ones[] = { ['\t'] = 't',
		['\n'] = 'n',
		['\v'] = 'v',
		['\f'] = 'f',
		['\r'] = 'r' };

	if (c < sizeof(short_ones))
		return short_ones[c];
	return c == '\\' || c == (unsigned char)quote ? (char)c : '\0';
}

/* Bytes as in a C string: octal where they do not print, as strace does. */
static void
put_escaped(struct line *l, const char *p, size_t n, char quote)
{
	size_t plain = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		char text[2] = { '\\', '\0' };

		if (c >= ' ' && c <= '~' && c != '\\' &&
		    c != (unsigned char)quote)
			continue;
		put(l, p + plain, i - plain);
		plain = i + 1;
		text[1] = short_escape(c, quote);
		if (text[1] != '\0')
			put(l, text, sizeof(text));
		else
			put_octal(l, c,
			    i + 1 < n && p[i + 1] >= '0' && p[i + 1] <= '7');
	}
	put(l, p + plain, n - plain);
}

/* A name or an address from a trace. */
static void
put_text(struct line *l, struct nc_bytes s)
{
	if (s.p == NULL) {
		puts_(l, "?");
		return;
	}
	put_escaped(l, s.p, s.len < TEXT_MAX ? s.len : TEXT_MAX, '\0');
	if (s.len > TEXT_MAX)
		puts_(l, "...");
}

static void
put_number(struct line *l, int64_t v, const char *unit)
{
	char text[NC_INT_TEXT];
	size_t n = nc_put_int(text, v);

	put(l, text, n);
	puts_(l, unit);
}

static void
put_int(struct line *l, int64_t v)
{
	if (v == NC_NIL)
		puts_(l, "?");
	else
		put_number(l, v, "");
}

/* The names of the bits set, in hexadecimal what has none. */
static void
put_flags(struct line *l, enum nc_space space, int64_t flags)
{
	uint64_t bits = (uint64_t)flags, rest = 0;
	const char *sep = "", *name;

	if (flags == NC_NIL || bits == 0) {
		puts_(l, flags == NC_NIL ? "?" : "0");
		return;
	}
	for (int i = 0; i < 63; i++) {
		uint64_t bit = UINT64_C(1) << i;

		if ((bits & bit) == 0)
			continue;
		name = nc_name_of(space, (int64_t)bit);
		if (name == NULL) {
			rest |= bit;
			continue;
		}
		puts_(l, sep);
		puts_(l, name);
		sep = "|";
	}
	if (rest != 0)
		put_hex(l, sep, rest);
}

/* A time span in the largest unit that needs no fraction. */
static void
put_span(struct line *l, int64_t ns)
{
	if (ns == NC_NIL)
		puts_(l, "?");
	else if (ns < 0)
		puts_(l, "-1");
	else if (ns % 1000000 == 0)
		put_number(l, ns / 1000000, " ms");
	else if (ns % 1000 == 0)
		put_number(l, ns / 1000, " us");
	else
		put_number(l, ns, " ns");
}

static void
arg_fd(struct line *l, const struct nc_call *c)
{
	arg(l);
	put_int(l, c->fd);
}

static void
arg_text(struct line *l, struct nc_bytes s)
{
	arg(l);
	put_text(l, s);
}

static void
arg_int(struct line *l, int64_t v)
{
	arg(l);
	put_int(l, v);
}

static void
socket_args(struct line *l, const struct nc_call *c)
{
	arg_text(l, c->domain);
	arg_text(l, c->type);
	if (c->flags != NC_NIL && c->flags != 0) {
		puts_(l, "|");
		put_flags(l, NC_SPACE_SOCKFLAG, c->flags);
	}
	arg_text(l, c->protocol);
}

static void
put_string(struct line *l, const char *p, size_t n)
{
	puts_(l, "\"");
	put_escaped(l, p, n, '"');
	puts_(l, "\"");
}

/* What can be read of redacted payload: "GET "<redacted>" HTTP/1.1". */
static void
put_redacted(struct line *l, struct nc_bytes data, struct nc_bytes clear)
{
	struct nc_clear c = nc_clear(data, clear);
	struct nc_bytes text;
	size_t at, end = 0;

	while (nc_clear_next(&c, &at, &text)) {
		if (at > end)
			puts_(l, "<redacted>");
		put_string(l, text.p, text.len);
		end = at + text.len;
	}
	if (end < data.len)
		puts_(l, "<redacted>");
}

/* Payload, then size; flags and address where the call has them. */
static void
transfer_args(struct line *l, const struct nc_call *c)
{
	size_t n = c->data.len < PAYLOAD_MAX ? c->data.len : PAYLOAD_MAX;
	bool cut = n < c->data.len ||
	    (c->marks != NC_NIL && (c->marks & NC_MARK_CUT) != 0);

	arg_fd(l, c);
	arg(l);
	if (c->clear.p != NULL && n > 0)
		put_redacted(l, (struct nc_bytes){ c->data.p, n }, c->clear);
	else if (c->data.p != NULL)
		put_string(l, c->data.p, n);
	else if (!cut)
		put_string(l, "", 0);
	puts_(l, cut ? "..." : "");
	arg_int(l, c->asked);
	if (c->flags != NC_NIL && c->flags != 0) {
		arg(l);
		put_flags(l, NC_SPACE_MSG, c->flags);
	}
	if (c->peer.p != NULL)
		arg_text(l, c->peer);
}

static void
option_args(struct line *l, const struct nc_call *c, bool get)
{
	const char *name;

	arg_fd(l, c);
	arg_text(l, c->option);
	if (c->value == NC_NIL && c->peer.p == NULL)
		return;
	arg(l);
	if (get)
		puts_(l, "[");
	name = c->value > 0 && c->value < 4096 &&
		nc_str_eq(c->option, "SO_ERROR") ?
	    nc_errno_name((int)c->value) :
	    NULL;
	if (name != NULL)
		puts_(l, name);
	else if (c->value == NC_NIL)
		put_text(l, c->peer);
	else if (nc_str_eq(c->option, "SO_RCVTIMEO") ||
	    nc_str_eq(c->option, "SO_SNDTIMEO"))
		put_span(l, c->value);
	else if (nc_str_eq(c->option, "SO_LINGER") && c->value < 0)
		puts_(l, "off");
	else if (nc_str_eq(c->option, "SO_LINGER"))
		put_number(l, c->value, " s");
	else
		put_int(l, c->value);
	if (get)
		puts_(l, "]");
}

static void
fcntl_args(struct line *l, const struct nc_call *c)
{
	arg_fd(l, c);
	arg_text(l, c->option);
	if (nc_str_eq(c->option, "F_SETFL")) {
		arg(l);
		puts_(l, c->value == 1 ? "O_NONBLOCK" : "0");
	} else if (nc_str_eq(c->option, "FIONBIO") ||
	    nc_call_of(c->name.p, c->name.len) == NC_CALL_IOCTL) {
		arg(l);
		puts_(l, "[");
		put_int(l, c->value);
		puts_(l, "]");
	}
}

/* The watched (which = 2) or reported (which = 3) events of ready. */
static void
put_ready(
    struct line *l, const struct nc_call *c, int which, enum nc_space space)
{
	struct nc_cursor cur = nc_cursor(c->ready);
	size_t n = nc_cursor_array(&cur) / 4, shown = 0;
	int64_t item[4];

	/* A deviation names a call without what it waited for. */
	if (c->ready.len == 0) {
		puts_(l, "...");
		return;
	}
	puts_(l, "[");
	for (size_t i = 0; i < n && cur.p < cur.end; i++) {
		for (int j = 0; j < 4; j++)
			item[j] = nc_cursor_int(&cur);
		if (item[which] == NC_NIL || (which == 3 && item[3] == 0))
			continue;
		if (shown++ == READY_MAX) {
			puts_(l, ", ...");
			break;
		}
		puts_(l, shown > 1 ? ", " : "");
		put_int(l, item[1]);
		puts_(l, " ");
		put_flags(l, space, item[which]);
	}
	if (c->marks != NC_NIL && (c->marks & NC_MARK_OTHERS) != 0)
		puts_(l, shown > 0 ? ", others" : "others");
	puts_(l, "]");
}

static void
poll_args(struct line *l, const struct nc_call *c)
{
	arg(l);
	put_ready(l, c, 2, NC_SPACE_POLL);
	arg(l);
	put_span(l, c->timeout);
}

static void
epoll_ctl_args(struct line *l, const struct nc_call *c)
{
	const char *op =
	    c->value != NC_NIL ? nc_name_of(NC_SPACE_EPOLLOP, c->value) : NULL;

	arg(l);
	puts_(l, "epoll ");
	put_int(l, c->epoll);
	arg(l);
	puts_(l, op != NULL ? op : "?");
	arg_fd(l, c);
	if (c->flags != NC_NIL) {
		arg(l);
		put_flags(l, NC_SPACE_EPOLL, c->flags);
	}
}

static void
shutdown_args(struct line *l, const struct nc_call *c)
{
	const char *how =
	    c->value != NC_NIL ? nc_name_of(NC_SPACE_SHUT, c->value) : NULL;

	arg_fd(l, c);
	arg(l);
	puts_(l, how != NULL ? how : "?");
}

static void
accept_args(struct line *l, const struct nc_call *c, bool flags)
{
	arg_fd(l, c);
	arg_text(l, c->peer);
	if (flags) {
		arg(l);
		put_flags(l, NC_SPACE_SOCKFLAG, c->flags);
	}
}

static void
put_args(struct line *l, const struct nc_call *c, enum nc_call_id id)
{
	switch (id) {
	case NC_CALL_SOCKET:
	case NC_CALL_SOCKETPAIR:
		socket_args(l, c);
		break;
	case NC_CALL_BIND:
	case NC_CALL_GETSOCKNAME:
		arg_fd(l, c);
		arg_text(l, c->local);
		break;
	case NC_CALL_CONNECT:
	case NC_CALL_GETPEERNAME:
		arg_fd(l, c);
		arg_text(l, c->peer);
		break;
	case NC_CALL_ACCEPT:
	case NC_CALL_ACCEPT4:
		accept_args(l, c, id == NC_CALL_ACCEPT4);
		break;
	case NC_CALL_LISTEN:
		arg_fd(l, c);
		arg_int(l, c->value);
		break;
	case NC_CALL_SETSOCKOPT:
	case NC_CALL_GETSOCKOPT:
		option_args(l, c, id == NC_CALL_GETSOCKOPT);
		break;
	case NC_CALL_SHUTDOWN:
		shutdown_args(l, c);
		break;
	case NC_CALL_FCNTL:
	case NC_CALL_IOCTL:
		fcntl_args(l, c);
		break;
	case NC_CALL_DUP2:
	case NC_CALL_DUP3:
		arg_fd(l, c);
		arg_int(l, c->value);
		break;
	case NC_CALL_SEND:
	case NC_CALL_SENDTO:
	case NC_CALL_SENDMSG:
	case NC_CALL_SENDMMSG:
	case NC_CALL_WRITE:
	case NC_CALL_WRITEV:
	case NC_CALL_RECV:
	case NC_CALL_RECVFROM:
	case NC_CALL_RECVMSG:
	case NC_CALL_RECVMMSG:
	case NC_CALL_READ:
	case NC_CALL_READV:
	case NC_CALL_SENDFILE:
	case NC_CALL_SPLICE:
		transfer_args(l, c);
		break;
	case NC_CALL_POLL:
	case NC_CALL_PPOLL:
	case NC_CALL_SELECT:
	case NC_CALL_PSELECT6:
		poll_args(l, c);
		break;
	case NC_CALL_EPOLL_CTL:
		epoll_ctl_args(l, c);
		break;
	case NC_CALL_EPOLL_WAIT:
	case NC_CALL_EPOLL_PWAIT:
	case NC_CALL_EPOLL_PWAIT2:
		arg(l);
		puts_(l, "epoll ");
		put_int(l, c->epoll);
		arg(l);
		put_span(l, c->timeout);
		break;
	case NC_CALL_CLONE:
	case NC_CALL_CLONE3:
	case NC_CALL_UNSHARE:
		arg(l);
		put_flags(l, NC_SPACE_CLONE, c->flags);
		break;
	case NC_CALL_EXIT:
	case NC_CALL_EXIT_GROUP:
		arg_int(l, c->value);
		break;
	default:
		if (c->fd != NC_NIL)
			arg_fd(l, c);
		break;
	}
}

static void
put_result(struct line *l, const struct nc_call *c, enum nc_call_id id)
{
	int64_t marks = c->marks != NC_NIL ? c->marks : 0;

	if (c->result == NC_NIL &&
	    (c->error.p == NULL || (marks & NC_MARK_INTERRUPTED) != 0))
		puts_(l, " = ?");
	else if (c->error.p != NULL)
		puts_(l, " = -1");
	else {
		puts_(l, " = ");
		put_int(l, c->result);
	}
	if (c->error.p != NULL) {
		puts_(l, " ");
		put_escaped(
		    l, c->error.p, c->error.len < 32 ? c->error.len : 32, '\0');
	} else if (c->result > 0 && c->ready.p != NULL) {
		puts_(l, " (");
		put_ready(l, c, 3,
		    nc_call_group(id) == NC_GROUP_READINESS &&
			    id >= NC_CALL_EPOLL_WAIT &&
			    id <= NC_CALL_EPOLL_PWAIT2 ?
			NC_SPACE_EPOLL :
			NC_SPACE_POLL);
		puts_(l, ")");
	}
	if ((marks & NC_MARK_INJECTED) != 0)
		puts_(l, " (INJECTED)");
}

/* attach, leave, release are in no trace: they are told in words. */
static void
put_pseudo(struct line *l, const struct nc_call *c, enum nc_call_id id)
{
	puts_(l, nc_call_name(id));
	puts_(l, " of socket ");
	put_int(l, c->socket);
	if (c->cause.p != NULL) {
		puts_(l, " (");
		put_text(l, c->cause);
		puts_(l, ")");
	}
}

size_t
nc_call_render(const struct nc_call *c, char *buf, size_t size)
{
	enum nc_call_id id = NC_CALL_NONE;
	struct line l = { 0 };
	size_t whole;

	if (size == 0)
		return 0;
	l.buf = buf;
	whole = size < NC_RENDER_MAX + 1 ? size : NC_RENDER_MAX + 1;
	/* The arguments get less room than the line. */
	l.size = whole < ARGS_MAX + 1 ? whole : ARGS_MAX + 1;
	if (c->name.p != NULL)
		id = nc_call_of(c->name.p, c->name.len);
	if (nc_call_group(id) == NC_GROUP_PSEUDO) {
		put_pseudo(&l, c, id);
	} else {
		put_text(&l, c->name);
		puts_(&l, "(");
		put_args(&l, c, id);
		if (l.len == ARGS_MAX)
			memcpy(l.buf + l.len - 3, "...", 3);
		l.size = whole;
		puts_(&l, ")");
		put_result(&l, c, id);
	}
	buf[l.len] = '\0';
	return l.len;
}
