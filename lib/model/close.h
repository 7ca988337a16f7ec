/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ending: shutdown, close, release, and what they leave behind.
 * For lib/model only.
 */
#ifndef NC_MODEL_CLOSE_H
#define NC_MODEL_CLOSE_H

#include "state.h"

enum nc_answer offer_shutdown(struct offer *o);
enum nc_answer offer_close(struct offer *o);
enum nc_answer offer_release(struct offer *o);
/* Whoever used it has closed it: nobody knows if that was the last close. */
enum nc_answer offer_leave(struct offer *o);
/*
 * A release with unread bytes is told as what it looked like; confirmed is
 * static, NULL: by nothing.
 */
void held_decide(struct nc_model *m, struct conn *c, const char *confirmed);
/* ... or it turns out that they came after it. */
void held_refute(struct nc_model *m, struct conn *c);
void held_free(struct held *h);
/*
 * A send that was in progress while its peer waited in vain for a second or
 * more, and closed: its n bytes were on their way meanwhile.  False: they were
 * sent to a peer that was gone, or that is not known.
 */
bool sent_while_waited(struct offer *o, struct ep *e, uint64_t n);
/* The call under which the socket was closed has returned. */
void blocked_decide(struct offer *o, struct sock *s);
/* A call that was blocked while its descriptor was closed. */
void blocked_in_interval(struct offer *o);
/* The peer resets: an error waits for the victim.  cause is static. */
void ep_reset(
    struct nc_model *m, struct ep *victim, const char *cause, uint64_t bytes);

#endif
