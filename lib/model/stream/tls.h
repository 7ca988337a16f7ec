/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * TLS sessions, as far as their records' headers tell (RFC 8446 5.1, RFC 5246
 * 6.2.1): whether a handshake came to its end, or to a fatal alert.
 *
 * A session begins with a ClientHello, at the start of a connection or later
 * (STARTTLS, CONNECT).  Each direction is followed from record to record, in
 * what its sender sends, or where that end is in no trace, in what the other
 * receives; where the trace cuts a header away, from the next call that
 * begins with one.  From TLS 1.3 on alerts are encrypted: a record of 19
 * bytes is one, its number hidden.
 * For lib/model only.
 */
#ifndef NC_MODEL_TLS_H
#define NC_MODEL_TLS_H

#include "../state.h"

/* A call was accepted: records that it sent or received. */
void tls_see(struct offer *o);
/* The connection is over: a handshake that one side closed on is told. */
void tls_finish(struct nc_model *m, const struct conn *c);

#endif
