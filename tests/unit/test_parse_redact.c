/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * nc-parse --redact: the permutations.
 */
#include "redact/redact.h"

#include "tap.h"

#include <stdlib.h>

static const char key[] = "0123456789abcdef0123456789abcdef";

static struct nc_redact *
keyed(const char *s)
{
	return nc_redact_new(s, strlen(s));
}

/*
 * Made by an implementation apart, of BLAKE2b and ChaCha20 by their RFCs:
 * hosts with other versions or machines must agree.
 */
static void
known_answers(void)
{
	static const struct {
		uint64_t place;
		unsigned char want[12];
	} answers[] = {
		{ 0,
		    { 0x72, 0x49, 0x21, 0x3d, 0x59, 0x73, 0x95, 0xdf, 0xbd,
			0xac, 0xec, 0x81 } },
		{ 5000,
		    { 0xe0, 0x17, 0x3d, 0x5a, 0x4d, 0x9a, 0xf0, 0x0e, 0x03,
			0xd0, 0xbc, 0x3b } },
		/* across the end of what is made beforehand */
		{ 4090,
		    { 0x0d, 0xd6, 0x10, 0xd8, 0x15, 0xc0, 0xd7, 0xa2, 0xc3,
			0x6c, 0xe7, 0x71 } },
		{ (UINT64_C(1) << 40) + 7,
		    { 0xf5, 0xd8, 0xce, 0x7e, 0xce, 0x6e, 0x5d, 0x7f, 0xc1,
			0x85, 0x26, 0x3f } },
	};
	struct nc_redact *r = keyed(key);
	char text[12];
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		memcpy(text, "Hello, world", sizeof(text));
		nc_redact_apply(r, answers[i].place, text, sizeof(text));
		is_bytes(text, sizeof(text), answers[i].want,
		    sizeof(answers[i].want), "the known answer");
	}
	is_str(nc_redact_id(r), "c054e0a6484b16bb", "the known identifier");
	nc_redact_free(r);
}

static unsigned char
at(const struct nc_redact *r, uint64_t place, unsigned c)
{
	char byte = (char)c;

	nc_redact_apply(r, place, &byte, 1);
	return (unsigned char)byte;
}

/* At every place all 256 values come out, each once. */
static void
bijective(void)
{
	struct nc_redact *r = keyed(key);
	uint64_t place;
	bool all = true;
	unsigned c;

	for (place = 0; place < 6000; place += 7) {
		bool seen[256] = { false };

		for (c = 0; c < 256; c++) {
			all = all && !seen[at(r, place, c)];
			seen[at(r, place, c)] = true;
		}
	}
	ok(all, "a permutation at every place");
	nc_redact_free(r);
}

/* However the bytes are cut, they come out the same. */
static void
segments(void)
{
	struct nc_redact *r = keyed(key);
	static char whole[20000], parts[20000];
	size_t i, n, done;
	bool same = true;

	for (i = 0; i < sizeof(whole); i++)
		whole[i] = parts[i] = (char)(i * 31);
	nc_redact_apply(r, 3, whole, sizeof(whole));
	for (done = 0, n = 1; done < sizeof(parts); done += n, n = n * 2 + 1) {
		if (n > sizeof(parts) - done)
			n = sizeof(parts) - done;
		nc_redact_apply(r, 3 + done, parts + done, n);
	}
	is_bytes(
	    parts, sizeof(parts), whole, sizeof(whole), "the same in pieces");
	for (i = 0; i < sizeof(whole); i += 97)
		same = same &&
		    at(r, 3 + i, (i * 31) & 0xff) == (unsigned char)whole[i];
	ok(same, "the same byte by byte");
	nc_redact_free(r);
}

/*
 * Neither the byte nor its difference to another one shows: with a stream
 * that is only added (XOR), differences would.
 */
static void
hides(void)
{
	struct nc_redact *r = keyed(key), *other = keyed("another key of 16");
	unsigned same = 0, equal = 0, differ = 0;
	uint64_t place;

	for (place = 0; place < 4096; place++) {
		same += at(r, place, 'a') == at(r, place + 1, 'a');
		equal += at(r, place, 'a') == at(other, place, 'a');
		differ += (at(r, place, 'a') ^ at(r, place, 'b')) ==
		    ('a' ^ 'b');
	}
	/* Of random bytes 16 of 4096 are equal; 60 have a chance of 1e-15. */
	ok(same < 60, "each place has a permutation of its own");
	ok(equal < 60, "each key has permutations of its own");
	ok(differ < 60, "differences do not show");
	ok(strcmp(nc_redact_id(r), nc_redact_id(other)) != 0,
	    "other keys have other identifiers");
	nc_redact_free(r);
	nc_redact_free(other);
}

int
main(void)
{
	known_answers();
	bijective();
	segments();
	hides();
	nc_redact_free(NULL);
	return done();
}
