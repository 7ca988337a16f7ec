/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ending: shutdown, close, release, and what they leave behind.
 * For lib/model only.
 */
#ifndef NC_MODEL_CLOSE_H
#define NC_MODEL_CLOSE_H

#include "../state.h"

enum nc_answer offer_shutdown(struct offer *o);
enum nc_answer offer_close(struct offer *o);
enum nc_answer offer_release(struct offer *o);
/* Whoever used it has closed it: nobody knows if that was the last close. */
enum nc_answer offer_leave(struct offer *o);
/* The peer resets: an error waits for the victim.  cause is static. */
void ep_reset(
    struct nc_model *m, struct ep *victim, const char *cause, uint64_t bytes);

#endif
