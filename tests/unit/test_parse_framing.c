/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-parse --redact: what of a payload is framing.
 */
#include "redact/dns.h"
#include "redact/framing.h"

#include "tap.h"

#include <stdlib.h>

#define SAMPLE_MAX 1024

/*
 * A stream and what is kept of it.  In the text, < and > stand around that,
 * as lines of their own bytes would not: they are left out.  n: its length
 * where it has NUL bytes.
 */
struct sample {
	const char *name, *text;
	size_t n;
};

#define BINARY(s) s, sizeof(s) - 1
#define TEXT(s) s, sizeof(s) - 1

#define QUERY "<\x12\x34\x01\0\0\1\0\0\0\0\0\0\3www\7example\3com\0\0\1\0\1>"
#define HEADER_ "\x12\x34\x85\x80\0\1\0\2\0\0\0\1"
#define QUESTION "\3www\7example\3com\0\0\20\0\1"
/* TXT "secret", A 192.0.2.1, OPT with a cookie */
#define ANSWER \
	"<" HEADER_ QUESTION "\xc0\x0c\0\20\0\1\0\0\0\0\0\7>\6secret" \
	"<\xc0\x0c\0\1\0\1\0\0\0\0\0\4\xc0\0\2\1" \
	"\0\0\x29\4\xd0\0\0\0\0\0\xc>\0\xa\0\x8" \
	"cookies."

