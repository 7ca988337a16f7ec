/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * lib/render: calls read as strace writes them, whatever they hold.
 */
#include "clear.h"
#include "render.h"

#include "tap.h"

static struct nc_call
call(const char *name, int64_t fd, int64_t result, const char *error)
{
	struct nc_call c;

	nc_record_init(NC_KIND_call, &c);
	c.name = nc_str(name);
	c.fd = fd;
	c.result = result;
	c.error = nc_str(error);
	return c;
}

static void
shows(const struct nc_call *c, const char *want)
{
	char line[NC_RENDER_MAX + 1];
	size_t n = nc_call_render(c, line, sizeof(line));

	is_str(line, want, want);
	if (n != strlen(line))
		ok(false, "the length returned is the text's");
}

static void
naming(void)
{
	struct nc_call c = call("socket", NC_NIL, 3, NULL);

	c.domain = nc_str("AF_INET");
	c.type = nc_str("SOCK_STREAM");
	c.protocol = nc_str("IPPROTO_TCP");
	c.flags = 0x80800;
	shows(&c,
	    "socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK|SOCK_CLOEXEC, "
	    "IPPROTO_TCP) = 3");
	c = call("connect", 3, -1, "ECONNREFUSED");
	c.peer = nc_str("10.0.0.2:80");
	shows(&c, "connect(3, 10.0.0.2:80) = -1 ECONNREFUSED");
	c = call("bind", 4, 0, NULL);
	c.local = nc_str("[::]:80");
	shows(&c, "bind(4, [::]:80) = 0");
	c = call("listen", 4, 0, NULL);
	c.value = 128;
	shows(&c, "listen(4, 128) = 0");
	c = call("accept", 4, 5, NULL);
	c.peer = nc_str("10.0.0.1:4711");
	c.made = 7;
	shows(&c, "accept(4, 10.0.0.1:4711) = 5");
	c.name = nc_str("accept4");
	c.flags = 0x800;
	shows(&c, "accept4(4, 10.0.0.1:4711, SOCK_NONBLOCK) = 5");
	c = call("getpeername", 4, -1, "ENOTCONN");
	shows(&c, "getpeername(4, ?) = -1 ENOTCONN");
}

static void
moving(void)
{
	struct nc_call c = call("read", 6, 114, NULL);
	char long_text[100];

	c.data = nc_str("GET / HTTP/1.1\r\n");
	c.asked = 4096;
	c.marks = NC_MARK_CUT;
	shows(&c, "read(6, \"GET / HTTP/1.1\\r\\n\"..., 4096) = 114");
	c = call("read", 6, NC_NIL, NULL);
	c.asked = 10;
	c.marks = NC_MARK_UNFINISHED;
	shows(&c, "read(6, \"\", 10) = ?");
	c.error = nc_str("ERESTARTSYS");
	c.marks = NC_MARK_INTERRUPTED;
	shows(&c, "read(6, \"\", 10) = ? ERESTARTSYS");
	c = call("sendto", 6, 3, NULL);
	c.data = (struct nc_bytes){ "\0"
				    "1\xff",
		3 };
	c.asked = 3;
	c.flags = 0x4001;
	c.peer = nc_str("10.0.0.1:53");
	shows(&c,
	    "sendto(6, \"\\0001\\377\", 3, MSG_OOB|MSG_NOSIGNAL, "
	    "10.0.0.1:53) = 3");
	memset(long_text, 'x', sizeof(long_text));
	c = call("write", 1, 100, NULL);
	c.data = (struct nc_bytes){ long_text, sizeof(long_text) };
	c.asked = 100;
	c.marks = NC_MARK_INJECTED;
	shows(&c,
	    "write(1, \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxx\"..., 100) = 100 (INJECTED)");
}

/* Payload that was redacted, and what was kept of it. */
static void
redacted(void)
{
	static const char sent[] = "GET /secret HTTP/1.1\r\nCookie: 1";
	static const struct nc_span spans[] = { { 0, 4 }, { 11, 22 } };
	static const struct nc_span whole[] = { { 0, 3 } };
	struct nc_call c = call("read", 6, 31, NULL);
	struct nc_buf b = { NULL, 0, 0 };
	char bytes[100];

	memset(bytes, 'x', sizeof(bytes));
	c.asked = 4096;
	c.data = (struct nc_bytes){ bytes, 31 };
	nc_clear_pack(&b, spans, 2, sent);
	c.clear = (struct nc_bytes){ b.p, b.len };
	shows(&c,
	    "read(6, \"GET \"<redacted>\" HTTP/1.1\\r\\n\"<redacted>, "
	    "4096) = 31");
	c.data.len = 22;
	c.marks = NC_MARK_CUT;
	shows(
	    &c, "read(6, \"GET \"<redacted>\" HTTP/1.1\\r\\n\"..., 4096) = 31");
	c.data.len = sizeof(bytes);
	b.len = 0;
	nc_clear_pack(&b, NULL, 0, sent);
	c.clear = (struct nc_bytes){ b.p, b.len };
	c.marks = NC_NIL;
	shows(&c, "read(6, <redacted>..., 4096) = 31");
	c.data.len = 0;
	shows(&c, "read(6, \"\", 4096) = 31");
	c.data.len = 3;
	b.len = 0;
	nc_clear_pack(&b, whole, 1, sent);
	c.clear = (struct nc_bytes){ b.p, b.len };
	shows(&c, "read(6, \"GET\", 4096) = 31");
	nc_buf_fini(&b);
}

