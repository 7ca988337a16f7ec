/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Refused connects, and why they were.
 * For lib/model only.
 */
#ifndef NC_MODEL_REFUSAL_H
#define NC_MODEL_REFUSAL_H

#include "../state.h"

/* Remembers a refused connect until refusals_tell. */
void refusal_keep(struct offer *o, struct port *p, struct conn *c);
/*
 * The listener, closed long ago, may be what explains one of its port's
 * refusals.
 */
bool refusal_needs(struct nc_model *m, const struct listener *l);
/* Everything has come: tells those of the port, oldest first. */
void refusals_tell(struct nc_model *m, struct port *p);

#endif
