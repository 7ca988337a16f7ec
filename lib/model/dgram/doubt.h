/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What is told of datagrams only if nothing else explains it in the end.
 *
 * Where a trace does not show which socket has which port, or a host which
 * address, a datagram may have been taken for another's.  Then one that was
 * sent is missing and one that came is strange, of equal length and at one
 * host: neither was lost, doubled or never sent.  Which of them there were is
 * known when all has come, so that such deviations wait until then.
 * For lib/model only.
 */
#ifndef NC_MODEL_DOUBT_H
#define NC_MODEL_DOUBT_H

#include "../deviate.h"

/* A bit for a length of datagrams; of two lengths it may be the same. */
static inline uint64_t
doubt_length(uint64_t len)
{
	return UINT64_C(1) << (len & 63);
}

/* The offered call received n bytes that fit nothing under way. */
void doubt_strange(struct offer *o, uint64_t n);
/* Nor does any traced host own the address that they came from. */
void doubt_foreign(struct offer *o, uint64_t n);
/*
 * What a host received as a stranger's was taken for one of another's, which a
 * translator could have changed.  The stranger may have sent the same.
 */
void doubt_translated(
    struct nc_host_state *from, struct nc_host_state *to, uint64_t n);
/* A datagram of the flow is outstanding, and nothing more will come. */
void doubt_missing(struct flow *f, uint64_t len);
/* What is lost on the flow may have come as something strange. */
bool doubt_covers(struct nc_model *m, const struct flow *f);

struct held_dev;

/* Datagrams that a deviation tells of: who sent them, who received them. */
struct doubt {
	struct nc_host_state *from, *to;
	uint16_t from_port, to_port; /* 0: not known */
	uint64_t length;             /* its bit */
	bool paired; /* with one that was sent, which may be another's */
	bool counts; /* as what the sender's host did not explain */
	bool later;  /* what is sent later may explain it */
};

/*
 * In place of dev_close.  It is weak if what it tells of could be another
 * socket's, and such a one is missing.  NULL: it has been written.
 */
struct held_dev *doubt_close(
    struct nc_model *m, struct dev *d, const struct doubt *t);
/*
 * Likewise, of what was received on a connection: weak if its port turns out to
 * have taken some of others than was thought, and it could be one of these.  It
 * counts as what that host did not explain, if it is not NULL.
 */
void doubt_close_conn(
    struct dev *d, const struct conn *c, struct nc_host_state *from);
/* What it tells has been explained: it is not written. */
void doubt_drop(struct held_dev *h);
/* All that is missing is known: what waits is written. */
void doubt_finish(struct nc_model *m);
void doubt_free(struct nc_model *m);

#endif
