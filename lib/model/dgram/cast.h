/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams to many: multicast groups and broadcast.
 * For lib/model only.
 *
 * What is sent to a group or a broadcast address stays in the log of its
 * port; each receiving socket has its own place there.  Linux gives it to
 * every socket that is bound to the port and to the wildcard or that address,
 * once any socket of the host has joined the group on the interface that it
 * comes in by, unless IP_MULTICAST_ALL is off and the socket has not joined
 * itself.  IP_MULTICAST_LOOP off keeps it from the sender's own host; a TTL
 * of 0 from all others, one of 1 from other networks.
 */
#ifndef NC_MODEL_CAST_H
#define NC_MODEL_CAST_H

#include "../state.h"

/* A multicast option was set. */
void cast_option(struct offer *o);
/* How the host has joined the group, or NULL. */
const struct cast_join *cast_joined(const struct nc_model *m,
    const struct nc_host_state *h, const struct nc_addr *group);
void cast_sock_free(struct cast_sock *c); /* accepts NULL */
/* True for those that cast_option knows. */
bool cast_is_option(const char *name);

/* The offered call sends n bytes on a flow to a group or broadcast address. */
void cast_send(struct offer *o, struct flow *f, uint64_t n);

/* One that the offered call may have received, or NULL. */
struct cast_entry *cast_find(
    struct offer *o, const struct nc_addr *from, uint64_t n, bool *cut);
/* It has received it. */
void cast_take(struct offer *o, struct cast_entry *e, uint64_t n, bool cut);

/* Something was sent to a group or broadcast address at the port. */
bool cast_at(const struct nc_model *m, uint16_t port);

/* Everything has come: what did not reach a receiver for a known reason. */
void cast_finish(struct nc_model *m);
void cast_free(struct nc_model *m);

#endif
