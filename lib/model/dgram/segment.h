/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams that the kernel makes out of one call, and those that it joins for
 * one call (udp(7): UDP_SEGMENT, UDP_GRO).
 * For lib/model only.
 *
 * A size that the socket was set to tells where the kernel cuts.  One that
 * stands in the message's control data is not shown by every tracer: from such
 * a port on only bytes are counted, and nothing is said about datagrams.
 */
#ifndef NC_MODEL_SEGMENT_H
#define NC_MODEL_SEGMENT_H

#include "dgram.h"

/* The option was set on the offered socket. */
void segment_size(struct offer *o, int64_t bytes);

/*
 * The n bytes of the offered send leave on the flow: true if they did so in
 * pieces, or nobody knows in which; false: as one datagram, like any other.
 */
bool segment_send(struct offer *o, struct flow *f, uint64_t n);

/*
 * True if what the offered receive gives, n bytes from an address, is several
 * datagrams or a piece of what was sent; they are taken then.
 */
bool segment_recv(struct offer *o, const struct port *p,
    const struct nc_addr *from, uint64_t n);

/* Which datagrams come from there, nobody knows. */
bool segment_hides(const struct port *source);

#endif
