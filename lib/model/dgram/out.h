/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams that left for an address that is no traced host's, for all that
 * is known.  One that then comes from their sender to a traced host was sent,
 * and its destination was rewritten on the way: a forwarded port, or a
 * virtual address.  They are known by their sender's port and length.
 * For lib/model only.
 */
#ifndef NC_MODEL_DGRAM_OUT_H
#define NC_MODEL_DGRAM_OUT_H

#include "../state.h"

/* One of n bytes leaves on the flow. */
void dgram_out_sent(struct nc_model *m, const struct flow *f, uint64_t n);
/* One came from a host and its port: true if it was one of those. */
bool dgram_out_came(struct offer *o, struct nc_host_state *h,
    const struct nc_addr *from, uint64_t n);

#endif
