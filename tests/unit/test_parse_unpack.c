/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Compressed data in every format, in pieces of every size, damaged and cut.
 */
#include "input/unpack.h"
#include "record.h"
#include "util.h"

#include "tap.h"

#include <lzma.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#define TEXT_LEN 3000

static char text[TEXT_LEN];

static void
make_text(void)
{
	size_t i;

	for (i = 0; i < TEXT_LEN; i++)
		text[i] = (char)('a' + i * i % 23);
}

static void
add_gzip(struct nc_buf *b)
{
	unsigned char out[2 * TEXT_LEN];
	z_stream z;

	memset(&z, 0, sizeof(z));
	deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (unsigned char *)text;
	z.avail_in = TEXT_LEN;
	z.next_out = out;
	z.avail_out = sizeof(out);
	deflate(&z, Z_FINISH);
	nc_buf_add(b, out, z.total_out);
	deflateEnd(&z);
}

static void
add_xz(struct nc_buf *b)
{
	unsigned char out[2 * TEXT_LEN];
	size_t n = 0;

	lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL,
	    (const unsigned char *)text, TEXT_LEN, out, &n, sizeof(out));
	nc_buf_add(b, out, n);
}

static void
add_zstd(struct nc_buf *b)
{
	char out[2 * TEXT_LEN];

	nc_buf_add(b, out, ZSTD_compress(out, sizeof(out), text, TEXT_LEN, 3));
}

static void
add_skipped(struct nc_buf *b)
{
	nc_buf_add(b, "\x5a\x2a\x4d\x18\3\0\0\0abc", 11);
	add_zstd(b);
}