static void
options(void)
{
	struct nc_call c = call("setsockopt", 3, 0, NULL);

	c.option = nc_str("SO_REUSEADDR");
	c.value = 1;
	shows(&c, "setsockopt(3, SO_REUSEADDR, 1) = 0");
	c.option = nc_str("SO_RCVTIMEO");
	c.value = 1500000;
	shows(&c, "setsockopt(3, SO_RCVTIMEO, 1500 us) = 0");
	c.option = nc_str("SO_LINGER");
	c.value = -1;
	shows(&c, "setsockopt(3, SO_LINGER, off) = 0");
	c.option = nc_str("IP_ADD_MEMBERSHIP");
	c.value = NC_NIL;
	c.peer = nc_str("239.1.1.1:0");
	shows(&c, "setsockopt(3, IP_ADD_MEMBERSHIP, 239.1.1.1:0) = 0");
	c = call("getsockopt", 3, 0, NULL);
	c.option = nc_str("SO_ERROR");
	c.value = 111;
	shows(&c, "getsockopt(3, SO_ERROR, [ECONNREFUSED]) = 0");
	c.value = 0;
	shows(&c, "getsockopt(3, SO_ERROR, [0]) = 0");
	c = call("fcntl", 3, 0, NULL);
	c.option = nc_str("F_SETFL");
	c.value = 1;
	shows(&c, "fcntl(3, F_SETFL, O_NONBLOCK) = 0");
	c = call("ioctl", 3, 0, NULL);
	c.option = nc_str("FIONREAD");
	c.value = 12;
	shows(&c, "ioctl(3, FIONREAD, [12]) = 0");
}

static void
readiness(void)
{
	struct nc_call c = call("poll", NC_NIL, 0, NULL);
	struct nc_buf b = { 0 };

	nc_pack_array(&b, 4);
	nc_pack_int(&b, 1);
	nc_pack_int(&b, 3);
	nc_pack_int(&b, 1);
	nc_pack_int(&b, 0);
	c.ready = (struct nc_bytes){ b.p, b.len };
	c.timeout = INT64_C(5000000000);
	shows(&c, "poll([3 POLLIN], 5000 ms) = 0");
	b.p[b.len - 1] = 17;
	c.result = 1;
	c.timeout = -1;
	shows(&c, "poll([3 POLLIN], -1) = 1 ([3 POLLIN|POLLHUP])");
	c.name = nc_str("epoll_wait");
	c.epoll = 2;
	shows(&c, "epoll_wait(epoll 2, -1) = 1 ([3 EPOLLIN|EPOLLHUP])");
	nc_buf_fini(&b);
	c = call("epoll_ctl", 5, 0, NULL);
	c.epoll = 2;
	c.value = 1;
	c.flags = INT64_C(0x80000001);
	shows(&c, "epoll_ctl(epoll 2, EPOLL_CTL_ADD, 5, EPOLLIN|EPOLLET) = 0");
	/* As a deviation names it, which has not kept what it waited for. */
	c = call("poll", NC_NIL, 0, NULL);
	c.timeout = INT64_C(5000000000);
	shows(&c, "poll(..., 5000 ms) = 0");
	/* An array that claims more than there is ends where the bytes do. */
	c = call("poll", NC_NIL, 1, NULL);
	c.ready = (struct nc_bytes){ "\xdd\xff\xff\xff\xff\x01", 6 };
	shows(&c, "poll([], ?) = 1 ([])");
}

static void
ending(void)
{
	struct nc_call c = call("release", 5, NC_NIL, NULL);

	c.socket = 5;
	c.cause = nc_str("close");
	shows(&c, "release of socket 5 (close)");
	c = call("shutdown", 6, 0, NULL);
	c.value = 2;
	shows(&c, "shutdown(6, SHUT_RDWR) = 0");
	c = call("close", 6, 0, NULL);
	shows(&c, "close(6) = 0");
	c = call("exit_group", NC_NIL, NC_NIL, NULL);
	c.value = 1;
	shows(&c, "exit_group(1) = ?");
	c = call(NULL, NC_NIL, NC_NIL, NULL);
	shows(&c, "?() = ?");
}

/* The worst text in every place: still one clean line that fits. */
static void
hostile(void)
{
	static const char *const names[] = { "socket", "connect", "sendto",
		"setsockopt", "poll", "epoll_ctl", "clone", "bind", "\033[1m" };
	char evil[3000], line[NC_RENDER_MAX + 1];
	bool clean = true, fits = true;

	memset(evil, 0x9b, sizeof(evil));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct nc_call c = call(names[i], INT64_MAX, -1, NULL);

		c.domain = c.type = c.protocol = c.peer = c.local = c.option =
		    c.error = c.cause = c.data = c.clear = c.ready =
			(struct nc_bytes){ evil, sizeof(evil) };
		c.flags = c.value = c.timeout = INT64_MAX;
		c.marks = INT64_MAX;
		for (size_t size = 0; size <= sizeof(line); size++) {
			size_t n = nc_call_render(&c, line, size);

			fits = fits && n <= NC_RENDER_MAX &&
			    (size == 0 || (n < size && line[n] == '\0'));
			for (size_t k = 0; k < n; k++)
				clean = clean && line[k] >= ' ' &&
				    line[k] <= '~';
		}
	}
	ok(clean, "hostile text comes out as printable ASCII");
	ok(fits, "a line never outgrows its buffer");
}

int
main(void)
{
	naming();
	moving();
	redacted();
	options();
	readiness();
	ending();
	hostile();
	return tap_done();
}
