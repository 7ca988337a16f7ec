/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Socket options, flags, and queries: setsockopt, getsockopt, fcntl, ioctl.
 * For lib/model only.
 */
#ifndef NC_MODEL_OPTION_H
#define NC_MODEL_OPTION_H

#include "../state.h"

enum nc_answer offer_option(struct offer *o);
enum nc_answer offer_fcntl(struct offer *o);

/*
 * An option failed, and whether it mattered shows in what becomes of its
 * socket: a call on it has been accepted, or it goes.
 */
void option_used(struct offer *o);
void option_finish(struct nc_model *m, struct sock *s);

#endif
