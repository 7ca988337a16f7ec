/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which bytes of a payload are protocol framing that a redacted stream keeps:
 *
 * TLS   record headers
 * DNS   messages, but of resource data only addresses and names (dns.h)
 * HTTP  of a request method and version, of a response version and status,
 *       of both the headers Content-Length and Host and the empty line
 * FTP   PORT and EPRT commands; code and address of replies 227 and 229
 *
 * Protocols are told by their bytes, not by ports.  A scanner belongs to one
 * direction of a stream; it is fed all bytes in order, and what is not known
 * as a gap.  It marks nothing that it has not seen whole and valid, so that
 * in doubt bytes are not kept; a unit that several calls share is marked from
 * the call on that completes it.  Where it has lost its place it stops; on
 * TLS and FTP it goes on at the beginning of a later call.
 */
#ifndef NC_FRAMING_H
#define NC_FRAMING_H

#include "clear.h"

/* Spans of one call's data, in order, those that touch joined. */
struct nc_spans {
	struct nc_span *v;
	size_t n, cap;
};

void nc_spans_add(struct nc_spans *s, size_t from, size_t to);
void nc_spans_fini(struct nc_spans *s);

/* One direction of a stream.  Zeroed is its beginning. */
struct nc_framing {
	enum nc_framing_protocol {
		NC_FRAMING_START, /* no byte yet */
		NC_FRAMING_LINES, /* text: its first line will tell */
		NC_FRAMING_TLS,
		NC_FRAMING_DNS,
		NC_FRAMING_HTTP,
		NC_FRAMING_FTP,
		NC_FRAMING_OTHER
	} protocol;
	bool lost;     /* TLS, FTP: where the next unit begins is not known */
	bool sure;     /* TLS, DNS: a whole header or message was seen */
	bool fresh;    /* the next byte is the first of a call */
	uint64_t skip; /* bytes to pass over */
	struct nc_buf held; /* of a unit that has begun */
	bool overlong;      /* a line of which nothing is held */
	uint64_t message;   /* DNS: length of the one that comes, or 0 */

	/* HTTP: the part that comes, and what the head said so far. */
	enum nc_framing_part {
		NC_FRAMING_FIRST,
		NC_FRAMING_HEAD,
		NC_FRAMING_CHUNK, /* a line with the size */
		NC_FRAMING_CHUNK_END,
		NC_FRAMING_TRAILER
	} part;
	bool response, chunked, has_length;
	uint64_t length;
	int status;
	/* Of the last request; the other direction reads it. */
	bool head, connect;
};

void nc_framing_fini(struct nc_framing *f);

/* A copy for bytes that will come again; copy is initialized by it. */
void nc_framing_copy(struct nc_framing *copy, const struct nc_framing *f);

/* A new call begins. */
void nc_framing_call(struct nc_framing *f);

/*
 * The next n bytes; at is the first one's offset in the call's data.  other
 * is the opposite direction of the same stream.
 */
void nc_framing_feed(struct nc_framing *f, const struct nc_framing *other,
    const char *p, size_t n, size_t at, struct nc_spans *spans);

/* n bytes that are not known. */
void nc_framing_gap(struct nc_framing *f, uint64_t n);

#endif
