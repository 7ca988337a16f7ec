/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Strings and numbers that are read many bytes at a time, compared with what
 * one byte at a time gives, at all places of a block.
 */
#include "text/decode.h"
#include "text/digits.h"
#include "text/line.h"
#include "text/mask.h"
#include "text/scan.h"
#include "text/tail.h"
#include "text/unescape.h"
#include "text/wide.h"

#include "tap.h"

#include <stdlib.h>

#define LONGEST 400

static uint64_t random_state = 88172645463325252u;

static unsigned
random_below(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 33) % n;
}

/* As strace writes a byte in front of another one; returns the length. */
static size_t
escaped(unsigned char c, unsigned char next, char *out)
{
	static const char letters[] = "n\nt\tr\rv\vf\f\"\"\\\\";
	bool digit = next >= '0' && next <= '9';
	size_t i;

	for (i = 0; i + 1 < sizeof(letters); i += 2)
		if ((unsigned char)letters[i + 1] == c)
			return (size_t)sprintf(out, "\\%c", letters[i]);
	if (c >= ' ' && c <= '~') {
		*out = (char)c;
		return 1;
	}
	return (size_t)sprintf(out, digit ? "\\%03o" : "\\%o", c);
}

/* Bytes of text mostly, or of anything, or of what has to be escaped. */
static unsigned char
random_byte(unsigned kind)
{
	static const char odd[] = "\\\"\r\n\t\v\f0189\377\1\12";

	switch (kind) {
	case 0:
		return (unsigned char)(random_below(40) == 0 ?
			'\\' :
			'a' + random_below(26));
	case 1:
		return (unsigned char)random_below(256);
	default:
		return (unsigned char)odd[random_below(sizeof(odd) - 1)];
	}
}

static void
test_round_trips(void)
{
	unsigned char bytes[LONGEST];
	char *text;
	struct nc_buf b = { NULL, 0, 0 };
	struct nc_text t;
	size_t n, i, len;
	unsigned turn, bad = 0, ends = 0;

	for (turn = 0; turn < 20000; turn++) {
		n = random_below(LONGEST);
		for (i = 0; i < n; i++)
			bytes[i] = random_byte(turn % 3);
		/* Of its own size: what is read behind it would be found. */
		text = malloc(4 * n + 2);
		len = 0;
		text[len++] = '"';
		for (i = 0; i < n; i++)
			len += escaped(
			    bytes[i], i + 1 < n ? bytes[i + 1] : 0, text + len);
		text[len++] = '"';
		text = realloc(text, len);
		t = (struct nc_text){ text, text + len };
		ends += nc_text_skip_string(t.p, t.end) != t.end;
		b.len = 0;
		bad += nc_text_decode(t, &b) != NC_STRING_WHOLE || b.len != n ||
		    memcmp(b.p, bytes, n) != 0;
		free(text);
	}
	is_int(bad, 0, "20,000 strings are decoded to what they were");
	is_int(ends, 0, "  and their ends found");
	nc_buf_fini(&b);
}

static void
test_escapes(void)
{
	static const char chars[] = "01789ntrvfx\"\\aq ";
	const struct nc_escapes *e = nc_escapes_get();
	char p[8] = "\\", fast, slow;
	const char *q;
	unsigned n, turn, wrong = 0, known = 0;

	for (turn = 0; turn < 16 * 16 * 16; turn++) {
		p[1] = chars[turn % 16];
		p[2] = chars[turn / 16 % 16];
		p[3] = chars[turn / 256];
		fast = slow = 'z';
		n = nc_unescape_known(e, p, &fast);
		q = nc_unescape(p, p + 4, &slow);
		known += n != 0;
		wrong += n != 0 && (q != p + n || fast != slow);
		wrong += n == 0 && q != NULL && p[1] != 'x';
	}
	is_int(wrong, 0, "the tables say what the characters say");
	ok(known > 2000, "  of all escapes but hexadecimal ones");
	is_int(nc_unescape_known(e, "\\400", &fast), 0, "\\400 is no byte");
	memcpy(p, "\\x4f", 4);
	ok(nc_unescape(p, p + 4, &slow) == p + 4 && slow == 'O', "\\x4f");
	ok(nc_unescape(p, p + 3, &slow) == NULL, "\\x4 is cut");
}

