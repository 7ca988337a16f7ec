/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Listeners that were made before their trace began, and whose port no call
 * shows: where traced clients asked for just one port of the host that nothing
 * else listens at, and an accept has a client of that host, it is theirs.  For lib/model only.
 */
#ifndef NC_MODEL_INHERITED_H
#define NC_MODEL_INHERITED_H

#include "../state.h"

/*
 * The offered connect asks for a port at which nothing listens.  True if now
 * something does: a listener whose accept waits for a connect from there.
 */
bool inherited_asked(struct offer *o, struct port *p);

/*
 * The offered accept is one of such a listener: gives it a port, and opens it
 * there.  False if the connect that shows it may be still to come: *wait is
 * the key that it fires.
 */
bool inherited_listen(struct offer *o, uint64_t *wait);

#endif
