/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Receiving datagrams: which of those under way it was.
 * For lib/model only.
 */
#ifndef NC_MODEL_DGRAM_FIND_H
#define NC_MODEL_DGRAM_FIND_H

#include "dgram.h"

/* What a search found. */
struct hit {
	struct dgram *d; /* NULL: nothing */
	bool cut;        /* to the size of the buffer */
	bool rival;      /* another socket's fits as well */
	int fit;
};

/*
 * How well a datagram fits what was received; 0 not at all.  From a foreign
 * address: it may be translated, if so most likely with its port kept.
 */
enum { MISFIT, FOREIGN, SAME_PORT, GUESSED, HOSTS, UNSHOWN, EXACT };

/*
 * First bytes that both sides show; none if their payload is not redacted
 * alike.
 */
size_t dgram_known(const struct offer *o, const struct dgram *d);

/*
 * The offered receive of n bytes may have cut a longer datagram: they fill what
 * it asked for, and where the kernel tells whether it did (msg_flags of
 * recvmsg(2)) it tells so.
 */
bool dgram_may_be_cut(const struct nc_call *call, uint64_t n);

/*
 * What the offered receive of n bytes, at a port (NULL: not known), may have
 * given: the best of those under way.
 */
struct hit dgram_search(
    struct offer *o, struct port *p, const struct nc_addr *from, uint64_t n);

/* Ports and addresses that the traces do not show. */
void dgram_learn(
    struct offer *o, const struct hit *hit, const struct nc_addr *from);

/* Nothing under way fits. */
void dgram_strange(
    struct offer *o, struct port *p, const struct nc_addr *from, uint64_t n);

/*
 * What it costs to take one that nobody has sent so far: least where its
 * sender is outside of all traces, most where a traced socket should have.
 */
int dgram_unexplained(struct offer *o, const struct port *p,
    const struct nc_addr *from, uint64_t n);

#endif
