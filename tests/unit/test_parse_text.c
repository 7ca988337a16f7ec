/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-parse's scanners: lines, arguments, strings, addresses, annotations.
 */
#include "call/ready.h"
#include "text/decode.h"
#include "text/line.h"
#include "text/sockaddr.h"

#include "tap.h"
#include "text/args.h"
#include "text/tail.h"
#include "text/wide.h"

#include <stdlib.h>
#include <string.h>

static struct nc_text
text(const char *s)
{
	return (struct nc_text){ s, s + strlen(s) };
}

static const struct {
	const char *line;
	enum nc_line_kind kind;
	int64_t pid;
	enum nc_stamp stamp;
	int64_t time;
	const char *name;
} lines[] = {
	{ "close(3) = 0", NC_LINE_CALL, NC_NIL, NC_STAMP_NONE, NC_NIL,
	    "close" },
	{ "4     close(3) = 0", NC_LINE_CALL, 4, NC_STAMP_NONE, NC_NIL,
	    "close" },
	{ "[pid     5] dup(3) = 4", NC_LINE_CALL, 5, NC_STAMP_NONE, NC_NIL,
	    "dup" },
	{ "4<a b> poll(", NC_LINE_CALL, 4, NC_STAMP_NONE, NC_NIL, "poll" },
	{ "4     00:00:01.5 connect(3", NC_LINE_CALL, 4, NC_STAMP_DAY,
	    1500000000, "connect" },
	{ "4     1795332879.581796 connect(3", NC_LINE_CALL, 4, NC_STAMP_EPOCH,
	    1795332879581796000, "connect" },
	{ "4          0.000039 connect(3", NC_LINE_CALL, 4, NC_STAMP_DELTA,
	    39000, "connect" },
	{ "4 1795332880.266657 (+     0.000038) bind(3", NC_LINE_CALL, 4,
	    NC_STAMP_EPOCH, 1795332880266657000, "bind" },
	{ "4     [  42] [000000000043b173] accept4(20", NC_LINE_CALL, 4,
	    NC_STAMP_NONE, NC_NIL, "accept4" },
	{ "4 <... read resumed>\"R\", 1) = 1", NC_LINE_RESUMED, 4,
	    NC_STAMP_NONE, NC_NIL, "read" },
	{ "4 --- SIGCHLD {si_signo=SIGCHLD} ---", NC_LINE_SIGNAL, 4,
	    NC_STAMP_NONE, NC_NIL, NULL },
	{ "4 +++ exited with 3 +++", NC_LINE_EXITED, 4, NC_STAMP_NONE, NC_NIL,
	    NULL },
	{ "4 +++ killed by SIGKILL +++", NC_LINE_KILLED, 4, NC_STAMP_NONE,
	    NC_NIL, NULL },
	{ "strace: Process 5 attached", NC_LINE_MESSAGE, NC_NIL, NC_STAMP_NONE,
	    NC_NIL, NULL },
	{ " | 00000  32 32", NC_LINE_DUMP, NC_NIL, NC_STAMP_NONE, NC_NIL,
	    NULL },
	{ "4     25:00:00 close(3) = 0", NC_LINE_BAD, 4, NC_STAMP_NONE, 0,
	    NULL },
	{ "hello world", NC_LINE_BAD, NC_NIL, NC_STAMP_NONE, NC_NIL, NULL },
	{ "   ", NC_LINE_BLANK, NC_NIL, NC_STAMP_NONE, NC_NIL, NULL },
};

static void
test_lines(void)
{
	struct nc_prefix last = { .len = 0 };
	struct nc_line l;
	struct nc_text t;
	size_t i;

	/* Each line twice: the second time its prefix is remembered. */
	for (i = 0; i < 2 * sizeof(lines) / sizeof(lines[0]); i++) {
		if (i % 2 == 0)
			last.len = 0;
		t = text(lines[i / 2].line);
		nc_line_parse(t.p, t.end, &last, &l);
		is_int(l.kind, lines[i / 2].kind, lines[i / 2].line);
		is_int(l.pid, lines[i / 2].pid, "  its pid");
		if (l.kind != NC_LINE_BAD)
			is_int(l.time, lines[i / 2].time, "  its time");
		if (lines[i / 2].name != NULL)
			ok(nc_text_is(l.name, lines[i / 2].name), "  its name");
	}
}

static const struct {
	const char *text;
	size_t n; /* arguments; 99: an error */
	const char *last;
} calls[] = {
	{ "3, \"a, b) = 1\", 4) = 4", 3, "4" },
	{ "3<TCP:[1.1.1.1:1->2.2.2.2:2]>, [{a=1, b=\"}\"}]) = 0", 2,
	    "[{a=1, b=\"}\"}]" },
	{ "3<UNIX-STREAM:[1->2,\"/tmp/a> (1)\"]>, 1) = 0", 2, "1" },
	{ ") = 5", 0, NULL },
	{ "\"\\\\\", 1) = 0", 2, "1" },
	{ "\"\\\"\", 1) = 0", 2, "1" },
	{ "0x2 /* AF_INET, (x */, 1) = 0", 2, "1" },
	{ "sockfd=3, addr={sa=1}, len=16) = 0", 3, "16" },
	{ "3, [1 2", 99, NULL },
	{ "3, \"abc", 99, NULL },
	{ "3, [1)) = 0", 99, NULL },
};

