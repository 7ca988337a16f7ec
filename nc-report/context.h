/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The last calls on each socket, so that a deviation can be shown with what
 * led to it.  Memory is bounded by the sockets open at one time: a socket's
 * calls are forgotten some time after its release.
 */
#ifndef NC_REPORT_CONTEXT_H
#define NC_REPORT_CONTEXT_H

#include "table.h"

#define CONTEXT_CALLS 4

struct context_ring;

/* Zeroed is empty. */
struct context {
	struct table rings; /* (host, socket) -> struct context_ring */
	uint64_t calls;     /* seen so far */
	struct context_ring **released; /* oldest first, a circle */
	size_t first, nreleased;
};

/* raw holds what the call's fields point to. */
void context_add(
    struct context *x, const struct nc_call *c, struct nc_bytes raw);
void context_fini(struct context *x);

/*
 * The last calls on the deviation's socket and its peer's, those on the
 * deviation's own line not among them, in their order.  Returns how many, in
 * *before how many of them came before the deviating call; borrowed until the
 * next context_add.
 */
size_t context_round(const struct context *x, const struct nc_deviation *d,
    const struct nc_call *calls[CONTEXT_CALLS], size_t *before);

#endif
