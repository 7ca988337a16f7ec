/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The calls that set or ask options: sockopt, fcntl, ioctl.
 */
#include "option.h"

#include "../text/args.h"
#include "../text/decode.h"
#include "../text/tail.h"

#include <stdio.h>
#include <string.h>

/* The bare word or number of an argument, without a comment. */
static struct nc_text
word(struct nc_text t)
{
	const char *p;

	for (p = t.p; p < t.end && *p != ' '; p++)
		;
	t.end = p;
	return t;
}

int
nc_option_dups(const struct nc_args *a)
{
	struct nc_text cmd = word(nc_arg(a, 1));
	int64_t v = nc_text_number(cmd);

	if (nc_text_is(cmd, "F_DUPFD") || v == 0)
		return 1;
	if (nc_text_is(cmd, "F_DUPFD_CLOEXEC") || v == 1030)
		return 2;
	return 0;
}

int
nc_option_cloexec(enum nc_call_id call, const struct nc_args *a)
{
	struct nc_text cmd = word(nc_arg(a, 1));
	int64_t v = nc_text_number(cmd);

	if (call == NC_CALL_FCNTL) {
		if (!nc_text_is(cmd, "F_SETFD") && v != 2)
			return -1;
		return nc_text_flags(nc_arg(a, 2), NC_SPACE_FD) == 1;
	}
	if (nc_text_is(cmd, "FIOCLEX") || v == 0x5451)
		return 1;
	return nc_text_is(cmd, "FIONCLEX") || v == 0x5450 ? 0 : -1;
}

static bool
is_setfl(const struct nc_args *a)
{
	struct nc_text cmd = word(nc_arg(a, 1));

	return nc_text_is(cmd, "F_SETFL") || nc_text_number(cmd) == 4;
}

/* The ioctl's name if it is one of ours, else NULL. */
static const char *
ioctl_name(const struct nc_args *a)
{
	static const struct {
		const char *name;
		int64_t number;
		const char *ours;
	} table[] = {
		{ "FIONBIO", 0x5421, "FIONBIO" },
		{ "FIONREAD", 0x541b, "FIONREAD" },
		{ "SIOCINQ", 0x541b, "FIONREAD" },
		{ "SIOCATMARK", 0x8905, "SIOCATMARK" },
		{ "SIOCOUTQ", 0x5411, "SIOCOUTQ" },
		{ "TIOCOUTQ", 0x5411, "SIOCOUTQ" },
		{ "TIOCINQ", 0x541b, "FIONREAD" },
	};
	struct nc_text cmd = word(nc_arg(a, 1));
	int64_t v = nc_text_number(cmd);
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (nc_text_is(cmd, table[i].name) || v == table[i].number)
			return table[i].ours;
	return NULL;
}

bool
nc_option_wanted(const struct nc_op *op, const struct nc_args *a)
{
	if (op->call == NC_CALL_FCNTL)
		return is_setfl(a) || nc_option_dups(a) != 0;
	return ioctl_name(a) != NULL;
}

/* "[1]" as 1; NC_NIL if it is something else. */
static int64_t
in_brackets(struct nc_text t)
{
	struct nc_text v = nc_text_inside(t);

	return nc_text_number(v.p != NULL ? v : t);
}

static uint64_t
little_endian(const char *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | (unsigned char)p[n];
	return v;
}

/*
 * A timeout as ns: {tv_sec=1, tv_usec=0}, or the bytes of the struct, 16 or
 * (32-bit programs) 8 of them.
 */
static int64_t
timeout(struct nc_trace *t, struct nc_text v)
{
	struct nc_text s = nc_text_member(v, "tv_sec");
	struct nc_text us = nc_text_member(v, "tv_usec");
	int64_t sec = nc_text_number(s), usec = nc_text_number(us);
	size_t half;

	if (s.p == NULL) {
		t->s->data.len = 0;
		if (nc_text_decode(v, &t->s->data) != NC_STRING_WHOLE ||
		    (t->s->data.len != 16 && t->s->data.len != 8))
			return NC_NIL;
		half = t->s->data.len / 2;
		sec = (int64_t)little_endian(t->s->data.p, half);
		usec = (int64_t)little_endian(t->s->data.p + half, half);
	}
	if (sec == NC_NIL || usec == NC_NIL || sec < 0 || sec > 1000000000 ||
	    usec < 0 || usec > 1000000)
		return NC_NIL;
	return sec * 1000000000 + usec * 1000;
}

