/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Waits that SO_RCVTIMEO, SO_SNDTIMEO or a signal ended.
 * For lib/model only.
 *
 * A program may use such a timeout as a clock, or give up because of it. So
 * the first of several is held, and told once it shows what came of it:
 * something on the socket at last, its release, or the end of all traces.
 */
#ifndef NC_MODEL_TIMEOUT_H
#define NC_MODEL_TIMEOUT_H

#include "../state.h"

/*
 * The offered call failed with EAGAIN: true if a timeout of its socket ended
 * it, which is then held.
 */
bool timeout_note(struct offer *o, bool sending);
/*
 * The offered call waited on s until a signal ended it.  Whoever then calls
 * again has coped with it.
 */
void timeout_signal(struct offer *o, struct sock *s);
/* A readiness call looks at s: it goes on. */
void timeout_looked_at(struct sock *s);
/* A call on a socket with a timeout held was accepted. */
void timeout_next(struct offer *o);
/* The socket is released, or all is over: e is its connection's end. */
void timeout_released(struct offer *o, struct sock *s, struct ep *e);
void timeout_finish(struct nc_model *m, struct sock *s);
/* The connection of an end is over. */
void timeout_end(struct nc_model *m, struct ep *e);

#endif
