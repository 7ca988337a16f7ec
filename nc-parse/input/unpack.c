/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Compressed data, unpacked as it comes.  A format is a row of the table; the
 * libraries' names for the same things meet in one struct.
 */
#include "unpack.h"

#include "util.h"

#define ZLIB_CONST
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* Largest window of zstd, as a power of two: that of zstd -22. */
#define ZSTD_WINDOW 27

enum outcome {
	MORE, /* bytes, or room for them */
	ENDED,
	DAMAGED,
	TOO_LARGE /* for NC_UNPACK_MEMORY */
};

/* What is still unread, and room that is still free; a step moves both. */
struct span {
	const unsigned char *in;
	size_t nin;
	unsigned char *out;
	size_t nout;
};

struct format {
	const char *magic;
	size_t len;
	unsigned char mask; /* of the magic's first byte */
	/* Makes the state, or begins a new member with it. */
	void *(*begin)(void *state);
	enum outcome (*step)(void *state, struct span *s);
	void (*end)(void *state);
	const char *damaged, *cut, *too_large;
};

static void *
gzip_begin(void *state)
{
	z_stream *z = state;

	if (z != NULL) {
		inflateReset(z);
		return z;
	}
	z = nc_xcalloc(1, sizeof(*z));
	/* 16: with gzip's header. */
	if (inflateInit2(z, MAX_WBITS + 16) == Z_OK)
		return z;
	free(z);
	return NULL;
}

static enum outcome
gzip_step(void *state, struct span *s)
{
	z_stream *z = state;
	int got;

	z->next_in = s->in;
	z->avail_in = (uInt)s->nin;
	z->next_out = s->out;
	z->avail_out = (uInt)s->nout;
	got = inflate(z, Z_NO_FLUSH);
	s->in = z->next_in;
	s->nin = z->avail_in;
	s->out = z->next_out;
	s->nout = z->avail_out;
	switch (got) {
	case Z_OK:
	case Z_BUF_ERROR:
		return MORE;
	case Z_STREAM_END:
		return ENDED;
	default:
		return DAMAGED;
	}
}

static void
gzip_end(void *state)
{
	inflateEnd(state);
	free(state);
}

static void *
xz_begin(void *state)
{
	static const lzma_stream empty = LZMA_STREAM_INIT;
	lzma_stream *z = state;

	if (z == NULL) {
		z = nc_xmalloc(sizeof(*z));
		*z = empty;
	}
	if (lzma_stream_decoder(z, NC_UNPACK_MEMORY, 0) == LZMA_OK)
		return z;
	lzma_end(z);
	free(z);
	return NULL;
}

static enum outcome
xz_step(void *state, struct span *s)
{
	lzma_stream *z = state;
	lzma_ret got;

	z->next_in = s->in;
	z->avail_in = s->nin;
	z->next_out = s->out;
	z->avail_out = s->nout;
	got = lzma_code(z, LZMA_RUN);
	s->in = z->next_in;
	s->nin = z->avail_in;
	s->out = z->next_out;
	s->nout = z->avail_out;
	switch (got) {
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return MORE;
	case LZMA_STREAM_END:
		return ENDED;
	case LZMA_MEMLIMIT_ERROR:
	case LZMA_MEM_ERROR:
		return TOO_LARGE;
	default:
		return DAMAGED;
	}
}

static void
xz_end(void *state)
{
	lzma_end(state);
	free(state);
}

static void *
zstd_begin(void *state)
{
	ZSTD_DCtx *z = state != NULL ? state : ZSTD_createDCtx();

	if (z == NULL)
		return NULL;
	ZSTD_DCtx_reset(z, ZSTD_reset_session_only);
	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, ZSTD_WINDOW);
	return z;
}

static enum outcome
zstd_step(void *state, struct span *s)
{
	ZSTD_inBuffer in = { s->in, s->nin, 0 };
	ZSTD_outBuffer out = { s->out, s->nout, 0 };
	size_t got = ZSTD_decompressStream(state, &out, &in);

	s->in += in.pos;
	s->nin -= in.pos;
	s->out += out.pos;
	s->nout -= out.pos;
	if (!ZSTD_isError(got))
		return got == 0 ? ENDED : MORE;
	switch (ZSTD_getErrorCode(got)) {
	case ZSTD_error_frameParameter_windowTooLarge:
	case ZSTD_error_memory_allocation:
		return TOO_LARGE;
	default:
		return DAMAGED;
	}
}

