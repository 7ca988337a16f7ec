/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Services of its own host that a program does without: a cache that is not
 * there, an agent that nobody has started.  Refused once, the program does
 * not ask again, answers whom it serves with no failure, or gets what it wants
 * from another service and does not end with an error.
 * For lib/model only, and only where there is a sink.
 */
#ifndef NC_MODEL_COPE_H
#define NC_MODEL_COPE_H

#include "../state.h"

/* The offered call tells that a connect to a port of its own host is refused. */
void cope_refused(struct offer *o, const struct nc_addr *target);
/* A call was accepted. */
void cope_see(struct offer *o);
/* True if the process of that call, which told of a refusal, did without. */
bool cope_did(const struct nc_host_state *h, const struct ref *call);
void cope_free(struct nc_host_state *h);

/*
 * The payload sent says that something went wrong at the sender: of HTTP, 500
 * and more, of SMTP and its like 400 and more (RFC 5321 4.2.1), of POP3.
 */
bool cope_is_failure(const struct nc_call *c);

#endif
