/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Times at which something worked.
 */
#ifndef NC_SPANS_H
#define NC_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/* seq_lo and seq_hi start as NC_NIL, the rest as zero. */
struct spans {
	struct span {
		int64_t lo, hi; /* ns; small gaps are closed */
	} * v;
	size_t n, cap;
	int64_t seq_lo, seq_hi; /* positions in the order; NC_NIL none */
	bool untimed;           /* one of them had no time */
};

/* time and seq may be NC_NIL. */
void spans_add(struct spans *s, int64_t time, int64_t seq);

/*
 * True if it worked at a time within [lo, hi]; where times are missing (lo is
 * NC_NIL), if it worked after position seq.
 */
bool spans_within(const struct spans *s, int64_t lo, int64_t hi, int64_t seq);

#endif