/* -1 off, else seconds. */
static int64_t
linger(struct nc_text v)
{
	struct nc_text on = nc_text_member(v, "l_onoff");
	struct nc_text secs = nc_text_member(v, "l_linger");

	if (on.p == NULL) {
		on = nc_text_member(v, "onoff");
		secs = nc_text_member(v, "linger");
	}
	if (nc_text_number(on) == NC_NIL)
		return NC_NIL;
	return nc_text_number(on) == 0 ? -1 : nc_text_number(secs);
}

/* An address from its text or, as -X raw has it, from its bytes. */
static int
address_of(const struct nc_buf *b, struct nc_addr *addr)
{
	const unsigned char *v = (const unsigned char *)b->p;
	char dotted[16];
	int n;

	if (b->len != 4)
		return nc_addr_parse(b->p, b->len, addr);
	n = snprintf(
	    dotted, sizeof(dotted), "%u.%u.%u.%u", v[0], v[1], v[2], v[3]);
	return nc_addr_parse(dotted, (size_t)n, addr);
}

/* The quoted address behind a field of a group request. */
static struct nc_bytes
quoted_after(
    struct nc_text v, const char *field, bool port, char buf[NC_SOCKADDR_TEXT])
{
	struct nc_addr addr;
	const char *p = v.p, *q;
	size_t n = strlen(field);
	char small[100 + NC_DECODE_SLACK];
	struct nc_buf b = { small, 0, sizeof(small) };

	for (; p != NULL && (size_t)(v.end - p) > n; p++)
		if (memcmp(p, field, n) == 0)
			break;
	if (p == NULL || (size_t)(v.end - p) <= n)
		return nc_str(NULL);
	p = memchr(p, '"', (size_t)(v.end - p));
	q = p != NULL ? nc_text_skip_string(p, v.end) : NULL;
	if (q == NULL || q - p > (ptrdiff_t)sizeof(small) - NC_DECODE_SLACK)
		return nc_str(NULL);
	nc_text_decode((struct nc_text){ p, q }, &b);
	if (address_of(&b, &addr) < 0)
		return nc_str(NULL);
	return nc_str(port ? nc_addr_print_port(&addr, buf) :
			     nc_addr_print_ip(&addr, buf));
}

/* n bytes of a value that is shown as a plain string, from at on. */
static struct nc_bytes
bytes_of(struct nc_trace *t, struct nc_text v, size_t at, size_t n,
    char buf[NC_SOCKADDR_TEXT], bool port)
{
	struct nc_addr addr;
	struct nc_buf part = { NULL, n, n };

	t->s->data.len = 0;
	if (nc_text_decode(v, &t->s->data) != NC_STRING_WHOLE ||
	    t->s->data.len < at + n)
		return nc_str(NULL);
	part.p = t->s->data.p + at;
	if (address_of(&part, &addr) < 0)
		return nc_str(NULL);
	return nc_str(port ? nc_addr_print_port(&addr, buf) :
			     nc_addr_print_ip(&addr, buf));
}

/* IP_MULTICAST_IF: an address, or a request of which it is the second part. */
static struct nc_bytes
multicast_interface(
    struct nc_trace *t, struct nc_text v, char buf[NC_SOCKADDR_TEXT])
{
	struct nc_bytes b = quoted_after(v, "inet_addr", false, buf);
	int64_t n = in_brackets(v);
	char raw[4];
	struct nc_addr addr;

	if (b.p != NULL)
		return b;
	if (n >= 0 && n <= 0xffffffff) {
		struct nc_buf bytes = { raw, sizeof(raw), sizeof(raw) };
		size_t i;

		for (i = 0; i < sizeof(raw); i++)
			raw[i] = (char)(n >> 8 * i & 0xff);
		return address_of(&bytes, &addr) < 0 ?
		    nc_str(NULL) :
		    nc_str(nc_addr_print_ip(&addr, buf));
	}
	b = bytes_of(t, v, 4, 4, buf, false);
	return b.p != NULL ? b : bytes_of(t, v, 0, 4, buf, false);
}

/* A number, also one that is given as a single byte. */
static int64_t
number_or_byte(struct nc_trace *t, struct nc_text v)
{
	int64_t n = in_brackets(v);

	t->s->data.len = 0;
	if (n == NC_NIL && nc_text_decode(v, &t->s->data) == NC_STRING_WHOLE &&
	    t->s->data.len == 1)
		n = (unsigned char)t->s->data.p[0];
	return n;
}