/* Many at once, up to any place, come to what each comes to. */
static void
test_many(void)
{
	/* Good ones, and bad ones behind them, which are rare. */
	static const char *const pieces[] = { "a", "bc", "9", "x41", "\\n",
		"\\\\", "\\0", "\\12", "\\377", "\\x4f", "\\xE7", "\316", "\\q",
		"\\400", "\\x4", "\\" };
	char text[LONGEST + NC_DECODE_SLACK + 8],
	    out[LONGEST + NC_DECODE_SLACK];
	char byte, *to;
	const char *p, *q, *stop, *next;
	unsigned turn, i, wrong = 0, early = 0;
	size_t n;

	if (!nc_wide_works()) {
		ok(true, "many escapes at once # SKIP not on this processor");
		return;
	}
	for (turn = 0; turn < 100000; turn++) {
		memset(text, 0, sizeof(text));
		for (n = 0; n < LONGEST; n += strlen(pieces[i])) {
			i = random_below(random_below(200) == 0 ? 16 : 12);
			memcpy(text + n, pieces[i], strlen(pieces[i]));
		}
		stop = text + random_below(LONGEST);
		to = out;
		q = nc_wide_decode(text, stop, &to);
		for (p = text, n = 0; p < q; p = next, n++) {
			next = p + 1;
			byte = *p;
			if (*p == '\\')
				next =
				    nc_unescape(p, text + sizeof(text), &byte);
			if (next == NULL || out[n] != byte) {
				wrong++;
				break;
			}
		}
		wrong += p != q || out + n != to;
		if (q >= stop)
			continue;
		/* Within the block one is bad. */
		for (; p < q + 64 && p < stop; p = next) {
			next = p + 1;
			if (*p == '\\')
				next =
				    nc_unescape(p, text + sizeof(text), &byte);
			if (next == NULL)
				break;
		}
		early += p >= q + 64 || p >= stop;
	}
	is_int(wrong, 0, "many escapes at once");
	is_int(early, 0, "  end at one that is none");
}

static void
test_digits(void)
{
	static const char *const texts[] = { "12345678", "1234567x", "1x345678",
		"00000042", "99999999", "0:000000" };
	static const int64_t values[] = { 12345678, 1234567, 1, 42, 99999999,
		0 };
	static const unsigned lengths[] = { 8, 7, 1, 8, 8, 1 };
	static const struct {
		const char *text;
		int64_t ns;
		size_t len;
	} fractions[] = {
		{ ".123456 read(", 123456000, 7 },
		{ ".000001 r", 1000, 7 },
		{ ".123456789 r", 123456789, 10 },
		{ ".1234567891 r", 123456789, 11 },
		{ ".12345678 r", 123456780, 9 },
		{ ".5", 500000000, 2 },
		{ ".123", 123000000, 4 },
		{ ". 12", 0, 0 },
		{ "x.12", 0, 0 },
		{ ".", 0, 0 },
	};
	const char *p, *q;
	int64_t v;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		is_int(nc_digits_take(texts[i], &v), lengths[i], texts[i]);
		is_int(v, values[i], "  its value");
	}
	is_int(nc_digits_take("/1234567", &v), 0, "no digit");
	for (i = 0; i < sizeof(fractions) / sizeof(fractions[0]); i++) {
		p = fractions[i].text;
		q = nc_scan_fraction(p, p + strlen(p), &v);
		okf((size_t)(q - p) == fractions[i].len && v == fractions[i].ns,
		    "the fraction of \"%s\"", p);
	}
}