static void
test_args(void)
{
	struct nc_args a;
	struct nc_text t;
	const char *why;
	size_t i;
	int r;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		t = text(calls[i].text);
		r = nc_args_split(t.p, t.end, &a, &why);
		if (calls[i].n == 99) {
			is_int(r, -1, calls[i].text);
			continue;
		}
		ok(r == 0 && a.closed && a.n == calls[i].n, calls[i].text);
		if (calls[i].last != NULL)
			ok(nc_text_is(nc_arg(&a, a.n - 1), calls[i].last),
			    "  its last argument");
	}
}

static const struct {
	const char *text, *bytes;
	size_t n;
	enum nc_string kind;
} strings[] = {
	{ "\"plain\"", "plain", 5, NC_STRING_WHOLE },
	{ "\"a\\n\\t\\\"\\\\\"", "a\n\t\"\\", 5, NC_STRING_WHOLE },
	{ "\"\\0001\\18\\377\"",
	    "\0"
	    "1\1"
	    "8\377",
	    5, NC_STRING_WHOLE },
	{ "\"\\x00\\xff\"...", "\0\377", 2, NC_STRING_CUT },
	{ "\"\"", "", 0, NC_STRING_WHOLE },
	{ "0x7ffe", "", 0, NC_STRING_NONE },
	{ "\"\\x0g\"", NULL, 0, NC_STRING_DAMAGED },
	{ "\"\\777\"", NULL, 0, NC_STRING_DAMAGED },
};

static void
test_strings(void)
{
	struct nc_buf b = { NULL, 0, 0 };
	size_t i;

	for (i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		b.len = 0;
		is_int(nc_text_decode(text(strings[i].text), &b),
		    strings[i].kind, strings[i].text);
		if (strings[i].bytes != NULL)
			ok(b.len == strings[i].n &&
				(b.len == 0 ||
				    memcmp(b.p, strings[i].bytes, b.len) == 0),
			    "  its bytes");
	}
	nc_buf_fini(&b);
}

static const struct {
	const char *text, *want;
	int r;
} addresses[] = {
	{ "{sa_family=AF_INET, sin_port=htons(80), "
	  "sin_addr=inet_addr(\"10.0.0.1\")}",
	    "10.0.0.1:80", 0 },
	{ "{sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), "
	  "inet_pton(AF_INET6, \"fd00::1\", &sin6_addr), sin6_scope_id=0}",
	    "[fd00::1]:80", 0 },
	{ "{sa_family=0x2, sin_port=\"\\x1b\\xa8\", "
	  "sin_addr=\"\\x0a\\x4d\\x00\\x02\"}",
	    "10.77.0.2:7080", 0 },
	{ "{sa_family=AF_INET, sin_port=htons(7080), "
	  "sin_addr=inet_addr(\"\\x31\\x2e\\x32\\x2e\\x33\\x2e\\x34\")}",
	    "1.2.3.4:7080", 0 },
	{ "{sa_family=AF_UNIX, sun_path=\"/tmp/a b\"}", "unix:/tmp/a b", 0 },
	{ "{sa_family=AF_UNIX, sun_path=@\"name\"}", "unix:@name", 0 },
	{ "{sa_family=AF_UNSPEC}", "unspec", 0 },
	{ "NULL", NULL, 0 },
	{ "0x7ffe0000", NULL, 0 },
	{ "{sa_family=AF_INET, sin_port=htons(99999), "
	  "sin_addr=inet_addr(\"10.0.0.1\")}",
	    NULL, -1 },
};

static void
test_addresses(void)
{
	char buf[NC_SOCKADDR_TEXT];
	struct nc_sockaddr sa;
	size_t i;

	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		is_int(nc_sockaddr_parse(text(addresses[i].text), &sa),
		    addresses[i].r, addresses[i].text);
		if (addresses[i].r == 0)
			is_str(nc_sockaddr_print(&sa, buf), addresses[i].want,
			    "  as records have it");
	}
}

static void
test_notes(void)
{
	struct nc_note n;
	char buf[NC_ADDR_TEXT];

	nc_note_parse(text("<TCP:[191482]>"), &n);
	ok(n.kind == NC_NOTE_TCP && n.inode == 191482, "an inode");
	nc_note_parse(text("<TCP:[10.0.0.2:80->10.0.0.1:7090]>"), &n);
	is_str(nc_addr_print(&n.local, buf), "10.0.0.2:80", "local side");
	is_str(nc_addr_print(&n.peer, buf), "10.0.0.1:7090", "peer");
	nc_note_parse(text("<TCPv6:[[fd00::2]:7082->[fd00::1]:7092]>"), &n);
	is_str(nc_addr_print(&n.peer, buf), "[fd00::1]:7092", "IPv6");
	nc_note_parse(text("<TCPv6:[fd00::2:7082->fd00::1:7092]>"), &n);
	is_str(nc_addr_print(&n.peer, buf), "[fd00::1]:7092", "as 4.10 has it");
	nc_note_parse(text("<UNIX-STREAM:[12->13,\"/a]>\"]>"), &n);
	ok(n.kind == NC_NOTE_UNIX && n.inode == 12 && n.peer_inode == 13,
	    "a UNIX pair");
	nc_note_parse(text("</tmp/TCP:[1]>"), &n);
	is_int(n.kind, NC_NOTE_FILE, "a path is a file");
	nc_note_parse(text("<anon_inode:[eventpoll]>"), &n);
	is_int(n.kind, NC_NOTE_EPOLL, "an epoll instance");
	nc_note_parse(text("<pipe:[1]>"), &n);
	is_int(n.kind, NC_NOTE_FILE, "a pipe");
}