static void
fill_group(struct nc_trace *t, struct nc_text v, struct nc_call *rec)
{
	static const char *const fields[] = { "inet_pton(", "multiaddr",
		"gr_group", "gsr_group" };
	size_t i;

	for (i = 0;
	     i < sizeof(fields) / sizeof(fields[0]) && rec->peer.p == NULL; i++)
		rec->peer = quoted_after(v, fields[i], true, t->s->peer);
	rec->local = quoted_after(v, "imr_interface", false, t->s->local);
	if (rec->local.p == NULL)
		rec->local = quoted_after(v, "imr_address", false, t->s->local);
	if (rec->peer.p != NULL)
		return;
	/* struct ip_mreq_source, which strace shows as bytes. */
	rec->peer = bytes_of(t, v, 0, 4, t->s->peer, true);
	rec->local = bytes_of(t, v, 4, 4, t->s->local, false);
}

static bool
is_group(const char *name)
{
	return strstr(name, "_MEMBERSHIP") != NULL ||
	    strstr(name, "MCAST_JOIN") != NULL ||
	    strstr(name, "MCAST_LEAVE") != NULL ||
	    strcmp(name, "IPV6_JOIN_GROUP") == 0 ||
	    strcmp(name, "IPV6_LEAVE_GROUP") == 0;
}

/* The names that -X raw gives as numbers, by level. */
static const char *
option_by_number(int64_t level, int64_t n)
{
	static const struct {
		int64_t level, number;
		const char *name;
	} table[] = {
		{ 1, 2, "SO_REUSEADDR" },
		{ 1, 4, "SO_ERROR" },
		{ 1, 6, "SO_BROADCAST" },
		{ 1, 7, "SO_SNDBUF" },
		{ 1, 8, "SO_RCVBUF" },
		{ 1, 9, "SO_KEEPALIVE" },
		{ 1, 10, "SO_OOBINLINE" },
		{ 1, 13, "SO_LINGER" },
		{ 1, 15, "SO_REUSEPORT" },
		{ 1, 20, "SO_RCVTIMEO" },
		{ 1, 21, "SO_SNDTIMEO" },
		{ 1, 66, "SO_RCVTIMEO" },
		{ 1, 67, "SO_SNDTIMEO" },
		{ 6, 1, "TCP_NODELAY" },
		{ 6, 3, "TCP_CORK" },
		{ 6, 18, "TCP_USER_TIMEOUT" },
		{ 41, 26, "IPV6_V6ONLY" },
		{ 0, 1, "IP_TOS" },
		{ 41, 67, "IPV6_TCLASS" },
		{ 0, 32, "IP_MULTICAST_IF" },
		{ 0, 33, "IP_MULTICAST_TTL" },
		{ 0, 34, "IP_MULTICAST_LOOP" },
		{ 0, 35, "IP_ADD_MEMBERSHIP" },
		{ 0, 36, "IP_DROP_MEMBERSHIP" },
		{ 0, 39, "IP_ADD_SOURCE_MEMBERSHIP" },
		{ 0, 40, "IP_DROP_SOURCE_MEMBERSHIP" },
		{ 0, 42, "MCAST_JOIN_GROUP" },
		{ 0, 45, "MCAST_LEAVE_GROUP" },
		{ 0, 46, "MCAST_JOIN_SOURCE_GROUP" },
		{ 0, 47, "MCAST_LEAVE_SOURCE_GROUP" },
		{ 0, 49, "IP_MULTICAST_ALL" },
		{ 41, 18, "IPV6_MULTICAST_HOPS" },
		{ 41, 19, "IPV6_MULTICAST_LOOP" },
		{ 41, 20, "IPV6_ADD_MEMBERSHIP" },
		{ 41, 21, "IPV6_DROP_MEMBERSHIP" },
		{ 0, 10, "IP_MTU_DISCOVER" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].level == level && table[i].number == n)
			return table[i].name;
	return NULL;
}

/* The name that -X verbose puts after a number, as a comment. */
static struct nc_text
in_comment(struct nc_text arg)
{
	static const char open[] = "/* ";
	struct nc_text none = { NULL, NULL };
	const size_t len = sizeof(open) - 1;
	const char *p = memchr(arg.p, '/', (size_t)(arg.end - arg.p));

	if (p == NULL || (size_t)(arg.end - p) <= len ||
	    memcmp(p, open, len) != 0)
		return none;
	return word((struct nc_text){ p + len, arg.end });
}

