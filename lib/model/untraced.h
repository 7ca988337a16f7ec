/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the traces do not show: input and output through rings, closes that
 * were missed, checks that had to be left out.
 * For lib/model only.
 */
#ifndef NC_MODEL_UNTRACED_H
#define NC_MODEL_UNTRACED_H

#include "state.h"

/* Any call, before it is answered: it may show a ring. */
void untraced_see(struct offer *o);
/* A call on a socket that is not in the table: its first of each trace. */
void untraced_call(struct offer *o);
/* ... and an option that the model does not follow. */
void untraced_option(struct offer *o);
/*
 * The socket goes, or everything has come (o NULL): if its process has a ring
 * and no call ever used the socket, then the ring did.
 */
void untraced_decide(struct nc_model *m, struct sock *s, struct offer *o);
/* Do its processes with rings have sockets?  Then bytes may pass unseen. */
bool untraced_hides(struct nc_host_state *h);
/*
 * A check of the offered call was left out, for a reason that is static: told
 * once a trace.  c may be NULL.
 */
void untraced_skip(
    struct offer *o, const struct conn *c, const char *why, const char *rule);
void untraced_free(struct nc_host_state *h);

#endif
