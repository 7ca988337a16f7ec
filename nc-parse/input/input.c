/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A file read in blocks, its lines handed out in place.
 */
#include "input.h"

#include "../text/mask.h"
#include "../text/wide.h"
#include "unpack.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes read at a time; the buffer has two such blocks, more for a long line. */
#define BLOCK_MAX (128u << 10)
#define BLOCK_MIN (16u << 10)
/* What many inputs have together, while they can. */
#define BLOCKS (4u << 20)
/* Bytes of the first read, and of each from a compressed file. */
#define RAW (64u << 10)

/* A pipe with so many lines, or this long without news, is not waited for. */
#define ENOUGH_LINES 16
#define PATIENCE_MS 1000

struct nc_packing {
	struct nc_unpack *unpack;
	struct nc_packed rest; /* in raw, not yet unpacked */
	int64_t read;          /* bytes of the file, rest included */
	int64_t text;          /* what they were unpacked to */
	char raw[RAW];
};

void
nc_input_init(struct nc_input *in, int fd)
{
	struct stat st;

	memset(in, 0, sizeof(*in));
	in->fd = fd;
	in->size = -1;
	in->block = BLOCK_MAX;
	in->regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	if (in->regular)
		in->size = st.st_size;
}

void
nc_input_init_path(
    struct nc_input *in, const char *path, int64_t size, size_t block)
{
	memset(in, 0, sizeof(*in));
	in->fd = -1;
	in->path = path;
	in->regular = true;
	in->size = size;
	/* A small file is read whole, and seen to end. */
	in->block = size >= 0 && size < (int64_t)block ? (size_t)size / 2 + 1 :
							 block / 2;
}

void
nc_input_share(struct nc_input *in, size_t n)
{
	in->block = BLOCKS / (n > 0 ? n : 1);
	if (in->block > BLOCK_MAX)
		in->block = BLOCK_MAX;
	if (in->block < BLOCK_MIN)
		in->block = BLOCK_MIN;
}

void
nc_input_fini(struct nc_input *in)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
	free(in->buf);
	in->buf = NULL;
	in->start = in->len = in->cap = 0;
	in->eof = true;
	if (in->packing != NULL)
		nc_unpack_free(in->packing->unpack);
	free(in->packing);
	in->packing = NULL;
}

/* NUL, CR and ESC stand in no clean trace; they ask for a closer look. */
static bool
is_odd(const char *p, size_t n)
{
	bool odd = false;
	size_t i;

	if (nc_wide_works())
		return nc_wide_is_odd(p, n);
#ifdef __SSE2__
	__m128i v, any = _mm_setzero_si128();

	/* Only whether is asked, not where: one look at the end. */
	for (; n >= sizeof(v); p += sizeof(v), n -= sizeof(v)) {
		v = _mm_loadu_si128((const __m128i *)p);
		any = _mm_or_si128(any,
		    _mm_or_si128(_mm_cmpeq_epi8(v, _mm_setzero_si128()),
			_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\r')),
			    _mm_cmpeq_epi8(v, _mm_set1_epi8('\33')))));
	}
	odd = _mm_movemask_epi8(any) != 0;
#endif
	for (i = 0; i < n; i++)
		odd = odd || p[i] == '\0' || p[i] == '\r' || p[i] == '\33';
	return odd;
}

/* True if nothing can be read from a pipe for that long. */
static bool
is_silent(const struct nc_input *in, int ms)
{
	struct pollfd p = { in->fd, POLLIN, 0 };

	return !in->regular && poll(&p, 1, ms) == 0;
}

/* Reads on from a file that is open only while it is read from. */
static ssize_t
read_closed(struct nc_input *in, char *p, size_t n)
{
	int fd = open(in->path, O_RDONLY | O_CLOEXEC), error;
	ssize_t got;

	if (fd < 0)
		return -1;
	do
		got = pread(fd, p, n, (off_t)in->at);
	while (got < 0 && errno == EINTR);
	error = errno;
	close(fd);
	errno = error;
	if (got > 0)
		in->at += got;
	return got;
}

