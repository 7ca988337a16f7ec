/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The data of the HTML report, as its scripts (html/data.js) read it.
 */
#ifndef NC_REPORT_HTML_DATA_H
#define NC_REPORT_HTML_DATA_H

#include <stdio.h>

#include "../exchange/exchange.h"

/* The payload of a call that can be looked at, bytes. */
#define HTML_PAYLOAD 512

/*
 * What a finding's evidence points at, found before anything is written.
 * calls[first .. first + n) of finding i are its evidence.
 */
struct html_marks {
	uint32_t *calls;
	size_t ncalls, calls_cap;
	struct html_evidence {
		size_t first, n;
	} * findings;
	bool *is_evidence; /* by call */
};

void html_marks_init(struct html_marks *m, struct exchange *x);
void html_marks_fini(struct html_marks *m);

/* True for deviations that the page shows. */
bool html_is_told(const struct nc_deviation *d);

/* All but the calls, as JSON, packed. */
void html_put_meta(FILE *out, struct exchange *x, const struct html_marks *m);

/* The columns of calls and messages, packed. */
void html_put_calls(FILE *out, struct exchange *x, const struct html_marks *m);

#endif
