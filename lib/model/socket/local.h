/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Connects to UNIX sockets that fail (unix(7): EACCES, ENOENT, ECONNREFUSED, EAGAIN),
 * and what becomes of the program that asked for them.
 *
 * Most programs try such a socket and do without.  One is told where what the
 * process was at fails with it: it ends with an error as the next thing, or it
 * answers the request that it was serving with a failure, or with none.  Not
 * if the socket is there a moment later, for that process or another.
 * For lib/model only, and only where there is a sink.
 */
#ifndef NC_MODEL_LOCAL_H
#define NC_MODEL_LOCAL_H

#include "../state.h"

/* A call was accepted. */
void local_see(struct offer *o);
/* The offered release takes a connection's end away. */
void local_released(struct offer *o);
/* The trace is over: what was not made up for is told. */
void local_finish(struct nc_model *m, struct nc_host_state *h);
void local_free(struct nc_host_state *h);

#endif
