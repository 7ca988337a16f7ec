/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Receivers of datagrams that do not keep up.  What comes while a socket's
 * buffer is full is dropped by its own host (socket(7), SO_RCVBUF), and looks
 * in the traces like a loss on the way.  But a datagram that was sent long
 * before it was read lay in the buffer meanwhile; several that lay there at
 * the same time show when it was full.
 * For lib/model only.
 */
#ifndef NC_MODEL_OVERRUN_H
#define NC_MODEL_OVERRUN_H

#include "../state.h"

/* The offered receive takes d. */
void overrun_received(struct offer *o, const struct dgram *d);
/* True if d, which never came, met a full buffer; u may be NULL. */
bool overrun_met(
    struct nc_model *m, const struct udp *u, const struct dgram *d);
void overrun_free(struct overrun *v);

#endif
