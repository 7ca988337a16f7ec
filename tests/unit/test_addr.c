/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Addresses: a table of texts, what they parse to and print as.
 */
#include "addr.h"

#include "tap.h"

enum { V4 = 1, ANY = 2, LOOP = 4, MULTI = 8, BROAD = 16, PRIVATE = 32 };

static const struct {
	const char *text;
	const char *want; /* nc_addr_print, NULL: no address */
	int is;
} table[] = {
	{ "10.0.0.1", "10.0.0.1", V4 | PRIVATE },
	{ "10.0.0.1:80", "10.0.0.1:80", V4 | PRIVATE },
	{ "1.2.3.4:0", "1.2.3.4", V4 },
	{ "1.2.3.4:080", "1.2.3.4:80", V4 },
	{ "1.2.3.4:65535", "1.2.3.4:65535", V4 },
	{ "0.0.0.0", "0.0.0.0", V4 | ANY },
	{ "127.0.0.1:6379", "127.0.0.1:6379", V4 | LOOP },
	{ "127.255.0.9", "127.255.0.9", V4 | LOOP },
	{ "224.0.0.251:5353", "224.0.0.251:5353", V4 | MULTI },
	{ "239.255.255.255", "239.255.255.255", V4 | MULTI },
	{ "240.0.0.1", "240.0.0.1", V4 },
	{ "255.255.255.255:9", "255.255.255.255:9", V4 | BROAD },
	{ "172.15.0.1", "172.15.0.1", V4 },
	{ "172.16.0.1", "172.16.0.1", V4 | PRIVATE },
	{ "172.31.255.255", "172.31.255.255", V4 | PRIVATE },
	{ "172.32.0.1", "172.32.0.1", V4 },
	{ "192.168.0.8", "192.168.0.8", V4 | PRIVATE },
	{ "100.63.255.255", "100.63.255.255", V4 },
	{ "100.64.0.1", "100.64.0.1", V4 | PRIVATE },
	{ "100.128.0.1", "100.128.0.1", V4 },
	{ "::", "::", ANY },
	{ "::1", "::1", LOOP },
	{ "[::1]", "::1", LOOP },
	{ "[::1]:80", "[::1]:80", LOOP },
	{ "fe80::1%eth0", "fe80::1", 0 },
	{ "[fe80::1%eth0]:22", "[fe80::1]:22", 0 },
	{ "fd00:1::2", "fd00:1::2", PRIVATE },
	{ "fc00::1", "fc00::1", PRIVATE },
	{ "fe00::1", "fe00::1", 0 },
	{ "ff02::fb", "ff02::fb", MULTI },
	{ "2001:db8::1", "2001:db8::1", 0 },
	{ "::ffff:10.0.0.1", "::ffff:10.0.0.1", V4 | PRIVATE },
	{ "[::ffff:10.0.0.1]:80", "[::ffff:10.0.0.1]:80", V4 | PRIVATE },
	{ "[::ffff:0.0.0.0]:80", "[::ffff:0.0.0.0]:80", V4 | ANY },
	{ "::ffff:127.0.0.1", "::ffff:127.0.0.1", V4 | LOOP },
	{ "", NULL, 0 },
	{ ":", NULL, 0 },
	{ ":80", NULL, 0 },
	{ "1.2.3", NULL, 0 },
	{ "1.2.3.4.5", NULL, 0 },
	{ "1.2.3.256", NULL, 0 },
	{ "1.2.3.04", NULL, 0 },
	{ "1.2.3.4000", NULL, 0 },
	{ "1.2.3.4:800000", NULL, 0 },
	{ "1.2.3.4:", NULL, 0 },
	{ "1.2.3.4:65536", NULL, 0 },
	{ "1.2.3.4:-1", NULL, 0 },
	{ "1.2.3.4:http", NULL, 0 },
	{ "1.2.3.4 ", NULL, 0 },
	{ "[::1", NULL, 0 },
	{ "[::1]80", NULL, 0 },
	{ "[::1]:", NULL, 0 },
	{ "[]", NULL, 0 },
	{ "[", NULL, 0 },
	{ ":::1", NULL, 0 },
	{ "%eth0", NULL, 0 },
	{ "localhost", NULL, 0 },
	{ "1111:2222:3333:4444:5555:6666:7777:8888:9999", NULL, 0 },
	{ "a-name-longer-than-any-address-can-ever-be-in-text-form", NULL, 0 },
};

static int
kinds(const struct nc_addr *a)
{
	return (nc_addr_is_v4(a) ? V4 : 0) |
	    (nc_addr_is_wildcard(a) ? ANY : 0) |
	    (nc_addr_is_loopback(a) ? LOOP : 0) |
	    (nc_addr_is_multicast(a) ? MULTI : 0) |
	    (nc_addr_is_broadcast(a) ? BROAD : 0) |
	    (nc_addr_is_private(a) ? PRIVATE : 0);
}

static struct nc_addr
parse(const char *text)
{
	struct nc_addr a;

	nc_addr_parse(text, strlen(text), &a);
	return a;
}

int
main(void)
{
	struct nc_addr a, b;
	char buf[NC_ADDR_TEXT];
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *t = table[i].text;
		int r = nc_addr_parse(t, strlen(t), &a);

		if (!table[i].want) {
			okf(r == -1 && a.family == 0, "\"%s\" is no address",
			    t);
			continue;
		}
		okf(r == 0, "\"%s\" parses", t);
		is_str(nc_addr_print(&a, buf), table[i].want, t);
		is_int(kinds(&a), table[i].is, t);
		b = parse(buf);
		okf(nc_addr_same(&a, &b), "%s: printed and parsed again", t);
	}

	a = parse("10.0.0.1:80");
	b = parse("[::ffff:10.0.0.1]:80");
	ok(nc_addr_same(&a, &b), "a mapped address is the IPv4 address");
	ok(nc_addr_hash_ip(&a) == nc_addr_hash_ip(&b), "and hashes alike");
	is_int(b.family, 6, "but keeps the family it was written in");
	b = parse("10.0.0.1:81");
	ok(!nc_addr_same(&a, &b) && nc_addr_same_ip(&a, &b),
	    "another port is the same address, another endpoint");
	ok(nc_addr_parse("10.0.0.12", 8, &a) == 0 &&
		strcmp(nc_addr_print(&a, buf), "10.0.0.1") == 0,
	    "only the first n bytes count");
	a = parse("10.0.0.1");
	is_str(nc_addr_print_port(&a, buf), "10.0.0.1:0", "port 0 on demand");
	a = parse("[fd00::1]:80");
	is_str(nc_addr_print_ip(&a, buf), "fd00::1", "without the port");
	a = parse("nothing");
	is_int(kinds(&a), 0, "no address is of no kind");
	is_str(nc_addr_print(&a, buf), "unknown", "and has a text");
	return tap_done();
}
