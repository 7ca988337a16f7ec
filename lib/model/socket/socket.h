/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Sockets: making, names, options.
 * For lib/model only.
 */
#ifndef NC_MODEL_SOCKET_H
#define NC_MODEL_SOCKET_H

#include "../state.h"

struct dev;

/* The socket of that number, or NULL. */
static inline struct sock *
sock_get(struct nc_host_state *h, int64_t number)
{
	return number == NC_NIL ? NULL :
				  nc_map_get(&h->socks, (uint64_t)number);
}
/* Makes the socket that a call returned; one of that number is dropped. */
struct sock *sock_new(struct nc_model *m, struct nc_host_state *h,
    int64_t number, const struct nc_call *call);
/* Frees it without any effect on the network: see offer_release. */
void sock_free(struct nc_model *m, struct sock *s);
/* Its local address shows: port, listener and connection learn it. */
void sock_learn_local(
    struct nc_model *m, struct sock *s, const struct nc_addr *a);
/* The offered call tells it: it may not be what it was. */
void sock_shows_local(struct offer *o);
enum nc_answer offer_socket(struct offer *o);
/* A call that makes a socket names IPv4 or IPv6. */
bool sock_is_inet(const struct nc_call *c);
enum nc_answer offer_attach(struct offer *o);
enum nc_answer offer_names(struct offer *o);
/* Keeps the offered call as what explains others, for whoever listens. */
void sock_tell(struct offer *o, struct sock *s, enum sock_told what);
/* A listener's options are those of what it accepts. */
void sock_tell_of(
    struct nc_model *m, struct sock *s, const struct sock *listener);
/* Names that call as a cause, if there was one. */
void sock_because(struct dev *d, const struct sock *s, enum sock_told what);
/* ... or what connected it, made it a listener or else just made it. */
void sock_because_state(struct dev *d, const struct sock *s);
/*
 * EBADF, EMFILE, EINTR and their like, told alike for all calls (the default
 * rows of model.md 3).  False: another error.
 */
bool fail_common(struct offer *o);

#endif
