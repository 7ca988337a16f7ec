/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which connect was accepted where, once the first guess has proved wrong.
 *
 * Where neither end states the other's port, connects are given to accepts in
 * the order in which both came.  What was read later may show that it was
 * another one.  So the connections of a port whose match is a guess keep what
 * was sent and read on them, as long as that is little, and when an end gets
 * what its other end cannot have sent, the ends are matched anew along an
 * augmenting path: the reader gets an end that could have sent that, the end
 * that had it another one, and so on until all agree with what they have read.
 * For lib/model only.
 */
#ifndef NC_MODEL_REMATCH_H
#define NC_MODEL_REMATCH_H

#include "../state.h"

#define MATCH_PROOF 8 /* equal bytes that are no accident */
#define RETAINED 4096 /* consumed bytes kept while a match is open */

/* What a call needs of the other end. */
enum need {
	NEED_BYTES,  /* n that fit what it shows */
	NEED_PROOF,  /* likewise, some of which are known on both sides */
	NEED_END,    /* that it has sent no more, and nothing more */
	NEED_EITHER, /* that it has sent more, or no more */
	NEED_PLACE,  /* that it is there at all */
	NEED_NONE,   /* of a server's: that its client is another, who waits */
};

/*
 * Matches the reader's connection and others of its port anew, so that its
 * other end gives what the call needs, n bytes if any, and nothing read before
 * contradicts.  False: there is no such match, and all is as it was.
 */
bool rematch(struct nc_model *m, struct ep *reader, const struct nc_call *call,
    enum need need, uint64_t n);

/*
 * The client's address shows: if its accept, or the one that it was given,
 * saw another, the two are matched anew.
 */
void rematch_address(struct nc_model *m, struct conn *c);

/* The offered call reads n bytes, which are kept as long as need be. */
void rematch_note(const struct offer *o, struct ep *e, uint64_t n, bool keep);
void rematch_forget(struct ep *e);

#endif
