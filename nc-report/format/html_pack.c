/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * gzip and base64.
 */
#include "html_pack.h"

#include <err.h>
#include <stdint.h>
#include <string.h>

/* Deflated bytes a line; a multiple of 3, so that only the last is padded. */
#define LINE 49152u

/* Adding it to the window's bits asks zlib for gzip's framing. */
#define GZIP 16

void
html_pack_open(struct html_pack *p, FILE *out)
{
	memset(p, 0, sizeof(*p));
	p->out = out;
	if (deflateInit2(&p->z, 6, Z_DEFLATED, MAX_WBITS + GZIP, 8,
		Z_DEFAULT_STRATEGY) != Z_OK)
		errx(2, "out of memory");
	nc_buf_grow(&p->line, LINE);
}

static void
put_line(struct html_pack *p)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *u = (const unsigned char *)p->line.p;
	char quad[4];

	for (size_t i = 0; i < p->line.len; i += 3) {
		size_t n = p->line.len - i;
		unsigned int v = (unsigned int)u[i] << 16 |
		    (n > 1 ? (unsigned int)u[i + 1] << 8 : 0) |
		    (n > 2 ? u[i + 2] : 0);

		quad[0] = digits[v >> 18];
		quad[1] = digits[v >> 12 & 63];
		quad[2] = n > 1 ? digits[v >> 6 & 63] : '=';
		quad[3] = n > 2 ? digits[v & 63] : '=';
		fwrite(quad, 1, sizeof(quad), p->out);
	}
	fputc('\n', p->out);
	p->line.len = 0;
}

static void
deflate_all(struct html_pack *p, int flush)
{
	int status;

	do {
		p->z.next_out = (unsigned char *)p->line.p + p->line.len;
		p->z.avail_out = (unsigned int)(LINE - p->line.len);
		status = deflate(&p->z, flush);
		p->line.len = LINE - p->z.avail_out;
		if (p->line.len == LINE)
			put_line(p);
	} while (
	    p->z.avail_in > 0 || (flush == Z_FINISH && status != Z_STREAM_END));
}

void
html_pack_add(struct html_pack *p, const void *data, size_t n)
{
	const unsigned char *at = data;

	while (n > 0) {
		size_t part = n < (1u << 30) ? n : 1u << 30;

		/* zlib takes what it only reads as if it wrote it. */
		p->z.next_in = (unsigned char *)(uintptr_t)at;
		p->z.avail_in = (unsigned int)part;
		deflate_all(p, Z_NO_FLUSH);
		at += part;
		n -= part;
	}
}

void
html_pack_close(struct html_pack *p)
{
	deflate_all(p, Z_FINISH);
	if (p->line.len > 0)
		put_line(p);
	deflateEnd(&p->z);
	nc_buf_fini(&p->line);
}
