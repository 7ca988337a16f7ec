/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * DNS messages (RFC 1035 4.1): the header and the question.
 * For lib/model only.
 */
#ifndef NC_MODEL_QUERY_H
#define NC_MODEL_QUERY_H

#include "record.h"

#define QUERY_NAME 254 /* as text, with the end */

enum { RCODE_OK, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3, RCODE_REFUSED = 5 };
enum { QTYPE_A = 1, QTYPE_AAAA = 28 };

struct query {
	uint16_t id;
	bool answer;    /* not a question */
	bool truncated; /* the rest is to be asked for over TCP */
	uint8_t rcode;
	uint16_t answers; /* records that answer it */
	uint16_t type;    /* asked for; 0 not known */
	bool cut;         /* the name goes on, but the trace does not show it */
	char name[QUERY_NAME]; /* lower case, no dot at the end */
};

/*
 * Reads the message that begins at an offset of a call's data, which need not
 * be whole; n: its length.  False if it is none.
 */
bool query_read(
    const struct nc_call *call, size_t from, uint64_t n, struct query *q);

/* One name is the other, or the other with more labels behind it. */
bool query_same_search(const char *a, const char *b);

/* The name of an address: *.in-addr.arpa, *.ip6.arpa; cut: or may go on so. */
bool query_is_reverse(const char *name, bool cut);

#endif
