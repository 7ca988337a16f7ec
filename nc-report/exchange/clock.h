/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One clock for the calls of all hosts, for the formats that show times: each
 * host's clock is corrected by as little as its exchanges with others ask for.
 */
#ifndef NC_REPORT_EXCHANGE_CLOCK_H
#define NC_REPORT_EXCHANGE_CLOCK_H

#include "exchange.h"

struct exchange_clock {
	const struct exchange *x;
	int64_t *offset; /* ns, by name of the host: to be taken away */
	bool timed;      /* some call has a time */
};

/* The exchange must outlive it. */
void exchange_clock_init(struct exchange_clock *k, const struct exchange *x);
void exchange_clock_fini(struct exchange_clock *k);

/* When the call began, ns; NC_NIL if its line has no time. */
int64_t exchange_clock_begin(
    const struct exchange_clock *k, const struct exchange_call *c);

/* When it took effect: at its begin if it made something, else at its end. */
int64_t exchange_clock_effect(
    const struct exchange_clock *k, const struct exchange_call *c);

#endif