static void
test_tails(void)
{
	struct nc_tail t;
	struct nc_text s;
	const char *why;

	s = text(" = -1 EAGAIN (Resource temporarily unavailable) <0.000015>");
	is_int(nc_tail_parse(s.p, s.end, &t, &why), 0, "a failure");
	ok(t.result == -1 && nc_text_is(t.error, "EAGAIN"), "  its errno");
	is_int(t.duration, 15000, "  its time");
	s = text("   = 3<TCP:[1]> (INJECTED)");
	ok(nc_tail_parse(s.p, s.end, &t, &why) == 0 && t.result == 3 &&
		t.injected && nc_text_is(t.note, "<TCP:[1]>"),
	    "an annotation");
	s = text(" = ? ERESTARTSYS (To be restarted)");
	ok(nc_tail_parse(s.p, s.end, &t, &why) == 0 && t.result == NC_NIL &&
		nc_text_is(t.error, "ERESTARTSYS"),
	    "interrupted");
	s = text(" = 1 ([{fd=3, revents=POLLIN}])");
	ok(nc_tail_parse(s.p, s.end, &t, &why) == 0 && t.result == 1 &&
		nc_text_is(t.more, "[{fd=3, revents=POLLIN}]"),
	    "a ready set");
	s = text(" = banana");
	is_int(nc_tail_parse(s.p, s.end, &t, &why), -1, "no number");
	s = text(" = 99999999999999999999");
	is_int(nc_tail_parse(s.p, s.end, &t, &why), -1, "out of range");
	s = text("");
	is_int(nc_tail_parse(s.p, s.end, &t, &why), -1, "nothing");
}

static void
test_fields(void)
{
	struct nc_text in, name, value;

	in = text(" a=1, {b=2}, c=[\"x, d=4\", {d=5}], d=6 , a=7");
	value = nc_text_take(&in, "c");
	ok(nc_text_is(value, "[\"x, d=4\", {d=5}]"), "a field with a list");
	ok(nc_text_is(nc_text_take(&in, "d"), "6"), "  one behind it");
	ok(nc_text_take_any(&in, &name, &value) && nc_text_is(name, "a") &&
		nc_text_is(value, "7"),
	    "  and the next, by whatever name");
	ok(!nc_text_take_any(&in, &name, &value), "  which is the last");
	in = text("{5, x=1}");
	ok(nc_text_is(nc_text_member(in, "x"), "1"), "one without a name");
	ok(nc_text_member(in, "y").p == NULL, "there is none of that name");
}

/* The usual form and those that are read the long way tell the same. */
static void
test_epoll_events(void)
{
	static const struct {
		const char *text;
		int64_t events;
		uint64_t data;
	} table[] = {
		{ "{events=EPOLLIN|EPOLLOUT, data={u32=7, u64=4294967303}}", 5,
		    4294967303 },
		{ "{events=EPOLLIN|EPOLLOUT, data={u64=4294967303, u32=7}}", 5,
		    4294967303 },
		{ "{events=EPOLLIN|0x4, data={u32=7, u64=0x7}}", 5, 7 },
		{ "{events=EPOLLIN, data={u32=7, u64=7, fd=8}}", 1, 7 },
		{ "{events=EPOLLIN, data={u32=7, u64=x}}", 1, 0 },
		{ "{events=EPOLLIN, data={u32=7, u64=7}, more=1}", 1, 7 },
		{ "{events=, data={u32=7, u64=7}}", 0, 7 },
		{ "{EPOLLIN, {u32=7, u64=7}}", 1, 7 },
		{ "{events=EPOLLIN, data=0x9}", 1, 9 },
		{ "{EPOLLOUT, 9}", 4, 9 },
		{ "{events=EPOLLIN", 0, 0 },
	};
	struct nc_epoll_event e;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		e = nc_epoll_event_of(text(table[i].text));
		ok(e.events == table[i].events && e.data == table[i].data,
		    table[i].text);
	}
}

static void
test_all(void)
{
	test_lines();
	test_args();
	test_strings();
	test_addresses();
	test_notes();
	test_tails();
	test_fields();
	test_epoll_events();
}

int
main(void)
{
	test_all();
	/* As where the processor cannot. */
	nc_wide_state = -1;
	test_all();
	return tap_done();
}
