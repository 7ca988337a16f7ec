/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Bytes as text within a page: deflated (gzip), in lines of base64 that can
 * each be decoded alone.
 */
#ifndef NC_REPORT_HTML_PACK_H
#define NC_REPORT_HTML_PACK_H

#include <stdio.h>
#include <zlib.h>

#include "buf.h"

struct html_pack {
	FILE *out;
	z_stream z;
	struct nc_buf line; /* deflated bytes that wait to be a line */
};

void html_pack_open(struct html_pack *p, FILE *out);
void html_pack_add(struct html_pack *p, const void *data, size_t n);

/* Writes what is left and frees. */
void html_pack_close(struct html_pack *p);

#endif
