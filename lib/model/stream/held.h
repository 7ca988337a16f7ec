/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a release left unread.  For lib/model only.
 */
#ifndef NC_MODEL_HELD_H
#define NC_MODEL_HELD_H

#include "../state.h"

/* An end is released with that many bytes unread; once for a connection. */
void held_begin(struct offer *o, struct ep *e, uint64_t bytes);
/*
 * A release with unread bytes is told as what it looked like; confirmed is
 * static, NULL: by nothing.
 */
void held_decide(struct nc_model *m, struct conn *c, const char *confirmed);
/* ... or it turns out that they came after it. */
void held_refute(struct nc_model *m, struct conn *c);
/* If there are such: whether their reader, e, had waited for them in vain. */
void held_wait(const struct conn *c, struct ep *e);
void held_free(struct held *h);
/*
 * A send that was in progress while its peer waited in vain for a second or
 * more, and closed: its n bytes were on their way meanwhile.  False: they were
 * sent to a peer that was gone, or that is not known.
 */
bool sent_while_waited(struct offer *o, struct ep *e, uint64_t n);

#endif