static void
test_durations(void)
{
	static const struct {
		const char *text, *cut;
		bool half;
	} lines[] = {
		{ "3) = 0 <0.000123>", "3) = 0 ", false },
		{ "3) = 0 <12.000123>", "3) = 0 ", false },
		{ "3) = 0 <0.00012>", "3) = 0 ", false },
		{ "<0.000123>", "", false },
		{ "3) = 0 <0.0001-3>", "3) = 0 <0.0001-3>", false },
		{ "3) = 0 <0/000123>", "3) = 0 <0/000123>", false },
		{ "3) = 0 <0.00<123>", "3) = 0 <0.00", false },
		{ "3, <unfinished ...>", "3, ", true },
		{ "3 <pid changed to 9 ...>", "3 ", true },
	};
	const char *p, *end, *cut;
	struct nc_tail tail;
	size_t i;
	bool half, final;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		p = lines[i].text;
		half = nc_line_is_half(p, p + strlen(p), &cut, &final);
		okf(half == lines[i].half &&
			(size_t)(cut - p) == strlen(lines[i].cut),
		    "the end of \"%s\"", p);
	}
	p = " = 0 <0.000123>";
	end = p + strlen(p);
	ok(nc_tail_parse(p, end, &tail, &cut) == 0 && tail.duration == 123000,
	    "a duration in its usual form");
	p = " = 0 <10.000123456>";
	end = p + strlen(p);
	ok(nc_tail_parse(p, end, &tail, &cut) == 0 &&
		tail.duration == INT64_C(10000123456),
	    "and in another one");
}

/* Where an annotation ends does not depend on how much stands behind it. */
static void
test_notes(void)
{
	static const struct {
		const char *note;
		bool ends;
	} notes[] = {
		{ "<TCP:[10.0.0.1:80->10.0.0.2:7090]>", true },
		{ "<TCPv6:[[fd00::2]:7082->[fd00::1]:7092]>", true },
		{ "<UNIX-STREAM:[12->13,\"/a]>\"]>", true },
		{ "<UNIX-STREAM:[12->13,\"/a\\\"]>\"]>", true },
		{ "<UNIX-SEQPACKET:[4]>", true },
		{ "<anon_inode:[eventpoll]>", true },
		{ "</var/log/a-b->c.log>", true },
		{ "</a \\74b\\76 \\\\>", true },
		{ "<socket:[1]>", true },
		{ "<pipe:[1<2]>", false },
		{ "<TCP:[1]", false },
		{ "</tmp/x", false },
	};
	const char *q, *far;
	char *exact, padded[256];
	size_t i, n;

	for (i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		n = strlen(notes[i].note);
		exact = malloc(n);
		memcpy(exact, notes[i].note, n);
		memset(padded, 'x', sizeof(padded));
		memcpy(padded, notes[i].note, n);
		q = nc_text_skip_note(exact, exact + n);
		far = nc_text_skip_note(padded, padded + sizeof(padded));
		okf((q == exact + n) == notes[i].ends &&
			(far == padded + n) == notes[i].ends,
		    "the end of %s", notes[i].note);
		free(exact);
	}
}

/* Numbers are the same with and without text behind them. */
static void
test_integers(void)
{
	static const char *const numbers[] = { "0", "7", "-1", "1234567",
		"12345678", "123456789", "-12345678", "18446744073709551615",
		"18446744073709551616", "9223372036854775808",
		"-9223372036854775808", "0x7f", "017", "08", "12ab", "-", "x" };
	struct nc_text t;
	const char *q, *far;
	char *exact, padded[64];
	int64_t v, w;
	size_t i, n;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		n = strlen(numbers[i]);
		exact = malloc(n);
		memcpy(exact, numbers[i], n);
		memset(padded, ' ', sizeof(padded));
		memcpy(padded, numbers[i], n);
		v = w = 0;
		t = (struct nc_text){ exact, exact + n };
		q = nc_text_int(t, &v);
		t = (struct nc_text){ padded, padded + sizeof(padded) };
		far = nc_text_int(t, &w);
		okf((q == NULL) == (far == NULL) &&
			(q == NULL || (q - exact == far - padded && v == w)),
		    "the number \"%s\"", numbers[i]);
		free(exact);
	}
}

