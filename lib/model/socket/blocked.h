/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Descriptors that are closed under a call of another thread.
 * For lib/model only.
 */
#ifndef NC_MODEL_BLOCKED_H
#define NC_MODEL_BLOCKED_H

#include "../state.h"

/* A call in progress that may be blocked, and holds its socket open. */
bool blocked_in(const struct inside *in);
/* The offered call closes a descriptor of s: whether a call is blocked on it. */
void blocked_begin(struct offer *o, struct sock *s);
/* That call, the offered one, has returned, or its thread is over. */
void blocked_decide(struct offer *o, struct sock *s);
/* The offered call was blocked while its descriptor was closed. */
void blocked_in_interval(struct offer *o);

#endif
