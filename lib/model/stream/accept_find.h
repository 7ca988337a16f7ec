/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which connect an accept belongs to.
 * For lib/model only.
 */
#ifndef NC_MODEL_ACCEPT_FIND_H
#define NC_MODEL_ACCEPT_FIND_H

#include "../state.h"

/* What an accept found. */
struct found {
	struct conn *conn;
	enum match match;
	bool forwarded; /* through another address or port */
	bool unsure;    /* a better one may turn up */
	bool learn;     /* its target is an address of the host */
};

/*
 * The connect that h accepts at a port when its client is seen as peer (family
 * 0: not told); local: the accepted socket's address, as far as it is known.
 */
struct found accept_search(struct nc_model *m, struct nc_host_state *h,
    struct port *p, const struct nc_addr *peer, const struct nc_addr *local);
/* Could a connect of a traced host still turn up for this peer?  local: as above. */
bool accept_may_come(struct nc_model *m, const struct nc_host_state *h,
    const struct nc_addr *peer, const struct nc_addr *local);

#endif
