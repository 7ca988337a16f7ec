/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Connections that were quiet for a time, and then used again.
 * For lib/model only.
 */
#ifndef NC_MODEL_QUIET_H
#define NC_MODEL_QUIET_H

#include "../state.h"

/* The offered call sends on, or has received from, the stream of an end. */
void quiet_sends(const struct offer *o, struct ep *e);
void quiet_receives(const struct offer *o, struct ep *e);
/*
 * For how long (ns, by its own clock) nothing had passed at e when it began
 * to send what never arrived; NC_NIL where something of it did, or where the
 * connection had not carried data both ways before.
 */
int64_t quiet_before_loss(const struct ep *e);

#endif