static const struct sample streams[] = {
	{ "a request",
	    TEXT("<GET >/secret?q=1< HTTP/1.1\r\n>User-Agent: me\r\n"
		 "<Host: example.com:80\r\n>Cookie: secret\r\n<\r\n>") },
	{ "a request with a body, and another one",
	    TEXT("<POST >/< HTTP/1.1\r\ncontent-length:  7\r\n\r\n>s\necret"
		 "<HEAD >/x< HTTP/1.0\n>A: GET / HTTP/1.1\n<\n>") },
	{ "an answer",
	    TEXT("<HTTP/1.1 200> OK secret\r\nServer: x\r\n"
		 "<Content-Length: 5\r\n\r\n>\r\nabc<HTTP/1.1 404>\r\n"
		 "<Content-Length: 0\r\n\r\nHTTP/1.1 204> No\r\n<\r\n>") },
	{ "a body that looks like a head",
	    TEXT("<HTTP/1.1 200> OK\r\n<Content-Length: 42\r\n\r\n>"
		 "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"
		 "\r\n<HTTP/1.1 200> OK\r\n<Content-Length: 0\r\n\r\n>") },
	{ "a body that ends with the connection",
	    TEXT("<HTTP/1.0 200> OK\r\n<\r\n>HTTP/1.1 200 OK\r\n"
		 "Host: secret\r\n\r\n") },
	{ "chunks",
	    TEXT("<HTTP/1.1 200> OK\r\nTransfer-Encoding: gzip, chunked\r\n"
		 "<\r\n>1a;x=y\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
		 "3\r\nabc\r\n0\r\nTrailer: x\r\n\r\n"
		 "<HTTP/1.1 304> Not\r\n<\r\nHTTP/1.1 200> OK\r\n<\r\n>x") },
	{ "headers that are not as they should be",
	    TEXT("<GET >/< HTTP/1.1\r\n>Host: a b\r\nHost: secret=1\r\n"
		 "X-Host: a\r\n Host: folded\r\n<\r\n>") },
	{ "a length that is none",
	    TEXT("<POST >/< HTTP/1.1\r\n>Content-Length: 1x\r\n"
		 "Host: a\r\n\r\n") },
	{ "two lengths",
	    TEXT("<POST >/< HTTP/1.1\r\nContent-Length: 1\r\n>"
		 "Content-Length: 2\r\nHost: a\r\n\r\n") },
	{ "a tunnel",
	    TEXT("<CONNECT >secret:443< HTTP/1.1\r\n\r\n>"
		 "GET / HTTP/1.1\r\n\r\n") },
	{ "a target with blanks",
	    TEXT("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "no request", TEXT("GETTING /a HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "another version", TEXT("GET /a HTTP/2.0\r\nHost: a\r\n\r\n") },
	{ "no status", TEXT("HTTP/1.1 20 OK\r\nHost: a\r\n\r\n") },
	{ "just text", TEXT("hello\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "a client of FTP",
	    TEXT("USER secret\r\nPASS secret\r\n<PORT 10,0,0,1,4,5\r\n>"
		 "RETR 10,0,0,1,4,5\r\n<EPRT |2|fd00::1|2020|\r\n>"
		 "PORT 1,2,3,4,5,256\r\nPORT 1,2,3,4,5,6,7\r\n"
		 "EPRT |1|secret|1|\r\n<port 1,2,3,4,5,6\r\n>") },
	{ "a server of FTP",
	    TEXT("220 secret\r\n331 secret\r\n"
		 "<227 >Entering (you) Passive Mode <(10,0,0,1,4,5)>.\r\n"
		 "<227 >ok =<10,0,0,1,4,5>\r\n227 ok\r\n"
		 "<229 >Extended <(|||6446|)>\r\n229 ok 5\r\n"
		 "226 (1,2,3,4,5,6)\r\n") },
	{ "mail", TEXT("220 secret ESMTP\r\n250 ok\r\n354 PORT\r\n") },
	{ "TLS",
	    BINARY("<\x16\3\1\0\6>\1\x16\3\1xy"
		   "<\x14\3\3\0\1>\1<\x17\3\3\0\5>x\x17\3\3x"
		   "<\x15\3\3\0\2>\1\0") },
	{ "TLS that stops", BINARY("<\x16\3\1\0\1>\1\x18\3\1\0\1x") },
	{ "no TLS", BINARY("\x16\3\5\0\1\1\x16\3\1\0\1\3") },
	{ "no TLS, an empty record", BINARY("\x16\3\1\0\0\x16\3\1\0\1\3") },
	{ "DNS over TCP",
	    BINARY("<\0\x21>" QUERY "<\0\x5b>" ANSWER "<\0\x21>" QUERY) },
	{ "no DNS over TCP",
	    BINARY("\0\x21\x12\x34\x01\0\0\1\0\0\0\0\0\0\3w w\7"
		   "example\3com\0\0\1\0\1") },
	{ "a binary protocol",
	    BINARY("\0\0\0\x10\x12\x34\0\1\0\0\0\0\0\0\3www\0\0\1\0\1") },
	{ "nothing", BINARY("") },
};

static const struct sample datagrams[] = {
	{ "a query", BINARY(QUERY) },
	{ "an answer", BINARY(ANSWER) },
	{ "addresses and names",
	    BINARY("<\0\1\x84\0\0\1\0\3\0\0\0\0\1a\1b\0\0\xff\0\1"
		   "\xc0\x0c\0\x1c\0\1\0\0\0\1\0\x10"
		   "0123456789abcdef"
		   "\xc0\x0c\0\5\0\1\0\0\0\1\0\4\1c\xc0\x0e"
		   "\xc0\x0c\0\x21\0\1\0\0\0\1\0\xb\0\1\0\2\0\5\1d\1b\0>") },
	{ "a name that is none, an address that is none",
	    BINARY("<\0\1\x84\0\0\1\0\2\0\0\0\0\1a\1b\0\0\5\0\1"
		   "\xc0\x0c\0\5\0\1\0\0\0\1\0\4>\4c\xc0\x0e"
		   "<\xc0\x0c\0\1\0\1\0\0\0\1\0\5>01234") },
	{ "more behind it", BINARY("\0\1\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1x") },
	{ "a question too many",
	    BINARY("\0\1\1\0\0\2\0\0\0\0\0\0\1a\0\0\1\0\1\1b\0\0\1\0\1") },
	{ "a query with answers",
	    BINARY("\0\1\1\0\0\1\0\4\0\0\0\0\1a\0\0\1\0\1") },
	{ "no class of its", BINARY("\0\1\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\7") },
	{ "a name that points forward",
	    BINARY("\0\1\x84\0\0\1\0\1\0\0\0\0\1a\0\0\1\0\1"
		   "\xc0\x40\0\1\0\1\0\0\0\1\0\4"
		   "0123") },
	{ "text", TEXT("GET / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ "nothing", BINARY("") },
};

/* A sample without its marks; kept tells of each byte whether it is marked. */
static size_t
parse(const struct sample *s, char *bytes, bool *kept)
{
	bool on = false;
	size_t i, n = 0;

	for (i = 0; i < s->n && n < SAMPLE_MAX; i++) {
		if (s->text[i] == '<' || s->text[i] == '>') {
			on = s->text[i] == '<';
		} else {
			kept[n] = on;
			bytes[n++] = s->text[i];
		}
	}
	return n;
}

/* Feeds one call's bytes, and adds what is kept of them. */
static void
feed(struct nc_framing *f, const char *p, size_t at, size_t n, bool *got)
{
	struct nc_spans spans = { NULL, 0, 0 };
	size_t i, k, end = 0;

	nc_framing_call(f);
	nc_framing_feed(f, NULL, p + at, n, 0, &spans);
	for (i = 0; i < spans.n; i++) {
		/* In order, apart, and within the call. */
		if (spans.v[i].from < end + (i > 0) ||
		    spans.v[i].from >= spans.v[i].to || spans.v[i].to > n)
			ok(false, "spans are in order and within the call");
		for (k = spans.v[i].from; k < spans.v[i].to; k++)
			got[at + k] = true;
		end = spans.v[i].to;
	}
	nc_spans_fini(&spans);
}

static bool
within(const bool *got, const bool *kept, size_t n)
{
	while (n-- > 0)
		if (got[n] && !kept[n])
			return false;
	return true;
}

/* In three calls, cut everywhere; the middle one may be unknown. */
static void
cuts(const struct sample *s, const char *p, const bool *kept, size_t n)
{
	bool calls = true, holes = true, got[SAMPLE_MAX];
	struct nc_framing f;
	size_t a, b, hole;

	for (a = 0; a <= n; a++)
		for (b = a; b <= n; b++)
			for (hole = 0; hole < 2; hole++) {
				memset(&f, 0, sizeof(f));
				memset(got, 0, sizeof(got));
				feed(&f, p, 0, a, got);
				if (hole)
					nc_framing_gap(&f, b - a);
				else
					feed(&f, p, a, b - a, got);
				feed(&f, p, b, n - b, got);
				nc_framing_fini(&f);
				if (hole)
					holes = holes && within(got, kept, n);
				else
					calls = calls && within(got, kept, n);
			}
	okf(calls, "%s: no more in any three calls", s->name);
	okf(holes, "%s: no more around any gap", s->name);
}

static void
stream(const struct sample *s)
{
	char p[SAMPLE_MAX] = { 0 };
	bool kept[SAMPLE_MAX], got[SAMPLE_MAX] = { false };
	struct nc_framing f;
	size_t n = parse(s, p, kept), i;

	memset(&f, 0, sizeof(f));
	feed(&f, p, 0, n, got);
	nc_framing_fini(&f);
	okf(memcmp(got, kept, n * sizeof(*got)) == 0,
	    "%s: exactly that is kept", s->name);
	memset(&f, 0, sizeof(f));
	memset(got, 0, sizeof(got));
	for (i = 0; i < n; i++)
		feed(&f, p, i, 1, got);
	nc_framing_fini(&f);
	okf(within(got, kept, n), "%s: no more byte by byte", s->name);
	cuts(s, p, kept, n);
}

static void
datagram(const struct sample *s)
{
	char p[SAMPLE_MAX];
	bool kept[SAMPLE_MAX], got[SAMPLE_MAX], part = true;
	struct nc_spans spans = { NULL, 0, 0 };
	size_t n = parse(s, p, kept), known, i, k;
	bool is;

	for (known = 0; known <= n; known++) {
		spans.n = 0;
		memset(got, 0, sizeof(got));
		is = nc_dns_mark(p, known, n, 0, &spans);
		part = part && is == (spans.n > 0);
		for (i = 0; i < spans.n; i++)
			for (k = spans.v[i].from; k < spans.v[i].to; k++) {
				part = part && k < known;
				got[k] = true;
			}
		if (known == n)
			okf(memcmp(got, kept, n * sizeof(*got)) == 0,
			    "datagram, %s: exactly that is kept", s->name);
		/* What is cut cannot be told from what goes on well. */
		else if (memchr(s->text, '<', s->n) != NULL)
			part = part && within(got, kept, n);
	}
	okf(part, "datagram, %s: no more if it is cut", s->name);
	nc_spans_fini(&spans);
}

/* A sample's calls as they are usually made: cut where nothing is lost. */
static void
usual_calls(void)
{
	static const char tls[] = "\x16\3\1\0\2\1x\x17\3\3\0\3xxx";
	static const char dns[] = "\0\x21\x12\x34\x01\0\0\1\0\0\0\0\0\0\3www"
				  "\7example\3com\0\0\1\0\1\0\x21\x12\x34";
	bool got[SAMPLE_MAX] = { false };
	struct nc_framing f = { 0 };

	/* The header first, as OpenSSL reads. */
	feed(&f, tls, 0, 5, got);
	feed(&f, tls, 5, 2, got);
	feed(&f, tls, 7, 5, got);
	feed(&f, tls, 12, 3, got);
	nc_framing_fini(&f);
	ok(got[0] && got[4] && !got[5] && got[7] && got[11] && !got[12],
	    "TLS: headers in calls of their own");
	/* A TLS record of which only the beginning is known. */
	memset(&f, 0, sizeof(f));
	memset(got, 0, sizeof(got));
	feed(&f, tls, 0, 6, got);
	nc_framing_gap(&f, 1);
	feed(&f, tls, 7, 8, got);
	nc_framing_fini(&f);
	ok(got[7] && got[11], "TLS: a gap within a record");
	/* The length first, as programs read DNS. */
	memset(&f, 0, sizeof(f));
	memset(got, 0, sizeof(got));
	feed(&f, dns, 0, 2, got);
	feed(&f, dns, 2, 33, got);
	feed(&f, dns, 35, 2, got);
	nc_framing_fini(&f);
	ok(!got[0] && got[2] && got[34] && got[35] && got[36],
	    "DNS: lengths in calls of their own");
}

/* Where the scanner has lost its place, later calls may begin anew. */
static void
again(void)
{
	static const char text[] = "220 Welcome to the secret\r\n"
				   "227 at (1,2,3,4,5,6)\r\n";
	static const char late[] = "STARTTLS\r\n\x16\3\1\0\2\1x";
	bool got[SAMPLE_MAX] = { false };
	struct nc_framing f = { 0 };

	feed(&f, text, 0, 10, got);
	nc_framing_gap(&f, 17);
	feed(&f, text, 27, 22, got);
	nc_framing_fini(&f);
	ok(!got[0] && got[27] && got[35], "FTP: a reply after a gap");
	memset(&f, 0, sizeof(f));
	memset(got, 0, sizeof(got));
	feed(&f, late, 0, 10, got);
	feed(&f, late, 10, 7, got);
	nc_framing_fini(&f);
	ok(!got[0] && got[10] && got[14] && !got[15], "TLS after a command");
	memset(&f, 0, sizeof(f));
	memset(got, 0, sizeof(got));
	feed(&f, late, 0, 17, got);
	nc_framing_fini(&f);
	ok(!got[10], "TLS in the middle of a call is none");
}

/* The answer to HEAD has no body, whatever length it tells. */
static void
directions(void)
{
	static const char ask[] = "HEAD / HTTP/1.1\r\n\r\n";
	static const char answer[] =
	    "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"
	    "HTTP/1.1 404 No\r\n";
	struct nc_framing request = { 0 }, reply = { 0 };
	struct nc_spans spans = { NULL, 0, 0 };

	nc_framing_feed(&request, &reply, ask, strlen(ask), 0, &spans);
	spans.n = 0;
	nc_framing_feed(&reply, &request, answer, strlen(answer), 0, &spans);
	/* Joined with the empty line before it. */
	is_int((int64_t)spans.n, 2, "HEAD: two stretches");
	is_int((int64_t)spans.v[1].to, 52, "HEAD: the next answer is seen");
	nc_framing_fini(&request);
	nc_framing_fini(&reply);
	nc_spans_fini(&spans);
}

/* Lines without end: no more is held than a line may have. */
static void
endless(void)
{
	static char line[4096];
	bool got[sizeof(line)] = { false };
	struct nc_framing f = { 0 };
	int i;

	memset(line, 'x', sizeof(line));
	memcpy(line, "GET /", 5);
	for (i = 0; i < 10; i++)
		feed(&f, line, 0, sizeof(line), got);
	ok(f.held.cap <= 16384, "a line without end is not held");
	is_int(f.protocol, NC_FRAMING_OTHER, "it is no line of HTTP");
	nc_framing_fini(&f);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		stream(&streams[i]);
	for (i = 0; i < sizeof(datagrams) / sizeof(datagrams[0]); i++)
		datagram(&datagrams[i]);
	usual_calls();
	again();
	directions();
	endless();
	return done();
}
