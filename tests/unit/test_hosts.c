/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The hosts file: what is read, and where errors are said to be.
 */
#include "hosts.h"

#include "tap.h"

#include <string.h>

static const struct {
	const char *name, *text, *error;
} bad[] = {
	{ "an unknown column", "host,trace,colour\na,b,c\n",
	    "h.csv:1:12: unknown column \"colour\"" },
	{ "a missing column", "host,address\na,\n",
	    "h.csv:1:1: missing column \"trace\"" },
	{ "a column twice", "host,trace,host\n",
	    "h.csv:1:12: second column \"host\"" },
	{ "a bad address", "host,trace,address\na,b,\na,c,1.2.3.4 1.2.3\n",
	    "h.csv:3:5: bad address \"1.2.3\"" },
	{ "an address with a port", "host,trace,address\na,b,1.2.3.4:5\n",
	    "h.csv:2:5: bad address \"1.2.3.4:5\"" },
	{ "a bad translation", "host,trace,address,nat\na,b,,1.1.1.1\n",
	    "h.csv:2:6: bad translation \"1.1.1.1\"" },
	{ "a port on one side only", "host,trace,nat\na,b,1.1.1.1:5=2.2.2.2\n",
	    "h.csv:2:5: bad translation \"1.1.1.1:5=2.2.2.2\"" },
	{ "a duplicate row", "host,trace\na,b\n# x\na,b\n",
	    "h.csv:4:3: duplicate trace \"b\"" },
	{ "too many fields", "host,trace\na,b,c\n",
	    "h.csv:2:5: more fields than columns \"c\"" },
	{ "an empty host", "host,trace\n,b\n", "h.csv:2:1: empty host" },
	{ "an empty trace", "host,trace\na,\n", "h.csv:2:3: empty trace" },
	{ "an open quote", "host,trace\na,\"b\n",
	    "h.csv:3:1: quote without end" },
	{ "no rows", "host,trace\n", "h.csv:2:1: no traces" },
	{ "nothing", "", "h.csv:1:1: no header row" },
	{ "control characters", "host,tr\033ace\n",
	    "h.csv:1:6: unknown column \"tr?ace\"" },
};

static struct nc_hosts *
parse(const char *text, char *error)
{
	return nc_hosts_parse(text, strlen(text), "h.csv", false, error);
}

int
main(void)
{
	static const char good[] =
	    "\xef\xbb\xbf# two hosts\n\n"
	    "host,trace,address,nat,format\r\n"
	    "server,server.trace,128.238.66.220 fd00::1,,strace\r\n"
	    "  # between\n"
	    "client,\"/tmp/a, b.trace\",,192.168.0.8=128.238.38.67 "
	    "[fd00::2]:80=[fd00::3]:81\n";
	char error[NC_HOSTS_ERROR], text[NC_ADDR_TEXT];
	struct nc_hosts *h;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error[0] = '\0';
		h = parse(bad[i].text, error);
		ok(h == NULL, bad[i].name);
		is_str(error, bad[i].error, bad[i].name);
		nc_hosts_free(h);
	}
	h = nc_hosts_parse(good, sizeof(good) - 1, "dir/h.csv", false, error);
	if (!ok(h != NULL && h->nrows == 2, "a good file has its rows"))
		return tap_done();
	is_str(h->rows[0].host, "server", "host");
	is_str(h->rows[0].trace, "dir/server.trace", "relative to the file");
	is_str(h->rows[0].file, "server.trace", "as the user wrote it");
	is_int((int64_t)h->rows[0].format_line, 4, "line of the format");
	is_int((int64_t)h->rows[0].format_column, 45, "its column");
	is_int((int64_t)h->rows[0].naddresses, 2, "addresses");
	is_str(nc_addr_print(&h->rows[0].addresses[1], text), "fd00::1",
	    "the second one");
	is_str(h->rows[1].trace, "/tmp/a, b.trace", "an absolute, quoted path");
	is_int((int64_t)h->rows[1].nnat, 2, "translations");
	is_str(nc_addr_print(&h->rows[1].nat[1].outside, text), "[fd00::3]:81",
	    "with a port");
	nc_hosts_free(h);
	h = parse("host,trace,format\na,b,strace", error);
	ok(h != NULL && strcmp(h->rows[0].format, "strace") == 0,
	    "a format, and no newline at the end");
	nc_hosts_free(h);
	h = nc_hosts_parse(
	    "host,trace\na,/nonexistent/x\n", 28, "h.csv", true, error);
	is_str(error,
	    "h.csv:2:3: No such file or directory: "
	    "\"/nonexistent/x\"",
	    "a missing file");
	nc_hosts_free(h);
	ok(nc_hosts_detect("# c\n\ntrace, host\n", 17), "a hosts file");
	ok(!nc_hosts_detect("host,address\n", 13), "lacks a column");
	ok(!nc_hosts_detect("4 write(1, \"host,trace\", 3) = 1\n", 32),
	    "a trace is none");
	ok(!nc_hosts_detect("", 0), "nothing is none");
	return tap_done();
}
