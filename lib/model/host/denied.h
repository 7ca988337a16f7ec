/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * EACCES and EPERM: ports that may not be bound, and files that may not be
 * opened for a request (model.md 6, permission-denied).
 *
 * A failed bind is told when it shows what the program makes of it: clients
 * that ask for a privileged port go on without one.  A file is told when its
 * process next uses a connection whose last message names a part of its path,
 * or when it could not be written and a connection is closed with what came on
 * it unread.
 * For lib/model only.
 */
#ifndef NC_MODEL_DENIED_H
#define NC_MODEL_DENIED_H

#include "../state.h"

/* The offered bind was refused. */
void denied_bind(struct offer *o);
/* A call was accepted: a refusal that it decides is told. */
void denied_see(struct offer *o);
/*
 * A socket is closed with bytes unread: the file that its process could not
 * open for writing since it last received there, or NULL.  Caller frees.
 */
struct denied_file *denied_take(struct offer *o, const struct ep *e);
/* It was so: that is why.  weak: if it was is not sure. */
void denied_left(
    struct nc_model *m, const struct ep *e, struct denied_file *f, bool weak);
/* The socket goes, or the trace is over, with its bind undecided. */
void denied_gone(struct nc_model *m, struct sock *s);
void denied_free(struct nc_host_state *h);

#endif
