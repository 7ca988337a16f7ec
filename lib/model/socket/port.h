/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ports: who listens there, who asks to come in, who was refused.
 * For lib/model only.
 */
#ifndef NC_MODEL_PORT_H
#define NC_MODEL_PORT_H

#include "../state.h"

/*
 * A port of a host (NULL: of foreign addresses); NULL if make is false and
 * nothing is known of it.
 */
struct port *port_get(struct nc_model *m, struct nc_host_state *h, bool udp,
    uint16_t number, bool make);
/*
 * The open listener that takes connections to target: a specific address
 * goes before a wildcard.  NULL: none.
 */
struct listener *port_listener(
    const struct port *p, const struct nc_addr *target, bool v6_source);
/*
 * An open listener of the port that does not take target; why is static:
 * loopback, family, address.
 */
struct listener *port_misfit(
    const struct port *p, const struct nc_addr *target, const char **why);
/*
 * Something came in for that address: where only the system's default said that
 * a listener would not take it, that is not so.
 */
void port_took(struct port *p, const struct nc_addr *target);
/* Open, and target is an address that it listens on. */
bool listener_covers(const struct listener *l, const struct nc_addr *target);
/*
 * Why a listener, open or not, does not take what comes for target (static, as
 * port_misfit's); false if it would.
 */
bool listener_misfit(
    const struct listener *l, const struct nc_addr *target, const char **why);
/* The socket listens, on the port that its local address names. */
void listener_open(struct nc_model *m, struct sock *s);
/* One more who points to it; NULL is none. */
struct listener *listener_ref(struct listener *l);
/* One less; the last one frees it. */
void listener_unref(struct listener *l);
/* A connection is this listener's. */
void listener_take(struct conn *c, struct listener *l);
/* Its last reference goes: what waits in its queue is reset. */
void listener_release(struct offer *o, struct sock *s);
/* Everything has come: tells refusals and what was never accepted. */
void port_finish(struct nc_model *m, struct port *p);
/* Tells a connection that went with its listener, once. */
void port_orphan_tell(struct nc_model *m, struct conn *c);
/* Tells one that is queued for an open listener: it was not accepted. */
void port_pending_tell(struct nc_model *m, struct conn *c);
/* The queue of connections that ask to come in. */
void port_add(struct nc_model *m, struct conn *c);
/* The address is the host's: who asked for it as a foreign one asks there. */
void port_adopt(
    struct nc_model *m, struct nc_host_state *h, const struct nc_addr *target);
/* Likewise for all addresses that it was found to have, at its port. */
void port_catch_up(struct nc_model *m, struct port *p);
void port_remove(struct conn *c);
/* Matched, but the payload may still show that it was another. */
void port_unresolved(struct conn *c, bool is);
enum nc_answer offer_listen(struct offer *o);

#endif