static void
zstd_end(void *state)
{
	ZSTD_freeDCtx(state);
}

#define TEXTS(name) \
	"damaged " name " data", name " data ends early", \
	    name " data that takes more than 130 MB of memory to unpack"

static const struct format formats[] = {
	{ "\x1f\x8b", 2, 0xff, gzip_begin, gzip_step, gzip_end, TEXTS("gzip") },
	{ "\xfd"
	  "7zXZ",
	    6, 0xff, xz_begin, xz_step, xz_end, TEXTS("xz") },
	{ "\x28\xb5\x2f\xfd", 4, 0xff, zstd_begin, zstd_step, zstd_end,
	    TEXTS("zstd") },
	/* A frame to be skipped, which some tools begin with. */
	{ "\x50\x2a\x4d\x18", 4, 0xf0, zstd_begin, zstd_step, zstd_end,
	    TEXTS("zstd") },
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

struct nc_unpack {
	const struct format *format; /* of the last member, or NULL */
	void *state;
	bool inside;     /* a member */
	const char *why; /* nothing more can be unpacked, or NULL */
};

/* The format, or NULL; then *more if it takes more bytes to tell. */
static const struct format *
format_of(const char *p, size_t n, bool *more)
{
	const struct format *f;
	size_t len;

	*more = n == 0;
	for (f = formats; n > 0 && f < formats + FORMATS; f++) {
		len = n < f->len ? n : f->len;
		if ((unsigned char)(p[0] & f->mask) !=
			(unsigned char)f->magic[0] ||
		    memcmp(p + 1, f->magic + 1, len - 1) != 0)
			continue;
		if (len == f->len)
			return f;
		*more = true;
	}
	return NULL;
}

int
nc_unpack_detect(const char *p, size_t n)
{
	bool more;

	if (format_of(p, n, &more) != NULL)
		return 1;
	return more ? -1 : 0;
}

struct nc_unpack *
nc_unpack_new(void)
{
	return nc_xcalloc(1, sizeof(struct nc_unpack));
}

void
nc_unpack_free(struct nc_unpack *u)
{
	if (u == NULL)
		return;
	if (u->state != NULL)
		u->format->end(u->state);
	free(u);
}

/*
 * Finds the next member behind the last one: 1 begun, 0 there is none (yet),
 * -1 something else is there.
 */
static int
next_member(struct nc_unpack *u, struct nc_packed *in)
{
	const struct format *f;
	bool more;

	/* Tapes and some tools fill up with zeros. */
	while (u->format != NULL && in->p < in->end && *in->p == '\0')
		in->p++;
	f = format_of(in->p, (size_t)(in->end - in->p), &more);
	if (f == NULL && more && (!in->last || in->p == in->end))
		return 0;
	if (f == NULL) {
		u->why = "something else follows the compressed data";
		return -1;
	}
	if (u->format != NULL && u->state != NULL && f->end != u->format->end) {
		u->format->end(u->state);
		u->state = NULL;
	}
	u->format = f;
	u->state = f->begin(u->state);
	u->inside = u->state != NULL;
	if (!u->inside)
		u->why = f->too_large;
	return u->inside ? 1 : -1;
}

/* Unpacks from one member; false when it can go no further for now. */
static bool
step(struct nc_unpack *u, struct nc_packed *in, struct span *s)
{
	size_t room = s->nout, have = s->nin;

	switch (u->format->step(u->state, s)) {
	case ENDED:
		u->inside = false;
		break;
	case DAMAGED:
		u->why = u->format->damaged;
		break;
	case TOO_LARGE:
		u->why = u->format->too_large;
		break;
	case MORE:
		if (s->nin < have || s->nout < room)
			break;
		if (in->last && s->nin == 0)
			u->why = u->format->cut;
		return false;
	}
	return true;
}

ptrdiff_t
nc_unpack_step(struct nc_unpack *u, struct nc_packed *in, char *out, size_t n,
    const char **why)
{
	struct span s = { NULL, 0, (unsigned char *)out, n };

	while (s.nout > 0 && u->why == NULL &&
	    (u->inside || next_member(u, in) > 0)) {
		s.in = (const unsigned char *)in->p;
		s.nin = (size_t)(in->end - in->p);
		if (!step(u, in, &s))
			break;
		in->p = in->end - s.nin;
	}
	if (s.nout < n || u->why == NULL)
		return (ptrdiff_t)(n - s.nout);
	*why = u->why;
	return -1;
}
