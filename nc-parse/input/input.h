/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A file read in blocks, unpacked if it is compressed, its lines handed out
 * in place.
 */
#ifndef NC_INPUT_H
#define NC_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A longer line is passed over: what is in memory stays bounded. */
#define NC_LINE_MAX (16u << 20)

struct nc_packing;

struct nc_input {
	int fd;
	const char *path; /* borrowed; if not NULL, opened for each read */
	int64_t at;       /* where the next one begins */
	char *buf;
	size_t start, len, cap; /* unread text: [start, len) */
	size_t block;           /* read at a time */
	bool eof;
	bool odd;          /* NUL, CR or ESC were among what was read */
	bool regular;      /* a file: its bytes are there when they are asked */
	bool begun;        /* the first bytes have been read */
	int64_t size;      /* of the file, -1 unknown */
	int64_t taken;     /* bytes of text handed out or passed over */
	int64_t overlong;  /* bytes of the line if it was passed over, or 0 */
	const char *error; /* why not all could be read, or NULL */
	struct nc_packing *packing; /* of a compressed file, or NULL */
	/* Called before a read that has to wait, or NULL. */
	void (*idle)(void *arg);
	void *idle_arg;
};

/* Takes a descriptor. */
void nc_input_init(struct nc_input *in, int fd);
/*
 * A regular file that is open only while it is read from, block bytes at a
 * time: for many that are read by turns.  path is borrowed; size is the file's.
 */
void nc_input_init_path(
    struct nc_input *in, const char *path, int64_t size, size_t block);
/* It is one of n inputs that are read in step: it makes do with less memory. */
void nc_input_share(struct nc_input *in, size_t n);
/* Gives back all but the numbers and the error. */
void nc_input_fini(struct nc_input *in);

/* Reads until n bytes, or all there are, are there; borrowed. */
size_t nc_input_peek(struct nc_input *in, size_t n, const char **p);

/*
 * The same for the first glance at a file, but a pipe that pauses after some
 * lines is not waited for.
 */
size_t nc_input_look(struct nc_input *in, size_t n, const char **p);

/* As nc_input_line, where more has to be read or the buffer is a large one. */
bool nc_input_line_anew(
    struct nc_input *in, const char **p, const char **end, bool *newline);

/*
 * The next line, without its newline; borrowed until the next call.  Of a line
 * longer than NC_LINE_MAX there is nothing but its length: see overlong.
 * False at the end.
 */
static inline bool
nc_input_line(
    struct nc_input *in, const char **p, const char **end, bool *newline)
{
	const char *from, *q;

	if (in->start == in->len || in->cap > 2 * in->block)
		return nc_input_line_anew(in, p, end, newline);
	from = in->buf + in->start;
	q = memchr(from, '\n', in->len - in->start);
	if (q == NULL)
		return nc_input_line_anew(in, p, end, newline);
	in->overlong = 0;
	in->start += (size_t)(q + 1 - from);
	in->taken += q + 1 - from;
	*p = from;
	*end = q;
	*newline = true;
	return true;
}

/* The first byte of the line after, or -1 if it has not been read yet. */
static inline int
nc_input_next(const struct nc_input *in)
{
	return in->start < in->len ? (unsigned char)in->buf[in->start] : -1;
}

/* As nc_input_done, of a compressed file. */
int64_t nc_input_done_packed(const struct nc_input *in);

/* Bytes of the file, of its size, that the lines so far came from. */
static inline int64_t
nc_input_done(const struct nc_input *in)
{
	return in->packing == NULL ? in->taken : nc_input_done_packed(in);
}

#endif
