/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Look-ups of names: what each process asks name servers, and what it gets.
 *
 * A look-up is one name asked for by one process: with several types (A and
 * AAAA), of several servers, and again when no answer comes.  Names of which
 * one begins with the other are steps of one search (resolv.conf(5), search):
 * when one of them is found, the others have not failed.  What a process found
 * is known for some seconds: a resolver that has an address asks again for the
 * type that there is none of.  Of each process the newest are kept, to be told
 * when all that followed is known.
 * For lib/model only.
 */
#ifndef NC_MODEL_LOOKUP_H
#define NC_MODEL_LOOKUP_H

#include "../state.h"

/* A call was accepted: was it a query, an answer, or a wait for one? */
void lookup_see(struct offer *o);
/* The socket goes: nobody waits for what was asked on it. */
void lookup_released(struct offer *o);
/* The host's sockets send and receive nothing more: tells what failed. */
void lookup_finish(struct nc_model *m, struct nc_host_state *h);
void lookup_free(struct nc_host_state *h);

#endif