static const char *
option_name(struct nc_trace *t, int64_t level, struct nc_text arg)
{
	struct nc_text w = word(arg);
	const char *name;
	int64_t v;
	size_t n;

	if (w.p == NULL || w.p == w.end)
		return NULL;
	if (nc_text_int(w, &v) != NULL) {
		name = option_by_number(level, v);
		if (name != NULL)
			return name;
		w = in_comment(arg);
	}
	n = w.p == NULL ? 0 : (size_t)(w.end - w.p);
	/* One that the tracer does not know is "SO_???". */
	if (n == 0 || memchr(w.p, '?', n) != NULL)
		return NULL;
	/* The kernel has two layouts of these; programs know one name. */
	if (nc_text_is(w, "SO_RCVTIMEO_OLD") ||
	    nc_text_is(w, "SO_RCVTIMEO_NEW"))
		return "SO_RCVTIMEO";
	if (nc_text_is(w, "SO_SNDTIMEO_OLD") ||
	    nc_text_is(w, "SO_SNDTIMEO_NEW"))
		return "SO_SNDTIMEO";
	if (n >= sizeof(t->s->option))
		return NULL;
	memcpy(t->s->option, w.p, n);
	t->s->option[n] = '\0';
	return t->s->option;
}

static int64_t
error_number(struct nc_text v)
{
	struct nc_text in = nc_text_inside(v);
	int64_t n;

	if (in.p == NULL)
		in = v;
	if (in.p == NULL)
		return NC_NIL;
	n = nc_text_number(in);
	if (n != NC_NIL)
		return n;
	in = word(in);
	n = nc_errno_of(in.p, (size_t)(in.end - in.p));
	return n == 0 ? NC_NIL : n;
}

static void
fill_sockopt(struct nc_trace *t, const struct nc_args *a,
    const struct nc_tail *tail, bool set, struct nc_call *rec)
{
	struct nc_text v = nc_arg(a, 3);
	const char *name;

	rec->flags = nc_text_symbol(nc_arg(a, 1), NC_SPACE_LEVEL);
	name = option_name(t, rec->flags, nc_arg(a, 2));
	rec->option = nc_str(name);
	if (name == NULL || (!set && (tail == NULL || tail->result != 0)))
		return;
	if (strcmp(name, "SO_ERROR") == 0)
		rec->value = error_number(v);
	else if (strcmp(name, "SO_RCVTIMEO") == 0 ||
	    strcmp(name, "SO_SNDTIMEO") == 0)
		rec->value = timeout(t, v);
	else if (strcmp(name, "SO_LINGER") == 0)
		rec->value = linger(v);
	else if (is_group(name))
		fill_group(t, v, rec);
	else if (strcmp(name, "IP_MULTICAST_IF") == 0)
		rec->local = multicast_interface(t, v, t->s->local);
	else
		rec->value = number_or_byte(t, v);
}

static void
fill_ioctl(
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec)
{
	const char *name = ioctl_name(a);
	int64_t v = in_brackets(nc_arg(a, 2));

	rec->option = nc_str(name);
	if (name == NULL)
		return;
	if (strcmp(name, "FIONBIO") == 0)
		rec->value = v == NC_NIL ? NC_NIL : v != 0;
	else if (tail != NULL && tail->result == 0)
		rec->value = v;
}

void
nc_fill_option(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec)
{
	int64_t v;

	switch (op->call) {
	case NC_CALL_SETSOCKOPT:
	case NC_CALL_GETSOCKOPT:
		fill_sockopt(t, a, tail, op->call == NC_CALL_SETSOCKOPT, rec);
		break;
	case NC_CALL_IOCTL:
		fill_ioctl(a, tail, rec);
		break;
	default:
		if (nc_option_dups(a) != 0) {
			rec->option = nc_str("F_DUPFD");
			if (tail != NULL && tail->result != NC_NIL &&
			    tail->result >= 0)
				rec->value = tail->result;
		} else if (is_setfl(a)) {
			rec->option = nc_str("F_SETFL");
			v = nc_text_flags(nc_arg(a, 2), NC_SPACE_OPEN);
			rec->value = v == NC_NIL ? NC_NIL :
						   (v & NC_O_NONBLOCK) != 0;
		}
		break;
	}
}
