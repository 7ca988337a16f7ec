/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Compressed data, unpacked as it comes: gzip, xz and zstd, told by content.
 * Members may follow one another, of different formats too, with zeros
 * between them.
 */
#ifndef NC_UNPACK_H
#define NC_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that are always enough to tell a format. */
#define NC_UNPACK_MAGIC 6

/*
 * A format may want at most this much memory of its reader, bytes: what the
 * strongest settings need (xz -9: 65 MB, zstd -22: 128 MB), no more.
 */
#define NC_UNPACK_MEMORY (UINT64_C(130) << 20)

struct nc_unpack;

/*
 * Is data that begins with these n bytes compressed?  1 yes, 0 no, -1 more of
 * them (up to NC_UNPACK_MAGIC) are needed to tell.
 */
int nc_unpack_detect(const char *p, size_t n);

struct nc_unpack *nc_unpack_new(void);
void nc_unpack_free(struct nc_unpack *u);

/* Bytes from p up to end, moved on as they are used. */
struct nc_packed {
	const char *p, *end;
	bool last; /* none will follow */
};

/*
 * Unpacks up to n bytes.  What it could is returned; 0 if more bytes are
 * needed, or if they were the last ones; -1 and why (static) if they are
 * damaged: nothing can be unpacked after that.
 */
ptrdiff_t nc_unpack_step(struct nc_unpack *u, struct nc_packed *in, char *out,
    size_t n, const char **why);

#endif
