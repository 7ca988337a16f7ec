/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The network: what is sent arrives later, whole and in order, perhaps from
 * another address (network address translation), unless a fault is asked for.
 */
#ifndef LAWFUL_NET_H
#define LAWFUL_NET_H

#include "world.h"

/* How long a packet takes, us; it differs from packet to packet. */
int64_t net_delay(struct host *from, struct host *to);

/*
 * What belongs to one direction of a stream, towards the file, arrives in
 * order: what(file, more).
 */
void net_stream(struct file *to, int64_t delay,
    void (*what)(void *file, void *more), void *more);

/* The source as others see it; owner of a target after translation. */
struct addr net_source(
    struct host *from, struct host *to, struct addr a, enum file_kind kind);
struct host *net_target(
    struct world *w, struct host *from, struct addr *a, enum file_kind kind);

/* A datagram from a socket to an address. */
void net_datagram(struct file *from, struct addr source, struct addr to,
    const char *p, size_t len);

#endif
