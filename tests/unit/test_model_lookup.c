/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Look-ups of names, and the messages they are made of.
 */
#include "model/host/query.h"
#include "model_kit.h"

/* Header, number 1: a query, and answers that say found, nothing, error. */
#define QUERY "hex=000101000001000000000000"
#define FOUND "hex=000181800001000100000000"
#define EMPTY "hex=000181800001000000000000"
#define SERVFAIL "hex=000181820001000000000000"
#define NXDOMAIN "hex=000181830001000000000000"
/* Names: "a", "a.b", "1.in-addr.arpa"; then type A or PTR, and the class */
#define A "01610000010001"
#define A_B \
	"0161016200" \
	"00010001"
#define PTR \
	"013107696e2d61646472046172706100" \
	"000c0001"
#define SECOND "1010000000"
#define START \
	"host client 10.0.2.2", "client socket s1 type=SOCK_DGRAM = 3", \
	    "client connect s1 192.0.2.53:53 = 0"

static bool
reads(const char *hex, uint64_t cut, struct query *q)
{
	char *text = nc_xstrndup(hex, strlen(hex));
	struct nc_call c;
	uint64_t n;
	bool ok;

	nc_record_init(NC_KIND_call, &c);
	c.data = kit_hex(text);
	n = c.data.len;
	c.data.len -= cut;
	ok = query_read(&c, 0, n, q);
	free(text);
	return ok;
}

static void
messages(void)
{
	struct query q;
	char text[32];
	size_t i;

	/* id 0x4c64, recursion; "www.Lab"; AAAA, IN */
	const char *whole = "4c64010000010000000000000377777703"
			    "4c616200001c0001";

	ok(reads(whole, 0, &q) && !q.answer && !q.cut, "a query is read");
	ok(q.id == 0x4c64 && q.type == QTYPE_AAAA, "its number and type");
	is_str(q.name, "www.lab", "its name");
	/* cut within the type, within the name, within the header */
	ok(reads(whole, 3, &q) && q.type == 0 && !q.cut, "a cut type");
	ok(reads(whole, 6, &q) && q.cut, "a cut name");
	is_str(q.name, "www.la", "its name");
	ok(!reads(whole, 14, &q), "a cut header");
	/* an answer: no such name */
	ok(reads("4c6481830001000000000000036e6f7000"
		 "00010001",
	       0, &q) &&
		q.answer && q.rcode == RCODE_NXDOMAIN && !q.answers,
	    "an answer");
	/* not a query: an error in it; two questions; another operation */
	ok(!reads("4c6401030001000000000000016100"
		  "00010001",
	       0, &q),
	    "no error in a query");
	ok(!reads("4c6401000002000000000000016100"
		  "00010001",
	       0, &q),
	    "one question");
	ok(!reads("4c6429000001000000000000016100"
		  "00010001",
	       0, &q),
	    "an operation");
	/* a pointer, a byte that is no text, and a name that never ends */
	ok(!reads("4c6401000001000000000000c00c"
		  "00010001",
	       0, &q),
	    "no pointer");
	ok(!reads("4c6401000001000000000000010700"
		  "00010001",
	       0, &q),
	    "no odd byte");
	ok(!reads("4c64010000010000000000003f6162636465", 0, &q),
	    "no endless name");
	ok(!reads("", 0, &q), "nothing");
	/* another class */
	ok(!reads("4c6401000001000000000000016100"
		  "00010009",
	       0, &q),
	    "a class");
	/* steps of a search */
	ok(query_same_search("www", "www.lab"), "search");
	ok(query_same_search("www.lab", "www"), "search back");
	ok(query_same_search("www", "www"), "the same name");
	ok(!query_same_search("www", "www2.lab"), "another name");
	ok(!query_same_search("", "www"), "no name");
	ok(query_is_reverse("2.2.0.10.in-addr.arpa", false), "reverse");
	ok(!query_is_reverse("in-addr.arpa", false), "its zone");
	ok(query_is_reverse("2.2.0.10.in-ad", true), "reverse, cut");
	ok(query_is_reverse("2.2.0.1", true), "reverse, cut in the address");
	ok(query_is_reverse("8.b.d.0.1.0.0.2.ip", true), "reverse, cut, IPv6");
	ok(!query_is_reverse("2.2.0.10.in-ad", false), "a strange name");
	ok(!query_is_reverse("2.example.or", true), "another name, cut");
	ok(!query_is_reverse("db.example", true), "a name of words, cut");
	/* any bytes at all */
	for (i = 0; i < 4096; i++) {
		struct nc_call c;
		size_t k;

		for (k = 0; k < sizeof(text); k++)
			text[k] = (char)(nc_hash_int(i * 64 + k) >> 24);
		memcpy(text, "\0\1\1\0\0\1\0\0\0\0\0\0", 12);
		nc_record_init(NC_KIND_call, &c);
		c.data = (struct nc_bytes){ text, 12 + i % 20 };
		if (query_read(&c, 0, 12 + i % 64, &q) &&
		    strlen(q.name) >= QUERY_NAME)
			break;
	}
	ok(i == 4096, "any bytes");
}

