/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How the records become what the rules look at.
 * For take.c, take_host.c and sums.c only.
 */
#ifndef NC_TAKE_H
#define NC_TAKE_H

#include <string.h>

#include "facts.h"
#include "util.h"

/* A key to which a number, or bytes, are added. */
static inline uint64_t
take_mix(uint64_t k, uint64_t v)
{
	return nc_hash_int(k ^ nc_hash_int(v));
}

static inline uint64_t
take_mix_bytes(uint64_t k, struct nc_bytes b)
{
	return nc_hash(b.p ? b.p : "", b.len, k);
}

/* An endpoint's address and port; all zero if it has none. */
static inline struct nc_addr
take_endpoint(struct nc_bytes b)
{
	struct nc_addr a;

	if (!b.p || nc_addr_parse(b.p, b.len, &a) != 0)
		memset(&a, 0, sizeof(a));
	return a;
}

/*
 * A copy of the record to decode from, so that its fields can be kept: out is
 * decoded; to be freed with it.  NULL if it cannot be decoded.
 */
char *take_copy(const struct nc_record *rec, void *out);

/* The number of a host, which is added if it is new; -1 for no name. */
int take_host_number(struct facts *f, struct nc_bytes name);

void take_host(struct facts *f, const struct nc_record *rec);
void take_end(struct facts *f, const struct nc_record *rec);
void take_address(struct facts *f, const struct nc_record *rec);
void take_clock(struct facts *f, const struct nc_record *rec);

/* Adds a connection, a flow to the sums. */
void sums_connection(struct facts *f, struct conn *c);
void sums_flow(struct facts *f, struct flow *w);

/* Everything has come: which flows are answers to others. */
void sums_replies(struct facts *f);

#endif
