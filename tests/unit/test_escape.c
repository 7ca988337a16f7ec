/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * lib/escape: nothing a trace holds reaches a terminal or a JSON file raw.
 */
#include "escape.h"

#include "tap.h"

struct row {
	const char *name;
	const char *in;
	size_t len; /* of in; 0: strlen */
	const char *terminal;
	const char *json;
};

static const struct row rows[] = { { "plain text stays", "GET / HTTP/1.1", 0,
				       "GET / HTTP/1.1", "GET / HTTP/1.1" },
	{ "nothing stays nothing", "", 0, "", "" },
	{ "line ends and tabs", "a\r\n\tb", 0, "a\\r\\n\\tb", "a\\r\\n\\tb" },
	{ "quotes and backslashes", "\"\\", 0, "\"\\", "\\\"\\\\" },
	{ "ESC starts no sequence", "\033[2J", 0, "\\x1b[2J", "\\u001b[2J" },
	{ "NUL and DEL", "a\0\x7f", 3, "a\\x00\\x7f", "a\\u0000\\u007f" },
	{ "a C1 control", "\xc2\x9b", 0, "\\u009b", "\\u009b" },
	{ "a raw C1 byte", "\x9b", 0, "\\x9b", "\\u009b" },
	{ "UTF-8 stays", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 0,
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ "a byte that is not UTF-8",
	    "a\xff"
	    "b",
	    0, "a\\xffb", "a\\u00ffb" },
	{ "a cut character", "\xe2\x82", 0, "\\xe2\\x82", "\\u00e2\\u0082" },
	{ "an overlong form", "\xc0\xaf", 0, "\\xc0\\xaf", "\\u00c0\\u00af" },
	{ "a surrogate", "\xed\xa0\x80", 0, "\\xed\\xa0\\x80",
	    "\\u00ed\\u00a0\\u0080" },
	{ "past the last character", "\xf4\x90\x80\x80", 0,
	    "\\xf4\\x90\\x80\\x80", "\\u00f4\\u0090\\u0080\\u0080" },
	{ "a change of direction", "\xe2\x80\xae", 0, "\\u202e",
	    "\xe2\x80\xae" } };

/* Bytes of every value, alone and before another: the result is clean. */
static void
every_pair(void)
{
	bool clean = true, valid = true;

	for (unsigned int i = 0; i < 65536; i++) {
		struct nc_buf t = { 0 }, j = { 0 };
		char in[2] = { (char)(i >> 8), (char)(i & 0xff) };
		uint32_t ch;

		nc_escape_terminal(&t, in, 2);
		nc_escape_json(&j, in, 2);
		for (size_t k = 0, n; k < t.len; k += n) {
			n = nc_utf8_next(t.p + k, t.len - k, &ch);
			if (n == 0 || ch < ' ' || (ch >= 0x7f && ch < 0xa0)) {
				clean = false;
				break;
			}
		}
		for (size_t k = 0, n; k < j.len; k += n) {
			n = nc_utf8_next(j.p + k, j.len - k, &ch);
			if (n == 0 || ch < ' ') {
				valid = false;
				break;
			}
		}
		nc_buf_fini(&t);
		nc_buf_fini(&j);
	}
	ok(clean, "terminal: every pair of bytes comes out clean");
	ok(valid, "json: every pair of bytes comes out as text");
}

static void
check(const struct row *r)
{
	size_t n = r->len > 0 ? r->len : strlen(r->in);
	struct nc_buf b = { 0 };
	char name[128];

	nc_escape_terminal(&b, r->in, n);
	nc_buf_add(&b, "", 1);
	snprintf(name, sizeof(name), "terminal: %s", r->name);
	is_str(b.p, r->terminal, name);
	b.len = 0;
	nc_escape_json(&b, r->in, n);
	nc_buf_add(&b, "", 1);
	snprintf(name, sizeof(name), "json: %s", r->name);
	is_str(b.p, r->json, name);
	nc_buf_fini(&b);
}

/* Of a diagram's language nothing is left, whatever the bytes. */
static void
mermaid(void)
{
	static const char *const ins[][2] = { { "GET /a?b=c HTTP/1.1",
						  "GET /a?b=c HTTP/1.1" },
		{ "a\nb", "a\\nb" }, { "#;", "#35;#59;" },
		{ "%%{init}", "#37;#37;#123;init#125;" },
		{ "<b>&lt;", "#60;b#62;#38;lt#59;" },
		{ "\xc3\xa9\xe2\x80\xae", "\xc3\xa9\\u202e" }, { "", "" } };
	struct nc_buf b = { 0 };
	bool clean = true;

	for (size_t i = 0; i < sizeof(ins) / sizeof(ins[0]); i++) {
		b.len = 0;
		nc_escape_mermaid(&b, ins[i][0], strlen(ins[i][0]));
		nc_buf_add(&b, "", 1);
		is_str(b.p, ins[i][1], "mermaid");
	}
	for (int i = 0; i < 256; i++) {
		char c = (char)i;

		b.len = 0;
		nc_escape_mermaid(&b, &c, 1);
		nc_buf_add(&b, "", 1);
		clean = clean && strpbrk(b.p, "<>&%{}`\n") == NULL &&
		    (strpbrk(b.p, "#;") == NULL || b.p[0] == '#');
	}
	ok(clean, "mermaid: no byte comes out as one of the language");
	nc_buf_fini(&b);
}

/* Whatever the bytes, no tag and no entity but ours, in one line. */
static void
html(void)
{
	static const char *const ins[][2] = { { "plain", "plain" },
		{ "<script>alert('x')</script>",
		    "&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;" },
		{ "&lt;\"", "&#38;lt;&#34;" }, { "a\nb\033", "a\\nb\\x1b" },
		{ "\xff\xc3\xa9", "\\xff\xc3\xa9" }, { "", "" } };
	struct nc_buf b = { 0 };

	for (size_t i = 0; i < sizeof(ins) / sizeof(ins[0]); i++) {
		b.len = 0;
		nc_escape_html(&b, ins[i][0], strlen(ins[i][0]));
		nc_buf_add(&b, "", 1);
		is_str(b.p, ins[i][1], "html");
	}
	nc_buf_fini(&b);
}

int
main(void)
{
	html();
	mermaid();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check(&rows[i]);
	every_pair();
	return tap_done();
}