/* Reads from the file; 0 at its end, and after an error. */
static size_t
read_raw(struct nc_input *in, char *p, size_t n)
{
	ssize_t got;

	if (in->idle != NULL && is_silent(in, 0))
		in->idle(in->idle_arg);
	do
		got = in->path != NULL ? read_closed(in, p, n) :
					 read(in->fd, p, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		in->error = strerror(errno);
	return got < 0 ? 0 : (size_t)got;
}

/* Moves what is left of the compressed bytes down, and reads more. */
static void
refill(struct nc_input *in)
{
	struct nc_packing *k = in->packing;
	size_t left = (size_t)(k->rest.end - k->rest.p), got;

	memmove(k->raw, k->rest.p, left);
	got = read_raw(in, k->raw + left, sizeof(k->raw) - left);
	k->rest.p = k->raw;
	k->rest.end = k->raw + left + got;
	k->rest.last = got == 0;
	k->read += (int64_t)got;
}

/* As read_raw, from a compressed file. */
static size_t
read_packed(struct nc_input *in, char *p, size_t n)
{
	struct nc_packing *k = in->packing;
	const char *why;
	ptrdiff_t got;

	while ((got = nc_unpack_step(k->unpack, &k->rest, p, n, &why)) == 0 &&
	    !k->rest.last)
		refill(in);
	if (got < 0 && in->error == NULL)
		in->error = why;
	if (got <= 0)
		return 0;
	k->text += got;
	return (size_t)got;
}

/* The first bytes tell whether the file is compressed. */
static size_t
read_first(struct nc_input *in, char *p, size_t room)
{
	struct nc_packing *k;
	size_t len = 0, most = room < RAW ? room : RAW, got;

	in->begun = true;
	do {
		got = read_raw(in, p + len, most - len);
		len += got;
	} while (got > 0 && nc_unpack_detect(p, len) < 0);
	if (nc_unpack_detect(p, len) <= 0)
		return len;
	k = in->packing = nc_xmalloc(sizeof(*k));
	k->unpack = nc_unpack_new();
	memcpy(k->raw, p, len);
	k->rest = (struct nc_packed){ k->raw, k->raw + len, got == 0 };
	k->read = (int64_t)len;
	k->text = 0;
	return read_packed(in, p, room);
}

/* Room for a block behind what is unread; what a long line took goes back. */
static void
make_room(struct nc_input *in)
{
	size_t cap = in->cap;

	if (in->start > 0)
		memmove(in->buf, in->buf + in->start, in->len - in->start);
	in->len -= in->start;
	in->start = 0;
	if (cap == 0 || (cap > 2 * in->block && in->len <= in->block))
		cap = 2 * in->block;
	else if (cap - in->len < in->block)
		cap *= 2;
	if (cap == in->cap)
		return;
	in->cap = cap;
	in->buf = nc_xrealloc(in->buf, cap);
}

/* Reads one more block behind what is there. */
static void
fill(struct nc_input *in)
{
	size_t n, room;
	char *p;

	make_room(in);
	p = in->buf + in->len;
	room = in->cap - in->len;
	if (room > 2 * in->block)
		room = 2 * in->block;
	if (!in->begun)
		n = read_first(in, p, room);
	else if (in->packing != NULL)
		n = read_packed(in, p, room);
	else
		n = read_raw(in, p, room);
	if (n == 0)
		in->eof = true;
	if (!in->odd)
		in->odd = is_odd(p, n);
	in->len += n;
}

size_t
nc_input_peek(struct nc_input *in, size_t n, const char **p)
{
	while (!in->eof && in->len - in->start < n)
		fill(in);
	*p = in->buf + in->start;
	return in->len - in->start;
}

/* True if a pipe's whole lines must do. */
static bool
is_enough(const struct nc_input *in)
{
	const char *p = in->buf + in->start, *end = in->buf + in->len, *q;
	int lines = 0;

	while (p < end && (q = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		lines++;
		p = q + 1;
	}
	return lines > 0 &&
	    is_silent(in, lines < ENOUGH_LINES ? PATIENCE_MS : 0);
}

size_t
nc_input_look(struct nc_input *in, size_t n, const char **p)
{
	if (!in->begun)
		fill(in);
	while (!in->eof && in->len - in->start < n && !is_enough(in))
		fill(in);
	return nc_input_peek(in, 0, p);
}

/* Passes over the line that begins the unread text; true at its newline. */
static bool
pass_over(struct nc_input *in)
{
	char *q;

	in->overlong = 0;
	for (;;) {
		q = memchr(in->buf + in->start, '\n', in->len - in->start);
		if (q != NULL)
			break;
		in->overlong += (int64_t)(in->len - in->start);
		in->start = in->len;
		if (in->eof)
			break;
		fill(in);
	}
	if (q != NULL) {
		in->overlong += q - (in->buf + in->start);
		in->start = (size_t)(q + 1 - in->buf);
	}
	in->taken += in->overlong + (q != NULL);
	return q != NULL;
}

bool
nc_input_line_anew(
    struct nc_input *in, const char **p, const char **end, bool *newline)
{
	size_t scanned = 0, have;
	char *q = NULL;

	in->overlong = 0;
	/* Before the next line is used: it may need as much elsewhere. */
	if (in->cap > 2 * in->block && in->len - in->start <= in->block)
		make_room(in);
	for (;;) {
		have = in->len - in->start;
		if (have > scanned)
			q = memchr(in->buf + in->start + scanned, '\n',
			    have - scanned);
		if (q != NULL || in->eof || have > NC_LINE_MAX)
			break;
		scanned = have;
		fill(in);
	}
	if (q == NULL && have == 0)
		return false;
	*p = in->buf + in->start;
	*newline = q != NULL;
	*end = q != NULL ? q : in->buf + in->len;
	if ((size_t)(*end - *p) > NC_LINE_MAX) {
		*newline = pass_over(in);
		*p = *end = in->buf;
		return true;
	}
	in->start = (size_t)(*end + *newline - in->buf);
	in->taken += *end - *p + *newline;
	return true;
}

int64_t
nc_input_done_packed(const struct nc_input *in)
{
	const struct nc_packing *k = in->packing;

	if (k->text == 0)
		return k->read;
	/* Its blocks unpack to more or less: in proportion, on the whole. */
	return (int64_t)((double)(k->read - (k->rest.end - k->rest.p)) *
	    ((double)in->taken / (double)k->text));
}
