/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the half of an exchange that goes through an intermediary tells: the
 * host that a request is for, of HTTP (RFC 9110 7.2) or SOCKS (RFC 1928).
 * For lib/model only.
 */
#ifndef NC_MODEL_LEG_H
#define NC_MODEL_LEG_H

#include "../state.h"

/* The offered call carries the first bytes of a request to or from outside. */
void leg_see(const struct offer *o, struct conn *c);

#endif
