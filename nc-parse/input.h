/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A file read in blocks, its lines handed out in place.
 */
#ifndef NC_INPUT_H
#define NC_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A longer line is cut there; its rest is passed over. */
#define NC_LINE_MAX (64u << 20)

struct nc_input {
	int fd;
	char *buf;
	size_t start, len, cap; /* unread bytes: [start, len) */
	bool eof;
	bool odd;      /* NUL, CR or ESC were among what was read */
	int64_t size;  /* of the file, -1 unknown */
	int64_t taken; /* bytes handed out */
	int error;     /* errno of a failed read, or 0 */
};

/* Takes a descriptor. */
void nc_input_init(struct nc_input *in, int fd);
void nc_input_fini(struct nc_input *in);

/* Reads until at least a line, or n bytes, are there; for a look ahead. */
size_t nc_input_peek(struct nc_input *in, size_t n, const char **p);

/*
 * The next line, without its newline; borrowed until the next call.  False at
 * the end.
 */
bool nc_input_line(
    struct nc_input *in, const char **p, const char **end, bool *newline);

#endif
