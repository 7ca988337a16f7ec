/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The answer that a report for people opens with.
 */
#ifndef NC_REPORT_ANSWER_H
#define NC_REPORT_ANSWER_H

#include "collect.h"

enum answer_kind {
	ANSWER_ERROR,
	ANSWER_WARNING,
	ANSWER_GOOD,
	ANSWER_UNKNOWN /* nothing was diagnosed */
};

struct answer {
	enum answer_kind kind;
	const char *verdict;    /* "Problem found:" */
	struct nc_buf sentence; /* what was found, text from traces raw */
	struct nc_buf advice;   /* who is to blame, what is next; or empty */
	struct nc_buf more;     /* how much else there is; may be empty */
};

/*
 * The first problem is the root of the most important one.  whole: the stream
 * was not cut, and no stage failed.
 */
void answer_make(struct answer *a, const struct collected *c, bool whole);
void answer_fini(struct answer *a);

/* True if the records have been through nc-model at least. */
bool answer_is_modelled(const struct collected *c);

/* What is said, before all else, of a stream that was cut. */
extern const char answer_incomplete[];

#endif