static void
outcomes(void)
{
	/* found at once */
	script(START, "client send s1 " QUERY A " = 19",
	    "client recv s1 " FOUND A " = 19", "finish");
	/* does not exist; then somebody else is connected to */
	script(START, "client send s1 " QUERY A " = 19",
	    "client recv s1 " NXDOMAIN A " = 19", "finish ! NAME_LOOKUP",
	    "dev NAME_LOOKUP name=a outcome=nxdomain then=0 found=0 tries=1");
	script(START, "client send s1 " QUERY A " = 19",
	    "client recv s1 " NXDOMAIN A " = 19", "client socket s2",
	    "client connect s2 192.0.2.1:80 = 0", "finish ! NAME_LOOKUP",
	    "dev NAME_LOOKUP outcome=nxdomain then=1");
	/* a search list: the second step is found */
	script(START, "client send s1 " QUERY A_B " = 21",
	    "client recv s1 " NXDOMAIN A_B " = 21",
	    "client send s1 " QUERY A " = 19",
	    "client recv s1 " FOUND A " = 19", "finish");
	/* ... or none of them: one, by its shortest name */
	script(START, "client send s1 " QUERY A_B " = 21",
	    "client recv s1 " NXDOMAIN A_B " = 21",
	    "client send s1 " QUERY A " = 19",
	    "client recv s1 " NXDOMAIN A " = 19", "finish ! NAME_LOOKUP",
	    "dev NAME_LOOKUP name=a");
	/* there is such a name, but no such record */
	script(START, "client send s1 " QUERY A " = 19",
	    "client recv s1 " EMPTY A " = 19", "finish");
	script(START, "client send s1 " QUERY PTR " = 32",
	    "client recv s1 " SERVFAIL PTR " = 32", "finish ! NAME_LOOKUP",
	    "dev NAME_LOOKUP outcome=servfail reverse=1");
	/* an answer to something else */
	script(START, "client send s1 " QUERY A " = 19",
	    "client recv s1 " NXDOMAIN A_B " = 21", "finish");
}

static void
unanswered(void)
{
	/* asked twice in more than a second */
	script(START, "client send s1 " QUERY A " = 19",
	    "client send s1 " QUERY A " time=7000000000 = 19",
	    "finish ! NAME_LOOKUP",
	    "dev NAME_LOOKUP outcome=none tries=2 slow=1");
	/* ... in less; once */
	script(START, "client send s1 " QUERY A " = 19",
	    "client send s1 " QUERY A " = 19", "finish");
	script(START, "client send s1 " QUERY A " = 19", "finish");
	/* without times: a wait that ended in vain */
	script(START, "client send s1 " QUERY A " time=nil = 19",
	    "client poll ready=s1: timeout=" SECOND " time=nil = 0",
	    "finish ! NAME_LOOKUP",
	    "dev NAME_LOOKUP outcome=none tries=1 causes=poll");
	script(START, "client send s1 " QUERY A " time=nil = 19",
	    "client poll ready=s1: timeout=1000000 time=nil = 0", "finish");
	/* found in the end: slow */
	script(START, "client send s1 " QUERY A " = 19",
	    "client send s1 " QUERY A " time=7000000000 = 19",
	    "client recv s1 " FOUND A " time=7000100000 = 19 ! NAME_LOOKUP",
	    "dev NAME_LOOKUP outcome=slow tries=2", "finish");
	/* asked again long after it had failed: another look-up */
	script(START, "client send s1 " QUERY A " = 19",
	    "client recv s1 " NXDOMAIN A " = 19",
	    "client send s1 " QUERY A " time=90000000000 = 19",
	    "client recv s1 " NXDOMAIN A " time=90001000000 = 19",
	    "finish ! NAME_LOOKUP", "dev NAME_LOOKUP outcome=nxdomain slow=0");
	/* nobody there: each time another look-up */
	script(START, "client send s1 " QUERY A " = 19",
	    "client poll ready=s1:ERR = 1",
	    "client send s1 " QUERY A " time=90000000000 = 19",
	    "client poll ready=s1:ERR time=90001000000 = 1",
	    "finish ! NAME_LOOKUP-",
	    "dev NAME_LOOKUP outcome=absent tries=1 slow=0");
	/* ... and somebody at the next server */
	script(START, "client send s1 " QUERY A " = 19",
	    "client poll ready=s1:ERR = 1",
	    "client sendto s1 192.0.2.54:53 " QUERY A " = 19",
	    "client recv s1 " FOUND A " = 19", "finish");
	/* a socket for each query, closed when there was no answer */
	script(START, "client send s1 " QUERY A " = 19",
	    "client release s1 cause=close time=5000000000",
	    "client socket s2 type=SOCK_DGRAM = 3",
	    "client sendto s2 192.0.2.53:53 " QUERY A " time=5001000000 = 19",
	    "client release s2 cause=close time=10000000000",
	    "finish ! NAME_LOOKUP",
	    "dev NAME_LOOKUP outcome=none tries=2 slow=1 causes=release");
	/* multicast DNS has no answer to expect */
	script("host client 10.0.2.2", "client socket s1 type=SOCK_DGRAM = 3",
	    "client sendto s1 224.0.0.251:5353 " QUERY A " = 19",
	    "client sendto s1 224.0.0.251:5353 " QUERY A
	    " time=7000000000 = 19",
	    "finish");
	/* over TCP the length comes first, or alone */
	script("host client 10.0.2.2", "client socket s1",
	    "client connect s1 192.0.2.53:53 local=10.0.2.2:4000 = 0",
	    "client send s1 hex=0013000101000001000000000000" A " = 21",
	    "client recv s1 hex=0013 = 2", "client recv s1 " SERVFAIL A " = 19",
	    "finish ! NAME_LOOKUP", "dev NAME_LOOKUP outcome=servfail");
}

int
main(void)
{
	messages();
	outcomes();
	unanswered();
	return done();
}