static const struct {
	const char *name;
	void (*add)(struct nc_buf *b);
	size_t header; /* bytes whose damage is told as damage */
} formats[] = {
	{ "gzip", add_gzip, 4 },
	{ "xz", add_xz, 12 },
	{ "zstd", add_zstd, 5 },
	{ "skipped zstd", add_skipped, 11 },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

/* Unpacks with at most so many bytes in and out a step; why it ended. */
static const char *
unpack(const struct nc_buf *b, size_t nin, size_t nout, struct nc_buf *out)
{
	struct nc_unpack *u = nc_unpack_new();
	struct nc_packed in = { b->p, b->p, false };
	const char *why = NULL, *end = b->p + b->len;
	char *room = nc_xmalloc(nout);
	ptrdiff_t got;

	out->len = 0;
	for (;;) {
		got = nc_unpack_step(u, &in, room, nout, &why);
		if (got > 0)
			nc_buf_add(out, room, (size_t)got);
		else if (got < 0 || in.last)
			break;
		else if (in.end == end)
			in.last = true;
		else
			in.end += (size_t)(end - in.end) < nin ?
			    (size_t)(end - in.end) :
			    nin;
	}
	free(room);
	nc_unpack_free(u);
	return why;
}

static void
pieces(void)
{
	static const size_t sizes[] = { 1, 2, 7, 100, 100000 };
	struct nc_buf b = { NULL, 0, 0 }, out = { NULL, 0, 0 };
	size_t f, i, j;

	for (f = 0; f < FORMATS; f++) {
		b.len = 0;
		formats[f].add(&b);
		okf(nc_unpack_detect(b.p, b.len) == 1, "%s is told",
		    formats[f].name);
		for (i = 0; i < 5; i++)
			for (j = 0; j < 5; j++)
				okf(unpack(&b, sizes[i], sizes[j], &out) ==
					    NULL &&
					out.len == TEXT_LEN &&
					memcmp(out.p, text, TEXT_LEN) == 0,
				    "%s by %zu to %zu", formats[f].name,
				    sizes[i], sizes[j]);
	}
	nc_buf_fini(&b);
	nc_buf_fini(&out);
}

static void
members(void)
{
	struct nc_buf b = { NULL, 0, 0 }, out = { NULL, 0, 0 };
	size_t f, g;

	for (f = 0; f < FORMATS; f++) {
		for (g = 0; g < FORMATS; g++) {
			b.len = 0;
			formats[f].add(&b);
			nc_buf_add(&b, "\0\0\0\0", 4);
			formats[g].add(&b);
			nc_buf_add(&b, "\0\0\0", 3);
			okf(unpack(&b, 50, 300, &out) == NULL &&
				out.len == 2 * (size_t)TEXT_LEN,
			    "%s and %s", formats[f].name, formats[g].name);
		}
		b.len = 0;
		formats[f].add(&b);
		nc_buf_add(&b, "more", 4);
		is_str(unpack(&b, 50, 300, &out),
		    "something else follows the compressed data", "garbage");
		is_int((int64_t)out.len, TEXT_LEN, "all before the garbage");
	}
	nc_buf_fini(&b);
	nc_buf_fini(&out);
}

/* What comes out of a cut or damaged file is a beginning of the text. */
static void
damage(void)
{
	struct nc_buf b = { NULL, 0, 0 }, whole = { NULL, 0, 0 };
	struct nc_buf out = { NULL, 0, 0 };
	const char *why;
	size_t f, n;
	bool good;

	for (f = 0; f < FORMATS; f++) {
		whole.len = 0;
		formats[f].add(&whole);
		good = true;
		for (n = formats[f].header; n < whole.len; n++) {
			b.len = 0;
			nc_buf_add(&b, whole.p, n);
			why = unpack(&b, 64, 64, &out);
			/* Between frames nothing tells that one is missing. */
			if (why == NULL && !(f == 3 && n == 11))
				good = false;
			if (out.len > 0 && memcmp(out.p, text, out.len) != 0)
				good = false;
		}
		okf(good, "%s: cut anywhere", formats[f].name);
		b.len = 0;
		nc_buf_add(&b, whole.p, whole.len);
		b.p[whole.len / 2] ^= 0x55;
		b.p[whole.len / 2 + 1] ^= 0x55;
		okf(unpack(&b, 64, 64, &out) != NULL || out.len != TEXT_LEN ||
			memcmp(out.p, text, TEXT_LEN) != 0,
		    "%s: damaged", formats[f].name);
	}
	nc_buf_fini(&b);
	nc_buf_fini(&whole);
	nc_buf_fini(&out);
}

/* Headers that want more memory than a reader should give. */
static void
greedy(void)
{
	/* A window of 2 GB. */
	static const char zstd[] = "\x28\xb5\x2f\xfd\0\xa8\1\0\0";
	/* A dictionary of 4 GB; its block header begins at 12. */
	unsigned char xz[24] = { 0xfd, '7', 'z', 'X', 'Z', 0, 0, 0, 0xff, 0x12,
		0xd9, 0x41, 2, 0, 0x21, 1, 40 };
	struct nc_buf b = { NULL, 0, 0 }, out = { NULL, 0, 0 };
	uint32_t crc = lzma_crc32(xz + 12, 8, 0);
	const char *why;
	size_t i;

	for (i = 0; i < 4; i++)
		xz[20 + i] = (unsigned char)(crc >> 8 * i);
	nc_buf_add(&b, zstd, sizeof(zstd));
	why = unpack(&b, 100, 100, &out);
	ok(why != NULL && strstr(why, "130 MB") != NULL, "zstd: window");
	b.len = 0;
	nc_buf_add(&b, xz, sizeof(xz));
	why = unpack(&b, 100, 100, &out);
	ok(why != NULL && strstr(why, "130 MB") != NULL, "xz: dictionary");
	nc_buf_fini(&b);
	nc_buf_fini(&out);
}

static void
beginnings(void)
{
	is_int(nc_unpack_detect("", 0), -1, "nothing yet");
	is_int(nc_unpack_detect("\x1f", 1), -1, "a byte is too few");
	is_int(nc_unpack_detect("7", 1), 0, "unless no format begins so");
	is_int(nc_unpack_detect("\xfd"
				"7zX\n",
		   5),
	    0, "almost");
}

int
main(void)
{
	make_text();
	pieces();
	members();
	damage();
	greedy();
	beginnings();
	return done();
}