/* Lines in the form of the one before say the same as read for themselves. */
static void
test_same_form(void)
{
	static const char *const lines[] = {
		"7  1700000000.000001 read(3, \"\", 1) = 0",
		"7  1700000000.900001 read(3, \"\", 1) = 0",
		"7  1700000000.9 read(3, \"\", 1) = 0",
		"7  1700000000.900001 (+     0.000038) read(3) = 0",
		"7  1700000000.900001 [00007f00] read(3) = 0",
		"7  1700000000.900001 --- SIGCHLD {si_signo=SIGCHLD} ---",
		"7  1700000000.900001 +++ exited with 3 +++",
		"7  1700000000.900001 <... read resumed>\"\", 1) = 0",
		"7  1700000000.900001 strace: Process 8 attached",
		"7  1700000000.900001 ",
		"7  1700000000.900001 read",
		"7  1700000000.900001x read(",
		"7  1700000001.900001 ?(",
		"71 1700000001.900001 read(3) = 0",
	};
	struct nc_prefix before = { .len = 0 }, none;
	struct nc_line a, b;
	const char *p;
	size_t i, n;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		p = lines[i];
		n = strlen(p);
		none = (struct nc_prefix){ .len = 0 };
		nc_line_parse(p, p + n, &before, &a);
		nc_line_parse(p, p + n, &none, &b);
		okf(a.kind == b.kind && a.pid == b.pid && a.time == b.time &&
			a.stamp == b.stamp && a.name.p == b.name.p &&
			a.name.end == b.name.end && a.body.p == b.body.p &&
			a.value == b.value,
		    "\"%s\"", p);
	}
}

/* Marks of a block, its end a place behind which nothing can be read. */
static void
test_marks(void)
{
	static const char some[] = "()[]{},\"</>-\\\\\"x>";
	uint64_t want, other, wrong = 0;
	char block[NC_MASK_BYTES], *p;
	unsigned turn, i;
	size_t n;

	if (!nc_wide_works()) {
		ok(true, "marks of a block # SKIP not on this processor");
		return;
	}
	for (turn = 0; turn < 20000; turn++) {
		n = 1 + random_below(NC_MASK_BYTES);
		memset(block, 0, sizeof(block));
		for (i = 0; i < n; i++)
			block[i] = random_below(2) == 0 ?
			    some[random_below(sizeof(some) - 1)] :
			    (char)(1 + random_below(255));
		if ((p = malloc(n)) == NULL)
			abort();
		memcpy(p, block, n);
		wrong += nc_wide_marks(p, n) != nc_mask_of_marks(block);
		wrong += nc_wide_quotes(p, n, &other) != nc_mask_of(block, '"');
		wrong += other != nc_mask_of(block, '\\');
		want = nc_mask_of(block, '>') & ~(nc_mask_of(block, '-') << 1);
		wrong += nc_wide_ends(p, n, &other) != want;
		want = nc_mask_of_any(block, '<', '"', '\\');
		wrong += other != (want & ~UINT64_C(1));
		want = nc_mask_of_any(block, '\r', '\33', '\r');
		wrong += nc_wide_is_odd(p, n) != (want != 0);
		p[random_below((unsigned)n)] = '\0';
		wrong += !nc_wide_is_odd(p, n);
		free(p);
	}
	is_int((int64_t)wrong, 0, "marks of a block");
}

static void
test_all(void)
{
	test_round_trips();
	test_escapes();
	test_many();
	test_digits();
	test_durations();
	test_notes();
	test_integers();
	test_same_form();
}

int
main(void)
{
	test_marks();
	test_all();
	/* As where the processor cannot. */
	nc_wide_state = -1;
	test_all();
	return tap_done();
}
